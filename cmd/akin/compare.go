package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/words"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// comparison is what akin compare was asked for.
type comparison struct {
	resampling  *resampling
	a, b        string // the only two models to compare; empty: all
	baseline    string
	margin      float64 // in points
	independent bool
}

func (c *console) compareCommand() *cobra.Command {
	var asked comparison
	cmd := &cobra.Command{
		Use:   "compare RUN...",
		Short: "say which models of a run differ, and how sure that is",
		Long: `compare reads from a run's record, without models or pictures, all that its choices
can carry: each model against chance, every two models on the same
triplets (every shared picture counted; Holm over all pairs), error by relation
and distractor, agreement with people's ratings and its ceiling, and the relation
to published ImageNet error.

--baseline sets every model against one; with --margin 3 it also says which are
at most 3 points of error worse (non-inferiority). Choose a margin beforehand.

Of runs of other tasks (docs/tasks.md) it prints that task's figures and compares
every two models; several such runs on one set are compared as one.

--independent prints instead what takes the triplets as independent (Wilson,
Clopper-Pearson, exact binomial, McNemar), for comparison with other software.

docs/statistics.md says of each quantity what it answers and when not to use it.`,
		Example: `  akin compare runs/everyday
  akin compare runs/everyday --a small-mobilenet --b edges
  akin compare runs/everyday --baseline edges --margin 3
  akin compare runs/everyday --json
  akin compare runs/things-monday runs/things-tuesday`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return c.compare(args, asked)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&asked.a, "a", "", "compare this model")
	flags.StringVar(&asked.b, "b", "", "with this one only")
	flags.StringVar(&asked.baseline, "baseline", "", "set every model against this one")
	flags.Float64Var(&asked.margin, "margin", 0, "with --baseline: how many `points` of error worse a model may be to count as not inferior")
	flags.BoolVar(&asked.independent, "independent", false, "print the figures that take triplets as independent")
	asked.resampling = resamplingFlags(cmd)
	c.jsonFlag(cmd, "print every figure as JSON")
	return cmd
}

func (c *console) compare(dirs []string, asked comparison) error {
	run, err := record.Load(dirs[0])
	switch {
	case otherTask(err) != nil:
		return c.compareJudged(dirs, asked)
	case err != nil:
		return err
	case len(dirs) > 1:
		return usageError{errors.New("akin compare: takes one run of triplets; akin serve shows several side by side, and akin run --model A --model B makes one of both")}
	}
	s, err := asked.resampling.analysis(run, dirs[0])
	if err != nil {
		return err
	}
	if asked.a != "" || asked.b != "" {
		if err := onlyPair(&s, asked.a, asked.b); err != nil {
			return err
		}
	}
	if asked.independent && (asked.baseline != "" || c.asJSON) {
		return usageError{errors.New("akin compare: --independent goes with neither --baseline nor --json, which holds these figures too")}
	}
	if asked.baseline != "" || asked.margin != 0 {
		return c.compareWithBaseline(s, asked.baseline, asked.margin)
	}
	if c.asJSON {
		annotated, err := words.Annotated(s)
		if err != nil {
			return err
		}
		return c.printJSON(annotated)
	}
	text := words.Text(s, c.width())
	if asked.independent {
		text = words.IndependentText(s, c.width())
	}
	_, err = fmt.Fprint(c.prose(), text)
	return err
}

// compareWithBaseline prints the differences of all models to one.
func (c *console) compareWithBaseline(s record.Statistics, baseline string, margin float64) error {
	if baseline == "" || !(margin >= 0 && margin < 100) {
		return usageError{fmt.Errorf("akin compare: --margin %v needs --baseline MODEL and lies between 0 and 100 points", margin)}
	}
	relative, err := s.Comparison.Baseline(baseline, margin/100)
	if err != nil {
		return usageError{fmt.Errorf("akin compare: --baseline: %w", err)}
	}
	return c.showText(relative, words.Baseline(baseline, relative, margin/100, s, c.width()))
}

// resampling is what a command that reads a record was asked for: the recorded
// statistics, or others.
type resampling struct {
	options stats.Options
	flags   *pflag.FlagSet
}

func resamplingFlags(cmd *cobra.Command) *resampling {
	r := &resampling{flags: cmd.Flags()}
	r.flags.Var((*count)(&r.options.Resamples), "resamples", "bootstrap resamples and permutations (default: the record's)")
	r.flags.Uint64Var(&r.options.Seed, "seed", 0, "seed of resampling (default: the record's)")
	return r
}

func (r *resampling) analysis(run *record.Run, dir string) (record.Statistics, error) {
	o, err := run.Resampling(dir)
	if err != nil {
		return record.Statistics{}, err
	}
	return run.Analysis(dir, r.over(o))
}

// over is how a record was resampled, but for what flags say.
func (r *resampling) over(o stats.Options) stats.Options {
	if r.flags.Changed("resamples") {
		o.Resamples = r.options.Resamples
	}
	if r.flags.Changed("seed") {
		o.Seed = r.options.Seed
	}
	return o
}

// statisticsFlags are those of every command that computes statistics.
func statisticsFlags(cmd *cobra.Command, o *stats.Options) {
	o.Resamples = record.StandardResamples
	cmd.Flags().Var((*count)(&o.Resamples), "resamples", "bootstrap resamples and permutations")
	cmd.Flags().Uint64Var(&o.Seed, "seed", 1, "seed of resampling")
}

// onlyPair keeps what concerns two models. Adjusted p-values stay those of all
// pairs: looking at one pair does not undo the looking at the others.
func onlyPair(s *record.Statistics, a, b string) error {
	names := make([]string, len(s.Comparison.Models))
	for i, m := range s.Comparison.Models {
		names[i] = m.Model
	}
	for _, asked := range [][2]string{{"--a", a}, {"--b", b}} {
		if name := asked[1]; !slices.Contains(names, name) {
			return usageError{fmt.Errorf("akin compare: %s %q is no model of this run%s", asked[0], name, english.DidYouMean(name, names))}
		}
	}
	s.Keep(a, b)
	return nil
}
