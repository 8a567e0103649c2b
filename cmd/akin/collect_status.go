package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/web"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/notation"
	"github.com/spf13/cobra"
)

func (c *console) collectStatusCommand() *cobra.Command {
	var f studyFlags
	var people bool
	var disputed int
	cmd := &cobra.Command{
		Use:   "status SET",
		Short: "show how far a study is and how far people agree",
		Example: `  akin collect status my-set
  akin collect status my-set --people
  akin collect status my-set --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withStudy(cmd.Context(), args[0], f, func(o *opened) error {
				s, err := o.Status(cmd.Context(), time.Now())
				if err != nil {
					return err
				}
				return show(c, s, func(s *collect.Status) {
					c.printStatus(s, disputed)
					if people {
						c.printPeople(s)
					}
				})
			})
		},
	}
	f.add(cmd.Flags())
	cmd.Flags().BoolVar(&people, "people", false, "also show how each person answers")
	cmd.Flags().IntVar(&disputed, "disputed", 5, "show as many of the items on which people disagree most")
	c.jsonFlag(cmd, "print JSON, with every item and person")
	return cmd
}

func (c *console) printStatus(s *collect.Status, disputed int) {
	each := fmt.Sprintf("%d to %d", s.Fewest, s.Most)
	if s.Fewest == s.Most {
		each = fmt.Sprint(s.Fewest)
	}
	c.fields([][2]string{
		{"study", s.Title},
		{"people", fmt.Sprintf("%d began, %d finished, %d may still be at it, %d went away", s.People.Entered, s.People.Finished, s.People.Present, s.People.Away)},
		{"answers", fmt.Sprintf("%d; for each item %s of %d wanted; %d of %d items have all they need", s.Answers, each, s.Raters, s.Settled, len(s.Items))},
		{"agreement", agreementText(s.All)},
	})
	if s.People.Excluded > 0 {
		c.fields([][2]string{{"left out", english.Count(s.People.Excluded, "person") + " by the rules of the study; without them:"}, {"agreement", agreementText(s.Kept)}})
	}
	if items := s.Disputed(disputed); len(items) > 0 {
		fmt.Fprintln(c.prose(), "\nPeople disagree most on (0 none, 1 as much as can be):")
		for _, item := range items {
			fmt.Fprintf(c.prose(), "  %s  %s\n", notation.Decimal(item.Disagreement), item.ID)
		}
	}
}

// agreementText is an agreement in a line.
func agreementText(a collect.Agreement) string {
	if a.Why != "" {
		return a.Why
	}
	return fmt.Sprintf("split-half %s; ICC(2,k) %s; ceiling of a model %s to %s; a person puts the related pair higher in %s %%",
		notation.Decimal(a.SplitHalf), a.Reliability(), notation.Decimal(a.Lower), notation.Decimal(a.Upper), notation.Percent(a.Label))
}

func (c *console) printPeople(s *collect.Status) {
	fmt.Fprintln(c.out)
	w := tabwriter.NewWriter(c.prose(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(web.PersonColumns, "\t")+"\tleft out by")
	for _, p := range s.Persons {
		row := collect.PersonRow(p)
		fmt.Fprintln(w, strings.Join(row.Cells, "\t")+"\t"+row.Excluded)
	}
	w.Flush()
}
