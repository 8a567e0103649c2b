package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/stimuli"
)

// preview is what was understood of a table or of the pictures' names.
type preview struct {
	title  string
	header []string
	rows   [][]string // the first ones
}

// previewRows is how many rows of each table are kept for the eye.
const previewRows = 5

func (r *reader) previewSheet(what string, s *sheet, columns [][2]string) {
	p := preview{title: fmt.Sprintf("%s of %s, %s", what, s.files(), english.Count(len(s.rows), "row")), header: []string{"row"}}
	for _, c := range columns {
		name := c[0]
		if c[0] != c[1] {
			name += " = " + c[1]
		}
		p.header = append(p.header, name)
	}
	places := rowNames(s.rows, s.at)
	for i, place := range places {
		row, cells := s.rows[i], []string{place}
		for _, c := range columns {
			cells = append(cells, s.cell(row, c[1]))
		}
		p.rows = append(p.rows, cells)
	}
	r.plan.previews = append(r.plan.previews, p)
}

// files names the file of the rows, or of several the first.
func (s *sheet) files() string {
	names := map[string]bool{}
	for _, row := range s.rows {
		names[s.at(row).File] = true
	}
	if len(names) < 2 || s.rows[0].line == 0 {
		return s.file
	}
	return fmt.Sprintf("%s and %s", s.file, english.Count(len(names)-1, "other file"))
}

// rowNames name the first rows by their lines; by their files, where each has one; or by
// their numbers, where several stand on one line, as records of JSON may.
func rowNames[T any](rows []T, at func(T) stimuli.Place) []string {
	names := make([]string, min(previewRows, len(rows)))
	numbered := false
	for i := range names {
		place := at(rows[i])
		if names[i] = printable(place.File); place.Line > 0 {
			names[i] = fmt.Sprint("line ", place.Line)
		}
		numbered = numbered || i > 0 && place == at(rows[i-1])
	}
	for i := range names {
		if numbered {
			names[i] = fmt.Sprint("row ", i+1)
		}
	}
	return names
}

func (r *reader) previewPictures() {
	p := preview{header: []string{"picture"}}
	fit := 0
	for _, f := range r.pictures.files {
		if f.groups == nil {
			continue
		}
		if fit++; fit > previewRows {
			continue
		}
		cells := []string{f.path}
		for _, name := range slices.Sorted(maps.Keys(f.groups)) {
			if len(p.rows) == 0 {
				p.header = append(p.header, name)
			}
			cells = append(cells, f.groups[name])
		}
		p.rows = append(p.rows, cells)
	}
	p.title = fmt.Sprintf("names of pictures, %d of %d fit", fit, len(r.pictures.files))
	r.plan.previews = append(r.plan.previews, p)
}

// previewMatrices shows the first pairs of each of the first people.
func (r *reader) previewMatrices(matrices []personMatrix) {
	v := preview{title: fmt.Sprintf("matrices of %s, %s", r.mapping.Judgements.File, english.Count(len(matrices), "person")), header: []string{"person", "items", "pair", r.mapping.Judgements.Values}}
	for i := range matrices[:min(previewRows, len(matrices))] {
		m := &matrices[i]
		n := m.items()
		for k := 1; k < min(n, 4); k++ {
			order := r.mapping.Judgements.Order
			if m.known {
				order = byRows
			}
			v.rows = append(v.rows, []string{m.person, strconv.Itoa(n), printable(m.names[0]) + " and " + printable(m.names[k]), decimal(m.of(0, k, n, order))})
		}
	}
	r.plan.previews = append(r.plan.previews, v)
}

// Preview shows how the first rows were understood, and what came of them all.
func (p *Plan) Preview() string {
	var b strings.Builder
	for _, note := range p.Notes {
		fmt.Fprintln(&b, note)
	}
	for _, v := range p.previews {
		fmt.Fprintln(&b, v.title)
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, row := range append([][]string{v.header}, v.rows...) {
			for _, cell := range row {
				fmt.Fprintf(w, "  %s\t", printable(cell))
			}
			fmt.Fprintln(w)
		}
		w.Flush()
		fmt.Fprintln(&b)
	}
	switch p.mapping.task() {
	case stimuli.Related:
		fmt.Fprintf(&b, "understood: %s of %s", english.Count(len(p.Triplets), "triplet"), english.Count(len(p.Pictures), "picture"))
	case stimuli.OddOneOut:
		fmt.Fprintf(&b, "understood: %s of %s", english.Count(len(p.Odd), "odd-one-out row"), english.Count(len(p.Pictures), "picture"))
		for i, place := range rowNames(p.Odd, func(o OddRow) stimuli.Place { return o.At }) {
			o := p.Odd[i]
			fmt.Fprintf(&b, "\n  %s: %s and %s together, odd: %s", place, printable(o.Pictures[0]), printable(o.Pictures[1]), printable(o.Pictures[2]))
		}
	case stimuli.Votes:
		fmt.Fprintf(&b, "understood: votes on %s of %s", english.Count(len(p.Votes), "triplet"), english.Count(len(p.Pictures), "picture"))
		for i, place := range rowNames(p.Votes, func(v VoteRow) stimuli.Place { return v.At }) {
			v := p.Votes[i]
			fmt.Fprintf(&b, "\n  %s: %s is closer to %s for %d, %s for %d", place, printable(v.Pictures[1]), printable(v.Pictures[0]), v.Votes[0], printable(v.Pictures[2]), v.Votes[1])
		}
	case stimuli.Matrix:
		direction := map[string]string{stimuli.Similarity: ", larger for more alike ones", stimuli.Dissimilarity: ", larger for less alike ones"}[p.mapping.Judgements.Values]
		fmt.Fprintf(&b, "understood: values of pairs of %d pictures%s", len(p.Pictures), direction)
	}
	if len(p.Judgements) > 0 {
		fmt.Fprintf(&b, ", judgements: %s", p.scales())
	}
	fmt.Fprintln(&b)
	if n := len(p.Unused); n > 0 {
		shown := make([]string, 0, previewRows)
		for _, name := range p.Unused[:min(previewRows, n)] {
			shown = append(shown, printable(name))
		}
		fmt.Fprintf(&b, "unused pictures: %d (%s%s)\n", n, strings.Join(shown, ", "), map[bool]string{true: ", ..."}[n > previewRows])
	}
	return b.String()
}

// widest is how much of a cell is shown: its beginning and its end, which tells one
// picture from another.
const widest, beginning = 60, 20

// printable is a cell that cannot disturb a terminal or a table.
func printable(cell string) string {
	cell = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, cell)
	if runes := []rune(cell); len(runes) > widest {
		return string(runes[:beginning]) + "…" + string(runes[len(runes)-(widest-beginning-1):])
	}
	return cell
}
