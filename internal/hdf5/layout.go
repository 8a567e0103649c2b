package hdf5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// mostInflated is more than the bytes that any byte of a compressed chunk can make;
// mostFilters more than any program applies of those that are undone here.
const mostInflated, mostFilters = 1100, 4

// layout is where the elements of a dataset lie.
type layout struct {
	compact []byte
	address uint64
	chunk   []int // sides; nil where the data lie in one piece
	index   int   // how chunks are found
	filters []filter

	singleSize, singleMask uint64 // of the only chunk
}

// Ways to find chunks.
const (
	indexTree = iota
	indexSingle
	indexImplicit
	indexFixedArray
)

// raw are the bytes of all elements, row by row.
func (d *Dataset) raw() ([]byte, error) {
	size := uint64(d.Len() * d.kind.size)
	l, err := d.layout()
	switch {
	case err != nil:
		return nil, err
	case d.messages.has(msgExternal):
		return nil, errors.New("keeps its values in another file, which is not read here")
	case size == 0:
		return nil, nil
	case l.compact != nil:
		if uint64(len(l.compact)) < size {
			return nil, fmt.Errorf("damaged: %d bytes, its shape %v wants %d", len(l.compact), d.Shape, size)
		}
		return l.compact, nil
	case l.address == undefined:
		return nil, errors.New("its values were never written")
	case l.chunk == nil:
		return d.file.block(l.address, size)
	}
	if size > mostInflated*uint64(len(d.file.data)) {
		return nil, fmt.Errorf("damaged: its shape %v wants more than the file can hold", d.Shape)
	}
	if err := d.file.room.Take(int64(size)); err != nil {
		return nil, err
	}
	if l.filters, err = d.filters(); err != nil {
		return nil, err
	}
	return d.assemble(l)
}

func (d *Dataset) layout() (l layout, err error) {
	r, err := d.messages.one(msgLayout)
	if err != nil {
		return l, err
	}
	switch version := r.uint(1); version {
	case 1, 2:
		l = d.oldLayout(r)
	case 3:
		l = d.layoutThree(r)
	case 4:
		l = d.layoutFour(r)
	default:
		r.fail("a layout of version %d", version)
	}
	return l, errors.Join(r.err, d.checkChunk(l, r.err))
}

// checkChunk bounds the sides of a chunk.
func (d *Dataset) checkChunk(l layout, err error) error {
	if err != nil || l.chunk == nil {
		return nil
	}
	if len(l.chunk) != len(d.Shape) {
		return fmt.Errorf("damaged: chunks of %d axes, the data have %d", len(l.chunk), len(d.Shape))
	}
	values := d.kind.size
	for _, side := range l.chunk {
		if side < 1 || values > math.MaxInt32/side {
			return fmt.Errorf("damaged: chunks of the shape %v", l.chunk)
		}
		values *= side
	}
	return nil
}

func (d *Dataset) oldLayout(r *reader) (l layout) {
	rank, class := int(r.uint(1)), r.uint(1)
	r.skip(5)
	if class != 0 {
		l.address = r.uint(d.file.offsets)
	}
	sides := make([]int, rank)
	for i := range sides {
		sides[i] = int(r.uint(4))
	}
	switch class {
	case 0:
		l.compact = append([]byte{}, r.bytes(r.uint(4))...)
	case 2:
		l.chunk = sides[:max(rank-1, 0)] // the last one is the element
	}
	return l
}

func (d *Dataset) layoutThree(r *reader) (l layout) {
	switch class := r.uint(1); class {
	case 0:
		l.compact = append([]byte{}, r.bytes(r.uint(2))...)
	case 1:
		l.address = r.uint(d.file.offsets)
	case 2:
		rank := int(r.uint(1))
		l.address = r.uint(d.file.offsets)
		for range rank - 1 {
			l.chunk = append(l.chunk, int(r.uint(4)))
		}
	default:
		r.fail("a layout of class %d", class)
	}
	return l
}

