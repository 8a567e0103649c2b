package zoo

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/akin-vision/akin/model"
	"github.com/pelletier/go-toml/v2"
)

// write puts a graph and its card beside each other. The card is checked
// first, and completed with the graph's hash.
func write(onnxFile string, card model.Card, graph func(io.Writer) error) (*model.Model, error) {
	if _, err := encodeCard(card, cardFile(onnxFile)); err != nil {
		return nil, err
	}
	h := sha256.New()
	err := writeWhole(onnxFile, func(w io.Writer) error { return graph(io.MultiWriter(w, h)) })
	if err != nil {
		return nil, err
	}
	card.SHA256 = hex.EncodeToString(h.Sum(nil))
	text, err := encodeCard(card, cardFile(onnxFile))
	if err != nil {
		return nil, err
	}
	err = writeWhole(cardFile(onnxFile), func(w io.Writer) error { _, err := w.Write(text); return err })
	if err != nil {
		return nil, err
	}
	return model.FromFile(card, onnxFile, card.SHA256)
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

// writeWhole writes a file through a temporary name, so that it appears with
// all its content or not at all.
func writeWhole(file string, content func(io.Writer) error) error {
	out, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(out, 1<<20)
	err = content(buffered)
	if err == nil {
		err = errors.Join(buffered.Flush(), out.Chmod(0o644), out.Sync())
	}
	err = errors.Join(err, out.Close())
	if err == nil {
		err = os.Rename(out.Name(), file)
	}
	if err != nil {
		os.Remove(out.Name())
	}
	return err
}
