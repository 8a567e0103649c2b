package stats

import (
	"fmt"
	"math"

	"github.com/akin-vision/akin/match"
)

// OddDesign is what people left over of three pictures, row by row.
type OddDesign struct {
	Rows              // the odd picture last
	Rater    []int32  // who chose; nil where nobody is named
	Category []string // of each picture; nil, or "" where there is none
	Ceiling  float64  // that was published for the rows; 0 where none was
}

// PairScores are a model's similarities of pairs of pictures, by number.
type PairScores struct {
	Model      string
	Similarity []float64
	Unchecked  bool
}

// OddOneOut is what rows of three pictures say of models. Proportions run from 0 to
// 1; chance is 1/3.
type OddOneOut struct {
	Rows     int          `json:"rows"`
	Pictures int          `json:"pictures"` // that were shown
	Raters   int          `json:"raters,omitempty"`
	Credit   match.Credit `json:"ties"`

	Ceiling   *OddCeiling `json:"ceiling,omitempty"` // nil: no row is repeated
	Published float64     `json:"published_ceiling,omitempty"`
	Models    []OddModel  `json:"models"`
	Pairs     []OddPair   `json:"pairs,omitempty"` // every two models
	Warnings  []Warning   `json:"warnings,omitempty"`
}

// OddModel is one model's choices.
type OddModel struct {
	Model    string   `json:"model"`
	Tied     int      `json:"tied"` // rows whose largest similarities are equal
	Accuracy Number   `json:"accuracy"`
	Evidence Evidence `json:"accuracy_evidence"` // against 1/3, all shared pictures counted

	// Repeated is the accuracy on the rows that several people judged, which the
	// ceilings are of; Normalised are (accuracy - 1/3)/(ceiling - 1/3) as
	// Brain-Score has it.
	Repeated            Number `json:"accuracy_repeated"`
	Normalised          Number `json:"ceiling_normalised"`           // Repeated, by the share of the majority
	NormalisedLeaveOut  Number `json:"ceiling_normalised_leave_out"` // Repeated, by leave-one-person-out agreement
	NormalisedPublished Number `json:"ceiling_normalised_published"` // Accuracy, by the published ceiling

	Softmax    Softmax        `json:"softmax"`
	Categories []OddCategory  `json:"by_category,omitempty"` // of the odd picture, as people chose
	Kinds      []OddCategory  `json:"by_kind,omitempty"`     // by what categories the row shows
	Confusion  []OddConfusion `json:"confusion,omitempty"`   // of categories left over
	Warnings   []Warning      `json:"warnings"`
}

// OddCategory is the accuracy on some rows.
type OddCategory struct {
	Category string   `json:"category"`
	Rows     int      `json:"rows"`
	Accuracy Number   `json:"accuracy"`
	Evidence Evidence `json:"accuracy_evidence"`
}

// OddConfusion counts rows by the category that people and the model left over; a
// tie is shared out.
type OddConfusion struct {
	People string `json:"people"`
	Model  string `json:"model"`
	Rows   Number `json:"rows"`
}

// OddPair compares two models on the same rows.
type OddPair struct {
	A          string   `json:"a"`
	B          string   `json:"b"`
	Difference Number   `json:"accuracy_difference"` // A less B
	Evidence   Evidence `json:"evidence"`
	Holm       Number   `json:"p_holm"` // over all pairs
}

const oddChance = 1.0 / 3

// OddOnes is everything that rows say of models. Errors name what does not fit.
func OddOnes(d OddDesign, models []PairScores, o Options) (OddOneOut, error) {
	o, err := o.prepared(Design{Pictures: [][3]string{{}}}, nil)
	if err != nil {
		return OddOneOut{}, err
	}
	if err := d.check(models); err != nil {
		return OddOneOut{}, err
	}
	all := &oddField{OddDesign: d, Options: o, in: d.frame()}
	result := OddOneOut{
		Rows: len(d.Shown), Pictures: d.shownPictures(), Raters: distinct(d.Rater), Credit: o.Credit, Published: d.Ceiling,
		Models: make([]OddModel, len(models)),
	}
	all.groups = d.repeats()
	result.Ceiling = all.ceiling()
	all.found, all.parts, all.kinds = result.Ceiling, all.byCategory(), all.byKind()
	credits := make([][]int8, len(models))
	parallel(len(models), func() func(int) {
		return func(m int) { result.Models[m], credits[m] = all.describe(models[m]) }
	})
	if !o.Alone {
		result.Pairs = all.compare(models, credits)
	}
	result.Warnings = rowWarnings(len(d.Shown), all.in)
	return result, nil
}

