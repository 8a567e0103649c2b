package cluster_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/testcluster"
	"github.com/akin-vision/akin/internal/testengine"
)

// plainVariable makes this test run as a child one machine alone: the folder of pictures,
// and that of the store that it fills.
const plainVariable = "AKIN_TEST_PLAIN"

func init() { childVariables[plainVariable] = alone }

func alone(job []string) error {
	computer, models, err := machine(filepath.Join(os.TempDir(), "alone"), small)
	if err != nil {
		return err
	}
	defer computer.Close()
	list, err := pictures(job[0])
	if err != nil {
		return err
	}
	return extract.Fill(context.Background(), feature.NewStore(job[1]), list, jobs(computer, models), extract.Options{Workers: computer.Workers, Chunk: computer.Batch})
}

// spent is what processes took.
type spent struct{ wall, processor time.Duration }

func (s *spent) add(wall time.Duration, cmds ...*exec.Cmd) {
	s.wall += wall
	for _, c := range cmds {
		s.processor += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
}

// rounds of TestOverhead, each with as many pictures.
const rounds = 2

// TestOverhead runs a network on pictures by the plain loop of one machine, and through
// one worker, Temporal and the store on the same cores, part by part in turns. It asks
// for processor time, which other programs on the machine change little.
func TestOverhead(t *testing.T) {
	hard(t)
	if os.Getenv(modelsVariable) == "" || os.Getenv(networksVariable) == "" {
		t.Skipf("%s must name a folder with a model, and %s the model", modelsVariable, networksVariable)
	}
	n, err := strconv.Atoi(cmp.Or(os.Getenv("AKIN_TEST_PICTURES"), "2000"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("AKIN_ONNXRUNTIME", testengine.Library(t).Path)
	s := &site{T: t, temporal: testcluster.StartTemporal(t), bucket: testcluster.StartBucket(t)}
	var plain, many spent
	for round := range rounds {
		dir := t.TempDir()
		photographs(t, dir, round*n/rounds, n/rounds)
		one, other := t.TempDir(), t.TempDir()
		if round%2 == 0 {
			s.alone(&plain, dir, one)
		}
		s.together(&many, dir, other, round)
		if round%2 == 1 {
			s.alone(&plain, dir, one)
		}
		if a, b := fmt.Sprint(tree(t, one)), fmt.Sprint(tree(t, other)); a != b || len(tree(t, one)) != 1 {
			t.Errorf("the features differ: %s, %s", a, b)
		}
		load, _ := os.ReadFile("/proc/loadavg")
		t.Logf("%d pictures: plain %v, cluster %v; load %s", (round+1)*n/rounds, plain, many, strings.TrimSpace(string(load)))
	}
	over := many.processor.Seconds()/plain.processor.Seconds() - 1
	t.Logf("worker and submitter take %.1f %% more processor time and %.1f %% more time than the plain loop", 100*over, 100*(many.wall.Seconds()/plain.wall.Seconds()-1))
	if over > 0.05 {
		t.Errorf("%.1f %% more processor time, want at most 5", 100*over)
	}
}

func (s *site) alone(to *spent, pictures, store string) {
	s.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s", plainVariable, pictures, store))
	begun := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("%v\n%s", err, out)
	}
	to.add(time.Since(begun), cmd)
}

func (s *site) together(to *spent, pictures, store string, round int) {
	s.Helper()
	place := strings.Replace(s.bucket.URL, "/akin?", fmt.Sprintf("/overhead-%d?", round), 1)
	begun := time.Now()
	worker := s.worker("worker", 0, "")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %s %s 0 shared", submitterVariable, s.temporal.Address, place, pictures, store))
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("%v\n%s", err, out)
	}
	wall := time.Since(begun)
	kill(worker)
	to.add(wall, cmd, worker)
}
