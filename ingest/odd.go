package ingest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
)

// What a row's odd item is told by, see Triplets.OddIs.
const (
	oddFirst = "first" // it stands first
	oddLast  = "last"
	oddItem  = "item"  // the column repeats it
	oddPlace = "place" // the column has its number among the three, from 1

	oddEither = "either" // some rows repeat it, others have its number
)

// oddReading is how a table of odd-one-out rows is to be read, decided for all of
// its rows at once.
type oddReading struct {
	is    string
	names []string // that numbers of items stand for; nil where items are named
	base  int      // the number of the first name
}

// OddRow is one person's answer: three pictures, the odd one last.
type OddRow struct {
	Pictures [3]string // paths in the source
	Rater    string
	At       stimuli.Place
}

// readOdd decides how odd-one-out rows are read. Where several readings are
// possible and differ, that is a problem: a wrong one gives a set without any
// fault to see.
func (r *reader) readOdd(s *sheet) (reading oddReading, ok bool) {
	t := &r.mapping.Triplets
	if len(t.Items) != 3 {
		return reading, true
	}
	if reading.names, ok = r.itemNames(); !ok {
		return reading, false
	}
	if reading.is, ok = r.oddIs(s); !ok {
		return reading, false
	}
	if reading.names != nil {
		reading.base, ok = r.numberBase(s, len(reading.names))
	}
	return reading, ok
}

// oddIs tells whether the column of the odd item has its place or repeats it.
func (r *reader) oddIs(s *sheet) (string, bool) {
	t := &r.mapping.Triplets
	head := stimuli.Place{File: s.file, Line: 1}
	switch {
	case t.Odd == "" && (t.OddIs == oddItem || t.OddIs == oddPlace):
		r.problems.add(head, "odd_is %q says what a column has; name the column as odd", t.OddIs)
		return "", false
	case t.Odd != "" && (t.OddIs == oddFirst || t.OddIs == oddLast):
		r.problems.add(head, "odd_is %q and the column %q both say which item is odd; leave one out", t.OddIs, t.Odd)
		return "", false
	case t.OddIs != "":
		return t.OddIs, true
	case t.Odd == "":
		return oddLast, true
	}
	places, items, differ := true, true, false
	for _, row := range s.rows {
		place, item := placeOf(s.cell(row, t.Odd)), r.itemOf(s, row)
		places, items, differ = places && place >= 0, items && item >= 0, differ || place != item
	}
	switch {
	case places && items && differ:
		r.problems.add(head, "column %q can be the place of the odd item (1 to 3) or repeat the item itself, and the two differ; say which: odd_is = %q or odd_is = %q", t.Odd, oddPlace, oddItem)
		return "", false
	case places:
		return oddPlace, true
	case items:
		return oddItem, true
	}
	return oddEither, true
}

// placeOf is a word as a place from 0, -1 where it is none.
func placeOf(word string) int {
	if n, err := strconv.Atoi(word); err == nil && 1 <= n && n <= 3 {
		return n - 1
	}
	return -1
}

// itemOf is the place of the item that the odd column repeats, -1 where none is
// repeated.
func (r *reader) itemOf(s *sheet, row record) int {
	t := &r.mapping.Triplets
	word := s.cell(row, t.Odd)
	return slices.IndexFunc(t.Items, func(column string) bool { return s.cell(row, column) == word })
}

