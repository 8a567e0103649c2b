package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/page/failures"
	"github.com/akin-vision/akin/record"
	"github.com/spf13/cobra"
)

func (c *console) imagenetFailuresCommand() *cobra.Command {
	var config classify.Config
	var filter classify.Filter
	var limit int
	var asJSON, markdown, latex bool
	var page, into string
	cmd := &cobra.Command{
		Use:   "failures MODEL --images DIR",
		Short: "show what a classifier got wrong, as the paper's Table 1",
		Long: `failures lists the pictures whose first guess is not their label: five classes
with softmax probabilities, probability and rank of the truth, and how the first
guess and the truth are related in WordNet: path similarity, Wu-Palmer
similarity, and their lowest common subsumer with its depth.

The most surprising stand first. Surprise is Wu-Palmer times log2 of the truth's
rank: the two mean nearly the same, and yet the truth came late.

DIR is what "akin imagenet eval" takes. --into keeps the table, with its pictures,
in the record of a run that has the model; running the set again drops it.`,
		Example: `  akin imagenet failures resnet50.onnx --images imagenet/val --outside-top-5
  akin imagenet failures small-resnet --images pictures --distance 0.3 --latex
  akin imagenet failures small-resnet --images pictures --page failures.html
  akin imagenet failures small-resnet --images pictures --limit 6 --into runs/everyday`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.settle(cmd, &config, args); err != nil {
				return err
			}
			if limit < 0 || filter.RankOver < 0 || filter.Distance < 0 || filter.Distance > 1 {
				return usageError{errors.New("akin imagenet failures: --limit and --rank-over are 0 or more, --distance 0 to 1")}
			}
			found, err := c.failures(cmd, config)
			if err != nil {
				return err
			}
			table := tableOf(found, filter, limit)
			table.Folder = filepath.ToSlash(config.Images)
			if page != "" {
				shown, err := failures.New(table, found.Folder)
				if err != nil {
					return err
				}
				if err := atomicfile.WriteFunc(page, shown.Write); err != nil {
					return err
				}
			}
			if into != "" {
				kept, err := record.NewFailureTable(found, table.Failures)
				if err != nil {
					return err
				}
				if err := record.KeepFailures(into, kept); err != nil {
					return err
				}
				fmt.Fprintf(c.err, "kept in %s; akin report %s and akin paper %s show them\n", into, into, into)
			}
			switch {
			case asJSON:
				return c.printJSON(table)
			case markdown:
				_, err = fmt.Fprint(c.out, table.Markdown())
			case latex:
				_, err = fmt.Fprint(c.out, table.LaTeX())
			default:
				_, err = fmt.Fprint(c.out, table.Text())
			}
			return err
		},
	}
	meaningFlags(cmd, &config)
	flags := cmd.Flags()
	flags.BoolVar(&filter.OutsideTop5, "outside-top-5", false, "only where the truth is not among the first five")
	flags.IntVar(&filter.RankOver, "rank-over", 0, "only where the truth's rank is above this")
	flags.Float64Var(&filter.Distance, "distance", 0, "only where 1 - Wu-Palmer of first guess and truth is below this")
	flags.IntVar(&limit, "limit", 20, "show at most this many, 0 for all")
	flags.BoolVar(&asJSON, "json", false, "print JSON")
	flags.BoolVar(&markdown, "markdown", false, "print a Markdown table")
	flags.BoolVar(&latex, "latex", false, "print a LaTeX table (booktabs, graphicx)")
	flags.StringVar(&page, "page", "", "write an offline HTML page with the pictures")
	flags.StringVar(&into, "into", "", "put the table into this run's record (failures.json)")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown", "latex")
	return cmd
}

// failures classifies under a progress bar.
func (c *console) failures(cmd *cobra.Command, config classify.Config) (*classify.Failures, error) {
	progress := newProgress(c.err)
	defer progress.finish()
	config.Progress = progress.show
	return classify.FindFailures(cmd.Context(), config)
}

func tableOf(found *classify.Failures, filter classify.Filter, limit int) classify.FailureTable {
	t := classify.FailureTable{Model: found.Model, Pictures: found.Pictures, Failed: len(found.Failures)}
	for _, f := range found.Failures {
		if !filter.Accepts(&f) {
			continue
		}
		t.Accepted++
		if limit == 0 || len(t.Failures) < limit {
			t.Failures = append(t.Failures, f)
		}
	}
	return t
}
