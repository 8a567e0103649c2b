package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/akin-vision/akin/imaging"
)

// UntranslatableError is a step of a framework's transform that no recipe can
// express. A guess in its place would be a wrong number.
type UntranslatableError struct {
	Source string // torchvision, timm, open_clip, hf
	What   string // the step, with its value
}

func (e *UntranslatableError) Error() string {
	return fmt.Sprintf("%s prepares pictures in a way that no recipe expresses: %s", e.Source, e.What)
}

// Translate turns a framework's description of its evaluation transform into the
// recipe that gives the same tensors. transform is what the framework says of
// itself, as JSON:
//
//   - torchvision 0.14: the attributes of its ImageClassification preset
//   - timm 1.0: resolve_model_data_config (timm/data/config.py), whose meaning is
//     that of transforms_imagenet_eval (timm/data/transforms_factory.py)
//   - open_clip 2.24 to 3: get_model_preprocess_cfg, the fields of PreprocessCfg, read by
//     image_transform (open_clip/transform.py)
//   - hf, transformers 4.40 to 5: to_dict of the image processor, and the backend that
//     resizes (image_processing_backends.py)
//
// What it does not know, an entry beyond those listed among it, it refuses with an
// [UntranslatableError].
func Translate(source string, transform json.RawMessage) (imaging.Recipe, error) {
	translate, known := translations[source]
	if !known {
		return imaging.Recipe{}, fmt.Errorf("source %q is unknown", source)
	}
	r, err := translate(transform)
	if err != nil {
		return imaging.Recipe{}, err
	}
	if source != "hf" && (len(r.Mean) != 3 || len(r.Std) != 3) {
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("mean %v and std %v (three values each are known)", r.Mean, r.Std)}
	}
	return r, r.Validate()
}

var translations = map[string]func(json.RawMessage) (imaging.Recipe, error){
	"torchvision": torchvisionRecipe, "timm": timmRecipe, "open_clip": openCLIPRecipe, "hf": huggingFaceRecipe,
}

// Sources are the zoos that models are exported from.
func Sources() []string { return slices.Sorted(maps.Keys(translations)) }

// resizes names the filters by what frameworks call them: a name, or Pillow's number.
var resizes = map[string]string{"bilinear": "pillow-bilinear", "bicubic": "pillow-bicubic", "2": "pillow-bilinear", "3": "pillow-bicubic"}

func resizeBy(source, filter string) (string, error) {
	if method, ok := resizes[filter]; ok {
		return method, nil
	}
	return "", &UntranslatableError{source, fmt.Sprintf("resizing by %q (recipes have bilinear and bicubic)", filter)}
}

// decode reads a description whose every entry is known.
func decode(source string, data json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return &UntranslatableError{source, err.Error()}
	}
	return nil
}

// torchvisionRecipe reads Resize(resize_size), CenterCrop(crop_size), ToTensor, Normalize.
func torchvisionRecipe(data json.RawMessage) (imaging.Recipe, error) {
	const source = "torchvision"
	var t struct {
		Crop   []int `json:"crop_size"`
		Resize []int `json:"resize_size"`
		Mean   []float64
		Std    []float64
		Filter string `json:"interpolation"`
	}
	if err := decode(source, data, &t); err != nil {
		return imaging.Recipe{}, err
	}
	if len(t.Resize) != 1 || len(t.Crop) != 1 {
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("resize_size %v and crop_size %v (one number each is known)", t.Resize, t.Crop)}
	}
	method, err := resizeBy(source, t.Filter)
	return imaging.Recipe{Resize: method, Shorter: t.Resize[0], Crop: t.Crop[0], Scale: "1/255", Mean: t.Mean, Std: t.Std}, err
}

