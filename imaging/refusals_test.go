package imaging

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// listed gives each error of the decoders a phrase of the row of
// docs/preprocessing.md under which it stands.
var listed = []struct {
	phrase string
	errors []string // as the code has them
}{
	{"any other format", []string{
		"picture is %s, which is not read; %s", "picture has an unknown format (begins with %q); %s", "picture is empty (0 bytes); fetch or export it again"}},
	{"no pixels, or a header", []string{
		"header gives %dx%d pixels: nothing to decode; export the picture again", "%s header is unreadable: %w; export the picture again",
		"no IHDR chunk", "no frame header before the data", "there are no data", "no data before the end", "no picture before the end", "version %q does not exist"}},
	{"more than 100 million pixels", []string{
		"header gives %dx%d pixels, over the limit of %d; shrink the picture or raise the limit",
		"header gives %dx%d pixels, for which %d bytes are too few; export the picture again",
		"%d bytes of data cannot hold %dx%d pixels", "more than %d scans",
		"its scans go over the picture more than %d times, once for each bit of a coefficient",
		"text %q: %w", "more than 1 MB after decompression, or 64 MB in all"}},
	{"arithmetic coding, lossless", []string{
		"coding process %#02x (lossless, hierarchical or arithmetic) is not read", "samples of %d bits are not read, only 8",
		"%d colour components are not read, only 1, 3 and 4", "sampling factors %dx%d of %dx%d are no whole ratio",
		"component %d has sampling factors %dx%d and table %d, outside 1..4 and 0..3"}},
	{"JPEG whose coded data are damaged or end early", []string{
		"the data ends early", "no such Huffman code", "restart marker %d is missing", "marker %#02x: %w",
		"component %d begins with details, before its mean values", "component %d has a second scan",
		"scan names component %d, which the frame lacks, or which is out of order", "more than one scan of all components"}},
	{"JPEG with a damaged header", []string{
		"second frame header", "marker %#02x has no place in a picture", "a Huffman table %d is malformed", "a Huffman table: %w",
		"a Huffman table has too many codes of %d bits", "a Huffman table is missing", "quantisation table %d is malformed",
		"quantisation table %d is missing", "scan before the frame header", "scan header is malformed", "scan names a Huffman table outside 0..3",
		"scan has the progression %d..%d, bits %d to %d", "scan has the spectral selection %d..%d of %d components"}},
	{"PNG of 16-bit grey", []string{"16-bit grey is not read: Pillow makes nearly all of it white; save it with 8 bits"}},
	{"PNG whose data end before the last row", []string{"row %d of %d: %w", "interlaced row: %w", "the data end before it"}},
	{"PNG whose data are damaged", []string{
		"chunk %s has a wrong checksum", "filter %d does not exist", "the file is cut", "chunk %s has %d bytes of %d: %w",
		"the file ends, or holds something else, where a chunk is due"}},
	{"PNG that does not begin with its header", []string{"second header", "frames of an animation before the picture itself"}},
	{"PNG with parts of sizes", []string{
		"filter method %d does not exist", "colour type %d with %d bits does not exist", "palette of %d colours", "transparency of %d colours",
		"chunk tRNS is short", "chunk acTL is short", "chunk fcTL is short", "frames of the animation are out of order",
		"a frame of the animation lies beyond the picture", "text %q has the unknown compression %d"}},
	{"animated WebP", []string{"animated WebP is not read: save its first frame as a still picture"}},
	{"WebP whose data are damaged", []string{
		"the data end early", "a picture of %dx%d pixels on a canvas of %dx%d", "pixel type %T has no rule for RGB"}},
	{"WebP whose parts are out of order", []string{
		"chunk %q stands where the picture or its header is due", "alpha stands behind the picture",
		"alpha stands in front of a lossless picture, which has its own", "there is no picture behind the alpha",
		"the header of the picture is damaged", "its header has %d bytes, not 10", "its header has unknown flags (%#02x)",
		"chunk %q stands where no picture is due", "chunk %q in a still picture"}},
	{"GIF whose data end before the last row", []string{
		"the first frame has no pixels", "a code that does not exist", "codes of more than 12 bits", "the control of a frame is short"}},
	{"GIF with an empty extension", []string{"extension %#02x is empty"}},
	{"GIF with a palette of greys", []string{"a palette of greys in front of one of colours is not read, for Pillow takes the colours"}},
	{"BMP with headers of other sizes", []string{
		"a header of %d bytes is not read, only 12, 40, 64, 108 and 124", "a palette of %d colours", "compression %d (JPEG, PNG or another) is not read",
		"%d bits for a pixel are not read, only 1, 4, 8, 16, 24 and 32", "bit masks of this kind are not read"}},
	{"BMP of 4 or 8 bits with a palette", []string{"%d bits with a palette of %d greys are not read, for Pillow misreads them"}},
	{"BMP, run-length coded", []string{
		"run-length coding of %d bits for a pixel is not read",
		"run-length coding with a palette of black and white is not read, for Pillow misreads it",
		"run-length coding with steps over pixels is not read, for Pillow misreads it",
		"run-length coding of 4 bits with an odd number of single pixels is not read, for Pillow misreads it"}},
}

// frames of other errors say nothing themselves.
var frames = []string{
	"%s: %w", "%s is damaged, truncated or of an unsupported kind: %w; export the picture again",
	"%s is damaged (its decoder stopped: %v); export the picture again", "decoders may differ",
}

// Every error of a decoder stands under a row of the list of what is refused, and
// every row has an error.
func TestRefusalsAreListed(t *testing.T) {
	document, err := os.ReadFile("../docs/preprocessing.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(document), "## What is refused")
	list, _, _ = strings.Cut(list, "\n## ")
	var rows []string
	for _, line := range strings.Split(list, "\n") {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| refused |") {
			rows = append(rows, line)
		}
	}
	var known []string
	for _, l := range listed {
		known = append(known, l.errors...)
		at := slices.IndexFunc(rows, func(row string) bool { return strings.Contains(row, l.phrase) })
		if at < 0 {
			t.Errorf("docs/preprocessing.md has no row of what is refused with %q", l.phrase)
			continue
		}
		rows = slices.Delete(rows, at, at+1)
	}
	for _, row := range rows {
		t.Errorf("no error stands under the row %s", row)
	}
	errors := decoderErrors(t)
	for _, text := range errors {
		if !slices.Contains(known, text) && !slices.Contains(frames, text) {
			t.Errorf("the error %q stands under no row of what is refused", text)
		}
	}
	for _, text := range append(known, frames...) {
		if !slices.Contains(errors, text) {
			t.Errorf("no decoder has the error %q", text)
		}
	}
}

// decoderErrors returns the texts of the errors in the files of the decoders.
func decoderErrors(t *testing.T) (texts []string) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		other := slices.ContainsFunc([]string{"_test.go", "recipe.go", "resample.go", "steps.go", "torch7.go", "turbo", "crop.go", "shrink.go"},
			func(s string) bool { return strings.Contains(name, s) })
		if other {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if ok && (f.Sel.Name == "Errorf" || f.Sel.Name == "New" && f.X.(*ast.Ident).Name == "errors") {
				text, err := strconv.Unquote(call.Args[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				texts = append(texts, text)
			}
			return true
		})
	}
	return texts
}
