package collect_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/serve"
	"github.com/akin-vision/akin/stimuli"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(serverVariable); text != "" {
		if err := serveAlone(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(browser.Main(m))
}

// fixture is a study of a made set.
type fixture struct {
	*collect.Collection
	files fstest.MapFS
	base  string      // the study's address
	away  atomic.Bool // the network: connections end without an answer
	gone  atomic.Bool // the study: nothing is found any more
	now   func() time.Time
}

// quick is a study of pauses that a test can wait for.
const quick = `title = "Things that belong together"
contact = "Ada, ada@example.org"
[timing]
first_ms = 60
gap_ms = 30
pause_ms = 30
`

// madeSet has triplets of distinct pictures, each of a colour of its own.
func madeSet(triplets int) (*stimuli.Set, fstest.MapFS) {
	s := &stimuli.Set{Name: "made", RatingMin: math.Inf(-1), RatingMax: math.Inf(1)}
	files := fstest.MapFS{}
	picture := func(n int) *stimuli.Picture {
		img := image.NewPaletted(image.Rect(0, 0, 320, 240), color.Palette{color.NRGBA{uint8(40 + 37*n), uint8(200 - 53*n), uint8(90 * n), 255}, color.White})
		for k := range img.Pix {
			if x, y := k%320-160, k/320-120; x*x+y*y > 90*90+n {
				img.Pix[k] = 1
			}
		}
		img.Pix[n] = 0 // no two alike
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			panic(err) // into memory
		}
		p := &stimuli.Picture{Path: fmt.Sprintf("p%03d.png", n), Label: fmt.Sprintf("thing %d", n), Hash: sha256.Sum256(b.Bytes())}
		files[p.Path] = &fstest.MapFile{Data: b.Bytes()}
		s.Pictures = append(s.Pictures, p)
		return p
	}
	for i := range triplets {
		s.Triplets = append(s.Triplets, stimuli.Triplet{ID: fmt.Sprintf("t%02d", i), Target: picture(3 * i), Related: picture(3*i + 1), Unrelated: picture(3*i + 2),
			RatingRelated: math.NaN(), RatingUnrelated: math.NaN()})
	}
	return s, files
}

func readStudy(t testing.TB, toml string) *study.Study {
	t.Helper()
	s, err := study.Read(fstest.MapFS{"study.toml": {Data: []byte(toml)}}, "study.toml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// open binds a study of a made set to a database; empty: a new file.
func open(t testing.TB, toml string, triplets int, where string) *fixture {
	t.Helper()
	if where == "" {
		where = filepath.Join(t.TempDir(), "study.db")
	}
	db, err := store.Create(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	set, files := madeSet(triplets)
	c, err := collect.Open(t.Context(), readStudy(t, toml), set, db)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{Collection: c, files: files}
}

// serve answers at base until the test ends.
func (f *fixture) serve(t testing.TB) *fixture {
	t.Helper()
	s, err := f.NewServer(t.Context(), collect.Options{Pictures: f.files, Accepts: serve.LocalHost, Now: f.now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Skipf("%v: run make collect/web/dist/study.js", err)
	}
	handler := s.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.gone.Load() {
			http.NotFound(w, r)
			return
		}
		if !f.away.Load() {
			handler.ServeHTTP(w, r)
		} else if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
	}))
	t.Cleanup(server.Close)
	f.base = server.URL + s.Path()
	return f
}
