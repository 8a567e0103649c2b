package main

import (
	"github.com/spf13/cobra"
)

func (c *console) modelsCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "models",
		Short: "list, show, pull, convert and check models; list their layers",
		Example: `  akin models list
  akin models pull resnet18-torchvision
  akin models convert resnet-200.t7 -o resnet200.onnx
  akin models check resnet200.onnx --images imagenet/val`,
	}, c.modelsListCommand(), c.modelsShowCommand(), c.modelsPullCommand(), c.modelsConvertCommand(), c.modelsExportCommand(), c.modelsCardCommand(), c.modelsCheckCommand(), c.modelsLayersCommand())
}
