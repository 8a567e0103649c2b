package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// onThisSystem are steps that not every system can do, before a worker is there.
var onThisSystem = map[string]func(*clusterSite){}

// TestCluster walks a cluster from the first estimate to a warm run.
func TestCluster(t *testing.T) {
	s := newClusterSite(t)
	plainCache := s.cache()
	plain := s.start(plainCache, theRun...)
	s.ends(plain, exitOK)
	results, store := s.figures(plain, plainCache)

	s.step("dry run", func() { s.dryRun(plainCache) })
	for name, walk := range onThisSystem {
		s.step(name, func() { walk(s) })
	}
	run, cache := "", s.cache()
	s.step("detach", func() { run = s.detach() })
	s.step("attach", func() { s.attach(cache, run, results, store) })
	s.step("warm run", func() { s.warm(cache, plain) })
	s.step("again", func() { s.again(store) })
	s.step("same ISA", func() { s.sameISA(results, store) })
	s.step("cancel", s.cancel)
	s.step("upload", s.upload)
}

// dryRun: tasks and bytes are those of the features that a plain run keeps, and nothing
// is submitted.
func (s *clusterSite) dryRun(plainCache string) {
	var estimate struct {
		Pictures int
		Networks []struct {
			Model            string
			Shards           int
			PicturesPerShard int `json:"pictures_per_shard"`
			Bytes            int64
			Seconds          float64
			Measured         bool
		}
	}
	p := s.run(s.cache(), "--dry-run", "--shard", "64", "--json")
	s.ends(p, exitOK)
	s.decode(p.stdout.String(), &estimate)
	var kept []struct {
		Space        struct{ Engine string }
		Vectors, Dim int
	}
	s.decode(s.akin(plainCache, "features", "list", "--json"), &kept)
	var bytes int64
	for _, k := range kept {
		if strings.HasSuffix(k.Space.Engine, "-cpu") { // not a baseline
			bytes += int64(k.Vectors) * int64(4*k.Dim)
		}
	}
	if len(estimate.Networks) != 1 || estimate.Pictures == 0 {
		s.Fatalf("the estimate is %+v", estimate)
	}
	n := estimate.Networks[0]
	if n.Model != "small-resnet" || n.PicturesPerShard != 64 || n.Shards != (estimate.Pictures+63)/64 || n.Bytes != bytes || !n.Measured || n.Seconds <= 0 {
		s.Errorf("the estimate is %+v; %d bytes of vectors are kept", estimate, bytes)
	}
	p = s.run(s.cache(), "--dry-run")
	s.ends(p, exitOK)
	if text := p.stdout.String(); !strings.Contains(text, "Nothing was submitted.") {
		s.Errorf("a dry run prints %q", text)
	}
	if text := s.akin(s.cache(), "cluster", "status", "--cluster", s.address); text != "No runs.\n" {
		s.Errorf("after dry runs there are %s", text)
	}
}

// detach leaves a run for which no worker is there.
func (s *clusterSite) detach() (run string) {
	p := s.run(s.cache(), "--shard", "32", "--on-interrupt", "detach")
	run = s.submitted(p, "submitted")
	if err := p.Process.Signal(os.Interrupt); err != nil {
		s.Fatal(err)
	}
	if text := s.ends(p, exitInterrupted); !strings.Contains(text, "the run "+run+" goes on") {
		s.Errorf("detached, it says %q", text)
	}
	if st := s.status(run); st.State != "running" || len(st.Waiting) != 1 || st.Title != "1 network, 340 pictures" {
		s.Errorf("detached, the run is %+v", st)
	}
	if text := s.akin(s.cache(), "cluster", "status", run, "--cluster", s.address); !strings.Contains(text, "no worker waits for tasks of akin-onnxruntime-") {
		s.Errorf("its status is %s", text)
	}
	return run
}

// attach: the same command finds its run, whose pictures lie elsewhere; two workers do it, of
// two names that round alike: the features are one machine's, and the record names both.
func (s *clusterSite) attach(cache, run string, results, store map[string]string) {
	p := s.run(cache, "--shard", "32")
	if again := s.submitted(p, "attached to"); again != run {
		s.Errorf("it is attached to %s, not to %s", again, run)
	}
	workers := []*process{s.worker("--isa", "abacus"), s.worker("--isa", "sliderule")}
	if text := s.ends(p, exitOK); !strings.Contains(text, "Features from the cluster; 340 features computed") { // those of a baseline
		s.Errorf("at its end the run says %q", text)
	}
	gotResults, gotStore := s.figures(p, cache)
	s.same("results", results, gotResults)
	s.same("features", store, gotStore)
	st := s.status(run)
	if st.State != "completed" || st.Shards != 11 || st.Done != 11 || st.Hits != 0 || st.Retries != 0 || st.Pictures != 340 || len(st.Workers) == 0 {
		s.Errorf("the run is %+v", st)
	}
	if by := s.computedBy(p); by["abacus"]+by["sliderule"] != 340 || len(by) > 2 {
		s.Errorf("workers computed %v by the record, want 340 pictures", by)
	}
	s.stop(workers...)
}

