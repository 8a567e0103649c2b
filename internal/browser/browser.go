// Package browser starts a headless Chromium for tests of pages.
package browser

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// names are the commands that Chromium has, by system and maker.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"}

// patience is how long a test may use its browser, on a busy machine too.
const patience = 2 * time.Minute

// Open starts a browser with one empty tab for chromedp.Run and Do; both end with the
// test. It reaches files and this machine, and nothing else. A test on a machine
// without Chromium is skipped.
func Open(t testing.TB, options ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	command := find()
	if command == "" {
		t.Skip("no Chromium is installed: the page is not tested in a browser")
	}
	settings := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(command),
		chromedp.ProxyServer("http://127.0.0.1:9"), // nobody is there; loopback needs no proxy
		chromedp.WSURLReadTimeout(patience),
		chromedp.WindowSize(1280, 900),
	)
	if os.Getuid() == 0 {
		settings = append(settings, chromedp.NoSandbox) // Chromium refuses a sandbox to root
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, append(settings, options...)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", command, err)
	}
	return ctx
}

func find() string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
