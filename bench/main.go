// Command bench measures what akin promises of speed and memory, against
// PyTorch, Pillow and ONNX Runtime alone, and writes docs/benchmarks.md.
//
//	make bench
//
// Everything is measured in rounds: each round times every rival once, in turn,
// so that a slow spell of the machine meets all of them; ratios are taken within
// rounds. Nothing else should run meanwhile.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/setup"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(1)
	}
}

// bench is the state of one measurement.
type bench struct {
	work, binary     string
	pictures, rounds int
	cores            int
	load             string // of the machine, over the minute before
	reference        *reference
	engine           *model.Runtime
	subject          subject
	rows             []row
}

// part is what can be measured alone, with --only.
type part struct {
	name   string
	run    func(*bench) error
	rivals bool // needs PyTorch, photographs and networks
}

// parts begin with those that take a peak of memory, which must exceed that of
// this program; the others run networks in it.
var parts = []part{
	{"scale", (*bench).scale, false},
	{"memory", (*bench).memory, true},
	{"warm", (*bench).warmRerun, true},
	{"int8", (*bench).eightBits, true},
	{"networks", (*bench).endToEnd, true},
	{"engine", (*bench).overEngine, true},
	{"prepare", (*bench).preparation, true},
	{"cosines", (*bench).similarities, true},
	{"auc", (*bench).areas, true},
}

func run(args []string) (err error) {
	b := &bench{cores: runtime.NumCPU(), load: strings.Fields(procFS("loadavg", ""))[0]}
	fmt.Fprintln(os.Stderr, "bench: load of the machine:", b.load, "(figures count only where it is about 0)")
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	var source, python, out, only string
	var quick bool
	flags.StringVar(&b.work, "work", filepath.Join(os.TempDir(), "akin-bench"), "`folder` for pictures, networks and the cache")
	flags.StringVar(&b.binary, "akin", "bin/akin", "the `binary` to measure")
	flags.StringVar(&source, "source", "../shared/images/imagenet-sample", "`folder` of photographs to make pictures of")
	flags.StringVar(&python, "python", "/usr/bin/python3", "`interpreter` with PyTorch, torchvision and Pillow")
	flags.StringVar(&out, "out", "", "`file` to write (default: docs/benchmarks.md where everything is measured, else only print)")
	flags.StringVar(&only, "only", "", "`parts` to measure, of scale,memory,warm,int8,networks,engine,prepare,cosines,auc")
	flags.IntVar(&b.pictures, "pictures", 240, "pictures of the large networks, four times as many of the small ones and against ONNX Runtime")
	flags.IntVar(&b.rounds, "rounds", 3, "times that everything is measured")
	flags.BoolVar(&quick, "quick", false, "60 pictures, one round: does it work at all?")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if quick {
		b.pictures, b.rounds = 60, 1
	}
	if out == "" && !quick && only == "" {
		out = "docs/benchmarks.md"
	}
	b.pictures -= b.pictures % 12 // whole triplets, whole batches
	if err := b.check(only); err != nil {
		return err
	}
	wanted := slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return only != "" && !slices.Contains(strings.Split(only, ","), p.name) })
	if slices.ContainsFunc(wanted, func(p part) bool { return p.rivals }) {
		stop, err := b.start(python, source)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	if err := b.startSubject(); err != nil {
		return err
	}
	for _, part := range wanted {
		fmt.Fprintln(os.Stderr, "bench:", part.name)
		if err := part.run(b); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	page, err := b.page(args)
	if err != nil {
		return err
	}
	fmt.Print(page)
	if out == "" {
		return nil
	}
	return atomicfile.Write(out, []byte(page))
}

// check refuses sizes and parts with which nothing would be measured.
func (b *bench) check(only string) error {
	if b.pictures < 12 || b.rounds < 1 {
		return errors.New("nothing to measure: --pictures must be at least 12 and --rounds at least 1")
	}
	for _, name := range strings.FieldsFunc(only, func(r rune) bool { return r == ',' }) {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			return fmt.Errorf("--only %s: no such part; --help lists them", name)
		}
	}
	return nil
}

// start brings up the rivals and makes pictures, sets and networks.
func (b *bench) start(python, source string) (stop func() error, err error) {
	if b.reference, err = startReference(python); err != nil {
		return nil, err
	}
	var done any
	most := max(1200, 4*b.pictures)
	if err := b.reference.ask(&done, "make-pictures", b.folder(), strconv.Itoa(most), source); err != nil {
		return nil, err
	}
	for _, n := range []int{48, b.pictures, 4 * b.pictures, 1200} {
		if err := writeSet(b.set(n), b.folder(), n); err != nil {
			return nil, err
		}
	}
	for _, net := range networks {
		if err := b.export(net.name); err != nil {
			return nil, err
		}
	}
	return b.reference.close, nil
}

// export writes a network and its card, once.
func (b *bench) export(name string) error {
	file := b.network(name)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	var done any
	if err := b.reference.ask(&done, "export", name, file); err != nil {
		return err
	}
	card := fmt.Sprintf("name = %q\n%s", name, recipe)
	return atomicfile.Write(strings.TrimSuffix(file, ".onnx")+".toml", []byte(card))
}

