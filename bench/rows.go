package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stats"
)

// row is one line of docs/benchmarks.md.
type row struct {
	what, measured string
	value, bar     float64 // compared: at least bar, or at most where atMost
	unit           string  // of value and bar
	atMost         bool
}

func (r row) met() bool {
	if r.atMost {
		return r.value <= r.bar
	}
	return r.value >= r.bar
}

// networks with what akin's speed over its rivals' must reach.
var networks = []struct {
	name                     string
	overEager, overLast      float64
	overEngine               float64 // 0: not compared
	gigaMultiplyAccumulation float64 // of one picture
	small                    bool    // fast enough for four times as many pictures
}{
	{"resnet50", 1.4, 1.2, 0.95, 4.089, false},
	{"densenet121", 1.4, 1.2, 0.95, 2.834, false},
	{"squeezenet1_1", 2, 1.3, 0, 0.349, true},
	{"mobilenet_v2", 2, 1.3, 0, 0.301, true},
}

// endToEnd compares each network from picture files to features.
func (b *bench) endToEnd() error {
	for _, net := range networks {
		n := b.pictures
		if net.small {
			n *= 4
		}
		eager, err := b.bestSetting(net.name, "plain")
		if err != nil {
			return err
		}
		last, err := b.bestSetting(net.name, "channels_last")
		if err != nil {
			return err
		}
		ask := func(setting []string, layout string) func() (float64, error) {
			return func() (seconds float64, err error) {
				err = b.reference.ask(&seconds, slices.Concat([]string{"eager", net.name, b.folder(), strconv.Itoa(n)}, setting, []string{layout})...)
				return seconds, err
			}
		}
		timers := []func() (float64, error){ask(eager, "plain"), ask(last, "channels_last"), b.akin(net.name, n)}
		if net.name == "resnet50" {
			timers = append(timers, func() (peak float64, err error) {
				err = b.reference.ask(&peak, "sgemm")
				return peak, err
			})
		}
		times, err := b.interleave(timers...)
		if err != nil {
			return fmt.Errorf("%s: %w", net.name, err)
		}
		speed := make([]float64, 3)
		for i, t := range times[:3] {
			speed[i] = float64(n) / median(t)
		}
		akin := speed[2]
		b.add(row{net.name + ", akin over PyTorch eager (batch " + strings.Join(eager, ", workers ") + ")",
			fmt.Sprintf("%.1f against %.1f pictures/s", akin, speed[0]), median(ratios(times[0], times[2])), net.overEager, "x", false})
		b.add(row{net.name + ", akin over PyTorch channels_last (batch " + strings.Join(last, ", workers ") + ")",
			fmt.Sprintf("%.1f against %.1f pictures/s", akin, speed[1]), median(ratios(times[1], times[2])), net.overLast, "x", false})
		if net.name == "resnet50" {
			peak := slices.Max(times[3])
			did := 2 * net.gigaMultiplyAccumulation * akin
			b.add(row{"resnet50, share of the machine's float32 peak", fmt.Sprintf("%.0f of %.0f GFLOP/s (best sgemm of the rounds)", did, peak), 100 * did / peak, 75, "%", false})
		}
	}
	return nil
}

// akin times the whole command over n pictures, from an empty store.
func (b *bench) akin(network string, n int) func() (float64, error) {
	file, set := b.network(network), b.set(n)
	return func() (float64, error) {
		m, err := b.subject.cold(set, file)
		return m.seconds, err
	}
}

// overEngine compares the large networks with ONNX Runtime alone, over four
// times as many pictures: akin's start, about a third of a second, would weigh
// too much in few.
func (b *bench) overEngine() error {
	n := 4 * b.pictures
	ready, err := b.interleave(func() (float64, error) { return prepare(b.folder(), b.pictures) })
	if err != nil {
		return err
	}
	preparing := median(ready[0]) / float64(b.pictures*b.cores) // seconds a picture, on all cores
	for _, net := range networks {
		if net.overEngine == 0 {
			continue
		}
		times, err := b.interleave(b.akin(net.name, n), func() (float64, error) { return engineAlone(b.engine, b.network(net.name), n, b.cores) })
		if err != nil {
			return fmt.Errorf("%s: %w", net.name, err)
		}
		akin, engine := float64(n)/median(times[0]), float64(n)/median(times[1])
		b.add(row{fmt.Sprintf("%s, %d pictures, akin over ONNX Runtime alone on ready tensors", net.name, n),
			fmt.Sprintf("%.1f against %.1f pictures/s; with preparing on the same cores %.1f at most", akin, engine, 1/(1/engine+preparing)),
			median(ratios(times[1], times[0])), net.overEngine, "x", false})
	}
	return nil
}

// bestSetting finds PyTorch's fastest batch and number of workers on a few pictures.
func (b *bench) bestSetting(name, layout string) (setting []string, err error) {
	best := 0.0
	for _, s := range [][]string{{"1", "0"}, {"4", "0"}, {"8", "0"}, {"4", "2"}} {
		var seconds float64
		if err := b.reference.ask(&seconds, "eager", name, b.folder(), "24", s[0], s[1], layout); err != nil {
			return nil, err
		}
		if setting == nil || seconds < best {
			setting, best = s, seconds
		}
	}
	return setting, nil
}

