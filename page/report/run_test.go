package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// syntheticRun has triplets over twice as many pictures (the last of them are
// shared) and five models: better than chance, barely so, untrained, baselines.
func syntheticRun(t *testing.T, triplets int) (*record.Run, fstest.MapFS) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	files := fstest.MapFS{}
	pictures := make([]*stimuli.Picture, 2*triplets+1)
	for i := range pictures {
		name := fmt.Sprintf("pictures/object-%03d.png", i)
		data := drawnPicture(t, i)
		files[name] = &fstest.MapFile{Data: data}
		pictures[i] = &stimuli.Picture{Path: name, Label: fmt.Sprintf("object %d", i), Hash: sha256.Sum256(data), Bytes: int64(len(data))}
	}
	set := &stimuli.Set{Name: "synthetic", Version: "1", Title: "Drawn shapes", Pictures: pictures, Digest: strings.Repeat("ab", 32)}
	relations := []string{stimuli.Taxonomic, stimuli.Thematic}
	distractors := []string{stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice}
	for i := range triplets {
		target, related, unrelated := pictures[2*i], pictures[2*i+1], pictures[(2*i+7)%len(pictures)]
		set.Triplets = append(set.Triplets, stimuli.Triplet{
			ID: fmt.Sprintf("t%03d", i), Target: target, Related: related, Unrelated: unrelated,
			TargetLabel: target.Label, RelatedLabel: related.Label, UnrelatedLabel: unrelated.Label,
			RatingRelated: math.NaN(), RatingUnrelated: math.NaN(),
			Relation: relations[i%2], Distractor: distractors[i%3],
		})
	}
	run := &record.Run{
		Akin:     "0.1.0",
		Set:      record.SetInfo{Name: set.Name, Version: set.Version, Title: set.Title, Licence: "CC0", Citation: "nobody (2026)", Digest: set.Digest, Triplets: triplets, Pictures: len(pictures)},
		Settings: record.Settings{Similarity: "cosine", Credit: match.HalfCredit, Level: 0.95, Decoder: "akin-rgb/1"},
		Machine:  record.Machine{System: "linux/amd64", CPUs: 2, Go: "go1.26"},
		Command:  []string{"akin", "run", "synthetic set"},
		Warnings: []string{"5 pictures serve several triplets"},
		Stimuli:  set,
	}
	for _, m := range []struct {
		name, kind    string
		gain, spread  float64
		base, between float64
	}{
		{"good-net", model.Trained, 0.16, 0.12, 0.5, 0.10},
		{"weak-net", model.Trained, 0.03, 0.10, 0.55, 0.12},
		{"untrained-net", model.Untrained, 0.001, 0.008, 0.97, 0.01},
		{"pixels", model.NoNetwork, 0.02, 0.25, 0.1, 0.2},
		{"edges", model.NoNetwork, 0.04, 0.15, 0.3, 0.1},
	} {
		run.Models = append(run.Models, record.Model{
			Card: model.Card{Name: m.name, Title: "synthetic " + m.name, Kind: m.kind, Licence: "Apache-2.0", Source: "drawn at random"},
			Hash: strings.Repeat("cd", 32), RecipeDigest: strings.Repeat("ef", 32), Node: "features", Dim: 256, Engine: "none",
			Choices: drawnChoices(set.Triplets, random, m.gain, m.spread, m.base, m.between),
		})
	}
	return run, files
}

func drawnChoices(triplets []stimuli.Triplet, random *rand.Rand, gain, spread, base, between float64) []match.Choice {
	choices := make([]match.Choice, len(triplets))
	for i := range triplets {
		level := base + between*random.NormFloat64()
		if triplets[i].Relation == stimuli.Thematic {
			level -= gain / 2
		}
		choices[i] = match.Choice{
			Triplet:   &triplets[i],
			Related:   max(-1, min(1, level+gain+spread/2*random.NormFloat64())),
			Unrelated: max(-1, min(1, base+spread/2*random.NormFloat64())),
		}
	}
	return choices
}

// drawnPicture is a disc whose colour, size and shape depend on i.
func drawnPicture(t *testing.T, i int) []byte {
	t.Helper()
	width, height := 180+i%40, 120+i%90
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	ink := color.NRGBA{uint8(40 + i*37%200), uint8(40 + i*59%200), uint8(40 + i*83%200), 255}
	for y := range height {
		for x := range width {
			if math.Hypot(float64(x-width/2), float64(y-height/2)*(1+float64(i%3))) < float64(30+i%25) {
				img.SetNRGBA(x, y, ink)
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// analysed is the run's statistics, with few resamples.
func summarised(t *testing.T, run *record.Run) record.Summary {
	t.Helper()
	return record.Summarise(run, analysed(t, run))
}

func analysed(t *testing.T, run *record.Run) record.Statistics {
	t.Helper()
	s, err := record.Analyse(run, stats.Options{Resamples: 99, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writePage(t *testing.T, run *record.Run, files fs.FS) string {
	t.Helper()
	return written(t, Input{Run: run, Summary: summarised(t, run), Statistics: analysed(t, run), Pictures: page.Pictures{Files: files}})
}

// written is the page as a file has it.
func written(t testing.TB, in Input) string {
	t.Helper()
	p, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	return browser.Text(t, p)
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// dataOf reads the page's data back.
func dataOf(t *testing.T, doc *goquery.Document) pageData {
	t.Helper()
	var d pageData
	if err := json.Unmarshal([]byte(doc.Find("#data").Text()), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// richRun is a run with ratings, posteriors and failures.
func richRun(t *testing.T, triplets int) (*record.Run, fs.FS) {
	run, files := syntheticRun(t, triplets)
	set := run.Stimuli
	run.Models[0].Posteriors = map[stimuli.Hash][]classify.Guess{}
	for i, p := range set.Pictures {
		run.Models[0].Posteriors[p.Hash] = []classify.Guess{{Name: fmt.Sprintf("class %d", i%7), Probability: .6}, {Name: "tench", Probability: .2}}
	}
	for i := range set.Triplets {
		set.Triplets[i].RatingRelated, set.Triplets[i].RatingUnrelated = 4+math.Sin(float64(i)), 2+math.Cos(float64(i))
	}
	run.Failures = []record.FailureTable{{
		Model: "good-net", Pictures: 20,
		Failures: []classify.Failure{{Prediction: classify.Prediction{
			Path: "castle.jpg", Rank: 18, Truth: classify.Guess{Name: "castle", Probability: .0019},
			Top: []classify.Guess{{Name: "palace", Probability: .51}, {Name: "monastery", Probability: .2}}}}},
	}}
	return run, files
}
