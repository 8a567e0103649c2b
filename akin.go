// Package akin measures how well vision models know that two objects belong
// together: it shows them triplets of pictures, compares the cosine of target
// and related with that of target and unrelated, and reports how often they
// match as people do (arXiv 1709.03806).
package akin

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/report"
	"github.com/akin-vision/akin/stimuli"
)

// DefaultSet is the set that a run without one is about.
const DefaultSet = "everyday"

// Config says what to evaluate. Its zero value, but for Home, is the default
// models on the default set.
type Config struct {
	Home     Home
	Set      string   // name of an embedded set, or a folder; empty: DefaultSet
	Models   []string // names or .onnx files; empty: zoo.Default
	Workers  int      // concurrent batches; 0: one a core
	Progress func(extract.Progress)
}

// Run is the record of one evaluation.
type Run = report.Run

// Evaluate shows the set's triplets to the models and returns the record of
// their choices, with the file system that the set's picture paths lead into.
// Features come from the store in Home.Cache where it has them.
func Evaluate(ctx context.Context, c Config) (*Run, fs.FS, error) {
	if c.Set == "" {
		c.Set = DefaultSet
	}
	models, err := c.Home.findModels(c.Models)
	if err != nil {
		return nil, nil, err
	}
	set, pictures, err := c.Home.OpenSet(c.Set, stimuli.Options{})
	if err != nil {
		return nil, nil, err
	}
	engine, err := c.Home.loadEngine(models)
	if err != nil {
		return nil, nil, err
	}
	if engine != nil {
		defer engine.Close()
	}
	store := feature.NewStore(filepath.Join(c.Home.Cache, "features"))
	posteriors := posteriorsOf(models)
	wanted := append(jobs(models, engine), posteriorJobs(posteriors, models, engine)...)
	tables, err := extract.Run(ctx, store, sources(set, pictures), wanted, extract.Options{Workers: c.Workers, Progress: c.Progress})
	if err != nil {
		return nil, nil, err
	}
	run := newRun(c, set)
	for i, m := range models {
		choices, err := match.Triplets(set.Triplets, tables[i])
		if err != nil {
			return nil, nil, fmt.Errorf("model %s: %w", m.Name, err)
		}
		check, err := c.Home.Check(m)
		if err != nil {
			return nil, nil, err
		}
		run.Models = append(run.Models, report.Model{
			Card: m.Card, Hash: m.Hash, RecipeDigest: m.Recipe.Digest(), Node: m.Node(),
			Dim: tables[i].Dim, Engine: m.Engine(engine), Check: check, Choices: choices,
		})
	}
	addPosteriors(run, posteriors, tables[len(models):])
	return run, pictures, nil
}

func sources(set *stimuli.Set, pictures fs.FS) []extract.Picture {
	list := make([]extract.Picture, len(set.Pictures))
	for i, p := range set.Pictures {
		list[i] = extract.Picture{Name: p.Path, Hash: p.Hash, Read: func() ([]byte, error) { return fs.ReadFile(pictures, p.Path) }}
	}
	return list
}

func jobs(models []*model.Model, engine *model.Runtime) []extract.Job {
	list := make([]extract.Job, len(models))
	for i, m := range models {
		list[i] = newJob(m, engine, m.Node())
	}
	return list
}

// newJob asks a model for one of its graph's outputs.
func newJob(m *model.Model, engine *model.Runtime, node string) extract.Job {
	return extract.Job{
		Name: m.Name,
		Space: feature.Space{
			Model: m.Hash, Recipe: m.Recipe.Digest(), Node: node,
			Decoder: imaging.Decoder, Engine: m.Engine(engine),
		},
		Open: func() (extract.Embedder, error) {
			return m.Open(engine, model.SessionOptions{Outputs: []string{node}})
		},
	}
}

func newRun(c Config, set *stimuli.Set) *Run {
	command := []string{"akin", "run", c.Set}
	for _, m := range c.Models {
		command = append(command, "--model", m)
	}
	return &Run{
		Akin: Version(),
		Set: report.SetInfo{
			Name: set.Name, Version: set.Version, Title: set.Title, Licence: set.Licence,
			Source: set.Source, Citation: set.Citation, Note: set.Note, Digest: set.Digest,
			Triplets: len(set.Triplets), Pictures: len(set.Pictures),
		},
		Settings: report.Settings{Similarity: "cosine", Ties: report.TiesHalf, Level: 0.95, Decoder: imaging.Decoder},
		Machine:  report.Machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version()},
		Command:  command,
		Stimuli:  set,
	}
}

// Version is akin's version as the Go toolchain recorded it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
