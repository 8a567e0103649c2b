package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Judged is what a run on odd-one-out rows, votes or matrices found, for a terminal.
func Judged(s judged.Statistics, models []record.Model, width int) string {
	t := text{width: width}
	switch {
	case s.OddOneOut != nil:
		t.oddOneOut(*s.OddOneOut)
	case s.Votes != nil:
		t.votes(*s.Votes)
	case s.Matrices != nil:
		t.matrices(*s.Matrices)
	}
	if s.Similarity != match.Cosine {
		t.paragraph(fmt.Sprintf("Similarity of features: %s.", s.Similarity))
	}
	for _, sentence := range SpaceSentences(models) {
		t.paragraph(sentence)
	}
	return t.String()
}

// SpaceSentences say in what spaces networks of a run are seen, each once.
func SpaceSentences(models []record.Model) []string {
	var list []string
	for _, m := range models {
		if m.Space == nil {
			continue
		}
		if sentence := "+" + string(m.Space.Kind) + ": " + m.Space.String() + "."; !slices.Contains(list, sentence) {
			list = append(list, sentence)
		}
	}
	return list
}

func (t *text) oddOneOut(o stats.OddOneOut) {
	table := newTable(2, "model", "accuracy", "95 % CI", "p", "of ceiling", "T", "ties")
	share := notation.ShareOf(o.Rows)
	for _, m := range o.Models {
		table.Row(m.Model, share(float64(m.Accuracy)), notation.Interval(m.Evidence.Interval, share), notation.P(m.Evidence.P), notation.Decimal(ceilingShare(m)),
			notation.Significant(m.Softmax.Temperature, 3), fmt.Sprint(m.Tied))
	}
	t.table(table)
	for _, sentence := range OddSentences(o) {
		t.paragraph(sentence)
	}
	if len(o.Models[0].Categories) > 0 {
		t.WriteByte('\n')
		t.categories(o.Models)
	}
	t.pairs(o.Pairs, "accuracy")
}

// ceilingShare is the normalised score that a table shows.
func ceilingShare(m stats.OddModel) stats.Number {
	if m.NormalisedPublished.Defined() {
		return m.NormalisedPublished
	}
	return m.Normalised
}

// OddSentences say what the figures of odd-one-out rows are, and how far people
// agree.
func OddSentences(o stats.OddOneOut) []string {
	list := []string{fmt.Sprintf("%s of %s pictures. Accuracy: per cent of rows in which the model leaves over the picture that people did; chance is 33.3. "+
		"CI, p against chance: shared pictures counted. T: temperature of the softmax.", counted(o.Rows, "row"), notation.Count(o.Pictures))}
	switch c := o.Ceiling; {
	case c != nil:
		sentence := fmt.Sprintf("Ceiling: on %s %s judged several times, the commonest answer has %s %% of the answers; "+
			"this is biased upward (pure guessing would give %s %%). ", notation.Count(c.Triplets), english.Noun(c.Triplets, "triplet"), notation.Percent(c.Majority), notation.Percent(c.GuessedMajority))
		if c.LeaveOneOut.Defined() {
			who := "A person agrees with the commonest answer of the others"
			if !c.Named {
				who = "An answer (persons are not named) agrees with the commonest of the others"
			}
			sentence += fmt.Sprintf("%s in %s %%.", who, notation.Estimate(c.LeaveOneOut, c.Evidence.Interval, notation.Percent))
		} else {
			sentence += "No two people judged the same triplet, so no person can be held out."
		}
		list = append(list, sentence)
	case o.Published == 0:
		list = append(list, "No ceiling: no triplet was judged twice. A published one can stand in set.toml: ceiling = 0.6767.")
	}
	if o.Published > 0 {
		list = append(list, fmt.Sprintf("Of ceiling: (accuracy - 1/3) / (ceiling - 1/3) with the published ceiling of %s %%.", notation.Percent(o.Published)))
	} else if o.Ceiling != nil {
		list = append(list, "Of ceiling: (accuracy - 1/3) / (ceiling - 1/3), both on the repeated triplets, with the share of the commonest answer.")
	}
	return append(list, doubts(o.Warnings)...)
}

// categories lists accuracy by the category of the odd picture, and by what the row
// shows.
func (t *text) categories(models []stats.OddModel) {
	header := []string{"accuracy by odd picture", "rows"}
	for _, m := range models[:min(mostColumns, len(models))] {
		header = append(header, m.Model)
	}
	for k, parts := range [][]stats.OddCategory{models[0].Categories, models[0].Kinds} {
		if k == 1 {
			header[0] = "by what the row shows"
		}
		table := newTable(1, header...)
		for i, part := range parts {
			row := []string{part.Category, fmt.Sprint(part.Rows)}
			for _, m := range models[:min(mostColumns, len(models))] {
				row = append(row, notation.ShareOf(part.Rows)(float64([][]stats.OddCategory{m.Categories, m.Kinds}[k][i].Accuracy)))
			}
			table.Row(row...)
		}
		t.table(table)
	}
}

