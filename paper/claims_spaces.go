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
	variant int // place in the run's models
	pair    stats.Pair
	holm    float64
}

// learning is row 24, the paper's future work, as far as a space can be learned
// without the set: whether networks err less on thematic triplets once the words
// of their classes count.
func (b *builder) learning() Claim {
	const claim = "learning relatedness by association would lower the matching error"
	list, err := b.learned()
	if err != nil || len(list) == 0 {
		return without(learnAssociation, claim, NeedSpaces, "networks seen in a space that knows words, and thematic triplets")
	}
	c := Claim{Row: int(learnAssociation), Claim: claim, Verdict: CannotTell,
		Rule: "test of the difference in thematic error for each network and space of words, all shared pictures counted, Holm over these; one significant fall and no significant rise speak for"}
	falls, rises, sum := 0, 0, 0.0
	var parts []string
	for _, l := range list {
		fall := float64(l.pair.ErrorDifference)
		sum += fall
		switch {
		case !(l.holm < 0.05):
		case fall > 0:
			falls++
		default:
			rises++
		}
		parts = append(parts, fmt.Sprintf("%s by %s points (%s, %s)", b.run.Models[l.variant].Name, b.share()(-fall),
			notation.Interval(stats.Interval{Low: -l.pair.Evidence.Interval.High, High: -l.pair.Evidence.Interval.Low}, b.share()), notation.PEquals(l.pair.Evidence.P)))
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
		part := thematicPart(b.run, network, i)
		if len(part.Stimuli.Triplets) == 0 {
			return nil, nil
		}
		design, scores := part.Design()
		c, err := stats.Compare(design, scores, b.resampling())
		if err != nil {
			return nil, err
		}
		list = append(list, learned{variant: i, pair: c.Pairs[0]})
		ps = append(ps, float64(c.Pairs[0].Evidence.P))
	}
	for i, p := range stats.Holm(ps) {
		list[i].holm = p
		if math.IsNaN(p) {
			list[i].holm = 1
		}
	}
	return list, nil
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
