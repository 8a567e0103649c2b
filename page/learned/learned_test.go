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
	"github.com/akin-vision/akin/record"
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
		result.Cases = append(result.Cases, record.Case{ID: id, Relation: stimuli.Thematic, Mended: i > 0, Seen: [3]string{"saw", "log", "boat"}, Words: [2]float64{.412, -.05}})
	}
	row := func(name string, role record.Role, err, change stats.Number, against string) record.Change {
		return record.Change{Space: name, Role: role, Error: err, Against: against,
			Change: stats.Relative{Model: name, ErrorDifference: change, Interval: stats.Interval{Low: float64(change) - .1, High: float64(change) + .1}, P: .5, Holm: 1}}
	}
	result.Validated = []record.ChangeGroup{{Triplets: 14, Features: .5, Rows: []record.Change{
		row("centred", record.SpaceRole, .4, -.1, "features"), row("blend", record.SpaceRole, .25, -.25, "features"), row("blend, shuffled words", record.ControlRole, .45, .05, "centred"),
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
		"3 triplets that share a picture or a concept with it are left out": 1, "<b>a set": 0, "net<i>": 0, "<h2><bdi>net&lt;i&gt;": 1,
	} {
		if n := strings.Count(html, text); n != times {
			t.Errorf("%q stands %d times, want %d", text, n, times)
		}
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
