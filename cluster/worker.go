package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
)

// Worker computes shards on this machine.
type Worker struct {
	Computer *compute.Computer
	Models   map[string]*model.Model // by the SHA-256 of the graph
	Machine  Machine
	Name     string // of this worker among those of its machine; empty: the host and the process
	// Memory bounds the networks that stay open, in bytes.
	Memory int64

	cores    *extract.Cores
	sessions sessions
	stores   cache[*objects.Store]
	plans    cache[*Plan]
	pages    cache[[]picture]
	unfit    unfitness
	// read is how a picture's bytes come; tests may make them.
	read func(context.Context, *objects.Store, picture) ([]byte, error)
}

// DisagreementError are two machines that computed one shard and do not agree: what
// the key names does not decide the features.
type DisagreementError struct {
	Object       string
	Here, Before Machine
}

func (e *DisagreementError) Error() string {
	return fmt.Sprintf("%s: the worker %s (%s) computed other bits than %s (%s) did", e.Object, e.Here.Host, e.Here.Instructions, e.Before.Host, e.Before.Instructions)
}

// Close closes what the worker has opened.
func (w *Worker) Close() error {
	err := w.sessions.close()
	w.stores.each(func(s *objects.Store) { err = errors.Join(err, s.Close()) })
	return err
}

// order is a task with all that it refers to.
type order struct {
	Task
	store   *objects.Store
	plan    *Plan
	network Network
}

func (w *Worker) order(ctx context.Context, t Task) (*order, error) {
	store, err := w.stores.get(t.Store, func() (*objects.Store, error) { return objects.Open(context.WithoutCancel(ctx), t.Store) })
	if err != nil {
		return nil, err
	}
	plan, err := w.plans.get(t.Store+"\n"+t.Plan, func() (*Plan, error) { return loadPlan(ctx, store, t.Plan) })
	if err != nil {
		return nil, err
	}
	if t.Network < 0 || t.Network >= len(plan.Networks) || t.Shard < 0 || t.Shard >= max(plan.Networks[t.Network].shards(plan.Pictures), 1) {
		return nil, fmt.Errorf("the plan %s has no shard %d of network %d", t.Plan, t.Shard, t.Network)
	}
	return &order{t, store, plan, plan.Networks[t.Network]}, nil
}

// Round is the activity that says how this machine rounds a network. It opens the
// network only if no machine of its instruction set has said so before.
func (w *Worker) Round(ctx context.Context, t Task) (r Rounding, err error) {
	defer func() { err = w.unfit.after(false, err) }()
	o, err := w.order(ctx, t)
	if err != nil {
		return r, err
	}
	r = Rounding{Instructions: w.Machine.Instructions}
	if r.Digest, err = keptRounding(ctx, o.store, o.network, r.Instructions); err != nil || r.Digest != "" {
		return r, err
	}
	s, err := w.open(ctx, o)
	if err != nil {
		return r, err
	}
	defer s.release()
	r.Digest = s.rounding
	return r, nil
}

// Compute is the activity that makes a shard, or finds that it is there.
func (w *Worker) Compute(ctx context.Context, t Task) (result Result, err error) {
	defer func() { err = w.unfit.after(!result.Hit && !result.Refused, err) }()
	o, err := w.order(ctx, t)
	if err != nil {
		return result, err
	}
	pictures, err := w.pictures(ctx, o)
	if err != nil {
		return result, err
	}
	key := shardKey(o.network.Spaces, t.Rounding.Digest, pictures.hashes)
	result = Result{Key: key, Pictures: len(pictures.list), Worker: w.Name, Attempt: int(activity.GetInfo(ctx).Attempt)}
	there, err := load(ctx, o.store, o.network, key, len(pictures.list))
	var damaged *DamagedError
	switch {
	case err == nil:
		result.Hit, result.Digest, result.Bad = true, there.digest(), len(there.Bad)
		return result, nil
	case !errors.Is(err, fs.ErrNotExist) && !errors.As(err, &damaged):
		return result, err
	}
	if result.Refused, err = w.refuses(ctx, o); err != nil || result.Refused {
		return result, err
	}
	s, err := w.open(ctx, o)
	if err != nil {
		return result, err
	}
	defer s.release()
	if s.rounding != t.Rounding.Digest {
		result.Refused = true
		return result, nil
	}
	made, err := w.make(ctx, o, s.embedder, key, pictures)
	if err != nil {
		return result, err
	}
	result.Digest, result.Bad = made.digest(), len(made.Bad)
	return result, put(ctx, o.store, made, damaged != nil)
}

// refuses reports whether this machine is known to round otherwise than the run needs.
func (w *Worker) refuses(ctx context.Context, o *order) (bool, error) {
	if w.Machine.Instructions == o.Rounding.Instructions {
		return false, nil
	}
	kept, err := keptRounding(ctx, o.store, o.network, w.Machine.Instructions)
	return kept != "" && kept != o.Rounding.Digest, err
}

// shardPictures are those of one shard.
type shardPictures struct {
	list   []picture
	hashes []stimuli.Hash
}

func (w *Worker) pictures(ctx context.Context, o *order) (shardPictures, error) {
	first, end := o.network.span(o.Shard, o.plan.Pictures)
	page := o.plan.Pages[first/pageSize]
	list, err := w.pages.get(o.Store+"\n"+page, func() (list []picture, err error) {
		return list, loadJSON(ctx, o.store, page, &list)
	})
	if err != nil {
		return shardPictures{}, err
	}
	list = list[first%pageSize : first%pageSize+end-first]
	h, err := hashes(list)
	return shardPictures{list, h}, err
}

