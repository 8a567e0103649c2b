// Package browser opens pages in a headless Chromium, for tests and screenshots.
package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// names are the commands that Chromium has, by system and maker.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"}

// patience is how long a test may use its tab, on a busy machine too.
const patience = 2 * time.Minute

// shared is the one browser of a test binary: starting it is what takes long.
var shared struct {
	start sync.Once
	ctx   context.Context
	err   error
	stop  func()
}

// Main runs a package's tests and ends the browser that they shared; TestMain of
// a package that calls Open is os.Exit(browser.Main(m)).
func Main(m *testing.M) int {
	defer func() {
		if shared.stop != nil {
			shared.stop()
		}
	}()
	return m.Run()
}

// Open opens an empty tab for chromedp.Run and Do in the browser that the
// package's tests share; the tab ends with the test. The browser reaches files and
// this machine, and nothing else. A test on a machine without Chromium is skipped.
func Open(t testing.TB) context.Context {
	t.Helper()
	shared.start.Do(func() { shared.ctx, shared.stop, shared.err = Start() })
	if errors.Is(shared.err, ErrNone) {
		t.Skip("no Chromium is installed: the page is not tested in a browser")
	}
	if shared.err != nil {
		t.Fatalf("start Chromium: %v", shared.err)
	}
	ctx, stop := chromedp.NewContext(shared.ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return ctx
}

// ErrNone is a machine without Chromium.
var ErrNone = errors.New("no Chromium is installed")

// Start starts a browser of its own, for chromedp.Run and Do, which reaches files and
// this machine alone. The caller stops it.
func Start() (ctx context.Context, stop func(), err error) {
	command := find()
	if command == "" {
		return nil, nil, ErrNone
	}
	settings := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(command),
		chromedp.Flag("disable-component-update", true),
		chromedp.ProxyServer("http://127.0.0.1:9"), // nobody is there; loopback needs no proxy
		chromedp.WSURLReadTimeout(patience),
		chromedp.WindowSize(1280, 900),
	)
	if os.Getuid() == 0 {
		settings = append(settings, chromedp.NoSandbox) // Chromium refuses a sandbox to root
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), settings...)
	ctx, quit := chromedp.NewContext(allocator)
	stop = func() {
		quit()
		end()
	}
	return ctx, stop, chromedp.Do(ctx)
}

func find() string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
