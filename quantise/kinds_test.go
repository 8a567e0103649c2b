package quantise_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"image"
	"image/png"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/testengine"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/quantise"
)

// noises are pictures of coarse noise.
func noises(t *testing.T, n int) []extract.Picture {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 1))
	list := make([]extract.Picture, n)
	for i := range list {
		img := image.NewNRGBA(image.Rect(0, 0, 6, 6))
		for k := range img.Pix {
			img.Pix[k] = uint8(random.UintN(256)) | uint8(k&3/3*255) // opaque
		}
		var file bytes.Buffer
		if err := png.Encode(&file, img); err != nil {
			t.Fatal(err)
		}
		list[i] = extract.Picture{Name: "noise", Hash: sha256.Sum256(file.Bytes()), Read: func() ([]byte, error) { return file.Bytes(), nil }}
	}
	return list
}

// TestKindsOfNetworks: behind gates, in groups and with channels last in between,
// what can be is on 8 bits, the share says how much, and the features are float32's.
func TestKindsOfNetworks(t *testing.T) {
	rt := testengine.Open(t)
	pictures := noises(t, 8)
	for _, c := range []struct {
		name        string
		least, most float64 // share on 8 bits
	}{
		{"squeeze-excitation", .8, .95}, {"regnet", .7, .95}, {"mobilenet", .75, .85}, {"convnext", .1, .5},
	} {
		t.Run(c.name, func(t *testing.T) {
			card := model.Card{Name: c.name, Outputs: model.Outputs{Features: "features"},
				Recipe: imaging.Recipe{Resize: "pillow-bicubic", Square: 32, Scale: "1/255", Mean: []float64{.5, .5, .5}, Std: []float64{.25, .25, .25}}}
			m, err := model.FromFile(card, filepath.Join("testdata", c.name+".onnx"))
			if err != nil {
				t.Fatal(err)
			}
			calibrator := quantise.NewCalibrator(t.TempDir(), pictures)
			small, err := calibrator.Model(context.Background(), m, rt, model.Tuner{Batch: 4, Threads: 1, Cores: 1})
			if err != nil {
				t.Fatal(err)
			}
			share := calibrator.Share(m, rt)
			if share == nil {
				t.Fatal("the share is not known")
			}
			if *share < c.least || *share > c.most {
				t.Errorf("%.2f of the arithmetic on 8 bits, want %v to %v", *share, c.least, c.most)
			}
			want, got := features(t, rt, m, pictures), features(t, rt, small, pictures)
			for i := range want {
				if cosine := match.Cosine.Similarity(want[i], got[i]); cosine < .99 {
					t.Errorf("picture %d: cosine %.4f with float32's features", i, cosine)
				}
			}
		})
	}
}

func features(t *testing.T, rt *model.Runtime, m *model.Model, pictures []extract.Picture) (list [][]float32) {
	t.Helper()
	e, err := m.Open(rt, model.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	tensor := make([]float32, 3*32*32)
	for _, p := range pictures {
		data, err := p.Read()
		if err != nil {
			t.Fatal(err)
		}
		img, err := imaging.Decode(data, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Recipe.Apply(img, tensor); err != nil {
			t.Fatal(err)
		}
		vectors, err := e.Run(context.Background(), tensor, 1)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, vectors[0][0])
	}
	return list
}
