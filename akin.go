// Package akin measures how well vision models know that two objects belong
// together: it shows them triplets of pictures, compares the cosine of target
// and related with that of target and unrelated, and reports how often they
// match as people do (arXiv 1709.03806).
package akin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/report"
	"github.com/akin-vision/akin/setup"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/zoo"
)

// DefaultSet is the set that a run without one is about.
const DefaultSet = "everyday"

// Home is where akin finds and keeps things on this machine.
type Home struct {
	Cache       string // folder for fetched files and features
	WorkingDir  string // whose node_modules, and its parents', are searched
	ONNXRuntime string // explicit library file or folder; empty to search
	// SetBy names what set ONNXRuntime, for messages.
	SetBy string
}

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
	models, err := findModels(c.Models)
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
	tables, err := extract.Run(ctx, store, sources(set, pictures), jobs(models, engine), extract.Options{Workers: c.Workers, Progress: c.Progress})
	if err != nil {
		return nil, nil, err
	}
	run := newRun(c, set)
	for i, m := range models {
		choices, err := match.Triplets(set.Triplets, tables[i])
		if err != nil {
			return nil, nil, fmt.Errorf("model %s: %w", m.Name, err)
		}
		run.Models = append(run.Models, report.Model{
			Card: m.Card, Hash: m.Hash, RecipeDigest: m.Recipe.Digest(), Node: m.Node(),
			Dim: tables[i].Dim, Engine: m.Engine(engine), Choices: choices,
		})
	}
	return run, pictures, nil
}

// OpenSet reads a set by name or folder, and returns the file system that its
// picture paths lead into.
func (h Home) OpenSet(nameOrFolder string, o stimuli.Options) (*stimuli.Set, fs.FS, error) {
	folder, err := setFolder(nameOrFolder)
	if err != nil {
		return nil, nil, err
	}
	pictures := folder
	collection, err := stimuli.Collection(folder)
	if err == nil && collection != "" {
		dir, err := setup.Pictures(h.Cache, h.WorkingDir, collection)
		if err != nil {
			return nil, nil, err
		}
		if pictures, err = rooted(dir); err != nil {
			return nil, nil, err
		}
	}
	set, err := stimuli.Read(folder, pictures, o)
	if err != nil {
		return nil, nil, &SetError{nameOrFolder, err}
	}
	return set, pictures, nil
}

// SetError is a set that cannot be used; Err is often stimuli.Problems.
type SetError struct {
	Set string
	Err error
}

func (e *SetError) Error() string {
	var problems stimuli.Problems
	if errors.As(e.Err, &problems) {
		return fmt.Sprintf("set %s has %d problems:\n%v", e.Set, len(problems), problems)
	}
	return fmt.Sprintf("set %s: %v", e.Set, e.Err)
}

func (e *SetError) Unwrap() error { return e.Err }

func setFolder(nameOrFolder string) (fs.FS, error) {
	if embedded := stimuli.Embedded(nameOrFolder); embedded != nil {
		return embedded, nil
	}
	info, err := os.Stat(nameOrFolder)
	if err != nil || !info.IsDir() {
		return nil, fmt.Errorf("no set %q: neither a folder nor one of akin's own sets", nameOrFolder)
	}
	return rooted(nameOrFolder)
}

// rooted opens a folder that no path, not even through a symbolic link, leaves.
func rooted(dir string) (fs.FS, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return root.FS(), nil
}

func findModels(namesOrFiles []string) ([]*model.Model, error) {
	if len(namesOrFiles) == 0 {
		return zoo.Default()
	}
	models := make([]*model.Model, len(namesOrFiles))
	byName := map[string]string{}
	for i, name := range namesOrFiles {
		m, err := zoo.Find(name)
		if err != nil {
			return nil, err
		}
		if other, twice := byName[m.Name]; twice {
			return nil, fmt.Errorf("the models %s and %s are both named %q; give each card its own name", other, name, m.Name)
		}
		byName[m.Name] = name
		models[i] = m
	}
	return models, nil
}

// loadEngine loads ONNX Runtime, or nothing where only baselines run.
func (h Home) loadEngine(models []*model.Model) (*model.Runtime, error) {
	for _, m := range models {
		if m.IsBaseline() {
			continue
		}
		library, err := h.FindLibrary()
		if err != nil {
			return nil, err
		}
		return model.LoadRuntime(library)
	}
	return nil, nil
}

// FindLibrary looks for the ONNX Runtime library.
func (h Home) FindLibrary() (model.Library, error) {
	return model.FindLibrary(model.Places{
		Explicit: h.ONNXRuntime, ExplicitName: h.SetBy, Cache: h.Cache, WorkingDir: h.WorkingDir,
	})
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
		list[i] = extract.Job{
			Name: m.Name,
			Space: feature.Space{
				Model: m.Hash, Recipe: m.Recipe.Digest(), Node: m.Node(),
				Decoder: imaging.Decoder, Engine: m.Engine(engine),
			},
			Open: func() (extract.Embedder, error) { return m.Open(engine, model.SessionOptions{}) },
		}
	}
	return list
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
