package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/google/go-cmp/cmp"
)

// In the environment of an akin that a test started: the step of writing at which
// it dies, and a file that gets the number of steps where it does not die.
const (
	killEnv  = "AKIN_TEST_KILL"
	stepsEnv = "AKIN_TEST_STEPS"
)

// mortal is main of an akin that a test started.
func mortal() {
	left, err := strconv.Atoi(os.Getenv(killEnv))
	steps := 0
	atomicfile.Step = func(string, string) {
		if steps++; err == nil && steps > left {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		if name := os.Getenv(stepsEnv); name != "" {
			os.WriteFile(name, []byte(strconv.Itoa(steps)), 0o666)
		}
	}
	main()
}

// times is how often a test of chance is repeated: few in the suite, many by
// "make endurance".
func times(t *testing.T, suite int) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("AKIN_ENDURANCE")); err == nil {
		return n * suite
	}
	return suite
}

// writer is a command that writes. prepare makes what it needs; the command runs
// in the folder that holds it, with the cache below it.
type writer struct {
	name    string
	prepare [][]string
	args    []string
}

// writers are the commands that write, but for a pull over the network, which package
// zoo kills. Those whose engine or published weights are not here stay out.
func writers(t *testing.T) (all []writer) {
	run := []string{"run", "set", "--model", "edges", "--model", "colour", "--resamples", "99"}
	dict, weights := absolute(t, "../../lexicon/testdata/dict"), absolute(t, "../../convert/testdata/basic.pth")
	if library, err := home(t).FindLibrary(); err == nil {
		engine := []string{"--onnxruntime", library.Path}
		eval := func(model string) []string {
			return append([]string{"imagenet", "eval", model, "--images", "classes", "--out", "eval"}, engine...)
		}
		learn := slices.Concat([]string{"learn", "set", "--model", "small-resnet", "--space", "centred", "--folds", "2", "--repeats", "1", "--resamples", "99"}, engine)
		failed := append([]string{"small-resnet", "--images", "classes"}, engine...)
		all = append(all,
			writer{"run of a network", nil, append([]string{"run", "set", "--model", "small-resnet", "--resamples", "99"}, engine...)},
			writer{"trial", nil, slices.Concat(learn, []string{"--record", "tried"})},
			writer{"learned network", nil, slices.Concat(learn, []string{"--out", "aligned.onnx"})},
			writer{"imagenet eval", nil, eval("small-resnet")},
			writer{"imagenet eval over a record", [][]string{eval("small-resnet-early")}, eval("small-resnet")},
			writer{"failures", nil, append([]string{"imagenet", "failures", "--page", "failures.html"}, failed...)},
			writer{"similar failures", nil, append([]string{"imagenet", "similar", "--review", "review.html"}, failed...)})
	}
	if published := absolute(t, "../../../shared/models/resnet18.pth"); exists(published) {
		all = append(all, writer{"pull", nil, []string{"models", "pull", "resnet18-quantised", "--from", published}})
	}
	convert := []string{"models", "convert", weights, "-o", "basic.onnx"}
	answered := [][]string{{"collect", "init", "set"}, {"collect", "rehearse", "set", "--db", "study.db", "--careful", "3", "--random", "0", "--careless", "0", "--quit", "0"}}
	imported := []string{"sets", "import", "table.csv", "--out", "imported"}
	return append(all, []writer{
		{"run", nil, run},
		{"run over a record", [][]string{{"run", "set", "--model", "pixels", "--resamples", "99"}}, run},
		{"report", [][]string{run}, []string{"report", "runs/set"}},
		{"paper", [][]string{run}, []string{"paper", "runs/set", "--resamples", "99"}},
		{"board", [][]string{run, imported, {"run", "imported", "--model", "edges", "--resamples", "99"}},
			[]string{"board", "runs/set", "runs/imported", "--page", "board.html"}},
		{"import", nil, imported},
		{"compose", nil, []string{"sets", "compose", "--pictures", "words", "--norms", "norms.csv", "--wordnet", dict, "--out", "composed"}},
		{"fill", nil, []string{"sets", "fill", "imagenet-related", "--pictures", "classes", "--out", "filled"}},
		{"convert", nil, convert},
		{"convert over a model", [][]string{{"models", "convert", weights, "-o", "basic.onnx", "--name", "old"}}, append(convert, "--force")},
		{"card", [][]string{convert}, []string{"models", "card", "basic.onnx", "--recipe", "torchvision", "--force"}},
		{"judgements", answered, []string{"collect", "export", "set", "--db", "study.db"}},
		{"backup", answered, []string{"collect", "backup", "set", "copy.db", "--db", "study.db"}},
		{"export", nil, []string{"features", "export", "set", "--model", "edges", "--out", "features.npy"}},
		{"gc", [][]string{run, {"damage"}}, []string{"features", "gc"}},
		{"setup", nil, []string{"setup", "--pictures", "webp"}},
		{"gallery", nil, []string{"sets", "show", "set", "--gallery", "gallery.html"}},
		{"sheet", nil, []string{"sets", "show", "set", "--sheet", "sheet.png"}},
	}...)
}

