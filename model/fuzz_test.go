package model

import (
	"os"
	"testing"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/onnx"
)

// FuzzGraph reads what a session reads of a graph before the engine sees it, and pools
// what its layers would give.
func FuzzGraph(f *testing.F) {
	for _, name := range []string{"../quantise/testdata/mobilenet.onnx", "../onnx/testdata/kinds.onnx"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "avg")
		f.Add(data[:min(len(data), 2<<10)], "cls:NTC")
	}
	card := Card{Name: "net", Outputs: Outputs{Features: "features"}, Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 32}}
	f.Fuzz(func(t *testing.T, data []byte, pooling string) {
		m, err := onnx.Parse(data)
		if err != nil {
			return
		}
		if in, err := pictureInput(m.Graph, card); err == nil && in.batch < 0 {
			t.Errorf("a batch of %d", in.batch)
		}
		asked, err := ParsePooling(pooling)
		if err != nil {
			return
		}
		for _, l := range m.Graph.Layers(m.Graph.PictureShape(32, 32)...) {
			p, err := asked.of(l)
			if err != nil || size(l.Shape) > 1<<16 {
				continue
			}
			q, err := p.newPooler(l.Shape)
			if err != nil || q.rows == 0 {
				continue
			}
			q.vector(make([]float32, size(l.Shape)), q.rows-1) // must stay within the tensor
		}
	})
}

func size(shape []int64) int {
	n := 1
	for _, d := range shape {
		if n *= int(d); n > 1<<20 {
			return n
		}
	}
	return n
}
