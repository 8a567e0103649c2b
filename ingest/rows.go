package ingest

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
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
	s := readSheet(r.source, r.mapping.Triplets.Table, &r.problems)
	if s == nil {
		return
	}
	r.mapping.Triplets.defaults(s)
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
	names, ok := r.itemNames()
	if !ok {
		return
	}
	ids := map[string]stimuli.Place{}
	for i, row := range s.rows {
		r.tripletsOf(s, row, strconv.Itoa(i+1), names, ids)
	}
}

// defaults fills in akin's own names of columns that the table has.
func (t *Triplets) defaults(s *sheet) {
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
		if t.Names != "" || t.Odd != "" {
			t.Items = []string{"1", "2", "3"}
		} else {
			t.Target, t.Related, t.Unrelated = "1", "2", []string{"3"}
		}
	}
	if len(t.Items) == 0 {
		// These must be there, so they are wanted by name even where they are missing.
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
	add("relation", t.Relation)
	add("distractor", t.Distractor)
	add("target_label", t.TargetLabel)
	add("related_label", t.RelatedLabel)
	add("unrelated_label", t.UnrelatedLabel...)
	add("rating_related", t.RatingRelated)
	add("rating_unrelated", t.RatingUnrelated...)
	return list
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

// tripletsOf makes the triplets of one row: one for each unrelated picture, or
// the two directions of an odd-one-out row.
func (r *reader) tripletsOf(s *sheet, row record, number string, names []string, ids map[string]stimuli.Place) {
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
	made, placed := r.sides(s, row, base, names)
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
func (r *reader) sides(s *sheet, row record, base Triplet, names []string) ([]Triplet, bool) {
	t := &r.mapping.Triplets
	if len(t.Items) == 3 {
		items, ok := r.odd(s, row, names)
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

// odd returns the pictures of an odd-one-out row, the odd one last.
func (r *reader) odd(s *sheet, row record, names []string) (items [3]*pictureFile, ok bool) {
	t := &r.mapping.Triplets
	odd := 2
	if t.Odd != "" {
		word := s.cell(row, t.Odd)
		odd = slices.IndexFunc(t.Items, func(column string) bool { return s.cell(row, column) == word })
		if number, err := strconv.Atoi(word); odd < 0 && err == nil && 1 <= number && number <= 3 {
			odd = number - 1
		}
		if odd < 0 {
			r.problems.add(s.at(row), "%s: %q is neither one of the items nor 1, 2 or 3", t.Odd, word)
			return items, false
		}
	}
	ok = true
	order := []int{0, 1, 2}
	order = append(slices.Delete(order, odd, odd+1), odd)
	for i, from := range order {
		name, err := itemName(s.cell(row, t.Items[from]), names)
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

func itemName(cell string, names []string) (string, error) {
	if names == nil {
		return cell, nil
	}
	n, err := strconv.ParseFloat(cell, 64) // lists of THINGS are saved as 1.0 by some programs
	if err != nil || n != math.Trunc(n) || n < 0 || n >= float64(len(names)) {
		return "", fmt.Errorf("%q is no number of a name, 0 to %d", cell, len(names)-1)
	}
	return names[int(n)], nil
}

// readRatings adds mean ratings by triplet. A row counts for every triplet that
// was made of its id.
func (r *reader) readRatings() {
	t := &r.mapping.Ratings
	if t.File == "" {
		return
	}
	s := readSheet(r.source, t.Table, &r.problems)
	if s == nil {
		return
	}
	t.ID, t.Related, t.Unrelated = cmp.Or(t.ID, "id"), cmp.Or(t.Related, "rating_related"), cmp.Or(t.Unrelated, "rating_unrelated")
	if !s.want(&r.problems, t.ID, t.Related, t.Unrelated) {
		return
	}
	r.previewSheet("ratings", s, [][2]string{{"id", t.ID}, {"rating_related", t.Related}, {"rating_unrelated", t.Unrelated}})
	byID := r.byID()
	seen := map[string]int{}
	for _, row := range s.rows {
		id := s.cell(row, t.ID)
		related, ok := r.rating(s, row, t.Related)
		unrelated, okay := r.rating(s, row, t.Unrelated)
		switch first := seen[id]; {
		case !ok || !okay:
		case len(byID[id]) == 0:
			r.problems.add(s.at(row), "%s: there is no triplet %q", t.ID, id)
		case first > 0:
			r.problems.add(s.at(row), "%s: %q was rated already on line %d", t.ID, id, first)
		default:
			seen[id] = row.line
			for _, i := range byID[id] {
				r.plan.Triplets[i].Ratings = [2]float64{related, unrelated}
			}
		}
	}
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
	s := readSheet(r.source, t.Table, &r.problems)
	if s == nil {
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
	byID := r.byID()
	seen := map[string]int{}
	for _, row := range s.rows {
		pair, err := r.pair(s, row, byID)
		if err != nil {
			r.problems.add(s.at(row), "%v", err)
			continue
		}
		if len(t.Raters) == 0 {
			r.judge(s, row, s.cell(row, t.Rater), t.Value, pair, seen)
		}
		for _, rater := range raters {
			r.judge(s, row, rater, rater, pair, seen)
		}
	}
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
	for _, name := range s.header {
		if slices.ContainsFunc(t.Raters, func(pattern string) bool { ok, _ := path.Match(pattern, name); return ok }) {
			raters = append(raters, name)
		}
	}
	return raters
}

// pair is the two pictures that a row rates.
func (r *reader) pair(s *sheet, row record, byID map[string][]int) (pair [2]string, err error) {
	t := &r.mapping.Judgements
	if t.ID != "" {
		id, word := s.cell(row, t.ID), s.cell(row, t.Role)
		role := slices.Index(roleNames, r.mapping.role(word))
		switch found := byID[id]; {
		case len(found) == 0:
			return pair, fmt.Errorf("%s: there is no triplet %q", t.ID, id)
		case role < 1:
			return pair, fmt.Errorf("%s: %q is not related or unrelated; say what it means by roles", t.Role, word)
		case role == 2 && len(found) > 1:
			return pair, fmt.Errorf("%s: %q has %d unrelated pictures; use the ids %s-1 to %s-%d", t.ID, id, len(found), id, id, len(found))
		default:
			shown := r.plan.Triplets[found[0]].Pictures
			return [2]string{shown[0], shown[role]}, nil
		}
	}
	for i, column := range []string{t.PictureA, t.PictureB} {
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
func (r *reader) judge(s *sheet, row record, rater, column string, pair [2]string, seen map[string]int) {
	v, ok := r.rating(s, row, column)
	if !ok || math.IsNaN(v) {
		return
	}
	scale := s.cell(row, r.mapping.Judgements.Scale)
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
	var parts []string
	for _, scale := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d of scale %q", counts[scale], scale))
	}
	return strings.Join(parts, ", ")
}
