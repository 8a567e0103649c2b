package convert

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nlpodyssey/gopickle/types"
)

// legacyMagic is the pickle of the number 0x1950a86a20f9469cfc6c with which PyTorch
// 0.2 to 1.5 began their files, behind the protocol's version.
var legacyMagic = []byte("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.")

func isZip(head []byte) bool    { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }
func isLegacy(head []byte) bool { return legacyStart(head) > 0 }

// legacyStart is the length of the magic number's pickle, 0 where there is none.
func legacyStart(head []byte) int {
	if len(head) < 2 || head[0] != 0x80 || head[1] < 2 || head[1] > 5 {
		return 0
	}
	at := 2
	if len(head) > 11 && head[2] == 0x95 { // a frame, with its length, from protocol 4 on
		at = 11
	}
	if !bytes.HasPrefix(head[at:], legacyMagic) {
		return 0
	}
	return at + len(legacyMagic)
}

func isTar(head []byte) bool { return len(head) > 262 && string(head[257:262]) == "ustar" }

// readZip reads the container of PyTorch 1.6 and later: a zip of uncompressed
// members, data.pkl with the objects and data/KEY with each storage.
func readZip(ctx context.Context, f file) ([]dictionary, error) {
	archive, err := zip.NewReader(&rationed{ReaderAt: f, left: maxDirectory}, f.size)
	if err != nil {
		return nil, fmt.Errorf("zip archive: %w; the file is damaged or cut short", err)
	}
	members := members{byName: map[string]*zip.File{}, left: f.size}
	root, found := "", false
	for _, m := range archive.File {
		if members.byName[m.Name] != nil {
			return nil, fmt.Errorf("zip archive with two members %s; the file is damaged, save it anew", m.Name)
		}
		members.byName[m.Name] = m
		if folder, ok := strings.CutSuffix(m.Name, "data.pkl"); ok && !found {
			root, found = folder, true
		}
	}
	if !found {
		return nil, noPickle(archive)
	}
	at, size, err := members.sound(members.byName[root+"data.pkl"])
	if err != nil {
		return nil, err
	}
	big, err := bigEndian(f, members.byName[root+"byteorder"])
	if err != nil {
		return nil, err
	}
	storages := map[string]*storage{}
	object, _, err := unpickle(f, at, at+size, func(id any) (any, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, key, err := storageOf(id, 5, storages)
		if err != nil || s.at >= 0 {
			return s, err
		}
		s.big = big
		return s, s.placeIn(&members, root+"data/"+key)
	})
	if err != nil {
		return nil, err
	}
	return dictionariesOf(f, object)
}

func noPickle(archive *zip.Reader) error {
	if len(archive.File) == 0 {
		return errors.New("zip archive without members")
	}
	return fmt.Errorf("zip archive without data.pkl, which torch.save writes; it holds %s: unpack it, or save the network's state_dict() with torch.save", archive.File[0].Name)
}

// bigEndian reads the byte order that PyTorch 2.1 and later note; before, it was
// the common one.
func bigEndian(f file, m *zip.File) (bool, error) {
	if m == nil {
		return false, nil
	}
	at, size, err := stored(m)
	if err != nil {
		return false, err
	}
	text := make([]byte, min(size, 16))
	if _, err := f.ReadAt(text, at); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	switch string(text) {
	case "little":
		return false, nil
	case "big":
		return true, nil
	}
	return false, fmt.Errorf("member %s says %q, neither little nor big", m.Name, text)
}

// maxDirectory bounds what is read of a zip's directory and member headers.
const maxDirectory = 64 << 20

// rationed refuses to read more than so many bytes in all.
type rationed struct {
	io.ReaderAt
	left int64
}

func (r *rationed) ReadAt(p []byte, at int64) (int, error) {
	if r.left -= int64(len(p)); r.left < 0 {
		return 0, errors.New("its directory is too long")
	}
	return r.ReaderAt.ReadAt(p, at)
}

// stored gives the place of an uncompressed member.
func stored(m *zip.File) (at, size int64, err error) {
	if m.Method != zip.Store {
		return 0, 0, fmt.Errorf("member %s is compressed, as torch.save never does; unpack the archive and pack it without compression", m.Name)
	}
	at, err = m.DataOffset()
	if err != nil {
		return 0, 0, fmt.Errorf("member %s: %w", m.Name, err)
	}
	return at, int64(m.UncompressedSize64), nil
}

// members are those of a zip archive.
type members struct {
	byName map[string]*zip.File
	left   int64 // bytes that may still be read for checksums: no two members share any
}

// sound gives the place of a member whose bytes have its checksum. Of a member without one,
// as torch.save writes it where checksums are switched off, nothing is known.
func (a *members) sound(m *zip.File) (at, size int64, err error) {
	if at, size, err = stored(m); err != nil || m.CRC32 == 0 {
		return at, size, err
	}
	if a.left -= size; size < 0 || a.left < 0 {
		return 0, 0, errors.New("zip archive whose members claim the same bytes; the file is damaged, save it anew")
	}
	content, err := m.Open()
	if err != nil {
		return 0, 0, fmt.Errorf("member %s: %w", m.Name, err)
	}
	_, err = io.Copy(io.Discard, content)
	if errors.Is(err, zip.ErrChecksum) {
		return 0, 0, fmt.Errorf("member %s does not have its checksum; the file is damaged, fetch it anew", m.Name)
	}
	if err := errors.Join(err, content.Close()); err != nil {
		return 0, 0, fmt.Errorf("member %s: %w", m.Name, err)
	}
	return at, size, nil
}

