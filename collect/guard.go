package collect

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/akin-vision/akin/serve"
	"golang.org/x/time/rate"
)

// MaxConnections are as many as a study's server may hold at once: browsers open six.
const MaxConnections = 6 * 1000

const (
	maxBody     = 64 << 10 // bytes of a request
	maxAtOnce   = 512      // requests that are being answered
	bodyTimeout = 20 * time.Second
)

// guard lets through what a study's page may ask: from its own origin, to a name
// that is served here, of bounded size and number.
func (s *Server) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "a request from another site")
	}))
	next = origin.Handler(next)
	free := make(chan struct{}, maxAtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secureHeaders(w)
		if !s.accepts(r.Host) {
			refuse(w, http.StatusMisdirectedRequest, "this address is not served here")
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !readBody(w, r) {
			return
		}
		select { // after the body, which a client may send as slowly as it likes
		case free <- struct{}{}:
			defer func() { <-free }()
		default:
			tryLater(w, http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// readBody takes the whole body into memory, within its bounds, or refuses it.
func readBody(w http.ResponseWriter, r *http.Request) bool {
	// A server that cannot set a deadline (a test's) needs none.
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		refuse(w, http.StatusInternalServerError, "")
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		refuse(w, http.StatusRequestEntityTooLarge, "the request is too large")
	case err != nil:
		refuse(w, http.StatusBadRequest, "the request cannot be read")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil
}

func secureHeaders(w http.ResponseWriter) {
	h := w.Header()
	serve.SecureHeaders(h)
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}

func tryLater(w http.ResponseWriter, status int) {
	w.Header().Set("Retry-After", "2")
	refuse(w, status, "please try again")
}

// limits bound how often something may be asked. Addresses are kept here, in
// memory, and nowhere else.
type limits struct {
	entries *limiter // by address: people who begin
	wrong   *limiter // by address: wrong keys
	people  *limiter // by person: all that a session asks
}

func newLimits() *limits {
	return &limits{
		entries: &limiter{each: 20, burst: 400},
		wrong:   &limiter{each: 2, burst: 50},
		people:  &limiter{each: 20, burst: 100},
	}
}

// limiter is a rate for each name.
type limiter struct {
	each  rate.Limit // per second
	burst int

	mutex   sync.Mutex
	byName  map[string]*rate.Limiter
	cleared time.Time
}

// mostNames are remembered; then all begin anew.
const mostNames = 100_000

func (l *limiter) allow(name string) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if now := time.Now(); l.byName == nil || len(l.byName) > mostNames || now.Sub(l.cleared) > time.Hour {
		l.byName, l.cleared = map[string]*rate.Limiter{}, now
	}
	of := l.byName[name]
	if of == nil {
		of = rate.NewLimiter(l.each, l.burst)
		l.byName[name] = of
	}
	return of.Allow()
}

// address is where a request comes from: behind a proxy, the proxy.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
