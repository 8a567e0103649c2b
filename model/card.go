// Package model turns prepared pictures into vectors: networks run by ONNX
// Runtime, and baselines that need no network. Nothing outside this package
// knows the engine.
package model

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/tomlfile"
)

// Kinds of model; a report shows baselines and untrained networks as the
// reference lines that they are.
const (
	Trained   = "trained"
	Untrained = "untrained"
	NoNetwork = "baseline"
)

// Card says what a model file is and how pictures must be prepared for it. It
// stands beside the .onnx as a .toml of the same name.
type Card struct {
	Name       string         `toml:"name" json:"name"`
	Title      string         `toml:"title,omitempty" json:"title,omitempty"`
	Family     string         `toml:"family,omitempty" json:"family,omitempty"`
	Kind       string         `toml:"kind" json:"kind"` // Trained (default), Untrained, NoNetwork
	SHA256     string         `toml:"sha256,omitempty" json:"sha256,omitempty"`
	Parameters int64          `toml:"parameters,omitempty" json:"parameters,omitempty"`
	Licence    string         `toml:"licence,omitempty" json:"licence,omitempty"`
	Source     string         `toml:"source,omitempty" json:"source,omitempty"`
	Citation   string         `toml:"citation,omitempty" json:"citation,omitempty"`
	Note       string         `toml:"note,omitempty" json:"note,omitempty"`
	Input      string         `toml:"input,omitempty" json:"input,omitempty"` // empty: the graph's only input
	Outputs    Outputs        `toml:"outputs" json:"outputs"`
	Classes    Classes        `toml:"classes,omitempty" json:"classes,omitzero"`
	Accuracy   []Accuracy     `toml:"accuracy,omitempty" json:"accuracy,omitempty"`
	Recipe     imaging.Recipe `toml:"recipe" json:"recipe"`
	Learned    *Learned       `toml:"learned,omitempty" json:"learned,omitempty"` // nil: from no set of triplets
}

// Learned says from which set of triplets the model learned, so that nobody takes its
// error there for one on data that it has not seen.
type Learned struct {
	Set      string `toml:"set" json:"set"`
	Digest   string `toml:"digest" json:"digest"` // of the set
	Triplets int    `toml:"triplets" json:"triplets"`
}

// Outputs names the graph's nodes that akin asks for.
type Outputs struct {
	Features string `toml:"features" json:"features"`                 // pooled vector before the classifier
	Logits   string `toml:"logits,omitempty" json:"logits,omitempty"` // empty: the graph has no classifier
}

// Classes describes the order of the logits.
type Classes struct {
	Count  int      `toml:"count" json:"count"`
	Offset int      `toml:"offset,omitempty" json:"offset,omitzero"` // logits before the first class, such as 1 for a background class
	Names  string   `toml:"names" json:"names,omitempty"`            // the label set, for people
	WNIDs  []string `toml:"wnids,omitempty" json:"wnids,omitempty"`  // by class; empty with Count 1000: ImageNet's
}

// Accuracy is a published or measured classification accuracy, in per cent.
type Accuracy struct {
	On     string  `toml:"on" json:"on"` // data set and number of pictures
	Top1   float64 `toml:"top1" json:"top1"`
	Top5   float64 `toml:"top5,omitempty" json:"top5,omitzero"`
	Source string  `toml:"source,omitempty" json:"source,omitempty"`
}

// cardName keeps names usable as file names, table cells and command-line words.
var cardName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$`)

// CheckName accepts what can name a model.
func CheckName(name string) error {
	if !cardName.MatchString(name) {
		return fmt.Errorf("name %q: use letters, digits and . _ + - (at most 100)", name)
	}
	return nil
}

// ParseCard reads a card; file names it in errors, which carry the line where
// the TOML is at fault.
func ParseCard(data []byte, file string) (Card, error) {
	var c Card
	if err := tomlfile.Decode(data, &c); err != nil {
		return Card{}, cardError(file, err)
	}
	if c.Kind == "" {
		c.Kind = Trained
	}
	if c.Outputs.Features == "" {
		c.Outputs.Features = "features"
	}
	if err := c.validate(); err != nil {
		return Card{}, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

func cardError(file string, err error) error {
	var faults tomlfile.Faults
	if errors.As(err, &faults) {
		return errors.New(faults.In(file))
	}
	return fmt.Errorf("%s: %w", file, err)
}

func (c Card) validate() error {
	if err := CheckName(c.Name); err != nil {
		return err
	}
	if c.Kind != Trained && c.Kind != Untrained && c.Kind != NoNetwork {
		return fmt.Errorf("kind %q: use %s or %s", c.Kind, Trained, Untrained)
	}
	if c.Classes.Offset < 0 {
		return fmt.Errorf("[classes] offset %d: use the number of logits before the first class", c.Classes.Offset)
	}
	if err := c.Recipe.Validate(); err != nil {
		return fmt.Errorf("[recipe]: %w", err)
	}
	return nil
}
