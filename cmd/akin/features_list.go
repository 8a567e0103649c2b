package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/akin-vision/akin/feature"
	"github.com/spf13/cobra"
)

func (c *console) featuresListCommand() *cobra.Command {
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
			if c.asJSON {
				return c.printJSON(entries)
			}
			return c.printEntries(entries)
		},
	}
	c.jsonFlag(cmd, "print JSON")
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
	switch {
	case e.Old:
		return "(earlier version)"
	case e.Lost:
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
