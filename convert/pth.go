package convert

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nlpodyssey/gopickle/types"
)

// legacyMagic is the pickle, in protocol 2, of the number
// 0x1950a86a20f9469cfc6c with which PyTorch 0.2 to 1.5 began their files.
var legacyMagic = []byte("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.")

func isZip(head []byte) bool    { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }
func isLegacy(head []byte) bool { return bytes.HasPrefix(head, legacyMagic) }

func isTar(head []byte) bool { return len(head) > 262 && string(head[257:262]) == "ustar" }

// readZip reads the container of PyTorch 1.6 and later: a zip of uncompressed
// members, data.pkl with the objects and data/KEY with each storage.
func readZip(ctx context.Context, f file) (stateDict, error) {
	archive, err := zip.NewReader(&rationed{ReaderAt: f, left: maxDirectory}, f.size)
	if err != nil {
		return nil, fmt.Errorf("zip archive: %w; the file is damaged or cut short", err)
	}
	members := map[string]*zip.File{}
	root, found := "", false
	for _, m := range archive.File {
		members[m.Name] = m
		if folder, ok := strings.CutSuffix(m.Name, "data.pkl"); ok && !found {
			root, found = folder, true
		}
	}
	if !found {
		return nil, errors.New("zip archive without data.pkl; torch.save writes one")
	}
	at, size, err := stored(members[root+"data.pkl"])
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
		return s, s.placeIn(members[root+"data/"+key])
	})
	if err != nil {
		return nil, err
	}
	return dictOf(f, object)
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

