package imaging

import (
	"bytes"
	"image"
	"image/jpeg"
)

// Shrunk is the picture for people to look at, its longer side at most so many
// pixels, by Catmull-Rom; a smaller one keeps its size. No model sees it.
func (img *Image) Shrunk(longerPx int) *image.RGBA {
	longer := max(img.Width, img.Height, longerPx)
	width, height := max(1, img.Width*longerPx/longer), max(1, img.Height*longerPx/longer)
	small := img
	if width != img.Width || height != img.Height {
		small = pillowFilters["pillow-bicubic"].resize(img, width, height, image.Rect(0, 0, width, height))
	}
	rgba := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		copy(rgba.Pix[4*i:], small.Pix[3*i:3*i+3])
		rgba.Pix[4*i+3] = 255
	}
	return rgba
}

const thumbnailQuality = 82 // of JPEG

// Thumbnail is the picture Shrunk to so many pixels, as a JPEG file for pages.
func (img *Image) Thumbnail(longerPx int) ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, img.Shrunk(longerPx), &jpeg.Options{Quality: thumbnailQuality})
	return out.Bytes(), err
}
