package main

import (
	"fmt"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/english"
	"github.com/spf13/cobra"
)

func (c *console) featuresVerifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "read every record and compare it with its checksum",
		Long: `verify reads the whole store. Damaged records are never used and made anew when
they are wanted; "akin features gc" takes them out. Exit 3 where some are damaged.`,
		Example: "  akin features verify",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			entries, err := c.home.Features().Entries()
			if err != nil {
				return err
			}
			if c.asJSON {
				err = c.printJSON(entries)
			}
			vectors, faults := 0, 0
			for _, e := range entries {
				vectors += e.Vectors
				if !e.Sound() {
					faults++
					if !c.asJSON {
						fmt.Fprintf(c.prose(), "%s: %s\n", e.File, fault(e))
					}
				}
			}
			if !c.asJSON {
				fmt.Fprintf(c.prose(), "sound: %s in %s\n", english.Count(vectors, "vector"), english.Count(len(entries), "file"))
			}
			if faults > 0 {
				return gateError{fmt.Errorf("%d of %d feature files are damaged", faults, len(entries)),
					`nothing wrong was or will be read: the next run makes them anew; "akin features gc" takes them out`}
			}
			return err
		},
	}
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func fault(e feature.Entry) string {
	switch {
	case e.Old:
		return "made by an earlier version of akin, whose vectors are computed anew"
	case e.Lost:
		return "its header is damaged, no vector can be read"
	case e.Torn > 0:
		return fmt.Sprintf("%s, %s of a torn one", english.Count(e.Damaged, "damaged record"), english.Count(int(e.Torn), "byte"))
	}
	return english.Count(e.Damaged, "damaged record")
}
