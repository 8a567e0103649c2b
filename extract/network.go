package extract

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/semaphore"
)

// column is one space of the store at work.
type column struct {
	Job   // the first that names the space
	index *feature.Index
}

// network is one model with the columns that a single inference of it fills.
type network struct {
	name     string
	columns  []*column // none: it is run over every picture, and nothing is stored
	memory   int64
	pictures int // that may be to come
	once     sync.Once
	model    model.Embedder
	err      error
}

// open loads the model when the first picture wants it.
func (n *network) open(ctx context.Context) (model.Embedder, error) {
	n.once.Do(func() {
		o := model.SessionOptions{Pictures: n.pictures}
		for _, c := range n.columns {
			o.Outputs = append(o.Outputs, model.Output{Node: c.Space.Node, Pooling: c.Space.Pooling})
		}
		n.model, n.err = n.columns[0].Open(ctx, o)
	})
	return n.model, n.err
}

func (n *network) close() error {
	if n.model == nil {
		return nil
	}
	open := n.model
	n.model = nil
	return open.Close()
}

func (n *network) lacks(picture stimuli.Hash) bool {
	return n.columns == nil || slices.ContainsFunc(n.columns, func(c *column) bool { return !c.index.Has(picture) })
}

// run embeds one batch on as many of the cores as the model takes.
func (n *network) run(ctx context.Context, cores *Cores, tensor []float32, pictures int) ([][][]float32, error) {
	release, err := cores.acquire(ctx, n.model.Threads())
	if err != nil {
		return nil, err
	}
	defer release()
	return n.model.Run(ctx, tensor, pictures)
}

// Cores are shared by all that computes, so that decoding fills what inference
// leaves and takes nothing from it.
type Cores struct {
	free *semaphore.Weighted
	all  int
}

// NewCores are n cores of this machine.
func NewCores(n int) *Cores { return &Cores{semaphore.NewWeighted(int64(n)), n} }

func (c *Cores) acquire(ctx context.Context, n int) (release func(), err error) {
	weight := int64(min(max(n, 1), c.all))
	if err := c.free.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	return func() { c.free.Release(weight) }, nil
}

// join sorts jobs of so many pictures into columns, one a space, and networks, in
// the order of jobs.
func join(jobs []Job, pictures int) (ofJob []*column, networks []*network) {
	bySpace, bySession := map[feature.Space]*column{}, map[feature.Space]*network{}
	for _, j := range jobs {
		c := bySpace[j.Space]
		if c == nil {
			c = &column{Job: j}
			bySpace[j.Space] = c
			n := bySession[j.Space.Session()]
			if n == nil {
				n = &network{name: j.Name, pictures: pictures}
				bySession[j.Space.Session()] = n
				networks = append(networks, n)
			}
			n.columns = append(n.columns, c)
			n.memory = max(n.memory, j.Memory)
		}
		ofJob = append(ofJob, c)
	}
	return ofJob, networks
}

// openColumns takes the spaces in one order for all processes, so that two
// never wait for each other.
func openColumns(ctx context.Context, store *feature.Store, networks []*network) error {
	var columns []*column
	for _, n := range networks {
		columns = append(columns, n.columns...)
	}
	slices.SortFunc(columns, func(a, b *column) int { return cmp.Compare(a.Space.Digest(), b.Space.Digest()) })
	for _, c := range columns {
		var err error
		if c.index, err = store.Open(ctx, c.Space); err != nil {
			return err
		}
	}
	return nil
}

func closeAll(networks []*network) error {
	var errs []error
	for _, n := range networks {
		errs = append(errs, n.close())
		for _, c := range n.columns {
			if c.index != nil {
				errs = append(errs, c.index.Close())
			}
		}
	}
	return errors.Join(errs...)
}

// passes cuts the networks into runs that fit into memory together, each at
// least one network.
func passes(networks []*network, memory int64) [][]*network {
	var list [][]*network
	var used int64
	for _, n := range networks {
		if len(list) == 0 || memory > 0 && used+n.memory > memory {
			list, used = append(list, nil), 0
		}
		list[len(list)-1] = append(list[len(list)-1], n)
		used += n.memory
	}
	return list
}
