package ingest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// faultyPlan is of tables and pictures with every kind of fault.
func faultyPlan(t *testing.T) *Plan {
	t.Helper()
	m, err := ReadMapping([]byte(`
rating_min = 1
rating_max = 7
triplets = {file = 't.csv'}
ratings = {file = 'means.csv', related = 'rel', unrelated = 'unrel'}
judgements = {file = 'j.csv', id = 'id'}
`))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Understand(layout(map[string]string{
		"t.csv": "id,target,related,unrelated,relation,distractor,rating_related\n" +
			"ok,p/a.png,p/b.png,p/c.png,,,\n" + // 2
			"gone,p/a.png,p/x.png,p/c.png,,,\n" + // 3
			"ok,p/a.png,p/b.png,p/c.png,,,\n" + // 4
			",p/a.png,p/b.png,p/c.png,,,\n" + // 5
			"kin,p/a.png,p/b.png,p/c.png,kin,texture,\n" + // 6
			"twin,p/a.png,p/b.png,p/twin.png,,,\n" + // 7
			"bad,p/a.png,p/bad.png,p/c.png,,,\n" + // 8
			"two,p/a.png,same,p/c.png,,,\n" + // 9
			"high,p/a.png,p/b.png,p/c.png,,,9\n" + // 10
			"word,p/a.png,p/b.png,p/c.png,,,much\n" + // 11
			"short,p/a.png\n" + // 12
			"none,p/a.png,p/b.png,,,,\n", // 13
		"means.csv": "id,rel,unrel\nok,5,1\nok,5,1\nnobody,5,1\n",
		"j.csv":     "rater,id,role,value\nr,ok,related,3\nr,ok,related,3\nr,ok,sideways,3\nr,none such,related,3\n,ok,unrelated,3\nq,ok,related,0\n",
		"p/a.png":   "", "p/b.png": "", "p/c.png": "", "p/bad.png": "no picture", "p/same.png": "", "q/same.png": "", "p/lonely.png": "",
		"p/twin.png": string(picturePNG(2)), // what layout makes of p/a.png
	}), m)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestEveryFaultAtOnce(t *testing.T) {
	plan := faultyPlan(t)
	var got []string
	for _, p := range plan.Problems {
		got = append(got, p.String())
	}
	for _, want := range []string{
		`t.csv:3: related: there is no picture "p/x.png"`,
		`t.csv:4: id "ok" stands already at t.csv:2`,
		`t.csv:5: column "id", the id, is empty`,
		`t.csv:6: relation "kin" is unknown`,
		`t.csv:6: distractor "texture" is unknown`,
		`t.csv:7: target and unrelated of triplet "twin" are the same picture`,
		`t.csv:8: triplet "bad" has a picture that akin cannot read`,
		`t.csv:9: related: picture "same" may be "p/same.png" or "q/same.png"`,
		`t.csv:10: rating_related: 9 is above the scale`,
		`t.csv:11: rating_related: "much" is not a number`,
		`t.csv:12: has 2 cells, the header 7`,
		`t.csv:13: unrelated: names no picture`,
		`means.csv:3: id: "ok" was rated already on line 2`,
		`means.csv:4: id: there is no triplet "nobody"`,
		`j.csv:3: r rated this pair already on line 2`,
		`j.csv:4: role: "sideways" is not related or unrelated`,
		`j.csv:5: id: there is no triplet "none such"`,
		`j.csv:6: names no rater`,
		`j.csv:7: value: 0 is below the scale`,
		`p/bad.png: is no picture that akin reads`,
	} {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, want) }) {
			t.Errorf("no problem begins with %s", want)
		}
	}
	if got := lines(plan); len(got) != 1 || got[0] != "ok p/a.png p/b.png p/c.png 5 1" {
		t.Errorf("triplets %q, want the one without a fault", got)
	}
	if t.Failed() {
		t.Log(strings.Join(got, "\n"))
	}
	if diff := cmp.Diff([]string{"p/lonely.png", "p/same.png"}, plan.Unused); diff != "" {
		t.Errorf("unused (-want +got):\n%s", diff)
	}
}

