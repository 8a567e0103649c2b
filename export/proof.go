package export

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/model"
	"github.com/sbinet/npyio/npy"
)

// Proof is what a framework made of a few pictures: the prepared tensors and the
// outputs of the model, to be compared with what akin makes of them.
type Proof struct {
	Metadata
	Graph    string // SHA-256 of the .onnx that was written beside it
	pictures [][]byte
	tensors  [][]float32 // by picture, 3 x H x W
	features [][]float32 // by picture
	logits   [][]float32 // by picture; nil without a classifier
}

// The bounds of a proof that is read: sixteen small pictures need far less.
const (
	mostPictures  = 256
	mostEntryByte = 1 << 30
)

// OpenProof reads a .proof file.
func OpenProof(file string) (*Proof, error) {
	f, size, err := regular.OpenSized(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := zip.NewReader(f, size)
	if err != nil {
		return nil, fmt.Errorf("proof %s: %w", file, err)
	}
	p, err := readProof(z)
	if err != nil {
		return nil, fmt.Errorf("proof %s: %w", file, err)
	}
	return p, nil
}

func readProof(z *zip.Reader) (*Proof, error) {
	text, err := entry(z, "proof.json")
	if err != nil {
		return nil, err
	}
	p := &Proof{}
	if p.Metadata, err = parseMetadata(string(text)); err != nil {
		return nil, err
	}
	var listed struct {
		Graph    string                  `json:"graph_sha256"`
		Pictures []struct{ File string } `json:"pictures"`
	}
	if err := json.Unmarshal(text, &listed); err != nil {
		return nil, fmt.Errorf("proof.json: %w", err)
	}
	p.Graph = listed.Graph
	if n := len(listed.Pictures); n == 0 || n > mostPictures {
		return nil, fmt.Errorf("proof.json lists %d pictures, expected 1 to %d", n, mostPictures)
	}
	for _, picture := range listed.Pictures {
		data, err := entry(z, picture.File)
		if err != nil {
			return nil, err
		}
		p.pictures = append(p.pictures, data)
	}
	return p, p.readArrays(z)
}

func (p *Proof) readArrays(z *zip.Reader) (err error) {
	if p.tensors, err = rows(z, "tensors.npy", len(p.pictures)); err != nil {
		return err
	}
	if p.features, err = rows(z, "features.npy", len(p.pictures)); err != nil {
		return err
	}
	if slices.Contains(p.Outputs, "logits") {
		p.logits, err = rows(z, "logits.npy", len(p.pictures))
	}
	return err
}

func entry(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostEntryByte+1))
	if err == nil && len(data) > mostEntryByte {
		err = fmt.Errorf("%s: is larger than %d bytes", name, mostEntryByte)
	}
	return data, err
}

// rows reads a float32 array with n rows.
func rows(z *zip.Reader, name string, n int) ([][]float32, error) {
	data, err := entry(z, name)
	if err != nil {
		return nil, err
	}
	r, err := npy.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	shape := r.Header.Descr.Shape
	if len(shape) < 2 || shape[0] != n || r.Header.Descr.Fortran {
		return nil, fmt.Errorf("%s has the shape %v, expected %d rows", name, shape, n)
	}
	size := 1
	for _, d := range shape {
		if d < 1 || size > mostEntryByte/4/d {
			return nil, fmt.Errorf("%s has the shape %v", name, shape)
		}
		size *= d
	}
	if size > len(data)/4 {
		return nil, fmt.Errorf("%s holds fewer values than its shape %v says", name, shape)
	}
	var values []float32
	if err := r.Read(&values); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(values) != size {
		return nil, fmt.Errorf("%s holds %d values, its shape %v says %d", name, len(values), shape, size)
	}
	return slices.Collect(slices.Chunk(values, size/n)), nil
}

