package stats

import (
	"cmp"
	"math"
	"slices"

	"github.com/akin-vision/akin/match"
)

// Softmax is a model's probability of each of three pictures to be left over, in
// proportion to exp(s/T) with the similarity s of the two others, at the
// temperature under which people's choices are likeliest. One number is fitted to
// all rows.
type Softmax struct {
	Temperature Number `json:"temperature"`    // null: similarities do not predict choices, or predict all
	Likelihood  Number `json:"log_likelihood"` // mean per row, natural logarithm
	Chance      Number `json:"log_likelihood_chance"`
	// CalibrationError is the mean distance between probability and share of bins,
	// weighted by their pictures (ECE).
	CalibrationError Number           `json:"calibration_error"`
	Calibration      []CalibrationBin `json:"calibration,omitempty"`
}

// CalibrationBin is what became of the pictures with probabilities in a tenth.
type CalibrationBin struct {
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Pictures int     `json:"pictures"` // three of each row
	Mean     Number  `json:"mean_probability"`
	Share    Number  `json:"share_chosen"`
}

const calibrationBins = 10

// softmax fits the temperature by Newton's method on 1/T, in which the likelihood
// is concave, to the gaps of rows.
func softmax(gaps [][2]float64) Softmax {
	result := Softmax{Temperature: nan, Likelihood: nan, Chance: Number(-math.Log(3)), CalibrationError: nan}
	beta, ok := fitSoftmax(gaps)
	if !ok {
		return result
	}
	result.Temperature = Number(1 / beta)
	likelihood := 0.0
	bins := make([]CalibrationBin, calibrationBins)
	var sums, hits [calibrationBins]float64
	for _, gap := range gaps {
		p := probabilities(beta, gap)
		likelihood += math.Log(p[2])
		for k, probability := range p {
			b := min(calibrationBins-1, int(probability*calibrationBins))
			bins[b].Pictures++
			sums[b] += probability
			hits[b] += indicator(k == 2)
		}
	}
	n := float64(len(gaps))
	result.Likelihood = Number(likelihood / n)
	distance := 0.0
	for b := range bins {
		count := float64(bins[b].Pictures)
		bins[b].Low, bins[b].High = float64(b)/calibrationBins, float64(b+1)/calibrationBins
		bins[b].Mean, bins[b].Share = Number(sums[b]/count), Number(hits[b]/count)
		if count > 0 {
			distance += math.Abs(sums[b]-hits[b]) / (3 * n)
		}
	}
	result.CalibrationError = Number(distance)
	result.Calibration = slices.DeleteFunc(bins, func(b CalibrationBin) bool { return b.Pictures == 0 })
	return result
}

// probabilities are those of leaving over each picture of a row.
func probabilities(beta float64, gap [2]float64) (p [3]float64) {
	most := max(gap[0], gap[1], 0)
	p = [3]float64{math.Exp(beta * (gap[0] - most)), math.Exp(beta * (gap[1] - most)), 1}
	if most > 0 {
		p[2] = math.Exp(-beta * most)
	}
	sum := p[0] + p[1] + p[2]
	for k := range p {
		p[k] /= sum
	}
	return p
}

// fitSoftmax is the likeliest 1/T; false where it is not above zero or not finite.
func fitSoftmax(gaps [][2]float64) (beta float64, ok bool) {
	scale, contradicted := scaleOf(gaps)
	if !contradicted {
		return 0, false
	}
	return likeliest(scale, func(beta float64) (slope, curve float64) {
		for _, gap := range gaps {
			p := probabilities(beta, gap)
			mean := p[0]*gap[0] + p[1]*gap[1]
			slope -= mean
			curve += p[0]*(gap[0]-mean)*(gap[0]-mean) + p[1]*(gap[1]-mean)*(gap[1]-mean) + p[2]*mean*mean
		}
		return slope, curve
	})
}

// scaleOf is the mean range of rows' similarities. contradicted reports whether any
// row speaks against the model: if none does, the likeliest temperature is 0.
func scaleOf(gaps [][2]float64) (scale float64, contradicted bool) {
	for _, gap := range gaps {
		most := max(gap[0], gap[1], 0)
		scale += (most - min(gap[0], gap[1], 0)) / float64(len(gaps))
		contradicted = contradicted || most > 0
	}
	return scale, contradicted
}

