package zoo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/model"
	"github.com/pelletier/go-toml/v2"
)

// Save puts a graph and its card beside each other, as convert does; files that are
// there are replaced only where overwrite is set, else they are an *ExistsError.
func Save(onnxFile string, card model.Card, graph func(io.Writer) error, overwrite bool) (*model.Model, error) {
	for _, file := range []string{onnxFile, cardFile(onnxFile)} {
		if _, err := os.Lstat(file); err == nil && !overwrite {
			return nil, &ExistsError{file}
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return write(onnxFile, card, graph)
}

// write puts a graph and its card beside each other. The card is checked
// first, and completed with the graph's hash.
func write(onnxFile string, card model.Card, graph func(io.Writer) error) (*model.Model, error) {
	if _, err := encodeCard(card, cardFile(onnxFile)); err != nil {
		return nil, err
	}
	h := sha256.New()
	err := atomicfile.WriteFunc(onnxFile, func(w io.Writer) error { return graph(io.MultiWriter(w, h)) })
	if err != nil {
		return nil, err
	}
	card.SHA256 = hex.EncodeToString(h.Sum(nil))
	text, err := encodeCard(card, cardFile(onnxFile))
	if err != nil {
		return nil, err
	}
	if err := atomicfile.Write(cardFile(onnxFile), text); err != nil {
		return nil, err
	}
	return model.FromFile(card, onnxFile)
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
