package akin

import (
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/paper"
	"github.com/akin-vision/akin/record"
)

// PaperConfig says what the figures of a run show. Its zero value, but for
// Home, is useful.
type PaperConfig struct {
	Home     Home
	Cases    int    // triplets of each gallery and section; 0: 6
	Model    string // of the figures about one model; empty: the best
	Pictures string // folder of the pictures; empty: where the run found its set
}

// NewPaper makes the paper's figures and tables from a run's record, with the
// set's pictures where they are still to be found, and the accuracies that
// classify.Evaluate kept on this machine.
func NewPaper(c PaperConfig, run *record.Run, statistics record.Statistics) (*paper.Paper, error) {
	evaluations, err := c.Home.Archive().Shared(matched(run, statistics))
	if err != nil {
		return nil, err
	}
	measured := map[string]paper.Measured{}
	for model, e := range evaluations {
		measured[model] = paper.Measured{Pictures: e.Pictures, Top1: e.Top1}
	}
	pictures, err := c.pictures(run)
	if err != nil {
		return nil, err
	}
	return paper.New(run, statistics, paper.Options{Cases: c.Cases, Model: c.Model, Pictures: pictures, Measured: measured})
}

// pictures leads into the folder given, or into that of the run's set; nil where
// that one is no longer there: the figures note what they lack.
func (c PaperConfig) pictures(run *record.Run) (fs.FS, error) {
	pictures, err := c.Home.openPictures(run, c.Pictures)
	switch {
	case err == nil:
		return pictures, nil
	case c.Pictures != "":
		return nil, fmt.Errorf("the folder of pictures: %w", err)
	}
	return nil, nil
}
