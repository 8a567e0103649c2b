package paper

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"io/fs"

	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/stimuli"
)

// pictureSide is the longer side in pixels of a picture in a figure: enough for
// 26 mm at 300 dots an inch.
const pictureSide = 320

// picture reads and shrinks a picture once. One that is missing, cannot be read
// or is not the one of the run is left out and noted: a figure with another
// picture than the model saw would be wrong, one with a grey box is only poor.
func (b *builder) picture(p *stimuli.Picture, label string) figure.Picture {
	if label == "" {
		label = p.Label
	}
	if label == "" {
		label = p.Path
	}
	shown, known := b.shown[p.Hash]
	if !known {
		var err error
		if shown, err = b.read(p); err != nil {
			b.notes = append(b.notes, fmt.Sprintf("picture %s is not shown: %v", p.Path, err))
		}
		b.shown[p.Hash] = shown
	}
	return figure.Picture{Label: label, Path: p.Path, Image: shown}
}

func (b *builder) read(p *stimuli.Picture) (image.Image, error) {
	if b.options.Pictures == nil {
		return nil, errors.New("the run's pictures were not found")
	}
	data, err := fs.ReadFile(b.options.Pictures, p.Path)
	if err != nil {
		return nil, err
	}
	if stimuli.Hash(sha256.Sum256(data)) != p.Hash {
		return nil, fmt.Errorf("the file has changed since the run")
	}
	decoded, err := imaging.Decode(data, 0)
	if err != nil {
		return nil, err
	}
	return decoded.Shrunk(pictureSide), nil
}
