package compose

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/akin-vision/akin/internal/browser"
	devtools "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// hostile gives labels and files names that a page, a table or an address may
// stumble over.
func hostile(t testing.TB) Config {
	t.Helper()
	c := configured(t)
	all, odd := c.Pictures.(fstest.MapFS), fstest.MapFS{}
	table := "path,label,synset\n"
	for path, file := range all {
		label, name, _ := strings.Cut(path, "/")
		said := label
		switch label {
		case "dog":
			label, said = `do"g, #1?%41`, `</script><script>document.title="taken"</script>`
		case "cat":
			said = `<b>"cat" & 'co'</b>`
		}
		odd[label+"/"+name] = file
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		table += quote(label+"/"+name) + "," + quote(said) + "," + map[string]string{"do": "dog.n.01", "ca": "cat.n.01"}[label[:2]] + "\n"
	}
	odd["pictures.csv"] = &fstest.MapFile{Data: []byte(table)}
	c.Pictures = odd
	return c
}

// visit opens the page of a set, written to a folder of its own.
func visit(t *testing.T, ctx context.Context, m *Composition, folder string) {
	t.Helper()
	if err := m.Write(folder); err != nil {
		t.Fatal(err)
	}
	page := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(folder, pageFile))}
	act(t, ctx, chromedp.Navigate(page.String()))
}

func act(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// says compares what the page tells at its top.
func says(t *testing.T, ctx context.Context, want string) {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`["place", "done", "decision"].map(id => document.getElementById(id).textContent).join(", ")`))
	if got != want || err != nil {
		t.Errorf("the page says %q, want %q, error %v", got, want, err)
	}
}

// saved presses s and reads the review that arrives in folder.
func saved(t *testing.T, ctx context.Context, folder string) []Review {
	t.Helper()
	_, err := chromedp.CallBrowser(ctx, devtools.SetDownloadBehavior, devtools.SetDownloadBehaviorParams{Behavior: devtools.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder})
	if err != nil {
		t.Fatal(err)
	}
	act(t, ctx, chromedp.KeyEvent("s"))
	name := filepath.Join(folder, "review.csv")
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if data, err := os.ReadFile(name); err == nil && len(data) > 0 {
			reviews, err := ReadReviews(os.DirFS(folder), "review.csv")
			if err != nil {
				t.Fatal(err)
			}
			return reviews
		}
	}
	t.Fatal("review.csv did not arrive")
	return nil
}

// decided is the review of a triplet of a set.
func (m *Composition) decided(i int, decision, reason string) Review {
	x := m.Triplets[i]
	r := Review{
		Target: m.pictures[x.Target].path, Related: m.pictures[x.Related].path, Unrelated: m.pictures[x.Unrelated].path,
		Distractor: x.Distractor, Decision: decision, Reason: reason,
	}
	if decision == Drop {
		r.Unrelated = ""
	}
	return r
}

func same(t *testing.T, want, got []Review) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Review{}, "At")); diff != "" {
		t.Errorf("review.csv (-want +got):\n%s", diff)
	}
}

// TestPageInABrowser opens one browser for both walks: starting it is what takes long.
func TestPageInABrowser(t *testing.T) {
	ctx := browser.Open(t)
	t.Run("review", func(t *testing.T) { walkReview(t, ctx) })
	t.Run("hostile names", func(t *testing.T) { walkHostileNames(t, ctx) })
}

