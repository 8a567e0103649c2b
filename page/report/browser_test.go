package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

func TestWalkThroughThePage(t *testing.T) {
	run, files := richRun(t, 60)
	b := openTab(t, writePage(t, run, files), "")

	if got := b.text("#count"); !strings.HasPrefix(got, "60 of 60 shown A errs in 25 %, B errs in") {
		t.Errorf("the count says %q", got)
	}
	if got := len(b.listed()); got >= 60 {
		t.Errorf("%d cards at once: the list makes all of them", got)
	}
	if got := b.text("#detail-body .classes ol"); !strings.Contains(got, "tench 20.0 %") {
		t.Errorf("the classifier's classes are %q", got)
	}
	b.quiet()

	t.Run("sort", func(t *testing.T) {
		b := b.in(t)
		for _, order := range []string{"ascending", "descending"} {
			b.do(chromedp.Click(chromedp.CSS(".summary thead tr:last-child th:nth-child(5) button")))
			values := ask[[]float64](b, "[...document.querySelectorAll('.summary tbody tr')].map(r => Number(r.cells[4].dataset.value))")
			want := slices.Sorted(slices.Values(values))
			if order == "descending" {
				slices.Reverse(want)
			}
			if diff := cmp.Diff(want, values); diff != "" {
				t.Errorf("AUCs are not %s (-want +got):\n%s", order, diff)
			}
			if got := ask[string](b, "document.querySelector('[aria-sort]').getAttribute('aria-sort')"); got != order {
				t.Errorf("the heading says %s, want %s", got, order)
			}
		}
	})
	t.Run("keys", func(t *testing.T) { pressKeys(t, b) })
	t.Run("only A right", func(t *testing.T) { filterCards(t, b, run) })
	t.Run("deep link", func(t *testing.T) {
		b := b.in(t)
		b.until("new URLSearchParams(location.hash.slice(1)).get('q') === 'object 2'") // the address follows a little later
		address := ask[string](b, "location.hash")
		state := func(b *tab) [3]string {
			return [3]string{b.text("#count"), b.text("#pin-list"), b.text("[aria-sort=descending]")}
		}
		want := state(b)
		again := openTab(t, writePage(t, run, files), address)
		if got := state(again.in(t)); got != want {
			t.Errorf("the link %s shows %q, want %q", address, got, want)
		}
		again.quiet()
	})
	b.quiet()
}

// pressKeys walks by keyboard, pins a triplet and opens the help.
func pressKeys(t *testing.T, b *tab) {
	b = b.in(t)
	cards := b.listed()
	b.press("j")
	b.press("j")
	b.press("k")
	if got := b.text("#detail .id"); got != cards[1] {
		t.Errorf("after j j k the triplet is %s, want %s", got, cards[1])
	}
	b.do(chromedp.Focus(chromedp.CSS("#list [aria-selected=true]")))
	b.press("\r")
	if got := b.text("#pin-list"); !strings.Contains(got, ask[string](b, "data.run.triplets.labels[selection.current()][0]")) {
		t.Errorf("Enter pinned %q", got)
	}
	b.press("?")
	if !ask[bool](b, "dom.byId('help').open") {
		t.Error("? does not open the help")
	}
	b.do(chromedp.Click(chromedp.CSS("#help-close")))
}

// filterCards shows what A gets right and B wrong, then one relation and a word.
func filterCards(t *testing.T, b *tab, run *record.Run) {
	b = b.in(t)
	b.set("b", "pixels")
	b.set("show", "only-a")
	var want []string
	for i, c := range run.Models[0].Choices {
		if c.Outcome() == "right" && run.Models[3].Choices[i].Outcome() == "wrong" {
			want = append(want, c.Triplet.ID)
		}
	}
	got := ask[[]string](b, "selection.passing().map(i => data.run.triplets.ids[i]).sort()")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("A right and B wrong (-want +got):\n%s", diff)
	}
	b.set("relation", "thematic")
	b.set("q", "object 2")
	for _, i := range ask[[]int](b, "selection.passing()") {
		tr := run.Stimuli.Triplets[i]
		if tr.Relation != "thematic" || !strings.Contains(tr.ID+tr.TargetLabel+tr.RelatedLabel+tr.UnrelatedLabel, "2") {
			t.Errorf("%s is shown", tr.ID)
		}
	}
}

