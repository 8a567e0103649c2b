package zoo

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/pelletier/go-toml/v2"
)

//go:embed catalogue.toml
var catalogueFile []byte

//go:embed recipes.toml
var recipesFile []byte

// formatONNX is the format of entries that need no conversion; the others are
// those of package convert.
const formatONNX = "onnx"

// Entry is a published model: where its file is, how to know it, and what its
// card will say. What no source states is empty.
type Entry struct {
	Name         string           `toml:"name" json:"name"`
	Title        string           `toml:"title" json:"title"`
	Family       string           `toml:"family" json:"family"`
	File         string           `toml:"file" json:"file,omitempty"`                   // name under which it is published
	URL          string           `toml:"url" json:"url,omitempty"`                     // a plain GET gives the file; empty: only Source leads to it
	SHA256       string           `toml:"sha256" json:"sha256,omitempty"`               // of the published file
	SHA256Prefix string           `toml:"sha256_prefix" json:"sha256_prefix,omitempty"` // where no more of it is published
	SizeMB       float64          `toml:"size_mb" json:"size_mb,omitempty"`             // 10^6 bytes, rounded
	Format       string           `toml:"format" json:"format"`                         // onnx, or one of package convert's
	Architecture string           `toml:"architecture" json:"architecture,omitempty"`   // for the conversion
	Parameters   int64            `toml:"parameters" json:"parameters,omitempty"`
	Classes      int              `toml:"classes" json:"classes,omitempty"` // of ImageNet 2012 in the order of sorted WordNet ids
	Features     string           `toml:"features" json:"features,omitempty"`
	Logits       string           `toml:"logits" json:"logits,omitempty"`
	Input        string           `toml:"input" json:"input,omitempty"`
	Recipe       string           `toml:"recipe" json:"recipe"` // name of a NamedRecipe
	Licence      string           `toml:"licence" json:"licence,omitempty"`
	Source       string           `toml:"source" json:"source"`
	Citation     string           `toml:"citation" json:"citation,omitempty"`
	Note         string           `toml:"note" json:"note,omitempty"`
	Accuracy     []model.Accuracy `toml:"accuracy" json:"accuracy,omitempty"`
}

// Entries returns the published models that akin knows, in the catalogue's order.
func Entries() ([]Entry, error) {
	var file struct {
		Model []Entry `toml:"model"`
	}
	err := decode(catalogueFile, &file)
	return file.Model, err
}

// published returns the entry of a name, or nil.
func published(name string) (*Entry, error) {
	return firstEntry(func(e Entry) bool { return e.Name == name })
}

// entryOf returns the entry whose published file has the hash, or nil.
func entryOf(hash string) (*Entry, error) {
	return firstEntry(func(e Entry) bool { return e.known() && e.accepts(hash) })
}

func firstEntry(is func(Entry) bool) (*Entry, error) {
	entries, err := Entries()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(entries, is)
	if i < 0 {
		return nil, nil
	}
	return &entries[i], nil
}

// known reports whether anything is known of the file's hash.
func (e Entry) known() bool { return e.SHA256 != "" || e.SHA256Prefix != "" }

// accepts reports whether a file of this hash may be the published one.
func (e Entry) accepts(hash string) bool {
	if e.SHA256 != "" {
		return hash == e.SHA256
	}
	return strings.HasPrefix(hash, e.SHA256Prefix)
}

// limit bounds the published file in bytes: its size is published in MB, rounded;
// of some not even that, but how many parameters it holds.
func (e Entry) limit() int64 {
	const largest = 4 << 30 // of any network that the catalogue has
	if e.SizeMB > 0 {
		return int64((1.02*e.SizeMB + 1) * 1e6)
	}
	if e.Parameters > 0 {
		return 16*e.Parameters + 64<<20 // a .t7 may hold gradients and buffers besides
	}
	return largest
}

// inside reports whether the published file needs no change to become a model.
func (e Entry) inside() bool { return e.Format == formatONNX && e.Features != "" }

// card is the model's card, but for the hash of its graph.
func (e Entry) card() (model.Card, error) {
	recipe, err := recipeNamed(e.Recipe)
	if err != nil {
		return model.Card{}, model.Named(e.Name, err)
	}
	c := model.Card{
		Name: e.Name, Title: e.Title, Family: e.Family, Kind: model.Trained, Parameters: e.Parameters,
		Licence: e.Licence, Source: e.Source, Citation: e.Citation, Note: e.Note, Input: e.Input,
		Outputs: model.Outputs{Features: e.Features, Logits: e.Logits}, Accuracy: e.Accuracy, Recipe: recipe.Recipe,
	}
	if e.Features == "" {
		c.Outputs.Features = featuresOutput
	}
	if e.Classes > 0 {
		c.Classes = model.Classes{Count: e.Classes, Names: "ImageNet 2012, sorted WordNet ids"}
	}
	return c, nil
}

// NamedRecipe is how a publisher of well-known weights prepares pictures.
type NamedRecipe struct {
	Name   string `toml:"name" json:"name"`
	Source string `toml:"source" json:"source"`
	imaging.Recipe
}

// Recipes returns the recipes that a conversion can ask for by name.
func Recipes() ([]NamedRecipe, error) {
	var file struct {
		Recipe []NamedRecipe `toml:"recipe"`
	}
	err := decode(recipesFile, &file)
	return file.Recipe, err
}

func recipeNamed(name string) (NamedRecipe, error) {
	recipes, err := Recipes()
	if err != nil {
		return NamedRecipe{}, err
	}
	names := make([]string, len(recipes))
	for i, r := range recipes {
		if r.Name == name {
			return r, nil
		}
		names[i] = r.Name
	}
	return NamedRecipe{}, fmt.Errorf("no recipe is named %q; choose %s", name, strings.Join(names, ", "))
}

func decode(data []byte, v any) error {
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(v); err != nil {
		return fmt.Errorf("akin's own catalogue: %w", err)
	}
	return nil
}
