package akin_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// commandLine finds a flag or a command of akin in a string.
var commandLine = regexp.MustCompile(`(^|[^-\w])--[a-z]|\bakin (run|compare|report|serve|paper|sets|models|features|imagenet|setup|doctor|board|learn|collect|worker|cluster|agree)\b`)

// foreign are strings that look so and are none of akin's command line.
var foreign = map[string]string{
	"akin features 2\n": "feature: the first line of a feature file",
	"--ignore-scripts":  "setup: npm's",
	"--no-audit":        "setup: npm's",
	"--no-fund":         "setup: npm's",
	"--out":             "export: of its script in Python",
	"--name":            "export: of its script in Python",
	"--seed":            "export: of its script in Python",
	"--iam-dir":         "testcluster: versitygw's",
	"--access":          "testcluster: versitygw's",
	"--secret":          "testcluster: versitygw's",
	"--endpoint-url":    "testcluster: versitygw's",
	"--role":            "testcluster: versitygw's",
	"--sidecar":         "testcluster: versitygw's",
	"--port":            "testcluster: versitygw's and Temporal's",
	"--ip":              "testcluster: Temporal's",
	"--headless":        "testcluster: Temporal's",
	"--log-level":       "testcluster: Temporal's",
	"--db-filename":     "testcluster: Temporal's",
	"--address":         "testcluster: Temporal's",
}

// TestOnlyTheCommandLineKnowsFlags reads every string outside cmd/akin. The library
// returns typed errors; cmd/akin/hint.go says what to type.
func TestOnlyTheCommandLineKnowsFlags(t *testing.T) {
	for _, f := range parsedFiles(t, goFiles(t)) {
		if f.Name.Name == "main" {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				if n.Kind != token.STRING {
					break
				}
				text, err := strconv.Unquote(n.Value)
				if err != nil {
					t.Fatal(err)
				}
				if match := commandLine.FindString(text); match != "" && foreign[text] == "" {
					t.Errorf("%s: %q names %q; return a typed error, and say in cmd/akin/hint.go what to type", f.At(n), text, strings.TrimSpace(match))
				}
			case *ast.FuncDecl:
				if n.Name.Name == "Hint" && n.Recv != nil {
					t.Errorf("%s: a method Hint outside cmd/akin is never called; hints stand in cmd/akin/hint.go", f.At(n))
				}
			}
			return true
		})
	}
}

// TestModelsAreNamedOnce: callers at several heights say of which model an error is,
// so all let model.Named do it.
func TestModelsAreNamedOnce(t *testing.T) {
	for _, f := range parsedFiles(t, goFiles(t)) {
		ast.Inspect(f.File, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && strings.HasPrefix(literal.Value, `"model %s: %w`) {
				t.Errorf("%s: %s may name the model twice; call model.Named", f.At(n), literal.Value)
			}
			return true
		})
	}
}

// TestLiteralsAreFound proves that the expression finds what it forbids.
func TestLiteralsAreFound(t *testing.T) {
	for text, want := range map[string]bool{
		"run it with --pictures DIR": true, "--json": true, "see akin models check": true, "(--offset 1)": true,
		"akin measures": false, "a -- dash": false, "pre--fix": false, "---": false, "|---|---|": false,
	} {
		if got := commandLine.MatchString(text); got != want {
			t.Errorf("%q names a flag or a command: %v, want %v", text, got, want)
		}
	}
}

// sourceFile is a parsed Go file that is no test.
type sourceFile struct {
	*ast.File
	path  string
	files *token.FileSet
}

// At is where a node stands, FILE:LINE:COLUMN.
func (f sourceFile) At(n ast.Node) string { return f.files.Position(n.Pos()).String() }

// Lines counts those from a node's first to its last.
func (f sourceFile) Lines(n ast.Node) int {
	return f.files.Position(n.End()).Line - f.files.Position(n.Pos()).Line + 1
}

func parsedFiles(t *testing.T, paths []string) []sourceFile {
	t.Helper()
	var list []sourceFile
	for _, path := range paths {
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sourceFile{parsed, path, files})
	}
	return list
}
