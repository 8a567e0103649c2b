package classify

import (
	"strings"
	"testing"
)

// FuzzLists gives the same bytes to every reader of lists: none may panic, and
// what is read is what it says it is.
func FuzzLists(f *testing.F) {
	f.Add("wnid_a,wnid_b,flag\nn03877845,n02980441,1\n")
	f.Add("path,truth,predicted,rule,verdict\na,n1,n2,true,label wrong\n")
	f.Fuzz(func(t *testing.T, text string) {
		if pairs, err := ReadPairs(strings.NewReader(text)); err == nil {
			for p := range pairs {
				if p[0] == "" || p[0] > p[1] {
					t.Errorf("pair %q", p)
				}
			}
		}
		if review, err := ReadReview(strings.NewReader(text), "r"); err == nil && len(review.Verdicts) > 0 {
			if a, err := NewAgreement([]Review{review, review}); err != nil || a.Pairs[0].Share.Percent != 100 {
				t.Errorf("one review twice: %+v, error %v", a, err)
			}
		}
	})
}
