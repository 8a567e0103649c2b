package ingest

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/akin-vision/akin/stimuli"
)

// form is a layout that a program or a published data set always has. It is known
// by its columns, and fills in what the mapping leaves open.
type form struct {
	name    string
	columns []string // that all tables of this form have
	task    stimuli.Task
	fill    func(t *Triplets)
	check   func(r *reader, s *sheet) bool // what else must hold; may add problems and notes
}

// forms are tried in order.
var forms = []form{
	{
		name: "NIGHTS", columns: []string{"left_vote", "right_vote", "votes", "ref_path", "left_path", "right_path"}, task: stimuli.Votes,
		fill: func(t *Triplets) {
			t.Target, t.Left, t.Right, t.LeftVotes, t.RightVotes, t.Votes = "ref_path", "left_path", "right_path", "left_vote", "right_vote", "votes"
		},
		check: (*reader).noteNights,
	},
	{
		name: "Salmon", columns: []string{"head_filename", "left_filename", "right_filename", "winner_filename", "puid"}, task: stimuli.Votes,
		fill: func(t *Triplets) {
			t.Target, t.Left, t.Right, t.Chosen, t.ChosenIs, t.Rater = "head_filename", "left_filename", "right_filename", "winner_filename", answerItem, "puid"
		},
	},
	{
		name: "NEXT", columns: []string{"Participant.ID", "Center", "Left", "Right", "Answer"}, task: stimuli.Votes,
		fill: func(t *Triplets) {
			t.Target, t.Left, t.Right, t.Chosen, t.Rater = "Center", "Left", "Right", "Answer", "Participant.ID"
		},
	},
	{
		name: "answers of THINGS", columns: []string{"image1", "image2", "image3", "choice", "subject_id"}, task: stimuli.OddOneOut,
		fill: func(t *Triplets) {
			one := 1
			t.Items, t.Odd, t.OddIs, t.Rater = []string{"image1", "image2", "image3"}, "choice", answerPlace, "subject_id"
			if t.Base == nil && t.Names != "" {
				t.Base = &one
			}
		},
		check: (*reader).wantNames,
	},
	{
		name: "answers with the counts of two", columns: []string{"answers.1", "answers.2", "answers.3", "agreement.1", "agreement.2"}, task: stimuli.Votes,
		fill: func(t *Triplets) {
			t.Target, t.Left, t.Right, t.LeftVotes, t.RightVotes = "answers.1", "answers.2", "answers.3", "agreement.1", "agreement.2"
			t.Names = cmp.Or(t.Names, sortedNames)
		},
	},
	{
		name: "annotations of Meadows", columns: []string{"participation", "stim1_id", "stim2_id", "stim3_id", "stim1_name", "stim2_name", "stim3_name", "label"},
		fill: func(t *Triplets) {}, check: (*reader).meadowsChoices,
	},
}

// recognise fills in a known form, unless the mapping says how to read the table. It
// is false where a form needs to be told more.
func (r *reader) recognise(s *sheet) bool {
	t := &r.mapping.Triplets
	at := formOf(s)
	if t.namesColumns() {
		return at < 0 || !r.takesSides(s, forms[at])
	}
	if at < 0 {
		r.warnThings(s)
		return true
	}
	f := forms[at]
	r.note("%s has the form: %s", s.file, f.name)
	if r.mapping.Task == "" {
		r.mapping.Task = string(f.task)
	}
	f.fill(t)
	return f.check == nil || f.check(r, s)
}

// takesSides finds a mapping that takes the picture of a side for the related one, where
// the votes tell which of both is.
func (r *reader) takesSides(s *sheet, f form) bool {
	var known Triplets
	f.fill(&known)
	for _, column := range append([]string{r.mapping.Triplets.Related}, r.mapping.Triplets.Unrelated...) {
		if column != "" && (column == known.Left || column == known.Right) {
			r.problems.add(stimuli.Place{File: s.file, Line: 1}, "has the form %s: votes tell in each row whether %q or %q is the related picture; name no columns of pictures, and the task %q for triplets", f.name, known.Left, known.Right, stimuli.Related)
			return true
		}
	}
	return false
}

// formOf is the place of a table's form in the list, -1 for none.
func formOf(s *sheet) int {
	return slices.IndexFunc(forms, func(f form) bool {
		return !slices.ContainsFunc(f.columns, func(column string) bool { return !s.has(column) })
	})
}

