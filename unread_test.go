package akin_test

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unread finds what a reader says of a sound file that it does not read.
var unread = regexp.MustCompile(`\b(is|are) not (read|known)\b|never written|were written`)

// readers are the packages that read what others wrote. Package imaging has a test of
// its own, of all its errors.
var readers = []string{"internal/hdf5", "vectors"}

// refusals are parts of what readers say, and the words by which a document lists it.
var refusals = map[string][]struct{ says, listed string }{
	"docs/own-model.md": {
		{"is packed by the filter", "HDF5 packed by another filter"},
		{"shares its type with another object", "a type that is shared by name"},
		{"a group of many links in the form of later libraries", "groups of more than eight members"},
		{"keeps its values in another file", "HDF5 whose values are in another file"},
		{"joins datasets of other files", "joined from datasets of other files"},
		{"chunks at the edge without filters", "chunks at the edge without filters"},
		{"chunks in the form of later libraries", "tables with `maxshape`"},
		{"has room to grow in the form of later libraries", "tables with `maxshape`"},
		{"its values were never written", "or nothing, was written"},
		{"of its %d chunks were written", "HDF5 of which a part"},
		{"those of MATLAB 4 are not read", "`.mat` of MATLAB 4"},
	},
}

// TestRefusalsAreListed: a document lists each kind of sound file that is not read.
func TestRefusalsAreListed(t *testing.T) {
	var said []string
	for _, f := range parsedFiles(t, goFiles(t)) {
		folder := filepath.ToSlash(filepath.Dir(f.files.Position(f.Pos()).Filename))
		if !slices.Contains(readers, folder) {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				if unread.MatchString(text) {
					said = append(said, text)
				}
			}
			return true
		})
	}
	for document, rows := range refusals {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			holds := func(s string) bool { return strings.Contains(s, r.says) }
			if !slices.ContainsFunc(said, holds) {
				t.Errorf("no reader says %q any more", r.says)
			}
			if !strings.Contains(string(text), r.listed) {
				t.Errorf("%s does not list %q, of which a reader says %q", document, r.listed, r.says)
			}
			said = slices.DeleteFunc(said, holds)
		}
	}
	for _, text := range said {
		t.Errorf("%q stands in no list of what is refused: add a row to a document, and to the table here", text)
	}
}