// preparation compares decoding and preparing on one thread.
func (b *bench) preparation() error {
	n := b.pictures
	times, err := b.interleave(
		func() (seconds float64, err error) {
			err = b.reference.ask(&seconds, "prepare", b.folder(), strconv.Itoa(n))
			return seconds, err
		},
		func() (float64, error) { return prepare(b.folder(), n) },
	)
	if err != nil {
		return err
	}
	b.add(row{"decode, resize, crop of 500x375 JPEGs on one thread, akin over Pillow",
		fmt.Sprintf("%.2f against %.2f ms a picture", 1e3*median(times[1])/float64(n), 1e3*median(times[0])/float64(n)),
		median(ratios(times[0], times[1])), 1, "x", false})
	return nil
}

// memory takes the peak of whole runs over few and many pictures: it must not grow.
func (b *bench) memory() error {
	for _, n := range []int{b.pictures, 4 * b.pictures} {
		if err := b.subject.forget(); err != nil {
			return err
		}
		m, err := b.subject.run("run", b.set(n), "--model", b.network("resnet50"), "--resamples", "100", "--out", filepath.Join(b.work, "runs", "memory"))
		if err != nil {
			return err
		}
		peak, err := m.peak()
		if err != nil {
			return err
		}
		b.add(row{fmt.Sprintf("resnet50, peak memory of akin run over %d pictures", n), fmt.Sprintf("took %.1f s", m.seconds), peak, 600, "MB", true})
	}
	return nil
}

// eightBits reads what akin measured when it rewrote the network.
func (b *bench) eightBits() error {
	if err := b.subject.forget(); err != nil {
		return err
	}
	dir := filepath.Join(b.subject.cache, "int8")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if _, err := b.subject.run("run", b.set(48), "--model", b.network("resnet50"), "--precision", "int8", "--resamples", "100", "--out", filepath.Join(b.work, "runs", "int8")); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("%s: %d files of measured speeds, want 1: %w", dir, len(files), err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	var made struct{ Float32, Int8 float64 }
	if err := json.Unmarshal(data, &made); err != nil {
		return err
	}
	b.add(row{"resnet50, --precision int8 over float32", fmt.Sprintf("%.1f against %.1f pictures/s, in inference", made.Int8, made.Float32), made.Int8 / made.Float32, 2.5, "x", false})
	return nil
}

// warmRerun times a run whose features are all kept: 14 networks, 400 triplets
// of 1,200 pictures, statistics included.
func (b *bench) warmRerun() error {
	args := []string{"run", b.set(1200), "--out", filepath.Join(b.work, "runs", "warm")}
	for i := range 14 {
		file, err := b.twin(i)
		if err != nil {
			return err
		}
		args = append(args, "--model", file)
	}
	if _, err := b.subject.run(args...); err != nil {
		return err
	}
	var peak float64
	times, err := b.interleave(func() (float64, error) {
		m, err := b.subject.run(args...)
		if err != nil {
			return 0, err
		}
		own, err := m.peak()
		peak = max(peak, own)
		return m.seconds, err
	})
	if err != nil {
		return err
	}
	b.add(row{"warm rerun: 14 models, 1,200 pictures, 400 triplets, all cached", fmt.Sprintf("peak %.0f MB", peak), median(times[0]), 2, "s", true})
	return nil
}

// twin is a small network with a hash and a name of its own.
func (b *bench) twin(i int) (string, error) {
	graph, err := os.ReadFile(filepath.Join("zoo", "weights", "small-resnet.onnx"))
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("twin-%02d", i)
	graph = append(graph, 0x32, byte(len(name))) // doc_string, field 6 of ModelProto
	graph = append(graph, name...)
	card := fmt.Sprintf("name = %q\n[recipe]\nresize = \"pillow-bilinear\"\nshorter = 80\ncrop = 80\nscale = \"1/255\"\nmean = [0.485, 0.456, 0.406]\nstd = [0.229, 0.224, 0.225]\n", name)
	file := filepath.Join(b.work, name+".onnx")
	if err := atomicfile.Write(file, graph); err != nil {
		return "", err
	}
	return file, atomicfile.Write(strings.TrimSuffix(file, ".onnx")+".toml", []byte(card))
}

// similarities times 5 million triplets among 20,000 pictures.
func (b *bench) similarities() error {
	const pictures, dim, triplets = 20_000, 2_048, 5_000_000
	random := rand.New(rand.NewPCG(1, 0))
	rows := make([][]float32, pictures)
	for i := range rows {
		rows[i] = make([]float32, dim)
		for k := range rows[i] {
			rows[i][k] = random.Float32()
		}
	}
	pairs := make([][2]int32, 0, 2*triplets)
	for range triplets {
		target := random.Int32N(pictures)
		pairs = append(pairs, [2]int32{target, random.Int32N(pictures)}, [2]int32{target, random.Int32N(pictures)})
	}
	times, err := b.interleave(func() (float64, error) {
		start := time.Now()
		match.Cosine.Pairs(rows, pairs)
		return time.Since(start).Seconds(), nil
	})
	if err != nil {
		return err
	}
	b.add(row{"cosines of 5 million triplets among 20,000 x 2,048 float32", "summed in float64", median(times[0]), 6, "s", true})
	return nil
}

// areas times the exact AUC of 10 million scores.
func (b *bench) areas() error {
	random := rand.New(rand.NewPCG(2, 0))
	positive, negative := make([]float64, 5_000_000), make([]float64, 5_000_000)
	for i := range positive {
		positive[i], negative[i] = random.NormFloat64()+0.3, random.NormFloat64()
	}
	times, err := b.interleave(func() (float64, error) {
		start := time.Now()
		stats.AUC(positive, negative)
		return time.Since(start).Seconds(), nil
	})
	if err != nil {
		return err
	}
	b.add(row{"exact AUC of 10 million scores", "half of them positive", median(times[0]), 2.5, "s", true})
	return nil
}
