package report

import (
	"cmp"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// pageData is what the page's script knows of the run's sample, in columns: an
// entry of each list of Triplets and of each model stands for the triplet of that
// place.
type pageData struct {
	Measure  string    `json:"measure"`  // one similarity, in a word
	Best     string    `json:"best"`     // the headline's model
	Second   string    `json:"second"`   // the one beside it at first
	FullSize string    `json:"fullSize"` // see Pictures
	Sampled  bool      `json:"sampled"`  // Triplets are not all
	Gaps     []int     `json:"gaps"`     // numbers of pictures that cannot be shown
	ROC      plotFrame `json:"roc"`      // where the curves stand
	// Errors is how much of an error an outcome is, by its letter; null: it is left out.
	Errors   map[string]decimal `json:"errors"`
	Models   []modelData        `json:"models"`
	Triplets tripletData        `json:"triplets"`
	Scales   []ratingScale      `json:"scales"`
	Classes  []string           `json:"classes"` // that Top names by place
}

type modelData struct {
	Name      string     `json:"name"`
	Kind      string     `json:"kind"`
	Related   []decimal  `json:"related"`   // similarities
	Unrelated []decimal  `json:"unrelated"` // similarities
	Outcomes  string     `json:"outcomes"`  // a letter for each triplet: r, w, t
	Scale     trackScale `json:"scale"`     // of its similarities, for the tracks of cards
	// Top is, by number of picture, class and probability of the likeliest
	// classes in turn; nil for a model without a classifier.
	Top [][]decimal `json:"top,omitempty"`
}

// trackScale is a page.Scale for the script.
type trackScale struct {
	Low  decimal `json:"low"`
	High decimal `json:"high"`
	From page.Px `json:"from"`
	To   page.Px `json:"to"`
}

type tripletData struct {
	IDs         []string    `json:"ids"`
	Pictures    [][3]int    `json:"pictures"` // target, related, unrelated
	Labels      [][3]string `json:"labels"`
	Relations   []string    `json:"relations"`
	Distractors []string    `json:"distractors"`
}

// ratingScale is people's mean ratings on one scale.
type ratingScale struct {
	Name      string    `json:"name"`
	Related   []decimal `json:"related"`
	Unrelated []decimal `json:"unrelated"`
}

// decimal is written with seven significant digits, NaN as null. Where these end
// half-way between shorter numbers, all digits decide how the page rounds it.
type decimal float64

func (d decimal) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(d)) || math.IsInf(float64(d), 0) {
		return []byte("null"), nil
	}
	text := strconv.FormatFloat(float64(d), 'g', 7, 64)
	if digits := strings.Trim(text, "-0."); len(digits) < 7 && strings.HasSuffix(digits, "5") {
		text = strconv.FormatFloat(float64(d), 'g', -1, 64)
	}
	return json.Marshal(json.Number(text))
}

func newPageData(run *record.Run, part sample, first [2]string, shown *page.Thumbnails, fullSize string) pageData {
	d := pageData{Measure: measureOf(run.Settings).Name, Best: first[0], Second: first[1], FullSize: fullSize,
		Sampled: len(part.places) < len(run.Stimuli.Triplets), Gaps: shown.Gaps(), ROC: rocFrame, Errors: map[string]decimal{}}
	for _, o := range []match.Outcome{match.Right, match.Wrong, match.Tie} {
		d.Errors[string(o[:1])] = errorOf(run.Settings.Credit, o)
	}
	var triplets []*stimuli.Triplet
	for _, place := range part.places {
		t := &run.Stimuli.Triplets[place]
		triplets = append(triplets, t)
		d.Triplets.IDs = append(d.Triplets.IDs, t.ID)
		d.Triplets.Pictures = append(d.Triplets.Pictures, [3]int{
			shown.Number(t.Target), shown.Number(t.Related), shown.Number(t.Unrelated)})
		d.Triplets.Labels = append(d.Triplets.Labels, labels(t))
		d.Triplets.Relations = append(d.Triplets.Relations, t.Relation)
		d.Triplets.Distractors = append(d.Triplets.Distractors, t.Distractor)
	}
	d.Scales = ratingScales(run.Stimuli, triplets)
	classes := classTable{}
	for i := range run.Models {
		m := newModelData(&run.Models[i], part.places, trackOf(run, i))
		m.Top = classes.top(run.Models[i].Posteriors, part.pictures)
		d.Models = append(d.Models, m)
	}
	d.Classes = classes.names
	return d
}

