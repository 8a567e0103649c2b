package compose

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"github.com/akin-vision/akin/stimuli"
)

// Input is what triplets are made of.
type Input struct {
	Concepts      []Concept
	Pairs         []Pair
	Reviews       []Review
	Shape, Colour Similarity
	// Rated reports whether norms rate the relatedness of two concepts; of the
	// random distractors the rated ones come first. nil: none is rated.
	Rated func(a, b int) bool
}

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
	// How often a concept may be a target, a distractor, and anything at all;
	// zero values mean 2, 2 and 4.
	MaxTargets, MaxDistractors, MaxRoles int
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

// Triplet names its pictures by their index in Input.Concepts.
type Triplet struct {
	Target, Related, Unrelated int
	Relation, Distractor       string // stimuli.Taxonomic, ..., stimuli.ShapeMatched, ...
	Reviewed                   bool   // a review keeps it
}

// kinds of distractor; of two that are equally wanted the first is served,
// which is the harder to find.
var kinds = []string{stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice}

// composer is the state of one Compose.
type composer struct {
	Input
	Options
	reviews
	index         map[string]int // concept by label
	pairs         [][2]int
	relations     map[[2]int]string
	shape, colour likeness
	targets       map[int]int // uses by concept, of reviewed and new triplets
	distractors   map[int]int
	opposed       map[[2]int]bool // target and distractor
	roles         map[int]int
	count         map[[2]string]int // triplets by relation and kind
	triplets      []Triplet
}

// Compose returns a triplet for every pair for which a distractor can be
// found, in the order of the pairs, and the pairs for which none was. Reviewed
// triplets stand as they are; an error says which input, or which review,
// breaks the rules. Among the others the kinds of distractor are levelled
// within each relation: the pairs are served in random order, each with the
// kind that is rarest so far. A matched distractor is the most alike that is
// left, so that the outcome depends only on the input and the seed.
func Compose(in Input, o Options) (triplets []Triplet, unserved []Pair, err error) {
	c, err := newComposer(in, o)
	if err != nil {
		return nil, nil, err
	}
	if err := c.place(); err != nil {
		return nil, nil, err
	}
	unserved = c.serve()
	slices.SortFunc(c.triplets, func(a, b Triplet) int {
		return cmp.Compare(c.position(a), c.position(b))
	})
	return c.triplets, unserved, nil
}

func newComposer(in Input, o Options) (*composer, error) {
	c := &composer{
		Input: in, Options: o.withDefaults(), index: map[string]int{}, relations: map[[2]int]string{},
		targets: map[int]int{}, distractors: map[int]int{}, opposed: map[[2]int]bool{}, roles: map[int]int{},
		count: map[[2]string]int{},
	}
	if err := errors.Join(c.indexConcepts(), c.indexPairs()); err != nil {
		return nil, err
	}
	if err := c.sortReviews(in.Reviews); err != nil {
		return nil, err
	}
	c.shape = newLikeness(in.Shape, in.Concepts)
	c.colour = newLikeness(in.Colour, in.Concepts)
	return c, nil
}

func (c *composer) position(t Triplet) int { return slices.Index(c.pairs, [2]int{t.Target, t.Related}) }