// TestAnAddressOfUnknownNamesIsHarmless: names that every object of a script has
// are no names of filters.
func TestAnAddressOfUnknownNamesIsHarmless(t *testing.T) {
	run, files := richRun(t, 12)
	b := openTab(t, writePage(t, run, files), "#show=constructor&order=toString&a=nobody&sort=x&at=nothing")
	if got := b.text("#count"); !strings.HasPrefix(got, "12 of 12 shown") {
		t.Errorf("the count says %q", got)
	}
	b.quiet()
}

func TestPointingAtTheFigures(t *testing.T) {
	needPlot(t)
	run, files := richRun(t, 40)
	b := openTab(t, writePage(t, run, files), "")
	for _, figure := range []string{"#ratings", "#two-models"} {
		chart := map[string]int{"#ratings": 0, "#two-models": 1}[figure]
		if got, want := ask[int](b, fmt.Sprintf("charts.drawn[%d].points.length", chart)), 2*len(run.Stimuli.Triplets); got != want {
			t.Errorf("%s has %d points, want %d", figure, got, want)
		}
		type place struct{ X, Y float64 }
		at := ask[place](b, fmt.Sprintf(`(() => { const c = charts.drawn[%d]; c.svg.scrollIntoView({block: "center"}); const p = c.points[6]; const r = c.svg.getBoundingClientRect();
			return {x: r.left + p.x * r.width / c.svg.viewBox.baseVal.width, y: r.top + p.y * r.height / c.svg.viewBox.baseVal.height} })()`, chart))
		i := ask[int](b, fmt.Sprintf("charts.drawn[%d].points[6].i", chart))
		b.do(chromedp.MouseEvent("mouseMoved", at.X, at.Y))
		if ask[bool](b, "dom.byId('hover').hidden") {
			t.Fatalf("%s: no card under the pointer", figure)
		}
		if n := ask[int](b, "document.querySelectorAll('#hover .picture').length"); n != 3 {
			t.Errorf("%s: the card has %d pictures", figure, n)
		}
		if got, want := b.text("#hover"), run.Stimuli.Triplets[i].RelatedLabel; !strings.Contains(got, want) || !strings.Contains(got, "margin") {
			t.Errorf("%s: the card %q does not name %s", figure, got, want)
		}
		if over := ask[bool](b, fmt.Sprintf(`(() => { const [c, f] = [dom.byId('hover'), charts.drawn[%d].svg].map(e => e.getBoundingClientRect());
			return c.left < f.right && f.left < c.right && c.top < f.bottom && f.top < c.bottom })()`, chart)); over {
			t.Errorf("%s: the card covers the figure that it is about", figure)
		}
		b.do(chromedp.MouseClickXY(at.X, at.Y))
		if got, want := b.text("#detail .id"), run.Stimuli.Triplets[i].ID; got != want {
			t.Errorf("%s: a click chose %s, want %s", figure, got, want)
		}
		b.do(chromedp.Focus(chromedp.CSS(figure + " .plot")))
		b.press(kb.ArrowRight)
		if next := ask[string](b, "data.run.triplets.labels[selection.current()][0]"); ask[bool](b, "dom.byId('hover').hidden") || !strings.Contains(b.text("#hover"), next) {
			t.Errorf("%s: an arrow key does not show the card of %s", figure, next)
		}
		if !ask[bool](b, fmt.Sprintf("view.pins.has(%d)", i)) {
			t.Errorf("%s: a click did not pin", figure)
		}
	}
	b.quiet()
}

