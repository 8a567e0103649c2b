package paper

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// learned is a network against itself, seen in a space that knows words.
type learned struct {
	variant int          // place in the run's models
	pair    stats.Pair   // thematic triplets: the network and the space
	all     stats.Number // fall of the error over all triplets
	holm    float64
	// why the space cannot speak for the claim, whatever it gains
	mute string
}

// learning is row 24, the paper's future work, as far as a space can be learned
// without the set: whether networks err less on thematic triplets once the words
// of their classes count. What centring alone does, what the norms of the set
// already say, and what other triplets pay for speak for nothing.
func (b *builder) learning() Claim {
	const claim = "learning relatedness by association would lower the matching error"
	list, err := b.learned()
	if err != nil || len(list) == 0 {
		return without(learnAssociation, claim, NeedSpaces, "networks seen in a space that knows words, and thematic triplets")
	}
	c := Claim{Row: int(learnAssociation), Claim: claim, Verdict: CannotTell,
		Rule: "test of the difference in thematic error for each network and space of words, all shared pictures counted, Holm over these; a blend must fall below the centred features, too; " +
			"one significant fall with no more errors in all and no significant rise speak for"}
	falls, rises, sum := 0, 0, 0.0
	var parts []string
	for _, l := range list {
		fall, doubt := float64(l.pair.ErrorDifference), ""
		if l.mute != "" && fall > 0 {
			doubt = ": " + l.mute
		}
		if !b.run.Models[l.variant].Space.KnowsSet() {
			sum += fall
		}
		switch {
		case !(l.holm < 0.05):
		case fall < 0:
			rises++
		case l.mute == "" && l.all >= 0:
			falls++
		}
		parts = append(parts, fmt.Sprintf("%s by %s points (%s, %s)%s", b.run.Models[l.variant].Name, b.share()(-fall),
			notation.Interval(stats.Interval{Low: -l.pair.Evidence.Interval.High, High: -l.pair.Evidence.Interval.Low}, b.share()), notation.PEquals(l.pair.Evidence.P), doubt))
	}
	switch {
	case sum > 0:
		c.Points = "for"
	case sum < 0:
		c.Points = "against"
	}
	switch {
	case rises > 0:
		c.Verdict = NotSupported
	case falls > 0:
		c.Verdict = Supported
	}
	c.Figures = "thematic errors change: " + strings.Join(parts, "; ")
	return c
}

// learned compares each network with its variants by words, on thematic triplets.
func (b *builder) learned() ([]learned, error) {
	var list []learned
	var ps []float64
	for i, m := range b.run.Models {
		if m.Space == nil || !(space.Spec{Kind: m.Space.Kind}).ReadsWords() {
			continue
		}
		network := slices.IndexFunc(b.run.Models, func(n record.Model) bool { return n.Name == m.Space.Network })
		if network < 0 {
			continue
		}
		if !b.hasThematic() {
			return nil, nil
		}
		l := learned{variant: i}
		var err error
		if l.pair, err = b.pair(thematicPart(b.run, network, i)); err != nil {
			return nil, err
		}
		whole := *b.run
		whole.Models = []record.Model{b.run.Models[network], m}
		both, err := b.pair(&whole)
		if err != nil {
			return nil, err
		}
		l.all = both.ErrorDifference
		if l.mute, err = b.mute(i); err != nil {
			return nil, err
		}
		list, ps = append(list, l), append(ps, float64(l.pair.Evidence.P))
	}
	for i, p := range stats.Holm(ps) {
		list[i].holm = p
		if math.IsNaN(p) {
			list[i].holm = 1
		}
	}
	return list, nil
}

// mute says why a variant cannot speak for the claim, empty if it can: its norms know
// the set, or centring alone may do what it does.
func (b *builder) mute(variant int) (string, error) {
	m := b.run.Models[variant]
	if m.Space.KnowsSet() {
		return "its norms have seen pairs of the set", nil
	}
	if m.Space.Kind != space.Blend {
		return "", nil
	}
	centred := slices.IndexFunc(b.run.Models, func(n record.Model) bool {
		return n.Space != nil && n.Space.Kind == space.Centred && n.Space.Network == m.Space.Network && n.Space.Reference == m.Space.Reference
	})
	if centred < 0 {
		return "the run does not show what centring alone does", nil
	}
	pair, err := b.pair(thematicPart(b.run, centred, variant))
	if err != nil {
		return "", err
	}
	if p := float64(pair.Evidence.P); !(p < 0.05) || pair.ErrorDifference <= 0 {
		return fmt.Sprintf("against the centred features by %s points (%s)", b.share()(-float64(pair.ErrorDifference)), notation.PEquals(pair.Evidence.P)), nil
	}
	return "", nil
}

func (b *builder) hasThematic() bool {
	return slices.ContainsFunc(b.run.Stimuli.Triplets, func(t stimuli.Triplet) bool { return t.Relation == stimuli.Thematic })
}

// pair compares the two models of a run.
func (b *builder) pair(run *record.Run) (stats.Pair, error) {
	design, scores := run.Design()
	c, err := stats.Compare(design, scores, b.resampling())
	if err != nil {
		return stats.Pair{}, err
	}
	return c.Pairs[0], nil
}

// thematicPart is two models of a run on its thematic triplets.
func thematicPart(run *record.Run, models ...int) *record.Run {
	part := *run
	part.Stimuli, part.Models = &stimuli.Set{}, nil
	var places []int
	for i, t := range run.Stimuli.Triplets {
		if t.Relation == stimuli.Thematic {
			places = append(places, i)
			part.Stimuli.Triplets = append(part.Stimuli.Triplets, t)
		}
	}
	for _, at := range models {
		m := run.Models[at]
		m.Choices = nil
		for k, i := range places {
			choice := run.Models[at].Choices[i]
			m.Choices = append(m.Choices, match.Choice{Triplet: &part.Stimuli.Triplets[k], Related: choice.Related, Unrelated: choice.Unrelated})
		}
		part.Models = append(part.Models, m)
	}
	return &part
}
