package ingest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/stimuli"
)

// readLabels reads the table of labels.
func (r *reader) readLabels() {
	t := &r.mapping.Labels
	if t.File == "" {
		return
	}
	s := readSheet(r.source, t.Table, &r.problems)
	if s == nil {
		return
	}
	t.Path, t.Label = cmp.Or(t.Path, "path"), cmp.Or(t.Label, "label")
	if !s.want(&r.problems, t.Path, t.Label) {
		return
	}
	r.previewSheet("labels", s, [][2]string{{"path", t.Path}, {"label", t.Label}})
	seen := map[*pictureFile]int{}
	for _, row := range s.rows {
		f, err := r.pictures.find(s.cell(row, t.Path))
		switch {
		case err != nil:
			r.problems.add(s.at(row), "%s: %v", t.Path, err)
		case seen[f] > 0:
			r.problems.add(s.at(row), "%s: picture %q has a label already on line %d", t.Path, f.path, seen[f])
		default:
			f.label, seen[f] = s.cell(row, t.Label), row.line
		}
	}
}

// readTriplets reads the table of triplets.
func (r *reader) readTriplets() {
	t := &r.mapping.Triplets
	t.Headless = t.Headless || isArray(t.File)
	s := readSheet(r.source, t.Table, &r.problems)
	if s == nil || !r.recognise(s) {
		return
	}
	t.defaults(s, stimuli.Task(r.mapping.Task))
	columns := t.columns()
	named := []string{}
	for _, c := range columns {
		named = append(named, c[1])
	}
	if !s.want(&r.problems, named...) {
		if id := stimuli.MissingColumn(s.file, "id", s.header); t.ID == "" && id.Meant != "" {
			r.problems = append(r.problems, id) // rows get numbers without it; here it is asked for with the others
		}
		return
	}
	for _, name := range s.header {
		known := slices.Contains(named, name) && name != t.Rater // triplets have no raters of their own
		if name != "" && !known && !t.Headless {
			r.tags = append(r.tags, name)
		}
	}
	r.previewSheet("triplets", s, columns)
	if len(s.rows) == 0 {
		r.problems.add(stimuli.Place{File: s.file}, "has no rows")
	}
	how, ok := r.read(s)
	if !ok {
		return
	}
	r.compareEmbedding(s, how)
	ids := map[string]stimuli.Place{}
	if r.mapping.task() == stimuli.OddOneOut {
		r.plan.Odd = make([]OddRow, 0, len(s.rows))
	}
	for i, row := range s.rows {
		s.rows[i].cells = nil // read for the last time: of millions of rows both forms would be held
		switch r.mapping.task() {
		case stimuli.OddOneOut:
			r.addOdd(s, row, how)
		case stimuli.Votes:
			r.addVotes(s, row, how)
		default:
			r.tripletsOf(s, row, strconv.Itoa(i+1), how, ids)
		}
	}
	r.noteRows()
}

// defaults fills in akin's own names of columns that the table has.
func (t *Triplets) defaults(s *sheet, task stimuli.Task) {
	own := func(column *string, name string) {
		if *column == "" && s.has(name) {
			*column = name
		}
	}
	owns := func(columns *[]string, name string) {
		if len(*columns) == 0 && s.has(name) {
			*columns = []string{name}
		}
	}
	plain := !t.namesColumns()
	sides := task == stimuli.Votes || t.Left != "" || t.Related == "" && len(t.Items)+len(t.Unrelated) == 0 && s.has("left") && s.has("right") && !s.has("related")
	switch {
	case t.Headless && plain && sides:
		t.Target, t.Left, t.Right, t.LeftVotes, t.RightVotes = "1", "2", "3", "4", "5"
	case t.Headless && plain && (t.Names != "" && task == "" || t.Odd != "" || task == stimuli.OddOneOut):
		t.Items = []string{"1", "2", "3"}
	case t.Headless && plain:
		t.Target, t.Related, t.Unrelated = "1", "2", []string{"3"}
	case sides:
		t.Target, t.Left, t.Right = cmp.Or(t.Target, "target"), cmp.Or(t.Left, "left"), cmp.Or(t.Right, "right")
		if own(&t.Chosen, "chosen"); t.Chosen == "" {
			t.LeftVotes, t.RightVotes = t.voteColumns()
		}
	}
	if len(t.Items) == 0 && !sides {
		// These columns are required, so they keep their names even where the table lacks them.
		t.Target, t.Related = cmp.Or(t.Target, "target"), cmp.Or(t.Related, "related")
		if len(t.Unrelated) == 0 {
			t.Unrelated = []string{"unrelated"}
		}
		own(&t.TargetLabel, "target_label")
		own(&t.RelatedLabel, "related_label")
		own(&t.RatingRelated, "rating_related")
		if len(t.Unrelated) == 1 {
			owns(&t.UnrelatedLabel, "unrelated_label")
			owns(&t.RatingUnrelated, "rating_unrelated")
		}
	}
	own(&t.ID, "id")
	own(&t.Rater, "rater")
	own(&t.Relation, "relation")
	own(&t.Distractor, "distractor")
}

