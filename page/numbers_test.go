package page

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// TestScriptsWriteNumbersAsNotation holds numbers.js to the table to which package
// notation is held.
func TestScriptsWriteNumbersAsNotation(t *testing.T) {
	file, err := os.Open("../notation/testdata/notation.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	table, err := json.Marshal(rows[1:])
	if err != nil {
		t.Fatal(err)
	}
	script := string(mustScript(parts, "numbers")) + "\n" + string(table) +
		".map(([how, number]) => [how, number, { ...numbers, small: (v) => numbers.share(v, 99), large: (v) => numbers.share(v, 100) }[how](Number(number))])"
	got, err := chromedp.Run(browser.Open(t), chromedp.Evaluate[[][]string](script))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows[1:], got); diff != "" {
		t.Errorf("the script writes other texts than package notation (-want +got):\n%s", diff)
	}
}
