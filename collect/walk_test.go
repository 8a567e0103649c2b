package collect_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin/collect/store"
)

// said are all answers in the database.
func (f *fixture) said(t testing.TB) []store.Answer {
	t.Helper()
	var list []store.Answer
	if err := f.Store.Answers(t.Context(), func(a store.Answer) error { list = append(list, a); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}

// short is a small sample: 1 practice, 4 items, 1 repeat and 1 check.
const short = `[sample]
trials = 4
practice = 1
repeats = 1
checks = 1
break_every = 3
`

// TestWalks goes from consent to code in each task, by mouse, touch and keys.
func TestWalks(t *testing.T) {
	for _, c := range []struct{ by, study, input string }{
		{"mouse", quick + "[scale]\nmax = 100\n" + short, "mouse"},
		{"touch", "task = \"triplet\"\n" + quick + short, "touch"},
		{"key", "task = \"odd-one-out\"\n" + quick + short, "key"},
		{"key", quick + "[scale]\nanswer = \"buttons\"\nmin = 1\nmax = 7\n" + short, "key"},
	} {
		t.Run(c.by, func(t *testing.T) {
			f := open(t, c.study, 6, "").serve(t)
			v := visit(t, f.base+"?PROLIFIC_PID=abc123", c.by)
			code := v.finish()
			v.shoot("end-" + c.by)
			people, err := f.Store.People(t.Context())
			if err != nil || len(people) != 1 || !people[0].Finished || people[0].Completion != code || code == "" {
				t.Fatalf("the code is %q, the people are %+v, error %v", code, people, err)
			}
			got := f.said(t)
			if len(got) != 7 {
				t.Errorf("%d answers, want 7", len(got))
			}
			for _, a := range got {
				if a.Input != c.input || a.Response == nil || *a.RT <= 0 {
					t.Errorf("answer %+v, want one by %s", a, c.input)
				}
				if f.Study.Task == "rating" && (*a.First < 40 || *a.Gap < 15) {
					t.Errorf("the first picture was shown %v ms, the gap %v ms", *a.First, *a.Gap)
				}
			}
			if ids, err := f.Store.Identifiers(t.Context()); err != nil || ids[1][0].Value != "abc123" {
				t.Errorf("identifiers %v, error %v", ids, err)
			}
			v.quiet()
		})
	}
}

// TestNothingIsLost cuts the network, reloads, goes back, and opens a second window.
func TestNothingIsLost(t *testing.T) {
	t.Run("network away", func(t *testing.T) {
		f := open(t, quick+"[sample]\ntrials = 8\npractice = 0\nrepeats = 0\nchecks = 0\n", 6, "").serve(t)
		v := visit(t, f.base, "mouse")
		v.trials(2)
		f.away.Store(true)
		if os.Getenv("AKIN_HARD") != "" {
			time.Sleep(20 * time.Second)
		}
		v.trials(4) // the pictures of the next trials are here already
		if got := len(f.said(t)); got > 2 {
			t.Errorf("%d answers came without a network", got)
		}
		v.see("No connection")
		f.away.Store(false)
		v.finish()
		f.saidOnce(t, 8)
		v.quiet("net::ERR_")
	})
	t.Run("reload", func(t *testing.T) {
		f := open(t, quick+short, 6, "").serve(t)
		v := visit(t, f.base, "mouse")
		v.reach("words") // consent
		v.reload()
		v.act()
		v.reach("instructions") // agreed, nothing answered
		v.reload()
		v.reach("words " + f.Study.Title) // welcome back
		v.trials(3)
		v.reload()
		v.trials(1)
		f.away.Store(true)
		v.trials(1)
		f.away.Store(false)
		v.reload() // with an answer that only the browser has, or has just sent
		v.finish()
		f.saidOnce(t, 7)
		v.reload()
		v.reach("code") // the code can be seen again
		if people, err := f.Store.People(t.Context()); err != nil || len(people) != 1 {
			t.Errorf("%d people, error %v; want 1", len(people), err)
		}
	})
	t.Run("back and a second window", leaveAndReturn)
}

// leaveAndReturn goes back in the browser and opens the study in a second window.
func leaveAndReturn(t *testing.T) {
	f := open(t, quick+short, 6, "").serve(t)
	v := visit(t, f.base, "mouse")
	v.trials(2)
	for range 3 {
		ask[any](v, "history.back(); new Promise((resolve) => setTimeout(resolve, 50))")
	}
	v.trials(1)
	second := visit(t, f.base, "mouse")
	second.reach("words " + f.Study.Title)
	v.reach("words The study is open in another window")
	second.trials(2)
	v.act() // continue here
	second.reach("words The study is open in another window")
	v.finish()
	f.saidOnce(t, 7)
}

// TestLateOnsetsAreMarked keeps the browser busy while a picture should go.
func TestLateOnsetsAreMarked(t *testing.T) {
	f := open(t, "title = \"t\"\n[timing]\nfirst_ms = 400\ngap_ms = 30\npause_ms = 30\n[sample]\ntrials = 2\npractice = 0\nrepeats = 0\nchecks = 0\n", 6, "").serve(t)
	v := visit(t, f.base, "mouse")
	v.trials(1)
	ask[any](v, `(async () => {
		while (!document.querySelector("#trial .picture") || document.querySelector(".answer:not(.later)")) await new Promise(requestAnimationFrame);
		for (const end = performance.now() + 900; performance.now() < end;);
	})()`)
	v.finish()
	said := f.said(t)
	if len(said) != 2 || said[1].Late < 300 || *said[1].First < 700 {
		t.Errorf("after 0.9 s in which nothing was drawn the answer is %+v", said[len(said)-1])
	}
}

func TestAPictureThatIsMissing(t *testing.T) {
	f := open(t, "task = \"triplet\"\n"+quick+"[sample]\npractice = 0\nrepeats = 0\nchecks = 0\n", 2, "").serve(t)
	delete(f.files, "p002.png") // after the study began
	v := visit(t, f.base, "mouse")
	for v.reach("") != "code" {
		state := v.state()
		if state == "choices" && ask[bool](v, "Boolean(document.querySelector('.gone'))") {
			v.mark(".choices")
			v.shoot("missing")
			v.point("#trial button.plain", 0.5)
		} else if state != "" && !strings.HasPrefix(state, "last ") && state != "code" {
			v.act()
		}
	}
	said := f.said(t)
	missing := 0
	for _, a := range said {
		if a.Response == nil {
			missing++
		}
	}
	if len(said) != 2 || missing != 1 {
		t.Errorf("%d answers, %d without a response, want 2 and 1", len(said), missing)
	}
	v.quiet("404")
}

func TestLeaving(t *testing.T) {
	f := open(t, quick+short, 6, "").serve(t)
	v := visit(t, f.base+"?PROLIFIC_PID=leaver", "mouse")
	v.trials(2)
	v.until(func(state string) bool { return state == "slider" }, "a trial")
	v.point("header button", 0.5)
	v.point("dialog > .row button.plain", 0.5)
	v.point("dialog button.danger", 0.5)
	v.reach("last Your answers were deleted")
	people, err := f.Store.People(t.Context())
	if err != nil || len(people) != 0 || len(f.said(t)) != 0 {
		t.Errorf("after leaving: people %v, %d answers, error %v", people, len(f.said(t)), err)
	}
	v.quiet()
}

// TestLeavingThatFails never says that answers were deleted which are still there.
func TestLeavingThatFails(t *testing.T) {
	f := open(t, quick+short, 6, "").serve(t)
	v := visit(t, f.base, "mouse")
	v.trials(2)
	v.until(func(state string) bool { return state == "slider" }, "a trial")
	v.point("header button", 0.5)
	v.point("dialog > .row button.plain", 0.5)
	f.gone.Store(true)
	v.point("dialog button.danger", 0.5)
	v.reach("words Something went wrong")
	if people, err := f.Store.People(t.Context()); err != nil || len(people) != 1 {
		t.Errorf("%d people, error %v; want the one who could not leave", len(people), err)
	}
	v.quiet("404")
}

func TestRefusing(t *testing.T) {
	f := open(t, quick+short, 6, "").serve(t)
	v := visit(t, f.base, "mouse")
	v.reach("words")
	v.point("#words .row button.plain", 0.5)
	v.reach("last Thank you")
	if people, err := f.Store.People(t.Context()); err != nil || len(people) != 0 {
		t.Errorf("who refuses is stored: %v, error %v", people, err)
	}
}

// TestHostileTexts shows markup as text.
func TestHostileTexts(t *testing.T) {
	const markup = `<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>{done}`
	f := open(t, "title = \"T"+markup+"\"\ncontact = \""+markup+"\"\n[timing]\nfirst_ms = 30\ngap_ms = 30\npause_ms = 30\n"+short+
		"[text]\nconsent = \""+markup+"\"\ninstructions = \""+markup+"\"\nlow = \""+markup+"\"\nquestion = \""+markup+"\"\nfinish = \""+markup+"\"\nnext = \""+markup+"\"\n", 6, "").serve(t)
	v := visit(t, f.base+"?PROLIFIC_PID="+strings.Repeat("%3Cscript%3E", 5), "mouse")
	v.finish()
	if got := ask[string](v, "document.title"); !strings.HasPrefix(got, "T<img") {
		t.Errorf("the title became %q", got)
	}
	if n := ask[int](v, "document.querySelectorAll('#study img, #study script').length"); n != 0 {
		t.Errorf("%d elements came out of texts", n)
	}
	v.quiet()
}
