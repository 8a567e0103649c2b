package classify

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
)

// Outputs says which class each output of a classifier stands for, and what the
// classes mean. Only WNIDs is needed.
type Outputs struct {
	WNIDs     []string            // by class: WordNet ids, or ids of another label set
	Offset    int                 // outputs before the first class, such as 1 for a background class; they are ignored
	Names     map[string]string   // by id, synonyms separated by commas; ImageNet's and the hierarchy's stand in
	Hierarchy *imagenet.Hierarchy // above the classes; nil: WordNet's above the 1,000
	index     map[string]int
}

// NewOutputs joins ids, by class, with the number of outputs before them.
func NewOutputs(wnids []string, offset int) Outputs {
	o := Outputs{WNIDs: wnids, Offset: offset, index: make(map[string]int, len(wnids))}
	for i, wnid := range wnids {
		o.index[wnid] = i
	}
	return o
}

// Relate compares two classes in the hierarchy; nil where it cannot.
func (o Outputs) Relate(a, b string) *imagenet.Relation {
	r, ok := o.hierarchy().Relate(a, b)
	if !ok {
		return nil
	}
	return &r
}

func (o Outputs) hierarchy() *imagenet.Hierarchy {
	if o.Hierarchy == nil {
		return imagenet.WordNet()
	}
	return o.Hierarchy
}

// Name is the first of a class's names, or its id where nobody names it.
func (o Outputs) Name(wnid string) string { return cmp.Or(o.Synonyms(wnid)[0], wnid) }

// Synonyms are a class's names, the commonest first; one empty name where nobody
// names it.
func (o Outputs) Synonyms(wnid string) []string {
	names := o.Names[wnid]
	if i, ok := slices.BinarySearchFunc(imagenet.Classes(), wnid, func(c imagenet.Class, id string) int { return cmp.Compare(c.WNID, id) }); ok {
		names = cmp.Or(names, imagenet.Classes()[i].Names)
	}
	list := strings.Split(names, ",")
	for i := range list[1:] {
		list[i+1] = strings.TrimSpace(list[i+1])
	}
	list[0] = cmp.Or(list[0], o.hierarchy().Name(wnid))
	return list
}

// Class returns the index of an id among the classes.
func (o Outputs) Class(wnid string) (int, bool) {
	i, ok := o.index[wnid]
	return i, ok
}

// logits cuts a network's outputs down to those of the classes.
func (o Outputs) logits(outputs []float32) ([]float32, error) {
	if len(outputs) != len(o.WNIDs)+o.Offset {
		return nil, &OutputsError{Outputs: len(outputs), Classes: len(o.WNIDs), Offset: o.Offset}
	}
	return outputs[o.Offset:], nil
}

// OutputsError is a network whose outputs are not the classes that its card names.
type OutputsError struct{ Outputs, Classes, Offset int }

// Background reports whether the network may have a class before the others that
// its card does not tell of.
func (e *OutputsError) Background() bool { return e.Offset == 0 && e.Outputs == e.Classes+1 }

func (e *OutputsError) Error() string {
	text := fmt.Sprintf("the network has %d outputs, not %d (%d classes, %d before them)", e.Outputs, e.Classes+e.Offset, e.Classes, e.Offset)
	if e.Background() {
		text += "; if the first is a background class, its card needs [classes] offset = 1"
	}
	return text
}

// Guess is one class with its probability.
type Guess struct {
	Class       int     `json:"class"` // index among the classes
	WNID        string  `json:"wnid"`
	Name        string  `json:"name"` // see Outputs.Name
	Probability float64 `json:"probability"`
}

// Top returns the k classes of the largest outputs, largest first, with their
// softmax probabilities over all classes; equal ones are in class order.
func (o Outputs) Top(outputs []float32, k int) ([]Guess, error) {
	logits, err := o.logits(outputs)
	if err != nil {
		return nil, err
	}
	return o.top(logits, k, softmax(logits)), nil
}

// top are the k classes of the largest logits with their probabilities.
func (o Outputs) top(logits []float32, k int, probability func(class int) float64) []Guess {
	first := make([]int, 0, k+1) // the best so far
	for i, v := range logits {
		if len(first) == k && v <= logits[first[k-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(first, v, func(j int, v float32) int {
			if logits[j] >= v {
				return -1
			}
			return 1
		})
		first = slices.Insert(first, at, i)
		first = first[:min(k, len(first))]
	}
	guesses := make([]Guess, len(first))
	for i, class := range first {
		guesses[i] = o.guess(class, probability(class))
	}
	return guesses
}

func (o Outputs) guess(class int, probability float64) Guess {
	return Guess{Class: class, WNID: o.WNIDs[class], Name: o.Name(o.WNIDs[class]), Probability: probability}
}

// softmax turns logits into the probability of each class.
func softmax(logits []float32) (probability func(class int) float64) {
	sum, largest := 0.0, float64(slices.Max(logits))
	for _, v := range logits {
		sum += math.Exp(float64(v) - largest)
	}
	return func(class int) float64 { return math.Exp(float64(logits[class])-largest) / sum }
}

// likeliest is how many classes a run keeps of each picture.
const likeliest = 5

// OutputsOf says what a network's outputs stand for, by its card alone.
func OutputsOf(m *model.Model) (Outputs, error) { return (&labelSet{}).outputs(m) }

// Likeliest returns the five likeliest classes of each picture, or a doubt: why
// the outputs are not the classes.
func (o Outputs) Likeliest(logits *feature.View, pictures []*stimuli.Picture) (top map[stimuli.Hash][]Guess, doubt, err error) {
	top = make(map[stimuli.Hash][]Guess, len(pictures))
	values := make([]float32, logits.Dim())
	for _, p := range pictures {
		if err := logits.Read(p.Hash, values); err != nil {
			return nil, nil, fmt.Errorf("picture %s: %w", p.Path, err)
		}
		if top[p.Hash], doubt = o.Top(values, likeliest); doubt != nil {
			return nil, doubt, nil
		}
	}
	return top, nil, nil
}
