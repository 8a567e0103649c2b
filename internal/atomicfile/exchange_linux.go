package atomicfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// exchange swaps two folders in one step.
var exchange = func(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}

// syncTree waits until all files below dir are on the disk, with one call for
// the whole file system: a call for each of a set's pictures takes minutes.
func syncTree(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return unix.Syncfs(int(d.Fd()))
}
