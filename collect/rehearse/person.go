package rehearse

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/study"
)

// Manner is how a simulated person answers.
type Manner string

// Manners.
const (
	Careful  Manner = "careful"  // by the item's true value, with noise
	Random   Manner = "random"   // anything
	Careless Manner = "careless" // always the same, fast
)

// truth is what everybody would say without noise, by the pictures shown.
type truth struct {
	task  string
	scale study.Scale
	value map[string]float64 // by pair of pictures, standard normal over the pairs
	noise float64            // SD of an answer around it
}

// newTruth draws the true values of all pairs; those that a set calls related
// lie higher. agreement is the reliability of a single answer: the share of the
// variance of answers that lies between items.
func newTruth(c *collect.Collection, agreement float64, seed uint64) truth {
	t := truth{task: c.Study.Task, scale: c.Study.Scale, value: map[string]float64{}, noise: math.Sqrt((1 - agreement) / agreement)}
	rng := rand.New(rand.NewPCG(seed, 1))
	for i := range c.Set.Triplets {
		shown := c.Set.Triplets[i].Shown()
		for k, lift := range []float64{liftOfRelated, -liftOfRelated} {
			key := pair(collect.PictureName(shown[0]), collect.PictureName(shown[1+k]))
			if _, known := t.value[key]; !known {
				t.value[key] = lift + math.Sqrt(1-liftOfRelated*liftOfRelated)*rng.NormFloat64()
			}
		}
	}
	return t
}

// liftOfRelated keeps the variance over pairs at 1.
const liftOfRelated = 0.6

func pair(a, b string) string { return min(a, b) + " " + max(a, b) }

// of is the true value of two pictures: a picture belongs with itself.
func (t truth) of(a, b string) float64 {
	if a == b {
		return 4
	}
	if v, known := t.value[pair(a, b)]; known {
		return v
	}
	return -liftOfRelated
}

// answer is what a person says to pictures.
func (t truth) answer(manner Manner, pictures []string, rng *rand.Rand) float64 {
	offset := len(pictures) - map[string]int{study.Rating: 0, study.Triplet: 2, study.OddOneOut: 3}[t.task]
	switch {
	case manner == Careless && t.task == study.Rating:
		return math.Round((t.scale.Min + t.scale.Max) / 2)
	case manner == Careless:
		return float64(offset)
	case manner == Random && t.task == study.Rating:
		return t.scale.Min + float64(rng.IntN(int(t.scale.Max-t.scale.Min)+1))
	case manner == Random:
		return float64(offset + rng.IntN(len(pictures)-offset))
	}
	felt := func(a, b string) float64 { return t.of(a, b) + t.noise*rng.NormFloat64() }
	switch t.task {
	case study.Rating:
		return t.place(felt(pictures[0], pictures[1]))
	case study.Triplet:
		return float64(1 + indexOfMax(felt(pictures[0], pictures[1]), felt(pictures[0], pictures[2])))
	}
	return float64(indexOfMax(felt(pictures[1], pictures[2]), felt(pictures[0], pictures[2]), felt(pictures[0], pictures[1])))
}

// place is a standardised value on the scale: three to each side of its middle.
func (t truth) place(z float64) float64 {
	half := (t.scale.Max - t.scale.Min) / 2
	return math.Round(min(t.scale.Max, max(t.scale.Min, t.scale.Min+half+z*half/3)))
}

func indexOfMax(values ...float64) int { return slices.Index(values, slices.Max(values)) }

// walk takes one person through the study, and returns the code at the end.
func (p *person) walk(ctx context.Context) (code string, err error) {
	if _, err := p.enter(ctx); err != nil {
		return "", err
	}
	var session collect.Session
	if err := p.ask(ctx, http.MethodGet, "session", nil, &session); err != nil {
		return "", err
	}
	for k := session.Position; k < len(session.Trials); k++ {
		if p.leaves(k, len(session.Trials)) {
			return "", nil
		}
		if err := p.pause(ctx); err != nil {
			return "", err
		}
		if err := p.judge(ctx, k, session.Trials[k].Pictures); err != nil {
			return "", err
		}
	}
	var end collect.Farewell
	if err := p.ask(ctx, http.MethodPost, "finish", struct{}{}, &end); err != nil {
		return "", err
	}
	return end.Code, nil
}

// person is one who is simulated.
type person struct {
	client
	truth
	manner Manner
	quits  float64       // at which share of the plan; beyond 1: never
	think  time.Duration // mean time between answers
	rng    *rand.Rand
	clock  float64 // ms since the first trial, as the page would have it

	acknowledged func(uid string)
}

func (p *person) leaves(position, trials int) bool {
	return float64(position) >= p.quits*float64(trials)
}

func (p *person) pause(ctx context.Context) error {
	if p.think == 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(time.Duration(float64(p.think) * (0.5 + p.rng.Float64()))):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *person) judge(ctx context.Context, position int, pictures []string) error {
	response := p.answer(p.manner, pictures, p.rng)
	rt := 350 + 900*math.Exp(0.4*p.rng.NormFloat64())
	if p.manner == Careless {
		rt = 180 + 60*p.rng.Float64()
	}
	a := collect.Answer{Position: position, UID: fmt.Sprintf("%016x%016x", p.rng.Uint64(), p.rng.Uint64()),
		Response: &response, RT: &rt, Onset: p.clock, Input: "mouse"}
	if p.task == study.Rating {
		first, gap := 1000.0, 1000.0
		a.First, a.Gap = &first, &gap
	}
	p.clock += rt + 3000
	err := p.ask(ctx, http.MethodPost, "answers", collect.Answers{Answers: []collect.Answer{a}}, nil)
	if err == nil && p.acknowledged != nil {
		p.acknowledged(a.UID)
	}
	return err
}
