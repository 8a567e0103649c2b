package atomicfile

import (
	"os"
	"runtime"
)

// syncFolder makes a new name in a folder safe against a loss of power.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" { // cannot sync a folder
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	d.Sync() // some file systems cannot; the file itself is safe by then
	return d.Close()
}

// Step, where a test sets it, is told of each step before it is taken: there a
// process may be killed.
var Step func(step, name string)

func step(what, name string) {
	if Step != nil {
		Step(what, name)
	}
}
