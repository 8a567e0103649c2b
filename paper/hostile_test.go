package paper

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/record"
	"pgregory.net/rapid"
)

const evil = "} , x = {\\input{/etc/passwd}} ^^5cinput{x} \\end{document} {</td><script>alert(1)</script>=1|\\input{x}$%#_{}~^&\"'`[\u202e]..\\..\\x\n\x00日"

// hostileRun puts the same text in every place of a run that people name.
func hostileRun(t *testing.T, text string) *record.Run {
	run := publishedRun(t)
	run.Set.Name, run.Stimuli.Name = text, text
	for _, field := range []*string{&run.Set.Title, &run.Set.Version, &run.Set.Citation, &run.Set.Source, &run.Set.Licence, &run.Set.Note} {
		*field = text
	}
	run.Command, run.Warnings = []string{"akin", text}, []string{text}
	for i := range run.Models {
		m := &run.Models[i]
		m.Name, m.Family, m.Node = text+m.Name, text, text
		m.Citation, m.Source, m.Engine = text, text, text
		m.Accuracy = nil
	}
	for i := range run.Stimuli.Triplets {
		x := &run.Stimuli.Triplets[i]
		x.ID, x.TargetLabel, x.RelatedLabel, x.UnrelatedLabel, x.Distractor = text+x.ID, text, text, text, text
		x.Relation = text + x.Relation
	}
	for _, p := range run.Stimuli.Pictures {
		p.Label = text
	}
	p := classify.Prediction{Path: text, Truth: classify.Guess{Name: text}, Rank: 2, Top: []classify.Guess{{Name: text, WNID: text}}}
	run.Failures = []record.FailureTable{{Model: text, Pictures: 1, Failures: []classify.Failure{*classify.NewFailure(&p, classify.Outputs{})}}}
	return run
}

func TestHostileRunWritesOnlyItsFiles(t *testing.T) {
	run := hostileRun(t, evil)
	run.Models = run.Models[:3]
	dir := t.TempDir()
	broken := fstest.MapFS{}
	for i, p := range run.Stimuli.Pictures {
		broken[p.Path] = &fstest.MapFile{Data: []byte("\x89PNG\r\n\x1a\nbroken" + strings.Repeat("x", i%3))}
	}
	p := paperOf(t, run, Options{Pictures: broken, Cases: 1})
	if err := p.Write(filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	safe := regexp.MustCompile(`^[a-z0-9-]+\.(svg|pdf|png|csv|md|tex|html)$`)
	for _, sub := range []string{"figures", "tables"} {
		files, err := os.ReadDir(filepath.Join(dir, "out", sub))
		if err != nil || len(files) < 4 {
			t.Fatalf("%s: %d files, %v", sub, len(files), err)
		}
		for _, f := range files {
			if !safe.MatchString(f.Name()) {
				t.Errorf("%s/%s: a label became a file's name", sub, f.Name())
			}
		}
	}
	if outside, err := os.ReadDir(dir); err != nil || len(outside) != 1 {
		t.Errorf("files outside the folder: %v, %v", outside, err)
	}
	if len(p.Notes) == 0 || !strings.Contains(p.Notes[0], "is not shown") {
		t.Errorf("no note on broken pictures: %q", p.Notes)
	}
	for _, table := range p.tables {
		checkTable(t, table)
	}
	needTeX(t)
	folder, _ := typeset(t, "onecolumn", p.methods, p.Tables())
	call(t, folder, "pdflatex", inTeX...) // with the references
}

func TestAnyTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{evil, "--", "[x]", "=1", "|", "\\", "$$", "<b>", "-0.5"}))
		width := rapid.IntRange(1, 4).Draw(t, "columns")
		row := func() []string { return rapid.SliceOfN(cell, width, width).Draw(t, "row") }
		checkTable(t, Table{Name: "t", Caption: cell.Draw(t, "caption"), Header: row(), Rows: [][]string{row(), row()}, Notes: []string{cell.Draw(t, "note")}})
	})
}

type reporter interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

func checkTable(t reporter, table Table) {
	t.Helper()
	checkHTML(t, table)
	checkMarkdown(t, table)
	checkLaTeX(t, table)
	data, err := table.CSV()
	if err != nil {
		t.Fatalf("%v", err)
	}
	if rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll(); len(table.Header) > 1 && (err != nil || len(rows) != 1+len(table.Rows)) {
		t.Errorf("CSV of %s: %d rows, %v", table.Name, len(rows), err)
	}
}

