package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/words"
	"github.com/akin-vision/akin/zoo"
	"github.com/spf13/cobra"
)

// learnable are the spaces that learn tries, the default ones first. Association comes
// with its norms, Transform with its matrix.
var learnable = []space.Kind{space.Centred, space.ByWords, space.Blend, learn.Linear, learn.LowRank, space.Whitened, space.HubCorrected, space.Association, space.Transform}

// defaultSpaces is how many of these are tried where none is named.
const defaultSpaces = 4

// parseLearnable reads KIND, association:FILE or transform:FILE.
func parseLearnable(text string) (space.Spec, error) {
	kind, from, placed := strings.Cut(text, ":")
	s := space.Spec{Kind: space.Kind(kind), From: from}
	switch {
	case !slices.Contains(learnable, s.Kind):
		return s, fmt.Errorf("--space %s: use one of %s", text, kindNames(learnable))
	case s.Kind == space.Association && from == "":
		return s, fmt.Errorf("--space %s needs norms of free association, as association:FILE", text)
	case s.Kind == space.Transform && from == "":
		return s, fmt.Errorf("--space %s needs its file, as transform:FILE.npz", text)
	case s.Kind != space.Association && s.Kind != space.Transform && placed:
		return s, fmt.Errorf("--space %s: learn fits %s to the training triplets of each fold, not to another place", text, kind)
	}
	return s, nil
}

const learnHelp = `learn asks whether networks know better what belongs together when they are seen in
another space: centred, words, blend and others (see "akin run --help"), or linear
and low-rank, which learn from the triplets themselves: a weight for each feature,
or for the products of a few directions. Everything is fitted anew for each fold, to
triplets that share no picture and no concept (label) with those that are then
judged. Controls must fail: words shuffled among the classes, random vectors of the
same spectrum, and permuted labels.

--choose looks for the weight of words in blend and the penalty of linear and
low-rank, by parts of each fold's training triplets; what each fold chose is told.

--test names another set: all is fitted to SET and tried there, which is the result
that counts.

--record writes what was tried, with all hashes and figures, into a folder:
learn.json, and a page with figures and the triplets that changed.

--out writes one model, with one space fitted to the whole of SET appended to its
graph, as a network of its own with its card. Its features are the vectors in the
space, whatever runs it.`

func (c *console) learnCommand() *cobra.Command {
	var config akin.LearnConfig
	var spaces []string
	var out, folder string
	var force bool
	cmd := &cobra.Command{
		Use:   "learn SET",
		Short: "try spaces that know association, on triplets and sets that they have not seen",
		Long:  learnHelp,
		Example: `  akin learn everyday --model resnet50.onnx
  akin learn everyday --model resnet50.onnx --test my-set
  akin learn everyday --model resnet50.onnx --space blend --space low-rank --choose --record tried
  akin learn my-set --model resnet50.onnx --space blend --json
  akin learn my-set --model resnet50.onnx --space blend --out aligned.onnx`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			config.Set, config.Home = args[0], c.home
			for _, name := range spaces {
				s, err := parseLearnable(name)
				if err != nil {
					return usageError{err}
				}
				config.Spaces = append(config.Spaces, s)
			}
			for _, kind := range learnable[:defaultSpaces] {
				if len(spaces) == 0 {
					config.Spaces = append(config.Spaces, space.Spec{Kind: kind})
				}
			}
			if err := checkLearn(config, out, force); err != nil {
				return err
			}
			if folder != "" {
				if err := learn.Writable(folder, record.PageFile); err != nil {
					return err
				}
			}
			if err := c.learn(cmd, config, folder); err != nil || out == "" {
				return err
			}
			return c.align(cmd.Context(), config, out, force)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&config.Models, "model", nil, "name of a model, or an .onnx file with its card; repeatable")
	flags.StringArrayVar(&spaces, "space", nil, "space to try: "+kindNames(learnable)+"; repeatable (default: the first four)")
	flags.StringVar(&config.Test, "test", "", "set on which what was fitted to SET is tried")
	flags.StringVar(&config.Words, "words", "", "file of word vectors (default: inside akin)")
	flags.IntVar(&config.Folds, "folds", learn.Folds, "parts of the set that are left out in turn")
	flags.IntVar(&config.Repeats, "repeats", learn.Repeats, "times that the set is cut into folds anew")
	flags.BoolVar(&config.Choose, "choose", false, "choose weight and penalty within each fold, by its training triplets alone")
	flags.StringVar(&folder, "record", "", "write the record of the trial and its page into this folder")
	flags.StringVar(&out, "out", "", "write the model in the space, fitted to all of SET, as this .onnx with its card")
	flags.BoolVar(&force, "force", false, "replace an .onnx and card that are there")
	computeFlags(cmd, &config.Compute)
	statisticsFlags(cmd, &config.Options.Options)
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

// checkLearn refuses settings that contradict each other, and an output that is there.
func checkLearn(config akin.LearnConfig, out string, force bool) error {
	if config.Folds == 1 || config.Folds < 0 || config.Repeats < 0 {
		return usageError{fmt.Errorf("--folds is a number from 2, --repeats from 1")}
	}
	if out != "" && (len(config.Models) != 1 || len(config.Spaces) != 1) {
		return usageError{errors.New("--out writes one model seen in one space: give one --model and one --space")}
	}
	if out != "" && !config.Spaces[0].HasVectors() {
		return usageError{fmt.Errorf("--out: the similarity of %s is not the cosine of two vectors, so that no network can have it as features", config.Spaces[0])}
	}
	if out != "" {
		return zoo.MayWrite(out, force)
	}
	return nil
}

// learnLine is the command that makes a trial again, for its record.
func learnLine(c akin.LearnConfig) []string {
	line := []string{"akin", "learn", c.Set}
	add := func(given bool, words ...string) {
		if given {
			line = append(line, words...)
		}
	}
	for _, m := range c.Models {
		add(true, "--model", m)
	}
	for _, s := range c.Spaces {
		add(true, "--space", s.String())
	}
	add(c.Test != "", "--test", c.Test)
	add(c.Words != "", "--words", c.Words)
	add(c.Choose, "--choose")
	add(c.Folds != learn.Folds, "--folds", strconv.Itoa(c.Folds))
	add(c.Repeats != learn.Repeats, "--repeats", strconv.Itoa(c.Repeats))
	add(c.Resamples != record.StandardResamples, "--resamples", strconv.Itoa(c.Resamples))
	add(c.Seed != record.StandardSeed, "--seed", strconv.FormatUint(c.Seed, 10))
	return line
}

func kindNames(kinds []space.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

func (c *console) learn(cmd *cobra.Command, config akin.LearnConfig, folder string) error {
	progress := newProgress(c.err)
	config.Compute.Progress, config.Command = progress.show, learnLine(config)
	tried, page, err := config.Learn(cmd.Context())
	progress.finish()
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, o := range tried.Overlaps {
		text.WriteString(" " + words.Overlap(o) + "\n\n")
	}
	for _, r := range tried.Results {
		text.WriteString(words.Learn(r, c.width()) + "\n")
	}
	if folder != "" {
		if err := tried.Write(folder, page); err != nil {
			return err
		}
		fmt.Fprintf(c.err, "%s written: open %s\n", folder, filepath.Join(folder, record.PageFile))
	}
	return c.showText(tried, text.String()+words.LearnLegend(tried.Results))
}

func (c *console) align(ctx context.Context, config akin.LearnConfig, out string, force bool) error {
	m, err := config.Align(ctx, out, force)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%s written: model %s, features %q\n", out, m.Name, m.Outputs.Features)
	return nil
}
