package akin

import (
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/page/report"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

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

// OpenRecord reads a run back from dir with its statistics. Pictures are those of the folder given or, where that is empty, of the set
// that the record names. Those that are not what the run saw are Missing.
func (h Home) OpenRecord(dir, pictures string) (*Evaluation, error) {
	run, err := record.Load(dir)
	if err != nil {
		return nil, err
	}
	resampling, err := run.Resampling(dir)
	if err != nil {
		return nil, err
	}
	statistics, err := run.Analysis(dir, resampling)
	if err != nil {
		return nil, err
	}
	files, err := h.openPictures(run, pictures)
	if err != nil && pictures != "" {
		return nil, fmt.Errorf("the folder of pictures: %w", err)
	}
	e := &Evaluation{Run: run, Statistics: statistics, Pictures: files, home: h}
	if err != nil {
		all := len(report.Pictures(run))
		e.Missing = &page.MissingPictures{Missing: all, All: all, First: err}
	} else {
		e.Missing = report.CheckPictures(run, files)
	}
	return e, nil
}

// analyse computes the statistics from the choices.
func (e *Evaluation) analyse(o stats.Options) (err error) {
	e.Statistics, err = record.Analyse(e.Run, o)
	return err
}

// resampling is that of the statistics.
func (e *Evaluation) resampling() stats.Options {
	return stats.Options{Seed: e.Statistics.Seed, Resamples: e.Statistics.Resamples}
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

// Rewrite computes and writes anew what follows from the record in dir: summary,
// statistics and report.html.
func (e *Evaluation) Rewrite(dir string) error {
	if err := e.analyse(e.resampling()); err != nil {
		return err
	}
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
func (e *Evaluation) Recheck() error {
	changed, err := recheck(e.Run, e.home.Archive().Latest)
	if err != nil || !changed {
		return err
	}
	return e.analyse(e.resampling()) // their warnings name the networks that were not checked
}

// recheck reports whether the outcome of any network changed.
func recheck(run *record.Run, latest func(card model.Card, hash, recipeDigest string) (*classify.Check, error)) (changed bool, err error) {
	for i := range run.Models {
		m := &run.Models[i]
		if m.Kind != model.Trained {
			continue
		}
		check, err := latest(m.Card, m.Hash, m.RecipeDigest)
		if err != nil {
			return changed, model.Named(m.Name, err)
		}
		if check != nil {
			before := m.CheckState()
			m.Check = check
			changed = changed || m.CheckState() != before
		}
	}
	return changed, nil
}

// Bridge joins how the run's models match with how they classify, as far as
// classify.Evaluate was called for them on this machine.
func (h Home) Bridge(run *record.Run, statistics record.Statistics) (classify.Bridge, error) {
	models := matched(run, statistics)
	evaluations, err := h.Archive().Shared(models)
	if err != nil {
		return classify.Bridge{}, err
	}
	return classify.NewBridge(models, evaluations, stats.Options{Seed: statistics.Seed, Resamples: statistics.Resamples})
}

// matched are the run's networks; their layers and other forms classify nothing.
func matched(run *record.Run, statistics record.Statistics) []classify.Matched {
	var list []classify.Matched
	summary := record.Summarise(run, statistics)
	for _, i := range run.Networks() {
		m := run.Models[i]
		list = append(list, classify.Matched{
			Model: m.Name, Family: m.Family, Card: m.Card, Hash: m.Hash, RecipeDigest: m.RecipeDigest,
			Trained: m.Kind == model.Trained, Matching: classify.Matching(summary.Models[i].Figures),
		})
	}
	return list
}