// TestFaultyImportIsRefused proves that faults stop an import unless they are accepted.
func TestFaultyImportIsRefused(t *testing.T) {
	plan := faultyPlan(t)
	parent := t.TempDir()
	out := filepath.Join(parent, "set")
	if err := plan.Write(out, false); !errors.Is(err, ErrUnplaced) {
		t.Errorf("error %v, want ErrUnplaced", err)
	}
	if entries, _ := os.ReadDir(parent); len(entries) > 0 {
		t.Errorf("a refused import left %v", entries)
	}
	if err := plan.Write(out, true); err != nil {
		t.Fatal(err)
	}
	report, err := os.ReadFile(filepath.Join(out, reportFile))
	if err != nil || bytes.Count(report, []byte("\n")) != len(plan.Problems)+1 {
		t.Errorf("want a report of %d problems, got, with error %v:\n%s", len(plan.Problems), err, report)
	}
	if err := plan.Write(out, true); !errors.Is(err, ErrExists) {
		t.Errorf("over a set: error %v, want ErrExists", err)
	}
}

func TestFaultyOddOnes(t *testing.T) {
	m := Mapping{Triplets: Triplets{Table: Table{File: "t.csv"}, Items: []string{"i", "j", "k"}, Odd: "odd"}}
	plan, err := Understand(layout(map[string]string{
		"a.png": "", "b.png": "", "c.png": "", "t.csv": "i,j,k,odd\na,b,c,d\na,b,gone,3\na,b,c,4\na,b,c,c\n",
	}), m)
	if err != nil {
		t.Fatal(err)
	}
	want := `t.csv:2: odd: "d" is neither one of the items nor 1, 2 or 3
t.csv:3: k: there is no picture "gone"
t.csv:4: odd: "4" is neither one of the items nor 1, 2 or 3`
	if diff := cmp.Diff(want, plan.Problems.Error()); diff != "" || len(plan.Triplets) != 2 {
		t.Errorf("%d triplets; problems (-want +got):\n%s", len(plan.Triplets), diff)
	}
}

func TestFaultyGroups(t *testing.T) {
	m := Mapping{Pictures: Pictures{Patterns: []string{"{id}-{role}*.png"}}}
	plan, err := Understand(layout(map[string]string{
		"1-target.png": "", "1-related.png": "", "2-target.png": "", "2-target-b.png": "", "2-related.png": "", "2-unrelated.png": "", "3.png": "",
	}), m)
	if err != nil {
		t.Fatal(err)
	}
	want := `1-target.png: id "1" has no unrelated picture
2-target-b.png: id "2" has 2 target pictures: "2-target-b.png" or "2-target.png"
3.png: belongs to no triplet: no pattern fits its name`
	if diff := cmp.Diff(want, plan.Problems.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if err := plan.Write(filepath.Join(t.TempDir(), "set"), true); !errors.Is(err, ErrNothing) {
		t.Errorf("error %v, want ErrNothing", err)
	}
}

func TestMappingsThatCannotBeMeant(t *testing.T) {
	for text, want := range map[string]string{
		"name = 'x'\nrole = {}":                       `line 2: key "role" is unknown`,
		"name = ":                                     "line 1:",
		"roles = {cue = 'first'}":                     `role cue = "first" is not target, related, unrelated`,
		"ignore = ['[']":                              `pattern "["`,
		"triplets = {items = ['a']}":                  "items names 1 columns",
		"pictures = {patterns = ['{id}_{rule}.png']}": "group {rule} is unknown",
		"pictures = {patterns = ['{id}_{id}.png']}":   "group {id} stands twice",
		"rating_min = 5\nrating_max = 2":              "rating_min 5 is not below rating_max 2",
		"":                                            "what makes a triplet is not said",
		"pictures = {patterns = ['{id}/{role}.jpg']}": "none of 1 pictures fits",
		"triplets = {unrelated = ['a','b'], rating_unrelated = ['c','d','e']}": "rating_unrelated names 3 columns, unrelated 2",
	} {
		m, err := ReadMapping([]byte(text))
		if err == nil {
			_, err = Understand(layout(map[string]string{"a.png": ""}), m)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", text, err, want)
		}
	}
}
