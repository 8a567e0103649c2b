package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/setup"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"akin": main})
}

// realCache is the cache that "make setup" filled, or a skip.
func realCache(t testing.TB) string {
	t.Helper()
	cache, err := setup.CacheDir()
	if err != nil {
		t.Skip(err)
	}
	home := akin.Home{Cache: cache}
	if _, err := home.FindLibrary(); err != nil {
		t.Skipf("%v; run make setup", err)
	}
	return cache
}

// borrow makes a cache with the real one's npm packages and a store of its own.
func borrow(t testing.TB, real, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return os.Symlink(filepath.Join(real, "node_modules"), filepath.Join(dir, "node_modules"))
}

func TestScripts(t *testing.T) {
	real := realCache(t)
	shared, err := filepath.Abs("../../../shared")
	if err != nil {
		t.Fatal(err)
	}
	weights, err := filepath.Abs("../../convert/testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			cache := filepath.Join(env.WorkDir, "cache")
			env.Setenv("AKIN_CACHE", cache)
			env.Setenv("SHARED", shared)
			env.Setenv("WEIGHTS", weights)
			program, err := exec.LookPath("akin")
			if err != nil {
				return err
			}
			env.Setenv("AKIN", program) // for scripts that change PATH
			return borrow(t, real, cache)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"pictures": drawPictures},
		Condition: func(cond string) (bool, error) {
			if cond == "shared" {
				_, err := os.Stat(shared)
				return err == nil, nil
			}
			if cond == "wordnet" {
				_, err := lexicon.OpenWordNet("")
				return err == nil, nil
			}
			return false, errors.New("unknown condition")
		},
	})
}

// drawPictures is the command "pictures FILE...": each another PNG.
func drawPictures(ts *testscript.TestScript, _ bool, files []string) {
	for i, file := range files {
		img := image.NewGray(image.Rect(0, 0, 40, 40))
		for y := range 4 * (i + 1) {
			img.SetGray(20, y, color.Gray{255})
		}
		var b bytes.Buffer
		ts.Check(png.Encode(&b, img))
		ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(file)), 0o777))
		ts.Check(os.WriteFile(ts.MkAbs(file), b.Bytes(), 0o666))
	}
}

var update = flag.Bool("update", false, "write what the README's commands print into the README")

const readmeFile = "../../README.md"

// shownCommand matches a block of the README that shows commands and their output.
var shownCommand = regexp.MustCompile("(?ms)^```console\n\\$ (akin [^\n]*)\n(.*?)^```\n")

// TestReadme runs every "$ akin ..." of the README, in order and in one
// folder, and compares what is printed with what stands there.
func TestReadme(t *testing.T) {
	real := realCache(t)
	file, err := filepath.Abs(readmeFile)
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("AKIN_CACHE", filepath.Join(t.TempDir(), "cache"))
	if err := borrow(t, real, os.Getenv("AKIN_CACHE")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	blocks := 0
	printed := shownCommand.ReplaceAllFunc(readme, func(block []byte) []byte {
		blocks++
		command := string(shownCommand.FindSubmatch(block)[1])
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), strings.Fields(command)[1:], nil, &stdout, &stderr); code != exitOK {
			t.Errorf("$ %s\nexit %d: %s", command, code, &stderr)
		}
		return fmt.Appendf(nil, "```console\n$ %s\n%s```\n", command, &stdout)
	})
	if blocks == 0 {
		t.Fatal("the README shows no command")
	}
	if *update {
		if err := os.WriteFile(file, printed, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(readme), string(printed)); diff != "" && !*update {
		t.Errorf("the README's commands print something else (-README +printed):\n%s", diff)
	}
}

