package classify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/model"
)

// Archive keeps what was measured of classifiers, under the hashes of graph and
// recipe, where runs find it.
type Archive struct {
	Checks      string // folder of the gate's outcomes
	Evaluations string // folder of evaluations
}

// KeptError is an outcome in the archive that cannot be read; measuring again
// replaces it.
type KeptError struct {
	What string // "check" or "evaluation"
	File string
	Err  error
}

func (e *KeptError) Error() string { return fmt.Sprintf("kept %s %s: %v", e.What, e.File, e.Err) }
func (e *KeptError) Unwrap() error { return e.Err }

// Check returns the kept outcome of the gate for a model, nil where it was never
// checked with this graph, recipe, outputs, classes and published accuracy, or where
// what is kept is not as it was written.
func (a Archive) Check(m *model.Model) (*Check, error) {
	return a.Latest(m.Card, m.Hash, m.Recipe.Digest())
}

// Latest is Check for a model of which only card and hashes are known, such as one
// of a recorded run; nil too where it has no graph or no recipe.
func (a Archive) Latest(card model.Card, hash, recipeDigest string) (*Check, error) {
	if len(hash) < keyed || len(recipeDigest) < keyed {
		return nil, nil
	}
	var c keptCheck
	err := readKept("check", a.checkFile(hash, recipeDigest), &c)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if c.Sum != sumOfCheck(c.Check, card) || c.Hash != hash || c.RecipeDigest != recipeDigest {
		return nil, nil
	}
	return &c.Check, nil
}

// keptCheck is an outcome as it is kept, with a checksum over it and all that it
// rests on.
type keptCheck struct {
	Check
	Sum string `json:"sum"`
}

// reading is what of a card decides what an outcome says, beside the recipe.
type reading struct {
	Input     string
	Outputs   model.Outputs
	Classes   model.Classes
	Published *model.Accuracy // that a check was held against
}

func readingOf(card model.Card, against *model.Accuracy) reading {
	return reading{card.Input, card.Outputs, card.Classes, against}
}

// sumOfCheck is the SHA-256 of an outcome together with what its file's name does not hold.
func sumOfCheck(c Check, card model.Card) string {
	return sumOf(struct {
		Check
		reading
	}{c, readingOf(card, published(card))})
}

func sumOfEvaluation(e Evaluation, card model.Card) string {
	return sumOf(struct {
		Evaluation
		reading
	}{e, readingOf(card, nil)})
}

func sumOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and finite numbers always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (a Archive) checkFile(hash, recipeDigest string) string {
	return filepath.Join(a.Checks, key(hash, recipeDigest)+".json")
}

// key names what was measured with a graph and recipe.
func key(hash, recipeDigest string) string { return hash[:keyed] + "-" + recipeDigest[:keyed] }

const keyed = 32 // characters of each hash

func (a Archive) keepCheck(c Check, card model.Card) error {
	return atomicfile.WriteJSON(a.checkFile(c.Hash, c.RecipeDigest), keptCheck{c, sumOfCheck(c, card)})
}

// keptEvaluation is an evaluation as it is kept, bound as a keptCheck is.
type keptEvaluation struct {
	Evaluation
	Sum string `json:"sum"`
}

// keepEvaluation keeps an evaluation, but for classes and confusions.
func (a Archive) keepEvaluation(e Evaluation, card model.Card) error {
	e.PerClass, e.Confusions = nil, nil
	return atomicfile.WriteJSON(filepath.Join(a.Evaluations, key(e.Hash, e.RecipeDigest), e.Images[:32]+".json"), keptEvaluation{e, sumOfEvaluation(e, card)})
}

// Shared returns the kept evaluations of models on one collection of labelled
// pictures, by name: on the collection that most of the models share, then on the
// larger one. It is empty where none of the models was evaluated with its graph, recipe,
// outputs and classes, or what is kept is not as it was written.
func (a Archive) Shared(models []Matched) (map[string]Evaluation, error) {
	byImages := map[string]map[string]Evaluation{}
	for _, m := range models {
		if !m.Trained {
			continue
		}
		evaluations, err := a.evaluations(m)
		if err != nil {
			return nil, err
		}
		for _, e := range evaluations {
			if byImages[e.Images] == nil {
				byImages[e.Images] = map[string]Evaluation{}
			}
			byImages[e.Images][m.Model] = e
		}
	}
	if len(byImages) == 0 {
		return nil, nil
	}
	return byImages[mostShared(byImages)], nil
}

// evaluations are those kept of one network.
func (a Archive) evaluations(m Matched) (list []Evaluation, err error) {
	files, err := regular.Matching(filepath.Join(a.Evaluations, key(m.Hash, m.RecipeDigest)), "*.json")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		var e keptEvaluation
		if err := readKept("evaluation", file, &e); err != nil {
			return nil, err
		}
		if e.Sum == sumOfEvaluation(e.Evaluation, m.Card) && e.Hash == m.Hash && e.RecipeDigest == m.RecipeDigest {
			list = append(list, e.Evaluation)
		}
	}
	return list, nil
}

func mostShared(byImages map[string]map[string]Evaluation) string {
	size := func(images string) int {
		largest := 0
		for _, e := range byImages[images] {
			largest = max(largest, e.Pictures)
		}
		return largest
	}
	return slices.MaxFunc(slices.Sorted(maps.Keys(byImages)), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byImages[a]), len(byImages[b])), cmp.Compare(size(a), size(b)))
	})
}

// readKept reads a kept outcome; one that is not there is fs.ErrNotExist.
func readKept(what, file string, v any) error {
	data, err := regular.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		return &KeptError{what, file, err}
	}
	return nil
}
