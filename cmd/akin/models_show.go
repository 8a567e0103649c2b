package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/zoo"
	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"
)

func (c *console) modelsShowCommand() *cobra.Command {
	var asCard bool
	cmd := &cobra.Command{
		Use:   "show MODEL",
		Short: "print a model's card and what its graph holds",
		Example: `  akin models show small-mobilenet
  akin models show small-mobilenet --card > my-model.toml
  akin models show resnet50.onnx --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := c.home.FindModel(args[0])
			var notPulled *zoo.NotPulledError
			if errors.As(err, &notPulled) && !asCard {
				return c.showEntry(notPulled)
			}
			if err != nil {
				return err
			}
			if asCard {
				return toml.NewEncoder(c.out).Encode(m.Card)
			}
			graph, err := c.graphSummary(args[0], m)
			if err != nil {
				return err
			}
			if c.asJSON {
				return c.printJSON(struct {
					model.Card
					Hash  string     `json:"hash"`
					Graph *graphInfo `json:"graph,omitempty"`
				}{m.Card, m.Hash, graph})
			}
			c.printModel(m, graph)
			return nil
		},
	}
	c.jsonFlag(cmd, "print JSON")
	cmd.Flags().BoolVar(&asCard, "card", false, "print the card as TOML, to start a new one from")
	return cmd
}

// graphInfo is what a graph holds, for one picture of the recipe's size.
type graphInfo struct {
	Inputs     []string `json:"inputs"`
	Outputs    []string `json:"outputs"`
	Nodes      int      `json:"nodes"`
	Parameters int64    `json:"parameters"`
	GMAC       float64  `json:"gmac,omitempty"` // 10^9 multiply-accumulates
	Unknown    string   `json:"gmac_unknown,omitempty"`
}

func (c *console) graphSummary(nameOrFile string, m *model.Model) (*graphInfo, error) {
	graph, err := c.home.Catalogue().Graph(nameOrFile)
	if graph == nil || err != nil {
		return nil, err
	}
	height, width := m.Recipe.Size()
	s := graph.Summary(1, 3, int64(height), int64(width))
	return &graphInfo{
		Inputs: ends(s.Inputs), Outputs: ends(s.Outputs), Nodes: s.Nodes,
		Parameters: s.Parameters, GMAC: float64(s.MACs) / 1e9, Unknown: s.Unknown,
	}, nil
}

// ends writes edges with their shapes, ? for what is open.
func ends(list []*onnx.ValueInfo) []string {
	out := make([]string, len(list))
	for i, v := range list {
		dims := make([]string, len(v.Shape))
		for k, d := range v.Shape {
			dims[k] = cmp.Or(d.Name, "?")
			if d.Size > 0 {
				dims[k] = fmt.Sprint(d.Size)
			}
		}
		out[i] = fmt.Sprintf("%s [%s]", v.Name, strings.Join(dims, ", "))
	}
	return out
}

func (c *console) printModel(m *model.Model, graph *graphInfo) {
	height, width := m.Recipe.Size()
	pairs := [][2]string{
		{"name", m.Name},
		{"title", m.Title},
		{"kind", m.Kind},
		{"family", m.Family},
		{"picture", fmt.Sprintf("3x%dx%d", height, width)},
		{"recipe", strings.Join(m.Recipe.Steps(), ", ")},
		{"features", m.Outputs.Features},
	}
	if graph != nil {
		work := fmt.Sprintf("%.3f GMAC a picture", graph.GMAC)
		if graph.Unknown != "" {
			work = "multiply-accumulates unknown: " + graph.Unknown
		}
		pairs = append(pairs, [][2]string{
			{"inputs", strings.Join(graph.Inputs, "; ")},
			{"outputs", strings.Join(graph.Outputs, "; ")},
			{"graph", fmt.Sprintf("%d nodes, %d parameters, %s", graph.Nodes, graph.Parameters, work)},
		}...)
	}
	for _, a := range m.Accuracy {
		pairs = append(pairs, [2]string{"accuracy", accuracy(a)})
	}
	c.fields(append(pairs, [][2]string{
		{"licence", m.Licence},
		{"source", m.Source},
		{"citation", m.Citation},
		{"note", m.Note},
		{"sha256", m.Hash},
	}...))
}

// showEntry prints what the catalogue knows of a model that is not here.
func (c *console) showEntry(missing *zoo.NotPulledError) error {
	e := missing.Entry
	if c.asJSON {
		return c.printJSON(e)
	}
	pairs := [][2]string{
		{"name", e.Name}, {"title", e.Title}, {"family", e.Family}, {"format", e.Format}, {"recipe", e.Recipe},
	}
	if e.SizeMB > 0 {
		pairs = append(pairs, [2]string{"size", fmt.Sprintf("%.1f MB", e.SizeMB)})
	}
	for _, a := range e.Accuracy {
		pairs = append(pairs, [2]string{"accuracy", accuracy(a)})
	}
	c.fields(append(pairs, [][2]string{
		{"file", e.URL}, {"sha256", e.SHA256 + e.SHA256Prefix}, {"licence", e.Licence}, {"source", e.Source},
		{"citation", e.Citation}, {"note", e.Note}, {"next", hintFor(missing)},
	}...))
	return nil
}

func accuracy(a model.Accuracy) string {
	text := "top-1 " + notation.Tenths(a.Top1) + " %"
	if a.Top5 > 0 {
		text += ", top-5 " + notation.Tenths(a.Top5) + " %"
	}
	return text + " on " + a.On
}
