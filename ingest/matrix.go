package ingest

import (
	"fmt"
	"math"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
)

// Orders of the pairs in a vector, see Judgements.Order.
const (
	byRows    = "rows"    // 1 and 2, 1 and 3, 1 and 4, ...: as SciPy's and MATLAB's squareform
	byColumns = "columns" // 1 and 2, 1 and 3, 2 and 3, 1 and 4, ...
)

// ignoreDiagonal is a word of Judgements.Diagonal.
const ignoreDiagonal = "ignore"

// personMatrix is one person's values of all pairs, as a file has them.
type personMatrix struct {
	person string
	at     stimuli.Place
	lines  []int    // of the rows of a square of text
	names  []string // of the items; nil where the file has none
	square bool
	count  int // values
	value  func(i int) float64
	known  bool // the format says that values are dissimilarities, by rows
}

// items is how many items the values are of, 0 where no number of items has as many.
func (p *personMatrix) items() int {
	if p.square {
		return int(math.Sqrt(float64(p.count)))
	}
	n := int(math.Round((1 + math.Sqrt(1+8*float64(p.count))) / 2))
	if n*(n-1)/2 != p.count {
		return 0
	}
	return n
}

// of is the value of two items.
func (p *personMatrix) of(i, k, n int, order string) float64 {
	switch i, k = min(i, k), max(i, k); {
	case p.square:
		return p.value(i*n + k)
	case order == byColumns:
		return p.value(k*(k-1)/2 + i)
	}
	return p.value(stimuli.PairPlace(n, i, k))
}

// isMatrixFile reports whether a file's name says that it holds matrices.
func isMatrixFile(name string) bool {
	return strings.HasSuffix(name, "_tree.json") || strings.HasSuffix(name, "_1D.mat")
}

// readMatrices reads files of matrices as ratings of all pairs.
func (r *reader) readMatrices(matrices []personMatrix) {
	sound := true
	for i := range matrices {
		m := &matrices[i]
		if m.items() == 0 {
			r.problems.add(m.at, "has %d values, which is the number of pairs of no number of items", m.count)
			sound = false
			continue
		}
		if m.names == nil {
			var ok bool
			if m.names, ok = r.itemNames(m); !ok {
				return
			}
		}
		sound = r.fits(m) && sound
	}
	if !sound || !r.direction(matrices) || !r.orderSaid(matrices) {
		return
	}
	seen := map[string]stimuli.Place{}
	for i := range matrices {
		m := &matrices[i]
		if first, twice := seen[m.person]; twice {
			r.problems.add(m.at, "is of the person %q, as %s is", m.person, first.File)
			continue
		}
		seen[m.person] = m.at
		r.addMatrix(m)
	}
	r.previewMatrices(matrices)
}

// itemNames are those that the mapping gives.
func (r *reader) itemNames(m *personMatrix) ([]string, bool) {
	file := r.mapping.Judgements.Names
	if file == "" {
		r.problems.add(m.at, "does not say which pictures its %d items are; give a file of their names in that order as names, or names = %q for the order of paths", m.items(), sortedNames)
		return nil, false
	}
	return r.namesOf(file)
}

// fits checks that there are as many names as items, each once.
func (r *reader) fits(m *personMatrix) bool {
	n := m.items()
	if len(m.names) != n {
		r.problems.add(m.at, "is of %d items, and there are %d names", n, len(m.names))
		return false
	}
	seen := map[string]int{}
	for i, name := range m.names {
		if first, twice := seen[name]; twice {
			r.problems.add(m.at, "names %q twice, as items %d and %d", name, first+1, i+1)
			return false
		}
		seen[name] = i
	}
	return true
}

// direction asks whether larger values are of more alike pictures. What a diagonal
// says is shown, and must not be the contrary.
func (r *reader) direction(matrices []personMatrix) bool {
	j := &r.mapping.Judgements
	if j.Values == "" && !slices.ContainsFunc(matrices, func(m personMatrix) bool { return !m.known }) {
		j.Values = stimuli.Dissimilarity
	}
	for i := range matrices {
		m := &matrices[i]
		says, seen := m.diagonal()
		switch {
		case j.Values == "":
			if says == "" {
				seen = "nothing in it tells"
			}
			r.problems.add(m.at, "say whether its values are of similarity (larger is more alike) or dissimilarity: values = %q or values = %q; %s", stimuli.Similarity, stimuli.Dissimilarity, seen)
			return false
		case m.known && j.Values != stimuli.Dissimilarity:
			r.problems.add(m.at, "has dissimilarities by its format, and values says %q", j.Values)
			return false
		case says != "" && says != j.Values && j.Diagonal != ignoreDiagonal:
			r.problems.add(m.at, "values says %q, but %s; correct values, or say diagonal = %q if it has no meaning", j.Values, seen, ignoreDiagonal)
			return false
		}
	}
	if r.mapping.task() != stimuli.Matrix && j.Values == stimuli.Dissimilarity {
		r.problems.add(matrices[0].at, "has dissimilarities; ratings beside triplets say how alike pictures are. Turn them round, or make a set of the task %q", stimuli.Matrix)
		return false
	}
	return true
}

