package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"

	"github.com/akin-vision/akin/imaging"
)

// baselineEngine names the arithmetic of the baselines in keys and records;
// it changes whenever a baseline's vector may change.
const baselineEngine = "akin-baseline-1"

// baseline is a formula over a small picture: how far does low-level likeness
// alone solve a set? All of them read RGB values in 0..1.
type baseline struct {
	recipe imaging.Recipe
	embed  func(planes []float32, side int) []float32 // planes: 3, side, side
}

// Baselines returns the models without a network: pixels, colour and edges.
func Baselines() []*Model {
	return []*Model{
		newBaseline("pixels", 32, pixels,
			"the picture itself at 32 x 32, its mean taken away: cosine is the correlation of pixels"),
		newBaseline("colour", 64, colour,
			"histogram of colours in CIELAB, near-white background left out: cosine is the Bhattacharyya coefficient"),
		newBaseline("edges", 64, edges,
			"histograms of oriented gradients (Dalal & Triggs 2005): 8 x 8 cells, 9 orientations, 2 x 2 blocks"),
	}
}

// Baseline returns the named baseline, or nil.
func Baseline(name string) *Model {
	for _, m := range Baselines() {
		if m.Name == name {
			return m
		}
	}
	return nil
}

func newBaseline(name string, side int, embed func([]float32, int) []float32, note string) *Model {
	recipe := imaging.Recipe{Resize: "pillow-bilinear", Square: side, Scale: "1/255"}
	sum := sha256.Sum256([]byte(baselineEngine + " " + name))
	return &Model{
		Card: Card{
			Name: name, Title: "baseline: " + name, Family: "baseline", Kind: NoNetwork,
			Licence: "Apache-2.0", Note: note, Outputs: Outputs{Features: "features"}, Recipe: recipe,
		},
		Hash:     hex.EncodeToString(sum[:]),
		baseline: &baseline{recipe, embed},
	}
}

func (b *baseline) Recipe() imaging.Recipe { return b.recipe }
func (b *baseline) Batch() int             { return DefaultBatch }
func (b *baseline) Threads() int           { return 1 }
func (b *baseline) Close() error           { return nil }

func (b *baseline) Run(ctx context.Context, tensor []float32, n int) ([][][]float32, error) {
	side := b.recipe.Square
	size := 3 * side * side
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = b.embed(tensor[i*size:(i+1)*size], side)
	}
	return [][][]float32{vectors}, ctx.Err()
}

// pixels takes the mean away, so that a white ground common to all pictures
// does not make every cosine nearly one.
func pixels(planes []float32, _ int) []float32 {
	var sum float64
	for _, v := range planes {
		sum += float64(v)
	}
	mean := sum / float64(len(planes))
	vector := make([]float32, len(planes))
	for i, v := range planes {
		vector[i] = float32(float64(v) - mean)
	}
	return vector
}

const (
	lightBins = 5    // of L* in 0..100
	hueBins   = 10   // of a* and of b* each, in -100..100
	nearWhite = 0.96 // a pixel whose channels all exceed this is background
)

// colour spreads each pixel over the eight nearest bins (trilinear), so that a
// small change of colour is a small change of the vector; the square root of
// the shares makes the cosine of two vectors their Bhattacharyya coefficient.
func colour(planes []float32, side int) []float32 {
	n := side * side
	bins := make([]float64, lightBins*hueBins*hueBins)
	var total float64
	for i := range n {
		r, g, b := planes[i], planes[n+i], planes[2*n+i]
		if min(r, g, b) > nearWhite {
			continue
		}
		l, aa, bb := lab(r, g, b)
		spread(bins, l/100*lightBins, (aa+100)/200*hueBins, (bb+100)/200*hueBins)
		total++
	}
	vector := make([]float32, len(bins))
	for i, v := range bins {
		vector[i] = float32(math.Sqrt(v / max(total, 1)))
	}
	return vector
}

// spread adds one unit at the position l, a, b, measured in bins.
func spread(bins []float64, l, a, b float64) {
	l0, lf := position(l, lightBins)
	a0, af := position(a, hueBins)
	b0, bf := position(b, hueBins)
	for i, wl := range [2]float64{1 - lf, lf} {
		for j, wa := range [2]float64{1 - af, af} {
			for k, wb := range [2]float64{1 - bf, bf} {
				if w := wl * wa * wb; w > 0 {
					bins[((l0+i)*hueBins+a0+j)*hueBins+b0+k] += w
				}
			}
		}
	}
}