// warm: a plain run finds all features, and leaves what it would have without a cluster.
func (s *clusterSite) warm(cache string, plain *process) {
	p := s.start(cache, theRun...)
	if text := s.ends(p, exitOK); !strings.Contains(text, "All features from the cache") {
		s.Errorf("after a run on the cluster a plain one says %q", text)
	}
	every := func(string) bool { return true }
	s.same("files", files(s.T, filepath.Join(plain.dir, "runs"), every), files(s.T, filepath.Join(p.dir, "runs"), every))
}

// again: for another machine's cache everything is there.
func (s *clusterSite) again(store map[string]string) {
	w, cache := s.worker(), s.cache()
	p := s.run(cache, "--shard", "32")
	run := s.submitted(p, "submitted")
	s.ends(p, exitOK)
	if st := s.status(run); st.Hits != 11 || st.Done != 11 {
		s.Errorf("the second run is %+v", st)
	}
	_, got := s.figures(p, cache)
	s.same("features", store, got)
	s.stop(w)
}

// sameISA: of workers of two names only those of the run's take part.
func (s *clusterSite) sameISA(results, store map[string]string) {
	workers := []*process{s.worker("--isa", "abacus"), s.worker("--isa", "sliderule")}
	cache := s.cache()
	p := s.run(cache, "--shard", "16", "--same-isa", "--isa", "abacus")
	s.ends(p, exitOK)
	if diff := cmp.Diff(map[string]int{"abacus": 340}, s.computedBy(p)); diff != "" {
		s.Error("the workers that took part:", diff)
	}
	gotResults, gotStore := s.figures(p, cache)
	s.same("results", results, gotResults)
	s.same("features", store, gotStore)
	s.stop(workers...)
}

// cancel ends a run that waits, one at work, and one by Ctrl-C.
func (s *clusterSite) cancel() {
	p := s.run(s.cache(), "--shard", "8")
	run := s.submitted(p, "submitted")
	s.akin(s.cache(), "cluster", "cancel", run, "--cluster", s.address)
	if text := s.ends(p, exitFailed); !strings.Contains(text, "the run "+run+" was cancelled") {
		s.Errorf("a cancelled run says %q", text)
	}
	p = s.run(s.cache(), "--shard", "4", "--on-interrupt", "cancel")
	run = s.submitted(p, "submitted")
	if err := p.Process.Signal(os.Interrupt); err != nil {
		s.Fatal(err)
	}
	s.ends(p, exitInterrupted)
	if st := s.status(run); st.State != "cancelled" {
		s.Errorf("after Ctrl-C the run is %+v", st)
	}
	w := s.worker()
	p = s.run(s.cache(), "--shard", "1")
	run = s.submitted(p, "submitted")
	for s.status(run).Done == 0 && p.ProcessState == nil {
		time.Sleep(20 * time.Millisecond)
	}
	s.akin(s.cache(), "cluster", "cancel", run, "--cluster", s.address)
	s.ends(p, exitFailed)
	missing := s.start(s.cache(), "cluster", "cancel", "akin-0", "--cluster", s.address)
	if text := s.ends(missing, exitFailed); !strings.Contains(text, "there is no run akin-0") {
		s.Errorf("cancelling what is not there says %q", text)
	}
	s.stop(w)
}

// upload: workers that cannot see the pictures' files read them from the store.
func (s *clusterSite) upload() {
	dir := filepath.Join(s.TempDir(), "set")
	drawSet(s.T, dir)
	plain := s.start(s.cache(), "features", "export", dir, "--model", "small-resnet", "--out", "f.npy")
	s.ends(plain, exitOK)
	export := slices.Concat([]string{"features", "export", dir, "--model", "small-resnet", "--out", "f.npy", "--upload", "--on-interrupt", "detach"}, s.onCluster())
	p := s.start(s.cache(), export...)
	run := s.submitted(p, "submitted")
	if err := p.Process.Signal(os.Interrupt); err != nil {
		s.Fatal(err)
	}
	s.ends(p, exitInterrupted)
	if err := os.Rename(dir, dir+"-away"); err != nil {
		s.Fatal(err)
	}
	w := s.worker()
	st := s.status(run)
	for range 300 {
		if st.State != "running" {
			break
		}
		time.Sleep(200 * time.Millisecond)
		st = s.status(run)
	}
	if st.State != "completed" || st.Hits != 0 || st.Retries != 0 {
		s.Fatalf("without the files the run is %+v", st)
	}
	if err := os.Rename(dir+"-away", dir); err != nil {
		s.Fatal(err)
	}
	p = s.start(s.cache(), export...)
	s.ends(p, exitOK)
	s.same("exported features", s.exported(plain), s.exported(p))
	s.stop(w)
}

func (s *clusterSite) exported(p *process) map[string]string {
	s.Helper()
	return files(s.T, p.dir, func(name string) bool { return strings.HasPrefix(name, "f.npy") })
}

// drawSet writes a set of eight triplets of drawn pictures.
func drawSet(t *testing.T, dir string) {
	t.Helper()
	table := "id,target,related,unrelated\n"
	for i := range 8 {
		var row []string
		for k := range 3 {
			row = append(row, fmt.Sprintf("%d.png", 3*i+k))
			if err := drawPicture(filepath.Join(dir, row[k]), 3*i+k); err != nil {
				t.Fatal(err)
			}
		}
		table += fmt.Sprintf("%d,%s\n", i+1, strings.Join(row, ","))
	}
	for name, text := range map[string]string{"set.toml": "name = \"drawn\"\n", "triplets.csv": table} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
