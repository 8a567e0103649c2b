package zoo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
)

const (
	// maxFailures in a row end a download.
	maxFailures = 5
	// fairPiece in bytes ends the row: such a server is slow, not broken.
	fairPiece = 1 << 20
	// leastPiece in bytes is what a connection must bring before the stall's time is
	// over: one that drips would hold a pull for ever.
	leastPiece = 4 << 10
)

// download fetches a file over HTTP, piece by piece where the connection
// breaks off. The pieces are of one version of the file: of the one whose
// validator (RFC 9110, section 8.8) stands in a second file.
type download struct {
	client         *http.Client // nil: publicClient
	url            string
	file           string // holds what has come so far, and in the end all
	limit          int64  // bytes above which it is another file; 0: none
	stall, backoff time.Duration
	progress       func(done, total int64)
}

// errStalled is why a connection was given up.
var errStalled = errors.New("the connection stalled")

// finalError is one that trying again does not mend.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

// run returns when the file is complete by the server's account.
func (d *download) run(ctx context.Context) error {
	pause := cmp.Or(d.backoff, time.Second)
	for failures := 0; ; {
		before := d.size()
		err := d.try(ctx)
		var final finalError
		if err == nil || ctx.Err() != nil || errors.As(err, &final) {
			return err
		}
		if d.size()-before >= fairPiece {
			failures = 0
		}
		if failures++; failures == maxFailures {
			return fmt.Errorf("given up after %d failures, the last: %w", failures, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause << (failures - 1)):
		}
	}
}

func (d *download) size() int64 {
	info, err := os.Stat(d.file)
	if err != nil {
		return 0
	}
	return info.Size()
}

// try makes one request and adds what comes to the file.
func (d *download) try(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := cmp.Or(d.stall, 30*time.Second)
	watchdog := time.AfterFunc(stall, func() { cancel(fmt.Errorf("%w: less than %d bytes in %v", errStalled, leastPiece, stall)) })
	defer watchdog.Stop()

	response, err := d.request(ctx)
	if err != nil {
		return because(ctx, err)
	}
	defer response.Body.Close()
	start, err := d.start(response)
	if err != nil || start < 0 {
		return err
	}
	file, err := d.open(response, start)
	if err != nil {
		return finalError{err}
	}
	defer file.Close()
	total := int64(0)
	if response.ContentLength >= 0 {
		total = start + response.ContentLength
	}
	if total > d.most() {
		return d.tooLarge()
	}
	done, fresh := start, 0
	_, err = io.Copy(file, tap{io.LimitReader(response.Body, d.most()+1-start), func(n int) {
		if fresh += n; fresh >= leastPiece {
			watchdog.Reset(stall)
			fresh = 0
		}
		done += int64(n)
		if d.progress != nil {
			d.progress(done, total)
		}
	}})
	if err := because(ctx, err); err != nil {
		return err
	}
	if done > d.most() {
		return d.tooLarge()
	}
	return file.Close()
}

func (d *download) most() int64 { return cmp.Or(d.limit, math.MaxInt64-1) }

// tooLarge drops a file that is larger than the published one.
func (d *download) tooLarge() error {
	return finalError{errors.Join(fmt.Errorf("the server sends more than the %.1f MB that the file may have", float64(d.limit)/1e6), d.forget())}
}

// because gives the reason of a cancelled context; errors of the disk and refused
// addresses are final.
func because(ctx context.Context, err error) error {
	var disk *fs.PathError
	var refused *RefusedError
	switch {
	case err == nil:
		return nil
	case context.Cause(ctx) != nil:
		return context.Cause(ctx)
	case errors.As(err, &disk), errors.As(err, &refused):
		return finalError{err}
	}
	return err
}

// request asks for what the file lacks, if the version is known of which it
// holds the beginning, or for all of it.
func (d *download) request(ctx context.Context) (*http.Response, error) {
	if d.url == "" {
		return nil, finalError{errors.New("no address is known from which a plain request gets it")}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url, nil)
	if err != nil {
		return nil, finalError{err}
	}
	r.Header.Set("Accept-Encoding", "identity") // a transformed body has another length and hash
	version, err := regular.ReadFile(d.versionFile())
	if size := d.size(); err == nil && size > 0 {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", size))
		r.Header.Set("If-Range", string(version))
	}
	return cmp.Or(d.client, publicClient()).Do(r)
}

func (d *download) versionFile() string { return d.file + ".version" }

// start judges a response and says at which byte of the file its body belongs;
// -1 where the file is complete already.
func (d *download) start(r *http.Response) (int64, error) {
	kind := r.Header.Get("Content-Type")
	size := d.size()
	switch code := r.StatusCode; {
	case code == http.StatusOK && strings.HasPrefix(kind, "text/html"):
		return 0, finalError{errors.New("the server answers with a web page, not with the file; it may want a browser or a login")}
	case code == http.StatusOK:
		return 0, nil
	case code == http.StatusPartialContent:
		var first, last, total int64
		n, _ := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &total)
		if n < 2 || first != size || n == 3 && total != last+1 {
			return 0, errors.Join(d.forget(), fmt.Errorf("the server sends %q where byte %d and all after it were asked for", r.Header.Get("Content-Range"), size))
		}
		return size, nil
	case code == http.StatusRequestedRangeNotSatisfiable:
		if r.Header.Get("Content-Range") == fmt.Sprintf("bytes */%d", size) {
			return -1, nil
		}
		return 0, errors.Join(d.forget(), errors.New("the server has less of the file than came before"))
	case code >= 500 || code == http.StatusTooManyRequests || code == http.StatusRequestTimeout:
		return 0, fmt.Errorf("the server answers %s", r.Status)
	default:
		return 0, finalError{fmt.Errorf("the server answers %s", r.Status)}
	}
}

// forget drops what has come so far.
func (d *download) forget() error {
	return errors.Join(remove(d.file), remove(d.versionFile()))
}

func remove(file string) error {
	if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// open makes the file ready to take the body from the byte start on.
func (d *download) open(r *http.Response, start int64) (*os.File, error) {
	if start > 0 {
		return os.OpenFile(d.file, os.O_WRONLY|os.O_APPEND, 0)
	}
	if err := d.forget(); err != nil {
		return nil, err
	}
	version := r.Header.Get("ETag")
	if version == "" || strings.HasPrefix(version, "W/") {
		version = r.Header.Get("Last-Modified") // If-Range takes no weak tag
	}
	if version != "" {
		if err := atomicfile.Write(d.versionFile(), []byte(version)); err != nil {
			return nil, err
		}
	}
	return os.Create(d.file)
}

// tap tells of each piece that is read.
type tap struct {
	io.Reader
	read func(n int)
}

func (t tap) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if n > 0 {
		t.read(n)
	}
	return n, err
}
