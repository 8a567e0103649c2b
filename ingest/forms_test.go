package ingest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

// meant is what a folder of testdata holds, by make.py.
type meant struct {
	Odd    [][3]string
	Votes  [][5]any
	Raters []string
	Matrix map[string]map[string]float64
}

// mappings are what a user must say of each folder of testdata; nothing of those that
// are not here.
var mappings = map[string]string{
	"things-txt":        "task = 'odd-one-out'\n[triplets]\nfile = 'trainset.txt'\nno_header = true\nnames = 'unique_id.txt'",
	"things-floats-txt": "task = 'odd-one-out'\n[triplets]\nfile = 'trainset.txt'\nno_header = true\nnames = 'unique_id.txt'",
	"things-npy":        "task = 'odd-one-out'\n[triplets]\nfile = 'train_90.npy'\nnames = 'unique_id.txt'",
	"things-npz":        "task = 'odd-one-out'\n[triplets]\nfile = 'train.npz'\nnames = 'unique_id.txt'",
	"things-mat":        "task = 'odd-one-out'\n[triplets]\nfile = 'triplets.mat'\nnames = 'unique_id.txt'",
	"things-answers":    "[triplets]\nnames = 'unique_id.txt'",
	"dreamsim":          "task = 'odd-one-out'\n[triplets]\nno_header = true",
	"bapps":             "[triplets]\nvotes = '5'",
	"meadows-choices":   "task = 'votes'",
	"jspsych-json":      jspsychMapping, "jspsych-lines": jspsychMapping, "jspsych-csv": jspsychMapping,
	"square-csv":     "task = 'matrix'\n[judgements]\nfile = 'able-fly.csv'\nvalues = 'dissimilarity'",
	"square-r":       "task = 'matrix'\n[judgements]\nfile = 'able-fly.csv'\nvalues = 'dissimilarity'",
	"square-utf16":   "task = 'matrix'\n[judgements]\nfile = 'able-fly.txt'\nvalues = 'dissimilarity'",
	"square-bare":    "task = 'matrix'\n[judgements]\nfile = 'able-fly.csv'\nvalues = 'dissimilarity'\nnames = 'names.txt'",
	"square-npy":     "task = 'matrix'\n[judgements]\nfile = 'able-fly.npy'\nvalues = 'dissimilarity'\nnames = 'sorted'",
	"square-mat":     "task = 'matrix'\n[judgements]\nfile = 'able-fly.mat'\nvalues = 'dissimilarity'\nnames = 'names.txt'",
	"struct-people":  "task = 'matrix'\n[judgements]\nfile = 'rdms_behav.mat'\nsheet = 'rdms_behav.RDM'\nvalues = 'dissimilarity'\nnames = 'names.txt'",
	"struct-deep":    "task = 'matrix'\n[judgements]\nfile = 'BEHAVIOR.mat'\nsheet = 'BEHAVIOR.set1.pairwisedistances'\nvalues = 'dissimilarity'\norder = 'rows'\nnames = 'names.txt'",
	"vector-rows":    "task = 'matrix'\n[judgements]\nfile = 'able-fly.npy'\nvalues = 'dissimilarity'\nnames = 'names.txt'\norder = 'rows'",
	"vector-columns": "task = 'matrix'\n[judgements]\nfile = 'able-fly.mat'\nvalues = 'dissimilarity'\nnames = 'names.txt'\norder = 'columns'",
	"vector-csv":     "task = 'matrix'\n[judgements]\nfile = 'people.csv'\nvalues = 'dissimilarity'\nnames = 'names.txt'\norder = 'rows'",
	"people-npz":     "task = 'matrix'\n[judgements]\nfile = 'rdms.npz'\nvalues = 'dissimilarity'",
	"qualtrics":      "task = 'matrix'\n[judgements]\nfile = 'answers.csv'\nvalues = 'similarity'\n[judgements.questions]\nfile = 'questions.csv'",
}

const jspsychMapping = "task = 'votes'\n[triplets]\ntarget = 'stimulus'\nleft = 'choices.1'\nright = 'choices.2'\nchosen = 'response'\nrater = 'subject_id'\nwhere = {part = 'main'}"

