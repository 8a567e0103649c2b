package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/english"
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
	slices.SortStableFunc(entries, func(a, b feature.Entry) int {
		return cmp.Or(strings.Compare(modelOf(a, names), modelOf(b, names)), strings.Compare(a.Space.Recipe, b.Space.Recipe),
			strings.Compare(layerOf(a.Space), layerOf(b.Space)), strings.Compare(engineOf(a.Space), engineOf(b.Space)))
	})
	model, layer, bytes := len("model"), len("layer"), int64(0)
	for _, e := range entries {
		model, layer = max(model, utf8.RuneCountInString(modelOf(e, names))), max(layer, utf8.RuneCountInString(layerOf(e.Space)))
		bytes += e.Bytes
	}
	fmt.Fprintf(c.prose(), " %-*s %-8s %-*s %9s %6s %8s  %s\n", model, "model", "recipe", layer, "layer", "pictures", "dim", "MB", "engine")
	for _, e := range entries {
		fmt.Fprintf(c.prose(), " %-*s %-8.8s %-*s %9d %6d %8.1f  %s\n", model, modelOf(e, names), e.Space.Recipe, layer, layerOf(e.Space), e.Vectors, e.Dim, float64(e.Bytes)/1e6, engineOf(e.Space))
	}
	fmt.Fprintf(c.prose(), "\n %s, %.1f MB in %s\n", english.Count(len(entries), "file"), float64(bytes)/1e6, c.home.FeaturesDir())
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

// layerOf names a store's layer, and how many other inner layers were asked for with it: the same
// layer asked for with others has a store of its own.
func layerOf(s feature.Space) string {
	layer := s.Node
	if s.Pooling != "" {
		layer += ":" + s.Pooling
	}
	if taps := slices.DeleteFunc(strings.Split(s.Taps, ","), func(tap string) bool { return tap == "" || tap == s.Node }); len(taps) > 0 {
		layer += fmt.Sprintf(" (with %d)", len(taps))
	}
	return layer
}

func engineOf(s feature.Space) string {
	precision, _, _ := strings.Cut(s.Precision, " ")
	return strings.TrimSpace(s.Engine + " " + precision)
}
