package stimuli

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// taskSet is a set of four pictures, a.png to d.png, with other files.
func taskSet(manifest string, files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{"set.toml": {Data: []byte("name = \"x\"\n" + manifest)}}
	for _, name := range []string{"a", "b", "c", "d"} {
		fsys[name+".png"] = &fstest.MapFile{Data: []byte(name)}
	}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const fourPictures = "path,label,category\na.png,ant,animal\nb.png,bee,animal\nc.png,cup,thing\nd.png,dish,thing\n"

// array is a .npy file of 64-bit integers.
func array(columns int, values ...int64) string {
	header := fmt.Sprintf("{'descr': '<i8', 'fortran_order': False, 'shape': (%d, %d), }", len(values)/columns, columns)
	header += strings.Repeat(" ", 117-len(header)) + "\n"
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), 0)
	b = append(b, header...)
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, uint64(v))
	}
	return string(b)
}

func TestTrials(t *testing.T) {
	cases := map[string]struct {
		manifest string
		files    map[string]string
		want     Trials
	}{
		"the odd one out in a table": {
			`task = "odd-one-out"`,
			map[string]string{"judgements.csv": "picture_1,picture_2,odd,rater\na.png,b.png,c.png,p\nd.png,c.png,a.png,q\n"},
			Trials{Shown: [][3]int32{{0, 1, 2}, {3, 2, 0}}, Rater: []int32{0, 1}, Raters: []string{"p", "q"}},
		},
		"the odd one named among three": {
			`task = "odd-one-out"`,
			map[string]string{"judgements.csv": "picture_1,picture_2,picture_3,odd\na.png,b.png,c.png,a.png\n"},
			Trials{Shown: [][3]int32{{2, 1, 0}}},
		},
		"what a study exports": {
			`task = "odd-one-out"`,
			map[string]string{"choices.csv": "rater,triplet,target,related,unrelated,chosen,chosen_role,chosen_place\np,t,a.png,b.png,c.png,b.png,related,1\n"},
			Trials{Shown: [][3]int32{{0, 2, 1}}, Rater: []int32{0}, Raters: []string{"p"}},
		},
		"numbers, several files": {
			"task = \"odd-one-out\"\njudgements = [\"one.npy\", \"two.npy\"]",
			map[string]string{"pictures.csv": fourPictures, "one.npy": array(3, 0, 1, 3), "two.npy": array(3, 3, 2, 1)},
			Trials{Shown: [][3]int32{{0, 1, 3}, {3, 2, 1}}},
		},
		"numbers with raters": {
			`task = "odd-one-out"`,
			map[string]string{"pictures.csv": fourPictures, "judgements.npy": array(4, 0, 1, 3, 9, 1, 2, 0, 9)},
			Trials{Shown: [][3]int32{{0, 1, 3}, {1, 2, 0}}, Rater: []int32{0, 0}, Raters: []string{"9"}},
		},
		"votes counted": {
			`task = "votes"`,
			map[string]string{"judgements.csv": "target,left,right,left_votes,right_votes\na.png,b.png,c.png,5,2\n"},
			Trials{Shown: [][3]int32{{0, 1, 2}}, Counts: [][2]int32{{5, 2}}},
		},
		"votes one by one": {
			`task = "votes"`,
			map[string]string{"judgements.csv": "rater,target,left,right,chosen\np,a.png,b.png,c.png,c.png\n"},
			Trials{Shown: [][3]int32{{0, 1, 2}}, Counts: [][2]int32{{0, 1}}, Rater: []int32{0}, Raters: []string{"p"}},
		},
		"votes as numbers": {
			`task = "votes"`,
			map[string]string{"pictures.csv": fourPictures, "judgements.npy": array(5, 3, 1, 0, 4, 4)},
			Trials{Shown: [][3]int32{{3, 1, 0}}, Counts: [][2]int32{{4, 4}}},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			set, err := Read(taskSet(c.manifest, c.files), nil, Options{AnyTask: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, *set.Trials, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("trials (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaultsOfTasks(t *testing.T) {
	const odd = `task = "odd-one-out"`
	cases := map[string]struct {
		manifest string
		files    map[string]string
		want     string
	}{
		"unknown task":       {`task = "pairs"`, nil, `set.toml: task "pairs" is unknown; use one of ["related" "odd-one-out" "votes" "matrix"]`},
		"no file":            {odd, nil, "set.toml: names no judgements, and there is none of judgements.csv"},
		"two usual files":    {odd, map[string]string{"judgements.csv": "", "choices.csv": ""}, "there are several: judgements.csv, choices.csv"},
		"a number too many":  {odd, map[string]string{"pictures.csv": fourPictures, "judgements.npy": array(3, 1, 2, 3, 2, 3, 4)}, "judgements.npy: row 2: 4 is the number of no picture; pictures.csv lists 4, from 0"},
		"numbers of what":    {odd, map[string]string{"judgements.npy": array(3, 0, 1, 2)}, "pictures.csv must list the pictures in that order"},
		"a picture twice":    {odd, map[string]string{"judgements.csv": "picture_1,picture_2,odd\na.png,a.png,b.png\n"}, "judgements.csv:2: shows the same picture twice"},
		"a copy":             {odd, map[string]string{"copy.png": "a", "judgements.csv": "picture_1,picture_2,odd\na.png,copy.png,b.png\n"}, "beside a copy of it"},
		"an odd one of none": {odd, map[string]string{"judgements.csv": "picture_1,picture_2,picture_3,odd\na.png,b.png,c.png,3\n"}, `judgements.csv:2: odd "3" is none of the pictures that could be chosen`},
		"no such picture":    {odd, map[string]string{"judgements.csv": "picture_1,picture_2,odd\na.png,b.png,z.png\n"}, `judgements.csv:2: picture "z.png" does not exist`},
		"nobody voted":       {`task = "votes"`, map[string]string{"judgements.csv": "target,left,right,left_votes,right_votes\na.png,b.png,c.png,0,0\n"}, "judgements.csv:2: nobody voted"},
		"the target chosen":  {`task = "votes"`, map[string]string{"judgements.csv": "target,left,right,chosen\na.png,b.png,c.png,a.png\n"}, "is none of the pictures that could be chosen"},
		"raters in part":     {odd + "\njudgements = [\"a.csv\", \"b.csv\"]", map[string]string{"a.csv": "picture_1,picture_2,odd\na.png,b.png,c.png\n", "b.csv": "picture_1,picture_2,odd,rater\na.png,b.png,c.png,p\n"}, "give raters in all or in none"},
		"no direction":       {`task = "matrix"`, map[string]string{"matrix.csv": ",a.png,b.png\na.png,0,1\nb.png,1,0\n"}, "no file tells"},
		"two halves":         {"task = \"matrix\"\nvalues = \"similarity\"", map[string]string{"matrix.csv": ",a.png,b.png\na.png,0,1\nb.png,2,0\n"}, "matrix.csv:2: column b.png: 1, but 2 in the other half"},
		"NaN, said once":     {"task = \"matrix\"\nvalues = \"similarity\"", map[string]string{"matrix.csv": ",a.png,b.png\na.png,0,NaN\nb.png,,0\n"}, `matrix.csv:2: column b.png: "NaN" is not a number`},
		"other columns":      {"task = \"matrix\"\nvalues = \"similarity\"", map[string]string{"ratings.csv": "a,b,rater,rating\na.png,b.png,p,1\n"}, "or columns picture_a, picture_b, value"},
		"another order":      {"task = \"matrix\"\nvalues = \"similarity\"", map[string]string{"matrix.csv": ",a.png,b.png\nb.png,0,1\na.png,1,0\n"}, "rows and columns have one order"},
		"values of triplets": {`values = "similarity"`, nil, `values are of the task "matrix" alone`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Read(taskSet(c.manifest, c.files), nil, Options{AnyTask: true})
			if err == nil || strings.Count(err.Error(), c.want) != 1 {
				t.Errorf("got %v, want %q once", err, c.want)
			}
		})
	}
}

// TestDissimilaritiesBelowNothingAreDoubted: and equal answers to a pair, given several
// times, have that answer as their mean, so that ties stay ties.
func TestDissimilaritiesBelowNothingAreDoubted(t *testing.T) {
	rows := "rater,picture_a,picture_b,value\np,a.png,b.png,-1\n" + strings.Repeat("p,a.png,c.png,33.3\n", 3) + "p,b.png,c.png,33.3\n"
	for values, want := range map[string]string{Dissimilarity: "values below 0: 1;", Similarity: ""} {
		set, err := Read(taskSet("task = \"matrix\"\nvalues = \""+values+"\"", map[string]string{"pictures.csv": fourPictures, "ratings.csv": rows}), nil, Options{AnyTask: true})
		if err != nil {
			t.Fatal(err)
		}
		if text := set.Warnings.Error(); strings.Contains(text, "values below 0") != (want != "") || !strings.Contains(text, want) {
			t.Errorf("%s: warnings %q, want %q", values, text, want)
		}
		if v := set.Matrices.Values[0]; v[1] != 33.3 || v[3] != 33.3 {
			t.Errorf("means of 33.3 are %v", v)
		}
	}
}

// TestNumbersFromOneAreDoubted: three of four pictures shown, and not the first.
func TestNumbersFromOneAreDoubted(t *testing.T) {
	for _, c := range []struct {
		rows []int64
		want string
	}{
		{[]int64{1, 2, 3}, `no judgement shows picture "a.png", number 0`},
		{[]int64{0, 1, 2}, "1 of 4 pictures are in no judgement"},
		{[]int64{0, 1, 2, 1, 2, 3}, ""},
	} {
		set, err := Read(taskSet(`task = "odd-one-out"`, map[string]string{"pictures.csv": fourPictures, "judgements.npy": array(3, c.rows...)}), nil, Options{AnyTask: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := set.Warnings.Error(); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("rows %v: warnings %q, want %q", c.rows, got, c.want)
		}
	}
}

func TestManyFaultyRowsAreCounted(t *testing.T) {
	rows := slices.Repeat([]int64{1, 2, 9}, 1000)
	_, err := Read(taskSet(`task = "odd-one-out"`, map[string]string{"pictures.csv": fourPictures, "judgements.npy": array(3, rows...)}), nil, Options{AnyTask: true})
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != mostProblems+1 || !strings.Contains(err.Error(), "faults of this kind in 950 more rows") {
		t.Errorf("%d problems, want %d and the count of the others", len(problems), mostProblems)
	}
}

func TestOtherTasksAreRefusedWhereTripletsAreWanted(t *testing.T) {
	_, err := Read(taskSet(`task = "votes"`, nil), nil, Options{})
	var task *TaskError
	if !errors.As(err, &task) || task.Task != Votes || task.Want != Related {
		t.Errorf("got %v, want a TaskError", err)
	}
}

func TestMatrices(t *testing.T) {
	nan := math.NaN()
	const manifest = "task = \"matrix\"\nvalues = \"dissimilarity\"\n"
	cases := map[string]struct {
		manifest string
		files    map[string]string
		people   []string
		want     [][]float64
	}{
		"a square": {manifest, map[string]string{"matrix.csv": ",a.png,b.png,c.png\na.png,0,1,2\nb.png,1,0,3\nc.png,2,3,0\n"}, []string{"matrix"}, [][]float64{{1, 2, 3}}},
		"a half":   {manifest, map[string]string{"matrix.csv": ",a.png,b.png,c.png\na.png,,1,2\nb.png,,,\nc.png,,,\n"}, []string{"matrix"}, [][]float64{{1, 2, nan}}},
		"ratings of pairs": {manifest, map[string]string{"ratings.csv": "rater,picture_a,picture_b,value\np,b.png,a.png,1\np,a.png,b.png,2\nq,a.png,c.png,5\n"},
			[]string{"p", "q"}, [][]float64{{1.5, nan, nan}, {nan, nan, 5}}}, // pictures in order b, a, c
		"several squares": {manifest + "judgements = [\"p.csv\", \"q.csv\"]", map[string]string{"p.csv": ",a.png,b.png\na.png,0,1\nb.png,1,0\n", "q.csv": ",b.png,a.png\nb.png,0,7\na.png,7,0\n"},
			[]string{"p", "q"}, [][]float64{{1}, {7}}},
		"vectors": {manifest, map[string]string{"pictures.csv": fourPictures, "matrix.npy": array(6, 1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1)},
			[]string{"matrix-1", "matrix-2"}, [][]float64{{1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1}}},
		"a square array": {manifest, map[string]string{"pictures.csv": fourPictures, "matrix.npy": array(4, 0, 1, 2, 3, 1, 0, 4, 5, 2, 4, 0, 6, 3, 5, 6, 0)},
			[]string{"matrix"}, [][]float64{{1, 2, 3, 4, 5, 6}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			set, err := Read(taskSet(c.manifest, c.files), nil, Options{AnyTask: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, set.Matrices.Values, cmpopts.EquateNaNs()); diff != "" || !slices.Equal(set.Matrices.People, c.people) {
				t.Errorf("people %v; values (-want +got):\n%s", set.Matrices.People, diff)
			}
		})
	}
}

func TestPairsOfTrials(t *testing.T) {
	trials := Trials{Shown: [][3]int32{{2, 0, 1}, {0, 2, 5}}}
	for _, pictures := range []int{6, mostDense + 1} { // in a table and in a map
		pairs, of := trials.Pairs(pictures)
		wantPairs := [][2]int32{{0, 2}, {1, 2}, {0, 1}, {0, 5}, {2, 5}}
		if !slices.Equal(pairs, wantPairs) || !slices.Equal(of, [][3]int32{{0, 1, 2}, {0, 3, 4}}) {
			t.Errorf("%d pictures: pairs %v of %v", pictures, pairs, of)
		}
	}
}

func BenchmarkReadTrials(b *testing.B) {
	const pictures, rows = 1854, 470_000
	var names strings.Builder
	names.WriteString("path\n")
	fsys := taskSet(`task = "odd-one-out"`, nil)
	for i := range pictures {
		name := fmt.Sprintf("pictures/concept_%04d.jpg", i)
		fmt.Fprintln(&names, name)
		fsys[name] = &fstest.MapFile{Data: []byte(name)}
	}
	fsys["pictures.csv"] = &fstest.MapFile{Data: []byte(names.String())}
	var table strings.Builder
	table.WriteString("picture_1,picture_2,odd,rater\n")
	values := make([]int64, 0, 3*rows)
	for i := range rows {
		x, y, z := i%pictures, (i*7+1)%pictures, (i*31+2)%pictures
		if x == y || x == z || y == z {
			x, y, z = 0, 1, 2
		}
		values = append(values, int64(x), int64(y), int64(z))
		fmt.Fprintf(&table, "pictures/concept_%04d.jpg,pictures/concept_%04d.jpg,pictures/concept_%04d.jpg,p%d\n", x, y, z, i%6000)
	}
	for name, text := range map[string]string{"judgements.npy": array(3, values...), "judgements.csv": table.String()} {
		b.Run(name, func(b *testing.B) {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
			defer delete(fsys, name)
			for b.Loop() {
				if _, err := Read(fsys, nil, Options{AnyTask: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
