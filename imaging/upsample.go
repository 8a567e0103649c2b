package imaging

// upsample returns row y of the component in the resolution of the picture, which
// is hr and vr times that of the component; dst is room for it, hr times as long
// as a row of the component. Like libjpeg-turbo 2.1 it interpolates ratios of two
// ("fancy upsampling") and replicates otherwise; neighbours beyond the border are
// copies of the border, and components of one or two columns are too narrow.
func (c *jpegComponent) upsample(dst []uint8, y, hr, vr int) []uint8 {
	near := c.row(y / vr)
	if hr == 1 && vr == 1 {
		return near
	}
	far := c.row(y/vr - 1 + y%vr*2)
	switch {
	case hr == 1 && vr == 2:
		blendRows(dst, near, far, 1+y%2)
	case hr == 2 && vr == 1 && c.width > 2:
		doubleRow(dst, near)
	case hr == 2 && vr == 2 && c.width > 2:
		doubleRows(dst, near, far)
	default:
		for x := range dst {
			dst[x] = near[x/hr]
		}
	}
	return dst
}

func (c *jpegComponent) row(y int) []uint8 {
	return c.pix[min(max(y, 0), c.height-1)*c.stride:][:c.width]
}

// blendRows weighs the nearer row 3/4; the rounding alternates from row to row.
func blendRows(dst, near, far []uint8, bias int) {
	for x := range dst {
		dst[x] = uint8((3*int(near[x]) + int(far[x]) + bias) >> 2)
	}
}

// doubleRow weighs the nearer sample 3/4; the rounding alternates from column to
// column.
func doubleRow(dst, row []uint8) {
	last := len(row) - 1
	for x, v := range row {
		left, right := int(row[max(x-1, 0)]), int(row[min(x+1, last)])
		dst[2*x] = uint8((3*int(v) + left + 1) >> 2)
		dst[2*x+1] = uint8((3*int(v) + right + 2) >> 2)
	}
	dst[0], dst[2*last+1] = row[0], row[last]
}

// doubleRows weighs the nearest sample 9/16 and rounds once.
func doubleRows(dst, near, far []uint8) {
	far = far[:len(near)]
	this := 3*int(near[0]) + int(far[0])
	left := this
	for x := range len(near) - 1 {
		right := 3*int(near[x+1]) + int(far[x+1])
		dst[2*x] = uint8((3*this + left + 8) >> 4)
		dst[2*x+1] = uint8((3*this + right + 7) >> 4)
		left, this = this, right
	}
	last := 2 * (len(near) - 1)
	dst[last] = uint8((3*this + left + 8) >> 4)
	dst[last+1] = uint8((4*this + 7) >> 4)
}
