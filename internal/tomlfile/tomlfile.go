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

// Decode reads a TOML file into v. What is wrong with it are [Faults]; keys that v has
// no field for are faults, too, which leave the others read.
func Decode(data []byte, v any) error {
	if err := check(data); err != nil {
		return err
	}
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(v)
	var unknown *toml.StrictMissingError
	if !errors.As(err, &unknown) {
		return explained(err)
	}
	faults := make(Faults, len(unknown.Errors))
	for i, key := range unknown.Errors {
		line, _ := key.Position()
		faults[i] = Fault{Line: line, What: unknownKey(key.Key(), v), Unknown: true}
	}
	return faults
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
	var decode *toml.DecodeError
	if !errors.As(err, &decode) {
		return err
	}
	line, _ := decode.Position()
	return Faults{{Line: line, What: mismatch(decode)}}
}

func check(data []byte) error {
	if len(data) > maxBytes {
		return Faults{{What: fmt.Sprintf("has %d bytes, a description at most %d", len(data), maxBytes)}}
	}
	if marks := bytes.Count(data, []byte("=")) + bytes.Count(data, []byte("[")); marks > maxMarks {
		return Faults{{What: fmt.Sprintf("has more keys and tables than a description may have: %d of = and [, the limit is %d", marks, maxMarks)}}
	}
	return nil
}
