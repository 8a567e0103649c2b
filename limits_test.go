package akin_test

import (
	"go/ast"
	"slices"
	"testing"
)

// The limits of what a reader can hold in mind at once.
const (
	mostFileLines     = 450
	mostFunctionLines = 60
)

// TestLimits proves that no function and no file is longer than they allow, tests
// among them, generated files excepted.
func TestLimits(t *testing.T) {
	for _, f := range slices.Concat(parsedFiles(t, goFiles(t)), parsedFiles(t, testFiles(t))) {
		if ast.IsGenerated(f.File) {
			continue
		}
		if lines := f.files.File(f.FileStart).LineCount(); lines > mostFileLines {
			t.Errorf("%s has %d lines, want at most %d; cut it by idea", f.path, lines, mostFileLines)
		}
		for _, d := range f.Decls {
			if function, ok := d.(*ast.FuncDecl); ok && f.Lines(function) > mostFunctionLines {
				t.Errorf("%s: %s has %d lines, want at most %d; cut it by idea", f.At(function), function.Name.Name, f.Lines(function), mostFunctionLines)
			}
		}
	}
}