func (d OddDesign) check(models []PairScores) error {
	switch n := len(d.Shown); {
	case n == 0:
		return fmt.Errorf("the set has no rows")
	case len(d.Pair) != n || d.Rater != nil && len(d.Rater) != n:
		return fmt.Errorf("%d pairs and %d raters for %d rows", len(d.Pair), len(d.Rater), n)
	case d.Category != nil && len(d.Category) != d.Pictures:
		return fmt.Errorf("%d categories for %d pictures", len(d.Category), d.Pictures)
	}
	return checkPairScores(models, d.Pairs)
}

func checkPairScores(models []PairScores, pairs int) error {
	for _, m := range models {
		if len(m.Similarity) != pairs {
			return fmt.Errorf("model %s: %d similarities for %d pairs of pictures", m.Model, len(m.Similarity), pairs)
		}
		for i, s := range m.Similarity {
			if math.IsNaN(s) {
				return fmt.Errorf("model %s: the similarity of pair %d is not a number", m.Model, i+1)
			}
		}
	}
	return nil
}

func (r Rows) shownPictures() int {
	seen, count := make([]bool, r.Pictures), 0
	for _, row := range r.Shown {
		for _, picture := range row {
			if !seen[picture] {
				seen[picture] = true
				count++
			}
		}
	}
	return count
}

func distinct(numbers []int32) int {
	seen := map[int32]bool{}
	for _, n := range numbers {
		seen[n] = true
	}
	return len(seen)
}

// oddField is a set of rows made ready for all models.
type oddField struct {
	OddDesign
	Options
	in     *frame
	groups [][]int32
	found  *OddCeiling
	parts  []oddPart // by category of the odd picture
	kinds  []oddPart // by what categories the row shows
}

// oddPart is some of the rows.
type oddPart struct {
	name   string
	places []int32
	in     *frame
}

// oddChoices are a model's, row by row. Similarities stand far apart in memory, so
// that all that follows from them is read once.
type oddChoices struct {
	left []match.LeftOver
	// gaps are how much more a row's similarities speak for leaving over its first
	// and its second picture than for the one that people left over.
	gaps [][2]float64
	tied int
}

func (f *oddField) choices(s PairScores) oddChoices {
	c := oddChoices{left: make([]match.LeftOver, len(f.Shown)), gaps: make([][2]float64, len(f.Shown))}
	for i, pair := range f.Pair {
		firstSecond, firstThird, secondThird := s.Similarity[pair[0]], s.Similarity[pair[1]], s.Similarity[pair[2]]
		left := match.NewLeftOver(firstSecond, firstThird, secondThird)
		if left[0] && left[1] || left[0] && left[2] || left[1] && left[2] {
			c.tied++
		}
		c.left[i], c.gaps[i] = left, [2]float64{secondThird - firstSecond, firstThird - firstSecond}
	}
	return c
}

// credits are those of choices in sixths.
func (f *oddField) credits(c oddChoices) []int8 {
	credits := make([]int8, len(c.left))
	for i, left := range c.left {
		credits[i] = f.Credit.Sixths(left, 2)
	}
	return credits
}

// outcomeOf is the mean of the counted credits of rows, or of those at some
// places, and each row's distance from it, weighted so that it is that of a mean
// over all rows.
func outcomeOf(credits []int8, places []int32) (mean float64, rest []float64, counted int) {
	n := len(credits)
	at := func(i int) int8 { return credits[i] }
	if places != nil {
		n, at = len(places), func(i int) int8 { return credits[places[i]] }
	}
	sum := 0
	for i := range n {
		if c := at(i); c != match.Uncounted {
			sum += int(c)
			counted++
		}
	}
	mean = float64(sum) / float64(6*counted)
	rest = make([]float64, n)
	for i := range rest {
		if c := at(i); c != match.Uncounted {
			rest[i] = (float64(c)/6 - mean) * float64(n) / float64(counted)
		}
	}
	return mean, rest, counted
}

