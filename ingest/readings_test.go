package ingest

import (
	"fmt"
	"path"
	"strings"
	"testing"
)

// TestWrongReadings: tables that akin once read as something else are read right, or
// refused with what to say. The numbers are those of the cases that this rests on.
func TestWrongReadings(t *testing.T) {
	trials := func(ending string) map[string]string {
		files := map[string]string{}
		for _, role := range "trf" {
			for i := range 3 {
				files[fmt.Sprintf("%c%d%s", role, i, ending)] = ""
			}
		}
		return files
	}
	row := func(i int, separator, ending string) string {
		return strings.Join([]string{fmt.Sprintf("t%d%s", i, ending), fmt.Sprintf("r%d%s", i, ending), fmt.Sprintf("f%d%s", i, ending)}, separator)
	}
	rows := func(first, separator, ending string, more ...string) string {
		text := first
		for i := range 3 {
			text += row(i, separator, ending)
			if more != nil {
				text += separator + more[i]
			}
			text += "\n"
		}
		return text
	}
	animals := pictures("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibex", "jay")
	animals["names.txt"] = "ant\nbee\ncat\ndog\nelk\nfox\ngnu\nhen\nibex\njay\n"
	animals["t.txt"] = "1 2 3\n4 5 6\n7 8 9\n"
	const first = "t0 r0 f0" // the first triplet where all are read
	cases := []struct {
		name, mapping string
		files         map[string]string
		want, problem string
	}{
		{"I01 the odd one's place beside numbers of items", "[triplets]\nfile = 't.csv'\nitems = ['i1', 'i2', 'i3']\nodd = 'odd'",
			holding(pictures(numbered...), "t.csv", "i1,i2,i3,odd\n5,6,7,2\n3,8,9,3\n10,1,11,1\n2,12,4,3\n9,2,1,1\n"), "5 7 6", ""},
		{"I02 numbers from 1 that never reach the last name", "[triplets]\nfile = 't.txt'\nno_header = true\nnames = 'names.txt'", animals, "", "base = 0 or base = 1"},
		{"I02 answered", "[triplets]\nfile = 't.txt'\nno_header = true\nnames = 'names.txt'\nbase = 1", animals, "ant bee cat", ""},
		{"I03 codes of missing answers", "[triplets]\nfile = 't.csv'",
			holding(trials(".png"), "t.csv", rows("target,related,unrelated,rating_related\n", ",", ".png", "5", "-99", "6")), "", "t.csv:3: rating_related: -99 looks like a code for a missing answer"},
		{"I04 names of rows that R writes", "[triplets]\nfile = 't.txt'", holding(trials(".png"), "t.txt", "target related unrelated\n1 "+row(0, " ", ".png")+"\n2 "+row(1, " ", ".png")+"\n"), first, ""},
		{"I05 the separator that Excel writes", "[triplets]\nfile = 't.csv'", holding(trials(".png"), "t.csv", rows("sep=;\ntarget;related;unrelated\n", ";", ".png")), first, ""},
		{"I06 a comma between thousands", "[triplets]\nfile = 't.csv'",
			holding(trials(".png"), "t.csv", rows("target;related;unrelated;rating_related\n", ";", ".png", "1,200", "1,201", "1,202")), "", `t.csv:2: rating_related: "1,200" may be 1.2 or 1200`},
		{"I07 .JPG that a table calls .jpg", "[triplets]\nfile = 't.csv'", holding(trials(".JPG"), "t.csv", rows("target,related,unrelated\n", ",", ".jpg")), first, ""},
		{"I08 the answer to two alternatives in a column", "task = 'related'\n[triplets]\nfile = 't.csv'\ntarget = 'Center'\nleft = 'Left'\nright = 'Right'\nchosen = 'Answer'",
			holding(trials(".png"), "t.csv", "Center,Left,Right,Answer\nt0.png,f0.png,r0.png,r0.png\nt1.png,r1.png,f1.png,r1.png\n"), first, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			plan, err := tried(t, c.files, c.mapping)
			if err != nil {
				t.Fatal(err)
			}
			holdsReading(t, plan, c.want, c.problem)
		})
	}
}

// holdsReading holds the first triplet, or the problem, of a plan.
func holdsReading(t *testing.T, plan *Plan, want, problem string) {
	t.Helper()
	if problem != "" {
		if len(plan.Problems) == 0 || !strings.Contains(plan.Problems.Error(), problem) {
			t.Errorf("problems %v, want %s", plan.Problems, problem)
		}
		return
	}
	if len(plan.Problems) > 0 || len(plan.Triplets) == 0 {
		t.Fatalf("%d triplets, problems %v", len(plan.Triplets), plan.Problems)
	}
	var names []string
	for _, p := range plan.Triplets[0].Pictures {
		names = append(names, strings.TrimSuffix(p, path.Ext(p)))
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("first triplet %s, want %s", got, want)
	}
}
