package match

import (
	"testing"

	"pgregory.net/rapid"
)

// TestDotHasTheSameBitsOnEveryProcessor: what AVX2 computes is what Go computes.
func TestDotHasTheSameBitsOnEveryProcessor(t *testing.T) {
	if !wide {
		t.Skip("this processor has no AVX2")
	}
	rapid.Check(t, func(t *rapid.T) {
		n := strands * rapid.IntRange(1, 20).Draw(t, "strands")
		a, b := rapid.SliceOfN(rapid.Float32(), n, n).Draw(t, "a"), rapid.SliceOfN(rapid.Float32(), n, n).Draw(t, "b")
		if got, want := dotWide(&a[0], &b[0], n), dotInGo(a, b); got != want && (got == got || want == want) {
			t.Fatalf("%v with AVX2, %v in Go", got, want)
		}
	})
}
