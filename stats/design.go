package stats

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/akin-vision/akin/match"
)

// Design is one set of triplets as the statistics see it; all slices that are
// present have one entry for each triplet, in the same order.
type Design struct {
	// Pictures names the target, the related and the unrelated picture. Equal
	// names (or hashes) are one picture; what triplets share follows from them.
	Pictures [][3]string

	// Relation and Distractor are the axes of the set ("thematic", "shape").
	// Nil, or "" for a triplet, where the set does not say.
	Relation, Distractor []string

	// RatingRelated and RatingUnrelated are people's mean ratings of (target,
	// related) and (target, unrelated). Nil, or NaN, where there is none.
	RatingRelated, RatingUnrelated []float64

	// LowLevel holds similarities of the pictures that any model could use
	// without knowing objects (colour, shape); correlations with ratings are
	// also given with it held constant. Optional.
	LowLevel *Scores

	known *known // nil unless Repeated
}

// Scores are the similarities a model finds in each triplet's two pairs: higher
// is closer.
type Scores struct {
	Model              string
	Related, Unrelated []float64

	// Unchecked adds the warning that the model's recipe was never proved.
	Unchecked bool
}

// Options are the choices that all statistics share. The zero value is useful.
type Options struct {
	// Resamples of bootstraps and permutations; 0 means 10,000. Permutations
	// and correlations take fewer on large sets, and report how many.
	Resamples int
	Seed      uint64       // of all pseudo-random draws
	Level     float64      // confidence level; 0 means 0.95
	Credit    match.Credit // the rule for ties; "" means match.HalfCredit
	Alone     bool         // models of sets of other tasks are not compared with one another, as layers of one network are not
}

func (o Options) withDefaults() Options {
	if o.Resamples == 0 {
		o.Resamples = 10_000
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	return o
}

// prepared is the options with defaults filled in, after checking them and the
// data they are for.
func (o Options) prepared(d Design, models []Scores) (Options, error) {
	o = o.withDefaults()
	var err error
	if o.Credit, err = match.ParseCredit(string(o.Credit)); err != nil {
		return o, err
	}
	switch {
	case o.Resamples < 0:
		return o, fmt.Errorf("%d resamples: want a positive number", o.Resamples)
	case !(o.Level > 0 && o.Level < 1):
		return o, fmt.Errorf("level %v: want a proportion such as 0.95", o.Level)
	}
	return o, d.check(models)
}

// stream names a use of random draws, so that no two uses share numbers.
type stream uint64

const (
	bootstrapStream stream = iota + 1
	permutationStream
	splitStream
	modelStream
)

// source is the generator of one resample of one use.
func (o Options) source(use stream, resample int) *rand.PCG {
	return rand.NewPCG(o.Seed+uint64(use)<<56, uint64(resample))
}

// check reports the first entry of the design or the scores that does not fit.
func (d Design) check(models []Scores) error {
	n := len(d.Pictures)
	if n == 0 {
		return fmt.Errorf("the set has no triplets")
	}
	for _, column := range []struct {
		name   string
		length int
	}{
		{"relation", len(d.Relation)}, {"distractor", len(d.Distractor)},
		{"rating_related", len(d.RatingRelated)}, {"rating_unrelated", len(d.RatingUnrelated)},
	} {
		if column.length != 0 && column.length != n {
			return fmt.Errorf("%s: %d entries for %d triplets", column.name, column.length, n)
		}
	}
	if d.LowLevel != nil {
		models = append([]Scores{*d.LowLevel}, models...)
	}
	for _, m := range models {
		if err := m.check(n); err != nil {
			return err
		}
	}
	return nil
}

func (s Scores) check(triplets int) error {
	if len(s.Related) != triplets || len(s.Unrelated) != triplets {
		return fmt.Errorf("model %s: %d related and %d unrelated scores for %d triplets",
			s.Model, len(s.Related), len(s.Unrelated), triplets)
	}
	for i := range s.Related {
		if !finite(s.Related[i]) || !finite(s.Unrelated[i]) {
			return fmt.Errorf("model %s: the score of triplet %d is not a finite number", s.Model, i+1)
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// halves is each triplet's credit in halves, see match.Credit.
func (s Scores) halves(rule match.Credit) []int8 {
	credit := make([]int8, len(s.Related))
	for i, related := range s.Related {
		credit[i] = rule.Halves(match.Compare(related, s.Unrelated[i]))
	}
	return credit
}
