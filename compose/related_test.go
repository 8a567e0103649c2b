package compose

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

// TestManifestOfClasses holds the embedded manifest to what it promises.
func TestManifestOfClasses(t *testing.T) {
	all, err := ImageNetTriplets()
	if err != nil {
		t.Fatal(err)
	}
	relations, kinds, ids, pairs := map[string]int{}, map[string]int{}, map[string]bool{}, map[string][2]int{}
	for _, c := range all {
		relations[c.Relation]++
		kinds[c.Distractor]++
		pair := [2]int{min(c.Target, c.Related), max(c.Target, c.Related)}
		if other, known := pairs[c.Cluster]; known && other != pair {
			t.Errorf("cluster %s holds two pairs", c.Cluster)
		}
		pairs[c.Cluster] = pair
		if ids[c.ID] || c.Target == c.Related || len(c.Candidates) < 8 || slices.Contains(c.Candidates, c.Target) || slices.Contains(c.Candidates, c.Related) {
			t.Errorf("triplet %+v", c)
		}
		ids[c.ID] = true
	}
	if diff := cmp.Diff(map[string]int{stimuli.Taxonomic: 500, stimuli.Thematic: 500}, relations); diff != "" {
		t.Errorf("relations (-want +got):\n%s", diff)
	}
	if min(kinds[stimuli.ShapeMatched], kinds[stimuli.ColourMatched], kinds[stimuli.RandomChoice]) < 300 {
		t.Errorf("kinds %v", kinds)
	}
}

// classFolder holds n noisy pictures of each of some classes; those of one
// class share a colour.
func classFolder(n int, classes ...int) fstest.MapFS {
	random := rand.New(rand.NewPCG(1, 2))
	folder := fstest.MapFS{}
	for _, class := range classes {
		hue := color.RGBA{uint8(random.IntN(256)), uint8(random.IntN(256)), uint8(random.IntN(256)), 255}
		for i := range n {
			img := image.NewRGBA(image.Rect(0, 0, 24, 24))
			for p := range 24 * 24 {
				img.Set(p%24, p/24, hue)
				if random.IntN(4) == 0 {
					img.Set(p%24, p/24, color.Gray{uint8(random.IntN(256))})
				}
			}
			var b bytes.Buffer
			if err := png.Encode(&b, img); err != nil {
				panic(err)
			}
			folder[fmt.Sprintf("%s/%d.png", imagenet.Classes()[class].WNID, i)] = &fstest.MapFile{Data: b.Bytes(), Mode: 0o644}
		}
	}
	return folder
}

