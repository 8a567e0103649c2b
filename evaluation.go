package akin

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/page/report"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// PageFile is the name of a record's page.
const PageFile = report.PageFile

// Evaluation is a run, what its choices say, and the way to its pictures.
type Evaluation struct {
	Run        *record.Run
	Statistics record.Statistics
	Pictures   fs.FS // that the set's picture paths lead into; nil where they were not found

	// Missing are pictures of a run that was read back and that are gone or changed;
	// nil where there are none.
	Missing *page.MissingPictures

	home Home
}

// OpenRecord reads a run back from dir, its statistics resampled as the record
// says. Pictures are those of the folder given or, where that is empty, of the set
// that the record names. Those that are not what the run saw are Missing.
func (h Home) OpenRecord(dir, pictures string) (*Evaluation, error) {
	run, err := record.Load(dir)
	if err != nil {
		return nil, err
	}
	resampling, err := run.Resampling(dir)
	if errors.Is(err, fs.ErrNotExist) {
		resampling, err = stats.Options{Seed: record.StandardSeed}, nil
	}
	if err != nil {
		return nil, err
	}
	files, err := h.openPictures(run, pictures)
	if err != nil && pictures != "" {
		return nil, fmt.Errorf("the folder of pictures: %w", err)
	}
	e, analyseErr := h.newEvaluation(run, files, resampling)
	if analyseErr != nil {
		return nil, analyseErr
	}
	if err != nil {
		all := len(report.Pictures(run))
		e.Missing = &page.MissingPictures{Missing: all, All: all, First: err}
	} else {
		e.Missing = report.CheckPictures(run, files)
	}
	return e, nil
}

func (h Home) newEvaluation(run *record.Run, pictures fs.FS, o stats.Options) (*Evaluation, error) {
	statistics, err := record.Analyse(run, o)
	if err != nil {
		return nil, err
	}
	return &Evaluation{Run: run, Statistics: statistics, Pictures: pictures, home: h}, nil
}

// Summary holds each model's error, AUC and intervals, over all triplets and by
// relation and distractor.
func (e *Evaluation) Summary() record.Summary { return record.Summarise(e.Run, e.Statistics) }

// Write writes the record into dir: choices, summary, statistics and report.html,
// run.json last. Each file replaces its predecessor whole; a folder that holds
// anything but a run is refused.
func (e *Evaluation) Write(dir string) error {
	return e.Run.Write(dir, e.Statistics, e.page())
}

// Rewrite writes anew what follows from the record in dir: summary, statistics
// and report.html.
func (e *Evaluation) Rewrite(dir string) error {
	return e.Run.Rebuild(dir, e.Statistics, e.page())
}

func (e *Evaluation) page() record.File {
	return report.File(report.Input{
		Run: e.Run, Summary: e.Summary(), Statistics: e.Statistics,
		Pictures: page.Pictures{Files: e.Pictures, Thumbnails: e.home.thumbnails()},
	})
}

// Recheck gives the run's networks today's outcome of the gate in place of the
// recorded one, where this machine has one: they may have been checked since.
func (e *Evaluation) Recheck() error { return recheck(e.Run, e.home.Archive().Latest) }

func recheck(run *record.Run, latest func(card model.Card, hash, recipeDigest string) (*classify.Check, error)) error {
	for i := range run.Models {
		m := &run.Models[i]
		if m.Kind != model.Trained {
			continue
		}
		check, err := latest(m.Card, m.Hash, m.RecipeDigest)
		if err != nil {
			return fmt.Errorf("model %s: %w", m.Name, err)
		}
		if check != nil {
			m.Check = check
		}
	}
	return nil
}

// Bridge joins how the run's models match with how they classify, as far as
// classify.Evaluate was called for them on this machine.
func (h Home) Bridge(run *record.Run, o stats.Options) (classify.Bridge, error) {
	statistics, err := record.Analyse(run, o)
	if err != nil {
		return classify.Bridge{}, err
	}
	models := matched(run, statistics)
	evaluations, err := h.Archive().Shared(models)
	if err != nil {
		return classify.Bridge{}, err
	}
	return classify.NewBridge(models, evaluations, o)
}

// matched are the run's networks; their layers and other forms classify nothing.
func matched(run *record.Run, statistics record.Statistics) []classify.Matched {
	var list []classify.Matched
	summary := record.Summarise(run, statistics)
	for _, i := range run.Networks() {
		m := run.Models[i]
		list = append(list, classify.Matched{
			Model: m.Name, Family: m.Family, Hash: m.Hash, RecipeDigest: m.RecipeDigest,
			Trained: m.Kind == model.Trained, Matching: classify.Matching(summary.Models[i].Figures),
		})
	}
	return list
}