// mostColumns is how many models stand beside one another.
const mostColumns = 3

func (t *text) pairs(pairs []stats.OddPair, figure string) {
	var shown []stats.OddPair
	for _, p := range pairs {
		if len(pairs) <= manyPairs || p.Holm < 0.05 {
			shown = append(shown, p)
		}
	}
	if len(shown) == 0 {
		return
	}
	table := newTable(1, "A", "B", "A-B "+figure, "95 % CI", "p", "Holm")
	table.names = 2
	for _, p := range shown {
		table.Row(p.A, p.B, notation.Percent(p.Difference), notation.Interval(p.Evidence.Interval, notation.Percent), notation.P(p.Evidence.P), notation.P(p.Holm))
	}
	t.WriteByte('\n')
	t.table(table)
}

func (t *text) votes(v stats.Vote) {
	table := newTable(2, "model", "score", "95 % CI", "p", "majority", "likelihood", "ties")
	share := notation.ShareOf(v.Rows)
	for _, m := range v.Models {
		table.Row(m.Model, share(float64(m.Score)), notation.Interval(m.Evidence.Interval, share), notation.P(m.Evidence.P), share(float64(m.Majority)),
			notation.Decimal(m.Likelihood.Likelihood), fmt.Sprint(m.Tied))
	}
	t.table(table)
	for _, sentence := range VoteSentences(v) {
		t.paragraph(sentence)
	}
	t.pairs(v.Pairs, "score")
}

// VoteSentences say what the figures of votes are, and how far people agree.
func VoteSentences(v stats.Vote) []string {
	list := []string{
		fmt.Sprintf("%s on %s of %s pictures. Score: mean share of the votes for the model's choice, half for a tie; chance is 50, "+
			"and no model can exceed %s. CI, p: shared pictures counted. Majority: per cent of the %s without a tied vote.",
			counted(v.Votes, "vote"), counted(v.Rows, "triplet"), notation.Count(v.Pictures), notation.Percent(v.Ceiling.Majority), counted(v.Rows-v.Tied, "triplet")),
	}
	if v.Ceiling.LeaveOneOut.Defined() {
		list = append(list, fmt.Sprintf("Ceiling: a vote is for the side that the other people prefer in %s %% (%s with several votes). "+
			"The larger side has %s %%, which guessing alone would bring to %s %%.",
			notation.Percent(v.Ceiling.LeaveOneOut), counted(v.Ceiling.Several, "triplet"), notation.Percent(v.Ceiling.Majority), notation.Percent(v.Ceiling.GuessedMajority)))
	} else {
		list = append(list, "No ceiling: every triplet has one vote.")
	}
	if len(v.Models) > 0 {
		best := v.Models[0].Likelihood.Best
		list = append(list, fmt.Sprintf("Likelihood: mean log likelihood of a vote, chance is %s, and %s if each triplet's shares were known.",
			notation.Decimal(v.Models[0].Likelihood.Chance), notation.Decimal(best)))
	}
	return append(list, doubts(v.Warnings)...)
}

// matrixColumns are the measures as a table names them.
var matrixColumns = []struct {
	measure stats.MatrixMeasure
	title   string
}{
	{stats.SpearmanMeasure, "Spearman"}, {stats.TauAMeasure, "tau-a"}, {stats.RhoAMeasure, "rho-a"},
	{stats.CosineMeasure, "cosine"}, {stats.WhitenedMeasure, "whitened"}, {stats.WhitenedCorrelationMeasure, "whitened r"},
}

func (t *text) matrices(m stats.Matrices) {
	table := newTable(1, "model", "Spearman", "95 % CI", "p", "tau-a", "rho-a", "cosine", "whitened", "whitened r")
	for _, model := range m.Models {
		row := []string{model.Model, notation.Decimal(model.Figures[stats.SpearmanMeasure]), notation.Interval(model.Evidence.Interval, notation.Decimal), notation.P(model.Evidence.P)}
		for _, c := range matrixColumns[1:] {
			row = append(row, figureOr(model.Figures, c.measure))
		}
		table.Row(row...)
	}
	bounds := func(name string, of func(stats.MatrixRange) stats.Number) {
		figures := map[stats.MatrixMeasure]stats.Number{}
		for _, c := range m.Ceilings {
			figures[c.Measure] = of(c)
		}
		row := []string{name, figureOr(figures, stats.SpearmanMeasure), "", ""}
		for _, c := range matrixColumns[1:] {
			row = append(row, figureOr(figures, c.measure))
		}
		table.Row(row...)
	}
	if len(m.Ceilings) > 0 {
		bounds("ceiling, lower", func(c stats.MatrixRange) stats.Number { return c.Lower })
		bounds("ceiling, upper", func(c stats.MatrixRange) stats.Number { return c.Upper })
	}
	t.table(table)
	for _, sentence := range MatrixSentences(m) {
		t.paragraph(sentence)
	}
	t.matrixPairs(m.Compared)
}

