package zoo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/akin-vision/akin/convert"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/model"
)

// Conversion says how a file of weights becomes a model. In its zero value,
// all is told by the file, or by the catalogue where it knows the file.
type Conversion struct {
	Architecture  string // the file must fit; see convert.Architectures
	Entry         string // of a file with several networks; see convert.Options
	Probabilities bool   // adds the output probs
	Name          string // of the model
	Recipe        string // name of a recipe; see Recipes
	Overwrite     bool   // replaces a model that is there already
}

// Converted is a model made of a file of weights.
type Converted struct {
	*convert.Result
	Model  *model.Model
	File   string // the .onnx; its card stands beside it
	Entry  *Entry // of the weights, nil where the catalogue does not know them
	Recipe string // its name
	Guess  bool   // the recipe is guessed from the format of the weights
}

// Convert writes the model in a file of weights (.t7, .pth, .safetensors) as
// onnxFile and its card as a .toml beside it. Both appear whole or not at all,
// and a card is bound to its graph by SHA-256: interrupted between the two, an
// old card never passes for that of a new graph. Weights that the catalogue
// knows by their SHA-256 get its recipe, name, licence and published accuracy;
// others get the usual recipe of their format, and a note that it is a guess.
func Convert(ctx context.Context, weightsFile, onnxFile string, o Conversion) (*Converted, error) {
	if err := MayWrite(onnxFile, o.Overwrite); err != nil {
		return nil, err
	}
	f, err := regular.Open(weightsFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	w := weightsIn{name: filepath.Base(weightsFile)}
	if w.hashed, err = hashWhole(ctx, f); err != nil {
		return nil, fmt.Errorf("read %s: %w", weightsFile, err)
	}
	if w.entry, err = entryOf(w.hash); err != nil {
		return nil, err
	}
	return o.convert(ctx, w, onnxFile)
}

// ExistsError says that a file would be overwritten.
type ExistsError struct{ File string }

func (e *ExistsError) Error() string { return e.File + " is there already" }

func cardFile(onnxFile string) string {
	return strings.TrimSuffix(onnxFile, filepath.Ext(onnxFile)) + ".toml"
}

// weightsIn is an open file of weights.
type weightsIn struct {
	*hashed
	name  string
	entry *Entry // nil where the catalogue does not know them
}

func (o Conversion) convert(ctx context.Context, w weightsIn, onnxFile string) (*Converted, error) {
	if o.Architecture == "" && w.entry != nil {
		o.Architecture = w.entry.Architecture
	}
	result, err := convert.Convert(ctx, w, w.size, convert.Options{Architecture: o.Architecture, Entry: o.Entry, Probabilities: o.Probabilities})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.name, err)
	}
	if w.entry != nil && result.Format != w.entry.Format {
		return nil, fmt.Errorf("%s holds %s weights, and is published as %s", w.name, result.Format, w.entry.Format)
	}
	c := &Converted{Result: result, File: onnxFile, Entry: w.entry}
	card, err := c.card(o, w)
	if err != nil {
		return nil, err
	}
	c.Model, err = write(onnxFile, card, func(w io.Writer) error {
		_, err := result.Model.WriteTo(contextWriter{ctx, w})
		return err
	}, o.Overwrite)
	return c, err
}

// card writes down what is known of the network, and chooses its recipe.
func (c *Converted) card(o Conversion, w weightsIn) (model.Card, error) {
	card := model.Card{
		Name: nameOf(w.name), Kind: model.Trained,
		Title:   strings.TrimSpace(c.Architecture + " from " + w.name),
		Family:  family(c.Family),
		Outputs: model.Outputs{Features: featuresOutput, Logits: "logits"},
		Classes: model.Classes{Count: c.Classes},
	}
	if c.Classes == 0 {
		card.Outputs.Logits = ""
	}
	if c.Entry != nil {
		var err error
		if card, err = c.Entry.card(); err != nil {
			return card, err
		}
		if c.Result.Classes == 0 {
			card.Outputs.Logits, card.Classes = "", model.Classes{}
		}
	}
	if o.Name != "" {
		card.Name = o.Name
	}
	card.Parameters = c.Parameters
	card.Source = join(card.Source, fmt.Sprintf("converted from %s, SHA-256 %s", w.name, w.hash))
	recipe, note := c.recipe(o)
	named, err := recipeNamed(recipe)
	if err != nil {
		return card, err
	}
	c.Recipe, card.Recipe = recipe, named.Recipe
	card.Note = join(card.Note, note)
	for _, note := range c.Notes {
		card.Note = join(card.Note, note)
	}
	return card, nil
}

// recipe names the recipe, and notes where it comes from if not from a source.
func (c *Converted) recipe(o Conversion) (name, note string) {
	switch {
	case o.Recipe != "":
		return o.Recipe, fmt.Sprintf("recipe %s was chosen by hand", o.Recipe)
	case c.Entry != nil:
		return c.Entry.Recipe, ""
	}
	c.Guess = true
	name = "torchvision"
	if c.Result.Recipe == "torch7-bicubic" {
		name = "torch7"
	}
	return name, fmt.Sprintf("recipe %s is a guess from the file's format; compare the model's accuracy with the published one before use", name)
}

// family is the name under which models are compared: a pre-activation ResNet
// is a ResNet, as in the paper.
func family(converted string) string {
	if converted == convert.PreResNet {
		converted = convert.ResNet
	}
	return strings.ToLower(converted)
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// unusual are the characters that no model's name has.
var unusual = regexp.MustCompile(`[^A-Za-z0-9._+-]+`)

// nameOf makes a model's name of a file's.
func nameOf(file string) string {
	return strings.Trim(unusual.ReplaceAllString(strings.TrimSuffix(file, filepath.Ext(file)), "-"), ".-_+")
}

// hashOf returns the hex SHA-256 of what r holds.
func hashOf(ctx context.Context, r io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(contextWriter{ctx, h}, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// contextWriter stops a copy when its context ends.
type contextWriter struct {
	ctx context.Context
	io.Writer
}

func (w contextWriter) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.Writer.Write(p)
}
