package model

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/onnx"
)

// Poolings turn the tensor of a layer into a vector; the empty one takes every
// value, as Flatten does.
const (
	PoolAvg     = "avg"     // mean over the places in the picture
	PoolMax     = "max"     // largest over them
	PoolFlatten = "flatten" // every value, in the tensor's order
	PoolCLS     = "cls"     // the first token
)

// Poolings lists them all.
func Poolings() []string { return []string{PoolAvg, PoolMax, PoolFlatten, PoolCLS} }

// Output is a node of a graph and how its tensor becomes a vector.
type Output struct {
	Node    string
	Pooling string // as a Pooling writes itself, or empty
}

// Pooling is how a tensor becomes a vector for each picture.
type Pooling struct {
	Kind string // one of Poolings, or empty
	// Layout names the tensor's axes, a letter each: N pictures, C channels, H, W and
	// T places in the picture. Empty, a tensor of rank 4 is N, C, H, W, one of rank 3
	// N, T, C. A question mark takes vectors alone.
	Layout string
}

// ParsePooling reads KIND or KIND:LAYOUT, as avg:NHWC.
func ParsePooling(text string) (Pooling, error) {
	kind, layout, given := strings.Cut(text, ":")
	p := Pooling{kind, strings.ToUpper(layout)}
	if kind != "" && !slices.Contains(Poolings(), kind) {
		return p, fmt.Errorf("pooling %q: choose %s", text, strings.Join(Poolings(), ", "))
	}
	if !given || p.Layout == unknownLayout {
		return p, nil
	}
	if strings.Count(p.Layout, "N") != 1 || strings.Trim(p.Layout, "NCHWT") != "" || !strings.Contains(p.Layout, "C") {
		return p, fmt.Errorf("pooling %q: a layout has the letter N once, C, and for places H, W or T, as in NHWC or NTC", text)
	}
	return p, nil
}

const unknownLayout = "?"

// usual leaves a layout out that goes without saying, so that a key has one form.
func (p Pooling) usual() Pooling {
	if slices.Contains([]string{"NCHW", "NTC", "NC", "N"}, p.Layout) {
		p.Layout = ""
	}
	return p
}

func (p Pooling) String() string {
	if p.Layout == "" {
		return p.Kind
	}
	return p.Kind + ":" + p.Layout
}

// of completes a pooling with the layout that a layer has.
func (p Pooling) of(l onnx.Layer) (Pooling, error) {
	refuse := func(why string) (Pooling, error) {
		return p, &LayoutError{l.Name, l.Shape, p.String(), why}
	}
	if l.Layout == "N" || len(l.Layout) == 2 && l.Layout[0] == 'N' {
		l.Layout = "" // a vector, whatever it is made of
	}
	if p.Layout == "" && l.Layout == "" {
		if p.Kind != PoolFlatten && len(l.Shape) > 2 {
			return refuse("which of its axes are channels and which are places in the picture cannot be told from the graph")
		}
		if p.Kind != PoolFlatten && l.Shape == nil {
			p.Layout = unknownLayout // right for a vector, which has no axes to mistake
		}
		return p, nil
	}
	if p.Layout == "" {
		p.Layout = l.Layout
		if p.Kind == PoolCLS && strings.Contains(l.Layout, "T") && l.First == 0 {
			return refuse("its tokens are places in the picture, and none is a class token")
		}
	}
	if l.Shape != nil && len(p.Layout) != len(l.Shape) {
		return refuse(fmt.Sprintf("the layout has %d axes, the layer %d", len(p.Layout), len(l.Shape)))
	}
	if len(p.Layout) > 2 && p.Kind != PoolFlatten && !strings.Contains(p.Layout, "C") {
		return refuse("no axis holds channels")
	}
	if p.Kind == PoolCLS && strings.Count(p.Layout, "T") != 1 {
		return refuse("it holds no tokens, of which the first is wanted")
	}
	if p.Kind == PoolFlatten && p.Layout[0] == 'N' {
		p.Layout = "" // the order of the values is the tensor's
	}
	if l.Shape == nil {
		return p, nil // whether the rank is the layout's only the run shows
	}
	return p.usual(), nil
}

// A pooler turns a tensor of a known shape into vectors.
type pooler struct {
	kind             string
	shape            []int64 // of the tensor
	rows, picture    int     // number of pictures, and how far they stand apart
	channels, places []int   // where the values of the vector, and those that each joins, stand
}

// newPooler reads the axes of a tensor.
func (p Pooling) newPooler(shape []int64) (*pooler, error) {
	layout, err := p.layout(len(shape))
	if err != nil {
		return nil, err
	}
	stride := 1
	q := &pooler{kind: p.Kind, channels: []int{0}, places: []int{0}}
	for i, size := range slices.Backward(shape) {
		n := int(size)
		switch letter := layout[i]; {
		case letter == 'N':
			q.rows, q.picture = n, stride
		case letter == 'C':
			q.channels = repeated(q.channels, n, stride)
		case p.Kind == PoolCLS:
		default:
			q.places = repeated(q.places, n, stride)
		}
		stride *= n
	}
	if len(q.channels) == 0 || len(q.places) == 0 {
		return nil, fmt.Errorf("shape %v is empty", shape)
	}
	return q, nil
}

// layout is that of a tensor of the rank; what is taken as it is has channels alone.
func (p Pooling) layout(rank int) (string, error) {
	asIs := p.Kind == "" || p.Kind == PoolFlatten
	switch {
	case p.Layout == unknownLayout && rank > 2:
		return "", fmt.Errorf("a tensor of rank %d whose axes are not known", rank)
	case p.Layout != "" && p.Layout != unknownLayout && len(p.Layout) != rank:
		return "", fmt.Errorf("a tensor of rank %d is not of the layout %s", rank, p.Layout)
	case p.Layout != "" && p.Layout != unknownLayout:
		if asIs {
			return strings.Map(func(r rune) rune {
				if r == 'N' {
					return r
				}
				return 'C'
			}, p.Layout), nil
		}
		return p.Layout, nil
	case rank < 1:
		return "", fmt.Errorf("a single number has no axis for the pictures")
	case asIs || rank <= 2:
		if p.Kind == PoolCLS {
			return "", fmt.Errorf("a vector holds no tokens, of which the first is wanted")
		}
		return "N" + strings.Repeat("C", rank-1), nil
	case rank == 3:
		return "NTC", nil
	case rank == 4 && p.Kind != PoolCLS:
		return "NCHW", nil
	}
	return "", fmt.Errorf("the axes of a tensor of rank %d are neither those of a map nor of tokens", rank)
}

// repeated gives offsets n times, stride apart; the new axis is the outer one.
func repeated(offsets []int, n, stride int) []int {
	out := make([]int, 0, n*len(offsets))
	for k := range n {
		for _, at := range offsets {
			out = append(out, k*stride+at)
		}
	}
	return out
}

// vector is that of one picture.
func (q *pooler) vector(values []float32, picture int) []float32 {
	values = values[picture*q.picture:]
	out := make([]float32, len(q.channels))
	for i, channel := range q.channels {
		out[i] = q.join(values[channel:])
	}
	return out
}

func (q *pooler) join(values []float32) float32 {
	switch {
	case len(q.places) == 1:
		return values[q.places[0]]
	case q.kind == PoolMax:
		most := float32(math.Inf(-1))
		for _, at := range q.places {
			most = max(most, values[at])
		}
		return most
	}
	var sum float64
	for _, at := range q.places {
		sum += float64(values[at])
	}
	return float32(sum / float64(len(q.places)))
}
