package akin

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/setup"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/zoo"
)

// Home is where akin finds and keeps things on this machine.
//
// Its methods name every folder that akin fills in the cache: features, tuning
// (measured batches and threads), int8 (rewritten networks), checks and evaluations
// (of classifiers), thumbnails (of pages), and models (pulled ones). What is
// installed there, the engine and the pictures, is laid out by package setup.
type Home struct {
	Cache       string // folder for fetched files and features
	WorkingDir  string // whose node_modules, and its parents', are searched
	ONNXRuntime string // explicit library file or folder; empty to search
	// SetBy names what set ONNXRuntime, for messages.
	SetBy string
	// Warn is told of doubts while features are computed; it may be nil.
	Warn func(doubt string)
}

// DefaultHome is the user's: the cache in AKIN_CACHE, or akin in the user's cache
// folder, and the engine in AKIN_ONNXRUNTIME where that is set.
func DefaultHome() (Home, error) {
	cache, err := setup.CacheDir()
	if err != nil {
		return Home{}, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return Home{}, err
	}
	return Home{Cache: cache, WorkingDir: dir, ONNXRuntime: os.Getenv("AKIN_ONNXRUNTIME"), SetBy: "AKIN_ONNXRUNTIME"}, nil
}

// OpenSet reads a set by name or folder, and returns the file system that its
// picture paths lead into.
func (h Home) OpenSet(nameOrFolder string, o stimuli.Options) (*stimuli.Set, fs.FS, error) {
	folder, pictures, err := h.setFolders(nameOrFolder)
	if err != nil {
		return nil, nil, err
	}
	set, err := stimuli.Read(folder, pictures, o)
	if err != nil {
		return nil, nil, &SetError{nameOrFolder, err}
	}
	return set, pictures, nil
}

// setFolders opens a set's folder and the one of its pictures.
func (h Home) setFolders(nameOrFolder string) (folder, pictures fs.FS, err error) {
	folder, err = setFolder(nameOrFolder)
	if err != nil {
		return nil, nil, err
	}
	collection, err := stimuli.Collection(folder)
	if err != nil || collection == "" {
		return folder, folder, nil // stimuli.Read says what is wrong with the folder
	}
	dir, err := h.FindPictures(collection)
	if err != nil {
		return nil, nil, err
	}
	pictures, err = rooted(dir)
	return folder, pictures, err
}

// openPictures returns the file system that the picture paths of a recorded run
// lead into: dir, where it is given, else what the set that the record names
// leads to today. Whether a picture is the one that the run saw, only its hash
// says; see [page.ReadPicture].
func (h Home) openPictures(run *record.Run, dir string) (fs.FS, error) {
	if dir != "" {
		return rooted(dir)
	}
	_, pictures, err := h.setFolders(cmp.Or(run.Set.Reference, run.Set.Name))
	return pictures, err
}

// SetError is a set that cannot be used; Err is often stimuli.Problems.
type SetError struct {
	Set string
	Err error
}

func (e *SetError) Error() string {
	var problems stimuli.Problems
	if errors.As(e.Err, &problems) {
		return fmt.Sprintf("set %s has %s:\n%v", e.Set, english.Count(len(problems), "problem"), problems)
	}
	return fmt.Sprintf("set %s: %v", e.Set, e.Err)
}

func (e *SetError) Unwrap() error { return e.Err }

// NoSetError is a name that is neither a folder nor a set inside akin.
type NoSetError struct{ Name string }

func (e *NoSetError) Error() string {
	return fmt.Sprintf("no set %q: neither a folder nor one of akin's own sets", e.Name)
}

func setFolder(nameOrFolder string) (fs.FS, error) {
	if embedded := stimuli.Embedded(nameOrFolder); embedded != nil {
		return embedded, nil
	}
	if err := atomicfile.Recover(nameOrFolder); err != nil {
		return nil, err
	}
	info, err := os.Stat(nameOrFolder)
	if err != nil || !info.IsDir() {
		return nil, &NoSetError{nameOrFolder}
	}
	return rooted(nameOrFolder)
}

// rooted opens a folder that no path, not even through a symbolic link, leaves.
func rooted(dir string) (fs.FS, error) {
	root, err := regular.OpenFolder(dir)
	if err != nil {
		return nil, err
	}
	return root, nil
}

// FindModel returns a model inside akin or a pulled one by name, or any by the path of an .onnx file.
func (h Home) FindModel(nameOrFile string) (*model.Model, error) {
	return h.Catalogue().Find(nameOrFile)
}

// FindModels returns several models, each with a name of its own; without any name,
// the default models.
func (h Home) FindModels(namesOrFiles []string) ([]*model.Model, error) {
	if len(namesOrFiles) == 0 {
		return zoo.Default()
	}
	models := make([]*model.Model, len(namesOrFiles))
	byName := map[string]string{}
	for i, name := range namesOrFiles {
		m, err := h.FindModel(name)
		if err != nil {
			return nil, err
		}
		switch other, twice := byName[m.Name]; {
		case twice && other == name:
			return nil, fmt.Errorf("the model %s is named twice; name it once", name)
		case twice:
			return nil, fmt.Errorf("the models %s and %s are both named %q; give each card its own name", other, name, m.Name)
		}
		byName[m.Name] = name
		models[i] = m
	}
	return models, nil
}

// Graph returns the graph of a model, see zoo.Catalogue.Graph.
func (h Home) Graph(nameOrFile string) (*onnx.Graph, error) { return h.Catalogue().Graph(nameOrFile) }

// Catalogue is the known models, pulled ones among them.
func (h Home) Catalogue() zoo.Catalogue { return zoo.Catalogue{Pulls: h.folder("models")} }

// FindPictures looks for the folder of a collection of pictures that sets share.
func (h Home) FindPictures(collection string) (string, error) {
	return setup.Pictures(h.Cache, h.WorkingDir, collection)
}

// FindLibrary looks for the ONNX Runtime library.
func (h Home) FindLibrary() (model.Library, error) {
	return model.FindLibrary(model.Places{
		Explicit: h.ONNXRuntime, ExplicitName: h.SetBy,
		Cache: setup.LibraryFolders(h.Cache), Project: setup.NodeModules(h.WorkingDir),
	})
}

// Features is the store of features.
func (h Home) Features() *feature.Store { return feature.NewStore(h.FeaturesDir()) }

// FeaturesDir is the folder of the store of features.
func (h Home) FeaturesDir() string { return h.folder("features") }

// Machine is what a computation finds and keeps here.
func (h Home) Machine() compute.Machine {
	return compute.Machine{
		Features: h.Features(), Library: h.FindLibrary,
		Tuning: h.folder("tuning"), Int8: h.folder("int8"), Warn: h.Warn,
	}
}

// Archive is what was measured of classifiers.
func (h Home) Archive() classify.Archive {
	return classify.Archive{Checks: h.folder("checks"), Evaluations: h.folder("evaluations")}
}

// thumbnails is the folder of the thumbnails of pages.
func (h Home) thumbnails() string { return h.folder("thumbnails") }

// folder is one of the cache.
func (h Home) folder(name string) string { return filepath.Join(h.Cache, name) }
