package stats

import (
	"math"
	"sort"
)

// PowerQuestion asks what independent triplets can show.
type PowerQuestion struct {
	Difference   float64 `json:"difference"`   // in proportion points, such as 0.05; 0: none is asked for
	Significance float64 `json:"significance"` // 0 means 0.05
	Power        float64 `json:"power"`        // 0 means 0.8
	// Discordant is the share of triplets that only one of two models gets
	// right; 0 means 0.3. It is at least Difference.
	Discordant float64 `json:"discordant"`
	// Error is the mean matching error of the two groups of a relation effect; 0
	// means 0.4.
	Error float64 `json:"error"`
}

func (q PowerQuestion) withDefaults() PowerQuestion {
	set := func(x *float64, value float64) {
		if *x == 0 {
			*x = value
		}
	}
	set(&q.Significance, 0.05)
	set(&q.Power, 0.8)
	set(&q.Discordant, 0.3)
	set(&q.Error, 0.4)
	q.Discordant = max(q.Discordant, q.Difference)
	return q
}

// Requirement is the number of triplets that shows a difference, the difference that
// triplets show, or the power that triplets have to find a difference.
type Requirement struct {
	OneModel  Number `json:"one_model"`  // error against chance, exact binomial test
	TwoModels Number `json:"two_models"` // two models on the same triplets, exact McNemar test
	Relation  Number `json:"relation"`   // two halves of the set, one model, normal approximation
}

// Units is a number of triplets, and how many independent ones they are worth if
// those that share a picture say the same.
type Units struct {
	Triplets int     `json:"triplets"`
	Worth    float64 `json:"effective_units"`
}

// SharedUnits counts triplets {target, related, unrelated} by their pictures.
func SharedUnits(pictures [][3]string) Units {
	f := frame{share: number(pictures).sharing(), size: []float64{float64(len(pictures))}}
	return Units{len(pictures), f.equalUnits()[0]}
}

// Power answers a PowerQuestion for independent triplets and, where triplets
// share pictures, for as many as they are worth.
type Power struct {
	Units
	Question PowerQuestion `json:"question"`
	// Needed is how many triplets show the difference asked for; nil without one.
	// NeededShared is how many like those of the set at worst.
	Needed       *Requirement `json:"triplets_needed,omitempty"`
	NeededShared *Requirement `json:"triplets_needed_if_shared,omitempty"`
	// Chance is the power that the triplets have to find the difference asked for; nil
	// without either.
	Chance       *Requirement `json:"power,omitempty"`
	ChanceShared *Requirement `json:"power_if_shared,omitempty"`
	// Shown is the difference that the triplets show; nil without any.
	Shown       *Requirement `json:"difference_shown,omitempty"`
	ShownShared *Requirement `json:"difference_shown_if_shared,omitempty"`
}

// NewPower answers a question about so many triplets, perhaps none.
func NewPower(u Units, q PowerQuestion) Power {
	p := Power{Units: u, Question: q.withDefaults()}
	shared := u.Worth < float64(u.Triplets)-1e-9
	if q.Difference > 0 {
		needed := p.Question.needed()
		p.Needed = &needed
		if shared {
			times := Number(float64(u.Triplets) / u.Worth)
			p.NeededShared = &Requirement{needed.OneModel * times, needed.TwoModels * times, needed.Relation * times}
		}
	}
	if u.Triplets > 0 {
		shown := p.Question.shown(u.Triplets)
		p.Shown = &shown
		if shared {
			worst := p.Question.shown(int(u.Worth))
			p.ShownShared = &worst
		}
	}
	if u.Triplets > 0 && q.Difference > 0 {
		chance := p.Question.chance(u.Triplets)
		p.Chance = &chance
		if shared {
			worst := p.Question.chance(int(u.Worth))
			p.ChanceShared = &worst
		}
	}
	return p
}

