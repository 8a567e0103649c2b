package learn

import (
	"math/rand/v2"
	"path/filepath"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/wordvec"
	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/mat"
)

// candidates are the features first, then the spaces, the controls and the ceiling.
// Controls of what centres features are set against the centred ones, so that what
// centring alone does is no fault of theirs. What the model does not have is noted.
// all are the pictures of which something will be asked.
func (m Model) candidates(o Options, all []*stimuli.Picture, r *Result) ([]candidate, error) {
	list := []candidate{{name: record.Features, role: record.SpaceRole, against: record.Features, fit: m.asTheyAre}}
	var controls []candidate
	centred := record.Features
	if slices.Contains(o.Spaces, space.Spec{Kind: space.Centred}) {
		centred = string(space.Centred)
	}
	gram, err := m.gram(o.Spaces, all)
	if err != nil {
		return nil, err
	}
	wordings := map[string][]wording{}
	for _, s := range o.Spaces {
		name := Name(s)
		switch {
		case Learned(s.Kind):
			list = append(list, candidate{name, record.SpaceRole, record.Features, "", o.chosenOf(s), m.linear(s.Kind, o.Choose, false)})
			controls = append(controls, candidate{name + ", permuted labels", record.ControlRole, centred, name, o.chosenOf(s), m.linear(s.Kind, o.Choose, true)})
		case s.ReadsWords():
			if m.words(s).Known() == 0 {
				r.Missing = append(r.Missing, name+": "+space.ErrNoClasses.Error())
				continue
			}
			against := record.Features
			if s.Kind == space.Blend {
				against = centred
			}
			if wordings[s.From] == nil { // the norms' place, or none
				if wordings[s.From], err = m.wordings(m.words(s), all, o.Seed); err != nil {
					r.Missing = append(r.Missing, name+": "+err.Error())
					continue
				}
			}
			space, wrong := m.worded(s, o, wordings[s.From], against)
			list, controls = append(list, space), append(controls, wrong...)
		default:
			fit := m.fit(s)
			fit.Gram = gram
			if s.Kind == space.Transform {
				if _, err := (space.Operator{Parts: []space.Part{*fit.Transform}}).Over(m.Outputs); err != nil {
					r.Missing = append(r.Missing, name+": "+err.Error())
					continue
				}
			}
			list = append(list, candidate{name: name, role: record.SpaceRole, against: record.Features, fit: m.in(s, fit, false)})
		}
	}
	list = append(list, controls...)
	if o.Vectors != nil {
		list = append(list, candidate{name: "names of the pictures", role: record.CeilingRole, against: record.Features, fit: named(o.Vectors)})
	}
	return list, nil
}

// Name is how a space is called in results.
func Name(s space.Spec) string {
	if s.From == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + ":" + filepath.Base(s.From)
}

// chosenOf is what of a space is chosen within folds.
func (o Options) chosenOf(s space.Spec) string {
	switch {
	case !o.Choose:
	case s.Kind == space.Blend:
		return "weight"
	case Learned(s.Kind):
		return "penalty"
	}
	return ""
}

// gram are the products of all pictures, for spaces that compare all of them.
func (m Model) gram(spaces []space.Spec, all []*stimuli.Picture) (*space.Gram, error) {
	compares := func(s space.Spec) bool { return s.Kind == space.Whitened || s.Kind == space.HubCorrected }
	if !slices.ContainsFunc(spaces, compares) {
		return nil, nil
	}
	return space.NewGram(m.Outputs.Features, all)
}

// wording is words of a network's classes, right or wrong, and what they say of pictures.
type wording struct {
	words space.Words
	named *space.Table
}

// wordings are the right words of a space and the wrong ones of its controls, which are
// drawn once: every fold has the same, and so do words and blend.
func (m Model) wordings(right space.Words, all []*stimuli.Picture, seed uint64) ([]wording, error) {
	draw := []func() space.Words{
		func() space.Words { return right },
		func() space.Words { return shuffled(right, seed) },
		func() space.Words { return randomised(right, seed) },
	}
	list := make([]wording, len(draw))
	var work errgroup.Group
	for i := range list {
		work.Go(func() (err error) {
			list[i].words = draw[i]()
			list[i].named, err = list[i].words.Of(m.Outputs, all)
			return err
		})
	}
	return list, work.Wait()
}

