package model

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/onnx"
)

// CompanyError is a network whose vector of a picture is not always the same.
type CompanyError struct {
	Node   string
	Batch  int     // with which it was tried
	Gap    float64 // between two vectors of one picture, relative to their length
	Chance bool    // the same batch gave other vectors: company is not what made the difference
	Size   bool    // a batch of one did
}

func (e *CompanyError) Error() string {
	why := "depends on the other pictures of its batch or on its place among them (batch normalisation in training mode, or a batch that is not the first axis)"
	if e.Size {
		why = "depends on how many pictures are in its batch"
	}
	if e.Chance {
		why = "changes from run to run (dropout in training mode, or a random node)"
	}
	return fmt.Sprintf("the vector of one picture at %q %s: two of them are %.2g of their length apart; export the network in evaluation mode", e.Node, why, e.Gap)
}

// sameWithin is the relative distance below which two vectors of one picture are
// the same. On a CPU, ResNet-18 and ResNet-50 gave the same bits in any company. Float32
// rounds each sum to 6e-8 of itself, so that an engine that sums in another order at
// another place of the batch stays far below. Training mode and chance make 1e-2 and more.
const sameWithin = 1e-4

// try shows the network one picture alone, as the last of a run stands in its batch,
// and again in company at every place, and wants the same vector. Alone it stands
// among zeros, in company among louder noise, so that neither the largest nor the
// smallest value of a batch is its own both times. At last it stands in a
// batch of one. With the default batch that costs four inferences.
func (s *Session) try() error {
	contrast := float32(4)
	if s.input.elem == onnx.Uint8 {
		contrast = 1 // it takes no larger values
	}
	one, loud, err := noise(s.card.Recipe, contrast)
	if err != nil {
		return err
	}
	alone, err := s.Run(context.Background(), one, 1)
	if err != nil {
		return err
	}
	for k := range companies(s.batch) {
		if err := s.tryCompany(k, one, loud, alone); err != nil {
			return err
		}
	}
	return s.trySize(one, alone)
}

// companies is in how many batches a picture is shown with others: as many as the
// places have binary digits, so that each place holds the picture once, and of two
// places, one holds it while the other holds noise. Beyond eight places those that are
// alike modulo eight are taken for each other, which keeps large batches quick.
func companies(batch int) int { return max(1, min(bits.Len(uint(batch-1)), 3)) }

// tryCompany shows the picture at each place whose k-th binary digit is set, noise at
// the others.
func (s *Session) tryCompany(k int, one, loud []float32, alone [][][]float32) error {
	var batch []float32
	holds := func(place int) bool { return place>>k&1 == 1 || s.batch == 1 }
	for place := range s.batch {
		shown := loud
		if holds(place) {
			shown = one
		}
		batch = append(batch, shown...)
	}
	company, err := s.Run(context.Background(), batch, s.batch)
	if err != nil {
		return err
	}
	for i := range s.outputs {
		for place := range s.batch {
			if gap := distance(alone[i][0], company[i][place]); holds(place) && !(gap <= sameWithin) {
				return s.blame(i, one, alone[i][0], gap)
			}
		}
	}
	return nil
}

// trySize wants the same vectors from a batch of one, where the graph leaves its size
// open: what is kept of a picture does not say in which it was made. Who asked for
// batches of one has what they give.
func (s *Session) trySize(one []float32, alone [][][]float32) error {
	if s.input.batch > 0 || s.batch == 1 {
		return nil
	}
	other := &Session{card: s.card, input: s.input, threads: s.threads, batch: 1, session: s.session}
	other.outputs = make([]output, len(s.outputs))
	for i := range s.outputs {
		o := &s.outputs[i]
		other.outputs[i].Output, other.outputs[i].pooling, other.outputs[i].edge = o.Output, o.pooling, o.edge
	}
	vectors, err := other.Run(context.Background(), one, 1)
	if err != nil {
		return nil // it runs in batches of one size alone
	}
	for i := range vectors {
		if gap := distance(alone[i][0], vectors[i][0]); !(gap <= sameWithin) {
			return &CompanyError{Node: s.outputs[i].Node, Batch: s.batch, Gap: gap, Size: true}
		}
	}
	return nil
}

// blame finds out whether chance or company made the difference. Chance may drop the
// same values twice, but not many times.
func (s *Session) blame(output int, picture, alone []float32, gap float64) error {
	chance := s.batch == 1
	for range 10 {
		again, err := s.Run(context.Background(), picture, 1)
		if err != nil {
			return err
		}
		chance = chance || !(distance(alone, again[output][0]) <= sameWithin)
	}
	return &CompanyError{Node: s.outputs[output].Node, Batch: s.batch, Gap: gap, Chance: chance}
}

// noise is two prepared pictures of noise, the second bright and of so many times the
// contrast: some features of the one are larger, others smaller than the other's, so that
// neither the largest nor the smallest of both is the same picture's throughout.
func noise(recipe imaging.Recipe, contrast float32) (one, loud []float32, err error) {
	height, width := recipe.Size()
	random := rand.New(rand.NewPCG(0, 0))
	prepared := func(darkest uint) ([]float32, error) {
		img := &imaging.Image{Pix: make([]uint8, 3*height*width), Width: width, Height: height}
		for i := range img.Pix {
			img.Pix[i] = uint8(darkest + random.UintN(256-darkest))
		}
		tensor := make([]float32, len(img.Pix))
		return tensor, recipe.Apply(img, tensor)
	}
	if one, err = prepared(0); err != nil {
		return nil, nil, err
	}
	if loud, err = prepared(128); err != nil {
		return nil, nil, err
	}
	for i := range loud {
		loud[i] *= contrast
	}
	return one, loud, nil
}

// distance is the length of the difference of two vectors in units of the first's.
// Values that are no numbers in both say nothing.
func distance(a, b []float32) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	var gap, length float64
	for i := range a {
		if !finite(a[i]) && !finite(b[i]) {
			continue
		}
		d := float64(a[i]) - float64(b[i])
		gap += d * d
		length += float64(a[i]) * float64(a[i])
	}
	if gap == 0 {
		return 0
	}
	return math.Sqrt(gap / length)
}
