// Package learn asks whether a network that is seen in another space knows better
// what belongs together: on triplets that the space has not seen, beside controls
// that must fail, and on other sets.
package learn

import (
	"errors"
	"fmt"
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
	if o.Folds == 0 {
		o.Folds = Folds
	}
	if o.Repeats == 0 {
		o.Repeats = Repeats
	}
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
	candidates, err := m.candidates(o, all, r)
	if err != nil {
		return nil, err
	}
	s := newSplitter(set.Triplets, o.Folds)
	if s.folds < 2 {
		return nil, fmt.Errorf("the triplets of %s hang together by shared pictures or concepts: nothing can be left out", set.Name)
	}
	if r.Units, r.Folds, r.Repeats = s.units, s.folds, o.Repeats; s.folds == s.units {
		r.Repeats = 1
	}
	scores, err := m.validate(s, candidates, r, o.Seed)
	if err != nil {
		return nil, err
	}
	if r.Validated, err = groups(set.Triplets, candidates, scores, o.Options); err != nil {
		return nil, err
	}
	if r.Cases, err = m.changed(set.Triplets, candidates, scores); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(o.Spaces, func(s space.Spec) bool { return s.Kind == Linear }) {
		if r.Curve, err = m.curve(s, scores[0], o); err != nil {
			return nil, err
		}
	}
	if test != nil {
		r.Test = test.Name
		r.Transfer, err = m.transfer(set, test, candidates, r, o)
	}
	return r, err
}

// trained is a fold with what is drawn for its candidates.
type trained struct {
	fold
	seeds   []uint64
	choices [][]match.Choice // by candidate
	chosen  []choice
}

// validate returns each candidate's choices, each triplet's made by what was fitted
// without it: similarities are means over the repeats. Folds are fitted at once on all
// cores; what is drawn for them is drawn before.
func (m Model) validate(s *splitter, candidates []candidate, r *Result, seed uint64) ([][]match.Choice, error) {
	var folds []*trained
	r.Trained[0] = len(s.triplets)
	for repeat := range r.Repeats {
		random := rand.New(rand.NewPCG(seed, uint64(repeat)))
		for _, f := range s.split(random) {
			if len(f.train) == 0 {
				return nil, errors.New("a fold's triplets share a picture or a concept with all others, so that none is left to train; more triplets of other pictures are needed")
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
		work.Go(func() error { return f.run(s, m.Outputs.Features, candidates) })
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	r.noteChosen(candidates, folds)
	sums := make([][]match.Choice, len(candidates))
	for i := range sums {
		sums[i] = make([]match.Choice, len(s.triplets))
		for k := range sums[i] {
			sums[i][k].Triplet = &s.triplets[k]
		}
		for _, f := range folds {
			for k, choice := range f.choices[i] {
				sum := &sums[i][f.test[k]]
				sum.Related += choice.Related / float64(r.Repeats)
				sum.Unrelated += choice.Unrelated / float64(r.Repeats)
			}
		}
	}
	return sums, nil
}

// run fits all candidates to the fold's training triplets and shows them the others.
func (t *trained) run(s *splitter, features match.Features, candidates []candidate) error {
	train, test := newTraining(features, s.pick(t.train)), s.pick(t.test)
	for i, c := range candidates {
		f, err := c.fit(train, t.seeds[i])
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		choices, err := f.see(test)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		t.choices, t.chosen = append(t.choices, choices), append(t.chosen, f.chosen)
	}
	return nil
}

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

// transfer fits everything to one set and tries it on the triplets of another
// that share no picture or concept with it.
func (m Model) transfer(set, test *stimuli.Set, candidates []candidate, r *Result, o Options) ([]record.ChangeGroup, error) {
	known := map[string]bool{}
	for i := range set.Triplets {
		for _, c := range concepts(&set.Triplets[i]) {
			known[c] = true
		}
	}
	triplets := slices.DeleteFunc(slices.Clone(test.Triplets), func(t stimuli.Triplet) bool {
		return slices.ContainsFunc(concepts(&t), func(c string) bool { return known[c] })
	})
	r.LeftOut = len(test.Triplets) - len(triplets)
	if len(triplets) == 0 {
		return nil, fmt.Errorf("every triplet of %s shares a picture or a concept with %s", test.Name, set.Name)
	}
	scores, train := make([][]match.Choice, len(candidates)), newTraining(m.Outputs.Features, set.Triplets)
	for i, c := range candidates {
		f, err := c.fit(train, o.Seed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		if scores[i], err = f.see(triplets); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		for k := range r.Chosen {
			if r.Chosen[k].Space == c.name {
				r.Chosen[k].Transfer = f.chosen.Value
			}
		}
	}
	return groups(triplets, candidates, scores, o.Options)
}
