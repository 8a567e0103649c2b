// Package learn asks whether a network that is seen in another space knows better
// what belongs together: on triplets that the space has not seen, beside controls
// that must fail, and on other sets.
package learn

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/wordvec"
	"golang.org/x/sync/errgroup"
)

// Spaces learned from triplets.
const (
	Linear  space.Kind = "linear"   // each feature has a weight of its own
	LowRank space.Kind = "low-rank" // the products of a few directions have weights
)

// Learned reports whether a space is learned from triplets and their labels.
func Learned(kind space.Kind) bool { return kind == Linear || kind == LowRank }

// What is done without other settings.
const (
	Folds   = 20 // at most; with fewer units of triplets, each is a fold
	Repeats = 3  // with other folds each time, where there are more units than folds
)

// Model is a network's outputs on the pictures of all sets.
type Model struct {
	Name    string
	Outputs space.Outputs
	// Words are those of the spaces that read words, empty where its classes are not
	// known.
	Words space.Words
	Walks map[string]space.Words // of associations, by the file of their norms
	// Transforms are matrices that others have learned, by file, with their hashes.
	Transforms map[string]space.Fit
}

// fit is what a space is made of, but for reference pictures.
func (m Model) fit(s space.Spec) space.Fit {
	f := space.Fit{Outputs: m.Outputs, Words: m.words(s), Weight: 1}
	if s.Kind == space.Transform {
		f.Transform, f.TransformHash = m.Transforms[s.From].Transform, m.Transforms[s.From].TransformHash
	}
	return f
}

// words are those that a space reads.
func (m Model) words(s space.Spec) space.Words {
	if s.Kind == space.Association {
		return m.Walks[s.From]
	}
	return m.Words
}

// Options say what is tried. Spaces have no places of reference pictures: everything
// is fitted to the pictures of the training triplets.
type Options struct {
	Spaces []space.Spec
	// Choose looks for the weight of words in Blend and the penalty of learned spaces by
	// parts of each fold's training triplets; else the usual ones are taken.
	Choose  bool
	Folds   int // 0: Folds
	Repeats int // 0: Repeats
	Vectors *wordvec.Vectors
	stats.Options
}

// Check refuses two spaces of one name: nobody could tell their rows apart.
func (o Options) Check() error {
	seen := map[string]bool{}
	for _, s := range o.Spaces {
		if seen[Name(s)] {
			return fmt.Errorf("two spaces of this trial would be named %s", Name(s))
		}
		seen[Name(s)] = true
	}
	return nil
}

// Result is what spaces do for one model, on the triplets of the set left out of
// training, and on another set.
type Result struct {
	Model   string `json:"model"`
	Set     string `json:"set"`
	Folds   int    `json:"folds"`
	Repeats int    `json:"repeats"`
	Units   int    `json:"units"`             // groups of triplets that share a related pair's picture or concept
	Trained [2]int `json:"training_triplets"` // of a fold, fewest and most
	// Unnamed are pictures without a label: what they show may be on both sides.
	Unnamed   int                  `json:"pictures_without_label,omitempty"`
	Validated []record.ChangeGroup `json:"cross_validated"`
	Agreement *Agreement           `json:"agreement,omitempty"` // in place of groups, where the set holds matrices
	Chosen    []Chosen             `json:"chosen,omitempty"`    // where values were chosen within folds
	Curve     []Point              `json:"learning_curve,omitempty"`
	Test      string               `json:"test,omitempty"`
	Transfer  []record.ChangeGroup `json:"transfer,omitempty"`
	LeftOut   int                  `json:"left_out,omitempty"` // triplets of the other set that share a picture or a concept with this one
	// Named counts the pictures whose names have words, of all; nil where names are not tried.
	Named   *[2]int       `json:"pictures_named_by_words,omitempty"`
	Missing []string      `json:"missing,omitempty"` // spaces that the model does not have, and why
	Cases   []record.Case `json:"cases,omitempty"`   // that the blend mended or broke, left out of training
}

// Chosen is the value of a space that was chosen in each fold, in the order of
// repeats and folds.
type Chosen struct {
	Space    string    `json:"space"`
	What     string    `json:"what"` // weight or penalty
	Values   []float64 `json:"by_fold"`
	Usual    int       `json:"not_chosen"` // folds with too few triplets to choose, which took the usual value
	Transfer float64   `json:"on_the_whole_set,omitempty"`
}

// candidate is one way to see the model: role, name, and how it is fitted.
type candidate struct {
	name    string
	role    record.Role
	against string // what it is set against: features, or for a control what it must not exceed
	of      string // the space of which it is a control; empty: none
	chooses string // what is chosen within folds; empty: nothing
	fit     func(t *training, seed uint64) (fitted, error)
}