// checkHTML wants each cell's text where it belongs, and no element of its making.
func checkHTML(t reporter, table Table) {
	t.Helper()
	data, err := table.HTML()
	if err != nil {
		t.Fatalf("%v", err)
	}
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v", err)
	}
	page.Find("body *").Each(func(_ int, s *goquery.Selection) {
		if name := goquery.NodeName(s); !slices.Contains([]string{"main", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "bdi", "p"}, name) {
			t.Errorf("HTML of %s: element %s", table.Name, name)
		}
	})
	var got, want []string
	page.Find("td").Each(func(_ int, s *goquery.Selection) { got = append(got, s.Text()) })
	for _, row := range table.Rows {
		want = append(want, plain(row)...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("HTML of %s: cells %q, want %q", table.Name, got, want)
	}
}

var markdownMark = regexp.MustCompile(`(^|[^\\])(\\\\)*[<>*_\x60\[\]#~$]`)

// checkMarkdown wants as many unescaped bars in each row as there are columns.
func checkMarkdown(t reporter, table Table) {
	t.Helper()
	lines := strings.Split(string(table.Markdown()), "\n")
	for _, line := range lines[2 : 4+len(table.Rows)] {
		bars := len(regexp.MustCompile(`\\.|[^|\\]`).ReplaceAllString(line, ""))
		if bars != len(table.Header)+1 {
			t.Errorf("Markdown of %s: %d bars in %q", table.Name, bars, line)
		}
		if markdownMark.MatchString(strings.ReplaceAll(line, "&#58;", "")) {
			t.Errorf("Markdown of %s: a mark in %q", table.Name, line)
		}
	}
}

// Commands that escape characters; all others in a cell would be the label's.
var latexCommand = regexp.MustCompile(`\\(textbackslash|textbraceleft|textbraceright|textasciitilde|textasciicircum|textless|textgreater|textbar|textasciigrave|textquotesingle|ldots|allowbreak)\{\}|\\char34\{\}|\$(-|\\rho|\\geq|\\leq|\\times)\$|\\[$&#%_]|\{\}`)

// checkLaTeX wants nothing that TeX acts on in a cell but what escapes it.
func checkLaTeX(t reporter, table Table) {
	t.Helper()
	for _, row := range append([][]string{table.Header}, table.Rows...) {
		for _, cell := range row {
			if rest := latexCommand.ReplaceAllString(latex(cell), ""); strings.ContainsAny(rest, "\\{}$&#%_~^\"<>|") {
				t.Errorf("LaTeX of %q: %q acts", cell, rest)
			}
		}
	}
	rows := 0
	for _, line := range strings.Split(string(table.LaTeX()), "\n") {
		if strings.HasPrefix(line, "{}") && strings.HasSuffix(line, ` \\`) {
			rows++
			if n := strings.Count(line, " & "); n < len(table.Header)-1 {
				t.Errorf("LaTeX of %s: %d columns in %q", table.Name, n+1, line)
			}
		}
	}
	if want := len(table.pages()) + len(table.Rows); rows != want { // each page has the header
		t.Errorf("LaTeX of %s: %d rows, want %d", table.Name, rows, want)
	}
}

func TestSameRunSameBytes(t *testing.T) {
	run, _ := goldenRun(t)
	read := func() map[string][]byte {
		dir := t.TempDir()
		if err := paperOf(t, run, Options{Cases: 2}).Write(dir); err != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{}
		for _, pattern := range []string{"*.json", "*/*"} {
			names, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				data, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				files[name[len(dir):]] = data
			}
		}
		return files
	}
	first, second := read(), read()
	if len(first) < 50 {
		t.Fatalf("only %d files", len(first))
	}
	for name, data := range first {
		if !bytes.Equal(data, second[name]) {
			t.Errorf("%s: other bytes the second time", name)
		}
	}
}

func TestPictureOfAnotherRunIsNotShown(t *testing.T) {
	run, _ := goldenRun(t)
	p := paperOf(t, run, Options{Pictures: anyPicture(t, run)})
	if len(p.Notes) == 0 || !strings.Contains(p.Notes[0], "changed since the run") {
		t.Errorf("notes %q, want one on changed pictures", p.Notes)
	}
	if shown := p.Figure("figure-1-concept").(figure.Concept).Case.Target.Image; shown != nil {
		t.Error("a picture with another hash is shown")
	}
}
