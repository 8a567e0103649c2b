package tasks

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/internal/testtask"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/chromedp/chromedp"
)

// hostile is a label that would break a careless page.
const hostile = `</script><script>document.title = "run"</script>`

// madeSet is a set of ten pictures with judgements of a task.
func madeSet(t *testing.T, task stimuli.Task) (*stimuli.Set, fstest.MapFS) {
	t.Helper()
	set, files := &stimuli.Set{Name: "x", Task: task}, fstest.MapFS{}
	for i := range 10 {
		img := image.NewRGBA(image.Rect(0, 0, 30, 30))
		for k := range 30 * 30 {
			img.Set(k%30, k/30, color.RGBA{uint8(25 * i), uint8(k), 99, 255})
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("%d.png", i)
		files[path] = &fstest.MapFile{Data: b.Bytes()}
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: path, Label: hostile + path, Category: []string{"animal", "thing"}[i%2], Hash: sha256.Sum256(b.Bytes())})
	}
	testtask.Judge(set, 40)
	return set, files
}

// madePage is the page of a run of two models on a set of ten pictures, with what
// the run said.
func madePage(t *testing.T, task stimuli.Task) (*goquery.Document, string) {
	t.Helper()
	set, files := madeSet(t, task)
	run := &judged.Run{Pairs: judged.NewPairs(set)}
	run.Run = testtask.Run(set, len(run.Pairs.List), "one", hostile)
	s, err := judged.Analyse(run, stats.Options{Resamples: 200})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := New(run, s, page.Pictures{Files: files}).Write(&out); err != nil {
		t.Fatal(err)
	}
	d, err := goquery.NewDocumentFromReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return d, file
}

func TestPagesHoldTheirFigures(t *testing.T) {
	cases := map[stimuli.Task][]string{ // the second model speaks against people, so that no temperature fits it
		stimuli.OddOneOut: {".models tbody tr", "2", ".parts", "2", ".curves figure", "1", "#cases", "1"},
		stimuli.Votes:     {".models tbody tr", "2", "#cases", "1"},
		stimuli.Matrix:    {".models tbody tr", "4", ".matrix", "3", ".map", "3", ".strip li", "10"}, // two bounds of the ceiling
	}
	for task, want := range cases {
		t.Run(string(task), func(t *testing.T) {
			d, _ := madePage(t, task)
			for i := 0; i < len(want); i += 2 {
				if got := fmt.Sprint(d.Find(want[i]).Length()); got != want[i+1] {
					t.Errorf("%s: %s of them, want %s", want[i], got, want[i+1])
				}
			}
			if d.Find("script").Length() != d.Find("script[type='application/json']").Length()+1 {
				t.Error("a label became a script")
			}
		})
	}
}

// TestChanceStandsAtItsFigure: the line through the intervals is where the scale has
// the chance of the task.
func TestChanceStandsAtItsFigure(t *testing.T) {
	run := &judged.Run{Run: &record.Run{Models: []record.Model{{}}}}
	votes := voteTable(run, stats.Vote{Models: []stats.VoteModel{{Score: 0.55, Evidence: stats.Evidence{Interval: stats.Interval{Low: 0.45, High: 0.65}}}}})
	matrices := matrixTable(run, stats.Matrices{Models: []stats.MatrixModel{{Evidence: stats.Evidence{Interval: stats.Interval{Low: -0.1, High: 0.2}}, Figures: map[stats.MatrixMeasure]stats.Number{stats.SpearmanMeasure: 0.05}}}})
	for chance, table := range map[string]table{"50": votes, "0.0": matrices} {
		if !slices.ContainsFunc(table.Ticks, func(k page.Tick) bool { return k.Text == chance && math.Abs(float64(k.At-table.Chance)) < 1e-9 }) {
			t.Errorf("%s: chance is drawn at %v, the marks are %v; want it at %s", table.Figure, table.Chance, table.Ticks, chance)
		}
	}
}

// TestWalk looks at the judgements in a browser.
func TestWalk(t *testing.T) {
	_, file := madePage(t, stimuli.OddOneOut)
	ctx := browser.Open(t)
	if _, err := chromedp.Run(ctx, chromedp.Navigate((&url.URL{Scheme: "file", Path: file}).String())); err != nil {
		t.Fatal(err)
	}
	shown := func(choice string) int {
		t.Helper()
		js := `(() => { const s = document.querySelector("[name=choice]"); s.value = "` + choice + `"; s.dispatchEvent(new Event("input", {bubbles: true})); return document.querySelectorAll("#cases li").length; })()`
		n, err := chromedp.Run(ctx, chromedp.Evaluate[int](js))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	title, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.title"))
	if err != nil {
		t.Fatal(err)
	}
	all, with, against := shown(""), shown("with"), shown("against")
	if title == "run" || strings.Contains(title, "<") {
		t.Errorf("the title is %q", title)
	}
	if all != 40 || with == 0 || against == 0 || with+against > all {
		t.Errorf("%d cards, %d with people, %d against; want 40 in all, some of either", all, with, against)
	}
}

// TestThePageOpensWithTheNetworkThatAgreesBest leaves baselines aside, and has no
// large number without a trained network.
func TestThePageOpensWithTheNetworkThatAgreesBest(t *testing.T) {
	rows := table{Rows: []row{{Model: "a", Kind: "trained", estimate: .4}, {Model: "b", Kind: "trained", estimate: .6}, {Model: "edges", Kind: "baseline", estimate: .9}}}
	if best := rows.Best(); best == nil || best.Model != "b" {
		t.Errorf("the page opens with %v, want b", best)
	}
	if best := (table{Rows: rows.Rows[2:]}).Best(); best != nil {
		t.Errorf("the page opens with %s, which is no trained network", best.Model)
	}
}

// TestMapOfSquares: squared distances are placed by their roots, and one below 0 lies
// no farther than 0.
func TestMapOfSquares(t *testing.T) {
	line := []float64{1, 16, 9, -4} // what a map by squares would put 4 apart is none
	want := []float64{1, 4, 3, 0}
	for i, got := range roots(line) {
		if got != want[i] {
			t.Errorf("%v becomes %v, want %v", line[i], got, want[i])
		}
	}
}
