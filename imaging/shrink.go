package imaging

import (
	"bytes"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"
)

// Shrunk is the picture for people to look at, its longer side at most so many
// pixels, by Catmull-Rom; a smaller one keeps its size. No model sees it.
func (img *Image) Shrunk(longerPx int) *image.RGBA {
	full := image.NewRGBA(image.Rect(0, 0, img.Width, img.Height))
	for i := range img.Width * img.Height {
		copy(full.Pix[4*i:], img.Pix[3*i:3*i+3])
		full.Pix[4*i+3] = 255
	}
	longer := max(img.Width, img.Height, longerPx)
	small := image.NewRGBA(image.Rect(0, 0, max(1, img.Width*longerPx/longer), max(1, img.Height*longerPx/longer)))
	draw.CatmullRom.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	return small
}

const thumbnailQuality = 82 // of JPEG

// Thumbnail is the picture Shrunk to so many pixels, as a JPEG file for pages.
func (img *Image) Thumbnail(longerPx int) ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, img.Shrunk(longerPx), &jpeg.Options{Quality: thumbnailQuality})
	return out.Bytes(), err
}
