package paper

import (
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/jsonfile"
	"github.com/akin-vision/akin/record"
	"golang.org/x/sync/errgroup"
)

// patience is how long Write waits for another writer of the folder.
const patience = time.Minute

// Write writes figures/, tables/, methods.md, methods.tex, references.bib and paper.json into a folder, all in one step: each
// figure as SVG, PDF and PNG with the CSV of its points, each table as CSV,
// Markdown, LaTeX and HTML. What else the folder holds stays. Of two writers of a
// folder, of a run or a paper, one waits.
func (p *Paper) Write(dir string) error {
	release, err := atomicfile.Lock(dir, patience)
	if err != nil {
		return err
	}
	defer release()
	anything := func([]os.DirEntry) error { return nil }
	return atomicfile.UpdateFolder(dir, anything, p.writeTo)
}

func (p *Paper) writeTo(folder atomicfile.Folder) error {
	if err := record.RemovePaper(folder); err != nil { // of an earlier paper, which may have had more figures
		return err
	}
	written := &written{Folder: folder}
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range p.figures {
		work.Go(func() error { return f.write(written, path.Join("figures", f.name)) })
	}
	for _, t := range p.tables {
		work.Go(func() error { return t.write(written, path.Join("tables", t.Name)) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for name, data := range map[string][]byte{"methods.md": p.methods.Markdown(), "methods.tex": p.methods.LaTeX(), "references.bib": p.methods.BibTeX()} {
		if err := written.Put(name, data); err != nil {
			return err
		}
	}
	slices.Sort(written.files)
	p.Files = written.files
	return folder.PutFunc(record.PaperFile, func(w io.Writer) error { return jsonfile.Write(w, p) })
}

// written is a folder that remembers what was put into it.
type written struct {
	atomicfile.Folder
	mu    sync.Mutex
	files []string
}

func (w *written) Put(file string, data []byte) error {
	w.mu.Lock()
	w.files = append(w.files, file)
	w.mu.Unlock()
	return w.Folder.Put(file, data)
}

func (f named) write(folder *written, base string) error {
	files := map[string]func() ([]byte, error){
		".svg": func() ([]byte, error) { return figure.SVG(f.Figure, f.title) },
		".pdf": func() ([]byte, error) { return figure.PDF(f.Figure) },
		".png": func() ([]byte, error) { return figure.PNG(f.Figure) },
	}
	for suffix, rows := range f.Points() {
		files[suffix+".csv"] = func() ([]byte, error) { return figure.CSV(rows) }
	}
	return writeAll(folder, base, files)
}

func (t Table) write(folder *written, base string) error {
	return writeAll(folder, base, map[string]func() ([]byte, error){
		".csv": t.CSV, ".html": t.HTML,
		".md":  func() ([]byte, error) { return t.Markdown(), nil },
		".tex": func() ([]byte, error) { return t.LaTeX(), nil },
	})
}

func writeAll(folder *written, base string, files map[string]func() ([]byte, error)) error {
	for ending, content := range files {
		data, err := content()
		if err != nil {
			return fmt.Errorf("%s: %w", base+ending, err)
		}
		if err := folder.Put(base+ending, data); err != nil {
			return err
		}
	}
	return nil
}