func TestROCNamesTheThreshold(t *testing.T) {
	run, files := richRun(t, 40)
	b := openTab(t, writePage(t, run, files), "")
	type place struct{ X, Y float64 }
	at := ask[place](b, `(() => { const s = document.querySelector(".roc-plot"); s.scrollIntoView({block: "center"}); const p = roc.points(data.run.models[0])[20]; const r = s.getBoundingClientRect();
		return {x: r.left + p.x * r.width / 420, y: r.top + p.y * r.height / 420} })()`)
	b.do(chromedp.MouseEvent("mouseMoved", at.X, at.Y))
	if got := b.text("#hover .line"); !strings.Contains(got, "cosine of at least") || !strings.Contains(got, "of related pairs") {
		t.Errorf("the card over the curve says %q", got)
	}
	b.do(chromedp.Focus(chromedp.CSS(".roc-frame")))
	b.press(kb.ArrowRight)
	if got, want := b.text("#hover .line"), ask[string](b, "roc.inWords(roc.points(view.modelA())[1])"); got != want {
		t.Errorf("after an arrow key the card says %q, want %q", got, want)
	}
	if drawn := ask[float64](b, `(() => { const path = document.querySelector('path.curve[data-model="good-net"]'); const l = path.getTotalLength(); let worst = 0;
		for (const p of roc.points(data.run.models[0])) { let best = 1e9; for (let s = 0; s <= l; s += 1) { const q = path.getPointAtLength(s); best = Math.min(best, Math.hypot(q.x - p.x, q.y - p.y)); } worst = Math.max(worst, best); }
		return worst; })()`); drawn > 1.2 {
		t.Errorf("the points under the pointer lie up to %.1f units off the drawn curve", drawn)
	}
	b.quiet()
}

func TestPageHasNoBarrier(t *testing.T) {
	axe, err := os.ReadFile("web/node_modules/axe-core/axe.min.js")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("axe-core is not there: make page/report/web/dist/plot.js installs it")
	}
	if err != nil {
		t.Fatal(err)
	}
	run, files := richRun(t, 30)
	b := openTab(t, writePage(t, run, files), "#pin=t003&at=t004")
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range map[string][]int64{"light": {360, 390, 1280, 3840}, "dark": {390, 1280}}[scheme] {
			b.media("", scheme)
			b.do(chromedp.EmulateViewport(width, 900))
			findings, err := browser.Findings(b.ctx, string(axe))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				t.Errorf("%s, %d pixels wide: %s", scheme, width, f)
			}
		}
	}
	b.quiet()
}

func TestDarkAndPrint(t *testing.T) {
	run, files := richRun(t, 30)
	b := openTab(t, writePage(t, run, files), "")
	background := func() string { return ask[string](b, "getComputedStyle(document.body).backgroundColor") }
	b.media("", "dark")
	if got := background(); got != "rgb(20, 23, 26)" {
		t.Errorf("in the dark the page is %s", got)
	}
	const visible = "['#view', '#list', '.static-cases', '.summary'].map(s => document.querySelector(s)?.checkVisibility() ?? false)"
	if diff := cmp.Diff([]bool{true, true, false, true}, ask[[]bool](b, visible)); diff != "" {
		t.Errorf("on screen, filters, list, clearest cases, table (-want +got):\n%s", diff)
	}
	b.media("print", "light")
	if got := background(); got != "rgb(255, 255, 255)" {
		t.Errorf("in print the page is %s", got)
	}
	if diff := cmp.Diff([]bool{false, false, true, true}, ask[[]bool](b, visible)); diff != "" {
		t.Errorf("in print, filters, list, clearest cases, table (-want +got):\n%s", diff)
	}
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(pdf), "%PDF") {
		t.Error("the page does not print")
	}
	b.quiet()
}

