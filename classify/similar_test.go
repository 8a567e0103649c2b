package classify

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/reference"
	"github.com/google/go-cmp/cmp"
)

func TestRule(t *testing.T) {
	pairs, err := ReadPairs(strings.NewReader("wnid_a,wnid_b,flag\nn03877845,n02980441,1\n"))
	if err != nil {
		t.Fatal(err)
	}
	castle := palaceForCastle(t, "a.jpg")
	palace := castle
	palace.Truth, palace.Top = castle.Top[0], []Guess{castle.Truth}
	cases := []struct {
		rule Rule
		want bool
	}{
		{Rule{}, false}, {Rule{Pairs: pairs}, true}, {Rule{WuPalmer: .63}, true}, {Rule{WuPalmer: .64}, false},
		{Rule{Path: .125}, true}, {Rule{Path: .13}, false}, {Rule{Path: .13, WuPalmer: .63}, true},
	}
	for _, c := range cases {
		if got := c.rule.Holds(&castle); got != c.want || got != c.rule.Holds(&palace) {
			t.Errorf("%v: %v", c.rule, got)
		}
	}
	for _, bad := range []string{"", "a,b\n", "wnid_a,wnid_b\npalace,\n"} {
		if _, err := ReadPairs(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	if err := (Rule{Pairs: pairs}).Check(NewOutputs(imagenet.WNIDs(), 0)); err != nil {
		t.Error(err)
	}
	if (Rule{Pairs: pairs}).Check(NewOutputs(imagenet.WNIDs()[:500], 0)) == nil {
		t.Error("pairs of unknown classes were accepted")
	}
	s, err := NewSimilar("m", []Failure{palaceForCastle(t, "a"), palaceForCastle(t, "b")}, Rule{Pairs: pairs})
	if err != nil || s.Share.Correct != 2 || s.Curve[2].Share.Correct != 2 || s.Curve[3].Share.Correct != 0 {
		t.Errorf("%+v, error %v", s, err)
	}
	if _, err := NewSimilar("m", nil, Rule{}); err == nil {
		t.Error("a share of no failures")
	}
}

func TestSampleDependsOnSeedOnly(t *testing.T) {
	var list, backwards []Failure
	for i := range 50 {
		f := palaceForCastle(t, strconv.Itoa(i))
		list, backwards = append(list, f), append([]Failure{f}, backwards...)
	}
	if diff := cmp.Diff(Sample(list, 9, 4), Sample(backwards, 9, 4)); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(Sample(list, 9, 4), Sample(list, 9, 5)) || len(Sample(list, 90, 4)) != 50 {
		t.Error("another seed draws the same, or a large sample is not all")
	}
}

// TestKappaAsScikitLearn compares five verdicts of two raters.
func TestKappaAsScikitLearn(t *testing.T) {
	rows := reference.Rows(t, "testdata/kappa.csv")
	last := len(rows) - 1
	reviews := make([]Review, 2)
	for r := range reviews {
		var text strings.Builder
		text.WriteString("path,truth,predicted,rule,verdict\n")
		for i, row := range rows[:last] {
			text.WriteString(strconv.Itoa(i) + ",n1,n2," + strconv.FormatBool(row[0] == "same") + "," + row[r] + "\n")
		}
		text.WriteString("unjudged,n1,n2,true,\n")
		var err error
		if reviews[r], err = ReadReview(strings.NewReader(text.String()), string(rune('a'+r))); err != nil {
			t.Fatal(err)
		}
	}
	a, err := NewAgreement(reviews)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Pairs[0]; got.Both != last || math.Abs(float64(got.Kappa)-reference.Number(t, rows[last][1])) > 1e-9 {
		t.Errorf("%+v, scikit-learn %s", got, rows[last][1])
	}
	if a.Rule[0].Both >= last || a.Rule[0].Both == 0 || a.Raters[1].Judged != last {
		t.Errorf("%+v", a)
	}
	if constant := newAgreed("a", "b", map[string]string{"x": "same"}, map[string]string{"x": "same"}); constant.Kappa.Defined() {
		t.Errorf("kappa of a constant is %v", constant.Kappa)
	}
	if _, err := NewAgreement([]Review{reviews[0], {"c", map[string]string{"y": "same"}, nil}}); err == nil {
		t.Error("raters of different failures were compared")
	}
	for _, bad := range []string{"", "path\n", "path,truth,predicted,rule,verdict\na,b,c,true,maybe\n", "path,truth,predicted,rule,verdict\na,b,c,perhaps,same\n"} {
		if _, err := ReadReview(strings.NewReader(bad), "r"); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