// voteColumns are the columns of votes: both, or of shares that one of the right side.
func (t *Triplets) voteColumns() (left, right string) {
	if t.LeftVotes == "" && t.RightVotes != "" {
		return "", t.RightVotes
	}
	return cmp.Or(t.LeftVotes, "left_votes"), cmp.Or(t.RightVotes, "right_votes")
}

// columns are pairs of akin's name and the table's.
func (t *Triplets) columns() [][2]string {
	var list [][2]string
	add := func(name string, columns ...string) {
		for _, c := range columns {
			if c != "" {
				list = append(list, [2]string{name, c})
			}
		}
	}
	add("id", t.ID)
	add("target", t.Target)
	add("related", t.Related)
	add("unrelated", t.Unrelated...)
	add("left", t.Left)
	add("right", t.Right)
	add("chosen", t.Chosen)
	add("left_votes", t.LeftVotes)
	add("right_votes", t.RightVotes)
	if _, err := strconv.Atoi(t.Votes); err != nil {
		add("votes", t.Votes)
	}
	add("item", t.Items...)
	add("odd", t.Odd)
	add("rater", t.Rater)
	add("relation", t.Relation)
	add("distractor", t.Distractor)
	add("target_label", t.TargetLabel)
	add("related_label", t.RelatedLabel)
	add("unrelated_label", t.UnrelatedLabel...)
	add("rating_related", t.RatingRelated)
	add("rating_unrelated", t.RatingUnrelated...)
	return list
}

// tripletsOf makes the triplets of one row: one for each unrelated picture, or
// the two directions of an odd-one-out row.
func (r *reader) tripletsOf(s *sheet, row record, number string, how reading, ids map[string]stimuli.Place) {
	t, at := &r.mapping.Triplets, s.at(row)
	id := number
	if t.ID != "" {
		if id = s.cell(row, t.ID); id == "" {
			r.problems.add(at, "column %q, the id, is empty", t.ID)
			return
		}
	}
	base := Triplet{ID: id, Ratings: unrated(), Tags: map[string]string{}, At: at}
	for _, tag := range r.tags {
		base.Tags[tag] = s.cell(row, tag)
	}
	var relation, distractor bool
	base.Relation, relation = r.value(at, "relation", s.cell(row, t.Relation))
	base.Distractor, distractor = r.value(at, "distractor", s.cell(row, t.Distractor))
	made, placed := r.sides(s, row, base, how)
	if !relation || !distractor || !placed {
		return
	}
	for i := range made {
		if len(made) > 1 {
			made[i].ID, made[i].Cluster = fmt.Sprintf("%s-%d", id, i+1), id
		}
		r.add(made[i], ids)
	}
}

// sides fills in the pictures of a row, their labels and ratings.
func (r *reader) sides(s *sheet, row record, base Triplet, how reading) ([]Triplet, bool) {
	t := &r.mapping.Triplets
	if len(t.Items) == 3 {
		items, ok := r.odd(s, row, how)
		if !ok {
			return nil, false
		}
		one, other := base, base
		for i, f := range items {
			one.Pictures[i], one.Labels[i] = f.path, f.label
		}
		other.Pictures = [3]string{one.Pictures[1], one.Pictures[0], one.Pictures[2]}
		other.Labels = [3]string{one.Labels[1], one.Labels[0], one.Labels[2]}
		return []Triplet{one, other}, true
	}
	if t.Left != "" {
		return r.winner(s, row, base, how)
	}
	ok := r.place(s, row, how, t.Target, t.TargetLabel, "", 0, &base)
	ok = r.place(s, row, how, t.Related, t.RelatedLabel, t.RatingRelated, 1, &base) && ok
	var made []Triplet
	for i, column := range t.Unrelated {
		if len(t.Unrelated) > 1 && s.cell(row, column) == "" {
			continue // rows may have fewer unrelated pictures than others
		}
		next := base
		ok = r.place(s, row, how, column, at(t.UnrelatedLabel, i), at(t.RatingUnrelated, i), 2, &next) && ok
		made = append(made, next)
	}
	if len(made) == 0 {
		r.problems.add(s.at(row), "has no unrelated picture")
	}
	return made, ok && len(made) > 0
}

// at is the i-th name, empty where there are fewer.
func at(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return ""
}

// place reads one picture of a row with its label and rating.
func (r *reader) place(s *sheet, row record, how reading, column, label, rating string, role int, t *Triplet) bool {
	f := r.pictureOf(s, row, column, how.numbering)
	if f == nil {
		return false
	}
	t.Pictures[role] = f.path
	if t.Labels[role] = s.cell(row, label); label == "" {
		t.Labels[role] = f.label
	}
	if role == 0 || rating == "" {
		return true
	}
	v, ok := r.rating(s, row, rating)
	t.Ratings[role-1] = v
	return ok
}
