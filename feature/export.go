package feature

import (
	"bufio"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/akin-vision/akin/stimuli"
	"github.com/parquet-go/parquet-go"
)

// Exporter takes the vectors of some pictures, in order, to another program.
type Exporter interface {
	Add(path string, picture stimuli.Hash, v []float32) error
	Close() error // writes what is left; it does not close the writers beneath
}

// npy writes a NumPy array of float32, shape rows x dim, row by row, and an
// index of its rows: row, path, sha256.
type npy struct {
	array     *bufio.Writer
	index     *csv.Writer
	rows, dim int // dim 0: nothing written yet
	written   int
}

// NewNPY returns an Exporter of rows vectors.
func NewNPY(array, index io.Writer, rows int) Exporter {
	return &npy{array: bufio.NewWriterSize(array, 1<<20), index: csv.NewWriter(index), rows: rows}
}

func (e *npy) Add(path string, picture stimuli.Hash, v []float32) error {
	if e.dim == 0 {
		e.dim = len(v)
		e.array.WriteString(npyHeader(e.rows, e.dim)) // an error stays until Flush
		e.index.Write([]string{"row", "path", "sha256"})
	}
	if err := checkLength(path, v, e.dim); err != nil {
		return err
	}
	for _, x := range v {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(x))
		if _, err := e.array.Write(b[:]); err != nil {
			return err
		}
	}
	e.written++
	return e.index.Write([]string{strconv.Itoa(e.written - 1), path, picture.String()})
}

func (e *npy) Close() error {
	if e.written != e.rows {
		return fmt.Errorf("%d vectors of %d were exported", e.written, e.rows)
	}
	e.index.Flush()
	if err := e.index.Error(); err != nil {
		return err
	}
	return e.array.Flush()
}

// npyHeader is that of format 1.0, filled with spaces to a multiple of 64 bytes
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
func npyHeader(rows, dim int) string {
	const before = len("\x93NUMPY") + 4 // magic, version, length
	text := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, dim)
	size := (before + len(text) + 1 + 63) / 64 * 64
	text = fmt.Sprintf("%-*s\n", size-before-1, text)
	return "\x93NUMPY\x01\x00" + string(binary.LittleEndian.AppendUint16(nil, uint16(len(text)))) + text
}

// parquetRow is a row of an exported table.
type parquetRow struct {
	Path    string    `parquet:"path"`
	SHA256  string    `parquet:"sha256"`
	Feature []float32 `parquet:"feature,list"`
}

// rowGroupBytes of vectors wait in memory until they are written as a row group.
const rowGroupBytes = 32 << 20

type parquetExporter struct {
	w        *parquet.GenericWriter[parquetRow]
	dim      int // 0: nothing added yet
	buffered int // bytes of vectors in the row group that grows
}

// NewParquet returns an Exporter of a table with the columns path, sha256 and
// feature: to readers that go by Arrow a list of float32 of fixed size, to others
// a list.
func NewParquet(w io.Writer) Exporter {
	return &parquetExporter{w: parquet.NewGenericWriter[parquetRow](w, parquet.Compression(&parquet.Uncompressed))}
}

func (e *parquetExporter) Add(path string, picture stimuli.Hash, v []float32) error {
	if e.dim == 0 {
		e.dim = len(v)
		e.w.SetKeyValueMetadata("ARROW:schema", arrowSchema(e.dim))
	}
	if err := checkLength(path, v, e.dim); err != nil {
		return err
	}
	if _, err := e.w.Write([]parquetRow{{path, picture.String(), v}}); err != nil {
		return err
	}
	if e.buffered += 4 * len(v); e.buffered < rowGroupBytes {
		return nil
	}
	e.buffered = 0
	return e.w.Flush()
}

func (e *parquetExporter) Close() error { return e.w.Close() }

// checkLength refuses a vector that is no row of an array of dim columns.
func checkLength(path string, v []float32, dim int) error {
	if len(v) != dim {
		return fmt.Errorf("picture %s has %d values, earlier ones %d", path, len(v), dim)
	}
	return nil
}
