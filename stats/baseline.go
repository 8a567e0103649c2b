package stats

import (
	"fmt"

	"github.com/akin-vision/akin/internal/english"
)

// Relative is a model set against a baseline; differences are the model's error
// less the baseline's.
type Relative struct {
	Model           string   `json:"model"`
	ErrorDifference Number   `json:"error_difference"`
	Interval        Interval `json:"interval"`
	P               Number   `json:"p"`
	Holm            Number   `json:"holm_p"` // over all models but the baseline
	// NotInferior tells that the interval's upper end lies below the margin; null
	// where no margin was asked for or there is no interval.
	NotInferior *bool `json:"not_inferior"`
}

// Baseline sets every model against one. A margin above 0, in proportion points,
// asks whether a model's error is at most so much higher.
func (c Comparison) Baseline(name string, margin float64) ([]Relative, error) {
	names := make([]string, len(c.Models))
	known := false
	for i, m := range c.Models {
		names[i] = m.Model
		known = known || m.Model == name
	}
	if !known {
		return nil, fmt.Errorf("%q is no model of this run%s", name, english.DidYouMean(name, names))
	}
	if len(names) == 1 {
		return nil, fmt.Errorf("%s is the only model of this run: there is none to set against it", name)
	}
	list := []Relative{}
	var p []float64
	for _, pair := range c.Pairs {
		r := Relative{Model: pair.A, ErrorDifference: pair.ErrorDifference, Interval: pair.Evidence.Interval, P: pair.Evidence.P}
		switch name {
		case pair.A:
			r.Model, r.ErrorDifference, r.Interval = pair.B, 0-r.ErrorDifference, Interval{-r.Interval.High, -r.Interval.Low}
		case pair.B:
		default:
			continue
		}
		if margin > 0 && r.Interval.Defined() {
			within := r.Interval.High < margin
			r.NotInferior = &within
		}
		list, p = append(list, r), append(p, float64(r.P))
	}
	for i, adjusted := range Holm(p) {
		list[i].Holm = Number(adjusted)
	}
	return list, nil
}
