package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (c *console) featuresGCCommand() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "remove features that no run will read again",
		Long: `gc removes files made by another version of akin's decoder, of its baselines or of
ONNX Runtime, files that cannot be read, and damaged records. What another
process writes to stays.`,
		Example: `  akin features gc --dry-run
  akin features gc`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			current, err := c.home.CurrentFeatures()
			if err != nil {
				return err
			}
			removed, err := c.home.Features().Collect(cmd.Context(), current, dry)
			if err != nil {
				return err
			}
			if c.asJSON {
				return c.printJSON(removed)
			}
			verb, bytes := "removed", int64(0)
			if dry {
				verb = "would remove"
			}
			for _, r := range removed {
				bytes += r.Freed
				fmt.Fprintf(c.prose(), "%s %.1f MB of %s: %s\n", verb, float64(r.Freed)/1e6, r.File, r.Why)
			}
			fmt.Fprintf(c.prose(), "%s %.1f MB\n", verb, float64(bytes)/1e6)
			return nil
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would go, and touch nothing")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}