// fitted is a candidate that has seen its training triplets.
type fitted struct {
	see    seen
	chosen choice
}

// seen are the choices of a fitted candidate.
type seen func(test []stimuli.Triplet) ([]match.Choice, error)

// Try is the whole trial of one model. test may be nil.
func Try(m Model, set, test *stimuli.Set, o Options) (*Result, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	o.Folds, o.Repeats = cmp.Or(o.Folds, Folds), cmp.Or(o.Repeats, Repeats)
	if test != nil && (set.Task == stimuli.Matrix || test.Task == stimuli.Matrix) {
		return nil, &TaskError{set.Name, set.Task, "nothing is carried over between matrices and other sets"}
	}
	if set.Task == stimuli.Matrix {
		r := &Result{Model: m.Name, Set: set.Name, Unnamed: unnamedOf(set.Pictures)}
		return r, m.tryMatrices(set, o, r)
	}
	r := &Result{Model: m.Name, Set: set.Name, Unnamed: unnamed(set.Triplets)}
	all := pictures(set.Triplets)
	if test != nil {
		all = append(all, pictures(test.Triplets)...)
	}
	if o.Vectors != nil {
		known := withWords(o.Vectors, set, test)
		if r.Named = &known; known[0] == 0 {
			r.Named, o.Vectors = nil, nil
			r.Missing = append(r.Missing, "names of the pictures: no picture has a name for which there are words")
		}
	}
	carried, err := carriedOver(set, test)
	if err != nil {
		return nil, err
	}
	candidates, err := m.candidates(o, all, r)
	if err != nil {
		return nil, err
	}
	s, err := r.cut(set, o)
	if err != nil {
		return nil, err
	}
	candidates, scores, err := m.validate(s, candidates, r, o.Seed)
	if err != nil {
		return nil, err
	}
	if r.Validated, err = groups(set.Triplets, candidates, scores, o.Options); err != nil {
		return nil, err
	}
	if r.Cases, err = m.changed(set.Triplets, candidates, scores); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(candidates, func(c candidate) bool { return c.name == string(Linear) }) {
		curve, err := m.curve(s, scores[0], o)
		if err != nil { // a part of the triplets was too small
			r.Missing = append(r.Missing, err.Error())
		}
		r.Curve = curve
	}
	if test != nil {
		r.Test, r.LeftOut = test.Name, len(test.Triplets)-len(carried)
		r.Transfer, err = m.transfer(set, carried, candidates, r, o)
	}
	return r, err
}

// cut deals a set's triplets out to folds.
func (r *Result) cut(set *stimuli.Set, o Options) (*splitter, error) {
	s := newSplitter(set.Triplets, o.Folds)
	if s.folds < 2 {
		return nil, fmt.Errorf("the triplets of %s hang together by shared pictures or concepts: nothing can be left out", set.Name)
	}
	if r.Units, r.Folds, r.Repeats = s.units, s.folds, o.Repeats; s.folds == s.units {
		r.Repeats = 1
	}
	return s, nil
}

// trained is a fold with what is drawn for its candidates.
type trained struct {
	fold
	seeds   []uint64
	choices [][]match.Choice // by candidate
	chosen  []choice
	faults  []error // why a candidate has no choices
}

// validate returns the candidates that could be fitted in all folds, and the choices of
// each: each triplet's are made by what was fitted without it, and similarities are means
// over the repeats. Folds are fitted at once on all cores; what is drawn for them is
// drawn before.
func (m Model) validate(s *splitter, candidates []candidate, r *Result, seed uint64) ([]candidate, [][]match.Choice, error) {
	var folds []*trained
	r.Trained[0] = len(s.triplets)
	for repeat := range r.Repeats {
		random := rand.New(rand.NewPCG(seed, uint64(repeat)))
		for _, f := range s.split(random) {
			if len(f.train) == 0 {
				return nil, nil, errors.New("a fold's triplets share a picture or a concept with all others, so that none is left to train; more triplets of other pictures are needed")
			}
			r.Trained = [2]int{min(r.Trained[0], len(f.train)), max(r.Trained[1], len(f.train))}
			t := &trained{fold: f}
			for range candidates {
				t.seeds = append(t.seeds, random.Uint64())
			}
			folds = append(folds, t)
		}
	}
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range folds {
		work.Go(func() error {
			f.run(s, m.Outputs.Features, candidates)
			return nil
		})
	}
	work.Wait() // its functions return no error
	var faults [][]error
	for _, f := range folds {
		faults = append(faults, f.faults)
	}
	kept, err := r.kept(candidates, faults, "in %d of %d folds")
	if err != nil {
		return nil, nil, err
	}
	for _, f := range folds {
		f.choices, f.chosen = at(f.choices, kept), at(f.chosen, kept)
	}
	candidates = at(candidates, kept)
	r.noteChosen(candidates, folds)
	return candidates, means(s, folds, len(candidates), r.Repeats), nil
}