// numberBase is the number of the first name. All numbers must be of names; where
// they could count from 0 or from 1, only the mapping can tell.
func (r *reader) numberBase(s *sheet, names int) (int, bool) {
	t := &r.mapping.Triplets
	if t.Base != nil {
		return *t.Base, true
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range s.rows {
		for _, column := range t.Items {
			if n, err := strconv.ParseFloat(s.cell(row, column), 64); err == nil {
				low, high = min(low, n), max(high, n)
			}
		}
	}
	switch {
	case low >= 1 && high == float64(names):
		return 1, true
	case low >= 1 && high < float64(names):
		r.problems.add(stimuli.Place{File: s.file}, "numbers of items run from %v to %v, and there are %d names: they may count from 0 or from 1; say which: base = 0 or base = 1", low, high, names)
		return 0, false
	}
	return 0, true
}

// itemNames reads the file of names that numbers of items stand for.
func (r *reader) itemNames() ([]string, bool) {
	file := r.mapping.Triplets.Names
	if file == "" {
		return nil, true
	}
	data, err := regular.Read(r.source, file, maxTable)
	if err != nil {
		r.problems.add(stimuli.Place{File: file}, "cannot be read: %v", err)
		return nil, false
	}
	if line, what := stimuli.CheckText(data); what != "" {
		r.problems.add(stimuli.Place{File: file, Line: line}, "%s", what)
		return nil, false
	}
	var names []string
	for line := range strings.Lines(string(data)) {
		names = append(names, strings.TrimSpace(line))
	}
	return names, true
}

// odd returns the pictures of an odd-one-out row, the odd one last.
func (r *reader) odd(s *sheet, row record, reading oddReading) (items [3]*pictureFile, ok bool) {
	t := &r.mapping.Triplets
	odd := 2
	switch reading.is {
	case oddFirst:
		odd = 0
	case oddPlace:
		odd = placeOf(s.cell(row, t.Odd))
	case oddItem:
		odd = r.itemOf(s, row)
	case oddEither:
		item, place := r.itemOf(s, row), placeOf(s.cell(row, t.Odd))
		if odd = max(item, place); item >= 0 && place >= 0 && item != place {
			r.problems.add(s.at(row), "%s: %q is one of the items and can be a place; say which: odd_is = %q or odd_is = %q", t.Odd, s.cell(row, t.Odd), oddPlace, oddItem)
			return items, false
		}
	}
	if odd < 0 {
		what := map[string]string{oddPlace: "no place: 1, 2 or 3", oddItem: "none of the items", oddEither: "neither one of the items nor 1, 2 or 3"}[reading.is]
		r.problems.add(s.at(row), "%s: %q is %s", t.Odd, s.cell(row, t.Odd), what)
		return items, false
	}
	ok = true
	order := []int{0, 1, 2}
	order = append(slices.Delete(order, odd, odd+1), odd)
	for i, from := range order {
		name, err := reading.item(s.cell(row, t.Items[from]))
		if err == nil {
			items[i], err = r.pictures.find(name)
		}
		if err != nil {
			r.problems.add(s.at(row), "%s: %v", t.Items[from], err)
			ok = false
			continue
		}
		items[i].used = true
	}
	return items, ok
}

// item is what a cell names: a picture, or the number of a name.
func (o oddReading) item(cell string) (string, error) {
	if o.names == nil {
		return cell, nil
	}
	n, err := strconv.ParseFloat(cell, 64) // lists of THINGS are saved as 1.0 by some programs
	if at := n - float64(o.base); err == nil && n == math.Trunc(n) && at >= 0 && at < float64(len(o.names)) {
		return o.names[int(at)], nil
	}
	return "", fmt.Errorf("%q is no number of a name, %d to %d", cell, o.base, o.base+len(o.names)-1)
}

// addOdd takes a row into a set of the task odd-one-out.
func (r *reader) addOdd(s *sheet, row record, reading oddReading) {
	items, ok := r.odd(s, row, reading)
	if !ok {
		return
	}
	t := &r.mapping.Triplets
	answer := OddRow{At: s.at(row)}
	for i, f := range items {
		answer.Pictures[i] = f.path
	}
	if t.Rater != "" {
		if answer.Rater = s.cell(row, t.Rater); answer.Rater == "" {
			r.problems.add(answer.At, "column %q, the rater, is empty", t.Rater)
			return
		}
	}
	r.plan.Odd = append(r.plan.Odd, answer)
}

// dropOdd drops rows that cannot stand.
func (r *reader) dropOdd(hash map[string]stimuli.Hash) {
	r.plan.Odd = slices.DeleteFunc(r.plan.Odd, func(o OddRow) bool {
		a, b, c := hash[o.Pictures[0]], hash[o.Pictures[1]], hash[o.Pictures[2]]
		switch none := (stimuli.Hash{}); {
		case a == none || b == none || c == none:
			r.problems.add(o.At, "shows a picture that akin cannot read")
		case a == b || a == c || b == c:
			r.problems.add(o.At, "shows the same picture twice: %q, %q, %q", o.Pictures[0], o.Pictures[1], o.Pictures[2])
		default:
			return false
		}
		return true
	})
}
