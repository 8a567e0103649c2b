package akin

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/report"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/zoo"
)

// ClassifyConfig says which classifiers to run, and on which labelled pictures.
type ClassifyConfig struct {
	Home      Home
	Models    []string // names or .onnx files; at least one
	Images    string   // folder: labels.csv, folders by WordNet id, or flat with Truth
	Truth     string   // file: ground truth of the flat validation folder; empty: none
	Numbering string   // of Truth: see imagenet.FromZero and the others
	Synsets   string   // file: the development kit's order, a WordNet id a line
	ReaL      string   // file: reassessed labels; empty: none
	Offset    int      // outputs before the first class
	Workers   int
	Progress  func(extract.Progress)
}

// Classifier is a model of a classification with its classes.
type Classifier struct {
	*model.Model
	Outputs imagenet.Outputs
}

// Classifiers finds the models and what their outputs stand for.
func (c ClassifyConfig) Classifiers() ([]Classifier, error) {
	models, err := c.Home.findModels(c.Models)
	if err != nil {
		return nil, err
	}
	list := make([]Classifier, len(models))
	for i, m := range models {
		wnids, err := classesOf(m)
		if err != nil && c.Offset > 0 && m.Outputs.Logits != "" && m.Classes.Count == len(imagenet.Classes())+c.Offset {
			wnids, err = imagenet.WNIDs(), nil
		}
		if err != nil {
			return nil, err
		}
		list[i] = Classifier{m, imagenet.NewOutputs(wnids, c.Offset)}
	}
	return list, nil
}

func (c ClassifyConfig) labels() (fs.FS, []imagenet.Labelled, error) {
	folder, err := rooted(c.Images)
	if err != nil {
		return nil, nil, err
	}
	if c.Truth == "" {
		labels, err := imagenet.ReadLabels(folder)
		if err != nil {
			err = fmt.Errorf("%s: %w; a flat validation folder needs --truth FILE", c.Images, err)
		}
		return folder, labels, err
	}
	list, err := os.Open(c.Truth)
	if err != nil {
		return nil, nil, err
	}
	defer list.Close()
	synsets, err := c.synsets()
	if err != nil {
		return nil, nil, err
	}
	labels, err := imagenet.ReadGroundTruth(folder, list, c.Numbering, synsets)
	if err != nil {
		err = fmt.Errorf("%s: %w", c.Truth, err)
	}
	return folder, labels, err
}

func (c ClassifyConfig) synsets() ([]string, error) {
	if c.Numbering != imagenet.DevKit {
		return nil, nil
	}
	if c.Synsets == "" {
		return nil, errors.New("the development kit's class numbers have an order of their own; give it with --synsets FILE, one WordNet id a line (its meta.mat holds it)")
	}
	data, err := os.ReadFile(c.Synsets)
	if err != nil {
		return nil, err
	}
	var ids []string
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) > 0 {
			ids = append(ids, words[0])
		}
	}
	if sorted := slices.Sorted(slices.Values(ids)); !slices.Equal(sorted, imagenet.WNIDs()) {
		return nil, fmt.Errorf("%s: its %d lines do not begin with the 1,000 WordNet ids, each once", c.Synsets, len(ids))
	}
	return ids, nil
}

// stream runs the classifiers over the pictures, each decoded once, in memory
// that does not grow with the logits: these go through the feature store, and
// an interrupted run goes on where it stopped.
func (c ClassifyConfig) stream(ctx context.Context, classifiers []Classifier, folder fs.FS, labels []imagenet.Labelled, each func(int, imagenet.Labelled, []float32) error) error {
	models := make([]*model.Model, len(classifiers))
	for i := range classifiers {
		models[i] = classifiers[i].Model
	}
	engine, err := c.Home.loadEngine(models)
	if err != nil {
		return err
	}
	if engine != nil {
		defer engine.Close()
	}
	jobs := make([]extract.Job, len(models))
	for i, m := range models {
		jobs[i] = newJob(m, engine, m.Outputs.Logits)
	}
	sources := make([]extract.Source, len(labels))
	for i, label := range labels {
		sources[i] = extract.Source{Name: label.Path, Read: func() ([]byte, error) { return fs.ReadFile(folder, label.Path) }}
	}
	store := feature.NewStore(filepath.Join(c.Home.Cache, "features"))
	return extract.Stream(ctx, store, sources, jobs, extract.Options{Workers: c.Workers, Progress: c.Progress}, func(source int, vectors [][]float32) error {
		for k, logits := range vectors {
			if err := each(k, labels[source], logits); err != nil {
				return fmt.Errorf("model %s: %w", models[k].Name, err)
			}
		}
		return nil
	})
}

