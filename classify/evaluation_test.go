package classify

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/reference"
	"github.com/google/go-cmp/cmp"
)

// goldenLogits are those of testdata/metrics.py.
func goldenLogits(i int) (truth int, logits []float32) {
	truth = i * 13 % 40
	for c := range 40 {
		v := float64((i*7919+c*104729+i*c*31)%10007) / 1000
		if i%3 == 0 && c == truth {
			v += 6
		}
		logits = append(logits, float32(v))
	}
	return truth, logits
}

// TestEvaluatorAsScikitLearn compares top-1, top-5, the whole confusion matrix
// and the calibration error; the background output before the classes is ignored.
func TestEvaluatorAsScikitLearn(t *testing.T) {
	classes := imagenet.WNIDs()[:40]
	e, err := NewEvaluator(NewOutputs(classes, 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 600 {
		truth, logits := goldenLogits(i)
		p, err := e.Add(imagenet.Labelled{Path: strconv.Itoa(i), WNID: classes[truth]}, append([]float32{99}, logits...))
		if err != nil {
			t.Fatal(err)
		}
		if p.Rank <= 5 && p.Top[p.Rank-1] != p.Truth {
			t.Fatalf("picture %d: rank %d of %v", i, p.Rank, p.Top)
		}
	}
	if p, err := e.Add(imagenet.Labelled{Path: "other", WNID: "n99999999"}, make([]float32, 41)); p != nil || err != nil {
		t.Errorf("an unknown class: %v, %v", p, err)
	}
	got, err := e.Result()
	if err != nil {
		t.Fatal(err)
	}
	confused := map[[2]string]string{}
	for _, c := range got.Confusions {
		confused[[2]string{c.Truth, c.Predicted}] = strconv.Itoa(c.Pictures)
	}
	for _, c := range got.PerClass {
		if c.Top1.Correct > 0 {
			confused[[2]string{c.WNID, c.WNID}] = strconv.Itoa(c.Top1.Correct)
		}
	}
	want := map[[2]string]string{}
	near := func(what string, got float64, text string) {
		if math.Abs(got-reference.Number(t, text)) > 1e-9 {
			t.Errorf("%s: %v, scikit-learn %s", what, got, text)
		}
	}
	for _, row := range reference.Rows(t, "testdata/metrics.csv") {
		switch row[0] {
		case "top":
			near("top-"+row[1], map[string]float64{"1": got.Top1.Percent, "5": got.Top5.Percent}[row[1]]/100, row[3])
		case "real":
			realAsBeyer(t, row)
		case "ece":
			near("calibration error", got.Calibration.ECE, row[3])
		case "confusion":
			a, _ := strconv.Atoi(row[1])
			b, _ := strconv.Atoi(row[2])
			want[[2]string{classes[a], classes[b]}] = row[3]
		}
	}
	if diff := cmp.Diff(want, confused); diff != "" {
		t.Errorf("confusion matrix (-scikit-learn +got):\n%s", diff)
	}
	if got.LeftOut != 1 || got.Pictures != 600 {
		t.Errorf("%d pictures, %d left out", got.Pictures, got.LeftOut)
	}
}

// realAsBeyer compares the ReaL accuracy; the 40 classes of the golden stand
// first among the 1,000.
func realAsBeyer(t *testing.T, row []string) {
	t.Helper()
	labels := make([][]int, 600)
	for i := range labels {
		truth, _ := goldenLogits(i)
		if i%7 != 0 {
			labels[i] = append(labels[i], i*5%40)
		}
		if i%7 != 0 && i%2 == 0 {
			labels[i] = append(labels[i], truth)
		}
	}
	e, err := NewEvaluator(NewOutputs(imagenet.WNIDs(), 0), labels)
	if err != nil {
		t.Fatal(err)
	}
	for i := range labels {
		truth, logits := goldenLogits(i)
		for len(logits) < 1000 {
			logits = append(logits, -1e4)
		}
		path := fmt.Sprintf("ILSVRC2012_val_%08d.JPEG", i+1)
		if _, err := e.Add(imagenet.Labelled{Path: path, WNID: imagenet.WNIDs()[truth]}, logits); err != nil {
			t.Fatal(err)
		}
	}
	got, err := e.Result()
	if err != nil || strconv.Itoa(got.ReaL.Pictures) != row[1] || math.Abs(got.ReaL.Top1.Percent/100-reference.Number(t, row[3])) > 1e-9 {
		t.Errorf("ReaL %+v, error %v, want %s of %s pictures", got.ReaL, err, row[3], row[1])
	}
}

func TestOutputsOfAnotherNumber(t *testing.T) {
	o := NewOutputs(imagenet.WNIDs(), 0)
	for outputs, want := range map[int]string{1001: "offset = 1", 21841: "the network has 21841 outputs, not 1000"} {
		if _, err := o.Top(make([]float32, outputs), 5); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d outputs: %v", outputs, err)
		}
	}
	top, err := NewOutputs(imagenet.WNIDs(), 1).Top(make([]float32, 1001), 2)
	if err != nil || top[1].Class != 1 || math.Abs(top[1].Probability-.001) > 1e-12 || top[0].Name != "tench" {
		t.Errorf("top two of equal outputs: %v, %v", top, err)
	}
}

func TestReaL(t *testing.T) {
	real, err := imagenet.ReadReaL(strings.NewReader("[[0, 5], [], [3]]"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEvaluator(NewOutputs(imagenet.WNIDs(), 0), real)
	if err != nil {
		t.Fatal(err)
	}
	for i, answer := range []int{5, 1, 4} {
		logits := make([]float32, 1000)
		logits[answer] = 1
		if _, err := e.Add(imagenet.Labelled{Path: "ILSVRC2012_val_0000000" + strconv.Itoa(i+1) + ".JPEG", WNID: imagenet.WNIDs()[0]}, logits); err != nil {
			t.Fatal(err)
		}
	}
	got, err := e.Result()
	if err != nil || got.ReaL.Pictures != 2 || got.ReaL.Top1.Correct != 1 || got.Top1.Correct != 0 {
		t.Errorf("%+v, error %v", got.ReaL, err)
	}
	if _, err := e.Add(imagenet.Labelled{Path: "cat.jpg", WNID: imagenet.WNIDs()[0]}, make([]float32, 1000)); err == nil {
		t.Error("a picture without a number was compared with ReaL labels")
	}
	if _, err := imagenet.ReadReaL(strings.NewReader("[[1000]]")); err == nil {
		t.Error("class 1000 was accepted")
	}
}

func TestFilesOfAnEvaluation(t *testing.T) {
	e, _ := NewEvaluator(NewOutputs(imagenet.WNIDs()[:2], 0), nil)
	var text bytes.Buffer
	w := newPredictionWriter(&text)
	for i, label := range []string{imagenet.WNIDs()[0], imagenet.WNIDs()[1]} {
		p, err := e.Add(imagenet.Labelled{Path: strconv.Itoa(i) + ".jpg", WNID: label}, []float32{1, 0})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write("m", p); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	r, _ := e.Result()
	r.Model = "m"
	if err := WritePerClass(&text, []Evaluation{r}); err != nil {
		t.Fatal(err)
	}
	if err := WriteConfusion(&text, []Evaluation{r}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"m,1.jpg,n01443537,0.2689414213699951,2,n01440764,0.7310585786300049,n01443537,0.2689414213699951,,,",
		"m,n01440764,tench,1,1,100,", "m,n01443537,goldfish,n01440764,tench,1,0.",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
}
