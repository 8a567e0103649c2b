package learn

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/jsonfile"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// recordFile is the one whose presence makes a folder the record of a trial.
const recordFile = "learn.json"

// Record is everything that a trial of spaces rests on, and its results. Equal inputs
// give an equal record; it holds no clock time.
type Record struct {
	Format   int              `json:"format"`
	Akin     string           `json:"akin"` // version of akin
	Set      SetInfo          `json:"set"`
	Test     *SetInfo         `json:"test,omitempty"`
	Settings Settings         `json:"settings"`
	Words    Source           `json:"word_vectors"`
	Norms    []lexicon.Source `json:"norms,omitempty"` // of association
	Overlaps []Overlap        `json:"overlaps,omitempty"`
	Models   []ModelInfo      `json:"models"`
	Machine  record.Machine   `json:"machine"`
	Command  []string         `json:"command,omitempty"`
	Results  []*Result        `json:"results"` // by model

	Files map[string]string `json:"files,omitempty"` // hex SHA-256 of the record's other files; set by Write
	Seal  string            `json:"seal"`            // hex SHA-256 of learn.json with an empty seal; set by Write
}

const recordFormat = 1

// SetInfo says which set was taken, down to its bytes.
type SetInfo struct {
	Name     string           `json:"name"`
	Version  string           `json:"version,omitempty"`
	Title    string           `json:"title,omitempty"`
	Digest   string           `json:"digest"`
	Task     stimuli.Task     `json:"task,omitempty"`
	Triplets int              `json:"triplets"`
	Pictures int              `json:"pictures"`
	Norms    []lexicon.Source `json:"norms,omitempty"` // that made the set, as far as it says so
}

// NewSetInfo describes a set.
func NewSetInfo(set *stimuli.Set) SetInfo {
	info := SetInfo{Name: set.Name, Version: set.Version, Title: set.Title, Digest: set.Digest, Triplets: len(set.Triplets), Pictures: len(set.Pictures)}
	if set.Task != stimuli.Related {
		info.Task = set.Task
	}
	for _, n := range set.Norms {
		info.Norms = append(info.Norms, lexicon.Source{Name: n.Source, SHA256: n.SHA256})
	}
	return info
}

// Source is a file by its name and hash.
type Source struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// ModelInfo says which network was tried, down to its bytes.
type ModelInfo struct {
	Name         string `json:"name"`
	Hash         string `json:"hash"` // SHA-256 of the graph
	RecipeDigest string `json:"recipe_digest"`
	Node         string `json:"node"`
	Engine       string `json:"engine"`
}

// Settings are the choices that the results depend on.
type Settings struct {
	Spaces    []string      `json:"spaces"`
	Folds     int           `json:"folds"`
	Repeats   int           `json:"repeats"`
	Choose    bool          `json:"chosen_within_folds"`
	Seed      uint64        `json:"seed"`
	Resamples int           `json:"resamples"`
	Level     float64       `json:"level"`
	Credit    match.Credit  `json:"ties"`
	Measure   match.Measure `json:"similarity"`
	Decoder   string        `json:"decoder"`
}

// NewSettings are those of options, with defaults filled in.
func NewSettings(o Options, decoder string) Settings {
	s := Settings{
		Folds: cmp.Or(o.Folds, Folds), Repeats: cmp.Or(o.Repeats, Repeats), Choose: o.Choose, Seed: o.Seed, Resamples: cmp.Or(o.Resamples, 10_000),
		Level: cmp.Or(o.Level, 0.95), Credit: match.HalfCredit, Measure: match.Cosine, Decoder: decoder,
	}
	for _, one := range o.Spaces {
		s.Spaces = append(s.Spaces, one.String())
	}
	return s
}

// Write writes the record into dir, in one step: learn.json and what is derived, such
// as its page. A folder that holds anything but such a record is refused.
func (r *Record) Write(dir string, derived ...record.File) error {
	names := make([]string, len(derived))
	for i, f := range derived {
		names[i] = f.Name
	}
	return atomicfile.WriteFolder(dir, acceptable(dir, names), func(folder atomicfile.Folder) error {
		r.Files = map[string]string{}
		for _, f := range derived {
			h := sha256.New()
			if err := folder.PutFunc(f.Name, func(w io.Writer) error { return f.Write(io.MultiWriter(w, h)) }); err != nil {
				return err
			}
			r.Files[f.Name] = hex.EncodeToString(h.Sum(nil))
		}
		data, err := r.sealed()
		if err != nil {
			return err
		}
		return folder.Put(recordFile, data)
	})
}

// Writable says beforehand whether Write would refuse the folder dir; derived are the
// names of what else it will put there.
func Writable(dir string, derived ...string) error {
	return atomicfile.Accept(dir, acceptable(dir, derived))
}

// acceptable accepts a new or empty folder, and one that holds such a record alone.
func acceptable(dir string, derived []string) func([]os.DirEntry) error {
	ours := func(e os.DirEntry) bool { return e.Name() == recordFile || slices.Contains(derived, e.Name()) }
	return func(entries []os.DirEntry) error {
		mine := slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == recordFile })
		if len(entries) > 0 && (!mine || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !ours(e) })) {
			return fmt.Errorf("the folder %s holds other files than the record of a trial of spaces; choose an empty or new folder", dir)
		}
		return nil
	}
}

// sealed is the record as JSON with the SHA-256 of itself, in which the seal is empty.
func (r *Record) sealed() ([]byte, error) {
	r.Format, r.Seal = recordFormat, ""
	data, err := r.json()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	r.Seal = hex.EncodeToString(sum[:])
	return r.json()
}

func (r *Record) json() ([]byte, error) {
	var b bytes.Buffer
	err := jsonfile.Write(&b, r)
	return b.Bytes(), err
}
