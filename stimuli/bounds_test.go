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
