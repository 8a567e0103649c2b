package learn

import (
	"fmt"

	"github.com/akin-vision/akin/record"
)

// kept are the places of the candidates that could be fitted everywhere. faults holds,
// by fold and candidate, why it could not. What is lost is noted with its first reason
// and leaves the others as they are; the controls of a lost space, and what would be
// set against it, go with it unsaid. Features that fail, or no space that is left, are
// an error.
func (r *Result) kept(candidates []candidate, faults [][]error, where string) ([]int, error) {
	lost, first := map[string]bool{}, error(nil)
	for i, c := range candidates {
		n, reason := 0, error(nil)
		for _, fold := range faults {
			if fold[i] != nil {
				if n++; reason == nil {
					reason = fmt.Errorf("%s: %w", c.name, fold[i])
				}
			}
		}
		if n == 0 || lost[c.of] || lost[c.against] {
			lost[c.name] = n > 0
			continue
		}
		if i == 0 {
			return nil, reason
		}
		if lost[c.name] = true; first == nil {
			first = reason
		}
		r.Missing = append(r.Missing, fmt.Sprintf("%v (%s)", reason, fmt.Sprintf(where, n, len(faults))))
	}
	var list []int
	spaces := 0
	for i, c := range candidates {
		if lost[c.name] || lost[c.of] || lost[c.against] {
			continue
		}
		if list = append(list, i); i > 0 && c.role == record.SpaceRole {
			spaces++
		}
	}
	if spaces == 0 && first != nil {
		return nil, first
	}
	return list, nil
}

// at are the entries of a list at some places.
func at[T any](list []T, places []int) []T {
	some := make([]T, len(places))
	for k, i := range places {
		some[k] = list[i]
	}
	return some
}
