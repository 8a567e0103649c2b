package collect_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// visitor is a person at a study's page in a real browser.
type visitor struct {
	testing.TB
	ctx context.Context
	by  string // mouse, touch or key

	mutex  sync.Mutex
	errors []string // of the console
}

// visit opens a study's page as a person would who uses a mouse, a finger or keys.
func visit(t testing.TB, address, by string) *visitor {
	t.Helper()
	v := &visitor{TB: t, ctx: browser.Open(t), by: by}
	if err := chromedp.Listen(v.ctx, v.hear); err != nil {
		t.Fatal(err)
	}
	if by == "touch" {
		v.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateTouch, chromedp.EmulateMobile))
	}
	v.do(chromedp.Navigate(address))
	return v
}

// hear keeps what a console would show in red.
func (v *visitor) hear(event any) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		v.errors = append(v.errors, fmt.Sprint(e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			v.errors = append(v.errors, described(e.Args))
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			v.errors = append(v.errors, e.Entry.Text)
		}
	}
}

func described(args []*runtime.RemoteObject) string {
	var b strings.Builder
	for _, a := range args {
		fmt.Fprint(&b, a.Description, string(a.Value), " ")
	}
	return b.String()
}

// quiet fails where the console has errors, but for those that hold any of the
// expected words.
func (v *visitor) quiet(expected ...string) {
	v.Helper()
	v.mutex.Lock()
	defer v.mutex.Unlock()
next:
	for _, e := range v.errors {
		for _, words := range expected {
			if strings.Contains(e, words) {
				continue next
			}
		}
		v.Errorf("console: %s", e)
	}
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.Helper()
	if err := chromedp.Do(v.ctx, steps...); err != nil {
		v.Fatal(err)
	}
}

func ask[T any](v *visitor, expression string) T {
	v.Helper()
	answer, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		v.Fatalf("%s: %v", expression[:min(len(expression), 200)], err)
	}
	return answer
}

func (v *visitor) scheme(name string) {
	v.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
	if err != nil {
		v.Fatal(err)
	}
}

// state is what a person sees; what was answered already counts as nothing.
func (v *visitor) state() string {
	v.Helper()
	return ask[string](v, `(() => {
		const shown = (selector) => { const e = document.querySelector(selector); return e && e.checkVisibility({visibilityProperty: true}) && !e.dataset.done; };
		if (shown("#code")) return "code";
		if (shown("#words h2")) return (document.querySelector("#words .row button") ? "words " : "last ") + document.querySelector("#words h2").textContent;
		if (shown("#jspsych-instructions-next")) return "instructions";
		if (shown(".answer") && document.querySelector("#trial .picture")) return document.querySelector(".answer input") ? "slider" : "buttons";
		if (shown(".choices")) return "choices";
		return "";
	})()`)
}

// reach waits until the person sees something that begins with what is wanted.
func (v *visitor) reach(want string) string {
	v.Helper()
	return v.until(func(state string) bool { return strings.HasPrefix(state, want) }, want)
}

func (v *visitor) until(is func(string) bool, want string) string {
	v.Helper()
	for began := time.Now(); time.Since(began) < 25*time.Second; time.Sleep(15 * time.Millisecond) {
		if state := v.state(); is(state) {
			return state
		}
	}
	v.Fatalf("the person waits for %s, and sees %q: %s\n%q", want, v.state(), ask[string](v, "document.body.innerText"), v.errors)
	return ""
}

// act does what the page asks for next, and says what that was.
func (v *visitor) act() string {
	v.Helper()
	state := v.until(func(state string) bool { return state != "" && !strings.HasPrefix(state, "last ") }, "something to do")
	switch state {
	case "code":
		return state
	case "instructions":
		v.press("#jspsych-instructions-next")
	case "slider":
		v.mark(".answer")
		v.slide()
	case "buttons":
		v.mark(".answer")
		v.choose(".answer .row button:nth-child(3)", "3")
	case "choices":
		v.mark(".choices")
		v.choose(".choices button:nth-child(1)", kb.ArrowLeft)
	default:
		v.mark("#words h2")
		v.press("#words .row button.main")
	}
	return state
}

