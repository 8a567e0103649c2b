package main

import (
	"fmt"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/zoo"
	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"
)

func (c *console) modelsCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "models",
		Short: "list and show models",
		Example: `  akin models list
  akin models show small-resnet
  akin models show resnet50.onnx`,
	}, c.modelsListCommand(), c.modelsShowCommand(), c.modelsCheckCommand())
}

func (c *console) modelsListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "list the models inside akin",
		Example: "  akin models list",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			models, err := zoo.Default()
			if err != nil {
				return err
			}
			cards := make([]model.Card, len(models))
			for i, m := range models {
				cards[i] = m.Card
			}
			if asJSON {
				return c.printJSON(cards)
			}
			for _, m := range cards {
				fmt.Fprintf(c.out, "%-24s %-10s %s\n", m.Name, m.Kind, m.Title)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (c *console) modelsShowCommand() *cobra.Command {
	var asJSON, asCard bool
	cmd := &cobra.Command{
		Use:   "show MODEL",
		Short: "print a model's card",
		Example: `  akin models show small-resnet
  akin models show small-resnet --card > my-model.toml`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := c.home.FindModel(args[0])
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return c.printJSON(m.Card)
			case asCard:
				return toml.NewEncoder(c.out).Encode(m.Card)
			}
			c.printModel(m)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&asCard, "card", false, "print the card as TOML, to start a new one from")
	return cmd
}

func (c *console) printModel(m *model.Model) {
	height, width := m.Recipe.Size()
	parameters := ""
	if m.Parameters > 0 {
		parameters = fmt.Sprint(m.Parameters)
	}
	pairs := [][2]string{
		{"name", m.Name},
		{"title", m.Title},
		{"kind", m.Kind},
		{"family", m.Family},
		{"parameters", parameters},
		{"input", fmt.Sprintf("3x%dx%d", height, width)},
		{"recipe", recipeText(m.Recipe)},
		{"features", m.Outputs.Features},
	}
	for _, a := range m.Accuracy {
		pairs = append(pairs, [2]string{"accuracy", accuracy(a)})
	}
	c.fields(append(pairs, [][2]string{
		{"licence", m.Licence},
		{"source", m.Source},
		{"citation", m.Citation},
		{"note", m.Note},
		{"sha256", m.Hash},
	}...))
}

// recipeText is a recipe in one line, in the order of its steps.
func recipeText(r imaging.Recipe) string {
	var steps []string
	if r.CropFraction > 0 && r.CropFraction < 1 {
		steps = append(steps, fmt.Sprintf("central %g %%", 100*r.CropFraction))
	}
	switch {
	case r.Shorter > 0:
		steps = append(steps, fmt.Sprintf("%s to shorter side %d", r.Resize, r.Shorter))
	case r.Square > 0:
		steps = append(steps, fmt.Sprintf("%s to %d x %d", r.Resize, r.Square, r.Square))
	}
	if r.Crop > 0 {
		steps = append(steps, fmt.Sprintf("centre crop %d", r.Crop))
	}
	if r.Scale != "" {
		steps = append(steps, "x "+string(r.Scale))
	}
	if len(r.Mean) > 0 {
		steps = append(steps, fmt.Sprintf("minus %v", r.Mean))
	}
	if len(r.Std) > 0 {
		steps = append(steps, fmt.Sprintf("over %v", r.Std))
	}
	if r.Channels != "" {
		steps = append(steps, r.Channels)
	}
	return strings.Join(steps, ", ")
}

func accuracy(a model.Accuracy) string {
	text := fmt.Sprintf("top-1 %.1f %%", a.Top1)
	if a.Top5 > 0 {
		text += fmt.Sprintf(", top-5 %.1f %%", a.Top5)
	}
	return text + " on " + a.On
}
