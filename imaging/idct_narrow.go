package imaging

import "math"

// mostPlain is the sum of scaled coefficients up to which both passes of the
// transform stay within 16 bits: the first makes them at most
// 4*sqrt(2)*cos(pi/16) = 5.55 times as large, and adds two of these.
const mostPlain = 32767 * 100 / 555

// quantiserOf0 stands for a quantiser of 0. In 16 bits it is 0; before that, it leaves
// what it scales apart from 0, and beyond mostPlain.
const quantiserOf0 = 1 << 16

// reconstructNarrow does what reconstruct does with the overflows of
// libjpeg-turbo's vector code (jidctint for SSE2 and AVX2), which holds values
// between the steps in 16 bits, and has a short way for blocks that are 0 below the
// first row before they are scaled. Only pictures that were tampered with get here.
func (c *jpegComponent) reconstructNarrow(bx, by int, b *[64]int32) {
	flat := [56]int32(b[8:]) == [56]int32{}
	for i, v := range b {
		b[i] = int32(int16(v))
	}
	for x := range 8 {
		if flat {
			v := int32(int16(b[x] << idctExtra))
			for y := range 8 {
				b[8*y+x] = v
			}
			continue
		}
		column := idctNarrow([8]int32{b[x], b[8+x], b[16+x], b[24+x], b[32+x], b[40+x], b[48+x], b[56+x]}, idctBits-idctExtra)
		for y, v := range column {
			b[8*y+x] = min(max(v, math.MinInt16), math.MaxInt16)
		}
	}
	dst := c.pix[8*by*c.stride+8*bx:]
	for y := range 8 {
		for x, v := range idctNarrow([8]int32(b[8*y:]), idctBits+idctExtra+3) {
			dst[y*c.stride+x] = uint8(min(max(v, -128), 127) + 128)
		}
	}
}

// idctNarrow is a one-dimensional transform whose sums of two inputs wrap at 16
// bits, its results shifted down and rounded.
func idctNarrow(in [8]int32, shift int) (out [8]int32) {
	wrap := func(v int32) int32 { return int32(int16(v)) }
	z1 := (in[2] + in[6]) * fix0541196100
	t2, t3 := z1-in[6]*fix1847759065, z1+in[2]*fix0765366865
	t0, t1 := wrap(in[0]+in[4])<<idctBits, wrap(in[0]-in[4])<<idctBits
	even := [4]int32{t0 + t3, t1 + t2, t1 - t2, t0 - t3}

	z3, z4 := wrap(in[7]+in[3]), wrap(in[5]+in[1])
	z5 := (z3 + z4) * fix1175875602
	z3, z4 = z5-z3*fix1961570560, z5-z4*fix0390180644
	z1, z2 := -(in[7]+in[1])*fix0899976223, -(in[5]+in[3])*fix2562915447
	odd := [4]int32{
		in[1]*fix1501321110 + z1 + z4, in[3]*fix3072711026 + z2 + z3,
		in[5]*fix2053119869 + z2 + z4, in[7]*fix0298631336 + z1 + z3,
	}
	half := int32(1) << (shift - 1)
	for i := range 4 {
		out[i], out[7-i] = (even[i]+odd[i]+half)>>shift, (even[i]-odd[i]+half)>>shift
	}
	return out
}
