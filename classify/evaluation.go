package classify

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/akin-vision/akin/imagenet"
)

// CalibrationBins is the number of bins of equal width over the probability of
// the top-1 class, as in Guo et al. 2017.
const CalibrationBins = 15

// Prediction is what a classifier says of one labelled picture.
type Prediction struct {
	Path        string  `json:"path"`
	Truth       Guess   `json:"truth"`
	Rank        int     `json:"rank"`         // of the truth, from 1
	Top         []Guess `json:"top"`          // five, or all where there are fewer classes
	RealCorrect *bool   `json:"real_correct"` // top-1 is among the ReaL labels; nil where there are none
}

// Evaluation is how well one classifier does on labelled pictures.
type Evaluation struct {
	Model        string       `json:"model"`
	Hash         string       `json:"hash"`          // SHA-256 of the graph
	RecipeDigest string       `json:"recipe_digest"` // of the preprocessing
	Images       string       `json:"images"`        // digest of paths and labels
	Classes      int          `json:"classes"`
	Offset       int          `json:"offset"`
	Pictures     int          `json:"pictures"` // whose class the network knows
	LeftOut      int          `json:"left_out"` // of classes that it does not know
	Top1         Share        `json:"top1"`
	Top5         Share        `json:"top5"`
	ReaL         *ReaL        `json:"real,omitempty"`
	Calibration  Calibration  `json:"calibration"`
	PerClass     []ClassScore `json:"per_class"` // classes with pictures, in class order
	Confusions   []Confusion  `json:"confusions"`
}

// ReaL is the share of pictures whose top-1 is among their reassessed labels;
// pictures without any are left out (Beyer et al. 2020).
type ReaL struct {
	Pictures int   `json:"pictures"`
	Top1     Share `json:"top1"`
}

// ClassScore is how the pictures of one class fare.
type ClassScore struct {
	WNID     string `json:"wnid"`
	Name     string `json:"name"`
	Pictures int    `json:"pictures"`
	Top1     Share  `json:"top1"`
	Top5     Share  `json:"top5"`
	Answered int    `json:"answered"` // pictures of any class that got this one
}

// Confusion counts the pictures of one class that got another.
type Confusion struct {
	Truth         string             `json:"truth"` // ids
	TruthName     string             `json:"truth_name"`
	Predicted     string             `json:"predicted"`
	PredictedName string             `json:"predicted_name"`
	Pictures      int                `json:"pictures"`
	Relation      *imagenet.Relation `json:"relation"` // nil where the hierarchy lacks one
}

// Calibration compares the probability of the top-1 class with how often it is
// right. Bin b of n holds probabilities above b/n up to (b+1)/n.
type Calibration struct {
	ECE  float64 `json:"ece"` // mean over pictures of the bins' |accuracy - probability|
	Bins []Bin   `json:"bins"`
}

// Bin is one point of the reliability curve; empty bins hold zeros.
type Bin struct {
	Low         float64 `json:"low"`
	High        float64 `json:"high"`
	Pictures    int     `json:"pictures"`
	Probability float64 `json:"probability"` // mean, of the top-1 class
	Accuracy    float64 `json:"accuracy"`
}

// Evaluator counts predictions one by one; its size depends on the number of
// classes, not of pictures.
type Evaluator struct {
	outputs        Outputs
	real           [][]int
	pictures, left int
	stranger       string // the first class that the network does not know
	top1, top5     []int  // by class
	seen, answered []int
	confused       map[[2]int]int
	realN, realTop int
	bins           [CalibrationBins]struct {
		n, correct  int
		probability float64
	}
}

// NewEvaluator counts for a classifier. real holds ReaL labels by number of the
// validation picture and may be nil; it needs the order of the 1,000 classes.
func NewEvaluator(outputs Outputs, real [][]int) (*Evaluator, error) {
	if real != nil && !slices.Equal(outputs.WNIDs, imagenet.WNIDs()) {
		return nil, errors.New("ReaL labels number the 1,000 classes of ImageNet; this network has others")
	}
	n := len(outputs.WNIDs)
	return &Evaluator{
		outputs: outputs, real: real, confused: map[[2]int]int{},
		top1: make([]int, n), top5: make([]int, n), seen: make([]int, n), answered: make([]int, n),
	}, nil
}

