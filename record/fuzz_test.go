package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

// FuzzLoad patches one file of a record, its hash left out: nothing brings load
// down, and what it accepts it writes again to a record that reads the same. Each
// execution tries the patch at 64 places, and the file cut off behind it. The patch is
// small, since Go tries for a minute to make a large input smaller.
func FuzzLoad(f *testing.F) {
	// An input makes a run and lets it go: collecting seldom is a third of its cost.
	f.Cleanup(func(percent int) func() { return func() { debug.SetGCPercent(percent) } }(debug.SetGCPercent(800)))
	files := written(f, tinyRun(), true)
	parsed, whole := &Run{}, &Run{}
	if err := errors.Join(json.Unmarshal(files[RunFile], parsed), json.Unmarshal(files[RunFile], whole), loadFrom(files, whole)); err != nil {
		f.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(files))
	for i := range names {
		f.Add(uint8(i), uint16(40), uint16(2), []byte(",\n"))
	}
	f.Add(uint8(5), uint16(0), uint16(0), []byte(" "))
	f.Fuzz(func(t *testing.T, which uint8, at, cut uint16, patch []byte) {
		content := maps.Clone(files)
		name := names[int(which)%len(names)]
		sound := files[name]
		for k := range 64 {
			from := (min(int(at), len(sound)) + 29*k) % (len(sound) + 1)
			patched := slices.Concat(sound[:from], patch, sound[min(from+int(cut), len(sound)):])
			for _, content[name] = range [][]byte{patched, patched[:from+len(patch)]} {
				if readAlone(whole, name, content[name]) == nil {
					checkLoad(t, content, name, parsed)
				}
			}
		}
	})
}

// readAlone reads one file beside what the others of a sound run hold. What it refuses
// load refuses, which reads them all; most inputs end here.
func readAlone(whole *Run, name string, data []byte) error {
	run, set := *whole, *whole.Stimuli
	run.Stimuli, run.Models, run.Layers, run.Failures = &set, slices.Clone(whole.Models), slices.Clone(whole.Layers), nil
	for i := range run.Models {
		run.Models[i].Posteriors = nil // a map, which reading fills
	}
	read := func(string) ([]byte, error) { return data, nil }
	l := &loader{dir: "run", read: read, run: &run, pictures: map[string]*stimuli.Picture{}}
	for _, p := range set.Pictures {
		l.pictures[p.Path] = p
	}
	switch name {
	case picturesFile:
		clear(l.pictures)
		return l.readPictures()
	case choicesFile:
		set.Triplets = nil
		return l.readChoices()
	case ratingsFile:
		return l.readRatings()
	case posteriorsFile:
		return l.readPosteriors()
	case failuresFile:
		return l.readFailures()
	case layersFile:
		return run.ReadLayers(l.dir, read, 2, len(set.Triplets))
	}
	return json.Unmarshal(data, &Run{})
}

// tinyRun has a little of all that a record keeps: an input of the fuzz target costs
// what the record's size does.
func tinyRun() *Run {
	set := &stimuli.Set{Name: "s", TagNames: []string{"hue"}}
	for _, name := range []string{"a", "b", "c"} {
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: name, Label: "l, \"q\"", Hash: stimuli.Hash{name[0]}})
	}
	p := set.Pictures
	set.Triplets = []stimuli.Triplet{{ID: "t", Target: p[0], Related: p[1], Unrelated: p[2], RatingRelated: 5, Relation: stimuli.Thematic, Tags: map[string]string{"hue": "x"}}}
	set.Judgements = []stimuli.Judgement{{Rater: "r", A: p[0], B: p[1], Scale: "1-7", Value: 4.5}}
	guess := classify.Guess{Class: 1, WNID: "n02980441", Name: "c", Probability: .5}
	m := Model{Card: model.Card{Name: "m", Kind: model.Trained}, Hash: "f", Node: "o",
		Choices:    []match.Choice{{Triplet: &set.Triplets[0], Related: .5, Unrelated: .25}},
		Posteriors: map[stimuli.Hash][]classify.Guess{p[0].Hash: {guess}}}
	return &Run{Akin: "a", Set: SetInfo{Name: "s", Triplets: 1}, Settings: Settings{Similarity: match.Cosine, Level: .95, Credit: match.HalfCredit}, Stimuli: set,
		Models: []Model{m}, Layers: []Layer{{Network: "m", Node: "p", Op: "Relu", Pooling: "avg", Depth: 1, Dim: 1, Values: [][]float64{{.5}, {.25}}}},
		Failures: []FailureTable{{Model: "m", Hash: "f", Pictures: 2, Failed: 1,
			Failures: []classify.Failure{{Prediction: classify.Prediction{Path: "a", Truth: guess, Rank: 2, Top: []classify.Guess{guess}}}}}}}
}

// written is a run's record in memory, with run.json or without.
func written(t testing.TB, r *Run, description bool) map[string][]byte {
	files, all := map[string][]byte{}, r.record()
	if description {
		all = append(all, File{RunFile, asJSON(r)})
	}
	for _, file := range all {
		var b bytes.Buffer
		if file.Write == nil {
			continue
		}
		if err := file.Write(&b); err != nil {
			t.Fatal(err)
		}
		files[file.Name] = b.Bytes()
	}
	return files
}

// checkLoad reads files of which one was changed; what is accepted and written again
// reads the same. parsed is the unchanged description.
func checkLoad(t *testing.T, files map[string][]byte, changed string, parsed *Run) {
	read, err := described(files, changed, parsed)
	if err != nil || loadFrom(files, read) != nil {
		return
	}
	again := written(t, read, changed == RunFile)
	second, err := described(again, changed, parsed)
	if err != nil {
		t.Fatal(err)
	}
	if err := loadFrom(again, second); err != nil {
		t.Fatalf("what was read and written does not read: %v", err)
	}
	if a, b := choices(read), choices(second); a != b {
		t.Errorf("the choices differ:\n%s", cmp.Diff(a, b))
	}
}

// described is a run of which run.json has been read. It is read again only where it was
// the changed file, for no other file changes it.
func described(files map[string][]byte, changed string, parsed *Run) (*Run, error) {
	if changed == RunFile {
		r := &Run{}
		return r, json.Unmarshal(files[RunFile], r)
	}
	r := *parsed
	r.Models, r.Layers = slices.Clone(parsed.Models), slices.Clone(parsed.Layers)
	return &r, nil
}

// loadFrom reads what stands beside a run's description, in memory.
func loadFrom(files map[string][]byte, r *Run) error {
	return r.load("run", func(name string) ([]byte, error) {
		if data, there := files[name]; there {
			return data, nil
		}
		return nil, fs.ErrNotExist
	})
}