// mark notes that what the page asks for now has been answered.
func (v *visitor) mark(selector string) {
	v.Helper()
	ask[any](v, fmt.Sprintf("document.querySelector(%q).dataset.done = 1; null", selector))
}

// press presses a button; with keys by tabbing to it.
func (v *visitor) press(selector string) {
	v.Helper()
	if v.by != "key" {
		v.point(selector, 0.5)
		return
	}
	for range 20 {
		v.do(chromedp.KeyEvent(kb.Tab))
		if ask[bool](v, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			v.do(chromedp.KeyEvent(kb.Enter))
			return
		}
	}
	v.Fatalf("the key Tab does not reach %s", selector)
}

func (v *visitor) choose(selector, key string) {
	v.Helper()
	if v.by == "key" {
		v.do(chromedp.KeyEvent(key))
	} else {
		v.point(selector, 0.5)
	}
}

// slide marks the slider at 70 % and confirms.
func (v *visitor) slide() {
	v.Helper()
	if v.by == "key" {
		v.do(chromedp.KeyEvent("7"), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
		return
	}
	v.point(".answer input", 0.7)
	v.point(".answer button.main", 0.5)
}

// point clicks or touches an element at a share of its width.
func (v *visitor) point(selector string, share float64) {
	v.Helper()
	at := ask[[]float64](v, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "nearest"});
		const r = e.getBoundingClientRect(); return [r.left + r.width * %v, r.top + r.height / 2]; })()`, selector, share))
	if v.by != "touch" {
		v.do(chromedp.MouseClickXY(at[0], at[1]))
		return
	}
	v.touch(input.DispatchTouchEventTypeTouchStart, []*input.TouchPoint{{X: at[0], Y: at[1]}})
	v.touch(input.DispatchTouchEventTypeTouchEnd, []*input.TouchPoint{})
}

func (v *visitor) touch(kind input.DispatchTouchEventType, points []*input.TouchPoint) {
	v.Helper()
	if _, err := chromedp.Call(v.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points}); err != nil {
		v.Fatal(err)
	}
}

// finish acts until the completion code is there, and returns it.
func (v *visitor) finish() string {
	v.Helper()
	for range 200 {
		if v.act() == "code" {
			return ask[string](v, "document.querySelector('#code').textContent")
		}
	}
	v.Fatal("the study does not end")
	return ""
}

// trials acts until the person has answered n trials.
func (v *visitor) trials(n int) {
	v.Helper()
	for n > 0 {
		switch v.act() {
		case "slider", "buttons", "choices":
			n--
		case "code":
			v.Fatalf("the study ended %d trials early", n)
		}
	}
}

// shoot saves what the person sees, where AKIN_SHOTS names a folder.
func (v *visitor) shoot(name string) {
	v.Helper()
	dir := os.Getenv("AKIN_SHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		v.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o666); err != nil {
		v.Fatal(err)
	}
}

func (v *visitor) reload() {
	v.Helper()
	v.do(chromedp.Reload())
}

// see waits for words anywhere on the page.
func (v *visitor) see(words string) {
	v.Helper()
	for began := time.Now(); time.Since(began) < 25*time.Second; time.Sleep(15 * time.Millisecond) {
		if strings.Contains(ask[string](v, "document.body.innerText"), words) {
			return
		}
	}
	v.Fatalf("the page does not say %q: %s", words, ask[string](v, "document.body.innerText"))
}

// saidOnce checks that the answers to the first n trials are there, each once.
func (f *fixture) saidOnce(t testing.TB, n int) {
	t.Helper()
	seen := map[[2]int]bool{}
	for _, a := range f.said(t) {
		at := [2]int{a.Person, a.Position}
		if seen[at] {
			t.Errorf("answer %d of person %d is there twice", a.Position, a.Person)
		}
		seen[at] = true
	}
	if len(seen) != n {
		t.Errorf("%d answers are there, want %d", len(seen), n)
	}
}
