package stimuli

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one fault of a set, at a place where its author can mend it.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"` // 0: the whole file
	What string `json:"what"`

	// Column is one of akin's that the file lacks, Meant the one of the file that
	// probably is it under another name; empty elsewhere.
	Column string `json:"column,omitempty"`
	Meant  string `json:"meant,omitempty"`
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.What
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What)
}

// Problems is every fault found in a set, all at once. It is the error that
// Read returns for a set that could be read but not used.
type Problems []Problem

// MissingColumn is a column that a file with another header lacks.
func MissingColumn(file, column string, header []string) Problem {
	p := Problem{File: file, Line: 1, Column: column, What: fmt.Sprintf("column %q is missing; the header has %s", column, strings.Join(header, ", "))}
	for _, name := range header {
		if slices.Contains(otherNames[column], plainColumn(name)) {
			p.Meant = name
			break
		}
	}
	return p
}

// otherNames are what studies call the columns of triplets.
var otherNames = map[string][]string{
	"id":        {"trial", "triplet", "item", "trial_id", "triplet_id", "item_id", "number", "no", "nr"},
	"target":    {"anchor", "cue", "standard", "reference", "probe", "sample", "query", "base", "object", "prime", "stimulus"},
	"related":   {"match", "matched", "positive", "associate", "relative", "same", "similar", "correct", "related_object"},
	"unrelated": {"foil", "negative", "lure", "distractor_object", "different", "dissimilar", "incorrect", "control", "nonmatch", "non_match", "mismatch", "unrelated_object"},
}

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// mostListed bounds the problems of a set: a table that was understood wrongly has one
// in each of its millions of rows.
const mostListed = 1000

func (ps *Problems) add(file string, line int, format string, args ...any) {
	switch n := len(*ps); {
	case n < mostListed:
		*ps = append(*ps, Problem{File: file, Line: line, What: fmt.Sprintf(format, args...)})
	case n == mostListed:
		*ps = append(*ps, Problem{File: file, What: "has more problems; they are listed once those before them are mended"})
	}
}

// sorted orders problems by file and line, as an editor would walk them.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return ps
}