// timmRecipe reads what timm.data.create_transform makes of a data config: the
// picture is resized to floor(side/crop_pct), then cropped.
func timmRecipe(data json.RawMessage) (imaging.Recipe, error) {
	const source = "timm"
	t := struct {
		Input  []int `json:"input_size"`
		Mean   []float64
		Std    []float64
		Share  float64 `json:"crop_pct"`
		Mode   string  `json:"crop_mode"`
		Interp string  `json:"interpolation"`
	}{Share: 0.875, Mode: "center"}
	if err := decode(source, data, &t); err != nil {
		return imaging.Recipe{}, err
	}
	if len(t.Input) != 3 || t.Input[0] != 3 || t.Input[1] != t.Input[2] {
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("input_size %v (3 channels and a square are known)", t.Input)}
	}
	if !(t.Share > 0 && t.Share <= 1) {
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("crop_pct %v", t.Share)}
	}
	method, err := resizeBy(source, t.Interp)
	if err != nil {
		return imaging.Recipe{}, err
	}
	side := int(math.Floor(float64(t.Input[1]) / t.Share))
	r := imaging.Recipe{Resize: method, Crop: t.Input[1], Scale: "1/255", Mean: t.Mean, Std: t.Std}
	switch t.Mode {
	case "center", "":
		r.Shorter = side
	case "squash":
		r.Square = side
	default:
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("crop_mode %q", t.Mode)}
	}
	return r, nil
}

// openCLIPRecipe reads open_clip's PreprocessCfg. An entry that is not given has the
// default of that class.
func openCLIPRecipe(data json.RawMessage) (imaging.Recipe, error) {
	const source = "open_clip"
	t := struct {
		Size   json.RawMessage
		Mode   string
		Mean   []float64
		Std    []float64
		Filter string          `json:"interpolation"`
		Resize string          `json:"resize_mode"`
		Fill   json.RawMessage `json:"fill_color"` // of padding, which no recipe has
	}{
		Mode: "RGB", Filter: "bicubic", Resize: "shortest",
		Mean: []float64{0.48145466, 0.4578275, 0.40821073}, Std: []float64{0.26862954, 0.26130258, 0.27577711},
	}
	if err := decode(source, data, &t); err != nil {
		return imaging.Recipe{}, err
	}
	if t.Mode != "RGB" {
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("mode %q", t.Mode)}
	}
	side, err := squareSide(source, t.Size)
	if err != nil {
		return imaging.Recipe{}, err
	}
	if t.Filter == "random" { // drawn in training alone; evaluation takes bicubic
		t.Filter = "bicubic"
	}
	method, err := resizeBy(source, t.Filter)
	if err != nil {
		return imaging.Recipe{}, err
	}
	r := imaging.Recipe{Resize: method, Scale: "1/255", Mean: t.Mean, Std: t.Std}
	switch t.Resize {
	case "shortest":
		r.Shorter, r.Crop = side, side
	case "squash":
		r.Square = side
	default:
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("resize_mode %q", t.Resize)}
	}
	return r, nil
}

// squareSide reads a side, or equal height and width.
func squareSide(source string, data json.RawMessage) (int, error) {
	var one int
	if json.Unmarshal(data, &one) == nil {
		return one, nil
	}
	var both []int
	if json.Unmarshal(data, &both) == nil && len(both) == 2 && both[0] == both[1] {
		return both[0], nil
	}
	return 0, &UntranslatableError{source, fmt.Sprintf("size %s (a square is known)", data)}
}

// processors are the image processors of transformers whose steps are those of
// the fields below, in the order resize, crop, rescale, normalise. ConvNeXT's is
// read apart: its crop share stands in for a crop.
var processors = []string{"CLIPImageProcessor", "ViTImageProcessor", "BitImageProcessor", "DeiTImageProcessor", "SiglipImageProcessor",
	"ConvNextImageProcessor", "CLIPFeatureExtractor", "ViTFeatureExtractor", "ConvNextFeatureExtractor", "DeiTFeatureExtractor"}

// processor is what an image processor says of itself, and what resizes.
type processor struct {
	Backend   string // pil or torchvision
	Type      string `json:"image_processor_type"`
	Older     string `json:"feature_extractor_type"`
	DoResize  *bool  `json:"do_resize"`
	DoCrop    *bool  `json:"do_center_crop"`
	DoRescale *bool  `json:"do_rescale"`
	DoNorm    *bool  `json:"do_normalize"`
	DoPad     *bool  `json:"do_pad"`
	Size      json.RawMessage
	Crop      json.RawMessage `json:"crop_size"`
	Share     float64         `json:"crop_pct"`
	Filter    json.Number     `json:"resample"`
	Factor    *float64        `json:"rescale_factor"`
	Mean      []float64       `json:"image_mean"`
	Std       []float64       `json:"image_std"`
}

