package classify

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/akin-vision/akin/notation"
)

// Rule says when two classes mean nearly the same: any part that is set and
// holds suffices.
type Rule struct {
	WuPalmer float64            // at least this, where not 0
	Path     float64            // at least this, where not 0
	Pairs    map[[2]string]bool // of ids, smaller first; see ReadPairs
}

// String states the rule.
func (r Rule) String() string {
	var parts []string
	if r.WuPalmer > 0 {
		parts = append(parts, fmt.Sprintf("Wu-Palmer of %g or more", r.WuPalmer))
	}
	if r.Path > 0 {
		parts = append(parts, fmt.Sprintf("path similarity of %g or more", r.Path))
	}
	if len(r.Pairs) > 0 {
		parts = append(parts, fmt.Sprintf("one of %d listed pairs", len(r.Pairs)))
	}
	return strings.Join(parts, ", or ")
}

// Holds reports whether first guess and truth of a failure mean nearly the same.
func (r Rule) Holds(f *Failure) bool {
	return r.Pairs[pairOf(f.Top[0].WNID, f.Truth.WNID)] ||
		f.Relation != nil && (r.WuPalmer > 0 && f.Relation.WuPalmer >= r.WuPalmer || r.Path > 0 && f.Relation.Path >= r.Path)
}

// Check refuses a list of pairs that says nothing about the network's classes.
func (r Rule) Check(o Outputs) error {
	for pair := range r.Pairs {
		_, a := o.Class(pair[0])
		if _, b := o.Class(pair[1]); a && b {
			return nil
		}
	}
	if len(r.Pairs) == 0 {
		return nil
	}
	return fmt.Errorf("none of the %d listed pairs is of two classes of the network, such as %s", len(r.Pairs), o.WNIDs[0])
}

func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// ReadPairs reads a list of class pairs: CSV with the columns wnid_a and
// wnid_b. Others are ignored, and so is the order within a pair.
func ReadPairs(r io.Reader) (map[[2]string]bool, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("the list of pairs is empty; it needs the columns wnid_a and wnid_b")
	}
	a, b := slices.Index(rows[0], "wnid_a"), slices.Index(rows[0], "wnid_b")
	if a < 0 || b < 0 {
		return nil, fmt.Errorf("line 1: a list of pairs needs the columns wnid_a and wnid_b; the header has %s", strings.Join(rows[0], ", "))
	}
	pairs := map[[2]string]bool{}
	for i, row := range rows[1:] {
		if row[a] == "" || row[b] == "" {
			return nil, fmt.Errorf("line %d: %q names no two classes", i+2, strings.Join(row, ","))
		}
		pairs[pairOf(row[a], row[b])] = true
	}
	return pairs, nil
}

// Similar is the share of failures that are hardly failures.
type Similar struct {
	Model    string       `json:"model"`
	Rule     string       `json:"rule"`
	Failures int          `json:"failures"`
	Share    Share        `json:"similar"` // 95 % Wilson
	Curve    []CurvePoint `json:"curve"`   // over the threshold of Wu-Palmer alone
}

// CurvePoint is the share of failures at a threshold.
type CurvePoint struct {
	WuPalmer float64 `json:"wu_palmer"`
	Share    Share   `json:"similar"`
}

// NewSimilar counts the failures whose first guess and truth the rule joins. It
// needs at least one failure.
func NewSimilar(model string, failures []Failure, rule Rule) (Similar, error) {
	if len(failures) == 0 {
		return Similar{}, fmt.Errorf("model %s made no failure here, so that no share of them is similar", model)
	}
	count := func(r Rule) Share {
		n := 0
		for i := range failures {
			if r.Holds(&failures[i]) {
				n++
			}
		}
		return newShare(n, len(failures))
	}
	s := Similar{Model: model, Rule: rule.String(), Failures: len(failures), Share: count(rule)}
	for step := 10; step <= 20; step++ {
		threshold := float64(step) / 20
		s.Curve = append(s.Curve, CurvePoint{threshold, count(Rule{WuPalmer: threshold})})
	}
	return s, nil
}

// Text is the share and its curve for a terminal.
func (s Similar) Text() string {
	var b strings.Builder
	share := func(x Share) string {
		return fmt.Sprintf("%s %%, %d of %d", x.Text(), x.Correct, s.Failures)
	}
	fmt.Fprintf(&b, "%s: first guess and truth mean nearly the same in %s\nrule: %s\n\nWu-Palmer alone:\n", s.Model, share(s.Share), s.Rule)
	for _, p := range s.Curve {
		fmt.Fprintf(&b, "  >= %s  %s\n", notation.Coarse(p.WuPalmer), share(p.Share))
	}
	return b.String() + "Intervals: 95 %, Wilson.\n"
}
