package ingest

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/akin-vision/akin/stimuli"
)

// readRatings adds mean ratings by triplet, and what else stands beside its id. A row
// counts for every triplet that was made of its id.
func (r *reader) readRatings() {
	t := &r.mapping.Ratings
	if t.File == "" {
		return
	}
	s := readSheet(r.source, t.Table, &r.problems)
	if s == nil {
		return
	}
	columns := t.defaults(s)
	var named []string
	for _, c := range columns {
		named = append(named, c[1])
	}
	if !s.want(&r.problems, named...) {
		return
	}
	for _, name := range t.Tags {
		if !slices.Contains(r.tags, name) {
			r.tags = append(r.tags, name)
		}
	}
	r.previewSheet("ratings", s, columns)
	byID := r.byID()
	seen := map[string]int{}
	for _, row := range s.rows {
		id := s.cell(row, t.ID)
		switch first := seen[id]; {
		case len(byID[id]) == 0:
			r.problems.add(s.at(row), "%s: %v", t.ID, noTriplet(id, byID))
		case first > 0:
			r.problems.add(s.at(row), "%s: %q was rated already on line %d", t.ID, id, first)
		default:
			seen[id] = row.line
			r.join(s, row, byID[id])
		}
	}
}

// defaults fills in akin's own names, and returns pairs of akin's name and the
// table's. Ratings are wanted unless something else is.
func (t *Ratings) defaults(s *sheet) [][2]string {
	t.ID = cmp.Or(t.ID, "id")
	own := func(column *string, name string, must bool) {
		if *column == "" && (must || s.has(name)) {
			*column = name
		}
	}
	other := t.Relation != "" || t.Distractor != "" || len(t.Tags) > 0
	own(&t.Related, "rating_related", !other || t.Unrelated != "")
	own(&t.Unrelated, "rating_unrelated", !other || t.Related != "")
	columns := [][2]string{{"id", t.ID}, {"rating_related", t.Related}, {"rating_unrelated", t.Unrelated}, {"relation", t.Relation}, {"distractor", t.Distractor}}
	for _, name := range t.Tags {
		columns = append(columns, [2]string{"tag", name})
	}
	return slices.DeleteFunc(columns, func(c [2]string) bool { return c[1] == "" })
}

// join adds what a row of the table of ratings says to the triplets of its id. What
// contradicts the table of triplets is a problem.
func (r *reader) join(s *sheet, row record, triplets []int) {
	t := &r.mapping.Ratings
	means, ok := unrated(), true
	for i, column := range []string{t.Related, t.Unrelated} {
		if column != "" {
			v, fine := r.rating(s, row, column)
			means[i], ok = v, ok && fine
		}
	}
	relation, known := r.value(s.at(row), "relation", s.cell(row, t.Relation))
	distractor, fine := r.value(s.at(row), "distractor", s.cell(row, t.Distractor))
	if !ok || !known || !fine {
		return
	}
	for _, i := range triplets {
		triplet := &r.plan.Triplets[i]
		if t.Related != "" {
			triplet.Ratings = means
		}
		r.fill(s.at(row), t.Relation, &triplet.Relation, relation)
		r.fill(s.at(row), t.Distractor, &triplet.Distractor, distractor)
		triplet.Tags = maps.Clone(triplet.Tags) // triplets of one row share theirs
		for _, name := range t.Tags {
			value := triplet.Tags[name]
			r.fill(s.at(row), name, &value, s.cell(row, name))
			triplet.Tags[name] = value
		}
	}
}

// fill puts a value where none stands yet.
func (r *reader) fill(at stimuli.Place, column string, old *string, value string) {
	switch {
	case value == "" || value == *old:
	case *old == "":
		*old = value
	default:
		r.problems.add(at, "%s: %q, but the table of triplets says %q", column, value, *old)
	}
}

// noTriplet says that no triplet has an id, and which one is the same number.
func noTriplet(id string, byID map[string][]int) error {
	for _, other := range slices.Sorted(maps.Keys(byID)) {
		if strings.TrimLeft(other, "0") == strings.TrimLeft(id, "0") {
			return fmt.Errorf("there is no triplet %q; did you mean %q? Spreadsheets drop zeros at the beginning: write ids as text", id, other)
		}
	}
	return fmt.Errorf("there is no triplet %q", id)
}

