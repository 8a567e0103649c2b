package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"gonum.org/v1/gonum/stat"
)

// distribution is one model's panel: for each relation the cosines of related
// pairs above a line and those of unrelated pairs below it. Every panel has a
// scale of its own, since cosines of two models are not comparable.
type distribution struct {
	Variant       bool // a form of a network
	Name, Kind    string
	Measure       string
	Bandwidth     float64 // of all curves of the panel; 0 where none is drawn
	Ticks         []page.Tick
	Rows          []distributionRow
	Left, Right   page.Px
	Width, Height page.Px
	Axis          page.Px // where the scale stands
}

type distributionRow struct {
	Relation           string // or what stands for it where there is none
	Triplets           int
	Top, Baseline      page.Px
	Related, Unrelated cloud
}

// cloud is the shape of one group of cosines, in the panel's units.
type cloud struct {
	Median    float64   // the cosine
	Outline   string    // of the density, from baseline to baseline; empty where too few cosines differ
	Quartiles string    // a stroke from the first to the third
	Middle    string    // a stroke at the median
	Points    []page.Px // each cosine, only where there is no outline
	PointsY   page.Px
}

// openPanels is how many panels stand open; more are folded.
const openPanels = 9

// Sizes of a panel in user units.
const (
	panelWidth  = 340
	panelMargin = 16
	rowHeight   = 88
	rowBaseline = 56 // below the row's top
	cloudHeight = 30
)

func newDistributions(run *record.Run, s record.Summary) []distribution {
	relations := relationsOf(s)
	panels := make([]distribution, len(run.Models))
	for i, m := range run.Models {
		panels[i] = newDistribution(m, byRelation(m.Choices, relations), measureOf(run.Settings))
		panels[i].Variant = s.Models[i].VariantOf != ""
	}
	if len(panels) > openPanels { // the networks stand open, their forms are folded
		slices.SortStableFunc(panels, func(a, b distribution) int { return side(a.Variant) - side(b.Variant) })
	}
	return panels
}

// byRelation groups choices in the order of relations; those without one come last.
func byRelation(choices []match.Choice, relations []record.AxisValue) [][]match.Choice {
	var groups [][]match.Choice
	for _, r := range append(slices.Clone(relations), record.AxisValue{}) {
		var group []match.Choice
		for _, c := range choices {
			if c.Triplet.Relation == r.Value {
				group = append(group, c)
			}
		}
		if len(group) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

func newDistribution(m record.Model, groups [][]match.Choice, similarity measure) distribution {
	x := similarityScale(m.Choices, similarity, panelMargin, panelWidth-panelMargin)
	k := newKernel(groups, similarity)
	peak := k.peak(groups, x)
	d := distribution{Name: m.Name, Kind: m.Kind, Measure: similarity.Name, Bandwidth: k.bandwidth, Ticks: x.Ticks(6), Left: x.From, Right: x.To, Width: panelWidth}
	for i, group := range groups {
		related, unrelated := match.Similarities(group)
		top := page.Px(i * rowHeight)
		d.Rows = append(d.Rows, distributionRow{
			Relation: rowName(group[0].Triplet.Relation, len(groups)), Triplets: len(group), Top: top, Baseline: top + rowBaseline,
			Related:   k.cloud(related, x, page.Scale{Low: 0, High: peak, From: top + rowBaseline - 1, To: top + rowBaseline - 1 - cloudHeight}),
			Unrelated: k.cloud(unrelated, x, page.Scale{Low: 0, High: peak, From: top + rowBaseline + 1, To: top + rowBaseline + 1 + cloudHeight}),
		})
	}
	d.Axis = page.Px(len(groups)*rowHeight + 4)
	d.Height = d.Axis + 34
	return d
}

// rowName names the row of triplets without a relation: all, or the remaining.
func rowName(relation string, rows int) string {
	switch {
	case relation != "":
		return shortened(relation)
	case rows == 1:
		return "all triplets"
	default:
		return "no relation"
	}
}

// shortened keeps what fits a panel's width.
func shortened(text string) string { return clipped(text, 28) }

func clipped(text string, runes int) string {
	if r := []rune(text); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return text
}

// Text says in words what the panel shows.
func (d distribution) Text() string {
	var parts []string
	for _, r := range d.Rows {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s median %s %s for related, %s for unrelated pairs",
			r.Relation, d.Measure, notation.Decimal(r.Related.Median), notation.Decimal(r.Unrelated.Median))))
	}
	return d.Name + ": " + strings.Join(parts, "; ")
}

