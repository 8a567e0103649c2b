package stimuli

import (
	"fmt"
	"slices"
	"strings"
)

// Task is what people were asked about a set's pictures.
type Task string

// The tasks. The zero value of a manifest's task is Related.
const (
	Related   Task = "related"     // which of two pictures belongs to the target: triplets.csv
	OddOneOut Task = "odd-one-out" // which of three pictures is the odd one: Set.Trials
	Votes     Task = "votes"       // which of two pictures is closer to the target, by many people: Set.Trials
	Matrix    Task = "matrix"      // how alike the pictures of each pair are: Set.Matrices
)

var tasks = []Task{Related, OddOneOut, Votes, Matrix}

// TaskError is a set of another task than the one wanted.
type TaskError struct {
	Set        string
	Task, Want Task
}

func (e *TaskError) Error() string {
	return fmt.Sprintf("set %s is of the task %q; this is for sets of the task %q", e.Set, e.Task, e.Want)
}

// Trials are judgements of three pictures each, held by number: a set may have
// millions. Of the task OddOneOut the odd picture is the last; of Votes the first
// is the target.
type Trials struct {
	Shown  [][3]int32 // numbers into Set.Pictures; of pictures with the same content, the first
	Rater  []int32    // numbers into Raters; nil where no person is named
	Raters []string
	Counts [][2]int32 // Votes: votes for the second and for the third picture; else nil
}

// Len is the number of trials.
func (t *Trials) Len() int { return len(t.Shown) }

// Pairs lists the pairs of pictures that stand in trials, the lower number first,
// and for each trial the places in that list of its first and second, first and
// third, second and third picture.
func (t *Trials) Pairs(pictures int) (pairs [][2]int32, of [][3]int32) {
	of = make([][3]int32, len(t.Shown))
	place := newPairPlaces(pictures)
	for i, shown := range t.Shown {
		for k, roles := range [3][2]int{{0, 1}, {0, 2}, {1, 2}} {
			pair := [2]int32{min(shown[roles[0]], shown[roles[1]]), max(shown[roles[0]], shown[roles[1]])}
			at, known := place.find(pair, int32(len(pairs)))
			if !known {
				pairs = append(pairs, pair)
			}
			of[i][k] = at
		}
	}
	return pairs, of
}

// mostDense is the number of pictures up to which a table of all pairs is made:
// 64 MB.
const mostDense = 4096

// pairPlaces remembers the place of each pair: in a table where there are few
// pictures, else in a map.
type pairPlaces struct {
	pictures int
	table    []int32 // 1 more than the place
	places   map[[2]int32]int32
}

func newPairPlaces(pictures int) pairPlaces {
	if pictures > mostDense {
		return pairPlaces{places: map[[2]int32]int32{}}
	}
	return pairPlaces{pictures: pictures, table: make([]int32, pictures*pictures)}
}

// find returns the place of a pair, which is next where it is new.
func (p pairPlaces) find(pair [2]int32, next int32) (place int32, known bool) {
	if p.table == nil {
		at, known := p.places[pair]
		if !known {
			p.places[pair], at = next, next
		}
		return at, known
	}
	entry := &p.table[int(pair[0])*p.pictures+int(pair[1])]
	if *entry == 0 {
		*entry = next + 1
		return next, false
	}
	return *entry - 1, true
}

// Matrices are people's matrices of all pairs of Set.Pictures, or means of several.
type Matrices struct {
	People []string
	// Values are each person's, the upper triangle row by row: pictures 1 and 2, 1
	// and 3, ... NaN where the person gave none.
	Values  [][]float64
	Similar bool // larger values are of more alike pictures; else of less alike ones
}

// Dissimilarities are the Values, those of similarity with their sign turned.
func (m *Matrices) Dissimilarities() [][]float64 {
	if !m.Similar {
		return m.Values
	}
	turned := make([][]float64, len(m.Values))
	for p, values := range m.Values {
		turned[p] = make([]float64, len(values))
		for i, v := range values {
			turned[p][i] = 0 - v
		}
	}
	return turned
}

// takeTask takes what the manifest says of the task.
func (r *reader) takeTask() {
	m, s := &r.manifest, r.set
	if m.Task != "" {
		s.Task = Task(m.Task)
	}
	s.Ceiling = m.Ceiling
	if s.Task == Matrix {
		s.Matrices = &Matrices{Similar: m.Values == Similarity}
	}
	switch {
	case !slices.Contains(tasks, s.Task):
		r.problems.add("set.toml", 0, "task %q is unknown; use one of %q", m.Task, tasks)
	case s.Task == Related && len(m.Judgements) > 0:
		r.problems.add("set.toml", 0, "judgements are of the tasks %q; of %q they stand in ratings.csv", tasks[1:], Related)
	case s.Task != Matrix && m.Values != "":
		r.problems.add("set.toml", 0, "values are of the task %q alone", Matrix)
	case s.Task != Matrix && m.Scale != "":
		r.problems.add("set.toml", 0, "a scale is of the task %q alone", Matrix)
	case s.Task == Matrix && m.Values != Similarity && m.Values != Dissimilarity:
		r.problems.add("set.toml", 0, "values = %q: say whether the values are of %q (larger is more alike) or %q; no file tells", m.Values, Similarity, Dissimilarity)
	case m.Ceiling < 0 || m.Ceiling > 1:
		r.problems.add("set.toml", 0, "ceiling %v is no share; write 0.6767 for 67.67 %%", m.Ceiling)
	}
}

// readTask reads what people said in a set that is not of triplets.
func (r *reader) readTask(folder filesOf) {
	files := r.manifest.Judgements
	if len(files) == 0 {
		files = r.usualFiles(folder)
	}
	seen := map[string]bool{}
	for _, file := range files {
		if seen[file] {
			r.problems.add("set.toml", 0, "judgements names %q twice", file)
			continue
		}
		seen[file] = true
		if r.set.Task == Matrix {
			r.readMatrixFile(folder, file)
		} else {
			r.readTrialFile(folder, file)
		}
	}
	if t := r.set.Trials; t != nil && t.Rater != nil && len(t.Rater) < t.Len() {
		r.problems.add("set.toml", 0, "some of the files %s name raters and others do not; give raters in all or in none", strings.Join(files, ", "))
	}
}

// usualFiles is the file in which judgements are looked for where set.toml names
// none.
func (r *reader) usualFiles(folder filesOf) []string {
	usual := []string{"judgements.csv", "judgements.npy", "choices.csv"}
	if r.set.Task == Matrix {
		usual = []string{"ratings.csv", "matrix.csv", "matrix.npy"}
	}
	found := slices.DeleteFunc(slices.Clone(usual), func(file string) bool { return !folder.has(file) })
	switch len(found) {
	case 1:
		return found
	case 0:
		r.problems.add("set.toml", 0, "names no judgements, and there is none of %s; name the files: judgements = [%q]", strings.Join(usual, ", "), usual[0])
	default:
		r.problems.add("set.toml", 0, "names no judgements, and there are several: %s; name those that count: judgements = [%q]", strings.Join(found, ", "), found[0])
	}
	return nil
}
