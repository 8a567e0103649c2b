package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/model"
	"golang.org/x/sync/errgroup"
)

// recipe is torchvision's own.
const recipe = `[recipe]
resize = "pillow-bilinear"
shorter = 256
crop = 224
scale = "1/255"
mean = [0.485, 0.456, 0.406]
std = [0.229, 0.224, 0.225]
`

// subject is akin as its users run it: the binary, with a cache of its own.
type subject struct{ binary, cache string }

// measured is one run of the binary.
type measured struct {
	seconds float64 // from its start to its end
	cpu     float64 // seconds of processor
	peakMB  float64 // 0: hidden by this program's own
	stderr  string
}

func (s subject) run(args ...string) (measured, error) {
	var out bytes.Buffer
	cmd := exec.Command(s.binary, args...)
	cmd.Env = append(os.Environ(), "AKIN_CACHE="+s.cache)
	cmd.Stderr = &out
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return measured{}, fmt.Errorf("akin %s: %w: %s", strings.Join(args, " "), err, &out)
	}
	seconds := time.Since(start).Seconds()
	peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	// A process begins with the peak of the one that started it.
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return measured{}, err
	}
	if peak <= own.Maxrss {
		peak = 0
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return measured{seconds, cpu.Seconds(), float64(peak) / 1024, out.String()}, nil
}

// peak is the peak of memory, which must be known.
func (m measured) peak() (float64, error) {
	if m.peakMB == 0 {
		return 0, errors.New("akin's peak of memory is hidden by that of this program; measure it first")
	}
	return m.peakMB, nil
}

// forget empties the feature store, so that the next run computes everything.
func (s subject) forget() error { return os.RemoveAll(filepath.Join(s.cache, "features")) }

// cold exports the features of a set from an empty store.
func (s subject) cold(set, network string) (measured, error) {
	if err := s.forget(); err != nil {
		return measured{}, err
	}
	return s.run("features", "export", set, "--model", network, "--out", filepath.Join(s.cache, "features.npy"))
}

// writeSet makes a set of the first n pictures of a folder, in triplets of
// neighbours.
func writeSet(dir, pictures string, n int) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	link := filepath.Join(dir, "pictures")
	if err := os.RemoveAll(link); err != nil {
		return err
	}
	if err := os.Mkdir(link, 0o777); err != nil {
		return err
	}
	var rows strings.Builder
	rows.WriteString("id,target,related,unrelated\n")
	for i := 0; i < n; i += 3 {
		fmt.Fprintf(&rows, "t%d", i/3)
		for k := range 3 {
			name := fmt.Sprintf("%05d.jpg", i+k)
			if err := os.Link(filepath.Join(pictures, name), filepath.Join(link, name)); err != nil {
				return err
			}
			rows.WriteString(",pictures/" + name)
		}
		rows.WriteString("\n")
	}
	if err := atomicfile.Write(filepath.Join(dir, "set.toml"), []byte("name = \"bench\"\n")); err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(dir, "triplets.csv"), []byte(rows.String()))
}

// prepare decodes and prepares pictures one after the other, as reference.py does.
func prepare(pictures string, n int) (seconds float64, err error) {
	r := imaging.Recipe{Resize: "pillow-bilinear", Shorter: 256, Crop: 224, Scale: "1/255",
		Mean: []float64{0.485, 0.456, 0.406}, Std: []float64{0.229, 0.224, 0.225}}
	tensor := make([]float32, 3*224*224)
	start := time.Now()
	for i := range n {
		data, err := os.ReadFile(filepath.Join(pictures, fmt.Sprintf("%05d.jpg", i)))
		if err != nil {
			return 0, err
		}
		picture, err := imaging.Decode(data, 0)
		if err != nil {
			return 0, err
		}
		if err := r.Apply(picture, tensor); err != nil {
			return 0, err
		}
	}
	return time.Since(start).Seconds(), nil
}

// engineAlone times ONNX Runtime on n ready pictures: one shared session, one
// thread a run, as many runs at once as there are cores, batches of 4. The
// session is opened and used once before.
func engineAlone(rt *model.Runtime, network string, n, cores int) (seconds float64, err error) {
	m, err := model.Load(network)
	if err != nil {
		return 0, err
	}
	session, err := m.Open(rt, model.SessionOptions{Batch: model.DefaultBatch, Threads: 1})
	if err != nil {
		return 0, err
	}
	defer session.Close()
	ready := make([]float32, model.DefaultBatch*3*224*224)
	embed := func() error {
		_, err := session.Run(context.Background(), ready, model.DefaultBatch)
		return err
	}
	if err := embed(); err != nil {
		return 0, err
	}
	start := time.Now()
	var g errgroup.Group
	g.SetLimit(cores)
	for range n / model.DefaultBatch {
		g.Go(embed)
	}
	err = g.Wait()
	return time.Since(start).Seconds(), err
}
