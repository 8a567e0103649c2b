package akin_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mostNames is how many names a package exports, methods not counted. Where one has
// more, ARCHITECTURE.md says how many at most, and why.
const mostNames = 15

// TestExportedNames holds each package to its number.
func TestExportedNames(t *testing.T) {
	most := allowedNames(t)
	for pkg, n := range exportedNames(t) {
		limit, named := most[pkg]
		switch {
		case !named && n > mostNames:
			t.Errorf("package %s exports %d names, want at most %d; unexport what no outsider calls, or give the reason in ARCHITECTURE.md", pkg, n, mostNames)
		case named && n > limit:
			t.Errorf("package %s exports %d names, want at most %d; unexport what no outsider calls", pkg, n, limit)
		}
		delete(most, pkg)
	}
	for pkg := range most {
		t.Errorf("ARCHITECTURE.md allows names to the package %s, which does not exist", pkg)
	}
}

// allowedNames reads the table of ARCHITECTURE.md: package, names, reason.
func allowedNames(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	most := map[string]int{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9/]+)` \\| ([0-9]+) \\| .+ \\|$").FindAllStringSubmatch(string(text), -1) {
		most[m[1]], _ = strconv.Atoi(m[2])
	}
	if len(most) == 0 {
		t.Fatal("ARCHITECTURE.md has no table of packages and their numbers of names")
	}
	return most
}

// exportedNames counts the exported names of every package that outsiders can
// import, as go doc lists them: types, functions, and blocks of constants or variables.
func exportedNames(t *testing.T) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, f := range parsedFiles(t, goFiles(t)) {
		pkg := filepath.ToSlash(filepath.Dir(f.path))
		if f.Name.Name == "main" || strings.HasPrefix(pkg, "internal/") {
			continue
		}
		if pkg == "." {
			pkg = "akin"
		}
		for _, d := range f.Decls {
			if exports(d) {
				count[pkg]++
			}
		}
	}
	return count
}

// exports reports whether a declaration, or any name of a block, is exported.
func exports(d ast.Decl) bool {
	if function, ok := d.(*ast.FuncDecl); ok {
		return function.Recv == nil && function.Name.IsExported()
	}
	return slices.ContainsFunc(d.(*ast.GenDecl).Specs, func(s ast.Spec) bool {
		switch s := s.(type) {
		case *ast.TypeSpec:
			return s.Name.IsExported()
		case *ast.ValueSpec:
			return slices.ContainsFunc(s.Names, (*ast.Ident).IsExported)
		}
		return false
	})
}
