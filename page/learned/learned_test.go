package learned

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// tried is a set of 14 triplets and a record in which 13 of them were mended and one was
// broken.
func tried(t *testing.T) (*learn.Record, *stimuli.Set, page.Pictures) {
	dir := t.TempDir()
	set := &stimuli.Set{Name: "s"}
	r := &learn.Record{Set: learn.SetInfo{Name: "s", Title: "<b>a set</b>", Triplets: 14}, Results: []*learn.Result{{Model: "net<i>", Set: "s", Test: "other", LeftOut: 3}}}
	result := r.Results[0]
	for i := range 14 {
		var p [3]*stimuli.Picture
		for k := range p {
			name := fmt.Sprintf("%d.png", 3*i+k)
			var b bytes.Buffer
			if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8+i, 8+k))); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			p[k] = &stimuli.Picture{Path: name, Hash: sha256.Sum256(b.Bytes())}
		}
		id := fmt.Sprint("t", i)
		set.Triplets = append(set.Triplets, stimuli.Triplet{ID: id, Relation: stimuli.Thematic, Target: p[0], Related: p[1], Unrelated: p[2]})
		result.Cases = append(result.Cases, learn.Case{ID: id, Relation: stimuli.Thematic, Mended: i > 0, Seen: [3]string{"saw", "log", "boat"}, Words: [2]float64{.412, -.05}})
	}
	row := func(name string, role learn.Role, err, change stats.Number, against string) learn.Row {
		return learn.Row{Space: name, Role: role, Error: err, Against: against,
			Change: stats.Relative{Model: name, ErrorDifference: change, Interval: stats.Interval{Low: float64(change) - .1, High: float64(change) + .1}, P: .5, Holm: 1}}
	}
	result.Validated = []learn.Group{{Triplets: 14, Features: .5, Rows: []learn.Row{
		row("centred", learn.Space, .4, -.1, "features"), row("blend", learn.Space, .25, -.25, "features"), row("blend, shuffled words", learn.Control, .45, .05, "centred"),
	}}}
	result.Transfer = result.Validated
	return r, set, page.Pictures{Files: os.DirFS(dir)}
}

func written(t *testing.T, r *learn.Record, set *stimuli.Set, from page.Pictures) string {
	var b bytes.Buffer
	if err := New(r, set, from).Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestCasesStandBeside: at most twelve of each kind, counted whole, with the classes and
// what words say; each picture is in the page once.
func TestCasesStandBeside(t *testing.T) {
	r, set, from := tried(t)
	html := written(t, r, set, from)
	for text, times := range map[string]int{
		"Mended: 13, the first 12": 1, "Broken: 1<": 1, "saw: log .412": 13, "saw: boat -.050": 13, "<use href=": 39, "no picture": 0,
		"3 triplets that share a picture or a concept with it are left out": 1, "<b>a set": 0, "net<i>": 0, "net&lt;i&gt;": 1,
	} {
		if n := strings.Count(html, text); n != times {
			t.Errorf("%q stands %d times, want %d", text, n, times)
		}
	}
}

// TestChangesAreDrawnFromWhatTheyAreAgainst: a control's open circle is at the error of
// the centred features, not at that of the features; both are on one scale.
func TestChangesAreDrawnFromWhatTheyAreAgainst(t *testing.T) {
	r, _, _ := tried(t)
	rows := newTrial("", r.Results[0].Validated).Groups[0].Rows
	if len(rows) != 4 || rows[0].Mark != nil {
		t.Fatalf("%+v", rows)
	}
	centred, blend, control := rows[1].Mark, rows[2].Mark, rows[3].Mark
	if control.Before != centred.After || blend.Before != centred.Before || blend.Before <= blend.After {
		t.Errorf("control %+v, centred %+v, blend %+v", control, centred, blend)
	}
	if !(blend.Low < blend.After && blend.After < blend.High) {
		t.Errorf("the interval %+v does not hold the change", blend)
	}
}

// TestRecordWithoutChanges: no figure of cases, no empty heading.
func TestRecordWithoutChanges(t *testing.T) {
	r, set, from := tried(t)
	r.Results[0].Cases, r.Results[0].Validated[0].Rows = nil, nil
	html := written(t, r, set, from)
	if strings.Contains(html, "mended") || strings.Contains(html, "NaN") {
		t.Error("the page tells of what is not there")
	}
}
