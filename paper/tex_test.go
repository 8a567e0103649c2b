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
	if _, err := exec.LookPath("pdflatex"); err != nil {
		t.Skip("pdflatex is not installed (Debian: texlive-latex-base): no table is compiled")
	}
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
			dir := t.TempDir()
			text := strings.Replace(preamble, "%s", columns, 1)
			for _, table := range append(p.Tables(), longTable()) {
				if err := os.WriteFile(filepath.Join(dir, table.Name+".tex"), table.LaTeX(), 0o666); err != nil {
					t.Fatal(err)
				}
				text += "\\input{" + table.Name + "}\n"
			}
			if err := os.WriteFile(filepath.Join(dir, "methods.tex"), p.methods.LaTeX(), 0o666); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "references.bib"), p.methods.BibTeX(), 0o666); err != nil {
				t.Fatal(err)
			}
			text += "\\input{methods}\n\\bibliographystyle{plain}\n\\bibliography{references}\n\\end{document}\n"
			if err := os.WriteFile(filepath.Join(dir, "all.tex"), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex")
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("pdflatex: %v\n%s", err, out[max(0, len(out)-2000):])
			}
			bib := exec.Command("bibtex", "all") // comes with pdflatex
			bib.Dir = dir
			if out, err := bib.CombinedOutput(); err != nil || strings.Contains(string(out), "Warning") {
				t.Errorf("bibtex: %v\n%s", err, out)
			}
			log, err := os.ReadFile(filepath.Join(dir, "all.log"))
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range append(overfull.FindAll(log, -1), tooLong.FindAll(log, -1)...) {
				t.Errorf("%s", line)
			}
		})
	}
}

// longTable takes several pages, of rows of one line and of many.
func longTable() Table {
	t := Table{Name: "long", Caption: "A long one", Header: []string{"model", "95 % CI", "p", "AUC", "what is said of it"}, Notes: []string{strings.Repeat("A note. ", 30)}}
	for i := range 90 {
		t.Rows = append(t.Rows, []string{"network", "13.8 to 90.0", ".012", ".512", strings.Repeat("some words ", i%20)})
	}
	return t
}
