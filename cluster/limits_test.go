package cluster_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/testcluster"
)

// What Temporal's server takes by default.
const (
	mostEvents  = 51200
	mostHistory = 50e6
	mostPayload = 2e6
)

// TestTemporalsLimits measures what a shard and a child leave in a history, and computes from
// it that of large runs: half of each limit must be left.
func TestTemporalsLimits(t *testing.T) {
	s := &site{T: t, temporal: testcluster.StartTemporal(t), bucket: testcluster.StartBucket(t)}
	s.dial()
	stop, err := cluster.ServeEmpty(s.client, s.computer.Engine(), 16)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	const networks, shards = 8, 25
	c := s.at(s.bucket.URL, cluster.DefaultLimits)
	var run string
	c.Submitted = func(id string, _ bool) { run = id }
	if _, err := c.Execute(t.Context(), feature.NewStore(t.TempDir()), simulatedPictures(16*shards), simulatedJobs(s.computer.Engine(), networks)); err != nil {
		t.Fatal(err)
	}
	parent, child := s.histories(run), s.histories(run+"-0-0")
	// Their first events are counted in, so that the figures are too large.
	shard, part := child.over(shards), parent.over(networks)
	t.Logf("a shard: %.2f events, %.0f bytes; a child: %.1f events, %.0f bytes", shard.events, shard.bytes, part.events, part.bytes)
	if shard.events < 3 || part.events < 4 {
		t.Fatal("that is less than a shard and a child take")
	}
	const workers = 200
	limits := cluster.DefaultLimits
	full := shard.times(limits.Shards)
	for _, size := range []struct{ pictures, networks, shard int }{{1e6, 1, 8192}, {1e6, 10, 1024}, {1e6, 100, 1024}, {1e6, 100, 128}} {
		perNetwork := (size.pictures + size.shard - 1) / size.shard
		children := size.networks * ((perNetwork + limits.Shards - 1) / limits.Shards)
		result := payload(t, progressOf(workers, size.networks))
		whole := part.times(children)
		whole.bytes += float64(children * payload(t, progressOf(workers, 0)))
		input := payload(t, inputOf(size.networks))
		t.Logf("%+v: %d shards, %d children; the run %.0f events, %.2f MB; a full child %.0f events, %.2f MB; input %d bytes, result %d bytes",
			size, size.networks*perNetwork, children, whole.events, whole.bytes/1e6, full.events, full.bytes/1e6, input, result)
		if max(whole.events, full.events) > mostEvents/2 || max(whole.bytes, full.bytes) > mostHistory/2 || max(input, result) > mostPayload/2 {
			t.Errorf("%+v needs more than half of what Temporal takes", size)
		}
	}
	if most := part.times(cluster.MostChildren); most.events > mostEvents || most.bytes+float64(cluster.MostChildren*payload(t, progressOf(100, 0))) > mostHistory {
		t.Errorf("the largest run has %.0f events, %.0f MB", most.events, most.bytes/1e6)
	}
	if limits.Window > 1000 {
		t.Errorf("%d activities may wait in a workflow, Temporal takes 2000", limits.Window)
	}
}

// footprint is what something leaves in a history.
type footprint struct{ events, bytes float64 }

func (s size) over(n int) footprint {
	return footprint{float64(s.events) / float64(n), s.mb * 1e6 / float64(n)}
}

func (f footprint) times(n int) footprint {
	return footprint{f.events * float64(n), f.bytes * float64(n)}
}

// payload is the size of a value as it passes through Temporal.
func payload(t *testing.T, v any) int {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return len(data)
}

func inputOf(networks int) cluster.RunInput {
	in := cluster.RunInput{Store: strings.Repeat("s", 200), Plan: "plans/" + strings.Repeat("0", 64), Limits: cluster.DefaultLimits}
	for range networks {
		in.Networks = append(in.Networks, cluster.RunNetwork{Name: strings.Repeat("n", 60), Queue: "akin-onnxruntime-1.30.0-cuda", Shards: 1e6, Pictures: 1e6})
	}
	return in
}

// progressOf is that of a run with so many workers and networks.
func progressOf(workers, networks int) cluster.Progress {
	p := cluster.Progress{Shards: 1e6, Done: 1e6, Workers: map[string]cluster.Share{}}
	for i := range workers {
		p.Workers[fmt.Sprintf("node-%04d.cluster.lab.example:123456", i)] = cluster.Share{Shards: 1e6, Pictures: 1e6}
	}
	for range networks {
		p.Roundings = append(p.Roundings, cluster.Rounding{Instructions: cluster.Instructions(), Digest: strings.Repeat("0", 64)})
	}
	return p
}

// TestTooLargeARun is refused before anything is done for it.
func TestTooLargeARun(t *testing.T) {
	c := &cluster.Cluster{Limits: cluster.Limits{Shards: 2}, Shard: 1}
	var plan *cluster.PlanError
	_, err := c.Fill(t.Context(), feature.NewStore(t.TempDir()), simulatedPictures(1000), simulatedJobs("an-engine", 4))
	if !errors.As(err, &plan) || !strings.Contains(err.Error(), "4000 shards is too large") {
		t.Errorf("a run of too many workflows gives %v", err)
	}
}
