package zoo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/export"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/internal/tomlfile"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
)

// CardOptions says how a card is written for a graph.
type CardOptions struct {
	Name      string // of the model; empty: the file's
	Recipe    string // by name, see Recipes; empty: from the file's metadata
	Overwrite bool   // replace a card that is there
	Rehash    bool   // keep the card that is there, but for its hash
}

// WrittenCard is a card that was written, or why none could be.
type WrittenCard struct {
	export.Draft
	File    string `json:"file"`    // of the card
	Written bool   `json:"written"` // false where entries are missing
}

// WriteCard writes the card of an .onnx beside it. Where the graph does not tell
// enough, nothing is written and Missing says what lacks.
func WriteCard(onnxFile string, o CardOptions) (WrittenCard, error) {
	made := WrittenCard{File: cardFile(onnxFile)}
	m, err := model.FromFile(model.Card{}, onnxFile)
	if err != nil {
		return made, err
	}
	if o.Rehash {
		if made.Draft.Card, err = existingCard(made.File); err != nil {
			return made, err
		}
		made.Draft.Card.SHA256 = m.Hash
		return made, made.write()
	}
	if _, err := os.Lstat(made.File); err == nil && !o.Overwrite {
		return made, &ExistsError{made.File}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return made, err
	}
	var recipe *imaging.Recipe
	if o.Recipe != "" {
		named, err := recipeNamed(o.Recipe)
		if err != nil {
			return made, err
		}
		recipe = &named.Recipe
	}
	data, err := regular.ReadFile(onnxFile)
	if err != nil {
		return made, err
	}
	graph, err := onnx.Parse(data)
	if err != nil {
		return made, fmt.Errorf("%s: %w", onnxFile, err)
	}
	name := o.Name
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(onnxFile), filepath.Ext(onnxFile))
	}
	if made.Draft, err = export.NewDraft(name, m.Hash, graph, recipe); err != nil {
		return made, fmt.Errorf("%s: %w", onnxFile, err)
	}
	if len(made.Missing) > 0 {
		return made, nil
	}
	return made, made.write()
}

func existingCard(file string) (model.Card, error) {
	text, err := tomlfile.ReadFile(file)
	if err != nil {
		return model.Card{}, err
	}
	return model.ParseCard(text, file)
}

func (c *WrittenCard) write() error {
	text, err := encodeCard(c.Draft.Card, c.File)
	if err == nil {
		err = atomicfile.Write(c.File, text)
	}
	c.Written = err == nil
	return err
}