// make embeds the pictures of a shard. A picture that cannot be decoded is part of
// what it says; one that cannot be read may be read another time.
func (w *Worker) make(ctx context.Context, o *order, e model.Embedder, key string, pictures shardPictures) (*Shard, error) {
	s := &Shard{Key: key, Spaces: o.network.Spaces, Machine: w.Machine}
	list := make([]extract.Picture, len(pictures.list))
	for i, p := range pictures.list {
		list[i] = extract.Picture{Name: p.Name, Hash: pictures.hashes[i], Read: func() ([]byte, error) { return w.fetch(ctx, o.store, p) }}
	}
	options := extract.Options{
		Workers: w.Computer.Workers, Cores: w.cores, Chunk: w.Computer.Batch,
		Progress: func(p extract.Progress) { activity.RecordHeartbeat(ctx, p.Done) },
	}
	err := extract.Shard(ctx, o.network.Name, e, list, options, func(_ int, vectors [][]float32, bad error) error {
		var unread *unreadError
		var why *extract.PictureError
		switch {
		case bad == nil:
			return s.add(vectors)
		case errors.As(bad, &unread), errors.Is(bad, extract.ErrReplaced), !errors.As(bad, &why):
			return bad
		}
		s.addBad(why.Err.Error())
		return nil
	})
	if err != nil {
		return nil, model.Named(o.network.Name, err)
	}
	return s, nil
}

// pictureKey is where the store keeps a picture.
func pictureKey(hash string) string { return "pictures/" + hash }

// fetch reads a picture from the file that machines share, or else from the store.
func (w *Worker) fetch(ctx context.Context, store *objects.Store, p picture) ([]byte, error) {
	read := w.read
	if read == nil {
		read = fetch
	}
	data, err := read(ctx, store, p)
	if err != nil {
		return nil, &unreadError{p, err}
	}
	return data, nil
}

func fetch(ctx context.Context, store *objects.Store, p picture) ([]byte, error) {
	var fileErr error
	if p.File != "" {
		data, err := regular.ReadFile(p.File)
		if err == nil && hashOf(data) == p.Hash {
			return data, nil
		}
		if fileErr = err; err == nil {
			fileErr = fmt.Errorf("%s: %w", p.File, extract.ErrReplaced)
		}
	}
	data, err := store.Get(ctx, pictureKey(p.Hash))
	if err != nil {
		return nil, errors.Join(fileErr, err)
	}
	if hashOf(data) != p.Hash {
		return nil, &DamagedError{pictureKey(p.Hash), "its digest is not its name"}
	}
	return data, nil
}

// load reads a shard from the store.
func load(ctx context.Context, store *objects.Store, n Network, key string, pictures int) (*Shard, error) {
	data, err := store.Get(ctx, object(n.Spaces, key))
	if err != nil {
		return nil, err
	}
	return decodeShard(data, n.Spaces, key, pictures)
}

// put keeps a shard, whole and once. Where another worker was faster the two must agree.
func put(ctx context.Context, store *objects.Store, s *Shard, replace bool) error {
	data, err := s.encode()
	if err != nil {
		return err
	}
	key := object(s.Spaces, s.Key)
	if replace {
		return store.Replace(ctx, key, data)
	}
	if created, err := store.Create(ctx, key, data); err != nil || created {
		return err
	}
	there, err := load(ctx, store, Network{Spaces: s.Spaces}, s.Key, s.Pictures)
	if damaged := (*DamagedError)(nil); errors.As(err, &damaged) {
		return store.Replace(ctx, key, data)
	}
	if err == nil && there.digest() != s.digest() {
		return permanent(&DisagreementError{key, s.Machine, there.Machine})
	}
	return err
}

// permanent is an error that no other attempt mends.
func permanent(err error) error {
	return temporal.NewNonRetryableApplicationError(err.Error(), fmt.Sprintf("%T", err), err)
}

// open opens the network of a task, once on this machine, and keeps how it rounds.
func (w *Worker) open(ctx context.Context, o *order) (*session, error) {
	defer beat(ctx)()
	return w.sessions.get(ctx, o.network.digest(), w.Memory, func() (*session, error) {
		job, outputs, err := w.job(o.network)
		if err != nil {
			return nil, err
		}
		e, err := job.Open(ctx, model.SessionOptions{Outputs: outputs, Pictures: o.plan.Pictures})
		if err != nil {
			return nil, &openError{o.network.Name, w.Machine.Host, err}
		}
		s := &session{embedder: e, memory: job.Memory}
		if s.rounding, err = roundingOf(ctx, e); err == nil {
			err = keepRounding(ctx, o.store, o.network, Rounding{w.Machine.Instructions, s.rounding})
		}
		if err != nil {
			return nil, errors.Join(err, e.Close())
		}
		return s, nil
	})
}

// job finds the model of a network, which must be the plan's to the last digest.
func (w *Worker) job(n Network) (extract.Job, []model.Output, error) {
	m := w.Models[n.Spaces[0].Model]
	if m == nil {
		return extract.Job{}, nil, &noModelError{n.Name, n.Spaces[0].Model, w.Machine.Host}
	}
	var job extract.Job
	var outputs []model.Output
	for _, want := range n.Spaces {
		output := model.Output{Node: want.Node, Pooling: want.Pooling}
		job = w.Computer.Float32Job(m, output, slices.DeleteFunc(strings.Split(want.Taps, ","), func(s string) bool { return s == "" })...)
		if job.Space != want {
			return job, nil, &versionError{n.Name, w.Machine.Host, job.Space, want}
		}
		outputs = append(outputs, output)
	}
	return job, outputs, nil
}
