package model_test

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/testengine"
	"github.com/akin-vision/akin/model"
)

// TestTunerKeepsItsMeasurement: a short job opens the default, a long one what
// was measured, later ones what was kept; the features are the same.
func TestTunerKeepsItsMeasurement(t *testing.T) {
	rt := testengine.Open(t)
	m := smallModel(t)
	tuner := model.Tuner{Dir: t.TempDir(), Cores: 2}
	open := func(pictures int) (batch, threads int, vector []float32) {
		t.Helper()
		e, err := tuner.Open(context.Background(), m, rt, model.SessionOptions{Outputs: []model.Output{{Node: "features"}}, Pictures: pictures})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		v, err := e.Run(context.Background(), make([]float32, 3*80*80), 1)
		if err != nil {
			t.Fatal(err)
		}
		return e.Batch(), e.Threads(), v[0][0]
	}
	batch, threads, short := open(10)
	if files, _ := filepath.Glob(filepath.Join(tuner.Dir, "*")); batch != model.DefaultBatch || threads != 1 || len(files) != 0 {
		t.Errorf("a short job ran %d pictures on %d threads, %d files kept", batch, threads, len(files))
	}
	_, _, long := open(100_000)
	if !slices.Equal(short, long) {
		t.Error("the measured settings give other features")
	}
	files, _ := filepath.Glob(filepath.Join(tuner.Dir, "*.json"))
	if len(files) != 1 {
		t.Fatalf("%d measurements kept", len(files))
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var kept model.Tuning
	if err := json.Unmarshal(data, &kept); err != nil || kept.Rates["4 x 1"] <= 0 {
		t.Fatalf("kept %s, error %v", data, err)
	}
	kept.Batch = 7
	if data, err = json.Marshal(kept); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0], data, 0o666); err != nil {
		t.Fatal(err)
	}
	if batch, _, _ := open(10); batch != 7 {
		t.Errorf("what was kept is not used: batch %d", batch)
	}
	tuner.Batch = 3
	if batch, _, _ := open(100_000); batch != 3 {
		t.Errorf("the batch asked for is not used: %d", batch)
	}
}

// TestTunerIgnoresImpossibleValues: what no measurement gives is not used, with a warning.
func TestTunerIgnoresImpossibleValues(t *testing.T) {
	rt := testengine.Open(t)
	m := smallModel(t)
	var doubts []string
	tuner := model.Tuner{Dir: t.TempDir(), Cores: 2, Warn: func(doubt string) { doubts = append(doubts, doubt) }}
	open := func(pictures int) model.Embedder {
		t.Helper()
		e, err := tuner.Open(context.Background(), m, rt, model.SessionOptions{Pictures: pictures})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		return e
	}
	open(100_000)
	files, _ := filepath.Glob(filepath.Join(tuner.Dir, "*.json"))
	data, err := os.ReadFile(files[0])
	if err != nil || len(doubts) != 0 {
		t.Fatal(doubts, err)
	}
	for _, c := range []struct {
		values  map[string]any
		doubted string
	}{
		{map[string]any{"batch": -4}, "a batch of -4 pictures"},
		{map[string]any{"batch": 0}, "a batch of 0 pictures"},
		{map[string]any{"batch": 400_000_000}, "a batch of 400000000 pictures"},
		{map[string]any{"threads": 100_000}, "100000 threads"},
		{map[string]any{"threads": -1}, "-1 threads"},
		{map[string]any{"batch": 1e300}, "cannot unmarshal"},
		{map[string]any{"network": "another"}, "another network"},
	} {
		kept := map[string]any{}
		if err := json.Unmarshal(data, &kept); err != nil {
			t.Fatal(err)
		}
		maps.Copy(kept, c.values)
		text, err := json.Marshal(kept)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(files[0], text, 0o666); err != nil {
			t.Fatal(err)
		}
		doubts = nil
		e := open(10)
		if e.Batch() != model.DefaultBatch || e.Threads() != 1 || len(doubts) != 1 || !strings.Contains(doubts[0], c.doubted) {
			t.Errorf("%v: batch %d, %d threads, warnings %q; want the default and %q", c.values, e.Batch(), e.Threads(), doubts, c.doubted)
		}
	}
}

// TestInnerLayer: a tapped node gives what the network makes of it, pooled.
func TestInnerLayer(t *testing.T) {
	rt := testengine.Open(t)
	m := smallModel(t)
	taps, outputs, err := m.Layers([]string{"layer4.1", "features"}, "")
	if err != nil || !slices.Equal(taps, []string{"layer4.1"}) || outputs[0] != (model.Output{Node: "layer4.1", Pooling: model.PoolAvg}) {
		t.Fatalf("taps %v, outputs %v, error %v", taps, outputs, err)
	}
	e, err := m.Open(rt, model.SessionOptions{Taps: taps, Outputs: []model.Output{
		{Node: "features"}, {Node: "layer4.1", Pooling: model.PoolAvg}, {Node: "layer4.1", Pooling: model.PoolFlatten}}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	tensor := make([]float32, 3*80*80)
	for i := range tensor {
		tensor[i] = float32(i%97) / 97
	}
	out, err := e.Run(context.Background(), tensor, 1)
	if err != nil {
		t.Fatal(err)
	}
	features, pooled, flat := out[0][0], out[1][0], out[2][0]
	if len(pooled) != len(features) || len(flat) != 25*len(features) {
		t.Fatalf("lengths %d, %d, %d", len(features), len(pooled), len(flat))
	}
	for i, v := range features { // the features are the mean of this layer
		if d := v - pooled[i]; d > 1e-5 || d < -1e-5 {
			t.Errorf("channel %d: %v, features %v", i, pooled[i], v)
		}
	}
}
