package collect

import (
	"fmt"
	"strings"

	"github.com/akin-vision/akin/collect/web"
	"github.com/akin-vision/akin/notation"
)

// PersonRow is a person as pages and terminals show them.
func PersonRow(p PersonStatus) web.WatchPerson {
	progress := fmt.Sprintf("%d of %d", p.Answered, p.Trials)
	if p.Finished {
		progress = "finished"
	}
	return web.WatchPerson{
		Excluded: strings.Join(p.Excluded, ", "),
		Cells: []string{p.Code, progress, notation.Amount(p.MedianMS, 0), notation.Percent(p.Same), fmt.Sprint(p.Run),
			passed(p), notation.Decimal(p.Change), notation.Percent(p.Late), fmt.Sprint(p.Away), fmt.Sprint(p.Missing), p.Device},
	}
}

func passed(p PersonStatus) string {
	if p.Checks == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f of %d", float64(p.Passed)*float64(p.Checks), p.Checks)
}
