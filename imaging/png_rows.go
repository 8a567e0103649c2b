package imaging

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"io"
)

// decodePNG turns the picture as its EXIF or XMP says. Pillow looks behind the
// data only where it has found no EXIF before them.
func decodePNG(data []byte) (*Image, error) {
	p, err := readPNG(data)
	if err != nil {
		return nil, err
	}
	img, err := p.decode()
	if err != nil {
		return nil, err
	}
	if p.early.exif != nil {
		return img.turn(p.early.orientation()), nil
	}
	return img.turn(p.late.orientation()), nil
}

// decode reads the rows. Data beyond the last one are ignored, as Pillow does.
func (p *pngFile) decode() (*Image, error) {
	rows, err := p.rows()
	if err != nil {
		return nil, err
	}
	img := newImage(p.width, p.height)
	at := p.frame.Min
	if at != (image.Point{}) || p.frame.Dx() != p.width || p.frame.Dy() != p.height {
		p.fill(img, rows)
	}
	if p.interlaced {
		return img, p.readPasses(img, rows) // Pillow puts them at the corner
	}
	for y := range p.frame.Dy() {
		row, err := rows.next(p.rowBytes(p.frame.Dx()))
		if err != nil {
			return nil, fmt.Errorf("row %d of %d: %w", y+1, p.frame.Dy(), err)
		}
		rows.unpack(img.Pix[3*((at.Y+y)*p.width+at.X):][:3*p.frame.Dx()], row)
	}
	return img, rows.end()
}

// fill paints the canvas with samples of 0, which is what Pillow's is made of.
func (p *pngFile) fill(img *Image, rows *pngRows) {
	zeros := make([]uint8, p.rowBytes(p.width))
	for y := range p.height {
		rows.unpack(img.Pix[3*y*p.width:][:3*p.width], zeros)
	}
}

// passes of Adam7: first column and row, and the steps between them.
var pngPasses = [7]struct{ x, y, dx, dy int }{
	{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
}

func (p *pngFile) readPasses(img *Image, rows *pngRows) error {
	width, height := p.frame.Dx(), p.frame.Dy()
	line := make([]uint8, 3*width)
	for _, pass := range pngPasses {
		columns := (width - pass.x + pass.dx - 1) / pass.dx
		if columns < 1 {
			continue
		}
		rows.restart()
		for y := pass.y; y < height; y += pass.dy {
			row, err := rows.next(p.rowBytes(columns))
			if err != nil {
				return fmt.Errorf("interlaced row: %w", err)
			}
			rows.unpack(line[:3*columns], row)
			out := img.Pix[3*(y*p.width+pass.x):]
			for x := range columns {
				copy(out[3*x*pass.dx:3*x*pass.dx+3], line[3*x:3*x+3])
			}
		}
	}
	return rows.end()
}

// channels of the colour types that PNG has.
var pngChannels = map[int]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

func (p *pngFile) bitsPerPixel() int        { return p.depth * pngChannels[p.colour] }
func (p *pngFile) rowBytes(columns int) int { return (columns*p.bitsPerPixel() + 7) / 8 }

// pngRows decompresses rows and undoes their filters.
type pngRows struct {
	stream         io.Reader
	room, previous []uint8 // the filter's number, then the row
	step           int     // bytes between a sample and its left neighbour
	unpack         func(out, row []uint8)
}

// most is how many times larger deflated data can become.
const mostInflation = 1032

func (p *pngFile) rows() (*pngRows, error) {
	unpack, err := p.unpacker()
	if err != nil {
		return nil, err
	}
	size := p.rowBytes(p.frame.Dx())
	if (size+1)*(p.frame.Dy()-1) > mostInflation*len(p.data) {
		return nil, fmt.Errorf("%d bytes of data cannot hold %dx%d pixels", len(p.data), p.frame.Dx(), p.frame.Dy())
	}
	stream, err := zlib.NewReader(bytes.NewReader(p.data))
	if err != nil {
		return nil, err
	}
	return &pngRows{stream: stream, room: make([]uint8, size+1), previous: make([]uint8, size+1), step: (p.bitsPerPixel() + 7) / 8, unpack: unpack}, nil
}

// restart begins a pass, above whose first row there is nothing.
func (r *pngRows) restart() { clear(r.room) }

// next returns the next row, valid until the call after.
func (r *pngRows) next(size int) ([]uint8, error) {
	r.room, r.previous = r.previous, r.room
	if _, err := io.ReadFull(r.stream, r.room[:size+1]); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errors.New("the data end before it")
		}
		return nil, err
	}
	row, above := r.room[1:size+1], r.previous[1:size+1]
	switch filter := r.room[0]; filter {
	case 0:
	case 1:
		for i := r.step; i < len(row); i++ {
			row[i] += row[i-r.step]
		}
	case 2:
		for i, v := range above {
			row[i] += v
		}
	case 3:
		unfilterAverage(row, above, r.step)
	case 4:
		unfilterPaeth(row, above, r.step)
	default:
		return nil, fmt.Errorf("filter %d does not exist", filter)
	}
	return row, nil
}

func unfilterAverage(row, above []uint8, step int) {
	for i := range min(step, len(row)) {
		row[i] += above[i] / 2
	}
	for i := step; i < len(row); i++ {
		row[i] += uint8((int(row[i-step]) + int(above[i])) / 2)
	}
}

// unfilterPaeth adds the neighbour that is nearest to left + above - corner.
func unfilterPaeth(row, above []uint8, step int) {
	for c := range min(step, len(row)) {
		left, corner := 0, 0
		for i := c; i < len(row); i += step {
			up := int(above[i])
			toLeft, toUp := up-corner, left-corner
			toCorner := abs(toLeft + toUp)
			toLeft, toUp = abs(toLeft), abs(toUp)
			best := left
			if toUp < toLeft || toCorner < toLeft {
				best = up
				if toCorner < toUp {
					best = corner
				}
			}
			left = (best + int(row[i])) & 0xff
			row[i] = uint8(left)
			corner = up
		}
	}
}

func abs(v int) int {
	sign := v >> 63
	return (v ^ sign) - sign
}

// end looks at what follows the last row: more data are nobody's, but where they
// end their checksum must be right. Pillow does not miss a checksum that lacks.
func (r *pngRows) end() error {
	var one [1]byte
	for {
		n, err := r.stream.Read(one[:])
		if n > 0 || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
