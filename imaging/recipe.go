package imaging

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Recipe says how a decoded picture becomes the input tensor of a model. Its
// steps run in this order: keep the central CropFraction, resize, keep the
// central Crop x Crop pixels, scale, subtract Mean, divide by Std, order the
// channels. As a table of a model card:
//
//	[recipe]
//	resize = "pillow-bilinear"
//	shorter = 256
//	crop = 224
//	scale = "1/255"
//	mean = [0.485, 0.456, 0.406]
//	std = [0.229, 0.224, 0.225]
//	channels = "RGB"
//
// That one is torchvision's evaluation recipe. Others: no scale and mean
// [123.68, 116.78, 103.94] for TensorFlow's ResNets; no scale, mean and std all
// 128 for (x-128)/128.
//
// Recipes are compared by [Recipe.Digest], not by ==.
type Recipe struct {
	// Resize is the method:
	//
	//   - "pillow-bilinear", "pillow-bicubic": Image.resize of Pillow 9.4
	//     (antialiased, 8-bit result), the longer side int(shorter*long/short),
	//     as in torchvision 0.14.
	//   - "torch7-bicubic": image.scale of torch/image (Catmull-Rom on aligned
	//     corners, not antialiased, not clamped), the longer side truncated, as
	//     in fb.resnet.torch.
	//   - "none": no resizing; a picture smaller than Crop is padded with black.
	Resize string `toml:"resize" json:"resize"`

	// Shorter is the length in pixels of the shorter side after resizing; the
	// aspect ratio stays. Square makes both sides that long instead. A resizing
	// recipe has exactly one of the two.
	Shorter int `toml:"shorter,omitempty" json:"shorter,omitempty"`
	Square  int `toml:"square,omitempty" json:"square,omitempty"`

	// Crop is the side in pixels of the central square kept after resizing; 0
	// keeps everything, which only Square allows.
	Crop int `toml:"crop,omitempty" json:"crop,omitempty"`

	// CropRounding says where the central square begins when an odd number of
	// pixels is cut off:
	//
	//   - "half-even": half of them, rounded half to even, as torchvision's
	//     CenterCrop does.
	//   - "floor": half of them, rounded down, as center_crop of Hugging Face's
	//     image processors does (the networks with a preprocessor_config.json).
	//   - "": what the software of Resize does: rounded up for
	//     "torch7-bicubic", as in fb.resnet.torch, half to even for the others.
	CropRounding string `toml:"crop_rounding,omitempty" json:"crop_rounding,omitempty"`

	// CropFraction keeps the central part of both sides before resizing, as
	// TensorFlow's central_crop does: int((side - side*fraction)/2) pixels are cut
	// from each end. 0 and 1 keep everything.
	CropFraction float64 `toml:"crop_fraction,omitempty" json:"crop_fraction,omitempty"`

	// Scale multiplies the 8-bit values: a number, or "1/d" to divide by d, which
	// is not the same in float32 as multiplying by the quotient. "" keeps 0..255.
	Scale Scale `toml:"scale,omitempty" json:"scale,omitempty"`

	// Mean and Std normalise the scaled values, one for each channel in the order
	// of Channels; empty means 0 and 1.
	Mean []float64 `toml:"mean,omitempty" json:"mean,omitempty"`
	Std  []float64 `toml:"std,omitempty" json:"std,omitempty"`

	// Channels is the order of the tensor's planes, "RGB" or "BGR"; "" is "RGB".
	Channels string `toml:"channels,omitempty" json:"channels,omitempty"`
}

// Scale is a factor: "" (one), a decimal number, or "1/d" for an exact division
// by d. In TOML it may be a string or a number.
type Scale string

// UnmarshalText accepts any text; [Recipe.Validate] judges it.
func (s *Scale) UnmarshalText(text []byte) error {
	*s = Scale(text)
	return nil
}