// similarityScale spans all similarities of one model with a little air, within
// what the measure can be.
func similarityScale(choices []match.Choice, similarity measure, from, to page.Px) page.Scale {
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range choices {
		low, high = min(low, c.Related, c.Unrelated), max(high, c.Related, c.Unrelated)
	}
	air := max(0.05*(high-low), 0.001)
	low, high = low-air, high+air
	if similarity.Bounded {
		low, high = max(-1, low), min(1, high)
	}
	return page.Scale{Low: low, High: high, From: from, To: to}
}

// kernel estimates densities of similarities by Gaussians, those of a bounded
// measure reflected at -1 and 1 so that no mass leaks beyond what it can be.
type kernel struct {
	bandwidth float64
	reflected bool
}

// newKernel takes one bandwidth for all groups of a panel: the mean of what
// Silverman's rule of thumb (1986, eq. 3.31) gives each of them.
func newKernel(groups [][]match.Choice, similarity measure) kernel {
	var sum, n float64
	for _, group := range groups {
		related, unrelated := match.Similarities(group)
		for _, values := range [][]float64{related, unrelated} {
			if h := silverman(values); h > 0 {
				sum += h
				n++
			}
		}
	}
	return kernel{sum / max(n, 1), similarity.Bounded}
}

// silverman is 0 for fewer than five or all equal values: no density then.
func silverman(values []float64) float64 {
	if len(values) < 5 {
		return 0
	}
	spread := stat.StdDev(values, nil)
	if iqr := quantile(values, 0.75) - quantile(values, 0.25); iqr > 0 {
		spread = min(spread, iqr/1.34)
	}
	return 0.9 * spread * math.Pow(float64(len(values)), -0.2)
}

// quantile interpolates between order statistics (type 7 of Hyndman and Fan 1996).
func quantile(values []float64, p float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i == len(sorted)-1 {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func (k kernel) density(values []float64, at float64) float64 {
	gauss := func(v float64) float64 {
		z := (at - v) / k.bandwidth
		return math.Exp(-z * z / 2)
	}
	var sum float64
	for _, v := range values {
		sum += gauss(v)
		if k.reflected {
			sum += gauss(2-v) + gauss(-2-v)
		}
	}
	return sum / (float64(len(values)) * k.bandwidth * math.Sqrt(2*math.Pi))
}

// grid returns the cosines at which densities are drawn.
func grid(x page.Scale) []float64 {
	const steps = 120
	points := make([]float64, steps+1)
	for i := range points {
		points[i] = x.Low + (x.High-x.Low)*float64(i)/steps
	}
	return points
}

// peak is the highest density of a panel, so that all its curves share one height.
func (k kernel) peak(groups [][]match.Choice, x page.Scale) float64 {
	peak := 0.0
	for _, group := range groups {
		related, unrelated := match.Similarities(group)
		for _, cosines := range [][]float64{related, unrelated} {
			if silverman(cosines) == 0 {
				continue
			}
			for _, at := range grid(x) {
				peak = max(peak, k.density(cosines, at))
			}
		}
	}
	return peak
}

// cloud draws on the side of y.From that y.To is on.
func (k kernel) cloud(cosines []float64, x, y page.Scale) cloud {
	side := page.Px(math.Copysign(1, float64(y.To-y.From)))
	c := cloud{Median: quantile(cosines, 0.5)}
	if silverman(cosines) == 0 {
		c.PointsY = y.From + 7*side
		for _, v := range cosines {
			c.Points = append(c.Points, x.At(v))
		}
		return c
	}
	c.Quartiles = fmt.Sprintf("M%v %vH%v", x.At(quantile(cosines, 0.25)), y.From+4*side, x.At(quantile(cosines, 0.75)))
	c.Middle = fmt.Sprintf("M%v %vV%v", x.At(c.Median), y.From, y.From+13*side)
	var outline strings.Builder
	fmt.Fprintf(&outline, "M%v %v", x.From, y.From)
	for _, at := range grid(x) {
		fmt.Fprintf(&outline, "L%v %v", x.At(at), y.At(k.density(cosines, at)))
	}
	fmt.Fprintf(&outline, "L%v %v", x.To, y.From)
	c.Outline = outline.String()
	return c
}
