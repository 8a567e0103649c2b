package zoo

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
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
		}, "given up after 5 failures, the last: the connection stalled: no byte for 20ms"},
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

// TestDownloadIsPatient: a server that sends slowly, but sends, is not given up.
func TestDownloadIsPatient(t *testing.T) {
	data, hash := smallWeights(t)
	s := newServer(t, data)
	const pieces = 8
	s.misbehave = func(n int, w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		for i := range pieces {
			w.Write(data[i*len(data)/pieces : (i+1)*len(data)/pieces])
			w.(http.Flusher).Flush()
			time.Sleep(100 * time.Millisecond)
		}
		return true
	}
	cache := Catalogue{Pulls: t.TempDir()}
	if _, err := cache.pull(context.Background(), entry(s, hash), PullOptions{Client: http.DefaultClient, Stall: pieces * 60 * time.Millisecond, Backoff: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	if s.requests.Load() != 1 {
		t.Errorf("%d requests, want 1: each piece came in time", s.requests.Load())
	}
}
