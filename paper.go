package akin

import (
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/paper"
	"github.com/akin-vision/akin/record"
)

// Paper makes the paper's figures and tables from a run's record, with the
// accuracies that classify.Evaluate kept on this machine. pictures is the folder of
// the set's pictures; where it is empty, they are sought where the run found them,
// and the figures note what they lack.
func (h Home) Paper(run *record.Run, statistics record.Statistics, pictures string, o paper.Options) (*paper.Paper, error) {
	evaluations, err := h.Archive().Shared(matched(run, statistics))
	if err != nil {
		return nil, err
	}
	o.Measured = map[string]paper.Measured{}
	for model, e := range evaluations {
		o.Measured[model] = paper.Measured{Pictures: e.Pictures, Top1: e.Top1}
	}
	if o.Pictures, err = h.paperPictures(run, pictures); err != nil {
		return nil, err
	}
	return paper.New(run, statistics, o)
}

// paperPictures leads into the folder given, or into that of the run's set; nil
// where that one is no longer there.
func (h Home) paperPictures(run *record.Run, folder string) (fs.FS, error) {
	pictures, err := h.openPictures(run, folder)
	switch {
	case err == nil:
		return pictures, nil
	case folder != "":
		return nil, fmt.Errorf("the folder of pictures: %w", err)
	}
	return nil, nil
}
