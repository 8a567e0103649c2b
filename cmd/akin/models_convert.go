package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/convert"
	"github.com/akin-vision/akin/zoo"
	"github.com/spf13/cobra"
)

func (c *console) modelsConvertCommand() *cobra.Command {
	var o zoo.Conversion
	var output string
	cmd := &cobra.Command{
		Use:   "convert WEIGHTS [-o MODEL.onnx]",
		Short: "make a model of a .t7, .pth or .safetensors file",
		Long: `convert reads weights and writes an .onnx with the outputs features and logits,
and its card. A .t7 is walked as the file has it; in a state dict the network is
inferred from the tensors: ResNets and DenseNets as of the paper, torchvision,
timm and Hugging Face, under whatever wrapper's prefix, with or without a classifier.
Of a network and its average over training (EMA) the average is taken, as its
frameworks do, and the output and the card say so. Nothing inside a file is ever
executed.

Weights that the catalogue knows by SHA-256 get their published recipe. For
others the recipe is a guess from the format, or --recipe names one; either way
run "akin models check" before you believe a score.

Architectures: ` + strings.Join(convert.Architectures(), ", "),
		Example: `  akin models convert resnet-200.t7
  akin models convert checkpoint.pth --arch densenet161 --name my-densenet
  akin models convert resnet50.safetensors -o resnet50.onnx --recipe tensorflow-resnet`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output == "" {
				base := filepath.Base(args[0])
				output = strings.TrimSuffix(base, filepath.Ext(base)) + ".onnx"
			}
			made, err := zoo.Convert(cmd.Context(), args[0], output, o)
			if err != nil {
				return err
			}
			return show(c, conversionOf(made), c.printConversion)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&output, "output", "o", "", "the .onnx to write, its card beside it (default: the weights' name, here)")
	flags.StringVar(&o.Architecture, "arch", "", "architecture that the weights must fit (default: inferred)")
	flags.StringVar(&o.Entry, "entry", "", "network of a file that holds several, as state_dict or teacher (default: the only one, or the average of two)")
	flags.StringVar(&o.Recipe, "recipe", "", "how pictures are prepared: "+recipeNames())
	flags.StringVar(&o.Name, "name", "", "name of the model (default: from the file)")
	flags.BoolVar(&o.Probabilities, "probs", false, "add the output probs, the softmax of the logits")
	flags.BoolVar(&o.Overwrite, "force", false, "replace an .onnx and card that are there")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func recipeNames() string {
	recipes, err := zoo.Recipes()
	if err != nil {
		return "" // the command itself reports it
	}
	names := make([]string, len(recipes))
	for i, r := range recipes {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// conversion is what "models convert" prints.
type conversion struct {
	File         string `json:"file"`
	Name         string `json:"name"`
	Architecture string `json:"architecture,omitempty"`
	Structure    string `json:"structure"`
	Format       string `json:"format"`
	Parameters   int64  `json:"parameters"`
	Features     int    `json:"features"`
	Classes      int    `json:"classes"`
	Recipe       string `json:"recipe"`
	Guess        bool   `json:"recipe_is_a_guess"`
	SHA256       string `json:"sha256"`

	Notes []string `json:"notes,omitempty"`
}

func conversionOf(m *zoo.Converted) conversion {
	return conversion{
		File: m.File, Name: m.Model.Name, Architecture: m.Architecture, Structure: m.Structure, Format: m.Format,
		Parameters: m.Parameters, Features: m.Features, Classes: m.Classes,
		Recipe: m.Recipe, Guess: m.Guess, SHA256: m.Model.Hash, Notes: m.Notes,
	}
}

func (c *console) printConversion(m conversion) {
	recipe := m.Recipe
	if m.Guess {
		recipe += `: a guess from the format; "akin models check" tells whether it is right`
	}
	outputs := fmt.Sprintf("features [%d], logits [%d]", m.Features, m.Classes)
	if m.Classes == 0 {
		outputs = fmt.Sprintf("features [%d]", m.Features)
	}
	pairs := [][2]string{
		{"model", m.File},
		{"name", m.Name},
		{"network", strings.TrimSpace(m.Architecture + " " + m.Structure)},
		{"weights", fmt.Sprintf("%s, %d parameters", m.Format, m.Parameters)},
		{"outputs", outputs},
		{"recipe", recipe},
		{"sha256", m.SHA256},
	}
	for _, note := range m.Notes {
		pairs = append(pairs, [2]string{"note", note})
	}
	c.fields(pairs)
}
