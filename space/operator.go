package space

import (
	"fmt"
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
)

// Operator makes one vector of what a network says of a picture. Several parts
// stand one behind the other, each of length Weight, so that the cosine of two
// vectors is the mean of the parts' cosines, weighted by Weight squared.
type Operator struct {
	Parts []Part `json:"parts"`
}

// Part is one output of the network and what is done to it, in the order of the
// fields; what is nil is left out.
type Part struct {
	Classes int     `json:"classes,omitempty"` // above 0: of the logits, the last so many; 0: of the features
	Weight  float32 `json:"weight,omitempty"`  // length of the vector; 0: it is not scaled

	Shift []float32 `json:"shift,omitempty"` // subtracted
	Scale []float32 `json:"scale,omitempty"` // multiplied

	// Each axis, of length 1, is stretched: v + sum of Gains[i] (v . Axes[i]) Axes[i].
	Axes  [][]float32 `json:"axes,omitempty"`
	Gains []float32   `json:"gains,omitempty"`

	Matrix [][]float32 `json:"matrix,omitempty"` // a row for each number that comes in
	Bias   []float32   `json:"bias,omitempty"`   // added
}

// dim is the length of the part's vector, given that of the features.
func (p *Part) dim(features int) int {
	if p.Matrix != nil {
		return len(p.Matrix[0])
	}
	return features
}

// apply makes the part's vector of an output, which it may change.
func (p *Part) apply(v []float32) []float32 {
	if p.Classes > 0 {
		v = softmax(v[len(v)-p.Classes:])
	}
	for k, shift := range p.Shift {
		v[k] -= shift
	}
	for k, scale := range p.Scale {
		v[k] *= scale
	}
	v = p.stretched(v)
	if p.Matrix != nil {
		v = product(v, p.Matrix)
	}
	for k, bias := range p.Bias {
		v[k] += bias
	}
	return p.weighted(v)
}

func (p *Part) weighted(v []float32) []float32 {
	if p.Weight != 0 {
		resize(v, float64(p.Weight))
	}
	return v
}

func (p *Part) stretched(v []float32) []float32 {
	if len(p.Axes) == 0 {
		return v
	}
	sum := make([]float64, len(v))
	for k, x := range v {
		sum[k] = float64(x)
	}
	for i, axis := range p.Axes {
		along := float64(float32(dot(v, axis))) * float64(p.Gains[i])
		for k, x := range axis {
			sum[k] += along * float64(x)
		}
	}
	return rounded(sum)
}

// product is v times a matrix, summed in float64.
func product(v []float32, matrix [][]float32) []float32 {
	sum := make([]float64, len(matrix[0]))
	for i, x := range v {
		if x == 0 {
			continue
		}
		for k, w := range matrix[i] {
			sum[k] += float64(x) * float64(w)
		}
	}
	return rounded(sum)
}

func rounded(v []float64) []float32 {
	list := make([]float32, len(v))
	for k, x := range v {
		list[k] = float32(x)
	}
	return list
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for k, x := range a {
		sum += float64(x) * float64(b[k])
	}
	return sum
}

// resize gives a vector a length; one of length 0 stays.
func resize(v []float32, length float64) {
	if now := math.Sqrt(dot(v, v)); now > 0 {
		for k, x := range v {
			v[k] = float32(float64(x) * length / now)
		}
	}
}

// softmax is the probability of each class, at temperature 1.
func softmax(logits []float32) []float32 {
	p, sum, largest := make([]float64, len(logits)), 0.0, float64(slices.Max(logits))
	for i, x := range logits {
		p[i] = math.Exp(float64(x) - largest)
		sum += p[i]
	}
	for i := range p {
		if p[i] /= sum; p[i] < impossible {
			p[i] = 0
		}
	}
	return rounded(p)
}

// impossible is the probability below which a class counts for nothing: 1,000 of them
// move no vector by more than rounding does.
const impossible = 1e-10

// Outputs are what a network says of pictures. Logits may be nil where no space
// asks for them. Named, where it is not nil, are the pictures' vectors by words, see
// Words.Of: parts of classes take them instead of computing them anew.
type Outputs struct{ Features, Logits, Named match.Features }

const errNoProbabilities = Unfit("it needs the probabilities of known classes, which the model does not give")

// Over is the pictures' vectors as the operator makes them.
func (o Operator) Over(outputs Outputs) (match.Features, error) {
	m := &mapped{Operator: o, outputs: outputs, features: make([]float32, outputs.Features.Dim())}
	for i := range o.Parts {
		p := &o.Parts[i]
		if p.Classes == 0 {
			if n := len(m.features); p.Shift != nil && len(p.Shift) != n || p.Axes != nil && len(p.Axes[0]) != n || p.Matrix != nil && len(p.Matrix) != n {
				return nil, Unfit(fmt.Sprintf("it is made for features of another length than %d", n))
			}
			m.dim += p.dim(len(m.features))
			continue
		}
		if outputs.Logits == nil || outputs.Logits.Dim() < p.Classes {
			return nil, errNoProbabilities
		}
		m.logits = make([]float32, outputs.Logits.Dim())
		if outputs.Named != nil {
			m.named = make([]float32, outputs.Named.Dim())
			m.dim += len(m.named)
			continue
		}
		m.dim += p.dim(p.Classes)
	}
	return m, nil
}

type mapped struct {
	Operator
	outputs Outputs
	dim     int
	// Of the picture that is read.
	features, logits, named []float32
}

func (m *mapped) Dim() int { return m.dim }

func (m *mapped) Read(picture stimuli.Hash, dst []float32) error {
	for i := range m.Parts {
		v, err := m.part(&m.Parts[i], picture)
		if err != nil {
			return err
		}
		dst = dst[copy(dst, v):]
	}
	return nil
}

func (m *mapped) part(p *Part, picture stimuli.Hash) ([]float32, error) {
	switch {
	case p.Classes == 0:
		err := m.outputs.Features.Read(picture, m.features)
		return p.apply(m.features), err
	case m.outputs.Named != nil:
		err := m.outputs.Named.Read(picture, m.named)
		return p.weighted(m.named), err
	}
	err := m.outputs.Logits.Read(picture, m.logits)
	return p.apply(m.logits), err
}
