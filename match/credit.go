package match

import (
	"cmp"
	"fmt"
	"slices"
)

// Credit is the rule for ties: what a triplet counts whose two similarities are
// equal. A ROC and its AUC have a rule of their own, which is always one half.
type Credit string

const (
	HalfCredit Credit = "half-credit" // half right, half wrong: the default
	AsWrong    Credit = "as-wrong"    // the paper's rule: right needs sR > sU
	AsRight    Credit = "as-right"
	Dropped    Credit = "dropped" // left out of the count
)

// credits are all rules, the default first.
var credits = []Credit{HalfCredit, AsWrong, AsRight, Dropped}

// Credits lists every rule, the default first.
func Credits() []Credit { return slices.Clone(credits) }

// ParseCredit reads a rule's name; empty is HalfCredit. Records of earlier
// versions call that one "half credit".
func ParseCredit(name string) (Credit, error) {
	if name == "half credit" {
		return HalfCredit, nil
	}
	c := cmp.Or(Credit(name), HalfCredit)
	if !slices.Contains(credits, c) {
		return "", fmt.Errorf("the rule for ties %q is unknown; use one of %v", name, credits)
	}
	return c, nil
}

// Uncounted is the credit of a triplet that is left out.
const Uncounted = int8(-1)

// Halves is the credit of an outcome in halves: 2 right, 0 wrong, and for a tie
// what the rule says, or Uncounted.
func (c Credit) Halves(o Outcome) int8 {
	switch o {
	case Right:
		return 2
	case Wrong:
		return 0
	}
	switch c {
	case AsWrong:
		return 0
	case AsRight:
		return 2
	case Dropped:
		return Uncounted
	}
	return 1
}
