package main

import (
	"fmt"

	"github.com/akin-vision/akin/classify"
	"github.com/spf13/cobra"
)

func (c *console) imagenetCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "imagenet",
		Short: "measure how classifiers do on ImageNet, and how they fail",
		Example: `  akin imagenet eval resnet50.onnx --images imagenet/val
  akin imagenet failures resnet50.onnx --images imagenet/val`,
	}, c.imagenetEvalCommand(), c.imagenetFailuresCommand(), c.imagenetSimilarCommand(), c.imagenetAgreementCommand(),
		c.imagenetSemanticsCommand(), c.imagenetBridgeCommand())
}

// classifyFlags are those of every command that classifies pictures.
func classifyFlags(cmd *cobra.Command, config *classify.Config) {
	flags := cmd.Flags()
	flags.StringVar(&config.Images, "images", "", "folder of labelled pictures")
	flags.StringVar(&config.Truth, "truth", "", "ground truth of a flat validation folder, a class a line")
	flags.StringVar(&config.Numbering, "numbering", "", "of the numbers in --truth: zero, one or devkit")
	flags.StringVar(&config.Synsets, "synsets", "", "order of the development kit's numbers, a WordNet id a line")
	flags.StringVar(&config.Labels.Classes, "classes", "", "`file` of the network's classes by output, an id a line (default: its card's)")
	flags.IntVar(&config.Labels.Offset, "offset", 0, "outputs before the first class, 1 for a background class (default: its card's)")
	computeFlags(cmd, &config.Options)
}

// meaningFlags are those of the commands that ask what classes mean.
func meaningFlags(cmd *cobra.Command, config *classify.Config) {
	classifyFlags(cmd, config)
	flags := cmd.Flags()
	flags.StringVar(&config.Labels.Hierarchy, "hierarchy", "", "`path` to a list, two ids a line, a class and what it is, or\nto WordNet's dict folder (default: WordNet above ImageNet's classes)")
	flags.StringVar(&config.Labels.Names, "names", "", "`file` of names for these: an id and its names a line")
}

// complete fills in what the flags leave open, and refuses what cannot be.
func (c *console) complete(cmd *cobra.Command, config *classify.Config, models []string) error {
	if config.Images == "" {
		return usageError{fmt.Errorf("%s: give labelled pictures with --images DIR", cmd.CommandPath())}
	}
	if config.Labels.Offset < 0 {
		return usageError{fmt.Errorf("%s: --offset is a number of outputs, 0 or more", cmd.CommandPath())}
	}
	config.Home, config.Models = c.home, models
	return nil
}