func (d *Dataset) layoutFour(r *reader) (l layout) {
	class := r.uint(1)
	if class < 2 {
		r.data = append([]byte{byte(class)}, r.data...)
		return d.layoutThree(r)
	}
	if class != 2 {
		r.unread("joins datasets of other files, which are not read here")
		return l
	}
	flags, rank, width := r.uint(1), int(r.uint(1)), int(r.uint(1))
	if flags&1 != 0 {
		r.unread("has chunks at the edge without filters, which are not read here")
	}
	for range rank - 1 {
		l.chunk = append(l.chunk, int(r.uint(min(width, 8))))
	}
	r.skip(min(width, 8))
	switch l.index = int(r.uint(1)); l.index {
	case indexSingle:
		if flags&2 != 0 {
			l.singleSize, l.singleMask = r.uint(d.file.widths), r.uint(4)
		}
	case indexImplicit:
	case indexFixedArray:
		r.skip(1)
	default:
		r.unread("has chunks in the form of later libraries (%d), which is not read here; in h5py, save it without libver or maxshape", l.index)
	}
	l.address = r.uint(d.file.offsets)
	return l
}

// chunk is one part of a dataset, as it lies in the file.
type chunk struct {
	address, size, mask uint64
	at                  []int // of its first element
}

// assemble puts all chunks in their places.
func (d *Dataset) assemble(l layout) ([]byte, error) {
	chunks, err := d.chunks(l)
	if err != nil {
		return nil, err
	}
	if want := count(grid(d.Shape, l.chunk)); len(chunks) != want {
		return nil, fmt.Errorf("%d of its %d chunks were written", len(chunks), want)
	}
	full := count(l.chunk) * d.kind.size
	if full > mostInflated*len(d.file.data) {
		return nil, fmt.Errorf("damaged: chunks of %d bytes", full)
	}
	raw := make([]byte, d.Len()*d.kind.size)
	placed := map[int]bool{}
	for _, c := range chunks {
		packed, err := d.file.block(c.address, c.size)
		if err != nil {
			return nil, err
		}
		if err := d.file.work.Take(int64(full)); err != nil {
			return nil, err
		}
		data, err := unpack(packed, l.filters, c.mask, full)
		if err != nil {
			return nil, fmt.Errorf("damaged: a chunk %w", err)
		}
		first, err := d.place(l, c.at)
		if err != nil || placed[first] {
			return nil, errors.Join(err, errors.New("damaged: two chunks of one place"))
		}
		placed[first] = true
		d.copyChunk(raw, data, l.chunk, c.at)
	}
	return raw, nil
}

// place numbers a chunk by its first element, which must lie on the grid.
func (d *Dataset) place(l layout, at []int) (int, error) {
	n := 0
	for i, side := range d.Shape {
		if at[i] < 0 || at[i] >= side || at[i]%l.chunk[i] != 0 {
			return 0, fmt.Errorf("damaged: a chunk at %v of the shape %v", at, d.Shape)
		}
		n = n*side + at[i]
	}
	return n, nil
}

// copyChunk copies the part of a chunk that lies within the shape, line by line along
// the last axis.
func (d *Dataset) copyChunk(raw, data []byte, sides, at []int) {
	size, last := d.kind.size, len(sides)-1
	length := min(sides[last], d.Shape[last]-at[last]) * size
	index := make([]int, len(sides))
	for {
		from, to := 0, 0
		for i := range sides {
			from, to = from*sides[i]+index[i], to*d.Shape[i]+at[i]+index[i]
		}
		copy(raw[to*size:to*size+length], data[from*size:])
		axis := last - 1
		for ; axis >= 0; axis-- {
			if index[axis]++; index[axis] < min(sides[axis], d.Shape[axis]-at[axis]) {
				break
			}
			index[axis] = 0
		}
		if axis < 0 {
			return
		}
	}
}

// grid is the number of chunks along each axis.
func grid(shape, chunk []int) []int {
	n := make([]int, len(shape))
	for i := range n {
		n[i] = (shape[i] + chunk[i] - 1) / chunk[i]
	}
	return n
}

func count(sides []int) int {
	n := 1
	for _, side := range sides {
		n *= side
	}
	return n
}

