package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/stimuli"
)

// Ways in which a column tells one of a row's items, see Triplets.OddIs and ChosenIs.
const (
	answerItem  = "item"  // it repeats the item
	answerSide  = "side"  // left or right
	answerPlace = "place" // the item's number, from 1
	answerIndex = "index" // the item's number, from 0

	itemOrPlace = "item or place" // some rows in the one way, some in the other
	itemOrIndex = "item or index"
)

// answer is a column that tells one of the items of each row.
type answer struct {
	column string
	items  []string // columns, in the order of their places
	is     string   // one of the ways
	key    string   // of the mapping, that says the way
}

// differing is the place of an answer that has two meanings.
const differing = -2

// place is that of the item that a row's answer tells in one of the ways, from 0;
// -1 where it tells none.
func (a answer) place(s *sheet, row record, way string) int {
	word := s.cell(row, a.column)
	number, err := strconv.ParseFloat(word, 64) // some programs write 1.0
	whole := err == nil && number == float64(int(number))
	among := func(first int) int {
		if n := int(number) - first; whole && 0 <= n && n < len(a.items) {
			return n
		}
		return -1
	}
	switch way {
	case answerItem:
		return slices.IndexFunc(a.items, func(column string) bool { return word != "" && s.cell(row, column) == word })
	case answerSide:
		return max(slices.Index([]string{"left", "right"}, strings.ToLower(word)), slices.Index([]string{"l", "r"}, strings.ToLower(word)))
	case answerPlace:
		return among(1)
	case answerIndex:
		return among(0)
	}
	item, other := a.place(s, row, answerItem), among(1)
	if way == itemOrIndex {
		other = among(0)
	}
	if item >= 0 && other >= 0 && item != other {
		return differing
	}
	return max(item, other)
}

// meanings say what each way is.
var meanings = map[string]string{
	answerItem: "repeat the item", answerSide: "say the side", answerPlace: "be its place, from 1", answerIndex: "be its place, from 0",
}

// decide finds the way that fits all rows. Where several fit and differ in any row,
// that is a problem: the wrong one gives a set without any fault to see. Rows that
// fit no way at all are problems by themselves.
func (r *reader) decide(s *sheet, a answer) (answer, bool) {
	if a.is != "" {
		return a, true
	}
	ways := []string{answerPlace, answerItem, answerIndex}
	if len(a.items) == 2 {
		ways = append(ways, answerSide)
	}
	var rows []record
	for _, row := range s.rows {
		if slices.ContainsFunc(ways, func(way string) bool { return a.place(s, row, way) >= 0 }) {
			rows = append(rows, row)
		}
	}
	for _, group := range [][]string{ways, {itemOrPlace, itemOrIndex}} {
		fits := slices.DeleteFunc(slices.Clone(group), func(way string) bool {
			return slices.ContainsFunc(rows, func(row record) bool { return a.place(s, row, way) == -1 })
		})
		if len(fits) == 0 {
			continue
		}
		if a.is = fits[0]; len(rows) == 0 {
			a.is = itemOrPlace
		}
		fits = slices.DeleteFunc(fits, func(way string) bool {
			return way != a.is && !slices.ContainsFunc(rows, func(row record) bool { return a.place(s, row, way) != a.place(s, row, a.is) })
		})
		if len(fits) > 1 && len(rows) > 0 {
			r.askWay(s, a, fits)
			return a, false
		}
		return a, true
	}
	a.is = itemOrPlace
	return a, true
}

// askWay is the question which of several ways is meant.
func (r *reader) askWay(s *sheet, a answer, ways []string) {
	var can, say []string
	for _, way := range ways {
		for _, single := range strings.Split(way, " or ") {
			if answer := fmt.Sprintf("%s = %q", a.key, single); !slices.Contains(say, answer) {
				can, say = append(can, meanings[single]), append(say, answer)
			}
		}
	}
	r.problems.add(stimuli.Place{File: s.file, Line: 1}, "column %q can %s, and these differ; say which: %s",
		a.column, strings.Join(can, " or "), strings.Join(say, " or "))
}

// told is the place of the item that a row tells. No answer is none; what cannot
// be one is a problem.
func (r *reader) told(s *sheet, row record, a answer) (place int, ok bool) {
	place = a.place(s, row, a.is)
	word := s.cell(row, a.column)
	switch {
	case place >= 0:
		return place, true
	case place == differing:
		r.problems.add(s.at(row), "%s: %q is one of the items and can be a place; say which: %s = %q or %[3]s = %[5]q", a.column, word, a.key, answerPlace, answerItem)
	case slices.Contains(missing, word):
		r.unanswered++
	default:
		from1, from0 := "1, 2 or 3", "0, 1 or 2"
		if len(a.items) == 2 {
			from1, from0 = "1 or 2", "0 or 1"
		}
		what := map[string]string{
			answerItem: "none of the items", answerSide: "neither left nor right", answerPlace: "no place: " + from1, answerIndex: "no place: " + from0,
			itemOrPlace: "neither one of the items nor " + from1, itemOrIndex: "neither one of the items nor " + from0,
		}
		r.problems.add(s.at(row), "%s: %q is %s", a.column, word, what[a.is])
	}
	return place, false
}
