package akin_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

var fuzzTarget = regexp.MustCompile(`(?m)^func Fuzz([A-Za-z]+)\(f \*testing\.F\)`)

// TestFuzzTargetsAreListed: make fuzz finds the targets of every package by itself, unless
// a constraint hides their file; what each was given stands in the document.
func TestFuzzTargetsAreListed(t *testing.T) {
	document, err := os.ReadFile("docs/design/fuzzing.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(makefile), "$(GO) list ./...") || !strings.Contains(string(makefile), "test -list '^Fuzz'") {
		t.Error("make fuzz does not ask every package for its targets")
	}
	found := 0
	err = fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || name != "." && strings.HasPrefix(d.Name(), ".")) {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		for _, m := range fuzzTarget.FindAllStringSubmatch(string(text), -1) {
			found++
			if row := "| `" + path.Dir(name) + "` | " + m[1] + " |"; !strings.Contains(string(document), row) {
				t.Errorf("docs/design/fuzzing.md has no row that begins %q", row)
			}
			if strings.Contains(string(text), "\n//go:build") || strings.HasPrefix(string(text), "//go:build") {
				t.Errorf("%s: a constraint hides the target from make fuzz", name)
			}
		}
		return err
	})
	if err != nil || found < 30 {
		t.Errorf("%d targets found, error %v; the expression finds too few", found, err)
	}
}