// likeliest is where the slope of a concave likelihood over 1/T vanishes. scale is
// the size of what 1/T multiplies. False where the best is at zero or below, or
// beyond all bounds.
func likeliest(scale float64, derivatives func(beta float64) (slope, curve float64)) (float64, bool) {
	const steps, beyond, precise = 60, 1e6, 1e-12
	if !(scale > 0) {
		return 0, false
	}
	low, high, beta := 0.0, math.Inf(1), 0.0
	for range steps {
		slope, curve := derivatives(beta)
		if slope > 0 {
			low = beta
		} else {
			high = beta
		}
		if beta == 0 && slope <= 0 {
			return 0, false
		}
		next := beta + slope/curve
		switch {
		case !(next > low) && !math.IsInf(high, 1) || !(next < high):
			next = (low + high) / 2
		case math.IsNaN(next) || next > 4*max(beta, 1/scale):
			next = 4 * max(beta, 1/scale)
		}
		if next*scale > beyond {
			return 0, false
		}
		if math.Abs(next-beta) <= precise*next {
			return next, true
		}
		beta = next
	}
	return beta, true
}

// byCategory are the rows by the category of the odd picture, where categories are
// known.
func (f *oddField) byCategory() []oddPart {
	if f.Category == nil {
		return nil
	}
	return f.partition(func(row int) string { return f.Category[f.Shown[row][2]] })
}

// Kinds of rows by what categories they show.
const (
	AllAlike   = "one category"
	OddByKind  = "two and one, the odd one apart"
	OddInKind  = "two and one, the odd one of the two"
	AllUnalike = "three categories"
)

// byKind are the rows by what categories they show.
func (f *oddField) byKind() []oddPart {
	if f.Category == nil {
		return nil
	}
	return f.partition(func(row int) string {
		a, b, odd := f.Category[f.Shown[row][0]], f.Category[f.Shown[row][1]], f.Category[f.Shown[row][2]]
		switch {
		case a == "" || b == "" || odd == "":
			return ""
		case a == b && b == odd:
			return AllAlike
		case a == b:
			return OddByKind
		case a == odd || b == odd:
			return OddInKind
		}
		return AllUnalike
	})
}

// partition gathers the rows by a name, without those that have none.
func (f *oddField) partition(name func(row int) string) []oddPart {
	places := map[string][]int32{}
	for i := range f.Shown {
		if n := name(i); n != "" {
			places[n] = append(places[n], int32(i))
		}
	}
	parts := []oddPart{}
	for n, rows := range places {
		parts = append(parts, oddPart{name: n, places: rows})
	}
	slices.SortFunc(parts, func(a, b oddPart) int { return cmp.Compare(a.name, b.name) })
	parallel(len(parts), func() func(int) {
		return func(i int) { parts[i].in = f.subset(parts[i].places).frame() }
	})
	return parts
}

func (f *oddField) byParts(credits []int8, parts []oddPart) []OddCategory {
	var list []OddCategory
	for _, part := range parts {
		c := OddCategory{Category: part.name, Rows: len(part.places)}
		c.Accuracy, c.Evidence = f.accuracy(credits, part.places, part.in)
		list = append(list, c)
	}
	return list
}

// confusion counts what people and the model left over, by category.
func (f *oddField) confusion(left []match.LeftOver) []OddConfusion {
	if f.Category == nil {
		return nil
	}
	var names []string
	number := map[string]int{}
	of := make([]int, len(f.Category))
	for i, name := range f.Category {
		if _, known := number[name]; !known {
			number[name] = len(names)
			names = append(names, name)
		}
		of[i] = number[name]
	}
	sixths := make([]int, len(names)*len(names))
	for i, row := range f.Shown {
		for k := range 3 {
			if credit := match.HalfCredit.Sixths(left[i], k); credit > 0 {
				sixths[of[row[2]]*len(names)+of[row[k]]] += int(credit)
			}
		}
	}
	var list []OddConfusion
	for at, n := range sixths {
		if n > 0 {
			list = append(list, OddConfusion{names[at/len(names)], names[at%len(names)], Number(float64(n) / 6)})
		}
	}
	return list
}
