package ingest

import (
	"math"
	"slices"

	"github.com/akin-vision/akin/stimuli"
)

// rating is a number that was read from a table, and where it stands.
type rating struct {
	at     stimuli.Place
	column string
	value  float64
}

// refuseCodes takes back ratings that are probably codes for a missing answer.
// Where the mapping gives both ends of the scale, these have decided.
func (r *reader) refuseCodes() {
	if r.mapping.RatingMin != nil && r.mapping.RatingMax != nil {
		return
	}
	values := map[string][]float64{}
	for _, v := range r.ratings {
		values[v.at.File] = append(values[v.at.File], v.value)
	}
	var all []float64
	for file, list := range values {
		codes := stimuli.MissingCodes(list)
		all = append(all, codes...)
		for _, v := range r.ratings {
			if v.at.File == file && slices.Contains(codes, v.value) {
				r.problems.add(v.at, "%s: %v looks like a code for a missing answer; write NA, or give rating_min and rating_max if it is an answer", v.column, v.value)
			}
		}
	}
	for i := range r.plan.Triplets {
		for role, v := range r.plan.Triplets[i].Ratings {
			if slices.Contains(all, v) {
				r.plan.Triplets[i].Ratings[role] = math.NaN()
			}
		}
	}
	r.plan.Judgements = slices.DeleteFunc(r.plan.Judgements, func(j Judgement) bool { return slices.Contains(all, j.Value) })
}
