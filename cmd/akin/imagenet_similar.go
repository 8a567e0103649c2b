package main

import (
	"errors"
	"fmt"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/page/failures"
	"github.com/spf13/cobra"
)

func (c *console) imagenetSimilarCommand() *cobra.Command {
	var config classify.Config
	var o similarOptions
	cmd := &cobra.Command{
		Use:   "similar MODEL --images DIR",
		Short: "say how many failures are hardly failures",
		Long: `similar counts the failures whose first guess and truth mean nearly the same, by
a rule that you state: a threshold of Wu-Palmer or path similarity, a list of
class pairs, or several of these, of which one suffices. Without any, Wu-Palmer
of 0.9 or more. The curve shows how the share depends on the threshold.

--review writes a page on which a person judges a random sample of the failures
with the keyboard, and downloads a CSV for "akin imagenet agreement".`,
		Example: `  akin imagenet similar resnet50.onnx --images imagenet/val --pairs similar-classes.csv
  akin imagenet similar small-mobilenet --images pictures --wu-palmer 0.85 --review review.html --sample 400`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.complete(cmd, &config, args); err != nil {
				return err
			}
			if err := o.read(); err != nil {
				return err
			}
			similar, err := c.similar(cmd, config, o)
			if err != nil {
				return err
			}
			return c.showText(similar, similar.Text())
		},
	}
	meaningFlags(cmd, &config)
	flags := cmd.Flags()
	flags.Float64Var(&o.rule.WuPalmer, "wu-palmer", 0, "similar from this Wu-Palmer similarity on")
	flags.Float64Var(&o.rule.Path, "path", 0, "similar from this path similarity on")
	flags.StringVar(&o.pairs, "pairs", "", "CSV of similar classes, columns wnid_a and wnid_b")
	flags.StringVar(&o.review, "review", "", "write the page on which a person judges")
	flags.IntVar(&o.sample, "sample", 100, "failures on that page")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the sample")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

// similarOptions say which failures are hardly failures, and which a person judges.
type similarOptions struct {
	rule          classify.Rule
	pairs, review string // files
	sample        int
	seed          uint64
}

// read checks the flags and reads the list of pairs; without any rule, Wu-Palmer of
// 0.9 or more holds.
func (o *similarOptions) read() error {
	if o.rule.WuPalmer < 0 || o.rule.WuPalmer > 1 || o.rule.Path < 0 || o.rule.Path > 1 || o.sample < 1 {
		return usageError{errors.New("akin imagenet similar: --wu-palmer and --path are 0 to 1, --sample is 1 or more")}
	}
	if o.pairs == "" {
		if o.rule.WuPalmer == 0 && o.rule.Path == 0 {
			o.rule.WuPalmer = 0.9
		}
		return nil
	}
	f, err := regular.Open(o.pairs)
	if err != nil {
		return err
	}
	defer f.Close()
	if o.rule.Pairs, err = classify.ReadPairs(f); err != nil {
		return fmt.Errorf("%s: %w", o.pairs, err)
	}
	return nil
}

// similar counts the failures that the rule joins, and writes the review page.
func (c *console) similar(cmd *cobra.Command, config classify.Config, o similarOptions) (classify.Similar, error) {
	found, err := c.failures(cmd, config)
	if err != nil {
		return classify.Similar{}, err
	}
	if err := o.rule.Check(found.Outputs); err != nil {
		return classify.Similar{}, fmt.Errorf("%s: %w", o.pairs, err)
	}
	similar, err := classify.NewSimilar(found.Model, found.Failures, o.rule)
	if err != nil || o.review == "" {
		return similar, err
	}
	page, err := failures.NewJudge(found.Model, classify.Sample(found.Failures, o.sample, o.seed), o.rule, found.Folder)
	if err != nil {
		return similar, err
	}
	return similar, atomicfile.WriteFunc(o.review, page.Write)
}
