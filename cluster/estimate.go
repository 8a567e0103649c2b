package cluster

import (
	"context"
	"fmt"
	"time"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/model"
	"golang.org/x/sync/errgroup"
)

// Estimate is what a run will take, told in the place of submitting it. It is an error,
// since there are no features then.
type Estimate struct {
	Store    string            `json:"store"`
	Pictures int               `json:"pictures"`
	Networks []NetworkEstimate `json:"networks"`
}

// NetworkEstimate is what one network of a run will take.
type NetworkEstimate struct {
	Model    string  `json:"model"`
	Shards   int     `json:"shards"`
	Pictures int     `json:"pictures_per_shard"`
	Bytes    int64   `json:"bytes"`   // of vectors, in the store
	Seconds  float64 `json:"seconds"` // on one worker
	Measured bool    `json:"measured"`
}

func (e *Estimate) Error() string { return fmt.Sprintf("%d networks were not run", len(e.Networks)) }

// Seconds are those of one worker for all networks.
func (e *Estimate) Seconds() (all float64) {
	for _, n := range e.Networks {
		all += n.Seconds
	}
	return all
}

// estimate says what a request will take. The speed is this machine's, where it can run
// the network, and else that of an assumed worker.
func (c *Cluster) estimate(ctx context.Context, r *request) error {
	e := &Estimate{Store: c.Store.String(), Pictures: len(r.pictures), Networks: []NetworkEstimate{}}
	for i, n := range r.plan.Networks {
		macs, width, err := measure(r.jobs[i].Model, n.Spaces)
		if err != nil {
			return err
		}
		pictures := float64(len(r.pictures))
		one := NetworkEstimate{Model: n.Name, Shards: n.shards(len(r.pictures)), Pictures: n.Shard, Bytes: int64(pictures) * int64(4*width)}
		rate, err := rate(ctx, r.jobs[i])
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if one.Measured = err == nil; !one.Measured {
			rate = workerMACs / macs
		}
		one.Seconds = pictures * (1/rate + pictureMACs/workerMACs)
		e.Networks = append(e.Networks, one)
	}
	return e
}

// rate measures how many pictures a second a network embeds on this machine, on two
// batches side by side.
func rate(ctx context.Context, job extract.Job) (float64, error) {
	e, err := job.Open(ctx, model.SessionOptions{Outputs: []model.Output{{Node: job.Space.Node, Pooling: job.Space.Pooling}}})
	if err != nil {
		return 0, err
	}
	defer e.Close()
	height, width := e.Recipe().Size()
	tensor := make([]float32, e.Batch()*3*height*width)
	const atOnce, rounds = 2, 2
	start := time.Now()
	for range rounds {
		var g errgroup.Group
		for range atOnce {
			g.Go(func() error { _, err := e.Run(ctx, tensor, e.Batch()); return err })
		}
		if err := g.Wait(); err != nil {
			return 0, err
		}
	}
	return float64(rounds*atOnce*e.Batch()) / time.Since(start).Seconds(), nil
}