// accuracy is how often rows, or those at some places, were chosen as people did.
func (f *oddField) accuracy(credits []int8, places []int32, in *frame) (Number, Evidence) {
	mean, rest, counted := outcomeOf(credits, places)
	if counted == 0 {
		return nan, missing(NoUnits)
	}
	return Number(mean), share(mean, oddChance, float64(len(rest)), in, in.spread(rest), f.Level)
}

// describe is a model's record.
func (f *oddField) describe(s PairScores) (OddModel, []int8) {
	choices := f.choices(s)
	credits := f.credits(choices)
	m := OddModel{Model: s.Model, Tied: choices.tied, Repeated: nan, Normalised: nan, NormalisedLeaveOut: nan, NormalisedPublished: nan, Warnings: []Warning{}}
	m.Accuracy, m.Evidence = f.accuracy(credits, nil, f.in)
	if f.found != nil {
		m.Repeated = Number(f.repeatedAccuracy(credits))
		m.Normalised, m.NormalisedLeaveOut = normalised(m.Repeated, f.found.Majority), normalised(m.Repeated, f.found.LeaveOneOut)
	}
	if f.Ceiling > 0 {
		m.NormalisedPublished = normalised(m.Accuracy, Number(f.Ceiling))
	}
	m.Softmax = softmax(choices.gaps)
	m.Categories, m.Kinds = f.byParts(credits, f.parts), f.byParts(credits, f.kinds)
	m.Confusion = f.confusion(choices.left)
	if share := float64(m.Tied) / float64(len(f.Shown)); share >= manyTies {
		m.Warnings = append(m.Warnings, Warning{Kind: ManyTies, Model: s.Model, Tied: m.Tied, Triplets: len(f.Shown)})
	}
	if s.Unchecked {
		m.Warnings = append(m.Warnings, Warning{Kind: Unchecked, Model: s.Model})
	}
	return m, credits
}

// normalised is a score on the scale from chance to a ceiling (Brain-Score).
func normalised(raw, ceiling Number) Number {
	if !(ceiling > oddChance) {
		return nan
	}
	return (raw - oddChance) / (ceiling - oddChance)
}

// compare is every two models on the same rows. Rows that one of them leaves
// out as tied are left out for both.
func (f *oddField) compare(models []PairScores, credits [][]int8) []OddPair {
	pairs := []OddPair{}
	var of [][2]int
	for a := range models {
		for b := a + 1; b < len(models); b++ {
			of = append(of, [2]int{a, b})
			pairs = append(pairs, OddPair{A: models[a].Model, B: models[b].Model})
		}
	}
	p := make([]float64, len(pairs))
	parallel(len(pairs), func() func(int) {
		return func(i int) {
			pair := &pairs[i]
			pair.Difference, pair.Evidence = f.between(credits[of[i][0]], credits[of[i][1]])
			p[i] = float64(pair.Evidence.P)
		}
	})
	for i, adjusted := range Holm(p) {
		pairs[i].Holm = Number(adjusted)
	}
	return pairs
}

func (f *oddField) between(one, other []int8) (Number, Evidence) {
	rest, sum, counted := make([]float64, len(one)), 0, 0
	for i := range one {
		if one[i] != match.Uncounted && other[i] != match.Uncounted {
			sum += int(one[i]) - int(other[i])
			counted++
		}
	}
	if counted == 0 {
		return nan, missing(NoUnits)
	}
	mean := float64(sum) / float64(6*counted)
	for i := range one {
		if one[i] != match.Uncounted && other[i] != match.Uncounted {
			rest[i] = (float64(int(one[i])-int(other[i]))/6 - mean) * float64(len(one)) / float64(counted)
		}
	}
	return Number(mean), f.student(mean, 0, rest, differenceBounds)
}

// student is the t interval and test of a mean over rows.
func (f *oddField) student(mean, null float64, rest []float64, bounds Interval) Evidence {
	return studentShared(mean, null, f.in.spread(rest), f.in.units, bounds, f.Level)
}

// rowWarnings are the doubts about rows that share pictures.
func rowWarnings(rows int, in *frame) []Warning {
	if units := in.units; units < fewestUnits {
		return []Warning{{Kind: OneCluster, Triplets: rows, Units: Number(units)}}
	}
	return nil
}