// kitchen is a folder in which commands are run.
type kitchen struct {
	t   *testing.T
	dir string
}

// newKitchen draws a set, a table of it for import, labelled pictures to compose and
// to fill sets of and to classify, and pictures for setup.
func newKitchen(t *testing.T) kitchen {
	t.Helper()
	k := kitchen{t, t.TempDir()}
	var rows strings.Builder
	rows.WriteString("id,target,related,unrelated\n")
	for i := range 6 {
		for j := range 3 {
			k.draw(fmt.Sprintf("set/p%d%d.png", i, j), 3*i+j)
		}
		fmt.Fprintf(&rows, "t%d,p%d0.png,p%d1.png,p%d2.png\n", i, i, i, i)
	}
	k.put("set/set.toml", []byte("name = \"set\"\n"))
	k.put("set/triplets.csv", []byte(rows.String()))
	k.put("table.csv", []byte(strings.ReplaceAll(rows.String(), ",p", ",set/p")))
	k.put("webp/a.webp", []byte("RIFF a"))
	k.put("webp/b.webp", bytes.Repeat([]byte("RIFF b"), 1000))
	k.drawLabelled()
	return k
}

// drawLabelled draws pictures of words that norms tie together, and of the classes of
// two triplets of imagenet-related and of two that small-resnet knows.
func (k kitchen) drawLabelled() {
	k.t.Helper()
	for i, word := range []string{"dog", "cat", "horse", "beer", "wine", "wheel", "wreath", "weapon"} {
		k.draw("words/"+word+"/0.png", 100+2*i)
		k.draw("words/"+word+"/1.png", 101+2*i)
	}
	k.put("norms.csv", []byte("a,b,value\ndog,cat,8\ndog,horse,8\nbeer,wine,9\ndog,beer,0\n"))
	k.put("norms.toml", []byte("source = \"a test\"\nkind = \"relatedness\"\na = \"a\"\nb = \"b\"\nvalue = \"value\"\nmin = 0\nmax = 10\n"))
	labels := "path,class\n"
	for i, class := range []int{1, 25, 275, 278, 38, 312, 72, 75, 189, 231} {
		k.draw(fmt.Sprintf("classes/%d.png", class), 200+i)
		labels += fmt.Sprintf("%d.png,%d\n", class, class)
	}
	k.put("classes/labels.csv", []byte(labels))
}

func (k kitchen) put(name string, data []byte) {
	k.t.Helper()
	name = filepath.Join(k.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, data, 0o666)); err != nil {
		k.t.Fatal(err)
	}
}

// akin runs a command in a process of its own.
func (k kitchen) akin(ctx context.Context, env []string, args ...string) ([]byte, error) {
	if args[0] == "damage" { // the last byte of every file of the store
		return nil, filepath.WalkDir(filepath.Join(k.dir, "cache", "features"), func(name string, e fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".features" {
				return err
			}
			data, err := os.ReadFile(name)
			data[len(data)-1] ^= 1
			return errors.Join(err, os.WriteFile(name, data, 0o666))
		})
	}
	program, err := exec.LookPath("akin")
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = k.dir
	cmd.Env = append(os.Environ(), append(env, "AKIN_CACHE="+filepath.Join(k.dir, "cache"), "GOTRACEBACK=none")...)
	return cmd.CombinedOutput()
}