// means are the similarities of each candidate and triplet over the repeats.
func means(s *splitter, folds []*trained, candidates, repeats int) [][]match.Choice {
	sums := make([][]match.Choice, candidates)
	for i := range sums {
		sums[i] = make([]match.Choice, len(s.triplets))
		for k := range sums[i] {
			sums[i][k].Triplet = &s.triplets[k]
		}
		for _, f := range folds {
			for k, choice := range f.choices[i] {
				sum := &sums[i][f.test[k]]
				sum.Related += choice.Related / float64(repeats)
				sum.Unrelated += choice.Unrelated / float64(repeats)
			}
		}
	}
	return sums
}

// run fits all candidates to the fold's training triplets and shows them the others.
func (t *trained) run(s *splitter, features match.Features, candidates []candidate) {
	train, test := newTraining(features, s.pick(t.train)), s.pick(t.test)
	for i, c := range candidates {
		choices, chosen, err := c.try(train, test, t.seeds[i])
		t.choices, t.chosen, t.faults = append(t.choices, choices), append(t.chosen, chosen), append(t.faults, err)
	}
}

// try fits a candidate and shows it other triplets.
func (c candidate) try(train *training, test []stimuli.Triplet, seed uint64) ([]match.Choice, choice, error) {
	f, err := c.fit(train, seed)
	if err != nil {
		return nil, choice{}, err
	}
	choices, err := f.see(test)
	if err == nil && slices.ContainsFunc(choices, func(c match.Choice) bool { return math.IsNaN(c.Related) || math.IsNaN(c.Unrelated) }) {
		err = errUndefined
	}
	return choices, f.chosen, err
}

// errUndefined is a space in which some pictures have no similarity.
var errUndefined = errors.New("the similarity of some pictures is not defined: numbers are too large, or no numbers")

// noteChosen keeps what was chosen in the folds.
func (r *Result) noteChosen(candidates []candidate, folds []*trained) {
	for i, c := range candidates {
		if c.chooses == "" {
			continue
		}
		chosen := Chosen{Space: c.name, What: c.chooses}
		for _, f := range folds {
			chosen.Values = append(chosen.Values, f.chosen[i].Value)
			if !f.chosen[i].Nested {
				chosen.Usual++
			}
		}
		r.Chosen = append(r.Chosen, chosen)
	}
}

// carriedOver are the triplets of another set that share no picture and no concept with
// the one that everything is fitted to; none is an error.
func carriedOver(set, test *stimuli.Set) ([]stimuli.Triplet, error) {
	if test == nil {
		return nil, nil
	}
	known := map[string]bool{}
	for i := range set.Triplets {
		for _, c := range concepts(&set.Triplets[i]) {
			known[c] = true
		}
	}
	triplets := slices.DeleteFunc(slices.Clone(test.Triplets), func(t stimuli.Triplet) bool {
		return slices.ContainsFunc(concepts(&t), func(c string) bool { return known[c] })
	})
	if len(triplets) == 0 {
		return nil, fmt.Errorf("every triplet of %s shares a picture or a concept with %s", test.Name, set.Name)
	}
	return triplets, nil
}

// transfer fits everything to one set and tries it on triplets of another.
func (m Model) transfer(set *stimuli.Set, triplets []stimuli.Triplet, candidates []candidate, r *Result, o Options) ([]record.ChangeGroup, error) {
	scores, faults := make([][]match.Choice, len(candidates)), make([]error, len(candidates))
	train := newTraining(m.Outputs.Features, set.Triplets)
	for i, c := range candidates {
		var chosen choice
		scores[i], chosen, faults[i] = c.try(train, triplets, o.Seed)
		for k := range r.Chosen {
			if r.Chosen[k].Space == c.name {
				r.Chosen[k].Transfer = chosen.Value
			}
		}
	}
	kept, err := r.kept(candidates, [][]error{faults}, "carried over: in %d of %d fits to the whole set")
	if err != nil {
		return nil, err
	}
	return groups(triplets, at(candidates, kept), at(scores, kept), o.Options)
}
