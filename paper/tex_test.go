package paper

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// preamble stands in for booktabs where it is not installed: its rules are hlines.
const preamble = `\documentclass[%s]{article}
\usepackage[T1]{fontenc}
\usepackage{tabularx}
\IfFileExists{booktabs.sty}{\usepackage{booktabs}}{\let\toprule\hline\let\midrule\hline\let\bottomrule\hline}
\begin{document}
`

var overfull = regexp.MustCompile(`(?m)^Overfull \\hbox.*\n.*$`)

var tooLong = regexp.MustCompile(`(?m)^LaTeX Warning: Float too large.*`)

// TestTablesAndMethodsFitThePage compiles all that akin paper writes for TeX, on pages
// of one column and of two, and wants no line that runs over its margin
// and no table over the page's foot.
func TestTablesAndMethodsFitThePage(t *testing.T) {
	needTeX(t)
	run := publishedRun(t)
	run.Set.Digest = strings.Repeat("0123456789abcdef", 4)
	run.Models[0].Name = "a_model-of.a_long-name/with+parts@backbone.layer3.conv2"
	for i := range run.Models {
		run.Models[i].Hash, run.Models[i].Engine, run.Models[i].Source = run.Set.Digest, "ONNX Runtime 1.22.0, CPU", "https://example.org/a/long/address/"+run.Set.Digest
	}
	run.Command = []string{"akin", "run", "--model", strings.Repeat("folder/", 20) + "model.onnx"}
	p := paperOf(t, run, Options{})
	for _, columns := range []string{"onecolumn", "twocolumn"} {
		t.Run(columns, func(t *testing.T) {
			_, log := typeset(t, columns, p.methods, append(p.Tables(), longTable()))
			for _, line := range append(overfull.FindAll(log, -1), tooLong.FindAll(log, -1)...) {
				t.Errorf("%s", line)
			}
		})
	}
}

func needTeX(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pdflatex"); err != nil {
		t.Skip("pdflatex is not installed (Debian: texlive-latex-base): no table is compiled")
	}
}

var inTeX = []string{"-interaction=nonstopmode", "-halt-on-error", "all.tex"}

func call(t *testing.T, dir, command string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(command, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out[max(0, len(out)-2000):])
	}
	return out
}

// typeset compiles tables and methods, and returns where and what TeX says of them.
func typeset(t *testing.T, columns string, m methods, tables []Table) (dir string, log []byte) {
	t.Helper()
	dir = t.TempDir()
	text := strings.Replace(preamble, "%s", columns, 1)
	files := map[string][]byte{"methods.tex": m.LaTeX(), "references.bib": m.BibTeX()}
	for _, table := range tables {
		files[table.Name+".tex"] = table.LaTeX()
		text += "\\input{" + table.Name + "}\n"
	}
	text += "\\input{methods}\n\\bibliographystyle{plain}\n\\bibliography{references}\n\\end{document}\n"
	files["all.tex"] = []byte(text)
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	call(t, dir, "pdflatex", inTeX...)
	if out := call(t, dir, "bibtex", "all"); strings.Contains(string(out), "Warning") { // comes with pdflatex
		t.Errorf("bibtex: %s", out)
	}
	log, err := os.ReadFile(filepath.Join(dir, "all.log"))
	if err != nil {
		t.Fatal(err)
	}
	return dir, log
}

// longTable takes several pages, of rows of one line and of many.
func longTable() Table {
	t := Table{Name: "long", Caption: "A long one", Header: []string{"model", "95 % CI", "p", "AUC", "what is said of it"}, Notes: []string{strings.Repeat("A note. ", 30)}}
	for i := range 90 {
		t.Rows = append(t.Rows, []string{"network", "13.8 to 90.0", ".012", ".512", strings.Repeat("some words ", i%20)})
	}
	return t
}