// TestForms: files of every format import as their owner means them.
func TestForms(t *testing.T) {
	data, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]meant
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	for name, want := range expected {
		t.Run(name, func(t *testing.T) {
			set := importForm(t, name, mappings[name])
			if diff := cmp.Diff(want.Odd, oddOf(set)); diff != "" {
				t.Errorf("odd ones (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(fmt.Sprint(want.Votes), fmt.Sprint(votesOf(set))); diff != "" {
				t.Errorf("votes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.Raters, ratersOf(set)); diff != "" {
				t.Errorf("raters (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.Matrix, matrixOf(set), cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-6 })); diff != "" {
				t.Errorf("matrix (-want +got):\n%s", diff)
			}
		})
	}
}

// formFiles are a folder of testdata with its pictures.
func formFiles(t *testing.T, name string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(filepath.Join("testdata", name), func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(file)
		below, _ := filepath.Rel(filepath.Join("testdata", name), file)
		files[filepath.ToSlash(below)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, picture := range strings.Fields(files["pictures.txt"]) {
		files[picture] = ""
	}
	delete(files, "pictures.txt")
	return files
}

// importForm writes the set of a folder of testdata and reads it back.
func importForm(t *testing.T, name, mapping string) *stimuli.Set {
	t.Helper()
	m, err := ReadMapping([]byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	files := formFiles(t, name)
	if m.Triplets.Names != "" && m.Triplets.File == "" {
		m.Triplets.File = onlyOther(files, m.Triplets.Names)
	}
	return writtenSet(t, files, m)
}

func readBack(t *testing.T, files map[string]string, mapping string) *stimuli.Set {
	t.Helper()
	m, err := ReadMapping([]byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	return writtenSet(t, files, m)
}

// writtenSet is the set that is made of a layout, read back.
func writtenSet(t *testing.T, files map[string]string, m Mapping) *stimuli.Set {
	t.Helper()
	plan, err := Understand(layout(files), m)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Problems) > 0 {
		t.Fatalf("problems:\n%v\n%s", plan.Problems, plan.Preview())
	}
	return setOf(t, plan)
}

// setOf is the set that a plan writes, read back.
func setOf(t *testing.T, plan *Plan) *stimuli.Set {
	t.Helper()
	out := filepath.Join(t.TempDir(), "set")
	if err := plan.Write(out, false); err != nil {
		t.Fatal(err)
	}
	set, err := stimuli.Read(os.DirFS(out), nil, stimuli.Options{AnyTask: true})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func onlyOther(files map[string]string, names string) string {
	for file, content := range files {
		if content != "" && file != names {
			return file
		}
	}
	return ""
}

// stem names a picture as make.py does: without ending, with its role where names are
// numbers.
func stem(p *stimuli.Picture) string {
	base := strings.TrimSuffix(path.Base(p.Path), path.Ext(p.Path))
	if folder := path.Base(path.Dir(p.Path)); base[0] == '0' {
		return folder + "/" + base
	}
	return base
}

func oddOf(set *stimuli.Set) (rows [][3]string) {
	if set.Task != stimuli.OddOneOut {
		return nil
	}
	for _, shown := range set.Trials.Shown {
		rows = append(rows, [3]string{stem(set.Pictures[shown[0]]), stem(set.Pictures[shown[1]]), stem(set.Pictures[shown[2]])})
	}
	return rows
}

func votesOf(set *stimuli.Set) (rows [][5]any) {
	if set.Task != stimuli.Votes {
		return nil
	}
	for i, shown := range set.Trials.Shown {
		c := set.Trials.Counts[i]
		rows = append(rows, [5]any{stem(set.Pictures[shown[0]]), stem(set.Pictures[shown[1]]), stem(set.Pictures[shown[2]]), c[0], c[1]})
	}
	return rows
}

func ratersOf(set *stimuli.Set) (raters []string) {
	if set.Trials == nil || set.Trials.Rater == nil {
		return nil
	}
	for _, r := range set.Trials.Rater {
		raters = append(raters, set.Trials.Raters[r])
	}
	return raters
}

func matrixOf(set *stimuli.Set) map[string]map[string]float64 {
	if set.Task != stimuli.Matrix {
		return nil
	}
	people := map[string]map[string]float64{}
	n := len(set.Pictures)
	for p, person := range set.Matrices.People {
		values := map[string]float64{}
		for i := range n {
			for k := i + 1; k < n; k++ {
				if v := set.Matrices.Values[p][stimuli.PairPlace(n, i, k)]; !math.IsNaN(v) {
					values[stem(set.Pictures[i])+" "+stem(set.Pictures[k])] = v
				}
			}
		}
		people[person] = values
	}
	return people
}

// FuzzForms: whatever stands in a table, JSON, an array or a tree of Meadows, the
// import is understood or refused with problems, and does not panic.
func FuzzForms(f *testing.F) {
	for _, name := range []string{"jspsych-json/data.json", "material/answers.json", "meadows-tree/Meadows_study_v_1_able-fly_tree.json", "square-csv/able-fly.csv",
		"vector-csv/people.csv", "square-npy/able-fly.npy", "meadows-1d/Meadows_study_v_1_able-fly_3_1D.mat", "people-npz/rdms.npz", "qualtrics/answers.csv", "nights/data.csv"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, data)
	}
	source := layout(pictures(animals...))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		file := path.Base(name)
		if !isTable(file) || !fs.ValidPath(file) || strings.HasPrefix(string(data), "MATLAB 7.3") || strings.HasSuffix(file, ".xlsx") {
			return
		}
		files := maps.Clone(source)
		files[file] = &fstest.MapFile{Data: data, Mode: 0o644}
		for _, m := range []Mapping{
			{Triplets: Triplets{Table: Table{File: file}}},
			{Task: "matrix", Judgements: Judgements{Table: Table{File: file}, Values: "similarity", Order: "rows", Names: "sorted"}},
		} {
			if plan, err := Understand(files, m); err == nil {
				plan.Preview()
			}
		}
	})
}
