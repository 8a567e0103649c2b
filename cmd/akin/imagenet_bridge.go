package main

import (
	"fmt"
	"io"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/words"
	"github.com/spf13/cobra"
)

func (c *console) imagenetBridgeCommand() *cobra.Command {
	var asked *resampling
	cmd := &cobra.Command{
		Use:   "bridge RUN",
		Short: "join how models classify with how they match",
		Long: `bridge reads a run's record and the evaluations that "akin imagenet eval" kept in
akin's cache, and puts both into one table, for the models that have both: does
the matching error fall with the ImageNet error? With three models or more it
correlates the two, with permutation p and intervals, which describes these models
and infers nothing of others.`,
		Example: `  akin imagenet eval small-mobilenet small-resnet --images pictures
  akin imagenet bridge runs/everyday`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			run, err := record.Load(args[0])
			if err != nil {
				return err
			}
			statistics, err := asked.analysis(run, args[0])
			if err != nil {
				return err
			}
			bridge, err := c.home.Bridge(run, statistics)
			if err != nil {
				return err
			}
			return show(c, bridge, c.printBridge)
		},
	}
	asked = resamplingFlags(cmd)
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) printBridge(b classify.Bridge) {
	fmt.Fprintf(c.prose(), "%-24s %8s  %-20s %-20s %5s\n", "model", "pictures", "top-1 error %", "matching error %", "AUC")
	for _, r := range b.Rows {
		fmt.Fprintf(c.prose(), "%-24s %8d  %-20s %-20s %5s\n", r.Model, r.Pictures,
			notation.Estimate(1-r.Top1.Percent/100, stats.Interval{Low: 1 - r.Top1.CI.High/100, High: 1 - r.Top1.CI.Low/100}, notation.Percent),
			notation.Estimate(r.MatchingError, r.MatchingErrorCI, notation.Percent), notation.Decimal(r.AUC))
	}
	intervals := "95 %, Wilson"
	if b.Across != nil {
		intervals += "; of correlations, bootstrap over models"
		all := b.Across.Overall
		fmt.Fprintf(c.prose(), "\nagainst top-1 error, over %d models:\n", all.Models)
		printTrend(c.prose(), "matching error", all.Matching)
		printTrend(c.prose(), "1 - AUC", all.AUC)
	}
	fmt.Fprintf(c.prose(), "Intervals: %s.\n", intervals)
	notes := b.Warnings()
	if b.Across != nil {
		for _, w := range b.Across.Warnings {
			notes = append(notes, words.Warning(w))
		}
	}
	for _, note := range notes {
		fmt.Fprintln(c.prose(), "Note:", note+".")
	}
}

func printTrend(w io.Writer, what string, t stats.Trend) {
	one := func(r stats.Number, ci stats.Interval, p stats.Number) string {
		return notation.Estimate(r, ci, notation.Decimal) + ", " + notation.PEquals(p)
	}
	fmt.Fprintf(w, "  %-15s Pearson %s; Spearman %s\n", what, one(t.Pearson, t.PearsonInterval, t.PearsonP), one(t.Spearman, t.SpearmanInterval, t.SpearmanP))
}