// worded are a space of words and its controls.
func (m Model) worded(s space.Spec, o Options, wordings []wording, against string) (c candidate, controls []candidate) {
	for i, w := range wordings {
		fit := space.Fit{Outputs: m.Outputs, Words: w.words, Weight: 1}
		fit.Outputs.Named = w.named
		try := m.in(s, fit, o.Choose)
		if i == 0 {
			c = candidate{Name(s), record.SpaceRole, record.Features, "", o.chosenOf(s), try}
			continue
		}
		kind := []string{"shuffled words", "random words of the same spectrum"}[i-1]
		controls = append(controls, candidate{Name(s) + ", " + kind, record.ControlRole, against, Name(s), o.chosenOf(s), try})
	}
	return c, controls
}

// asTheyAre compares the features.
func (m Model) asTheyAre(*training, uint64) (fitted, error) {
	return fitted{see: func(test []stimuli.Triplet) ([]match.Choice, error) {
		return match.Cosine.Triplets(test, m.Outputs.Features)
	}}, nil
}

// in fits a space to the pictures of the training triplets, and looks at their labels
// only to choose the weight of words.
func (m Model) in(s space.Spec, fit space.Fit, choose bool) func(*training, uint64) (fitted, error) {
	return func(t *training, _ uint64) (fitted, error) {
		fit := fit
		fit.Reference = t.pictures
		chosen := choice{Value: fit.Weight}
		var err error
		if s.Kind == space.Centred || s.Kind == space.Blend {
			if fit.Mean, err = t.centre(); err != nil {
				return fitted{}, err
			}
		}
		if choose && s.Kind == space.Blend {
			if chosen, err = chooseAmong(t.triplets, weights, m.tryWeights(fit)); err != nil {
				return fitted{}, err
			}
			fit.Weight = chosen.Value
		}
		return fitted{func(test []stimuli.Triplet) ([]match.Choice, error) { return s.Try(test, fit) }, chosen}, nil
	}
}

// known are the classes that have a vector.
func known(w space.Words) (places []int) {
	for i, v := range w.Classes {
		if v != nil {
			places = append(places, i)
		}
	}
	return places
}

// shuffled deals the words out to the classes anew.
func shuffled(w space.Words, seed uint64) space.Words {
	known := known(w)
	classes := make([][]float32, len(w.Classes))
	for i, j := range rand.New(rand.NewPCG(seed, 0)).Perm(len(known)) {
		classes[known[i]] = w.Classes[known[j]]
	}
	w.Classes = classes
	return w
}

// randomised gives the classes vectors that mean nothing, whose matrix has the same
// singular values: each is a random mixture of all, by a rotation of the classes.
func randomised(w space.Words, seed uint64) space.Words {
	known := known(w)
	matrix := mat.NewDense(len(known), w.Dim, nil)
	random := mat.NewDense(len(known), len(known), nil)
	draw := rand.New(rand.NewPCG(seed, 1))
	for i, class := range known {
		for k, x := range w.Classes[class] {
			matrix.Set(i, k, float64(x))
		}
		for k := range known {
			random.Set(i, k, draw.NormFloat64())
		}
	}
	var rotation mat.QR
	rotation.Factorize(random)
	var made mat.Dense
	rotation.QTo(random)
	made.Mul(random, matrix)
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

// withWords counts the pictures of sets whose names have words, of all. test may be nil.
func withWords(v *wordvec.Vectors, set, test *stimuli.Set) (known [2]int) {
	triplets := set.Triplets
	if test != nil {
		triplets = slices.Concat(triplets, test.Triplets)
	}
	named := map[stimuli.Hash]bool{}
	for i := range triplets {
		names := triplets[i].Labels()
		for k, p := range triplets[i].Shown() {
			named[p.Hash] = named[p.Hash] || v.Find(names[k]).Vector != nil
		}
	}
	for _, has := range named {
		if known[1]++; has {
			known[0]++
		}
	}
	return known
}

// named compares the names that the set gives its pictures, by words alone. A
// triplet with a name that has no words is a tie: the other pair's cosine cannot be
// held against a number that nobody knows.
func named(v *wordvec.Vectors) func(*training, uint64) (fitted, error) {
	return func(*training, uint64) (fitted, error) {
		return fitted{see: func(test []stimuli.Triplet) ([]match.Choice, error) {
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
		}}, nil
	}
}
