package convert

import (
	"archive/tar"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nlpodyssey/gopickle/types"
)

// readTar reads the container of PyTorch 0.1: a tar of storages, of tensors
// that view them, and of a pickle that refers to the tensors.
func readTar(ctx context.Context, f file) ([]dictionary, error) {
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
	return dictionariesOf(f, object)
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
