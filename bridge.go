package akin

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// keepEvaluation keeps the figures of an evaluation, but for classes and
// confusions, under graph, recipe and pictures, where Bridge finds them.
func (h Home) keepEvaluation(e imagenet.Evaluation) error {
	e.PerClass, e.Confusions = nil, nil
	return keep(filepath.Join(h.evaluations(e.Hash, e.RecipeDigest), e.Images[:32]+".json"), e)
}

// evaluations is the folder of what was measured with a graph and recipe.
func (h Home) evaluations(hash, recipeDigest string) string {
	return filepath.Join(h.Cache, "evaluations", hash[:32]+"-"+recipeDigest[:32])
}

// Bridge joins classification and matching of the models that have both
// (arXiv 1709.03806, Figure 6).
type Bridge struct {
	Images  string        `json:"images"` // digest of the labelled pictures, the same for all rows
	Rows    []BridgeRow   `json:"models"`
	Missing []string      `json:"missing"` // trained models of the run that were not evaluated on these pictures
	Across  *stats.Across `json:"across"`  // nil with fewer than three models
}

// BridgeRow is one model's classification and matching.
type BridgeRow struct {
	Model    string         `json:"model"`
	Family   string         `json:"family,omitempty"`
	Pictures int            `json:"pictures"`
	Top1     imagenet.Share `json:"top1"`
	Top5     imagenet.Share `json:"top5"`
	record.Figures
}

var errNotEvaluated = errors.New("none of the run's trained models was evaluated on labelled pictures; run akin imagenet eval MODEL... --images DIR on them first")

// NewBridge joins a run with the evaluations kept in the cache. Where a model
// was evaluated on several collections of pictures, the collection that most
// models of the run share is taken, then the larger one.
func NewBridge(h Home, run *Run, o stats.Options) (Bridge, error) {
	kept := map[string]map[string]imagenet.Evaluation{} // by pictures, by model
	for _, m := range run.Models {
		if m.Kind != model.Trained {
			continue
		}
		files, err := filepath.Glob(filepath.Join(h.evaluations(m.Hash, m.RecipeDigest), "*.json"))
		if err != nil {
			return Bridge{}, err
		}
		for _, file := range files {
			e, err := readEvaluation(file)
			if err != nil {
				return Bridge{}, err
			}
			if kept[e.Images] == nil {
				kept[e.Images] = map[string]imagenet.Evaluation{}
			}
			kept[e.Images][m.Name] = e
		}
	}
	if len(kept) == 0 {
		return Bridge{}, errNotEvaluated
	}
	b := Bridge{Images: mostShared(kept)}
	b.join(run, kept[b.Images], o)
	return b, nil
}

func readEvaluation(file string) (imagenet.Evaluation, error) {
	var e imagenet.Evaluation
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &e)
	}
	if err != nil {
		return e, fmt.Errorf("kept evaluation %s: %w; run akin imagenet eval again", file, err)
	}
	return e, nil
}

func mostShared(kept map[string]map[string]imagenet.Evaluation) string {
	size := func(images string) int {
		largest := 0
		for _, e := range kept[images] {
			largest = max(largest, e.Pictures)
		}
		return largest
	}
	return slices.MaxFunc(slices.Sorted(maps.Keys(kept)), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(kept[a]), len(kept[b])), cmp.Compare(size(a), size(b)))
	})
}

func (b *Bridge) join(run *Run, kept map[string]imagenet.Evaluation, o stats.Options) {
	var published []stats.Published
	for _, s := range record.Summarise(run).Models {
		e, known := kept[s.Name]
		switch {
		case known:
			b.Rows = append(b.Rows, BridgeRow{s.Name, s.Family, e.Pictures, e.Top1, e.Top5, s.Figures})
			published = append(published, stats.Published{Model: s.Name, Family: s.Family,
				ImageNetError: 1 - e.Top1.Percent/100, MatchingError: s.MatchingError, AUC: s.AUC})
		case s.Kind == model.Trained:
			b.Missing = append(b.Missing, s.Name)
		}
	}
	if len(published) >= 3 {
		across := stats.AcrossModels(published, nil, o)
		b.Across = &across
	}
}

// Warnings are doubts that leave the table standing.
func (b Bridge) Warnings() []string {
	var list []string
	for _, row := range b.Rows[1:] {
		if row.Pictures != b.Rows[0].Pictures {
			list = append(list, "the networks know different classes, so that their top-1 rests on different pictures")
			break
		}
	}
	if len(b.Missing) > 0 {
		list = append(list, "not evaluated on these pictures: "+strings.Join(b.Missing, ", "))
	}
	if b.Across == nil {
		return append(list, "fewer than three models: no correlation")
	}
	return append(list, b.Across.Warnings...)
}