// diagonal is what the diagonal of a square says of its values: it is below or above all
// of them.
func (m *personMatrix) diagonal() (says, seen string) {
	if !m.square {
		return "", ""
	}
	says, on := stimuli.DiagonalOf(m.items(), m.value).Says()
	switch says {
	case stimuli.Dissimilarity:
		seen = fmt.Sprintf("the diagonal is %v and all other values are larger, as of dissimilarities", on)
	case stimuli.Similarity:
		seen = fmt.Sprintf("the diagonal is %v and all other values are smaller, as of similarities", on)
	}
	return says, seen
}

// orderSaid asks for the order of the pairs where values are vectors.
func (r *reader) orderSaid(matrices []personMatrix) bool {
	j := &r.mapping.Judgements
	for i := range matrices {
		m := &matrices[i]
		const least = 4 // of fewer items both orders are the same
		if !m.square && !m.known && j.Order == "" && m.items() >= least {
			r.problems.add(m.at, "has %d values of pairs without saying in which order; say order = %q (1 and 2, 1 and 3, 1 and 4, ...: the upper triangle row by row, as squareform gives it) or order = %q (1 and 2, 1 and 3, 2 and 3, ...)", m.count, byRows, byColumns)
			return false
		}
	}
	return true
}

// addMatrix takes the values of a person's matrix as ratings.
func (r *reader) addMatrix(m *personMatrix) {
	n := m.items()
	files, ok := make([]*pictureFile, n), true
	for i, name := range m.names {
		f, err := r.pictures.find(name)
		if err != nil {
			r.problems.add(m.line(i), "item %d: %v", i+1, err)
			ok = false
			continue
		}
		f.used, files[i] = true, f
	}
	if !ok || !r.symmetric(m, n) {
		return
	}
	order := r.mapping.Judgements.Order
	if m.known {
		order = byRows
	}
	values, ratings := make([]float64, 0, n*(n-1)/2), make([]Judgement, 0, n*(n-1)/2)
	for i := range n {
		for k := i + 1; k < n; k++ {
			v := m.of(i, k, n, order)
			if m.square && math.IsNaN(v) {
				v = m.value(k*n + i) // one half may be empty
			}
			if math.IsInf(v, 0) {
				r.problems.add(m.line(i), "the value of %q and %q is not a number", m.names[i], m.names[k])
				return
			}
			if math.IsNaN(v) {
				continue
			}
			values = append(values, v)
			ratings = append(ratings, Judgement{m.person, [2]string{files[i].path, files[k].path}, "", v, m.line(i)})
		}
	}
	codes := stimuli.MissingCodes(values)
	for _, code := range codes {
		r.problems.add(m.at, "%v looks like a code for a missing answer; leave such values empty", code)
	}
	ratings = slices.DeleteFunc(ratings, func(j Judgement) bool { return slices.Contains(codes, j.Value) })
	r.plan.Judgements = append(r.plan.Judgements, ratings...)
}

func (m *personMatrix) line(i int) stimuli.Place {
	at := m.at
	if m.lines != nil {
		at.Line = m.lines[i]
	}
	return at
}

// symmetric checks that both halves of a square agree where both have values.
func (r *reader) symmetric(m *personMatrix, n int) bool {
	if !m.square {
		return true
	}
	for i := range n {
		for k := i + 1; k < n; k++ {
			a, b := m.value(i*n+k), m.value(k*n+i)
			if !math.IsNaN(a) && !math.IsNaN(b) && math.Abs(a-b) > 1e-6*math.Max(math.Abs(a), math.Abs(b)) {
				r.problems.add(m.line(i), "is not symmetric: %q and %q have %v and %v", m.names[i], m.names[k], a, b)
				return false
			}
		}
	}
	return true
}

// meadowsPerson is who judged, in the name of a file that Meadows exports:
// Meadows_{experiment}_v_{version}_{adjective-animal}_{task number}_{structure}.
var meadowsPerson = regexp.MustCompile(`^Meadows_.+_v_[^_]+_([a-z]+-[a-z]+)(_|\.)`)

// personOf is who judged by a file's name.
func personOf(file string) string {
	base := path.Base(file)
	if found := meadowsPerson.FindStringSubmatch(base); found != nil {
		return found[1]
	}
	return strings.TrimSuffix(base, path.Ext(base))
}

// matrixFiles reads the files of the table of judgements as matrices; false where they
// hold rows of ratings.
func (r *reader) matrixFiles() (list []personMatrix, are bool) {
	j := &r.mapping.Judgements
	files := filesOf(r.source, j.File)
	names := 0
	if j.Names != "" {
		if all, ok := r.namesOf(j.Names); ok {
			names = len(all)
		}
	}
	for _, file := range files {
		var some []personMatrix
		var err error
		switch ending := strings.ToLower(path.Ext(file)); {
		case isArray(file):
			var data []byte
			if data, err = regular.Read(r.source, file, maxTable); err == nil {
				some, err = arrayMatrices(file, j.Sheet, data, names)
			}
		case strings.HasSuffix(file, "_tree.json"):
			var data []byte
			if data, err = regular.Read(r.source, file, maxTable); err == nil {
				some, err = meadowsTree(file, j.Sheet, data)
			}
		case slices.Contains(jsonExtensions, ending):
			return nil, false
		default:
			s := &sheet{file: file}
			one := j.Table
			one.File = file
			var are bool
			if some, are = textMatrices(file, s.records(r.source, one, &r.problems)); !are {
				return nil, false
			}
		}
		if err != nil {
			r.problems.add(stimuli.Place{File: file}, "cannot be read: %v", err)
			return nil, true
		}
		list = append(list, some...)
	}
	return list, len(list) > 0
}
