package stats

import (
	"math"
	"slices"
	"testing"
)

func TestEffectiveClusters(t *testing.T) {
	equal := []int{0, 0, 1, 1, 2, 2}
	if got := effective(equal); math.Abs(got-3) > 1e-12 {
		t.Errorf("three equal clusters are worth %v", got)
	}
	giant := append(slices.Repeat([]int{0}, 212), 1, 2, 3, 4)
	if got := effective(giant); got > 1.1 {
		t.Errorf("a giant and four single triplets are worth %v clusters", got)
	}
}
