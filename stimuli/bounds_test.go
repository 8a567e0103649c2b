package stimuli

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestRowsAreBounded: a quote that is never closed, and lines that never end, are
// refused before the whole file is one cell.
func TestRowsAreBounded(t *testing.T) {
	const head = "id,target,related,unrelated\n"
	long := strings.Repeat("x", maxRow)
	for name, text := range map[string]string{
		"a header without end": long + long,
		"a line without end":   head + long + long,
		"a quote without end":  head + "1,a,b,c\n\"" + strings.Repeat("a,b,c,d\n", maxRow/4),
	} {
		var problems Problems
		table, _ := readTable(fstest.MapFS{"t.csv": {Data: []byte(text)}}, "t.csv", &problems, tripletColumns)
		if len(problems) != 1 || !strings.Contains(problems[0].What, "has a row of more than") {
			t.Errorf("%s: %v", name, problems)
		}
		if table != nil && len(table.rows) > 1 {
			t.Errorf("%s: %d rows were read", name, len(table.rows))
		}
	}
}

// TestProblemsAreBounded: millions of faulty rows are a thousand problems, and a key
// and a description of a megabyte are not quoted or read whole.
func TestProblemsAreBounded(t *testing.T) {
	var problems Problems
	rows := "id,target,related,unrelated\n" + strings.Repeat("x,y\n", 5*mostListed)
	readTable(fstest.MapFS{"t.csv": {Data: []byte(rows)}}, "t.csv", &problems, tripletColumns)
	if len(problems) != mostListed+1 || !strings.Contains(problems[mostListed].What, "more problems") {
		t.Errorf("%d problems", len(problems))
	}
	for want, toml := range map[string]string{
		`..." is unknown`:      "name = 'x'\nversion = '1'\n" + strings.Repeat("a.", 100_000) + "a = 1",
		"the limit is 1048576": strings.Repeat("#", 2<<20),
	} {
		_, err := Read(fstest.MapFS{"set.toml": {Data: []byte(toml)}, "triplets.csv": {Data: []byte("id\n")}}, nil, Options{})
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 1000 {
			t.Errorf("error %.500v, want %q", err, want)
		}
	}
}
