//go:build !amd64

package match

func dot(a, b []float32) float64 { return dotInGo(a, b) }
