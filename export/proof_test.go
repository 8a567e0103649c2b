package export

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/google/go-cmp/cmp"
	"github.com/sbinet/npyio/npy"
	"gonum.org/v1/gonum/mat"
)

const side = 8

var recipe = imaging.Recipe{Resize: "pillow-bilinear", Shorter: 10, Crop: side, Scale: "1/255", Mean: imageNetMean, Std: imageNetStd}

// network is a tiny model: its features are sums of bands of the tensor, its
// logits differences of these.
type network struct {
	layer   int  // another layer gives other features
	mixes   bool // the batch is on the wrong axis: pictures see one another
	trains  bool // in training mode: features less their mean over the batch, over their spread
	tripled bool // features of another length, the same direction
}

func (w network) Run(_ context.Context, tensor []float32, n int) ([][][]float32, error) {
	size := len(tensor) / n
	outputs := make([][][]float32, 2)
	for k := range n {
		one := tensor[k*size : (k+1)*size]
		features := make([]float32, 6)
		for i, v := range one {
			features[(i+w.layer*i/7)%6] += v * float32(1+i%3)
		}
		if w.mixes && n > 1 {
			for i := range features {
				features[i] += tensor[((k+1)%n)*size+i]
			}
		}
		if w.trains {
			normalise(features)
		}
		if w.tripled {
			for i := range features {
				features[i] *= 3
			}
		}
		outputs[0] = append(outputs[0], features)
		outputs[1] = append(outputs[1], []float32{features[0] - features[1], features[2] - features[3]})
	}
	return outputs, nil
}

// swapped gives its logits as features.
type swapped struct{ network }

func (s swapped) Run(ctx context.Context, tensor []float32, n int) ([][][]float32, error) {
	outputs, err := s.network.Run(ctx, tensor, n)
	slices.Reverse(outputs)
	return outputs, err
}

// normalise is what batch normalisation in training mode does to one picture alone.
func normalise(features []float32) {
	var sum, squares float32
	for _, v := range features {
		sum, squares = sum+v, squares+v*v
	}
	mean := sum / float32(len(features))
	spread := float32(math.Sqrt(float64(squares/float32(len(features)) - mean*mean)))
	for i := range features {
		features[i] = (features[i] - mean) / spread
	}
}

// proofFile is the proof that a framework would write of network{} and recipe.
func proofFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "net.proof")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	about := map[string]any{"format": 1, "source": "torchvision", "model": "net", "version": "torchvision 0.14", "outputs": []string{"features", "logits"},
		"graph_sha256": strings.Repeat("ab", 32), "transform": json.RawMessage(`{}`)}
	var listed []map[string]string
	var tensors, features, logits [][]float32
	for k := range 5 {
		data := picture(t, k)
		name := fmt.Sprintf("pictures/%02d.png", k)
		add(t, z, name, data)
		listed = append(listed, map[string]string{"file": name})
		img, err := imaging.Decode(data, 0)
		if err != nil {
			t.Fatal(err)
		}
		tensor := make([]float32, 3*side*side)
		if err := recipe.Apply(img, tensor); err != nil {
			t.Fatal(err)
		}
		outputs, _ := network{}.Run(t.Context(), tensor, 1)
		tensors, features, logits = append(tensors, tensor), append(features, outputs[0][0]), append(logits, outputs[1][0])
	}
	about["pictures"] = listed
	text, err := json.Marshal(about)
	if err != nil {
		t.Fatal(err)
	}
	add(t, z, "proof.json", text)
	add(t, z, "tensors.npy", array(t, tensors))
	add(t, z, "features.npy", array(t, features))
	add(t, z, "logits.npy", array(t, logits))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

