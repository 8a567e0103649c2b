package model

import (
	"os"
	"slices"
	"testing"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/onnx"
)

// FuzzGraph patches a graph, reads what a session reads of it before the engine sees
// it, and pools what its layers would give. The patch is small, since Go tries for a
// minute to make a large input smaller.
func FuzzGraph(f *testing.F) {
	var graphs [][]byte
	for _, name := range []string{"../onnx/testdata/kinds.onnx", "../quantise/testdata/mobilenet.onnx", "../quantise/testdata/convnext.onnx", "../quantise/testdata/squeeze-excitation.onnx"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		graphs = append(graphs, data)
		for _, pooling := range []string{PoolAvg, PoolCLS + ":NTC", PoolMax + ":NHWC", PoolFlatten} {
			f.Add(uint8(len(graphs)-1), uint16(len(data)/2), uint16(1), []byte{0}, pooling)
		}
	}
	card := Card{Name: "net", Outputs: Outputs{Features: "features"}, Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 32}}
	f.Fuzz(func(t *testing.T, which uint8, at, cut uint16, patch []byte, pooling string) {
		asked, err := ParsePooling(pooling)
		if err != nil {
			return
		}
		whole := graphs[int(which)%len(graphs)]
		from := min(int(at), len(whole))
		m, err := onnx.Parse(slices.Concat(whole[:from], patch, whole[min(from+int(cut), len(whole)):]))
		if err != nil {
			return
		}
		if in, err := pictureInput(m.Graph, card); err == nil && in.batch < 0 {
			t.Errorf("a batch of %d", in.batch)
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
