package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/english"
	"github.com/spf13/cobra"
)

func (c *console) featuresExportCommand() *cobra.Command {
	var config akin.ExportConfig
	var out string
	var fetch fetching
	var on clusterOptions
	cmd := &cobra.Command{
		Use:   "export [SET] --model MODEL --out FILE",
		Short: "write a set's features for NumPy, pandas or R",
		Long: `export writes the features of a set's pictures, in the set's order, and computes
those that are not kept yet. FILE ends in

  .npy      a float32 array, pictures x dimensions; beside it FILE.csv with the
            columns row, path, sha256
  .parquet  a table: path, sha256, feature (a list of float32, of fixed size where
            the reader goes by Arrow: pyarrow, pandas, Polars, R)`,
		Example: `  akin features export --model small-mobilenet --out features.npy
  akin features export my-set --model resnet50.onnx --layer layer3.5 --out layer3.parquet`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				config.Set = args[0]
			}
			if err := errors.Join(checkExport(config, out), on.check(config.Options, "")); err != nil {
				return err
			}
			if err := c.provide(cmd.Context(), []string{config.Model}, fetch); err != nil {
				return err
			}
			return c.exportFeatures(cmd.Context(), config, on, out)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&config.Model, "model", "", "name of a model, or an .onnx file with its card")
	flags.StringVar(&config.Layer, "layer", "", "inner node instead of the features (akin models layers)")
	flags.StringVar(&config.Pooling, "pooling", "", "how the layer's map or tokens become a vector: avg, max, flatten, cls; or with the axes named, as avg:NHWC (default avg)")
	flags.StringVar(&out, "out", "", "file to write, .npy or .parquet")
	computeFlags(cmd, &config.Options)
	clusterFlags(cmd, &on)
	fetchFlags(cmd, &fetch)
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) exportFeatures(ctx context.Context, config akin.ExportConfig, o clusterOptions, out string) error {
	on, err := c.openCluster(ctx, o, &config.Options)
	if err != nil {
		return err
	}
	defer on.close()
	config.Home = c.home
	progress := newProgress(c.err)
	config.Progress = progress.show
	files := &exportFiles{name: out}
	err = config.Export(ctx, files.open)
	progress.finish()
	on.finish()
	if estimated, err := c.estimated(files.finish(err)); estimated || err != nil {
		return err
	}
	return c.showText(exported{out, files.index(), files.pictures}, fmt.Sprintf("%s written to %s\n", english.Count(files.pictures, "vector"), out))
}

// exported is what "features export --json" prints.
type exported struct {
	File     string `json:"file"`
	Index    string `json:"index,omitempty"`
	Pictures int    `json:"pictures"`
}

func checkExport(c akin.ExportConfig, out string) error {
	var layers []string
	if c.Layer != "" {
		layers = []string{c.Layer}
	}
	switch ext := filepath.Ext(out); {
	case c.Model == "":
		return usageError{errors.New("akin features export: say whose features with --model")}
	case ext != ".npy" && ext != ".parquet":
		return usageError{errors.New("akin features export: give --out FILE.npy or FILE.parquet")}
	}
	return checkRun(akin.Config{Layers: layers, Pooling: c.Pooling, Options: c.Options})
}

// exportFiles take their names when they are whole.
type exportFiles struct {
	name     string
	pictures int
	growing  []*atomicfile.File
}

// index is the file beside an array that names its rows.
func (f *exportFiles) index() string {
	if strings.HasSuffix(f.name, ".npy") {
		return f.name + ".csv"
	}
	return ""
}

func (f *exportFiles) open(pictures int) (feature.Exporter, error) {
	f.pictures = pictures
	for _, name := range []string{f.name, f.index()} {
		if name == "" {
			continue
		}
		file, err := atomicfile.Create(name)
		if err != nil {
			return nil, err
		}
		f.growing = append(f.growing, file)
	}
	if f.index() == "" {
		return feature.NewParquet(f.growing[0]), nil
	}
	return feature.NewNPY(f.growing[0], f.growing[1], pictures), nil
}

// finish gives the files their names, or takes them away after an error.
func (f *exportFiles) finish(err error) error {
	if err == nil {
		err = atomicfile.CommitAll(f.growing...)
	}
	for _, file := range f.growing {
		file.Discard()
	}
	return err
}
