package ingest

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/akin-vision/akin/stimuli"
)

// VoteRow is a triplet on which people voted: target, left and right picture.
type VoteRow struct {
	Pictures [3]string // paths in the source
	Votes    [2]int    // for left and right
	Rater    string
	At       stimuli.Place
}

// pictureColumns are those that name pictures.
func (t *Triplets) pictureColumns() []string {
	switch {
	case len(t.Items) == 3:
		return t.Items
	case t.Left != "":
		return []string{t.Target, t.Left, t.Right}
	}
	return append([]string{t.Target, t.Related}, t.Unrelated...)
}

// sideFiles are the target, left and right picture of a row.
func (r *reader) sideFiles(s *sheet, row record, how reading) (files [3]*pictureFile, ok bool) {
	ok = true
	for i, column := range r.mapping.Triplets.pictureColumns() {
		files[i] = r.pictureOf(s, row, column, how.numbering)
		ok = ok && files[i] != nil
	}
	return files, ok
}

// addVotes takes a row into a set of the task votes.
func (r *reader) addVotes(s *sheet, row record, how reading) {
	votes, voted := r.votes(s, row, how)
	if !voted {
		return
	}
	files, placed := r.sideFiles(s, row, how)
	rater, named := r.rater(s, row)
	if placed && named {
		r.plan.Votes = append(r.plan.Votes, VoteRow{[3]string{files[0].path, files[1].path, files[2].path}, votes, rater, s.at(row)})
	}
}

// winner makes a triplet of a row of votes: the picture with more votes is the related
// one. Rows with equal votes have none and are left out.
func (r *reader) winner(s *sheet, row record, base Triplet, how reading) ([]Triplet, bool) {
	votes, ok := r.votes(s, row, how)
	if !ok {
		return nil, false
	}
	files, ok := r.sideFiles(s, row, how)
	if !ok {
		return nil, false
	}
	if votes[0] == votes[1] {
		r.tied++
		return nil, false
	}
	if votes[1] > votes[0] {
		files[1], files[2] = files[2], files[1]
	}
	for i, f := range files {
		base.Pictures[i], base.Labels[i] = f.path, f.label
	}
	return []Triplet{base}, true
}

// votes are those for the left and the right picture of a row.
func (r *reader) votes(s *sheet, row record, how reading) (votes [2]int, ok bool) {
	t := &r.mapping.Triplets
	if t.Chosen != "" {
		side, ok := r.told(s, row, how.answer)
		if ok {
			votes[side] = 1
		}
		return votes, ok
	}
	left, right, total, err := r.shares(s, row)
	switch {
	case err != nil:
		r.problems.add(s.at(row), "%v", err)
		return votes, false
	case total < t.MinVotes:
		r.few++
		return votes, false
	case left+right == 0:
		r.unanswered++
		return votes, false
	}
	return [2]int{int(left), int(right)}, true
}

// shares reads numbers of votes: as they stand, or as shares of a total that a column
// or the mapping gives.
func (r *reader) shares(s *sheet, row record) (left, right, total float64, err error) {
	t := &r.mapping.Triplets
	if total, err = r.total(s, row); err != nil {
		return 0, 0, 0, err
	}
	if right, err = voteNumber(s, row, t.RightVotes); err != nil {
		return 0, 0, 0, err
	}
	if left = 1 - right; t.LeftVotes != "" {
		if left, err = voteNumber(s, row, t.LeftVotes); err != nil {
			return 0, 0, 0, err
		}
	}
	whole := left == math.Trunc(left) && right == math.Trunc(right)
	switch {
	case total == 0 && whole && t.LeftVotes != "":
		return left, right, left + right, nil
	case total == 0:
		return 0, 0, 0, fmt.Errorf("%s: %v is a share; say of how many votes: votes = a column or a number", t.RightVotes, right)
	case whole && left+right == total:
		return left, right, total, nil
	}
	l, v := math.Round(left*total), math.Round(right*total)
	if !nearlyWhole(left*total) || !nearlyWhole(right*total) || l+v != total {
		return 0, 0, 0, fmt.Errorf("%.4g for left and %.4g for right are neither numbers of %v votes nor shares of them", left, right, total)
	}
	return l, v, total, nil
}

// nearlyWhole reports whether a number is whole but for the rounding of shares when
// they are written, such as .667 of 3.
func nearlyWhole(v float64) bool { return math.Abs(v-math.Round(v)) < 0.02 }

var errOneNumber = errors.New("does not hold one number")

// total is the number of votes of a row, 0 where nothing says it.
func (r *reader) total(s *sheet, row record) (float64, error) {
	column := r.mapping.Triplets.Votes
	switch {
	case column == "":
		return 0, nil
	case s.has(column):
		return voteNumber(s, row, column)
	}
	n, err := strconv.Atoi(column)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("votes %q is neither a column nor a number of votes", column)
	}
	return float64(n), nil
}

func voteNumber(s *sheet, row record, column string) (float64, error) {
	word := s.cell(row, column)
	v, err := s.number(word, 0, math.Inf(1))
	if err != nil || v < 0 || math.IsNaN(v) {
		return 0, fmt.Errorf("%s: %q is no number of votes", column, word)
	}
	return v, nil
}

// noteRows says which rows were left out by rule.
func (r *reader) noteRows() {
	for _, n := range []struct {
		count int
		what  string
	}{
		{r.unanswered, "without an answer are left out"}, {r.tied, "with equal votes have no related picture and are left out"},
		{r.few, fmt.Sprintf("with fewer than %v votes are left out", r.mapping.Triplets.MinVotes)},
	} {
		if n.count > 0 {
			r.note("%d rows %s", n.count, n.what)
		}
	}
}

func (r *reader) note(format string, args ...any) {
	r.plan.Notes = append(r.plan.Notes, fmt.Sprintf(format, args...))
}
