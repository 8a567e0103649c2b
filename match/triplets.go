package match

import (
	"fmt"
	"maps"
	"slices"

	"github.com/akin-vision/akin/stimuli"
)

// Features are pictures' vectors, all of one length; *feature.View is some.
type Features interface {
	Dim() int
	// Read puts a picture's vector into dst, of length Dim; that it has none is an error.
	Read(picture stimuli.Hash, dst []float32) error
}

// vectorBytes bounds the vectors that Triplets holds at once; comparing them
// takes up to three times as much besides, for the ranks of short ones.
const vectorBytes = 64 << 20

// Triplets returns the choice of each triplet, in order. However many pictures
// there are, it holds no more than 64 MB of their vectors (two at least), and a
// choice has the same bits whichever are held.
func (m Measure) Triplets(triplets []stimuli.Triplet, features Features) ([]Choice, error) {
	return m.triplets(triplets, features, vectorBytes)
}

func (m Measure) triplets(triplets []stimuli.Triplet, features Features, bytes int) ([]Choice, error) {
	if m.OfRepeats() {
		return nil, fmt.Errorf("the similarity %q is of several pictures of each item, which triplets do not have", m)
	}
	p := &pager{features: features, size: pageSize(features, bytes)}
	index := map[stimuli.Hash]int32{}
	number := func(picture *stimuli.Picture) int32 {
		n, seen := index[picture.Hash]
		if !seen {
			n = int32(len(p.pictures))
			index[picture.Hash] = n
			p.pictures = append(p.pictures, picture)
		}
		return n
	}
	pairs := make([][2]int32, 0, 2*len(triplets))
	for i := range triplets {
		t := &triplets[i]
		target := number(t.Target)
		pairs = append(pairs, [2]int32{target, number(t.Related)}, [2]int32{target, number(t.Unrelated)})
	}
	similarities, err := p.similarities(m, pairs)
	if err != nil {
		return nil, err
	}
	choices := make([]Choice, len(triplets))
	for i := range triplets {
		choices[i] = Choice{Triplet: &triplets[i], Related: similarities[2*i], Unrelated: similarities[2*i+1]}
	}
	return choices, nil
}

// pager goes over pairs of more pictures than it may hold: two pages of pictures
// at a time, and the pairs between them.
type pager struct {
	features Features
	pictures []*stimuli.Picture // as triplets name them, so that most pairs lie within a page
	size     int32              // pictures of a page
	held     [2]page
}

// pageSize is the number of pictures of which two pages fill so many bytes.
func pageSize(features Features, bytes int) int32 {
	return int32(max(1, bytes/(2*4*max(1, features.Dim()))))
}

// page is a run of neighbouring pictures.
type page struct {
	number int32
	values []float32   // room for the vectors of a page, one behind the other
	rows   [][]float32 // parts of it; nil: nothing was read yet
}

func (p *pager) similarities(m Measure, pairs [][2]int32) ([]float64, error) {
	between := map[[2]int32][]int32{} // pairs by the pages that they join, the lower first
	for i, pair := range pairs {
		a, b := pair[0]/p.size, pair[1]/p.size
		pages := [2]int32{min(a, b), max(a, b)}
		between[pages] = append(between[pages], int32(i))
	}
	inOrder := slices.SortedFunc(maps.Keys(between), func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
	similarities := make([]float64, len(pairs))
	for _, pages := range inOrder {
		rows, err := p.read(pages)
		if err != nil {
			return nil, err
		}
		row := func(picture int32) int32 {
			if picture/p.size == pages[0] {
				return picture % p.size
			}
			return p.size + picture%p.size
		}
		among := make([][2]int32, len(between[pages]))
		for k, i := range between[pages] {
			among[k] = [2]int32{row(pairs[i][0]), row(pairs[i][1])}
		}
		for k, similarity := range m.Pairs(rows, among) {
			similarities[between[pages][k]] = similarity
		}
	}
	return similarities, nil
}

// read returns the vectors of two pages, or of one that is named twice. Of two,
// the lower is full, so that the other's rows begin at the size of a page.
func (p *pager) read(pages [2]int32) ([][]float32, error) {
	if pages[0] == pages[1] {
		return p.fill(&p.held[0], pages[0])
	}
	low, err := p.fill(&p.held[0], pages[0])
	if err != nil {
		return nil, err
	}
	high, err := p.fill(&p.held[1], pages[1])
	return slices.Concat(low, high), err
}

// fill reads a page, unless it is held already.
func (p *pager) fill(held *page, number int32) ([][]float32, error) {
	if held.rows != nil && held.number == number {
		return held.rows, nil
	}
	dim := p.features.Dim()
	if held.values == nil {
		held.values = make([]float32, min(int(p.size), len(p.pictures))*dim)
	}
	first := int(number * p.size)
	held.number, held.rows = number, nil
	for i, picture := range p.pictures[first:min(first+int(p.size), len(p.pictures))] {
		row := held.values[i*dim : (i+1)*dim]
		if err := p.features.Read(picture.Hash, row); err != nil {
			return nil, fmt.Errorf("picture %s: %w", picture.Path, err)
		}
		held.rows = append(held.rows, row)
	}
	return held.rows, nil
}
