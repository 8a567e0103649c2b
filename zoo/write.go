package zoo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/model"
	"github.com/pelletier/go-toml/v2"
)

// Save puts a graph and its card beside each other, as Convert does; files that are
// there are replaced only where overwrite is set, else they are an *ExistsError.
func Save(onnxFile string, card model.Card, graph func(io.Writer) error, overwrite bool) (*model.Model, error) {
	if err := MayWrite(onnxFile, overwrite); err != nil {
		return nil, err
	}
	return write(onnxFile, card, graph, overwrite)
}

// MayWrite tells those who want to know it before they compute whether a model would be
// refused because something stands in its place. A graph without its card is not: a
// process may have died between the two, and only the new graph tells.
func MayWrite(onnxFile string, overwrite bool) error {
	if !isFile(onnxFile) {
		return fmt.Errorf("output %s: a model's name ends in .onnx", onnxFile)
	}
	_, noCard := os.Lstat(cardFile(onnxFile))
	switch _, noGraph := os.Lstat(onnxFile); {
	case overwrite || errors.Is(noCard, fs.ErrNotExist):
		return nil
	case noCard != nil:
		return noCard
	case errors.Is(noGraph, fs.ErrNotExist):
		return &ExistsError{cardFile(onnxFile)}
	default:
		return &ExistsError{onnxFile}
	}
}

// write puts a graph and its card beside each other. The card is checked first, and
// completed with the graph's hash; both are on the disk before either gets its name.
// Without overwrite a graph that is there is replaced by one of the same bytes alone.
func write(onnxFile string, card model.Card, graph func(io.Writer) error, overwrite bool) (*model.Model, error) {
	if _, err := encodeCard(card, cardFile(onnxFile)); err != nil {
		return nil, err
	}
	graphFile, err := atomicfile.Create(onnxFile)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", onnxFile, err)
	}
	defer graphFile.Discard()
	h := sha256.New()
	if err := errors.Join(graph(io.MultiWriter(graphFile, h)), graphFile.Flush()); err != nil {
		return nil, fmt.Errorf("write %s: %w", onnxFile, err)
	}
	card.SHA256 = hex.EncodeToString(h.Sum(nil))
	if !overwrite {
		if err := sameOrNone(onnxFile, card.SHA256); err != nil {
			return nil, err
		}
	}
	if err := commit(graphFile, card, cardFile(onnxFile)); err != nil {
		return nil, err
	}
	return model.FromFile(card, onnxFile)
}

// commit gives a written graph its name, and its card.
func commit(graphFile *atomicfile.File, card model.Card, name string) error {
	text, err := encodeCard(card, name)
	if err != nil {
		return err
	}
	f, err := atomicfile.Create(name)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer f.Discard()
	f.Write(text) // an error stays until it is committed
	return atomicfile.CommitAll(graphFile, f)
}

// sameOrNone refuses a file that is there and has another hash.
func sameOrNone(file, hash string) error {
	f, err := regular.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	there, err := hashOf(context.Background(), f)
	if err == nil && there != hash {
		err = &ExistsError{file}
	}
	return err
}

// encodeCard writes a card as TOML that reads back.
func encodeCard(card model.Card, file string) ([]byte, error) {
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(card); err != nil {
		return nil, err
	}
	_, err := model.ParseCard(b.Bytes(), file)
	return b.Bytes(), err
}
