package vectors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/unpacked"
	"github.com/parquet-go/parquet-go"
)

// openParquet reads a column of names and the numbers: a column of lists, as akin
// exports features, or a column for each dimension. Other columns of text are left
// out.
func openParquet(data []byte) (a *array, err error) {
	defer recovered(&err)
	if err := checkParquet(data); err != nil {
		return nil, err
	}
	p, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	name, numeric, err := parquetColumns(p.Schema())
	if err != nil {
		return nil, err
	}
	t := parquetTable{name: name, numeric: make([]bool, len(p.Schema().Columns())), room: unpacked.Of(len(data))}
	for _, i := range numeric {
		t.numeric[i] = true
	}
	if err := unpacked.Of(len(data)).Take(parquetClaims(p)); err != nil {
		return nil, err
	}
	for _, group := range p.RowGroups() {
		if err := eachParquetRow(group, t.add); err != nil {
			return nil, fmt.Errorf("row %d: %w", len(t.rows)+1, err)
		}
	}
	return inMemory(t.names, t.rows)
}

// parquetClaims is what the values would take in memory, as the footer counts them; where
// it counts too few, the rows are counted as they come.
func parquetClaims(p *parquet.File) int64 {
	values := uint64(0)
	for _, group := range p.RowGroups() {
		values += uint64(group.NumRows()) * parquetRow / 4
		for _, column := range group.ColumnChunks() {
			values += uint64(column.NumValues())
		}
	}
	return int64(min(values, math.MaxInt64/4) * 4)
}

// parquetRow is what a row takes beside its values and the letters of its name.
const parquetRow = 64

// parquetTable is what was read of a table.
type parquetTable struct {
	name    int    // number of the column
	numeric []bool // by column
	names   []string
	rows    [][]float32
	room    *unpacked.Budget
}

func (t *parquetTable) add(row parquet.Row) error {
	v := make([]float32, 0, len(row))
	named := false
	if err := t.room.Take(parquetRow + 4*int64(len(row))); err != nil {
		return err
	}
	for _, value := range row {
		switch {
		case value.Column() == t.name && !value.IsNull():
			if err := t.takeName(value); err != nil {
				return err
			}
			named = true
		case t.numeric[value.Column()]:
			x, err := parquetNumber(value)
			if err != nil {
				return err
			}
			v = append(v, x)
		}
	}
	if !named {
		return errors.New("has no name")
	}
	t.rows = append(t.rows, v)
	return nil
}

// checkParquet bounds the footer, whose length the library believes.
func checkParquet(data []byte) error {
	const frame = 12 // "PAR1" at both ends, and the length of the footer
	if len(data) < frame || string(data[len(data)-4:]) != "PAR1" {
		return errors.New("is no Parquet file, or cut short")
	}
	if footer := binary.LittleEndian.Uint32(data[len(data)-8:]); uint64(footer) > uint64(len(data)-frame) {
		return fmt.Errorf("is damaged: a footer of %d bytes in a file of %d", footer, len(data))
	}
	return nil
}

// takeName notes a row's name, of which a dictionary may hold one for all rows.
func (t *parquetTable) takeName(value parquet.Value) error {
	if kind := value.Kind(); kind == parquet.ByteArray || kind == parquet.FixedLenByteArray {
		if err := t.room.Take(int64(len(value.ByteArray()))); err != nil {
			return err
		}
	}
	t.names = append(t.names, value.String())
	return nil
}

func eachParquetRow(group parquet.RowGroup, each func(parquet.Row) error) error {
	rows := group.Rows()
	defer rows.Close()
	values := int64(0)
	for _, column := range group.ColumnChunks() {
		values += column.NumValues()
	}
	const together = 1 << 18 // values
	perRow := max(values/max(group.NumRows(), 1), 1)
	buffer := make([]parquet.Row, min(max(together/perRow, 1), 64))
	for {
		n, err := rows.ReadRows(buffer)
		for _, row := range buffer[:n] {
			if err := each(row); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// parquetColumns finds the column of names and those of numbers.
func parquetColumns(schema *parquet.Schema) (name int, numeric []int, err error) {
	header := make([]string, len(schema.Columns()))
	for i, path := range schema.Columns() {
		header[i] = path[0]
		leaf, _ := schema.Lookup(path...)
		switch leaf.Node.Type().Kind() {
		case parquet.Float, parquet.Double, parquet.Int32, parquet.Int64:
			numeric = append(numeric, i)
		}
	}
	name = nameColumn(header)
	numeric = slices.DeleteFunc(numeric, func(i int) bool { return i == name })
	if name < 0 {
		return 0, nil, fmt.Errorf("no column names the rows; call one %s", strings.Join(nameColumns[:4], ", "))
	}
	return name, numeric, nil
}

func parquetNumber(v parquet.Value) (float32, error) {
	if v.IsNull() {
		return 0, errors.New("a value is missing")
	}
	switch v.Kind() {
	case parquet.Float:
		return v.Float(), nil
	case parquet.Double:
		return float32(v.Double()), nil
	case parquet.Int32:
		return float32(v.Int32()), nil
	}
	return float32(v.Int64()), nil
}
