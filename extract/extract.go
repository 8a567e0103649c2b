// Package extract fills a feature store: it decodes each picture once however
// many models want it, prepares it once per recipe, runs each model once
// however many of its layers are wanted, and goes on where an interrupted run
// stopped.
package extract

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
)

// Picture is one picture to embed: its content's hash and the way to its bytes.
type Picture struct {
	Name string       // for messages
	Hash stimuli.Hash // zero where it is not known: it is made when the picture's turn comes
	Read func() ([]byte, error)
	File string // from the root of the file system, for machines that share it; empty where it lies in none
}

// Job is one output of one model, wanted of all pictures. Jobs whose spaces
// differ only in the output share one embedder and one inference.
type Job struct {
	Name  string
	Space feature.Space
	Model *model.Model // what Open opens
	// Open makes the model ready for what is wanted: the outputs of all jobs that
	// share it, of so many pictures. It is called only where the store lacks a
	// picture, on the first such job.
	Open func(context.Context, model.SessionOptions) (model.Embedder, error)
	// Memory is an estimate, in bytes, of what the open model takes.
	Memory int64
}

// Options tune an extraction; the zero value uses every core, runs all models
// side by side and reports nothing.
type Options struct {
	Workers  int            // cores to use; 0: all
	Memory   int64          // bytes for open models; those beyond wait for another pass over the pictures; 0: no limit
	Cores    *Cores         // those of Workers, shared with other extractions; nil: not shared
	Chunk    int            // pictures that a worker prepares before it runs the models, for large batches; 0: 8
	Progress func(Progress) // called from one goroutine, after every chunk of pictures
	// Decoded is given each picture that is decoded for a model, by the worker that
	// decoded it: a page's thumbnail needs no second decoding. It may be nil.
	Decoded func(stimuli.Hash, *imaging.Image)
}

// defaultChunk is the number of pictures that a worker prepares before it runs
// the models: a whole number of default batches, small enough to stop soon.
const defaultChunk = 8

func (o Options) withDefaults() Options {
	o.Workers, o.Chunk = cmp.Or(o.Workers, runtime.NumCPU()), cmp.Or(o.Chunk, defaultChunk)
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Decoded == nil {
		o.Decoded = func(stimuli.Hash, *imaging.Image) {}
	}
	return o
}

// Progress is how far an extraction is.
type Progress struct {
	Done, Total int // pictures of this pass
	Computed    int // vectors that the store lacked, in all passes so far

	// Models are those of this pass, the First (from 1) to the Last of Of.
	Models          []string
	First, Last, Of int
}

// PictureError is a picture that could not be read or decoded.
type PictureError struct {
	Name string
	Err  error
}

func (e *PictureError) Error() string { return fmt.Sprintf("picture %s: %v", e.Name, e.Err) }
func (e *PictureError) Unwrap() error { return e.Err }

// ErrReplaced is a picture whose bytes are no longer those that were hashed.
var ErrReplaced = errors.New("its content changed while the run was at work; nothing was kept of it")

// ReadHashed reads a picture's bytes. They are those of its hash, or the error is
// ErrReplaced: a vector must never be kept under another picture's hash.
func (p *Picture) ReadHashed() ([]byte, error) {
	data, err := p.Read()
	if err != nil {
		return nil, err
	}
	hash := stimuli.Hash(sha256.Sum256(data))
	if p.Hash == (stimuli.Hash{}) {
		p.Hash = hash
	}
	if hash != p.Hash {
		return nil, ErrReplaced
	}
	return data, nil
}

// Pictures are those of a set whose paths lead into files.
func Pictures(set []*stimuli.Picture, files fs.FS) []Picture {
	list := make([]Picture, len(set))
	folder := ""
	if files, ok := files.(interface{ Name() string }); ok {
		if dir, err := filepath.Abs(files.Name()); err == nil {
			folder = dir
		}
	}
	for i, p := range set {
		list[i] = Picture{Name: p.Path, Hash: p.Hash, Read: func() ([]byte, error) { return fs.ReadFile(files, p.Path) }}
		if folder != "" {
			list[i].File = filepath.Join(folder, filepath.FromSlash(p.Path))
		}
	}
	return list
}

// Fill computes, for each job, the vectors of the pictures that the store lacks;
// feature.Store.View reads them. Pictures, whose hashes must be known, are
// read only where a space lacks them. Vectors are stored in the order of
// pictures, so that an interrupted run and its continuation leave the same bytes
// as one run. Pictures that cannot be decoded are all reported, each as a
// *PictureError in one joined error.
func Fill(ctx context.Context, store *feature.Store, pictures []Picture, jobs []Job, o Options) error {
	missing := map[stimuli.Hash]bool{}
	var wanting []Job
	for _, j := range jobs {
		lacks, err := note(missing, pictures, store, j.Space)
		if err != nil {
			return err
		}
		if lacks {
			wanting = append(wanting, j)
		}
	}
	if len(wanting) == 0 {
		return nil
	}
	var todo []Picture
	for _, p := range pictures {
		if missing[p.Hash] {
			todo = append(todo, p)
			delete(missing, p.Hash) // the same content may have several names
		}
	}
	return Stream(ctx, store, todo, wanting, o, nil)
}

// note adds the pictures that a space lacks to missing, and reports whether
// there are any.
func note(missing map[stimuli.Hash]bool, pictures []Picture, store *feature.Store, space feature.Space) (bool, error) {
	v, err := store.View(space)
	if err != nil {
		return false, err
	}
	defer v.Close()
	lacks := false
	for _, p := range pictures {
		if !v.Has(p.Hash) {
			missing[p.Hash] = true
			lacks = true
		}
	}
	return lacks, nil
}
