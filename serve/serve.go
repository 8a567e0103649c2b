// Package serve shows recorded runs in a browser on this machine: the page of
// report.html with full-size pictures, runs on one set side by side. It reads
// nothing but the records given to it and the pictures that they name.
package serve

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/page/report"
	"github.com/akin-vision/akin/page/tasks"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

// Site is what is served: one page for each set.
type Site struct {
	pages []document
}

// document is one set with every model of its runs, ready to be sent.
type document struct {
	Number   int // in the site, from 1
	Title    string
	Models   int
	Judged   string   // what the set has how many of
	Sources  []string // the folders of its runs
	html     []byte
	policy   string             // of its content, for the header
	pictures []*stimuli.Picture // by number
	files    fs.FS
}

// New prepares a page for each set. Models of runs on one set with one similarity
// stand in one page, compared on the same triplets; others apart.
func New(runs []Record) (*Site, error) {
	s := &Site{}
	for _, group := range groups(runs) {
		p, err := newPage(len(s.pages)+1, group)
		if err != nil {
			return nil, err
		}
		s.pages = append(s.pages, p)
	}
	return s, nil
}

func newPage(number int, group []Record) (document, error) {
	p := document{Number: number}
	for _, r := range group {
		p.Sources = append(p.Sources, r.Dir)
	}
	var shown page.Page
	var err error
	if group[0].Judged != nil {
		shown, err = p.ofTask(group)
	} else {
		shown, err = p.ofTriplets(group)
	}
	if err != nil {
		return p, err
	}
	var html bytes.Buffer
	err = shown.Write(&html)
	p.html, p.policy = html.Bytes(), shown.Header()
	return p, err
}

func (p *document) ofTriplets(group []Record) (page.Page, error) {
	joined, err := join(group)
	if err != nil {
		return page.Page{}, err
	}
	run := joined.Run
	p.Title, p.Models, p.Judged = cmp.Or(run.Set.Title, run.Set.Name), len(run.Models), english.Count(run.Set.Triplets, "triplet")
	p.pictures, p.files = report.Pictures(run), joined.Pictures
	return report.New(report.Input{
		Run: run, Summary: record.Summarise(run, joined.Statistics), Statistics: joined.Statistics,
		Pictures: page.Pictures{Files: joined.Pictures, FullSize: "pictures/"},
	})
}

// ofTask shows small pictures alone: only a sample of a set's rows is shown.
func (p *document) ofTask(group []Record) (page.Page, error) {
	run, statistics, err := joinJudged(group)
	if err != nil {
		return page.Page{}, err
	}
	p.Title, p.Models, p.Judged = cmp.Or(run.Set.Title, run.Set.Name), len(run.Models), words.Judgements(run.Set)
	return tasks.New(run, statistics, page.Pictures{Files: group[0].Pictures}), nil
}

// Pages is how many sets the site shows.
func (s *Site) Pages() int { return len(s.pages) }

// SecureHeaders keep an answer out of other sites, their frames and caches.
func SecureHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// Handler answers GET and HEAD for requests whose Host header the given test
// accepts: a page of another site whose name was made to point here is refused.
func (s *Site) Handler(accepts func(host string) bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /{page}/{$}", s.page)
	mux.HandleFunc("GET /{page}/pictures/{number}", s.picture)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SecureHeaders(w.Header())
		if !accepts(r.Host) {
			http.Error(w, "this address is not served here", http.StatusMisdirectedRequest)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// numbered finds what a number in a URL counts from first.
func numbered[T any](list []T, number string, first int) (T, bool) {
	n, err := strconv.Atoi(number)
	if n -= first; err != nil || n < 0 || n >= len(list) {
		var none T
		return none, false
	}
	return list[n], true
}

func (s *Site) page(w http.ResponseWriter, r *http.Request) {
	p, ok := numbered(s.pages, r.PathValue("page"), 1)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", p.policy)
	send(w, r, "text/html; charset=utf-8", p.html)
}

// picture sends a picture of the run, named by its number: no path comes from a request.
func (s *Site) picture(w http.ResponseWriter, r *http.Request) {
	p, ok := numbered(s.pages, r.PathValue("page"), 1)
	if !ok {
		http.NotFound(w, r)
		return
	}
	picture, ok := numbered(p.pictures, r.PathValue("number"), 0)
	if !ok {
		http.NotFound(w, r)
		return
	}
	data, err := page.ReadPicture(p.files, picture)
	kind := http.DetectContentType(data)
	if err != nil || !strings.HasPrefix(kind, "image/") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	send(w, r, kind, data)
}

func send(w http.ResponseWriter, r *http.Request, kind string, data []byte) {
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// Listen opens a TCP address. One that other machines can reach is an error
// unless remote: a record may hold pictures that are not for everyone.
func Listen(address string, remote bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q is not HOST:PORT, such as 127.0.0.1:8080: %w", address, err)
	}
	if !remote && !isLoopback(host) {
		return nil, &RemoteError{address}
	}
	return net.Listen("tcp", address)
}

// RemoteError is an address that other machines could reach.
type RemoteError struct{ Address string }

func (e *RemoteError) Error() string {
	return fmt.Sprintf("address %s can be reached from other machines", e.Address)
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// LocalHost accepts Host headers that name this machine's loopback.
func LocalHost(host string) bool { return isLoopback(hostname(host)) }

// AnyAddress accepts Host headers that name an address rather than a name, since
// only a name can be made to point elsewhere, and the loopback's.
func AnyAddress(host string) bool {
	_, err := netip.ParseAddr(hostname(host))
	return err == nil || LocalHost(host)
}

// hostname is a Host header without its port and the brackets of IPv6.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// maxConnections at once are served; further ones wait. A browser opens six.
const maxConnections = 64

// Serve answers until ctx ends, then lets running answers finish.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	return ServeMany(ctx, l, h, maxConnections)
}

// ServeMany is Serve with another limit of connections at once.
func ServeMany(ctx context.Context, l net.Listener, h http.Handler, connections int) error {
	return serveWithin(ctx, l, h, allowance{connections: connections, patience: 2 * time.Second, stall: 10 * time.Second})
}

func serveWithin(ctx context.Context, l net.Listener, h http.Handler, a allowance) error {
	server := &http.Server{
		Handler: awaitBodies(h), MaxHeaderBytes: 16 << 10, ConnState: state, ConnContext: withPlace,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second,
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(newPlaces(l, a)) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	<-done
	return err
}
