package zoo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/internal/tomlfile"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/rogpeppe/go-internal/lockedfile"
)

// PullOptions say how a model is fetched; the zero value is right for people.
type PullOptions struct {
	From      string // the published file, already on disk: nothing is downloaded
	Overwrite bool   // fetch it again although it is there

	Progress func(done, total int64) // bytes; total is 0 while it is unknown
	Client   *http.Client            // nil: one that speaks https with public addresses only
	Stall    time.Duration           // a connection that brings less than 4 kB in it is given up; 0: 30 s
	Backoff  time.Duration           // pause after the first failure, doubled with each further one; 0: 1 s
}

// Trust says how far a pulled file is known to be the published one.
type Trust string

// Trusts, the strongest first.
const (
	TrustHash     Trust = "sha256"        // the published SHA-256
	TrustPrefix   Trust = "sha256-prefix" // the published beginning of it
	TrustSame     Trust = "same as first" // no hash is published; the one that came first
	TrustFirstUse Trust = "first use"     // no hash is published; remembered for the next time
)

// Pulled is a model in the cache.
type Pulled struct {
	Model  *model.Model
	Entry  Entry
	File   string // the .onnx
	SHA256 string // of the published file; empty where nothing was fetched
	Trust  Trust
	New    bool // false: it was there already, nothing was fetched
}

// PulledModel is a model of the cache as its card describes it.
type PulledModel struct {
	model.Card
	File  string
	Bytes int64
}

// Pulled returns the models in the cache, by name. Their graphs are not read.
func (c Catalogue) Pulled() ([]PulledModel, error) {
	if c.Pulls == "" {
		return nil, nil
	}
	files, err := regular.Matching(c.Pulls, "*.onnx")
	if err != nil {
		return nil, err
	}
	var models []PulledModel
	for _, file := range files {
		m := PulledModel{File: file}
		text, err := tomlfile.ReadFile(cardFile(file))
		if errors.Is(err, fs.ErrNotExist) {
			continue // interrupted between graph and card
		}
		if err == nil {
			m.Card, err = model.ParseCard(text, cardFile(file))
		}
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		m.Bytes = info.Size()
		models = append(models, m)
	}
	return models, nil
}

// file is where the cache holds a model's graph.
func (c Catalogue) file(name string) string {
	return filepath.Join(c.Pulls, name+".onnx")
}

// Pull fetches the published file of a model, checks it, converts it where it
// is no ONNX, and puts graph and card into the cache. An interrupted
// download continues, in the same call or the next. A file with another hash
// than the published one is refused; where none is published, the first hash
// is remembered and any other refused. Two pulls at the same time wait for each other.
func (c Catalogue) Pull(ctx context.Context, name string, o PullOptions) (*Pulled, error) {
	entry, err := published(name)
	if err != nil {
		return nil, err
	}
	if entry == nil {
		return nil, &UnknownModelError{Name: name, Meant: meant(name, nil)}
	}
	return c.pull(ctx, *entry, o)
}

func (c Catalogue) pull(ctx context.Context, e Entry, o PullOptions) (*Pulled, error) {
	if err := os.MkdirAll(c.Pulls, 0o777); err != nil {
		return nil, err
	}
	unlock, err := lockedfile.MutexAt(c.beside(e, ".lock")).Lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	p := &Pulled{Entry: e, File: c.file(e.Name)}
	if !o.Overwrite {
		if p.Model, err = model.Load(p.File); err == nil {
			return p, c.finishInterrupted(ctx, p)
		}
	}
	if err := c.fetch(ctx, p, o); err != nil {
		return nil, model.Named(e.Name, err)
	}
	p.New = true
	return p, nil
}

// finishInterrupted does what a pull that died left undone when its model was there already: to
// remember a file of which no hash is published, and to remove it.
func (c Catalogue) finishInterrupted(ctx context.Context, p *Pulled) error {
	d := download{file: c.beside(p.Entry, ".partial")}
	f, err := regular.Open(d.file)
	if errors.Is(err, fs.ErrNotExist) {
		return d.forget()
	}
	if err != nil {
		return err
	}
	defer f.Close()
	hash, err := hashOf(ctx, f)
	if err != nil {
		return err
	}
	if trust, err := c.trust(p.Entry, hash); err == nil && trust == TrustFirstUse && strings.Contains(p.Model.Source, hash) {
		if err := c.remember(p.Entry, hash); err != nil {
			return err
		}
	}
	return d.forget()
}

// remember keeps the hash of the file that came first, where none is published.
func (c Catalogue) remember(e Entry, hash string) error {
	return atomicfile.Write(c.beside(e, ".sha256"), fmt.Appendf(nil, "%s  %s\n", hash, e.File))
}

