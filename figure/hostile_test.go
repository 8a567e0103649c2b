package figure

import (
	"bytes"
	"compress/zlib"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/akin-vision/akin/stats"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"pgregory.net/rapid"
)

// hostile are labels that would be markup, commands or formulas, or that turn
// the direction of writing, in one format or another.
var hostile = []string{
	`<script>alert(1)</script>`, `"><image href="x" onerror="alert(1)">`, `]]><!--`, `&amp;&#x3c;`, `) Tj ET (`, `\) Tj (`, "\u202egnp.exe\u2066",
	"=HYPERLINK(\"x\")", "+1+1", "-2+3", "@SUM(1)", "\t=1", "'=1", `\input{x}$^_~#%&`, "`|*[a](b)", "a\nb\x00\x1b[31m", "日本語", "עברית", "🦍", strings.Repeat("long ", 400), "\xff\xfe", "", "–“”€",
}

func shade(width, height int) image.Image {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	return img
}

// everyFigure shows the labels in every place that has one.
func everyFigure(label func() string) map[string]Figure {
	picture := func() Picture { return Picture{Label: label(), Path: label()} }
	one := Case{Triplet: label(), Relation: label(), Distractor: label(), Target: picture(), Related: picture(), Unrelated: picture(),
		CosineRelated: 0.5, CosineUnrelated: math.NaN(), RatingRelated: math.NaN()}
	one.Target.Image = image.NewGray(image.Rect(0, 0, 3, 200))
	one.Related.Image, one.Unrelated.Image = image.NewGray(image.Rect(0, 0, 30, 20)), shade(30, 20)
	pairs := []RatedPair{{label(), true, label(), label(), 3, 0.4, label()}, {label(), false, label(), label(), 1, 0.2, "wrong"}}
	estimate := Estimate{0.4, stats.Interval{Low: 0.3, High: 0.5}}
	figures := func(v float64) []stats.CurveFigure {
		return []stats.CurveFigure{{Relation: label(), Value: stats.Number(v), Interval: estimate.Interval}, {Relation: label(), Value: stats.Number(math.NaN())}}
	}
	depth := stats.Curve{Network: label(), Points: []stats.CurvePoint{
		{Node: label(), Depth: 1, CurveFigure: figures(.3)[0], ByRelation: figures(.3)},
		{Node: label(), Depth: 5, CurveFigure: figures(.4)[1], ByRelation: figures(.5), Differences: []stats.CurveDifference{{Relation: label(), Reference: label(), Value: .1}}},
	}, Partings: []stats.Parting{{Relation: label(), Depth: 5, Layers: 1}}}
	return map[string]Figure{
		"depth":   Depth{depth},
		"ratings": Ratings{Model: label(), Scale: label(), Pairs: pairs, Margins: NewMargins(pairs)},
		"roc":     ROC{Family: label(), Curves: []Curve{{label(), 0.75, stats.Interval{Low: 0.5, High: 0.9}, stats.ROC([]float64{2, 3}, []float64{1, 2})}, {Model: label(), AUC: math.NaN()}}},
		"matrix": Matrix{Models: []string{label(), label()}, Pairs: []MatrixPair{{label(), true, []float64{0.1, 0.2}}, {label(), false, []float64{0.1, 0.3}}},
			Correlations: []Correlation{{label(), label(), math.NaN(), -0.001}}},
		"bars":    Bars{[]Bar{{Model: label(), Family: label(), Kind: label(), Top1: Unknown(), Top1Source: label(), Matching: estimate, OneMinusAUC: estimate}}},
		"gallery": Gallery{Model: label(), Sections: []Section{{label(), []Case{one, one, one, one}}, {Title: label()}}},
		"concept": Concept{one},
		"intervals": Intervals{Label: label(), Factor: 100, Chance: 0.5, Lines: []Line{{label(), 0.8}, {label(), math.NaN()}},
			Rows: []Interval{{label(), label(), estimate}, {label(), label(), Unknown()}}},
		"trace": Trace{Model: label(), Case: one, Recipe: []string{label(), label(), label()}, Input: label(), Node: label(), Dim: 3},
	}
}

func TestHostileLabelsNeitherBreakNorExecute(t *testing.T) {
	for _, text := range hostile {
		for name, f := range everyFigure(func() string { return text }) {
			checkSVG(t, name, f, text)
			checkPDF(t, name, f)
			checkCSV(t, name, f)
		}
	}
}

func TestAnyLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for name, f := range everyFigure(func() string { return rapid.String().Draw(t, "label") }) {
			checkSVG(t, name, f, rapid.String().Draw(t, "title"))
			checkCSV(t, name, f)
		}
	})
}