func huggingFaceRecipe(data json.RawMessage) (imaging.Recipe, error) {
	const source = "hf"
	var p processor
	if err := json.Unmarshal(data, &p); err != nil { // processors have many entries without a meaning for pixels
		return imaging.Recipe{}, &UntranslatableError{source, err.Error()}
	}
	kind := p.Type
	if kind == "" {
		kind = p.Older
	}
	if !slices.Contains(processors, kind) {
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("image processor %q", kind)}
	}
	switch {
	case p.Backend != "pil":
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("resizing by the backend %q (Pillow's is known)", p.Backend)}
	case p.DoResize != nil && !*p.DoResize:
		return imaging.Recipe{}, &UntranslatableError{source, "do_resize is false, so the input has no size"}
	case p.DoPad != nil && *p.DoPad:
		return imaging.Recipe{}, &UntranslatableError{source, "do_pad is true"}
	case (p.DoNorm == nil || *p.DoNorm) && (len(p.Mean) != 3 || len(p.Std) != 3):
		return imaging.Recipe{}, &UntranslatableError{source, fmt.Sprintf("image_mean %v and image_std %v (three values each are known)", p.Mean, p.Std)}
	}
	method, err := resizeBy(source, p.Filter.String())
	if err != nil {
		return imaging.Recipe{}, err
	}
	r := imaging.Recipe{Resize: method}
	if err := p.geometry(&r, kind); err != nil {
		return imaging.Recipe{}, err
	}
	p.values(&r)
	return r, nil
}

// geometry sets resizing and crop. Crops begin rounded down
// (transformers.image_transforms.center_crop).
func (p processor) geometry(r *imaging.Recipe, kind string) error {
	const source = "hf"
	shortest, square, err := p.size()
	if err != nil {
		return err
	}
	if kind == "ConvNextImageProcessor" || kind == "ConvNextFeatureExtractor" {
		// Below 384 pixels: resized to int(side/crop_pct), then cropped; else squeezed into a square.
		if shortest == 0 || p.Share <= 0 || p.Share > 1 {
			return &UntranslatableError{source, fmt.Sprintf("size %s with crop_pct %v", p.Size, p.Share)}
		}
		if shortest >= 384 {
			r.Square = shortest
			return nil
		}
		r.Shorter, r.Crop, r.CropRounding = int(float64(shortest)/p.Share), shortest, "floor"
		return nil
	}
	r.Shorter, r.Square = shortest, square
	if p.DoCrop != nil && *p.DoCrop {
		if r.Crop, err = p.cropSide(); err != nil {
			return err
		}
		r.CropRounding = "floor"
	}
	return nil
}

// size is the shorter side, or both sides where they are given.
func (p processor) size() (shortest, square int, err error) {
	var one int
	if json.Unmarshal(p.Size, &one) == nil { // older files: ViT's means a square, CLIP's the shorter side
		if p.Type == "ViTFeatureExtractor" || p.Older == "ViTFeatureExtractor" || p.Older == "DeiTFeatureExtractor" {
			return 0, one, nil
		}
		return one, 0, nil
	}
	var sides map[string]int
	if err := json.Unmarshal(p.Size, &sides); err != nil {
		return 0, 0, &UntranslatableError{"hf", fmt.Sprintf("size %s", p.Size)}
	}
	switch {
	case len(sides) == 1 && sides["shortest_edge"] > 0:
		return sides["shortest_edge"], 0, nil
	case len(sides) == 2 && sides["height"] > 0 && sides["height"] == sides["width"]:
		return 0, sides["height"], nil
	}
	return 0, 0, &UntranslatableError{"hf", fmt.Sprintf("size %s", p.Size)}
}

func (p processor) cropSide() (int, error) {
	var one int
	if json.Unmarshal(p.Crop, &one) == nil {
		return one, nil
	}
	var sides map[string]int
	if json.Unmarshal(p.Crop, &sides) == nil && sides["height"] > 0 && sides["height"] == sides["width"] {
		return sides["height"], nil
	}
	return 0, &UntranslatableError{"hf", fmt.Sprintf("crop_size %s", p.Crop)}
}

// values sets scale, mean and std.
func (p processor) values(r *imaging.Recipe) {
	if p.DoRescale == nil || *p.DoRescale {
		r.Scale = "1/255"
		if p.Factor != nil && math.Abs(*p.Factor*255-1) > 1e-6 {
			r.Scale = imaging.Scale(strconv.FormatFloat(*p.Factor, 'g', -1, 64))
		}
	}
	if p.DoNorm == nil || *p.DoNorm {
		r.Mean, r.Std = p.Mean, p.Std
	}
}
