package report

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/google/go-cmp/cmp"
)

func TestPageShowsTheSummary(t *testing.T) {
	run, files := syntheticRun(t, 60)
	summary := summarised(t, run)
	doc := browser.Parse(t, writePage(t, run, files))

	if got := text(doc.Find("h1")); got != run.Set.Title {
		t.Errorf("h1 %q, want the set's title %q", got, run.Set.Title)
	}
	headings := doc.Find(".summary thead tr:last-child th").Map(func(_ int, s *goquery.Selection) string { return text(s) })
	want := "model errorn = 60 p AUC taxonomicn = 30 thematicn = 30 shapen = 20 colourn = 20 randomn = 20 rank alike"
	if got := strings.Join(strings.Fields(strings.Join(headings[:2], " ")+" "+strings.Join(headings[3:], " ")), " "); got != want {
		t.Errorf("columns %q, want %q", got, want)
	}
	rows := doc.Find(".summary tbody tr")
	if rows.Length() != len(run.Models) {
		t.Fatalf("%d rows, want %d", rows.Length(), len(run.Models))
	}
	for i, m := range summary.Models {
		want := []float64{m.MatchingError, float64(m.PChance), m.AUC,
			m.ByRelation["taxonomic"].MatchingError, m.ByRelation["thematic"].MatchingError,
			m.ByDistractor["shape"].MatchingError, m.ByDistractor["colour"].MatchingError, m.ByDistractor["random"].MatchingError}
		rows.Eq(i).Find("td[data-value]:not(.letters):not(.ranks)").Each(func(k int, cell *goquery.Selection) {
			if got, err := strconv.ParseFloat(cell.AttrOr("data-value", ""), 64); err != nil || got != want[k] {
				t.Errorf("%s, cell %d: %v (%v), want %v", m.Name, k, got, err, want[k])
			}
		})
		shown := text(rows.Eq(i).Find(".main"))
		ci := m.MatchingErrorCI
		if want := fmt.Sprintf("%.0f%.0f to %.0f", 100*m.MatchingError, 100*ci.Low, 100*ci.High); shown != want {
			t.Errorf("%s shows %q, want %q", m.Name, shown, want)
		}
	}
	if n := doc.Find(".curve").Length(); n != 2*len(run.Models) {
		t.Errorf("%d curves in plot and key, want two for each model", n)
	}
	if n := doc.Find(".panel .density").Length(); n != 4*len(run.Models) {
		t.Errorf("%d densities, want four for each model", n)
	}
}

func TestPageWarnsOfModelsThatFailedTheirCheck(t *testing.T) {
	run, files := syntheticRun(t, 20)
	summary := summarised(t, run)
	summary.Models[0].Check, summary.Models[1].Check = record.Failed, record.Unchecked
	doc := browser.Parse(t, written(t, Input{Run: run, Summary: summary, Pictures: page.Pictures{Files: files}}))
	if got := text(doc.Find(".hero strong")); got != "weak-net" {
		t.Errorf("headline names %q, want the model that did not fail", got)
	}
	rows := doc.Find(".summary tbody tr")
	if got := text(rows.Eq(0).Find(".alarm")); got != "failed its check" {
		t.Errorf("the failed model is marked %q", got)
	}
	if got := text(rows.Eq(1).Find("th small")); !strings.HasPrefix(got, "trained · unchecked") {
		t.Errorf("the unchecked model is marked %q", got)
	}
	if got := text(doc.Find(".note").First()); !strings.Contains(got, "do not trust its row") {
		t.Errorf("note %q does not warn", got)
	}
}

func TestLettersTellGroupsApart(t *testing.T) {
	run, _ := syntheticRun(t, 20)
	table := newSummaryTable(summarised(t, run))
	table.compare(stats.Comparison{Models: make([]stats.OneModel, len(table.Rows)), Groups: [][]string{{"good-net", "weak-net"}, {"weak-net", "pixels", "edges"}}})
	var got []string
	for _, row := range table.Rows {
		got = append(got, row.Name+" "+row.Letters)
	}
	want := []string{"good-net a", "weak-net ab", "untrained-net ", "pixels b", "edges b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("letters (-want +got):\n%s", diff)
	}
	for i, want := range map[int]string{0: "a", 25: "z", 26: "a2", 51: "z2", 52: "a3"} {
		if got := letter(i); got != want {
			t.Errorf("letter %d is %s, want %s", i, got, want)
		}
	}
}
