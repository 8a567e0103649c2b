package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	pg "github.com/akin-vision/akin/internal/postgres"
	"github.com/google/go-cmp/cmp"
)

var noon = time.UnixMilli(1_800_000_000_000)

// each runs a test on a new database of each kind.
func each(t *testing.T, test func(t *testing.T, where string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "odd name %41?#.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pg.Start(t).URL()) })
}

func create(t *testing.T, where string) *Store {
	t.Helper()
	s, err := Create(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func entry(name string) Entry {
	return Entry{Secret: "secret of " + name, Version: 1, Consent: "1", Language: "en", Device: "desktop",
		Identifiers: []Identifier{{"PROLIFIC_PID", "pid-" + name}, {"STUDY_ID", "one"}}}
}

// enter lets someone in with a plan of five trials.
func enter(t *testing.T, s *Store, e Entry) Person {
	t.Helper()
	p, err := s.Enter(t.Context(), e, noon, func(id int, others []Person) (Draft, error) {
		return Draft{Code: fmt.Sprintf("code%d", id), Completion: fmt.Sprintf("done%d", id), Plan: fmt.Sprintf("plan %d after %d", id, len(others)), Trials: 5}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func answers(from, to int, uid string) []Answer {
	var list []Answer
	for k := from; k < to; k++ {
		value := float64(k)
		list = append(list, Answer{Position: k, UID: fmt.Sprintf("%s-%d", uid, k), Kind: "main", Item: k, Shown: "[1,2]",
			Response: &value, RT: &value, Onset: 1.5, Input: "key", Received: noon})
	}
	return list
}

func all(t *testing.T, s *Store) []Answer {
	t.Helper()
	var list []Answer
	if err := s.Answers(t.Context(), func(a Answer) error { list = append(list, a); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestStore is what both databases must do alike. They share one server.
func TestStore(t *testing.T) {
	each(t, func(t *testing.T, where string) {
		s := create(t, where)
		a, b := enter(t, s, entry("a")), enter(t, s, entry("b"))
		t.Run("people come back", func(t *testing.T) { testReturning(t, s, a) })
		t.Run("answers", func(t *testing.T) { testAnswers(t, s, a) })
		t.Run("answers are kept", func(t *testing.T) { testAppendOnly(t, s) })
		t.Run("an end", func(t *testing.T) { testFinish(t, s, a, b) })
		t.Run("versions", func(t *testing.T) { testVersions(t, s) })
		t.Run("backup", func(t *testing.T) { testBackup(t, s, a) })
		t.Run("forget", func(t *testing.T) { testForget(t, s, where, b) })
		t.Run("many at once", func(t *testing.T) { testAtOnce(t, s) })
		t.Run("a second process", func(t *testing.T) { testSecond(t, s, where) })
	})
}

func testReturning(t *testing.T, s *Store, a Person) {
	if again := enter(t, s, entry("a")); again.ID != a.ID || again.Code != a.Code {
		t.Errorf("the same secret gives %+v, want %+v", again, a)
	}
	other := entry("a")
	other.Secret = "of another browser"
	if again := enter(t, s, other); again.ID != a.ID {
		t.Errorf("the same identifier gives person %d, want %d", again.ID, a.ID)
	}
	if _, err := s.Person(t.Context(), entry("a").Secret); !errors.Is(err, ErrUnknown) {
		t.Errorf("the old browser's secret gives %v, want ErrUnknown", err)
	}
	if p, err := s.Person(t.Context(), other.Secret); err != nil || p.ID != a.ID || p.Trials != 5 || !p.Entered.Equal(noon) {
		t.Errorf("the new secret gives %+v, error %v", p, err)
	}
	if plan, err := s.Plan(t.Context(), 2); err != nil || plan != "plan 2 after 1" {
		t.Errorf("the second person's plan is %q, error %v", plan, err)
	}
	refusal := errors.New("full")
	_, err := s.Enter(t.Context(), entry("c"), noon, func(int, []Person) (Draft, error) { return Draft{}, refusal })
	if people, _ := s.People(t.Context()); !errors.Is(err, refusal) || len(people) != 2 {
		t.Errorf("a refused draft gives %v and leaves %d people, want 2", err, len(people))
	}
}

func testAnswers(t *testing.T, s *Store, a Person) {
	try := func(list []Answer, next int, want any) {
		t.Helper()
		got, err := s.Answer(t.Context(), a.ID, list)
		if (want == nil) != (err == nil) || want != nil && !errors.As(err, want) || want == nil && got != next {
			t.Errorf("answers %d to %d: next %d, error %v; want %d, %T", list[0].Position, list[len(list)-1].Position, got, err, next, want)
		}
	}
	try(answers(0, 2, "x"), 2, nil)
	try(answers(0, 2, "x"), 2, nil)                     // sent again
	try(answers(1, 3, "x"), 3, nil)                     // again, and one more
	try(answers(0, 1, "other"), 0, new(*ConflictError)) // another answer
	try(append(answers(2, 3, "x"), answers(3, 4, "y")...), 4, nil)
	try(answers(5, 6, "x"), 0, new(*GapError))
	if got := all(t, s); len(got) != 4 || *got[3].Response != 3 || got[3].UID != "y-3" || got[0].First != nil || got[2].Onset != 1.5 {
		t.Errorf("the answers are %+v", got)
	}
	if _, err := s.Answer(t.Context(), 99, answers(0, 1, "x")); !errors.Is(err, ErrUnknown) {
		t.Errorf("an answer of nobody gives %v", err)
	}
}

func testAppendOnly(t *testing.T, s *Store) {
	for _, query := range []string{`UPDATE answers SET response = 0`, `DELETE FROM answers`, `DELETE FROM answers WHERE person = 1`} {
		if _, err := s.write.ExecContext(t.Context(), query); err == nil {
			t.Errorf("%s is not refused", query)
		}
	}
	if got := len(all(t, s)); got != 4 {
		t.Errorf("%d answers are left, want 4", got)
	}
}

func testFinish(t *testing.T, s *Store, a, b Person) {
	var unfinished *UnfinishedError
	if err := s.Finish(t.Context(), a.ID, noon); !errors.As(err, &unfinished) || unfinished.Next != 4 {
		t.Errorf("an end before the last answer gives %v", err)
	}
	if _, err := s.Answer(t.Context(), a.ID, answers(4, 5, "x")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Finish(t.Context(), a.ID, noon); err != nil {
			t.Errorf("the end gives %v", err)
		}
	}
	people, err := s.People(t.Context())
	if err != nil || !people[0].Finished || people[1].Finished || people[0].Answered != 5 {
		t.Errorf("people %+v, error %v", people, err)
	}
}

func testVersions(t *testing.T, s *Store) {
	add := func(digest, consent, text string) (int, error) {
		return s.AddVersion(t.Context(), Version{Digest: digest, Consent: consent, ConsentDigest: text}, noon)
	}
	for _, c := range []struct {
		digest, consent, text string
		want                  int
	}{{"a", "1", "yes", 1}, {"a", "1", "yes", 1}, {"b", "1", "yes", 2}} {
		if n, err := add(c.digest, c.consent, c.text); n != c.want || err != nil {
			t.Errorf("version %+v is number %d, error %v", c, n, err)
		}
	}
	var changed *ConsentError
	if _, err := add("c", "1", "another text"); !errors.As(err, &changed) {
		t.Errorf("another text under the same version gives %v", err)
	}
	if n, err := add("c", "2", "another text"); n != 3 || err != nil {
		t.Errorf("another text under a new version is number %d, error %v", n, err)
	}
}

func testBackup(t *testing.T, s *Store, a Person) {
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second backup over the first gives %v", err)
	}
	if there, _ := filepath.Glob(file + "*"); len(there) != 1 {
		t.Errorf("the backup leaves %v", there)
	}
	copy := create(t, file)
	if diff := cmp.Diff(all(t, s), all(t, copy)); diff != "" {
		t.Errorf("the backup's answers differ: %s", diff)
	}
	ours, _ := s.People(t.Context())
	theirs, _ := copy.People(t.Context())
	if diff := cmp.Diff(ours, theirs); diff != "" {
		t.Errorf("the backup's people differ: %s", diff)
	}
	if got := enter(t, copy, entry("a")); got.ID != a.ID {
		t.Errorf("the backup knows a as %d", got.ID)
	}
	if _, err := copy.write.ExecContext(t.Context(), `DELETE FROM answers`); err == nil {
		t.Error("the backup's answers can be deleted")
	}
}

func testForget(t *testing.T, s *Store, where string, b Person) {
	if _, err := s.Answer(t.Context(), b.ID, answers(0, 3, "uid-of-b")); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(t.Context(), b.Code, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(t.Context(), b.Code, noon); !errors.Is(err, ErrUnknown) {
		t.Errorf("to forget again gives %v", err)
	}
	if got := all(t, s); len(got) != 5 {
		t.Errorf("%d answers are left, want the 5 of the other person", len(got))
	}
	if ids, err := s.Identifiers(t.Context()); err != nil || len(ids[b.ID]) != 0 || len(ids) != 1 {
		t.Errorf("identifiers %v, error %v", ids, err)
	}
	if _, err := s.Answer(t.Context(), b.ID, answers(3, 4, "uid-of-b")); !errors.Is(err, ErrUnknown) {
		t.Errorf("an answer of the forgotten gives %v", err)
	}
	if next := enter(t, s, entry("d")); next.ID != 3 {
		t.Errorf("the next person is number %d, want 3: the forgotten one's is not given again", next.ID)
	}
	if isPostgres(where) {
		return
	}
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(where + suffix)
		if err != nil && suffix == "" {
			t.Fatal(err)
		}
		for _, trace := range []string{"pid-b", "uid-of-b", b.Code} {
			if bytes.Contains(data, []byte(trace)) {
				t.Errorf("%q still stands in the file%s", trace, suffix)
			}
		}
	}
}

func testAtOnce(t *testing.T, s *Store) {
	before := len(all(t, s))
	var wait sync.WaitGroup
	for n := range 60 {
		wait.Go(func() {
			p, err := s.Enter(t.Context(), entry(fmt.Sprintf("many-%d", n)), noon, func(id int, others []Person) (Draft, error) {
				// Drafts read plans, and must not wait for a connection that other drafts hold.
				if _, err := s.Plan(t.Context(), others[0].ID); err != nil {
					return Draft{}, err
				}
				return Draft{Code: fmt.Sprintf("code%d", id), Completion: "c", Plan: "[]", Trials: 5}, nil
			})
			if err != nil {
				t.Error(err)
				return
			}
			for k := range 5 {
				if _, err := s.Answer(t.Context(), p.ID, answers(k, k+1, p.Code)); err != nil {
					t.Errorf("%s, answer %d: %v", p.Code, k, err)
				}
			}
		})
	}
	wait.Wait()
	if got := len(all(t, s)) - before; got != 300 {
		t.Errorf("%d answers came, want 300", got)
	}
}

func testSecond(t *testing.T, s *Store, where string) {
	second, err := Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	p := enter(t, second, entry("by the second"))
	for k, by := range []*Store{s, second, s} {
		if next, err := by.Answer(t.Context(), p.ID, answers(k, k+1, "z")); err != nil || next != k+1 {
			t.Errorf("answer %d: next %d, error %v", k, next, err)
		}
	}
}

func TestManyProcessesMakeOneSchema(t *testing.T) {
	each(t, func(t *testing.T, where string) {
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				s, err := Create(t.Context(), where)
				if err != nil {
					t.Error(err)
					return
				}
				s.Close()
			})
		}
		wait.Wait()
	})
}

func TestWhatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), filepath.Join(dir, "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	var form *FormError
	if _, err := Create(t.Context(), text); !errors.As(err, &form) || !strings.Contains(err.Error(), "not a database") {
		t.Errorf("a text gives %v", err)
	}
	newer := filepath.Join(dir, "newer.db")
	s := create(t, newer)
	if err := s.SetMeta(t.Context(), "schema", "99"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), newer); !errors.As(err, &form) || !strings.Contains(err.Error(), "newer akin") {
		t.Errorf("a database of a newer akin gives %v", err)
	}
	if _, err := s.write.Exec(`DELETE FROM meta`); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(t.Context(), newer); !errors.As(err, &form) || !strings.Contains(err.Error(), "something else") {
		t.Errorf("a table of the same name gives %v", err)
	}
	if got := Shown("postgres://u:secret@h/db"); strings.Contains(got, "secret") {
		t.Errorf("a password is shown: %s", got)
	}
}

// TestEachCommitReachesTheDisk asks SQLite what it was told.
func TestEachCommitReachesTheDisk(t *testing.T) {
	s := create(t, filepath.Join(t.TempDir(), "study.db"))
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1"} {
		var got string
		if err := s.write.QueryRowContext(context.Background(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, error %v; want %s", pragma, got, err, want)
		}
	}
	if _, err := s.read.Exec(`DELETE FROM meta`); err == nil {
		t.Error("the connections that read can write")
	}
}
