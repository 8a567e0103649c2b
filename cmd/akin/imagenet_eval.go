package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/notation"
	"github.com/spf13/cobra"
)

func (c *console) imagenetEvalCommand() *cobra.Command {
	var config classify.Config
	var out string
	cmd := &cobra.Command{
		Use:   "eval MODEL... --images DIR",
		Short: "top-1, top-5, classes, confusions and calibration of classifiers",
		Long: fmt.Sprintf(`eval classifies labelled pictures and counts: top-1 and top-5 with 95 %% Wilson
intervals, every class, the pairs of classes confused, and the expected
calibration error over %d bins of equal width.

DIR holds labels.csv (columns path and wnid, or class), a folder for each WordNet
id, or the flat validation pictures ILSVRC2012_val_00000001.JPEG and so on, whose
classes --truth lists, a line each: WordNet ids, or numbers whose meaning
--numbering gives. --real takes the reassessed labels (real.json).

The logits stay in akin's cache, never all in memory: Ctrl-C stops at once, and
the same command goes on from there.`, classify.CalibrationBins),
		Example: `  akin imagenet eval resnet50.onnx resnet18.onnx --images imagenet/val --out runs/val
  akin imagenet eval resnet50.onnx --images flat --truth val.txt --numbering zero --real real.json`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.complete(cmd, &config, args); err != nil {
				return err
			}
			progress := newProgress(c.err)
			config.Progress = progress.show
			evaluations, err := evaluateInto(cmd, config, out)
			progress.finish()
			if err != nil {
				return err
			}
			return show(c, evaluations, c.printEvaluations)
		},
	}
	meaningFlags(cmd, &config)
	cmd.Flags().StringVar(&config.ReaL, "real", "", "reassessed labels of the validation pictures (real.json)")
	cmd.Flags().StringVar(&out, "out", "", "folder for eval.json, per_class.csv, confusion.csv, predictions.csv and reliability.svg")
	c.jsonFlag(cmd, "print eval.json")
	return cmd
}

// evaluateInto evaluates and writes the files of --out, all in one step.
func evaluateInto(cmd *cobra.Command, config classify.Config, out string) (evaluations []classify.Evaluation, err error) {
	if out == "" {
		return classify.Evaluate(cmd.Context(), config, nil)
	}
	release, err := atomicfile.Lock(out, 0)
	if err != nil {
		return nil, err
	}
	defer release()
	anything := func([]os.DirEntry) error { return nil }
	err = atomicfile.UpdateFolder(out, anything, func(f atomicfile.Folder) error {
		err := f.PutFunc("predictions.csv", func(w io.Writer) (err error) { // row by row, before the rest is known
			evaluations, err = classify.Evaluate(cmd.Context(), config, w)
			return err
		})
		if err != nil {
			return err
		}
		return errors.Join(
			f.PutFunc("eval.json", func(w io.Writer) error {
				e := json.NewEncoder(w)
				e.SetIndent("", "  ")
				return e.Encode(evaluations)
			}),
			f.PutFunc("per_class.csv", func(w io.Writer) error { return classify.WritePerClass(w, evaluations) }),
			f.PutFunc("confusion.csv", func(w io.Writer) error { return classify.WriteConfusion(w, evaluations) }),
			f.PutFunc("reliability.svg", func(w io.Writer) error { return figure.WriteReliability(w, evaluations) }),
		)
	})
	return evaluations, err
}

func (c *console) printEvaluations(evaluations []classify.Evaluation) {
	fmt.Fprintf(c.prose(), "%-24s %8s  %-20s %-20s %6s\n", "model", "pictures", "top-1 %", "top-5 %", "ECE %")
	for _, e := range evaluations {
		fmt.Fprintf(c.prose(), "%-24s %8d  %-20s %-20s %6s\n", e.Model, e.Pictures, e.Top1.Text(), e.Top5.Text(), notation.Percent(e.Calibration.ECE))
		if e.LeftOut > 0 {
			fmt.Fprintf(c.prose(), "  %s left out: of classes that the network does not know\n", english.Count(e.LeftOut, "picture"))
		}
		if e.ReaL != nil {
			fmt.Fprintf(c.prose(), "  ReaL labels: top-1 %s of %d pictures\n", e.ReaL.Top1.Text(), e.ReaL.Pictures)
		}
		for _, pair := range e.Confusions[:min(3, len(e.Confusions))] {
			if pair.Pictures < 2 {
				break // one picture says little of its class
			}
			fmt.Fprintf(c.prose(), "  %s taken for %s: %d\n", pair.TruthName, pair.PredictedName, pair.Pictures)
		}
	}
	fmt.Fprintf(c.prose(), "Intervals: 95 %%, Wilson. ECE: expected calibration error, %d bins.\n", classify.CalibrationBins)
}
