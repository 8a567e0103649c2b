package report

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
)

func TestPageIsTheSameEachTime(t *testing.T) {
	run, files := syntheticRun(t, 12)
	if first, second := writePage(t, run, files), writePage(t, run, files); first != second {
		t.Error("two pages of one run differ")
	}
}

func TestPageNeedsNothingFromOutside(t *testing.T) {
	run, files := syntheticRun(t, 12)
	doc := browser.Parse(t, writePage(t, run, files))
	doc.Find("[src], [href], [srcset], [action]").Each(func(_ int, s *goquery.Selection) {
		for _, name := range []string{"src", "href", "srcset", "action"} {
			if value, ok := s.Attr(name); ok && !strings.HasPrefix(value, "data:") && !strings.HasPrefix(value, "#") {
				t.Errorf("%s refers to %q", name, value)
			}
		}
	})
	if strings.Contains(doc.Find("style").Text(), "url(") {
		t.Error("the style loads something")
	}
	policy := doc.Find("meta[http-equiv=Content-Security-Policy]").AttrOr("content", "")
	doc.Find("style, script:not([type]), script#library").Each(func(_ int, s *goquery.Selection) {
		sum := sha256.Sum256([]byte(s.Text()))
		want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		_, directive, _ := strings.Cut(policy, goquery.NodeName(s)+"-src ")
		directive, _, _ = strings.Cut(directive, ";")
		if !strings.Contains(directive, want) {
			t.Errorf("policy %q lacks %q for a %s", policy, want, goquery.NodeName(s))
		}
	})
}

func TestPageIsAccessible(t *testing.T) {
	run, files := syntheticRun(t, 12)
	doc := browser.Parse(t, writePage(t, run, files))
	if doc.Find("html").AttrOr("lang", "") != "en" {
		t.Error("the page names no language")
	}
	level := 0
	doc.Find("h1, h2, h3, h4, h5, h6").Each(func(_ int, s *goquery.Selection) {
		next := int(goquery.NodeName(s)[1] - '0')
		if next > level+1 {
			t.Errorf("heading %q is of level %d after level %d", text(s), next, level)
		}
		level = next
	})
	doc.Find("svg").Each(func(_ int, s *goquery.Selection) {
		hidden := s.AttrOr("aria-hidden", "") == "true"
		if named := s.AttrOr("role", "") == "img" && s.AttrOr("aria-label", "") != ""; hidden == named {
			t.Errorf("svg %q is neither named nor hidden", s.AttrOr("class", ""))
		}
	})
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("id", ""); ids[id] {
			t.Errorf("id %q is there twice", id)
		} else {
			ids[id] = true
		}
	})
}

func TestPageIsUnharmedByHostileText(t *testing.T) {
	run, files := syntheticRun(t, 6)
	plain := browser.Parse(t, writePage(t, run, files))
	hostile := []string{
		`</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</style></title><svg onload=alert(1)>`,
		`javascript:alert(1)`, `{{.Run}}`, "\u202egnp.exe\u2066", strings.Repeat("very", 5000), "\x00\xff<b>", "]]><!--",
	}
	pick := func(i int) string { return hostile[i%len(hostile)] }
	run.Set.Title, run.Set.Licence, run.Set.Citation, run.Set.Source, run.Set.Note = pick(0), pick(1), pick(2), pick(4), pick(6)
	run.Command, run.Warnings = hostile, hostile
	run.Akin, run.Settings.Similarity, run.Machine.System = pick(1), match.Measure(pick(3)), pick(2)
	for i := range run.Stimuli.Triplets {
		tr := &run.Stimuli.Triplets[i]
		tr.ID, tr.TargetLabel, tr.RelatedLabel, tr.UnrelatedLabel = pick(i), pick(i+1), pick(i+2), pick(i+3)
		tr.Relation, tr.Distractor = pick(i+4), pick(i+5)
	}
	for i := range run.Models {
		m := &run.Models[i]
		m.Name, m.Title, m.Kind, m.Node, m.Engine, m.Hash, m.Source = pick(i), pick(i+1), pick(i+2), pick(i+3), pick(i+4), pick(i+5), pick(i+6)
	}
	doc := browser.Parse(t, writePage(t, run, files))
	for _, element := range []string{"script", "style", "title", "link", "meta"} {
		if got, want := doc.Find(element).Length(), plain.Find(element).Length(); got != want {
			t.Errorf("%d elements %s, want %d", got, element, want)
		}
	}
	if n := doc.Find("img, iframe, b, svg[onload]").Length(); n > 0 {
		t.Errorf("%d elements come from labels", n)
	}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "ZgotmplZ") || a.Key == "href" && strings.Contains(a.Val, "javascript:") {
				t.Errorf("%s has the attribute %s=%q", goquery.NodeName(s), a.Key, a.Val)
			}
		}
	})
	if got := doc.Find("title").Text(); got != run.Set.Title+" · akin" {
		t.Errorf("title %q is not the set's", got)
	}
	if got := doc.Find("h1 bdi").Text(); got != run.Set.Title {
		t.Errorf("h1 %q is not the set's title", got)
	}
}

