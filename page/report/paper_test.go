package report

import (
	"fmt"
	"testing"

	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// TestPaperCutsNothing: on paper nobody can scroll, so that every table ends within its
// part of the page, that of layers too, two of which stand side by side.
func TestPaperCutsNothing(t *testing.T) {
	run, files := richRun(t, 30)
	statistics := analysed(t, run)
	figure := func(relation string) stats.CurveFigure {
		return stats.CurveFigure{Relation: relation, Value: .555, Interval: stats.Interval{Low: .505, High: .609}}
	}
	for _, network := range []string{"good-net", "weak-net"} {
		c := stats.Curve{Network: network}
		for depth := range 6 {
			c.Points = append(c.Points, stats.CurvePoint{Node: fmt.Sprintf("stage4_unit%d_relu", depth), Depth: depth + 1, CurveFigure: figure(""),
				ByRelation: []stats.CurveFigure{figure("taxonomic"), figure("thematic"), figure("part")}})
		}
		statistics.Curves = append(statistics.Curves, c)
	}
	b := openTab(t, written(t, Input{Run: run, Summary: summarised(t, run), Statistics: statistics, Pictures: page.Pictures{Files: files}}), "")
	b.media("print", "light")
	b.do(chromedp.EmulateViewport(718, 980)) // letter between its margins
	ask[any](b, "window.dispatchEvent(new Event('beforeprint'))")
	const wide = `[...document.querySelectorAll("table, .depth svg text")].filter(e => e.checkVisibility() &&
		e.getBoundingClientRect().right > (e.closest("table") ? e.closest("figure, .forests > *, section").getBoundingClientRect().right : innerWidth) + 1)
		.map(e => e.className + " " + e.textContent.slice(0, 40))`
	if got := ask[[]string](b, wide); len(got) > 0 {
		t.Errorf("paper cuts %q", got)
	}
	if n := ask[int](b, `[...document.querySelectorAll(".layers")].filter(e => e.checkVisibility()).length`); n != 2 {
		t.Errorf("%d tables of layers are on paper", n)
	}
	b.quiet()
}

// TestFormsTellWhatDiffers: the record of a form of a network does not repeat the network's.
func TestFormsTellWhatDiffers(t *testing.T) {
	network := record.Model{Node: "features", Dim: 256, Engine: "engine", Hash: "abc"}
	network.Name, network.Kind, network.Note = "net", "trained", "a note"
	layer := network
	layer.Name, layer.Node, layer.Dim = "net@c3", "c3", 32
	got, err := newModelFacts([]record.Model{network, layer}, []int{0, 0})
	if err != nil {
		t.Fatal(err)
	}
	want := modelFacts{"net@c3", "net", []fact{{"features", "c3", true}, {Term: "dimensions", Text: "32"}}}
	if diff := cmp.Diff(want, got[1]); diff != "" {
		t.Errorf("layer (-want +got):\n%s", diff)
	}
	terms := map[string]string{}
	for _, f := range got[0].Facts {
		terms[f.Term] = f.Text
	}
	if got[0].Network != "" || terms["note"] != "a note" || terms["SHA-256"] != "abc" || terms["dimensions"] != "256" {
		t.Errorf("network: %+v", got[0])
	}
}
