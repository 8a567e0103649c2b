// Package compose makes triplets from labelled pictures: given pairs of
// related pictures, it finds for each the unrelated one, matched to the target
// in shape, in colour, or in neither.
//
// What belongs together is declared, not guessed from pictures: by a table
// that was written by hand ([Table]), or by WordNet and published norms
// ([Lexical]). What looks alike is measured. A reviewer looks at the outcome,
// and Compose holds to those reviews.
package compose

import (
	"cmp"
	"errors"
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

// Ties says what pictures have to do with one another.
type Ties interface {
	// Pair holds a proposed pair to what its relation means; the error says
	// where it falls short.
	Pair(target, related int, relation string) error
	// Tied reports whether anything at all relates two pictures: then neither
	// may be the other's distractor.
	Tied(a, b int) bool
}

// Input is what triplets are made of. Pictures go by their index.
type Input struct {
	Pictures      []string // names, unique
	Ties          Ties
	Pairs         []Pair
	Reviews       []Review
	Shape, Colour Similarity
	// Appearance lists the measures that Options.Balance balances.
	Appearance []Similarity
	// Rated reports whether norms rate the relatedness of two pictures; of the
	// random distractors the rated ones come first. nil: none is rated.
	Rated func(a, b int) bool
}

// Balanced is a distractor as much like the target, by every measure of
// appearance, as the related picture is.
const Balanced = "balanced"

// Options say what counts as matched and how often a picture may serve.
type Options struct {
	Seed uint64
	// A matched distractor is at least as like the target as this quantile of
	// unrelated pictures; a zero value means .975.
	Matched float64
	// In the measure that it is not matched in, it is at most as like the
	// target as this quantile; a zero value means .75.
	Unmatched float64
	// A random distractor lies between these quantiles in both measures; zero
	// values mean .25 and .75.
	Middle [2]float64
	// How often a picture may be a target, a distractor, and anything at all;
	// zero values mean 2, 2 and 4.
	MaxTargets, MaxDistractors, MaxRoles int
	// How many triplets at most, half of them of each relation; 0: one for
	// every pair.
	Triplets int
	// Balance keeps the measures of Input.Appearance from telling the related
	// picture: within each relation and kind of distractor the related one
	// looks more like the target about as often as the distractor does. The
	// kind Balanced then takes the place of random.
	Balance bool
}

func (o Options) withDefaults() Options {
	o.Matched = cmp.Or(o.Matched, .975)
	o.Unmatched = cmp.Or(o.Unmatched, .75)
	o.Middle = cmp.Or(o.Middle, [2]float64{.25, .75})
	o.MaxTargets = cmp.Or(o.MaxTargets, 2)
	o.MaxDistractors = cmp.Or(o.MaxDistractors, 2)
	o.MaxRoles = cmp.Or(o.MaxRoles, 4)
	return o
}

// kinds of distractor; of two that are equally wanted the first is served,
// which is the harder to find.
func (o Options) kinds() []string {
	if o.Balance {
		return []string{stimuli.ShapeMatched, stimuli.ColourMatched, Balanced}
	}
	return []string{stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice}
}

// Triplet names its pictures by their index in Input.Pictures.
type Triplet struct {
	Target, Related, Unrelated int
	Relation, Distractor       string // stimuli.Taxonomic, ..., stimuli.ShapeMatched, ...
	Reviewed                   bool   // a review keeps it
}

// Unserved is a pair for which no distractor was found.
type Unserved struct {
	Pair
	Why string // how many pictures failed, and by which rule
}

// maxCandidates is the number of pictures among which a distractor is looked
// for; of more pictures each pair gets a random sample of this size.
const maxCandidates = 2000

// composer is the state of one Compose.
type composer struct {
	Input
	Options
	reviews
	index         map[string]int // picture by name
	pairs         [][2]int
	relations     map[[2]int]string
	shape, colour likeness
	balance       *balance
	targets       map[int]int // uses by picture, of reviewed and new triplets
	distractors   map[int]int
	opposed       map[[2]int]bool // target and distractor
	roles         map[int]int
	count         map[cell]int // triplets
	triplets      []Triplet
}

// Compose returns a triplet for every pair for which a distractor can be
// found, in the order of the pairs, and the pairs for which none was. Reviewed
// triplets stand as they are; an error says which input, or which review,
// breaks the rules. Among the others the kinds of distractor are levelled
// within each relation: the pairs are served in random order, each with the
// kind that is rarest so far. A matched distractor is the most alike that is
// left, so that the outcome depends only on the input and the seed.
func Compose(in Input, o Options) (triplets []Triplet, unserved []Unserved, err error) {
	c, err := newComposer(in, o)
	if err != nil {
		return nil, nil, err
	}
	if err := c.place(); err != nil {
		return nil, nil, err
	}
	unserved = c.serve()
	position := make(map[[2]int]int, len(c.pairs))
	for i, pair := range c.pairs {
		position[pair] = i
	}
	slices.SortFunc(c.triplets, func(a, b Triplet) int {
		return cmp.Compare(position[[2]int{a.Target, a.Related}], position[[2]int{b.Target, b.Related}])
	})
	return c.triplets, unserved, nil
}

func newComposer(in Input, o Options) (*composer, error) {
	c := &composer{
		Input: in, Options: o.withDefaults(), index: map[string]int{}, relations: map[[2]int]string{},
		targets: map[int]int{}, distractors: map[int]int{}, opposed: map[[2]int]bool{}, roles: map[int]int{},
		count: map[cell]int{},
	}
	if err := errors.Join(c.indexPictures(), c.indexPairs()); err != nil {
		return nil, err
	}
	if err := c.sortReviews(in.Reviews); err != nil {
		return nil, err
	}
	pairs := untied(len(in.Pictures), in.Ties.Tied, o.Seed)
	c.shape = newLikeness(in.Shape, pairs)
	c.colour = newLikeness(in.Colour, pairs)
	if o.Balance {
		c.balance = newBalance(in.Appearance, pairs)
	}
	return c, nil
}

func (c *composer) indexPictures() (err error) {
	for i, name := range c.Pictures {
		if first, twice := c.index[name]; twice {
			err = errors.Join(err, fmt.Errorf("pictures %d and %d are both named %q", first+1, i+1, name))
		}
		c.index[name] = i
	}
	return err
}

func (c *composer) indexPairs() (err error) {
	for _, p := range c.Pairs {
		if fault := c.indexPair(p); fault != nil {
			err = errors.Join(err, fmt.Errorf("pair %s, %s: %w", p.Target, p.Related, fault))
		}
	}
	return err
}

func (c *composer) indexPair(p Pair) error {
	target, known := c.index[p.Target]
	related, alsoKnown := c.index[p.Related]
	if !known || !alsoKnown {
		return errors.New("not both are among the pictures")
	}
	_, twice := c.relations[[2]int{target, related}]
	_, reversed := c.relations[[2]int{related, target}]
	switch {
	case target == related:
		return errors.New("a picture is not its own partner")
	case twice || reversed:
		return errors.New("is proposed twice")
	case p.Relation != stimuli.Taxonomic && p.Relation != stimuli.Thematic:
		return fmt.Errorf("relation %q is unknown; use %s or %s", p.Relation, stimuli.Taxonomic, stimuli.Thematic)
	}
	if err := c.Ties.Pair(target, related, p.Relation); err != nil {
		return err
	}
	c.pairs = append(c.pairs, [2]int{target, related})
	c.relations[[2]int{target, related}] = p.Relation
	return nil
}

// place puts the reviewed triplets, each still held to the rules.
func (c *composer) place() error {
	var problems stimuli.Problems
	for _, pair := range c.pairs {
		r, kept := c.kept[pair]
		if !kept {
			continue
		}
		unrelated := c.index[r.Unrelated]
		if fault := c.fault(pair, unrelated, r.Distractor); fault != nil {
			problems = append(problems, r.problem(fault))
			continue
		}
		c.add(Triplet{pair[0], pair[1], unrelated, c.relations[pair], r.Distractor, true})
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// serve finds distractors for the pairs that no review has settled.
func (c *composer) serve() (unserved []Unserved) {
	for _, i := range rand.New(rand.NewPCG(c.Seed, 0)).Perm(len(c.pairs)) {
		pair := c.pairs[i]
		_, kept := c.kept[pair]
		_, dropped := c.dropped[pair]
		if kept || dropped || c.full(c.relations[pair]) {
			continue
		}
		if why := c.serveOne(pair); why != "" {
			unserved = append(unserved, Unserved{Pair{c.Pictures[pair[0]], c.Pictures[pair[1]], c.relations[pair]}, why})
		}
	}
	return unserved
}

// full reports whether a relation has its half of the triplets.
func (c *composer) full(relation string) bool {
	n := 0
	for at, count := range c.count {
		if at.relation == relation {
			n += count
		}
	}
	return c.Triplets > 0 && n >= c.Triplets/2
}

// serveOne adds a triplet, or says why there is none.
func (c *composer) serveOne(pair [2]int) (why string) {
	relation := c.relations[pair]
	rarest := slices.SortedStableFunc(slices.Values(c.kinds()), func(a, b string) int {
		return c.count[cell{relation, a}] - c.count[cell{relation, b}]
	})
	pool := c.pool(pair)
	var reasons []string
	for _, kind := range rarest {
		unrelated, reason := c.pick(pair, pool, kind)
		if reason == "" {
			c.add(Triplet{pair[0], pair[1], unrelated, relation, kind, false})
			return ""
		}
		reasons = append(reasons, kind+": "+reason)
	}
	return strings.Join(reasons, "; ")
}

func (c *composer) add(t Triplet) {
	c.triplets = append(c.triplets, t)
	c.targets[t.Target]++
	c.distractors[t.Unrelated]++
	c.opposed[[2]int{t.Target, t.Unrelated}] = true
	for _, picture := range []int{t.Target, t.Related, t.Unrelated} {
		c.roles[picture]++
	}
	c.count[cell{t.Relation, t.Distractor}]++
	if c.balance != nil {
		c.balance.add(t)
	}
}

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

func mostAlike(of Similarity, target int, candidates []int) int {
	return slices.MaxFunc(candidates, func(a, b int) int { return cmp.Compare(of(target, a), of(target, b)) })
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
