// Package akin measures how well vision models know that two objects belong
// together: it shows them triplets of pictures, compares the cosine of target
// and related with that of target and unrelated, and reports how often they
// match as people do (arXiv 1709.03806).
package akin

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// DefaultSet is the set that a run without one is about.
const DefaultSet = "everyday"

// Config says what to evaluate. Its zero value, but for Home, is the default
// models on the default set.
type Config struct {
	Home    Home
	Set     string   // name of an embedded set, or a folder; empty: DefaultSet
	Models  []string // names or .onnx files; empty: zoo.Default
	Layers  []string // inner nodes to compare too, NODE or MODEL@NODE
	Pooling string   // of Layers, see model.Poolings; empty: avg

	// Similarity compares two feature vectors; empty: match.Cosine.
	Similarity match.Measure

	// ZScore standardises people's judgements for each rater and scale before
	// models are compared with them, see stimuli.ZScored.
	ZScore bool

	// Precision is empty for float32, or Int8: networks are rewritten, and their
	// choices compared with float32's.
	Precision string
	Compute
}

// Run is the record of one evaluation.
type Run = record.Run

// Evaluate shows the set's triplets to the models and returns the record of
// their choices, with the file system that the set's picture paths lead into.
// Features come from the store in Home.Cache where it has them.
func Evaluate(ctx context.Context, c Config) (*Run, fs.FS, error) {
	if c.Set == "" {
		c.Set = DefaultSet
	}
	c.Similarity = cmp.Or(c.Similarity, match.Cosine)
	models, err := c.Home.findModels(c.Models)
	if err != nil {
		return nil, nil, err
	}
	set, pictures, err := c.Home.OpenSet(c.Set, stimuli.Options{})
	if err != nil {
		return nil, nil, err
	}
	var unscored []string
	if c.ZScore {
		if len(set.Judgements) == 0 {
			return nil, nil, fmt.Errorf("set %s has no single people's ratings to standardise; z-scores need ratings.csv", set.Name)
		}
		set.Judgements, unscored = stimuli.ZScored(set.Judgements)
	}
	rows, err := rows(models, c.Layers, c.Pooling)
	if err != nil {
		return nil, nil, err
	}
	computer, err := c.Home.computer(c.Compute, models)
	if err != nil {
		return nil, nil, err
	}
	defer computer.close()
	sources := extract.Pictures(set.Pictures, pictures)
	if c.Precision == Int8 {
		computer.int8 = newEightBits(c.Home.Cache, sources)
	}
	posteriors := posteriorsOf(rows)
	jobs := append(jobs(rows, computer), posteriorJobs(posteriors, rows, computer)...)
	if err := extract.Fill(ctx, computer.store, sources, jobs, computer.options()); err != nil {
		return nil, nil, err
	}
	run := newRun(c, set)
	if len(unscored) > 0 {
		run.Warnings = append(run.Warnings, fmt.Sprintf("left out of the z-scores, with one answer or always the same on a scale: %s", strings.Join(unscored, ", ")))
	}
	for i, r := range rows {
		choices, dim, err := computer.choices(c.Similarity, set.Triplets, jobs[i].Space)
		if err != nil {
			return nil, nil, fmt.Errorf("model %s: %w", r.name, err)
		}
		check, err := c.Home.Check(r.model)
		if err != nil {
			return nil, nil, err
		}
		m := record.Model{
			Card: r.model.Card, Hash: r.model.Hash, RecipeDigest: r.model.Recipe.Digest(), Node: r.output.Node, Pooling: r.output.Pooling,
			Precision: jobs[i].Space.Precision, Dim: dim, Engine: jobs[i].Space.Engine, Check: check, Choices: choices,
		}
		m.Name = r.name
		if m.Precision != "" {
			m.Name += ":" + c.Precision
		}
		run.Models = append(run.Models, m)
	}
	if err := computer.addPosteriors(run, posteriors, jobs[len(rows):]); err != nil {
		return nil, nil, err
	}
	if computer.int8 != nil {
		err = computer.agree(ctx, set, sources, rows, run)
	}
	return run, pictures, err
}

func jobs(rows []row, computer *computer) []extract.Job {
	list := make([]extract.Job, len(rows))
	for i, r := range rows {
		list[i] = computer.job(r.model, r.output, r.taps...)
	}
	return list
}

func newRun(c Config, set *stimuli.Set) *Run {
	command := []string{"akin", "run", c.Set}
	for _, m := range c.Models {
		command = append(command, "--model", m)
	}
	for _, layer := range c.Layers {
		command = append(command, "--layer", layer)
	}
	if c.Pooling != "" {
		command = append(command, "--pooling", c.Pooling)
	}
	if c.Similarity != match.Cosine {
		command = append(command, "--similarity", string(c.Similarity))
	}
	if c.ZScore {
		command = append(command, "--zscore")
	}
	if c.Precision != "" {
		command = append(command, "--precision", c.Precision)
	}
	if c.Provider.Name != "" {
		command = append(command, "--provider", c.Provider.String())
	}
	return &Run{
		Akin: Version(),
		Set: record.SetInfo{
			Name: set.Name, Version: set.Version, Title: set.Title, Licence: set.Licence,
			Source: set.Source, Citation: set.Citation, Note: set.Note, Digest: set.Digest,
			Triplets: len(set.Triplets), Pictures: len(set.Pictures),
		},
		Settings: record.Settings{Similarity: c.Similarity, Ties: record.TiesHalf, Level: 0.95, Decoder: imaging.Decoder},
		Machine:  record.Machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version()},
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
