package match

import "golang.org/x/sys/cpu"

var wide = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// dotWide is dotInGo with AVX2; n is a multiple of strands and not 0.
//
//go:noescape
func dotWide(a, b *float32, n int) float64

func dot(a, b []float32) float64 {
	if !wide || len(a) == 0 {
		return dotInGo(a, b)
	}
	return dotWide(&a[0], &b[:len(a)][0], len(a))
}