// Add counts one picture and says what the classifier made of it; nil for a
// picture of a class that it does not know, which counts as left out.
func (e *Evaluator) Add(label imagenet.Labelled, outputs []float32) (*Prediction, error) {
	logits, err := e.outputs.logits(outputs)
	if err != nil {
		return nil, err
	}
	class, known := e.outputs.Class(label.WNID)
	if !known {
		e.left++
		e.stranger = cmp.Or(e.stranger, label.WNID)
		return nil, nil
	}
	probability := softmax(logits)
	p := &Prediction{
		Path: label.Path, Truth: e.outputs.guess(class, probability(class)),
		Rank: rankOf(logits, class), Top: e.outputs.top(logits, 5, probability),
	}
	if err := e.countReaL(p); err != nil {
		return nil, err
	}
	e.count(p)
	return p, nil
}

func (e *Evaluator) count(p *Prediction) {
	best, class := p.Top[0], p.Truth.Class
	e.pictures++
	e.seen[class]++
	e.answered[best.Class]++
	bin := &e.bins[min(CalibrationBins-1, max(0, int(math.Ceil(best.Probability*CalibrationBins))-1))]
	bin.n++
	bin.probability += best.Probability
	if p.Rank == 1 {
		e.top1[class]++
		bin.correct++
	} else {
		e.confused[[2]int{class, best.Class}]++
	}
	if p.Rank <= 5 {
		e.top5[class]++
	}
}

func (e *Evaluator) countReaL(p *Prediction) error {
	if e.real == nil {
		return nil
	}
	n, ok := imagenet.ValidationNumber(p.Path)
	if !ok || n > len(e.real) {
		return fmt.Errorf("picture %s has no number among the %d ReaL labels; they need names as ILSVRC2012_val_00000001.JPEG", p.Path, len(e.real))
	}
	if len(e.real[n-1]) == 0 {
		return nil
	}
	correct := slices.Contains(e.real[n-1], p.Top[0].Class)
	p.RealCorrect = &correct
	e.realN++
	if correct {
		e.realTop++
	}
	return nil
}

// Result returns the counts so far.
func (e *Evaluator) Result() (Evaluation, error) {
	if e.pictures == 0 {
		return Evaluation{}, &ForeignLabelsError{e.left, e.stranger, e.outputs.WNIDs}
	}
	r := Evaluation{
		Classes: len(e.outputs.WNIDs), Offset: e.outputs.Offset, Pictures: e.pictures, LeftOut: e.left,
		Top1: newShare(sum(e.top1), e.pictures), Top5: newShare(sum(e.top5), e.pictures), Calibration: e.calibration(),
	}
	if e.realN > 0 {
		r.ReaL = &ReaL{e.realN, newShare(e.realTop, e.realN)}
	}
	for i, wnid := range e.outputs.WNIDs {
		if n := e.seen[i]; n > 0 {
			r.PerClass = append(r.PerClass, ClassScore{wnid, e.outputs.Name(wnid), n, newShare(e.top1[i], n), newShare(e.top5[i], n), e.answered[i]})
		}
	}
	pairs := slices.SortedFunc(maps.Keys(e.confused), func(a, b [2]int) int {
		return cmp.Or(cmp.Compare(e.confused[b], e.confused[a]), slices.Compare(a[:], b[:]))
	})
	for _, pair := range pairs {
		r.Confusions = append(r.Confusions, e.confusion(e.outputs.WNIDs[pair[0]], e.outputs.WNIDs[pair[1]], e.confused[pair]))
	}
	return r, nil
}

// ForeignLabelsError says that no picture is of a class that the network knows.
type ForeignLabelsError struct {
	Pictures int
	First    string   // label of the first picture
	WNIDs    []string // the network's classes
}

func (e *ForeignLabelsError) Error() string {
	return fmt.Sprintf("none of the %d pictures is of a class that the network knows: the first is of %s, its %d classes begin with %s",
		e.Pictures, e.First, len(e.WNIDs), e.WNIDs[0])
}

func (e *Evaluator) confusion(truth, predicted string, pictures int) Confusion {
	o := e.outputs
	return Confusion{truth, o.Name(truth), predicted, o.Name(predicted), pictures, o.Relate(truth, predicted)}
}

func (e *Evaluator) calibration() Calibration {
	c := Calibration{Bins: make([]Bin, CalibrationBins)}
	for i, b := range e.bins {
		c.Bins[i] = Bin{Low: float64(i) / CalibrationBins, High: float64(i+1) / CalibrationBins, Pictures: b.n}
		if b.n > 0 {
			c.Bins[i].Probability, c.Bins[i].Accuracy = b.probability/float64(b.n), float64(b.correct)/float64(b.n)
			c.ECE += math.Abs(b.probability-float64(b.correct)) / float64(e.pictures)
		}
	}
	return c
}

func sum(counts []int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