type reporter interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// checkSVG wants a whole XML document of drawing elements without any text but
// the title, handlers or references beyond the file.
func checkSVG(t reporter, name string, f Figure, title string) {
	t.Helper()
	data, err := SVG(f, title)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	allowed := []string{"svg", "title", "g", "path", "image"}
	var text, inside string
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s with title %q: %v", name, title, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local
			if !slices.Contains(allowed, inside) {
				t.Errorf("%s: element %s", name, inside)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || a.Name.Local == "href" && !strings.HasPrefix(a.Value, "data:image/") {
					t.Errorf("%s: attribute %s=%.40q", name, a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			if inside == "title" {
				text += string(token)
			}
		case xml.EndElement:
			inside = ""
		}
	}
	if text != Plain(title) {
		t.Errorf("%s: title %q, want %q", name, text, Plain(title))
	}
}

var (
	pdfStream = regexp.MustCompile(`(?s)/Filter /FlateDecode /Length \d+>>\nstream\n(.*?)\nendstream`)
	pdfString = regexp.MustCompile(`(?s)\((?:\\.|[^\\()])*\)`)
	operators = regexp.MustCompile(`^[\w\s.\-/*\[\]]*$`)
)

// checkPDF wants pages whose strings are closed, with nothing but operators,
// names and numbers around them.
func checkPDF(t reporter, name string, f Figure) {
	t.Helper()
	data, err := PDF(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	streams := pdfStream.FindAllSubmatch(data, -1)
	if len(streams) == 0 || !bytes.HasSuffix(data, []byte("%%EOF\n")) {
		t.Fatalf("%s: %d pages, or no end", name, len(streams))
	}
	r, err := zlib.NewReader(bytes.NewReader(streams[0][1]))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	page, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if rest := pdfString.ReplaceAll(page, nil); !operators.Match(rest) {
		t.Errorf("%s: a label leaves its string", name)
	}
}

// checkCSV wants rows of one length, of which no cell is a formula.
func checkCSV(t reporter, name string, f Figure) {
	t.Helper()
	for suffix, rows := range f.Points() {
		data, err := CSV(rows)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		read, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil || len(read) != len(rows) {
			t.Fatalf("%s%s: %d of %d rows, %v", name, suffix, len(read), len(rows), err)
		}
		for _, row := range read {
			for _, cell := range row {
				_, notNumber := strconv.ParseFloat(cell, 64)
				if first := strings.TrimLeft(cell, " \t\r\n"); first != "" && notNumber != nil && strings.ContainsRune("=+-@", rune(first[0])) {
					t.Errorf("%s: cell %q is a formula", name, cell)
				}
			}
		}
	}
}

func TestSameFigureSameBytes(t *testing.T) {
	for name, f := range everyFigure(func() string { return "a label – ρ" }) {
		for format, make := range map[string]func() ([]byte, error){
			"svg": func() ([]byte, error) { return SVG(f, "title") },
			"pdf": func() ([]byte, error) { return PDF(f) },
			"png": func() ([]byte, error) { return PNG(f) },
		} {
			first, err := make()
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if again, err := make(); err != nil || !bytes.Equal(first, again) {
					t.Errorf("%s.%s: other bytes the second time (%v)", name, format, err)
				}
			}
		}
	}
}

func TestPNGSaysItsSize(t *testing.T) {
	for name, f := range everyFigure(func() string { return "label" }) {
		data, err := PNG(f)
		if err != nil {
			t.Fatal(err)
		}
		config, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		width, height := f.Size()
		if want := width.Dots(dpi); math.Abs(want-float64(config.Width)) > 1 || math.Abs(height.Dots(dpi)-float64(config.Height)) > 1 {
			t.Errorf("%s: %d x %d pixels for %v x %v points", name, config.Width, config.Height, width, height)
		}
		if !bytes.Contains(data[:64], []byte{'p', 'H', 'Y', 's', 0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1}) { // 11,811 dots a metre
			t.Errorf("%s: no resolution of 300 dots an inch", name)
		}
		if width > Page+1 {
			t.Errorf("%s is %v points wide, a page has %v", name, width, Page)
		}
	}
}

// clipped counts ink beyond a figure's edges: it draws with a border added.
func TestNothingIsDrawnBeyondTheEdges(t *testing.T) {
	const border = 40
	for _, text := range []string{"label", strings.Repeat("Wide ", 60)} {
		for name, f := range everyFigure(func() string { return text }) {
			w, h := f.Size()
			canvas := vgimg.NewWith(vgimg.UseWH(w+2*border, h+2*border), vgimg.UseDPI(72))
			c := draw.NewCanvas(outlined{canvas}, w+2*border, h+2*border)
			f.Draw(draw.Crop(c, border, -border, border, -border))
			img := canvas.Image()
			inner := image.Rect(border-1, border-1, border+int(w)+2, border+int(h)+2)
			for y := range img.Bounds().Max.Y {
				for x := range img.Bounds().Max.X {
					if r, g, b, _ := img.At(x, y).RGBA(); !(image.Point{X: x, Y: y}).In(inner) && r+g+b < 3*0xf000 {
						t.Fatalf("%s with %.10q: ink at %d, %d of %v x %v points", name, text, x-border, y-border, w, h)
					}
				}
			}
		}
	}
}

func TestFitKeepsWithinTheWidth(t *testing.T) {
	s := style(normal, black)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		width := vg.Length(rapid.Float64Range(10, 300).Draw(t, "width"))
		if got := fit(s, text, width); s.Width(got) > width {
			t.Errorf("fit(%q, %v) = %q is %v wide", text, width, got, s.Width(got))
		}
	})
}
