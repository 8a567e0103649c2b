package imaging

import (
	"fmt"
	"slices"
)

// jpegScan is one pass over the entropy-coded data of some components.
type jpegScan struct {
	bitReader
	components []*jpegComponent
	dc, ac     []*huffman // of each component
	first      int        // spectral selection: coefficients first..last in zigzag order
	last       int
	refines    bool // successive approximation: another bit of known values
	low        uint // its position
	eobRun     int  // blocks still to come that are already known to be empty
}

// scan decodes one scan and returns the data after it.
func (d *jpegDecoder) scan(header, data []byte) (rest []byte, err error) {
	if d.scans++; d.scans > d.mostScans() {
		return nil, fmt.Errorf("more than %d scans", d.mostScans())
	}
	s, err := d.newScan(header)
	if err != nil {
		return nil, err
	}
	if err := d.admit(s, len(data)); err != nil {
		return nil, err
	}
	s.data = data
	for _, c := range s.components {
		d.allocate(c)
	}
	decode := s.sequentialBlock
	if d.progressive {
		decode = s.progressiveBlock()
	}
	if err := d.blocks(s, decode); err != nil {
		return nil, err
	}
	return s.data[s.pos:], nil
}

// mostScans is far more than any honest picture has. Each costs a pass over it.
func (d *jpegDecoder) mostScans() int {
	const most, least, mcus = 500, 64, 64 << 17
	return max(least, min(most, mcus/max(1, d.mcusX*d.mcusY)))
}

// mostPasses over a coefficient are as many as its bits: a scan brings at least one.
const mostPasses = 14

// admit judges a scan before memory and time are taken for it: a block that comes
// for the first time has at least one bit, and no scan is idle for all of them.
func (d *jpegDecoder) admit(s *jpegScan, size int) error {
	if d.scans == 1 {
		d.interleaved = len(s.components) == len(d.components)
	}
	blocks, all := 0, 0
	for _, c := range d.components {
		all += c.blocks()
	}
	for _, c := range s.components {
		if !d.progressive && c.precision[0] != unknownBits {
			return fmt.Errorf("component %d has a second scan", c.id)
		}
		if s.first > 0 && c.precision[0] == unknownBits {
			return fmt.Errorf("component %d begins with details, before its mean values", c.id)
		}
		if c.precision[0] == unknownBits {
			blocks += c.blocks()
		}
		d.passes += c.blocks() * (s.last - s.first + 1)
		for k := s.first; k <= s.last; k++ {
			c.precision[k] = int8(s.low)
		}
	}
	if d.progressive && d.passes > mostPasses*64*all {
		return fmt.Errorf("its scans go over the picture more than %d times, once for each bit of a coefficient", mostPasses)
	}
	if blocks/8 > size {
		return fmt.Errorf("%d bytes of data cannot hold %dx%d pixels", size, d.width, d.height)
	}
	return nil
}

func (d *jpegDecoder) newScan(header []byte) (*jpegScan, error) {
	if d.components == nil {
		return nil, fmt.Errorf("scan before the frame header")
	}
	if len(header) < 1 || header[0] < 1 || header[0] > 4 || len(header) < 4+2*int(header[0]) {
		return nil, fmt.Errorf("scan header is malformed")
	}
	if !d.progressive {
		d.standardTables()
	}
	s := &jpegScan{last: 63}
	for i := range int(header[0]) {
		id, tables := int(header[1+2*i]), header[2+2*i]
		if tables>>4 > 3 || tables&15 > 3 {
			return nil, fmt.Errorf("scan names a Huffman table outside 0..3")
		}
		if err := s.add(d, id); err != nil {
			return nil, err
		}
		s.dc, s.ac = append(s.dc, d.dc[tables>>4]), append(s.ac, d.ac[tables&15])
	}
	if d.progressive {
		tail := header[1+2*int(header[0]):]
		s.first, s.last, s.refines, s.low = int(tail[0]), int(tail[1]), tail[2]>>4 != 0, uint(tail[2]&15)
		if s.first == 0 && s.last != 0 || s.refines && uint(tail[2]>>4) != s.low+1 {
			return nil, fmt.Errorf("scan has the progression %d..%d, bits %d to %d", s.first, s.last, tail[2]>>4, s.low)
		}
	}
	return s, s.validate()
}