func (s *storage) placeIn(archive *members, name string) error {
	m := archive.byName[name]
	if m == nil {
		return errors.New("a storage has no member in the archive")
	}
	at, size, err := archive.sound(m)
	if err != nil {
		return err
	}
	if s.count < 0 || s.count > size/s.elem.size() {
		return fmt.Errorf("member %s holds %d bytes, its storage wants %d elements", m.Name, size, s.count)
	}
	s.at = at
	return nil
}

// storageOf reads a persistent id ("storage", class, key, location, count),
// to which the legacy container adds a view as sixth, and gives the storage of
// the key, a new one at first.
func storageOf(id any, length int, storages map[string]*storage) (*storage, string, error) {
	tuple, ok := id.(*types.Tuple)
	if !ok || tuple.Len() < 2 {
		return nil, "", errors.New("persistent id of no storage")
	}
	if of, isClass := tuple.Get(1).(*class); isClass {
		return nil, "", fmt.Errorf("it holds an object of class %s, not tensors alone; in Python, load the file and save the network's state_dict() alone", of.name)
	}
	if tuple.Len() < length || tuple.Get(0) != "storage" {
		return nil, "", errors.New("persistent id of no storage")
	}
	class, ok1 := tuple.Get(1).(storageClass)
	key, ok2 := tuple.Get(2).(string)
	count, ok3 := tuple.Get(4).(int)
	if !ok1 || !ok2 || !ok3 {
		return nil, "", errors.New("persistent id of no storage")
	}
	s := storages[key]
	if s == nil {
		s = &storage{elem: class.elem, count: int64(count), at: -1}
		storages[key] = s
	}
	if s.elem != class.elem {
		return nil, "", fmt.Errorf("storage %q has elements of two types", key)
	}
	return s, key, nil
}

// A cursor reads one thing after another from a part of a file.
type cursor struct {
	file
	at, end int64
}

func (c *cursor) unpickle(load func(id any) (any, error)) (any, error) {
	value, length, err := unpickle(c.file, c.at, c.end, load)
	c.at += length
	return value, err
}

func (c *cursor) bytes(n int64) ([]byte, error) {
	if n > c.end-c.at {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, n)
	if _, err := c.ReadAt(b, c.at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	c.at += n
	return b, nil
}

func (c *cursor) long() (int64, error) {
	b, err := c.bytes(8)
	if err != nil {
		return 0, err
	}
	return int64(binary.LittleEndian.Uint64(b)), nil
}

// place takes the raw data of a storage, a number of elements and the
// elements, from the file.
func (c *cursor) place(s *storage) error {
	count, err := c.long()
	if err != nil {
		return err
	}
	if count < 0 || count > (c.end-c.at)/s.elem.size() {
		return fmt.Errorf("storage of %d elements, but %d bytes are left; the file is damaged or cut short", count, c.end-c.at)
	}
	s.at, s.count = c.at, count
	c.at += count * s.elem.size()
	return nil
}

// readLegacy reads the container of PyTorch 0.2 to 1.5: pickles of a magic
// number, a protocol version, facts of the machine, the object and the keys of
// the storages; then the storages in that order.
func readLegacy(ctx context.Context, f file) ([]dictionary, error) {
	head := make([]byte, min(f.size, 64))
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	c := &cursor{file: f, at: int64(legacyStart(head)), end: f.size}
	if version, err := c.unpickle(nil); err != nil || version != 1001 {
		return nil, fmt.Errorf("protocol %v, want 1001: %w", version, cmp.Or(err, errors.New("unknown version of the container")))
	}
	if _, err := c.unpickle(nil); err != nil { // facts of the machine: whatever its byte order, the file has little endian
		return nil, err
	}
	storages := map[string]*storage{}
	object, err := c.unpickle(func(id any) (any, error) { return legacyStorage(id, storages) })
	if err != nil {
		return nil, err
	}
	keys, err := c.unpickle(nil)
	if err != nil {
		return nil, err
	}
	list, ok := keys.(*types.List)
	if !ok {
		return nil, errors.New("no list of storages")
	}
	for _, key := range *list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		name, _ := key.(string)
		s := storages[name]
		if s == nil {
			return nil, fmt.Errorf("storage %q belongs to no tensor", name)
		}
		if err := c.place(s); err != nil {
			return nil, fmt.Errorf("storage %q: %w", name, err)
		}
	}
	return dictionariesOf(f, object)
}

// legacyStorage reads a persistent id of a storage and, where its sixth part
// is (key, offset, count), of a view of it.
func legacyStorage(id any, storages map[string]*storage) (any, error) {
	root, _, err := storageOf(id, 6, storages)
	if err != nil {
		return nil, err
	}
	sixth := id.(*types.Tuple).Get(5)
	if sixth == nil {
		return root, nil
	}
	tuple, ok := sixth.(*types.Tuple)
	if !ok || tuple.Len() != 3 {
		return nil, errors.New("persistent id of no view")
	}
	offset, ok1 := tuple.Get(1).(int)
	count, ok2 := tuple.Get(2).(int)
	if !ok1 || !ok2 {
		return nil, errors.New("persistent id of no view")
	}
	return &storage{elem: root.elem, count: int64(count), at: -1, root: root, shift: int64(offset)}, nil
}
