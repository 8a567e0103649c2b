package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
)

// Draft is the card of a graph as far as the graph tells it: what was read, what was
// guessed and why, and what is missing.
type Draft struct {
	Card    model.Card `json:"card"`
	Guesses []Guess    `json:"guesses"`
	Missing []Gap      `json:"missing"`
}

// Guess is an entry of a card that follows from names and shapes, not from a
// statement.
type Guess struct {
	Key   string `json:"key"` // of the card, such as outputs.features
	Value string `json:"value"`
	Why   string `json:"why"`
}

// Gap is an entry that a card needs and the graph does not tell.
type Gap string

// What a draft may lack.
const (
	NoRecipe   Gap = "recipe"   // how pictures are prepared
	NoFeatures Gap = "features" // no output looks like features
	NoInput    Gap = "input"    // no single input takes pictures
)

// classCounts are the numbers of outputs of well-known classifiers: ImageNet's
// 1,000 classes, with a background class before them, and ImageNet-21k's variants.
var classCounts = []int64{1000, 1001, 10450, 11221, 11821, 21841, 21843}

// NewDraft reads what a graph says of itself. The recipe comes from recipe where it
// is given, else from the metadata that [Script] wrote. Where the graph's input has
// a fixed size that the recipe does not give, that is an error.
func NewDraft(name, hash string, graph *onnx.Model, recipe *imaging.Recipe) (Draft, error) {
	d := Draft{Card: model.Card{Name: name, Kind: model.Trained, SHA256: hash, Parameters: graph.Graph.Parameters()}}
	if at := slices.IndexFunc(graph.Metadata, func(e *onnx.Entry) bool { return e.Key == metadataKey }); at >= 0 {
		m, err := parseMetadata(graph.Metadata[at].Value)
		if err != nil {
			return d, err
		}
		if d.Card, err = m.Card(name); err != nil {
			return d, err
		}
		d.Card.SHA256 = hash
	} else {
		d.guessOutputs(graph.Graph)
	}
	switch {
	case recipe != nil:
		d.Card.Recipe = *recipe
	case d.Card.Recipe.Resize == "":
		d.Missing = append(d.Missing, NoRecipe)
	}
	return d, d.checkInput(graph.Graph)
}

// checkInput finds the input of pictures and holds the recipe against its size.
func (d *Draft) checkInput(g *onnx.Graph) error {
	var pictures []*onnx.ValueInfo
	for _, v := range g.Inputs {
		constant := slices.ContainsFunc(g.Initializers, func(t *onnx.Tensor) bool { return t.Name == v.Name })
		if !constant && (v.Shape == nil || len(v.Shape) == 4) {
			pictures = append(pictures, v)
		}
	}
	if len(pictures) != 1 {
		d.Missing = append(d.Missing, NoInput)
		return nil
	}
	if len(g.Inputs) > 1 {
		d.Card.Input = pictures[0].Name
	}
	shape := pictures[0].Shape
	if height, width := d.Card.Recipe.Size(); height > 0 && len(shape) == 4 {
		for i, side := range []int{3, height, width} {
			if fixed := shape[i+1].Size; fixed > 0 && fixed != int64(side) {
				return &SizeError{Input: pictures[0].Name, Wants: shapeText(shape), Gives: [3]int{3, height, width}}
			}
		}
	}
	return nil
}

// SizeError is a graph whose fixed input contradicts the recipe.
type SizeError struct {
	Input string
	Wants string // shape of the input, dynamic sides by name
	Gives [3]int // channels, height, width of the recipe
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("input %q wants %s, the recipe gives %dx%dx%d", e.Input, e.Wants, e.Gives[0], e.Gives[1], e.Gives[2])
}

func shapeText(shape []onnx.Dim) string {
	var parts []string
	for _, d := range shape[1:] {
		switch {
		case d.Size > 0:
			parts = append(parts, fmt.Sprint(d.Size))
		case d.Name != "":
			parts = append(parts, d.Name)
		default:
			parts = append(parts, "?")
		}
	}
	return strings.Join(parts, "x")
}

// guessOutputs takes outputs for features and logits by name, else by shape.
func (d *Draft) guessOutputs(g *onnx.Graph) {
	vectors := slices.DeleteFunc(slices.Clone(g.Outputs), func(v *onnx.ValueInfo) bool { return v.Shape != nil && len(v.Shape) != 2 })
	logits := find(vectors, func(v *onnx.ValueInfo) bool { return named(v, "logit", "class", "fc") })
	why := "its name"
	if logits == nil {
		logits, why = find(vectors, func(v *onnx.ValueInfo) bool { return slices.Contains(classCounts, width(v)) }), "as many values as a known list of classes"
	}
	if logits != nil {
		d.guess("outputs.logits", logits.Name, why)
		d.Card.Outputs.Logits = logits.Name
		if width(logits) > 0 {
			d.Card.Classes.Count = int(width(logits))
			d.guess("classes.count", fmt.Sprint(width(logits)), "the width of "+logits.Name)
		}
		if width(logits) == 1001 {
			d.Card.Classes.Count, d.Card.Classes.Offset = 1000, 1
			d.guess("classes.offset", "1", "1,001 outputs have a background class before ImageNet's 1,000")
		}
		vectors = slices.DeleteFunc(vectors, func(v *onnx.ValueInfo) bool { return v == logits })
	}
	features := find(vectors, func(v *onnx.ValueInfo) bool { return named(v, "feat", "embed", "pool") })
	why = "its name"
	if features == nil && len(vectors) == 1 {
		features, why = vectors[0], "the only other output that is a vector"
	}
	if features == nil {
		d.Missing = append(d.Missing, NoFeatures)
		return
	}
	d.guess("outputs.features", features.Name, why)
	d.Card.Outputs.Features = features.Name
}

func (d *Draft) guess(key, value, why string) { d.Guesses = append(d.Guesses, Guess{key, value, why}) }

// find is the only output that fits, nil where none or several do.
func find(outputs []*onnx.ValueInfo, fits func(*onnx.ValueInfo) bool) *onnx.ValueInfo {
	var found *onnx.ValueInfo
	for _, v := range outputs {
		if fits(v) {
			if found != nil {
				return nil
			}
			found = v
		}
	}
	return found
}

func named(v *onnx.ValueInfo, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(strings.ToLower(v.Name), part) })
}

// width is the length of a vector output, 0 where the graph does not say.
func width(v *onnx.ValueInfo) int64 {
	if len(v.Shape) != 2 {
		return 0
	}
	return v.Shape[1].Size
}
