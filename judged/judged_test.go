package judged

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/testtask"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

// madeRun is a run of two models on so many odd-one-out rows of ten pictures, or on
// votes or matrices.
func madeRun(task stimuli.Task, rows int) *Run {
	set := &stimuli.Set{Name: "x", Digest: "d", Task: task}
	for i := range 10 {
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: fmt.Sprintf("%d.png", i), Category: fmt.Sprint(i % 2), Hash: stimuli.Hash{byte(i + 1)}})
	}
	testtask.Judge(set, rows)
	if task == stimuli.Matrix {
		set.Matrices.Similar = true
	}
	r := &Run{Pairs: NewPairs(set)}
	r.Run = testtask.Run(set, len(r.Pairs.List), "one", "odd")
	r.Set.Similar = task == stimuli.Matrix
	return r
}

func analysed(t *testing.T, r *Run) Statistics {
	t.Helper()
	s, err := Analyse(r, stats.Options{Resamples: 200, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRecordsReadBack(t *testing.T) {
	for _, task := range []stimuli.Task{stimuli.OddOneOut, stimuli.Votes, stimuli.Matrix} {
		t.Run(string(task), func(t *testing.T) {
			r, dir := madeRun(task, 60), filepath.Join(t.TempDir(), "run")
			for k, m := range r.Models {
				r.Layers = append(r.Layers, record.Layer{Network: "one", Node: m.Name, Depth: 1 + k, Values: [][]float64{m.Similarities}})
			}
			want := analysed(t, r)
			layersAreTheModels(t, want)
			if err := r.Write(dir, want, false); err != nil {
				t.Fatal(err)
			}
			again, resampling, err := Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r.Stimuli.Trials, again.Stimuli.Trials); diff != "" {
				t.Errorf("trials (-written +read):\n%s", diff)
			}
			if diff := cmp.Diff(r.Stimuli.Matrices, again.Stimuli.Matrices); diff != "" {
				t.Errorf("matrices (-written +read):\n%s", diff)
			}
			if diff := cmp.Diff(r.Layers, again.Layers); diff != "" {
				t.Errorf("layers (-written +read):\n%s", diff)
			}
			got, err := Analyse(again, resampling)
			if err != nil {
				t.Fatal(err)
			}
			a, _ := json.Marshal(want)
			b, _ := json.Marshal(got)
			if !bytes.Equal(a, b) {
				t.Errorf("statistics differ after reading:\n%s\n%s", a, b)
			}
			if _, err := record.Load(dir); err == nil {
				t.Error("a run of another task is read as one of triplets")
			}
		})
	}
}

// layersAreTheModels holds the curve of layers that are the run's models once more to
// the figures of these.
func layersAreTheModels(t *testing.T, s Statistics) {
	t.Helper()
	for i, p := range s.Curves[0].Points {
		var value stats.Number
		var e stats.Evidence
		switch {
		case s.OddOneOut != nil:
			value, e = s.OddOneOut.Models[i].Accuracy, s.OddOneOut.Models[i].Evidence
		case s.Votes != nil:
			value, e = s.Votes.Models[i].Score, s.Votes.Models[i].Evidence
		default:
			value, e = s.Matrices.Models[i].Figures[stats.SpearmanMeasure], s.Matrices.Models[i].Evidence
		}
		if p.Value != value || p.Depth != 1+i || p.Interval != e.Interval && e.Interval.Defined() {
			t.Errorf("layer %d has %v (%v), the same model %v (%v)", i, p.Value, p.Interval, value, e.Interval)
		}
	}
}

// choiceRow is a row of choices.parquet; a model called odd gets a prefix.
type choiceRow struct {
	Row      int32  `parquet:"row"`
	Picture1 string `parquet:"picture_1"`
	Picture2 string `parquet:"picture_2"`
	Odd      string `parquet:"odd"`
	One      int32  `parquet:"one"`
	Other    int32  `parquet:"model odd"`
}

// TestVotesSayWhichPictureIsCloser: above 0 where the left picture is.
func TestVotesSayWhichPictureIsCloser(t *testing.T) {
	r := madeRun(stimuli.Votes, 1) // target 0, left 1, right 5
	for i, pair := range r.Pairs.List {
		switch pair {
		case [2]int32{0, 1}, [2]int32{1, 0}:
			r.Models[0].Similarities[i] = 0.75
		case [2]int32{0, 5}, [2]int32{5, 0}:
			r.Models[0].Similarities[i] = 0.5
		}
	}
	var b bytes.Buffer
	if err := r.table().writeCSV(&b, r.names()); err != nil {
		t.Fatal(err)
	}
	header, row, _ := strings.Cut(b.String(), "\n")
	if !strings.HasPrefix(header, "row,target,left,right,left_votes,right_votes,one,") || !strings.HasPrefix(row, "1,0.png,1.png,5.png,0,1,0.25,") {
		t.Errorf("choices are\n%s\nwant the left picture closer by 0.25 in model one", b.String())
	}
}

func TestManyChoicesAreParquet(t *testing.T) {
	r, dir := madeRun(stimuli.OddOneOut, mostCSV+1), filepath.Join(t.TempDir(), "run")
	if err := r.Write(dir, Statistics{}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "choices.csv")); err == nil {
		t.Error("so many choices are written as CSV")
	}
	rows, err := parquet.ReadFile[choiceRow](filepath.Join(dir, "choices.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != mostCSV+1 {
		t.Fatalf("%d rows, want %d", len(rows), mostCSV+1)
	}
	for _, i := range []int{0, 1, parquetRows, mostCSV} {
		shown := r.Stimuli.Trials.Shown[i]
		path := func(k int) string { return r.Stimuli.Pictures[shown[k]].Path }
		want := choiceRow{int32(i + 1), path(0), path(1), path(2), place(r.LeftOver(0, i)), place(r.LeftOver(1, i))}
		if rows[i] != want {
			t.Errorf("row %d is %v, want %v", i, rows[i], want)
		}
	}
	if err := r.Write(dir, Statistics{}, true); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "choices.csv")); err != nil || bytes.Count(text, []byte("\n")) != mostCSV+2 {
		t.Errorf("on request there is no whole choices.csv: %v", err)
	}
}

