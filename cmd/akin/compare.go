package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/words"
	"github.com/spf13/cobra"
)

func (c *console) compareCommand() *cobra.Command {
	var o stats.Options
	var a, b string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "compare RUN",
		Short: "say which models of a run differ, and how sure that is",
		Long: `compare reads a run's record and computes, without models or pictures, all that
its choices can carry: each model against chance, every two models on the same
triplets (exact sign-flip permutation over clusters, McNemar, paired bootstrap;
Holm over all pairs), error by relation and distractor, agreement with people's
ratings and its ceiling, and the relation to published ImageNet error.

docs/statistics.md says of each quantity what it answers and when not to use it.`,
		Example: `  akin compare runs/everyday
  akin compare runs/everyday --a small-resnet --b edges
  akin compare runs/everyday --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			run, err := record.Load(args[0])
			if err != nil {
				return err
			}
			s, err := record.Analyse(run, o)
			if err != nil {
				return err
			}
			if a != "" || b != "" {
				if err := onlyPair(&s, a, b); err != nil {
					return err
				}
			}
			if asJSON {
				return c.printJSON(s)
			}
			_, err = fmt.Fprint(c.out, words.Text(s))
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&a, "a", "", "compare this model")
	flags.StringVar(&b, "b", "", "with this one only")
	statisticsFlags(cmd, &o)
	flags.BoolVar(&asJSON, "json", false, "print every figure as JSON")
	return cmd
}

// statisticsFlags are those of every command that resamples.
func statisticsFlags(cmd *cobra.Command, o *stats.Options) {
	cmd.Flags().IntVar(&o.Resamples, "resamples", 10_000, "bootstrap resamples and permutations")
	cmd.Flags().Uint64Var(&o.Seed, "seed", 1, "seed of resampling")
}

// onlyPair keeps what concerns two models. Adjusted p-values stay those of all
// pairs: looking at one pair does not undo the looking at the others.
func onlyPair(s *record.Statistics, a, b string) error {
	names := make([]string, len(s.Comparison.Models))
	for i, m := range s.Comparison.Models {
		names[i] = m.Model
	}
	for flag, name := range map[string]string{"--a": a, "--b": b} {
		if !slices.Contains(names, name) {
			return usageError{fmt.Errorf("akin compare: %s %q is no model of this run; it has %s", flag, name, strings.Join(names, ", "))}
		}
	}
	s.Keep(a, b)
	return nil
}
