package main

import (
	"errors"
	"fmt"

	"github.com/akin-vision/akin/classify"
	"github.com/spf13/cobra"
)

func (c *console) imagenetSemanticsCommand() *cobra.Command {
	var config classify.Config
	var permutations int
	var seed uint64
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "semantics MODEL [--images DIR]",
		Short: "ask whether a classifier knows which classes are related",
		Long: fmt.Sprintf(`semantics compares a classifier with the hierarchy of its classes in WordNet.

Its last layer: the rank correlation, over all pairs of classes, of the cosine of
their weights with their Wu-Palmer similarity, and Mantel's permutation p.

With --images also its probabilities: the mean height of the common subsumer of
first guess and truth over mistakes, and how much of the probability that the
first guess leaves lies on classes near it (Wu-Palmer of %g or more), on right and
on wrong pictures, against hierarchies whose classes are permuted.`, classify.Nearness),
		Example: `  akin imagenet semantics resnet50.onnx
  akin imagenet semantics resnet50.onnx --images imagenet/val --permutations 9999`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if permutations < 1 || config.Labels.Offset < 0 {
				return usageError{errors.New("akin imagenet semantics: --permutations is 1 or more, --offset 0 or more")}
			}
			config.Home, config.Models = c.home, args
			var result struct {
				Weights       classify.WeightSemantics `json:"weights"`
				Probabilities *classify.Semantics      `json:"probabilities,omitempty"`
			}
			var err error
			if result.Weights, err = classify.CompareWeights(config, permutations, seed); err != nil {
				return err
			}
			if config.Images != "" {
				progress := newProgress(c.err)
				config.Progress = progress.show
				s, err := classify.FindSemantics(cmd.Context(), config, permutations, seed)
				progress.finish()
				if err != nil {
					return err
				}
				result.Probabilities = &s
			}
			if asJSON {
				return c.printJSON(result)
			}
			w := result.Weights
			fmt.Fprintf(c.out, "%s: weights of %d classes against Wu-Palmer: Spearman %.3f, Mantel p %.4f (%d permutations, seed %d)\n",
				w.Model, w.Classes, float64(w.Spearman), float64(w.P), w.Permutations, w.Seed)
			if result.Probabilities != nil {
				fmt.Fprint(c.out, result.Probabilities.Text())
			}
			return nil
		},
	}
	meaningFlags(cmd, &config)
	flags := cmd.Flags()
	flags.IntVar(&permutations, "permutations", 999, "random permutations of the classes")
	flags.Uint64Var(&seed, "seed", 1, "seed of the permutations")
	flags.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
