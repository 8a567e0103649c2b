package gallery

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stimuli"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/math/fixed"
)

// hostile are labels that would break a careless page or sheet.
var hostile = []string{
	`<script>document.title = "run"</script>`,
	`"><img src=x onerror="document.title='run'">`,
	"\u202egnp.elgae\u202c", // turned round
	strings.Repeat("enormous", 4000),
	"猫と犬 고양이 \u0301\u0301\u0301",
	`</style></svg></script><b>bold`,
}

// folder is a set of n triplets; labels are taken in turn.
func folder(t *testing.T, n int, labels []string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{"set.toml": {Data: []byte("name = \"x\"\ntitle = '" + hostile[0] + "'\n")}}
	var table bytes.Buffer
	w := csv.NewWriter(&table)
	w.Write([]string{"id", "target", "related", "unrelated", "relation", "distractor", "target_label"})
	for k := range 3 {
		img := image.NewRGBA(image.Rect(0, 0, 40+k, 30))
		for i := range img.Pix {
			img.Pix[i] = uint8(60*k + i%90 | i%4/3*255)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		files[fmt.Sprintf("%d.png", k)] = &fstest.MapFile{Data: b.Bytes()}
	}
	for i := range n {
		relation := []string{stimuli.Taxonomic, stimuli.Thematic}[i%2]
		w.Write([]string{fmt.Sprintf("t%d", i), "0.png", "1.png", "2.png", relation, stimuli.RandomChoice, labels[i%len(labels)]})
	}
	w.Flush()
	files["triplets.csv"] = &fstest.MapFile{Data: table.Bytes()}
	return files
}

func read(t *testing.T, files fstest.MapFS) *stimuli.Set {
	t.Helper()
	s, err := stimuli.Read(files, nil, stimuli.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sheets(t *testing.T, files fstest.MapFS) (drawn []*image.RGBA) {
	t.Helper()
	for sheet, err := range Sheets(read(t, files), files) {
		if err != nil {
			t.Fatal(err)
		}
		drawn = append(drawn, sheet)
	}
	return drawn
}

func TestSheetsHoldAllTriplets(t *testing.T) {
	drawn := sheets(t, folder(t, 2*PerSheet+1, []string{"cat"}))
	if len(drawn) != 3 {
		t.Fatalf("%d sheets, want 3", len(drawn))
	}
	if a, b := drawn[0].Rect, drawn[1].Rect; a != b {
		t.Errorf("full sheets of %v and %v", a, b)
	}
	if last := drawn[2].Rect; last.Dx() != 2*marginPx+cellWidth || last.Dy() != 2*marginPx+headPx+cellHeight {
		t.Errorf("a sheet of one triplet is %v", last)
	}
}

func TestHostileLabelsStayInTheirPlace(t *testing.T) {
	plain, odd := sheets(t, folder(t, 6, []string{""}))[0], sheets(t, folder(t, 6, hostile))[0]
	if plain.Rect != odd.Rect {
		t.Fatalf("labels change the sheet from %v to %v", plain.Rect, odd.Rect)
	}
	// Only below the targets may a pixel differ.
	for y := range odd.Rect.Dy() {
		for x := range odd.Rect.Dx() {
			column := (x - marginPx) % (cellWidth + cellGap)
			row := (y - marginPx - headPx) % cellHeight
			if plain.RGBAAt(x, y) != odd.RGBAAt(x, y) && (column < 0 || column > pictureSide || row < pictureSide) {
				t.Fatalf("a label reaches the pixel %d, %d", x, y)
			}
		}
	}
}

func TestFittedTextEndsWithAnEllipsis(t *testing.T) {
	faces, err := newFaces()
	if err != nil {
		t.Fatal(err)
	}
	if got := fitted(faces.label, "cat", fixed.I(150)); got != "cat" {
		t.Errorf("a short text becomes %q", got)
	}
	if got := fitted(faces.label, hostile[3], fixed.I(150)); !strings.HasSuffix(got, "…") || len(got) > 40 {
		t.Errorf("a long text becomes %q", got)
	}
	if got := printable(hostile[2] + "\n\x00b"); got != "gnp.elgae b" {
		t.Errorf("printable gives %q", got)
	}
}

func writePage(t *testing.T, files fstest.MapFS) []byte {
	t.Helper()
	p, err := New(read(t, files), page.Pictures{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return []byte(browser.Text(t, p))
}

func TestSameSetSameBytes(t *testing.T) {
	files := folder(t, 30, hostile)
	if !bytes.Equal(writePage(t, files), writePage(t, files)) {
		t.Error("one set gives two pages")
	}
	a, b := sheets(t, files), sheets(t, files)
	for i := range a {
		if !bytes.Equal(a[i].Pix, b[i].Pix) {
			t.Errorf("sheet %d is drawn in two ways", i)
		}
	}
}

func TestEachPictureStandsOnce(t *testing.T) {
	if n := bytes.Count(writePage(t, folder(t, 30, hostile)), []byte("data:image/jpeg")); n != 3 {
		t.Errorf("%d inlined pictures, want 3", n)
	}
}

func TestGoneAndChangedPicturesAreErrors(t *testing.T) {
	files := folder(t, 1, hostile)
	s := read(t, files)
	delete(files, "1.png")
	if _, err := New(s, page.Pictures{Files: files}); err == nil || !strings.Contains(err.Error(), "1.png") {
		t.Errorf("page: %v", err)
	}
	for _, err := range Sheets(s, files) {
		if err == nil || !strings.Contains(err.Error(), "1.png") {
			t.Errorf("sheet: %v", err)
		}
	}
}

// TestPageInABrowser filters with the keyboard among hostile labels.
func TestPageInABrowser(t *testing.T) {
	ctx := browser.Open(t)
	file := filepath.Join(t.TempDir(), "gallery.html")
	if err := os.WriteFile(file, writePage(t, folder(t, 6, hostile)), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String())); err != nil {
		t.Fatal(err)
	}
	eval := func(js string) string {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](js))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := eval(`document.title`); got != hostile[0]+" · akin" {
		t.Errorf("the title is %q: a label ran or broke out", got)
	}
	if got := eval(`[...document.querySelectorAll("figure.target .label")].map(l => l.textContent).join("|")`); got != strings.Join(hostile, "|") {
		t.Errorf("labels: %s", cmp.Diff(strings.Join(hostile, "|"), got))
	}
	if got := eval(`String(document.documentElement.scrollWidth <= innerWidth)`); got != "true" {
		t.Error("a label makes the page wider than the window")
	}
	if err := chromedp.Do(ctx, chromedp.KeyEvent("\t"), chromedp.KeyEvent("th")); err != nil { // the first field, its value thematic
		t.Fatal(err)
	}
	if got := eval(`document.getElementById("count").textContent`); got != "3 of 6 triplets" {
		t.Errorf("after choosing thematic by keys: %q", got)
	}
	if err := chromedp.Do(ctx, chromedp.KeyEvent("\t\t"), chromedp.KeyEvent("T5 bold")); err != nil {
		t.Fatal(err)
	}
	if got := eval(`document.getElementById("count").textContent`); got != "1 of 6 triplets" {
		t.Errorf("after typing: %q", got)
	}
}

func TestPicturesKeepTheirShape(t *testing.T) {
	sheet := sheets(t, folder(t, 1, []string{"cat"}))[0]
	// 40 x 30 stands in the middle: white above, not in the centre.
	top := sheet.RGBAAt(marginPx+pictureSide/2, marginPx+headPx+5)
	centre := sheet.RGBAAt(marginPx+pictureSide/2, marginPx+headPx+pictureSide/2)
	if white := (color.RGBA{255, 255, 255, 255}); top != white || centre == white {
		t.Errorf("top %v, centre %v", top, centre)
	}
}
