package cluster_test

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/internal/testcluster"
)

// TestFaults hurts a run on five hosts in one way after another. Each time the features
// must be those of one machine to the byte, and the fault must be proven.
func TestFaults(t *testing.T) {
	l := newLab(t)
	for _, f := range []struct {
		name string
		hurt func(*lab)
	}{
		{"nothing", undisturbed}, {"worker killed", workerKilled}, {"worker frozen", workerFrozen},
		{"link down 6 s", func(l *lab) { linkDown(l, 6*time.Second) }}, {"link down 60 s", func(l *lab) { linkDown(l, time.Minute) }},
		{"link slow", linkSlow}, {"Temporal killed", temporalKilled}, {"submitter killed", submitterKilled},
		{"submitted twice", submittedTwice}, {"one key, two workers", oneKeyTwice}, {"store away", storeAway},
	} {
		t.Run(f.name, func(t *testing.T) { f.hurt(l.under(t)) })
	}
}

// hurt submits a new run, does harm when a third is done, and waits for the same bytes.
func (l *lab) hurt(limits cluster.Limits, harm func(run string)) (cluster.Status, evidence) {
	l.Helper()
	place, _ := l.place()
	begun := time.Now()
	o := l.submit(l.at(place, limits))
	submitted := time.Now()
	l.third(o.run)
	struck := time.Now()
	harm(o.run)
	status := l.same(o)
	e := l.evidence(o.run)
	again := "none"
	if !e.again.IsZero() {
		again = e.again.Sub(struck).Round(100 * time.Millisecond).String()
	}
	l.Logf("%d shards: submitted after %.1f s, struck at %.1f s, done at %.1f s; highest attempt %d, the first second attempt %s after the fault; computed by %v",
		e.shards, submitted.Sub(begun).Seconds(), struck.Sub(submitted).Seconds(), time.Since(submitted).Seconds(), e.attempts, again, e.hosts())
	return status, e
}

// both requires that both workers computed something.
func (l *lab) both(e evidence) {
	l.Helper()
	if h := e.hosts(); len(h) != 2 {
		l.Errorf("computed by %v, want two workers", h)
	}
}

// retried requires a second attempt.
func (l *lab) retried(e evidence) {
	l.Helper()
	if e.attempts < 2 {
		l.Errorf("no shard was tried twice")
	}
}

func undisturbed(l *lab) {
	l.workers()
	_, e := l.hurt(cluster.DefaultLimits, func(string) {})
	l.both(e)
	if e.attempts > 1 {
		l.Errorf("nothing happened, and a shard was tried %d times: %v", e.attempts, e.failures)
	}
}

func workerKilled(l *lab) {
	one, _ := l.workers()
	_, e := l.hurt(cluster.DefaultLimits, func(string) { kill(one) })
	l.killed(one)
	l.both(e)
	l.retried(e)
}

// killed requires that a program was ended by SIGKILL.
func (l *lab) killed(cmd *exec.Cmd) {
	l.Helper()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		l.Errorf("the program ended with %v", cmd.ProcessState)
	}
}

// workerFrozen stops a worker for longer than its heartbeat may lack; awake, it finds
// that others have done its shards.
func workerFrozen(l *lab) {
	one, _ := l.workers()
	_, e := l.hurt(cluster.DefaultLimits, func(string) {
		one.Process.Signal(syscall.SIGSTOP)
		time.Sleep(cluster.DefaultLimits.Heartbeat * 3 / 2)
		state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", one.Process.Pid))
		if err != nil || !strings.Contains(string(state), ") T ") {
			l.Errorf("the worker was not stopped: %s, %v", state, err)
		}
		one.Process.Signal(syscall.SIGCONT)
	})
	l.both(e)
	l.retried(e)
}

func linkDown(l *lab, long time.Duration) {
	l.workers()
	before := l.one.LinkLosses()
	_, e := l.hurt(cluster.DefaultLimits, func(string) {
		l.one.SetLink(false)
		time.Sleep(long)
		l.one.SetLink(true)
	})
	if n := l.one.LinkLosses() - before; n != 1 {
		l.Errorf("the link was down %d times, want once", n)
	}
	l.both(e)
	if long > cluster.DefaultLimits.Heartbeat {
		l.retried(e)
	}
}

// linkSlow gives one worker a link that takes 200 ms each way and loses 5 % of frames.
func linkSlow(l *lab) {
	slow := &testcluster.SlowLink{Delay: 200 * time.Millisecond, Loss: 0.05}
	l.workerOn(l.network.SlowHost(slow), "one", each, "")
	l.workerOn(l.two, "two", each, "")
	_, e := l.hurt(cluster.DefaultLimits, func(string) {})
	l.Logf("%d frames carried, %d lost", slow.Carried.Load(), slow.Lost.Load())
	l.both(e)
	if slow.Lost.Load() == 0 {
		l.Error("the link lost nothing")
	}
}

func temporalKilled(l *lab) {
	l.workers()
	_, e := l.hurt(cluster.DefaultLimits, func(string) {
		l.temporal.Kill()
		if _, err := cluster.Runs(l.Context(), l.client); err == nil {
			l.Error("a server that was killed answers")
		}
		time.Sleep(5 * time.Second)
		l.temporal.Start()
	})
	l.both(e)
}

