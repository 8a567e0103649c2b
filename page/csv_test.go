package page

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// TestScriptsWriteInertCells holds csv.js to the table to which package spreadsheet is held.
func TestScriptsWriteInertCells(t *testing.T) {
	table, err := os.ReadFile("../internal/spreadsheet/testdata/cells.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	if err := json.Unmarshal(table, &want); err != nil {
		t.Fatal(err)
	}
	script := string(mustScript(parts, "csv")) + "\nObject.fromEntries(Object.keys(" + string(table) + ").map((cell) => [cell, csv.inert(cell)]))"
	got, err := chromedp.Run(browser.Open(t), chromedp.Evaluate[map[string]string](script))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the script writes other cells than package spreadsheet (-want +got):\n%s", diff)
	}
}