// add finds a component and fixes its quantisation table, which may be redefined
// after its first scan. As with libjpeg, the n-th component of a scan is not one of
// the first n-1 of the picture, and of components of one name the first one counts.
func (s *jpegScan) add(d *jpegDecoder, id int) error {
	open := d.components[min(len(s.components), len(d.components)):]
	at := slices.IndexFunc(open, func(c *jpegComponent) bool { return c.id == id })
	if at < 0 || slices.Contains(s.components, open[at]) {
		return fmt.Errorf("scan names component %d, which the frame lacks, or which is out of order", id)
	}
	c := open[at]
	s.components = append(s.components, c)
	if c.quant != nil {
		return nil
	}
	if d.quant[c.table] == nil {
		return fmt.Errorf("quantisation table %d is missing", c.table)
	}
	c.quant = new([64]int32)
	for k, q := range d.quant[c.table] {
		if q == 0 {
			q = quantiserOf0
		}
		c.quant[zigzag[k]] = q
	}
	return nil
}

func (s *jpegScan) validate() error {
	if s.first > s.last || s.last > 63 || s.low > 13 ||
		s.first > 0 && len(s.components) > 1 || s.first == 0 && s.last > 0 && s.last < 63 {
		return fmt.Errorf("scan has the spectral selection %d..%d of %d components", s.first, s.last, len(s.components))
	}
	for i := range s.components {
		if s.first == 0 && !s.refines && s.dc[i] == nil || s.last > 0 && s.ac[i] == nil {
			return fmt.Errorf("a Huffman table is missing")
		}
	}
	return nil
}

type blockDecoder func(i, bx, by int) error

// blocks walks over the blocks of the scan: by whole MCUs where it interleaves
// components, over the blocks of the picture proper where it has one.
func (d *jpegDecoder) blocks(s *jpegScan, decode blockDecoder) error {
	mcusX, mcusY := d.mcusX, d.mcusY
	single := len(s.components) == 1
	if single {
		mcusX, mcusY = ceilDiv(s.components[0].width, 8), ceilDiv(s.components[0].height, 8)
	}
	s.reset()
	for mcu := range mcusX * mcusY {
		if d.restart > 0 && mcu > 0 && mcu%d.restart == 0 {
			if err := s.nextInterval(mcu/d.restart - 1); err != nil {
				return err
			}
		}
		if err := s.mcu(mcu%mcusX, mcu/mcusX, single, decode); err != nil {
			return err
		}
		if s.exhausted() {
			return errJPEGEnd
		}
	}
	return nil
}