func TestDissimilaritiesOfMeasures(t *testing.T) {
	r := madeRun(stimuli.Matrix, 0)
	s := r.Models[0].Similarities[3]
	for measure, want := range map[match.Measure]float64{match.Cosine: 1 - s, match.Pearson: 1 - s, match.Euclidean: -s, match.Dot: -s} {
		r.Settings.Similarity = measure
		if got := r.Dissimilarities()[0][3]; got != want {
			t.Errorf("%s: %v, want %v", measure, got, want)
		}
		if ratio := r.matrixScores()[0].Ratio; ratio != (measure != match.Dot) {
			t.Errorf("%s: a zero is said to mean no difference: %v", measure, ratio)
		}
	}
}

// TestSimilaritiesOfPeopleAreTurned: a network agrees as much with people's similarities
// as with the same values of dissimilarity, their signs turned.
func TestSimilaritiesOfPeopleAreTurned(t *testing.T) {
	similar, unlike := madeRun(stimuli.Matrix, 0), madeRun(stimuli.Matrix, 0)
	unlike.Stimuli.Matrices.Similar, unlike.Set.Similar = false, false
	for _, values := range unlike.Stimuli.Matrices.Values {
		for i := range values {
			values[i] = -values[i]
		}
	}
	for i, m := range analysed(t, similar).Matrices.Models {
		want := float64(analysed(t, unlike).Matrices.Models[i].Figures[stats.SpearmanMeasure])
		if got := float64(m.Figures[stats.SpearmanMeasure]); got != want || got == 0 {
			t.Errorf("%s: Spearman %v with similarities, %v with the same as dissimilarities", m.Model, got, want)
		}
	}
}
