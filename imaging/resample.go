package imaging

import (
	"encoding/binary"
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
	return rows.apply(columns.applyRows(img, top, bottom), top, crop.Dx())
}

// kernel holds the weights of one axis: those of output i are
// weights[i*size:][:taps[i]], for the inputs from first[i].
type kernel struct {
	size        int
	first, taps []int
	weights     []int64 // times 1<<weightBits
}

const (
	weightBits = 32 - 8 - 2
	together   = 4 // taps that the loops below work on at once
)

// The loops below keep two sums of 32 bits in one int64, low + high<<32, so that
// one multiplication serves both: a negative low only borrows from high, and
// split returns it.
const roundBoth = 1<<(weightBits-1) | 1<<(weightBits-1+32)

func split(both int64) (low, high uint8) {
	l := int32(both)
	return clip(int(l >> weightBits)), clip(int((both - int64(l)) >> (32 + weightBits)))
}

// kernel computes the weights of the outputs lo..hi-1 of an axis that goes from
// in to out samples.
func (f pillowFilter) kernel(in, out, lo, hi int) kernel {
	scale := float64(in) / float64(out)
	stretch := max(scale, 1)
	support := float64(f.support * stretch)
	k := kernel{size: int(math.Ceil(support))*2 + 1 + together, first: make([]int, hi-lo), taps: make([]int, hi-lo)}
	k.weights = make([]int64, k.size*(hi-lo))
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

func fixedPoint(w float64) int64 {
	return int64(math.Copysign(0.5, w) + float64(w*(1<<weightBits)))
}

// span returns the range of inputs that any output reads.
func (k kernel) span() (first, end int) {
	first, end = k.first[0], 0
	for i, f := range k.first {
		first, end = min(first, f), max(end, f+k.taps[i])
	}
	return first, end
}

// lines are rows of bytes; each is padded to a multiple of eight.
type lines struct {
	pix    []uint8
	stride int
}

// applyRows convolves along the rows top..bottom-1 of the picture, two at a time.
func (k kernel) applyRows(img *Image, top, bottom int) lines {
	first, end := k.span()
	stride := ceilDiv(3*len(k.first), 8) * 8
	out := lines{make([]uint8, stride*(bottom-top)), stride}
	both := make([]int64, 3*(end-first))
	for y := top; y < bottom; y += 2 {
		below := min(y+1, bottom-1)
		a, b := img.Pix[3*(y*img.Width+first):][:len(both)], img.Pix[3*(below*img.Width+first):][:len(both)]
		for x := range both {
			both[x] = int64(a[x]) | int64(b[x])<<32
		}
		k.applyBoth(out.pix[(y-top)*stride:], out.pix[(below-top)*stride:], both, first)
	}
	return out
}

// applyBoth convolves along two rows, of which both holds the pixels from first.
func (k kernel) applyBoth(dst, below []uint8, both []int64, first int) {
	for i, from := range k.first {
		pix, weights := both[3*(from-first):], k.weights[i*k.size:][:k.taps[i]]
		r, g, b := int64(roundBoth), int64(roundBoth), int64(roundBoth)
		for ; len(weights) >= together; weights = weights[together:] {
			p, w := (*[3 * together]int64)(pix), (*[together]int64)(weights)
			r += p[0]*w[0] + p[3]*w[1] + p[6]*w[2] + p[9]*w[3]
			g += p[1]*w[0] + p[4]*w[1] + p[7]*w[2] + p[10]*w[3]
			b += p[2]*w[0] + p[5]*w[1] + p[8]*w[2] + p[11]*w[3]
			pix = pix[3*together:]
		}
		for t, w := range weights {
			r += pix[3*t] * w
			g += pix[3*t+1] * w
			b += pix[3*t+2] * w
		}
		upper, lower := (*[3]uint8)(dst[3*i:]), (*[3]uint8)(below[3*i:])
		upper[0], lower[0] = split(r)
		upper[1], lower[1] = split(g)
		upper[2], lower[2] = split(b)
	}
}

// apply convolves along the columns of lines of width pixels, the first of which
// is number top of the axis.
func (k kernel) apply(in lines, top, width int) *Image {
	out := newImage(width, len(k.first))
	sums := make([]int64, in.stride/2)
	line := make([]uint8, in.stride)
	for i, first := range k.first {
		for x := range sums {
			sums[x] = roundBoth
		}
		in.addRows(sums, first-top, k.weights[i*k.size:][:k.taps[i]])
		for x := 0; x+4 <= len(sums); x += 4 {
			s, bytes := (*[4]int64)(sums[x:]), (*[8]uint8)(line[2*x:])
			bytes[0], bytes[4] = split(s[0])
			bytes[1], bytes[5] = split(s[1])
			bytes[2], bytes[6] = split(s[2])
			bytes[3], bytes[7] = split(s[3])
		}
		copy(out.Pix[3*i*width:3*(i+1)*width], line)
	}
	return out
}

// addRows adds to sums the weighted rows from first on. Four sums take eight
// bytes of a row: 0 and 4, 1 and 5, 2 and 6, 3 and 7.
func (in lines) addRows(sums []int64, first int, weights []int64) {
	const mask = 0xff000000ff
	pix := in.pix[first*in.stride:]
	for ; len(weights) >= together; weights = weights[together:] {
		w := (*[together]int64)(weights)
		row0, row1, row2, row3 := pix[:in.stride], pix[in.stride:][:in.stride], pix[2*in.stride:][:in.stride], pix[3*in.stride:][:in.stride]
		for x := 0; x+4 <= len(sums); x += 4 {
			a, b, c, d := eightBytes(row0, 2*x), eightBytes(row1, 2*x), eightBytes(row2, 2*x), eightBytes(row3, 2*x)
			s := (*[4]int64)(sums[x:])
			s[0] += a&mask*w[0] + b&mask*w[1] + c&mask*w[2] + d&mask*w[3]
			s[1] += a>>8&mask*w[0] + b>>8&mask*w[1] + c>>8&mask*w[2] + d>>8&mask*w[3]
			s[2] += a>>16&mask*w[0] + b>>16&mask*w[1] + c>>16&mask*w[2] + d>>16&mask*w[3]
			s[3] += a>>24&mask*w[0] + b>>24&mask*w[1] + c>>24&mask*w[2] + d>>24&mask*w[3]
		}
		pix = pix[together*in.stride:]
	}
	for t, w := range weights {
		row := pix[t*in.stride:][:in.stride]
		for x := range sums {
			sums[x] += eightBytes(row, x/4*8) >> (8 * (x & 3)) & mask * w
		}
	}
}

func eightBytes(row []uint8, at int) int64 {
	return int64(binary.LittleEndian.Uint64(row[at:]))
}
