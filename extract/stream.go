package extract

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// Source is a picture whose bytes have not been seen yet.
type Source struct {
	Name string // for messages
	Read func() ([]byte, error)
}

// Stream embeds pictures as Run does, and hands the vectors of each to a
// function instead of returning tables: in memory are the few chunks at work
// and, for each job, where its records stand. Pictures are read and hashed when
// their turn comes. each is called in the order of sources, from one goroutine,
// with the vectors by job. Pictures that cannot be decoded are passed over and
// all reported at the end, as in Run; an error of each stops the work at once.
func Stream(ctx context.Context, store *feature.Store, sources []Source, jobs []Job, o Options, each func(source int, vectors [][]float32) error) error {
	s := &stream{sources: sources, each: each, report: o.Progress, workers: o.Workers}
	s.progress.Total = len(sources) * len(jobs)
	if s.workers == 0 {
		s.workers = runtime.NumCPU()
	}
	if s.report == nil {
		s.report = func(Progress) {}
	}
	err := s.open(ctx, store, jobs)
	if err == nil {
		s.report(s.progress)
		err = s.run(ctx)
	}
	if err == nil {
		err = errors.Join(s.undecoded...)
	}
	return errors.Join(err, s.close())
}

// stream is the state of one Stream. Its progress counts vectors delivered,
// those from the store included.
type stream struct {
	sources   []Source
	jobs      []*streamJob
	each      func(int, [][]float32) error
	workers   int
	report    func(Progress)
	progress  Progress
	undecoded []error
}

// streamJob is a job whose model is opened when the first picture wants it.
type streamJob struct {
	Job
	index    *feature.Index
	once     sync.Once
	embedder Embedder
	err      error
}

func (j *streamJob) open() (Embedder, error) {
	j.once.Do(func() { j.embedder, j.err = j.Job.Open() })
	return j.embedder, j.err
}

// open takes the spaces in one order for all processes, as run.open does.
func (s *stream) open(ctx context.Context, store *feature.Store, jobs []Job) error {
	for _, j := range jobs {
		s.jobs = append(s.jobs, &streamJob{Job: j})
	}
	inOrder := slices.SortedFunc(slices.Values(s.jobs), func(a, b *streamJob) int {
		return cmp.Compare(a.Space.Digest(), b.Space.Digest())
	})
	for _, j := range inOrder {
		index, err := store.Open(ctx, j.Space)
		if err != nil {
			return err
		}
		j.index = index
	}
	return nil
}

func (s *stream) close() error {
	var errs []error
	for _, j := range s.jobs {
		if j.embedder != nil {
			errs = append(errs, j.embedder.Close())
		}
		if j.index != nil {
			errs = append(errs, j.index.Close())
		}
	}
	return errors.Join(errs...)
}

// part is some neighbouring sources and what was made of them.
type part struct {
	first     int            // of the sources
	hashes    []stimuli.Hash // zero where a picture could not be read
	fresh     *chunk         // of pictures that some job lacks
	undecoded []error
}

// run works on parts with all workers, and delivers them in order.
func (s *stream) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slots := make(chan chan *part, 2*s.workers)
	var g errgroup.Group
	g.SetLimit(s.workers + 1) // and the goroutine that starts them
	g.Go(func() error {
		defer close(slots)
		for first := 0; first < len(s.sources); first += chunkSize {
			slot := make(chan *part, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return nil
			}
			g.Go(func() error {
				defer close(slot)
				p, err := s.make(ctx, first, min(first+chunkSize, len(s.sources)))
				if err != nil {
					cancel(err)
					return nil
				}
				slot <- p
				return nil
			})
		}
		return nil
	})
	for slot := range slots {
		// After a lost part nothing more is kept: the next run goes on from here, in order.
		if p := <-slot; p == nil || ctx.Err() != nil {
			cancel(context.Canceled)
		} else if err := s.deliver(p); err != nil {
			cancel(err)
		}
	}
	g.Wait()
	return context.Cause(ctx)
}

// make reads and hashes the sources of a part and embeds what the store lacks.
func (s *stream) make(ctx context.Context, first, end int) (*part, error) {
	p := &part{first: first, hashes: make([]stimuli.Hash, end-first)}
	var pictures []Picture
	wanting := make([]*job, len(s.jobs))
	for i, j := range s.jobs {
		wanting[i] = &job{Job: j.Job, lacks: map[stimuli.Hash]bool{}}
	}
	for i := range p.hashes {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		source := s.sources[first+i]
		data, err := source.Read()
		if err != nil {
			p.undecoded = append(p.undecoded, &PictureError{source.Name, err})
			continue
		}
		hash := stimuli.Hash(sha256.Sum256(data))
		p.hashes[i] = hash
		if s.lack(hash, wanting) {
			pictures = append(pictures, Picture{Name: source.Name, Hash: hash, Read: func() ([]byte, error) { return data, nil }})
		}
	}
	for i, j := range s.jobs {
		if len(wanting[i].lacks) == 0 {
			continue
		}
		var err error
		if wanting[i].embedder, err = j.open(); err != nil {
			return nil, err
		}
	}
	p.fresh = newChunk(pictures, wanting)
	err := p.fresh.embed(ctx)
	p.undecoded = append(p.undecoded, p.fresh.undecoded...)
	p.fresh.images, p.fresh.tensors, p.fresh.pictures = nil, nil, nil // while the part waits for its turn
	return p, err
}

// lack notes which jobs lack the picture.
func (s *stream) lack(hash stimuli.Hash, wanting []*job) bool {
	any := false
	for i, j := range s.jobs {
		if !j.index.Has(hash) {
			wanting[i].lacks[hash] = true
			any = true
		}
	}
	return any
}

// deliver stores a part's new vectors and hands on all of its vectors.
func (s *stream) deliver(p *part) error {
	s.undecoded = append(s.undecoded, p.undecoded...)
	for i, j := range s.jobs {
		for k, v := range p.fresh.vectors[i] {
			picture := p.fresh.wanted[i][k]
			if err := j.index.Add(picture.Hash, v); err != nil {
				return fmt.Errorf("%s, picture %s: %w", j.Name, picture.Name, err)
			}
		}
	}
	vectors := make([][]float32, len(s.jobs))
	for k, hash := range p.hashes {
		complete := hash != (stimuli.Hash{})
		for i, j := range s.jobs {
			var err error
			if vectors[i], err = j.index.Vector(hash); err != nil {
				return err
			}
			complete = complete && vectors[i] != nil
		}
		if !complete {
			continue
		}
		if err := s.each(p.first+k, vectors); err != nil {
			return err
		}
	}
	s.progress.Done += len(p.hashes) * len(s.jobs)
	s.report(s.progress)
	return nil
}
