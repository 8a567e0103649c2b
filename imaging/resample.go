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

const weightBits = 32 - 8 - 2

// kernel computes the weights of the outputs lo..hi-1 of an axis that goes from
// in to out samples.
func (f pillowFilter) kernel(in, out, lo, hi int) kernel {
	scale := float64(in) / float64(out)
	stretch := max(scale, 1)
	support := float64(f.support * stretch)
	k := kernel{size: int(math.Ceil(support))*2 + 1, first: make([]int, hi-lo), taps: make([]int, hi-lo)}
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
		for t := range taps {
			k.weights[i*k.size+t] = fixedPoint(exact[t] / sum)
		}
		k.first[i], k.taps[i] = first, taps
	}
	return k
}

func fixedPoint(w float64) int32 {
	return int32(math.Copysign(0.5, w) + float64(w*(1<<weightBits)))
}

// span returns the range of inputs that any output reads.
func (k kernel) span() (first, end int) {
	last := len(k.first) - 1
	return k.first[0], k.first[last] + k.taps[last]
}

// applyRows convolves along the rows top..bottom-1 of the picture.
func (k kernel) applyRows(img *Image, top, bottom int) *Image {
	out := newImage(len(k.first), bottom-top)
	dst := out.Pix
	for y := top; y < bottom; y++ {
		row := img.Pix[3*y*img.Width : 3*(y+1)*img.Width]
		for i, first := range k.first {
			taps := row[3*first : 3*(first+k.taps[i])]
			r, g, b := int32(1<<(weightBits-1)), int32(1<<(weightBits-1)), int32(1<<(weightBits-1))
			for _, w := range k.weights[i*k.size:][:k.taps[i]] {
				r += int32(taps[0]) * w
				g += int32(taps[1]) * w
				b += int32(taps[2]) * w
				taps = taps[3:]
			}
			dst[0], dst[1], dst[2] = clip(int(r>>weightBits)), clip(int(g>>weightBits)), clip(int(b>>weightBits))
			dst = dst[3:]
		}
	}
	return out
}

// apply convolves along the columns of a picture whose first row is row top of
// the axis.
func (k kernel) apply(img *Image, top int) *Image {
	out := newImage(img.Width, len(k.first))
	stride := 3 * img.Width
	sums := make([]int32, stride)
	for i, first := range k.first {
		for x := range sums {
			sums[x] = 1 << (weightBits - 1)
		}
		for t, w := range k.weights[i*k.size:][:k.taps[i]] {
			row := img.Pix[(first+t-top)*stride:][:stride]
			for x, v := range row {
				sums[x] += int32(v) * w
			}
		}
		for x, sum := range sums {
			out.Pix[i*stride+x] = clip(int(sum >> weightBits))
		}
	}
	return out
}