// byID lists the triplets by their ids and by the ids of the rows they were made of.
func (r *reader) byID() map[string][]int {
	byID := map[string][]int{}
	for i, t := range r.plan.Triplets {
		byID[t.ID] = append(byID[t.ID], i)
		if t.Cluster != "" && t.Cluster != t.ID {
			byID[t.Cluster] = append(byID[t.Cluster], i)
		}
	}
	return byID
}

// readJudgements reads single people's ratings.
func (r *reader) readJudgements() {
	t := &r.mapping.Judgements
	if t.File == "" {
		return
	}
	if !t.namesColumns() {
		before := len(r.problems)
		if matrices, are := r.matrixFiles(); are {
			r.readMatrices(matrices)
			return
		}
		r.problems = r.problems[:before] // the table is read again
	}
	s := r.ratingSheet()
	if s == nil {
		return
	}
	if t.Questions.File != "" {
		r.readAnswers(s)
		return
	}
	raters := t.defaults(s)
	columns := [][2]string{{"rater", t.Rater}, {"picture_a", t.PictureA}, {"picture_b", t.PictureB}, {"id", t.ID}, {"role", t.Role}, {"scale", t.Scale}, {"value", t.Value}}
	for _, name := range raters {
		columns = append(columns, [2]string{"value of rater", name})
	}
	columns = slices.DeleteFunc(columns, func(c [2]string) bool { return c[1] == "" })
	var named []string
	for _, c := range columns {
		named = append(named, c[1])
	}
	if len(t.Raters) > 0 && len(raters) == 0 {
		r.problems.add(stimuli.Place{File: s.file, Line: 1}, "no column fits raters %q; the header has %s", t.Raters, strings.Join(s.header, ", "))
		return
	}
	if !s.want(&r.problems, named...) {
		return
	}
	r.previewSheet("judgements", s, columns)
	by, byID := pairColumns{t.PictureA, t.PictureB, t.ID, t.Role}, r.byID()
	seen := map[string]int{}
	for _, row := range s.rows {
		pair, err := r.pair(s, row, by, byID)
		if err != nil {
			r.problems.add(s.at(row), "%v", err)
			continue
		}
		if len(t.Raters) == 0 {
			r.judge(s, row, s.cell(row, t.Rater), t.Value, s.cell(row, t.Scale), pair, seen)
		}
		for _, rater := range raters {
			r.judge(s, row, rater, rater, s.cell(row, t.Scale), pair, seen)
		}
	}
}

// namesColumns reports whether the mapping names columns, so that the table has rows
// of ratings.
func (t *Judgements) namesColumns() bool {
	return t.Rater != "" || t.Value != "" || len(t.Raters) > 0 || t.PictureA != "" || t.PictureB != "" || t.ID != "" || t.Questions.File != ""
}

// defaults fills in akin's own names, and returns the columns that are raters.
func (t *Judgements) defaults(s *sheet) (raters []string) {
	own := func(column *string, name string, must bool) {
		if *column == "" && (must || s.has(name)) {
			*column = name
		}
	}
	if len(t.Raters) == 0 {
		own(&t.Rater, "rater", true)
		own(&t.Value, "value", true)
	}
	own(&t.PictureA, "picture_a", t.ID == "")
	own(&t.PictureB, "picture_b", t.ID == "")
	if t.ID != "" {
		own(&t.Role, "role", true)
	}
	own(&t.Scale, "scale", false)
	named := []string{t.Rater, t.Value, t.PictureA, t.PictureB, t.ID, t.Role, t.Scale}
	for _, name := range s.header {
		if !slices.Contains(named, name) && slices.ContainsFunc(t.Raters, func(pattern string) bool { ok, _ := path.Match(pattern, name); return ok }) {
			raters = append(raters, name)
		}
	}
	return raters
}

