package convert

import (
	"fmt"
	"strings"
)

// numeric reads the class of a tensor or a storage, as torch.CudaTensor.
func (r *torchReader) numeric(class string) (elem element, kind string) {
	name, ok := strings.CutPrefix(class, "torch.")
	if !ok {
		return 0, ""
	}
	for _, kind = range []string{"Storage", "Tensor"} {
		prefix, ok := strings.CutSuffix(name, kind)
		if !ok {
			continue
		}
		switch strings.TrimPrefix(prefix, "Cuda") {
		case "Float", "":
			if prefix != "" {
				return float32s, kind // torch.CudaTensor holds floats
			}
		case "Double":
			return float64s, kind
		case "Half":
			return float16s, kind
		case "Long":
			if r.long == 4 {
				return int32s, kind
			}
			return int64s, kind
		case "Int":
			return int32s, kind
		case "Short":
			return int16s, kind
		case "Char":
			return int8s, kind
		case "Byte":
			return uint8s, kind
		}
	}
	return 0, ""
}

func (r *torchReader) storage(s *torchStorage) error {
	n, err := r.longs(1)
	if err != nil {
		return err
	}
	s.at, s.count = r.at, n[0]
	if s.count < 0 || s.count > (r.file.size-r.at)/s.elem.size() {
		return fmt.Errorf("byte %d: %s of %d elements runs over the end of the file; the file is damaged or cut short", r.at, s.class, s.count)
	}
	r.at += s.count * s.elem.size()
	return nil
}

func (r *torchReader) tensor(t *torchTensor) error {
	rank, err := r.int()
	if err != nil {
		return err
	}
	if rank < 0 || rank > maxRank {
		return fmt.Errorf("byte %d: tensor of %d dimensions", r.at-4, rank)
	}
	numbers, err := r.longs(2*int64(rank) + 1)
	if err != nil {
		return err
	}
	t.shape, t.stride, t.offset = numbers[:rank], numbers[rank:2*rank], numbers[2*rank]-1
	inner, err := r.object()
	if err != nil {
		return err
	}
	s, ok := inner.(*torchStorage)
	if inner != nil && !ok {
		return fmt.Errorf("byte %d: tensor with a %T for storage", r.at, inner)
	}
	t.storage = s
	return nil
}

// content reads what other classes write: a table of their fields; for the
// containers of the tds package, their items.
func (r *torchReader) content(o *torchObject) error {
	switch o.class {
	case "tds.Vec":
		n, err := r.length(4)
		for i := range n {
			var value any
			if value, err = r.object(); err != nil {
				break
			}
			o.set(float64(i+1), value)
		}
		return err
	case "tds.Hash", "tds.hash":
		return r.table(o.torchTable)
	}
	fields, err := r.object()
	if err != nil {
		return fmt.Errorf("%s: %w", o.class, err)
	}
	t, ok := fields.(*torchTable)
	if !ok {
		return fmt.Errorf("byte %d: class %s does not hold a table of fields", r.at, o.class)
	}
	*o.torchTable = *t
	return nil
}
