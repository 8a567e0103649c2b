// Package export brings models of PyTorch's zoos to akin: a Python script that
// runs where the framework is, the translation of a framework's preprocessing into
// a recipe, and the proof that akin computes what the framework does.
package export

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/model"
)

// Script is the Python program that exports a model on a machine with the
// framework; its first lines say how it is called.
//
//go:embed export.py
var Script string

// metadataKey is the entry of an ONNX file's metadata in which Script keeps what
// the framework says of the model.
const metadataKey = "akin.export"

// formatVersion is that of metadata and proof, FORMAT in export.py.
const formatVersion = 1

// Metadata is what a framework says of a model that it exported.
type Metadata struct {
	Format     int             `json:"format"`
	Source     string          `json:"source"` // torchvision, timm, open_clip, hf
	Model      string          `json:"model"`  // the name there
	Transform  json.RawMessage `json:"transform"`
	Input      []int           `json:"input"`       // shape of a prepared picture: 3, H, W
	Outputs    []string        `json:"outputs"`     // of the graph: features, and logits and tokens where there are any
	Classes    int             `json:"classes"`     // 0: no classifier
	RandomSeed *int            `json:"random_seed"` // set: the weights are random
	Parameters int64           `json:"parameters"`
	Licence    string          `json:"licence"`
	URL        string          `json:"url"` // where the weights come from
	Version    string          `json:"version"`
	Revision   string          `json:"revision"` // of the weights
	Accuracy   *struct {
		Top1 float64 `json:"top1"`
		Top5 float64 `json:"top5"`
	} `json:"accuracy"` // published, on the ImageNet 2012 validation set, in per cent
}

// parseMetadata reads the entry [metadataKey].
func parseMetadata(text string) (Metadata, error) {
	var m Metadata
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, fmt.Errorf("metadata %s: %w", metadataKey, err)
	}
	if m.Format != formatVersion {
		return m, fmt.Errorf("metadata %s: format %d is unknown; this version of akin reads format %d", metadataKey, m.Format, formatVersion)
	}
	return m, nil
}

// Card is the card of an exported model under a name. Its recipe is the
// framework's evaluation transform; what cannot be translated is an error.
func (m Metadata) Card(name string) (model.Card, error) {
	recipe, err := Translate(m.Source, m.Transform)
	if err != nil {
		return model.Card{}, err
	}
	if height, width := recipe.Size(); len(m.Input) != 3 || m.Input[1] != height || m.Input[2] != width {
		return model.Card{}, fmt.Errorf("the framework prepares pictures of shape %v, the translated recipe of %dx%d; this is a fault of akin", m.Input, height, width)
	}
	c := model.Card{
		Name: name, Title: m.Model + " of " + m.Version, Kind: model.Trained, Parameters: m.Parameters, Licence: m.Licence,
		Source: strings.TrimSpace(m.URL + " " + m.Revision), Outputs: model.Outputs{Features: "features"}, Recipe: recipe,
	}
	if m.Classes > 0 {
		c.Outputs.Logits, c.Classes = "logits", model.Classes{Count: m.Classes}
	}
	if m.RandomSeed != nil {
		c.Kind, c.Source = model.Untrained, fmt.Sprintf("random weights, seed %d", *m.RandomSeed)
	} else if m.Accuracy != nil {
		c.Accuracy = []model.Accuracy{{On: "ImageNet 2012 validation", Top1: m.Accuracy.Top1, Top5: m.Accuracy.Top5, Source: m.Version}}
	}
	return c, nil
}

// Options are what Run hands to the script.
type Options struct {
	Python string    // the interpreter that has the framework; empty: python3
	Model  string    // SOURCE:NAME
	Name   string    // of the files; empty: made of the model
	Out    string    // folder of the files
	Seed   *int      // random weights, for trials
	Log    io.Writer // what the framework says while it works
}

// Files are what an export leaves.
type Files struct {
	Graph string `json:"graph"` // .onnx
	Proof string `json:"proof"`
}

// ScriptError is a script that ended without its files; why stands in what it
// printed.
type ScriptError struct {
	Python string
	Err    error
}

func (e *ScriptError) Error() string {
	return fmt.Sprintf("the export by %s failed: %v", e.Python, e.Err)
}

func (e *ScriptError) Unwrap() error { return e.Err }

// Run exports a model with the user's Python.
func Run(ctx context.Context, o Options) (Files, error) {
	python := o.Python
	if python == "" {
		python = "python3"
	}
	args := []string{"-", o.Model, "--out", o.Out}
	if o.Name != "" {
		args = append(args, "--name", o.Name)
	}
	if o.Seed != nil {
		args = append(args, "--seed", strconv.Itoa(*o.Seed))
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, python, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(Script), &out, o.Log
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return Files{}, ctx.Err()
		}
		return Files{}, &ScriptError{python, err}
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var files Files
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &files); err != nil || files.Graph == "" {
		return Files{}, &ScriptError{python, errors.Join(errors.New("it named no file"), err)}
	}
	return files, nil
}
