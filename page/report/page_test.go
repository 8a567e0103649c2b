package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
	"github.com/google/go-cmp/cmp"
)

// syntheticRun has triplets over twice as many pictures (the last of them are
// shared) and five models: better than chance, barely so, untrained, baselines.
func syntheticRun(t *testing.T, triplets int) (*record.Run, fstest.MapFS) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	files := fstest.MapFS{}
	pictures := make([]*stimuli.Picture, 2*triplets+1)
	for i := range pictures {
		name := fmt.Sprintf("pictures/object-%03d.png", i)
		data := drawnPicture(t, i)
		files[name] = &fstest.MapFile{Data: data}
		pictures[i] = &stimuli.Picture{Path: name, Label: fmt.Sprintf("object %d", i), Hash: sha256.Sum256(data), Bytes: int64(len(data))}
	}
	set := &stimuli.Set{Name: "synthetic", Version: "1", Title: "Drawn shapes", Pictures: pictures, Digest: strings.Repeat("ab", 32)}
	relations := []string{stimuli.Taxonomic, stimuli.Thematic}
	distractors := []string{stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice}
	for i := range triplets {
		target, related, unrelated := pictures[2*i], pictures[2*i+1], pictures[(2*i+7)%len(pictures)]
		set.Triplets = append(set.Triplets, stimuli.Triplet{
			ID: fmt.Sprintf("t%03d", i), Target: target, Related: related, Unrelated: unrelated,
			TargetLabel: target.Label, RelatedLabel: related.Label, UnrelatedLabel: unrelated.Label,
			RatingRelated: math.NaN(), RatingUnrelated: math.NaN(),
			Relation: relations[i%2], Distractor: distractors[i%3],
		})
	}
	run := &record.Run{
		Akin:     "0.1.0",
		Set:      record.SetInfo{Name: set.Name, Version: set.Version, Title: set.Title, Licence: "CC0", Citation: "nobody (2026)", Digest: set.Digest, Triplets: triplets, Pictures: len(pictures)},
		Settings: record.Settings{Similarity: "cosine", Credit: match.HalfCredit, Level: 0.95, Decoder: "akin-rgb/1"},
		Machine:  record.Machine{System: "linux/amd64", CPUs: 2, Go: "go1.26"},
		Command:  []string{"akin", "run", "synthetic set"},
		Warnings: []string{"5 pictures serve several triplets"},
		Stimuli:  set,
	}
	for _, m := range []struct {
		name, kind    string
		gain, spread  float64
		base, between float64
	}{
		{"good-net", model.Trained, 0.16, 0.12, 0.5, 0.10},
		{"weak-net", model.Trained, 0.03, 0.10, 0.55, 0.12},
		{"untrained-net", model.Untrained, 0.001, 0.008, 0.97, 0.01},
		{"pixels", model.NoNetwork, 0.02, 0.25, 0.1, 0.2},
		{"edges", model.NoNetwork, 0.04, 0.15, 0.3, 0.1},
	} {
		run.Models = append(run.Models, record.Model{
			Card: model.Card{Name: m.name, Title: "synthetic " + m.name, Kind: m.kind, Licence: "Apache-2.0", Source: "drawn at random"},
			Hash: strings.Repeat("cd", 32), RecipeDigest: strings.Repeat("ef", 32), Node: "features", Dim: 256, Engine: "none",
			Choices: drawnChoices(set.Triplets, random, m.gain, m.spread, m.base, m.between),
		})
	}
	return run, files
}

func drawnChoices(triplets []stimuli.Triplet, random *rand.Rand, gain, spread, base, between float64) []match.Choice {
	choices := make([]match.Choice, len(triplets))
	for i := range triplets {
		level := base + between*random.NormFloat64()
		if triplets[i].Relation == stimuli.Thematic {
			level -= gain / 2
		}
		choices[i] = match.Choice{
			Triplet:   &triplets[i],
			Related:   max(-1, min(1, level+gain+spread/2*random.NormFloat64())),
			Unrelated: max(-1, min(1, base+spread/2*random.NormFloat64())),
		}
	}
	return choices
}

