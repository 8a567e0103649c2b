package zoo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/akin-vision/akin/convert"
)

// server serves one file and misbehaves as told; it counts requests.
type server struct {
	*httptest.Server
	data     []byte
	requests atomic.Int32
	ranges   atomic.Int32 // requests that asked for a part
	// misbehave answers request number n (from 1) itself, and says so.
	misbehave func(n int, w http.ResponseWriter, r *http.Request) bool
}

func newServer(t *testing.T, data []byte) *server {
	s := &server{data: data}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(s.requests.Add(1))
		if r.Header.Get("Range") != "" {
			s.ranges.Add(1)
		}
		if s.misbehave != nil && s.misbehave(n, w, r) {
			return
		}
		w.Header().Set("ETag", `"v1"`)
		http.ServeContent(w, r, "weights.pth", time.Time{}, bytes.NewReader(s.data))
	}))
	t.Cleanup(s.Close)
	return s
}

// cut sends the first part of the file and breaks the connection off.
func (s *server) cut(w http.ResponseWriter, size int) {
	w.Header().Set("ETag", `"v1"`)
	w.Header().Set("Content-Length", fmt.Sprint(len(s.data)))
	w.Write(s.data[:size])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func smallWeights(t *testing.T) ([]byte, string) {
	t.Helper()
	data, err := os.ReadFile(weightsFile)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return data, hex.EncodeToString(sum[:])
}

func entry(s *server, hash string) Entry {
	return Entry{Name: "small", Title: "small", Family: "resnet", File: "basic.pth", URL: s.URL, SHA256: hash,
		Format: convert.PyTorch, Recipe: "torchvision", Source: "a test", Features: "features", Logits: "logits"}
}

var fast = PullOptions{Client: http.DefaultClient, Stall: 200 * time.Millisecond, Backoff: time.Millisecond}

// misbehaviour is a fault of a server that a pull must survive.
type misbehaviour struct {
	name      string
	misbehave func(s *server) func(int, http.ResponseWriter, *http.Request) bool
	ranges    int32 // requests that go on where the last stopped
}

func misbehaviours(data []byte) []misbehaviour {
	return []misbehaviour{
		{"a sound server", nil, 0},
		{"cut twice", func(s *server) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, r *http.Request) bool {
				if n == 1 {
					s.cut(w, len(data)/3)
				}
				return false
			}
		}, 1},
		{"a stall", func(s *server) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, r *http.Request) bool {
				if n != 1 {
					return false
				}
				w.Header().Set("ETag", `"v1"`)
				w.Header().Set("Content-Length", fmt.Sprint(len(data)))
				w.Write(data[:1000])
				w.(http.Flusher).Flush()
				<-r.Context().Done() // until the client gives up
				return true
			}
		}, 1},
		{"errors for a while", func(s *server) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, r *http.Request) bool {
				if n <= 3 {
					http.Error(w, "busy", http.StatusServiceUnavailable)
				}
				return n <= 3
			}
		}, 0},
		{"no ranges", func(s *server) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, r *http.Request) bool {
				if n == 1 {
					s.cut(w, len(data)/2)
				}
				w.Write(data) // the whole file, whatever was asked for
				return true
			}
		}, 1},
		{"another version in between", func(s *server) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, r *http.Request) bool {
				if n == 1 {
					old := bytes.Repeat([]byte("old"), len(data))
					w.Header().Set("ETag", `"v0"`)
					w.Header().Set("Content-Length", fmt.Sprint(len(old)))
					w.Write(old[:500])
					w.(http.Flusher).Flush()
					panic(http.ErrAbortHandler)
				}
				return false
			}
		}, 1},
	}
}

