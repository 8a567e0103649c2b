package match

import "testing"

func TestCreditOfTies(t *testing.T) {
	for rule, tied := range map[Credit]int8{HalfCredit: 1, AsWrong: 0, AsRight: 2, Dropped: Uncounted} {
		for outcome, want := range map[Outcome]int8{Right: 2, Wrong: 0, Tie: tied} {
			if got := rule.Halves(outcome); got != want {
				t.Errorf("%s: a %s choice counts %d halves, want %d", rule, outcome, got, want)
			}
		}
	}
}

func TestParseCredit(t *testing.T) {
	for name, want := range map[string]Credit{"": HalfCredit, "half credit": HalfCredit, "half-credit": HalfCredit, "dropped": Dropped} {
		if got, err := ParseCredit(name); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", name, got, err, want)
		}
	}
	if _, err := ParseCredit("half"); err == nil {
		t.Error("half is read as a rule for ties")
	}
}
