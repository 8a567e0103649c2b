package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/page/failures"
	"github.com/spf13/cobra"
)

func (c *console) imagenetSimilarCommand() *cobra.Command {
	var config classify.Config
	var rule classify.Rule
	var pairs, review string
	var sample int
	var seed uint64
	var asJSON bool
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
  akin imagenet similar small-resnet --images pictures --wu-palmer 0.85 --review review.html --sample 400`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.settle(cmd, &config, args); err != nil {
				return err
			}
			if rule.WuPalmer < 0 || rule.WuPalmer > 1 || rule.Path < 0 || rule.Path > 1 || sample < 1 {
				return usageError{errors.New("akin imagenet similar: --wu-palmer and --path are 0 to 1, --sample is 1 or more")}
			}
			if err := completeRule(&rule, pairs); err != nil {
				return err
			}
			found, err := c.failures(cmd, config)
			if err != nil {
				return err
			}
			if err := rule.Check(found.Outputs); err != nil {
				return fmt.Errorf("%s: %w", pairs, err)
			}
			similar, err := classify.NewSimilar(found.Model, found.Failures, rule)
			if err != nil {
				return err
			}
			if review != "" {
				page, err := failures.NewJudge(found.Model, classify.Sample(found.Failures, sample, seed), rule, found.Folder)
				if err != nil {
					return err
				}
				if err := atomicfile.WriteFunc(review, page.Write); err != nil {
					return err
				}
			}
			if asJSON {
				return c.printJSON(similar)
			}
			_, err = fmt.Fprint(c.out, similar.Text())
			return err
		},
	}
	meaningFlags(cmd, &config)
	flags := cmd.Flags()
	flags.Float64Var(&rule.WuPalmer, "wu-palmer", 0, "similar from this Wu-Palmer similarity on")
	flags.Float64Var(&rule.Path, "path", 0, "similar from this path similarity on")
	flags.StringVar(&pairs, "pairs", "", "CSV of similar classes, columns wnid_a and wnid_b")
	flags.StringVar(&review, "review", "", "write the page on which a person judges")
	flags.IntVar(&sample, "sample", 100, "failures on that page")
	flags.Uint64Var(&seed, "seed", 1, "seed of the sample")
	flags.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// completeRule reads the list of pairs, or falls back on the default threshold.
func completeRule(rule *classify.Rule, pairs string) error {
	if pairs == "" {
		if rule.WuPalmer == 0 && rule.Path == 0 {
			rule.WuPalmer = 0.9
		}
		return nil
	}
	f, err := os.Open(pairs)
	if err != nil {
		return err
	}
	defer f.Close()
	if rule.Pairs, err = classify.ReadPairs(f); err != nil {
		return fmt.Errorf("%s: %w", pairs, err)
	}
	return nil
}

func (c *console) imagenetAgreementCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "agreement REVIEW.csv...",
		Short: "compare reviews of failures with one another and with the rule",
		Long: `agreement reads what people downloaded from the review page of "akin imagenet
similar", a file each, and gives how often each found two classes the same or
similar, and percent agreement and Cohen's kappa of every two people, and of
each with the rule.`,
		Example: "  akin imagenet agreement anna.csv ben.csv",
		Args:    arguments(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			reviews := make([]classify.Review, len(args))
			for i, name := range args {
				f, err := os.Open(name)
				if err != nil {
					return err
				}
				reviews[i], err = classify.ReadReview(f, name)
				if err := errors.Join(err, f.Close()); err != nil {
					return err
				}
			}
			agreement, err := classify.NewAgreement(reviews)
			if err != nil {
				return err
			}
			if asJSON {
				return c.printJSON(agreement)
			}
			_, err = fmt.Fprint(c.out, agreement.Text())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
