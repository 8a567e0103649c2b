package main

import (
	"math/rand/v2"
	"slices"

	"github.com/akin-vision/akin/compose"
)

// dropped is the share of the triplets that a round gives up, in every other
// round besides one group of linked ones.
const dropped = .05

// rounds composes n times more, each time from a part of the best outcome so
// far, and returns the outcome with most triplets. Where a picture may be used
// only twice, pairs stand in one another's way, and one pass leaves some of
// them without a distractor. What reviews keep may be given up too.
func rounds(in compose.Input, o compose.Options, n int) (best []compose.Triplet, incomplete []compose.Incomplete, err error) {
	best, incomplete, err = compose.Compose(in, o)
	r := rand.New(rand.NewPCG(o.Seed, 2))
	in.Pairs = slices.Clone(in.Pairs)
	refused := slices.DeleteFunc(slices.Clone(in.Reviews), func(r compose.Review) bool { return r.Decision == compose.Keep })
	for ; n > 0 && err == nil && len(best) < o.Triplets; n-- {
		given := map[int]bool{}
		if n%2 == 0 {
			given = group(best, r.IntN(len(best)))
		}
		in.Reviews = append(slices.Clip(refused), part(in, best, given, r)...)
		r.Shuffle(len(in.Pairs), func(i, j int) { in.Pairs[i], in.Pairs[j] = in.Pairs[j], in.Pairs[i] })
		var next []compose.Triplet
		var without []compose.Incomplete
		if next, without, err = compose.Compose(in, o); len(next) > len(best) {
			best, incomplete = next, without
		}
	}
	return best, incomplete, err
}

// part keeps a random part of the triplets that are not given up, as reviews would.
func part(in compose.Input, triplets []compose.Triplet, given map[int]bool, r *rand.Rand) (kept []compose.Review) {
	for i, t := range triplets {
		if !given[i] && r.Float64() >= dropped {
			kept = append(kept, compose.Review{
				Target: in.Pictures[t.Target], Related: in.Pictures[t.Related], Unrelated: in.Pictures[t.Unrelated],
				Distractor: t.Distractor, Decision: compose.Keep,
			})
		}
	}
	return kept
}

// group finds the triplets that hang together with one through shared pictures.
func group(triplets []compose.Triplet, one int) map[int]bool {
	group, pictures := map[int]bool{}, map[int]bool{triplets[one].Target: true}
	for grown := true; grown; {
		grown = false
		for i, t := range triplets {
			if !group[i] && (pictures[t.Target] || pictures[t.Related] || pictures[t.Unrelated]) {
				group[i], grown = true, true
				pictures[t.Target], pictures[t.Related], pictures[t.Unrelated] = true, true, true
			}
		}
	}
	return group
}
