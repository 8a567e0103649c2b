package record

// Rater is the error that one person makes against the set, where single people's
// judgements tell: what a model that judges as a person does would have.
type Rater struct {
	Error    float64 // mean over the raters, of the triplets of which each judged both pairs
	Raters   int
	Triplets int // of the set
}

// Rater returns the first scale's. None is told without single judgements.
func (s Statistics) Rater() (Rater, bool) {
	for _, p := range s.People {
		if p.Ceiling != nil && p.Ceiling.HeldOut.Raters > 0 && p.Ceiling.HeldOut.Label.Defined() {
			held := p.Ceiling.HeldOut
			return Rater{Error: 1 - float64(held.Label), Raters: held.Raters, Triplets: s.Comparison.Models[0].Triplets}, true
		}
	}
	return Rater{}, false
}
