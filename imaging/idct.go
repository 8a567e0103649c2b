package imaging

// The inverse DCT of libjpeg's jidctint ("islow"): the factorisation of Loeffler,
// Ligtenberg and Moschytz (ICASSP 1989) with 13-bit constants, columns first, two
// extra bits kept between the passes.
const (
	idctBits  = 13
	idctExtra = 2

	fix0298631336 = 2446
	fix0390180644 = 3196
	fix0541196100 = 4433
	fix0765366865 = 6270
	fix0899976223 = 7373
	fix1175875602 = 9633
	fix1501321110 = 12299
	fix1847759065 = 15137
	fix1961570560 = 16069
	fix2053119869 = 16819
	fix2562915447 = 20995
	fix3072711026 = 25172
)

// reconstruct writes block (bx, by) of the component from its coefficients, which
// are scaled, in natural order, and overwritten.
func (c *jpegComponent) reconstruct(bx, by int, b *[64]int32) {
	for x := range 8 {
		idctColumn(b, x)
	}
	dst := c.pix[8*by*c.stride+8*bx:]
	for y := range 8 {
		idctRow((*[8]uint8)(dst[y*c.stride:]), (*[8]int32)(b[8*y:]))
	}
}

// reconstructStored does so from coefficients that are not scaled yet.
func (c *jpegComponent) reconstructStored(bx, by int, coefficients *[64]int16) {
	var b [64]int32
	sum := 0
	for i, v := range coefficients {
		scaled := int32(v) * c.quant[i]
		b[i] = scaled
		sum += abs(int(scaled))
	}
	if sum > mostPlain {
		c.reconstructNarrow(bx, by, &b)
		return
	}
	c.reconstruct(bx, by, &b)
}

// fillBlock is what reconstruct does where all coefficients but the first are 0.
func (c *jpegComponent) fillBlock(bx, by int, first int32) {
	dst := c.pix[8*by*c.stride+8*bx:]
	v := clip(int((first+4)>>3) + 128)
	for y := range 8 {
		*(*[8]uint8)(dst[y*c.stride:]) = [8]uint8{v, v, v, v, v, v, v, v}
	}
}

func idctColumn(b *[64]int32, x int) {
	x &= 7
	i1, i2, i3, i4, i5, i6, i7 := b[x+8], b[x+16], b[x+24], b[x+32], b[x+40], b[x+48], b[x+56]
	if i1|i2|i3|i4|i5|i6|i7 == 0 {
		v := b[x] << idctExtra
		b[x], b[x+8], b[x+16], b[x+24], b[x+32], b[x+40], b[x+48], b[x+56] = v, v, v, v, v, v, v, v
		return
	}
	const shift, half = idctBits - idctExtra, 1 << (idctBits - idctExtra - 1)
	e0, e1, e2, e3, o0, o1, o2, o3 := idct8(b[x], i1, i2, i3, i4, i5, i6, i7)
	b[x], b[x+56] = (e0+o3+half)>>shift, (e0-o3+half)>>shift
	b[x+8], b[x+48] = (e1+o2+half)>>shift, (e1-o2+half)>>shift
	b[x+16], b[x+40] = (e2+o1+half)>>shift, (e2-o1+half)>>shift
	b[x+24], b[x+32] = (e3+o0+half)>>shift, (e3-o0+half)>>shift
}

func idctRow(dst *[8]uint8, b *[8]int32) {
	const shift, half = idctBits + idctExtra + 3, 1<<(idctBits+idctExtra+2) + 128<<(idctBits+idctExtra+3)
	e0, e1, e2, e3, o0, o1, o2, o3 := idct8(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7])
	dst[0], dst[7] = clip(int((e0+o3+half)>>shift)), clip(int((e0-o3+half)>>shift))
	dst[1], dst[6] = clip(int((e1+o2+half)>>shift)), clip(int((e1-o2+half)>>shift))
	dst[2], dst[5] = clip(int((e2+o1+half)>>shift)), clip(int((e2-o1+half)>>shift))
	dst[3], dst[4] = clip(int((e3+o0+half)>>shift)), clip(int((e3-o0+half)>>shift))
}

// idct8 returns the even and the odd parts of a one-dimensional transform.
func idct8(i0, i1, i2, i3, i4, i5, i6, i7 int32) (e0, e1, e2, e3, o0, o1, o2, o3 int32) {
	z1 := (i2 + i6) * fix0541196100
	t2, t3 := z1-i6*fix1847759065, z1+i2*fix0765366865
	t0, t1 := (i0+i4)<<idctBits, (i0-i4)<<idctBits
	e0, e1, e2, e3 = t0+t3, t1+t2, t1-t2, t0-t3

	z5 := (i7 + i3 + i5 + i1) * fix1175875602
	z1 = -(i7 + i1) * fix0899976223
	z2 := -(i5 + i3) * fix2562915447
	z3 := z5 - (i7+i3)*fix1961570560
	z4 := z5 - (i5+i1)*fix0390180644
	o0 = i7*fix0298631336 + z1 + z3
	o1 = i5*fix2053119869 + z2 + z4
	o2 = i3*fix3072711026 + z2 + z3
	o3 = i1*fix1501321110 + z1 + z4
	return e0, e1, e2, e3, o0, o1, o2, o3
}