func (t *text) matrixPairs(pairs []stats.MatrixPair) {
	if len(pairs) == 0 || len(pairs) > manyPairs {
		return
	}
	table := newTable(1, "A", "B", "A-B Spearman", "95 % CI", "p", "Holm")
	table.names = 2
	for _, p := range pairs {
		table.Row(p.A, p.B, notation.Decimal(p.Difference), notation.Interval(p.Evidence.Interval, notation.Decimal), notation.P(p.Evidence.P), notation.P(p.Holm))
	}
	t.WriteByte('\n')
	t.table(table)
}

func figureOr(figures map[stats.MatrixMeasure]stats.Number, measure stats.MatrixMeasure) string {
	if v, there := figures[measure]; there {
		return notation.Decimal(v)
	}
	return notation.Dash
}

// MatrixSentences say what the figures of matrices are.
func MatrixSentences(m stats.Matrices) []string {
	people := english.Count(m.People, "person")
	if m.People == 1 {
		people = "one person or mean"
	}
	things := "pictures"
	if m.Items {
		things = "items"
	}
	list := []string{fmt.Sprintf("%s pairs of %s %s, judged by %s. Figures: mean over people of the agreement between the model's and the person's dissimilarities.",
		notation.Count(m.Pairs), notation.Count(m.Pictures), things, people)}
	without := func(o stats.MatrixReason) bool { return o.Measure == stats.WhitenedMeasure }
	switch there := !slices.ContainsFunc(m.Omitted, without); {
	case m.Unbiased && there:
		list = append(list, "Distances are crossvalidated over the pictures of each item: noise adds nothing to them on average, some may be below 0, and the whitened cosine is the unbiased one.")
	case m.Unbiased:
		list = append(list, "Distances are crossvalidated over the pictures of each item: noise adds nothing to them on average, and some may be below 0.")
	case m.Items:
		list = append(list, "An item counts with the mean of its pictures' features.")
	}
	switch {
	case m.Resamples == 0:
		list = append(list, fmt.Sprintf("No intervals: too few %s.", things))
	case m.People > 1:
		list = append(list, fmt.Sprintf("CI, p against 0: bootstrap over people and %s (%d resamples, corrected). Ceiling: people against the mean of the others (lower) and of all (upper).", things, m.Resamples))
	default:
		list = append(list, fmt.Sprintf("CI, p against 0: bootstrap over %s (%d resamples); they do not allow for other people.", things, m.Resamples))
	}
	for _, o := range m.Omitted {
		why := map[string]string{stats.NoZero: "values without a zero of dissimilarity", stats.Incomplete: "not everybody judged all pairs"}[o.Why]
		name := map[stats.MatrixMeasure]string{stats.CosineMeasure: "cosine", stats.WhitenedMeasure: "whitened cosine", stats.WhitenedCorrelationMeasure: "whitened correlation"}[o.Measure]
		list = append(list, fmt.Sprintf("No %s: %s.", name, why))
	}
	return append(list, doubts(m.Warnings)...)
}

// counted is a number with its noun: 4,700,000 rows.
func counted(n int, noun string) string { return notation.Count(n) + " " + english.Noun(n, noun) }

// Judgements says how much was judged in a set of another task than triplets.
func Judgements(s record.SetInfo) string {
	what := map[stimuli.Task]string{stimuli.OddOneOut: "odd-one-out rows", stimuli.Votes: "rows of votes", stimuli.Matrix: "people's matrices"}[s.Task]
	return notation.Count(s.Judgements) + " " + what
}

// TaskName is what people did, for a heading.
func TaskName(t stimuli.Task) string {
	return map[stimuli.Task]string{stimuli.OddOneOut: "the odd one of three", stimuli.Votes: "votes between two pictures", stimuli.Matrix: "how alike pictures are"}[t]
}

// doubts are warnings as sentences.
func doubts(warnings []stats.Warning) []string {
	var list []string
	for _, w := range warnings {
		text := Warning(w)
		list = append(list, strings.ToUpper(text[:1])+text[1:]+".")
	}
	return list
}
