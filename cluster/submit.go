package cluster

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/stimuli"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"
)

// Cluster computes features on the workers of a Temporal server; it is a
// compute.Elsewhere.
type Cluster struct {
	Client client.Client
	Store  *objects.Store
	Limits Limits

	// Shard is the number of pictures of one shard, a power of two; 0: what keeps a
	// worker busy for some ten seconds.
	Shard int
	// Instructions names the instruction set that all workers of a run must have;
	// empty: any that round alike.
	Instructions string
	// Upload puts the pictures into the store, for workers that do not share the file
	// system.
	Upload bool
	// DryRun returns an *Estimate in the place of submitting anything.
	DryRun bool

	// Submitted is told of a run when it is under way; attached says that it was before.
	Submitted func(run string, attached bool)
	// Progress is told now and then how far a run is.
	Progress func(Status)
	// Interrupted is asked, when the context ends while a run is under way, whether to
	// cancel it. nil: the run goes on.
	Interrupted func(run string) (cancel bool)

	shares []Contribution
}

// Contribution is what a machine has computed of one model.
type Contribution struct {
	Model string `json:"model"`
	Machine
	Pictures int `json:"pictures"`
}

// Contributions says which machines computed what was read from the store.
func (c *Cluster) Contributions() []Contribution { return c.shares }

// PlanError is a request that a cluster cannot fulfil.
type PlanError struct{ Why string }

func (e *PlanError) Error() string { return e.Why }

// Fill computes the jobs of networks for the pictures that the store lacks, as
// extract.Fill does on this machine, and leaves the same bytes. Where the workers round
// otherwise than this machine, moved gives the space in which the features of one asked
// for are.
func (c *Cluster) Fill(ctx context.Context, local *feature.Store, pictures []extract.Picture, jobs []extract.Job) (moved map[feature.Space]feature.Space, err error) {
	r, err := c.plan(local, pictures, jobs)
	if err == nil && c.DryRun {
		return nil, c.estimate(ctx, r)
	}
	if err != nil || len(r.plan.Networks) == 0 {
		return nil, err
	}
	if c.Upload {
		if err := c.upload(ctx, r.pictures); err != nil {
			return nil, err
		}
	}
	done, err := c.execute(ctx, r)
	if err != nil {
		return nil, err
	}
	return c.collect(ctx, local, r, done.Roundings)
}

// request is what a run is about.
type request struct {
	plan     Plan
	pictures []extract.Picture // each content once
	jobs     []extract.Job     // by network, one that opens it
}

// plan lists the networks that lack pictures, and all pictures: the cut into shards does
// not depend on what this machine happens to have.
func (c *Cluster) plan(local *feature.Store, pictures []extract.Picture, jobs []extract.Job) (*request, error) {
	if c.Shard != 0 && (c.Shard < 1 || c.Shard > pageSize || c.Shard&(c.Shard-1) != 0) {
		return nil, &PlanError{fmt.Sprintf("shards of %d pictures: give a power of two up to %d", c.Shard, pageSize)}
	}
	r := &request{pictures: make([]extract.Picture, 0, len(pictures))}
	seen := make(map[stimuli.Hash]bool, len(pictures))
	for _, p := range pictures {
		if !seen[p.Hash] {
			seen[p.Hash] = true
			r.pictures = append(r.pictures, p)
		}
	}
	all, err := networks(jobs, c.Shard)
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		if n.Spaces[0].Precision != "" {
			return nil, &PlanError{fmt.Sprintf("model %s: a cluster computes float32 only", n.Name)}
		}
		lacks, err := lacking(local, n, r.pictures)
		if err != nil {
			return nil, err
		}
		if lacks {
			r.plan.Networks = append(r.plan.Networks, n)
			k := slices.IndexFunc(jobs, func(j extract.Job) bool { return j.Space == n.Spaces[0] })
			r.jobs = append(r.jobs, jobs[k])
		}
	}
	return r, c.fits(r)
}