func TestPullEndures(t *testing.T) {
	data, hash := smallWeights(t)
	for _, c := range misbehaviours(data) {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, data)
			if c.misbehave != nil {
				s.misbehave = c.misbehave(s)
			}
			cache := Catalogue{Pulls: t.TempDir()}
			p, err := cache.pull(context.Background(), entry(s, hash), fast)
			if err != nil {
				t.Fatal(err)
			}
			if p.Trust != TrustHash || !p.New || p.SHA256 != hash {
				t.Errorf("trust %s, new %v, SHA-256 %s; want %s, true, %s", p.Trust, p.New, p.SHA256, TrustHash, hash)
			}
			if s.ranges.Load() != c.ranges {
				t.Errorf("%d requests went on where the last stopped, want %d", s.ranges.Load(), c.ranges)
			}
			requests := s.requests.Load()
			again, err := cache.pull(context.Background(), entry(s, hash), fast)
			if err != nil || again.New || s.requests.Load() != requests {
				t.Errorf("a second pull fetched again (%v)", err)
			}
			if found, err := cache.Find("small"); err != nil || found.Hash != p.Model.Hash {
				t.Errorf("the pulled model is not found: %v", err)
			}
			left, err := filepath.Glob(filepath.Join(cache.Pulls, ".small.partial*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestPullRefuses(t *testing.T) {
	data, hash := smallWeights(t)
	cases := []struct {
		name      string
		data      []byte
		misbehave func(int, http.ResponseWriter, *http.Request) bool
		want      string
	}{
		{"wrong bytes", append(bytes.Clone(data), 0), nil, "not " + hash + " as published; nothing of it was kept"},
		{"not there", data, func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			http.NotFound(w, nil)
			return true
		}, "404 Not Found"},
		{"a web page", data, func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<html>log in</html>")
			return true
		}, "a web page, not with the file"},
		{"always cut", data, func(_ int, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Length", "100000")
			fmt.Fprint(w, "x")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, "given up after 5 failures"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, c.data)
			s.misbehave = c.misbehave
			cache := Catalogue{Pulls: t.TempDir()}
			_, err := cache.pull(context.Background(), entry(s, hash), fast)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
			if models, err := cache.Pulled(); err != nil || len(models) != 0 {
				t.Errorf("%d models were kept (%v)", len(models), err)
			}
		})
	}
}

// TestPullStopsAndGoesOn cancels a download half-way; the next call asks for the rest only.
func TestPullStopsAndGoesOn(t *testing.T) {
	data, hash := smallWeights(t)
	s := newServer(t, data)
	ctx, cancel := context.WithCancel(context.Background())
	s.misbehave = func(n int, w http.ResponseWriter, r *http.Request) bool {
		if n > 1 {
			return false
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		w.Write(data[:len(data)/2])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return true
	}
	cache := Catalogue{Pulls: t.TempDir()}
	half := func(done, _ int64) {
		if done >= int64(len(data)/2) {
			cancel()
		}
	}
	if _, err := cache.pull(ctx, entry(s, hash), PullOptions{Client: http.DefaultClient, Progress: half}); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if _, err := cache.pull(context.Background(), entry(s, hash), fast); err != nil {
		t.Fatal(err)
	}
	if s.ranges.Load() != 1 {
		t.Errorf("%d requests asked for the rest, want 1", s.ranges.Load())
	}
}

func TestTrustOnFirstUse(t *testing.T) {
	data, _ := smallWeights(t)
	s := newServer(t, data)
	cache := Catalogue{Pulls: t.TempDir()}
	e := entry(s, "")
	p, err := cache.pull(context.Background(), e, fast)
	if err != nil || p.Trust != TrustFirstUse {
		t.Fatalf("trust %v, error %v", p, err)
	}
	again := fast
	again.Overwrite = true
	if p, err = cache.pull(context.Background(), e, again); err != nil || p.Trust != TrustSame {
		t.Fatalf("the same file again: %v, error %v", p, err)
	}
	s.data = append(bytes.Clone(data), 0)
	var wrong *WrongFileError
	if _, err := cache.pull(context.Background(), e, again); !errors.As(err, &wrong) {
		t.Errorf("another file gives %v", err)
	}
	e.SHA256Prefix = hex.EncodeToString(func() []byte { h := sha256.Sum256(data); return h[:4] }())
	again.From = weightsFile
	if p, err = cache.pull(context.Background(), e, again); err != nil || p.Trust != TrustPrefix {
		t.Errorf("by prefix, from disk: %v, error %v", p, err)
	}
}