func picture(t *testing.T, k int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 11+2*k, 13))
	for y := range 13 {
		for x := range 11 + 2*k {
			img.SetRGBA(x, y, color.RGBA{uint8(20*k + 13*x), uint8(7*x*y + 40), uint8(250 - 15*y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func add(t *testing.T, z *zip.Writer, name string, data []byte) {
	t.Helper()
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
}

// array is rows as the bytes of an .npy of float32.
func array(t *testing.T, rows [][]float32) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, mat.NewDense(len(rows), len(rows[0]), nil)); err != nil {
		t.Fatal(err)
	}
	header := bytes.Replace(b.Bytes()[:len(b.Bytes())-8*len(rows)*len(rows[0])], []byte("'<f8'"), []byte("'<f4'"), 1)
	out := slices.Clone(header)
	for _, row := range rows {
		for _, v := range row {
			bits := math.Float32bits(v)
			out = append(out, byte(bits), byte(bits>>8), byte(bits>>16), byte(bits>>24))
		}
	}
	return out
}

func TestCompareFindsWhatIsWrong(t *testing.T) {
	proof, err := OpenProof(proofFile(t))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(change func(*imaging.Recipe)) imaging.Recipe {
		r := recipe
		change(&r)
		return r
	}
	cases := []struct {
		name    string
		recipe  imaging.Recipe
		network network
		faults  []Fault
	}{
		{"all is right", recipe, network{}, nil},
		{"swapped channels", changed(func(r *imaging.Recipe) { r.Channels = "BGR" }), network{}, []Fault{PixelsDiffer, FewEqual, FeaturesDiffer, LogitsDiffer}},
		{"no normalisation", changed(func(r *imaging.Recipe) { r.Mean, r.Std = nil, nil }), network{}, []Fault{PixelsDiffer, FewEqual, FeaturesDiffer, LogitsDiffer}},
		{"no division by 255", changed(func(r *imaging.Recipe) { r.Scale = "" }), network{}, []Fault{PixelsDiffer, FewEqual, FeaturesDiffer, LogitsDiffer}},
		{"another size before the crop", changed(func(r *imaging.Recipe) { r.Shorter = 13 }), network{}, []Fault{PixelsDiffer, FewEqual, FeaturesDiffer, LogitsDiffer}},
		{"another filter", changed(func(r *imaging.Recipe) { r.Resize = "pillow-bicubic" }), network{}, []Fault{PixelsDiffer, FewEqual, FeaturesDiffer, LogitsDiffer}},
		{"no antialiasing", changed(func(r *imaging.Recipe) { r.Resize = "torch7-bicubic" }), network{}, []Fault{PixelsDiffer, FewEqual, FeaturesDiffer, LogitsDiffer}},
		{"a crop that begins elsewhere", changed(func(r *imaging.Recipe) { r.Shorter, r.Square = 0, 10 }), network{}, []Fault{PixelsDiffer, FewEqual, FeaturesDiffer, LogitsDiffer}},
		{"normalised twice", changed(func(r *imaging.Recipe) { r.Mean, r.Std = twice(r.Mean, r.Std) }), network{}, []Fault{PixelsDiffer, FewEqual, FeaturesDiffer, LogitsDiffer}},
		{"training mode", recipe, network{trains: true}, []Fault{FeaturesDiffer, LogitsDiffer}},
		{"another layer", recipe, network{layer: 1}, []Fault{FeaturesDiffer, LogitsDiffer}},
		{"features of another length", recipe, network{tripled: true}, []Fault{FeaturesDiffer, LogitsDiffer}},
		{"a batch on the wrong axis", recipe, network{mixes: true}, []Fault{BatchMatters}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			parity, err := proof.Compare(t.Context(), model.Card{Recipe: c.recipe}, c.network)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.faults, parity.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s\n%+v", diff, parity)
			}
			if parity.Holds() != (c.faults == nil) {
				t.Errorf("parity holds: %v", parity.Holds())
			}
		})
	}
	var length *LengthError
	if _, err := proof.Compare(t.Context(), model.Card{Recipe: recipe}, swapped{}); !errors.As(err, &length) || length.Akin != 2 || length.Framework != 6 {
		t.Errorf("logits in the place of features give %v", err)
	}
	if _, err := proof.Compare(t.Context(), model.Card{Recipe: changed(func(r *imaging.Recipe) { r.Crop = 6 })}, network{}); err == nil {
		t.Error("a recipe of another size gives no error")
	}
}

// twice is the mean and spread of normalising a second time what was normalised.
func twice(mean, std []float64) (m, s []float64) {
	for c := range mean {
		m, s = append(m, mean[c]+mean[c]*std[c]), append(s, std[c]*std[c])
	}
	return m, s
}

func TestLikenessOfZeros(t *testing.T) {
	zero, one, bad := []float32{0, 0}, []float32{0, 1}, []float32{0, float32(math.NaN())}
	if l, err := likeness("logits", [][]float32{zero, one}, [][]float32{zero, one}); err != nil || !l.same() {
		t.Errorf("equal vectors, one of them zero: %+v, error %v", l, err)
	}
	for _, pair := range [][2][]float32{{zero, one}, {one, zero}, {bad, bad}, {bad, zero}} {
		if l, err := likeness("logits", pair[:1], pair[1:]); err == nil {
			t.Errorf("%v and %v are alike: %+v", pair[0], pair[1], l)
		}
	}
}

func TestDamagedProofs(t *testing.T) {
	whole, err := os.ReadFile(proofFile(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenProof(filepath.Join(t.TempDir(), "none.proof")); err == nil {
		t.Error("a proof that is not there opens")
	}
	file := filepath.Join(t.TempDir(), "cut.proof")
	for _, size := range []int{0, 10, len(whole) / 2, len(whole) - 1} {
		if err := os.WriteFile(file, whole[:size], 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenProof(file); err == nil {
			t.Errorf("%d of %d bytes open as a proof", size, len(whole))
		}
	}
}
