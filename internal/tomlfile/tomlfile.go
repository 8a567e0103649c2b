// Package tomlfile reads TOML that others wrote, within bounds of size and time.
package tomlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/pelletier/go-toml/v2"
)

// Bounds of a file. The decoder's time for keys that v has no field for grows with
// their square: 8,000 take seconds.
const (
	maxBytes = 1 << 20
	maxMarks = 4000 // of = and [: one for each key, one or two for each table
)

// Read is the text of a TOML file in a folder, which is not read if it is above the bound.
// Its error does not name the file.
func Read(folder fs.FS, name string) ([]byte, error) { return regular.Read(folder, name, maxBytes) }

// ReadFile is Read of a file by its path; its error names it.
func ReadFile(name string) ([]byte, error) {
	data, err := Read(regular.Dir(filepath.Dir(name)), filepath.Base(name))
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return data, nil
}

// Decode reads a TOML file into v. Keys that v has no field for are errors
// (*toml.StrictMissingError).
func Decode(data []byte, v any) error {
	if err := check(data); err != nil {
		return err
	}
	return explained(toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(v))
}

// DecodeKnown reads a TOML file into v as far as v has fields for it.
func DecodeKnown(data []byte, v any) error {
	if err := check(data); err != nil {
		return err
	}
	return explained(toml.Unmarshal(data, v))
}

// explained says in a writer's words which value is of the wrong kind.
func explained(err error) error {
	var unknown *toml.StrictMissingError
	var decode *toml.DecodeError
	if !errors.As(err, &unknown) && errors.As(err, &decode) {
		return &mismatch{decode}
	}
	return err
}

func check(data []byte) error {
	if len(data) > maxBytes {
		return fmt.Errorf("has %d bytes, a description at most %d", len(data), maxBytes)
	}
	if marks := bytes.Count(data, []byte("=")) + bytes.Count(data, []byte("[")); marks > maxMarks {
		return fmt.Errorf("has more keys and tables than a description may have: %d of = and [, the limit is %d", marks, maxMarks)
	}
	return nil
}
