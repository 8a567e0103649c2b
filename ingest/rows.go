package ingest

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

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
	r.mapping.Triplets.Headless = r.mapping.Triplets.Headless || strings.EqualFold(path.Ext(r.mapping.Triplets.File), ".npy")
	s := readSheet(r.source, r.mapping.Triplets.Table, &r.problems)
	if s == nil {
		return
	}
	r.mapping.Triplets.defaults(s, r.mapping.Task)
	t := &r.mapping.Triplets
	columns := t.columns()
	named := []string{}
	for _, c := range columns {
		named = append(named, c[1])
	}
	if !s.want(&r.problems, named...) {
		return
	}
	for _, name := range s.header {
		if name != "" && !slices.Contains(named, name) && !t.Headless {
			r.tags = append(r.tags, name)
		}
	}
	r.previewSheet("triplets", s, columns)
	if len(s.rows) == 0 {
		r.problems.add(stimuli.Place{File: s.file}, "has no rows")
	}
	reading, ok := r.readOdd(s)
	if !ok {
		return
	}
	ids := map[string]stimuli.Place{}
	for i, row := range s.rows {
		if r.mapping.Task == string(stimuli.OddOneOut) {
			r.addOdd(s, row, reading)
			continue
		}
		r.tripletsOf(s, row, strconv.Itoa(i+1), reading, ids)
	}
}

// defaults fills in akin's own names of columns that the table has.
func (t *Triplets) defaults(s *sheet, task string) {
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
	if t.Headless && len(t.Items) == 0 && t.Target == "" && t.Related == "" && len(t.Unrelated) == 0 {
		if t.Names != "" || t.Odd != "" || task == string(stimuli.OddOneOut) {
			t.Items = []string{"1", "2", "3"}
		} else {
			t.Target, t.Related, t.Unrelated = "1", "2", []string{"3"}
		}
	}
	if len(t.Items) == 0 {
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
	own(&t.Relation, "relation")
	own(&t.Distractor, "distractor")
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
func (r *reader) tripletsOf(s *sheet, row record, number string, reading oddReading, ids map[string]stimuli.Place) {
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
	made, placed := r.sides(s, row, base, reading)
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
func (r *reader) sides(s *sheet, row record, base Triplet, reading oddReading) ([]Triplet, bool) {
	t := &r.mapping.Triplets
	if len(t.Items) == 3 {
		items, ok := r.odd(s, row, reading)
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
	ok := r.place(s, row, t.Target, t.TargetLabel, "", 0, &base)
	ok = r.place(s, row, t.Related, t.RelatedLabel, t.RatingRelated, 1, &base) && ok
	var made []Triplet
	for i, column := range t.Unrelated {
		if len(t.Unrelated) > 1 && s.cell(row, column) == "" {
			continue // rows may have fewer unrelated pictures than others
		}
		next := base
		ok = r.place(s, row, column, at(t.UnrelatedLabel, i), at(t.RatingUnrelated, i), 2, &next) && ok
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
func (r *reader) place(s *sheet, row record, column, label, rating string, role int, t *Triplet) bool {
	f, err := r.pictures.find(s.cell(row, column))
	if err != nil {
		r.problems.add(s.at(row), "%s: %v", column, err)
		return false
	}
	f.used = true
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