// position returns the lower of the two bins whose centres enclose x, and the
// upper one's share; beyond the outermost centres one bin takes all.
func position(x float64, bins int) (int, float64) {
	x = min(max(x-.5, 0), float64(bins-1))
	low := min(int(x), bins-2)
	return low, x - float64(low)
}

// lab converts sRGB in 0..1 to CIELAB under D65 (IEC 61966-2-1; CIE 15).
func lab(red, green, blue float32) (l, aa, bb float64) {
	r, g, b := linear(red), linear(green), linear(blue)
	x := labCurve((0.4124564*r + 0.3575761*g + 0.1804375*b) / 0.95047)
	y := labCurve(0.2126729*r + 0.7151522*g + 0.0721750*b)
	z := labCurve((0.0193339*r + 0.1191920*g + 0.9503041*b) / 1.08883)
	return 116*y - 16, 500 * (x - y), 200 * (y - z)
}

// linear undoes the curve of sRGB. Pixels are bytes / 255, so that almost every
// value stands in a table.
func linear(v float32) float64 {
	if k := int(v*255 + .5); k >= 0 && k < len(linearBytes) && float32(k)/255 == v {
		return linearBytes[k]
	}
	return linearCurve(float64(v))
}

var linearBytes = func() (table [256]float64) {
	for k := range table {
		table[k] = linearCurve(float64(float32(k) / 255))
	}
	return table
}()

func linearCurve(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func labCurve(t float64) float64 {
	if t > 216.0/24389 {
		return math.Cbrt(t)
	}
	return (24389.0/27*t + 16) / 116
}

const (
	cellSide     = 8   // pixels
	orientations = 9   // unsigned, 20 degrees each
	clipBlock    = 0.2 // L2-Hys
)

// edges is HOG over the grey picture: gradients vote for the two nearest
// orientations of their cell; blocks of 2 x 2 cells are normalised by L2-Hys.
func edges(planes []float32, side int) []float32 {
	cells := side / cellSide
	votes := gradientVotes(planes, side, cells)
	var vector []float32
	for by := range cells - 1 {
		for bx := range cells - 1 {
			block := make([]float64, 0, 4*orientations)
			for _, c := range [4]int{by*cells + bx, by*cells + bx + 1, (by+1)*cells + bx, (by+1)*cells + bx + 1} {
				block = append(block, votes[c*orientations:(c+1)*orientations]...)
			}
			normalise(block)
			for i, v := range block {
				block[i] = min(v, clipBlock)
			}
			normalise(block)
			for _, v := range block {
				vector = append(vector, float32(v))
			}
		}
	}
	return vector
}

func gradientVotes(planes []float32, side, cells int) []float64 {
	n := side * side
	grey := make([]float64, n)
	for i := range grey {
		grey[i] = 0.299*float64(planes[i]) + 0.587*float64(planes[n+i]) + 0.114*float64(planes[2*n+i])
	}
	votes := make([]float64, cells*cells*orientations)
	for y := range side {
		for x := range side {
			dx := grey[y*side+min(x+1, side-1)] - grey[y*side+max(x-1, 0)]
			dy := grey[min(y+1, side-1)*side+x] - grey[max(y-1, 0)*side+x]
			size := math.Hypot(dx, dy)
			if size == 0 {
				continue
			}
			angle := math.Mod(math.Atan2(dy, dx)+math.Pi, math.Pi) / math.Pi * orientations
			low := int(angle) % orientations
			share := angle - math.Floor(angle)
			cell := votes[(y/cellSide*cells+x/cellSide)*orientations:]
			cell[low] += size * (1 - share)
			cell[(low+1)%orientations] += size * share
		}
	}
	return votes
}

// normalise scales a block to unit length; the small constant keeps empty
// blocks at zero instead of blowing up noise.
func normalise(block []float64) {
	var sum float64
	for _, v := range block {
		sum += v * v
	}
	scale := 1 / math.Sqrt(sum+1e-4)
	for i := range block {
		block[i] *= scale
	}
}
