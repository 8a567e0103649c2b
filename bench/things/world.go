package main

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

const (
	categories  = 27 // as many as THINGS names
	latent      = 24 // what people see of a picture
	perRepeated = 30
	sharpness   = 1.2  // of people's choices: they agree with themselves in about two of three rows
	side        = 64   // of pictures, in pixels
	scatter     = 0.8  // of pictures around the centre of their category
	blur        = 0.25 // what each further network sees less clearly
)

// world is what is invented: pictures as points, of which people and networks see
// something.
type world struct {
	pictures, rows, repeated, models, dim int
	seed                                  uint64

	points [][]float64 // of pictures
}

// The uses of random numbers, each with a stream of its own.
const (
	pointStream uint64 = iota
	rowStream
	modelStream
)

func (w *world) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(w.seed, stream)) }

// make places the pictures around the centres of their categories.
func (w *world) make() {
	random := w.random(pointStream)
	centres := normal(random, categories, latent)
	w.points = normal(random, w.pictures, latent)
	for i, point := range w.points {
		for k := range point {
			point[k] = centres[i%categories][k] + scatter*point[k]
		}
	}
}

func normal(random *rand.Rand, rows, columns int) [][]float64 {
	m := make([][]float64, rows)
	for i := range m {
		m[i] = make([]float64, columns)
		for k := range m[i] {
			m[i][k] = random.NormFloat64()
		}
	}
	return m
}

func (w *world) name(i int) string { return fmt.Sprintf("thing_%05d", i) }

func (w *world) category(i int) string { return fmt.Sprintf("category_%02d", i%categories) }

// answers are all rows, the odd picture last. The first are triplets that many
// people judged.
func (w *world) answers() [][3]int32 {
	random := w.random(rowStream)
	rows := make([][3]int32, w.rows)
	var shown [3]int32
	for i := range rows {
		if i >= perRepeated*w.repeated || i%perRepeated == 0 {
			shown = w.three(random)
		}
		rows[i] = w.answer(random, shown)
	}
	return rows
}

func (w *world) three(random *rand.Rand) (shown [3]int32) {
	for shown[0] == shown[1] || shown[0] == shown[2] || shown[1] == shown[2] {
		for k := range shown {
			shown[k] = random.Int32N(int32(w.pictures))
		}
	}
	return shown
}

// answer leaves a picture over in proportion to the exponential of how alike the
// two others are.
func (w *world) answer(random *rand.Rand, shown [3]int32) [3]int32 {
	var weight [3]float64
	sum := 0.0
	for k := range shown {
		weight[k] = math.Exp(sharpness * cosine(w.points[shown[(k+1)%3]], w.points[shown[(k+2)%3]]) * 4)
		sum += weight[k]
	}
	drawn, odd := random.Float64()*sum, 0
	for ; odd < 2 && drawn >= weight[odd]; odd++ {
		drawn -= weight[odd]
	}
	shown[odd], shown[2] = shown[2], shown[odd]
	return shown
}

func cosine(a, b []float64) float64 {
	var ab, aa, bb float64
	for k := range a {
		ab += a[k] * b[k]
		aa += a[k] * a[k]
		bb += b[k] * b[k]
	}
	return ab / math.Sqrt(aa*bb)
}

// features are what a network sees of the pictures: their points turned into its
// own space, and noise.
func (w *world) features(model int) [][]float64 {
	random := w.random(modelStream + uint64(model))
	turned := normal(random, latent, w.dim)
	noise := normal(random, w.pictures, w.dim)
	for i, row := range noise {
		for k := range row {
			row[k] *= math.Sqrt(latent) * blur * float64(model+1)
			for l, value := range w.points[i] {
				row[k] += value * turned[l][k]
			}
		}
	}
	return noise
}

// picture draws a point: a plane of colour with stripes, their colours, direction
// and width from its coordinates.
func (w *world) picture(i int) image.Image {
	point := w.points[i]
	at := func(k int) float64 { return 1 / (1 + math.Exp(-point[k%latent])) } // from 0 to 1
	m := image.NewNRGBA(image.Rect(0, 0, side, side))
	width, angle := 3+12*at(6), math.Pi*at(7)
	for y := range side {
		for x := range side {
			wave := math.Sin((float64(x)*math.Cos(angle)+float64(y)*math.Sin(angle))/width*2 + 6*at(8))
			share := 1 / (1 + math.Exp(-4*wave))
			shade := func(k int) uint8 { return uint8(255 * (at(k)*share + at(k+3)*(1-share))) }
			m.SetNRGBA(x, y, color.NRGBA{shade(0), shade(1), shade(2), 255})
		}
	}
	m.SetNRGBA(0, 0, color.NRGBA{uint8(i), uint8(i >> 8), uint8(i >> 16), 255}) // no two are equal
	return m
}
