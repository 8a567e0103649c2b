package collect_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/study"
)

func newSecret() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// call asks the study's server; change may forge the request.
func (f *fixture) call(t testing.TB, method, path, secret string, body any, change ...func(*http.Request)) (int, string) {
	t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, f.base+path, reader)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	for _, c := range change {
		c(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// begin lets a new person in.
func (f *fixture) begin(t testing.TB) (secret string, session collect.Session) {
	t.Helper()
	secret = newSecret()
	if code, text := f.call(t, "POST", "people", "", collect.Entry{Secret: secret, Consent: "1", Language: "en", Device: "desktop mouse 60 Hz"}); code != http.StatusCreated {
		t.Fatalf("to enter answers %d: %s", code, text)
	}
	_, text := f.call(t, "GET", "session", secret, nil)
	if err := json.Unmarshal([]byte(text), &session); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return secret, session
}

func answer(position int, response float64) collect.Answer {
	rt := 900.0
	return collect.Answer{Position: position, UID: fmt.Sprintf("0123456789abcdef-%d", position), Response: &response, RT: &rt, Input: "mouse"}
}

func send(list ...collect.Answer) collect.Answers { return collect.Answers{Answers: list} }

func TestAnswersThatAreRefused(t *testing.T) {
	f := open(t, "task = \"triplet\"\n"+quick+short, 6, "").serve(t)
	secret, session := f.begin(t)
	bad := func(change func(*collect.Answer)) collect.Answers {
		a := answer(0, 1)
		change(&a)
		return send(a)
	}
	other := answer(0, 2)
	other.UID = "another-uid-of-16"
	long := send()
	for k := range 51 {
		long.Answers = append(long.Answers, answer(k, 1))
	}
	for _, c := range []struct {
		name, secret string
		body         any
		code         int
	}{
		{"the second before the first", secret, send(answer(1, 1)), 409},
		{"out of order", secret, send(answer(1, 1), answer(0, 1)), 400},
		{"beyond the plan", secret, send(answer(len(session.Trials), 1)), 400},
		{"before the plan", secret, send(answer(-1, 1)), 400},
		{"none", secret, send(), 400},
		{"too many", secret, long, 400},
		{"the target of a triplet", secret, send(answer(0, 0)), 400},
		{"no choice", secret, send(answer(0, 3)), 400},
		{"a fraction", secret, send(answer(0, 1.5)), 400},
		{"an enormous number", secret, `{"answers":[{"position":0,"uid":"0123456789abcdef","response":1e300,"rt":1,"input":"mouse"}]}`, 400},
		{"a number that is none", secret, `{"answers":[{"position":0,"response":NaN}]}`, 400},
		{"a negative time", secret, bad(func(a *collect.Answer) { a.Onset = -1 }), 400},
		{"a time without a response", secret, bad(func(a *collect.Answer) { a.Response = nil }), 400},
		{"a malformed identity", secret, bad(func(a *collect.Answer) { a.UID = "<script>alert(1)</script>" }), 400},
		{"an identity with NUL", secret, bad(func(a *collect.Answer) { a.UID = "0123456789abcdef\x00" }), 400},
		{"an unknown input", secret, bad(func(a *collect.Answer) { a.Input = "telepathy" }), 400},
		{"an unknown field", secret, `{"answers":[],"person":1}`, 400},
		{"two values", secret, `{"answers":[]}{}`, 400},
		{"no JSON", secret, "answers=1", 400},
		{"too large", secret, `{"answers":[` + strings.Repeat(" ", 70<<10), 413},
		{"nobody", newSecret(), send(answer(0, 1)), 401},
		{"no key", "", send(answer(0, 1)), 401},
		{"a malformed key", "' OR 1=1 --", send(answer(0, 1)), 401},
		{"the first", secret, send(answer(0, 1)), 200},
		{"the first again", secret, send(answer(0, 1)), 200},
		{"another first", secret, send(other), 409},
	} {
		if code, text := f.call(t, "POST", "answers", c.secret, c.body); code != c.code {
			t.Errorf("%s: %d %s, want %d", c.name, code, text, c.code)
		}
	}
	if code, _ := f.call(t, "POST", "finish", secret, struct{}{}); code != 409 {
		t.Errorf("an end before the end answers %d", code)
	}
	if got := f.said(t); len(got) != 1 || *got[0].Response != 1 {
		t.Errorf("the answers are %+v", got)
	}
}

func TestEntriesThatAreRefused(t *testing.T) {
	f := open(t, quick+short+"[recruit]\nrequired = true\n", 6, "").serve(t)
	good := func() map[string]any {
		return map[string]any{"secret": newSecret(), "consent": "1", "language": "en", "device": "x", "identifiers": []map[string]string{{"name": "PROLIFIC_PID", "value": "p1"}}}
	}
	for name, change := range map[string]func(map[string]any){
		"another consent":       func(e map[string]any) { e["consent"] = "0" },
		"a short secret":        func(e map[string]any) { e["secret"] = "abc" },
		"no identifier":         func(e map[string]any) { e["identifiers"] = nil },
		"an unknown identifier": func(e map[string]any) { e["identifiers"] = []map[string]string{{"name": "EMAIL", "value": "x"}} },
		"an identifier twice": func(e map[string]any) {
			e["identifiers"] = []map[string]string{{"name": "PROLIFIC_PID", "value": "a"}, {"name": "PROLIFIC_PID", "value": "b"}}
		},
		"an identifier with NUL": func(e map[string]any) {
			e["identifiers"] = []map[string]string{{"name": "PROLIFIC_PID", "value": "a\x00"}}
		},
		"a long identifier": func(e map[string]any) {
			e["identifiers"] = []map[string]string{{"name": "PROLIFIC_PID", "value": strings.Repeat("a", 201)}}
		},
		"a language of no study": func(e map[string]any) { e["language"] = "../de" },
		"a device with markup":   func(e map[string]any) { e["device"] = "<b>" },
	} {
		e := good()
		change(e)
		if code, text := f.call(t, "POST", "people", "", e); code != 400 {
			t.Errorf("%s: %d %s, want 400", name, code, text)
		}
	}
	if code, text := f.call(t, "POST", "people", "", good()); code != 201 {
		t.Errorf("a good entry: %d %s", code, text)
	}
	if people, err := f.Store.People(t.Context()); err != nil || len(people) != 1 {
		t.Errorf("%d people, error %v; want 1", len(people), err)
	}
}

func TestForeignRequestsAreRefused(t *testing.T) {
	f := open(t, quick+short, 6, "").serve(t)
	secret, session := f.begin(t)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for _, c := range []struct {
		method, path string
		code         int
		change       func(*http.Request)
	}{
		{"GET", "", 421, host("evil.example")},
		{"GET", "", 421, host("127.0.0.1.evil.example")},
		{"POST", "finish", 403, header("Origin", "https://evil.example")},
		{"POST", "finish", 403, header("Origin", "null")},
		{"POST", "finish", 403, header("Sec-Fetch-Site", "cross-site")},
		{"POST", "finish", 403, header("Sec-Fetch-Site", "same-site")},
		{"POST", "finish", 409, header("Sec-Fetch-Site", "same-origin")},
		{"POST", "answers", 415, header("Content-Type", "text/plain")},
		{"DELETE", "session", 405, header("X", "y")},
		{"GET", "pictures/", 404, header("X", "y")},
		{"GET", "pictures/..%2f..%2fstudy.db", 404, header("X", "y")},
		{"GET", "pictures/p000.png", 404, header("X", "y")},
		{"GET", "pictures/" + session.Trials[0].Pictures[0], 200, header("X", "y")},
		{"GET", "../", 404, header("X", "y")},
		{"GET", "../../", 404, header("X", "y")},
	} {
		var body any
		if c.method == "POST" {
			body = "{}"
		}
		if code, text := f.call(t, c.method, c.path, secret, body, c.change); code != c.code {
			t.Errorf("%s %q: %d %.100s, want %d", c.method, c.path, code, text, c.code)
		}
	}
}

// TestNoSiteMayFrameAStudy reads the headers of what is found and what is not.
func TestNoSiteMayFrameAStudy(t *testing.T) {
	f := open(t, quick+short, 6, "").serve(t)
	for _, path := range []string{"", "study", "session", "../"} {
		answer, err := http.Get(f.base + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		for name, want := range map[string]string{
			"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Permissions-Policy": "camera=()",
		} {
			if got := answer.Header.Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%q has %s %q, want %q", path, name, got, want)
			}
		}
		if policy := answer.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || !strings.HasSuffix(policy, "frame-ancestors 'none'") {
			t.Errorf("%q has the policy %q", path, policy)
		}
	}
}

// TestGuessing tries 10,000 keys of studies and of people.
func TestGuessing(t *testing.T) {
	f := open(t, quick+short, 6, "").serve(t)
	secret, _ := f.begin(t)
	root := f.base[:strings.Index(f.base, "/s/")]
	codes := map[int]int{}
	var mutex sync.Mutex
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for n := range 2500 {
				r, _ := http.NewRequest("GET", root+"/s/"+newSecret()[:22]+"/session", nil)
				if n%2 == 0 {
					r, _ = http.NewRequest("GET", f.base+"session", nil)
					r.Header.Set("Authorization", "Bearer "+newSecret())
				}
				answer, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				mutex.Lock()
				codes[answer.StatusCode]++
				mutex.Unlock()
			}
		})
	}
	wait.Wait()
	if found := codes[200]; found > 0 || codes[404]+codes[401]+codes[429] != 10_000 || codes[429] < 9000 {
		t.Errorf("10,000 guesses are answered %v, want most 429", codes)
	}
	if code, _ := f.call(t, "GET", "session", secret, nil); code != 200 {
		t.Errorf("whoever has a key is answered %d while others guess", code)
	}
}

