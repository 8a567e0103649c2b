// Package notation is the one way to write a number for a reader. It writes as
// journals do:
//
//   - shares in per cent, and differences of shares in points, with one decimal:
//     45.8 (whole per cent where three columns of intervals must fit a terminal);
//   - AUCs, correlations and p-values, which cannot exceed 1, with three decimals
//     and no zero before the point: .719; p = .062, p < .001;
//   - intervals as 39.3 to 52.5, after an estimate in brackets: 45.8 (39.3 to
//     52.5);
//   - a hyphen for minus, a plus only where the sign is the news, and a dash for
//     what is not defined.
//
// The scripts of pages write as it does: page/numbers.js, which a test holds to
// testdata/notation.csv, as it holds this package. CSV and JSON files hold exact
// numbers instead (record.Exact).
package notation

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/stats"
)

// Dash stands for what is not defined.
const Dash = "–"

// manyTriplets is the number from which a share of them has a decimal: below it one
// triplet more or less moves the share by more than a whole per cent.
const manyTriplets = 100

// ShareOf writes shares of n triplets in per cent, and differences of such shares in
// points, with the decimals that n supports: none below 100 triplets (48), one from
// there on (45.8). Both ends of an interval have the decimals of its estimate.
func ShareOf(n int) func(share float64) string {
	if n < manyTriplets {
		return PercentTo(0)
	}
	return PercentTo(1)
}

// Percent writes a share in per cent, or a difference of shares in points: 45.8. For
// shares of triplets see [ShareOf].
func Percent[T ~float64](v T) string { return Amount(100*v, 1) }

// PercentTo writes a share in per cent with other decimals: none where a table has
// no room, two beside figures that were printed so.
func PercentTo(decimals int) func(share float64) string {
	return func(share float64) string { return Amount(100*share, decimals) }
}

// PercentExact writes a share in per cent as exactly as somebody gave it: 95, 99.9.
func PercentExact[T ~float64](v T) string { return Amount(math.Round(1e10*float64(v))/1e8, -1) }

// Amount writes a value on a scale of its own, such as a rating or a time, with so
// many decimals, or below zero with as many as it has. What rounds to zero has no
// sign; half-way cases go to the even digit.
func Amount[T ~float64](v T, decimals int) string {
	if !defined(v) {
		return Dash
	}
	text := strconv.FormatFloat(float64(v), 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

// Tenths writes what is in per cent already, with one decimal as Percent does: 45.8.
func Tenths[T ~float64](v T) string { return Amount(v, 1) }

// Decimal writes what cannot exceed 1, such as an AUC or a correlation, without
// the zero before the point: .719.
func Decimal[T ~float64](v T) string { return decimals(v, 3) }

// Coarse is Decimal with two decimals, for ratings and for figures that a few
// values give.
func Coarse[T ~float64](v T) string { return decimals(v, 2) }

// Signed is Decimal with a plus before what is above zero, where the sign tells
// right from wrong.
func Signed[T ~float64](v T) string {
	text := Decimal(v)
	if v > 0 && strings.Trim(text, "0.") != "" {
		return "+" + text
	}
	return text
}

// Significant writes a positive number with so many significant digits, an odds
// ratio with two: 0.88, 1.8, 154.
func Significant[T ~float64](v T, digits int) string {
	if v == 0 || !defined(v) {
		return Amount(v, digits-1)
	}
	return Amount(v, max(0, digits-1-int(math.Floor(math.Log10(math.Abs(float64(v)))))))
}

// Probability writes a share in per cent, with two decimals below 10, where a
// classifier's guesses differ: 45.8, 3.27, <0.01.
func Probability[T ~float64](v T) string {
	switch {
	case v < 0.0001:
		return "<0.01"
	case v < 0.1:
		return Amount(100*v, 2)
	default:
		return Percent(v)
	}
}

// P writes a p-value: .062, or <.001.
func P[T ~float64](p T) string {
	if p < 0.001 {
		return "<.001"
	}
	return Decimal(p)
}

// PEquals writes a p-value in a sentence: p = .062, or p < .001.
func PEquals[T ~float64](p T) string {
	switch text := P(p); {
	case text == Dash:
		return "p not defined"
	case text[0] == '<':
		return "p < " + text[1:]
	default:
		return "p = " + text
	}
}

// Interval writes both ends of an interval: 70.2 to 81.8.
func Interval(i stats.Interval, write func(float64) string) string {
	if !i.Defined() {
		return Dash
	}
	return write(i.Low) + " to " + write(i.High)
}

// Estimate writes a value with its interval, if there is one: 76.3 (70.2 to 81.8).
func Estimate[T ~float64](v T, i stats.Interval, write func(float64) string) string {
	if !i.Defined() {
		return write(float64(v))
	}
	return write(float64(v)) + " (" + Interval(i, write) + ")"
}

// Count writes a whole number with commas between thousands: 4,700,000.
func Count(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

func defined[T ~float64](v T) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }

func decimals[T ~float64](v T, digits int) string {
	text := Amount(v, digits)
	if rest, below := strings.CutPrefix(text, "-0."); below {
		return "-." + rest
	}
	if rest, below := strings.CutPrefix(text, "0."); below {
		return "." + rest
	}
	return text
}
