package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/zoo"
	"github.com/spf13/cobra"
)

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
			return show(c, lines, c.printModelLines)
		},
	}
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) modelLines() ([]modelLine, error) {
	inside, err := zoo.Inside()
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
			fmt.Fprintf(c.prose(), format, strings.ToUpper(where[:1])+where[1:], "params M", "top-1", "")
		}
		parameters, top1, byHand := "", "", ""
		if l.Parameters > 0 {
			parameters = notation.Tenths(float64(l.Parameters) / 1e6)
		}
		if l.Top1 > 0 {
			top1 = notation.Tenths(l.Top1)
		}
		if l.ByHand {
			byHand = " (by hand)"
		}
		fmt.Fprintf(c.prose(), format, l.Name, parameters, top1, l.Title+byHand)
	}
	fmt.Fprintln(c.prose(), "\n top-1: published, per cent on ImageNet. \"akin models show NAME\" says more;")
	fmt.Fprintln(c.prose(), " \"akin models pull NAME\" fetches. By hand: pull NAME --from FILE.")
}
