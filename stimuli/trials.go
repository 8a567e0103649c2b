package stimuli

import (
	"bytes"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/npy"
	"github.com/akin-vision/akin/internal/regular"
)

// filesOf is a set's folder.
type filesOf struct{ fs.FS }

func (f filesOf) has(name string) bool {
	info, err := fs.Stat(f, name)
	return err == nil && info.Mode().IsRegular()
}

// mostProblems bounds how many faulty rows of one file are listed: a file that
// was understood wrongly has millions.
const mostProblems = 50

// trialLayout is one way in which a CSV tells trials: three pictures, and the
// column that names the answer or those that count votes.
type trialLayout struct {
	pictures [3]string
	answer   string    // names one of the pictures by its path; empty: the last is it
	counts   [2]string // of votes for the second and third picture
}

// trialLayouts are tried in order; the last of each task is what a study exports.
var trialLayouts = map[Task][]trialLayout{
	OddOneOut: {
		{pictures: [3]string{"picture_1", "picture_2", "picture_3"}, answer: "odd"},
		{pictures: [3]string{"picture_1", "picture_2", "odd"}},
		{pictures: [3]string{"target", "related", "unrelated"}, answer: "chosen"},
	},
	Votes: {
		{pictures: [3]string{"target", "left", "right"}, counts: [2]string{"left_votes", "right_votes"}},
		{pictures: [3]string{"target", "left", "right"}, answer: "chosen"},
		{pictures: [3]string{"target", "related", "unrelated"}, answer: "chosen"},
	},
}

func (l trialLayout) columns() []string {
	all := append(l.pictures[:], l.answer, l.counts[0], l.counts[1])
	return slices.DeleteFunc(all, func(name string) bool { return name == "" })
}

// trialReader reads one file of trials.
type trialReader struct {
	*reader
	file    string
	faults  int
	numbers map[string]int32 // of pictures, by path
	raters  map[string]int32
}

func (r *reader) readTrialFile(folder fs.FS, file string) {
	if r.set.Trials == nil {
		r.set.Trials = &Trials{}
	}
	t := &trialReader{reader: r, file: file, numbers: map[string]int32{}, raters: map[string]int32{}}
	for i, name := range r.set.Trials.Raters {
		t.raters[name] = int32(i)
	}
	array := strings.EqualFold(path.Ext(file), ".npy")
	read := readText
	if array {
		read = func(folder fs.FS, file string) ([]byte, error) { return regular.Read(folder, file, maxManifest) }
	}
	data, err := read(folder, file)
	if err != nil {
		r.problems.add(file, 0, "cannot be read: %v", unwrapPath(err))
		return
	}
	r.digest = append(r.digest, data)
	before := r.set.Trials.Len()
	if array {
		t.readArray(data)
	} else {
		t.readText(data)
	}
	if t.faults > mostProblems {
		r.problems.add(file, 0, "faults of this kind in %s", english.Count(t.faults-mostProblems, "more row"))
	}
	if t.faults == 0 && r.set.Trials.Len() == before && len(r.problems) == 0 {
		r.problems.add(file, 0, "has no judgements")
	}
}

// doubtBase warns where the picture numbered 0 is never shown, or only it: numbers
// that count from 1 would read as those of other pictures without any fault.
func (r *reader) doubtBase() {
	if r.set.Trials == nil || !r.numbered {
		return
	}
	shown := make([]bool, len(r.mentioned))
	for _, trial := range r.set.Trials.Shown {
		for _, picture := range trial {
			shown[picture] = true
		}
	}
	missing := 0
	for _, there := range shown {
		if !there {
			missing++
		}
	}
	if !shown[0] && missing == 1 {
		r.set.Warnings.add("pictures.csv", 2, "no judgement shows picture %q, number 0, and all others are shown: if the numbers count from 1, every one is read as that of the picture after its own", r.mentioned[0])
	} else if missing > 0 {
		r.set.Warnings.add("pictures.csv", 0, "%d of %d pictures are in no judgement", missing, len(shown))
	}
}

// fault notes a faulty row, and drops it.
func (t *trialReader) fault(line int, format string, args ...any) {
	if t.faults++; t.faults <= mostProblems {
		t.problems.add(t.file, line, format, args...)
	}
}

