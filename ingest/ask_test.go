package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/akin-vision/akin/stimuli"
)

// problemsOf are those of a layout, and what is noted of it.
func problemsOf(t *testing.T, mapping string, files map[string]string) (problems, notes string) {
	t.Helper()
	plan, err := tried(t, files, mapping)
	if err != nil {
		return err.Error(), ""
	}
	if len(plan.Problems) > 0 {
		problems = plan.Problems.Error()
	}
	return problems, strings.Join(plan.Notes, "\n")
}

// TestFormsAsk: what a file does not say is asked for, and what contradicts it refused.
func TestFormsAsk(t *testing.T) {
	matrix := func(file, more string) string { return "task = 'matrix'\n[judgements]\nfile = '" + file + "'\n" + more }
	cases := []struct{ folder, mapping, problem string }{
		{"things-answers", "[triplets]\nfile = 'triplets_large_final_correctednc_correctedorder.csv'", `say which file names them: names = "unique_id.txt"`},
		{"things-answers", "[triplets]\nfile = 'triplets_large_final_correctednc_correctedorder.csv'\nnames = 'unique_id.txt'\nbase = 0", `"8" is no number of a name, 0 to 7`},
		{"things-mat", "task = 'odd-one-out'\n[triplets]\nfile = 'triplets.mat'\nnames = 'unique_id.txt'\nbase = 0", `"8" is no number of a name, 0 to 7`},
		{"things-txt", "task = 'odd-one-out'\n[triplets]\nfile = 'trainset.txt'\nno_header = true\nnames = 'unique_id.txt'\nbase = 1", `"0" is no number of a name, 1 to 8`},
		{"bapps", "", `say of how many, of 5 at least: votes = "5"`},
		{"bapps", "[triplets]\nvotes = '4'", "0.8 for left and 0.2 for right are neither numbers of 4 votes nor shares of them"},
		{"meadows-choices", "", `say task = "odd-one-out" where the chosen one is odd, or task = "votes" where it matches the first`},
		{"nights", "[triplets]\nfile = 'data.csv'\ntarget = 'ref_path'\nrelated = 'left_path'\nunrelated = ['right_path']", `votes tell in each row whether "left_path" or "right_path" is the related picture`},
		{"square-csv", matrix("able-fly.csv", ""), `values = "similarity" or values = "dissimilarity"; the diagonal is 0 and all other values are larger, as of dissimilarities`},
		{"square-csv", matrix("able-fly.csv", "values = 'similarity'"), `values says "similarity", but the diagonal is 0 and all other values are larger`},
		{"square-bare", matrix("able-fly.csv", "values = 'dissimilarity'"), "does not say which pictures its 8 items are"},
		{"struct-people", matrix("rdms_behav.mat", "values = 'dissimilarity'\nnames = 'names.txt'"), "rdms_behav.RDM [8 8]"},
		{"vector-rows", matrix("able-fly.npy", "values = 'dissimilarity'\nnames = 'names.txt'"), `order = "rows"`},
		{"vector-rows", matrix("able-fly.npy", "names = 'names.txt'\norder = 'rows'"), "nothing in it tells"},
		{"meadows-1d", "[judgements]\nvalues = 'similarity'", `has dissimilarities by its format, and values says "similarity"`},
		{"qualtrics", matrix("answers.csv", "[judgements.questions]\nfile = 'questions.csv'"), "say whether its values are of similarity"},
	}
	for _, c := range cases {
		t.Run(c.folder+" "+c.problem, func(t *testing.T) {
			if problems, _ := problemsOf(t, c.mapping, formFiles(t, c.folder)); !strings.Contains(problems, c.problem) {
				t.Errorf("problems %q, want one that says %q", problems, c.problem)
			}
		})
	}
}

