package space

import (
	"fmt"
	"math"
	"slices"

	"github.com/akin-vision/akin/vectors"
)

// ReadTransform reads a matrix as gLocal publishes it (Muttenthaler et al. 2023):
// a .npz with weights (in x out) and, where they are not left out, bias, mean and
// std, which are numbers or lists. It stands for ((x - mean) / std) weights + bias.
// hash is the hex SHA-256 of the file.
func ReadTransform(file string) (p *Part, hash string, err error) {
	arrays, hash, err := vectors.ReadArchive(file)
	if err != nil {
		return nil, "", err
	}
	p, err = newTransform(file, arrays)
	return p, hash, err
}

func newTransform(file string, arrays map[string]vectors.Array) (*Part, error) {
	weights, found := arrays["weights"]
	if !found || len(weights.Shape) != 2 || weights.Shape[0] == 0 || weights.Shape[1] == 0 {
		return nil, fmt.Errorf("%s: an array \"weights\" with two axes is expected", file)
	}
	for _, name := range []string{"weights", "mean", "std", "bias"} {
		if slices.ContainsFunc(arrays[name].Values, notFinite) {
			return nil, fmt.Errorf("%s: %q holds a value that is not finite in float32; save it anew from the matrix as it was learned", file, name)
		}
	}
	in, out := weights.Shape[0], weights.Shape[1]
	p := &Part{Matrix: make([][]float32, in)}
	for i := range p.Matrix {
		p.Matrix[i] = weights.Values[i*out : (i+1)*out]
	}
	for _, list := range []struct {
		name string
		to   *[]float32
		n    int
	}{{"mean", &p.Shift, in}, {"std", &p.Scale, in}, {"bias", &p.Bias, out}} {
		a, found := arrays[list.name]
		if !found {
			continue
		}
		if len(a.Values) != list.n && len(a.Values) != 1 {
			return nil, fmt.Errorf("%s: %q has %d numbers, expected %d or one", file, list.name, len(a.Values), list.n)
		}
		*list.to = make([]float32, list.n)
		for k := range *list.to {
			(*list.to)[k] = a.Values[k%len(a.Values)]
		}
	}
	for k, std := range p.Scale {
		p.Scale[k] = float32(1 / float64(std))
		if !(std > 0) || notFinite(p.Scale[k]) {
			return nil, fmt.Errorf("%s: \"std\" holds %v, which cannot divide", file, std)
		}
	}
	return p, nil
}

// notFinite tells values that would make every similarity NaN, and so every choice a
// tie.
func notFinite(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) }
