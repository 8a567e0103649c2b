package compose

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// TestLinkedCountsTriplets compares the sets of pictures with a walk over all
// triplets.
func TestLinkedCountsTriplets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		picture := rapid.IntRange(0, 20)
		triplets := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [3]int {
			return [3]int{picture.Draw(t, "target"), picture.Draw(t, "related"), picture.Draw(t, "unrelated")}
		}), 1, 15).Draw(t, "triplets")
		var l linked
		for i, triplet := range triplets {
			if got, want := l.with(triplet[:]...), walk(triplets[:i+1], i); got != want {
				t.Fatalf("%d triplets would hang together with %v, want %d", got, triplet, want)
			}
			l.add(triplet[:]...)
		}
	})
}

// walk counts the triplets that one hangs together with, itself included.
func walk(triplets [][3]int, one int) int {
	reached, pictures := map[int]bool{}, map[int]bool{}
	for _, p := range triplets[one] {
		pictures[p] = true
	}
	for before := -1; before != len(reached); {
		before = len(reached)
		for i, triplet := range triplets {
			if pictures[triplet[0]] || pictures[triplet[1]] || pictures[triplet[2]] {
				reached[i] = true
				maps.Insert(pictures, maps.All(map[int]bool{triplet[0]: true, triplet[1]: true, triplet[2]: true}))
			}
		}
	}
	return len(reached)
}
