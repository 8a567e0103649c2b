package paper

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/internal/atomicfile"
	"golang.org/x/sync/errgroup"
)

// Write writes figures/ and tables/ and, last, paper.json into a folder: each
// figure as SVG, PDF and PNG with the CSV of its points, each table as CSV,
// Markdown, LaTeX and HTML. Each file replaces its predecessor whole.
func (p *Paper) Write(dir string) error {
	for _, sub := range []string{"figures", "tables"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
			return err
		}
	}
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range p.figures {
		work.Go(func() error { return f.write(filepath.Join(dir, "figures", f.name)) })
	}
	for _, t := range p.tables {
		work.Go(func() error { return t.write(filepath.Join(dir, "tables", t.Name)) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	var index bytes.Buffer
	e := json.NewEncoder(&index)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		return err
	}
	return atomicfile.WriteDerived(filepath.Join(dir, "paper.json"), index.Bytes())
}

func (f named) write(base string) error {
	files := map[string]func() ([]byte, error){
		".svg": func() ([]byte, error) { return figure.SVG(f.Figure, f.title) },
		".pdf": func() ([]byte, error) { return figure.PDF(f.Figure) },
		".png": func() ([]byte, error) { return figure.PNG(f.Figure) },
	}
	for suffix, rows := range f.Points() {
		files[suffix+".csv"] = func() ([]byte, error) { return figure.CSV(rows) }
	}
	return writeAll(base, files)
}

func (t Table) write(base string) error {
	return writeAll(base, map[string]func() ([]byte, error){
		".csv": t.CSV, ".html": t.HTML,
		".md":  func() ([]byte, error) { return t.Markdown(), nil },
		".tex": func() ([]byte, error) { return t.LaTeX(), nil },
	})
}

func writeAll(base string, files map[string]func() ([]byte, error)) error {
	for ending, content := range files {
		data, err := content()
		if err != nil {
			return fmt.Errorf("%s: %w", base+ending, err)
		}
		if err := atomicfile.WriteDerived(base+ending, data); err != nil {
			return err
		}
	}
	return nil
}
