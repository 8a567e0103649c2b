package imaging

// turn returns the picture turned as EXIF orientation o asks; values outside
// 2..8 ask for nothing. The cases are those of Pillow's ImageOps.exif_transpose.
func (m *Image) turn(o int) *Image {
	w, h := m.Width, m.Height
	// Output pixel (x, y) is input pixel start + x*dx + y*dy.
	var start, dx, dy int
	switch o {
	case 2: // mirrored
		start, dx, dy = w-1, -1, w
	case 3: // upside down
		start, dx, dy = w*h-1, -1, -w
	case 4: // mirrored upside down
		start, dx, dy = w*(h-1), 1, -w
	case 5: // transposed
		start, dx, dy = 0, w, 1
	case 6: // needs a quarter turn clockwise
		start, dx, dy = w*(h-1), -w, 1
	case 7: // transposed over the other diagonal
		start, dx, dy = w*h-1, -w, -1
	case 8: // needs a quarter turn anticlockwise
		start, dx, dy = w-1, w, -1
	default:
		return m
	}
	if o >= 5 {
		w, h = h, w
	}
	out := newImage(w, h)
	for y := range h {
		for x := range w {
			from := 3 * (start + x*dx + y*dy)
			copy(out.Pix[3*(y*w+x):3*(y*w+x)+3], m.Pix[from:from+3])
		}
	}
	return out
}
