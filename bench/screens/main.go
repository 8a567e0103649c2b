// Command screens photographs pages as their readers see them: on a desktop and on a
// telephone, light and dark, a window's height at a time, and in print. It says what
// axe-core finds at these and two more widths, and ends with an error where it found
// something. With -ready it says how soon pages are seen and ready instead.
//
//	go run ./bench/screens -out runs/screens runs/everyday/report.html http://127.0.0.1:8080/
//
// Pages of paper become pictures where pdftoppm is (Debian's poppler-utils).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// window is a size of the browser's window in pixels.
type window struct {
	width, height int64
	shot          bool // photographed, not only checked
}

// windows are a small and a usual telephone, a desktop, and a screen of 4K.
var windows = []window{{360, 640, false}, {390, 1690, true}, {1280, 1600, true}, {3840, 2160, false}}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("screens", flag.ContinueOnError)
	dir := flags.String("out", "runs/screens", "folder to write into")
	axe := flags.String("axe", "page/report/web/node_modules/axe-core/axe.min.js", "the script of axe-core")
	top := flags.String("top", "", "write only the top of one page, light, 1280 by 1150, to this PNG file")
	paper := flags.Bool("print", false, "only print pages")
	ready := flags.Bool("ready", false, "only time how soon pages are seen and ready, each in browsers just started")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *ready {
		return timeReady(flags.Args(), out)
	}
	ctx, stop, err := browser.Start()
	if err != nil {
		return err
	}
	defer stop()
	if *top != "" {
		return photographTop(ctx, flags.Args(), *top)
	}
	script, err := os.ReadFile(*axe)
	if err != nil {
		return fmt.Errorf("%w: make page/report/web/dist/plot.js installs axe-core", err)
	}
	s := screens{ctx, *dir, string(script), out, 0}
	take := s.take
	if *paper {
		take = s.print
	}
	for _, page := range flags.Args() {
		if err := take(page); err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
	}
	if s.found > 0 {
		return fmt.Errorf("%d findings", s.found)
	}
	return nil
}

// photographTop writes what a reader sees first of a page.
func photographTop(ctx context.Context, pages []string, file string) error {
	if len(pages) != 1 {
		return errors.New("the top of one page is wanted: name one")
	}
	address, err := address(pages[0])
	if err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 1150, chromedp.EmulateScale(1.5)), chromedp.Navigate(address)); err != nil {
		return err
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return atomicfile.Write(file, picture)
}

// screens are the pictures of pages, and the number of findings.
type screens struct {
	ctx   context.Context
	dir   string
	axe   string
	out   io.Writer
	found int
}

func (s *screens) take(page string) error {
	if err := s.open(page); err != nil {
		return err
	}
	name := nameOf(page)
	for _, scheme := range []string{"light", "dark"} {
		if err := s.emulate("", scheme); err != nil {
			return err
		}
		for _, w := range windows {
			if err := s.view(fmt.Sprintf("%s-%d-%s", name, w.width, scheme), w); err != nil {
				return err
			}
		}
	}
	return s.print(page)
}

func (s *screens) open(page string) error {
	address, err := address(page)
	if err != nil {
		return err
	}
	return chromedp.Do(s.ctx, chromedp.Navigate(address))
}

// nameOf is how the files of a page's pictures begin.
func nameOf(page string) string {
	return strings.Trim(unsafe.ReplaceAllString(strings.TrimSuffix(page, ".html"), "-"), "-")
}

// unsafe is what the name of a picture does not take over from a page's address.
var unsafe = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// address is that of a file, or the page itself where it has a scheme already.
func address(page string) (string, error) {
	if strings.Contains(page, "://") || strings.HasPrefix(page, "data:") {
		return page, nil
	}
	file, err := filepath.Abs(page)
	return "file://" + file, err
}

func (s *screens) emulate(medium, scheme string) error {
	_, err := chromedp.Call(s.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	return err
}

// view checks a page in a window, and photographs it from top to bottom.
func (s *screens) view(name string, w window) error {
	if err := chromedp.Do(s.ctx, chromedp.EmulateViewport(w.width, w.height), chromedp.Reload()); err != nil { // lists that grow begin anew
		return err
	}
	findings, err := browser.Findings(s.ctx, s.axe)
	if err != nil {
		return err
	}
	for _, f := range findings {
		fmt.Fprintf(s.out, "%s: %s\n", name, f)
	}
	s.found += len(findings)
	if !w.shot {
		return nil
	}
	tall, err := chromedp.Run(s.ctx, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
	if err != nil {
		return err
	}
	for y, n := int64(0), 1; y < tall; y, n = y+w.height, n+1 {
		if _, err := chromedp.Run(s.ctx, chromedp.Evaluate[any](fmt.Sprintf("scrollTo({top: %d, behavior: 'instant'}); new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))", y), chromedp.EvalAwaitPromise)); err != nil {
			return err
		}
		picture, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return err
		}
		if err := s.keep(fmt.Sprintf("%s-%02d.png", name, n), picture); err != nil {
			return err
		}
	}
	return nil
}

// papers break pages at different places.
var papers = []struct {
	name string
	size chromedp.PaperSize
}{{"a4", chromedp.PaperA4}, {"letter", chromedp.PaperLetter}}

// print prints a page.
func (s *screens) print(page string) error {
	if err := s.emulate("", "light"); err != nil {
		return err
	}
	for _, paper := range papers {
		if err := s.open(page); err != nil {
			return err
		}
		pdf, err := chromedp.Run(s.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(paper.size)))
		if err != nil {
			return err
		}
		name := nameOf(page) + "-print-" + paper.name
		if err := s.keep(name+".pdf", pdf); err != nil {
			return err
		}
		if err := s.render(filepath.Join(s.dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// render makes pictures of a PDF's pages where something can.
func (s *screens) render(name string) error {
	command, err := exec.LookPath("pdftoppm")
	if err != nil {
		return nil
	}
	return exec.CommandContext(s.ctx, command, "-r", "80", "-png", name+".pdf", name).Run()
}

func (s *screens) keep(name string, data []byte) error {
	file := filepath.Join(s.dir, name)
	fmt.Fprintln(s.out, file)
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return err
	}
	return atomicfile.Write(file, data)
}
