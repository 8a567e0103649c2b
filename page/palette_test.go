package page

import (
	"image/color"
	"math"
	"strings"
	"testing"
)

// vision is how a person sees linear RGB: as most do, or without one of the three
// kinds of cones (Machado, Oliveira and Fernandes 2009, table 1, severity 1).
type vision [3][3]float64

var visions = map[string]vision{
	"most people":  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// toXYZ is that of sRGB (IEC 61966-2-1), with white D65.
var toXYZ = vision{{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}}

func (m vision) of(v [3]float64) (out [3]float64) {
	for i, row := range m {
		out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
	}
	return out
}

func linear(c color.RGBA) (out [3]float64) {
	for i, v := range [3]uint8{c.R, c.G, c.B} {
		if x := float64(v) / 255; x <= 0.04045 {
			out[i] = x / 12.92
		} else {
			out[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return out
}

// lab is CIE 1976 L*a*b*.
func lab(rgb [3]float64) [3]float64 {
	for i := range rgb {
		rgb[i] = min(1, max(0, rgb[i]))
	}
	xyz, white := toXYZ.of(rgb), toXYZ.of([3]float64{1, 1, 1})
	var f [3]float64
	for i := range f {
		if t := xyz[i] / white[i]; t > 216.0/24389 {
			f[i] = math.Cbrt(t)
		} else {
			f[i] = (24389.0/27*t + 16) / 116
		}
	}
	return [3]float64{116*f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])}
}

// difference is CIE 1976 Delta E as a person sees it.
func difference(a, b color.RGBA, v vision) float64 {
	x, y := lab(v.of(linear(a))), lab(v.of(linear(b)))
	return math.Sqrt((x[0]-y[0])*(x[0]-y[0]) + (x[1]-y[1])*(x[1]-y[1]) + (x[2]-y[2])*(x[2]-y[2]))
}

// contrast is that of WCAG 2.
func contrast(a, b color.RGBA) float64 {
	x, y := toXYZ.of(linear(a))[1]+0.05, toXYZ.of(linear(b))[1]+0.05
	return max(x, y) / min(x, y)
}

var themes = map[string]func(Colour) color.RGBA{
	"light": func(c Colour) color.RGBA { return c.Light },
	"dark":  func(c Colour) color.RGBA { return c.Dark },
	"print": func(c Colour) color.RGBA { return c.Print },
}

// TestColoursOfAGroupDiffer for everyone, in every theme. As a measure: a
// difference of 2.3 is just noticed between two patches side by side.
func TestColoursOfAGroupDiffer(t *testing.T) {
	groups := map[string][]Colour{
		"pairs": {Related, Unrelated}, "relations": {Taxonomic, Thematic}, "kinds of models": {Trained, Untrained, Baseline}, "series": Series,
	}
	for group, colours := range groups {
		for theme, pick := range themes {
			for who, v := range visions {
				for i, a := range colours {
					for _, b := range colours[i+1:] {
						if d := difference(pick(a), pick(b), v); d < 13 {
							t.Errorf("%s, %s, %s: %s and %s differ by %.1f, want at least 13", group, theme, who, a.Name, b.Name, d)
						}
					}
				}
			}
		}
	}
}

// TestDifferenceAndContrastAreThoseOfColorMath compares with values of the
// formulas in CIE 15:2004 and WCAG 2: red and green of sRGB, black and white.
func TestDifferenceAndContrastAreThoseOfColorMath(t *testing.T) {
	red, green := lab(linear(color.RGBA{255, 0, 0, 255})), lab(linear(color.RGBA{0, 255, 0, 255}))
	for i, want := range [3]float64{53.24, 80.09, 67.20} {
		if math.Abs(red[i]-want) > 0.01 {
			t.Errorf("red is %.2f, want 53.24, 80.09, 67.20", red)
		}
	}
	for i, want := range [3]float64{87.73, -86.18, 83.18} {
		if math.Abs(green[i]-want) > 0.01 {
			t.Errorf("green is %.2f, want 87.73, -86.18, 83.18", green)
		}
	}
	if c := contrast(color.RGBA{0, 0, 0, 255}, color.RGBA{255, 255, 255, 255}); math.Abs(c-21) > 1e-4 {
		t.Errorf("black on white has contrast %v, want 21", c)
	}
}

// TestColoursStandOutFromTheBackground as WCAG 2.2 asks: text with 4.5, marks with 3.
// Cards are raised; of the marks they hold those of pairs.
func TestColoursStandOutFromTheBackground(t *testing.T) {
	text := []Colour{Ink, Soft, Quiet, Accent, Good, Doubtful, Bad, Alarm, Trained}
	marks := append([]Colour{Related, Unrelated, Taxonomic, Thematic, Untrained, Baseline}, Series...)
	for theme, pick := range themes {
		check := func(ground Colour, least float64, colours ...Colour) {
			for _, c := range colours {
				if got := contrast(pick(c), pick(ground)); got < least {
					t.Errorf("%s: %s on %s has contrast %.2f, want %v", theme, c.Name, ground.Name, got, least)
				}
			}
		}
		check(Background, 4.5, text...)
		check(Raised, 4.5, text...)
		check(Background, 3, marks...)
		check(Raised, 3, Related, Unrelated)
	}
}

func TestMeaningIsTheSameOnScreenAndInPrint(t *testing.T) {
	for _, c := range append([]Colour{Related, Unrelated, Taxonomic, Thematic, Trained, Untrained, Baseline}, Series...) {
		if c.Light != c.Print {
			t.Errorf("%s is %v on a light screen and %v in print", c.Name, c.Light, c.Print)
		}
	}
	for _, c := range Palette() {
		if n := strings.Count(Properties(), " --"+c.Name+": #"); n != 3 {
			t.Errorf("the style gives --%s %d times, want light, dark and print", c.Name, n)
		}
	}
}
