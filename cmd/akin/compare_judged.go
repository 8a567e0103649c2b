package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/words"
)

// compareJudged compares the models of runs on one set of another task than triplets.
func (c *console) compareJudged(dirs []string, asked comparison) error {
	if asked.margin != 0 || asked.independent {
		return usageError{errors.New("akin compare: --margin and --independent are for runs of triplets; leave them out")}
	}
	var runs []*judged.Run
	var recorded stats.Options // of the first
	for i, dir := range dirs {
		run, resampled, err := judged.Load(dir)
		if err != nil {
			return err
		}
		if runs = append(runs, run); i == 0 {
			recorded = resampled
		}
	}
	joined, err := judged.Join(runs, dirs)
	if err != nil {
		return err
	}
	s, err := judged.Analyse(joined, asked.resampling.over(recorded))
	if err != nil {
		return err
	}
	names := joined.ModelNames()
	for flag, name := range map[string]string{"--a": asked.a, "--b": asked.b, "--baseline": asked.baseline} {
		given := name != "" || flag != "--baseline" && asked.a+asked.b != ""
		if given && !slices.Contains(names, name) {
			return usageError{fmt.Errorf("akin compare: %s %q is no model of these runs; they have %s", flag, name, strings.Join(names, ", "))}
		}
	}
	if asked.a != "" {
		s.Keep(asked.a, asked.b)
	}
	if asked.baseline != "" {
		s.Against(asked.baseline)
	}
	return c.showText(s, words.Judged(s, joined.Models, c.width()))
}
