package cluster_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/internal/testcluster"
	"github.com/akin-vision/akin/model"
)

// TestMisfits: beside a good worker one that cannot do the work spoils nothing, whatever it
// lacks; it surely tried.
func TestMisfits(t *testing.T) {
	hard(t)
	s := newSite(t, 60)
	s.worker("good", 100*time.Millisecond, "")
	for _, c := range []struct {
		name, says string
		start      func(*site) (stop func())
	}{
		{"other weights under the same name", "is not on the worker misfit", func(s *site) func() {
			w := s.local("misfit", "")
			w.Models = map[string]*model.Model{}
			for hash, m := range s.models {
				w.Models[strings.Repeat("0", 8)+hash[8:]] = m
			}
			return s.serve(w)
		}},
		{"no pictures", "do not have it", func(s *site) func() {
			w := s.local("misfit", "")
			w.Blind()
			return s.serve(w)
		}},
		{"other credentials", "no access to the store, which says SignatureDoesNotMatch", func(s *site) func() {
			s.Setenv("AWS_SECRET_ACCESS_KEY", "other")
			cmd := s.worker("misfit", 0, "")
			s.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
			return func() { kill(cmd) }
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := s.within(t)
			stop := c.start(s)
			time.Sleep(3 * time.Second) // it waits for tasks
			o := s.submit(s.at(strings.Replace(s.bucket.URL, "/akin?", "/"+strings.ReplaceAll(c.name, " ", "-")+"?", 1), cluster.DefaultLimits))
			status := s.same(o)
			stop()
			e := s.evidence(o.run)
			if len(e.failures) == 0 || !strings.Contains(strings.Join(e.failures, "\n"), c.says) || status.Workers["misfit"].Pictures != 0 {
				t.Errorf("the misfit did not fail as it should: %q", e.failures)
			}
			t.Logf("highest attempt %d, %d retries", e.attempts, status.Retries)
		})
	}
}

// TestMostWorkersUnfit: all but one lack the networks, and ask for work before the good one
// does. It gets the question of rounding and every shard all the same.
func TestMostWorkersUnfit(t *testing.T) {
	hard(t)
	for _, misfits := range []int{3, 5} {
		t.Run(fmt.Sprintf("%d of %d", misfits, misfits+1), func(t *testing.T) {
			s := newSite(t, 60)
			s.misfits(misfits)
			time.Sleep(3 * time.Second) // they wait for tasks
			s.worker("good", 500*time.Millisecond, "")
			time.Sleep(7 * time.Second) // and so does the good one, behind them
			began := time.Now()
			o := s.submit(s.at(s.bucket.URL, cluster.DefaultLimits))
			status := s.same(o)
			e := s.evidence(o.run)
			if len(e.failures) == 0 {
				t.Error("no misfit was asked")
			}
			t.Logf("highest attempt %d, %d retries, %d shards, %v", e.attempts, status.Retries, status.Shards, time.Since(began).Round(time.Second))
		})
	}
}

// TestAllWorkersUnfit: the run ends, and says how long it waited and what they lack.
func TestAllWorkersUnfit(t *testing.T) {
	hard(t)
	s := newSite(t, 60)
	s.misfits(4)
	began := time.Now()
	o := s.submit(s.at(s.bucket.URL, cluster.DefaultLimits))
	<-o.done
	if o.err == nil || !strings.Contains(o.err.Error(), "no worker was fit") || !strings.Contains(o.err.Error(), "is not on the worker") {
		t.Errorf("it ends with %v", o.err)
	}
	t.Logf("after %v: %v", time.Since(began).Round(time.Second), o.err)
}

// misfits starts workers that lack the networks.
func (s *site) misfits(n int) {
	s.Helper()
	for i := range n {
		w := s.local(fmt.Sprintf("misfit %d", i+1), "")
		w.Models = nil
		s.serve(w)
	}
}

// within is the same site for a test within a test.
func (s *site) within(t *testing.T) *site {
	inner := *s
	inner.T = t
	return &inner
}

// TestFullStore: a store without space fails the run, with what the disk said; with space the
// same command goes on from what was there.
func TestFullStore(t *testing.T) {
	hard(t)
	for _, kind := range []string{"folder", "S3"} {
		t.Run(kind, func(t *testing.T) {
			disk := t.TempDir()
			if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=700k"); err != nil {
				t.Skipf("a small disk takes a root user: %v", err)
			}
			t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
			s := &site{T: t, temporal: testcluster.StartTemporal(t)}
			place := "file://" + disk
			if kind == "S3" {
				s.bucket = testcluster.StartBucketOn(t, nil, disk)
				place = s.bucket.URL
			}
			dir := t.TempDir()
			photographs(t, dir, 0, 400)
			draw(t, dir, 1)
			s.prepare(dir)
			for i := range s.pictures {
				s.pictures[i].File = filepath.Join(dir, s.pictures[i].Name)
			}
			s.worker("worker", 0, "")
			limits := cluster.DefaultLimits
			limits.Attempts = 3
			full := s.at(place, limits)
			full.Upload = false
			o := s.submit(full)
			<-o.done
			t.Logf("full, it ends with %v", o.err)
			if o.err == nil || !strings.Contains(o.err.Error(), "no space left on device") {
				t.Errorf("full, it ends with %v", o.err)
			}
			if out, err := exec.Command("mount", "-o", "remount,size=100m", disk).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			again := s.at(place, limits)
			again.Upload = false
			status := s.same(s.submit(again))
			if t.Logf("of %d shards %d were there", status.Shards, status.Hits); status.Hits == 0 {
				t.Error("nothing was kept")
			}
		})
	}
}

// TestTwoSubmittersOfOneRun: the second has other files and uploads them; the run, which the
// first has submitted with files that no worker sees, takes them from the store.
func TestTwoSubmittersOfOneRun(t *testing.T) {
	s := newSite(t, 20)
	unseen := s.within(t)
	unseen.pictures = append(s.pictures[:0:0], s.pictures...)
	for i := range unseen.pictures {
		unseen.pictures[i].File = "/not/on/workers/" + s.pictures[i].Name
	}
	first := unseen.submit(s.cluster())
	c := s.cluster()
	c.Upload = true
	second := s.submit(c)
	if first.run != second.run || first.attached || !second.attached {
		t.Fatalf("%s and %s are two runs", first.run, second.run)
	}
	s.worker("worker", 0, "")
	s.same(first)
	s.same(second)
}
