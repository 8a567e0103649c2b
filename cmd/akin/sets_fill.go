package main

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/spf13/cobra"
)

func (c *console) setsFillCommand() *cobra.Command {
	var config compose.FillConfig
	var pictures, out string
	cmd := &cobra.Command{
		Use:   "fill " + compose.ImageNetRelated,
		Short: "make a set of akin's ImageNet triplets and your ImageNet pictures",
		Long: `fill makes a set of imagenet-related, 1,000 triplets of ImageNet classes, and the
pictures of a folder that you point at: 500 triplets are taxonomic (near in
WordNet), 500 thematic (used, worn or found together), and of each the distractor
is matched to the target in shape, in colour, or drawn.

The pictures lie in folders named by WordNet ids (n01440764), or are listed in
labels.csv or pictures.csv there (path, and wnid or class). They are chosen by
rule: the next of each class by name, and as distractor the most alike, in edges
or in colour, among those of twelve classes that nothing ties to either. The
same folder makes the same set. Triplets whose classes have no pictures there are
left out and listed in fill-report.csv.`,
		Example: `  akin sets fill imagenet-related --pictures imagenet/val --out imagenet-related
  akin run imagenet-related --model resnet50.onnx`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case args[0] != compose.ImageNetRelated:
				return usageError{fmt.Errorf("there is no manifest %q to fill, only %s", args[0], compose.ImageNetRelated)}
			case pictures == "" || out == "":
				return usageError{errors.New("sets fill needs --pictures and --out; see akin sets fill --help")}
			case config.PerClass < 1:
				return usageError{fmt.Errorf("--per-class is %d; use 1 or more", config.PerClass)}
			}
			root, err := regular.OpenFolder(pictures)
			if err != nil {
				return err
			}
			defer root.Close()
			config.Pictures, config.Store = root, c.home.Features()
			if config.Triplets, err = compose.ImageNetTriplets(); err != nil {
				return err
			}
			return c.fill(cmd, config, out)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&pictures, "pictures", "", "folder of ImageNet pictures")
	flags.StringVar(&out, "out", "", "folder of the set")
	flags.IntVar(&config.PerClass, "per-class", 8, "pictures of a class that are considered, the first by name")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

// fillInfo is what "sets fill --json" prints.
type fillInfo struct {
	Folder   string         `json:"folder"`
	Triplets int            `json:"triplets"`
	Of       int            `json:"of"`
	Rejected map[string]int `json:"rejected"` // triplets, pictures
}

func (c *console) fill(cmd *cobra.Command, config compose.FillConfig, out string) error {
	progress := newProgress(c.err)
	config.Extract.Progress = progress.show
	filled, err := compose.Fill(cmd.Context(), config)
	progress.finish()
	if err != nil {
		return err
	}
	if err := filled.Write(out); err != nil {
		return err
	}
	info := fillInfo{Folder: out, Triplets: len(filled.Triplets), Of: len(config.Triplets), Rejected: rejections(filled.Rejected)}
	return show(c, info, c.printFilled)
}

func (c *console) printFilled(info fillInfo) {
	fmt.Fprintf(c.prose(), "%s: %d of %d triplets. Rejected: %s (fill-report.csv)\n", info.Folder, info.Triplets, info.Of, cmp.Or(counts(info.Rejected), "nothing"))
	fmt.Fprintf(c.err, "Next: akin sets validate %s says how well appearance alone solves it.\n", info.Folder)
}
