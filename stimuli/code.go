package stimuli

import (
	"math"
	"slices"
)

// answerCodes are numbers that surveys write in the place of an answer.
var answerCodes = []float64{-9999, -9998, -999, -998, -997, -888, -777, -99, -98, -97, -88, -77, -66, -9, -8, -7, -1, 66, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9998, 9999}

// MissingCodes returns those of the ratings that are probably codes for a
// missing answer, such as -99 or 999: numbers that surveys use so and that lie
// further from all other ratings than these span, or are negative on a scale that
// begins at 1. Averaged with answers, a code would make a rating of its own.
func MissingCodes(ratings []float64) []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	var codes []float64
	for _, v := range ratings {
		switch {
		case math.IsNaN(v):
		case slices.Contains(answerCodes, v):
			codes = append(codes, v)
		default:
			low, high = min(low, v), max(high, v)
		}
	}
	if !(low < high) {
		return nil // nothing to compare with
	}
	slices.Sort(codes)
	return slices.DeleteFunc(slices.Compact(codes), func(v float64) bool {
		return v > low-(high-low) && v < high+(high-low) && !(v < 0 && low >= 1)
	})
}

// ratingPlace is a rating that was read, and where it stands.
type ratingPlace struct {
	file, column string
	line         int
	value        float64
}

// checkCodes names ratings that are probably no answers. A declared scale says
// by itself what belongs.
func (r *reader) checkCodes() {
	if r.manifest.RatingMin != nil && r.manifest.RatingMax != nil {
		return
	}
	values := map[string][]float64{}
	for _, at := range r.ratings {
		values[at.file] = append(values[at.file], at.value)
	}
	codes := map[string][]float64{}
	for file, list := range values {
		codes[file] = MissingCodes(list)
	}
	for _, at := range r.ratings {
		if slices.Contains(codes[at.file], at.value) {
			r.problems.add(at.file, at.line, "%s %v looks like a code for a missing answer; leave the cell empty, or declare the scale by rating_min and rating_max in set.toml", at.column, at.value)
		}
	}
}
