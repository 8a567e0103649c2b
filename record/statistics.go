package record

import (
	"fmt"
	"maps"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stats"
)

// Statistics is statistics.json: all that the choices of a run can carry.
type Statistics struct {
	Seed       uint64           `json:"seed"`
	Resamples  int              `json:"resamples"`
	Level      float64          `json:"level"`      // of every interval
	Credit     match.Credit     `json:"ties"`       // the rule for ties
	Comparison stats.Comparison `json:"comparison"` // each model, and every two on the same triplets
	// Forms names the network of each model that is a form of one in the run: what
	// holds for the network holds for it.
	Forms map[string]string `json:"forms,omitempty"`
	Axes  stats.Axes        `json:"axes"` // by relation and distractor
	// People compares with ratings, one entry for each scale; NoPeople says
	// why there is none.
	People   []People       `json:"people,omitempty"`
	NoPeople *stats.Warning `json:"no_people,omitempty"`
	Across   stats.Across   `json:"across_models"` // against published ImageNet error, descriptive
	// Curves are the errors of networks by depth, where layers were asked for.
	Curves []stats.Curve `json:"curves,omitempty"`
	// Spaces are networks before and after, where they were seen in other spaces.
	Spaces []SpaceChanges `json:"spaces,omitempty"`
}

// People is the comparison with people's ratings on one scale.
type People struct {
	Scale string `json:"scale,omitempty"`
	stats.Human
}

// lowLevel is the baseline that stands for appearance where correlations with
// ratings hold appearance constant: it sees colour and shape at once.
const lowLevel = "pixels"

// What statistics take without other settings.
const (
	StandardResamples = 10_000
	StandardSeed      = 1
)

// Analyse computes the statistics of a run. Level and rule for ties are the run's.
func Analyse(r *Run, o stats.Options) (Statistics, error) {
	if o.Resamples == 0 {
		o.Resamples = StandardResamples
	}
	o.Level, o.Credit = r.Settings.Level, r.Settings.Credit
	design, scores := r.Design()
	s := Statistics{Seed: o.Seed, Resamples: o.Resamples, Level: o.Level, Credit: o.Credit, Forms: r.Forms()}
	var err error
	if s.Comparison, err = stats.Compare(design, scores, o); err != nil {
		return s, fmt.Errorf("statistics: %w", err)
	}
	if s.Axes, err = stats.ByAxes(design, scores, o); err != nil {
		return s, fmt.Errorf("statistics: %w", err)
	}
	if err := s.addPeople(r, design, scores, o); err != nil {
		return s, fmt.Errorf("statistics: %w", err)
	}
	s.Across = stats.AcrossModels(r.Published(s.Comparison), s.Comparison.Pairs, o)
	if s.Curves, err = r.curves(design, o); err != nil {
		return s, fmt.Errorf("statistics: %w", err)
	}
	s.Spaces, err = r.SpaceChanges(o)
	return s, err
}

// Design is the run's triplets and similarities as statistics take them.
func (r *Run) Design() (stats.Design, []stats.Scores) {
	var d stats.Design
	for i := range r.Stimuli.Triplets {
		t := &r.Stimuli.Triplets[i]
		d.Pictures = append(d.Pictures, t.Identities())
		d.Relation = append(d.Relation, t.Relation)
		d.Distractor = append(d.Distractor, t.Distractor)
		d.RatingRelated = append(d.RatingRelated, t.RatingRelated)
		d.RatingUnrelated = append(d.RatingUnrelated, t.RatingUnrelated)
	}
	scores := make([]stats.Scores, len(r.Models))
	for i, m := range r.Models {
		related, unrelated := match.Similarities(m.Choices)
		scores[i] = stats.Scores{Model: m.Name, Related: related, Unrelated: unrelated, Unchecked: m.CheckState() == Unchecked}
		if m.Name == lowLevel && m.Kind == model.NoNetwork {
			d.LowLevel = &scores[i]
		}
	}
	return d, scores
}

// addPeople compares with people: on each scale of single judgements, or with
// the set's mean ratings.
func (s *Statistics) addPeople(r *Run, d stats.Design, scores []stats.Scores, o stats.Options) error {
	byScale := map[string][]stats.Judgement{}
	for _, j := range r.Stimuli.Judgements {
		byScale[j.Scale] = append(byScale[j.Scale], stats.Judgement{Rater: j.Rater, A: j.A.Hash.String(), B: j.B.Hash.String(), Value: j.Value})
	}
	if len(byScale) == 0 {
		rated := 0
		for i := range r.Stimuli.Triplets {
			if r.Stimuli.Triplets[i].Rated() {
				rated++
			}
		}
		if rated < stats.FewestRated {
			s.NoPeople = &stats.Warning{Kind: stats.FewRated, Triplets: rated, Needed: stats.FewestRated}
			return nil
		}
		byScale[""] = nil
	}
	for _, scale := range slices.Sorted(maps.Keys(byScale)) {
		human, err := stats.People(d, scores, byScale[scale], o)
		if err != nil {
			return fmt.Errorf("ratings %s: %w", scale, err)
		}
		s.People = append(s.People, People{scale, human})
	}
	return nil
}

// imageNet is the data set whose published errors are compared across models.
const imageNet = "ImageNet 2012 validation"

// Published pairs each network's matching with its published ImageNet error,
// which other forms of it do not have.
func (r *Run) Published(c stats.Comparison) []stats.Published {
	var list []stats.Published
	for _, i := range r.Networks() {
		m := r.Models[i]
		at := slices.IndexFunc(m.Accuracy, func(a model.Accuracy) bool { return a.On == imageNet })
		if at < 0 {
			continue
		}
		list = append(list, stats.Published{
			Model: m.Name, Family: m.Family, ImageNetError: 1 - m.Accuracy[at].Top1/100,
			MatchingError: float64(c.Models[i].Error), AUC: float64(c.Models[i].AUC.AUC),
		})
	}
	return list
}
