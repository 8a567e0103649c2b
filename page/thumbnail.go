package page

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"html/template"
	"os"
	"path/filepath"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
)

// ThumbnailSide is the longer side in pixels, twice that of a card at usual widths.
const ThumbnailSide = 160

// thumbnailVersion changes when the same picture would give another thumbnail.
const thumbnailVersion = "2-" + imaging.Decoder

// thumbnail makes a picture small, or finds it kept from an earlier page. Either
// way the picture itself must be there with the bytes that the run saw.
func (from Pictures) thumbnail(p *stimuli.Picture) (template.URL, error) {
	data, err := ReadPicture(from.Files, p)
	if err != nil {
		return "", err
	}
	small := from.kept(p.Hash)
	if small == nil {
		decoded, err := imaging.Decode(data, 0) // over white already
		if err == nil {
			small, err = decoded.Thumbnail(ThumbnailSide)
		}
		if err != nil {
			return "", fmt.Errorf("picture %s: %w", p.Path, err)
		}
		from.keep(p.Hash, small)
	}
	return JPEG(small), nil
}

// Keep keeps the thumbnail of a picture that is decoded already, for the pages to
// come. Where that fails, they make it.
func (from Pictures) Keep(picture stimuli.Hash, decoded *imaging.Image) {
	if from.kept(picture) != nil {
		return
	}
	if small, err := decoded.Thumbnail(ThumbnailSide); err == nil {
		from.keep(picture, small)
	}
}

// kept returns a kept thumbnail, nil where there is no sound one: the last four
// bytes of its file are the checksum of what goes before.
func (from Pictures) kept(picture stimuli.Hash) []byte {
	if from.Thumbnails == "" {
		return nil
	}
	data, err := regular.ReadFile(from.thumbnailFile(picture))
	if err != nil || len(data) < 4 {
		return nil
	}
	small, sum := data[:len(data)-4], data[len(data)-4:]
	if crc32.ChecksumIEEE(small) != binary.LittleEndian.Uint32(sum) {
		return nil
	}
	return small
}

// keep keeps a thumbnail for the next page. Where that fails the next page
// makes it again, so nobody need be told.
func (from Pictures) keep(picture stimuli.Hash, small []byte) {
	if from.Thumbnails == "" {
		return
	}
	name := from.thumbnailFile(picture)
	if os.MkdirAll(filepath.Dir(name), 0o777) == nil {
		sum := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(small))
		_ = atomicfile.WriteDerived(name, append(bytes.Clone(small), sum...))
	}
}

func (from Pictures) thumbnailFile(picture stimuli.Hash) string {
	hash := picture.String()
	return filepath.Join(from.Thumbnails, filepath.FromSlash(thumbnailVersion), hash[:2], hash)
}
