// Package objects keeps objects that are written whole and once: in a bucket of an
// S3 store or in a folder that several machines share.
package objects

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
)

// Store holds objects by key, a path with slashes. Its methods may be called
// concurrently, by several processes on several machines.
type Store struct {
	place   string
	backend backend
}

// backend is where objects lie.
type backend interface {
	// get gives an error that is fs.ErrNotExist where there is no such object.
	get(ctx context.Context, key string) ([]byte, error)
	has(ctx context.Context, key string) (bool, error)
	// create gives an error that is fs.ErrExist where there is such an object.
	create(ctx context.Context, key string, data []byte) error
	replace(ctx context.Context, key string, data []byte) error
	close() error
}

// Error is an operation on an object that failed.
type Error struct {
	Op, Store, Key string
	Err            error
}

func (e *Error) Error() string {
	if e.Key == "" {
		return fmt.Sprintf("%s the store %s: %v", e.Op, e.Store, e.Err)
	}
	return fmt.Sprintf("%s %s in the store %s: %v", e.Op, e.Key, e.Store, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// ErrNoAccess is a store that refuses this machine, or that it does not see; another machine
// may have more luck.
var ErrNoAccess = errors.New("this machine has no access to the store")

// Open opens a store: s3://bucket/prefix, with what an S3 store other than Amazon's
// needs as parameters (endpoint, region), or file:///folder. Credentials come from
// the usual variables and files of AWS. Close it.
func Open(ctx context.Context, place string) (*Store, error) {
	u, err := url.Parse(place)
	if err != nil {
		return nil, &Error{"open", place, "", err}
	}
	var b backend
	switch {
	case u.Scheme == "s3" && u.Host != "":
		b, err = openBucket(ctx, u)
	case u.Scheme == "file" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
		b, err = openFolder(u.Path)
	default:
		err = errors.New("want s3://bucket/prefix or file:///folder")
	}
	if err != nil {
		return nil, &Error{"open", place, "", err}
	}
	return &Store{place, b}, nil
}

// String is the place that the store was opened with.
func (s *Store) String() string { return s.place }

// Get reads an object whole. Where there is none the error is fs.ErrNotExist.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	data, err := s.backend.get(ctx, key)
	return data, s.failed("read", key, err)
}

// Has reports whether there is such an object.
func (s *Store) Has(ctx context.Context, key string) (bool, error) {
	found, err := s.backend.has(ctx, key)
	return found, s.failed("look for", key, err)
}

// Create writes an object if there is none of the key, and reports whether it did:
// of several writers at once one does.
func (s *Store) Create(ctx context.Context, key string, data []byte) (created bool, err error) {
	err = s.backend.create(ctx, key, data)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, s.failed("write", key, err)
}

// Replace writes an object in the place of a damaged one.
func (s *Store) Replace(ctx context.Context, key string, data []byte) error {
	return s.failed("write", key, s.backend.replace(ctx, key, data))
}

// Close lets the store go.
func (s *Store) Close() error { return s.backend.close() }

func (s *Store) failed(op, key string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{op, s.place, key, err}
}
