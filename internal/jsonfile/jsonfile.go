// Package jsonfile writes JSON as akin's files and its command line have it, and reads
// it back without losing a key.
package jsonfile

import (
	"bytes"
	"encoding/json"
	"io"
)

// Write writes v, indented, with < and > as they are.
func Write(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Read decodes what Write wrote. Another version may have written other keys, and what
// is missing would be read as zero: exact says that v, written again, gives data.
func Read(data []byte, v any) (exact bool, err error) {
	if err := json.Unmarshal(data, v); err != nil {
		return false, err
	}
	var again bytes.Buffer
	err = Write(&again, v)
	return bytes.Equal(data, again.Bytes()), err
}