// copy is a further kitchen with the same content.
func (k kitchen) copy(t *testing.T) kitchen {
	t.Helper()
	c := kitchen{t, t.TempDir()}
	if err := os.CopyFS(c.dir, os.DirFS(k.dir)); err != nil {
		t.Fatal(err)
	}
	return c
}

// content is the hash of every file but locks, which hold nothing and stay, and the
// database of a study, in which SQLite counts what it did.
func (k kitchen) content() map[string]string {
	k.t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(k.dir, func(name string, e fs.DirEntry, err error) error {
		below, _ := filepath.Rel(k.dir, name)
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(e.Name(), ".akin-"):
			found[below] = "left by a dead process"
		case !e.IsDir() && filepath.Ext(name) != ".lock" && !strings.HasPrefix(e.Name(), "study.db"):
			data, err := os.ReadFile(name)
			sum := sha256.Sum256(data)
			found[below] = hex.EncodeToString(sum[:8])
			return err
		}
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return found
}

// TestKilledCommands kills commands at the steps of writing and at any time. The
// same command then leaves what an uninterrupted one leaves, byte for byte, and
// nothing else.
func TestKilledCommands(t *testing.T) {
	all := writers(t)
	kills := (times(t, 50) + len(all) - 1) / len(all)
	for i, w := range all {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			w.endure(t, kills, rand.New(rand.NewPCG(uint64(i), 1)))
		})
	}
}

func (w writer) endure(t *testing.T, kills int, random *rand.Rand) {
	ctx := context.Background()
	before := newKitchen(t)
	for _, args := range w.prepare {
		if out, err := before.akin(ctx, nil, args...); err != nil {
			t.Fatalf("akin %v: %v\n%s", args, err, out)
		}
	}
	whole, steps := before.copy(t), filepath.Join(t.TempDir(), "steps")
	start := time.Now()
	if out, err := whole.akin(ctx, []string{stepsEnv + "=" + steps}, w.args...); err != nil {
		t.Fatalf("akin %v: %v\n%s", w.args, err, out)
	}
	spent, want := time.Since(start), whole.content()
	text, err := os.ReadFile(steps)
	if err != nil {
		t.Fatalf("akin %v took no step of writing: %v", w.args, err)
	}
	number, _ := strconv.Atoi(string(text))
	for n := range kills {
		k := before.copy(t)
		what := ""
		if n%3 < 2 {
			step := random.IntN(number)
			what = fmt.Sprintf("at step %d of %d", step, number)
			k.akin(ctx, []string{killEnv + "=" + strconv.Itoa(step)}, w.args...)
		} else {
			after := time.Duration(random.Int64N(int64(spent)))
			what = fmt.Sprintf("after %v of %v", after, spent)
			short, cancel := context.WithTimeout(ctx, after)
			k.akin(short, nil, w.args...)
			cancel()
		}
		out, err := k.akin(ctx, nil, w.args...)
		if diff := cmp.Diff(want, k.content()); diff != "" {
			t.Errorf("akin %v, killed %s and run again: error %v\n%s\n(-uninterrupted +killed):\n%s", w.args, what, err, out, diff)
		}
		if err := os.RemoveAll(k.dir); err != nil { // a pull leaves 47 MB each time
			t.Fatal(err)
		}
	}
}

// draw writes a picture of its own for each number.
func (k kitchen) draw(name string, number int) {
	k.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 24, 24))
	random := rand.New(rand.NewPCG(uint64(number), 7))
	for i := range img.Pix {
		img.Pix[i] = byte(random.Uint32()) | byte(255*(i%4/3))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		k.t.Fatal(err)
	}
	k.put(name, b.Bytes())
}
