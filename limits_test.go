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

// Files and functions above the limits that wait to be cut by idea.
var (
	longFiles = []string{
		"convert/module.go", "convert/pth.go", "convert/torch7.go", "ingest/rows.go", "onnx/parse.go",
	}
	longFunctions = []string{}
)

// TestLimits proves that no function and no file is longer than they allow,
// generated files excepted.
func TestLimits(t *testing.T) {
	for _, f := range parsedFiles(t) {
		if ast.IsGenerated(f.File) {
			continue
		}
		if lines := f.files.File(f.FileStart).LineCount(); lines > mostFileLines {
			if !slices.Contains(longFiles, f.path) {
				t.Errorf("%s has %d lines, at most %d; cut it by idea", f.path, lines, mostFileLines)
			}
		}
		for _, d := range f.Decls {
			function, ok := d.(*ast.FuncDecl)
			if !ok || f.Lines(function) <= mostFunctionLines {
				continue
			}
			if !slices.Contains(longFunctions, f.path+" "+function.Name.Name) {
				t.Errorf("%s: %s has %d lines, at most %d; cut it by idea", f.At(function), function.Name.Name, f.Lines(function), mostFunctionLines)
			}
		}
	}
}
