package zoo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// halfDownload puts the beginning of a file where an interrupted download left it.
func halfDownload(t *testing.T, c Catalogue, e Entry, data []byte) {
	t.Helper()
	if err := os.MkdirAll(c.Pulls, 0o777); err != nil {
		t.Fatal(err)
	}
	partial := c.beside(e, ".partial")
	for file, content := range map[string][]byte{partial: data, partial + ".version": []byte(`"v1"`)} {
		if err := os.WriteFile(file, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDownloadGoesOn(t *testing.T) {
	data, hash := smallWeights(t)
	cases := []struct {
		name      string
		have      []byte
		misbehave func(int, http.ResponseWriter, *http.Request) bool
		requests  int32
	}{
		{"with the second half", data[:len(data)/2], nil, 1},
		{"with nothing, all is there", data, nil, 1},
		{"anew, where the server has less", append(data[:len(data):len(data)], 1, 2, 3), nil, 2},
		{"anew, where the server sends another part", data[:1000], func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n == 1 {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-999/%d", len(data)))
				w.WriteHeader(http.StatusPartialContent)
				w.Write(data[:1000])
			}
			return n == 1
		}, 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, data)
			s.misbehave = c.misbehave
			cache := Catalogue{Pulls: t.TempDir()}
			e := entry(s, hash)
			halfDownload(t, cache, e, c.have)
			p, err := cache.pull(context.Background(), e, fast)
			if err != nil || p.Trust != TrustHash {
				t.Fatalf("pulled %+v, error %v", p, err)
			}
			if got := s.requests.Load(); got != c.requests {
				t.Errorf("%d requests, want %d", got, c.requests)
			}
		})
	}
}

// TestDownloadMistrustsLengths: a server that announces less than the file has
// gives a file of the wrong hash; one that never sends a byte is given up.
func TestDownloadMistrustsLengths(t *testing.T) {
	data, hash := smallWeights(t)
	cases := []struct {
		name      string
		misbehave func(int, http.ResponseWriter, *http.Request) bool
		want      string
	}{
		{"less announced than there is", func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Length", "1000")
			w.Write(data[:1000])
			return true
		}, "nothing of it was kept"},
		{"never a byte", func(_ int, _ http.ResponseWriter, r *http.Request) bool {
			<-r.Context().Done()
			return true
		}, "given up after 5 failures, the last: the connection stalled: less than 4096 bytes in 20ms"},
		{"a byte now and then", func(_ int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Length", fmt.Sprint(len(data)))
			for i := 0; i < len(data) && r.Context().Err() == nil; i++ {
				w.Write(data[i : i+1])
				w.(http.Flusher).Flush()
				time.Sleep(5 * time.Millisecond)
			}
			return true
		}, "given up after 5 failures, the last: the connection stalled: less than 4096 bytes in 20ms"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, data)
			s.misbehave = c.misbehave
			cache := Catalogue{Pulls: t.TempDir()}
			_, err := cache.pull(context.Background(), entry(s, hash), PullOptions{Client: http.DefaultClient, Stall: 20 * time.Millisecond, Backoff: time.Millisecond})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestDownloadTellsItsProgress(t *testing.T) {
	data, hash := smallWeights(t)
	s := newServer(t, data)
	cache := Catalogue{Pulls: t.TempDir()}
	e := entry(s, hash)
	halfDownload(t, cache, e, data[:1000])
	var first, last, total int64
	o := fast
	o.Progress = func(done, of int64) {
		if first == 0 {
			first = done
		}
		last, total = done, of
	}
	if _, err := cache.pull(context.Background(), e, o); err != nil {
		t.Fatal(err)
	}
	if size := int64(len(data)); first <= 1000 || last != size || total != size {
		t.Errorf("progress from %d to %d of %d, want from beyond 1000 to %d of as many", first, last, total, size)
	}
}

// TestDownloadIsPatient: a server that sends slowly, but sends, is not given up; one that
// sends nothing for the time of a stall is. The clock is the test's own.
func TestDownloadIsPatient(t *testing.T) {
	data, hash := smallWeights(t)
	for _, c := range []struct {
		pause    time.Duration // before each of eight pieces
		requests int
	}{{29 * time.Second, 1}, {31 * time.Second, 5}} {
		synctest.Test(t, func(t *testing.T) {
			requests := 0
			client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				requests++
				body := &slowly{data: data, piece: len(data)/8 + 1, pause: c.pause, ctx: r.Context()}
				return &http.Response{StatusCode: http.StatusOK, Body: body, ContentLength: int64(len(data)), Header: http.Header{}, Request: r}, nil
			})}
			cache := Catalogue{Pulls: t.TempDir()}
			e := entry(&server{Server: &httptest.Server{URL: "https://weights.example/basic.pth"}}, hash)
			_, err := cache.pull(t.Context(), e, PullOptions{Client: client})
			if (err == nil) != (c.requests == 1) || requests != c.requests {
				t.Errorf("pauses of %v: %d requests, want %d; error %v", c.pause, requests, c.requests, err)
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// slowly sends data in pieces, with a pause before each.
type slowly struct {
	data  []byte
	piece int
	pause time.Duration
	ctx   context.Context
}

func (s *slowly) Read(p []byte) (int, error) {
	if len(s.data) == 0 {
		return 0, io.EOF
	}
	select {
	case <-time.After(s.pause):
	case <-s.ctx.Done():
		return 0, context.Cause(s.ctx)
	}
	n := copy(p, s.data[:min(s.piece, len(s.data))])
	s.data = s.data[n:]
	return n, nil
}

func (s *slowly) Close() error { return nil }
