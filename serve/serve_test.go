package serve

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"image"
	"image/png"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// recorded is a run of the named models over six triplets of pictures in files.
// A model's name decides its choices.
func recorded(t *testing.T, dir, digest string, models ...string) Record {
	t.Helper()
	return recordedAs(t, nil, dir, digest, models...)
}

// recordedAs is recorded with other texts everywhere, see rename.
func recordedAs(t *testing.T, say namer, dir, digest string, models ...string) Record {
	t.Helper()
	files := fstest.MapFS{"secret.txt": {Data: []byte("not for everyone")}}
	set := &stimuli.Set{Name: digest, Title: "Set " + digest, Digest: digest}
	for i := range 18 {
		var data bytes.Buffer
		if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, 2+i, 3))); err != nil {
			t.Fatal(err)
		}
		name := string(rune('a'+i)) + ".png"
		files[name] = &fstest.MapFile{Data: data.Bytes()}
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: name, Hash: sha256.Sum256(data.Bytes())})
	}
	for i := range 6 {
		set.Triplets = append(set.Triplets, stimuli.Triplet{ID: string(rune('A' + i)),
			Target: set.Pictures[3*i], Related: set.Pictures[3*i+1], Unrelated: set.Pictures[3*i+2]})
	}
	run := &record.Run{Set: record.SetInfo{Name: set.Name, Title: set.Title, Digest: digest, Triplets: 6, Pictures: 18},
		Settings: record.Settings{Similarity: "cosine", Credit: match.HalfCredit, Level: .95}, Stimuli: set}
	for _, name := range models {
		m := record.Model{Card: model.Card{Name: name, Kind: model.Trained}, Hash: name}
		for i := range set.Triplets {
			m.Choices = append(m.Choices, match.Choice{Triplet: &set.Triplets[i], Related: float64(len(name)+i) / 40, Unrelated: float64(3*i%5) / 10})
		}
		run.Models = append(run.Models, m)
	}
	say.rename(run)
	files = say.files(files)
	statistics, err := record.Analyse(run, stats.Options{Resamples: 49, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return Record{Dir: say.text(dir), Run: run, Statistics: statistics, Pictures: files}
}

func site(t *testing.T, runs ...Record) http.Handler {
	t.Helper()
	s, err := New(runs)
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler(LocalHost)
}

func get(h http.Handler, method, host, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://x"+path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func names(t *testing.T, body io.Reader) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(doc.Find(".summary tbody .name").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), ", ")
}

func TestRunsOnOneSetShareAPage(t *testing.T) {
	monday, tuesday, other := recorded(t, "monday", "one", "a", "shared"), recorded(t, "tuesday", "one", "shared", "a"), recorded(t, "other", "two", "a")
	tuesday.Run.Models[1].Hash = "retrained"
	tuesday.Run.Models[1].Choices[0].Related++
	h := site(t, monday, tuesday, other)
	if got := get(h, "GET", "localhost:1", "/"); got.Code != http.StatusOK || strings.Count(got.Body.String(), "<li>") != 2 {
		t.Errorf("the index answers %d:\n%s", got.Code, got.Body)
	}
	if got, want := names(t, get(h, "GET", "localhost:1", "/1/").Body), "a, shared, a (tuesday)"; got != want {
		t.Errorf("page 1 compares %q, want %q", got, want)
	}
	if got, want := names(t, get(h, "GET", "localhost:1", "/2/").Body), "a"; got != want {
		t.Errorf("page 2 compares %q, want %q", got, want)
	}
	if monday.Run.Models[0].Choices[0].Triplet != &monday.Run.Stimuli.Triplets[0] || len(monday.Run.Models) != 2 {
		t.Error("joining changed a run")
	}
}

func TestOtherSimilarityStandsApart(t *testing.T) {
	a, b := recorded(t, "a", "one", "m"), recorded(t, "b", "one", "n")
	b.Run.Settings.Similarity = "dot"
	s, err := New([]Record{a, b})
	if err != nil || s.Pages() != 2 {
		t.Errorf("%d pages (%v), want 2", s.Pages(), err)
	}
}

func TestEqualDigestsWithOtherTripletsAreRefused(t *testing.T) {
	a, b := recorded(t, "a", "one", "m"), recorded(t, "b", "one", "n")
	b.Run.Stimuli.Triplets[2].ID = "Z"
	if _, err := New([]Record{a, b}); err == nil || !strings.Contains(err.Error(), `"Z"`) {
		t.Errorf("error %v does not name the triplet", err)
	}
}

func TestASingleSetIsShownAtOnce(t *testing.T) {
	h := site(t, recorded(t, "run", "one", "m"))
	if got := get(h, "GET", "127.0.0.1:1", "/"); got.Code != http.StatusFound || got.Header().Get("Location") != "/1/" {
		t.Errorf("/ answers %d to %q", got.Code, got.Header().Get("Location"))
	}
	page := get(h, "GET", "127.0.0.1:1", "/1/")
	if policy := page.Body.String(); !strings.Contains(policy, "img-src data: &#39;self&#39;") {
		t.Error("the page's policy does not allow the full-size pictures")
	}
	head := get(h, "HEAD", "127.0.0.1:1", "/1/")
	if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") != page.Header().Get("Content-Length") {
		t.Errorf("HEAD answers %d with %d bytes", head.Code, head.Body.Len())
	}
}

