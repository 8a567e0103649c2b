package akin

import (
	"context"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// agreementTriplets is the number of triplets whose choices on 8 bits are compared
// with float32's.
const agreementTriplets = 300

// mostOnIntegers is the share of the arithmetic below which a network's row says that
// most of it is not on 8 bits.
const mostOnIntegers = 0.5

// addAgreement compares the choices of 8-bit networks with float32's, on triplets
// spread evenly over the set, and notes agreement and speed.
func (e *evaluator) addAgreement(ctx context.Context, run *record.Run) error {
	step := max(1, (len(e.set.Triplets)+agreementTriplets-1)/agreementTriplets)
	triplets, pictures := everyTriplet(step, e.set, e.pictures)
	jobs := make([]extract.Job, len(e.rows))
	for i, r := range e.rows {
		jobs[i] = e.computer.Float32Job(r.model, r.output)
	}
	if err := e.computer.Fill(ctx, pictures, jobs); err != nil {
		return err
	}
	for i, r := range e.rows {
		if r.model.IsBaseline() {
			continue
		}
		want, _, err := e.computer.Choices(e.Similarity, triplets, jobs[i].Space)
		if err != nil {
			return err
		}
		m := &run.Models[i]
		m.Agreement = newAgreement(want, m.Choices, step)
		m.Agreement.Speedup, m.Agreement.Integers = e.computer.Speedup(r.model), e.computer.Integers(r.model)
		if share := m.Agreement.Integers; share != nil && *share < mostOnIntegers {
			run.Warnings = append(run.Warnings, fmt.Sprintf("%s has only %s %% of its multiply-accumulates on 8 bits; the others are no convolutions, or of the stem", m.Name, notation.PercentTo(0)(*share)))
		}
		if share := m.Agreement.Share(); share < record.EnoughAgreement {
			run.Warnings = append(run.Warnings, fmt.Sprintf("%s chooses as float32 does in %s %% of %d triplets only: int8 is too coarse for it",
				m.Name, notation.Percent(share), m.Agreement.Triplets))
		}
	}
	return nil
}

// everyTriplet takes every step-th triplet of a set, and the pictures of these.
func everyTriplet(step int, set *stimuli.Set, pictures []extract.Picture) ([]stimuli.Triplet, []extract.Picture) {
	var triplets []stimuli.Triplet
	shown := map[stimuli.Hash]bool{}
	for i := 0; i < len(set.Triplets); i += step {
		t := set.Triplets[i]
		triplets = append(triplets, t)
		shown[t.Target.Hash], shown[t.Related.Hash], shown[t.Unrelated.Hash] = true, true, true
	}
	return triplets, slices.DeleteFunc(slices.Clone(pictures), func(p extract.Picture) bool { return !shown[p.Hash] })
}

// newAgreement counts the choices of every step-th triplet that are float32's.
func newAgreement(float32s, choices []match.Choice, step int) *record.Agreement {
	a := &record.Agreement{Triplets: len(float32s)}
	for k, choice := range float32s {
		if choice.Outcome() == choices[k*step].Outcome() {
			a.Same++
		}
	}
	return a
}
