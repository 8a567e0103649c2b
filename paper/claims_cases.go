package paper

import (
	"fmt"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// trait is what the paper, by eye, says that the cases of one figure share.
type trait struct {
	claim, name string
	column      string                          // of triplets.csv, that tells
	value       func(t *stimuli.Triplet) string // of that column
	has         []string                        // values with the trait
}

func relationOf(t *stimuli.Triplet) string   { return t.Relation }
func distractorOf(t *stimuli.Triplet) string { return t.Distractor }

var traits = map[int]trait{
	17: {"the best matches are alike in class and shape", "taxonomic", "relation", relationOf, []string{stimuli.Taxonomic}},
	18: {"the worst matches are related by association", "thematic", "relation", relationOf, []string{stimuli.Thematic}},
	19: {"with good luck the unrelated picture looks alike", "distractor matched in shape or colour", "distractor", distractorOf,
		[]string{stimuli.ShapeMatched, stimuli.ColourMatched}},
}

// cases are claims 17 to 20: how often the trait occurs among the most extreme
// matches, against how often it occurs in the set.
func (b *builder) cases(k kind) Claim {
	t, measurable := traits[k.row]
	if !measurable {
		return without(20, "with bad luck the object's class is unclear", "what a classifier says of the set's pictures; the record does not hold it")
	}
	all, with, _ := b.count(b.model.Choices, t)
	if with == 0 || with == all {
		return without(k.row, t.claim, fmt.Sprintf("triplets with and without what the claim is about (%s), by the column %s of triplets.csv", t.name, t.column))
	}
	base := float64(with) / float64(all)
	n, hits, clusters := b.count(k.pick(b.model.Choices, "", max(10, len(b.model.Choices)/10)), t)
	share := float64(hits) / float64(n)
	interval := stats.Wilson(share*float64(clusters), float64(clusters), b.run.Settings.Level)
	c := Claim{Row: k.row, Claim: t.claim, Interval: span(interval, 100, 1) + " %",
		Figures: fmt.Sprintf("%s: %d of %d such matches of %s, %s %% of all triplets", t.name, hits, n, b.model.Name, percent(base, 1)),
		Rule:    "share among the most extreme tenth of the set (10 or more) against that in the set; Wilson interval for as many cases as there are clusters of triplets that share pictures"}
	return c.judge(share, base, interval)
}

// count returns the choices of which the trait is known, those that have it,
// and the clusters that they come from.
func (b *builder) count(choices []match.Choice, t trait) (known, with, clusters int) {
	seen := map[int]bool{}
	for _, c := range choices {
		value := t.value(c.Triplet)
		if value == "" {
			continue
		}
		known++
		seen[b.clusters[c.Triplet]] = true
		for _, has := range t.has {
			if value == has {
				with++
			}
		}
	}
	return known, with, len(seen)
}

// clustersOf numbers the clusters of triplets that share pictures.
func clustersOf(set *stimuli.Set) map[*stimuli.Triplet]int {
	pictures := make([][3]string, len(set.Triplets))
	for i := range set.Triplets {
		t := &set.Triplets[i]
		pictures[i] = [3]string{t.Target.Hash.String(), t.Related.Hash.String(), t.Unrelated.Hash.String()}
	}
	numbers := map[*stimuli.Triplet]int{}
	for i, cluster := range stats.Clusters(pictures) {
		numbers[&set.Triplets[i]] = cluster
	}
	return numbers
}
