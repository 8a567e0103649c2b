package words

import (
	"math"
	"testing"

	"github.com/akin-vision/akin/stats"
)

func TestOneNotationForNumbers(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct{ got, want string }{
		{Percent(0.45833), "45.8"}, {Percent(-0.0299), "-3.0"}, {Percent(-0.0001), "0.0"}, {Percent(1.0), "100.0"}, {Percent(nan), "–"},
		{Decimal(0.7194), ".719"}, {Decimal(-0.0374), "-.037"}, {Decimal(0.9996), "1.000"}, {Decimal(-0.0001), ".000"},
		{Decimal(-1.0), "-1.000"}, {Decimal(10.5), "10.500"}, {Decimal(nan), "–"},
		{ratio(0.878), "0.88"}, {ratio(1.84), "1.8"}, {ratio(154.3), "154"}, {ratio(0.00361), "0.0036"}, {ratio(0.0), "0.0"}, {ratio(nan), "–"},
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
