package report

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// photoRun has three photographs of its own for each triplet: those of the
// ImageNet sample in turn, with a few bytes behind them that no decoder reads.
func photoRun(b *testing.B, models, triplets int) (*record.Run, fstest.MapFS) {
	b.Helper()
	photos, err := filepath.Glob("../../../shared/images/imagenet-sample/*/*")
	if more, _ := filepath.Glob("../../../shared/images/imagenet-sample/*.[jJ]*"); err != nil || len(photos)+len(more) == 0 {
		b.Skip("needs ../shared/images/imagenet-sample")
	} else {
		photos = append(photos, more...)
	}
	files, random := fstest.MapFS{}, rand.New(rand.NewPCG(1, 1))
	set := &stimuli.Set{Name: "photographs"}
	for i := range 3 * triplets {
		data, err := os.ReadFile(photos[i%len(photos)])
		if err != nil {
			b.Fatal(err)
		}
		data = binary.BigEndian.AppendUint32(data, uint32(i))
		name := fmt.Sprintf("%04d.jpg", i)
		files[name] = &fstest.MapFile{Data: data}
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: name, Label: fmt.Sprintf("object %d", i), Hash: sha256.Sum256(data)})
	}
	for i := range triplets {
		set.Triplets = append(set.Triplets, stimuli.Triplet{
			ID: fmt.Sprintf("t%04d", i), Target: set.Pictures[3*i], Related: set.Pictures[3*i+1], Unrelated: set.Pictures[3*i+2],
			RatingRelated: 4 + random.NormFloat64(), RatingUnrelated: 2 + random.NormFloat64(),
			Relation: []string{stimuli.Taxonomic, stimuli.Thematic}[i%2], Distractor: []string{stimuli.ShapeMatched, stimuli.ColourMatched}[i/2%2],
		})
	}
	run := &record.Run{Set: record.SetInfo{Name: set.Name, Triplets: triplets, Pictures: len(set.Pictures)}, Settings: record.Settings{Similarity: "cosine", Credit: match.HalfCredit, Level: .95}, Stimuli: set}
	for i := range models {
		run.Models = append(run.Models, record.Model{
			Card:    model.Card{Name: fmt.Sprintf("network-%02d", i), Kind: model.Trained},
			Choices: drawnChoices(set.Triplets, random, .01*float64(i), .1, .5, .1),
		})
	}
	return run, files
}

// BenchmarkPage measures a page's size, and how long Chromium takes until its
// triplets can be browsed.
func BenchmarkPage(b *testing.B) {
	for _, c := range []struct{ models, triplets int }{{14, 400}, {20, 1000}} {
		b.Run(fmt.Sprintf("models=%d/triplets=%d", c.models, c.triplets), func(b *testing.B) {
			run, files := photoRun(b, c.models, c.triplets)
			statistics, err := record.Analyse(run, stats.Options{Resamples: 19, Seed: 1})
			if err != nil {
				b.Fatal(err)
			}
			html := written(b, Input{Run: run, Summary: record.Summarise(run, statistics), Statistics: statistics, Pictures: page.Pictures{Files: files}})
			var ready float64
			for b.Loop() {
				t := openTab(b, html, "")
				ready = ask[float64](t, "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") // its listeners have run
			}
			b.ReportMetric(float64(len(html))/1e6, "MB")
			b.ReportMetric(ready/1e3, "s-to-ready")
		})
	}
}
