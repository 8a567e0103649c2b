package tasks

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stimuli"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/mds"
)

// mostMatrixPictures is how many pictures matrices are drawn of.
const mostMatrixPictures = 150

// matrices is what a page shows of them: each drawn in one order of the pictures, and
// the pictures on a map.
type matrices struct {
	Drawn    []drawnMatrix
	Pictures []matrixPicture // in the order of rows
	Maps     []drawnMap
	All      int // pictures of the set
	Complete bool
}

type drawnMatrix struct {
	Name string
	URL  template.URL // PNG, one point a pair, dark for alike
}

type matrixPicture struct {
	Number   int
	Shown    bool
	Label    string
	Category string
}

// drawnMap is the pictures placed by classical scaling, so that distances are about
// the dissimilarities.
type drawnMap struct {
	Name   string
	Places []place
	Share  string // of the variation that two dimensions hold
}

type place struct {
	X, Y   page.Px
	Number int
	Shown  bool
	Label  string
}

// sampleOfPictures are the pictures that are drawn: all, or some evenly spread.
func sampleOfPictures(run *judged.Run) []int32 {
	n := len(run.Stimuli.Rows())
	var sample []int32
	for i := range min(n, mostMatrixPictures) {
		sample = append(sample, int32(i*n/min(n, mostMatrixPictures)))
	}
	return sample
}

func newMatrices(run *judged.Run, shown []int32, pictures *page.Thumbnails) *matrices {
	people := meanOfPeople(run)
	named := []struct {
		name   string
		values []float64
	}{{"people, mean of ranks", people}}
	for i, values := range run.Dissimilarities() {
		named = append(named, struct {
			name   string
			values []float64
		}{run.Models[i].Name, values})
	}
	standing := run.Stimuli.Shown()
	n := len(standing)
	order := orderOf(standing, shown, n, people)
	m := &matrices{All: n, Complete: !slices.ContainsFunc(people, math.IsNaN)}
	for _, at := range order {
		p := standing[at]
		number, ok := pictures.Show(p)
		m.Pictures = append(m.Pictures, matrixPicture{number, ok, labelOf(p), p.Category})
	}
	for i, v := range named {
		m.Drawn = append(m.Drawn, drawnMatrix{v.name, draw(order, n, v.values)})
		apart := v.values
		if i > 0 && run.Settings.Similarity.OfRepeats() {
			apart = roots(apart)
		}
		if placed, share, ok := scaled(order, n, apart); ok {
			m.Maps = append(m.Maps, newMap(v.name, placed, share, m.Pictures))
		}
	}
	return m
}

// meanOfPeople is the mean of people's dissimilarities, each as ranks from 0 to 1 of
// the pairs that the person judged.
func meanOfPeople(run *judged.Run) []float64 {
	values := run.PeopleRanks()
	mean := make([]float64, len(values[0]))
	for i := range mean {
		sum, times := 0.0, 0.0
		for _, person := range values {
			if !math.IsNaN(person[i]) {
				sum += person[i]
				times++
			}
		}
		mean[i] = sum / times
	}
	return mean
}

// between are the values of pairs of pictures at some places, as a matrix.
func between(order []int32, n int, values []float64) *mat.SymDense {
	m := mat.NewSymDense(len(order), nil)
	for i, a := range order {
		for j := i + 1; j < len(order); j++ {
			m.SetSym(i, j, values[stimuli.PairPlace(n, int(a), int(order[j]))])
		}
	}
	return m
}

// orderOf puts pictures of one category beside one another, and within it by the
// first dimension of people's matrix.
func orderOf(pictures []*stimuli.Picture, shown []int32, n int, people []float64) []int32 {
	first := make([]float64, len(shown))
	if placed, _, ok := scaled(shown, n, people); ok {
		for i, p := range placed {
			first[i] = p[0]
		}
	}
	places := make([]int, len(shown))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(pictures[shown[a]].Category, pictures[shown[b]].Category), cmp.Compare(first[a], first[b]))
	})
	order := make([]int32, len(shown))
	for i, at := range places {
		order[i] = shown[at]
	}
	return order
}

// scaled places pictures in two dimensions by classical scaling (Torgerson 1952);
// false where a pair has no value or no dimension is found. share is the part of the
// positive eigenvalues that the two hold.
func scaled(order []int32, n int, values []float64) (placed [][2]float64, share float64, ok bool) {
	m := between(order, n, values)
	for i := range order {
		for j := i + 1; j < len(order); j++ {
			if math.IsNaN(m.At(i, j)) {
				return nil, 0, false
			}
		}
	}
	var dst mat.Dense
	dimensions, eigenvalues := mds.TorgersonScaling(&dst, make([]float64, len(order)), m)
	if dimensions < 2 {
		return nil, 0, false
	}
	all := 0.0
	for _, v := range eigenvalues {
		all += max(0, v)
	}
	placed = make([][2]float64, len(order))
	for i := range placed {
		placed[i] = [2]float64{dst.At(i, 0), dst.At(i, 1)}
	}
	return placed, (eigenvalues[0] + eigenvalues[1]) / all, true
}

// roots are the distances of squared ones; what noise puts below 0 is none.
func roots(squares []float64) []float64 {
	list := make([]float64, len(squares))
	for i, v := range squares {
		list[i] = math.Sqrt(max(0, v))
	}
	return list
}

// mapSide is the side of a map, in which pictures are mapPicture wide.
const mapSide, mapPicture = 640, 36

func newMap(name string, placed [][2]float64, share float64, pictures []matrixPicture) drawnMap {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range placed {
		low, high = min(low, p[0], p[1]), max(high, p[0], p[1])
	}
	scale := page.Scale{Low: low, High: high, From: mapPicture / 2, To: mapSide - mapPicture/2}
	m := drawnMap{Name: name, Share: notation.PercentTo(0)(share)}
	for i, p := range placed {
		m.Places = append(m.Places, place{scale.At(p[0]) - mapPicture/2, scale.At(p[1]) - mapPicture/2, pictures[i].Number, pictures[i].Shown, pictures[i].Label})
	}
	return m
}

// draw is a matrix as a PNG: its values' ranks from light to dark, the most alike
// darkest; pairs without a value are left out.
func draw(order []int32, n int, values []float64) template.URL {
	m := between(order, n, values)
	var all []float64
	for i := range order {
		for j := i + 1; j < len(order); j++ {
			if v := m.At(i, j); !math.IsNaN(v) {
				all = append(all, v)
			}
		}
	}
	slices.Sort(all)
	picture := image.NewPaletted(image.Rect(0, 0, len(order), len(order)), shades())
	for i := range order {
		for j := range order {
			v := m.At(i, j)
			switch {
			case i == j || math.IsNaN(v):
				continue // colour 0 is transparent
			default:
				below, _ := slices.BinarySearch(all, v)
				picture.SetColorIndex(j, i, uint8(1+254*below/max(1, len(all)-1)))
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic(err) // a picture in memory
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes()))
}

// shades run from the dark blue of alike to the light of unlike, in even steps of
// lightness.
func shades() color.Palette {
	palette := color.Palette{color.RGBA{}}
	dark, light := [3]float64{8, 48, 107}, [3]float64{247, 251, 255}
	for i := range 255 {
		t := float64(i) / 254
		channel := func(k int) uint8 { return uint8(math.Round(dark[k] + t*(light[k]-dark[k]))) }
		palette = append(palette, color.RGBA{channel(0), channel(1), channel(2), 255})
	}
	return palette
}
