package browser

import (
	"context"
	"fmt"

	"github.com/chromedp/chromedp"
)

// Findings are all violations that axe-core, given as its script, finds, minor ones too,
// in the page that a tab shows, and what makes the page wider than its window.
func Findings(ctx context.Context, axe string) ([]string, error) {
	const violations = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
		.map(v => v.impact + " " + v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " [" + n.failureSummary + "]").join("; ")))`
	const width = `[document.documentElement.scrollWidth, innerWidth]`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any]("if (!globalThis.axe) {"+axe+"}; null")); err != nil {
		return nil, fmt.Errorf("load axe-core: %w", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](violations, chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("run axe-core: %w", err)
	}
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[[]int](width))
	if err != nil {
		return nil, err
	}
	if wide[0] > wide[1] {
		found = append(found, fmt.Sprintf("the page is %d pixels wide in a window of %d", wide[0], wide[1]))
	}
	return found, nil
}
