package serve

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

func TestEveryPageHasPolicyAndPalette(t *testing.T) {
	for name, text := range everyPage(t, nil) {
		hasPolicyAndPalette(t, name, browser.Parse(t, string(text)))
	}
}

func hasPolicyAndPalette(t *testing.T, name string, doc *goquery.Document) {
	t.Helper()
	policies := doc.Find("meta[http-equiv=Content-Security-Policy]")
	policy := policies.AttrOr("content", "")
	if policies.Length() != 1 || !strings.HasPrefix(policy, "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: policies %d, the first %q", name, policies.Length(), policy)
	}
	if style := doc.Find("style"); style.Length() != 1 || !strings.HasPrefix(style.Text(), page.Properties()) {
		t.Errorf("%s: %d styles, want one that begins with the palette", name, style.Length())
	}
	doc.Find("style, script:not([type])").Each(func(_ int, s *goquery.Selection) {
		sum := sha256.Sum256([]byte(s.Text()))
		if hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, hash) {
			t.Errorf("%s: the policy %q does not allow its own %s %s", name, policy, goquery.NodeName(s), hash)
		}
	})
	if doc.Find("html").AttrOr("lang", "") != "en" || doc.Find("head > title").Length() != 1 || doc.Find("main").Length() != 1 {
		t.Errorf("%s: language, title or main element is missing", name)
	}
	if n := doc.Find("[style], [onclick], [onload]").Length(); n > 0 {
		t.Errorf("%s: %d elements have a style or script of their own", name, n)
	}
}

// TestServedPagesSendTheirPolicyAsAHeader, which alone can forbid frames.
func TestServedPagesSendTheirPolicyAsAHeader(t *testing.T) {
	h := site(t, recorded(t, "a", "one", "m"), recorded(t, "b", "two", "m"))
	for _, path := range []string{"/", "/1/"} {
		answer := get(h, "GET", "localhost:1", path)
		doc := browser.Parse(t, answer.Body.String())
		want := doc.Find("meta[http-equiv=Content-Security-Policy]").AttrOr("content", "") + "; frame-ancestors 'none'"
		if got := answer.Header().Get("Content-Security-Policy"); got != want {
			t.Errorf("%s: the header is %q, want %q", path, got, want)
		}
	}
}

// TestOnlyTheShellMakesDocuments reads the project's sources.
func TestOnlyTheShellMakesDocuments(t *testing.T) {
	document := regexp.MustCompile(`(?i)<!doctype html|<html|http-equiv="Content-Security-Policy"|prefers-color-scheme: dark|URL\.createObjectURL`)
	command := regexp.MustCompile(`\bakin (run|compare|report|serve|paper|sets|models|features|imagenet|setup|doctor)\b|(?:^|[\s"'>(` + "`" + `])--[a-z][a-z-]+[ "'<` + "`" + `]`)
	// The page of a study loads files of its own, under a policy that a header holds.
	// imaging and onnx know a web page that stands where a picture or a network should be.
	allowed := regexp.MustCompile(`^(page/(shell\.html|palette\.go|csv\.js)|collect/web/study\.html|imaging/stranger\.go|onnx/foreign\.go)$`)
	count := 0
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && (d.Name() == "node_modules" || d.Name() == "dist" || d.Name() == "testdata" || d.Name() == ".git") {
				return fs.SkipDir
			}
			return err
		}
		path := filepath.ToSlash(strings.TrimPrefix(name, ".."+string(filepath.Separator)))
		if ext := filepath.Ext(path); strings.HasSuffix(path, "_test.go") || ext != ".go" && ext != ".html" && ext != ".css" && ext != ".js" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		count++
		if made := document.Find(text); made != nil && !allowed.MatchString(path) {
			t.Errorf("%s has %q, which only the shell has", path, made)
		}
		if ext := filepath.Ext(path); ext == ".html" || ext == ".js" && strings.HasPrefix(path, "page/") && !strings.HasSuffix(path, "build.js") {
			if found := command.Find(text); found != nil {
				t.Errorf("%s names the command or flag %q, which only cmd/akin may", path, found)
			}
		}
		return nil
	})
	if err != nil || count < 100 {
		t.Errorf("%d files read, error %v", count, err)
	}
}

// TestEveryPageInABrowser opens each page on a wide and a narrow screen, in the
// light and in the dark: it shows no error and fits.
func TestEveryPageInABrowser(t *testing.T) {
	dir := t.TempDir()
	pages := everyPage(t, nil)
	delete(pages, "served run") // its pictures need the server; report is the same page
	for name, text := range pages {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".html")
			if err := os.WriteFile(file, text, 0o666); err != nil {
				t.Fatal(err)
			}
			openQuietly(t, (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String())
		})
	}
	t.Run("served run", func(t *testing.T) {
		server := httptest.NewServer(site(t, recorded(t, "run", "one", "m")))
		defer server.Close()
		openQuietly(t, server.URL+"/1/")
	})
}

func openQuietly(t *testing.T, address string) {
	t.Helper()
	ctx := browser.Open(t)
	faults := make(chan string, 1000) // more than a page of errors
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			faults <- fmt.Sprint(e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description)
		case *cdplog.EventEntryAdded:
			if !strings.Contains(e.Entry.Text, "ERR_FILE_NOT_FOUND") { // the review's pictures are not here
				faults <- e.Entry.Text
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"light", "dark"} {
		features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
			t.Fatal(err)
		}
		ground := map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}[scheme]
		if got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("getComputedStyle(document.body).backgroundColor")); got != ground || err != nil {
			t.Errorf("%s: the page is %s, want %s (%v)", scheme, got, ground, err)
		}
		for _, width := range []int64{1280, 390} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
				t.Fatal(err)
			}
			fits := fmt.Sprintf("document.documentElement.scrollWidth <= %d", width) // tables and charts follow a moment later
			if _, err := chromedp.Run(ctx, chromedp.Poll[bool](fits, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
				t.Errorf("%s: the page is wider than a window of %d (%v)", scheme, width, err)
			}
		}
	}
	for len(faults) > 0 {
		t.Errorf("console: %s", <-faults)
	}
}