// EvaluateClassifiers measures how well the classifiers do, and keeps the figures
// in the cache. predictions, which may be nil, gets a row for each picture as it
// comes.
func EvaluateClassifiers(ctx context.Context, c ClassifyConfig, predictions io.Writer) ([]imagenet.Evaluation, error) {
	classifiers, err := c.Classifiers()
	if err != nil {
		return nil, err
	}
	folder, labels, err := c.labels()
	if err != nil {
		return nil, err
	}
	real, err := c.real()
	if err != nil {
		return nil, err
	}
	evaluators := make([]*imagenet.Evaluator, len(classifiers))
	for i, m := range classifiers {
		if evaluators[i], err = imagenet.NewEvaluator(m.Outputs, real); err != nil {
			return nil, fmt.Errorf("model %s: %w", m.Name, err)
		}
	}
	if predictions == nil {
		predictions = io.Discard
	}
	rows := imagenet.NewPredictionWriter(predictions)
	err = c.stream(ctx, classifiers, folder, labels, func(k int, label imagenet.Labelled, logits []float32) error {
		p, err := evaluators[k].Add(label, logits)
		if p == nil {
			return err
		}
		return rows.Write(classifiers[k].Name, p)
	})
	if err := errors.Join(err, rows.Flush()); err != nil {
		return nil, err
	}
	list := make([]imagenet.Evaluation, len(classifiers))
	for i, m := range classifiers {
		if list[i], err = evaluators[i].Result(); err != nil {
			return nil, fmt.Errorf("model %s: %w", m.Name, err)
		}
		list[i].Model, list[i].Hash, list[i].RecipeDigest, list[i].Images = m.Name, m.Hash, m.Recipe.Digest(), digest(labels)
		if err := c.Home.keepEvaluation(list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (c ClassifyConfig) real() ([][]int, error) {
	if c.ReaL == "" {
		return nil, nil
	}
	f, err := os.Open(c.ReaL)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	labels, err := imagenet.ReadReaL(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", c.ReaL, err)
	}
	return labels, err
}

// digest is the SHA-256 of paths and labels, so that two evaluations can be
// told to be of the same pictures.
func digest(labels []imagenet.Labelled) string {
	h := sha256.New()
	for _, l := range labels {
		fmt.Fprintf(h, "%s\x00%s\n", l.Path, l.WNID)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Failures are the wrong predictions of one classifier.
type Failures struct {
	Model    string
	Outputs  imagenet.Outputs
	Pictures int
	Failures []imagenet.Failure // the most surprising first
	Folder   fs.FS              // that their paths lead into
}

// FindFailures classifies the pictures and keeps what the one classifier of c
// got wrong.
func FindFailures(ctx context.Context, c ClassifyConfig) (*Failures, error) {
	classifiers, err := c.Classifiers()
	if err != nil {
		return nil, err
	}
	folder, labels, err := c.labels()
	if err != nil {
		return nil, err
	}
	list := &Failures{Model: classifiers[0].Name, Outputs: classifiers[0].Outputs, Folder: folder}
	e, err := imagenet.NewEvaluator(list.Outputs, nil)
	if err != nil {
		return nil, err
	}
	err = c.stream(ctx, classifiers[:1], folder, labels, func(_ int, label imagenet.Labelled, logits []float32) error {
		p, err := e.Add(label, logits)
		if p == nil {
			return err
		}
		list.Pictures++
		if f := imagenet.NewFailure(p); f != nil {
			list.Failures = append(list.Failures, *f)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := e.Result(); err != nil {
		return nil, fmt.Errorf("model %s: %w", list.Model, err)
	}
	imagenet.SortFailures(list.Failures)
	return list, nil
}

// FindSemantics measures what the probabilities of the one classifier of c know
// of the hierarchy of classes, against permuted hierarchies.
func FindSemantics(ctx context.Context, c ClassifyConfig, permutations int, seed uint64) (imagenet.Semantics, error) {
	classifiers, err := c.Classifiers()
	if err != nil {
		return imagenet.Semantics{}, err
	}
	folder, labels, err := c.labels()
	if err != nil {
		return imagenet.Semantics{}, err
	}
	m := classifiers[0]
	counter, err := imagenet.NewSemanticsCounter(m.Outputs)
	if err != nil {
		return imagenet.Semantics{}, fmt.Errorf("model %s: %w", m.Name, err)
	}
	pictures := 0
	err = c.stream(ctx, classifiers[:1], folder, labels, func(_ int, label imagenet.Labelled, logits []float32) error {
		if _, known := m.Outputs.Class(label.WNID); known {
			pictures++
		}
		return counter.Add(label, logits)
	})
	if err != nil {
		return imagenet.Semantics{}, err
	}
	s, err := counter.Result(pictures, permutations, seed)
	s.Model = m.Name
	return s, err
}

// CompareWeights relates the last layer of the one classifier of c to the
// hierarchy of classes. It needs no pictures.
func CompareWeights(c ClassifyConfig, permutations int, seed uint64) (imagenet.WeightSemantics, error) {
	classifiers, err := c.Classifiers()
	if err != nil {
		return imagenet.WeightSemantics{}, err
	}
	m := classifiers[0]
	graph, err := zoo.Catalogue{Cache: c.Home.Cache}.Graph(c.Models[0])
	if err != nil {
		return imagenet.WeightSemantics{}, err
	}
	if m.Kind == model.Untrained {
		return imagenet.WeightSemantics{}, fmt.Errorf("model %s has random weights, which know no classes", m.Name)
	}
	weights, err := imagenet.ClassifierWeights(graph, m.Model.Outputs.Logits)
	if err != nil {
		return imagenet.WeightSemantics{}, fmt.Errorf("model %s: %w", m.Name, err)
	}
	w, err := imagenet.CompareWeights(weights, m.Outputs, permutations, seed)
	if err != nil {
		return w, fmt.Errorf("model %s: %w", m.Name, err)
	}
	w.Model = m.Name
	return w, nil
}

// keepEvaluation keeps the figures of an evaluation, but for classes and
// confusions, under graph, recipe and pictures, where Bridge finds them.
func (h Home) keepEvaluation(e imagenet.Evaluation) error {
	e.PerClass, e.Confusions = nil, nil
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	dir := h.evaluations(e.Hash, e.RecipeDigest)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, e.Images[:32]+".json"), append(data, '\n'), 0o666)
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
	report.Figures
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
	for _, s := range report.Summarise(run).Models {
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
