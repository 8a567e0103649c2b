package collect

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
	"golang.org/x/text/language"
)

// Description is what a page must know of the study before anybody agrees.
type Description struct {
	Title       string      `json:"title"`
	Task        string      `json:"task"`
	Language    string      `json:"language"`
	Words       study.Words `json:"words"`
	Consent     string      `json:"consent"` // version
	Contact     string      `json:"contact"`
	Identifiers []string    `json:"identifiers"`
	Fullscreen  bool        `json:"fullscreen"`
	Practice    int         `json:"practice"`
	Scale       struct {
		Answer string  `json:"answer"`
		Min    float64 `json:"min"`
		Max    float64 `json:"max"`
	} `json:"scale"`
	Timing struct {
		First int `json:"first"`
		Gap   int `json:"gap"`
		Pause int `json:"pause"`
	} `json:"timing"`
}

func (s *Server) describe(w http.ResponseWriter, r *http.Request) {
	t := s.Study
	d := Description{Title: t.Title, Task: t.Task, Consent: t.Consent.Version, Contact: t.Contact, Identifiers: t.Recruit.Identifiers,
		Fullscreen: t.Fullscreen, Practice: t.Sample.Practice}
	d.Words, d.Language = t.Words(s.speak(r.URL.Query().Get("lang")))
	d.Scale.Answer, d.Scale.Min, d.Scale.Max = t.Scale.Answer, t.Scale.Min, t.Scale.Max
	d.Timing.First, d.Timing.Gap, d.Timing.Pause = t.Timing.First, t.Timing.Gap, t.Timing.Pause
	reply(w, http.StatusOK, d)
}

// speak is the study's language that fits the wish best, its own where none does.
func (s *Server) speak(wish string) string {
	known := s.Study.AllLanguages()
	if slices.Contains(known, wish) {
		return wish
	}
	tags := make([]language.Tag, len(known))
	for i, name := range known {
		tags[i] = language.Make(name)
	}
	_, at, _ := language.NewMatcher(tags).Match(language.Make(wish))
	return known[at]
}

// Entry is how someone begins.
type Entry struct {
	Secret      string             `json:"secret"`
	Consent     string             `json:"consent"`
	Language    string             `json:"language"`
	Device      string             `json:"device"`
	Identifiers []store.Identifier `json:"identifiers"`
}

var deviceForm = regexp.MustCompile(`^[A-Za-z0-9 .-]{0,40}$`)

const maxIdentifier = 200 // bytes