// ratingSheet is the table of judgements, nil where it cannot be one of ratings.
func (r *reader) ratingSheet() *sheet {
	t := &r.mapping.Judgements
	s := readSheet(r.source, t.Table, &r.problems)
	switch {
	case s == nil:
	case r.mapping.task() == stimuli.Matrix && t.Values == "":
		r.problems.add(stimuli.Place{File: s.file}, "say whether its values are of similarity (larger is more alike) or dissimilarity: values = %q or values = %q", stimuli.Similarity, stimuli.Dissimilarity)
		return nil
	case r.mapping.task() != stimuli.Matrix && t.Values == stimuli.Dissimilarity:
		r.problems.add(stimuli.Place{File: s.file}, "has dissimilarities; ratings beside triplets say how alike pictures are. Turn them round, or make a set of the task %q", stimuli.Matrix)
		return nil
	case !t.namesColumns() && !s.has("value"):
		r.problems.add(stimuli.Place{File: s.file, Line: 1}, "holds neither rows of ratings (rater, picture_a, picture_b, value, or the columns that the mapping names) nor a matrix: a square with the same names in the same order at the heads of rows and columns, or the values of all pairs")
		return nil
	}
	return s
}

// pairColumns name a pair of pictures in a row.
type pairColumns struct{ a, b, id, role string }

// pair is the two pictures that a row rates.
func (r *reader) pair(s *sheet, row record, by pairColumns, byID map[string][]int) (pair [2]string, err error) {
	if by.id != "" {
		id, word := s.cell(row, by.id), s.cell(row, by.role)
		role := slices.Index(roleNames, r.mapping.role(word))
		switch found := byID[id]; {
		case len(found) == 0:
			return pair, fmt.Errorf("%s: %w", by.id, noTriplet(id, byID))
		case role < 1:
			return pair, fmt.Errorf("%s: %q is not related or unrelated; say what it means by roles", by.role, word)
		case role == 2 && len(found) > 1:
			return pair, fmt.Errorf("%s: %q has %d unrelated pictures; use the ids %s-1 to %s-%d", by.id, id, len(found), id, id, len(found))
		default:
			shown := r.plan.Triplets[found[0]].Pictures
			return [2]string{shown[0], shown[role]}, nil
		}
	}
	for i, column := range []string{by.a, by.b} {
		f, err := r.pictures.find(s.cell(row, column))
		if err != nil {
			return pair, fmt.Errorf("%s: %w", column, err)
		}
		f.used = true
		pair[i] = f.path
	}
	if pair[0] == pair[1] {
		return pair, fmt.Errorf("rates picture %q beside itself", pair[0])
	}
	return pair, nil
}

// judge takes one value, unless nobody answered.
func (r *reader) judge(s *sheet, row record, rater, column, scale string, pair [2]string, seen map[string]int) {
	v, ok := r.rating(s, row, column)
	if !ok || math.IsNaN(v) {
		return
	}
	key := strings.Join([]string{rater, pair[0], pair[1], scale}, "\x00")
	switch first := seen[key]; {
	case rater == "":
		r.problems.add(s.at(row), "names no rater")
	case first > 0:
		r.problems.add(s.at(row), "%s rated this pair already on line %d", rater, first)
	default:
		seen[key] = row.line
		r.plan.Judgements = append(r.plan.Judgements, Judgement{rater, pair, scale, v, s.at(row)})
	}
}

// scales counts the judgements of each scale.
func (p *Plan) scales() string {
	counts := map[string]int{}
	for _, j := range p.Judgements {
		counts[j.Scale]++
	}
	if unnamed := counts[""]; unnamed > 0 && len(counts) == 1 {
		return fmt.Sprint(unnamed)
	}
	var parts []string
	for _, scale := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d of scale %q", counts[scale], scale))
	}
	return strings.Join(parts, ", ")
}

// rating reads a number on the scale of the mapping, NaN for no answer.
func (r *reader) rating(s *sheet, row record, column string) (float64, bool) {
	m := &r.mapping
	low, high := m.scale()
	v, err := s.number(s.cell(row, column), low, high)
	switch {
	case err != nil:
		r.problems.add(s.at(row), "%s: %v", column, err)
	case v < low:
		r.problems.add(s.at(row), "%s: %v is below the scale, which begins at %v", column, v, low)
	case v > high:
		r.problems.add(s.at(row), "%s: %v is above the scale, which ends at %v", column, v, high)
	default:
		r.ratings = append(r.ratings, rating{s.at(row), column, v})
		return v, true
	}
	return math.NaN(), false
}
