package akin_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// quotedFile is a file in backquotes that stands in a folder of the repository.
var quotedFile = regexp.MustCompile("`([a-z][A-Za-z0-9_-]*/[A-Za-z0-9_./-]+\\.(?:go|py|toml|csv|md|html|js|css))`")

// link is the target of a link in Markdown, without its anchor.
var link = regexp.MustCompile(`\]\(([^)#\s]+)`)

// TestDocumentsNameFilesThatExist reads the links of every document, and the
// source files that the two for developers name.
func TestDocumentsNameFilesThatExist(t *testing.T) {
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, file := range append(documents, "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			}
		}
		if filepath.Dir(file) != "." {
			continue
		}
		for _, m := range quotedFile.FindAllStringSubmatch(string(text), -1) {
			named++
			if _, err := fs.Stat(os.DirFS("."), m[1]); err != nil {
				t.Errorf("%s names %s, which is not there", file, m[1])
			}
		}
	}
	if named < 20 {
		t.Errorf("%d source files are named, want at least 20: the expression finds too few", named)
	}
}
