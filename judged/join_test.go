package judged

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// TestJoin: models of several runs stand side by side, the same one once; another of
// the same name is named after its run, and no run is changed.
func TestJoin(t *testing.T) {
	a, b := madeRun(stimuli.OddOneOut, 60), madeRun(stimuli.OddOneOut, 60)
	b.Models[0].Similarities = slices.Clone(b.Models[0].Similarities)
	b.Models[0].Similarities[0] += 0.5
	b.Models[1].Name = "three"
	b.Models[1].Hash = "h"
	joined, err := Join([]*Run{a, b, madeRun(stimuli.OddOneOut, 60)}, []string{"mon", "tue", "wed"})
	if err != nil {
		t.Fatal(err)
	}
	if got := joined.ModelNames(); !slices.Equal(got, []string{"one", "odd", "one (tue)", "three"}) || len(a.Models) != 2 {
		t.Errorf("models %q; the first run has %d", got, len(a.Models))
	}
	other := madeRun(stimuli.OddOneOut, 60)
	other.Set.Digest = "other"
	var unlike *UnlikeError
	if _, err := Join([]*Run{a, other}, []string{"mon", "tue"}); !errors.As(err, &unlike) || unlike.B != "tue" {
		t.Errorf("runs on two sets: error %v", err)
	}
	other = madeRun(stimuli.OddOneOut, 60)
	other.Settings.Similarity = "dot"
	if _, err := Join([]*Run{a, other}, []string{"mon", "tue"}); !errors.As(err, &unlike) {
		t.Errorf("runs by two similarities: error %v", err)
	}
}

// TestAgainst: differences are of the other model less the baseline, with intervals
// turned round, and Holm's adjustment is over them alone.
func TestAgainst(t *testing.T) {
	for _, task := range []stimuli.Task{stimuli.OddOneOut, stimuli.Votes, stimuli.Matrix} {
		r := madeRun(task, 60)
		if task != stimuli.Matrix {
			apart(r)
		}
		third := r.Models[1]
		third.Name = "third"
		third.Similarities = slices.Clone(third.Similarities)
		slices.Reverse(third.Similarities)
		r.Models = append(r.Models, third)
		s, err := Analyse(r, stats.Options{Seed: 1, Resamples: 199})
		if err != nil {
			t.Fatal(err)
		}
		before := slices.Clone(pairsOf(s))
		s.Against("one")
		after := pairsOf(s)
		if len(before) != 3 || len(after) != 2 {
			t.Fatalf("%s: %d pairs, against one %d", task, len(before), len(after))
		}
		for i, p := range after {
			q := before[i]
			if p.A != q.B || p.B != "one" || p.Difference != -q.Difference || p.Evidence.Interval.Low != -q.Evidence.Interval.High || p.Evidence.P != q.Evidence.P {
				t.Errorf("%s: %+v was %+v", task, p, q)
			}
		}
		low, high := math.Min(float64(after[0].Evidence.P), float64(after[1].Evidence.P)), math.Max(float64(after[0].Evidence.P), float64(after[1].Evidence.P))
		want := []float64{math.Min(1, 2*low), math.Max(math.Min(1, 2*low), high)}
		got := []float64{float64(after[0].Holm), float64(after[1].Holm)}
		slices.Sort(got)
		if math.Abs(got[0]-want[0]) > 1e-12 || math.Abs(got[1]-want[1]) > 1e-12 {
			t.Errorf("%s: adjusted %v, want %v", task, got, want)
		}
		s.Keep("one", "third")
		if left := pairsOf(s); len(left) != 1 || left[0].A != "third" {
			t.Errorf("%s: kept %+v", task, left)
		}
	}
}

// apart shows pictures of their own in each of 20 rows, so that there is enough to
// infer from.
func apart(r *Run) {
	set := r.Stimuli
	set.Pictures = nil
	for i := range 60 {
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: fmt.Sprint(i), Hash: stimuli.Hash{byte(i + 1)}})
	}
	trials := set.Trials
	trials.Shown, trials.Rater = nil, nil
	for i := range int32(20) {
		trials.Shown = append(trials.Shown, [3]int32{3 * i, 3*i + 1, 3*i + 2})
	}
	if trials.Counts != nil {
		trials.Counts = trials.Counts[:20]
	}
	r.Pairs = NewPairs(set)
	for m := range r.Models {
		r.Models[m].Similarities = nil
		for i := range r.Pairs.List {
			r.Models[m].Similarities = append(r.Models[m].Similarities, float64((i*(5+m))%13)/13)
		}
	}
}

func pairsOf(s Statistics) (pairs []stats.OddPair) {
	switch {
	case s.OddOneOut != nil:
		return s.OddOneOut.Pairs
	case s.Votes != nil:
		return s.Votes.Pairs
	}
	for _, p := range s.Matrices.Compared {
		pairs = append(pairs, stats.OddPair(p))
	}
	return pairs
}
