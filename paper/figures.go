package paper

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

func (b *builder) trace(c figure.Case) figure.Trace {
	m := b.model
	height, width := m.Recipe.Size()
	return figure.Trace{
		Model: m.Name, Case: c, Recipe: m.Recipe.Steps(), Node: m.Node, Dim: m.Dim,
		Input: fmt.Sprintf("3 × %d × %d", height, width),
	}
}

// fewestRated is the number of triplets under which a distribution of ratings
// would show noise.
const fewestRated = 10

// ratings is Figure 4, if people rated both pairs of some triplets.
func (b *builder) ratings() {
	f := figure.Ratings{Model: b.model.Name}
	means, scale := b.meanRatings()
	f.Scale = scale
	for _, c := range b.model.Choices {
		t := c.Triplet
		related, unrelated := means(t)
		if math.IsNaN(related) || math.IsNaN(unrelated) {
			continue
		}
		f.Pairs = append(f.Pairs,
			figure.RatedPair{Triplet: t.ID, Related: true, First: t.TargetLabel, Second: t.RelatedLabel, Rating: related, Cosine: c.Related, Outcome: string(c.Outcome())},
			figure.RatedPair{Triplet: t.ID, First: t.TargetLabel, Second: t.UnrelatedLabel, Rating: unrelated, Cosine: c.Unrelated, Outcome: string(c.Outcome())})
	}
	if len(f.Pairs) < 2*fewestRated {
		b.missing(ratingsAndCosines, NeedRatings, fmt.Sprintf("%d triplets have ratings of both pairs, a distribution needs %d", len(f.Pairs)/2, fewestRated))
		return
	}
	f.Margins = figure.NewMargins(f.Pairs)
	b.row(ratingsAndCosines, b.figure("figure-4-ratings", "People's ratings against the cosines of "+b.model.Name, f))
}

// meanRatings are those of the set, or the means of single judgements on the
// first scale where the set has no means.
func (b *builder) meanRatings() (mean func(*stimuli.Triplet) (related, unrelated float64), scale string) {
	set := b.run.Stimuli
	if len(set.Judgements) == 0 || slices.ContainsFunc(set.Triplets, func(t stimuli.Triplet) bool { return t.Rated() }) {
		return func(t *stimuli.Triplet) (float64, float64) { return t.RatingRelated, t.RatingUnrelated }, ""
	}
	ratings := set.Ratings()
	scale = slices.Min(ratings.Scales)
	return func(t *stimuli.Triplet) (float64, float64) {
		return ratings.Mean(t.Target, t.Related, scale), ratings.Mean(t.Target, t.Unrelated, scale)
	}, scale
}

// matrix is Figure 5a.
func (b *builder) matrix() {
	if len(b.networks) < 2 {
		b.missing(modelAgainstModel, NeedModels, "the run has one network")
		return
	}
	var f figure.Matrix
	columns := make([][]float64, len(b.networks)) // related pairs, then unrelated ones
	n := len(b.run.Stimuli.Triplets)
	for i, place := range b.networks {
		m := b.run.Models[place]
		f.Models = append(f.Models, m.Name)
		for _, c := range m.Choices {
			columns[i] = append(columns[i], c.Related)
		}
		for _, c := range m.Choices {
			columns[i] = append(columns[i], c.Unrelated)
		}
		for j := range i {
			f.Correlations = append(f.Correlations, figure.Correlation{A: f.Models[j], B: m.Name,
				Pearson: stats.Pearson(columns[j], columns[i]), Spearman: stats.Spearman(columns[j], columns[i])})
		}
	}
	for k := range 2 * n {
		p := figure.MatrixPair{Triplet: b.run.Stimuli.Triplets[k%n].ID, Related: k < n}
		for i := range columns {
			p.Cosines = append(p.Cosines, columns[i][k])
		}
		f.Pairs = append(f.Pairs, p)
	}
	b.row(modelAgainstModel, b.figure("figure-5a-models", "Cosines of each model against each other", f))
}

// roc draws a figure for each family, those of trained models first.
func (b *builder) roc() []string {
	byFamily := map[string]*figure.ROC{}
	var families []string
	for _, i := range b.networks {
		m := b.run.Models[i]
		family := familyOf(m.Card)
		if byFamily[family] == nil {
			byFamily[family] = &figure.ROC{Family: family}
			families = append(families, family)
		}
		auc := b.statistics.Comparison.Models[i].AUC
		related, unrelated := match.Similarities(m.Choices)
		byFamily[family].Curves = append(byFamily[family].Curves, figure.Curve{
			Model: m.Name, AUC: float64(auc.AUC), Interval: auc.Evidence.Interval, Points: stats.ROC(related, unrelated)})
	}
	var files, taken []string
	for _, family := range families {
		name := fileName("figure-5-roc-"+family, taken)
		taken = append(taken, name)
		files = append(files, b.figure(name, "ROC of "+family, *byFamily[family]))
	}
	return files
}

func familyOf(c model.Card) string {
	switch {
	case c.Kind == model.NoNetwork:
		return "baselines"
	case c.Family == "":
		return "no-family"
	}
	return c.Family
}

// fileName keeps letters, digits and dashes, of a length that every file
// system takes, and tells equal names apart by number.
func fileName(text string, taken []string) string {
	const longest = 60
	name := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-') {
			return unicode.ToLower(r)
		}
		return '-'
	}, text)
	name = name[:min(len(name), longest)]
	unique := name
	for i := 2; slices.Contains(taken, unique); i++ {
		unique = fmt.Sprintf("%s-%d", name, i)
	}
	return unique
}

// bars is Figure 6: in the order of families and of falling ImageNet error.
func (b *builder) bars() figure.Bars {
	var f figure.Bars
	for _, i := range b.networks {
		m, s := b.run.Models[i], b.summary.Models[i]
		auc := b.statistics.Comparison.Models[i].AUC
		f.Rows = append(f.Rows, figure.Bar{
			Model: m.Name, Family: familyOf(m.Card), Kind: m.Kind, Top1: b.top1[i].Estimate, Top1Source: b.top1[i].text, Top1Sampled: b.top1[i].source != published && b.top1[i].source != noSource,
			Triplets: s.Triplets, Top1Pictures: b.top1[i].n,
			Matching: figure.Estimate{Value: s.MatchingError, Interval: s.MatchingErrorCI},
			OneMinusAUC: figure.Estimate{Value: 1 - float64(auc.AUC),
				Interval: stats.Interval{Low: 1 - auc.Evidence.Interval.High, High: 1 - auc.Evidence.Interval.Low}},
		})
	}
	families := map[string]int{}
	for _, r := range f.Rows {
		if _, known := families[r.Family]; !known {
			families[r.Family] = len(families)
		}
	}
	slices.SortStableFunc(f.Rows, func(x, y figure.Bar) int {
		return cmp.Or(cmp.Compare(families[x.Family], families[y.Family]), cmp.Compare(y.Top1.Value, x.Top1.Value))
	})
	return f
}
