// Package ingest makes sets of pictures and tables that have another layout
// than akin's: folders or archives of pictures whose names tell their roles,
// tables of triplets, odd-one-out rows and votes, ratings as means or of each
// rater, and matrices. Forms of known data sets and programs need no description;
// a [Mapping] describes any other layout;
// [Understand] reads it and gathers everything that it cannot place, each with
// file and line; [Plan.Write] writes the set, whole or not at all.
package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/tomlfile"
	"github.com/akin-vision/akin/stimuli"
)

// Mapping says how to read a layout. Its zero value reads a table of akin's own
// columns; paths are slash-separated and relative to the source.
type Mapping struct {
	Name     string `toml:"name,omitempty"`
	Version  string `toml:"version,omitempty"`
	Title    string `toml:"title,omitempty"`
	Licence  string `toml:"licence,omitempty"`
	Source   string `toml:"source,omitempty"`
	Citation string `toml:"citation,omitempty"`
	Note     string `toml:"note,omitempty"`

	// Task is that of the set, see [stimuli.Task]. Empty is what a known layout is of,
	// else triplets.
	Task string `toml:"task,omitempty"`

	RatingMin *float64 `toml:"rating_min,omitempty"` // ends of the scale of every rating
	RatingMax *float64 `toml:"rating_max,omitempty"`

	Ignore []string          `toml:"ignore,omitempty"` // pictures that do not belong: path.Match patterns, or a folder ending in /
	Roles  map[string]string `toml:"roles,omitempty"`  // a word of the layout: target, related or unrelated
	Values map[string]string `toml:"values,omitempty"` // a word for a relation or distractor: akin's, or any other that is meant

	Pictures   Pictures   `toml:"pictures,omitempty"`
	Labels     Labels     `toml:"labels,omitempty"`
	Triplets   Triplets   `toml:"triplets,omitempty"`
	Ratings    Ratings    `toml:"ratings,omitempty"`
	Judgements Judgements `toml:"judgements,omitempty"`
}

// Pictures says where pictures lie and what their names tell.
type Pictures struct {
	Folder string `toml:"folder,omitempty"`
	// Patterns of paths below Folder, the first that fits counts: {id}/{role}.jpg.
	// Groups: id, role, label, relation, distractor, item (what tables call the
	// picture) and _ (nothing); * stands for a part of a name, ** for folders too.
	Patterns []string `toml:"patterns,omitempty"`
}

// Labels names the columns of a table of what pictures show. It goes before the
// label that a picture's name gives.
type Labels struct {
	Table
	Path  string `toml:"path,omitempty"`
	Label string `toml:"label,omitempty"`
}

// Table is a file of rows: .xlsx, text whose separator (comma, semicolon, tab, in
// .txt also blank) is that of its first line, an array of rows in a .npy, .npz or
// .mat, or JSON: a list of objects, which may stand line by line.
type Table struct {
	// File may be a path.Match pattern: tables of one header are then read as one,
	// with a column "file" that has each one's name without its ending.
	File     string `toml:"file,omitempty"`
	Sheet    string `toml:"sheet,omitempty"`     // of an .xlsx, empty: the first; array of a .npz or .mat
	Headless bool   `toml:"no_header,omitempty"` // columns are then called 1, 2, 3
	// Where keeps rows with these values of columns; all others are left out.
	Where map[string]string `toml:"where,omitempty"`
}

// Triplets names the columns of the table of triplets. A column left empty is
// that of akin's own name, if the table has it. Any further column becomes a tag.
type Triplets struct {
	Table
	ID              string   `toml:"id,omitempty"`
	Target          string   `toml:"target,omitempty"`
	Related         string   `toml:"related,omitempty"`
	Unrelated       []string `toml:"unrelated,omitempty"` // several: a triplet for each
	Relation        string   `toml:"relation,omitempty"`
	Distractor      string   `toml:"distractor,omitempty"`
	TargetLabel     string   `toml:"target_label,omitempty"`
	RelatedLabel    string   `toml:"related_label,omitempty"`
	UnrelatedLabel  []string `toml:"unrelated_label,omitempty"`
	RatingRelated   string   `toml:"rating_related,omitempty"`
	RatingUnrelated []string `toml:"rating_unrelated,omitempty"`

	// An odd-one-out list has three Items in place of target, related and
	// unrelated. Odd is the column that tells the odd item; without it the odd item
	// is the last. In a set of triplets each row becomes two, for either of the
	// others may be the target.
	Items []string `toml:"items,omitempty"`
	Odd   string   `toml:"odd,omitempty"`
	// OddIs says what Odd has: "item", "place" (from 1) or "index" (from 0); without
	// Odd where the odd item stands: "last" or "first". Where a column can be read in
	// several ways and these differ, it must be said.
	OddIs string `toml:"odd_is,omitempty"`

	// Votes are of the two pictures Left and Right. Chosen is the column of one
	// person's answer, or LeftVotes and RightVotes count them. Where these are
	// shares, Votes is the column or the number of all votes. Rows with fewer than
	// MinVotes are left out. In a set of triplets the picture with more votes is the
	// related one.
	Left       string  `toml:"left,omitempty"`
	Right      string  `toml:"right,omitempty"`
	Chosen     string  `toml:"chosen,omitempty"`
	ChosenIs   string  `toml:"chosen_is,omitempty"` // as OddIs, or "side": left or right
	LeftVotes  string  `toml:"left_votes,omitempty"`
	RightVotes string  `toml:"right_votes,omitempty"`
	Votes      string  `toml:"votes,omitempty"`
	MinVotes   float64 `toml:"min_votes,omitempty"`

	Rater string `toml:"rater,omitempty"` // column of who answered

	// Cells are numbers into Names: a file of one name a line, a table with a column
	// of names, or "sorted" for the pictures in the order of their paths.
	Names string `toml:"names,omitempty"`
	Base  *int   `toml:"base,omitempty"` // the number of the first name, 0 or 1; nil: what the numbers allow, if only one
	// IndexMap is a file of as many numbers as names: the n-th says which name the
	// number n of the table is of.
	IndexMap string `toml:"index_map,omitempty"`
	// Embedding is a file of a vector for each name; how well it predicts the odd
	// items is shown.
	Embedding string `toml:"embedding,omitempty"`
}