// startSubject gives akin a cache of its own, with what setup has fetched.
func (b *bench) startSubject() error {
	cache, err := setup.CacheDir()
	if err != nil {
		return err
	}
	b.subject = subject{b.binary, filepath.Join(b.work, "cache")}
	if err := os.MkdirAll(b.subject.cache, 0o777); err != nil {
		return err
	}
	installed, link := setup.NodeModules(cache)[0], setup.NodeModules(b.subject.cache)[0]
	if err := os.Symlink(installed, link); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	library, err := model.FindLibrary(model.Places{Cache: setup.LibraryFolders(cache)})
	if err != nil {
		return err
	}
	b.engine, err = model.LoadRuntime(library)
	return err
}

func (b *bench) folder() string             { return filepath.Join(b.work, "pictures") }
func (b *bench) set(n int) string           { return filepath.Join(b.work, "sets", strconv.Itoa(n)) }
func (b *bench) network(name string) string { return filepath.Join(b.work, name+".onnx") }

func (b *bench) add(r row) {
	b.rows = append(b.rows, r)
	fmt.Fprintf(os.Stderr, "bench: %s: %.2f %s (%s)\n", r.what, r.value, r.unit, r.measured)
}

// interleave times every rival once a round and returns seconds by rival and round.
func (b *bench) interleave(rivals ...func() (float64, error)) ([][]float64, error) {
	times := make([][]float64, len(rivals))
	for range b.rounds {
		for i, rival := range rivals {
			seconds, err := rival()
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], seconds)
		}
	}
	return times, nil
}

// ratios divides round by round.
func ratios(a, b []float64) []float64 {
	list := make([]float64, len(a))
	for i := range a {
		list[i] = a[i] / b[i]
	}
	return list
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// page is docs/benchmarks.md.
func (b *bench) page(args []string) (string, error) {
	var versions string
	if b.reference != nil {
		if err := b.reference.ask(&versions, "versions"); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf(`# Benchmarks

Made by `+"`make bench`"+`%s. Rounds: %d, and each figure is their median; in a round every rival ran once, in turn, and
ratios are taken within rounds. Networks have random weights, which does not change their speed; pictures are
500x375 JPEGs made from photographs: %d for ResNet-50 and DenseNet-121, %d for the small networks and against ONNX Runtime. akin's time is
that of the whole command (`+"`akin features export`"+` from an empty store, its start and the loading of the network
included); PyTorch's leaves out both. Peak memory was taken once, of `+"`akin run`"+` from an empty store.

- machine: %s, %d cores, %s, memory %s, %s/%s; its load when this began: %s
- akin %s, decoder %s, JPEG %s, %s
- %s

%s
That models which share a recipe have each picture decoded once is not measured but tested:
`+"`TestFillEmbedsEachPictureOnce`"+` in `+"`extract`"+`.
`, with(args), b.rounds, b.pictures, 4*b.pictures, procFS("cpuinfo", "model name"), b.cores, vectors(), procFS("meminfo", "MemTotal"),
		runtime.GOOS, runtime.GOARCH, b.load, b.version(), imaging.Decoder, imaging.JPEGDecoder(), b.engine.Engine(), versions, table(b.rows)), nil
}

// table sets rows in Markdown.
func table(rows []row) string {
	var out strings.Builder
	out.WriteString("| what | measured | value | bar | |\n|---|---|---|---|---|\n")
	for _, r := range rows {
		word, verdict := "at least", "met"
		if r.atMost {
			word = "at most"
		}
		if !r.met() {
			verdict = "**not met**"
		}
		fmt.Fprintf(&out, "| %s | %s | %.2f %s | %s %g %s | %s |\n", r.what, r.measured, r.value, r.unit, word, r.bar, r.unit, verdict)
	}
	return out.String()
}

func with(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return " with `" + strings.Join(args, " ") + "`"
}

// vectors says what the processor's instructions allow, on which networks on 8
// bits depend most.
func vectors() string {
	flags := strings.Fields(procFS("cpuinfo", "flags"))
	has := func(names ...string) string {
		for _, name := range names {
			if slices.Contains(flags, name) {
				return "with "
			}
		}
		return "without "
	}
	return has("avx2") + "AVX2, " + has("avx512f") + "AVX-512, " + has("avx512_vnni", "avx_vnni") + "VNNI"
}

// version is what the binary says of itself.
func (b *bench) version() string {
	out, err := exec.Command(b.binary, "--version").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimPrefix(strings.TrimSpace(string(out)), "akin version ")
}

// procFS is the first value of a key in a file of Linux's /proc.
func procFS(file, key string) string {
	data, err := os.ReadFile(filepath.Join("/proc", file))
	if err != nil {
		return key + " unknown"
	}
	_, after, _ := strings.Cut(string(data), key)
	line, _, _ := strings.Cut(after, "\n")
	return cmp.Or(strings.Trim(line, " \t:"), key+" unknown")
}