// TestTheStudyFills lets people in until each item has its raters.
func TestTheStudyFills(t *testing.T) {
	f := open(t, "title = \"t\"\n[sample]\nraters = 2\ntrials = 5\npractice = 0\nrepeats = 0\nchecks = 0\n", 5, "").serve(t) // 10 pairs
	for range 4 {
		secret, session := f.begin(t)
		for k := range session.Trials {
			f.call(t, "POST", "answers", secret, send(answer(k, 50)))
		}
	}
	counts := map[int]int{}
	for _, a := range f.said(t) {
		counts[a.Item]++
	}
	for item := range 10 {
		if counts[item] != 2 {
			t.Errorf("item %d is judged %d times, want 2", item, counts[item])
		}
	}
	code, text := f.call(t, "POST", "people", "", collect.Entry{Secret: newSecret(), Consent: "1", Language: "en"})
	if code != 409 || !strings.Contains(text, `"full":true`) {
		t.Errorf("the next person is answered %d %s", code, text)
	}
}

// TestItemsArePromised keeps those of somebody who may come back, for two hours.
func TestItemsArePromised(t *testing.T) {
	f := open(t, "title = \"t\"\n[sample]\nraters = 1\npractice = 0\nrepeats = 0\nchecks = 0\n", 1, "").serve(t) // 2 pairs
	secret, _ := f.begin(t)
	f.call(t, "POST", "answers", secret, send(answer(0, 50)))
	if code, text := f.call(t, "POST", "people", "", collect.Entry{Secret: newSecret(), Consent: "1", Language: "en"}); code != 409 {
		t.Errorf("while all is promised the next person is answered %d %s", code, text)
	}
	f.now = func() time.Time { return time.Now().Add(121 * time.Minute) }
	f.restart(t)
	if _, session := f.begin(t); len(session.Trials) != 1 {
		t.Errorf("after two hours the next person gets %d trials, want the one without an answer", len(session.Trials))
	}
}

