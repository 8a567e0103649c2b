package imaging

import (
	"image"
	"math"
)

// A pillowFilter is one of the convolution filters of Pillow's Image.resize:
// weight is defined on -support..support, in units of input pixels when
// enlarging and of output pixels when shrinking (which makes it antialias).
type pillowFilter struct {
	support float64
	weight  func(x float64) float64
}

var pillowFilters = map[string]pillowFilter{
	"pillow-bilinear": {1, func(x float64) float64 { return max(0, 1-math.Abs(x)) }},
	"pillow-bicubic":  {2, catmullRom},
}

// catmullRom is the cubic convolution kernel with a = -0.5, evaluated in the
// order that Pillow uses. The conversions, here and elsewhere, keep architectures
// with a fused multiply-add from rounding less often.
func catmullRom(x float64) float64 {
	const a = -0.5
	x = math.Abs(x)
	switch {
	case x < 1:
		return float64(float64(float64(float64((a+2)*x)-(a+3))*x)*x) + 1
	case x < 2:
		return float64(float64(float64(float64((x-5)*x)+8)*x)-4) * a
	}
	return 0
}

// resize returns the part in crop of the picture resized to width x height, to
// the last bit as Pillow 9.4: weights as 22-bit fixed-point numbers, rows first,
// 8 bits between the passes. Only what the crop needs is computed.
func (f pillowFilter) resize(img *Image, width, height int, crop image.Rectangle) *Image {
	columns := f.kernel(img.Width, width, crop.Min.X, crop.Max.X)
	rows := f.kernel(img.Height, height, crop.Min.Y, crop.Max.Y)
	top, bottom := rows.span()
	return rows.apply(columns.applyRows(img, top, bottom), top)
}

// kernel holds the weights of one axis: those of output i are
// weights[i*size:][:taps[i]], for the inputs from first[i].
type kernel struct {
	size        int
	first, taps []int
	weights     []int32 // times 1<<weightBits
}

const (
	weightBits = 32 - 8 - 2
	roundUp    = 1 << (weightBits - 1)
	together   = 4 // taps that the loops below work on at once
)

// kernel computes the weights of the outputs lo..hi-1 of an axis that goes from
// in to out samples.
func (f pillowFilter) kernel(in, out, lo, hi int) kernel {
	scale := float64(in) / float64(out)
	stretch := max(scale, 1)
	support := float64(f.support * stretch)
	k := kernel{size: int(math.Ceil(support))*2 + 1 + together, first: make([]int, hi-lo), taps: make([]int, hi-lo)}
	k.weights = make([]int32, k.size*(hi-lo))
	exact := make([]float64, k.size)
	for i := range k.first {
		center := float64((float64(lo+i) + 0.5) * scale)
		first := int(max(0, center-support+0.5))
		taps := min(in, int(center+support+0.5)) - first
		sum := 0.0
		for t := range taps {
			exact[t] = float64(f.weight((float64(t+first) - center + 0.5) * (1 / stretch)))
			sum += exact[t]
		}
		k.first[i], k.taps[i] = widen(first, taps, in)
		for t := range taps {
			k.weights[i*k.size+first-k.first[i]+t] = fixedPoint(exact[t] / sum)
		}
	}
	return k
}

// widen adds taps of weight zero up to a multiple of together, if the axis of in
// samples has room.
func widen(first, taps, in int) (int, int) {
	wide := (taps + together - 1) / together * together
	if wide > in {
		return first, taps
	}
	return min(first, in-wide), wide
}

func fixedPoint(w float64) int32 {
	return int32(math.Copysign(0.5, w) + float64(w*(1<<weightBits)))
}

// span returns the range of inputs that any output reads.
func (k kernel) span() (first, end int) {
	first, end = k.first[0], 0
	for i, f := range k.first {
		first, end = min(first, f), max(end, f+k.taps[i])
	}
	return first, end
}

// applyRows convolves along the rows top..bottom-1 of the picture.
func (k kernel) applyRows(img *Image, top, bottom int) *Image {
	out := newImage(len(k.first), bottom-top)
	dst := out.Pix
	for y := top; y < bottom; y++ {
		row := img.Pix[3*y*img.Width : 3*(y+1)*img.Width]
		for i, first := range k.first {
			r, g, b := pixelSum(row[3*first:], k.weights[i*k.size:][:k.taps[i]])
			pixel := (*[3]uint8)(dst[3*i:])
			pixel[0], pixel[1], pixel[2] = clip(int(r>>weightBits)), clip(int(g>>weightBits)), clip(int(b>>weightBits))
		}
		dst = dst[3*len(k.first):]
	}
	return out
}

// pixelSum weighs neighbouring pixels.
func pixelSum(pix []uint8, weights []int32) (r, g, b int32) {
	r, g, b = roundUp, roundUp, roundUp
	for ; len(weights) >= together; weights = weights[together:] {
		p, w := (*[3 * together]uint8)(pix), (*[together]int32)(weights)
		r += int32(p[0])*w[0] + int32(p[3])*w[1] + int32(p[6])*w[2] + int32(p[9])*w[3]
		g += int32(p[1])*w[0] + int32(p[4])*w[1] + int32(p[7])*w[2] + int32(p[10])*w[3]
		b += int32(p[2])*w[0] + int32(p[5])*w[1] + int32(p[8])*w[2] + int32(p[11])*w[3]
		pix = pix[3*together:]
	}
	for t, w := range weights {
		r += int32(pix[3*t]) * w
		g += int32(pix[3*t+1]) * w
		b += int32(pix[3*t+2]) * w
	}
	return r, g, b
}

// apply convolves along the columns of a picture whose first row is row top of
// the axis.
func (k kernel) apply(img *Image, top int) *Image {
	out := newImage(img.Width, len(k.first))
	stride := 3 * img.Width
	sums := make([]int32, stride)
	for i, first := range k.first {
		for x := range sums {
			sums[x] = roundUp
		}
		addRows(sums, img.Pix[(first-top)*stride:], k.weights[i*k.size:][:k.taps[i]])
		line := out.Pix[i*stride:][:len(sums)]
		for x, sum := range sums {
			line[x] = clip(int(sum >> weightBits))
		}
	}
	return out
}

// addRows adds to sums the weighted rows of pix, which are as long.
func addRows(sums []int32, pix []uint8, weights []int32) {
	stride := len(sums)
	for ; len(weights) >= together; weights = weights[together:] {
		w := (*[together]int32)(weights)
		a, b, c, d := pix[:stride], pix[stride:][:stride], pix[2*stride:][:stride], pix[3*stride:][:stride]
		for x, sum := range sums {
			sums[x] = sum + int32(a[x])*w[0] + int32(b[x])*w[1] + int32(c[x])*w[2] + int32(d[x])*w[3]
		}
		pix = pix[together*stride:]
	}
	for t, w := range weights {
		for x, v := range pix[t*stride:][:stride] {
			sums[x] += int32(v) * w
		}
	}
}