func (c Catalogue) fetch(ctx context.Context, p *Pulled, o PullOptions) error {
	if o.From != "" {
		return c.install(ctx, p, o.From)
	}
	d := download{client: o.Client, url: p.Entry.URL, file: c.beside(p.Entry, ".partial"), limit: p.Entry.limit(), stall: o.Stall, backoff: o.Backoff, progress: o.Progress}
	if err := d.run(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &DownloadError{Entry: p.Entry, Err: err}
	}
	err := c.install(ctx, p, d.file)
	// A wrong file is removed: continuing it would never make it right. A file
	// stays where this machine failed: stopped, or without room for the model.
	var disk *fs.PathError
	if err != nil && (ctx.Err() != nil || errors.As(err, &disk)) {
		return err
	}
	return errors.Join(err, d.forget())
}

// beside is a file of akin's own beside a model's.
func (c Catalogue) beside(e Entry, ext string) string {
	return filepath.Join(c.Pulls, "."+e.Name+ext)
}

// install checks the published file and makes the model of it.
func (c Catalogue) install(ctx context.Context, p *Pulled, source string) error {
	f, err := regular.Open(source)
	if err != nil {
		return err
	}
	defer f.Close()
	content, err := hashWhole(ctx, f)
	if err != nil {
		return fmt.Errorf("read %s: %w", source, err)
	}
	p.SHA256 = content.hash
	if p.Trust, err = c.trust(p.Entry, p.SHA256); err != nil {
		return err
	}
	if p.Entry.Format == formatONNX {
		err = p.adopt(ctx, content)
	} else {
		err = p.convert(ctx, weightsIn{hashed: content, name: cmp.Or(p.Entry.File, filepath.Base(source)), entry: &p.Entry})
	}
	if err != nil || p.Trust != TrustFirstUse {
		return err
	}
	return c.remember(p.Entry, p.SHA256)
}

// trust compares a file's hash with what is known of the published file.
func (c Catalogue) trust(e Entry, hash string) (Trust, error) {
	if e.known() {
		if !e.accepts(hash) {
			return "", &WrongFileError{Got: hash, Want: e.SHA256 + e.SHA256Prefix, Why: "as published"}
		}
		if e.SHA256 == "" {
			return TrustPrefix, nil
		}
		return TrustHash, nil
	}
	record := c.beside(e, ".sha256")
	text, err := regular.ReadFile(record)
	if errors.Is(err, fs.ErrNotExist) {
		return TrustFirstUse, nil
	}
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(string(text), " ")
	if hash != first {
		return "", &WrongFileError{Got: hash, Want: first, Why: "the first time, as " + record + " remembers"}
	}
	return TrustSame, nil
}

// WrongFileError is a file that is not the published one.
type WrongFileError struct{ Got, Want, Why string }

func (e *WrongFileError) Error() string {
	return fmt.Sprintf("the file has the SHA-256 %s, not %s %s; nothing of it was kept", e.Got, e.Want, e.Why)
}

func (p *Pulled) convert(ctx context.Context, w weightsIn) error {
	c, err := Conversion{Overwrite: true}.convert(ctx, w, p.File)
	if err != nil {
		return err
	}
	p.Model = c.Model
	return nil
}

// adopt takes a published ONNX file as it is; one with only logits gets one
// output more.
func (p *Pulled) adopt(ctx context.Context, content *hashed) error {
	card, err := p.Entry.card()
	if err != nil {
		return err
	}
	data, err := content.all()
	if err != nil {
		return err
	}
	m, err := onnx.Parse(data)
	if err != nil {
		return err
	}
	graph, change := io.WriterTo(bytes.NewReader(data)), "published as"
	if !p.Entry.inside() {
		graph, change = m, "converted from"
		if err := exposeFeatures(m.Graph, p.Entry.Logits); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(m.Graph.Outputs, func(o *onnx.ValueInfo) bool { return o.Name == card.Outputs.Features }) {
		return fmt.Errorf("the graph has no output %q, only %s", card.Outputs.Features, outputs(m.Graph))
	}
	card.Parameters = m.Graph.Parameters()
	card.Source = join(card.Source, fmt.Sprintf("%s %s, SHA-256 %s", change, p.Entry.File, p.SHA256))
	p.Model, err = write(p.File, card, func(w io.Writer) error {
		_, err := graph.WriteTo(contextWriter{ctx, w})
		return err
	}, true)
	return err
}

// DownloadError is a published file that could not be downloaded.
type DownloadError struct {
	Entry Entry
	Err   error
}

func (e *DownloadError) Error() string {
	return strings.TrimSuffix("download "+e.Entry.URL, " ") + ": " + e.Err.Error()
}

func (e *DownloadError) Unwrap() error { return e.Err }