// What parity demands.
const (
	LeastCosine   = 0.99999 // of akin's and the framework's features, for each picture
	mostDistance  = 0.005   // the distance of two vectors of equal length at that cosine
	mostGreyLevel = 1.0     // difference of prepared pixels, on all pictures
	equalGrey     = 1e-3    // difference up to which pixels count as equal: float32's rounding

	// Company is the number of pictures that are run together, to see whether one
	// changes the features of another; the embedder's batch must hold them.
	Company = 3
)

// Parity is how akin's tensors and features compare with the framework's.
type Parity struct {
	Framework  string    `json:"framework"` // name and version
	Pictures   int       `json:"pictures"`
	Equal      int       `json:"equal_tensors"`       // pictures whose every pixel is equal
	GreyLevels float64   `json:"largest_grey_levels"` // largest difference of a pixel
	Features   Likeness  `json:"features"`
	Logits     *Likeness `json:"logits,omitempty"` // nil without a classifier
	Batch      Likeness  `json:"batch"`            // of a picture's features alone and in company
	Faults     []Fault   `json:"faults,omitempty"`
}

// Likeness says how near two lists of vectors are, by the least alike pair.
type Likeness struct {
	Cosine   float64 `json:"least_cosine"`
	Distance float64 `json:"largest_relative_distance"` // |a - b| / |b|, which a cosine does not see where lengths differ
}

func (l Likeness) same() bool { return l.Cosine >= LeastCosine && l.Distance <= mostDistance }

// Holds reports whether akin computes what the framework does.
func (p Parity) Holds() bool { return len(p.Faults) == 0 }

// Fault is a way in which parity fails.
type Fault string

// The ways in which parity fails.
const (
	PixelsDiffer   Fault = "pixels"   // by more than a grey level: the recipe is another
	FewEqual       Fault = "few"      // fewer than half of the pictures are equal
	FeaturesDiffer Fault = "features" // although pixels agree: another node, or another graph
	LogitsDiffer   Fault = "logits"
	BatchMatters   Fault = "batch" // a picture's features depend on the pictures beside it
)

// Embedder is what Compare needs of an opened model: outputs features, and logits
// where the card names them. See model.Embedder.
type Embedder interface {
	Run(ctx context.Context, tensor []float32, n int) ([][][]float32, error)
}

// Compare prepares the proof's pictures by the card's recipe, runs them and
// compares tensors, features and logits with the framework's. The embedder has the
// card's outputs in order, features first.
func (p *Proof) Compare(ctx context.Context, card model.Card, e Embedder) (Parity, error) {
	result := Parity{Framework: p.Version, Pictures: len(p.pictures)}
	prepared, err := p.prepare(card.Recipe, &result)
	if err != nil {
		return result, err
	}
	outputs, err := together(ctx, e, prepared, 1)
	if err != nil {
		return result, err
	}
	if result.Features, err = likeness("features", outputs[0], p.features); err != nil {
		return result, err
	}
	if p.logits != nil && len(outputs) > 1 {
		logits, err := likeness("logits", outputs[1], p.logits)
		if err != nil {
			return result, err
		}
		result.Logits = &logits
	}
	company, err := together(ctx, e, prepared, Company)
	if err != nil {
		return result, err
	}
	if result.Batch, err = likeness("features in company", company[0], outputs[0]); err != nil {
		return result, err
	}
	result.judge()
	return result, nil
}

func (r *Parity) judge() {
	add := func(fault Fault, is bool) {
		if is {
			r.Faults = append(r.Faults, fault)
		}
	}
	add(PixelsDiffer, !(r.GreyLevels <= mostGreyLevel+equalGrey))
	add(FewEqual, 2*r.Equal < r.Pictures)
	add(FeaturesDiffer, !r.Features.same())
	add(LogitsDiffer, r.Logits != nil && !r.Logits.same())
	add(BatchMatters, !r.Batch.same())
}

