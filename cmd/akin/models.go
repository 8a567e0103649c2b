package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/zoo"
	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"
)

func (c *console) modelsCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "models",
		Short: "list, show, pull, convert and check models; list their layers",
		Example: `  akin models list
  akin models pull resnet18-torchvision
  akin models convert resnet-200.t7 -o resnet200.onnx
  akin models check resnet200.onnx --images imagenet/val`,
	}, c.modelsListCommand(), c.modelsShowCommand(), c.modelsPullCommand(), c.modelsConvertCommand(), c.modelsCheckCommand(), c.modelsLayersCommand())
}

// modelLine is a row of "models list".
type modelLine struct {
	Name       string  `json:"name"`
	Where      string  `json:"where"` // inside akin, pulled, or to pull
	Kind       string  `json:"kind"`
	Title      string  `json:"title"`
	Family     string  `json:"family,omitempty"`
	Parameters int64   `json:"parameters,omitempty"`
	Top1       float64 `json:"imagenet_top1,omitempty"` // published, per cent
	SizeMB     float64 `json:"size_mb,omitempty"`       // of the published file
	Source     string  `json:"source,omitempty"`
	ByHand     bool    `json:"by_hand,omitempty"` // no address to download from
}

// Where a listed model is.
const (
	whereInside = "inside akin"
	wherePulled = "pulled"
	whereToPull = "to pull"
)

func (c *console) modelsListCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the models inside akin, the pulled ones, and those to pull",
		Example: `  akin models list
  akin models list --json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			lines, err := c.modelLines()
			if err != nil {
				return err
			}
			if asJSON {
				return c.printJSON(lines)
			}
			c.printModelLines(lines)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (c *console) modelLines() ([]modelLine, error) {
	inside, err := zoo.Default()
	if err != nil {
		return nil, err
	}
	var lines []modelLine
	for _, m := range inside {
		lines = append(lines, lineOf(m.Card, whereInside))
	}
	pulled, err := c.home.Catalogue().Pulled()
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, p := range pulled {
		have[p.Name] = true
		lines = append(lines, lineOf(p.Card, wherePulled))
	}
	entries, err := zoo.Entries()
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !have[e.Name] {
			lines = append(lines, modelLine{
				Name: e.Name, Where: whereToPull, Kind: model.Trained, Title: e.Title, Family: e.Family, Parameters: e.Parameters,
				Top1: imageNetTop1(e.Accuracy), SizeMB: e.SizeMB, Source: e.Source, ByHand: e.URL == "",
			})
		}
	}
	return lines, nil
}

func lineOf(card model.Card, where string) modelLine {
	return modelLine{
		Name: card.Name, Where: where, Kind: card.Kind, Title: card.Title, Family: card.Family,
		Parameters: card.Parameters, Top1: imageNetTop1(card.Accuracy), Source: card.Source,
	}
}

// imageNetTop1 is the published top-1 on ImageNet in per cent, 0 where none is.
func imageNetTop1(list []model.Accuracy) float64 {
	i := slices.IndexFunc(list, func(a model.Accuracy) bool { return strings.HasPrefix(a.On, "ImageNet 2012") })
	if i < 0 {
		return 0
	}
	return list[i].Top1
}

func (c *console) printModelLines(lines []modelLine) {
	const format = " %-31s %8s %6s  %s\n"
	where := ""
	for _, l := range lines {
		if l.Where != where {
			if where != "" {
				fmt.Fprintln(c.out)
			}
			where = l.Where
			fmt.Fprintf(c.out, format, strings.ToUpper(where[:1])+where[1:], "params M", "top-1", "")
		}
		parameters, top1, byHand := "", "", ""
		if l.Parameters > 0 {
			parameters = fmt.Sprintf("%.1f", float64(l.Parameters)/1e6)
		}
		if l.Top1 > 0 {
			top1 = fmt.Sprintf("%.1f", l.Top1)
		}
		if l.ByHand {
			byHand = " (by hand)"
		}
		fmt.Fprintf(c.out, format, l.Name, parameters, top1, clip(l.Title, 80-50-len(byHand))+byHand)
	}
	fmt.Fprintln(c.out, "\n top-1: published, per cent on ImageNet. \"akin models show NAME\" says more;")
	fmt.Fprintln(c.out, " \"akin models pull NAME\" fetches. By hand: pull NAME --from FILE.")
}

// clip shortens s to width characters.
func clip(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}

func (c *console) modelsShowCommand() *cobra.Command {
	var asJSON, asCard bool
	cmd := &cobra.Command{
		Use:   "show MODEL",
		Short: "print a model's card and what its graph holds",
		Example: `  akin models show small-resnet
  akin models show small-resnet --card > my-model.toml
  akin models show resnet50.onnx --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := c.home.FindModel(args[0])
			var notPulled *zoo.NotPulledError
			if errors.As(err, &notPulled) && !asCard {
				return c.showEntry(notPulled, asJSON)
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
			if asJSON {
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
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
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
func (c *console) showEntry(missing *zoo.NotPulledError, asJSON bool) error {
	e := missing.Entry
	if asJSON {
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
	text := fmt.Sprintf("top-1 %.1f %%", a.Top1)
	if a.Top5 > 0 {
		text += fmt.Sprintf(", top-5 %.1f %%", a.Top5)
	}
	return text + " on " + a.On
}
