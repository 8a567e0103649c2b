package compose

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"

	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// random is a generator that the pair itself seeds, so that a change
// elsewhere leaves its draws alone.
func (c *composer) random(pair [2]int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s", c.Pictures[pair[0]], c.Pictures[pair[1]])
	return rand.New(rand.NewPCG(c.Seed, h.Sum64()))
}

// pool lists the pictures that are considered as distractors of a pair.
func (c *composer) pool(pair [2]int) []int {
	n := len(c.Pictures)
	if n > maxCandidates {
		return sample(c.random(pair), n, maxCandidates)
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// sample draws k of n without the cost of shuffling all of them (Floyd's
// algorithm, in Bentley and Floyd, Communications of the ACM 30(9), 1987).
func sample(r *rand.Rand, n, k int) []int {
	drawn, in := make([]int, 0, k), make(map[int]bool, k)
	for last := n - k; last < n; last++ {
		i := r.IntN(last + 1)
		if in[i] {
			i = last
		}
		in[i] = true
		drawn = append(drawn, i)
	}
	return drawn
}

// pick returns the best distractor of a kind that breaks no rule, or says how
// many pictures broke which.
func (c *composer) pick(pair [2]int, pool []int, kind string) (best int, why string) {
	candidates, broken := c.sift(pair, pool, kind)
	if c.level != nil && kind == stimuli.RandomChoice {
		candidates = c.level.levelled(pair, c.relations[pair], candidates)
	}
	if c.MaxLinked > 0 {
		candidates = c.linked.sparing(pair, candidates)
	}
	switch {
	case c.balance != nil:
		return c.pickBalanced(pair, candidates, kind, broken)
	case len(candidates) == 0:
		return 0, tally(broken)
	case kind == stimuli.ShapeMatched:
		return mostAlike(c.Shape, pair[0], candidates), ""
	case kind == stimuli.ColourMatched:
		return mostAlike(c.Colour, pair[0], candidates), ""
	}
	return c.draw(pair, candidates), ""
}

// sift holds the pictures of a pool to the rules, on all cores: most of the
// time of a composition goes there.
func (c *composer) sift(pair [2]int, pool []int, kind string) (candidates []int, broken map[string]int) {
	faults := make([]*fault, len(pool))
	var g errgroup.Group
	share := max(1, (len(pool)+runtime.NumCPU()-1)/runtime.NumCPU())
	for first := 0; first < len(pool); first += share {
		g.Go(func() error {
			for i := first; i < min(first+share, len(pool)); i++ {
				faults[i] = c.fault(pair, pool[i], kind)
			}
			return nil
		})
	}
	g.Wait()
	broken = map[string]int{}
	for i, f := range faults {
		if f != nil {
			broken[f.rule]++
		} else {
			candidates = append(candidates, pool[i])
		}
	}
	return candidates, broken
}

// pickBalanced returns the candidate that best keeps appearance balanced.
func (c *composer) pickBalanced(pair [2]int, candidates []int, kind string, broken map[string]int) (best int, why string) {
	least := math.Inf(1)
	for _, u := range candidates {
		if cost := c.balance.cost(Triplet{pair[0], pair[1], u, c.relations[pair], kind, false}); cost < least {
			best, least = u, cost
		}
	}
	if math.IsInf(least, 1) {
		broken["out of balance"] += len(candidates)
		return 0, tally(broken)
	}
	return best, ""
}

// tally writes counts by rule: 12 tied, 3 used up.
func tally(broken map[string]int) string {
	var parts []string
	for _, rule := range slices.Sorted(maps.Keys(broken)) {
		parts = append(parts, fmt.Sprintf("%d %s", broken[rule], rule))
	}
	return strings.Join(parts, ", ")
}

func mostAlike(similarity Similarity, target int, candidates []int) int {
	return slices.MaxFunc(candidates, func(a, b int) int { return cmp.Compare(similarity(target, a), similarity(target, b)) })
}

// draw takes a random candidate, a rated one where there is any.
func (c *composer) draw(pair [2]int, candidates []int) int {
	if c.Rated != nil {
		rated := slices.DeleteFunc(slices.Clone(candidates), func(u int) bool { return !c.Rated(pair[0], u) })
		if len(rated) > 0 {
			candidates = rated
		}
	}
	return candidates[c.random(pair).IntN(len(candidates))]
}

// fault is a rule that a distractor breaks. What it says is made when asked
// for, since most pictures break one for most pairs.
type fault struct {
	rule string
	say  func() string
}

func (f *fault) Error() string { return f.say() }

func broken(rule, format string, args ...any) *fault {
	return &fault{rule, func() string { return fmt.Sprintf(format, args...) }}
}

// fault says why a picture cannot be the distractor of a pair, nil if it can.
func (c *composer) fault(pair [2]int, unrelated int, kind string) *fault {
	target, related, name := pair[0], pair[1], c.Pictures
	switch {
	case unrelated == target || c.Ties.Tied(unrelated, target):
		return broken("tied", "%s is tied to %s", name[unrelated], name[target])
	case unrelated == related || c.Ties.Tied(unrelated, related):
		return broken("tied", "%s is tied to %s", name[unrelated], name[related])
	case c.refused[[3]int{target, related, unrelated}]:
		return broken("refused", "a review refuses the distractor")
	case c.opposed[[2]int{target, unrelated}]:
		return broken("opposed already", "%s is set against %s already", name[unrelated], name[target])
	case c.targets[target] >= c.MaxTargets:
		return broken("with the target used up", "%s is a target %d times already", name[target], c.MaxTargets)
	case c.distractors[unrelated] >= c.MaxDistractors:
		return broken("used up", "%s is a distractor %d times already", name[unrelated], c.MaxDistractors)
	case c.roles[target] >= c.MaxRoles:
		return broken("with the target used up", "%s stands in %d triplets already", name[target], c.MaxRoles)
	case c.roles[related] >= c.MaxRoles:
		return broken("with the related picture used up", "%s stands in %d triplets already", name[related], c.MaxRoles)
	case c.roles[unrelated] >= c.MaxRoles:
		return broken("used up", "%s stands in %d triplets already", name[unrelated], c.MaxRoles)
	case c.MaxLinked > 0 && c.linked.with(target, related, unrelated) > c.MaxLinked:
		return broken("linked to too many", "more than %d triplets would hang together through shared pictures", c.MaxLinked)
	}
	return c.mismatch(target, unrelated, kind)
}

// mismatch says how a distractor fails to be of its kind.
func (c *composer) mismatch(target, unrelated int, kind string) *fault {
	if kind == Balanced {
		return nil
	}
	shape, colour := c.Shape(target, unrelated), c.Colour(target, unrelated)
	var ok bool
	switch kind {
	case stimuli.ShapeMatched:
		ok = c.shape.within(shape, c.Matched, 1) && c.colour.within(colour, 0, c.Unmatched)
	case stimuli.ColourMatched:
		ok = c.colour.within(colour, c.Matched, 1) && c.shape.within(shape, 0, c.Unmatched)
	case stimuli.RandomChoice:
		ok = c.shape.within(shape, c.Middle[0], c.Middle[1]) && c.colour.within(colour, c.Middle[0], c.Middle[1])
	default:
		return broken("of no kind", "distractor kind %q is unknown", kind)
	}
	if !ok {
		return broken("not of the kind", "shape %.3f, colour %.3f do not make a distractor of the kind %s", shape, colour, kind)
	}
	return nil
}
