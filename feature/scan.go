package feature

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/akin-vision/akin/feature/format"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
)

// Entry is what one file of a store holds.
type Entry struct {
	File    string `json:"file"`
	Space   Space  `json:"space"`
	Dim     int    `json:"dim"`
	Vectors int    `json:"vectors"` // sound records, each picture counted once
	Damaged int    `json:"damaged"` // records whose checksum is wrong: they are made anew when wanted
	Torn    int64  `json:"torn"`    // bytes after the last whole record, as a crash leaves them
	Bytes   int64  `json:"bytes"`
	Lost    bool   `json:"lost,omitempty"` // the header is damaged: nothing in the file can be read
	Old     bool   `json:"old,omitempty"`  // made by an earlier version of akin, whose files are not read
}

// Sound reports whether the file holds nothing that must be made anew.
func (e Entry) Sound() bool { return !e.Lost && !e.Old && e.Damaged == 0 && e.Torn == 0 }

// Entries reads and checks every file of the store, in the order of their names.
func (s *Store) Entries() ([]Entry, error) {
	list := []Entry{}
	err := filepath.WalkDir(s.dir, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() || filepath.Ext(name) != suffix {
			return err
		}
		e, err := readEntry(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // another process took it away meanwhile
		}
		if err == nil && e.Bytes == 0 {
			return nil // opened, and nothing was stored yet
		}
		list = append(list, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("feature store: %w", err)
	}
	return list, nil
}

func readEntry(name string) (Entry, error) {
	f, err := regular.Open(name)
	if err != nil {
		return Entry{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Entry{}, err
	}
	e := Entry{File: name, Bytes: info.Size()}
	if format.IsOlder(f) {
		e.Old = true
		return e, nil
	}
	have := map[[32]byte]bool{}
	h, end, ok, err := format.Scan(f, e.Bytes, func(_ int64, record []byte, sound bool) {
		if sound {
			have[format.Picture(record)] = true
		} else {
			e.Damaged++
		}
	})
	e.Dim, e.Vectors, e.Torn = h.Dim, len(have), e.Bytes-end
	e.Lost = !ok || json.Unmarshal(h.Space, &e.Space) != nil || filepath.Base(name) != format.Digest(h.Space)+suffix
	return e, err
}

// Removal is something that Collect takes, or would take, out of a store.
type Removal struct {
	Entry
	Why   string `json:"why"`
	Freed int64  `json:"freed"` // bytes
}

// Collect frees what no run will read again: files that cannot be read, files
// whose space is not wanted, and damaged records. A file that another process
// writes to is left alone. With dry, nothing is touched.
func (s *Store) Collect(ctx context.Context, wanted func(Space) bool, dry bool) ([]Removal, error) {
	entries, err := s.Entries()
	if err != nil {
		return nil, err
	}
	list := []Removal{} // not nil: JSON prints it
	for _, e := range entries {
		r := Removal{Entry: e, Freed: e.Bytes}
		switch {
		case e.Old:
			r.Why = "made by an earlier version of akin"
		case e.Lost:
			r.Why = "its header is damaged"
		case !wanted(e.Space):
			r.Why = "made by another version of akin or of the engine"
		case !e.Sound():
			r.Why, r.Freed = "damaged records", int64(e.Damaged*format.RecordSize(e.Dim))+e.Torn
		default:
			continue
		}
		if !dry {
			done, err := r.take(ctx)
			if err != nil {
				return list, fmt.Errorf("feature store: %w", err)
			}
			if !done {
				continue
			}
		}
		list = append(list, r)
	}
	return list, nil
}

// patience is how long Collect waits for a file that is in use.
const patience = 200 * time.Millisecond

// take carries the removal out, unless the file is in use.
func (r Removal) take(ctx context.Context) (done bool, err error) {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	unlock, err := lock(waiting, lockFile(r.File))
	if err != nil {
		if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			return false, nil
		}
		return false, err
	}
	defer unlock()
	if r.Freed == r.Bytes {
		return true, os.Remove(r.File)
	}
	return true, rewrite(r.Entry)
}

// rewrite leaves only the sound records of a file, each picture's first.
func rewrite(e Entry) error {
	f, err := regular.Open(e.File)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := atomicfile.Create(e.File) // no other process has the lock
	if err != nil {
		return err
	}
	w.Write(format.Header{Space: e.Space.text(), Dim: e.Dim}.Encode()) // an error stays until Commit
	have := map[[32]byte]bool{}
	_, _, _, err = format.Scan(f, e.Bytes, func(_ int64, record []byte, sound bool) {
		if picture := format.Picture(record); sound && !have[picture] {
			have[picture] = true
			w.Write(record)
		}
	})
	if err != nil {
		return errors.Join(err, w.Discard())
	}
	return w.Commit()
}
