package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/akin-vision/akin/internal/regular"
)

// format is that of a record whose run.json holds the hash of every file and a
// seal over itself. Records made before have neither, and are read as they are.
const format = 2

// ChangedError is a file of a record that is not as the run wrote it.
type ChangedError struct {
	File string
	Why  string
}

func (e *ChangedError) Error() string { return e.File + " " + e.Why }

// sealed is run.json: the run as JSON with the SHA-256 of itself, in which the
// seal is empty.
func (r *Run) sealed() ([]byte, error) {
	r.Format, r.Seal = format, ""
	var b bytes.Buffer
	if err := asJSON(r)(&b); err != nil {
		return nil, err
	}
	r.Seal = digest(b.Bytes())
	b.Reset()
	err := asJSON(r)(&b)
	return b.Bytes(), err
}

// mostRun bounds run.json, which holds settings and hashes.
const mostRun = 256 << 20

// readRun reads run.json.
func readRun(file string) ([]byte, error) {
	data, err := regular.Read(regular.Dir(filepath.Dir(file)), filepath.Base(file), mostRun)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: file, Err: err}
	}
	return data, nil
}

// unseal reads run.json and compares it with its seal.
func unseal(file string, data []byte) (*Run, error) {
	r := &Run{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	switch {
	case r.Format == 0 && r.Seal == "" && r.Files == nil:
		return r, nil // of an earlier version
	case r.Format != format:
		return nil, fmt.Errorf("%s has the format %d, this akin reads %d", file, r.Format, format)
	case r.Seal == "" || digest(bytes.Replace(data, []byte(r.Seal), nil, 1)) != r.Seal:
		return nil, &ChangedError{file, "was changed after the run: its content does not fit its seal"}
	}
	return r, nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// read reads a file of the record in dir and compares it with the hash in
// run.json. A file that the record does not have is fs.ErrNotExist.
func (r *Run) read(dir, name string) ([]byte, error) {
	file := filepath.Join(dir, name)
	want, listed := r.Files[name]
	if r.Format > 0 && !listed {
		return nil, &fs.PathError{Op: "read", Path: file, Err: fs.ErrNotExist} // whatever stands there is no part of it
	}
	data, err := regular.ReadFile(file)
	switch {
	case listed && errors.Is(err, fs.ErrNotExist):
		return nil, r.changed(dir, file, "is missing from the record")
	case err != nil:
		return nil, err
	case listed && digest(data) != want:
		return nil, r.changed(dir, file, "was changed after the run: its SHA-256 is not the one in "+RunFile)
	}
	return data, nil
}

// replaced is why a record is none that was read when it began to be read.
const replaced = "was replaced by another run meanwhile; run the command again"

// changed is the fault of a file, which belongs to another record where run.json does.
func (r *Run) changed(dir, file, why string) error {
	run := filepath.Join(dir, RunFile)
	data, err := readRun(run)
	if err == nil {
		var now *Run
		if now, err = unseal(run, data); err == nil && now.Seal != r.Seal {
			return &ChangedError{run, replaced}
		}
	}
	return &ChangedError{file, why}
}

// verify compares every file that others are read from with its hash. All that
// were changed are reported.
func (r *Run) verify(dir string) error {
	var errs []error
	for _, name := range sources {
		var changed *ChangedError
		if _, err := r.read(dir, name); errors.As(err, &changed) {
			if changed.Why == replaced { // of any other file it says the same
				return err
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// hashing writes through to a file and hashes it.
type hashing struct {
	io.Writer
	hash hash.Hash
}

func (h hashing) Write(p []byte) (int, error) {
	h.hash.Write(p)
	return h.Writer.Write(p)
}
