package page

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/akin-vision/akin/model"
)

// Colour is one role of the palette: on a light and on a dark screen, and in
// print, where figures have it too.
type Colour struct {
	Name  string // of the CSS custom property, without its dashes
	Light color.RGBA
	Dark  color.RGBA
	Print color.RGBA
}

// Colours of meaning are the same on a light screen and in print. They come from
// Okabe and Ito (2008) or are chosen by the same test: people with any of the
// three kinds of colour blindness can tell those of one group apart
// (palette_test.go). Shape or dashes say the same wherever a colour does.
var (
	Related    = meaning("related", 0x0072b2, 0x56b4e9)   // pairs of target and related picture
	Unrelated  = meaning("unrelated", 0xd55e00, 0xf08a45) // pairs of target and unrelated picture
	Taxonomic  = meaning("taxonomic", 0x009e73, 0x5fd6a4) // triplets whose related picture is of the same kind
	Thematic   = meaning("thematic", 0xa03f7e, 0xb8689c)  // triplets whose related picture belongs to it in life
	Trained    = meaning("trained", 0x0067a3, 0x6bb8ea)   // models by kind
	Untrained  = meaning("untrained", 0x59616b, 0xa3abb5)
	Baseline   = meaning("baseline", 0x8a929b, 0x7a838d)
	Good       = meaning("good", 0x05713a, 0x6fd79a) // decisions of a person
	Doubtful   = meaning("doubtful", 0x8a4f00, 0xf0b060)
	Bad        = meaning("bad", 0xb00020, 0xff8a95)
	Alarm      = meaning("alarm", 0xb34700, 0xf0995c) // warnings in words
	Background = Colour{"paper", hex(0xffffff), hex(0x14171a), hex(0xffffff)}
	Raised     = Colour{"raised", hex(0xf7f8f9), hex(0x1c2024), hex(0xffffff)} // cards
	Ink        = Colour{"ink", hex(0x1b1f24), hex(0xe6e9ec), hex(0x000000)}
	Soft       = Colour{"soft", hex(0x59616b), hex(0xa3abb5), hex(0x444444)} // text of the second rank
	Quiet      = Colour{"quiet", hex(0x6b737d), hex(0x9aa3ad), hex(0x6e6e6e)}
	Rule       = Colour{"rule", hex(0xd9dde2), hex(0x363c43), hex(0xbbbbbb)}
	Faint      = Colour{"faint", hex(0xeceff2), hex(0x252a2f), hex(0xe1e1e1)}
	Accent     = Colour{"accent", hex(0x0067a3), hex(0x6bb8ea), hex(0x00517f)} // links and what is chosen
)

// Series are the colours of lines that only have to differ, such as the curves
// of several models.
var Series = []Colour{
	meaning("c1", 0x0072b2, 0x56b4e9), meaning("c2", 0xd55e00, 0xf08a45), meaning("c3", 0x009e73, 0x25b070),
	meaning("c4", 0xcc79a7, 0xde8fbd), meaning("c5", 0x1b1f24, 0xe6e9ec), meaning("c6", 0x7a30d0, 0x8a55fc),
}

// ModelColour is the colour of a model by its kind.
func ModelColour(kind string) Colour {
	switch kind {
	case model.Trained:
		return Trained
	case model.Untrained:
		return Untrained
	case model.NoNetwork:
		return Baseline
	}
	return Quiet
}

// Palette lists every colour.
func Palette() []Colour {
	return append([]Colour{
		Background, Raised, Ink, Soft, Quiet, Rule, Faint, Accent,
		Related, Unrelated, Taxonomic, Thematic, Trained, Untrained, Baseline, Good, Doubtful, Bad, Alarm,
	}, Series...)
}

func meaning(name string, light, dark uint32) Colour {
	return Colour{name, hex(light), hex(dark), hex(light)}
}

func hex(rgb uint32) color.RGBA {
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 0xff}
}

// Properties is the palette as CSS custom properties, --related and so on, for
// light and dark screens and for print.
func Properties() string {
	list := func(pick func(Colour) color.RGBA) string {
		var b strings.Builder
		for _, c := range Palette() {
			ink := pick(c)
			fmt.Fprintf(&b, " --%s: #%02x%02x%02x;", c.Name, ink.R, ink.G, ink.B)
		}
		return b.String()
	}
	return ":root { color-scheme: light dark;" + list(func(c Colour) color.RGBA { return c.Light }) + " }\n" +
		"@media (prefers-color-scheme: dark) { :root {" + list(func(c Colour) color.RGBA { return c.Dark }) + " } }\n" +
		"@media print { :root { color-scheme: light;" + list(func(c Colour) color.RGBA { return c.Print }) + " } }\n"
}
