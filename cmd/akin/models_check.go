package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/notation"
	"github.com/spf13/cobra"
)

func (c *console) modelsCheckCommand() *cobra.Command {
	var config classify.Config
	var proof string
	cmd := &cobra.Command{
		Use:   "check MODEL [--images DIR | --proof FILE]",
		Short: "compare a network with what was published, or with its framework",
		Long: fmt.Sprintf(`check classifies labelled pictures and compares top-1 with the published value of
the model's card. A network whose weights were read wrongly, or whose pictures
are prepared wrongly, is found here, before its matching error is believed.

DIR is what "akin imagenet eval" takes. The verdict is pass if the whole 95 %% interval
of top-1 lies above the published value less %.0f points, fail if it lies below, else
cannot tell. It is kept with the hashes of graph and recipe; runs mark their models
by it.

Without labelled pictures a proof serves, which "akin models export" writes beside
the model: prepared pictures, features and logits are compared with those of the
framework, and features of a picture alone with those in company. Runs then mark the
model as checked (parity).

Exit code 3: not passed.`, classify.Margin),
		Example: `  akin models check resnet50.onnx --images imagenet/val
  akin models check resnet50-torchvision.onnx       by the proof beside it`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			check, err := c.checkModel(cmd, config, proof, args)
			if err != nil {
				return err
			}
			if c.asJSON {
				err = c.printJSON(check)
			} else {
				err = c.printCheck(check)
			}
			if err == nil && check.Verdict != classify.Pass {
				err = gateError{fmt.Errorf("model %s did not pass: %s", check.Model, check.Verdict), afterCheck[check.Verdict]}
			}
			return err
		},
	}
	classifyFlags(cmd, &config)
	cmd.Flags().StringVar(&proof, "proof", "", "proof of parity (default: MODEL's .proof beside it, where there are no --images)")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

// checkModel holds a model against labelled pictures or, where there are none,
// against its framework's proof.
func (c *console) checkModel(cmd *cobra.Command, config classify.Config, proof string, args []string) (classify.Check, error) {
	if proof == "" && config.Images == "" && strings.HasSuffix(args[0], ".onnx") {
		beside := strings.TrimSuffix(args[0], ".onnx") + ".proof"
		if _, err := os.Stat(beside); err == nil {
			proof = beside
		}
	}
	switch {
	case proof != "" && config.Images != "":
		return classify.Check{}, usageError{errors.New("give --images or --proof, not both")}
	case proof != "":
		return classify.CheckParity(cmd.Context(), classify.ParityConfig{Home: c.home, Model: args[0], Proof: proof, Options: config.Options})
	}
	if err := c.complete(cmd, &config, args); err != nil {
		return classify.Check{}, err
	}
	progress := newProgress(c.err)
	config.Progress = progress.show
	defer progress.finish()
	return classify.CheckModel(cmd.Context(), config)
}

// afterCheck says what to do after a verdict.
var afterCheck = map[classify.Verdict]string{
	classify.Fail:       "compare [recipe] in its card with its publisher's preprocessing (resize, crop, mean, std, channel order), or convert the weights with another --recipe",
	classify.CannotTell: "give more labelled pictures, or enter a published accuracy with its source in its card: [[accuracy]]",
}

func (c *console) printCheck(check classify.Check) error {
	share := func(s classify.Share) string {
		return fmt.Sprintf("%s %% (%d; 95 %% interval %s)", notation.Tenths(s.Percent), s.Correct, notation.Interval(s.CI, notation.Tenths))
	}
	if check.Parity != nil {
		c.fields([][2]string{{"model", check.Model}, {"verdict", string(check.Verdict)}, {"reading", check.Reading}})
		return nil
	}
	pictures := fmt.Sprint(check.Pictures)
	if check.LeftOut > 0 {
		pictures += fmt.Sprintf(", and %d left out: of classes that the network does not know", check.LeftOut)
	}
	c.fields([][2]string{
		{"model", check.Model}, {"pictures", pictures}, {"top-1", share(check.Top1)}, {"top-5", share(check.Top5)},
		{"verdict", string(check.Verdict)}, {"reading", check.Reading},
	})
	return nil
}
