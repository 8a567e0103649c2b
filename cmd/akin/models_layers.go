package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// layerLine is a row of "models layers".
type layerLine struct {
	Name   string  `json:"name"`
	Op     string  `json:"op"`
	Shape  []int64 `json:"shape,omitempty"`  // of one picture; absent where it cannot be told before running
	Layout string  `json:"layout,omitempty"` // of all axes, the batch N among them; absent where it cannot be told
	Output bool    `json:"output"`           // declared output of the graph
}

func (c *console) modelsLayersCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "layers MODEL",
		Short: "list the nodes that --layer can name, with their shapes",
		Long: `layers lists what each node of a network makes: its name, the operator, and the
shape for one picture. Any of them can be compared with --layer NAME; --pooling
makes a vector of it, by joining the places of the picture and keeping the channels.

Beside the shape stands which axis is which: N pictures, C channels, H, W and T
places in the picture, as in NCHW for a map of a ResNet, NHWC for one of a Swin,
NTC for tokens. Where it says "?" the graph does not tell; name the axes yourself,
as in --pooling avg:NHWC.`,
		Example: `  akin models layers small-mobilenet
  akin models layers resnet50.onnx --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			lines, err := c.layerLines(args[0])
			if err != nil {
				return err
			}
			return show(c, lines, c.printLayers)
		},
	}
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) layerLines(nameOrFile string) ([]layerLine, error) {
	m, err := c.home.FindModel(nameOrFile)
	if err != nil {
		return nil, err
	}
	if m.IsBaseline() {
		return nil, fmt.Errorf("model %s: a baseline has no layers", m.Name)
	}
	layers, err := m.AllLayers()
	if err != nil {
		return nil, err
	}
	var lines []layerLine
	for _, l := range layers {
		line := layerLine{Name: l.Name, Op: l.Op, Output: l.Output, Layout: l.Layout}
		if len(l.Shape) > 0 {
			line.Shape = l.Shape[1:]
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func (c *console) printLayers(lines []layerLine) {
	width := 0
	for _, l := range lines {
		width = max(width, len(l.Name))
	}
	for _, l := range lines {
		shape, mark := "?", ""
		if l.Shape != nil {
			shape = strings.ReplaceAll(strings.Trim(fmt.Sprint(l.Shape), "[]"), " ", " x ")
		}
		if l.Output {
			mark = "  output"
		}
		fmt.Fprintf(c.prose(), " %-*s  %-20s  %-6s  %s%s\n", width, l.Name, l.Op, cmp.Or(l.Layout, "?"), shape, mark)
	}
}
