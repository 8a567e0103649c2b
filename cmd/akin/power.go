package main

import (
	"errors"
	"fmt"

	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
	"github.com/spf13/cobra"
)

// powerFlags are the flags of "power", in points and per cent.
type powerFlags struct {
	triplets                                    int
	difference, power, discordant, error, alpha float64
}

func (c *console) powerCommand() *cobra.Command {
	var f powerFlags
	cmd := &cobra.Command{
		Use:   "power [SET]",
		Short: "say what a number of triplets can show, or how many a difference needs",
		Long: `power says, for one model against chance, two models on the same triplets, and a
difference between two halves of a set (relations):

  with --difference, how many triplets show so many points of error;
  with --triplets or a SET, which difference so many triplets show;
  with both, also the power to find this difference.

Triplets count as independent. For a SET whose triplets share pictures, a second
line takes those that share one as saying the same: the truth lies between.`,
		Example: `  akin power --difference 5
  akin power --triplets 400
  akin power everyday
  akin power everyday --difference 10`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return c.power(args, f) },
	}
	flags := cmd.Flags()
	flags.IntVar(&f.triplets, "triplets", 0, "number of triplets")
	flags.Float64Var(&f.difference, "difference", 0, "difference in error, in `points`")
	flags.Float64Var(&f.power, "power", 80, "chance to find it, in per cent")
	flags.Float64Var(&f.alpha, "alpha", 5, "chance of a false finding, in per cent")
	flags.Float64Var(&f.discordant, "discordant", 30, "share of triplets that only one of two models gets right, in per cent")
	flags.Float64Var(&f.error, "error", 40, "mean error over the two halves, in per cent")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) power(args []string, f powerFlags) error {
	if err := f.check(len(args) > 0); err != nil {
		return usageError{err}
	}
	units := []stats.Units{{Triplets: f.triplets, Worth: float64(f.triplets)}}
	if len(args) > 0 {
		set, _, err := c.home.OpenSet(args[0], stimuli.Options{})
		if err != nil {
			return err
		}
		units[0] = stats.SharedUnits(picturesOf(set))
	}
	answer := stats.NewPower(units[0], stats.PowerQuestion{
		Difference: f.difference / 100, Significance: f.alpha / 100, Power: f.power / 100,
		Discordant: f.discordant / 100, Error: f.error / 100,
	})
	return c.showText(answer, words.Power(answer, c.width()))
}

func (f powerFlags) check(set bool) error {
	between := func(x float64) bool { return x > 0 && x < 100 }
	switch {
	case set && f.triplets != 0:
		return errors.New("akin power: a set has its own number of triplets; leave --triplets out")
	case !set && f.triplets == 0 && f.difference == 0:
		return errors.New("akin power: say how many triplets (--triplets), which difference (--difference), or name a set")
	case f.triplets < 0:
		return fmt.Errorf("akin power: --triplets %d is not a number of triplets", f.triplets)
	case f.difference != 0 && !between(f.difference):
		return fmt.Errorf("akin power: --difference %v does not lie between 0 and 100 points", f.difference)
	case !between(f.power) || !between(f.alpha) || !between(f.discordant) || !between(f.error):
		return errors.New("akin power: --power, --alpha, --discordant and --error lie between 0 and 100 per cent")
	}
	return nil
}

// picturesOf names the pictures of each triplet by content.
func picturesOf(set *stimuli.Set) [][3]string {
	pictures := make([][3]string, len(set.Triplets))
	for i := range set.Triplets {
		for role, p := range set.Triplets[i].Shown() {
			pictures[i][role] = p.Hash.String()
		}
	}
	return pictures
}
