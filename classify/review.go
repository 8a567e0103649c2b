package classify

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/spreadsheet"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
)

// Verdicts are what a person may say of a failure, by key 1 to 5.
var Verdicts = []string{"same", "similar", "different", "label wrong", "unclear"}

// Sample draws n failures, all where there are fewer, by a seed; the same seed
// gives the same ones whatever order they come in.
func Sample(failures []Failure, n int, seed uint64) []Failure {
	drawn := slices.SortedFunc(slices.Values(failures), func(a, b Failure) int { return cmp.Compare(a.Path, b.Path) })
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	return drawn[:min(n, len(drawn))]
}

// Review is what one person said, by picture.
type Review struct {
	Rater    string
	Verdicts map[string]string // by path
	Rule     map[string]bool   // what the rule said, by path
}

// ReadReview reads the CSV of a review page; rows without a verdict are left out.
func ReadReview(r io.Reader, rater string) (Review, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return Review{}, fmt.Errorf("%s: %w", rater, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"path", "truth", "predicted", "rule", "verdict"}) {
		return Review{}, fmt.Errorf("%s: a review has the columns path, truth, predicted, rule, verdict; download it from the review page", rater)
	}
	review := Review{rater, map[string]string{}, map[string]bool{}}
	for i, row := range rows[1:] {
		if row[4] == "" {
			continue
		}
		if !slices.Contains(Verdicts, row[4]) {
			return Review{}, fmt.Errorf("%s:%d: verdict %q is none of %s", rater, i+2, row[4], strings.Join(Verdicts, ", "))
		}
		rule, err := strconv.ParseBool(row[3])
		if err != nil {
			return Review{}, fmt.Errorf("%s:%d: rule %q is neither true nor false", rater, i+2, row[3])
		}
		path := spreadsheet.Text(row[0]) // the page wrote it inert
		review.Verdicts[path], review.Rule[path] = row[4], rule
	}
	return review, nil
}

// Agreement compares people with one another and with the rule.
type Agreement struct {
	Raters []RaterShare `json:"raters"`
	Pairs  []Agreed     `json:"pairs"` // of raters, on all five verdicts
	Rule   []Agreed     `json:"rule"`  // each rater against the rule: similar (same or similar) or not
}

// RaterShare is how often one person found two classes the same or similar.
type RaterShare struct {
	Rater   string `json:"rater"`
	Judged  int    `json:"judged"`
	Similar Share  `json:"similar"`
}

// Agreed is the agreement of two on what both judged.
type Agreed struct {
	A     string       `json:"a"`
	B     string       `json:"b"`
	Both  int          `json:"both"` // failures that both judged
	Share Share        `json:"agreed"`
	Kappa stats.Number `json:"kappa"` // Cohen's, unweighted; null where chance agreement is complete
}

// NewAgreement compares reviews. Against the rule, label wrong and unclear are
// left out, since no rule about two classes speaks of them.
func NewAgreement(reviews []Review) (Agreement, error) {
	var a Agreement
	for i, r := range reviews {
		if len(r.Verdicts) == 0 {
			return a, fmt.Errorf("%s judges no failure", r.Rater)
		}
		similar := 0
		person, rule := map[string]string{}, map[string]string{}
		for path, v := range r.Verdicts {
			if v == "same" || v == "similar" {
				similar++
			}
			if v != "label wrong" && v != "unclear" {
				person[path] = strconv.FormatBool(v != "different")
				rule[path] = strconv.FormatBool(r.Rule[path])
			}
		}
		a.Raters = append(a.Raters, RaterShare{r.Rater, len(r.Verdicts), newShare(similar, len(r.Verdicts))})
		if len(person) > 0 {
			a.Rule = append(a.Rule, newAgreed(r.Rater, "rule", person, rule))
		}
		for _, other := range reviews[i+1:] {
			agreed := newAgreed(r.Rater, other.Rater, r.Verdicts, other.Verdicts)
			if agreed.Both == 0 {
				return a, errors.New(r.Rater + " and " + other.Rater + " judge no failure in common; make both from one review page")
			}
			a.Pairs = append(a.Pairs, agreed)
		}
	}
	return a, nil
}

func newAgreed(nameA, nameB string, a, b map[string]string) Agreed {
	both, equal := 0, 0
	countA, countB := map[string]int{}, map[string]int{}
	for path, v := range a {
		w, judged := b[path]
		if !judged {
			continue
		}
		both++
		countA[v]++
		countB[w]++
		if v == w {
			equal++
		}
	}
	result := Agreed{A: nameA, B: nameB, Both: both}
	if both == 0 {
		return result
	}
	result.Share = newShare(equal, both)
	chance := 0 // times both squared; whole numbers, so that 1 - chance is exactly 0 where it is
	for _, v := range slices.Sorted(maps.Keys(countA)) {
		chance += countA[v] * countB[v]
	}
	result.Kappa = stats.Number(float64(equal*both-chance) / float64(both*both-chance))
	return result
}

// Text is the agreement for a terminal.
func (a Agreement) Text() string {
	var b strings.Builder
	for _, r := range a.Raters {
		fmt.Fprintf(&b, "%s: %d judged, same or similar %s %%\n", r.Rater, r.Judged, r.Similar.Text())
	}
	for _, pair := range slices.Concat(a.Pairs, a.Rule) {
		kappa := "not defined"
		if pair.Kappa.Defined() {
			kappa = notation.Decimal(pair.Kappa)
		}
		fmt.Fprintf(&b, "%s and %s: agree on %s %% of %d, kappa %s\n", pair.A, pair.B, notation.Tenths(pair.Share.Percent), pair.Both, kappa)
	}
	return b.String() + "Intervals: 95 %, Wilson. Kappa: Cohen's, unweighted. Against the rule: same and similar are one, label wrong and unclear left out.\n"
}