// TestFaultyMatrices: what is wrong in a matrix is said with its file and line.
func TestFaultyMatrices(t *testing.T) {
	const mapping = "task = 'matrix'\n[judgements]\nfile = '*.csv'\nvalues = 'dissimilarity'"
	for what, c := range map[string]struct{ table, problem string }{
		"not symmetric":  {",a,b,c\na,0,1,2\nb,1,0,3\nc,2,4,0\n", `m.csv:3: is not symmetric: "b" and "c" have 3 and 4`},
		"other order":    {",a,b,c\nb,0,1,2\na,1,0,3\nc,2,3,0\n", "m.csv:1: holds neither rows of ratings"},
		"text":           {",a,b,c\na,0,x,2\nb,x,0,3\nc,2,3,0\n", `m.csv:2: the value of "a" and "b" is not a number`},
		"unknown":        {",a,b,z\na,0,1,2\nb,1,0,3\nz,2,3,0\n", `m.csv:4: item 3: there is no picture "z"`},
		"twice":          {",a,b,a\na,0,1,2\nb,1,0,3\na,2,3,0\n", `names "a" twice, as items 1 and 3`},
		"a missing code": {",a,b,c,d,e,f\na,,1,2,3,4,5\nb,,,2,3,4,5\nc,,,,1,2,3\nd,,,,,4,5\ne,,,,,,-99\nf,,,,,,\n", "-99 looks like a code for a missing answer"},
		"no pairs":       {"1,2,3,4\n", "m.csv:1: holds neither rows of ratings"},
		"half is enough": {",a,b,c\na,,1,2\nb,,,3\nc,,,\n", ""},
	} {
		problems, _ := problemsOf(t, mapping, holding(pictures("a", "b", "c", "d", "e", "f"), "m.csv", c.table))
		if !strings.Contains(problems, c.problem) || c.problem == "" && problems != "" {
			t.Errorf("%s: problems %q, want %q", what, problems, c.problem)
		}
	}
	twice := holding(holding(pictures("a", "b", "c"), "p/m.csv", ",a,b,c\na,0,1,2\nb,1,0,3\nc,2,3,0\n"), "q/m.csv", ",a,b,c\na,0,1,2\nb,1,0,3\nc,2,3,0\n")
	if problems, _ := problemsOf(t, strings.Replace(mapping, "*.csv", "*/m.csv", 1), twice); !strings.Contains(problems, `q/m.csv: is of the person "m", as p/m.csv is`) {
		t.Errorf("one person twice: %q", problems)
	}
}

// TestMeadowsTrees: what is no number is no value, and what is no tree says so.
func TestMeadowsTrees(t *testing.T) {
	const stimuliOf = `{"task":{"name":"n"},"stimuli":[{"name":"a"},{"name":"b"},{"name":"c"}],"rdm":`
	for tree, problem := range map[string]string{
		stimuliOf + `[1,2]}`:     "has 2 values, which is the number of pairs of no number of items",
		stimuliOf + `[1,2,"x"]}`: `has an rdm that is no list of numbers: "x"`,
		`{"a":1}`:                "has no tasks of Meadows",
		`[]`:                     "has no tasks of Meadows",
		`{"tasks":[]}`:           "has 0 tasks with a matrix",
	} {
		if problems, _ := problemsOf(t, "", holding(pictures("a", "b", "c"), "x_tree.json", tree)); !strings.Contains(problems, problem) {
			t.Errorf("%s: problems %q, want %q", tree, problems, problem)
		}
	}
	set := readBack(t, holding(pictures("a", "b", "c"), "x_tree.json", stimuliOf+`[1,null,3]}`), "")
	if got := fmt.Sprint(set.Matrices.Values); got != "[[1 NaN 3]]" {
		t.Errorf("with a null: %s", got)
	}
}

// TestChosenHasOneReading: a column that tells the one chosen of two is read in one way
// for all rows, or asked for.
func TestChosenHasOneReading(t *testing.T) {
	const mapping = "task = 'votes'\n[triplets]\nfile = 't.csv'\ntarget = 'Center'\nleft = 'Left'\nright = 'Right'\nchosen = 'Answer'\n"
	cases := map[string]struct{ rows, more, votes, problem string }{
		"the item":         {"a,b,c,b\na,c,b,b\n", "", "1:0 0:1", ""},
		"sides":            {"a,b,c,Left\na,c,b,right\n", "", "1:0 0:1", ""},
		"places from 1":    {"a,b,c,1\na,c,b,2\n", "", "1:0 0:1", ""},
		"places from 0":    {"a,b,c,0\na,c,b,1\n", "", "1:0 0:1", ""},
		"only ones":        {"a,b,c,1\na,c,b,1\n", "", "", `chosen_is = "place" or chosen_is = "index"`},
		"only ones, said":  {"a,b,c,1\na,c,b,1\n", "chosen_is = 'index'\n", "0:1 0:1", ""},
		"items are places": {"3,1,2,1\n3,2,1,1\n", "", "", `chosen_is = "place" or chosen_is = "item"`},
		"no answer":        {"a,b,c,b\na,c,b,NA\n", "", "1:0", ""},
		"neither":          {"a,b,c,b\na,c,b,a\n", "", "", `t.csv:3: Answer: "a" is none of the items`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files := holding(pictures("a", "b", "c", "1", "2", "3"), "t.csv", "Center,Left,Right,Answer\n"+c.rows)
			m, err := ReadMapping([]byte(mapping + c.more))
			if err != nil {
				t.Fatal(err)
			}
			plan, err := Understand(layout(files), m)
			if err != nil {
				t.Fatal(err)
			}
			if c.problem != "" {
				if len(plan.Problems) == 0 || !strings.Contains(plan.Problems.Error(), c.problem) {
					t.Errorf("problems %v, want %q", plan.Problems, c.problem)
				}
				return
			}
			var votes []string
			for _, v := range plan.Votes {
				votes = append(votes, fmt.Sprintf("%d:%d", v.Votes[0], v.Votes[1]))
			}
			if got := strings.Join(votes, " "); got != c.votes || len(plan.Problems) > 0 {
				t.Errorf("votes %q, problems %v; want %q", got, plan.Problems, c.votes)
			}
		})
	}
}

