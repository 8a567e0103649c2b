package main

import (
	"fmt"

	"github.com/akin-vision/akin/setup"
	"github.com/spf13/cobra"
)

func (c *console) setupCommand() *cobra.Command {
	o := setup.Options{}
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "fetch ONNX Runtime and the pictures of akin's sets, once",
		Long: `setup fetches, through npm and into akin's cache, what akin cannot carry inside:
the ONNX Runtime library and the pictures of its sets. Versions are pinned and
checked against a lock file inside akin. Done once, it does nothing more.

On a machine without npm give the library with --onnxruntime and the pictures
with --pictures; both are copied into the cache.`,
		Example: `  akin setup
  akin setup --onnxruntime /opt/onnxruntime/lib --pictures fluent-emoji-3d/assets`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Cache, o.Output = c.home.Cache, c.err
			o.ONNXRuntime, _ = cmd.Flags().GetString("onnxruntime")
			if o.ONNXRuntime == "" && o.Pictures == "" {
				fmt.Fprintln(c.err, "setup: cache is", o.Cache)
			}
			changed, err := setup.Fetch(cmd.Context(), o)
			if err != nil {
				return err
			}
			if !changed {
				fmt.Fprintln(c.err, "setup: all is there already")
				return nil
			}
			fmt.Fprintln(c.err, `setup: done; "akin doctor" shows what was found, "akin run" is next`)
			return nil
		},
	}
	cmd.Flags().StringVar(&o.Pictures, "pictures", "", "folder with the pictures of @lobehub/fluent-emoji-3d, to copy instead of npm")
	return cmd
}
