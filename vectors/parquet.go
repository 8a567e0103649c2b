package vectors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

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
	var names []string
	var rows [][]float32
	for _, group := range p.RowGroups() {
		err := eachParquetRow(group, func(row parquet.Row) error {
			var v []float32
			named := false
			for _, value := range row {
				switch {
				case value.Column() == name && !value.IsNull():
					names, named = append(names, value.String()), true
				case slices.Contains(numeric, value.Column()):
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
			rows = append(rows, v)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", len(rows)+1, err)
		}
	}
	return inMemory(names, rows)
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

func eachParquetRow(group parquet.RowGroup, each func(parquet.Row) error) error {
	rows := group.Rows()
	defer rows.Close()
	buffer := make([]parquet.Row, 64)
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
