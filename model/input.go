package model

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/onnx"
	ort "github.com/yalue/onnxruntime_go"
)

// An input is the graph's for the picture.
type input struct {
	name         string
	elem         onnx.DataType
	channelsLast bool
	batch        int64 // that the graph fixes; 0: any
}

// pictureInput finds the input for the picture and compares its shape N, 3, H, W or
// N, H, W, 3 with the recipe's.
func pictureInput(g *onnx.Graph, card Card) (input, error) {
	inputs := g.Summary().Inputs
	i := slices.IndexFunc(inputs, func(v *onnx.ValueInfo) bool { return v.Name == card.Input })
	switch {
	case card.Input != "" && i < 0, card.Input == "" && len(inputs) == 0:
		return input{}, fmt.Errorf("the graph has the inputs %s; name the picture input in its card: input = \"...\"", names(inputs))
	case len(inputs) > 1:
		return input{}, fmt.Errorf("the graph has the inputs %s, and akin gives the picture alone; export the model with the picture as its only input, the others as constants", names(inputs))
	}
	v := inputs[0]
	in := input{name: v.Name, elem: v.Type}
	if !slices.Contains([]onnx.DataType{onnx.Float32, onnx.Float16, onnx.Float64, onnx.Uint8}, v.Type) {
		return in, fmt.Errorf("input %q holds %v, akin gives float32, float16, float64 or uint8; export the model with one of these", v.Name, v.Type)
	}
	height, width := card.Recipe.Size()
	if err := fits(v, height, width); err != nil {
		return in, err
	}
	in.channelsLast = g.PictureShape(int64(height), int64(width))[1] != 3
	if len(v.Shape) > 0 {
		in.batch = max(v.Shape[0].Size, 0)
	}
	return in, nil
}

// fits compares a declared shape with the recipe's size.
func fits(v *onnx.ValueInfo, height, width int) error {
	shape := shapeOf(v)
	if v.Shape == nil {
		return nil // the trial shows whether the nodes fit
	}
	if len(v.Shape) != 4 {
		why := "neither N x 3 x H x W nor N x H x W x 3"
		if len(v.Shape) == 3 {
			why = "without an axis for the pictures of a batch"
		}
		return fmt.Errorf("input %q has the shape %s, %s; export the model for a batch of pictures", v.Name, shape, why)
	}
	open := func(i int, size int) bool { return v.Shape[i].Size <= 0 || v.Shape[i].Size == int64(size) }
	switch {
	case open(1, 3) && open(2, height) && open(3, width), open(3, 3) && open(1, height) && open(2, width):
		return nil
	case !open(1, 3) && !open(3, 3):
		return fmt.Errorf("input %q has the shape %s, and akin gives pictures of three channels, red, green and blue; export the model with three", v.Name, shape)
	}
	_, sizes, _ := strings.Cut(shape, "x")
	return fmt.Errorf("input %q wants %s, the recipe gives 3x%dx%d; correct [recipe] in its card", v.Name, sizes, height, width)
}

func names(ends []*onnx.ValueInfo) string {
	list := make([]string, len(ends))
	for i, e := range ends {
		list[i] = fmt.Sprintf("%q", e.Name)
	}
	return strings.Join(list, ", ")
}

// shapeOf prints the axes with ? for what the graph leaves open.
func shapeOf(v *onnx.ValueInfo) string {
	if len(v.Shape) == 0 {
		return "of a single number"
	}
	parts := make([]string, len(v.Shape))
	for i, d := range v.Shape {
		parts[i] = "?"
		if d.Size > 0 {
			parts[i] = fmt.Sprint(d.Size)
		}
	}
	return strings.Join(parts, "x")
}

// tensor gives n pictures 3, H, W to the engine in the input's own layout and type.
func (in input) tensor(pictures []float32, n, height, width int) (ort.Value, error) {
	shape := ort.NewShape(int64(n), 3, int64(height), int64(width))
	if in.channelsLast {
		shape = ort.NewShape(int64(n), int64(height), int64(width), 3)
		pictures = interleaved(pictures, height*width)
	}
	switch in.elem {
	case onnx.Float16:
		halves := make([]byte, 0, 2*len(pictures))
		for _, v := range pictures {
			halves = binary.LittleEndian.AppendUint16(halves, float16(float64(v)))
		}
		return ort.NewCustomDataTensor(shape, halves, ort.TensorElementDataTypeFloat16)
	case onnx.Float64:
		wide := make([]float64, len(pictures))
		for i, v := range pictures {
			wide[i] = float64(v)
		}
		return ort.NewTensor(shape, wide)
	case onnx.Uint8:
		whole := make([]uint8, len(pictures))
		for i, v := range pictures {
			if whole[i] = uint8(v); float32(whole[i]) != v {
				return nil, fmt.Errorf("input %q holds uint8, and the recipe gives %v; a recipe without scale, mean and std gives whole numbers from 0 to 255", in.name, v)
			}
		}
		return ort.NewTensor(shape, whole)
	}
	return ort.NewTensor(shape, pictures)
}

// interleaved turns planes 3, H, W into H, W, 3, picture by picture.
func interleaved(pictures []float32, plane int) []float32 {
	out := make([]float32, len(pictures))
	for first := 0; first < len(pictures); first += 3 * plane {
		for c := range 3 {
			for i := range plane {
				out[first+3*i+c] = pictures[first+c*plane+i]
			}
		}
	}
	return out
}

// floats are the values of an output as float32, nil where they are of another kind.
func floats(v ort.Value) []float32 {
	switch t := v.(type) {
	case *ort.Tensor[float32]:
		return t.GetData()
	case *ort.Tensor[float64]:
		out := make([]float32, len(t.GetData()))
		for i, x := range t.GetData() {
			out[i] = float32(x)
		}
		return out
	}
	return nil
}

// finite reports whether a value is a number.
func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
