package ingest

import (
	"slices"

	"github.com/akin-vision/akin/stimuli"
)

// Where the odd item stands in a row without a column that tells it, see
// Triplets.OddIs.
const (
	oddFirst = "first"
	oddLast  = "last"
)

// reading is how the rows of a table are read, decided for all of them at once.
type reading struct {
	numbering
	answer answer // of the odd item or the one chosen; without a column the last item is odd
}

// OddRow is one person's answer: three pictures, the odd one last.
type OddRow struct {
	Pictures [3]string // paths in the source
	Rater    string
	At       stimuli.Place
}

// read decides how a table of triplets, of odd-one-out rows or of votes is read.
func (r *reader) read(s *sheet) (how reading, ok bool) {
	t := &r.mapping.Triplets
	if how.numbering, ok = r.numberingOf(s, t.pictureColumns()); !ok {
		return how, false
	}
	r.jspsych(s)
	switch {
	case len(t.Items) == 3:
		how.answer, ok = r.oddAnswer(s)
	case t.Chosen != "":
		how.answer, ok = r.decide(s, answer{t.Chosen, []string{t.Left, t.Right}, t.ChosenIs, "chosen_is"})
	}
	return how, ok
}

// oddAnswer is how the odd item is told.
func (r *reader) oddAnswer(s *sheet) (answer, bool) {
	t := &r.mapping.Triplets
	head, by := stimuli.Place{File: s.file, Line: 1}, slices.Contains([]string{oddFirst, oddLast}, t.OddIs)
	switch {
	case t.Odd == "" && t.OddIs != "" && !by:
		r.problems.add(head, "odd_is %q says what a column has; name the column as odd", t.OddIs)
		return answer{}, false
	case t.Odd != "" && by:
		r.problems.add(head, "odd_is %q and the column %q both say which item is odd; leave one out", t.OddIs, t.Odd)
		return answer{}, false
	case t.Odd == "":
		return answer{is: t.OddIs}, true
	}
	return r.decide(s, answer{t.Odd, t.Items, t.OddIs, "odd_is"})
}

// odd returns the pictures of an odd-one-out row, the odd one last.
func (r *reader) odd(s *sheet, row record, how reading) (items [3]*pictureFile, ok bool) {
	odd := 2
	if how.answer.is == oddFirst {
		odd = 0
	}
	if how.answer.column != "" {
		if odd, ok = r.told(s, row, how.answer); !ok {
			return items, false
		}
	}
	ok = true
	order := []int{0, 1, 2}
	order = append(slices.Delete(order, odd, odd+1), odd)
	for i, from := range order {
		items[i] = r.pictureOf(s, row, r.mapping.Triplets.Items[from], how.numbering)
		ok = ok && items[i] != nil
	}
	return items, ok
}

// pictureOf is the picture that a cell names, nil with a problem where there is none.
func (r *reader) pictureOf(s *sheet, row record, column string, n numbering) *pictureFile {
	name, err := n.name(s.cell(row, column))
	var f *pictureFile
	if err == nil {
		f, err = r.pictures.find(name)
	}
	if err != nil {
		r.problems.add(s.at(row), "%s: %v", column, err)
		return nil
	}
	f.used = true
	return f
}

// addOdd takes a row into a set of the task odd-one-out.
func (r *reader) addOdd(s *sheet, row record, how reading) {
	items, ok := r.odd(s, row, how)
	if !ok {
		return
	}
	answer := OddRow{At: s.at(row)}
	for i, f := range items {
		answer.Pictures[i] = f.path
	}
	if answer.Rater, ok = r.rater(s, row); ok {
		r.plan.Odd = append(r.plan.Odd, answer)
	}
}

// rater is who answered, empty where no column tells.
func (r *reader) rater(s *sheet, row record) (string, bool) {
	column := r.mapping.Triplets.Rater
	rater := s.cell(row, column)
	if column != "" && rater == "" {
		r.problems.add(s.at(row), "column %q, the rater, is empty", column)
		return "", false
	}
	return rater, true
}

// dropRows drops rows of odd ones and votes that cannot stand.
func (r *reader) dropRows(hash map[string]stimuli.Hash) {
	faulty := func(pictures [3]string, at stimuli.Place) bool {
		a, b, c := hash[pictures[0]], hash[pictures[1]], hash[pictures[2]]
		switch none := (stimuli.Hash{}); {
		case a == none || b == none || c == none:
			r.problems.add(at, "shows a picture that akin cannot read")
		case a == b || a == c || b == c:
			r.problems.add(at, "shows the same picture twice: %q, %q, %q", pictures[0], pictures[1], pictures[2])
		default:
			return false
		}
		return true
	}
	r.plan.Odd = slices.DeleteFunc(r.plan.Odd, func(o OddRow) bool { return faulty(o.Pictures, o.At) })
	r.plan.Votes = slices.DeleteFunc(r.plan.Votes, func(v VoteRow) bool { return faulty(v.Pictures, v.At) })
}
