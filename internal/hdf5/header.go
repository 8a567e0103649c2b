package hdf5

import (
	"bytes"
	"errors"
	"fmt"
)

// Kinds of messages in an object's header.
const (
	msgDataspace    = 0x01
	msgLinkInfo     = 0x02
	msgDatatype     = 0x03
	msgLink         = 0x06
	msgExternal     = 0x07
	msgLayout       = 0x08
	msgFilters      = 0x0b
	msgAttribute    = 0x0c
	msgContinuation = 0x10
	msgSymbolTable  = 0x11
)

// message is one fact of an object.
type message struct {
	kind   int
	shared bool // its data stand elsewhere
	data   []byte
}

type messages []message

func (m messages) has(kind int) bool {
	_, err := m.one(kind)
	return err == nil
}

// one reads the first message of a kind.
func (m messages) one(kind int) (*reader, error) {
	for _, each := range m {
		if each.kind == kind && each.shared {
			return nil, errors.New("shares its type with another object, which is not read here; save it without")
		}
		if each.kind == kind {
			return &reader{data: each.data}, nil
		}
	}
	return nil, fmt.Errorf("damaged: it lacks the message %#x", kind)
}

// header gives all messages of the object at an address.
func (f *File) header(address uint64) (messages, error) {
	if block, err := f.block(address, 4); err == nil && string(block) == "OHDR" {
		return f.headerTwo(address)
	}
	r := f.from(address)
	version := r.uint(1)
	r.skip(7)
	size := r.uint(4)
	r.skip(4)
	if r.err == nil && version != 1 {
		return nil, fmt.Errorf("damaged: a header of version %d", version)
	}
	b := &blocks{File: f, plain: true, next: [][]byte{r.bytes(size)}}
	return b.messages(r.err)
}

func (f *File) headerTwo(address uint64) (messages, error) {
	r := f.signed(address, "OHDR")
	version, flags := r.uint(1), r.uint(1)
	if r.err == nil && version != 2 {
		return nil, fmt.Errorf("damaged: a header of version %d", version)
	}
	if flags&0x20 != 0 {
		r.skip(16) // times
	}
	if flags&0x10 != 0 {
		r.skip(4)
	}
	size := r.uint(1 << (flags & 3))
	b := &blocks{File: f, ordered: flags&4 != 0, next: [][]byte{r.bytes(size)}}
	return b.messages(r.err)
}

// blocks are the parts of a header, the rest of which later ones hold.
type blocks struct {
	*File
	plain   bool // version 1
	ordered bool // messages carry the order of their creation
	next    [][]byte
	found   messages
}

func (b *blocks) messages(err error) (messages, error) {
	for n := 0; len(b.next) > 0 && err == nil; n++ {
		if n > 1000 {
			return nil, errors.New("damaged: a header of too many parts")
		}
		r := &reader{data: b.next[0]}
		b.next = b.next[1:]
		if err := b.step(r.left()); err != nil {
			return nil, err
		}
		least := 4
		if b.plain {
			least = 8
		}
		for r.left() >= least && r.err == nil { // less is a gap
			b.message(r)
		}
		err = r.err
	}
	return b.found, err
}

func (b *blocks) message(r *reader) {
	kindBytes := 1
	if b.plain {
		kindBytes = 2
	}
	kind, size, flags := int(r.uint(kindBytes)), r.uint(2), r.uint(1)
	switch {
	case b.plain:
		r.skip(3)
	case b.ordered:
		r.skip(2)
	}
	data := r.bytes(size)
	if r.err != nil {
		return
	}
	if kind != msgContinuation {
		b.found = append(b.found, message{kind, flags&2 != 0, data})
		return
	}
	c := &reader{data: data}
	address, length := c.uint(b.offsets), c.uint(b.widths)
	more := b.from(address)
	if !b.plain {
		more = b.signed(address, "OCHK")
		if length < 8 {
			more.fail("a part of %d bytes", length)
		}
		length -= 8 // signature and checksum
	}
	block := more.bytes(length)
	if err := errors.Join(c.err, more.err); err != nil {
		r.fail("%w", err)
		return
	}
	b.next = append(b.next, block)
}

