package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// photoPairsMapping reads the layout that rawPhotoPairs makes.
const photoPairsMapping = `
name = "photo-pairs"
values = {similar = "taxonomic", associated = "thematic"}
labels = {file = "labels.tsv"}
judgements = {file = "ratings.xlsx", raters = ["r*"], picture_a = "first", picture_b = "second", scale = "scale"}

[triplets]
file = "trials.csv"
id = "Trial"
target = "Cue"
related = "Match"
unrelated = ["Foil"]
relation = "Type"
distractor = "Choice"
target_label = "L1"
related_label = "L2"
unrelated_label = ["L3"]
`

// TestPhotoPairsAgain makes photo-pairs again of its raw pictures, a list of
// stems and a workbook with a column for each rater; it must equal the one given.
func TestPhotoPairsAgain(t *testing.T) {
	given := os.DirFS("../../shared/sets/photo-pairs")
	want, err := stimuli.Read(given, nil, stimuli.Options{})
	if errors.Is(err, os.ErrNotExist) || err != nil && strings.Contains(err.Error(), "no such file") {
		t.Skip("needs photo-pairs")
	}
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadMapping([]byte(photoPairsMapping))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Understand(rawPhotoPairs(t, given, want), m)
	if err != nil || len(plan.Problems) > 0 {
		t.Fatalf("error %v, problems:\n%v", err, plan.Problems)
	}
	got := written(t, plan, false)
	ignore := cmp.Options{
		cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(stimuli.Picture{}, "Named"), cmpopts.IgnoreFields(stimuli.Judgement{}, "Line"),
		cmpopts.SortSlices(func(a, b stimuli.Judgement) bool {
			return a.Rater+a.Scale+a.A.Path+a.B.Path < b.Rater+b.Scale+b.A.Path+b.B.Path
		}),
		cmpopts.SortSlices(func(a, b *stimuli.Picture) bool { return a.Path < b.Path }),
	}
	for _, part := range []struct {
		name      string
		want, got any
	}{{"triplets", want.Triplets, got.Triplets}, {"pictures", want.Pictures, got.Pictures}, {"judgements", want.Judgements, got.Judgements}} {
		if diff := cmp.Diff(part.want, part.got, ignore); diff != "" {
			t.Errorf("%s (-given +made):\n%s", part.name, diff)
		}
	}
	if len(got.Judgements) != 1380 || len(got.Triplets) != 80 {
		t.Errorf("%d judgements and %d triplets, want 1380 and 80", len(got.Judgements), len(got.Triplets))
	}
}

// rawPhotoPairs is a set as its authors might have kept it: pictures, a list of
// stems with words of their own, and a workbook with a column for each rater.
func rawPhotoPairs(t *testing.T, given fs.FS, set *stimuli.Set) fstest.MapFS {
	t.Helper()
	raw := fstest.MapFS{}
	for _, p := range set.Pictures {
		data, err := regular.Read(given, p.Path, maxPicture)
		if err != nil {
			t.Fatal(err)
		}
		raw[strings.TrimPrefix(p.Path, "pictures/")] = &fstest.MapFile{Data: data}
	}
	stem := func(p *stimuli.Picture) string {
		return strings.TrimSuffix(strings.TrimPrefix(p.Path, "pictures/"), filepath.Ext(p.Path))
	}
	var table strings.Builder
	table.WriteString("Trial;Cue;Match;Foil;Type;Choice;L1;L2;L3\n")
	for _, tr := range set.Triplets {
		kind := map[string]string{"taxonomic": "similar", "thematic": "associated"}[tr.Relation]
		fmt.Fprintf(&table, "%s;%s;%s;%s;%s;%s;%s;%s;%s\n", tr.ID, stem(tr.Target), stem(tr.Related), stem(tr.Unrelated), kind, tr.Distractor,
			tr.TargetLabel, tr.RelatedLabel, tr.UnrelatedLabel)
	}
	raw["trials.csv"] = &fstest.MapFile{Data: []byte(table.String())}
	var labels strings.Builder
	labels.WriteString("path\tlabel\n")
	for _, p := range set.Pictures {
		fmt.Fprintf(&labels, "%s\t%s\n", stem(p), p.Label)
	}
	raw["labels.tsv"] = &fstest.MapFile{Data: []byte(labels.String())}
	raw["ratings.xlsx"] = &fstest.MapFile{Data: []byte(wideRatings(t, set))}
	return raw
}

// wideRatings is a workbook of one row for each pair and scale, and a column
// for each rater.
func wideRatings(t *testing.T, s *stimuli.Set) string {
	var raters []string
	type key struct{ a, b, scale string }
	var keys []key
	values := map[key]map[string]float64{}
	for _, j := range s.Judgements {
		k := key{j.A.Path, j.B.Path, j.Scale}
		if values[k] == nil {
			values[k] = map[string]float64{}
			keys = append(keys, k)
		}
		values[k][j.Rater] = j.Value
		if !slices.Contains(raters, j.Rater) {
			raters = append(raters, j.Rater)
		}
	}
	header := []any{"first", "second", "scale"}
	for _, r := range raters {
		header = append(header, r)
	}
	rows := [][]any{header}
	for _, k := range keys {
		row := []any{strings.TrimPrefix(k.a, "pictures/"), strings.TrimPrefix(k.b, "pictures/"), k.scale}
		for _, r := range raters {
			row = append(row, values[k][r])
		}
		rows = append(rows, row)
	}
	return workbook(t, "ratings", rows...)
}