// chance is the power of so many independent triplets.
func (q PowerQuestion) chance(triplets int) Requirement {
	return Requirement{
		OneModel:  Number(q.onePower(triplets)),
		TwoModels: Number(q.twoPower(triplets, q.Difference)),
		Relation:  Number(q.groupPower(float64(triplets), q.Difference)),
	}
}

// needed is the number of independent triplets that shows the difference.
func (q PowerQuestion) needed() Requirement {
	return Requirement{
		OneModel:  fewest(q.Power, q.onePower),
		TwoModels: fewest(q.Power, func(n int) float64 { return q.twoPower(n, q.Difference) }),
		Relation:  fewest(q.Power, func(n int) float64 { return q.groupPower(float64(n), q.Difference) }),
	}
}

// shown is the difference that so many independent triplets show.
func (q PowerQuestion) shown(triplets int) Requirement {
	return Requirement{
		OneModel:  Number(MinimumDetectable(triplets, q.Significance, q.Power)),
		TwoModels: least(q.Power, q.Discordant, func(d float64) float64 { return q.twoPower(triplets, d) }),
		Relation: least(q.Power, 2*min(q.Error, 1-q.Error), func(d float64) float64 {
			return q.groupPower(float64(triplets), d)
		}),
	}
}

const mostTriplets = 10_000_000

// fewest is the smallest number of triplets with the power. NaN where so many
// would not do.
func fewest(power float64, of func(n int) float64) Number {
	most := 16
	for of(most) < power { // the tests' cost grows with the number
		if most *= 2; most > mostTriplets {
			return nan
		}
	}
	return Number(sort.Search(most, func(n int) bool { return of(n) >= power }))
}

// least is the smallest difference with the power, NaN where the largest has not.
func least(power, most float64, of func(d float64) float64) Number {
	if !(of(most) >= power) {
		return nan
	}
	low, high := 0.0, most
	for high-low > 1e-6 {
		if d := (low + high) / 2; of(d) < power {
			low = d
		} else {
			high = d
		}
	}
	return Number(high)
}

// onePower is the power of the exact binomial test of an error against 1/2.
func (q PowerQuestion) onePower(n int) float64 {
	if q.Difference > 0.5 {
		return 0 // no error lies so far from chance
	}
	reject := sort.Search(n/2+1, func(i int) bool { return BinomialTwoSided(n-n/2+i, n, 0.5) <= q.Significance })
	if reject > n/2 {
		return 0
	}
	return tailPower(n-n/2+reject, n, min(1, 0.5+q.Difference))
}

// twoPower is the power of the exact McNemar test, over the number of triplets
// that only one model gets right.
func (q PowerQuestion) twoPower(n int, difference float64) float64 {
	better := (q.Discordant + difference) / (2 * q.Discordant)
	centre, sd := float64(n)*q.Discordant, math.Sqrt(float64(n)*q.Discordant*(1-q.Discordant))
	first, last := max(0, int(centre-6*sd)), min(n, int(centre+6*sd)+1)
	step := max(1, (last-first)/60) // the power varies slowly with the number
	power, weight := 0.0, 0.0
	for d := first; d <= last; d += step {
		mass := binomialMass(d, n, q.Discordant)
		weight += mass
		if most := sort.Search(d/2+1, func(k int) bool { return McNemar(k, d-k) > q.Significance }); most > 0 {
			power += mass * tailPower(d-most+1, d, better)
		}
	}
	return power / weight
}

// groupPower is the normal approximation to the power of the difference between
// two halves of the triplets.
func (q PowerQuestion) groupPower(n, difference float64) float64 {
	if difference > 2*min(q.Error, 1-q.Error) {
		return 0 // no two errors with this mean differ so much
	}
	low, high := max(0, q.Error-difference/2), min(1, q.Error+difference/2)
	se := math.Sqrt((low*(1-low) + high*(1-high)) / (n / 2))
	return normalCDF(difference/se + normalQuantile(q.Significance/2))
}
