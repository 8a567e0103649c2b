package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/image/webp"
)

// TestServe shows two runs on one set until Ctrl-C.
func TestServe(t *testing.T) {
	real := realCache(t)
	dir := t.TempDir()
	t.Setenv("AKIN_CACHE", filepath.Join(dir, "cache"))
	if err := borrow(real, filepath.Join(dir, "cache")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, model := range []string{"pixels", "edges"} {
		var stderr bytes.Buffer
		if code := run(t.Context(), []string{"run", "--model", model, "--out", model, "--resamples", "99"}, nil, io.Discard, &stderr); code != exitOK {
			t.Fatalf("exit %d: %s", code, &stderr)
		}
	}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	stdout, w := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "pixels", "edges"}, nil, w, &stderr)
		w.Close()
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: exit %d: %s", err, <-code, &stderr)
	}
	url, _, _ := strings.Cut(line, " ")

	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(fetch(t, url, "text/html; charset=utf-8"))))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(doc.Find(".summary tbody .name").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), ", "); got != "pixels, edges" {
		t.Errorf("the page compares %q", got)
	}
	full, err := webp.DecodeConfig(bytes.NewReader(fetch(t, url+"1/pictures/0", "image/webp")))
	if err != nil || full.Width != 256 {
		t.Errorf("the first picture is %d pixels wide (%v), want 256 as in the collection", full.Width, err)
	}

	interrupt()
	select {
	case got := <-code:
		if got != exitOK || stderr.Len() > 0 {
			t.Errorf("Ctrl-C ends it with exit %d: %s", got, &stderr)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("Ctrl-C does not end it")
	}
}

func fetch(t *testing.T, url, kind string) []byte {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != kind {
		t.Errorf("%s answers %d with %s (%v)", url, answer.StatusCode, answer.Header.Get("Content-Type"), err)
	}
	return body
}
