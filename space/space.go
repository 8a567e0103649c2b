// Package space looks at a network's outputs in other ways than by the cosine of
// its features: without their common mean, or with what the names of its classes
// mean. A space is a small operator, fitted once, that says what it has seen; it
// makes vectors of the outputs, which are then compared as features are.
package space

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
	"gonum.org/v1/gonum/mat"
)

// Kind is a way to make a space.
type Kind string

const (
	// Centred takes the mean vector of reference pictures from every vector, so that
	// what all pictures share no longer makes them alike.
	Centred Kind = "centred"
	// Whitened also shrinks the axes along which the reference pictures vary most.
	Whitened Kind = "whitened"
	// HubCorrected takes from each cosine how near both pictures are to their
	// nearest reference pictures (CSLS; Conneau et al. 2018).
	HubCorrected Kind = "hub-corrected"
	// ByWords compares what the names of the likely classes mean.
	ByWords Kind = "words"
	// Blend is the sum of Centred and ByWords, each of the same spread.
	Blend Kind = "blend"
	// Association is ByWords with where walks over people's free associations pass
	// instead of vectors learned from text.
	Association Kind = "association"
	// Transform applies a matrix that others have learned.
	Transform Kind = "transform"
)

// kinds are all of them.
var kinds = []Kind{Centred, Whitened, HubCorrected, ByWords, Blend, Association, Transform}

// KindNames lists the kinds for people.
func KindNames() string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// Spec is a space as it is asked for: a kind, and where its reference pictures
// are, as centred:FOLDER; or, of Transform and Association, its file. Without a place the pictures
// are the set's own.
type Spec struct {
	Kind Kind
	From string
}

// Parse reads KIND or KIND:PLACE.
func Parse(text string) (Spec, error) {
	kind, from, placed := strings.Cut(text, ":")
	s := Spec{Kind(kind), from}
	switch {
	case !slices.Contains(kinds, s.Kind):
		return s, fmt.Errorf("space %q is unknown%s", text, english.DidYouMean(kind, strings.Split(KindNames(), ", ")))
	case placed && from == "":
		return s, fmt.Errorf("space %q: nothing stands after the colon", text)
	case s.Kind == Transform && from == "":
		return s, fmt.Errorf("space %q needs its file, as transform:FILE.npz", text)
	case s.Kind == Association && from == "":
		return s, fmt.Errorf("space %q needs norms of free association, as association:FILE", text)
	case s.Kind == ByWords && from != "":
		return s, fmt.Errorf("space %q: words have no reference pictures", text)
	}
	return s, nil
}

func (s Spec) String() string {
	if s.From == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + ":" + s.From
}

// Variant is the name of a model seen in the space.
func (s Spec) Variant(model string) string {
	name := model + "+" + string(s.Kind)
	if s.From != "" {
		name += ":" + filepath.Base(s.From)
	}
	return name
}

// Reference is the place of the pictures that the space is fitted to, empty for
// the set's own; some spaces have none.
func (s Spec) Reference() (place string, has bool) {
	return s.From, s.Kind != Transform && s.Kind != ByWords && s.Kind != Association
}

// ReadsWords reports whether the space needs classes and their names.
func (s Spec) ReadsWords() bool { return s.Kind == ByWords || s.Kind == Blend || s.Kind == Association }

// HasVectors reports whether the space's similarities are cosines of vectors, which a
// network can have as features.
func (s Spec) HasVectors() bool { return s.Kind != HubCorrected }

// Words are vectors of the classes that a network's logits stand for.
type Words struct {
	Source  string
	Hash    string // hex SHA-256 of the file
	Dim     int
	Names   []string    // by class; for people
	Classes [][]float32 // by class; nil where no word stands for it
}

// Known is the number of classes with a vector.
func (w Words) Known() int {
	n := 0
	for _, v := range w.Classes {
		if v != nil {
			n++
		}
	}
	return n
}

// Of are the vectors of pictures by words, computed once for all spaces that read them.
// Many pictures are multiplied at once; the sums have the order, and so the bits, of
// what Part does with one picture.
func (w Words) Of(outputs Outputs, pictures []*stimuli.Picture) (*Table, error) {
	if w.Known() == 0 {
		return nil, ErrNoClasses
	}
	if outputs.Logits == nil || outputs.Logits.Dim() < len(w.Classes) {
		return nil, errNoProbabilities
	}
	part := classPart(w)
	var known []int
	var rows []float64
	for i, v := range w.Classes {
		if v != nil {
			known = append(known, i)
			for _, x := range part.Matrix[i] {
				rows = append(rows, float64(x))
			}
		}
	}
	matrix := mat.NewDense(len(known), w.Dim, rows)
	t := &Table{w.Dim, map[stimuli.Hash][]float32{}}
	for some := range slices.Chunk(distinct(pictures), atOnce) {
		logits, err := read(outputs.Logits, some)
		if err != nil {
			return nil, err
		}
		shares := mat.NewDense(len(some), len(known), nil)
		for i, l := range logits {
			p := softmax(l[len(l)-len(w.Classes):])
			for k, class := range known {
				shares.Set(i, k, float64(p[class]))
			}
		}
		var vectors mat.Dense
		vectors.Mul(shares, matrix)
		for i, p := range some {
			t.rows[p.Hash] = rounded(vectors.RawRowView(i))
		}
	}
	return t, nil
}