// readArray reads rows of picture numbers, from 0 in the order of pictures.csv:
// three, the odd one last, or target, left, right and the votes of both sides. One more
// column numbers raters.
func (t *trialReader) readArray(data []byte) {
	a, err := npy.Parse(data)
	want := map[Task]int{OddOneOut: 3, Votes: 5}[t.set.Task]
	switch {
	case err != nil:
		t.problems.add(t.file, 0, "cannot be read: %v", err)
	case len(t.listed) == 0:
		t.problems.add(t.file, 0, "holds numbers of pictures; pictures.csv must list the pictures in that order")
	case a.Text() || len(a.Shape) != 2 || a.Shape[1] != want && a.Shape[1] != want+1:
		t.problems.add(t.file, 0, "has the shape %v; expected rows of %d numbers, or %d with a rater", a.Shape, want, want+1)
	default:
		t.numbered = true
		value, row := a.At(), make([]int32, a.Shape[1])
		t.set.Trials.Shown = slices.Grow(t.set.Trials.Shown, a.Shape[0])
		for i := range a.Shape[0] {
			if t.wholeNumbers(i, row, value) {
				t.addNumbers(i, row)
			}
		}
	}
}

func (t *trialReader) wholeNumbers(i int, row []int32, value func(row, column int) float64) bool {
	for k := range row {
		v := value(i, k)
		if v != math.Trunc(v) || v < 0 || v > math.MaxInt32 {
			t.fault(0, "row %d: %v is no number of a picture or rater", i+1, v)
			return false
		}
		row[k] = int32(v)
	}
	return true
}

// addNumbers adds a row of readArray.
func (t *trialReader) addNumbers(i int, row []int32) {
	shown := [3]int32(row[:3])
	for _, picture := range shown {
		if int(picture) >= len(t.listed) {
			t.fault(0, "row %d: %d is the number of no picture; pictures.csv lists %d, from 0", i+1, picture, len(t.listed))
			return
		}
	}
	if shown[0] == shown[1] || shown[0] == shown[2] || shown[1] == shown[2] {
		t.fault(0, "row %d: picture %d stands in it twice", i+1, row[0])
		return
	}
	trials, rest := t.set.Trials, row[3:]
	trials.Shown = append(trials.Shown, shown)
	if t.set.Task == Votes {
		trials.Counts = append(trials.Counts, [2]int32(rest[:2]))
		rest = rest[2:]
	}
	if len(rest) > 0 {
		trials.Rater = append(trials.Rater, t.rater(strconv.Itoa(int(rest[0]))))
	}
}

func (t *trialReader) rater(name string) int32 {
	number, known := t.raters[name]
	if !known {
		number = int32(len(t.raters))
		name = strings.Clone(name)
		t.raters[name] = number
		t.set.Trials.Raters = append(t.set.Trials.Raters, name)
	}
	return number
}

// readText reads a CSV of picture paths row by row: it may have millions.
func (t *trialReader) readText(data []byte) {
	text := bytes.TrimPrefix(data, byteOrderMark)
	if line, what := CheckText(text); what != "" {
		t.problems.add(t.file, line, "%s", what)
		return
	}
	rows := newRows(text)
	rows.ReuseRecord = true
	header := rows.readHeader(t.file, &t.problems)
	if header == nil {
		return
	}
	head := &table{file: t.file, header: slices.Clone(header)}
	if !head.checkHeader(&t.problems, columns{optional: []string{"rater"}}) {
		return
	}
	layout := t.layoutOf(head)
	if layout == nil {
		return
	}
	columns := head.places(append(layout.columns(), "rater"))
	for {
		cells, line, more := rows.read(t.file, &t.problems)
		if !more {
			return
		}
		if len(cells) != len(head.header) {
			t.fault(line, "has %s, the header %d", english.Count(len(cells), "cell"), len(head.header))
			continue
		}
		t.addRow(line, cells, layout, columns)
	}
}

// layoutOf is the first layout whose columns are all there.
func (t *trialReader) layoutOf(head *table) *trialLayout {
	var known []string
	for _, layout := range trialLayouts[t.set.Task] {
		if !slices.ContainsFunc(layout.columns(), func(name string) bool { return !head.has(name) }) {
			return &layout
		}
		known = append(known, strings.Join(layout.columns(), ", "))
	}
	t.problems.add(t.file, 1, "has the columns %s; the task %q wants %s; and rater where it is known",
		strings.Join(head.header, ", "), t.set.Task, strings.Join(known, "; or "))
	return nil
}

