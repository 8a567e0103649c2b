// Package stats turns choices, cosines and ratings into evidence: how often a
// model matches related objects as people do, how sure that figure is, how two
// models differ on the same triplets, how far a model could go given how well
// people agree, and where it fails.
//
// Everything is a pure function of plain slices. Higher scores mean closer
// pictures. Two facts of the design shape every method: the related and the
// unrelated pair of a triplet share an object, and one picture may serve
// several triplets. Intervals and tests therefore take every two triplets that
// share any picture as dependent, unless a name says otherwise (Wilson, McNemar,
// DeLong).
//
// A quantity that is not defined for the data is NaN and becomes null in JSON.
// Monte-Carlo methods draw resample r from a PCG stream seeded by (Seed, r), so
// that results do not depend on the number of processors.
package stats

import (
	"encoding/json"
	"math"
)

// Number is a float64 whose JSON form is null where it is not finite, since
// JSON has no NaN.
type Number float64

// NaN is the Number of what the data does not define.
var nan = Number(math.NaN())

// Defined reports whether n is a number at all.
func (n Number) Defined() bool { return !math.IsNaN(float64(n)) }

// MarshalJSON writes the shortest decimal that reads back as n, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads a number, or null as NaN.
func (n *Number) UnmarshalJSON(text []byte) error {
	value := math.NaN()
	if string(text) != "null" {
		if err := json.Unmarshal(text, &value); err != nil {
			return err
		}
	}
	*n = Number(value)
	return nil
}

// Interval is a confidence interval, both ends included. Its JSON is the array
// [low, high], or null where it is not defined (NaN).
type Interval struct{ Low, High float64 }

var undefined = Interval{math.NaN(), math.NaN()}

// Defined reports whether the interval has both ends.
func (i Interval) Defined() bool { return !math.IsNaN(i.Low) && !math.IsNaN(i.High) }

// Contains reports whether x lies within the interval.
func (i Interval) Contains(x float64) bool { return i.Low <= x && x <= i.High }

// MarshalJSON writes [low, high], an infinite end as null, or null altogether.
func (i Interval) MarshalJSON() ([]byte, error) {
	if !i.Defined() {
		return []byte("null"), nil
	}
	return json.Marshal([2]Number{Number(i.Low), Number(i.High)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (i *Interval) UnmarshalJSON(text []byte) error {
	ends := [2]Number{nan, nan}
	if string(text) != "null" {
		if err := json.Unmarshal(text, &ends); err != nil {
			return err
		}
	}
	*i = Interval{float64(ends[0]), float64(ends[1])}
	return nil
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
