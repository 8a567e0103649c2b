package ingest

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/npy"
	"golang.org/x/text/unicode/norm"
)

// oddsOf are the odd pictures of the rows, read back from the set that is written,
// or what keeps it from being.
func oddsOf(t *testing.T, mapping string, files map[string]string) (odds string, problems string) {
	t.Helper()
	plan, err := tried(t, files, mapping)
	if err != nil {
		return "", err.Error()
	}
	if len(plan.Problems) > 0 {
		return "", plan.Problems.Error()
	}
	set := setOf(t, plan)
	if set.Trials == nil {
		for _, triplet := range set.Triplets[:len(set.Triplets)] {
			odds += " " + strings.TrimSuffix(filepath.Base(triplet.Unrelated.Path), ".png")
		}
		return strings.TrimSpace(odds), ""
	}
	for i, shown := range set.Trials.Shown {
		odds += " " + strings.TrimSuffix(filepath.Base(set.Pictures[shown[2]].Path), ".png")
		if set.Trials.Rater != nil {
			odds += "/" + set.Trials.Raters[set.Trials.Rater[i]]
		}
	}
	return strings.TrimSpace(odds), ""
}

// pictures are so many named ones; layout makes each a picture of its own.
func pictures(names ...string) map[string]string {
	files := map[string]string{}
	for _, name := range names {
		files[name+".png"] = ""
	}
	return files
}

func holding(files map[string]string, name, content string) map[string]string {
	files[name] = content
	return files
}

var numbered = []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}

// TestOddIsPlaceOrItem: the odd item's place among the three is never taken for the
// number of an item, nor the other way round.
func TestOddIsPlaceOrItem(t *testing.T) {
	const table = "task = 'odd-one-out'\n[triplets]\nfile = 't.csv'\nitems = ['i1', 'i2', 'i3']\nodd = 'odd'\n"
	cases := map[string]struct{ mapping, rows, odds, problem string }{
		"places that are items in some rows": {table, "5,6,7,2\n3,8,9,3\n10,1,11,1\n2,12,4,3\n9,2,1,1\n", "6 9 10 4 9", ""},
		"items":                              {table, "5,6,7,6\n3,8,9,9\n", "6 9", ""},
		"both, and they differ":              {table, "3,1,2,1\n2,3,1,3\n", "", `odd_is = "place" or odd_is = "item"`},
		"both, said to be the place":         {table + "odd_is = 'place'\n", "3,1,2,1\n2,3,1,3\n", "3 1", ""},
		"both, said to be the item":          {table + "odd_is = 'item'\n", "3,1,2,1\n2,3,1,3\n", "1 3", ""},
		"neither":                            {table, "5,6,7,4\n", "", `t.csv:2: odd: "4" is neither one of the items nor 1, 2 or 3`},
		"two ways at once":                   {table + "odd_is = 'last'\n", "5,6,7,6\n", "", "both say which item is odd"},
		"the first":                          {"task = 'odd-one-out'\n[triplets]\nfile = 't.csv'\nitems = ['i1', 'i2', 'i3']\nodd_is = 'first'\n", "5,6,7,1\n", "5", ""},
		"as triplets, too":                   {strings.TrimPrefix(table, "task = 'odd-one-out'\n"), "5,6,7,2\n2,12,4,3\n", "6 6 4 4", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			odds, problems := oddsOf(t, c.mapping, holding(pictures(numbered...), "t.csv", "i1,i2,i3,odd\n"+c.rows))
			if odds != c.odds || !strings.Contains(problems, c.problem) || (c.problem == "") != (problems == "") {
				t.Errorf("odd %q, problems %q; want %q, %q", odds, problems, c.odds, c.problem)
			}
		})
	}
}

var animals = []string{"ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibex", "jay"}

// TestNumbersHaveAKnownBase: numbers of names are never read from another base than
// their owner's.
func TestNumbersHaveAKnownBase(t *testing.T) {
	const things = "task = 'odd-one-out'\n[triplets]\nfile = 't.txt'\nno_header = true\nnames = 'names.txt'\n"
	cases := map[string]struct{ mapping, rows, odds, problem string }{
		"from 0":                   {things, "0 1 2\n3 4 5\n", "cat fox", ""},
		"from 1, the last used":    {things, "1 2 3\n8 9 10\n", "cat jay", ""},
		"either":                   {things, "1 2 3\n4 5 6\n7 8 9\n", "", "may count from 0 or from 1; say which: base = 0 or base = 1"},
		"either, said to be 1":     {things + "base = 1\n", "1 2 3\n4 5 6\n7 8 9\n", "cat fox ibex", ""},
		"either, said to be 0":     {things + "base = 0\n", "1 2 3\n", "dog", ""},
		"both ends":                {things, "0 1 10\n", "", `"10" is no number of a name, 0 to 9`},
		"one too many, said to be": {things + "base = 1\n", "0 1 2\n", "", `"0" is no number of a name, 1 to 10`},
		"floats":                   {things, "0.0 1.0 2.0\n", "cat", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files := holding(holding(pictures(animals...), "t.txt", c.rows), "names.txt", strings.Join(animals, "\n")+"\n")
			odds, problems := oddsOf(t, c.mapping, files)
			if odds != c.odds || !strings.Contains(problems, c.problem) || (c.problem == "") != (problems == "") {
				t.Errorf("odd %q, problems %q; want %q, %q", odds, problems, c.odds, c.problem)
			}
		})
	}
}

