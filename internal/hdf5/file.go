// Package hdf5 reads datasets of numbers and text of HDF5 files in memory, by the
// HDF Group's format specification, versions 0 to 3 of the superblock.
//
// Whatever sizes a file claims, its structure is read where it lies, and data take no
// more memory than the bytes of the file can make: a damaged file is an error.
package hdf5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/internal/unpacked"
)

// File is a file whose groups were walked.
type File struct {
	Datasets []*Dataset // in the order of groups and links

	data            []byte // from the superblock on: addresses count from there
	offsets, widths int    // bytes of an address, and of a length
	seen            map[uint64]bool
	walked          int                          // bytes of structure that were read
	room, work      *unpacked.Budget             // for values, and for undoing filters, which chunks beyond the edge need, too
	texts           map[uint64]map[uint64][]byte // of variable length, by the address of their collection
}

const (
	signature = "\x89HDF\r\n\x1a\n"
	undefined = ^uint64(0) // address of what is not there
	deepest   = 16         // groups in groups, levels of trees

	mostDatasets = 300_000
)

// Parse walks over the groups of a file.
func Parse(data []byte) (*File, error) {
	f, err := newFile(data)
	if err != nil {
		return nil, err
	}
	root, err := f.superblock()
	if err != nil {
		return nil, err
	}
	return f, f.walk("", root, 0)
}

// newFile finds the superblock, before which a file may hold others' bytes.
func newFile(data []byte) (*File, error) {
	for at := 0; at+len(signature) <= len(data); at = max(512, 2*at) {
		if string(data[at:at+len(signature)]) == signature {
			return &File{
				data: data[at:], seen: map[uint64]bool{}, texts: map[uint64]map[uint64][]byte{},
				room: unpacked.Of(len(data)), work: unpacked.Of(len(data)),
			}, nil
		}
	}
	return nil, errors.New("is no HDF5 file")
}

// superblock gives the address of the root group.
func (f *File) superblock() (root uint64, err error) {
	r := f.from(8)
	version := r.uint(1)
	switch version {
	case 0, 1:
		r.skip(4)
		f.sizes(r)
		r.skip(9 + 4*int(version)) // to the base address
		r.skip(5 * f.offsets)      // base, free space, end, driver; name of the root's link
		root = r.uint(f.offsets)
	case 2, 3:
		f.sizes(r)
		r.skip(1 + 3*f.offsets)
		root = r.uint(f.offsets)
	default:
		return 0, fmt.Errorf("has a superblock of version %d; 0 to 3 are read", version)
	}
	return root, r.err
}

func (f *File) sizes(r *reader) {
	f.offsets, f.widths = int(r.uint(1)), int(r.uint(1))
	if sizes := []int{2, 4, 8}; r.err == nil && (!slices.Contains(sizes, f.offsets) || !slices.Contains(sizes, f.widths)) {
		r.fail("addresses of %d and lengths of %d bytes", f.offsets, f.widths)
	}
}

// walk notes the dataset at an address, or those of the group that is there.
func (f *File) walk(path string, address uint64, depth int) error {
	if f.seen[address] {
		return nil // a second link to it
	}
	if depth > deepest {
		return fmt.Errorf("%s nests too deeply", path)
	}
	f.seen[address] = true
	messages, err := f.header(address)
	if err != nil {
		return fmt.Errorf("%s/: %w", path, err)
	}
	if messages.has(msgLayout) {
		d, err := f.dataset(path, messages)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if f.Datasets = append(f.Datasets, d); len(f.Datasets) > mostDatasets {
			return fmt.Errorf("holds more than %d datasets", mostDatasets)
		}
		return nil
	}
	links, err := f.links(messages)
	if err != nil {
		return fmt.Errorf("%s/: %w", path, err)
	}
	for _, l := range links {
		if err := f.walk(path+"/"+l.name, l.address, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// step notes bytes of structure, each of which a sound file has once: parts that overlap
// can make hours of work of a megabyte.
func (f *File) step(bytes int) error {
	if f.walked += bytes; f.walked > 2*len(f.data)+1<<16 {
		return errors.New("damaged: its parts overlap")
	}
	return nil
}

// from reads from an address on.
func (f *File) from(address uint64) *reader {
	r := &reader{}
	if address > uint64(len(f.data)) {
		r.fail("its address %d lies beyond the end", address)
		return r
	}
	r.data = f.data[address:]
	return r
}

// block is the bytes from an address on.
func (f *File) block(address, size uint64) ([]byte, error) {
	r := f.from(address)
	return r.bytes(size), r.err
}

// signed reads from behind a signature on.
func (f *File) signed(address uint64, signature string) *reader {
	r := f.from(address)
	if got := r.bytes(uint64(len(signature))); r.err == nil && string(got) != signature {
		r.fail("%q stands at address %d, want %q", got, address, signature)
	}
	return r
}

// reader takes one thing after another from bytes. The first error sticks.
type reader struct {
	data []byte
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("damaged: "+format, args...)
	}
	r.data = nil
}

// unread stops at what is sound, but not read here.
func (r *reader) unread(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
	r.data = nil
}

func (r *reader) bytes(n uint64) []byte {
	if r.err == nil && n > uint64(len(r.data)) {
		r.fail("%d bytes are wanted, %d are left", n, len(r.data))
	}
	if r.err != nil {
		return nil
	}
	b := r.data[:n:n]
	r.data = r.data[n:]
	return b
}

func (r *reader) skip(n int) { r.bytes(uint64(n)) }

// uint reads a number of at most 8 bytes, little endian; one of all bits is undefined.
func (r *reader) uint(size int) uint64 {
	var full [8]byte
	b := r.bytes(uint64(size))
	copy(full[:], b)
	v := binary.LittleEndian.Uint64(full[:])
	if r.err == nil && size > 1 && size < 8 && v == 1<<(8*size)-1 {
		return undefined
	}
	return v
}

// left is what was not read.
func (r *reader) left() int { return len(r.data) }
