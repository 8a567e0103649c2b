package imaging

import "math"

const torch7Bicubic = "torch7-bicubic"

// torch7Resize returns the cropped part of the picture resized as image.scale of
// torch/image does with "bicubic", interleaved: rows first, then columns, on the
// values scaled gives to the bytes, in float32 throughout.
func torch7Resize(img *Image, l layout, scaled *[256]float32) []float32 {
	columns := newCubicAxis(img.Width, l.width, l.crop.Min.X, l.crop.Max.X)
	rows := newCubicAxis(img.Height, l.height, l.crop.Min.Y, l.crop.Max.Y)
	stride := 3 * l.crop.Dx()
	line, lines := columns.line(3), rows.line(stride)
	for y := rows.first; y < rows.end; y++ {
		row := img.Pix[3*y*img.Width : 3*(y+1)*img.Width]
		for i, v := range row[3*columns.first : 3*columns.end] {
			line[3+i] = scaled[v]
		}
		columns.interpolate(lines[(y-rows.first+1)*stride:], line, 3)
	}
	out := make([]float32, l.crop.Dy()*stride)
	rows.interpolate(out, lines, stride)
	return out
}

// torch7Pixels rounds the resized values to bytes.
func torch7Pixels(img *Image, l layout) *Image {
	var identity [256]float32
	for v := range identity {
		identity[v] = float32(v)
	}
	out := newImage(l.crop.Dx(), l.crop.Dy())
	for i, v := range torch7Resize(img, l, &identity) {
		out.Pix[i] = clip(int(math.RoundToEven(float64(v))))
	}
	return out
}

// cubicAxis places outputs on an axis of in samples, of which they read those
// from first up to end.
type cubicAxis struct {
	in, first, end int
	samples        []cubicSample
}

// cubicSample lies between the inputs at and at+1, at the fraction x.
type cubicSample struct {
	at int
	x  float32
}

// newCubicAxis aligns the corners for the outputs lo..hi-1 of out: output i lies
// at i*(in-1)/(out-1), and the last is a copy of the last input.
func newCubicAxis(in, out, lo, hi int) cubicAxis {
	step := float32(in-1) / float32(max(out-1, 1))
	a := cubicAxis{in: in, samples: make([]cubicSample, hi-lo)}
	for i := range a.samples {
		position := float32(float32(lo+i) * step)
		at := min(int(position), max(in-2, 0))
		a.samples[i] = cubicSample{at, position - float32(at)}
		if lo+i == out-1 {
			a.samples[i] = cubicSample{in - 1, 0}
		}
	}
	a.first = max(a.samples[0].at-1, 0)
	a.end = min(a.samples[len(a.samples)-1].at+3, in)
	return a
}

// line returns room for the inputs first..end-1, unit values each, with one more
// before and two after them.
func (a cubicAxis) line(unit int) []float32 {
	return make([]float32, (1+a.end-a.first+2)*unit)
}

// interpolate fills dst with the outputs. The cubic passes through p1 and p2 with
// the slopes of a Catmull-Rom spline.
func (a cubicAxis) interpolate(dst, line []float32, unit int) {
	a.extrapolate(line, unit)
	for i, s := range a.samples {
		window := line[(s.at-a.first)*unit:]
		q0, q1, q2, q3 := window[:unit], window[unit:][:unit], window[2*unit:][:unit], window[3*unit:][:unit]
		out := dst[i*unit:][:unit]
		for u := range out {
			p0, p1, p2, p3 := q0[u], q1[u], q2[u], q3[u]
			c1 := p2 - p0
			c2 := float32(float32(float32(2*p0)-float32(5*p1))+float32(4*p2)) - p3
			c3 := float32(3*(p1-p2)) + p3 - p0
			c1 += float32(s.x * (c2 + float32(s.x*c3)))
			out[u] = p1 + float32(float32(0.5*s.x)*c1)
		}
	}
}

// extrapolate goes on beyond each border along the line through the two
// outermost inputs; a single input goes on as it is.
func (a cubicAxis) extrapolate(line []float32, unit int) {
	count := a.end - a.first
	inner := min(count-1, 1) * unit
	for u := range unit {
		first, last := unit+u, count*unit+u
		line[u] = 2*line[first] - line[first+inner]
		line[last+unit] = 2*line[last] - line[last-inner]
	}
}