// places are those of columns by name; -1 where there is none.
func (t *table) places(names []string) map[string]int {
	places := map[string]int{}
	for _, name := range names {
		places[name] = slices.Index(t.header, name)
	}
	return places
}

// addRow adds a row of readText.
func (t *trialReader) addRow(line int, cells []string, layout *trialLayout, columns map[string]int) {
	cell := func(name string) string { return strings.TrimSpace(cells[columns[name]]) }
	var shown [3]int32
	for k, name := range layout.pictures {
		path := cell(name)
		number, known := t.numbers[path]
		if !known {
			if path == "" {
				t.fault(line, "%s is empty", name)
				return
			}
			number = t.number(strings.Clone(path), line)
		}
		shown[k] = number
	}
	if shown[0] == shown[1] || shown[0] == shown[2] || shown[1] == shown[2] {
		t.fault(line, "shows the same picture twice")
		return
	}
	chosen := 2
	if layout.answer != "" {
		answer := cell(layout.answer)
		chosen = slices.IndexFunc(layout.pictures[:], func(name string) bool { return cell(name) == answer })
		if chosen < 0 || t.set.Task == Votes && chosen == 0 {
			t.fault(line, "%s %q is none of the pictures that could be chosen", layout.answer, answer)
			return
		}
	}
	counts, ok := t.counts(line, layout, cell, chosen)
	if !ok {
		return
	}
	rater := columns["rater"]
	if rater >= 0 && strings.TrimSpace(cells[rater]) == "" {
		t.fault(line, "rater is empty")
		return
	}
	trials := t.set.Trials
	if t.set.Task == OddOneOut {
		shown[chosen], shown[2] = shown[2], shown[chosen]
	} else {
		trials.Counts = append(trials.Counts, counts)
	}
	trials.Shown = append(trials.Shown, shown)
	if rater >= 0 {
		trials.Rater = append(trials.Rater, t.rater(strings.TrimSpace(cells[rater])))
	}
}

// counts are the votes of a row for its second and third picture.
func (t *trialReader) counts(line int, layout *trialLayout, cell func(string) string, chosen int) (counts [2]int32, ok bool) {
	if t.set.Task != Votes {
		return counts, true
	}
	if layout.answer != "" {
		counts[chosen-1] = 1
		return counts, true
	}
	for k, name := range layout.counts {
		v, err := strconv.ParseInt(cell(name), 10, 32)
		if err != nil || v < 0 {
			t.fault(line, "%s %q is no number of votes", name, cell(name))
			return counts, false
		}
		counts[k] = int32(v)
	}
	if counts == [2]int32{} {
		t.fault(line, "nobody voted")
		return counts, false
	}
	return counts, true
}

// number is that of a picture, which is named here for the first time in the file.
func (t *trialReader) number(path string, line int) int32 {
	t.mention(path, t.file, line, "")
	t.numbers[path] = t.places[path]
	return t.numbers[path]
}

// mergeCopies gives pictures of one content one number in all trials, and finds
// trials that show a picture beside its copy.
func (r *reader) mergeCopies() {
	if r.set.Trials == nil {
		return
	}
	first, number := map[Hash]int32{}, make([]int32, len(r.set.Pictures))
	copies := false
	for i, p := range r.set.Pictures {
		at, known := first[p.Hash]
		if !known || p.Hash == (Hash{}) {
			at = int32(i)
			first[p.Hash] = at
		}
		number[i] = at
		copies = copies || at != int32(i)
	}
	if !copies {
		return
	}
	for i := range r.set.Trials.Shown {
		shown := &r.set.Trials.Shown[i]
		for k := range shown {
			shown[k] = number[shown[k]]
		}
		if shown[0] == shown[1] || shown[0] == shown[2] || shown[1] == shown[2] {
			r.problems.add("set.toml", 0, "judgement %d shows picture %q beside a copy of it", i+1, r.set.Pictures[shown[1]].Path)
			return
		}
	}
}
