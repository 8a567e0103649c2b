package convert

import (
	"encoding/binary"
	"io"

	"github.com/akin-vision/akin/onnx"
)

// checked is a tensor's stream of float32 that ends with a *onnx.WeightError at a value
// that is not finite, or below least.
type checked struct {
	source io.ReadCloser
	name   string
	least  float32

	at   int // values seen
	part [4]byte
	held int // bytes of a value in part
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	b := p[:n]
	if c.held > 0 {
		k := copy(c.part[c.held:], b)
		b, c.held = b[k:], c.held+k
		if c.held < len(c.part) {
			return n, err
		}
		if err := c.check(c.part[:]); err != nil {
			return 0, err
		}
	}
	whole := len(b) &^ 3
	if err := c.check(b[:whole]); err != nil {
		return 0, err
	}
	c.held = copy(c.part[:], b[whole:])
	return n, err
}

func (c *checked) check(values []byte) error {
	for ; len(values) > 0; values = values[4:] {
		v := float32s.float32At(values, binary.LittleEndian)
		if v-v != 0 || v < c.least { // only of finite values the difference is 0
			return &onnx.WeightError{Tensor: c.name, At: c.at, Value: float64(v)}
		}
		c.at++
	}
	return nil
}

func (c *checked) Close() error { return c.source.Close() }
