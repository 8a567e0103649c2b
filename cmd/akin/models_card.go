package main

import (
	"fmt"

	"github.com/akin-vision/akin/export"
	"github.com/akin-vision/akin/zoo"
	"github.com/spf13/cobra"
)

func (c *console) modelsCardCommand() *cobra.Command {
	var o zoo.CardOptions
	cmd := &cobra.Command{
		Use:   "card MODEL.onnx",
		Short: "write the card of an .onnx of your own",
		Long: `card reads a graph and writes its card, a .toml of the same name: hash, outputs,
classes and recipe. Outputs are guessed from names and shapes, and the guesses are
shown; the recipe comes from --recipe, or from the file itself where
"akin models export" made it. Where something is missing it says what, and writes
nothing.

Recipes: ` + recipeNames(),
		Example: `  akin models card my-net.onnx --recipe torchvision
  akin models card my-net.onnx --rehash      after the .onnx was exported again`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			made, err := zoo.WriteCard(args[0], o)
			if err != nil {
				return err
			}
			return c.printCard(made)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Name, "name", "", "name of the model (default: the file's)")
	flags.StringVar(&o.Recipe, "recipe", "", "how pictures are prepared, by the name of a publisher's recipe")
	flags.BoolVar(&o.Rehash, "rehash", false, "keep the card that is there, but for the hash of the .onnx")
	flags.BoolVar(&o.Overwrite, "force", false, "replace a card that is there")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

// gaps say what a card lacks and how it gets it.
var gaps = map[export.Gap]string{
	export.NoRecipe:   "how pictures are prepared: give --recipe NAME, one of those that --help lists, or write [recipe] into a card by hand",
	export.NoFeatures: "which output holds the features: no output is a vector that looks like them; export the network again with an output named features",
	export.NoInput:    "which input takes pictures: none, or several, have four sides (batch, channels, height, width)",
}

func (c *console) printCard(made zoo.WrittenCard) error {
	if c.asJSON {
		if err := c.printJSON(made); err != nil {
			return err
		}
	} else {
		for _, g := range made.Guesses {
			fmt.Fprintf(c.prose(), "guessed  %s = %q, by %s\n", g.Key, g.Value, g.Why)
		}
	}
	if made.Written {
		if !c.asJSON {
			fmt.Fprintf(c.prose(), "wrote    %s\n", made.File)
		}
		return nil
	}
	for _, gap := range made.Missing {
		fmt.Fprintf(c.err, "missing  %s\n", gaps[gap])
	}
	return gateError{fmt.Errorf("no card was written: %d entries are missing", len(made.Missing)), "docs/card.md describes a card"}
}
