package rehearse

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/akin-vision/akin/collect"
	"golang.org/x/sync/errgroup"
)

// Options say who rehearses.
type Options struct {
	People    map[Manner]int
	Agreement float64 // reliability of one careful person's answer, between 0 and 1
	Quit      float64 // share of people who go away somewhere on the way
	Seed      uint64
	AtOnce    int           // people at the same time
	Think     time.Duration // mean time between two answers of a person; 0: none

	// Took hears of each request that succeeded, Acknowledged of each answer that
	// the server has, by its UID. Both may be called at once.
	Took         func(path string, d time.Duration)
	Acknowledged func(uid string)
}

// Result is what came of it.
type Result struct {
	Finished int      `json:"finished"`
	Quit     int      `json:"quit"`
	Full     int      `json:"full"` // came when the study wanted nobody any more
	Codes    []string `json:"-"`    // that the finished got
}

// Run walks everybody through the study at base, an address that ends with the
// study's key and a slash. Equal options give equal answers of each person,
// whatever the order in which they come.
func Run(ctx context.Context, c *collect.Collection, base string, o Options) (*Result, error) {
	if !(o.Agreement > 0 && o.Agreement < 1) {
		return nil, fmt.Errorf("agreement %v is not between 0 and 1", o.Agreement)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = o.AtOnce
	defer transport.CloseIdleConnections()
	truth := newTruth(c, o.Agreement, o.Seed)
	var result Result
	var mutex sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, o.AtOnce))
	for n, manner := range o.manners() {
		p := newPerson(client{base: base, secret: secret(), http: &http.Client{Transport: transport, Timeout: 30 * time.Second}, took: o.Took},
			truth, manner, o, rand.New(rand.NewPCG(o.Seed, uint64(2+n))))
		group.Go(func() error {
			code, err := p.walk(ctx)
			mutex.Lock()
			defer mutex.Unlock()
			return result.add(code, err)
		})
	}
	return &result, group.Wait()
}

// manners are those of all people, mixed.
func (o Options) manners() []Manner {
	var all []Manner
	for _, manner := range []Manner{Careful, Random, Careless} {
		for range o.People[manner] {
			all = append(all, manner)
		}
	}
	rand.New(rand.NewPCG(o.Seed, 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// add counts how a person's walk ended; an error that ends the rehearsal comes back.
func (r *Result) add(code string, err error) error {
	switch {
	case isFull(err):
		r.Full++
	case err != nil:
		return err
	case code == "":
		r.Quit++
	default:
		r.Finished++
		r.Codes = append(r.Codes, code)
	}
	return nil
}

func newPerson(c client, t truth, manner Manner, o Options, rng *rand.Rand) *person {
	p := &person{client: c, truth: t, manner: manner, think: o.Think, rng: rng, quits: math.Inf(1), acknowledged: o.Acknowledged}
	if rng.Float64() < o.Quit {
		p.quits = rng.Float64()
	}
	return p
}
