package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin/internal/testcluster"
	"github.com/google/go-cmp/cmp"
)

// clusterSite is a cluster as its user sees it: servers, workers that are processes, and
// akin-cluster, to which akin hands over.
type clusterSite struct {
	*testing.T
	real     string // cache with the engine
	address  string // of Temporal
	objects  string
	temporal *testcluster.Server
}

func newClusterSite(t *testing.T) *clusterSite {
	t.Helper()
	s := &clusterSite{T: t, real: realCache(t), temporal: testcluster.StartTemporal(t), objects: testcluster.StartBucket(t).URL}
	s.address = s.temporal.Address
	dir := t.TempDir()
	if output, err := exec.Command("go", "build", "-tags", "cluster", "-o", filepath.Join(dir, "akin-cluster"), ".").CombinedOutput(); err != nil {
		t.Fatalf("build akin-cluster: %v\n%s", err, output)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return s
}

// step logs how long a part of the walk takes.
func (s *clusterSite) step(name string, walk func()) {
	s.Helper()
	begun := time.Now()
	walk()
	s.Logf("%s: %v", name, time.Since(begun).Round(time.Millisecond))
}

// cache is a new one, with the engine and no features.
func (s *clusterSite) cache() string {
	s.Helper()
	cache := filepath.Join(s.TempDir(), "cache")
	if err := borrow(s.real, cache); err != nil {
		s.Fatal(err)
	}
	return cache
}

// process is a command under way.
type process struct {
	*exec.Cmd
	stdout bytes.Buffer
	stderr string // file
	dir    string // where it works
}

func (s *clusterSite) start(cache string, args ...string) *process {
	s.Helper()
	p := &process{dir: s.TempDir()}
	program, err := exec.LookPath("akin") // testscript.Main put it on the path
	if err != nil {
		s.Fatal(err)
	}
	p.Cmd, p.stderr = exec.Command(program, args...), filepath.Join(p.dir, "stderr")
	errs, err := os.Create(p.stderr)
	if err != nil {
		s.Fatal(err)
	}
	defer errs.Close()
	p.Dir, p.Stdout, p.Stderr = p.dir, &p.stdout, errs
	p.Env = append(os.Environ(), "AKIN_CACHE="+cache)
	if err := p.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { p.Process.Kill(); p.Wait() }) // errors where it ended long ago
	return p
}

// errors is what a process has written to stderr by now.
func (s *clusterSite) errors(p *process) string {
	s.Helper()
	text, err := os.ReadFile(p.stderr)
	if err != nil {
		s.Fatal(err)
	}
	return string(text)
}

// says waits until a process has written so to stderr, and returns the match.
func (s *clusterSite) says(p *process, what string) string {
	s.Helper()
	pattern := regexp.MustCompile(what)
	for range 600 {
		if found := pattern.FindString(s.errors(p)); found != "" {
			return found
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.Fatalf("%v never says %q; it says %q", p.Args[1:], what, s.errors(p))
	return ""
}

// ends waits for the exit code of a process.
func (s *clusterSite) ends(p *process, code int) string {
	s.Helper()
	p.Wait() // its error is the code
	if got := p.ProcessState.ExitCode(); got != code {
		s.Fatalf("%v exits %d, want %d: %s", p.Args[1:], got, code, s.errors(p))
	}
	return s.errors(p)
}

// akin is a command that succeeds, and what it prints.
func (s *clusterSite) akin(cache string, args ...string) string {
	s.Helper()
	p := s.start(cache, args...)
	s.ends(p, exitOK)
	return p.stdout.String()
}

// theRun is the command whose figures are compared.
var theRun = []string{"run", "everyday@1", "--model", "small-resnet", "--model", "edges", "--resamples", "99"}

func (s *clusterSite) run(cache string, flags ...string) *process {
	s.Helper()
	return s.start(cache, slices.Concat(theRun, s.onCluster(), flags)...)
}

func (s *clusterSite) onCluster() []string {
	return []string{"--cluster", s.address, "--objects", s.objects}
}

// submitted is the name of the run that a process has submitted, or is attached to.
func (s *clusterSite) submitted(p *process, how string) string {
	s.Helper()
	return strings.Fields(s.says(p, `Run akin-[0-9a-f]{16} `+how))[1]
}

func (s *clusterSite) worker(flags ...string) *process {
	s.Helper()
	w := s.start(s.cache(), slices.Concat([]string{"worker", "--cluster", s.address, "--workers", "1"}, flags)...)
	s.says(w, `waits for tasks of `)
	return w
}

func (s *clusterSite) stop(workers ...*process) {
	s.Helper()
	for _, w := range workers {
		if err := w.Process.Signal(os.Interrupt); err != nil {
			s.Fatal(err)
		}
		s.ends(w, exitInterrupted)
	}
}

// runStatus is what status prints as JSON.
type runStatus struct {
	Run, State, Title  string
	Shards, Done, Hits int
	Pictures, Retries  int
	Waiting            []string
	Workers            map[string]struct{ Shards, Pictures int }
}

func (s *clusterSite) status(run string) (status runStatus) {
	s.Helper()
	s.decode(s.akin(s.cache(), "cluster", "status", run, "--cluster", s.address, "--json"), &status)
	return status
}

func (s *clusterSite) decode(text string, v any) {
	s.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		s.Fatalf("%v: %s", err, text)
	}
}

// figures are the files of a run that do not say where it was computed, and its features.
func (s *clusterSite) figures(p *process, cache string) (results, store map[string]string) {
	s.Helper()
	results = files(s.T, filepath.Join(p.dir, "runs"), func(name string) bool { return name != "run.json" && name != "report.html" })
	if len(results) < 8 {
		s.Fatalf("%d files of results, want at least 8", len(results))
	}
	return results, files(s.T, filepath.Join(cache, "features"), isStore)
}

func (s *clusterSite) same(what string, want, got map[string]string) {
	s.Helper()
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		s.Errorf("%s differ from those of one machine: %s", what, diff)
	}
}

// computedBy gives the pictures that each instruction set has computed, from a record.
func (s *clusterSite) computedBy(p *process) map[string]int {
	s.Helper()
	records := files(s.T, filepath.Join(p.dir, "runs"), func(name string) bool { return name == "run.json" })
	if len(records) != 1 {
		s.Fatalf("%d records, want 1", len(records))
	}
	var run struct {
		Machine struct {
			Workers []struct {
				Model, Instructions string
				Pictures            int
			}
		}
	}
	for _, record := range records {
		s.decode(record, &run)
	}
	by := map[string]int{}
	for _, w := range run.Machine.Workers {
		if w.Model != "small-resnet" {
			s.Errorf("the record names %s as computed by a worker", w.Model)
		}
		by[w.Instructions] += w.Pictures
	}
	return by
}