func TestPageOfUnusualRuns(t *testing.T) {
	for _, c := range []struct {
		name     string
		triplets int
		change   func(*record.Run)
		check    func(*testing.T, *goquery.Document)
	}{
		{"without axes and labels", 12, func(r *record.Run) {
			r.Set.Title = ""
			for i := range r.Stimuli.Triplets {
				tr := &r.Stimuli.Triplets[i]
				tr.Relation, tr.Distractor, tr.TargetLabel, tr.RelatedLabel, tr.UnrelatedLabel = "", "", "", "", ""
			}
			for _, p := range r.Stimuli.Pictures {
				p.Label = ""
			}
		}, noAxes},
		{"some without a relation", 12, func(r *record.Run) { r.Stimuli.Triplets[0].Relation = "" }, func(t *testing.T, doc *goquery.Document) {
			if got := text(doc.Find(".panel").First().Find("text.row")); got != "taxonomicn = 5thematicn = 6no relationn = 1" {
				t.Errorf("rows %q", got)
			}
		}},
		{"one baseline", 12, func(r *record.Run) { r.Models = r.Models[4:] }, func(t *testing.T, doc *goquery.Document) {
			if got := text(doc.Find(".hero strong")); got != "edges" {
				t.Errorf("headline names %q", got)
			}
			if got := text(doc.Find(".said .quiet-text")); got != "" {
				t.Errorf("%q about other models, of which there are none", got)
			}
		}},
		{"all ties", 12, func(r *record.Run) {
			for i := range r.Models {
				for k := range r.Models[i].Choices {
					r.Models[i].Choices[k].Related, r.Models[i].Choices[k].Unrelated = 1, 1
				}
			}
		}, onlyTies},
		{"one triplet", 1, func(*record.Run) {}, func(t *testing.T, doc *goquery.Document) {
			if n := doc.Find(".panel .point").Length(); n != 10 {
				t.Errorf("%d points, want two for each model", n)
			}
			if n := doc.Find(".panel .density").Length(); n > 0 {
				t.Errorf("%d densities of one cosine", n)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			run, files := syntheticRun(t, c.triplets)
			c.change(run)
			c.check(t, soundPage(t, run, files))
		})
	}
}

func onlyTies(t *testing.T, doc *goquery.Document) {
	t.Helper()
	if n := doc.Find(".case").Length(); n > 0 {
		t.Errorf("%d cases, want none", n)
	}
	if got := text(doc.Find("#cases-1 p").First()); got != "No triplet was matched right; 12 ended in a tie." {
		t.Errorf("instead of cases: %q", got)
	}
	if got := text(doc.Find(".summary tbody tr").First().Find("td").Eq(2)); got != "–" {
		t.Errorf("p %q, want a dash", got)
	}
}

func noAxes(t *testing.T, doc *goquery.Document) {
	t.Helper()
	if n := doc.Find(".errors .bar, .forest").Length(); n > 0 {
		t.Errorf("%d figures of relations without relations", n)
	}
	if got := text(doc.Find("h1")); got != "synthetic" {
		t.Errorf("h1 %q, want the set's name", got)
	}
	if got := text(doc.Find(".example .label").First()); got != "object-000" {
		t.Errorf("label %q, want the file's stem", got)
	}
	if n := doc.Find(".summary tbody tr").First().Find("td").Length(); n != 4 {
		t.Errorf("%d cells, want 4", n)
	}
	if got := text(doc.Find(".panel text.row").First()); got != "all tripletsn = 12" {
		t.Errorf("row %q", got)
	}
}

// soundPage is the page of a run, which shows no number that is none.
func soundPage(t *testing.T, run *record.Run, files fs.FS) *goquery.Document {
	t.Helper()
	text := writePage(t, run, files)
	doc := browser.Parse(t, text)
	doc.Find("script:not([type]), script#library").Remove()
	for _, wrong := range []string{"NaN", "Inf", "%!"} {
		if strings.Contains(doc.Find("body").Text(), wrong) || strings.Contains(text, `="`+wrong) {
			t.Errorf("the page shows %s", wrong)
		}
	}
	return browser.Parse(t, text)
}

func TestPageNamesTheMeasure(t *testing.T) {
	run, files := syntheticRun(t, 20)
	run.Settings.Similarity = "dot"
	for k := range run.Models {
		for i := range run.Models[k].Choices {
			run.Models[k].Choices[i].Related *= 40 // beyond what a cosine can be
		}
	}
	doc := browser.Parse(t, writePage(t, run, files))
	if d := dataOf(t, doc); d.Measure != "dot product" {
		t.Errorf("the script calls it %q", d.Measure)
	}
	doc.Find("script, .command").Remove()
	if text := doc.Find("main").Text(); strings.Contains(text, "cosine") || !strings.Contains(text, "dot products of target and related") {
		t.Error("the page speaks of cosines where it has dot products")
	}
	last := doc.Find(".panel").First().Find(".axis text").Last()
	if text(last) == "1.0" || strings.HasPrefix(text(last), "0.") {
		t.Errorf("the scale ends at %s, as if it were one of cosines", text(last))
	}
}

func TestPageWithoutTheLibraryIsWhole(t *testing.T) {
	run, files := richRun(t, 12)
	p, err := New(Input{Run: run, Summary: summarised(t, run), Statistics: analysed(t, run), Pictures: page.Pictures{Files: files}})
	if err != nil {
		t.Fatal(err)
	}
	p.Library = ""
	b := openTab(t, browser.Text(t, p), "")
	if len(b.listed()) != 12 || !ask[bool](b, "dom.byId('figures').hidden") {
		t.Error("without the library the triplets are not listed, or empty figures are shown")
	}
	b.quiet()
}