// chunks lists the parts of a dataset.
func (d *Dataset) chunks(l layout) ([]chunk, error) {
	full := uint64(count(l.chunk) * d.kind.size)
	numbers := grid(d.Shape, l.chunk)
	at := func(n int) []int { // of chunk n, row by row
		place := make([]int, len(numbers))
		for i := len(numbers) - 1; i >= 0; i-- {
			place[i], n = n%numbers[i]*l.chunk[i], n/numbers[i]
		}
		return place
	}
	switch l.index {
	case indexSingle:
		if l.singleSize == 0 {
			l.singleSize = full
		}
		return []chunk{{l.address, l.singleSize, l.singleMask, at(0)}}, nil
	case indexImplicit:
		if n := uint64(count(numbers)); n > uint64(len(d.file.data))/full {
			return nil, fmt.Errorf("damaged: %d chunks of %d bytes", n, full)
		}
		var list []chunk
		for i := range count(numbers) {
			list = append(list, chunk{l.address + uint64(i)*full, full, 0, at(i)})
		}
		return list, nil
	case indexFixedArray:
		return d.file.fixedArray(l.address, full, at, count(numbers))
	}
	var list []chunk
	err := d.file.leaves(l.address, 1, 8+8*(len(l.chunk)+1), func(key *reader, child uint64) error {
		c := chunk{address: child, size: key.uint(4), mask: key.uint(4)}
		for range l.chunk {
			c.at = append(c.at, int(key.uint(8)&math.MaxInt64))
		}
		list = append(list, c)
		return key.err
	})
	return list, err
}

// fixedArray lists the chunks of an array of their addresses, which may stand in pages.
func (f *File) fixedArray(address, full uint64, at func(int) []int, want int) ([]chunk, error) {
	r := f.signed(address, "FAHD")
	r.skip(1)
	filtered, width, bits := r.uint(1) == 1, r.uint(1), r.uint(1)
	entries, block := r.uint(f.widths), r.uint(f.offsets)
	if entries > uint64(want) {
		r.unread("has room to grow in the form of later libraries, which is not read here; in h5py, save it without libver or maxshape")
	}
	if r.err == nil && (entries != uint64(want) || bits > 30 || filtered && (width < uint64(f.offsets)+5 || width > uint64(f.offsets)+12)) {
		r.fail("%d addresses of %d chunks", entries, want)
	}
	data := f.signed(block, "FADB")
	data.skip(2 + f.offsets)
	page := uint64(math.MaxUint64)
	if r.err == nil && entries > 1<<bits {
		page = 1 << bits
		data.skip(int((entries+page-1)/page+7)/8 + 4) // which pages are there; checksum
	}
	var list []chunk
	for i := range entries {
		if err := errors.Join(r.err, data.err); err != nil {
			return nil, err
		}
		if i > 0 && i%page == 0 {
			data.skip(4) // checksum of a page
		}
		c := chunk{address: data.uint(f.offsets), size: full, at: at(int(i))}
		if filtered {
			c.size, c.mask = data.uint(int(width)-f.offsets-4), data.uint(4)
		}
		if c.address != undefined {
			list = append(list, c)
		}
	}
	return list, errors.Join(r.err, data.err)
}

// filters lists what was done to each chunk, in this order.
func (d *Dataset) filters() ([]filter, error) {
	if !d.messages.has(msgFilters) {
		return nil, nil
	}
	r, err := d.messages.one(msgFilters)
	if err != nil {
		return nil, err
	}
	version, n := r.uint(1), r.uint(1)
	if version == 1 {
		r.skip(6)
	}
	var list []filter
	for range n {
		f := filter{id: int(r.uint(2))}
		name := uint64(0)
		if version == 1 || f.id >= 256 {
			name = r.uint(2)
		}
		r.skip(2)
		values := r.uint(2)
		if version == 1 {
			name = (name + 7) &^ 7
		}
		r.bytes(name)
		for b := r.bytes(4 * values); len(b) > 0; b = b[4:] {
			f.values = append(f.values, binary.LittleEndian.Uint32(b))
		}
		if version == 1 && values%2 == 1 {
			r.skip(4)
		}
		list = append(list, f)
	}
	if i := slices.IndexFunc(list, func(f filter) bool { return !f.known() }); i >= 0 {
		r.unread("is packed by the filter %d, which is not read here; save it with gzip", list[i].id)
	}
	if len(list) > mostFilters {
		r.fail("%d filters, more than %d", len(list), mostFilters)
	}
	return list, r.err
}