// Ratings names the columns of a table that has a row for each triplet: mean
// ratings, and what else the table of triplets lacks.
type Ratings struct {
	Table
	ID         string   `toml:"id,omitempty"`
	Related    string   `toml:"related,omitempty"`
	Unrelated  string   `toml:"unrelated,omitempty"`
	Relation   string   `toml:"relation,omitempty"`
	Distractor string   `toml:"distractor,omitempty"`
	Tags       []string `toml:"tags,omitempty"` // further columns to keep
}

// Judgements names the columns of a table of single people's ratings. The pair
// is two pictures, or a triplet with the role of the picture beside its target.
// The values stand in one column, with the rater in another, or in one column
// for each rater.
type Judgements struct {
	Table
	Rater    string   `toml:"rater,omitempty"`
	Value    string   `toml:"value,omitempty"`
	Raters   []string `toml:"raters,omitempty"` // columns, path.Match patterns; those that another key names are none
	PictureA string   `toml:"picture_a,omitempty"`
	PictureB string   `toml:"picture_b,omitempty"`
	ID       string   `toml:"id,omitempty"`
	Role     string   `toml:"role,omitempty"`
	Scale    string   `toml:"scale,omitempty"`

	// Questions are a table of what each column of answers is about, where every
	// person has a row and every question a column, as in Qualtrics.
	Questions Questions `toml:"questions,omitempty"`

	// A file of matrices instead of rows: a square or the values of all pairs, of one
	// person or of several. Nothing in such files says which values are of alike
	// pictures: Values is "similarity" or "dissimilarity". Order is that of the pairs in
	// a vector: "rows" (1 and 2, 1 and 3, 1 and 4, ...) or "columns" (1 and 2, 1 and 3, 2
	// and 3, ...). Names names the items, where the file does not, see Triplets.Names.
	// Diagonal is "ignore" where that of a square has no meaning.
	Values   string `toml:"values,omitempty"`
	Order    string `toml:"order,omitempty"`
	Names    string `toml:"names,omitempty"`
	Diagonal string `toml:"diagonal,omitempty"`
}

// Questions names the columns of a table of questions: the name of the column of answers,
// and the pair that it is about, as in Judgements.
type Questions struct {
	Table
	Question string `toml:"question,omitempty"`
	PictureA string `toml:"picture_a,omitempty"`
	PictureB string `toml:"picture_b,omitempty"`
	ID       string `toml:"id,omitempty"`
	Role     string `toml:"role,omitempty"`
	Scale    string `toml:"scale,omitempty"`
}

// roleNames are the roles of a triplet's pictures, in order.
var roleNames = []string{"target", "related", "unrelated"}

// ReadMapping reads a mapping from TOML. An unknown key is an error.
func ReadMapping(data []byte) (Mapping, error) {
	var m Mapping
	err := tomlfile.Decode(data, &m)
	return m, err
}