func TestExitCodes(t *testing.T) {
	cases := []struct {
		args string
		code int
	}{
		{"--help", exitOK},
		{"--version", exitOK},
		{"", exitOK},
		{"models", exitOK},
		{"bake", exitUsage},
		{"models bake", exitUsage},
		{"run --modell x", exitUsage},
		{"run one two", exitUsage},
		{"run no-such-set", exitFailed},
		{"models show no-such-model", exitFailed},
	}
	for _, c := range cases {
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), strings.Fields(c.args), nil, &stdout, &stderr); code != c.code {
			t.Errorf("akin %s exits %d, want %d: %s", c.args, code, c.code, &stderr)
		}
	}
}

// start runs this binary as akin in a process of its own.
func start(t *testing.T, dir, cache string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	akin, err := exec.LookPath("akin") // testscript.Main put it on the path
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(akin, args...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	cmd.Env = append(os.Environ(), "AKIN_CACHE="+cache)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &stderr
}

// files returns every file below dir that keep accepts, by path.
func files(t *testing.T, dir string, keep func(name string) bool) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !keep(d.Name()) {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// trial is a run to interrupt, and what it leaves when nothing interrupts it.
type trial struct {
	real           string // cache with the engine
	results, store map[string]string
	lasts          time.Duration
}

func newTrial(t *testing.T) *trial {
	r := &trial{real: realCache(t)}
	cache := r.newCache(t)
	begin := time.Now()
	r.results, r.store = r.finish(t, cache)
	r.lasts = time.Since(begin)
	if len(r.results) != 15 || len(r.store) != 3 {
		t.Fatalf("an uninterrupted run leaves %d result files and %d stores", len(r.results), len(r.store))
	}
	return r
}

func (r *trial) newCache(t *testing.T) string {
	t.Helper()
	cache := filepath.Join(t.TempDir(), "cache")
	if err := borrow(t, r.real, cache); err != nil {
		t.Fatal(err)
	}
	return cache
}

func (r *trial) start(t *testing.T, dir, cache string) (*exec.Cmd, *bytes.Buffer) {
	return start(t, dir, cache, "run", "--model", "small-resnet", "--model", "edges")
}

// finish runs to the end and returns the files of results and store.
func (r *trial) finish(t *testing.T, cache string) (results, store map[string]string) {
	t.Helper()
	out := t.TempDir()
	cmd, stderr := r.start(t, out, cache)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	isStore := func(name string) bool { return filepath.Ext(name) == ".features" }
	return files(t, out, func(string) bool { return true }), files(t, filepath.Join(cache, "features"), isStore)
}

// interrupt stops a run and goes on: the store and every result file are those
// of an uninterrupted run.
func (r *trial) interrupt(t *testing.T, signal os.Signal, after time.Duration, code int) {
	t.Helper()
	cache := r.newCache(t)
	cmd, stderr := r.start(t, t.TempDir(), cache)
	time.Sleep(after)
	if err := cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != code && got != exitOK {
		t.Errorf("exit %d, want %d: %s", got, code, stderr)
	}
	left := 0
	for _, data := range files(t, cache, func(name string) bool { return filepath.Ext(name) == ".features" }) {
		left += len(data)
	}
	results, store := r.finish(t, cache)
	if diff := cmp.Diff(r.results, results); diff != "" {
		t.Errorf("stopped after %v: the results differ from those of an uninterrupted run", after)
	}
	if diff := cmp.Diff(r.store, store); diff != "" {
		t.Errorf("stopped after %v: the store differs from that of an uninterrupted run", after)
	}
	t.Logf("stopped after %v with %d bytes of features", after.Round(time.Millisecond), left)
}

func TestInterruptAndGoOn(t *testing.T) {
	newTrial(t).interrupt(t, os.Interrupt, 150*time.Millisecond, exitInterrupted)
}

var kills = flag.Int("kills", 2, "how often TestKill kills a run")

// TestKill kills runs, kill -9, at random instants of their course.
func TestKill(t *testing.T) {
	r := newTrial(t)
	random := rand.New(rand.NewPCG(4, 0))
	for range *kills {
		r.interrupt(t, os.Kill, time.Duration(random.Int64N(int64(r.lasts))), -1)
	}
}
