package gallery

import (
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// faces are the Go fonts: Latin, Greek and Cyrillic. Other letters show as
// boxes on a sheet; the page shows them all.
type faces struct{ title, label, small font.Face }

func newFaces() (f faces, err error) {
	for _, face := range []struct {
		made   *font.Face
		font   []byte
		sizePx float64
	}{{&f.title, gomedium.TTF, 20}, {&f.label, goregular.TTF, 15}, {&f.small, goregular.TTF, 12.5}} {
		parsed, err := opentype.Parse(face.font)
		if err != nil {
			return f, err
		}
		if *face.made, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: face.sizePx, DPI: 72, Hinting: font.HintingFull}); err != nil {
			return f, err
		}
	}
	return f, nil
}

// printable drops what has no shape, or turns the direction of its neighbours:
// control and format characters, and line breaks.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me):
			return -1
		}
		return r
	}, text)
}

// longestText bounds the letters that are measured at all.
const longestText = 300

// fitted cuts a text that is too wide and ends it with "…".
func fitted(face font.Face, text string, width fixed.Int26_6) string {
	letters := []rune(text)
	if len(letters) <= longestText && font.MeasureString(face, text) <= width {
		return text
	}
	letters = letters[:min(len(letters), longestText)]
	for len(letters) > 0 && font.MeasureString(face, string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimRight(string(letters), " ") + "…"
}
