package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"akin": mortal})
}

// home is the user's, which "make setup" filled.
func home(t testing.TB) akin.Home {
	t.Helper()
	h, err := akin.DefaultHome()
	if err != nil {
		t.Skip(err)
	}
	return h
}

// realCache is the cache of home, or a skip where it lacks the engine.
func realCache(t testing.TB) string {
	t.Helper()
	h := home(t)
	if _, err := h.FindLibrary(); err != nil {
		t.Skipf("%v; run make setup", err)
	}
	return h.Cache
}

// borrow makes a cache with the real one's npm packages and a store of its own.
func borrow(real, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return os.Symlink(filepath.Join(real, "node_modules"), filepath.Join(dir, "node_modules"))
}

// absolute is a path from this folder.
func absolute(t testing.TB, path string) string {
	t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// cold are scripts that count what they compute: they begin with an empty cache.
// The others begin with the features of warm.
var cold = []string{"layers_and_features"}

// systemPython is where Debian's torchvision is, which stands for PyTorch's zoos.
const systemPython = "/usr/bin/python3"

// TestScripts runs testdata/script. What a script needs of the machine stands at its
// top, as a condition.
func TestScripts(t *testing.T) {
	real, shared := home(t), absolute(t, "../../../shared")
	program, err := exec.LookPath("akin") // testscript.Main put it on the path
	if err != nil {
		t.Fatal(err)
	}
	weights := absolute(t, "../../convert/testdata")
	repository := absolute(t, "../..")
	kept := warm(t, program, real, shared)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			cache := filepath.Join(env.WorkDir, "cache")
			env.Setenv("AKIN_CACHE", cache)
			env.Setenv("SHARED", shared)
			env.Setenv("WEIGHTS", weights)
			env.Setenv("REPOSITORY", repository)
			env.Setenv("AKIN", program) // for scripts that change PATH
			if err := borrow(real.Cache, cache); err != nil {
				return err
			}
			script := strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")
			if kept == "" || slices.Contains(cold, script) {
				return nil
			}
			return os.CopyFS(cache, os.DirFS(kept))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"pictures": drawPictures, "cosines": compareCosines},
		Condition: func(what string) (bool, error) {
			switch what {
			case "engine":
				_, err := real.FindLibrary()
				return err == nil, nil
			case "pictures":
				_, _, err := real.OpenSet(stimuli.Default, stimuli.Options{})
				return err == nil, nil
			case "shared":
				_, err := os.Stat(shared)
				return err == nil, nil
			case "wordnet":
				_, err := lexicon.OpenWordNet("")
				return err == nil, nil
			case "pandas":
				return exec.Command(systemPython, "-c", "import pandas").Run() == nil, nil
			case "r":
				return exec.Command("Rscript", "--version").Run() == nil, nil
			case "torchvision":
				return exec.Command(systemPython, "-c", "import torchvision.models as m; m.get_model_weights").Run() == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", what)
		},
	})
}

