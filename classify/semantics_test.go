package classify

import (
	"math"
	"slices"
	"testing"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/stats"
	"github.com/google/go-cmp/cmp"
)

// TestSemanticsKnowsTheHierarchy: a classifier whose probabilities follow
// Wu-Palmer is found, one whose classes are shuffled is not.
func TestSemanticsKnowsTheHierarchy(t *testing.T) {
	classes := imagenet.WNIDs()[100:300]
	for _, knows := range []bool{true, false} {
		c, err := newSemanticsCounter(NewOutputs(classes, 0))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 200 {
			logits := make([]float32, 200)
			guess := (i + i%2) % 200 // every second is wrong
			for j := range logits {
				at := guess
				other := j
				if !knows {
					at, other = at*77%200+3, j*77%200
				}
				r, _ := imagenet.WordNet().Relate(classes[at%200], classes[other])
				logits[j] = float32(8 * r.WuPalmer)
			}
			logits[guess] = 20
			if err := c.Add(imagenet.Labelled{Path: "x", WNID: classes[i]}, logits); err != nil {
				t.Fatal(err)
			}
		}
		s, err := c.Result(200, 199, 1)
		if err != nil || s.Mistakes != 100 {
			t.Fatalf("%+v, error %v", s, err)
		}
		if found := s.NearRight.P <= .01 && s.NearWrong.P <= .01 && s.NearWrong.Seen > s.NearWrong.Expected; found != knows {
			t.Errorf("knows %v: right %+v, wrong %+v", knows, s.NearRight, s.NearWrong)
		}
	}
}

// TestSemanticsByHand counts three classes: tench and goldfish meet above a
// fish, castle far away.
func TestSemanticsByHand(t *testing.T) {
	o := NewOutputs([]string{"n01440764", "n01443537", "n02980441"}, 0)
	c, err := newSemanticsCounter(o)
	if err != nil {
		t.Fatal(err)
	}
	logits := []float32{2, 1, 0}
	for _, truth := range []string{"n01440764", "n01443537"} {
		if err := c.Add(imagenet.Labelled{Path: "x", WNID: truth}, logits); err != nil {
			t.Fatal(err)
		}
	}
	s, _ := c.Result(2, 50, 1)
	r, _ := imagenet.WordNet().Relate("n01440764", "n01443537")
	share := math.E / (math.E + 1)
	if float64(s.MistakeHeight.Seen) != float64(r.Height) || float64(s.TopHeight[0]) != float64(r.Height)/2 ||
		math.Abs(float64(s.NearRight.Seen)-share) > 1e-9 || math.Abs(float64(s.NearWrong.Seen)-share) > 1e-9 {
		t.Errorf("%+v, height %d, share %v", s, r.Height, share)
	}
	if _, err := newSemanticsCounter(NewOutputs([]string{"n99999999"}, 0)); err == nil {
		t.Error("classes outside the hierarchy were accepted")
	}
	if _, err := c.Result(0, 50, 1); err == nil {
		t.Error("semantics of no picture")
	}
}

func TestWeights(t *testing.T) {
	classes := imagenet.WNIDs()[200:260]
	knowing, blind := make([][]float32, 60), make([][]float32, 60)
	for i := range knowing {
		for j := range classes {
			r, _ := imagenet.WordNet().Relate(classes[i], classes[j])
			knowing[i] = append(knowing[i], float32(r.WuPalmer))
			blind[i] = append(blind[i], float32(math.Sin(float64(i*i*7+j*j*3+i*j))))
		}
	}
	o := NewOutputs(classes, 0)
	got, err := compareWeights(knowing, o, 99, 1)
	if err != nil || got.Spearman < .5 || got.P != .01 {
		t.Errorf("%+v, error %v", got, err)
	}
	if got, _ := compareWeights(blind, o, 99, 1); got.P < .02 {
		t.Errorf("weights that know nothing: %+v", got)
	}
	if _, err := compareWeights(knowing[:59], o, 9, 1); err == nil {
		t.Error("rows of another number were accepted")
	}
	x, y := []float64{3, 1, 1, 9, 4}, []float64{2, 2, 0, 5, 7}
	if a, b := stats.Pearson(ranksOf(x), ranksOf(y)), stats.Spearman(x, y); math.Abs(a-b) > 1e-12 {
		t.Errorf("ranks give %v, Spearman is %v", a, b)
	}
}

