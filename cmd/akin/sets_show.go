package main

import (
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
)

func (c *console) setsShowCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "show SET",
		Short:   "say what a set holds and where it comes from",
		Example: "  akin sets show everyday\n  akin sets show my-folder --json",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			s, _, err := c.home.OpenSet(args[0], stimuli.Options{})
			if err != nil {
				return err
			}
			if asJSON {
				return c.printJSON(newSetInfo(s))
			}
			c.printSet(newSetInfo(s))
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
