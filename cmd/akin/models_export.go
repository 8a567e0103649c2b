package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/akin-vision/akin/export"
	"github.com/akin-vision/akin/zoo"
	"github.com/spf13/cobra"
)

func (c *console) modelsExportCommand() *cobra.Command {
	o := export.Options{Python: "python3", Out: "."}
	var seed int
	var script bool
	cmd := &cobra.Command{
		Use:   "export SOURCE:NAME",
		Short: "bring a model of timm, torchvision, open_clip or Hugging Face",
		Long: `export runs a Python script with your interpreter, which must have the framework.
It loads the pretrained model, writes NAME.onnx (features before the classifier,
logits and tokens where the model has them), its card, with the framework's own
evaluation transform as recipe, and NAME.proof: sixteen pictures with what the
framework makes of them. "akin models check NAME.onnx" then proves that akin
computes the same.

SOURCE:NAME is one of
  torchvision:resnet50            or torchvision:resnet50/IMAGENET1K_V1
  timm:vit_small_patch16_224.augreg_in1k
  open_clip:ViT-B-32/laion2b_s34b_b79k
  hf:facebook/dinov2-small        or hf:facebook/dinov2-small@REVISION`,
		Example: `  akin models export torchvision:resnet50
  akin models export timm:resnet50.a1_in1k --python ~/env/bin/python
  akin models export --script > export.py    to run it on another machine`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if script {
				_, err := fmt.Fprint(c.out, export.Script)
				return err
			}
			if len(args) == 0 {
				return usageError{errors.New("say which model, as SOURCE:NAME; see akin models export --help")}
			}
			o.Model, o.Log = args[0], c.err
			if cmd.Flags().Changed("seed") {
				o.Seed = &seed
			}
			return c.export(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Python, "python", o.Python, "interpreter that has the framework")
	flags.StringVar(&o.Out, "out", o.Out, "folder of the files")
	flags.StringVar(&o.Name, "name", "", "name of the files (default: made of NAME and SOURCE)")
	flags.IntVar(&seed, "seed", 0, "random weights of this seed, for trials (torchvision, timm)")
	flags.BoolVar(&script, "script", false, "print the script, to run it on another machine; then akin models card")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

// export makes graph, proof and card.
func (c *console) export(ctx context.Context, o export.Options) error {
	files, err := export.Run(ctx, o)
	if err != nil {
		return err
	}
	made, err := zoo.WriteCard(files.Graph, zoo.CardOptions{Overwrite: true})
	if err != nil {
		return err
	}
	if c.asJSON {
		return c.printJSON(struct {
			export.Files
			Card string `json:"card"`
		}{files, made.File})
	}
	c.fields([][2]string{{"graph", files.Graph}, {"card", made.File}, {"proof", files.Proof},
		{"next", "akin models check " + files.Graph}})
	return nil
}