// warm computes, once, the features that most scripts want, and returns the folder of
// them; empty where the machine lacks what that takes.
func warm(t *testing.T, program string, real akin.Home, shared string) string {
	t.Helper()
	if _, err := real.FindLibrary(); err != nil {
		return ""
	}
	dir := t.TempDir()
	cache := filepath.Join(dir, "cache")
	if err := borrow(real.Cache, cache); err != nil {
		t.Fatal(err)
	}
	commands := [][]string{
		{"run", "--resamples", "99"},
		{"run", "everyday@1", "--resamples", "99", "--model", "small-resnet", "--model", "small-resnet-early", "--model", "small-resnet-untrained"},
	}
	if pictures := filepath.Join(shared, "images", "imagenet-sample"); exists(pictures) {
		network := filepath.Join(shared, "models", "mobilenet_v1_0.25_128.onnx")
		commands = append(commands, []string{"imagenet", "failures", network, "--images", pictures}, []string{"imagenet", "failures", "small-resnet", "--images", pictures})
	}
	for _, arguments := range commands {
		cmd := exec.Command(program, arguments...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "AKIN_CACHE="+cache)
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Logf("no features to begin with: akin %s: %v\n%s", strings.Join(arguments, " "), err, output)
			return ""
		}
	}
	if err := os.Remove(filepath.Join(cache, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return cache
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// drawPictures is the command "pictures FILE...": each another PNG.
func drawPictures(ts *testscript.TestScript, _ bool, files []string) {
	for i, file := range files {
		ts.Check(drawPicture(ts.MkAbs(file), i))
	}
}

// compareCosines is the command "cosines CHOICES ONE OTHER": two models of a run have the
// same cosines but for rounding in single precision, and some that are not 0.
func compareCosines(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	cosines := map[string][]float64{}
	for _, row := range rows[1:] {
		for k, name := range rows[0] {
			if name == "cosine_related" || name == "cosine_unrelated" {
				v, err := strconv.ParseFloat(row[k], 64)
				ts.Check(err)
				cosines[row[0]] = append(cosines[row[0]], v)
			}
		}
	}
	one, other, largest := cosines[args[1]], cosines[args[2]], 0.0
	if len(one) == 0 || len(one) != len(other) {
		ts.Fatalf("%d cosines of %s, %d of %s", len(one), args[1], len(other), args[2])
	}
	for i, v := range one {
		if largest = max(largest, math.Abs(v)); !(math.Abs(v-other[i]) < 1e-5) {
			ts.Fatalf("cosine %d is %v in %s and %v in %s", i, v, args[1], other[i], args[2])
		}
	}
	if largest < .01 {
		ts.Fatalf("all cosines of %s are nearly 0: nothing is compared", args[1])
	}
}

// drawPicture writes a PNG of a line whose length is that of the number.
func drawPicture(file string, number int) error {
	img := image.NewGray(image.Rect(0, 0, 40, 40))
	for y := range 4 * (number + 1) {
		img.SetGray(20+y/40, y%40, color.Gray{255})
	}
	var b bytes.Buffer
	if err := errors.Join(png.Encode(&b, img), os.MkdirAll(filepath.Dir(file), 0o777)); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o666)
}

var update = flag.Bool("update", false, "write what the documents' commands print into them")

// shownCommand matches a block of a document that shows commands and their output.
var shownCommand = regexp.MustCompile("(?ms)^```console\n\\$ (akin [^\n]*)\n(.*?)^```\n")

// TestDocuments runs every "$ akin ..." of a document, in order and in one
// folder, and compares what is printed with what stands there.
func TestDocuments(t *testing.T) {
	for _, name := range []string{"README.md", "docs/collect.md"} {
		t.Run(name, func(t *testing.T) { testDocument(t, name) })
	}
}

func testDocument(t *testing.T, name string) {
	real := realCache(t)
	file, err := filepath.Abs(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("AKIN_CACHE", filepath.Join(t.TempDir(), "cache"))
	if err := borrow(real, os.Getenv("AKIN_CACHE")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	blocks := 0
	printed := shownCommand.ReplaceAllFunc(document, func(block []byte) []byte {
		blocks++
		command := string(shownCommand.FindSubmatch(block)[1])
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), strings.Fields(command)[1:], nil, &stdout, &stderr); code != exitOK {
			t.Errorf("$ %s\nexit %d: %s", command, code, &stderr)
		}
		return fmt.Appendf(nil, "```console\n$ %s\n%s```\n", command, &stdout)
	})
	if blocks == 0 {
		t.Fatal("the document shows no command")
	}
	if *update {
		if err := os.WriteFile(file, printed, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(document), string(printed)); diff != "" && !*update {
		t.Errorf("the document's commands print something else (-document +printed):\n%s", diff)
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
		{"run one one", exitUsage},
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
	bytes          int64 // of the store
}

func newTrial(t *testing.T) *trial {
	r := &trial{real: realCache(t)}
	cache := r.newCache(t)
	r.results, r.store = r.finish(t, cache)
	r.bytes = storeBytes(t, cache)
	if len(r.results) != 17 || len(r.store) != 3 {
		t.Fatalf("an uninterrupted run leaves %d result files and %d stores, want 17 and 3", len(r.results), len(r.store))
	}
	return r
}

func (r *trial) newCache(t *testing.T) string {
	t.Helper()
	cache := filepath.Join(t.TempDir(), "cache")
	if err := borrow(r.real, cache); err != nil {
		t.Fatal(err)
	}
	return cache
}

func (r *trial) start(t *testing.T, dir, cache string) (*exec.Cmd, *bytes.Buffer) {
	return start(t, dir, cache, "run", "--model", "small-resnet", "--model", "edges", "--resamples", "99")
}

// finish runs to the end and returns the files of results and store.
func (r *trial) finish(t *testing.T, cache string) (results, store map[string]string) {
	t.Helper()
	out := t.TempDir()
	cmd, stderr := r.start(t, out, cache)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	return files(t, out, func(string) bool { return true }), files(t, filepath.Join(cache, "features"), isStore)
}

func isStore(name string) bool { return filepath.Ext(name) == ".features" }

// storeBytes is how many bytes of features a cache holds by now.
func storeBytes(t *testing.T, cache string) int64 {
	t.Helper()
	total := int64(0)
	err := filepath.WalkDir(filepath.Join(cache, "features"), func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !isStore(d.Name()) {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return total
}

// interrupt stops a run that has stored so many bytes, and goes on: the store and
// every result file are those of an uninterrupted run.
func (r *trial) interrupt(t *testing.T, signal os.Signal, stored int64, code int) {
	t.Helper()
	cache := r.newCache(t)
	cmd, stderr := r.start(t, t.TempDir(), cache)
	for deadline := time.Now().Add(time.Minute); storeBytes(t, cache) < stored; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d bytes of features after a minute, want %d: %s", storeBytes(t, cache), stored, stderr)
		}
	}
	if err := cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Errorf("exit %d, want %d: %s", got, code, stderr)
	}
	if left := storeBytes(t, cache); left < stored || left >= r.bytes {
		t.Errorf("%d bytes of features stay of %d, want at least %d and not all", left, r.bytes, stored)
	}
	results, store := r.finish(t, cache)
	if diff := cmp.Diff(r.results, results); diff != "" {
		t.Errorf("stopped at %d bytes: the results differ from those of an uninterrupted run", stored)
	}
	if diff := cmp.Diff(r.store, store); diff != "" {
		t.Errorf("stopped at %d bytes: the store differs from that of an uninterrupted run", stored)
	}
}

var kills = flag.Int("kills", 2, "how often TestInterruptedRunsGoOn kills a run")

// TestInterruptedRunsGoOn stops runs by Ctrl-C and, kill -9, at random points of
// their course.
func TestInterruptedRunsGoOn(t *testing.T) {
	r := newTrial(t)
	t.Run("Ctrl-C", func(t *testing.T) { r.interrupt(t, os.Interrupt, r.bytes/4, exitInterrupted) })
	random := rand.New(rand.NewPCG(4, 0))
	for range *kills {
		t.Run("kill", func(t *testing.T) { r.interrupt(t, os.Kill, random.Int64N(r.bytes/2), -1) })
	}
}
