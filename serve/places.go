package serve

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// allowance is what a client may take. One that reads slowly keeps its place as long as
// it reads: about 64 kB in each stall, for the system wakes a writer no sooner.
type allowance struct {
	connections int           // at once, of all clients
	patience    time.Duration // a client that kept us waiting for longer makes room for another
	stall       time.Duration // and is let go in any case, if it should read
}

const (
	piece    = 16 << 10 // bytes that are written under one deadline
	inFlight = 64 << 10 // bytes that the system keeps for a client
)

// places is a listener that holds a number of connections at once. Further ones wait,
// and get the place of a client that neither asks nor reads.
type places struct {
	net.Listener
	allowance
	closed chan struct{}
	close  sync.Once

	mutex sync.Mutex
	taken map[*place]bool
}

func newPlaces(l net.Listener, a allowance) *places {
	return &places{Listener: l, allowance: a, closed: make(chan struct{}), taken: map[*place]bool{}}
}

func (p *places) Accept() (net.Conn, error) {
	c, err := p.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(inFlight) // without it, slow readers are let go sooner
	}
	taken := &place{Conn: c, of: p}
	taken.waitsFromNow()
	for !p.take(taken) {
		select {
		case <-p.closed:
			return nil, errors.Join(net.ErrClosed, c.Close())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return taken, nil
}

func (p *places) Close() error {
	p.close.Do(func() { close(p.closed) })
	return p.Listener.Close()
}

// take gives a connection a place; where none is free, the client is let go that has
// kept us waiting longest.
func (p *places) take(c *place) bool {
	p.mutex.Lock()
	if len(p.taken) < p.connections {
		p.taken[c] = true
		p.mutex.Unlock()
		return true
	}
	oldest, since := (*place)(nil), time.Now().Add(-p.patience).UnixNano()
	for other := range p.taken {
		if w := other.waiting.Load(); w != 0 && w < since {
			oldest, since = other, w
		}
	}
	p.mutex.Unlock()
	if oldest != nil {
		oldest.Close()
	}
	return false
}

// place is a connection that has one.
type place struct {
	net.Conn
	of      *places
	waiting atomic.Int64 // since when for the client, in Unix nanoseconds; 0 if it waits for us
	owes    atomic.Bool  // the client has not sent its request's body to the end
}

func (c *place) waitsFromNow() { c.waiting.Store(time.Now().UnixNano()) }

// turn is ours, unless the client owes us something.
func (c *place) turn() {
	if c.owes.Load() {
		c.waitsFromNow()
	} else {
		c.waiting.Store(0)
	}
}

type placeKey struct{}

// withPlace lets handlers find the place of a request.
func withPlace(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, placeKey{}, conn)
}

// awaitBodies counts a client as one that keeps us waiting until the body of its request
// has come whole: whether a handler reads it, or the server what no handler wanted.
func awaitBodies(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ours := r.Context().Value(placeKey{}).(*place); ours {
			c.owes.Store(r.Body != http.NoBody)
			c.turn()
			r = r.WithContext(r.Context()) // a copy: the server looks at the kind of its own body
			r.Body = awaited{r.Body, c}
		}
		h.ServeHTTP(w, r)
	})
}

// awaited is the body of a request.
type awaited struct {
	io.ReadCloser
	from *place
}

func (b awaited) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.from.owes.Store(false)
		b.from.turn()
	}
	return n, err
}

// state tells who waits for whom.
func state(conn net.Conn, s http.ConnState) {
	c, ours := conn.(*place)
	switch {
	case !ours:
	case s == http.StateActive:
		c.waiting.Store(0)
	case s == http.StateIdle:
		c.waitsFromNow()
	}
}

// Write moves the deadline as long as the client reads.
func (c *place) Write(p []byte) (written int, err error) {
	defer c.turn()
	for err == nil && written < len(p) {
		c.waitsFromNow()
		if err = c.SetWriteDeadline(time.Now().Add(c.of.stall)); err != nil {
			break
		}
		var n int
		n, err = c.Conn.Write(p[written:min(len(p), written+piece)])
		written += n
	}
	return written, err
}

func (c *place) Close() error {
	c.of.mutex.Lock()
	delete(c.of.taken, c)
	c.of.mutex.Unlock()
	return c.Conn.Close()
}