func errorOf(rule match.Credit, o match.Outcome) decimal {
	halves := rule.Halves(o)
	if halves == match.Uncounted {
		return decimal(math.NaN())
	}
	return 1 - decimal(halves)/2
}

func newModelData(m *record.Model, places []int, x page.Scale) modelData {
	d := modelData{Name: m.Name, Kind: m.Kind, Scale: trackScale{decimal(x.Low), decimal(x.High), x.From, x.To}}
	for _, place := range places {
		c := m.Choices[place]
		d.Related, d.Unrelated = append(d.Related, decimal(c.Related)), append(d.Unrelated, decimal(c.Unrelated))
		d.Outcomes += string(c.Outcome()[:1])
	}
	return d
}

// labels are what the triplet calls its pictures, else what the set does, else the files' names.
func labels(t *stimuli.Triplet) [3]string {
	names := t.Labels()
	for i, p := range t.Shown() {
		names[i] = cmp.Or(names[i], stem(p.Path))
	}
	return names
}

// classTable numbers class names in order of appearance.
type classTable struct {
	numbers map[string]int
	names   []string
}

func (c *classTable) number(name string) int {
	if c.numbers == nil {
		c.numbers = map[string]int{}
	}
	n, ok := c.numbers[name]
	if !ok {
		n = len(c.names)
		c.numbers[name] = n
		c.names = append(c.names, name)
	}
	return n
}

func (c *classTable) top(posteriors map[stimuli.Hash][]classify.Guess, pictures []*stimuli.Picture) [][]decimal {
	if len(posteriors) == 0 {
		return nil
	}
	list := make([][]decimal, len(pictures))
	for i, p := range pictures {
		for _, g := range posteriors[p.Hash] {
			list[i] = append(list[i], decimal(c.number(g.Name)), decimal(g.Probability))
		}
	}
	return list
}

// ratingScales are the set's mean ratings, then the means of people's single
// judgements on each scale; a pair counts in either order.
func ratingScales(set *stimuli.Set, triplets []*stimuli.Triplet) []ratingScale {
	scales := []ratingScale{} // an empty list in JSON, too
	given := ratingScale{}
	rated := false
	for _, t := range triplets {
		given.Related, given.Unrelated = append(given.Related, decimal(t.RatingRelated)), append(given.Unrelated, decimal(t.RatingUnrelated))
		rated = rated || !math.IsNaN(t.RatingRelated) || !math.IsNaN(t.RatingUnrelated)
	}
	if rated {
		scales = append(scales, given)
	}
	ratings := set.Ratings()
	for _, name := range ratings.Scales {
		s := ratingScale{Name: name}
		for _, t := range triplets {
			s.Related = append(s.Related, decimal(ratings.Mean(t.Target, t.Related, name)))
			s.Unrelated = append(s.Unrelated, decimal(ratings.Mean(t.Target, t.Unrelated, name)))
		}
		scales = append(scales, s)
	}
	return scales
}

// measure names a similarity in the page's sentences.
type measure struct {
	Name, Plural string
	Bounded      bool // within -1..1
}

func measureOf(s record.Settings) measure {
	switch s.Similarity {
	case match.Cosine:
		return measure{"cosine", "cosines", true}
	case match.Pearson:
		return measure{"Pearson correlation", "Pearson correlations", true}
	case match.Spearman:
		return measure{"Spearman correlation", "Spearman correlations", true}
	case match.Dot:
		return measure{"dot product", "dot products", false}
	case match.Euclidean:
		return measure{"Euclidean similarity", "Euclidean similarities", false}
	}
	return measure{string(s.Similarity), string(s.Similarity), false}
}
