package collect

import (
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// writeCSV writes rows of a struct whose fields have the names of their parquet
// tags; a nil pointer is an empty cell.
func writeCSV[T any](w io.Writer, rows []T) error {
	kind := reflect.TypeFor[T]()
	cells := make([]string, kind.NumField())
	for i := range cells {
		cells[i], _, _ = strings.Cut(kind.Field(i).Tag.Get("parquet"), ",")
	}
	out := csv.NewWriter(w)
	if err := out.Write(cells); err != nil {
		return err
	}
	for _, row := range rows {
		value := reflect.ValueOf(row)
		for i := range cells {
			cells[i] = cell(value.Field(i))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cell(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	}
	return fmt.Sprint(v.Interface())
}

func writeParquet[T any](w io.Writer, rows []T) error {
	out := parquet.NewGenericWriter[T](w, parquet.Compression(&parquet.Zstd))
	if _, err := out.Write(rows); err != nil {
		return err
	}
	return out.Close()
}