// walkReview walks a set by keys, comes back, composes again with
// what was saved, and changes its mind on the new page.
func walkReview(t *testing.T, ctx context.Context) {
	config := hostile(t)
	m := mustCompose(t, config)
	if len(m.Triplets) != 6 {
		t.Fatalf("%d triplets", len(m.Triplets))
	}
	visit(t, ctx, m, filepath.Join(t.TempDir(), "set"))
	says(t, ctx, "triplet 1 of 6, 0 decided, ")
	act(t, ctx, chromedp.Click("#reason"), chromedp.KeyEvent(`k: fine, "truly"`), chromedp.KeyEvent("\r"),
		chromedp.KeyEvent("k"), chromedp.KeyEvent("r"), chromedp.Click(`[data-key="d"]`))
	says(t, ctx, "triplet 4 of 6, 3 decided, ")
	act(t, ctx, chromedp.KeyEvent("k"))
	says(t, ctx, "triplet 5 of 6, 4 decided, ")
	act(t, ctx, chromedp.KeyEvent("u"))
	says(t, ctx, "triplet 4 of 6, 3 decided, ")
	act(t, ctx, chromedp.KeyEvent("n"), chromedp.KeyEvent("p"), chromedp.KeyEvent("p"))
	says(t, ctx, "triplet 3 of 6, 3 decided, drop")
	act(t, ctx, chromedp.Reload())
	says(t, ctx, "triplet 4 of 6, 3 decided, ")
	first := saved(t, ctx, t.TempDir())
	same(t, []Review{m.decided(0, Keep, `k: fine, "truly"`), m.decided(1, Refuse, ""), m.decided(2, Drop, "")}, first)

	config.Reviews = first
	again := mustCompose(t, config)
	if len(again.Triplets) != 5 || !again.Triplets[0].Reviewed {
		t.Fatalf("after the review: %+v", again.Triplets)
	}
	visit(t, ctx, again, filepath.Join(t.TempDir(), "set"))
	same(t, []Review{m.decided(1, Refuse, ""), m.decided(2, Drop, ""), m.decided(0, Keep, `k: fine, "truly"`)}, saved(t, ctx, t.TempDir()))
	act(t, ctx, chromedp.KeyEvent("p"), chromedp.KeyEvent("r"), chromedp.Reload(), chromedp.KeyEvent("p"))
	says(t, ctx, "triplet 1 of 5, 1 decided, refuse")
}

// TestDecisionsAreKeptByPicture: the keys under which a browser keeps decisions hash the
// bytes of the pictures, whatever their files are called.
func TestDecisionsAreKeptByPicture(t *testing.T) {
	keys := func(change func(*Composition)) (all []string) {
		m := mustCompose(t, hostile(t))
		change(m)
		html, err := m.page("set")
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`"(?:key|digest)":"([0-9a-f]{16})"`).FindAllSubmatch(html, -1) {
			all = append(all, string(found[1]))
		}
		return all
	}
	before := keys(func(*Composition) {})
	renamed := keys(func(m *Composition) {
		for i := range m.pictures {
			m.pictures[i].path = "moved/" + m.pictures[i].path
		}
	})
	if diff := cmp.Diff(before, renamed); diff != "" || len(before) != 7 {
		t.Errorf("%d keys; other names change them (-before +after):\n%s", len(before), diff)
	}
	redrawn := keys(func(m *Composition) { m.pictures[m.Triplets[0].Target].hash[3] ^= 1 })
	if redrawn[0] == before[0] || redrawn[1] == before[1] {
		t.Error("another picture has the same keys")
	}
}

// walkHostileNames: labels are text, every picture is found, and a telephone shows it all.
func walkHostileNames(t *testing.T, ctx context.Context) {
	m := mustCompose(t, hostile(t))
	visit(t, ctx, m, filepath.Join(t.TempDir(), `a "set" <b>`))
	for _, x := range m.Triplets {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`(async () => {
			const pictures = [...document.querySelectorAll("main img")];
			await Promise.all(pictures.map(p => p.decode()));
			return [document.title, ...pictures.map(p => p.naturalWidth + " " + p.closest("figure").querySelector("b").textContent)];
		})()`, chromedp.EvalAwaitPromise))
		want := []string{`Review of a "set" <b> · akin`, "32 " + m.label(x.Target), "32 " + m.label(x.Related), "32 " + m.label(x.Unrelated)}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
		act(t, ctx, chromedp.KeyEvent("n"))
	}
	act(t, ctx, chromedp.EmulateViewport(390, 844), chromedp.KeyEvent("pppppp"))
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
	if wide > 390 || err != nil {
		t.Errorf("the page is %d px wide on a telephone, error %v", wide, err)
	}
}

// TestPageIsTheSame: nothing in the page changes from one making to the next.
func TestPageIsTheSame(t *testing.T) {
	first, err := mustCompose(t, hostile(t)).page("set")
	if err != nil {
		t.Fatal(err)
	}
	second, err := mustCompose(t, hostile(t)).page("set")
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("two pages of the same input differ, error %v", err)
	}
}
