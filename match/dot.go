package match

// strands are the sums that a dot product has under way at once; what it
// multiplies has a multiple of so many values.
const strands = 16

// dotInGo sums products, which are exact in float64, in strands that it adds up
// in the end: the order that a processor with wide registers is quick at. Since
// nothing is rounded but the sums, fused and separate operations agree.
func dotInGo(a, b []float32) float64 {
	var s [strands]float64
	for ; len(a) >= strands; a, b = a[strands:], b[strands:] {
		x, y := (*[strands]float32)(a), (*[strands]float32)(b)
		for k := range s {
			s[k] += float64(x[k]) * float64(y[k])
		}
	}
	for k := range 4 {
		s[k] = (s[k] + s[k+4]) + (s[k+8] + s[k+12])
	}
	return (s[0] + s[2]) + (s[1] + s[3])
}
