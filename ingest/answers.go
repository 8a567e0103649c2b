package ingest

import (
	"cmp"
	"slices"

	"github.com/akin-vision/akin/stimuli"
)

// question is a column of answers and the pair that it is about.
type question struct {
	column, scale string
	pair          [2]string
}

// readAnswers reads a table in which every person has a row and every question a
// column, as Qualtrics writes it. A second table says what the questions are.
func (r *reader) readAnswers(s *sheet) {
	questions := r.questions(s)
	t := &r.mapping.Judgements
	if t.Rater == "" {
		t.Rater = "rater"
		if s.has("ResponseId") {
			t.Rater = "ResponseId"
		}
	}
	if questions == nil || !s.want(&r.problems, t.Rater) {
		return
	}
	columns := [][2]string{{"rater", t.Rater}}
	for _, q := range questions[:min(previewRows, len(questions))] {
		columns = append(columns, [2]string{q.pair[0] + " and " + q.pair[1], q.column})
	}
	r.previewSheet("judgements", s, columns)
	people := map[string]int{}
	for _, row := range s.rows {
		rater := s.cell(row, t.Rater)
		if first := people[rater]; first > 0 {
			r.problems.add(s.at(row), "%s: the answers of %q stand already on line %d", t.Rater, rater, first)
			continue
		}
		people[rater] = row.line
		seen := map[string]int{}
		for _, q := range questions {
			r.judge(s, row, rater, q.column, q.scale, q.pair, seen)
		}
	}
}

// questions reads which pair each column of answers is about, nil where not all can be
// understood.
func (r *reader) questions(answers *sheet) (list []question) {
	q := &r.mapping.Judgements.Questions
	s := readSheet(r.source, q.Table, &r.problems)
	if s == nil {
		return nil
	}
	q.Question = cmp.Or(q.Question, "question")
	if q.ID == "" {
		q.PictureA, q.PictureB = cmp.Or(q.PictureA, "picture_a"), cmp.Or(q.PictureB, "picture_b")
	} else {
		q.Role = cmp.Or(q.Role, "role")
	}
	if q.Scale == "" && s.has("scale") {
		q.Scale = "scale"
	}
	columns := slices.DeleteFunc([][2]string{{"question", q.Question}, {"picture_a", q.PictureA}, {"picture_b", q.PictureB}, {"id", q.ID}, {"role", q.Role}, {"scale", q.Scale}},
		func(c [2]string) bool { return c[1] == "" })
	var named []string
	for _, c := range columns {
		named = append(named, c[1])
	}
	if !s.want(&r.problems, named...) {
		return nil
	}
	r.previewSheet("questions", s, columns)
	byID, sound := r.byID(), true
	for _, row := range s.rows {
		one := question{column: s.cell(row, q.Question), scale: s.cell(row, q.Scale)}
		var err error
		one.pair, err = r.pair(s, row, pairColumns{q.PictureA, q.PictureB, q.ID, q.Role}, byID)
		switch {
		case err != nil:
			r.problems.add(s.at(row), "%v", err)
			sound = false
		case !answers.has(one.column):
			r.problems.add(s.at(row), "%s: %s has no column %q", q.Question, answers.file, one.column)
			sound = false
		default:
			list = append(list, one)
		}
	}
	if len(list) == 0 && sound {
		r.problems.add(stimuli.Place{File: s.file}, "has no questions")
	}
	return list
}
