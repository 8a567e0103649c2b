package atomicfile

import "golang.org/x/sys/unix"

// exchange swaps two folders in one step.
var exchange = func(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }
