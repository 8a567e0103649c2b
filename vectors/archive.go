package vectors

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/internal/regular"
)

// Array is one array of numbers of an archive.
type Array struct {
	Shape  []int     // empty for a single number
	Values []float32 // row by row
}

// ReadArchive reads the arrays of numbers in a .npz by their names, and the hex
// SHA-256 of the file.
func ReadArchive(file string) (arrays map[string]Array, hash string, err error) {
	source, err := mapFile(file)
	if err != nil {
		return nil, "", err
	}
	defer source.Close()
	err = regular.WhileMapped(ErrReplaced, func() error {
		sum := sha256.Sum256(source.data)
		hash = hex.EncodeToString(sum[:])
		arrays, err = archiveOf(source.data)
		return err
	})
	if err := errors.Join(err, source.unchanged()); err != nil {
		return nil, "", fmt.Errorf("%s: %w", file, err)
	}
	return arrays, hash, nil
}

func archiveOf(data []byte) (map[string]Array, error) {
	z, err := newNPZ(data)
	if err != nil {
		return nil, err
	}
	arrays := map[string]Array{}
	for _, f := range z.File {
		n, err := z.array(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if n.Text() {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(f.Name), ".npy")
		if _, twice := arrays[name]; twice {
			return nil, fmt.Errorf("holds two arrays of the name %s", name)
		}
		if err := z.room.Take(4 * int64(n.Len())); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		arrays[name] = valuesOf(n)
	}
	return arrays, nil
}

// valuesOf are all of an array's, in the order of rows.
func valuesOf(n *npy.Array) Array {
	a := Array{Shape: n.Shape, Values: make([]float32, n.Len())}
	read := n.Numbers()
	for i := range a.Values {
		at := i
		if n.Columns {
			at = columnPlace(n.Shape, i)
		}
		a.Values[i] = float32(read(at))
	}
	return a
}

// columnPlace is where the i-th value in the order of rows lies in an array that
// lies column by column.
func columnPlace(shape []int, i int) int {
	if len(shape) == 2 {
		return i%shape[1]*shape[0] + i/shape[1]
	}
	stride, at := 1, 0
	for _, side := range shape {
		stride *= side
	}
	for axis := len(shape) - 1; axis >= 0; axis-- {
		stride /= shape[axis]
		at += i % shape[axis] * stride
		i /= shape[axis]
	}
	return at
}
