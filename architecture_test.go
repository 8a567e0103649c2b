package akin_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/akin-vision/akin"

// order reads the packages from ARCHITECTURE.md, where each line of the
// pipeline begins with a package's name in backquotes.
func order(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	var packages []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9/]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		packages = append(packages, m[1])
	}
	if len(packages) < 5 {
		t.Fatalf("ARCHITECTURE.md lists only the packages %v", packages)
	}
	return packages
}

// TestImportsFollowTheData proves that each package imports only packages
// above it in ARCHITECTURE.md, and that each has a package comment.
func TestImportsFollowTheData(t *testing.T) {
	packages := order(t)
	documented := map[string]bool{}
	for _, file := range goFiles(t) {
		pkg := filepath.ToSlash(filepath.Dir(file))
		if pkg == "." {
			pkg = "akin" // the facade
		}
		place := slices.Index(packages, pkg)
		if place < 0 {
			t.Errorf("%s: package %s is not in ARCHITECTURE.md", file, pkg)
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if parsed.Doc != nil {
			documented[pkg] = true
		}
		for _, spec := range parsed.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if path != module && !strings.HasPrefix(path, module+"/") {
				continue
			}
			imported := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
			if imported == "" {
				imported = "akin"
			}
			if above := slices.Index(packages, imported); above < 0 || above >= place {
				t.Errorf("%s imports %s, which does not stand above %s in ARCHITECTURE.md", file, imported, pkg)
			}
		}
	}
	for _, pkg := range packages {
		if !documented[pkg] {
			t.Errorf("package %s has no package comment", pkg)
		}
	}
}

// goFiles are the files of Go outside tests, testFiles those of tests.
func goFiles(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(sources(t), isTest)
}

func testFiles(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(sources(t), func(path string) bool { return !isTest(path) })
}

func isTest(path string) bool { return strings.HasSuffix(path, "_test.go") }

func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestFilesAreOpenedInOneWay: files are written by internal/atomicfile, whole or
// not at all, and read by internal/regular, which no pipe holds up. What stands
// here does otherwise for a reason.
func TestFilesAreOpenedInOneWay(t *testing.T) {
	reasons := map[string]string{
		"feature/index.go: os.OpenFile":              "appends to the store, whose records have checksums",
		"zoo/download.go: os.OpenFile":               "goes on with a download, which is hashed when it is whole",
		"zoo/download.go: os.Create":                 "begins one",
		"model/tuning.go: os.ReadFile":               "/proc/cpuinfo",
		"cmd/akin/collect_rehearse.go: os.MkdirTemp": "for the database of a rehearsal, which is deleted",
	}
	call := regexp.MustCompile(`\bos\.(Open|ReadFile|OpenRoot|DirFS|OpenFile|Create|WriteFile|Rename|CreateTemp|MkdirTemp|ReadDir)\(`)
	for _, file := range goFiles(t) {
		if strings.HasPrefix(file, "internal") || strings.HasPrefix(file, "bench") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			if what := filepath.ToSlash(file) + ": os." + m[1]; reasons[what] == "" {
				t.Errorf("%s: use internal/atomicfile or internal/regular", what)
			}
		}
	}
}