func TestClassifierWeights(t *testing.T) {
	int64s := func(v byte) []byte { return []byte{v, 0, 0, 0, 0, 0, 0, 0} }
	half := []byte{0, 0x3c, 0, 0xc0, 1, 0, 0, 0x38, 0, 0, 0, 0x44} // 1, -2, 2^-24, .5, 0, 4
	graph := func(op string, nodes ...*onnx.Node) *onnx.Graph {
		last := &onnx.Node{Op: op, Inputs: []string{"x", "w"}, Outputs: []string{"y"}}
		return &onnx.Graph{
			Nodes: append(nodes, last, &onnx.Node{Op: "Identity", Inputs: []string{"y"}, Outputs: []string{"all"}},
				&onnx.Node{Op: "Slice", Inputs: []string{"all", "from", "to", "from"}, Outputs: []string{"logits"}}),
			Initializers: []*onnx.Tensor{
				{Name: "h", Type: onnx.Float16, Dims: []int64{3, 2}, Raw: half},
				{Name: "from", Type: onnx.Int64, Dims: []int64{1}, Raw: int64s(1)}, {Name: "to", Type: onnx.Int64, Dims: []int64{1}, Raw: int64s(99)},
			},
		}
	}
	cast := &onnx.Node{Op: "Cast", Inputs: []string{"h"}, Outputs: []string{"w"}}
	for _, c := range []struct {
		graph  *onnx.Graph
		output string
		want   [][]float32
	}{
		{graph("Conv", cast), "all", [][]float32{{1, -2}, {0x1p-24, .5}, {0, 4}}},
		{graph("Conv", cast), "logits", [][]float32{{0x1p-24, .5}, {0, 4}}},
		{graph("MatMul", cast), "all", [][]float32{{1, 0x1p-24, 0}, {-2, .5, 4}}},
		{graph("Relu", cast), "all", nil},
		{graph("Gemm"), "all", nil},
		{graph("Gemm", cast), "nothing", nil},
	} {
		got, err := classifierWeights(c.graph, c.output)
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != (c.want == nil) {
			t.Errorf("%s: error %v (-want +got):\n%s", c.output, err, diff)
		}
	}
}

// TestMantelAsAllOrders compares random permutations with all 120 of five
// classes, over full symmetric matrices.
func TestMantelAsAllOrders(t *testing.T) {
	x := []float64{3, 9, 1, 4, 8, 2, 7, 5, 10, 6}
	y := []float64{4, 10, 2, 3, 7, 1, 9, 8, 6, 5}
	square := func(triangle []float64) (m [5][5]float64) {
		k := 0
		for i := range 5 {
			for j := range i {
				m[i][j], m[j][i] = triangle[k], triangle[k]
				k++
			}
		}
		return m
	}
	a, b := square(x), square(y)
	product := func(p []int) (sum float64) {
		for i := range 5 {
			for j := range 5 {
				sum += a[i][j] * b[p[i]][p[j]]
			}
		}
		return sum
	}
	seen := product([]int{0, 1, 2, 3, 4})
	reached, orders := 0, 0
	var extend func(p []int)
	extend = func(p []int) {
		if len(p) == 5 {
			orders++
			if product(p) >= seen {
				reached++
			}
			return
		}
		for i := range 5 {
			if !slices.Contains(p, i) {
				extend(append(slices.Clone(p), i))
			}
		}
	}
	extend(nil)
	want := float64(reached) / float64(orders)
	if got := mantel(x, y, 5, 20_000, 1); orders != 120 || math.Abs(got-want) > .01 {
		t.Errorf("p %v, over all %d orders %v", got, orders, want)
	}
}
