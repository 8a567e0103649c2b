// Package unpacked bounds what a packed file may become in memory: a megabyte of
// compressed zeros is a gigabyte of zeros.
package unpacked

import "fmt"

// What any file may become, and how many times its size a larger one. Features as
// networks give them shrink by a tenth, sparse ones to a fifth; a row of zeros with a
// single one in it, some hundred times.
const (
	always = 512 << 20
	times  = 20
)

// A Budget is what is left for a file to become in memory.
type Budget struct{ file, most, left int64 }

// Of is the budget of a file of so many bytes.
func Of(file int) *Budget {
	most := max(always, times*int64(file))
	return &Budget{file: int64(file), most: most, left: most}
}

// Take notes that n bytes are to be unpacked; call it before they are.
func (b *Budget) Take(n int64) error {
	if n < 0 || n > b.left {
		return &TooMuchError{File: b.file, Most: b.most}
	}
	b.left -= n
	return nil
}

// Left is what may still be taken.
func (b *Budget) Left() int64 { return b.left }

// TooMuchError is a file that unpacks to more than a file of its size may.
type TooMuchError struct{ File, Most int64 }

func (e *TooMuchError) Error() string {
	return fmt.Sprintf("would take more than %d MB of memory, the limit for a packed file of %.1f MB; save it without compression, or fewer values in a file", e.Most>>20, float64(e.File)/(1<<20))
}