// parse returns the factor and the divisor, one of which is 1.
func (s Scale) parse() (factor, divisor float32, err error) {
	if s == "" {
		return 1, 1, nil
	}
	number, divides := strings.CutPrefix(string(s), "1/")
	v, err := strconv.ParseFloat(number, 32)
	if err != nil || v <= 0 || math.IsInf(v, 0) {
		return 0, 0, fmt.Errorf(`recipe: scale %q is no positive factor; write a fraction as "1/255" or a number as "0.017"`, string(s))
	}
	if divides {
		return 1, float32(v), nil
	}
	return float32(v), 1, nil
}

// Resizes lists the values of [Recipe.Resize].
func Resizes() []string {
	return []string{"pillow-bilinear", "pillow-bicubic", "torch7-bicubic", "none"}
}

// cropRoundings lists the values of [Recipe.CropRounding].
func cropRoundings() []string { return []string{halfEven, floor} }

// Validate reports the first contradiction in the recipe, nil if it can be
// applied to any picture.
func (r Recipe) Validate() error {
	if !slices.Contains(Resizes(), r.Resize) {
		return fmt.Errorf("recipe: resize %q is unknown; choose one of %s", r.Resize, strings.Join(Resizes(), ", "))
	}
	if err := r.validateSize(); err != nil {
		return err
	}
	if r.CropRounding != "" && !slices.Contains(cropRoundings(), r.CropRounding) {
		return fmt.Errorf("recipe: crop_rounding %q is unknown; choose one of %s, or leave it out", r.CropRounding, strings.Join(cropRoundings(), ", "))
	}
	if !(r.CropFraction >= 0 && r.CropFraction <= 1) {
		return fmt.Errorf("recipe: crop_fraction %v is outside 0..1; 0.875 keeps the central 87.5 %%", r.CropFraction)
	}
	if _, _, err := r.Scale.parse(); err != nil {
		return err
	}
	if !slices.Contains([]string{"", "RGB", "BGR"}, r.Channels) {
		return fmt.Errorf("recipe: channels %q is unknown; choose RGB or BGR", r.Channels)
	}
	return r.validateStatistics()
}

func (r Recipe) validateSize() error {
	const most = 1 << 14 // keeps 3*side*side*4 bytes far from overflow
	for _, n := range []int{r.Shorter, r.Square, r.Crop} {
		if n < 0 || n > most {
			return fmt.Errorf("recipe: a side of %d pixels is outside 0..%d; set shorter, square and crop to the model's input", n, most)
		}
	}
	side := max(r.Shorter, r.Square)
	switch {
	case r.Resize == "none" && side > 0:
		return fmt.Errorf(`recipe: resize "none" contradicts a side of %d; drop shorter and square, or name a method`, side)
	case r.Resize != "none" && (r.Shorter > 0) == (r.Square > 0):
		return fmt.Errorf("recipe: shorter is %d and square is %d; give exactly one of them", r.Shorter, r.Square)
	case r.Crop == 0 && r.Square == 0:
		return fmt.Errorf("recipe: without a crop the result has no fixed size; add crop, or square instead of shorter")
	case r.Resize != "none" && r.Crop > side:
		return fmt.Errorf("recipe: crop %d is larger than the resized side %d; lower crop or resize to more", r.Crop, side)
	}
	return nil
}

func (r Recipe) validateStatistics() error {
	if n := len(r.Mean); n != 0 && n != 3 {
		return fmt.Errorf("recipe: mean has %d values; give one for each of the 3 channels, or none", n)
	}
	if n := len(r.Std); n != 0 && n != 3 {
		return fmt.Errorf("recipe: std has %d values; give one for each of the 3 channels, or none", n)
	}
	for _, v := range orDefault(r.Mean, 0) {
		if v-v != 0 { // NaN, or infinite as a float32
			return fmt.Errorf("recipe: mean %v is not usable; give finite numbers", r.Mean)
		}
	}
	for _, v := range orDefault(r.Std, 1) {
		if v-v != 0 || v <= 0 {
			return fmt.Errorf("recipe: std %v is not usable; give finite numbers above 0", r.Std)
		}
	}
	return nil
}

