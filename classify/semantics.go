package classify

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
)

// Nearness is the Wu-Palmer similarity from which two classes count as near.
const Nearness = 0.8

// Semantics is what a classifier's probabilities know of the hierarchy. Every
// p-value permutes the classes within the hierarchy: it keeps the shape of both
// and breaks only which class stands where.
type Semantics struct {
	Model        string `json:"model"`
	Pictures     int    `json:"pictures"`
	Mistakes     int    `json:"mistakes"`
	Permutations int    `json:"permutations"`
	Seed         uint64 `json:"seed"`
	// MistakeHeight is the mean height of the lowest common subsumer of first
	// guess and truth over mistakes (the severity of Bertinetto et al. 2020);
	// p is the share of permuted hierarchies in which it is as low.
	MistakeHeight Permuted `json:"mistake_height"`
	// TopHeight is that height's mean over the first k guesses of all pictures,
	// a right guess counting 0, for k of 1 and of 5.
	TopHeight [2]stats.Number `json:"top_height"`
	// NearRight and NearWrong are the shares of the probability outside the
	// first guess that lie on classes near it, mean over the pictures that are
	// right and wrong; p is the share of permuted hierarchies with as much.
	NearRight Permuted `json:"near_mass_right"`
	NearWrong Permuted `json:"near_mass_wrong"`
}

// Permuted is a figure, its mean over permuted hierarchies and the one-sided
// permutation p-value (1 + reached) / (1 + permutations).
type Permuted struct {
	Seen     stats.Number `json:"seen"`
	Expected stats.Number `json:"expected"`
	P        stats.Number `json:"p"`
}

// semanticsCounter gathers, picture by picture, what Result needs: matrices
// over classes, whose size does not depend on the number of pictures.
type semanticsCounter struct {
	outputs  Outputs
	height   [][]float64
	near     [][]int     // classes near each, without itself
	mistakes [][]float64 // counts by truth and first guess
	right    mass
	wrong    mass
	top1     float64
	top5     float64
}

// mass is, by first guess, the sum over pictures of the share that each other
// class has of the remaining probability.
type mass struct {
	pictures int
	shares   [][]float64
}

// mostClasses bounds what compares all pairs of classes at once: four matrices
// of this many classes take 512 MB.
const mostClasses = 4000

// newSemanticsCounter wants classes that all stand in the hierarchy.
func newSemanticsCounter(outputs Outputs) (*semanticsCounter, error) {
	n := len(outputs.WNIDs)
	if n > mostClasses {
		return nil, tooManyClasses(n)
	}
	c := &semanticsCounter{outputs: outputs, height: square(n), mistakes: square(n), near: make([][]int, n)}
	c.right.shares, c.wrong.shares = square(n), square(n)
	for i, a := range outputs.WNIDs {
		for j, b := range outputs.WNIDs {
			r := outputs.Relate(a, b)
			if r == nil {
				return nil, &UnrelatedError{a, b}
			}
			c.height[i][j] = float64(r.Height)
			if i == j {
				c.height[i][j] = 0
			} else if r.WuPalmer >= Nearness {
				c.near[i] = append(c.near[i], j)
			}
		}
	}
	return c, nil
}

func tooManyClasses(n int) error {
	return fmt.Errorf("semantics compare all pairs of classes at once, and %d are too many (at most %d); failures and similar work with any number", n, mostClasses)
}

// UnrelatedError is two classes that the hierarchy at hand does not join.
type UnrelatedError struct{ A, B string }

func (e *UnrelatedError) Error() string {
	return fmt.Sprintf("classes %s and %s are not both below one noun of the hierarchy", e.A, e.B)
}

func square(n int) [][]float64 {
	cells, rows := make([]float64, n*n), make([][]float64, n)
	for i := range rows {
		rows[i] = cells[i*n : (i+1)*n]
	}
	return rows
}

// Add counts one picture; one of a class that the network does not know is
// passed over.
func (c *semanticsCounter) Add(label imagenet.Labelled, outputs []float32) error {
	logits, err := c.outputs.logits(outputs)
	if err != nil {
		return err
	}
	truth, known := c.outputs.Class(label.WNID)
	if !known {
		return nil
	}
	probability := softmax(logits)
	top := c.outputs.top(logits, 5, probability)
	first := top[0].Class
	c.top1 += c.height[truth][first]
	for _, g := range top {
		c.top5 += c.height[truth][g.Class] / float64(len(top))
	}
	m := &c.right
	if first != truth {
		m = &c.wrong
		c.mistakes[truth][first]++
	}
	p := make([]float64, len(logits))
	for class := range p {
		p[class] = probability(class)
	}
	m.add(first, p)
	return nil
}

// add spreads the probability outside the first guess; where nothing is left
// outside in double precision, the picture does not count.
func (m *mass) add(first int, p []float64) {
	rest := 0.0
	for i, x := range p {
		if i != first {
			rest += x
		}
	}
	if rest == 0 {
		return
	}
	m.pictures++
	for i, x := range p {
		m.shares[first][i] += x / rest
	}
}

