package regular

import "runtime/debug"

// WhileMapped runs what reads a file that lies in memory as it is on the disk. A file that
// is cut short meanwhile takes its pages with it, and reading them is a fault of memory,
// which would end the program: cut is the error then.
func WhileMapped(cut error, read func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			err = cut
		default:
			panic(fault)
		}
	}()
	return read()
}