// Size returns the height and width in pixels of what the recipe yields.
func (r Recipe) Size() (height, width int) {
	side := r.Crop
	if side == 0 {
		side = r.Square
	}
	return side, side
}

// Digest returns the hex SHA-256 of a canonical text of the recipe. Recipes that
// yield the same tensors because they differ only in spelling ("" and "RGB",
// 0.485 and 0.4850, a rounding where nothing is rounded) share it; the numbers
// enter as the float32 they become.
func (r Recipe) Digest() string {
	factor, divisor, err := r.Scale.parse()
	if err != nil { // not applicable, yet distinct
		factor, divisor = float32(math.NaN()), float32(math.NaN())
	}
	fraction, channels := r.CropFraction, r.Channels
	if fraction == 0 {
		fraction = 1
	}
	if channels == "" {
		channels = "RGB"
	}
	text := fmt.Sprintf("akin recipe 1\nresize %s\nshorter %d\nsquare %d\ncrop %d\ncrop_fraction %s\nfactor %s\ndivisor %s\nmean %s\nstd %s\nchannels %s\n",
		r.Resize, r.Shorter, r.Square, r.Crop, strconv.FormatFloat(fraction, 'x', -1, 64), exact(factor), exact(divisor),
		exact(orDefault(r.Mean, 0)...), exact(orDefault(r.Std, 1)...), channels)
	if rounding := r.cropRounding(); rounding != r.usualRounding() && r.rounds() {
		text += "crop_rounding " + rounding + "\n" // absent from recipes older than the field
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func exact(values ...float32) string {
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, "%x ", v)
	}
	return b.String()
}

func orDefault(values []float64, missing float32) []float32 {
	if len(values) == 0 {
		return []float32{missing, missing, missing}
	}
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = float32(v)
	}
	return out
}

// layout is the geometry of one picture under a recipe.
type layout struct {
	kept          image.Rectangle // of the picture, before resizing
	width, height int             // after resizing
	crop          image.Rectangle // of the resized picture; reaches beyond it where padding is due
}

func (r Recipe) layout(img *Image) (layout, error) {
	kept := image.Rect(0, 0, img.Width, img.Height)
	if r.CropFraction > 0 {
		dx, dy := fractionOffset(img.Width, r.CropFraction), fractionOffset(img.Height, r.CropFraction)
		kept = image.Rect(dx, dy, img.Width-dx, img.Height-dy)
	}
	l := layout{kept: kept, width: kept.Dx(), height: kept.Dy()}
	if l.width < 1 || l.height < 1 {
		return l, fmt.Errorf("recipe: crop_fraction %v leaves nothing of %dx%d pixels; use a larger picture or fraction", r.CropFraction, img.Width, img.Height)
	}
	switch {
	case r.Square > 0:
		l.width, l.height = r.Square, r.Square
	case r.Shorter > 0 && l.width <= l.height:
		l.width, l.height = r.Shorter, r.longer(l.height, l.width)
	case r.Shorter > 0:
		l.width, l.height = r.longer(l.width, l.height), r.Shorter
	}
	side, _ := r.Size()
	left, top := r.cropOffset(l.width-side), r.cropOffset(l.height-side)
	l.crop = image.Rect(left, top, left+side, top+side)
	return l, nil
}

func fractionOffset(side int, fraction float64) int {
	return int((float64(side) - float64(float64(side)*fraction)) / 2)
}

// longer differs between the families in the order of the operations only, which
// may decide the truncation.
func (r Recipe) longer(long, short int) int {
	if r.Resize == torch7Bicubic {
		return int(float64(long) / float64(short) * float64(r.Shorter))
	}
	return int(float64(r.Shorter*long) / float64(short))
}

