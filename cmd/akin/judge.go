package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

// otherTask is the error that a set is of another task than triplets, nil for any
// other.
func otherTask(err error) *stimuli.TaskError {
	var task *stimuli.TaskError
	if errors.As(err, &task) && task.Want == stimuli.Related {
		return task
	}
	return nil
}

// judge is evaluate for sets of other tasks than triplets.
func (c *console) judge(ctx context.Context, config akin.Config, o runOptions, on *onCluster) (computed, error) {
	progress := newProgress(c.err)
	config.Home, config.Progress, config.Command = c.home, progress.show, commandLine(config)
	j, err := akin.Judge(ctx, config)
	progress.finish()
	on.finish()
	if err != nil {
		return computed{}, err
	}
	j.Run.Machine.Workers = on.workers()
	j.CSV = o.csv
	return computed{j.Run.Run, on.summary(progress.summary()), j.Write, func() error {
		if c.asJSON {
			return c.printJSON(j.Statistics)
		}
		_, err := fmt.Fprint(c.prose(), words.Judged(j.Statistics, j.Run.Models, c.width()), words.JudgedCurves(j.Statistics, c.width()))
		return err
	}}, nil
}

// rewriteJudged is report for runs of other tasks than triplets.
func (c *console) rewriteJudged(dir, pictures string) error {
	j, err := c.home.OpenJudged(dir, pictures)
	if err != nil {
		return err
	}
	s := j.Statistics
	if j.Statistics, err = judged.Analyse(j.Run, stats.Options{Seed: s.Seed, Resamples: s.Resamples}); err != nil {
		return err
	}
	return j.Rewrite(dir)
}