// link leads to an object.
type link struct {
	name    string
	address uint64
}

// links are those of a group, in whichever of the two forms.
func (f *File) links(m messages) ([]link, error) {
	if r, err := m.one(msgSymbolTable); err == nil {
		tree, heap := r.uint(f.offsets), r.uint(f.offsets)
		if r.err != nil {
			return nil, r.err
		}
		return f.symbols(tree, heap)
	}
	var list []link
	for _, each := range m {
		r := &reader{data: each.data}
		switch each.kind {
		case msgLinkInfo:
			r.skip(1)
			if r.uint(1)&1 != 0 {
				r.skip(8)
			}
			if heap := r.uint(f.offsets); r.err == nil && heap != undefined {
				return nil, errors.New("a group of many links in the form of later libraries, which is not read here; in h5py, save it without libver")
			}
		case msgLink:
			if l, hard := f.link(r); hard && r.err == nil {
				list = append(list, l)
			}
		}
		if r.err != nil {
			return nil, r.err
		}
	}
	return list, nil
}

func (f *File) link(r *reader) (l link, hard bool) {
	r.skip(1)
	flags := r.uint(1)
	hard = true
	if flags&8 != 0 {
		hard = r.uint(1) == 0
	}
	if flags&4 != 0 {
		r.skip(8)
	}
	if flags&0x10 != 0 {
		r.skip(1)
	}
	l.name = string(r.bytes(r.uint(1 << (flags & 3))))
	if hard {
		l.address = r.uint(f.offsets)
	}
	return l, hard
}

// symbols are the links of a group's tree, their names in a heap.
func (f *File) symbols(tree, heap uint64) ([]link, error) {
	r := f.signed(heap, "HEAP")
	r.skip(4)
	size := r.uint(f.widths)
	r.skip(f.widths)
	names := f.from(r.uint(f.offsets)).bytes(size)
	if r.err != nil || names == nil {
		return nil, errors.Join(r.err, errors.New("damaged: the names of a group lie beyond the end"))
	}
	var list []link
	err := f.leaves(tree, 0, f.widths, func(_ *reader, node uint64) error {
		s := f.signed(node, "SNOD")
		s.skip(2)
		for range s.uint(2) {
			name, address := s.uint(f.offsets), s.uint(f.offsets)
			if err := f.step(2*f.offsets + 24); err != nil {
				return err
			}
			soft := s.uint(4) == 2
			s.skip(20)
			if s.err == nil && name > uint64(len(names)) {
				s.fail("a name at %d of %d bytes", name, len(names))
			}
			if s.err != nil {
				return s.err
			}
			text, _, _ := bytes.Cut(names[name:], []byte{0})
			if err := f.room.Take(int64(len(text))); err != nil {
				return err
			}
			if !soft {
				list = append(list, link{string(text), address})
			}
		}
		return s.err
	})
	return list, err
}

// leaves calls each with the key and the address of every child of a tree's last level.
func (f *File) leaves(address uint64, kind, keyBytes int, each func(key *reader, child uint64) error) error {
	seen := map[uint64]bool{}
	var visit func(address uint64, depth int) error
	visit = func(address uint64, depth int) error {
		if seen[address] || depth > deepest {
			return errors.New("damaged: a tree that leads in circles")
		}
		seen[address] = true
		r := f.signed(address, "TREE")
		if got := r.uint(1); r.err == nil && got != uint64(kind) {
			r.fail("a tree of kind %d, want %d", got, kind)
		}
		level, entries := r.uint(1), r.uint(2)
		r.skip(2 * f.offsets)
		for range entries {
			key := &reader{data: r.bytes(uint64(keyBytes))}
			child := r.uint(f.offsets)
			if err := errors.Join(r.err, f.step(keyBytes+f.offsets)); err != nil {
				return err
			}
			next := func() error { return each(key, child) }
			if level > 0 {
				next = func() error { return visit(child, depth+1) }
			}
			if err := next(); err != nil {
				return err
			}
		}
		return r.err
	}
	return visit(address, 0)
}
