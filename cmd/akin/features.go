package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/akin-vision/akin/feature"
	"github.com/spf13/cobra"
)

func (c *console) featuresCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "features",
		Short: "list, verify, clean and export kept features",
		Example: `  akin features list
  akin features verify
  akin features gc --dry-run
  akin features export my-set --model resnet50.onnx --out features.npy`,
	}, c.featuresListCommand(), c.featuresVerifyCommand(), c.featuresGCCommand(), c.featuresExportCommand())
}

func (c *console) featuresListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "list what the store holds, by model, recipe and layer",
		Example: "  akin features list",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			entries, err := c.home.Features().Entries()
			if err != nil {
				return err
			}
			if asJSON {
				return c.printJSON(entries)
			}
			return c.printEntries(entries)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (c *console) printEntries(entries []feature.Entry) error {
	names, err := c.home.ModelNames()
	if err != nil {
		return err
	}
	var bytes int64
	fmt.Fprintf(c.out, " %-24s %-20s %9s %6s %8s  %s\n", "model", "layer", "pictures", "dim", "MB", "engine")
	for _, e := range entries {
		bytes += e.Bytes
		fmt.Fprintf(c.out, " %-24s %-20s %9d %6d %8.1f  %s\n", clip(modelOf(e, names), 24), clip(layerOf(e.Space), 20), e.Vectors, e.Dim, float64(e.Bytes)/1e6, engineOf(e.Space))
	}
	fmt.Fprintf(c.out, "\n %d files, %.1f MB in %s\n", len(entries), float64(bytes)/1e6, c.home.FeaturesDir())
	return nil
}

// modelOf names an entry's model, or gives the start of its hash.
func modelOf(e feature.Entry, names map[string]string) string {
	if e.Lost {
		return "(unreadable)"
	}
	return cmp.Or(names[e.Space.Model], e.Space.Model[:min(12, len(e.Space.Model))])
}

func layerOf(s feature.Space) string {
	if s.Pooling == "" {
		return s.Node
	}
	return s.Node + ":" + s.Pooling
}

func engineOf(s feature.Space) string {
	precision, _, _ := strings.Cut(s.Precision, " ")
	return strings.TrimSpace(s.Engine + " " + precision)
}

func (c *console) featuresVerifyCommand() *cobra.Command {
	var asJSON bool
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
			if asJSON {
				err = c.printJSON(entries)
			}
			vectors, faults := 0, 0
			for _, e := range entries {
				vectors += e.Vectors
				if !e.Sound() {
					faults++
					if !asJSON {
						fmt.Fprintf(c.out, "%s: %s\n", e.File, fault(e))
					}
				}
			}
			if !asJSON {
				fmt.Fprintf(c.out, "%d vectors in %d files are sound\n", vectors, len(entries))
			}
			if faults > 0 {
				return gateError{fmt.Errorf("%d of %d feature files are damaged", faults, len(entries)),
					`nothing wrong was or will be read: the next run makes them anew; "akin features gc" takes them out`}
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func fault(e feature.Entry) string {
	switch {
	case e.Lost:
		return "its header is damaged, no vector can be read"
	case e.Torn > 0:
		return fmt.Sprintf("%d damaged records, %d bytes of a torn one", e.Damaged, e.Torn)
	}
	return fmt.Sprintf("%d damaged records", e.Damaged)
}

func (c *console) featuresGCCommand() *cobra.Command {
	var asJSON, dry bool
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
			if asJSON {
				return c.printJSON(removed)
			}
			verb, bytes := "removed", int64(0)
			if dry {
				verb = "would remove"
			}
			for _, r := range removed {
				bytes += r.Freed
				fmt.Fprintf(c.out, "%s %.1f MB of %s: %s\n", verb, float64(r.Freed)/1e6, r.File, r.Why)
			}
			fmt.Fprintf(c.out, "%s %.1f MB\n", verb, float64(bytes)/1e6)
			return nil
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would go, and touch nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