func (s *storage) placeIn(m *zip.File) error {
	if m == nil {
		return errors.New("a storage has no member in the archive")
	}
	at, size, err := stored(m)
	if err != nil {
		return err
	}
	if s.count < 0 || size < 0 || s.count > size/s.elem.size() {
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
	if !ok || tuple.Len() < length || tuple.Get(0) != "storage" {
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
func readLegacy(ctx context.Context, f file) (stateDict, error) {
	c := &cursor{file: f, at: int64(len(legacyMagic)), end: f.size}
	if version, err := c.unpickle(nil); err != nil || version != 1001 {
		return nil, fmt.Errorf("protocol %v, want 1001: %w", version, cmp.Or(err, errors.New("unknown version of the container")))
	}
	if err := c.machine(); err != nil {
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
	return dictOf(f, object)
}

// machine reads the facts of the machine that wrote the file.
func (c *cursor) machine() error {
	info, err := c.unpickle(nil)
	if err != nil {
		return err
	}
	entries, _ := entriesOf(info)
	for _, e := range entries {
		if e.key == "little_endian" && e.value == false {
			return errors.New("written on a big-endian machine; load and save it on a common one")
		}
	}
	return nil
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

// readTar reads the container of PyTorch 0.1: a tar of storages, of tensors
// that view them, and of a pickle that refers to the tensors.
func readTar(ctx context.Context, f file) (stateDict, error) {
	members, err := tarMembers(f)
	if err != nil {
		return nil, err
	}
	storages, err := tarStorages(ctx, members["storages"])
	if err != nil {
		return nil, fmt.Errorf("member storages: %w", err)
	}
	views, err := tarViews(ctx, members["tensors"], storages)
	if err != nil {
		return nil, fmt.Errorf("member tensors: %w", err)
	}
	object, err := members["pickle"].unpickle(func(id any) (any, error) {
		key, _ := id.(string)
		v := views[key]
		if v == nil {
			return nil, fmt.Errorf("no tensor %q", key)
		}
		return v, nil
	})
	if err != nil {
		return nil, err
	}
	return dictOf(f, object)
}

// tarMembers finds the three members with content.
func tarMembers(f file) (map[string]*cursor, error) {
	section := io.NewSectionReader(f, 0, f.size)
	archive := tar.NewReader(section)
	members := map[string]*cursor{}
	for range 64 {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("tar archive: %w; the file is damaged or cut short", err)
		}
		at, err := section.Seek(0, io.SeekCurrent) // the archive reads no further than the header
		if err != nil {
			return nil, err
		}
		members[strings.TrimPrefix(header.Name, "./")] = &cursor{file: f, at: at, end: min(at+max(header.Size, 0), f.size)}
	}
	for _, name := range []string{"storages", "tensors", "pickle"} {
		if members[name] == nil {
			return nil, fmt.Errorf("tar archive without a member %q; torch.save wrote three", name)
		}
	}
	return members, nil
}

// maxTensors bounds the tensors of a tar; DenseNet-264 has 1,600.
const maxTensors = 1 << 16

// count reads a pickled number of things.
func (c *cursor) count() (int, error) {
	value, err := c.unpickle(nil)
	if err != nil {
		return 0, err
	}
	n, ok := value.(int)
	if !ok || n < 0 || n > maxTensors {
		return 0, fmt.Errorf("count %v, want a number up to %d", value, maxTensors)
	}
	return n, nil
}

// triple reads a pickled (key, other, class).
func (c *cursor) triple() (key string, other any, class storageClass, err error) {
	value, err := c.unpickle(nil)
	if err != nil {
		return "", nil, class, err
	}
	tuple, ok := value.(*types.Tuple)
	if !ok || tuple.Len() != 3 {
		return "", nil, class, errors.New("no triple of key, place and type")
	}
	class, ok = tuple.Get(2).(storageClass)
	key, isInt := tarKey(tuple.Get(0))
	if !ok || !isInt {
		return "", nil, class, errors.New("no triple of key, place and type")
	}
	return key, tuple.Get(1), class, nil
}

// tarKey reads a key, which was the address of the object in memory.
func tarKey(v any) (string, bool) {
	n, ok := v.(int)
	return strconv.Itoa(n), ok
}

func tarStorages(ctx context.Context, c *cursor) (map[string]*storage, error) {
	n, err := c.count()
	if err != nil {
		return nil, err
	}
	storages := map[string]*storage{}
	for range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		key, _, class, err := c.triple()
		if err != nil {
			return nil, err
		}
		s := &storage{elem: class.elem}
		if err := c.place(s); err != nil {
			return nil, fmt.Errorf("storage %s: %w", key, err)
		}
		storages[key] = s
	}
	return storages, c.storageViews(storages)
}

// storageViews adds the storages that are parts of others: a pickled list of
// (key, key of the root, offset, count).
func (c *cursor) storageViews(storages map[string]*storage) error {
	value, err := c.unpickle(nil)
	if err != nil {
		return err
	}
	list, ok := value.(*types.List)
	if !ok {
		return errors.New("no list of views")
	}
	for _, item := range *list {
		tuple, ok := item.(*types.Tuple)
		if !ok || tuple.Len() != 4 {
			return errors.New("view is no tuple of four numbers")
		}
		key, ok1 := tarKey(tuple.Get(0))
		root, ok2 := tarKey(tuple.Get(1))
		offset, ok3 := tuple.Get(2).(int)
		count, ok4 := tuple.Get(3).(int)
		if !ok1 || !ok2 || !ok3 || !ok4 || storages[root] == nil || storages[root].root != nil {
			return errors.New("view of no storage")
		}
		storages[key] = &storage{elem: storages[root].elem, count: int64(count), at: -1, root: storages[root], shift: int64(offset)}
	}
	return nil
}

func tarViews(ctx context.Context, c *cursor, storages map[string]*storage) (map[string]*view, error) {
	n, err := c.count()
	if err != nil {
		return nil, err
	}
	views := map[string]*view{}
	for range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		key, other, _, err := c.triple()
		if err != nil {
			return nil, err
		}
		at, _ := tarKey(other)
		v := &view{storage: storages[at]}
		if v.storage == nil {
			return nil, fmt.Errorf("tensor %s has no storage", key)
		}
		if err := c.geometry(v); err != nil {
			return nil, fmt.Errorf("tensor %s: %w", key, err)
		}
		views[key] = v
	}
	return views, nil
}

// geometry reads a rank (4 bytes, and 4 without meaning), the sizes, the
// strides and the offset.
func (c *cursor) geometry(v *view) error {
	head, err := c.bytes(8)
	if err != nil {
		return err
	}
	rank := binary.LittleEndian.Uint32(head)
	if rank > maxRank {
		return fmt.Errorf("%d dimensions", rank)
	}
	numbers := make([]int64, 2*rank+1)
	for i := range numbers {
		if numbers[i], err = c.long(); err != nil {
			return err
		}
	}
	v.shape, v.stride, v.offset = numbers[:rank], numbers[rank:2*rank], numbers[2*rank]
	return nil
}
