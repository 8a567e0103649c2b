package main

import (
	"errors"
	"fmt"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/notation"
	"github.com/spf13/cobra"
)

func (c *console) imagenetSemanticsCommand() *cobra.Command {
	var config classify.Config
	var permutations int
	var seed uint64
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
			result, err := c.semantics(cmd, config, permutations, seed)
			if err != nil {
				return err
			}
			return show(c, result, c.printSemantics)
		},
	}
	meaningFlags(cmd, &config)
	flags := cmd.Flags()
	flags.IntVar(&permutations, "permutations", 999, "random permutations of the classes")
	flags.Uint64Var(&seed, "seed", 1, "seed of the permutations")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

// semantics is what "imagenet semantics --json" prints.
type semantics struct {
	Weights       classify.WeightSemantics `json:"weights"`
	Probabilities *classify.Semantics      `json:"probabilities,omitempty"`
}

func (c *console) semantics(cmd *cobra.Command, config classify.Config, permutations int, seed uint64) (s semantics, err error) {
	if s.Weights, err = classify.CompareWeights(config, permutations, seed); err != nil || config.Images == "" {
		return s, err
	}
	progress := newProgress(c.err)
	defer progress.finish()
	config.Progress = progress.show
	probabilities, err := classify.FindSemantics(cmd.Context(), config, permutations, seed)
	s.Probabilities = &probabilities
	return s, err
}

func (c *console) printSemantics(s semantics) {
	w := s.Weights
	fmt.Fprintf(c.prose(), "%s: weights of %d classes against Wu-Palmer: Spearman %s, Mantel %s (%d permutations, seed %d)\n",
		w.Model, w.Classes, notation.Decimal(w.Spearman), notation.PEquals(w.P), w.Permutations, w.Seed)
	if s.Probabilities != nil {
		fmt.Fprint(c.prose(), s.Probabilities.Text())
	}
}
