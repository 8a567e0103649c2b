package notation

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/akin-vision/akin/stats"
)

func TestOneNotationForNumbers(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct{ got, want string }{
		{Percent(0.45833), "45.8"}, {Percent(-0.0299), "-3.0"}, {Percent(-0.0001), "0.0"}, {Percent(1.0), "100.0"}, {Percent(nan), "–"},
		{Decimal(0.7194), ".719"}, {Decimal(-0.0374), "-.037"}, {Decimal(0.9996), "1.000"}, {Decimal(-0.0001), ".000"},
		{Decimal(-1.0), "-1.000"}, {Decimal(10.5), "10.500"}, {Decimal(nan), "–"},
		{Significant(0.878, 2), "0.88"}, {Significant(1.84, 2), "1.8"}, {Significant(154.3, 2), "154"}, {Significant(0.00361, 2), "0.0036"}, {Significant(0.0, 2), "0.0"}, {Significant(nan, 2), "–"},
		{PercentExact(0.95), "95"}, {PercentExact(0.999), "99.9"}, {PercentExact(0.57), "57"}, {Tenths(76.25), "76.2"}, {Count(4_700_000), "4,700,000"}, {Count(999), "999"},
		{Significant(1234.0, 3), "1234"}, {Significant(0.0123, 3), "0.0123"}, {Amount(2.5, 0), "2"}, {Amount(2.5, -1), "2.5"}, {Percent(math.Inf(1)), "–"},
		{P(0.0004), "<.001"}, {P(0.001), ".001"}, {P(0.0996), ".100"}, {P(1.0), "1.000"}, {P(nan), "–"},
		{PEquals(0.0004), "p < .001"}, {PEquals(0.12), "p = .120"}, {PEquals(nan), "p not defined"},
		{Interval(stats.Interval{Low: -0.03, High: 0.308}, Percent), "-3.0 to 30.8"}, {Interval(stats.Interval{Low: nan, High: 1}, Percent), "–"},
		{Estimate(0.516, stats.Interval{Low: 0.466, High: 0.566}, Decimal), ".516 (.466 to .566)"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// TestTable holds the package to testdata/notation.csv, as page does numbers.js.
func TestTable(t *testing.T) {
	write := map[string]func(float64) string{
		"decimal": Decimal[float64], "coarse": Coarse[float64],
		"signed": Signed[float64], "probability": Probability[float64], "small": ShareOf(99), "large": ShareOf(100),
	}
	text, err := os.ReadFile("testdata/notation.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		value, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := write[row[0]](value); got != row[2] {
			t.Errorf("%s of %s is %q, want %q", row[0], row[1], got, row[2])
		}
	}
}
