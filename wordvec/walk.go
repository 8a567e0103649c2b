package wordvec

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"

	"github.com/akin-vision/akin/lexicon"
	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/mat"
)

// What a walk over associations does, as De Deyne et al. (2019, Behavior Research
// Methods) do it; neither is fitted.
const (
	keepsOn = 0.75 // chance of a further step
	steps   = 12   // after which 3 % of all walks still go on: these are left out
)

// ErrNoAssociations is norms that hold no free associations.
var ErrNoAssociations = errors.New("the norms hold no associations, such as those of USF or SWOW")

// Walk makes vectors of the wanted words of norms of free association: where a walk
// from the word, from cue to answer, passes. Nodes are the words that were both cue and
// answer, as is common, so that walks do not end; a vector holds how much more
// often than from a random word each node is passed (positive pointwise mutual
// information).
func Walk(norms []lexicon.Norm, source string, wanted func(word string) bool) (*Vectors, error) {
	g := newGraph(norms)
	if len(g.words) == 0 {
		return nil, ErrNoAssociations
	}
	hash := sha256.New()
	for _, s := range lexicon.Sources(norms) {
		fmt.Fprintln(hash, s.SHA256)
	}
	everywhere := make([]float64, len(g.words))
	for i := range everywhere {
		everywhere[i] = 1 / float64(len(g.words))
	}
	chance := g.walk(everywhere)
	v := &Vectors{Source: source, Hash: hex.EncodeToString(hash.Sum(nil)), Dim: len(g.words), words: map[string][]float32{}}
	var asked []int
	for i, word := range g.words {
		if wanted(word) {
			asked = append(asked, i)
		}
	}
	vectors := make([][]float32, len(asked))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for k, i := range asked {
		work.Go(func() error {
			vectors[k] = g.informative(i, chance)
			return nil
		})
	}
	work.Wait()
	for k, i := range asked {
		v.words[g.words[i]] = vectors[k]
	}
	if len(v.words) == 0 {
		return nil, ErrNoWords
	}
	v.condense()
	return v, nil
}

// informative is how much more often than by chance a walk from a word passes each one.
func (g graph) informative(word int, chance []float64) []float32 {
	start := make([]float64, len(g.words))
	start[word] = 1
	vector := make([]float32, len(g.words))
	for k, p := range g.walk(start) {
		if p > chance[k] { // else its information is not positive
			vector[k] = float32(math.Log(p / chance[k]))
		}
	}
	unit(vector)
	return vector
}

// condense gives vectors of no more numbers than there are words the same products with
// one another: thousands of nodes are passed, and a few hundred words name classes.
func (v *Vectors) condense() {
	words := slices.Sorted(maps.Keys(v.words))
	if len(words) >= v.Dim {
		return
	}
	rows := mat.NewDense(len(words), v.Dim, nil)
	for i, word := range words {
		for k, x := range v.words[word] {
			rows.Set(i, k, float64(x))
		}
	}
	var products mat.SymDense
	products.SymOuterK(1, rows)
	var factor mat.Cholesky
	if !factor.Factorize(&products) || factor.Cond() > illConditioned {
		return // some vectors are mixtures of others, and stay as they are
	}
	var lower mat.TriDense
	factor.LTo(&lower)
	v.Dim = len(words)
	for i, word := range words {
		vector := make([]float32, v.Dim)
		for k := range i + 1 {
			vector[k] = float32(lower.At(i, k))
		}
		unit(vector)
		v.words[word] = vector
	}
}

// illConditioned is where a factor no longer has the digits of a float32.
const illConditioned = 1e8

// graph is words and how strongly each calls up others.
type graph struct {
	words []string
	edges [][]edge // by word, strengths adding up to 1
}

type edge struct {
	to       int
	strength float64
}

// newGraph takes the associations between words that are both cue and answer. Of a
// pair in several norms the strengths add up.
func newGraph(norms []lexicon.Norm) graph {
	cues, answers := map[string]bool{}, map[string]bool{}
	norms = slices.DeleteFunc(slices.Clone(norms), func(n lexicon.Norm) bool { return n.Kind != lexicon.Association || n.A == n.B || n.Share() <= 0 })
	for _, n := range norms {
		cues[n.A], answers[n.B] = true, true
	}
	maps.DeleteFunc(cues, func(word string, _ bool) bool { return !answers[word] })
	g := graph{words: slices.Sorted(maps.Keys(cues))}
	number := map[string]int{}
	for i, word := range g.words {
		number[word] = i
	}
	strengths := make([]map[int]float64, len(g.words))
	for _, n := range norms {
		from, isCue := number[n.A]
		to, isAnswer := number[n.B]
		if !isCue || !isAnswer {
			continue
		}
		if strengths[from] == nil {
			strengths[from] = map[int]float64{}
		}
		strengths[from][to] += n.Share()
	}
	g.edges = make([][]edge, len(g.words))
	for i, to := range strengths {
		sum := 0.0
		for _, k := range slices.Sorted(maps.Keys(to)) {
			g.edges[i] = append(g.edges[i], edge{k, to[k]})
			sum += to[k]
		}
		for k := range g.edges[i] {
			g.edges[i][k].strength /= sum
		}
	}
	return g
}

// walk is how often walks that start somewhere pass each word, their start counted.
func (g graph) walk(now []float64) []float64 {
	passed := make([]float64, len(g.words))
	for range steps {
		next := make([]float64, len(g.words))
		for i, p := range now {
			passed[i] += p
			for _, e := range g.edges[i] {
				next[e.to] += float64(keepsOn * p * e.strength)
			}
		}
		now = next
	}
	return passed
}