func (c *composer) indexConcepts() (err error) {
	for i, concept := range c.Concepts {
		if first, twice := c.index[concept.Label]; twice {
			err = errors.Join(err, fmt.Errorf("concepts %d and %d are both labelled %q", first+1, i+1, concept.Label))
		}
		c.index[concept.Label] = i
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

// indexPair holds a pair to what its relation means: taxonomic partners share
// the category, thematic ones a theme and not the category.
func (c *composer) indexPair(p Pair) error {
	target, known := c.index[p.Target]
	related, alsoKnown := c.index[p.Related]
	if !known || !alsoKnown {
		return errors.New("not both are among the concepts")
	}
	a, b := c.Concepts[target], c.Concepts[related]
	_, twice := c.relations[[2]int{target, related}]
	_, reversed := c.relations[[2]int{related, target}]
	switch {
	case target == related:
		return errors.New("a concept is not its own partner")
	case twice || reversed:
		return errors.New("is proposed twice")
	case p.Relation == stimuli.Taxonomic && a.Category != b.Category:
		return fmt.Errorf("taxonomic, but the categories are %s and %s", a.Category, b.Category)
	case p.Relation == stimuli.Thematic && a.Category == b.Category:
		return fmt.Errorf("thematic, but both are of the category %s", a.Category)
	case p.Relation == stimuli.Thematic && !a.Shares(b):
		return errors.New("thematic, but the table gives them no theme in common")
	case p.Relation != stimuli.Taxonomic && p.Relation != stimuli.Thematic:
		return fmt.Errorf("relation %q is unknown; use %s or %s", p.Relation, stimuli.Taxonomic, stimuli.Thematic)
	}
	c.pairs = append(c.pairs, [2]int{target, related})
	c.relations[[2]int{target, related}] = p.Relation
	return nil
}

// place puts the reviewed triplets, each still held to the rules.
func (c *composer) place() error {
	var faults error
	for _, pair := range c.pairs {
		r, kept := c.kept[pair]
		if !kept || c.dropped[pair] {
			continue
		}
		unrelated := c.index[r.Unrelated]
		if fault := c.fault(pair, unrelated, r.Distractor); fault != nil {
			faults = errors.Join(faults, fmt.Errorf("kept triplet %s, %s, %s: %w", r.Target, r.Related, r.Unrelated, fault))
			continue
		}
		c.add(Triplet{pair[0], pair[1], unrelated, c.relations[pair], r.Distractor, true})
	}
	return faults
}

// serve finds distractors for the pairs that no review has settled.
func (c *composer) serve() (unserved []Pair) {
	order := rand.New(rand.NewPCG(c.Seed, 0)).Perm(len(c.pairs))
	for _, i := range order {
		pair := c.pairs[i]
		_, kept := c.kept[pair]
		if kept || c.dropped[pair] {
			continue
		}
		if !c.serveOne(pair) {
			a, b := c.Concepts[pair[0]], c.Concepts[pair[1]]
			unserved = append(unserved, Pair{a.Label, b.Label, c.relations[pair]})
		}
	}
	return unserved
}

func (c *composer) serveOne(pair [2]int) bool {
	relation := c.relations[pair]
	rarest := slices.SortedStableFunc(slices.Values(kinds), func(a, b string) int {
		return c.count[[2]string{relation, a}] - c.count[[2]string{relation, b}]
	})
	for _, kind := range rarest {
		if unrelated, found := c.pick(pair, kind); found {
			c.add(Triplet{pair[0], pair[1], unrelated, relation, kind, false})
			return true
		}
	}
	return false
}

func (c *composer) add(t Triplet) {
	c.triplets = append(c.triplets, t)
	c.targets[t.Target]++
	c.distractors[t.Unrelated]++
	c.opposed[[2]int{t.Target, t.Unrelated}] = true
	for _, concept := range []int{t.Target, t.Related, t.Unrelated} {
		c.roles[concept]++
	}
	c.count[[2]string{t.Relation, t.Distractor}]++
}

// pick returns the best distractor of a kind that breaks no rule.
func (c *composer) pick(pair [2]int, kind string) (best int, found bool) {
	var candidates []int
	for unrelated := range c.Concepts {
		if c.fault(pair, unrelated, kind) == nil {
			candidates = append(candidates, unrelated)
		}
	}
	if len(candidates) == 0 {
		return 0, false
	}
	target := pair[0]
	switch kind {
	case stimuli.ShapeMatched:
		return mostAlike(c.Shape, target, candidates), true
	case stimuli.ColourMatched:
		return mostAlike(c.Colour, target, candidates), true
	}
	return c.draw(pair, candidates), true
}

func mostAlike(of Similarity, target int, candidates []int) int {
	return slices.MaxFunc(candidates, func(a, b int) int { return cmp.Compare(of(target, a), of(target, b)) })
}

// draw takes a random candidate, a rated one where there is any. The pair
// itself seeds the draw, so that a change elsewhere leaves it alone.
func (c *composer) draw(pair [2]int, candidates []int) int {
	if c.Rated != nil {
		rated := slices.DeleteFunc(slices.Clone(candidates), func(u int) bool { return !c.Rated(pair[0], u) })
		if len(rated) > 0 {
			candidates = rated
		}
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s", c.Concepts[pair[0]].Label, c.Concepts[pair[1]].Label)
	return candidates[rand.New(rand.NewPCG(c.Seed, h.Sum64())).IntN(len(candidates))]
}

// fault says why a picture cannot be the distractor of a pair, nil if it can.
func (c *composer) fault(pair [2]int, unrelated int, kind string) error {
	target, related, u := c.Concepts[pair[0]], c.Concepts[pair[1]], c.Concepts[unrelated]
	switch {
	case !u.Unrelated(target):
		return fmt.Errorf("the table relates %s to %s", u.Label, target.Label)
	case !u.Unrelated(related):
		return fmt.Errorf("the table relates %s to %s", u.Label, related.Label)
	case c.refused[[3]int{pair[0], pair[1], unrelated}]:
		return errors.New("a review refuses the distractor")
	case c.opposed[[2]int{pair[0], unrelated}]:
		return fmt.Errorf("%s is set against %s already", u.Label, target.Label)
	case c.targets[pair[0]] >= c.MaxTargets:
		return fmt.Errorf("%s is a target %d times already", target.Label, c.MaxTargets)
	case c.distractors[unrelated] >= c.MaxDistractors:
		return fmt.Errorf("%s is a distractor %d times already", u.Label, c.MaxDistractors)
	}
	for _, i := range []int{pair[0], pair[1], unrelated} {
		if c.roles[i] >= c.MaxRoles {
			return fmt.Errorf("%s stands in %d triplets already", c.Concepts[i].Label, c.MaxRoles)
		}
	}
	return c.mismatch(pair[0], unrelated, kind)
}

// mismatch says how a distractor fails to be of its kind.
func (c *composer) mismatch(target, unrelated int, kind string) error {
	var ok bool
	switch kind {
	case stimuli.ShapeMatched:
		ok = c.shape.within(target, unrelated, c.Matched, 1) && c.colour.within(target, unrelated, 0, c.Unmatched)
	case stimuli.ColourMatched:
		ok = c.colour.within(target, unrelated, c.Matched, 1) && c.shape.within(target, unrelated, 0, c.Unmatched)
	case stimuli.RandomChoice:
		ok = c.shape.within(target, unrelated, c.Middle[0], c.Middle[1]) && c.colour.within(target, unrelated, c.Middle[0], c.Middle[1])
	default:
		return fmt.Errorf("distractor kind %q is unknown", kind)
	}
	if !ok {
		return fmt.Errorf("shape %.3f, colour %.3f do not make a distractor of the kind %s",
			c.Shape(target, unrelated), c.Colour(target, unrelated), kind)
	}
	return nil
}