// submitterKilled kills the process that submitted, and submits again from this one.
func submitterKilled(l *lab) {
	l.workers()
	place, _ := l.place()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %s %s 16", submitterVariable, l.temporal.Address, place, l.folder, l.TempDir()))
	out, err := cmd.StdoutPipe()
	if err := errors.Join(err, cmd.Start()); err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { kill(cmd) })
	line, err := bufio.NewReader(out).ReadString('\n')
	run, attached, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || attached != "false" {
		l.Fatalf("the submitter says %q, %v", line, err)
	}
	l.third(run)
	kill(cmd)
	l.killed(cmd)
	o := l.submit(l.at(place, cluster.DefaultLimits))
	if o.run != run || !o.attached {
		l.Errorf("the second submission is run %s, attached: %v; want %s, true", o.run, o.attached, run)
	}
	l.same(o)
	l.once(run)
}

// once requires that Temporal started a workflow of a name once.
func (l *lab) once(run string) {
	l.Helper()
	runs, err := cluster.Runs(l.Context(), l.client)
	n := len(slices.DeleteFunc(runs, func(s cluster.Status) bool { return s.Run != run }))
	if err != nil || n != 1 {
		l.Errorf("the run %s was started %d times, %v", run, n, err)
	}
}

// submittedTwice submits one run from two machines at once.
func submittedTwice(l *lab) {
	l.workers()
	place, _ := l.place()
	one, two := l.at(place, cluster.DefaultLimits), l.at(place, cluster.DefaultLimits)
	first := make(chan *outcome)
	go func() { first <- l.submit(one) }()
	b := l.submit(two)
	a := <-first
	l.same(a)
	l.same(b)
	if a.run != b.run {
		l.Errorf("the runs are %s and %s", a.run, b.run)
	}
	l.once(a.run)
	l.both(l.evidence(a.run))
}

// oneKeyTwice submits at once two runs that share a network. Their shards wait in two queues,
// the wide and the narrow one, so that the second run catches up with the first and is then
// given what that is at.
func oneKeyTwice(l *lab) {
	l.workers()
	place, _ := l.place()
	a := l.submit(l.at(place, cluster.DefaultLimits))
	fewer := l.under(l.T)
	fewer.jobs = l.jobs[:1]
	second := fewer.at(place, cluster.DefaultLimits)
	second.Instructions = cluster.Instructions()
	b := fewer.submit(second)
	l.same(a)
	<-b.done
	want := tree(l.T, a.dir)
	for name, digest := range tree(l.T, b.dir) {
		if want[name] != digest {
			l.Errorf("%s differs", name)
		}
	}
	twice := 0
	for _, workers := range l.evidence(a.run, b.run).computed {
		if slices.Sort(workers); len(slices.Compact(workers)) == 2 {
			twice++
		}
	}
	if l.Logf("%d keys were computed by both workers", twice); twice == 0 || a.run == b.run {
		l.Errorf("no key was computed by both workers in the runs %s and %s", a.run, b.run)
	}
}

// storeAway takes the store away for longer than a shard is tried.
func storeAway(l *lab) {
	l.workers()
	place, _ := l.place()
	o := l.submit(l.at(place, cluster.DefaultLimits))
	l.third(o.run)
	struck := time.Now()
	l.bucket.Kill()
	<-o.done
	l.bucket.Start()
	var failed *cluster.RunError
	if !errors.As(o.err, &failed) || !strings.Contains(o.err.Error(), "connection refused") {
		l.Errorf("without a store the run ends with %v", o.err)
	}
	l.Logf("it failed after %.1f s: %v", time.Since(struck).Seconds(), o.err)
	again := l.submit(l.at(place, cluster.DefaultLimits))
	if status := l.same(again); again.run != o.run || status.Hits == 0 {
		l.Errorf("the second run %s, of %s, found %d shards", again.run, o.run, status.Hits)
	}
}

// TestWorkerKilledAtAnyInstant kills a worker at twenty instants of a run.
func TestWorkerKilledAtAnyInstant(t *testing.T) {
	l := newLab(t)
	limits := cluster.DefaultLimits
	limits.Heartbeat = 5 * time.Second
	random := rand.New(rand.NewPCG(22, 20))
	l.workerOn(l.two, "two", each/3, "")
	for i := range 20 {
		at := time.Duration(random.Int64N(int64(7 * time.Second)))
		t.Run(fmt.Sprintf("%d at %v", i, at.Round(time.Millisecond)), func(t *testing.T) {
			l := l.under(t)
			one := l.workerOn(l.one, "one", each/3, "")
			time.Sleep(2 * time.Second) // it is ready
			place, _ := l.place()
			o := l.submit(l.at(place, limits))
			l.until(o.run, "both workers wait", func(s cluster.Status) bool { return s.Done > 0 })
			time.Sleep(at)
			struck := time.Now()
			kill(one)
			status := l.same(o)
			e := l.evidence(o.run)
			l.killed(one)
			l.retried(e)
			t.Logf("done %.1f s after the kill; %d retries, the first %.1f s after it; computed by %v", time.Since(struck).Seconds(), status.Retries, e.again.Sub(struck).Seconds(), e.hosts())
		})
	}
}
