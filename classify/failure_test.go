package classify

import (
	"math"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imagenet"
)

// palaceForCastle is a failure like the paper's: castle comes late.
func palaceForCastle(t *testing.T, path string) Failure {
	t.Helper()
	logits := make([]float32, 1000)
	for i := range 17 {
		logits[i] = 2
	}
	logits[698] = 9 // palace
	logits[483] = 1 // castle
	o := NewOutputs(imagenet.WNIDs(), 0)
	e, _ := NewEvaluator(o, nil)
	p, err := e.Add(imagenet.Labelled{Path: path, WNID: "n02980441"}, logits)
	if err != nil {
		t.Fatal(err)
	}
	return *NewFailure(p, o)
}

func TestFailure(t *testing.T) {
	f := palaceForCastle(t, "a.jpg")
	if f.Rank != 19 || f.Top[0].Name != "palace" || f.Relation.LCSName != "structure" {
		t.Errorf("%+v, %+v", f.Prediction, f.Relation)
	}
	if want := 12.0 / 19 * math.Log2(19); math.Abs(f.Surprise-want) > 1e-12 {
		t.Errorf("surprise %v, want %v", f.Surprise, want)
	}
	for _, c := range []struct {
		filter Filter
		want   bool
	}{
		{Filter{}, true}, {Filter{OutsideTop5: true}, true}, {Filter{RankOver: 18}, true}, {Filter{RankOver: 19}, false},
		{Filter{Distance: .3}, false}, {Filter{Distance: .4}, true},
	} {
		if got := c.filter.Accepts(&f); got != c.want {
			t.Errorf("%+v accepts: %v", c.filter, got)
		}
	}
	if NewFailure(&Prediction{Rank: 1}, NewOutputs(imagenet.WNIDs(), 0)) != nil {
		t.Error("a right prediction is a failure")
	}
}

func TestFailureTableEscapes(t *testing.T) {
	table := FailureTable{Model: "m_1", Pictures: 2, Failed: 1, Failures: []Failure{palaceForCastle(t, `50%_a|b<script>&.png`)}}
	if s := table.LaTeX(); !strings.Contains(s, `50\%\_a\textbar{}b\textless{}script\textgreater{}\&.png & \begin{tabular}[t]{@{}l@{}}palace `) || !strings.Contains(s, "\\toprule") {
		t.Error(s)
	}
	if s := table.Markdown(); !strings.Contains(s, `| 50%\_a\|b&lt;script>&amp;.png | palace `) || !strings.Contains(s, "| 19th |") {
		t.Error(s)
	}
	if s := table.Text(); !strings.Contains(s, "truth  castle ") || !strings.Contains(s, "both are structure (depth 5); surprise 2.68") {
		t.Error(s)
	}
	shown := table
	shown.Folder = "a b"
	if s := shown.LaTeX(); strings.Contains(s, `\includegraphics`) || !strings.Contains(s, `50\%\_a\textbar{}b`) {
		t.Errorf("a picture whose name begins a comment in TeX is shown:\n%s", s)
	}
	harmless := FailureTable{Folder: "a b", Failures: []Failure{palaceForCastle(t, "castle_1.png")}}
	if s := harmless.LaTeX(); !strings.Contains(s, `\includegraphics[width=\linewidth]{\detokenize{a b/castle_1.png}}`) {
		t.Error(s)
	}
	if s := shown.Markdown(); !strings.Contains(s, `src="a%20b/50%25_a%7Cb%3Cscript%3E&amp;.png"`) {
		t.Error(s)
	}
	table.Folder, table.Failures[0].Truth.Name = "p|q", "a|\n\"b"
	if s := table.Markdown(); !strings.Contains(s, `alt="a&#124; &#34;b" src="p%7Cq/`) {
		t.Error(s)
	}
}

func TestOrdinal(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 18: "18th", 22: "22nd", 112: "112th"} {
		if got := Ordinal(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
