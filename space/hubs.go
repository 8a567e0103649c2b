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
func correctHubs(choices []match.Choice, vectors match.Features, f Fit, measure match.Measure) error {
	if measure != match.Cosine {
		return errors.New("hubs are corrected for cosines only")
	}
	reference := spread(distinct(f.Reference), mostReference)
	if len(reference) <= neighbours {
		return errors.New("more than 10 different reference pictures are needed")
	}
	cosines := f.Gram.cosines
	if f.Gram == nil {
		rows, err := read(vectors, reference)
		if err != nil {
			return err
		}
		cosines = cosinesWith(vectors, rows)
	}
	near := map[stimuli.Hash]float64{}
	nearness := func(p *stimuli.Picture) (float64, error) {
		if r, known := near[p.Hash]; known {
			return r, nil
		}
		all, err := cosines(p, reference)
		if err != nil {
			return 0, err
		}
		near[p.Hash] = nearest(all)
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

// nearest is the mean of the largest cosines.
func nearest(cosines []float64) float64 {
	slices.Sort(cosines)
	sum := 0.0
	for _, c := range cosines[len(cosines)-neighbours:] {
		sum += c
	}
	return sum / neighbours
}

// cosinesWith are those of a picture with others whose vectors are rows, but for itself.
func cosinesWith(vectors match.Features, rows [][]float32) func(*stimuli.Picture, []*stimuli.Picture) ([]float64, error) {
	return func(p *stimuli.Picture, others []*stimuli.Picture) ([]float64, error) {
		v := make([]float32, vectors.Dim())
		if err := vectors.Read(p.Hash, v); err != nil {
			return nil, err
		}
		var pairs [][2]int32
		for i, other := range others {
			if other.Hash != p.Hash {
				pairs = append(pairs, [2]int32{int32(len(rows)), int32(i)})
			}
		}
		return match.Cosine.Pairs(append(rows[:len(rows):len(rows)], v), pairs), nil
	}
}