// TestThings: answers of people as THINGS publishes them, tab-separated whatever the
// name says, and arrays of numbers as VICE and SPoSE do.
func TestThings(t *testing.T) {
	answers := "image1\timage2\timage3\tchoice\tRT\tsubject_id\n1\t2\t3\t1\t800\ts1\n8\t9\t10\t3\t900\ts2\n"
	files := holding(holding(pictures(animals...), "answers.csv", answers), "names.txt", strings.Join(animals, "\n"))
	odds, problems := oddsOf(t, "task = 'odd-one-out'\n[triplets]\nfile = 'answers.csv'\nitems = ['image1', 'image2', 'image3']\nodd = 'choice'\nnames = 'names.txt'\nrater = 'subject_id'\n", files)
	if odds != "ant/s1 jay/s2" || problems != "" {
		t.Errorf("odd %q, problems %q", odds, problems)
	}
	var array bytes.Buffer
	if err := npy.Write(&array, 2, 3, func(row int, values []int32) { copy(values, []int32{int32(row), 2, 9}) }); err != nil {
		t.Fatal(err)
	}
	files = holding(holding(pictures(animals...), "train_90.npy", array.String()), "names.txt", strings.Join(animals, "\n"))
	if odds, problems = oddsOf(t, "task = 'odd-one-out'\n[triplets]\nfile = 'train_90.npy'\nnames = 'names.txt'\n", files); odds != "jay jay" || problems != "" {
		t.Errorf("odd %q, problems %q", odds, problems)
	}
}

// TestTablesAsProgramsWriteThem: the line sep=; of a spreadsheet, the row names of R,
// .JPG for .jpg, accents apart.
func TestTablesAsProgramsWriteThem(t *testing.T) {
	cases := map[string]map[string]string{
		"sep=;":       holding(pictures("a", "b", "c"), "t.csv", "sep=;\ntarget;related;unrelated\na.png;b.png;c.png\n"),
		"row names":   holding(pictures("a", "b", "c"), "t.csv", "target,related,unrelated\n\"1\",a.png,b.png,c.png\n"),
		"other case":  {"a.PNG": "", "b.PNG": "", "c.PNG": "", "t.csv": "target,related,unrelated\na.png,b.png,c.png\n"},
		"accents":     {norm.NFD.String("é.png"): "", "b.png": "", "c.png": "", "t.csv": "target,related,unrelated\n" + norm.NFC.String("é") + ".png,b.png,c.png\n"},
		"no surprise": holding(pictures("a", "b", "c"), "t.csv", "target,related,unrelated\na.png,b.png,c.png\n"),
	}
	for name, files := range cases {
		t.Run(name, func(t *testing.T) {
			odds, problems := oddsOf(t, "[triplets]\nfile = 't.csv'\n", files)
			if !slices.Contains([]string{"c", "c.PNG"}, odds) || problems != "" {
				t.Errorf("unrelated %q, problems %q", odds, problems)
			}
		})
	}
	if _, problems := oddsOf(t, "[triplets]\nfile = 't.csv'\n", map[string]string{"a.PNG": "", "a.Png": "", "b.png": "", "c.png": "", "t.csv": "target,related,unrelated\na.png,b.png,c.png\n"}); !strings.Contains(problems, `picture "a.png" may be "a.PNG" or "a.Png"`) {
		t.Errorf("two spellings: problems %q", problems)
	}
	if _, problems := oddsOf(t, "[triplets]\nfile = 't.csv'\n", holding(pictures("a", "b", "c"), "t.csv", "sep=;\ntarget;related;unrelated\na.png;b.png;d.png\n")); !strings.Contains(problems, "t.csv:3: unrelated: there is no picture") {
		t.Errorf("the line after sep=; is counted otherwise: %q", problems)
	}
}
