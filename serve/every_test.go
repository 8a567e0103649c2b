package serve

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/png"
	"math"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/internal/testtask"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/page/failures"
	"github.com/akin-vision/akin/page/gallery"
	"github.com/akin-vision/akin/page/heat"
	"github.com/akin-vision/akin/page/learned"
	"github.com/akin-vision/akin/page/report"
	"github.com/akin-vision/akin/page/review"
	"github.com/akin-vision/akin/page/tasks"
	"github.com/akin-vision/akin/paper"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// everyPage is one of each kind of page that akin makes, but for those of a study,
// with a namer's texts in it.
func everyPage(t *testing.T, say namer) map[string][]byte {
	t.Helper()
	r := recordedAs(t, say, "run", "one", "m")
	write := func(p page.Page, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return []byte(browser.Text(t, p))
	}
	from := page.Pictures{Files: r.Pictures}
	labelled := say.files(fstest.MapFS{"castle.png": {Data: drawn(t, 9, 9)}})
	failed := classify.FailureTable{Model: "m", Failures: []classify.Failure{{Prediction: classify.Prediction{Path: "castle.png", Rank: 2, Truth: classify.Guess{Name: "castle", WNID: "n02980441"}, Top: []classify.Guess{{Name: "palace", WNID: "n03877845", Probability: .6}}}}}}
	table := paper.Table{Name: "t", Caption: "a table", Header: []string{"a", "b"}, Rows: [][]string{{"1", "2"}}, Notes: []string{"a note"}}
	shown := review.Content{Set: "s", Triplets: []review.Triplet{{Target: "a", Related: "b", Unrelated: "c", Sources: [3]string{"a.png", "a.png", "a.png"}, Labels: [3]string{"a", "b", "c"}}}, Decisions: [3]string{"keep", "refuse", "drop"}}
	change := stats.Relative{Model: "blend", ErrorDifference: -.1, Interval: stats.Interval{Low: -.2}, P: .5, Holm: 1}
	rows := []record.ChangeGroup{{Triplets: 6, Features: .5, Rows: []record.Change{{Space: "blend", Role: record.SpaceRole, Error: .4, Change: change, Against: "features"}}}}
	trial := &learn.Record{Results: []*learn.Result{{Model: "m", Test: "other", Validated: rows, Transfer: rows}}}
	for _, x := range r.Run.Stimuli.Triplets {
		trial.Results[0].Cases = append(trial.Results[0].Cases, record.Case{ID: x.ID, Mended: true, Seen: [3]string{"saw", "log", "boat"}})
	}
	for _, input := range []any{&failed, &table, &shown, trial} {
		say.rename(input)
	}
	tableText, err := table.HTML()
	if err != nil {
		t.Fatal(err)
	}
	served := site(t, r, recordedAs(t, say, "other", "two", "m"))
	pages := map[string][]byte{
		"report":       write(report.New(report.Input{Run: r.Run, Summary: record.Summarise(r.Run, r.Statistics), Pictures: from})),
		"gallery":      write(gallery.New(r.Run.Stimuli, from)),
		"failures":     write(failures.New(failed, labelled)),
		"judge":        write(failures.NewJudge(failed.Model, failed.Failures, classify.Rule{}, labelled)),
		"review":       write(review.New(shown), nil),
		"paper table":  tableText,
		"heat map":     write(heat.New(mapped(say))),
		"learned":      write(learned.New(trial, r.Run.Stimuli, from), nil),
		"served index": get(served, "GET", "localhost:1", "/").Body.Bytes(),
		"served run":   get(served, "GET", "localhost:1", "/1/").Body.Bytes(),
	}
	for _, task := range []stimuli.Task{stimuli.OddOneOut, stimuli.Votes, stimuli.Matrix} {
		pages[string(task)] = write(taskPage(t, say, task), nil)
	}
	return pages
}

func drawn(t *testing.T, width, height int) []byte {
	t.Helper()
	var data bytes.Buffer
	if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// taskPage is the page of a run on ten pictures with judgements of a task.
func taskPage(t *testing.T, say namer, task stimuli.Task) page.Page {
	t.Helper()
	set, files := &stimuli.Set{Name: "x", Task: task}, fstest.MapFS{}
	for i := range 10 {
		data := drawn(t, 5+i, 5)
		path := fmt.Sprintf("%d.png", i)
		files[path] = &fstest.MapFile{Data: data}
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: path, Label: "thing", Category: []string{"animal", "tool"}[i%2], Hash: sha256.Sum256(data)})
	}
	testtask.Judge(set, 40)
	run := &judged.Run{Pairs: judged.NewPairs(set)}
	run.Run = testtask.Run(set, len(run.Pairs.List), "one", "two")
	say.rename(run.Run)
	s, err := judged.Analyse(run, stats.Options{Resamples: 49, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return tasks.New(run, s, page.Pictures{Files: say.files(files)})
}

// mapped is a board of two sets and two models, one of which was not run on the second.
func mapped(say namer) board.Board {
	cell := board.HeatCell{Value: .2, Interval: stats.Interval{Low: .1, High: .3}, Share: .6, Told: true}
	none := board.HeatCell{Value: stats.Number(math.NaN()), Interval: stats.Interval{Low: math.NaN(), High: math.NaN()}, Share: stats.Number(math.NaN())}
	b := board.Board{
		Sets: []board.Set{{Name: "one", Triplets: 50}, {Name: "two", Triplets: 50}},
		Heat: &board.Heat{
			Sets: []board.HeatSet{{Set: "one", Task: stimuli.Related, Chance: .5}, {Set: "two", Task: stimuli.Related, Chance: .5}},
			Rows: []board.HeatRow{{Model: "good", Cells: []board.HeatCell{cell, cell}}, {Model: "poor", Cells: []board.HeatCell{cell, none}}},
		},
		Cards: make([]board.Card, 1),
	}
	say.rename(&b)
	return b
}
