package match

// LeftOver says which of three pictures a model leaves over: the one outside the
// most similar pair. Several are set where the largest similarities are equal.
type LeftOver [3]bool

// NewLeftOver takes the similarities of the first and second, the first and third,
// and the second and third picture.
func NewLeftOver(firstSecond, firstThird, secondThird float64) LeftOver {
	most := max(firstSecond, firstThird, secondThird)
	return LeftOver{secondThird == most, firstThird == most, firstSecond == most}
}

// sixthsOfTie is the credit of one choice among equals, by their number.
var sixthsOfTie = [4]int8{0, 6, 3, 2}

// Sixths is the credit, in sixths, of the choice where people chose the picture at
// a place: 6 where it alone is left over, 0 where it is not, and where several are,
// what the rule for ties says: an equal share, all, nothing, or Uncounted.
func (c Credit) Sixths(l LeftOver, place int) int8 {
	equals := 0
	for _, set := range l {
		if set {
			equals++
		}
	}
	switch {
	case equals > 1 && c == Dropped:
		return Uncounted
	case !l[place]:
		return 0
	case equals > 1 && c == AsWrong:
		return 0
	case equals > 1 && c == AsRight:
		return 6
	}
	return sixthsOfTie[equals]
}
