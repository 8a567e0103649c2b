package words

import (
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
func Percent[T ~float64](v T) string { return fixed(100*float64(v), 1) }

// PercentTo writes a share in per cent with other decimals: none where a table has
// no room, two beside figures that were printed so.
func PercentTo(decimals int) func(share float64) string {
	return func(share float64) string { return fixed(100*share, decimals) }
}

// Amount writes a value on a scale of its own, such as a rating or a time.
func Amount[T ~float64](v T, decimals int) string { return fixed(float64(v), decimals) }

// points writes a difference of shares that was asked for, as exactly as it was.
func points(v float64) string {
	return strconv.FormatFloat(math.Round(1e10*v)/1e8, 'f', -1, 64)
}

// Decimal writes what cannot exceed 1, such as an AUC or a correlation, without
// the zero before the point: .719.
func Decimal[T ~float64](v T) string { return unit(float64(v), 3) }

// ratio writes an odds ratio with two significant digits: 0.88, 1.8, 154.
func ratio[T ~float64](v T) string {
	size := math.Abs(float64(v))
	if size == 0 || math.IsInf(size, 0) || math.IsNaN(size) {
		return fixed(float64(v), 1)
	}
	return fixed(float64(v), max(0, 1-int(math.Floor(math.Log10(size)))))
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

// fixed writes so many decimals. What rounds to zero has no sign.
func fixed(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Dash
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

func unit(v float64, decimals int) string {
	text := fixed(v, decimals)
	if rest, below := strings.CutPrefix(text, "-0."); below {
		return "-." + rest
	}
	if rest, below := strings.CutPrefix(text, "0."); below {
		return "." + rest
	}
	return text
}
