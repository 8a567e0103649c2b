package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
)

// pairRatingInfo is what "sets ratings --json" prints of a pair.
type pairRatingInfo struct {
	A      string   `json:"picture_a"`
	B      string   `json:"picture_b"`
	Scale  string   `json:"scale"`
	Raters int      `json:"raters"`
	Mean   float64  `json:"mean"`
	SD     *float64 `json:"sd"` // null for a single rater
	Min    float64  `json:"min"`
	Max    float64  `json:"max"`
}

func (c *console) setsRatingsCommand() *cobra.Command {
	var zscore bool
	cmd := &cobra.Command{
		Use:   "ratings SET",
		Short: "sum up people's ratings of a set by pair, as CSV",
		Long: `ratings prints, for each pair of pictures and scale of a set's ratings.csv, how
many people rated it, and the mean, standard deviation (n - 1), least and greatest of
what they said. With --zscore every rater's answers are first standardised on each
scale, as akin run --zscore does.`,
		Example: `  akin sets ratings my-set > pairs.csv
  akin sets ratings my-set --zscore --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			s, _, err := c.home.OpenSet(args[0], stimuli.Options{})
			if err != nil {
				return err
			}
			if len(s.Judgements) == 0 {
				return fmt.Errorf("set %s has no ratings.csv of single people's ratings", s.Name)
			}
			if zscore {
				var left []string
				if s.Judgements, left = stimuli.ZScored(s.Judgements); len(left) > 0 {
					fmt.Fprintf(c.err, "akin: warning: left out, with one answer or always the same on a scale: %s\n", strings.Join(left, ", "))
				}
			}
			if c.asJSON {
				return c.printJSON(pairRatingInfos(s))
			}
			return c.printRatings(s)
		},
	}
	cmd.Flags().BoolVar(&zscore, "zscore", false, "standardise for each rater and scale first")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func pairRatingInfos(s *stimuli.Set) []pairRatingInfo {
	infos := []pairRatingInfo{}
	for _, p := range s.Ratings().Pairs {
		info := pairRatingInfo{p.A.Path, p.B.Path, p.Scale, p.Raters, p.Mean, nil, p.Min, p.Max}
		if !math.IsNaN(p.SD) {
			info.SD = &p.SD
		}
		infos = append(infos, info)
	}
	return infos
}

func (c *console) printRatings(s *stimuli.Set) error {
	rows := [][]string{{"picture_a", "picture_b", "scale", "raters", "mean", "sd", "min", "max"}}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 7, 64) }
	for _, p := range s.Ratings().Pairs {
		sd := ""
		if !math.IsNaN(p.SD) {
			sd = number(p.SD)
		}
		rows = append(rows, []string{p.A.Path, p.B.Path, p.Scale, strconv.Itoa(p.Raters), number(p.Mean), sd, number(p.Min), number(p.Max)})
	}
	return csv.NewWriter(c.out).WriteAll(rows)
}
