package convert

import (
	"fmt"
	"strings"
)

// numeric reads the class of a tensor or a storage, as torch.CudaTensor; long is what
// Torch7's longs are.
func numeric(class string, long element) (elem element, kind string) {
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
			return long, kind
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
	n, err := r.form.longs(&r.torchWindow, 1)
	if err != nil {
		return err
	}
	s.file, s.at, s.count = r.file, r.at, n[0]
	return r.form.numbers(&r.torchWindow, s)
}

func (r *torchReader) tensor(t *torchTensor) error {
	at := r.at
	rank, err := r.int()
	if err != nil {
		return err
	}
	if rank < 0 || rank > maxRank {
		return fmt.Errorf("byte %d: tensor of %d dimensions", at, rank)
	}
	if t.shape, err = r.form.longs(&r.torchWindow, int64(rank)); err != nil {
		return err
	}
	if t.stride, err = r.form.longs(&r.torchWindow, int64(rank)); err != nil {
		return err
	}
	offset, err := r.form.longs(&r.torchWindow, 1)
	if err != nil {
		return err
	}
	t.offset = offset[0] - 1
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
		n, err := r.length(r.form.least())
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