// Result compares with the given number of permuted hierarchies.
func (c *semanticsCounter) Result(pictures, permutations int, seed uint64) (Semantics, error) {
	if pictures == 0 || permutations < 1 {
		return Semantics{}, errors.New("semantics need pictures of known classes and at least one permutation")
	}
	s := Semantics{Pictures: pictures, Permutations: permutations, Seed: seed,
		TopHeight: [2]stats.Number{stats.Number(c.top1 / float64(pictures)), stats.Number(c.top5 / float64(pictures))}}
	type entry struct {
		a, b  int
		count float64
	}
	var wrong []entry
	for a, row := range c.mistakes {
		for b, count := range row {
			if count > 0 {
				wrong = append(wrong, entry{a, b, count})
				s.Mistakes += int(count)
			}
		}
	}
	severity := func(place []int) float64 {
		total := 0.0
		for _, e := range wrong {
			total += e.count * c.height[place[e.a]][place[e.b]]
		}
		return total / float64(s.Mistakes)
	}
	classes := len(c.outputs.WNIDs)
	s.MistakeHeight = permuted(classes, permutations, seed, s.Mistakes, -1, severity)
	s.NearRight = permuted(classes, permutations, seed, c.right.pictures, 1, func(place []int) float64 { return c.right.near(c.near, place) })
	s.NearWrong = permuted(classes, permutations, seed, c.wrong.pictures, 1, func(place []int) float64 { return c.wrong.near(c.near, place) })
	return s, nil
}

// near is the mean share on near classes, class place[i] of the probabilities
// standing where i stands in the hierarchy.
func (m mass) near(near [][]int, place []int) float64 {
	total := 0.0
	for i, list := range near {
		row := m.shares[place[i]]
		for _, j := range list {
			total += row[place[j]]
		}
	}
	return total / float64(m.pictures)
}

// permuted evaluates a figure at the identity and at random permutations; sign
// is 1 where large values are extreme, -1 where small ones are. Not defined
// where there are no cases.
func permuted(classes, permutations int, seed uint64, cases int, sign float64, figure func(place []int) float64) Permuted {
	place := make([]int, classes)
	for i := range place {
		place[i] = i
	}
	seen := figure(place)
	if cases == 0 {
		return Permuted{stats.Number(seen), stats.Number(seen), stats.Number(seen)} // 0 / 0
	}
	source := rand.New(rand.NewPCG(seed, 0))
	reached, total := 0, 0.0
	for range permutations {
		source.Shuffle(classes, func(i, j int) { place[i], place[j] = place[j], place[i] })
		x := figure(place)
		total += x
		if sign*x >= sign*seen-1e-12 {
			reached++
		}
	}
	return Permuted{stats.Number(seen), stats.Number(total / float64(permutations)), stats.Number(float64(1+reached) / float64(1+permutations))}
}

// Text is the semantics for a terminal.
func (s Semantics) Text() string {
	var b strings.Builder
	line := func(what string, p Permuted, write func(stats.Number) string) {
		if !p.Seen.Defined() {
			fmt.Fprintf(&b, "  %-46s no such pictures\n", what)
			return
		}
		fmt.Fprintf(&b, "  %-46s %s, permuted %s, %s\n", what, write(p.Seen), write(p.Expected), notation.PEquals(p.P))
	}
	height := func(v stats.Number) string { return notation.Amount(v, 2) }
	share := func(v stats.Number) string { return notation.Percent(v) + " %" }
	fmt.Fprintf(&b, "%s: %s, %s\n", s.Model, english.Count(s.Pictures, "picture"), english.Count(s.Mistakes, "mistake"))
	line("height of the common subsumer of mistakes", s.MistakeHeight, height)
	line("other mass near the first guess, if right", s.NearRight, share)
	line("other mass near the first guess, if wrong", s.NearWrong, share)
	fmt.Fprintf(&b, "  height to the truth, mean of the first guess %s, of the first five %s\n", height(s.TopHeight[0]), height(s.TopHeight[1]))
	return b.String() + fmt.Sprintf("Near: Wu-Palmer of %g or more. %d hierarchies with permuted classes, seed %d; one-sided.\n", Nearness, s.Permutations, s.Seed)
}

// FindSemantics measures what the probabilities of the one classifier of c know
// of the hierarchy of classes, against permuted hierarchies.
func FindSemantics(ctx context.Context, c Config, permutations int, seed uint64) (Semantics, error) {
	classifiers, err := c.classifiers()
	if err != nil {
		return Semantics{}, err
	}
	folder, labels, err := c.labels(classifiers)
	if err != nil {
		return Semantics{}, err
	}
	m := classifiers[0]
	counter, err := newSemanticsCounter(m.Outputs)
	if err != nil {
		return Semantics{}, model.Named(m.Name, err)
	}
	pictures := 0
	err = c.stream(ctx, classifiers[:1], folder, labels, func(_ int, label imagenet.Labelled, logits []float32) error {
		if _, known := m.Outputs.Class(label.WNID); known {
			pictures++
		}
		return counter.Add(label, logits)
	})
	if err != nil {
		return Semantics{}, err
	}
	s, err := counter.Result(pictures, permutations, seed)
	s.Model = m.Name
	return s, err
}
