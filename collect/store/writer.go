package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	queueLength = 1024
	batchSize   = 128
	patience    = 10 * time.Second // for the database, before a request is refused for now
)

// errBusy is a store that cannot write for now; the same may be asked again.
var errBusy = errors.New("the database cannot write for now")

// request is something to be written. Many of them share one transaction, and so
// one wait for the disk.
type request struct {
	person int  // whose row it locks; 0 for none
	alone  bool // no other of its kind may overlap, in any process
	// run writes. A refusal concerns this request alone, which must then have
	// written nothing; err is one of the database, after which run may be called again.
	run func(ctx context.Context, tx *sql.Tx) (refusal, err error)

	err  error
	done chan struct{}
}

// submit returns after a request is on the disk, or with why it is not.
func (s *Store) submit(ctx context.Context, r *request) error {
	r.done = make(chan struct{})
	select {
	case s.queue <- r:
	default:
		return errBusy
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err() // it may still be written; asked again, it is the same
	}
}

// runWriter writes what waits.
func (s *Store) runWriter() {
	defer close(s.stopped)
	for {
		select {
		case first := <-s.queue:
			s.writeBatch(s.gather(first))
		case <-s.stop:
			for len(s.queue) > 0 {
				s.writeBatch(s.gather(<-s.queue))
			}
			return
		}
	}
}

func (s *Store) gather(first *request) []*request {
	batch := []*request{first}
	for len(batch) < batchSize {
		select {
		case more := <-s.queue:
			batch = append(batch, more)
		default:
			return batch
		}
	}
	return batch
}

func (s *Store) writeBatch(batch []*request) {
	// Two processes that lock people in one order do not wait for each other.
	slices.SortStableFunc(batch, func(a, b *request) int { return a.person - b.person })
	err := s.commit(batch)
	for _, r := range batch {
		failed := err
		if err != nil && len(batch) > 1 && s.alive() {
			failed = s.commit([]*request{r}) // one that cannot be written must not hold up the others
		}
		if failed != nil {
			r.err = fmt.Errorf("%w: %w", errBusy, failed)
		}
		close(r.done)
	}
}

// alive reports whether the database answers at all.
func (s *Store) alive() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return s.Ping(ctx) == nil
}

func (s *Store) commit(batch []*request) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing after a commit
	if slices.ContainsFunc(batch, func(r *request) bool { return r.alone }) {
		if err := s.lock(ctx, tx); err != nil {
			return err
		}
	}
	for _, r := range batch {
		if r.err, err = r.run(ctx, tx); err != nil {
			return err
		}
	}
	return tx.Commit()
}
