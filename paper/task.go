package paper

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

// NewTask makes figures, tables and the section on methods of a run on a set of another
// task than triplets: each model's figure with its interval and people's ceiling, its
// parts, and every two models.
func NewTask(run *judged.Run, s judged.Statistics) *Paper {
	kinds := map[string]string{}
	for _, m := range run.Models {
		kinds[m.Name] = m.Kind
	}
	t := task{kinds: kinds, share: notation.PercentTo(1), factor: 100}
	switch {
	case s.OddOneOut != nil:
		t.oddOneOut(*s.OddOneOut)
	case s.Votes != nil:
		t.votes(*s.Votes)
	case s.Matrices != nil:
		t.share, t.factor = notation.Decimal[float64], 1
		t.matrices(*s.Matrices)
	}
	t.models.Rows = t.rows
	p := &Paper{Claims: []Claim{}, methods: taskMethods(run, s)}
	p.figures = []named{{"models", t.models.Caption, t.figure}}
	p.tables = []Table{t.models}
	if len(t.pairs.Rows) > 0 {
		p.tables = append(p.tables, t.pairs)
	}
	if len(t.parts.Rows) > 0 {
		p.tables = append(p.tables, t.parts)
	}
	for i, table := range p.tables {
		row := Row{Row: i + 1, Item: table.Caption, Files: []string{"tables/" + table.Name}}
		if i == 0 {
			row.Files = append(row.Files, "figures/models")
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// task gathers the tables and the figure of a run.
type task struct {
	kinds                map[string]string
	share                func(float64) string
	factor               float64
	figure               figure.Intervals
	rows                 [][]string
	models, pairs, parts Table
}

// start names what all models have.
func (t *task) start(label string, chance float64, caption string, columns ...string) {
	t.figure = figure.Intervals{Label: label, Factor: t.factor, Chance: chance}
	t.models = Table{Name: "models", Caption: caption, Header: append([]string{"Model", label, "95 % CI", "p"}, columns...)}
	t.pairs = Table{Name: "model-pairs", Caption: "Every two models: " + label + " of A less B", Header: []string{"A", "B", "Difference", "95 % CI", "p", "p (Holm)"}}
	t.parts = Table{Name: "parts", Caption: label + " by part of the set", Header: []string{"Model", "Part", "Rows", label, "95 % CI"}}
}

func (t *task) model(name string, value stats.Number, e stats.Evidence, cells ...string) {
	t.figure.Rows = append(t.figure.Rows, figure.Interval{Model: name, Kind: t.kinds[name], Estimate: figure.Estimate{Value: float64(value), Interval: e.Interval}})
	t.rows = append(t.rows, append([]string{name, t.share(float64(value)), notation.Interval(e.Interval, t.share), notation.P(e.P)}, cells...))
}

func (t *task) line(name string, value stats.Number) {
	if value.Defined() && value != 0 {
		t.figure.Lines = append(t.figure.Lines, figure.Line{Name: name, Value: float64(value)})
	}
}

func (t *task) pair(p stats.OddPair) {
	t.pairs.Rows = append(t.pairs.Rows, []string{p.A, p.B, t.share(float64(p.Difference)), notation.Interval(p.Evidence.Interval, t.share), notation.P(p.Evidence.P), notation.P(p.Holm)})
}

func (t *task) part(model string, c stats.OddCategory) {
	t.parts.Rows = append(t.parts.Rows, []string{model, c.Category, strconv.Itoa(c.Rows), t.share(float64(c.Accuracy)), notation.Interval(c.Evidence.Interval, t.share)})
}

func (t *task) oddOneOut(o stats.OddOneOut) {
	t.start("accuracy, %", 1.0/3, fmt.Sprintf("Odd one of three: accuracy on %s rows", notation.Count(o.Rows)), "Of ceiling", "Temperature", "Ties")
	for _, m := range o.Models {
		normalised := m.Normalised
		if m.NormalisedPublished.Defined() {
			normalised = m.NormalisedPublished
		}
		t.model(m.Model, m.Accuracy, m.Evidence, notation.Decimal(normalised), notation.Significant(m.Softmax.Temperature, 3), strconv.Itoa(m.Tied))
		for _, c := range m.Categories {
			c.Category = "odd: " + c.Category
			t.part(m.Model, c)
		}
		for _, c := range m.Kinds {
			t.part(m.Model, c)
		}
	}
	if o.Published > 0 {
		t.line("ceiling", stats.Number(o.Published))
	} else if o.Ceiling != nil {
		t.line("majority ceiling", o.Ceiling.Majority)
		t.line("leave-one-out ceiling", o.Ceiling.LeaveOneOut)
	}
	for _, p := range o.Pairs {
		t.pair(p)
	}
	t.models.Notes = words.OddSentences(o)
}

func (t *task) votes(v stats.Vote) {
	t.start("score, %", 0.5, fmt.Sprintf("Votes: score on %s triplets", notation.Count(v.Rows)), "Majority, %", "Log likelihood", "Ties")
	for _, m := range v.Models {
		t.model(m.Model, m.Score, m.Evidence, t.share(float64(m.Majority)), notation.Decimal(m.Likelihood.Likelihood), strconv.Itoa(m.Tied))
	}
	t.line("majority ceiling", v.Ceiling.Majority)
	t.line("leave-one-out ceiling", v.Ceiling.LeaveOneOut)
	for _, p := range v.Pairs {
		t.pair(p)
	}
	t.models.Notes = words.VoteSentences(v)
}

func (t *task) matrices(m stats.Matrices) {
	measures := stats.MatrixMeasures()[1:]
	t.start("Spearman", 0, fmt.Sprintf("Agreement with people's matrices on %s pairs", notation.Count(m.Pairs)), "tau-a", "rho-a", "Cosine", "Whitened cosine", "Whitened correlation")
	for _, model := range m.Models {
		var cells []string
		for _, measure := range measures {
			value, there := model.Figures[measure]
			if !there {
				value = stats.Number(math.NaN())
			}
			cells = append(cells, notation.Decimal(value))
		}
		t.model(model.Model, model.Figures[stats.SpearmanMeasure], model.Evidence, cells...)
	}
	for _, c := range m.Ceilings {
		if c.Measure == stats.SpearmanMeasure {
			t.line("lower ceiling", c.Lower)
			t.line("upper ceiling", c.Upper)
		}
	}
	for _, p := range m.Compared {
		t.pair(stats.OddPair(p))
	}
	t.models.Notes = words.MatrixSentences(m)
}

// taskMethods is the section on methods of such a run.
func taskMethods(run *judged.Run, s judged.Statistics) methods {
	m := methods{references: []cited{{"akin", akinSource}}}
	set := run.Set
	name := set.Name
	if set.Version != "" {
		name += ", version " + set.Version
	}
	text := fmt.Sprintf("The set %s has %s on %d pictures (SHA-256 %s over its tables and pictures).", name, words.Judgements(set), len(run.Stimuli.Pictures), set.Digest)
	if set.Source != "" {
		text += " Source: " + strings.TrimSuffix(set.Source, ".") + "."
	}
	about := map[stimuli.Task]string{
		stimuli.OddOneOut: "Of three pictures a model leaves over the one that does not belong to the pair with the largest %s of features; equal largest pairs share the row. Accuracy is the share of rows in which that picture is people's.",
		stimuli.Votes:     "A model chooses the picture whose %s of features with the target's is larger. Its score is the mean share of people's votes for its choice, half for a tie.",
		stimuli.Matrix:    "A model's dissimilarities of all pairs follow from the %s of features; they are compared with each person's on the pairs that the person judged, and figures are means over people.",
	}[set.Task]
	var tests []paragraph
	for _, sentence := range sentences(s) {
		tests = append(tests, paragraph{text: sentence})
	}
	level := fmt.Sprintf("Intervals hold at %s %%.", notation.PercentExact(s.Level))
	if len(run.Models) > 2 {
		level += " P-values of pairs of models are adjusted by Holm's method."
	}
	tests = append(tests, paragraph{text: level})
	m.sections = []section{
		{"Stimuli", []paragraph{{text, m.cite("set", set.Citation)}}},
		{"Models", m.models(run.Run)},
		{"Measure and tests", append([]paragraph{{fmt.Sprintf(about, similarityWords(run.Settings.Similarity)), []string{"akin"}}}, tests...)},
		{"Reproduction", []paragraph{{text: reproduction(run.Run, record.Statistics{Seed: s.Seed, Resamples: s.Resamples})}}},
	}
	return m
}

// similarityWords names a similarity within a sentence.
func similarityWords(m match.Measure) string {
	if m.OfRepeats() {
		return map[match.Measure]string{match.Crossvalidated: "crossvalidated squared distance", match.Crossnobis: "crossnobis distance"}[m]
	}
	return string(m)
}

func sentences(s judged.Statistics) []string {
	switch {
	case s.OddOneOut != nil:
		return words.OddSentences(*s.OddOneOut)
	case s.Votes != nil:
		return words.VoteSentences(*s.Votes)
	}
	return words.MatrixSentences(*s.Matrices)
}
