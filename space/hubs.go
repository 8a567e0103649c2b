package space

import (
	"errors"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
)

// neighbours is the k of CSLS, as published.
const neighbours = 10

// hubs corrects cosines to CSLS, 2 cos(a, b) - r(a) - r(b), where r is the mean cosine of
// a picture with its 10 nearest reference pictures other than itself.
type hubs struct {
	reference []*stimuli.Picture
	cosines   func(*stimuli.Picture, []*stimuli.Picture) ([]float64, error)
	near      map[stimuli.Hash]float64
}

func newHubs(vectors match.Features, f Fit, measure match.Measure) (*hubs, error) {
	if measure != match.Cosine {
		return nil, Unfit("hubs are corrected for cosines only")
	}
	h := &hubs{reference: spread(distinct(f.Reference), mostReference), near: map[stimuli.Hash]float64{}}
	if len(h.reference) <= neighbours {
		return nil, Unfit("more than 10 different reference pictures are needed")
	}
	if f.Gram != nil {
		h.cosines = f.Gram.cosines
		return h, nil
	}
	rows, err := read(vectors, h.reference)
	h.cosines = cosinesWith(vectors, rows)
	return h, err
}

// nearness is r of a picture.
func (h *hubs) nearness(p *stimuli.Picture) (float64, error) {
	if r, known := h.near[p.Hash]; known {
		return r, nil
	}
	all, err := h.cosines(p, h.reference)
	if err != nil {
		return 0, err
	}
	h.near[p.Hash] = nearest(all)
	return h.near[p.Hash], nil
}

// corrected is the CSLS of two pictures of a cosine.
func (h *hubs) corrected(cosine float64, a, b *stimuli.Picture) (float64, error) {
	one, err1 := h.nearness(a)
	other, err2 := h.nearness(b)
	return 2*cosine - one - other, errors.Join(err1, err2)
}

func correctHubs(choices []match.Choice, vectors match.Features, f Fit, measure match.Measure) error {
	h, err := newHubs(vectors, f, measure)
	if err != nil {
		return err
	}
	for i := range choices {
		c := &choices[i]
		var err1, err2 error
		c.Related, err1 = h.corrected(c.Related, c.Triplet.Target, c.Triplet.Related)
		c.Unrelated, err2 = h.corrected(c.Unrelated, c.Triplet.Target, c.Triplet.Unrelated)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
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
