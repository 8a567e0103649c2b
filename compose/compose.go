// Package compose makes triplets from labelled pictures: given pairs of
// related pictures, it finds for each the unrelated one, matched to the target
// in shape, in colour, or in neither.
//
// What belongs together is declared, not guessed from pictures: by a table
// that was written by hand ([Table]), or by WordNet and published norms
// ([Lexical]). What looks alike is measured. A reviewer looks at the outcome,
// and Compose keeps these decisions.
package compose

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/akin-vision/akin/stimuli"
)

// Ties says how pictures are related.
type Ties interface {
	// Pair checks a proposed pair against what its relation means; the error
	// says what is missing.
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

// Options say what counts as matched and how often a picture may be used.
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
	// How many triplets may hang together through shared pictures; 0: any number.
	MaxLinked int
	// Level draws a random distractor among those that best keep shape and colour
	// from telling the related picture in the triplets of its relation.
	Level bool
	// How many triplets of one relation and kind of distractor; 0: any number.
	MaxCell int
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

// kinds lists the kinds of distractor. Where two are equally rare so far, the
// first is tried first, because it is harder to find.
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

// Incomplete is a pair for which no distractor was found.
type Incomplete struct {
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
	balance       *balance    // by relation and kind
	level         *balance    // by relation
	targets       map[int]int // uses by picture, of reviewed and new triplets
	distractors   map[int]int
	opposed       map[[2]int]bool // target and distractor
	roles         map[int]int
	linked        linked
	count         map[cell]int // triplets
	triplets      []Triplet
}

// Compose returns a triplet for every pair for which a distractor can be
// found, in the order of the pairs, and the pairs for which none was. Reviewed
// triplets stand as they are; an error says which input, or which review,
// breaks the rules. Among the others the kinds of distractor are levelled
// within each relation: the pairs are taken in random order, each with the
// kind that is rarest so far. A matched distractor is the most alike that is
// left, so that the outcome depends only on the input and the seed.
func Compose(in Input, o Options) (triplets []Triplet, incomplete []Incomplete, err error) {
	c, err := newComposer(in, o)
	if err != nil {
		return nil, nil, err
	}
	if err := c.addReviewed(); err != nil {
		return nil, nil, err
	}
	incomplete = c.findDistractors()
	position := make(map[[2]int]int, len(c.pairs))
	for i, pair := range c.pairs {
		position[pair] = i
	}
	slices.SortFunc(c.triplets, func(a, b Triplet) int {
		return cmp.Compare(position[[2]int{a.Target, a.Related}], position[[2]int{b.Target, b.Related}])
	})
	return c.triplets, incomplete, nil
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
	if o.Level {
		c.level = newBalance([]Similarity{in.Shape, in.Colour}, pairs)
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

// addReviewed adds the triplets that a review keeps, if they still obey the rules.
func (c *composer) addReviewed() error {
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

// findDistractors adds triplets for the pairs on which no review has decided.
func (c *composer) findDistractors() (incomplete []Incomplete) {
	for _, i := range rand.New(rand.NewPCG(c.Seed, 0)).Perm(len(c.pairs)) {
		pair := c.pairs[i]
		_, kept := c.kept[pair]
		_, dropped := c.dropped[pair]
		if kept || dropped || c.full(c.relations[pair]) {
			continue
		}
		if why := c.findDistractor(pair); why != "" {
			incomplete = append(incomplete, Incomplete{Pair{c.Pictures[pair[0]], c.Pictures[pair[1]], c.relations[pair]}, why})
		}
	}
	return incomplete
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

// findDistractor adds the triplet of a pair, or says why there is none.
func (c *composer) findDistractor(pair [2]int) (why string) {
	relation := c.relations[pair]
	for _, picture := range pair {
		if c.roles[picture] >= c.MaxRoles {
			return fmt.Sprintf("%s stands in %d triplets already", c.Pictures[picture], c.MaxRoles)
		}
	}
	rarest := slices.SortedStableFunc(slices.Values(c.kinds()), func(a, b string) int {
		return c.count[cell{relation, a}] - c.count[cell{relation, b}]
	})
	pool := c.pool(pair)
	var reasons []string
	for _, kind := range rarest {
		if c.MaxCell > 0 && c.count[cell{relation, kind}] >= c.MaxCell {
			reasons = append(reasons, fmt.Sprintf("%s: has its %d triplets", kind, c.MaxCell))
			continue
		}
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
	c.linked.add(t.Target, t.Related, t.Unrelated)
	c.count[cell{t.Relation, t.Distractor}]++
	if c.balance != nil {
		c.balance.add(t)
	}
	if c.level != nil {
		t.Distractor = ""
		c.level.add(t)
	}
}
