package akin

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// CheckConfig says which model to check, and on which labelled pictures.
type CheckConfig struct {
	Home   Home
	Model  string // name or .onnx file
	Images string // folder: labels.csv, or folders by WordNet id
	Compute
}

// CheckModel is the gate against wrong numbers: it classifies labelled
// pictures and compares the accuracy with the published one. The outcome is
// kept in the cache under the hashes of graph and recipe, where runs find it.
func CheckModel(ctx context.Context, c CheckConfig) (imagenet.Check, error) {
	m, err := c.Home.FindModel(c.Model)
	if err != nil {
		return imagenet.Check{}, err
	}
	classes, err := classesOf(m)
	if err != nil {
		return imagenet.Check{}, err
	}
	folder, err := rooted(c.Images)
	if err != nil {
		return imagenet.Check{}, err
	}
	labels, err := imagenet.ReadLabels(folder)
	if err != nil {
		return imagenet.Check{}, fmt.Errorf("%s: %w", c.Images, err)
	}
	logits, err := c.classify(ctx, m, folder, labels)
	if err != nil {
		return imagenet.Check{}, err
	}
	check, err := imagenet.CheckAccuracy(labels, logits, classes, published(m.Card))
	if err != nil {
		return imagenet.Check{}, fmt.Errorf("model %s: %w", m.Name, err)
	}
	check.Model, check.Hash, check.RecipeDigest = m.Name, m.Hash, m.Recipe.Digest()
	return check, c.Home.keepCheck(check)
}

// classesOf returns the WordNet ids of a model's logits.
func classesOf(m *model.Model) ([]string, error) {
	switch {
	case m.Outputs.Logits == "":
		return nil, fmt.Errorf("model %s has no classifier to check: its card names no logits output", m.Name)
	case len(m.Classes.WNIDs) > 0:
		return m.Classes.WNIDs, nil
	case m.Classes.Count == len(imagenet.Classes()):
		return imagenet.WNIDs(), nil
	}
	return nil, fmt.Errorf("model %s has %d classes and its card does not say which; list their WordNet ids: [classes] wnids = [...]", m.Name, m.Classes.Count)
}

// published is the accuracy that a check must reproduce: the first of the card.
func published(card model.Card) *model.Accuracy {
	if len(card.Accuracy) == 0 {
		return nil
	}
	return &card.Accuracy[0]
}

// classify returns the logits of each labelled picture.
func (c CheckConfig) classify(ctx context.Context, m *model.Model, folder fs.FS, labels []imagenet.Labelled) ([][]float32, error) {
	computer, err := c.Home.computer(c.Compute, []*model.Model{m})
	if err != nil {
		return nil, err
	}
	defer computer.close()
	pictures, err := hashPictures(folder, labels)
	if err != nil {
		return nil, err
	}
	job := computer.job(m, model.Output{Node: m.Outputs.Logits})
	tables, err := extract.Run(ctx, computer.store, pictures, []extract.Job{job}, computer.options())
	if err != nil {
		return nil, err
	}
	logits := make([][]float32, len(labels))
	for i, p := range pictures {
		logits[i] = tables[0].Vector(p.Hash)
	}
	return logits, nil
}

func hashPictures(folder fs.FS, labels []imagenet.Labelled) ([]extract.Picture, error) {
	pictures := make([]extract.Picture, len(labels))
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU())
	for i, label := range labels {
		g.Go(func() error {
			read := func() ([]byte, error) { return fs.ReadFile(folder, label.Path) }
			data, err := read()
			if err != nil {
				return err
			}
			pictures[i] = extract.Picture{Name: label.Path, Hash: stimuli.Hash(sha256.Sum256(data)), Read: read}
			return nil
		})
	}
	return pictures, g.Wait()
}

// checkFile is where the outcome for a graph and recipe is kept.
func (h Home) checkFile(hash, recipeDigest string) string {
	return filepath.Join(h.Cache, "checks", hash[:32]+"-"+recipeDigest[:32]+".json")
}

func (h Home) keepCheck(c imagenet.Check) error {
	name := h.checkFile(c.Hash, c.RecipeDigest)
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o666)
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