// fillSmall fills triplets of classes with five folders of small pictures, one
// of which cannot be decoded; two of the triplets lack a picture.
func fillSmall(t *testing.T) *Filled {
	t.Helper()
	triplets := []ClassTriplet{
		{ID: "s", Target: 1, Related: 2, Relation: stimuli.Taxonomic, Distractor: stimuli.ShapeMatched, Candidates: []int{3, 4, 5}, Cluster: "one"},
		{ID: "c", Target: 2, Related: 1, Relation: stimuli.Taxonomic, Distractor: stimuli.ColourMatched, Candidates: []int{3, 4, 5}, Cluster: "one"},
		{ID: "r", Target: 1, Related: 2, Relation: stimuli.Taxonomic, Distractor: stimuli.RandomChoice, Candidates: []int{3, 4, 5}, Cluster: "one"},
		{ID: "gone", Target: 1, Related: 9, Relation: stimuli.Thematic, Distractor: stimuli.RandomChoice, Candidates: []int{3}},
		{ID: "bare", Target: 1, Related: 2, Relation: stimuli.Thematic, Distractor: stimuli.RandomChoice, Candidates: []int{8}},
	}
	folder := classFolder(3, 1, 2, 3, 4, 5)
	folder["n01440764/broken.png"] = &fstest.MapFile{Data: []byte("no picture")}
	f, err := Fill(context.Background(), FillConfig{Pictures: folder, Triplets: triplets, Store: feature.NewStore(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFill(t *testing.T) {
	f := fillSmall(t)
	if len(f.Triplets) != 3 {
		t.Fatalf("want 3 triplets, got %+v; rejected %+v", f.Triplets, f.Rejected)
	}
	var why []string
	for _, r := range f.Rejected {
		why = append(why, r.Name+": "+r.Why)
	}
	for _, want := range []string{"n01440764/broken.png: cannot be decoded", "gone: there is no picture of", "bare: there is no picture left"} {
		if !slices.ContainsFunc(why, func(w string) bool { return strings.HasPrefix(w, want) }) {
			t.Errorf("no reason begins with %s: %q", want, why)
		}
	}
	for i, kind := range []int{0, 1} { // a matched distractor is the most alike of all that the triplet could have had
		similarity, tr := f.looks.similarity(kind), f.Triplets[i]
		for p := range f.pictures {
			if slices.Contains(tr.Candidates, f.pictures[p].label) && p != f.Triplets[0].Pictures[2] && similarity(tr.Pictures[0], p) > similarity(tr.Pictures[0], tr.Pictures[2]) {
				t.Errorf("%s: %s is more alike than the distractor", tr.ID, f.pictures[p].path)
			}
		}
	}
	if a, b := f.Triplets[0].Pictures[0], f.Triplets[2].Pictures[0]; a == b {
		t.Error("a class with three pictures shows the same one again")
	}
}

// TestFilledSet proves that a filled set reads back, is made again of the same
// bytes, and replaces only a set that was filled.
func TestFilledSet(t *testing.T) {
	f := fillSmall(t)
	out := filepath.Join(t.TempDir(), "set")
	if err := f.Write(out); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(out, "triplets.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := fillSmall(t).Write(out); err != nil {
		t.Fatalf("a filled set is not replaced: %v", err)
	}
	if again, err := os.ReadFile(filepath.Join(out, "triplets.csv")); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same pictures made another set, error %v", err)
	}
	s, err := stimuli.Read(os.DirFS(out), nil, stimuli.Options{})
	if err != nil || len(s.Triplets) != 3 || s.Triplets[1].Distractor != stimuli.ColourMatched || s.Triplets[0].Tags["cluster"] != "one" {
		t.Errorf("reads back as %+v, error %v", s, err)
	}
	if err := f.Write(t.TempDir()); err != nil {
		t.Errorf("into an empty folder: %v", err)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "thesis.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(other); !errors.Is(err, errExists) {
		t.Errorf("over something else: error %v, want errExists", err)
	}
}

func TestFillWithoutPictures(t *testing.T) {
	for want, folder := range map[string]fstest.MapFS{
		"no picture is labelled by a WordNet id": {"dogs/1.png": &fstest.MapFile{Data: []byte("x")}},
		"none of 1 triplets has its pictures":    classFolder(1, 7),
	} {
		_, err := Fill(context.Background(), FillConfig{Pictures: folder, Triplets: []ClassTriplet{{ID: "a", Target: 1, Related: 2, Candidates: []int{3}}}, Store: feature.NewStore(t.TempDir())})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// TestADistractorServesOnce: a class of two pictures is the distractor of two
// triplets, and the third has none.
func TestADistractorServesOnce(t *testing.T) {
	var triplets []ClassTriplet
	for _, id := range []string{"a", "b", "c"} {
		triplets = append(triplets, ClassTriplet{ID: id, Target: 1, Related: 2, Distractor: stimuli.ShapeMatched, Candidates: []int{3}})
	}
	f, err := Fill(context.Background(), FillConfig{Pictures: classFolder(2, 1, 2, 3), Triplets: triplets, Store: feature.NewStore(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Triplets) != 2 || f.Triplets[0].Pictures[2] == f.Triplets[1].Pictures[2] || len(f.Rejected) != 1 {
		t.Errorf("triplets %+v, rejected %+v", f.Triplets, f.Rejected)
	}
}
