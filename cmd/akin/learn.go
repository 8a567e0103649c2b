package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/words"
	"github.com/spf13/cobra"
)

// learnable are the spaces that learn tries, the default ones first.
var learnable = []space.Kind{space.Centred, space.ByWords, space.Blend, learn.Linear, space.Whitened, space.HubCorrected}

const learnHelp = `learn asks whether networks know better what belongs together when they are seen in
another space: centred, words, blend (see "akin run --help"), or linear, which
learns from the triplets themselves a weight for each feature. Everything is fitted
anew for each fold, to triplets that share no picture and no concept (label) with
those that are then judged. Controls must fail: words shuffled among the classes,
random vectors of the same spectrum, and permuted labels.

--test names another set: all is fitted to SET and tried there, which is the result
that counts.

--out writes one model, with one space fitted to the whole of SET appended to its
graph, as a network of its own with its card. Its features are the vectors in the
space, whatever runs it.`

func (c *console) learnCommand() *cobra.Command {
	var config akin.LearnConfig
	var spaces []string
	var out string
	var force bool
	cmd := &cobra.Command{
		Use:   "learn SET",
		Short: "try spaces that know association, on triplets and sets that they have not seen",
		Long:  learnHelp,
		Example: `  akin learn everyday --model resnet50.onnx
  akin learn everyday --model resnet50.onnx --test my-set
  akin learn my-set --model resnet50.onnx --space blend --json
  akin learn my-set --model resnet50.onnx --space blend --out aligned.onnx`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			config.Set, config.Home = args[0], c.home
			for _, name := range spaces {
				if !slices.Contains(learnable, space.Kind(name)) {
					return usageError{fmt.Errorf("--space %s: use one of %s", name, kindNames(learnable))}
				}
				config.Kinds = append(config.Kinds, space.Kind(name))
			}
			if len(spaces) == 0 {
				config.Kinds = learnable[:4]
			}
			if config.Folds == 1 || config.Folds < 0 || config.Repeats < 0 {
				return usageError{fmt.Errorf("--folds is a number from 2, --repeats from 1")}
			}
			if out != "" && (len(config.Models) != 1 || len(config.Kinds) != 1) {
				return usageError{errors.New("--out writes one model seen in one space: give one --model and one --space")}
			}
			if out != "" && filepath.Ext(out) != ".onnx" {
				return usageError{fmt.Errorf("--out %s: a network ends in .onnx", out)}
			}
			if err := c.learn(cmd, config); err != nil || out == "" {
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
	flags.StringVar(&out, "out", "", "write the model in the space, fitted to all of SET, as this .onnx with its card")
	flags.BoolVar(&force, "force", false, "replace an .onnx and card that are there")
	computeFlags(cmd, &config.Compute)
	statisticsFlags(cmd, &config.Options.Options)
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func kindNames(kinds []space.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

func (c *console) learn(cmd *cobra.Command, config akin.LearnConfig) error {
	progress := newProgress(c.err)
	config.Compute.Progress = progress.show
	results, err := config.Learn(cmd.Context())
	progress.finish()
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, r := range results {
		text.WriteString(words.Learn(r, c.width()) + "\n")
	}
	return c.showText(results, text.String()+words.LearnLegend)
}

func (c *console) align(ctx context.Context, config akin.LearnConfig, out string, force bool) error {
	m, err := config.Align(ctx, out, force)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%s written: model %s, features %q\n", out, m.Name, m.Outputs.Features)
	return nil
}
