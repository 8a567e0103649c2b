package collect

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
)

// errFull is a study in which each item has all the people that it needs.
var errFull = errors.New("the study has all the answers that it needs")

const (
	codeLength       = 8  // of a person's public name
	completionLength = 10 // of a completion code of one's own
)

// enter lets a person in, or back in.
func (s *Server) enter(ctx context.Context, e store.Entry) (store.Person, error) {
	closed, err := s.stopped.closed(ctx, s)
	if err != nil {
		return store.Person{}, err
	}
	return s.Store.Enter(ctx, e, s.now(), func(id int, others []store.Person) (store.Draft, error) {
		counts, err := s.counts(ctx, others)
		if err != nil {
			return store.Draft{}, err
		}
		done := make([]bool, len(counts))
		for i, n := range counts {
			done[i] = closed[i] || n >= s.Study.Sample.Raters
		}
		plan := s.Study.NewPlan(s.Items, id, counts, done)
		if plan == nil {
			return store.Draft{}, errFull
		}
		text, err := json.Marshal(plan)
		if err != nil {
			return store.Draft{}, err
		}
		d := store.Draft{Code: code(codeLength), Completion: cmp.Or(s.Study.Recruit.Code, code(completionLength)), Plan: string(text), Trials: len(plan)}
		s.plans.keep(d.Code, plan) // the next to enter may share this transaction, and cannot read it yet
		return d, nil
	})
}

// counts are how often each item is judged, or promised to someone who may still
// be at it.
func (s *Server) counts(ctx context.Context, people []store.Person) ([]int, error) {
	counts := make([]int, len(s.Items.List))
	for _, p := range people {
		plan, err := s.plan(ctx, p)
		if errors.Is(err, store.ErrUnknown) {
			continue // forgotten meanwhile
		}
		if err != nil {
			return nil, err
		}
		present := s.present(p, s.now())
		for i, t := range plan {
			if t.Kind == study.Main && (i < p.Answered || present) {
				counts[t.Item]++
			}
		}
	}
	return counts, nil
}

// plan is a person's, read once.
func (s *Server) plan(ctx context.Context, p store.Person) ([]study.Trial, error) {
	if plan, known := s.plans.of(p.Code); known {
		return plan, nil
	}
	text, err := s.Store.Plan(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var plan []study.Trial
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		return nil, fmt.Errorf("plan of person %s: %w", p.Code, err)
	}
	s.plans.keep(p.Code, plan)
	return plan, nil
}

// plans keeps people's plans, which never change, by the person's code: a number
// may come to another when a draft was not written.
type plans struct {
	mutex  sync.Mutex
	byCode map[string][]study.Trial
}

func (x *plans) of(code string) (plan []study.Trial, known bool) {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	plan, known = x.byCode[code]
	return plan, known
}

func (x *plans) keep(code string, plan []study.Trial) {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	if x.byCode == nil {
		x.byCode = map[string][]study.Trial{}
	}
	x.byCode[code] = plan
}

// stopping remembers which items need no more people by the rules of precision.
type stopping struct {
	mutex sync.Mutex
	at    time.Time
	items []bool
}

// stoppingAge is how old the state of these rules may be: they read all answers.
const stoppingAge = 20 * time.Second

func (x *stopping) closed(ctx context.Context, s *Server) ([]bool, error) {
	rules := s.Study.Stop
	if rules.HalfWidth == 0 && rules.SplitHalf == 0 {
		return make([]bool, len(s.Items.List)), nil
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	if x.items != nil && s.now().Sub(x.at) < stoppingAge {
		return x.items, nil
	}
	data, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	x.items, x.at = data.precise(), s.now()
	return x.items, nil
}
