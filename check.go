package akin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/model"
)

// CheckModel is the gate against wrong numbers: it classifies labelled pictures
// with the one model of c and compares the accuracy with the published one. The
// outcome is kept in the cache under the hashes of graph and recipe, where runs
// find it.
func CheckModel(ctx context.Context, c ClassifyConfig) (imagenet.Check, error) {
	classifiers, err := c.Classifiers()
	if err != nil {
		return imagenet.Check{}, err
	}
	evaluations, err := c.evaluate(ctx, classifiers, nil)
	if err != nil {
		return imagenet.Check{}, err
	}
	check := imagenet.NewCheck(evaluations[0], published(classifiers[0].Card))
	return check, c.Home.keepCheck(check)
}

// published is the accuracy that a check must reproduce: the first of the card.
func published(card model.Card) *model.Accuracy {
	if len(card.Accuracy) == 0 {
		return nil
	}
	return &card.Accuracy[0]
}

// checkFile is where the outcome for a graph and recipe is kept.
func (h Home) checkFile(hash, recipeDigest string) string {
	return filepath.Join(h.Cache, "checks", hash[:32]+"-"+recipeDigest[:32]+".json")
}

func (h Home) keepCheck(c imagenet.Check) error {
	return keep(h.checkFile(c.Hash, c.RecipeDigest), c)
}

// keep writes v as JSON through a temporary file, so that an interrupted write
// leaves the old one.
func keep(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(name+".tmp", append(data, '\n'), 0o666); err != nil {
		return err
	}
	return os.Rename(name+".tmp", name)
}

// Check returns the kept outcome of the gate for a model, nil where it was
// never checked with this graph and recipe.
func (h Home) Check(m *model.Model) (*imagenet.Check, error) {
	data, err := os.ReadFile(h.checkFile(m.Hash, m.Recipe.Digest()))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var c imagenet.Check
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("kept check of model %s: %w; run akin models check again", m.Name, err)
	}
	return &c, nil
}
