package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// level of the intervals.
const level = 0.95

// What appearance may solve: from farShare on, with an interval above one half,
// is a warning, from mostShare on the set measures little else. The interval
// alone would not do: with thousands of triplets it leaves one half by shares
// that mislead nobody.
const (
	farShare  = 0.6
	mostShare = 0.75
)

// Confound is how a baseline without a network fares on all triplets or on a
// group of them.
type Confound struct {
	Baseline      string         `json:"baseline"`
	Axis          string         `json:"axis,omitempty"` // relation or distractor; empty: all triplets
	Group         string         `json:"group,omitempty"`
	Triplets      int            `json:"triplets"`
	MatchingError float64        `json:"matching_error"`    // 0..1, ties count as half errors
	Interval      stats.Interval `json:"matching_error_ci"` // 95 %, counting shared pictures; undefined where too few are left
	Doubtful      bool           `json:"warning"`
	Reading       string         `json:"reading"`
}

// BaselineJobs ask for the features of the named baselines.
func BaselineJobs(names ...string) []extract.Job {
	list := make([]extract.Job, len(names))
	for i, name := range names {
		m := model.Baseline(name)
		list[i] = extract.Job{
			Name: m.Name,
			Space: feature.Space{
				Model: m.Hash, Recipe: m.Recipe.Digest(), Node: m.Node(), Decoder: imaging.Decoder, Engine: m.Engine(nil),
			},
			Open: func(context.Context, model.SessionOptions) (model.Embedder, error) {
				return m.Open(nil, model.SessionOptions{})
			},
		}
	}
	return list
}

// confounds measures the baselines, all triplets first, then by relation and
// by distractor where the set has several.
func confounds(ctx context.Context, s *stimuli.Set, files fs.FS, o Options) ([]Confound, error) {
	names := []string{"pixels", "colour", "edges"}
	jobs := BaselineJobs(names...)
	if err := extract.Fill(ctx, o.Store, extract.Pictures(s.Pictures, files), jobs, extract.Options{Progress: o.Progress}); err != nil {
		return nil, err
	}
	choices := make([][]match.Choice, len(names))
	for i, job := range jobs {
		features, err := o.Store.View(job.Space)
		if err != nil {
			return nil, err
		}
		choices[i], err = match.Cosine.Triplets(s.Triplets, features)
		if err := errors.Join(err, features.Close()); err != nil {
			return nil, err
		}
	}
	var list []Confound
	for i, name := range names {
		list = append(list, newConfound(name, axis{}, "", choices[i]))
	}
	for _, a := range []axis{relation, distractor} {
		groups, counts := a.groups(s)
		if len(groups) == 1 && counts[groups[0]] == len(s.Triplets) {
			continue // says again what all triplets say
		}
		for _, group := range groups {
			for i, name := range names {
				list = append(list, newConfound(name, a, group, choices[i]))
			}
		}
	}
	return list, nil
}

// newConfound counts the choices whose triplets are of the group, all where
// the axis is empty.
func newConfound(baseline string, a axis, group string, choices []match.Choice) Confound {
	if a.value != nil {
		choices = slices.DeleteFunc(slices.Clone(choices), func(c match.Choice) bool { return a.value(c.Triplet) != group })
	}
	return judged(Confound{Baseline: baseline, Axis: a.name, Group: group}, choices)
}

// judged fills in what the similarities say.
func judged(c Confound, choices []match.Choice) Confound {
	pictures := make([][3]string, len(choices))
	for i, choice := range choices {
		pictures[i] = choice.Triplet.Identities()
	}
	related, unrelated := match.Similarities(choices)
	errors, evidence := stats.MatchingError(pictures, stats.Scores{Related: related, Unrelated: unrelated}, match.HalfCredit, level)
	c.Triplets, c.MatchingError, c.Interval = len(choices), errors, evidence.Interval
	c.Doubtful = c.Interval.High < 0.5 && 1-c.MatchingError >= farShare
	c.Reading = c.reading()
	return c
}

func (c Confound) reading() string {
	what := "the " + english.Count(c.Triplets, "triplet")
	if c.Triplets == 1 {
		what = "the only triplet"
	}
	if c.Axis != "" {
		what += fmt.Sprintf(" of %s %q", c.Axis, c.Group)
	}
	verb := "solves"
	if c.Baseline != "colour" {
		verb = "solve" // pixels and edges
	}
	share := notation.ShareOf(c.Triplets)
	return fmt.Sprintf("%s alone %s %s %% (%s) of %s: %s", c.Baseline, verb,
		share(1-c.MatchingError), notation.Interval(stats.Interval{Low: 1 - c.Interval.High, High: 1 - c.Interval.Low}, share), what, c.verdict())
}

func (c Confound) verdict() string {
	subject := "the set"
	if c.Axis != "" {
		subject = "this group"
	}
	switch {
	case stats.ClopperPearson(0, float64(c.Triplets), level).High >= 0.5:
		return "too few triplets to tell"
	case !c.Interval.Defined():
		return "too many of them share pictures to say more"
	case c.Doubtful && 1-c.MatchingError >= mostShare:
		return subject + " measures " + c.Baseline
	case c.Doubtful:
		return c.Baseline + " can stand in for meaning"
	case c.Interval.High < 0.5:
		return "a little better than guessing"
	case c.Interval.Low <= 0.5:
		return "no better and no worse than guessing can explain"
	case c.MatchingError >= farShare:
		return "it points to the distractor, and a model that goes by " + c.Baseline + " errs far more than by guessing"
	}
	return "a little worse than guessing"
}