// TestTheStudyStopsWhereItIsPrecise closes items whose mean is known well: those
// on which people nearly agree. Equal answers give no interval.
func TestTheStudyStopsWhereItIsPrecise(t *testing.T) {
	for _, c := range []struct {
		first     [3]float64 // what three people say to the first item
		halfWidth float64    // that of 50, 51 and 50 is 4.302653 / 3 = 1.434218
		minRaters int
		left      int // items that the fourth is shown
	}{
		{[3]float64{50, 51, 50}, 2, 3, 1},
		{[3]float64{50, 51, 50}, 1.4343, 3, 1},
		{[3]float64{50, 51, 50}, 1.4341, 3, 2},
		{[3]float64{50, 51, 50}, 2, 4, 2},
		{[3]float64{50, 50, 50}, 2, 3, 2},
	} {
		f := open(t, fmt.Sprintf("title = \"t\"\n[sample]\nraters = 50\npractice = 0\nrepeats = 0\nchecks = 0\n[stop]\nmin_raters = %d\nhalf_width = %v\n", c.minRaters, c.halfWidth), 1, "").serve(t)
		for n := range 3 {
			secret, session := f.begin(t)
			plan := f.plan(t, n+1)
			for k := range session.Trials {
				value := c.first[n]
				if plan[k].Item == 1 {
					value = float64(20 + 30*n)
				}
				f.call(t, "POST", "answers", secret, send(answer(k, value)))
			}
		}
		f.restart(t) // the rules are looked at anew
		_, session := f.begin(t)
		if plan := f.plan(t, 4); len(session.Trials) != c.left || c.left == 1 && plan[0].Item != 1 {
			t.Errorf("after %v the fourth person gets %d trials at a half width of %v, want %d: those whose mean is not known", c.first, len(session.Trials), c.halfWidth, c.left)
		}
	}
}

// TestTheStudyStopsWherePeopleAgree ends it once the means are reliable.
func TestTheStudyStopsWherePeopleAgree(t *testing.T) {
	f := open(t, "title = \"t\"\n[sample]\nraters = 50\npractice = 0\nrepeats = 0\nchecks = 0\n[stop]\nmin_raters = 3\nsplit_half = 0.9\n", 6, "").serve(t)
	for n := range 3 {
		secret, session := f.begin(t)
		plan := f.plan(t, n+1)
		for k := range session.Trials {
			f.call(t, "POST", "answers", secret, send(answer(k, float64(5*plan[k].Item+n))))
		}
	}
	f.restart(t) // the rules are looked at anew
	if code, text := f.call(t, "POST", "people", "", collect.Entry{Secret: newSecret(), Consent: "1", Language: "en"}); code != 409 {
		t.Errorf("after three people who agree the fourth is answered %d %s", code, text)
	}
}

// plan is a person's plan as the database has it.
func (f *fixture) plan(t testing.TB, person int) (plan []study.Trial) {
	t.Helper()
	text, err := f.Store.Plan(t.Context(), person)
	if err == nil {
		err = json.Unmarshal([]byte(text), &plan)
	}
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// restart serves the same study by a new server.
func (f *fixture) restart(t testing.TB) { f.serve(t) }