// TestVotesAsTriplets: the picture with more votes is the related one.
func TestVotesAsTriplets(t *testing.T) {
	files := holding(pictures("a", "b", "c"), "t.csv", "target,left,right,left_votes,right_votes\na,b,c,1,6\nb,a,c,4,3\nc,a,b,2,2\n")
	m, err := ReadMapping([]byte("task = 'related'\n[triplets]\nfile = 't.csv'"))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Understand(layout(files), m)
	if err != nil || len(plan.Problems) > 0 {
		t.Fatal(err, plan.Problems)
	}
	got := fmt.Sprint(lines(plan))
	if want := "[1 a.png c.png b.png 2 b.png a.png c.png]"; strings.ReplaceAll(got, " NaN NaN", "") != want || !strings.Contains(strings.Join(plan.Notes, ""), "1 rows with equal votes") {
		t.Errorf("triplets %s, notes %q; want %s", got, plan.Notes, want)
	}
}

// TestNotes: what a user must know that is no fault.
func TestNotes(t *testing.T) {
	nights := formFiles(t, "nights")
	nights["data.csv"] = strings.Replace(nights["data.csv"], ",7,ref", ",5,ref", 2)
	if problems, notes := problemsOf(t, "", nights); problems != "" || !strings.Contains(notes, "2 of 12 rows have fewer than 6 votes") {
		t.Errorf("NIGHTS: problems %q, notes %q", problems, notes)
	}
	if _, notes := problemsOf(t, "[triplets]\nmin_votes = 6", nights); !strings.Contains(notes, "2 rows with fewer than 6 votes are left out") {
		t.Errorf("NIGHTS with min_votes: notes %q", notes)
	}
	jspsych := strings.Replace(jspsychMapping, "where = {part = 'main'}", "file = 'data.json'", 1)
	if problems, notes := problemsOf(t, jspsych, formFiles(t, "jspsych-json")); problems != "" || !strings.Contains(notes, "1 rows without an answer are left out") {
		t.Errorf("jsPsych without a filter: problems %q, notes %q", problems, notes)
	}
	const things = "task = 'odd-one-out'\n[triplets]\nfile = 'data1854_batch5_test10.txt'\nno_header = true\nnames = 'names.txt'\n"
	files := holding(holding(pictures(animals...), "names.txt", strings.Join(animals, "\n")), "data1854_batch5_test10.txt", "0 1 2\n3 4 5\n6 7 9\n")
	if _, notes := problemsOf(t, things, files); !strings.Contains(notes, "warning: these are numbers of THINGS'") {
		t.Errorf("THINGS of 2020: notes %q", notes)
	}
	// In the embedding pairs of neighbours are alike: the odd one is last in the right order.
	files["vectors.txt"] = "9 0 0\n9 0 0\n0 1 0\n0 9 0\n0 9 0\n0 0 1\n0 0 9\n0 0 9\n1 0 0\n1 0 0\n"
	if _, notes := problemsOf(t, things+"embedding = 'vectors.txt'\n", files); !strings.Contains(notes, "left over in 100.0 % of 3 rows") {
		t.Errorf("with an embedding: notes %q", notes)
	}
	files["order.txt"] = "2\n1\n3\n4\n5\n6\n7\n8\n9\n10\n"
	odds, problems := oddsOf(t, things+"index_map = 'order.txt'\n", files)
	if odds != "cat fox jay" || problems != "" {
		t.Errorf("with a map: odd %q, problems %q", odds, problems)
	}
	files["order.txt"] = "2\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
	if problems, _ := problemsOf(t, things+"index_map = 'order.txt'\n", files); !strings.Contains(problems, "must hold each number of the 10 names once") {
		t.Errorf("with a map that is none: problems %q", problems)
	}
}

// TestMatrixIsRatings: a matrix and ratings of all pairs are the same set.
func TestMatrixIsRatings(t *testing.T) {
	square := holding(pictures("a", "b", "c"), "p.csv", ",a,b,c\na,0,1,2\nb,1,0,3\nc,2,3,0\n")
	rows := holding(pictures("a", "b", "c"), "j.csv", "rater,picture_a,picture_b,value\np,a,b,1\np,c,a,2\np,b,c,3\n")
	var sets [2]*stimuli.Set
	for i, c := range []struct {
		files   map[string]string
		mapping string
	}{{square, "task = 'matrix'\n[judgements]\nfile = 'p.csv'\nvalues = 'dissimilarity'"}, {rows, "task = 'matrix'\n[judgements]\nfile = 'j.csv'\nvalues = 'dissimilarity'"}} {
		sets[i] = readBack(t, c.files, c.mapping)
	}
	if a, b := fmt.Sprint(*sets[0].Matrices), fmt.Sprint(*sets[1].Matrices); a != b || a != "{[p] [[1 2 3]] false}" {
		t.Errorf("%s and %s", a, b)
	}
}