// check finds what no layout can mean.
func (m *Mapping) check() error {
	for _, word := range slices.Sorted(maps.Keys(m.Roles)) {
		if !slices.Contains(roleNames, m.Roles[word]) {
			return fmt.Errorf("role %s = %q is not %s", word, m.Roles[word], strings.Join(roleNames, ", "))
		}
	}
	for _, pattern := range slices.Concat(m.Ignore, m.Judgements.Raters) {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("pattern %q: %w", pattern, err)
		}
	}
	t := m.Triplets
	switch n := len(t.Items); {
	case n != 0 && n != 3:
		return fmt.Errorf("items names %d columns, an odd-one-out list has three", n)
	case n == 3 && (t.Target != "" || t.Related != "" || len(t.Unrelated) > 0):
		return errors.New("items stand in place of target, related and unrelated; name the ones or the others")
	}
	if err := errors.Join(t.checkWays(), m.Judgements.check()); err != nil {
		return err
	}
	if m.Task != "" && !slices.Contains(tasks, m.Task) {
		return fmt.Errorf("task %q is unknown; use one of %s", m.Task, strings.Join(tasks, ", "))
	}
	for _, several := range []struct {
		key   string
		names []string
	}{{"unrelated_label", t.UnrelatedLabel}, {"rating_unrelated", t.RatingUnrelated}} {
		if n := len(several.names); n > 1 && n != len(t.Unrelated) {
			return fmt.Errorf("%s names %d columns, unrelated %d", several.key, n, len(t.Unrelated))
		}
	}
	if m.RatingMin != nil && m.RatingMax != nil && !(*m.RatingMin < *m.RatingMax) {
		return fmt.Errorf("rating_min %v is not below rating_max %v", *m.RatingMin, *m.RatingMax)
	}
	return nil
}

// checkWays finds words of the table of triplets that are unknown.
func (t *Triplets) checkWays() error {
	switch {
	case !slices.Contains([]string{"", oddFirst, oddLast, answerItem, answerPlace, answerIndex}, t.OddIs):
		return fmt.Errorf("odd_is %q is unknown; use %q, %q or %q with a column odd, %q or %q without", t.OddIs, answerItem, answerPlace, answerIndex, oddLast, oddFirst)
	case !slices.Contains([]string{"", answerItem, answerSide, answerPlace, answerIndex}, t.ChosenIs):
		return fmt.Errorf("chosen_is %q is unknown; use %q, %q, %q or %q", t.ChosenIs, answerItem, answerSide, answerPlace, answerIndex)
	case t.Base != nil && *t.Base != 0 && *t.Base != 1:
		return fmt.Errorf("base %d is neither 0 nor 1", *t.Base)
	case t.Base != nil && t.Names == "":
		return errors.New("base is of numbers into names; name the file of names")
	}
	return nil
}

// check finds words of the table of judgements that are unknown.
func (j *Judgements) check() error {
	switch {
	case !slices.Contains([]string{"", stimuli.Similarity, stimuli.Dissimilarity}, j.Values):
		return fmt.Errorf("values %q is unknown; use %q or %q", j.Values, stimuli.Similarity, stimuli.Dissimilarity)
	case !slices.Contains([]string{"", byRows, byColumns}, j.Order):
		return fmt.Errorf("order %q is unknown; use %q or %q", j.Order, byRows, byColumns)
	case j.Diagonal != "" && j.Diagonal != ignoreDiagonal:
		return fmt.Errorf("diagonal %q is unknown; leave it out or use %q", j.Diagonal, ignoreDiagonal)
	}
	return nil
}

// tasks are those of a set.
var tasks = []string{string(stimuli.Related), string(stimuli.OddOneOut), string(stimuli.Votes), string(stimuli.Matrix)}

// task is that of the set.
func (m *Mapping) task() stimuli.Task { return cmp.Or(stimuli.Task(m.Task), stimuli.Related) }

// scale is where ratings lie, without end where the mapping does not say.
func (m *Mapping) scale() (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	if m.RatingMin != nil {
		low = *m.RatingMin
	}
	if m.RatingMax != nil {
		high = *m.RatingMax
	}
	return low, high
}

// role is what a word of the layout means, empty for an unknown one.
func (m *Mapping) role(word string) string {
	if role, known := meaning(word, m.Roles, roleNames); known {
		return role
	}
	return ""
}

// meaning is what a word of a layout means: as the mapping has it, or akin's own; of a
// word that neither has, in other capitals, if they agree on it.
func meaning(word string, mapped map[string]string, own []string) (string, bool) {
	if meant, ok := mapped[word]; ok {
		return meant, true
	}
	if slices.Contains(own, word) {
		return word, true
	}
	var found []string
	for known, meant := range mapped {
		if strings.EqualFold(known, word) {
			found = append(found, meant)
		}
	}
	for _, known := range own {
		if strings.EqualFold(known, word) {
			found = append(found, known)
		}
	}
	slices.Sort(found)
	if found = slices.Compact(found); len(found) == 1 {
		return found[0], true
	}
	return word, false
}

// akinValues are the words of the columns relation and distractor.
var akinValues = map[string][]string{
	"relation":   {stimuli.Taxonomic, stimuli.Thematic},
	"distractor": {stimuli.ColourMatched, stimuli.ShapeMatched, stimuli.RandomChoice},
}

// value is what a word for a relation or distractor means, false for an unknown one.
func (m *Mapping) value(column, word string) (string, bool) {
	meant, known := meaning(word, m.Values, akinValues[column])
	return meant, known || word == ""
}
