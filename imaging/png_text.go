package imaging

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// pngText is what a PNG says of its orientation, in each of the places where
// Pillow looks for it; of chunks alike the last counts.
type pngText struct {
	exif    []byte // eXIf, or the text "exif"; nil: none
	profile string // the text "Raw profile type exif": EXIF in hexadecimal digits
	xmp     string // the text "XML:com.adobe.xmp"

	inflated int // bytes of all compressed texts together
}

// orientation asks EXIF, without it the raw profile, and the XMP where these do
// not mention the tag.
func (t pngText) orientation() int {
	block := t.exif
	if block == nil {
		block = rawProfile(t.profile)
	}
	orientation, found := exifOrientation(block)
	if !found {
		if m := xmpOrientation.FindStringSubmatch(t.xmp); m != nil {
			return int(m[1][0] - '0')
		}
	}
	return orientation
}

var xmpOrientation = regexp.MustCompile(`tiff:Orientation(?:="|>)([0-9])`)

// rawProfile decodes what ImageMagick writes: a name and a length on lines of
// their own, then the bytes.
func rawProfile(text string) []byte {
	const before = 3 // an empty line, the name, the length
	lines := strings.Split(text, "\n")
	digits := strings.Join(strings.Fields(strings.Join(lines[min(before, len(lines)):], "")), "")
	block, err := hex.DecodeString(digits)
	if err != nil {
		return nil
	}
	return block
}

// read takes in a chunk if it is one of these places.
func (t *pngText) read(kind string, body []byte) error {
	switch kind {
	case "eXIf":
		t.exif = append([]byte("Exif\x00\x00"), body...)
	case "tEXt":
		key, value, _ := bytes.Cut(body, []byte{0})
		if string(key) == "exif" {
			t.exif = value
		}
		t.set(string(key), value)
	case "zTXt":
		return t.readCompressed(body)
	case "iTXt":
		return t.readInternational(body)
	}
	return nil
}

const (
	keyProfile = "Raw profile type exif"
	keyXMP     = "XML:com.adobe.xmp"
)

func (t *pngText) set(key string, value []byte) {
	switch key {
	case keyProfile:
		t.profile = string(value)
	case keyXMP:
		t.xmp = string(value)
	}
}

// readCompressed reads zTXt; a text that is damaged is an empty one.
func (t *pngText) readCompressed(body []byte) error {
	key, value, _ := bytes.Cut(body, []byte{0})
	if k := string(key); k != keyProfile && k != keyXMP {
		return nil
	}
	if len(value) > 0 && value[0] != 0 {
		return fmt.Errorf("text %q has the unknown compression %d", key, value[0])
	}
	text, err := t.inflate(value[min(1, len(value)):])
	if errors.Is(err, errLongText) {
		return fmt.Errorf("text %q: %w", key, err)
	}
	if err != nil {
		text = nil
	}
	t.set(string(key), text)
	return nil
}

// readInternational reads iTXt; a text that is damaged is none.
func (t *pngText) readInternational(body []byte) error {
	key, rest, _ := bytes.Cut(body, []byte{0})
	if k := string(key); k != keyProfile && k != keyXMP || len(rest) < 2 {
		return nil
	}
	compressed, method := rest[0] != 0, rest[1]
	parts := bytes.SplitN(rest[2:], []byte{0}, 3) // language, translated key, text
	if len(parts) < 3 || compressed && method != 0 {
		return nil
	}
	text := parts[2]
	if compressed {
		var err error
		if text, err = t.inflate(text); errors.Is(err, errLongText) {
			return fmt.Errorf("text %q: %w", key, err)
		} else if err != nil {
			return nil
		}
	}
	if utf8.Valid(parts[0]) && utf8.Valid(parts[1]) && utf8.Valid(text) {
		t.set(string(key), text)
	}
	return nil
}

var errLongText = errors.New("more than 1 MB after decompression, or 64 MB in all")

// inflate has Pillow's limits.
func (t *pngText) inflate(data []byte) ([]byte, error) {
	const mostInAll = 64 << 20
	text, err := inflateText(data)
	if t.inflated += len(text); t.inflated > mostInAll {
		return nil, errLongText
	}
	return text, err
}

// inflateText decompresses what there is of a text; one that is cut is no error.
func inflateText(data []byte) ([]byte, error) {
	const most = 1 << 20
	if len(data) == 0 {
		return nil, nil
	}
	r, err := zlib.NewReader(bytes.NewReader(data))
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case len(text) > most:
		return nil, errLongText
	case errors.Is(err, io.ErrUnexpectedEOF):
		return text, nil
	}
	return text, err
}
