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

// notRefused are errors of these packages that say nothing of a graph or a file of weights.
var notRefused = []string{
	// What the caller asked for.
	"pooling …: ", "provider …", "option …=…", "layers …: choose", "a baseline has no layers", "unknown architecture", "the file holds no network", "the file holds a …; … is a …",
	// Faults of a card.
	"name …: use letters", "kind …: use … or …", "[classes] offset",
	// The machine, and callers within akin.
	"ONNX Runtime library", "values for … pictures", "observed outputs for", "no picture was observed", "the range of activation", "… of … bytes",
	// The tracer, which leaves a shape unknown instead.
	"only graphs with one are counted", "has no fixed shape, give one", "constant … has shape …", "shapes do not fit", "operator without a known cost", "shape known only at run time",
	// Parts of sentences.
	"of unknown shape", "of shape …", "no numbers", " or ", "module … (…)", "node … (…) …", "did you mean", "similar names",
}

var (
	verb   = regexp.MustCompile(`%[-+#.0-9]*[a-zA-Z]`)
	where  = regexp.MustCompile(`^[^;]*%w$`) // says where alone
	wordy  = regexp.MustCompile(`[A-Za-z]{2}.* | [a-z]{2}`)
	quoted = regexp.MustCompile("`([^`]+)`")
)

// TestRefusedIsComplete: the document lists every error with which a graph or a file of
// weights is refused, and none that is no longer there.
func TestRefusedIsComplete(t *testing.T) {
	text, err := os.ReadFile("docs/refused.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "|") {
			said, _, _ := strings.Cut(line[1:], " | ")
			for _, m := range quoted.FindAllStringSubmatch(said, -1) {
				listed[m[1]] = false
			}
		}
	}
	for _, e := range errorTexts(t, "model", "onnx", "convert", "quantise") {
		known := e.where || slices.ContainsFunc(notRefused, func(phrase string) bool { return strings.Contains(e.text, phrase) })
		for phrase := range listed {
			if strings.Contains(e.text, phrase) {
				listed[phrase], known = true, true
			}
		}
		if !known {
			t.Errorf("%q stands in no list: add a row to docs/refused.md with what to do", e.text)
		}
	}
	elsewhere := []string{"is a folder, not a regular file"} // said by internal/regular
	for phrase, found := range listed {
		if !found && !slices.Contains(elsewhere, phrase) {
			t.Errorf("docs/refused.md lists %q, which nothing says", phrase)
		}
	}
}

// errorText is what an error says, an ellipsis for each value.
type errorText struct {
	text  string
	where bool // it only says where another error happened
}

// errorTexts are the texts of the packages' errors: what is given to functions that make one,
// and what stands in functions that only word one.
func errorTexts(t *testing.T, folders ...string) (texts []errorText) {
	makers, wording := []string{"Errorf", "New", "fail", "refuse"}, []string{"Error", "unsteady"}
	add := func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			text, err := strconv.Unquote(l.Value)
			if err != nil {
				t.Fatal(err)
			}
			if wordy.MatchString(verb.ReplaceAllString(text, "")) {
				texts = append(texts, errorText{verb.ReplaceAllString(text, "…"), where.MatchString(text)})
			}
		}
		return true
	}
	for _, f := range parsedFiles(t, goFiles(t)) {
		if path := filepath.ToSlash(f.path); strings.HasSuffix(path, "_test.go") || !slices.Contains(folders, filepath.ToSlash(filepath.Dir(path))) {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if slices.Contains(wording, n.Name.Name) {
					ast.Inspect(n, add)
				}
			case *ast.CallExpr:
				if slices.Contains(makers, called(n)) {
					for _, argument := range n.Args {
						ast.Inspect(argument, add)
					}
				}
			}
			return true
		})
	}
	if len(texts) < 200 {
		t.Fatalf("only %d texts of errors were found", len(texts))
	}
	return texts
}

// called is the name of the function in a call.
func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}
