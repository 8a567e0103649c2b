package main

import (
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
