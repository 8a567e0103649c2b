package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/jpeg"
	"io/fs"
	"runtime"
	"strconv"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/image/draw"
	"golang.org/x/sync/errgroup"
)

// thumbnailSide is the longer side in pixels, twice that of a card at usual widths.
const thumbnailSide = 160

const thumbnailQuality = 82 // of JPEG

// gallery gathers the pictures that a page shows. The zero value is empty.
type gallery struct {
	ids      map[stimuli.Hash]string
	pictures []*stimuli.Picture
}

// thumbnail is a picture as the page holds it, once, for every use by its ID.
type thumbnail struct {
	ID  string
	URL template.URL // data:
}

// show returns the ID under which the picture will stand in the page.
func (g *gallery) show(p *stimuli.Picture) string {
	if id, ok := g.ids[p.Hash]; ok {
		return id
	}
	if g.ids == nil {
		g.ids = map[stimuli.Hash]string{}
	}
	id := "picture-" + strconv.Itoa(len(g.pictures)+1)
	g.ids[p.Hash] = id
	g.pictures = append(g.pictures, p)
	return id
}

func (g *gallery) thumbnails(files fs.FS) ([]thumbnail, error) {
	list := make([]thumbnail, len(g.pictures))
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range g.pictures {
		work.Go(func() error {
			data, err := fs.ReadFile(files, p.Path)
			if err != nil {
				return err // names the path
			}
			small, err := shrink(data)
			if err != nil {
				return fmt.Errorf("picture %s: %w", p.Path, err)
			}
			list[i] = thumbnail{g.ids[p.Hash], template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(small))}
			return nil
		})
	}
	return list, work.Wait()
}

// shrink returns the picture as a JPEG of at most thumbnailSide pixels; one that
// is smaller keeps its size. Decoding has composed it over white already.
func shrink(data []byte) ([]byte, error) {
	decoded, err := imaging.Decode(data, 0)
	if err != nil {
		return nil, err
	}
	full := image.NewRGBA(image.Rect(0, 0, decoded.Width, decoded.Height))
	for i := range decoded.Width * decoded.Height {
		copy(full.Pix[4*i:], decoded.Pix[3*i:3*i+3])
		full.Pix[4*i+3] = 255
	}
	longer := max(decoded.Width, decoded.Height, thumbnailSide)
	small := image.NewRGBA(image.Rect(0, 0,
		max(1, decoded.Width*thumbnailSide/longer), max(1, decoded.Height*thumbnailSide/longer)))
	draw.CatmullRom.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	err = jpeg.Encode(&out, small, &jpeg.Options{Quality: thumbnailQuality})
	return out.Bytes(), err
}
