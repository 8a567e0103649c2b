package cluster

import (
	"context"
	"errors"
	"sync"

	"github.com/akin-vision/akin/model"
)

// session is an open network.
type session struct {
	embedder model.Embedder
	rounding string
	memory   int64
	release  func()

	users int
	used  int // when it was last asked for, by the cache's count
}

// sessions are the networks that a worker has open: each once, however many shards
// are at work, and those that were not used for longest closed first.
type sessions struct {
	mu     sync.Mutex
	open   map[string]*session
	clock  int
	opened int // so far
}

// get returns the session of a name, opened if need be, after closing idle ones beyond
// the memory. The caller releases it. One network is opened at a time.
func (s *sessions) get(ctx context.Context, name string, memory int64, open func() (*session, error)) (*session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.open == nil {
		s.open = map[string]*session{}
	}
	found := s.open[name]
	if found == nil {
		var err error
		if found, err = open(); err != nil {
			return nil, err
		}
		s.opened++
		s.open[name] = found
		if err := s.evict(name, memory); err != nil {
			return nil, err
		}
	}
	s.clock++
	found.used = s.clock
	found.users++
	return &session{embedder: found.embedder, rounding: found.rounding, release: func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		found.users--
	}}, nil
}

// evict closes idle sessions, but for the newest, until the rest fit into memory.
func (s *sessions) evict(newest string, memory int64) error {
	var errs []error
	for {
		total, oldest := int64(0), ""
		for name, one := range s.open {
			total += one.memory
			if one.users == 0 && name != newest && (oldest == "" || one.used < s.open[oldest].used) {
				oldest = name
			}
		}
		if total <= memory || oldest == "" {
			return errors.Join(errs...)
		}
		errs = append(errs, s.open[oldest].embedder.Close())
		delete(s.open, oldest)
	}
}

func (s *sessions) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, one := range s.open {
		errs = append(errs, one.embedder.Close())
	}
	s.open = nil
	return errors.Join(errs...)
}

// cache keeps a few things that were read, the last ones asked for.
type cache[T any] struct {
	mu   sync.Mutex
	keys []string // the oldest first
	kept map[string]T
}

// mostCached bounds the things of one cache.
const mostCached = 64

// get returns what is kept under a key, or what make gives, which is then kept.
func (c *cache[T]) get(key string, produce func() (T, error)) (T, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept, ok := c.kept[key]; ok {
		return kept, nil
	}
	made, err := produce()
	if err != nil {
		return made, err
	}
	if c.kept == nil {
		c.kept = map[string]T{}
	}
	if len(c.keys) == mostCached {
		delete(c.kept, c.keys[0])
		c.keys = c.keys[1:]
	}
	c.kept[key], c.keys = made, append(c.keys, key)
	return made, nil
}

func (c *cache[T]) each(visit func(T)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range c.kept {
		visit(v)
	}
}
