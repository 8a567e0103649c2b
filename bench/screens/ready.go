package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// readyRounds is how often each page is opened.
const readyRounds = 5

// moments are milliseconds after a navigation began, and what the page's thread computed.
type moments struct {
	Paint float64 `json:"paint"` // the first text or picture is seen
	Ready float64 `json:"ready"` // the page's own scripts have run
	// Processor is the time of the page's thread until both, in milliseconds: on a busy
	// machine the other two tell little.
	Processor float64
}

// timeReady opens each page in turn in a browser just started and prints when it is seen
// and ready: of an empty page the browser's own share.
func timeReady(pages []string, out io.Writer) error {
	if len(pages) == 0 {
		return errors.New("name pages to time")
	}
	pages = append([]string{"data:text/html,<p>empty"}, pages...)
	times := make([][]moments, len(pages))
	for range readyRounds {
		for i, page := range pages {
			t, err := openFresh(page)
			if err != nil {
				return fmt.Errorf("%s: %w", page, err)
			}
			times[i] = append(times[i], t)
		}
	}
	for i, page := range pages {
		paint, ready := spread(times[i], func(t moments) float64 { return t.Paint }), spread(times[i], func(t moments) float64 { return t.Ready })
		processor := spread(times[i], func(t moments) float64 { return t.Processor })
		fmt.Fprintf(out, "%s: first paint %s, ready %s, processor %s ms (median of %d, least to most)\n", page, paint, ready, processor, readyRounds)
	}
	return nil
}

func spread(times []moments, pick func(moments) float64) string {
	list := make([]float64, len(times))
	for i, t := range times {
		list[i] = pick(t)
	}
	slices.Sort(list)
	return fmt.Sprintf("%.0f (%.0f to %.0f)", list[len(list)/2], list[0], list[len(list)-1])
}

// openFresh starts a browser for one page.
func openFresh(page string) (moments, error) {
	address, err := address(page)
	if err != nil {
		return moments{}, err
	}
	ctx, stop, err := browser.Start()
	if err != nil {
		return moments{}, err
	}
	defer stop()
	if _, err := chromedp.Call(ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}); err != nil {
		return moments{}, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		return moments{}, err
	}
	const ask = `new Promise(resolve => {
		const [paint] = performance.getEntriesByName("first-contentful-paint"), [page] = performance.getEntriesByType("navigation");
		const answer = (first) => resolve({paint: first.startTime, ready: page.domContentLoadedEventEnd});
		if (paint) answer(paint);
		else new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").forEach(answer)).observe({type: "paint", buffered: true});
	})`
	t, err := chromedp.Run(ctx, chromedp.Evaluate[moments](ask, chromedp.EvalAwaitPromise))
	if err != nil {
		return moments{}, err
	}
	t.Processor, err = processor(ctx)
	return t, err
}

// processor is how long the page's thread has computed, in milliseconds.
func processor(ctx context.Context) (float64, error) {
	answer, err := chromedp.Call(ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		return 0, err
	}
	for _, m := range answer.Metrics {
		if m.Name == "TaskDuration" {
			return m.Value * 1000, nil
		}
	}
	return 0, errors.New("the browser does not say how long its pages compute")
}
