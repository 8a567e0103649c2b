package paper

import (
	"fmt"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

// trait is what the paper, by eye, says that the cases of one figure share.
type trait struct {
	claim, name string
	source      string                          // where the value stands
	value       func(t *stimuli.Triplet) string // empty: unknown; nil: the record holds none
	has         []string                        // values with the trait
}

func relationOf(t *stimuli.Triplet) string   { return t.Relation }
func distractorOf(t *stimuli.Triplet) string { return t.Distractor }

var traits = map[item]trait{
	bestMatches:  {"the best matches are alike in class and shape", "taxonomic", "the column relation of triplets.csv", relationOf, []string{stimuli.Taxonomic}},
	worstMatches: {"the worst matches are related by association", "thematic", "the column relation of triplets.csv", relationOf, []string{stimuli.Thematic}},
	goodLuck: {"with good luck the unrelated picture looks alike", "distractor matched in shape or colour", "the column distractor of triplets.csv", distractorOf,
		[]string{stimuli.ShapeMatched, stimuli.ColourMatched}},
}

// unclear is the trait of claim 20: the network is less sure of the object's
// class, by the probability of its first guess, than of half the set's objects.
func (b *builder) unclear() trait {
	const unclear, clear = "unclear", "clear"
	t := trait{claim: "with bad luck the object's class is unclear", name: "object of less than median probability", source: "posteriors.csv", has: []string{unclear}}
	if len(b.model.Posteriors) == 0 {
		return t
	}
	sureness := func(t *stimuli.Triplet) float64 { return b.model.Posteriors[t.Target.Hash][0].Probability }
	all := make([]float64, len(b.model.Choices))
	for i, c := range b.model.Choices {
		all[i] = sureness(c.Triplet)
	}
	slices.Sort(all)
	median := all[len(all)/2]
	t.value = func(t *stimuli.Triplet) string {
		if sureness(t) < median {
			return unclear
		}
		return clear
	}
	return t
}

// cases are claims 17 to 20: how often the trait occurs among the most extreme
// matches, against how often it occurs in the set.
func (b *builder) cases(k kind) Claim {
	t, known := traits[k.item]
	if !known {
		t = b.unclear()
	}
	if t.value == nil {
		return without(k.item, t.claim, NeedClasses, "the classes that "+b.model.Name+" sees in the set's pictures; a run keeps them (posteriors.csv) of networks whose card gives logits and classes")
	}
	_, inSet := t.among(b.model.Choices)
	with := count(inSet)
	if with == 0 || with == len(inSet) {
		return without(k.item, t.claim, NeedLabels, fmt.Sprintf("triplets with and without what the claim is about (%s), by %s", t.name, t.source))
	}
	base := float64(with) / float64(len(inSet))
	pictures, has := t.among(k.pick(b.model.Choices, "", max(10, len(b.model.Choices)/10)))
	share, evidence := stats.Share(pictures, has, b.run.Settings.Level)
	c := Claim{Row: int(k.item), Claim: t.claim, Interval: notation.Interval(evidence.Interval, notation.Percent) + " %",
		Figures: fmt.Sprintf("%s: %d of %d such matches of %s, %s %% of all triplets", t.name, count(has), len(has), b.model.Name, notation.Percent(base)),
		Rule:    "share among the most extreme tenth of the set (10 or more) against that in the set; the interval counts every shared picture"}
	if evidence.Missing != "" {
		c.Figures += "; " + words.Missing(evidence.Missing)
	}
	return c.judge(share, base, evidence.Interval)
}

// among gives the pictures of the choices of which the trait is known, and
// whether they have it.
func (t trait) among(choices []match.Choice) (pictures [][3]string, has []bool) {
	for _, c := range choices {
		if value := t.value(c.Triplet); value != "" {
			x := c.Triplet
			pictures = append(pictures, [3]string{x.Target.Hash.String(), x.Related.Hash.String(), x.Unrelated.Hash.String()})
			has = append(has, slices.Contains(t.has, value))
		}
	}
	return pictures, has
}

func count(has []bool) int {
	n := 0
	for _, yes := range has {
		if yes {
			n++
		}
	}
	return n
}