func (s *jpegScan) mcu(mx, my int, single bool, decode blockDecoder) error {
	if single {
		return decode(0, mx, my)
	}
	for i, c := range s.components {
		for y := range c.v {
			for x := range c.h {
				if err := decode(i, mx*c.h+x, my*c.v+y); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *jpegScan) reset() {
	s.n, s.beyond, s.eobRun = 0, 0, 0
	for _, c := range s.components {
		c.predictor = 0
	}
}

// nextInterval goes on after restart marker number i.
func (s *jpegScan) nextInterval(i int) error {
	marker, _, rest, err := nextSegment(s.data[s.pos:])
	if err != nil {
		return err
	}
	if marker != markerRST0+byte(i%8) {
		return fmt.Errorf("restart marker %d is missing", i%8)
	}
	s.pos = len(s.data) - len(rest)
	s.reset()
	return nil
}

func (s *jpegScan) sequentialBlock(i, bx, by int) error {
	c := s.components[i]
	var block [64]int32
	ac, err := s.readBlock(i, &block)
	switch {
	case err != nil:
		return err
	case ac+abs(int(block[0])) > mostPlain:
		c.reconstructNarrow(bx, by, &block)
	case ac == 0:
		c.fillBlock(bx, by, block[0])
	default:
		c.reconstruct(bx, by, &block)
	}
	return nil
}

// readBlock reads and scales the coefficients of a block of zeros. It returns the
// sum of the absolute values of all but the first.
func (s *jpegScan) readBlock(i int, block *[64]int32) (ac int, err error) {
	c := s.components[i]
	n, err := s.symbol(s.dc[i])
	if err != nil || n > 16 {
		return 0, errHuffman
	}
	c.predictor += s.signed(n)
	block[0] = int32(int16(c.predictor)) * c.quant[0]
	return s.readAC(block, s.ac[i], c.quant)
}

// readAC does so for all coefficients but the first. It works on copies of the
// reader's state, for much of the time of decoding is spent here.
func (s *jpegScan) readAC(block *[64]int32, h *huffman, quant *[64]int32) (sum int, err error) {
	k, bits, n := 0, s.bits, s.n
	for k < 63 {
		if n < 32 {
			s.bits, s.n = bits, n
			s.fill()
			bits, n = s.bits, s.n
		}
		run, value := 0, int32(0)
		if whole := h.whole[bits>>(uint(n-shortWhole)&63)&(1<<shortWhole-1)]; whole != 0 {
			n -= int(whole & 0xff)
			run, value = int(whole>>8&15), int32(whole)>>16
		} else {
			s.bits, s.n = bits, n
			symbol, err := s.symbol(h)
			if err != nil {
				return 0, err
			}
			run, value = int(symbol>>4), s.signed(symbol&15)
			bits, n = s.bits, s.n
		}
		if value == 0 && run < 15 {
			break
		}
		if k += run + 1; k > 63 {
			return 0, errHuffman
		}
		at := zigzag[k] & 63
		value *= quant[at]
		block[at] = value
		sum += int(max(value, -value))
	}
	s.bits, s.n = bits, n
	return sum, nil
}

// progressiveBlock returns the decoder for the kind of this scan (T.81, G.1.2).
func (s *jpegScan) progressiveBlock() blockDecoder {
	decode := s.acFirst
	switch {
	case s.first == 0 && s.refines:
		decode = s.dcRefine
	case s.first == 0:
		decode = s.dcFirst
	case s.refines:
		decode = s.acRefine
	}
	return func(i, bx, by int) error {
		c := s.components[i]
		return decode(i, &c.coefficients[by*c.blocksX+bx])
	}
}

func (s *jpegScan) dcFirst(i int, block *[64]int16) error {
	n, err := s.symbol(s.dc[i])
	if err != nil || n > 16 {
		return errHuffman
	}
	s.components[i].predictor += s.signed(n)
	block[0] = int16(s.components[i].predictor << s.low)
	return nil
}

func (s *jpegScan) dcRefine(_ int, block *[64]int16) error {
	if s.bit() {
		block[0] |= 1 << s.low
	}
	return nil
}

func (s *jpegScan) acFirst(i int, block *[64]int16) error {
	if s.eobRun > 0 {
		s.eobRun--
		return nil
	}
	for k := s.first; k <= s.last; k++ {
		symbol, err := s.symbol(s.ac[i])
		if err != nil {
			return err
		}
		run, n := int(symbol>>4), symbol&15
		if n == 0 && run < 15 {
			s.eobRun = 1<<run + int(s.value(uint8(run))) - 1
			return nil
		}
		k += run
		if k > s.last {
			return errHuffman
		}
		block[zigzag[k]] = int16(s.signed(n) << s.low)
	}
	return nil
}

func (s *jpegScan) acRefine(i int, block *[64]int16) error {
	k := s.first
	for ; k <= s.last && s.eobRun == 0; k++ {
		symbol, err := s.symbol(s.ac[i])
		if err != nil {
			return err
		}
		run, n := int(symbol>>4), symbol&15
		if n == 0 && run < 15 {
			s.eobRun = 1<<run + int(s.value(uint8(run)))
			break
		}
		var fresh int16
		if n > 0 {
			fresh = -1 << s.low
			if s.bit() {
				fresh = 1 << s.low
			}
		}
		k = s.refine(block, k, run)
		if fresh != 0 && k > s.last {
			return errHuffman
		}
		if fresh != 0 {
			block[zigzag[k]] = fresh
		}
	}
	if s.eobRun > 0 {
		s.eobRun--
		s.refine(block, k, 64)
	}
	return nil
}

// refine reads one more bit of every coefficient from k on that is not zero,
// until it has passed zeros of them that are. It returns where it stopped. A bit
// that is set moves the value away from 0, without a branch, for no processor can
// guess it; like libjpeg it does not set a bit twice.
func (s *jpegScan) refine(block *[64]int16, k, zeros int) int {
	for ; k <= s.last; k++ {
		v := &block[zigzag[k&63]&63]
		if *v == 0 {
			if zeros == 0 {
				return k
			}
			zeros--
			continue
		}
		if s.n < 1 {
			s.fill()
		}
		bit := int16(s.value(1)) &^ (*v >> (s.low & 15))
		*v += (*v>>15 | 1) * bit << (s.low & 15)
	}
	return k
}