// Pixels resizes and crops the picture to [Recipe.Size]. The result is what
// Apply normalises, except for "torch7-bicubic", whose values are not bytes:
// there it is rounded and clamped, for display.
func (r Recipe) Pixels(img *Image) (*Image, error) {
	l, err := r.plan(img)
	if err != nil {
		return nil, err
	}
	if r.Resize == torch7Bicubic {
		return torch7Pixels(img.cut(l.kept), l), nil
	}
	return r.pixels(img, l), nil
}

// plan checks the recipe and the picture and returns their layout.
func (r Recipe) plan(img *Image) (layout, error) {
	if err := r.Validate(); err != nil {
		return layout{}, err
	}
	if img.Width < 1 || img.Height < 1 || len(img.Pix) != 3*img.Width*img.Height {
		return layout{}, fmt.Errorf("recipe: picture of %dx%d pixels holds %d bytes; want 3 for each pixel", img.Width, img.Height, len(img.Pix))
	}
	return r.layout(img)
}

func (r Recipe) pixels(img *Image, l layout) *Image {
	img = img.cut(l.kept)
	if filter, ok := pillowFilters[r.Resize]; ok {
		return filter.resize(img, l.width, l.height, l.crop)
	}
	return img.cut(l.crop)
}

// cut returns the part of the picture in box, black where box reaches beyond.
func (m *Image) cut(box image.Rectangle) *Image {
	if box == image.Rect(0, 0, m.Width, m.Height) {
		return m
	}
	out := newImage(box.Dx(), box.Dy())
	out.draw(m, -box.Min.X, -box.Min.Y)
	return out
}

// Apply writes the tensor of the picture into dst: 3 planes of height x width,
// len(dst) == 3*height*width with the height and width of [Recipe.Size]. Each of
// the steps scale, mean and std is rounded to float32, which gives the bits of
// torchvision's ToTensor and Normalize.
func (r Recipe) Apply(img *Image, dst []float32) error {
	l, err := r.plan(img)
	if err != nil {
		return err
	}
	height, width := r.Size()
	if len(dst) != 3*height*width {
		return fmt.Errorf("recipe: tensor has room for %d values; want 3x%dx%d = %d", len(dst), height, width, 3*height*width)
	}
	n := r.normalizer()
	if r.Resize == torch7Bicubic {
		n.applyFloats(dst, torch7Resize(img.cut(l.kept), l, &n.scaled))
		return nil
	}
	n.applyBytes(dst, r.pixels(img, l).Pix)
	return nil
}

// normalizer holds the numbers of the last three steps.
type normalizer struct {
	scaled    [256]float32 // the scaled value of each byte
	mean, std []float32    // of each plane
	source    [3]int       // the RGB channel of each plane
}

func (r Recipe) normalizer() normalizer {
	n := normalizer{mean: orDefault(r.Mean, 0), std: orDefault(r.Std, 1), source: [3]int{0, 1, 2}}
	if r.Channels == "BGR" {
		n.source = [3]int{2, 1, 0}
	}
	factor, divisor, _ := r.Scale.parse() // Validate has seen it
	for v := range n.scaled {
		n.scaled[v] = float32(float32(v)*factor) / divisor
	}
	return n
}

func (n *normalizer) applyBytes(dst []float32, pix []uint8) {
	size := len(dst) / 3
	for c, source := range n.source {
		var table [256]float32
		for v, x := range n.scaled {
			table[v] = float32(x-n.mean[c]) / n.std[c]
		}
		plane := dst[c*size : (c+1)*size]
		for i := range plane {
			plane[i] = table[pix[3*i+source]]
		}
	}
}

func (n *normalizer) applyFloats(dst, values []float32) {
	size := len(dst) / 3
	for c, source := range n.source {
		plane := dst[c*size : (c+1)*size]
		for i := range plane {
			plane[i] = float32(values[3*i+source]-n.mean[c]) / n.std[c]
		}
	}
}
