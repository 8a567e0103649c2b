package classify

import (
	"fmt"
	"html"
	"net/url"
	"path"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/tex"
	"github.com/akin-vision/akin/notation"
)

// FailureTable is failures as the paper's Table 1 (arXiv 1709.03806): five
// classes with probabilities, probability and rank of the truth.
type FailureTable struct {
	Model    string    `json:"model"`
	Pictures int       `json:"pictures"` // classified
	Failed   int       `json:"failed"`
	Accepted int       `json:"accepted"` // by the filter
	Failures []Failure `json:"failures"` // the first of these

	// Folder leads to the pictures from where the table will stand; where it is
	// empty, Markdown and LaTeX name the pictures instead of showing them.
	Folder string `json:"-"`
}

// Caption says what the table holds.
func (t FailureTable) Caption() string {
	return fmt.Sprintf("%s: %d of %s on %s, by surprise (Wu-Palmer of top-1 and truth times log2 of the truth's rank)", t.Model, len(t.Failures), english.Count(t.Failed, "failure"), english.Count(t.Pictures, "picture"))
}

// Ordinal gives 1st, 2nd, 3rd, 11th.
func Ordinal(n int) string {
	suffix := "th"
	if n/10%10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n, suffix)
}

// Meaning puts the relation into words, for every form of the table.
func (f Failure) Meaning() string {
	if f.Relation == nil {
		return "no relation in the hierarchy"
	}
	return fmt.Sprintf("path %s, Wu-Palmer %s, both are %s (depth %d)", notation.Decimal(f.Relation.Path), notation.Decimal(f.Relation.WuPalmer), f.Relation.LCSName, f.Relation.LCSDepth)
}

func guesses(top []Guess, separator string, write func(name, percent string) string) string {
	parts := make([]string, len(top))
	for i, g := range top {
		parts[i] = write(g.Name, notation.Probability(g.Probability))
	}
	return strings.Join(parts, separator)
}

// Text is the table for a terminal.
func (t FailureTable) Text() string {
	var b strings.Builder
	fmt.Fprintln(&b, t.Caption())
	for _, f := range t.Failures {
		fmt.Fprintf(&b, "\n%s\n  truth  %s %s %%, %s\n", f.Path, f.Truth.Name, notation.Probability(f.Truth.Probability), Ordinal(f.Rank))
		fmt.Fprintf(&b, "  top-5  %s\n", guesses(f.Top, ", ", func(name, p string) string { return name + " " + p + " %" }))
		fmt.Fprintf(&b, "  top-1 and truth: %s; surprise %s\n", f.Meaning(), notation.Amount(f.Surprise, 2))
	}
	return b.String()
}

var markdownEscapes = strings.NewReplacer("&", "&amp;", "\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", "[", "\\[", "\n", " ", "\r", " ")

// attribute writes a text as an attribute's value in a row of a table.
func attribute(text string) string {
	return strings.NewReplacer("|", "&#124;", "\n", " ", "\r", " ").Replace(html.EscapeString(text))
}

// Markdown is the table in Markdown.
func (t FailureTable) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n| picture | top-5, %% | truth, %% | rank | top-1 and truth |\n|---|---|---|---|---|\n", markdownEscapes.Replace(t.Caption()))
	for _, f := range t.Failures {
		picture := markdownEscapes.Replace(f.Path)
		if t.Folder != "" {
			source := url.URL{Path: path.Join(t.Folder, f.Path)}
			picture = fmt.Sprintf("<img width=\"120\" alt=\"%s\" src=\"%s\">", attribute(f.Truth.Name), attribute(source.EscapedPath()))
		}
		top := guesses(f.Top, "<br>", func(name, p string) string { return markdownEscapes.Replace(name + " " + p) })
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", picture, top,
			markdownEscapes.Replace(f.Truth.Name+" "+notation.Probability(f.Truth.Probability)), Ordinal(f.Rank), markdownEscapes.Replace(f.Meaning()))
	}
	return b.String()
}

// LaTeX is the table for the packages booktabs and graphicx. A picture whose file
// name TeX would act on is named instead of shown.
func (t FailureTable) LaTeX() string {
	var b strings.Builder
	b.WriteString("% needs \\usepackage[T1]{fontenc}, \\usepackage{textcomp}, \\usepackage{booktabs} and \\usepackage{graphicx}\n\\begin{table}\n\\small\\raggedright\n\\caption{" + tex.Escape(t.Caption()) + "}\n")
	b.WriteString("\\begin{tabular}{@{}p{.2\\linewidth}lp{.18\\linewidth}rp{.2\\linewidth}@{}}\n\\toprule\npicture & top-5 (\\%) & truth (\\%) & rank & top-1 and truth \\\\\n\\midrule\n")
	for _, f := range t.Failures {
		picture := tex.Escape(f.Path)
		if file, ok := tex.FileName(path.Join(t.Folder, f.Path)); ok && t.Folder != "" {
			picture = "\\raisebox{\\dimexpr-\\height+\\ht\\strutbox}{\\includegraphics[width=\\linewidth]{" + file + "}}"
		}
		top := guesses(f.Top, " \\\\ ", func(name, p string) string { return tex.Escape(name + " " + p) })
		fmt.Fprintf(&b, "%s & \\begin{tabular}[t]{@{}l@{}}%s\\end{tabular} & %s & %d & %s \\\\\n", picture, top,
			tex.Escape(f.Truth.Name+" "+notation.Probability(f.Truth.Probability)), f.Rank, tex.Escape(f.Meaning()))
	}
	b.WriteString("\\bottomrule\n\\end{tabular}\n\\end{table}\n")
	return b.String()
}