// hasForm reports whether a file is a table of a known form.
func (r *reader) hasForm(file string) bool {
	s := readSheet(r.source, Table{File: file}, &problems{})
	return s != nil && formOf(s) >= 0
}

// namesColumns reports whether the mapping says which columns have pictures.
func (t *Triplets) namesColumns() bool {
	return t.Target != "" || t.Related != "" || len(t.Unrelated) > 0 || len(t.Items) > 0 || t.Left != ""
}

// jspsych fills in that jsPsych numbers the buttons of a response from 0.
func (r *reader) jspsych(s *sheet) {
	const response = "response"
	t := &r.mapping.Triplets
	if !s.has("trial_type") || !s.has("trial_index") {
		return
	}
	if t.Chosen == response && t.ChosenIs == "" {
		t.ChosenIs = answerIndex
	}
	if t.Odd == response && t.OddIs == "" {
		t.OddIs = answerIndex
	}
	r.note("%s has the form: jsPsych; a response is the number of a button, from 0, unless the mapping says otherwise", s.file)
}

// noteNights says which rows the published score leaves out.
func (r *reader) noteNights(s *sheet) bool {
	const published = 6
	few := 0
	for _, row := range s.rows {
		if n, err := s.number(s.cell(row, "votes"), 0, 1e9); err == nil && n < published {
			few++
		}
	}
	if few > 0 && r.mapping.Triplets.MinVotes == 0 {
		r.note("%d of %d rows have fewer than %d votes; the published scores leave these out, as min_votes = %[3]d does", few, len(s.rows), published)
	}
	return true
}

// wantNames asks for the names that the numbers of THINGS are of.
func (r *reader) wantNames(s *sheet) bool {
	t := &r.mapping.Triplets
	if t.Names == "" {
		r.problems.add(stimuli.Place{File: s.file}, "has numbers of objects; say which file names them: names = %q", "unique_id.txt")
		return false
	}
	return true
}

// warnThings warns of the numbers of THINGS' triplets of 2020, whose order of objects
// is not that of the published names.
func (r *reader) warnThings(s *sheet) {
	const objects = 1854
	t := &r.mapping.Triplets
	known := slices.ContainsFunc([]string{"data1854_", "items1854"}, func(part string) bool {
		return strings.Contains(path.Base(t.File), part) || strings.Contains(path.Base(t.Names), part)
	})
	if !known && t.Names != "" && len(s.header) == 3 {
		names, ok := r.namesOf(t.Names)
		known = ok && len(names) == objects
	}
	if known && t.IndexMap == "" {
		r.note("warning: these are numbers of THINGS' %d objects. Those of 2020 count the objects in another order than the published names, so that every row would show other objects. "+
			"Give the order as index_map, and compare with the published embedding, given as embedding: it leaves over the odd object in about 64 %% of rows in the right order, and near 33 %% in a wrong one", objects)
	}
}

// meadowsChoices reads a choice among three stimuli: what people were asked is not
// in the file.
func (r *reader) meadowsChoices(s *sheet) bool {
	t := &r.mapping.Triplets
	names := []string{"stim1_name", "stim2_name", "stim3_name"}
	labelsAreNames(s, names, []string{"stim1_id", "stim2_id", "stim3_id"})
	t.Rater = "participation"
	switch r.mapping.Task {
	case string(stimuli.OddOneOut):
		t.Items, t.Odd, t.OddIs = names, "label", answerItem
	case string(stimuli.Votes), string(stimuli.Related):
		t.Target, t.Left, t.Right, t.Chosen, t.ChosenIs = names[0], names[1], names[2], "label", answerItem
	default:
		r.problems.add(stimuli.Place{File: s.file}, "does not say what people chose; say task = %q where the chosen one is odd, or task = %q where it matches the first", stimuli.OddOneOut, stimuli.Votes)
		return false
	}
	return true
}

// labelsAreNames puts the name of the chosen stimulus in place of its id.
func labelsAreNames(s *sheet, names, ids []string) {
	label := slices.Index(s.header, "label")
	for _, row := range s.rows {
		for i, id := range ids {
			if row.cells[label] != "" && s.cell(row, id) == row.cells[label] {
				row.cells[label] = s.cell(row, names[i])
				break
			}
		}
	}
}
