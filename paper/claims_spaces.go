package paper

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// learned is a network against itself, seen in a space that knows words.
type learned struct {
	variant int            // place in the run's models
	change  stats.Relative // on thematic triplets
	all     stats.Number   // change over all triplets
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
			"one significant fall with no more errors in all and no significant rise speak for; a run has no controls, which a trial of spaces has"}
	falls, rises, sum := 0, 0, 0.0
	var parts []string
	for _, l := range list {
		change, doubt := float64(l.change.ErrorDifference), ""
		if l.mute != "" && change < 0 {
			doubt = ": " + l.mute
		}
		if !b.run.Models[l.variant].Space.KnowsSet() {
			sum += change
		}
		switch {
		case !(l.holm < 0.05):
		case change > 0:
			rises++
		case l.mute == "" && l.all <= 0:
			falls++
		}
		parts = append(parts, fmt.Sprintf("%s by %s points (%s, %s)%s", b.run.Models[l.variant].Name, b.share()(change),
			notation.Interval(l.change.Interval, b.share()), notation.PEquals(l.change.P), doubt))
	}
	switch {
	case sum < 0:
		c.Points = "for"
	case sum > 0:
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

// learned sets each network beside its variants by words, on thematic triplets.
func (b *builder) learned() ([]learned, error) {
	changes := b.statistics.Spaces
	if changes == nil { // of a record from before they were kept
		var err error
		if changes, err = b.run.SpaceChanges(b.resampling()); err != nil {
			return nil, err
		}
	}
	var list []learned
	var ps []float64
	for i, m := range b.run.Models {
		if m.Space == nil || !(space.Spec{Kind: m.Space.Kind}).ReadsWords() {
			continue
		}
		at := slices.IndexFunc(changes, func(c record.SpaceChanges) bool { return c.Network == m.Space.Network })
		if at < 0 {
			continue
		}
		all, thematic := changes[at].Groups[0], b.thematic(changes[at].Groups)
		if thematic == nil {
			return nil, nil
		}
		name := strings.TrimPrefix(m.Name, m.Space.Network+"+")
		l := learned{variant: i, change: against(*thematic, name, record.Features).Change, all: against(all, name, record.Features).Change.ErrorDifference}
		l.mute = b.mute(i, *thematic, name)
		list, ps = append(list, l), append(ps, float64(l.change.P))
	}
	for i, p := range stats.Holm(ps) {
		list[i].holm = p
		if math.IsNaN(p) {
			list[i].holm = 1
		}
	}
	return list, nil
}

// thematic are the changes on thematic triplets, nil where the set has none.
func (b *builder) thematic(groups []record.ChangeGroup) *record.ChangeGroup {
	for i, g := range groups {
		if g.Relation == stimuli.Thematic {
			return &groups[i]
		}
	}
	if b.run.Stimuli.Triplets[0].Relation == stimuli.Thematic { // no other relation has a group of its own
		return &groups[0]
	}
	return nil
}

// against is what a space changes beside another way to see the network; the zero
// value where it was not set against it.
func against(g record.ChangeGroup, space, other string) record.Change {
	for _, c := range g.Rows {
		if c.Space == space && c.Against == other {
			return c
		}
	}
	return record.Change{}
}

// mute says why a variant cannot speak for the claim, empty if it can: its norms know
// the set, or centring alone may do what it does.
func (b *builder) mute(variant int, thematic record.ChangeGroup, name string) string {
	m := b.run.Models[variant]
	if m.Space.KnowsSet() {
		return "its norms have seen pairs of the set"
	}
	if m.Space.Kind != space.Blend {
		return ""
	}
	for _, c := range thematic.Rows {
		if c.Space != name || c.Against == record.Features {
			continue
		}
		if p := float64(c.Change.P); !(p < 0.05) || c.Change.ErrorDifference >= 0 {
			return fmt.Sprintf("against the centred features by %s points (%s)", b.share()(float64(c.Change.ErrorDifference)), notation.PEquals(c.Change.P))
		}
		return ""
	}
	return "the run does not show what centring alone does"
}