func TestPicturesComeInFull(t *testing.T) {
	r := recorded(t, "run", "one", "m")
	h := site(t, r)
	got := get(h, "GET", "[::1]:1", "/1/pictures/4")
	want, err := fs.ReadFile(r.Pictures, "e.png")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Body.Bytes(), want) || got.Header().Get("Content-Type") != "image/png" {
		t.Errorf("picture 4 is %d bytes of %s", got.Body.Len(), got.Header().Get("Content-Type"))
	}
	r.Pictures.(fstest.MapFS)["e.png"].Data = []byte("<svg onload=alert(1)>")
	if got := get(h, "GET", "[::1]:1", "/1/pictures/4"); got.Code != http.StatusNotFound {
		t.Errorf("a picture that changed answers %d", got.Code)
	}
}

func TestNothingElseIsReadable(t *testing.T) {
	h := site(t, recorded(t, "run", "one", "m"))
	for _, c := range []struct {
		method, host, path string
		code               int
	}{
		{"GET", "127.0.0.1:1", "/1/pictures/18", http.StatusNotFound},
		{"GET", "127.0.0.1:1", "/1/pictures/-1", http.StatusNotFound},
		{"GET", "127.0.0.1:1", "/1/pictures/secret.txt", http.StatusNotFound},
		{"GET", "127.0.0.1:1", "/1/pictures/..%2f..%2fetc%2fpasswd", http.StatusNotFound},
		{"GET", "127.0.0.1:1", "/secret.txt/", http.StatusNotFound},
		{"GET", "127.0.0.1:1", "/0/", http.StatusNotFound},
		{"GET", "127.0.0.1:1", "/2/", http.StatusNotFound},
		{"POST", "127.0.0.1:1", "/1/", http.StatusMethodNotAllowed},
		{"DELETE", "127.0.0.1:1", "/1/pictures/0", http.StatusMethodNotAllowed},
		{"GET", "evil.example:80", "/1/", http.StatusMisdirectedRequest},
		{"GET", "127.0.0.1.evil.example", "/1/", http.StatusMisdirectedRequest},
		{"GET", "10.0.0.1:1", "/1/", http.StatusMisdirectedRequest},
		{"GET", "", "/1/", http.StatusMisdirectedRequest},
	} {
		w := get(h, c.method, c.host, c.path)
		if w.Code != c.code {
			t.Errorf("%s %s at %q answers %d, want %d", c.method, c.path, c.host, w.Code, c.code)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s %s has the headers %v", c.method, c.path, w.Header())
		}
	}
}

func TestOtherMachinesAreRefusedUnlessAllowed(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.org:80"} {
		var remote *RemoteError
		if l, err := Listen(address, false); !errors.As(err, &remote) {
			t.Errorf("%s: %v, want a RemoteError", address, err)
			if l != nil {
				l.Close()
			}
		}
	}
	if _, err := Listen("8080", false); err == nil || !strings.Contains(err.Error(), "HOST:PORT") {
		t.Errorf("a bare port: %v", err)
	}
	for host, accepted := range map[string]bool{"10.0.0.1:1": true, "[2001:db8::1]:1": true, "localhost": true, "evil.example": false} {
		if AnyAddress(host) != accepted {
			t.Errorf("AnyAddress(%q) is %v", host, !accepted)
		}
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	l, err := Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, site(t, recorded(t, "run", "one", "m"))) }()
	answer, err := http.Get("http://" + l.Addr().String() + "/1/")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", answer, err)
	}
	answer.Body.Close()
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Serve ends with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("Serve does not end")
	}
	if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
		c.Close()
		t.Error("the address is still open")
	}
}

// TestRunsOfOtherTasks: their models share the page of their task, beside the pages of
// triplets.
func TestRunsOfOtherTasks(t *testing.T) {
	made := func(dir, name string) Record {
		triplets := recorded(t, dir, "odd", name)
		run := triplets.Run
		run.Set.Task, run.Set.Judgements, run.Stimuli.Task = stimuli.OddOneOut, 1200, stimuli.OddOneOut
		run.Stimuli.Trials, run.Stimuli.Triplets = &stimuli.Trials{}, nil
		for i := range 16 {
			run.Stimuli.Trials.Shown = append(run.Stimuli.Trials.Shown, [3]int32{int32(i), int32(i + 1), int32(i+2) % 18})
		}
		r := &judged.Run{Run: run, Pairs: judged.NewPairs(run.Stimuli)}
		run.Models[0].Choices = nil
		for i := range r.Pairs.List {
			run.Models[0].Similarities = append(run.Models[0].Similarities, float64((i*len(name))%7))
		}
		statistics, err := judged.Analyse(r, stats.Options{Resamples: 49, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		triplets.Judged, triplets.Judgement = r, statistics
		return triplets
	}
	h := site(t, made("monday", "a"), recorded(t, "run", "one", "m"), made("tuesday", "bb"))
	index := get(h, "GET", "localhost:1", "/").Body.String()
	if !strings.Contains(index, "2 models on 1,200 odd-one-out rows, from <bdi>monday</bdi>, <bdi>tuesday</bdi>") || !strings.Contains(index, "1 model on 6 triplets") {
		t.Errorf("the index:\n%s", index)
	}
	answer := get(h, "GET", "localhost:1", "/1/")
	if text := answer.Body.String(); answer.Code != http.StatusOK || !strings.Contains(text, "the odd one of three") || !strings.Contains(text, ">bb<") {
		t.Errorf("page 1 answers %d, or lacks a model", answer.Code)
	}
	if got := get(h, "GET", "localhost:1", "/1/pictures/0").Code; got != http.StatusNotFound {
		t.Errorf("a picture of a page without large ones answers %d", got)
	}
}
