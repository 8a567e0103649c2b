package space

import (
	"errors"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
)

// neighbours is the k of CSLS, as published.
const neighbours = 10

// correctHubs replaces each cosine by CSLS, 2 cos(a, b) - r(a) - r(b), where r is
// the mean cosine of a picture with its 10 nearest reference pictures other than
// itself.
func correctHubs(choices []match.Choice, vectors match.Features, reference []*stimuli.Picture, measure match.Measure) error {
	if measure != match.Cosine {
		return errors.New("hubs are corrected for cosines only")
	}
	reference = spread(distinct(reference), MostReference)
	if len(reference) <= neighbours {
		return errors.New("more than 10 different reference pictures are needed")
	}
	rows, err := read(vectors, reference)
	if err != nil {
		return err
	}
	near := map[stimuli.Hash]float64{}
	nearness := func(p *stimuli.Picture) (float64, error) {
		if r, known := near[p.Hash]; known {
			return r, nil
		}
		v := make([]float32, vectors.Dim())
		if err := vectors.Read(p.Hash, v); err != nil {
			return 0, err
		}
		var pairs [][2]int32
		for i, other := range reference {
			if other.Hash != p.Hash {
				pairs = append(pairs, [2]int32{int32(len(rows)), int32(i)})
			}
		}
		cosines := match.Cosine.Pairs(append(rows[:len(rows):len(rows)], v), pairs)
		slices.Sort(cosines)
		sum := 0.0
		for _, c := range cosines[len(cosines)-neighbours:] {
			sum += c
		}
		near[p.Hash] = sum / neighbours
		return near[p.Hash], nil
	}
	for i := range choices {
		c := &choices[i]
		target, err1 := nearness(c.Triplet.Target)
		related, err2 := nearness(c.Triplet.Related)
		unrelated, err3 := nearness(c.Triplet.Unrelated)
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		c.Related = 2*c.Related - target - related
		c.Unrelated = 2*c.Unrelated - target - unrelated
	}
	return nil
}
