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

// failureOptions say which failures are shown, and how.
type failureOptions struct {
	filter          classify.Filter
	limit           int
	markdown, latex bool
	page, into      string
}

func (c *console) imagenetFailuresCommand() *cobra.Command {
	var config classify.Config
	var o failureOptions
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
  akin imagenet failures small-mobilenet --images pictures --distance 0.3 --latex
  akin imagenet failures small-mobilenet --images pictures --page failures.html
  akin imagenet failures small-mobilenet --images pictures --limit 6 --into runs/everyday`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.complete(cmd, &config, args); err != nil {
				return err
			}
			if err := o.check(); err != nil {
				return err
			}
			return c.showFailures(cmd, config, o)
		},
	}
	meaningFlags(cmd, &config)
	flags := cmd.Flags()
	flags.BoolVar(&o.filter.OutsideTop5, "outside-top-5", false, "only where the truth is not among the first five")
	flags.IntVar(&o.filter.RankOver, "rank-over", 0, "only where the truth's rank is above this")
	flags.Float64Var(&o.filter.Distance, "distance", 0, "only where 1 - Wu-Palmer of first guess and truth is below this")
	flags.IntVar(&o.limit, "limit", 20, "show at most this many, 0 for all")
	c.jsonFlag(cmd, "print JSON")
	flags.BoolVar(&o.markdown, "markdown", false, "print a Markdown table")
	flags.BoolVar(&o.latex, "latex", false, "print a LaTeX table (booktabs, graphicx)")
	flags.StringVar(&o.page, "page", "", "write an offline HTML page with the pictures")
	flags.StringVar(&o.into, "into", "", "put the table into this run's record (failures.json)")
	cmd.MarkFlagsMutuallyExclusive("json", "markdown", "latex")
	return cmd
}

func (o failureOptions) check() error {
	if o.limit < 0 || o.filter.RankOver < 0 || o.filter.Distance < 0 || o.filter.Distance > 1 {
		return usageError{errors.New("akin imagenet failures: --limit and --rank-over are 0 or more, --distance 0 to 1")}
	}
	return nil
}

// showFailures finds the failures, keeps them where that is wanted, and prints them.
func (c *console) showFailures(cmd *cobra.Command, config classify.Config, o failureOptions) error {
	found, err := c.failures(cmd, config)
	if err != nil {
		return err
	}
	table := found.Table(o.filter, o.limit)
	table.Folder = filepath.ToSlash(config.Images)
	if o.page != "" {
		page, err := failures.New(table, found.Folder)
		if err != nil {
			return err
		}
		if err := atomicfile.WriteFunc(o.page, page.Write); err != nil {
			return err
		}
	}
	if o.into != "" {
		if err := c.keepFailures(o.into, found, table.Failures); err != nil {
			return err
		}
	}
	if c.asJSON {
		return c.printJSON(table)
	}
	text := table.Text
	switch {
	case o.markdown:
		text = table.Markdown
	case o.latex:
		text = table.LaTeX
	}
	_, err = fmt.Fprint(c.out, text())
	return err
}

// keepFailures puts the failures shown into the record of a run.
func (c *console) keepFailures(dir string, found *classify.Failures, shown []classify.Failure) error {
	table, err := record.NewFailureTable(found, shown)
	if err != nil {
		return err
	}
	if err := record.KeepFailures(dir, table); err != nil {
		return err
	}
	fmt.Fprintf(c.err, "kept in %s; akin report %[1]s and akin paper %[1]s show them\n", dir)
	return nil
}

// failures classifies under a progress bar.
func (c *console) failures(cmd *cobra.Command, config classify.Config) (*classify.Failures, error) {
	progress := newProgress(c.err)
	defer progress.finish()
	config.Progress = progress.show
	return classify.FindFailures(cmd.Context(), config)
}