// mostChildren is the number of child workflows whose events, and whose results with the
// shares of some hundred workers, fill half of one run's history.
const mostChildren = 1600

// fits refuses a run that is too large for Temporal before anything is done for it.
func (c *Cluster) fits(r *request) error {
	shards, children, size := 0, 0, c.limits().Shards
	for _, n := range r.plan.Networks {
		here := n.shards(len(r.pictures))
		shards, children = shards+here, children+(here+size-1)/size
	}
	if children > mostChildren {
		return &PlanError{fmt.Sprintf("a run of %d shards is too large for Temporal, which takes some %d; take more pictures for a shard, or fewer networks at once", shards, mostChildren*size)}
	}
	return nil
}

func (c *Cluster) limits() Limits { return cmp.Or(c.Limits, DefaultLimits) }

// lacking reports whether the store lacks a vector of the network.
func lacking(local *feature.Store, n Network, pictures []extract.Picture) (bool, error) {
	for _, space := range n.Spaces {
		v, err := local.View(space)
		if err != nil {
			return false, err
		}
		lacks := slices.ContainsFunc(pictures, func(p extract.Picture) bool { return !v.Has(p.Hash) })
		if err := v.Close(); err != nil || lacks {
			return lacks, err
		}
	}
	return false, nil
}

// upload puts the pictures that the store lacks into it.
func (c *Cluster) upload(ctx context.Context, pictures []extract.Picture) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, p := range pictures {
		g.Go(func() error {
			key := pictureKey(p.Hash.String())
			if found, err := c.Store.Has(ctx, key); err != nil || found {
				return err
			}
			data, err := p.ReadHashed()
			if err != nil {
				return &extract.PictureError{Name: p.Name, Err: err}
			}
			_, err = c.Store.Create(ctx, key, data)
			return err
		})
	}
	return g.Wait()
}

// execute submits the run, or attaches to it if it is under way, and waits for its end.
func (c *Cluster) execute(ctx context.Context, r *request) (Progress, error) {
	key, err := r.plan.save(ctx, c.Store, r.pictures)
	if err != nil {
		return Progress{}, err
	}
	in := RunInput{Store: c.Store.String(), Plan: key, Limits: c.limits(), Instructions: c.Instructions}
	for _, n := range r.plan.Networks {
		in.Networks = append(in.Networks, RunNetwork{n.Name, queue(n.Spaces[0].Engine), n.shards(r.plan.Pictures), r.plan.Pictures})
	}
	id := runID(in, r)
	before, _ := c.Client.DescribeWorkflowExecution(ctx, id, "") // an error is a run that is new
	attached := before != nil && before.WorkflowExecutionInfo.Status == enums.WORKFLOW_EXECUTION_STATUS_RUNNING
	running, err := c.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: runsQueue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		Memo:                     map[string]any{memoTitle: r.title(), memoQueues: in.queues()},
	}, runWorkflow, in)
	if err != nil {
		return Progress{}, fmt.Errorf("submit the run: %w", err)
	}
	if c.Submitted != nil {
		c.Submitted(id, attached)
	}
	return c.wait(ctx, running)
}

// What a run keeps beside its state: what it is about, and in which queues its shards wait.
const (
	memoTitle  = "title"
	memoQueues = "queues"
)

func (r *request) title() string {
	return english.Count(len(r.plan.Networks), "network") + ", " + english.Count(r.plan.Pictures, "picture")
}

// runID names a run by what it computes and where its objects are, so that the same run
// submitted twice is one, wherever its pictures lie.
func runID(in RunInput, r *request) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", in.Store, in.Instructions)
	for _, n := range r.plan.Networks {
		fmt.Fprintln(h, n.digest(), n.Shard)
	}
	for _, p := range r.pictures {
		h.Write(p.Hash[:])
	}
	return "akin-" + hex.EncodeToString(h.Sum(nil)[:8])
}
