package collect

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/page"
)

// Path is where the study's page lies.
func (s *Server) Path() string { return "/s/" + s.keys.Study + "/" }

// Handler answers those who take part. Whatever is not below the study's key is not found.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /s/{key}/{$}":             s.file("text/html; charset=utf-8", s.page.HTML),
		"GET /s/{key}/study.js":        s.file("text/javascript; charset=utf-8", s.page.Script),
		"GET /s/{key}/study.css":       s.file("text/css; charset=utf-8", s.page.Style),
		"GET /s/{key}/study":           s.describe,
		"GET /s/{key}/pictures/{name}": s.picture,
		"POST /s/{key}/people":         s.postPerson,
		"GET /s/{key}/session":         s.session,
		"POST /s/{key}/answers":        s.postAnswers,
		"POST /s/{key}/finish":         s.finish,
		"POST /s/{key}/leave":          s.leave,
	} {
		mux.HandleFunc(pattern, s.keyed(h))
	}
	return s.guard(mux)
}

// keyed lets through those who know the study's key.
func (s *Server) keyed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.PathValue("key")), []byte(s.keys.Study)) == 1 {
			next(w, r)
			return
		}
		if !s.limits.wrong.allow(address(r)) {
			tryLater(w, http.StatusTooManyRequests)
			return
		}
		http.NotFound(w, r)
	}
}

func (s *Server) file(kind string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Content-Security-Policy", s.page.Policy)
		h.Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}

// picture sends a picture of the study. Its name is made of its content, so that
// browsers may keep it.
func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	p, known := s.pictures[r.PathValue("name")]
	if !known {
		http.NotFound(w, r)
		return
	}
	data, err := page.ReadPicture(s.files, p)
	kind := http.DetectContentType(data)
	if err != nil || !strings.HasPrefix(kind, "image/") {
		s.log.Warn("a picture cannot be shown", "picture", p.Path, "error", err)
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// problem is what a request is answered that cannot be granted.
type problem struct {
	Error string `json:"error"`
	Full  bool   `json:"full,omitempty"`
	Next  *int   `json:"next,omitempty"` // the first trial without an answer
}

func refuse(w http.ResponseWriter, status int, what string) { reply(w, status, problem{Error: what}) }

func reply(w http.ResponseWriter, status int, what any) {
	text, err := json.Marshal(what)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"the answer could not be written"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(text)
}

// fail answers an error of the store: what trying again can mend says so.
func (s *Server) fail(w http.ResponseWriter, err error) {
	var gap *store.GapError
	var conflict *store.ConflictError
	var unfinished *store.UnfinishedError
	switch {
	case errors.Is(err, store.ErrUnknown):
		refuse(w, http.StatusUnauthorized, "nobody has this key")
	case errors.As(err, &gap):
		reply(w, http.StatusConflict, problem{Error: err.Error(), Next: &gap.Next})
	case errors.As(err, &conflict):
		reply(w, http.StatusConflict, problem{Error: err.Error(), Next: &conflict.Next})
	case errors.As(err, &unfinished):
		reply(w, http.StatusConflict, problem{Error: err.Error(), Next: &unfinished.Next})
	case errors.Is(err, errFull):
		reply(w, http.StatusConflict, problem{Error: err.Error(), Full: true})
	default:
		s.log.Warn("the database does not answer", "error", err)
		tryLater(w, http.StatusServiceUnavailable)
	}
}

// read decodes a request's body strictly, or refuses it.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if r.Header.Get("Content-Type") != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "want application/json")
		return false
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, more := decoder.Token(); more != io.EOF {
			err = errors.New("more than one value")
		}
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "the request cannot be read")
	}
	return err == nil
}

// secretForm is 256 bits as the page writes them.
var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// who is the person of a request, or nobody: the request has then been refused.
func (s *Server) who(w http.ResponseWriter, r *http.Request) (store.Person, bool) {
	secret, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer || !secretForm.MatchString(secret) {
		refuse(w, http.StatusUnauthorized, "nobody has this key")
		return store.Person{}, false
	}
	p, err := s.Store.Person(r.Context(), secret)
	if errors.Is(err, store.ErrUnknown) && !s.limits.wrong.allow(address(r)) {
		tryLater(w, http.StatusTooManyRequests)
		return p, false
	}
	if err != nil {
		s.fail(w, err)
		return p, false
	}
	if !s.limits.people.allow(p.Code) {
		tryLater(w, http.StatusTooManyRequests)
		return p, false
	}
	return p, true
}