// prepare applies the recipe to the pictures and notes how far the tensors are
// from the framework's, in grey levels.
func (p *Proof) prepare(recipe imaging.Recipe, result *Parity) ([][]float32, error) {
	height, width := recipe.Size()
	step, err := greyStep(recipe)
	if err != nil {
		return nil, err
	}
	prepared := make([][]float32, len(p.pictures))
	for i, data := range p.pictures {
		picture, err := imaging.Decode(data, 0)
		if err != nil {
			return nil, fmt.Errorf("picture %d: %w", i, err)
		}
		prepared[i] = make([]float32, 3*height*width)
		if err := recipe.Apply(picture, prepared[i]); err != nil {
			return nil, fmt.Errorf("picture %d: %w", i, err)
		}
		if len(p.tensors[i]) != len(prepared[i]) {
			return nil, fmt.Errorf("the framework prepares %d values, the recipe %d: another size of input", len(p.tensors[i]), len(prepared[i]))
		}
		largest := 0.0
		for k, v := range prepared[i] {
			largest = max(largest, math.Abs(float64(v)-float64(p.tensors[i][k]))/step[k/(height*width)])
		}
		if largest <= equalGrey {
			result.Equal++
		}
		result.GreyLevels = max(result.GreyLevels, largest)
	}
	return prepared, nil
}

// greyStep is by how much one grey level moves the tensor, for each channel.
func greyStep(recipe imaging.Recipe) (step [3]float64, err error) {
	height, width := recipe.Size()
	var tensors [2][]float32
	for level := range tensors {
		flat := &imaging.Image{Width: width, Height: height, Pix: bytes.Repeat([]byte{byte(level)}, 3*height*width)}
		tensors[level] = make([]float32, 3*height*width)
		if err := recipe.Apply(flat, tensors[level]); err != nil {
			return step, err
		}
	}
	middle := height/2*width + width/2
	for c := range step {
		at := c*height*width + middle
		if step[c] = math.Abs(float64(tensors[1][at]) - float64(tensors[0][at])); step[c] == 0 {
			return step, errors.New("the recipe makes all pixels equal")
		}
	}
	return step, nil
}

// together runs the pictures n at a time; by output, by picture.
func together(ctx context.Context, e Embedder, prepared [][]float32, n int) ([][][]float32, error) {
	var outputs [][][]float32
	for chunk := range slices.Chunk(prepared, n) {
		made, err := e.Run(ctx, slices.Concat(chunk...), len(chunk))
		if err != nil {
			return nil, err
		}
		if outputs == nil {
			outputs = make([][][]float32, len(made))
		}
		for i := range made {
			outputs[i] = append(outputs[i], made[i]...)
		}
	}
	return outputs, nil
}

// LengthError is an output of the card that is not the framework's: the card names
// another node.
type LengthError struct {
	Output          string
	Akin, Framework int // values of a picture
}

func (e *LengthError) Error() string {
	return fmt.Sprintf("the %s of the card have %d values, those of the framework %d: the card names another node", e.Output, e.Akin, e.Framework)
}

// likeness compares the vectors of each picture; output names them in errors.
func likeness(output string, a, b [][]float32) (Likeness, error) {
	l := Likeness{Cosine: 1}
	for i := range a {
		if len(a[i]) != len(b[i]) {
			return l, &LengthError{output, len(a[i]), len(b[i])}
		}
		var ab, aa, bb, gap float64
		for k := range a[i] {
			x, y := float64(a[i][k]), float64(b[i][k])
			ab, aa, bb, gap = ab+x*y, aa+x*x, bb+y*y, gap+(x-y)*(x-y)
		}
		if gap == 0 && aa == 0 {
			continue // a classifier that begins with zeros, as vision transformers do
		}
		cosine := ab / math.Sqrt(aa*bb)
		if math.IsNaN(cosine) {
			return l, fmt.Errorf("%s of picture %d: a vector is zero or not finite", output, i)
		}
		l.Cosine = min(l.Cosine, cosine)
		l.Distance = max(l.Distance, math.Sqrt(gap/bb))
	}
	return l, nil
}
