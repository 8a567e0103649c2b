package collect_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/rehearse"
	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/internal/postgres"
	"github.com/akin-vision/akin/serve"
)

// size is how hard these tests are: small in the suite, large with make collect-hard.
type size struct {
	people, trials  int
	think           time.Duration
	kills, restarts int
	load            time.Duration // of TestLoad
}

func hardness() size {
	if os.Getenv("AKIN_HARD") != "" {
		return size{people: 300, trials: 100, think: 3 * time.Second, kills: 50, restarts: 5, load: 5 * time.Minute}
	}
	return size{people: 12, trials: 20, think: 50 * time.Millisecond, kills: 3, restarts: 1, load: 2 * time.Second}
}

// serverVariable holds, for a test binary that is a server, what it serves.
const serverVariable = "AKIN_TEST_SERVER"

// alone is a study served by a process of its own, which can be killed.
type alone struct {
	Database, Address, Study string
	Triplets                 int

	command *exec.Cmd
	base    string
}

// serveAlone is the process: it answers until it is killed.
func serveAlone(text string) error {
	var a alone
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return err
	}
	ctx := context.Background()
	db, err := store.Create(ctx, a.Database)
	if err != nil {
		return err
	}
	set, files := madeSet(a.Triplets)
	s, err := study.Read(fstest.MapFS{"study.toml": {Data: []byte(a.Study)}}, "study.toml")
	if err != nil {
		return err
	}
	c, err := collect.Open(ctx, s, set, db)
	if err != nil {
		return err
	}
	server, err := c.NewServer(ctx, collect.Options{Pictures: files, Accepts: serve.LocalHost, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", a.Address)
	if err != nil {
		return err
	}
	return serve.ServeMany(ctx, l, server.Handler(), collect.MaxConnections)
}

// newAlone makes a study in a database, and a free address for its server.
func newAlone(t *testing.T, database string, n size) (*alone, *fixture) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	a := &alone{Database: database, Address: address, Triplets: max(10, n.trials*6/10),
		Study: fmt.Sprintf("title = \"hard\"\n[sample]\nraters = 100000\ntrials = %d\npractice = 0\nrepeats = 0\nchecks = 0\n", n.trials)}
	f := open(t, a.Study, a.Triplets, database)
	keys, err := f.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a.base = "http://" + address + "/s/" + keys.Study + "/"
	return a, f
}

func (a *alone) start(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	a.command = exec.Command(os.Args[0])
	a.command.Env = append(os.Environ(), serverVariable+"="+string(text))
	a.command.Stderr = os.Stderr
	if err := a.command.Start(); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(5 * time.Millisecond) {
		if conn, err := net.Dial("tcp", a.Address); err == nil {
			conn.Close()
			return
		}
	}
	t.Fatal("the server does not start")
}

// kill ends the server as a crash would.
func (a *alone) kill() {
	a.command.Process.Signal(syscall.SIGKILL)
	a.command.Wait() // it was killed
}

// ledger is what people were told is safe, and how long that took.
type ledger struct {
	mutex sync.Mutex
	uids  []string
	took  []time.Duration
}

func (l *ledger) options(n size) rehearse.Options {
	return rehearse.Options{
		People: map[rehearse.Manner]int{rehearse.Careful: n.people}, Agreement: 0.4, Seed: 1, AtOnce: n.people, Think: n.think,
		Acknowledged: func(uid string) {
			l.mutex.Lock()
			defer l.mutex.Unlock()
			l.uids = append(l.uids, uid)
		},
		Took: func(path string, d time.Duration) {
			l.mutex.Lock()
			defer l.mutex.Unlock()
			if path == "answers" {
				l.took = append(l.took, d)
			}
		},
	}
}

// check fails unless each acknowledged answer is in the database exactly once.
func (l *ledger) check(t *testing.T, f *fixture) {
	t.Helper()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	times := map[string]int{}
	for _, a := range f.said(t) {
		times[a.UID]++
	}
	lost, twice := 0, 0
	for _, uid := range l.uids {
		switch n := times[uid]; {
		case n == 0:
			lost++
		case n > 1:
			twice++
		}
	}
	if lost > 0 || twice > 0 {
		t.Errorf("of %d acknowledged answers %d are lost and %d are there twice", len(l.uids), lost, twice)
	}
	if len(l.uids) == 0 {
		t.Error("nothing was acknowledged")
	}
	t.Logf("%d answers acknowledged, %d in the database", len(l.uids), len(times))
}

func (l *ledger) percentile(p float64) time.Duration {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	slices.Sort(l.took)
	return l.took[int(p*float64(len(l.took)-1))]
}

