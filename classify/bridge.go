package classify

import (
	"errors"
	"strings"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stats"
)

// Matched is how one model of a run matches, for a Bridge.
type Matched struct {
	Model, Family      string
	Card               model.Card
	Hash, RecipeDigest string
	Trained            bool
	Matching
}

// Matching are the figures of a run that a Bridge sets beside classification.
type Matching struct {
	Triplets        int            `json:"triplets"`
	Ties            int            `json:"ties"`
	MatchingError   float64        `json:"matching_error"`
	MatchingErrorCI stats.Interval `json:"matching_error_ci95"`
	PChance         stats.Number   `json:"p_chance"`
	AUC             float64        `json:"auc"`
}

// Bridge joins classification and matching of the models that have both
// (arXiv 1709.03806, Figure 6).
type Bridge struct {
	Images  string        `json:"images"` // digest of the labelled pictures, the same for all rows
	Rows    []BridgeRow   `json:"models"`
	Missing []string      `json:"missing"` // trained models of the run that were not evaluated on these pictures
	Across  *stats.Across `json:"across"`  // nil with fewer than three models
}

// BridgeRow is one model's classification and matching.
type BridgeRow struct {
	Model    string `json:"model"`
	Family   string `json:"family,omitempty"`
	Pictures int    `json:"pictures"`
	Top1     Share  `json:"top1"`
	Top5     Share  `json:"top5"`
	Matching
}

// ErrNotEvaluated says that the archive holds no evaluation of a run's models.
var ErrNotEvaluated = errors.New("none of the run's trained models was evaluated on labelled pictures")

// NewBridge joins the models of a run with their evaluations, see
// [Archive.Shared]. Without any it is ErrNotEvaluated.
func NewBridge(models []Matched, evaluations map[string]Evaluation, o stats.Options) (Bridge, error) {
	if len(evaluations) == 0 {
		return Bridge{}, ErrNotEvaluated
	}
	var b Bridge
	var points []stats.Published
	for _, m := range models {
		e, known := evaluations[m.Model]
		switch {
		case known:
			b.Images = e.Images
			b.Rows = append(b.Rows, BridgeRow{m.Model, m.Family, e.Pictures, e.Top1, e.Top5, m.Matching})
			points = append(points, stats.Published{Model: m.Model, Family: m.Family,
				ImageNetError: 1 - e.Top1.Percent/100, MatchingError: m.MatchingError, AUC: m.AUC})
		case m.Trained:
			b.Missing = append(b.Missing, m.Model)
		}
	}
	if len(points) >= 3 {
		across := stats.AcrossModels(points, nil, o)
		b.Across = &across
	}
	return b, nil
}

// Warnings are doubts that leave the table standing, besides those of Across.
func (b Bridge) Warnings() []string {
	var list []string
	for _, row := range b.Rows[1:] {
		if row.Pictures != b.Rows[0].Pictures {
			list = append(list, "the networks know different classes, so that their top-1 rests on different pictures")
			break
		}
	}
	if len(b.Missing) > 0 {
		list = append(list, "not evaluated on these pictures: "+strings.Join(b.Missing, ", "))
	}
	if b.Across == nil {
		list = append(list, "fewer than three models: no correlation")
	}
	return list
}
