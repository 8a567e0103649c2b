package learn

import (
	"math/rand/v2"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/wordvec"
	"gonum.org/v1/gonum/mat"
)

// raw names the candidate that all others are set against.
const raw = "features"

// candidates are the features first, then the spaces, the controls and the ceiling.
// Controls of what centres features are set against the centred ones, so that what
// centring alone does is no fault of theirs. What the model does not have is noted.
func (m Model) candidates(o Options, r *Result) []candidate {
	list := []candidate{{raw, Space, raw, m.asTheyAre}}
	var controls []candidate
	var wrong [2]space.Words // drawn once: every fold has the same wrong words
	if m.Words.Known() > 0 && slices.ContainsFunc(o.Kinds, readsWords) {
		wrong = [2]space.Words{shuffled(m.Words, o.Seed), randomised(m.Words, o.Seed)}
	}
	centred := raw
	if slices.Contains(o.Kinds, space.Centred) {
		centred = string(space.Centred)
	}
	for _, kind := range o.Kinds {
		s := space.Spec{Kind: kind}
		switch {
		case kind == Linear:
			list = append(list, candidate{string(kind), Space, raw, m.linear(false)})
			controls = append(controls, candidate{"linear, permuted labels", Control, centred, m.linear(true)})
		case s.ReadsWords() && m.Words.Known() == 0:
			r.Missing = append(r.Missing, string(kind)+": "+space.ErrNoClasses.Error())
		default:
			list = append(list, candidate{string(kind), Space, raw, m.in(s, m.Words)})
			if s.ReadsWords() {
				against := raw
				if kind == space.Blend {
					against = centred
				}
				controls = append(controls,
					candidate{string(kind) + ", shuffled words", Control, against, m.in(s, wrong[0])},
					candidate{string(kind) + ", random words of the same spectrum", Control, against, m.in(s, wrong[1])})
			}
		}
	}
	list = append(list, controls...)
	if o.Vectors != nil {
		list = append(list, candidate{"names of the pictures", Ceiling, raw, named(o.Vectors)})
	}
	return list
}

// asTheyAre compares the features.
func (m Model) asTheyAre([]stimuli.Triplet, uint64) (seen, error) {
	return func(test []stimuli.Triplet) ([]match.Choice, error) {
		return match.Cosine.Triplets(test, m.Outputs.Features)
	}, nil
}

func readsWords(kind space.Kind) bool { return space.Spec{Kind: kind}.ReadsWords() }

// in fits a space to the pictures of the training triplets, without their labels.
func (m Model) in(s space.Spec, words space.Words) func([]stimuli.Triplet, uint64) (seen, error) {
	return func(train []stimuli.Triplet, _ uint64) (seen, error) {
		fit := space.Fit{Outputs: m.Outputs, Reference: pictures(train), Words: words, Weight: 1}
		operator, _, err := s.Fit(fit)
		if err != nil {
			return nil, err
		}
		return func(test []stimuli.Triplet) ([]match.Choice, error) {
			choices, _, err := s.Choices(test, match.Cosine, operator, fit)
			return choices, err
		}, nil
	}
}

// worded are the classes that have a vector.
func worded(w space.Words) (known []int) {
	for i, v := range w.Classes {
		if v != nil {
			known = append(known, i)
		}
	}
	return known
}

// shuffled deals the words out to the classes anew.
func shuffled(w space.Words, seed uint64) space.Words {
	known := worded(w)
	classes := make([][]float32, len(w.Classes))
	for i, j := range rand.New(rand.NewPCG(seed, 0)).Perm(len(known)) {
		classes[known[i]] = w.Classes[known[j]]
	}
	w.Classes = classes
	return w
}

// randomised gives the classes vectors that mean nothing, whose matrix has the same
// singular values.
func randomised(w space.Words, seed uint64) space.Words {
	known := worded(w)
	matrix := mat.NewDense(len(known), w.Dim, nil)
	random := mat.NewDense(len(known), w.Dim, nil)
	draw := rand.New(rand.NewPCG(seed, 1))
	for i, class := range known {
		for k, x := range w.Classes[class] {
			matrix.Set(i, k, float64(x))
			random.Set(i, k, draw.NormFloat64())
		}
	}
	var spectrum, directions mat.SVD
	if !spectrum.Factorize(matrix, mat.SVDThin) || !directions.Factorize(random, mat.SVDThin) {
		return w
	}
	var left, right, made mat.Dense
	directions.UTo(&left)
	spectrum.VTo(&right)
	made.Mul(&left, mat.NewDiagDense(len(spectrum.Values(nil)), spectrum.Values(nil)))
	made.Mul(&made, right.T())
	classes := make([][]float32, len(w.Classes))
	for i, class := range known {
		classes[class] = make([]float32, w.Dim)
		for k := range classes[class] {
			classes[class][k] = float32(made.At(i, k))
		}
	}
	w.Classes = classes
	return w
}

// named compares the names that the set gives its pictures, by words alone. A
// triplet with a name that has no words is a tie: the other pair's cosine cannot be
// held against a number that nobody knows.
func named(v *wordvec.Vectors) func([]stimuli.Triplet, uint64) (seen, error) {
	return func([]stimuli.Triplet, uint64) (seen, error) {
		return func(test []stimuli.Triplet) ([]match.Choice, error) {
			choices := make([]match.Choice, len(test))
			for i := range test {
				names := test[i].Labels()
				var words [3][]float32
				for k, name := range names {
					words[k] = v.Find(name).Vector
				}
				choices[i].Triplet = &test[i]
				if words[0] != nil && words[1] != nil && words[2] != nil { // else a tie
					choices[i].Related = match.Cosine.Similarity(words[0], words[1])
					choices[i].Unrelated = match.Cosine.Similarity(words[0], words[2])
				}
			}
			return choices, nil
		}, nil
	}
}
