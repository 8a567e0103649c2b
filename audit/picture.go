package audit

import (
	"context"
	"fmt"
	"io/fs"
	"math/bits"
	"runtime"
	"slices"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/stimuli"
	"github.com/corona10/goimagehash"
	"golang.org/x/sync/errgroup"
)

// look is what the checks want of a picture's pixels.
type look struct {
	widthPx, heightPx int
	hash              uint64   // 64 signs of the lowest frequencies of the discrete cosine transform
	border            [3]uint8 // R, G, B: the median of the outermost pixels
}

// hashedPx bounds the picture that is hashed, which keeps 64 x 64 pixels of it.
const hashedPx = 256

func newLook(data []byte) (look, error) {
	img, err := imaging.Decode(data, 0)
	if err != nil {
		return look{}, err
	}
	hash, err := goimagehash.PerceptionHash(img.Shrunk(hashedPx))
	if err != nil {
		return look{}, err
	}
	return look{img.Width, img.Height, hash.GetHash(), border(img)}, nil
}

// looks looks at every picture, on all cores.
func looks(ctx context.Context, pictures []*stimuli.Picture, files fs.FS) ([]look, error) {
	list := make([]look, len(pictures))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range pictures {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			data, err := fs.ReadFile(files, p.Path)
			if err != nil {
				return err // names the path
			}
			if list[i], err = newLook(data); err != nil {
				return fmt.Errorf("picture %s: %w", p.Path, err)
			}
			return nil
		})
	}
	return list, g.Wait()
}

func (l look) longerPx() int { return max(l.widthPx, l.heightPx) }

// distance is the number of bits in which two hashes differ, 0 to 64.
func (l look) distance(other look) int { return bits.OnesCount64(l.hash ^ other.hash) }

// border is the median colour of the outermost row and column of each side.
func border(img *imaging.Image) [3]uint8 {
	var channels [3][]uint8
	add := func(x, y int) {
		for c := range channels {
			channels[c] = append(channels[c], img.Pix[3*(y*img.Width+x)+c])
		}
	}
	for x := range img.Width {
		add(x, 0)
		add(x, img.Height-1)
	}
	for y := range img.Height {
		add(0, y)
		add(img.Width-1, y)
	}
	var colour [3]uint8
	for c, values := range channels {
		colour[c] = median(values)
	}
	return colour
}

// median is the upper one of an even number.
func median[T int | uint8 | float64](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