// check says what is wrong with an entry, empty if nothing is.
func (e Entry) check(s *study.Study) string {
	switch {
	case !secretForm.MatchString(e.Secret):
		return "the key is malformed"
	case e.Consent != s.Consent.Version:
		return "the consent is to another version"
	case !slices.Contains(s.AllLanguages(), e.Language):
		return "the language is unknown"
	case !deviceForm.MatchString(e.Device):
		return "the device is malformed"
	case len(e.Identifiers) > len(s.Recruit.Identifiers):
		return "there are too many identifiers"
	case s.Recruit.Required && (len(e.Identifiers) == 0 || e.Identifiers[0].Name != s.Recruit.Identifiers[0]):
		return "the link lacks its identifier"
	}
	seen := map[string]bool{}
	for _, i := range e.Identifiers {
		plain := !strings.ContainsFunc(i.Value, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\ufffd' })
		if !slices.Contains(s.Recruit.Identifiers, i.Name) || seen[i.Name] || i.Value == "" || len(i.Value) > maxIdentifier || !plain {
			return "an identifier is malformed"
		}
		seen[i.Name] = true
	}
	return ""
}

func (s *Server) postPerson(w http.ResponseWriter, r *http.Request) {
	if !s.limits.entries.allow(address(r)) {
		tryLater(w, http.StatusTooManyRequests)
		return
	}
	var e Entry
	if !read(w, r, &e) {
		return
	}
	if wrong := e.check(s.Study); wrong != "" {
		refuse(w, http.StatusBadRequest, wrong)
		return
	}
	_, err := s.enter(r.Context(), store.Entry{Secret: e.Secret, Version: s.version, Consent: e.Consent,
		Language: e.Language, Device: e.Device, Identifiers: e.Identifiers})
	if err != nil {
		s.fail(w, err)
		return
	}
	reply(w, http.StatusCreated, struct{}{})
}

// Session is what is left for a person to do.
type Session struct {
	Position int            `json:"position"` // of the next trial
	Finished bool           `json:"finished"`
	Trials   []SessionTrial `json:"trials"`
}

// SessionTrial is a trial as a page sees it: it does not learn what is a check, and
// which picture is which.
type SessionTrial struct {
	Pictures []string `json:"pictures"`
	Practice bool     `json:"practice,omitempty"`
	Rest     bool     `json:"rest,omitempty"` // a break comes before
}

func (s *Server) session(w http.ResponseWriter, r *http.Request) {
	p, ok := s.who(w, r)
	if !ok {
		return
	}
	plan, err := s.plan(r.Context(), p)
	if err != nil {
		s.fail(w, err)
		return
	}
	session := Session{Position: p.Answered, Finished: p.Finished, Trials: []SessionTrial{}}
	done := 0
	for _, t := range plan {
		shown := SessionTrial{Practice: t.Kind == study.Practice}
		if !shown.Practice {
			shown.Rest = s.Study.Sample.BreakEvery > 0 && done > 0 && done%s.Study.Sample.BreakEvery == 0
			done++
		}
		for _, n := range t.Shown {
			shown.Pictures = append(shown.Pictures, PictureName(s.Items.Pictures[n]))
		}
		session.Trials = append(session.Trials, shown)
	}
	reply(w, http.StatusOK, session)
}

// Answers is what a page sends: answers at positions that follow one another.
type Answers struct {
	Answers []Answer `json:"answers"`
}

// Answer is one of them; see store.Answer.
type Answer struct {
	Position int      `json:"position"`
	UID      string   `json:"uid"`
	Response *float64 `json:"response"`
	RT       *float64 `json:"rt"`
	Onset    float64  `json:"onset"`
	First    *float64 `json:"first"`
	Gap      *float64 `json:"gap"`
	Late     float64  `json:"late"`
	Away     int      `json:"away"`
	Input    string   `json:"input"`
}

const mostAnswers = 50 // in one request

func (s *Server) postAnswers(w http.ResponseWriter, r *http.Request) {
	p, ok := s.who(w, r)
	if !ok {
		return
	}
	var sent Answers
	if !read(w, r, &sent) {
		return
	}
	plan, err := s.plan(r.Context(), p)
	if err != nil {
		s.fail(w, err)
		return
	}
	answers, wrong := s.accept(p.ID, plan, sent.Answers)
	if wrong != "" {
		refuse(w, http.StatusBadRequest, wrong)
		return
	}
	next, err := s.Store.Answer(r.Context(), p.ID, answers)
	if err != nil {
		s.fail(w, err)
		return
	}
	reply(w, http.StatusOK, struct {
		Next int `json:"next"`
	}{next})
}

// accept turns what a page sent into answers to the person's plan, or says what is
// wrong with it.
func (s *Server) accept(person int, plan []study.Trial, sent []Answer) ([]store.Answer, string) {
	if len(sent) == 0 || len(sent) > mostAnswers {
		return nil, fmt.Sprintf("want between 1 and %d answers", mostAnswers)
	}
	var answers []store.Answer
	for i, a := range sent {
		if a.Position != sent[0].Position+i || a.Position < 0 || a.Position >= len(plan) {
			return nil, "the positions are not those of the plan, in order"
		}
		t := plan[a.Position]
		if wrong := a.check(s.Study, t); wrong != "" {
			return nil, wrong
		}
		shown, err := json.Marshal(t.Shown)
		if err != nil {
			return nil, err.Error()
		}
		answers = append(answers, store.Answer{Person: person, Position: a.Position, UID: a.UID, Kind: string(t.Kind), Item: t.Item, Shown: string(shown),
			Response: a.Response, RT: a.RT, Onset: a.Onset, First: a.First, Gap: a.Gap, Late: a.Late, Away: a.Away, Input: a.Input, Received: s.now()})
	}
	return answers, ""
}

var uidForm = regexp.MustCompile(`^[A-Za-z0-9-]{16,64}$`)

// check says what is wrong with an answer to a trial, empty if nothing is.
func (a Answer) check(s *study.Study, t study.Trial) string {
	day := float64(30*24*time.Hour) / float64(time.Millisecond)
	duration := func(ms *float64) bool { return ms == nil || *ms >= 0 && *ms <= day }
	switch {
	case !uidForm.MatchString(a.UID):
		return "the identity of an answer is malformed"
	case (a.Response == nil) != (a.RT == nil):
		return "a response and its time come together"
	case !duration(a.RT) || !duration(&a.Onset) || !duration(a.First) || !duration(a.Gap) || !duration(&a.Late):
		return "a time is out of range"
	case a.Away < 0 || a.Away > 1e6:
		return "a count is out of range"
	case !slices.Contains([]string{"mouse", "touch", "pen", "key"}, a.Input):
		return "the input is unknown"
	case a.Response == nil:
		return ""
	case *a.Response != math.Trunc(*a.Response):
		return "a response is not a whole number"
	case s.Task == study.Rating && (*a.Response < s.Scale.Min || *a.Response > s.Scale.Max):
		return "a response is outside the scale"
	case s.Task != study.Rating && (int(*a.Response) < len(t.Shown)-choices(s.Task) || int(*a.Response) >= len(t.Shown)):
		return "a response is none of the choices"
	}
	return ""
}

// choices is among how many pictures, the last ones shown, a person chooses.
func choices(task string) int {
	if task == study.Triplet {
		return 2
	}
	return 3
}

// Farewell is what a person gets at the end.
type Farewell struct {
	Person   string `json:"person"` // the name to give when answers are to be deleted
	Code     string `json:"code"`
	Redirect string `json:"redirect,omitempty"`
}

func (s *Server) finish(w http.ResponseWriter, r *http.Request) {
	p, ok := s.who(w, r)
	if !ok {
		return
	}
	if err := s.Store.Finish(r.Context(), p.ID, s.now()); err != nil {
		s.fail(w, err)
		return
	}
	reply(w, http.StatusOK, Farewell{p.Code, p.Completion, strings.ReplaceAll(s.Study.Recruit.Redirect, "{code}", p.Completion)})
}

// leave deletes all of a person who asks for it.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	p, ok := s.who(w, r)
	if !ok {
		return
	}
	if err := s.Store.Forget(r.Context(), p.Code, s.now()); err != nil {
		s.fail(w, err)
		return
	}
	reply(w, http.StatusOK, struct{}{})
}
