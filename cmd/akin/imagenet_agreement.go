package main

import (
	"errors"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/spf13/cobra"
)

func (c *console) imagenetAgreementCommand() *cobra.Command {
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
				f, err := regular.Open(name)
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
			return c.showText(agreement, agreement.Text())
		},
	}
	c.jsonFlag(cmd, "print JSON")
	return cmd
}
