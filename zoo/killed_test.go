package zoo

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/google/go-cmp/cmp"
)

// In the environment of a pull in a process of its own: where the server listens,
// the folder of models, the published hash, and the step at which the process dies.
const (
	serverEnv = "AKIN_TEST_SERVER"
	pullsEnv  = "AKIN_TEST_PULLS"
	hashEnv   = "AKIN_TEST_HASH"
	killEnv   = "AKIN_TEST_KILL"
)

func TestMain(m *testing.M) {
	if os.Getenv(serverEnv) == "" {
		os.Exit(m.Run())
	}
	if err := mortalPull(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// mortalPull fetches from https://example.com, in a world where it is the server that
// the environment names. It prints how many steps it took: eighths of the body, each
// when it comes for the first time, and all steps of writing. Pieces of the body would
// be other ones at each try.
func mortalPull() error {
	kill, err := strconv.Atoi(os.Getenv(killEnv))
	steps := 0
	step := func() {
		if steps++; err == nil && steps > kill {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	atomicfile.Step = func(string, string) { step() }
	p := newPublic()
	p.Proxy = nil
	p.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, os.Getenv(serverEnv))
	}
	eighths := int64(0)
	progress := func(done, total int64) {
		for total > 0 && eighths < 8*done/total {
			eighths++
			step()
		}
	}
	o := PullOptions{Client: &http.Client{Transport: p}, Stall: 2 * time.Second, Backoff: time.Millisecond, Progress: progress}
	e := entry(&server{Server: &httptest.Server{URL: "https://example.com/weights.pth"}}, os.Getenv(hashEnv))
	_, failed := Catalogue{Pulls: os.Getenv(pullsEnv)}.pull(context.Background(), e, o)
	fmt.Println(steps)
	return failed
}

// moods are the ways in which a server answers; whole is the file.
var moods = map[string]func(n int32, whole []byte, w http.ResponseWriter, r *http.Request){
	"sound": func(_ int32, whole []byte, w http.ResponseWriter, r *http.Request) { serveAs("v1", whole, w, r) },
	"cut": func(n int32, whole []byte, w http.ResponseWriter, r *http.Request) {
		if n%2 == 0 {
			serveAs("v1", whole, w, r)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
		w.Write(whole[:len(whole)/3])
		panic(http.ErrAbortHandler)
	},
	"other versions": func(n int32, whole []byte, w http.ResponseWriter, r *http.Request) {
		if n%2 == 0 {
			serveAs("v1", whole, w, r)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"old %d"`, n))
		w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
		w.Write(bytes.Repeat([]byte{byte(n)}, len(whole)/2))
		panic(http.ErrAbortHandler)
	},
	"no ranges": func(_ int32, whole []byte, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
		slow{w}.Write(whole)
	},
	"elsewhere": func(_ int32, whole []byte, w http.ResponseWriter, r *http.Request) {
		if r.Host == "example.com" {
			http.Redirect(w, r, "https://www.example.com/moved", http.StatusFound)
			return
		}
		serveAs("v1", whole, w, r)
	},
}

// serveAs serves slowly, so that a download has many pieces.
func serveAs(version string, whole []byte, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", strconv.Quote(version))
	http.ServeContent(slow{w}, r, "weights.pth", time.Time{}, bytes.NewReader(whole))
}

type slow struct{ http.ResponseWriter }

func (s slow) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		var k int
		k, err = s.ResponseWriter.Write(p[:min(len(p), 8<<10)])
		http.NewResponseController(s.ResponseWriter).Flush()
		n, p = n+k, p[k:]
	}
	return n, err
}

// world is a server over TLS, whose certificate a pull trusts by SSL_CERT_FILE.
type world struct {
	*httptest.Server
	mood        atomic.Value // a key of moods
	n           atomic.Int32
	certificate string
	hash        string
}

func newWorld(t *testing.T, http2 bool) *world {
	t.Helper()
	data, hash := smallWeights(t)
	w := &world{certificate: filepath.Join(t.TempDir(), "ca.pem"), hash: hash}
	w.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		moods[w.mood.Load().(string)](w.n.Add(1), data, rw, r)
	}))
	w.EnableHTTP2 = http2
	w.StartTLS()
	t.Cleanup(w.Close)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.Certificate().Raw})
	if err := os.WriteFile(w.certificate, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return w
}

// pull runs a pull in a process of its own, which dies at a step if kill is not -1.
func (w *world) pull(ctx context.Context, mood, pulls string, kill int) (string, error) {
	w.mood.Store(mood)
	w.n.Store(0)
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+w.certificate, serverEnv+"="+w.Listener.Addr().String(), pullsEnv+"="+pulls, hashEnv+"="+w.hash)
	if kill >= 0 {
		cmd.Env = append(cmd.Env, killEnv+"="+strconv.Itoa(kill))
	}
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// TestKilledPulls kills pulls over TLS at every kind of step and at any time, with
// servers of every mood. A further pull then leaves what an uninterrupted one leaves,
// byte for byte, and nothing else.
func TestKilledPulls(t *testing.T) {
	kills := 10
	if n, err := strconv.Atoi(os.Getenv("AKIN_ENDURANCE")); err == nil {
		kills *= n
	}
	for mood := range moods {
		t.Run(mood, func(t *testing.T) {
			w := newWorld(t, mood != "cut")
			if mood == "elsewhere" {
				w.hash = "" // none is published: the first one is remembered
			}
			random := rand.New(rand.NewPCG(uint64(len(mood)), 16))
			whole := t.TempDir()
			begin := time.Now()
			out, err := w.pull(t.Context(), mood, whole, -1)
			spent := time.Since(begin)
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			steps, _ := strconv.Atoi(out)
			if steps < 10 {
				t.Fatalf("a pull took %q steps", out)
			}
			want := kept(t, whole)
			for n := range max(kills/len(moods), 1) {
				pulls, step, after := t.TempDir(), random.IntN(steps), time.Duration(random.Int64N(int64(spent)))
				ctx, cancel := context.WithCancel(t.Context())
				if n == 0 {
					step = steps - 1 // between model and cleaning up
				}
				if n%3 == 2 {
					step = -1
					time.AfterFunc(after, cancel)
				}
				_, died := w.pull(ctx, mood, pulls, step)
				cancel()
				if step >= 0 && died == nil {
					t.Errorf("a pull was not killed at step %d of %d", step, steps)
				}
				if out, err := w.pull(t.Context(), mood, pulls, -1); err != nil {
					t.Errorf("killed at step %d of %d, or after %v: %v: %s", step, steps, after, err, out)
				}
				if diff := cmp.Diff(want, kept(t, pulls)); diff != "" {
					t.Errorf("killed at step %d of %d, or after %v (-uninterrupted +killed):\n%s", step, steps, after, diff)
				}
			}
		})
	}
}

// kept is every file of a folder but locks.
func kept(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(name) == ".lock" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		found[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