// atOnce is how many pictures are multiplied at once.
const atOnce = 256

// part makes the vector of a picture by words; where these vectors are known, it needs
// no matrix.
func (f Fit) part() Part {
	if f.Outputs.Named != nil {
		return Part{Classes: len(f.Words.Classes)}
	}
	return classPart(f.Words)
}

// ErrNoClasses is a space of words for a model whose classes are not known.
const ErrNoClasses = Unfit("it needs the names of the model's classes, and they are not known")

// Fit is what a space is made of.
type Fit struct {
	Outputs   Outputs
	Reference []*stimuli.Picture
	Words     Words   // empty where the model has no known classes
	Weight    float64 // of words against features, for Blend; 1 unless somebody chose it
	Transform *Part   // for Transform
	// TransformHash is the hex SHA-256 of the file of Transform.
	TransformHash string
	// Mean, where it is not nil, is that of the features of Reference.
	Mean []float32
	// Gram, where it is not nil, holds the products of all pictures' features.
	Gram *Gram
}

// Fit makes the operator of a space. pictures is how many different ones it was
// fitted to.
func (s Spec) Fit(f Fit) (o Operator, pictures int, err error) {
	reference := distinct(f.Reference)
	if s.ReadsWords() && f.Words.Known() == 0 {
		return o, 0, ErrNoClasses
	}
	switch s.Kind {
	case ByWords, Association:
		return Operator{Parts: []Part{f.part()}}, 0, nil
	case Transform:
		return Operator{Parts: []Part{*f.Transform}}, 0, nil
	case HubCorrected:
		return Operator{Parts: []Part{{}}}, len(spread(reference, mostReference)), nil
	case Whitened:
		reference = spread(reference, mostReference)
	}
	mean := f.Mean
	if mean == nil || s.Kind == Whitened {
		if mean, err = Mean(f.Outputs.Features, reference); err != nil {
			return o, 0, err
		}
	}
	centred := Part{Shift: mean}
	switch s.Kind {
	case Whitened:
		rows, err := read(f.Outputs.Features, reference)
		if err != nil {
			return o, 0, err
		}
		if centred, err = whiten(rows, mean); err != nil {
			return o, 0, err
		}
	case Blend:
		o, err = blend(centred, f.part(), f.Weight, f.Outputs, reference)
		return o, len(reference), err
	}
	return Operator{Parts: []Part{centred}}, len(reference), nil
}

// Try is Fit and Choices at once for those who need no operator: with the products of
// all pictures at hand, nothing is decomposed.
func (s Spec) Try(triplets []stimuli.Triplet, f Fit) ([]match.Choice, error) {
	if s.Kind == Whitened && f.Gram != nil {
		return f.Gram.whitened(triplets, spread(distinct(f.Reference), mostReference), f.Outputs.Features.Dim())
	}
	o, _, err := s.Fit(f)
	if err != nil {
		return nil, err
	}
	choices, _, err := s.Choices(triplets, match.Cosine, o, f)
	return choices, err
}

// Choices are what a model's outputs say of triplets in the space.
func (s Spec) Choices(triplets []stimuli.Triplet, measure match.Measure, o Operator, f Fit) ([]match.Choice, int, error) {
	vectors, err := o.Over(f.Outputs)
	if err != nil {
		return nil, 0, err
	}
	choices, err := measure.Triplets(triplets, vectors)
	if err == nil && s.Kind == HubCorrected {
		err = correctHubs(choices, vectors, f, measure)
	}
	return choices, vectors.Dim(), err
}

// Similarities are what a model's outputs say of pairs of a set's pictures or items in
// the space, by number.
func (s Spec) Similarities(set *stimuli.Set, pairs [][2]int32, measure match.Measure, o Operator, f Fit) ([]float64, int, error) {
	vectors, err := o.Over(f.Outputs)
	if err != nil {
		return nil, 0, err
	}
	list, err := measure.Among(set, pairs, vectors)
	if err != nil || s.Kind != HubCorrected {
		return list, vectors.Dim(), err
	}
	if set.Items != nil {
		return nil, 0, errItems
	}
	h, err := newHubs(vectors, f, measure)
	if err != nil {
		return nil, 0, err
	}
	for i, pair := range pairs {
		if list[i], err = h.corrected(list[i], set.Pictures[pair[0]], set.Pictures[pair[1]]); err != nil {
			return nil, 0, err
		}
	}
	return list, vectors.Dim(), nil
}

const errItems = Unfit("it is defined for single pictures, and the set has several of an item")
