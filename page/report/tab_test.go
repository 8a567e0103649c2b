package report

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/record"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a page open in a real Chromium without network.
type tab struct {
	testing.TB
	ctx  context.Context
	file string

	mu     sync.Mutex
	errors []string // of the console
}

// openTab opens a page in a tab of its own and lets it begin all that it begins when a
// reader comes near, or skips where there is no Chromium.
func openTab(t testing.TB, html, hash string) *tab {
	t.Helper()
	b := openTop(t, html, hash)
	ask[any](b, "dom.byId('explore').scrollIntoView()")
	b.do(chromedp.WaitReady(chromedp.CSS("#detail-body .triplet, #empty:not([hidden])")))
	ask[any](b, "window.scrollTo(0, 0)")
	return b
}

// openTop opens a page and does nothing more.
func openTop(t testing.TB, html, hash string) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), record.PageFile)
	if err := os.WriteFile(file, []byte(html), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx := browser.Open(t)
	b := &tab{TB: t, ctx: ctx, file: file}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + file + hash))
	return b
}

// hear keeps what a console would show in red.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, fmt.Sprint(e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description))
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			b.errors = append(b.errors, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			b.errors = append(b.errors, fmt.Sprint(e.Args))
		}
	}
}

// quiet fails where the console has errors.
func (b *tab) quiet() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.errors {
		b.Errorf("console: %s", e)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// ask evaluates an expression in the page, and waits where it is a promise.
func ask[T any](b *tab, expression string) T {
	b.Helper()
	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression[:min(len(expression), 200)], err)
	}
	return answer
}

// media shows the page as another medium or in another colour scheme.
func (b *tab) media(medium, scheme string) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err != nil {
		b.Fatal(err)
	}
}

func (b *tab) text(selector string) string {
	b.Helper()
	return strings.Join(strings.Fields(ask[string](b, fmt.Sprintf("document.querySelector(%q).textContent", selector))), " ")
}

// press types a key with the focus where it is.
func (b *tab) press(key string) {
	b.Helper()
	b.do(chromedp.KeyEvent(key))
}

// set chooses an option of the filters.
func (b *tab) set(name, value string) {
	b.Helper()
	ask[any](b, fmt.Sprintf("{ const s = dom.byId('view').elements[%q]; s.value = %q; s.dispatchEvent(new Event(s.type === 'search' ? 'input' : 'change')); null }", name, value))
}

// until waits for an expression to be true.
func (b *tab) until(expression string) {
	b.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression)); err != nil {
		b.Fatalf("wait for %s: %v", expression, err)
	}
}

// listed are the triplets whose cards stand in the list, in order.
func (b *tab) listed() []string {
	b.Helper()
	return ask[[]string](b, "[...document.querySelectorAll('#list .id')].map(e => e.textContent)")
}

// needPlot skips where the charting library has not been built in.
func needPlot(t *testing.T) {
	t.Helper()
	if built, _ := fs.Glob(built, "web/dist/*.js"); len(built) == 0 {
		t.Skip("the charting library is not built: make page/report/web/dist/plot.js")
	}
}

// in is the same tab in a subtest.
func (b *tab) in(t *testing.T) *tab { return &tab{TB: t, ctx: b.ctx, file: b.file} }
