package main

import (
	"fmt"
	"strings"

	"github.com/akin-vision/akin/onnx"
	"github.com/spf13/cobra"
)

// layerLine is a row of "models layers".
type layerLine struct {
	Name   string  `json:"name"`
	Op     string  `json:"op"`
	Shape  []int64 `json:"shape,omitempty"` // of one picture; absent where it cannot be told before running
	Output bool    `json:"output"`          // declared output of the graph
}

func (c *console) modelsLayersCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "layers MODEL",
		Short: "list the nodes that --layer can name, with their shapes",
		Long: `layers lists what each node of a network makes: its name, the operator, and the
shape for one picture. Any of them can be compared with --layer NAME; a map
(channels, height, width) or tokens (number, channels) become a vector by
--pooling.`,
		Example: `  akin models layers small-resnet
  akin models layers resnet50.onnx --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			lines, err := c.layerLines(args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return c.printJSON(lines)
			}
			c.printLayers(lines)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (c *console) layerLines(nameOrFile string) ([]layerLine, error) {
	m, err := c.home.FindModel(nameOrFile)
	if err != nil {
		return nil, err
	}
	data, err := m.Graph()
	if err != nil {
		return nil, err
	}
	if data == nil {
		return nil, fmt.Errorf("model %s: a baseline has no layers", m.Name)
	}
	graph, err := onnx.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", m.Name, err)
	}
	height, width := m.Recipe.Size()
	var lines []layerLine
	for _, l := range graph.Graph.Layers(1, 3, int64(height), int64(width)) {
		line := layerLine{Name: l.Name, Op: l.Op, Output: l.Output}
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
		fmt.Fprintf(c.out, " %-*s  %-20s  %s%s\n", width, l.Name, l.Op, shape, mark)
	}
}