// walking sends everybody through the study in the background.
func walking(t *testing.T, a *alone, f *fixture, o rehearse.Options) (wait func() *rehearse.Result) {
	t.Helper()
	type outcome struct {
		result *rehearse.Result
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		result, err := rehearse.Run(t.Context(), f.Collection, a.base, o)
		done <- outcome{result, err}
	}()
	return func() *rehearse.Result {
		t.Helper()
		o := <-done
		if o.err != nil {
			t.Fatal(o.err)
		}
		return o.result
	}
}

// TestKilled kills the server again and again while people answer.
func TestKilled(t *testing.T) {
	n := hardness()
	each(t, func(t *testing.T, where string, _ *postgres.Server) {
		a, f := newAlone(t, where, n)
		a.start(t)
		defer func() { a.kill() }()
		var l ledger
		wait := walking(t, a, f, l.options(n))
		pause := max(time.Duration(n.trials)*n.think/time.Duration(n.kills+1), 100*time.Millisecond)
		for range n.kills {
			time.Sleep(pause)
			a.kill()
			a.start(t)
		}
		if r := wait(); r.Finished != n.people {
			t.Errorf("%d of %d people finished", r.Finished, n.people)
		}
		l.check(t, f)
	})
}

// each runs a test with a database of each kind; the server is PostgreSQL's, or nil.
func each(t *testing.T, test func(t *testing.T, where string, server *postgres.Server)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "study.db"), nil) })
	t.Run("postgres", func(t *testing.T) {
		server := postgres.Start(t)
		test(t, server.URL(), server)
	})
}

// TestDatabaseStops stops and starts PostgreSQL, as a crash would, while people answer.
func TestDatabaseStops(t *testing.T) {
	n := hardness()
	server := postgres.Start(t)
	a, f := newAlone(t, server.URL(), n)
	a.start(t)
	defer func() { a.kill() }()
	var l ledger
	wait := walking(t, a, f, l.options(n))
	for range n.restarts {
		time.Sleep(max(time.Duration(n.trials)*n.think/time.Duration(n.restarts+1), 100*time.Millisecond))
		server.Kill()
		time.Sleep(n.think)
		server.Run()
	}
	if r := wait(); r.Finished != n.people {
		t.Errorf("%d of %d people finished", r.Finished, n.people)
	}
	l.check(t, f)
}

// TestDiskFull fills the disk under the database while people answer, and frees it again.
func TestDiskFull(t *testing.T) {
	n := hardness()
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here: %s", out)
	}
	t.Cleanup(func() { exec.Command("umount", disk).Run() })
	a, f := newAlone(t, filepath.Join(disk, "study.db"), n)
	a.start(t)
	defer func() { a.kill() }()
	var l ledger
	wait := walking(t, a, f, l.options(n))
	time.Sleep(time.Duration(n.trials) * n.think / 4)
	if err := os.WriteFile(filepath.Join(disk, "filler"), make([]byte, 32<<20), 0o600); err == nil {
		t.Error("the disk does not fill")
	}
	time.Sleep(max(time.Duration(n.trials)*n.think/4, time.Second))
	if err := os.WriteFile(filepath.Join(disk, "more"), make([]byte, 64<<10), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on the full disk a file gives %v", err)
	}
	if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
		t.Fatal(err)
	}
	if r := wait(); r.Finished != n.people {
		t.Errorf("%d of %d people finished", r.Finished, n.people)
	}
	l.check(t, f)
}

// TestLoad lets many people answer at once. What it measures is printed, not
// asserted: a timing is no test.
func TestLoad(t *testing.T) {
	n := hardness()
	each(t, func(t *testing.T, where string, _ *postgres.Server) {
		n.trials = max(20, int(n.load/max(n.think, 1)))
		a, f := newAlone(t, where, n)
		a.start(t)
		defer func() { a.kill() }()
		var l ledger
		began := time.Now()
		if r := walking(t, a, f, l.options(n))(); r.Finished != n.people {
			t.Errorf("%d of %d people finished", r.Finished, n.people)
		}
		elapsed := time.Since(began)
		l.check(t, f)
		t.Logf("%d people for %.0f s: %.0f answers/s, acknowledged within %v (median), %v (p99), %v (most); server's peak memory %s",
			n.people, elapsed.Seconds(), float64(len(l.uids))/elapsed.Seconds(), l.percentile(.5), l.percentile(.99), l.percentile(1), a.peak(t))
	})
}

// peak is the most memory that the server has held.
func (a *alone) peak(t *testing.T) string {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", a.command.Process.Pid))
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(status)) {
		if kilobytes, found := strings.CutPrefix(line, "VmHWM:"); found {
			return strings.TrimSpace(kilobytes)
		}
	}
	return "unknown"
}