func TestHostileTextDoesNotRun(t *testing.T) {
	run, files := richRun(t, 12)
	hostile := []string{
		`</script><script>document.title="taken"</script>`, `"><img src=x onerror='document.title="taken"'>`,
		"\u2028\u2029document.title='taken'//", "\u202egnp.exe\u2066", strings.Repeat("wide", 3000), "]]><!--<script>", `\u003c/script\u003e`, "a&pin=t001#at=t002",
	}
	pick := func(i int) string { return hostile[i%len(hostile)] }
	for i := range run.Stimuli.Triplets {
		tr := &run.Stimuli.Triplets[i]
		tr.ID, tr.TargetLabel, tr.RelatedLabel, tr.UnrelatedLabel = pick(i)+fmt.Sprint(i), pick(i+1), pick(i+2), pick(i+3)
		tr.Relation, tr.Distractor = pick(i/2), pick(i/3)
	}
	for i := range run.Models {
		run.Models[i].Name, run.Models[i].Kind = pick(i)+fmt.Sprint(i), "trained"
	}
	run.Models[0].Posteriors[run.Stimuli.Pictures[0].Hash][0].Name = hostile[0]
	run.Failures[0].Failures[0].Path, run.Failures[0].Failures[0].Truth.Name = hostile[1], hostile[0]
	run.Stimuli.Judgements = append(run.Stimuli.Judgements, stimuli.Judgement{Scale: hostile[1], A: run.Stimuli.Pictures[0], B: run.Stimuli.Pictures[1], Value: 3})
	b := openTab(t, writePage(t, run, files), "")
	for range run.Stimuli.Triplets {
		b.press("p")
		b.press("j")
	}
	if got := ask[string](b, "document.title"); got != run.Set.Title+" · akin" {
		t.Errorf("the title became %q", got)
	}
	if tall := ask[[]string](b, "[...document.querySelectorAll('.summary bdi, .bars bdi, .key bdi, #explore bdi, h3 bdi')].filter(e => e.getBoundingClientRect().height > 120).map(e => e.textContent.slice(0, 40))"); len(tall) > 0 {
		t.Errorf("names take more than a few lines: %q", tall)
	}
	want, err := json.Marshal(run.Stimuli.Triplets[3].ID)
	if err != nil {
		t.Fatal(err)
	}
	if !ask[bool](b, "data.run.triplets.ids[3] === "+string(want)) {
		t.Error("an id did not come through unharmed")
	}
	b.until(fmt.Sprintf("new URLSearchParams(location.hash.slice(1)).getAll('pin').length === %d", len(run.Stimuli.Triplets)))
	again := openTab(t, writePage(t, run, files), ask[string](b, "location.hash"))
	if got := ask[int](again, "view.pins.size"); got != len(run.Stimuli.Triplets) {
		t.Errorf("the link brought back %d pins, want %d", got, len(run.Stimuli.Triplets))
	}
	b.quiet()
	again.quiet()
}

// TestNothingIsMadeBeforeItIsNear: a page just opened has made no card and no chart and
// has loaded the pictures of its head only; paper has the clearest cases with their pictures.
func TestNothingIsMadeBeforeItIsNear(t *testing.T) {
	needPlot(t)
	run, files := richRun(t, 60)
	html := writePage(t, run, files)
	const made = "['#list > *', '#figures .plot svg', '#detail-body > *', 'image', '.static-cases .case'].map(s => document.querySelectorAll(s).length)"
	b := openTop(t, html, "")
	if diff := cmp.Diff([]int{0, 0, 0, 3, 0}, ask[[]int](b, made)); diff != "" {
		t.Errorf("cards, charts, details, pictures, clearest cases of a page just opened (-want +got):\n%s", diff)
	}
	if _, err := chromedp.Run(b.ctx, chromedp.PrintToPDF()); err != nil {
		t.Fatal(err)
	}
	if got := ask[[]int](b, made); got[1] == 0 || got[3] <= 3 || got[4] == 0 {
		t.Errorf("on paper there are %d charts, %d pictures and %d clearest cases", got[1], got[3], got[4])
	}
	if twice := ask[int](b, "new Set([...document.querySelectorAll('image')].map(e => e.id)).size - document.querySelectorAll('image').length"); twice != 0 {
		t.Errorf("%d pictures stand in the page twice", -twice)
	}
	if missing := ask[int](b, "[...document.querySelectorAll('use')].filter(e => !document.querySelector(e.getAttribute('href'))).length"); missing != 0 {
		t.Errorf("%d pictures are named and not there", missing)
	}
	b.quiet()
	near := openTab(t, html, "")
	if got := ask[[]int](near, made); got[0] == 0 || got[2] == 0 {
		t.Errorf("near the triplets there are %d cards and %d details", got[0], got[2])
	}
	near.quiet()
}