// drawnPicture is a disc whose colour, size and shape depend on i.
func drawnPicture(t *testing.T, i int) []byte {
	t.Helper()
	width, height := 180+i%40, 120+i%90
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	ink := color.NRGBA{uint8(40 + i*37%200), uint8(40 + i*59%200), uint8(40 + i*83%200), 255}
	for y := range height {
		for x := range width {
			if math.Hypot(float64(x-width/2), float64(y-height/2)*(1+float64(i%3))) < float64(30+i%25) {
				img.SetNRGBA(x, y, ink)
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// analysed is the run's statistics, with few resamples.
func analysed(t *testing.T, run *record.Run) record.Statistics {
	t.Helper()
	s, err := record.Analyse(run, stats.Options{Resamples: 99, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writePage(t *testing.T, run *record.Run, files fs.FS) string {
	t.Helper()
	return written(t, Input{Run: run, Summary: record.Summarise(run), Statistics: analysed(t, run), Pictures: page.Pictures{Files: files}})
}

// written is the page as a file has it.
func written(t testing.TB, in Input) string {
	t.Helper()
	p, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func parsePage(t *testing.T, text string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func TestPageShowsTheSummary(t *testing.T) {
	run, files := syntheticRun(t, 60)
	summary := record.Summarise(run)
	doc := parsePage(t, writePage(t, run, files))

	if got := text(doc.Find("h1")); got != run.Set.Title {
		t.Errorf("h1 %q, want the set's title %q", got, run.Set.Title)
	}
	headings := doc.Find(".summary thead tr:last-child th").Map(func(_ int, s *goquery.Selection) string { return text(s) })
	want := "model errorn = 60 p AUC taxonomicn = 30 thematicn = 30 shapen = 20 colourn = 20 randomn = 20 alike ties"
	if got := strings.Join(strings.Fields(strings.Join(headings[:2], " ")+" "+strings.Join(headings[3:], " ")), " "); got != want {
		t.Errorf("columns %q, want %q", got, want)
	}
	rows := doc.Find(".summary tbody tr")
	if rows.Length() != len(run.Models) {
		t.Fatalf("%d rows, want %d", rows.Length(), len(run.Models))
	}
	for i, m := range summary.Models {
		want := []float64{m.MatchingError, m.PChance, m.AUC,
			m.ByRelation["taxonomic"].MatchingError, m.ByRelation["thematic"].MatchingError,
			m.ByDistractor["shape"].MatchingError, m.ByDistractor["colour"].MatchingError, m.ByDistractor["random"].MatchingError,
			float64(m.Ties)}
		rows.Eq(i).Find("td[data-value]:not(.letters)").Each(func(k int, cell *goquery.Selection) {
			if got, err := strconv.ParseFloat(cell.AttrOr("data-value", ""), 64); err != nil || got != want[k] {
				t.Errorf("%s, cell %d: %v (%v), want %v", m.Name, k, got, err, want[k])
			}
		})
		shown := text(rows.Eq(i).Find(".main"))
		ci := m.MatchingErrorCI
		if want := fmt.Sprintf("%.1f%.1f–%.1f", 100*m.MatchingError, 100*ci.Low, 100*ci.High); shown != want {
			t.Errorf("%s shows %q, want %q", m.Name, shown, want)
		}
	}
	if n := doc.Find(".curve").Length(); n != 2*len(run.Models) {
		t.Errorf("%d curves in plot and key, want two for each model", n)
	}
	if n := doc.Find(".panel .density").Length(); n != 4*len(run.Models) {
		t.Errorf("%d densities, want four for each model", n)
	}
}

func TestPageHeadline(t *testing.T) {
	const chance, worse, better = "that cannot be told from chance, which is 50", "that is worse than chance, which is 50", "); chance is 50"
	for _, c := range []struct {
		name                    string
		right, wrong, ties      int
		wantMatched, wantPhrase string
	}{
		{"better", 18, 2, 0, "matches 18 of 20 related", better},
		{"chance", 11, 9, 0, "matches 11 of 20 related", chance},
		{"worse", 2, 18, 0, "matches 2 of 20 related", worse},
		{"half points", 10, 9, 1, "matches 10.5 of 20 related", "Ties count half."},
		{"all ties", 0, 0, 20, "matches 10 of 20 related", chance},
	} {
		t.Run(c.name, func(t *testing.T) {
			run, files := syntheticRun(t, 20)
			run.Models = run.Models[:1]
			for i := range run.Models[0].Choices {
				choice := &run.Models[0].Choices[i]
				choice.Related, choice.Unrelated = 0.5, 0.5
				if i < c.right {
					choice.Unrelated = 0.4
				} else if i < c.right+c.wrong {
					choice.Unrelated = 0.6
				}
			}
			got := text(parsePage(t, writePage(t, run, files)).Find("#headline"))
			for _, want := range []string{c.wantMatched, c.wantPhrase} {
				if !strings.Contains(got, want) {
					t.Errorf("headline %q lacks %q", got, want)
				}
			}
		})
	}
}

func TestPageNamesTheTrainedModelThatErrsLeast(t *testing.T) {
	run, files := syntheticRun(t, 60)
	run.Models[0], run.Models[1] = run.Models[1], run.Models[0]
	run.Models[4].Choices = slices.Clone(run.Models[4].Choices)
	for i := range run.Models[4].Choices { // a baseline without an error is not a trained model
		run.Models[4].Choices[i].Related, run.Models[4].Choices[i].Unrelated = 0.9, 0.1
	}
	doc := parsePage(t, writePage(t, run, files))
	if got := text(doc.Find("#headline bdi")); got != "good-net" {
		t.Errorf("headline names %q, want good-net", got)
	}
	if got := text(doc.Find(".top .quiet-text bdi")); got != "edges" {
		t.Errorf("reference is %q, want edges", got)
	}
}

func TestPageWarnsOfModelsThatFailedTheirCheck(t *testing.T) {
	run, files := syntheticRun(t, 20)
	summary := record.Summarise(run)
	summary.Models[0].Check, summary.Models[1].Check = record.Failed, record.Unchecked
	doc := parsePage(t, written(t, Input{Run: run, Summary: summary, Pictures: page.Pictures{Files: files}}))
	if got := text(doc.Find("#headline bdi")); got != "weak-net" {
		t.Errorf("headline names %q, want the model that did not fail", got)
	}
	rows := doc.Find(".summary tbody tr")
	if got := text(rows.Eq(0).Find(".alarm")); got != "failed its check" {
		t.Errorf("the failed model is marked %q", got)
	}
	if got := text(rows.Eq(1).Find(".tag").Last()); got != "unchecked" {
		t.Errorf("the unchecked model is marked %q", got)
	}
	if got := text(doc.Find(".note").First()); !strings.Contains(got, "do not trust its row") {
		t.Errorf("note %q does not warn", got)
	}
}

func TestPageHoldsEachPictureOnce(t *testing.T) {
	run, files := syntheticRun(t, 60)
	text := writePage(t, run, files)
	doc := parsePage(t, text)
	ids, urls := map[string]bool{}, map[string]bool{}
	doc.Find("defs image").Each(func(_ int, s *goquery.Selection) {
		id, url := s.AttrOr("id", ""), s.AttrOr("href", "")
		if ids[id] || urls[url] {
			t.Errorf("%s stands in the page twice", id)
		}
		ids[id], urls[url] = true, true
		checkThumbnail(t, id, url)
	})
	used := map[string]bool{}
	uses := doc.Find(".picture use").Each(func(_ int, s *goquery.Selection) {
		used[strings.TrimPrefix(s.AttrOr("href", ""), "#")] = true
	})
	if diff := cmp.Diff(ids, used); diff != "" {
		t.Errorf("pictures held (-) and shown (+) differ:\n%s", diff)
	}
	if uses.Length() <= len(ids) {
		t.Errorf("%d uses of %d pictures: the run should use some twice", uses.Length(), len(ids))
	}
	var others []string
	if err := json.Unmarshal([]byte(doc.Find("#pictures").Text()), &others); err != nil {
		t.Fatal(err)
	}
	for number, url := range others {
		id := "picture-" + strconv.Itoa(number)
		if ids[id] == (url != "") || urls[url] {
			t.Errorf("%s stands in the page twice or not at all", id)
		}
		if url != "" {
			urls[url] = true
			checkThumbnail(t, id, url)
		}
	}
	if n, want := strings.Count(text, "data:image/"), len(Pictures(run)); n != want {
		t.Errorf("%d data URLs, want one for each of %d pictures", n, want)
	}
}

func checkThumbnail(t *testing.T, id, url string) {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(url, "data:image/jpeg;base64,"))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if longer := max(config.Width, config.Height); longer != page.ThumbnailSide {
		t.Errorf("%s: longer side %d, want %d", id, longer, page.ThumbnailSide)
	}
}

func TestPageCases(t *testing.T) {
	run, files := syntheticRun(t, 60)
	doc := parsePage(t, writePage(t, run, files))
	if open := doc.Find("details[open]"); open.Length() != 1 || open.AttrOr("id", "") != "cases-1" {
		t.Errorf("%d models are open, want the first trained one", open.Length())
	}
	var margins []float64
	doc.Find("#cases-1 .case").Each(func(i int, s *goquery.Selection) {
		wantMark := "right"
		if i >= casesShown {
			wantMark = "wrong"
		}
		if got := text(s.Find(".mark")); got != wantMark {
			t.Errorf("case %d is marked %q, want %q", i, got, wantMark)
		}
		text := strings.NewReplacer("margin ", "", "−", "-").Replace(text(s.Find(".triplet > div:first-child .number")))
		margin, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		margins = append(margins, margin)
	})
	var all []float64
	for _, c := range run.Models[0].Choices {
		all = append(all, math.Round(1000*c.Margin())/1000)
	}
	slices.Sort(all)
	want := slices.Concat(all[len(all)-casesShown:], all[:casesShown])
	slices.Reverse(want[:casesShown])
	if diff := cmp.Diff(want, margins); diff != "" {
		t.Errorf("margins (-want +got):\n%s", diff)
	}
}

func TestPageIsTheSameEachTime(t *testing.T) {
	run, files := syntheticRun(t, 12)
	if first, second := writePage(t, run, files), writePage(t, run, files); first != second {
		t.Error("two pages of one run differ")
	}
}

func TestPageNeedsNothingFromOutside(t *testing.T) {
	run, files := syntheticRun(t, 12)
	doc := parsePage(t, writePage(t, run, files))
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
	doc.Find("style, script:not([type])").Each(func(_ int, s *goquery.Selection) {
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
	doc := parsePage(t, writePage(t, run, files))
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
	plain := parsePage(t, writePage(t, run, files))
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
	doc := parsePage(t, writePage(t, run, files))
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
		}, func(t *testing.T, doc *goquery.Document) {
			if n := doc.Find("#relations").Length(); n > 0 {
				t.Error("a sentence on relations stands there without relations")
			}
			if got := text(doc.Find("h1")); got != "synthetic" {
				t.Errorf("h1 %q, want the set's name", got)
			}
			if got := text(doc.Find(".example .label").First()); got != "object-000" {
				t.Errorf("label %q, want the file's stem", got)
			}
			if n := doc.Find(".summary tbody tr").First().Find("td").Length(); n != 6 {
				t.Errorf("%d cells, want 6", n)
			}
			if got := text(doc.Find("text.row").First()); got != "all tripletsn = 12" {
				t.Errorf("row %q", got)
			}
		}},
		{"some without a relation", 12, func(r *record.Run) { r.Stimuli.Triplets[0].Relation = "" }, func(t *testing.T, doc *goquery.Document) {
			if got := text(doc.Find(".panel").First().Find("text.row")); got != "taxonomicn = 5thematicn = 6no relationn = 1" {
				t.Errorf("rows %q", got)
			}
		}},
		{"one baseline", 12, func(r *record.Run) { r.Models = r.Models[4:] }, func(t *testing.T, doc *goquery.Document) {
			if got := text(doc.Find("#headline bdi")); got != "edges" {
				t.Errorf("headline names %q", got)
			}
			if got := text(doc.Find(".top .quiet-text")); got != "" {
				t.Errorf("%q about other models, of which there are none", got)
			}
		}},
		{"all ties", 12, func(r *record.Run) {
			for i := range r.Models {
				for k := range r.Models[i].Choices {
					r.Models[i].Choices[k].Related, r.Models[i].Choices[k].Unrelated = 1, 1
				}
			}
		}, func(t *testing.T, doc *goquery.Document) {
			if n := doc.Find(".case").Length(); n > 0 {
				t.Errorf("%d cases, want none", n)
			}
			if got := text(doc.Find("#cases-1 p").First()); got != "No triplet was matched right; 12 ended in a tie." {
				t.Errorf("instead of cases: %q", got)
			}
			if got := text(doc.Find(".summary tbody tr").First().Find("td").Eq(2)); got != "–" {
				t.Errorf("p %q, want a dash", got)
			}
		}},
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
			text := writePage(t, run, files)
			doc := parsePage(t, text)
			doc.Find("script:not([type])").Remove()
			for _, wrong := range []string{"NaN", "Inf", "%!"} {
				if strings.Contains(doc.Find("body").Text(), wrong) || strings.Contains(text, `="`+wrong) {
					t.Errorf("the page shows %s", wrong)
				}
			}
			c.check(t, parsePage(t, text))
		})
	}
}

func TestPageStandsWithoutPictures(t *testing.T) {
	run, files := syntheticRun(t, 3)
	broken, gone, changed := run.Stimuli.Triplets[0].Target, run.Stimuli.Triplets[1].Target, run.Stimuli.Triplets[2].Target
	files[broken.Path] = &fstest.MapFile{Data: []byte("not a picture")}
	broken.Hash = sha256.Sum256([]byte("not a picture"))
	delete(files, gone.Path)
	files[changed.Path] = &fstest.MapFile{Data: drawnPicture(t, 99)}
	doc := parsePage(t, writePage(t, run, files))
	if got := text(doc.Find("#missing-pictures")); !strings.HasPrefix(got, "3 of 6 pictures cannot be shown") {
		t.Errorf("the notes say %q", got)
	}
	if got := doc.Find(".example .missing").AttrOr("aria-label", ""); got != "object 0, not found" {
		t.Errorf("in the place of the broken picture stands %q", got)
	}
	if err := CheckPictures(run, files); err == nil || !strings.Contains(err.Error(), "2 of 6") {
		t.Errorf("error %v does not count what is gone and changed", err)
	}
	if doc := parsePage(t, writePage(t, run, nil)); doc.Find("defs image").Length() > 0 || doc.Find(".picture.missing").Length() == 0 {
		t.Error("without any picture the page has some, or no placeholder")
	}
	run.Models = nil
	if _, err := New(Input{Run: run, Summary: record.Summarise(run), Pictures: page.Pictures{Files: files}}); err == nil {
		t.Error("a run without models has a page")
	}
}

func TestPageConcludes(t *testing.T) {
	run, files := syntheticRun(t, 60)
	doc := parsePage(t, writePage(t, run, files))
	if got := doc.Find("table.conclusions tbody tr").Length(); got != len(run.Models) {
		t.Errorf("%d models are concluded on, want %d", got, len(run.Models))
	}
	s := analysed(t, run)
	if got := doc.Find("#h-conclusions ~ ul").Text(); !strings.Contains(got, words.NewFindings(s).Comparison) {
		t.Errorf("the conclusions lack %q", words.NewFindings(s).Comparison)
	}
	if got := doc.Find("details.notes li").Length(); got != len(words.Notes(s)) {
		t.Errorf("%d reservations, want %d", got, len(words.Notes(s)))
	}
	if parsePage(t, written(t, Input{Run: run, Summary: record.Summarise(run), Pictures: page.Pictures{Files: files}})).Find("#h-conclusions").Length() != 0 {
		t.Error("a page without statistics concludes")
	}
}

// TestThumbnailsAreKept writes one page twice: the same bytes, from thumbnails
// that are kept, and made anew where a kept one is damaged.
func TestThumbnailsAreKept(t *testing.T) {
	run, files := syntheticRun(t, 12)
	from := page.Pictures{Files: files, Thumbnails: t.TempDir()}
	write := func() string {
		t.Helper()
		return written(t, Input{Run: run, Summary: record.Summarise(run), Pictures: from})
	}
	first := write()
	hash := Pictures(run)[0].Hash.String()
	kept, err := filepath.Glob(filepath.Join(from.Thumbnails, "*", hash[:2], hash))
	if deeper, _ := filepath.Glob(filepath.Join(from.Thumbnails, "*", "*", hash[:2], hash)); err == nil {
		kept = append(kept, deeper...)
	}
	if len(kept) != 1 {
		t.Fatalf("kept thumbnails of a picture: %v (%v), want one", kept, err)
	}
	name := kept[0]
	sound, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data := bytes.Clone(sound)
	if second := write(); second != first {
		t.Error("the page of kept thumbnails differs")
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	if third := write(); third != first {
		t.Error("the page after a damaged thumbnail differs")
	}
	if mended, err := os.ReadFile(name); err != nil || !bytes.Equal(mended, sound) {
		t.Errorf("a damaged thumbnail is not made anew (%v)", err)
	}
}
