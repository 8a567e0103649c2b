package akin

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/paper"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
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
// akin imagenet eval kept in the cache.
func NewPaper(c PaperConfig, run *Run, statistics record.Statistics) (*paper.Paper, error) {
	bridge, err := NewBridge(c.Home, run, stats.Options{Resamples: 1})
	if err != nil && !errors.Is(err, errNotEvaluated) {
		return nil, err
	}
	measured := map[string]paper.Measured{}
	for _, row := range bridge.Rows {
		measured[row.Model] = paper.Measured{Pictures: row.Pictures, Top1: row.Top1}
	}
	pictures, err := c.pictures(run)
	if err != nil {
		return nil, err
	}
	return paper.New(run, statistics, paper.Options{Cases: c.Cases, Model: c.Model, Pictures: pictures, Measured: measured})
}

// pictures leads into the folder given, or into that of the set which the
// run's command names; nil where that one is no longer there.
func (c PaperConfig) pictures(run *Run) (fs.FS, error) {
	if c.Pictures != "" {
		folder, err := rooted(c.Pictures)
		if err != nil {
			return nil, fmt.Errorf("the folder of pictures: %w", err)
		}
		return folder, nil
	}
	if len(run.Command) < 3 {
		return nil, nil
	}
	_, pictures, err := c.Home.OpenSet(run.Command[2], stimuli.Options{})
	if err != nil {
		return nil, nil // the figures note what they lack, and how to give it
	}
	return pictures, nil
}
