package collect

import (
	"bytes"
	"context"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/akin-vision/akin/collect/web"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Watcher answers the study's maker: a page of how far it is.
type Watcher struct {
	*Collection
	keys     Keys
	pictures page.Pictures
	accepts  func(host string) bool
	log      *slog.Logger

	mutex sync.Mutex
	at    time.Time
	html  []byte
	head  string // its content policy
}

// watchAge is how old the page may be that a browser gets.
const watchAge = 10 * time.Second

// NewWatcher makes it.
func (c *Collection) NewWatcher(ctx context.Context, o Options) (*Watcher, error) {
	keys, err := c.Keys(ctx)
	if err != nil {
		return nil, err
	}
	return &Watcher{Collection: c, keys: keys, accepts: o.Accepts, log: o.Log,
		pictures: page.Pictures{Files: o.Pictures}}, nil
}

// Path is where the page lies.
func (w *Watcher) Path() string { return "/watch/" + w.keys.Watch + "/" }

// Handler answers GET and HEAD for those who know the key.
func (w *Watcher) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /watch/{key}/{$}", func(to http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.PathValue("key")), []byte(w.keys.Watch)) != 1 {
			http.NotFound(to, r)
			return
		}
		html, policy, err := w.page(r.Context())
		if err != nil {
			w.log.Warn("the page cannot be made", "error", err)
			refuse(to, http.StatusServiceUnavailable, "the database does not answer")
			return
		}
		h := to.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", policy)
		h.Set("Refresh", "15")
		http.ServeContent(to, r, "", time.Time{}, bytes.NewReader(html))
	})
	return http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		secureHeaders(to)
		if !w.accepts(r.Host) {
			refuse(to, http.StatusMisdirectedRequest, "this address is not served here")
			return
		}
		mux.ServeHTTP(to, r)
	})
}

func (w *Watcher) page(ctx context.Context) (html []byte, policy string, err error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.html != nil && time.Since(w.at) < watchAge {
		return w.html, w.head, nil
	}
	status, err := w.Status(ctx, time.Now())
	if err != nil {
		return nil, "", err
	}
	p := newWatchPage(status, w.pictures)
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return nil, "", err
	}
	w.html, w.head, w.at = b.Bytes(), p.Header(), time.Now()
	return w.html, w.head, nil
}

const (
	mostDisputed = 12
	mostPersons  = 300
)

func newWatchPage(s *Status, from page.Pictures) page.Page {
	disputed := s.Disputed(mostDisputed)
	var shown []*stimuli.Picture
	for _, item := range disputed {
		for _, p := range item.Pictures {
			if !slices.ContainsFunc(shown, func(q *stimuli.Picture) bool { return q.Hash == p.Hash }) {
				shown = append(shown, p)
			}
		}
	}
	thumbnails := page.NewThumbnails(shown, from)
	c := web.WatchContent{
		Title: s.Title, Raters: s.Raters, Answers: s.Answers, Fewest: s.Fewest, Most: s.Most, Settled: s.Settled, Items: len(s.Items),
		Entered: s.People.Entered, Finished: s.People.Finished, Present: s.People.Present, Away: s.People.Away, Excluded: s.People.Excluded,
		Agreement: [][]string{agreementRow("everybody", s.All)},
	}
	if s.People.Excluded > 0 {
		c.Agreement = append(c.Agreement, agreementRow("after the rules of exclusion", s.Kept))
	}
	for _, item := range disputed {
		d := web.WatchItem{Name: item.name(), Judged: item.Judged, Mean: amount(item.Mean), SD: amount(item.SD), Disagreement: notation.Decimal(item.Disagreement)}
		for _, p := range item.Pictures {
			number, ok := thumbnails.Show(p)
			d.Pictures = append(d.Pictures, web.WatchPicture{Number: number, Shown: ok, Label: p.Label})
		}
		c.Disputed = append(c.Disputed, d)
	}
	for _, p := range s.Persons[max(0, len(s.Persons)-mostPersons):] {
		c.Persons = append(c.Persons, PersonRow(p))
	}
	slices.Reverse(c.Persons)
	return web.Watch(c, thumbnails.Static())
}

// name is what an item's pictures are called, else their files.
func (x ItemStatus) name() string {
	var labels []string
	for _, p := range x.Pictures {
		if p.Label == "" {
			return x.ID
		}
		labels = append(labels, p.Label)
	}
	return strings.Join(labels, " + ")
}

func agreementRow(of string, a Agreement) []string {
	if a.Why != "" {
		return []string{of, a.Why}
	}
	return []string{of, notation.Decimal(a.SplitHalf), a.Reliability(),
		notation.Decimal(a.Lower) + " to " + notation.Decimal(a.Upper), notation.Decimal(a.Attainable), notation.Percent(a.Label)}
}

// amount writes a value of the scale's own size.
func amount(v stats.Number) string { return notation.Amount(v, 2) }
