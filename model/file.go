package model

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/onnx"
	"github.com/edsrzf/mmap-go"
)

// A graphFile is an .onnx file together with the files that hold its weights.
type graphFile struct {
	path      string
	hash      string // hex SHA-256 of the .onnx file
	size      int64  // bytes of all files
	externals []external
	unsound   error       // why it is no graph
	hashed    os.FileInfo // of the .onnx file, when it was hashed
}

type external struct{ name, hash string }

// openGraphFile hashes the file and those that it refers to.
func openGraphFile(path string) (*graphFile, error) {
	f, size, err := regular.OpenSized(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	g := &graphFile{path: path, size: size}
	if g.hashed, err = f.Stat(); err != nil {
		return nil, err
	}
	if err := soundHead(f, size); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if g.hash, err = hashOf(f); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	names, err := onnx.Locations(f, size)
	if err != nil {
		g.unsound = fmt.Errorf("%s: %w", path, cmp.Or(onnx.ForeignFile(f, size), err))
		return g, nil // a card may say that it is the wrong file, which says more
	}
	for _, name := range names {
		if err := g.refer(name); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return g, nil
}

func soundHead(f io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 64))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case size == 0:
		return errors.New("the file is empty; fetch or export it anew")
	case onnx.IsPointer(head):
		return onnx.ErrLFS
	}
	return nil
}

// refer hashes one file of weights.
func (g *graphFile) refer(name string) error {
	f, size, err := g.external(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := soundHead(f, size); err != nil {
		return fmt.Errorf("weights in %s: %w", name, err)
	}
	hash, err := hashOf(f)
	if err != nil {
		return fmt.Errorf("weights in %s: %w", name, err)
	}
	g.size += size
	g.externals = append(g.externals, external{name, hash})
	return nil
}

// external opens a file of weights, which no path, not even through a symbolic
// link, leads out of the graph's folder.
func (g *graphFile) external(name string) (*os.File, int64, error) {
	root, err := regular.OpenFolder(filepath.Dir(g.path))
	if err != nil {
		return nil, 0, err
	}
	defer root.Close()
	f, size, err := root.OpenSized(filepath.FromSlash(name))
	if err != nil {
		return nil, 0, fmt.Errorf("weights that the graph keeps in another file: %w; it must lie in the graph's folder, or below", err)
	}
	return f, size, nil
}

// digest is the hex SHA-256 of all that the network is made of: that of the file, or,
// where weights stand in other files, that of a list of hashes and names as
// sha256sum prints it, the graph first under the name "graph".
func (g *graphFile) digest() string {
	if len(g.externals) == 0 {
		return g.hash
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s  graph\n", g.hash)
	for _, x := range g.externals {
		fmt.Fprintf(h, "%s  %s\n", x.hash, x.name)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ErrReplaced is a graph, or a file of its weights, whose bytes are no longer those
// that were hashed.
var ErrReplaced = errors.New("its content changed after it was hashed; run the command again")

// read gives the graph with all weights inside, from the very bytes that were hashed.
func (g *graphFile) read() ([]byte, error) {
	data, err := regular.ReadFile(g.path)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != g.hash {
		return nil, fmt.Errorf("%s: %w", g.path, ErrReplaced)
	}
	if len(g.externals) == 0 {
		return data, nil
	}
	merged, err := g.merge(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", g.path, err)
	}
	return merged, nil
}

// inspect parses the graph where it lies: weights that look does not touch are not
// read, and the file is not hashed again while it is the one that was.
func (g *graphFile) inspect(look func(*onnx.Graph) error) error {
	f, err := regular.Open(g.path)
	if err != nil {
		return err
	}
	defer f.Close()
	now, err := f.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(now, g.hashed) || now.Size() != g.hashed.Size() || !now.ModTime().Equal(g.hashed.ModTime()) {
		return fmt.Errorf("%s: %w", g.path, ErrReplaced)
	}
	data, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return err
	}
	err = regular.WhileMapped(fmt.Errorf("%s: %w", g.path, ErrReplaced), func() error { return inspect(data, look) })
	return errors.Join(err, data.Unmap())
}

func inspect(data []byte, look func(*onnx.Graph) error) error {
	m, err := onnx.Parse(data)
	if err != nil {
		return err
	}
	return look(m.Graph)
}

// merge puts the weights of other files into the graph.
func (g *graphFile) merge(data []byte) ([]byte, error) {
	files := map[string][]byte{}
	for _, x := range g.externals {
		f, size, err := g.external(x.name)
		if err != nil {
			return nil, err
		}
		content := make([]byte, size)
		_, err = io.ReadFull(f, content)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != x.hash {
			return nil, fmt.Errorf("weights in %s: %w", x.name, ErrReplaced)
		}
		files[x.name] = content
	}
	m, err := onnx.Parse(data)
	if err != nil {
		return nil, err
	}
	for _, t := range m.Externals() {
		if t.Raw, err = t.Part(files[t.External.Location]); err != nil {
			return nil, err
		}
		t.External = nil
	}
	merged, err := m.Marshal()
	if err != nil {
		return nil, err
	}
	if left, err := onnx.Locations(bytes.NewReader(merged), int64(len(merged))); err != nil || len(left) > 0 {
		return nil, errors.Join(err, fmt.Errorf("a sub-graph or a function has weights in %q; export the model as one file", left))
	}
	return merged, nil
}

func hashOf(r io.ReadSeeker) (string, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
