package record

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/akin-vision/akin/stats"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestAnalysisIsRead: what a record holds is read, digit for digit what was
// computed; other resamples, and statistics that lack a figure, are computed.
func TestAnalysisIsRead(t *testing.T) {
	r := smallRun()
	want := analysed(t, r)
	dir := filepath.Join(t.TempDir(), "run")
	if err := r.Write(dir, want); err != nil {
		t.Fatal(err)
	}
	again, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := again.Analysis(dir, stats.Options{Resamples: want.Resamples, Seed: want.Seed})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmp.Comparer(func(a, b stats.Number) bool { return a == b || !a.Defined() && !b.Defined() }), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the recorded statistics are not those computed (-want +got):\n%s", diff)
	}

	marked := want
	marked.Comparison.Models = slices.Clone(want.Comparison.Models)
	marked.Comparison.Models[0].Error = 0.123 // tells what was read from what was computed
	if err := again.Rebuild(dir, marked); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		o    stats.Options
		want stats.Number
	}{
		{"as recorded", stats.Options{Resamples: want.Resamples, Seed: want.Seed}, 0.123},
		{"other resamples", stats.Options{Resamples: want.Resamples + 1, Seed: want.Seed}, want.Comparison.Models[0].Error},
		{"another seed", stats.Options{Resamples: want.Resamples, Seed: want.Seed + 1}, want.Comparison.Models[0].Error},
	} {
		if s, err := again.Analysis(dir, c.o); err != nil || s.Comparison.Models[0].Error != c.want {
			t.Errorf("%s: the error is %v (%v), want %v", c.name, s.Comparison.Models[0].Error, err, c.want)
		}
	}
}

// TestOutdatedStatisticsAreComputed: a figure that another version did not write is
// not read as zero.
func TestOutdatedStatisticsAreComputed(t *testing.T) {
	r := smallRun()
	want := analysed(t, r)
	dir := filepath.Join(t.TempDir(), "run")
	if err := r.Write(dir, want); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, statisticsFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	older := regexp.MustCompile(`(?m)^  "level": [^\n]*\n`).ReplaceAll(text, nil)
	if bytes.Equal(older, text) {
		t.Fatal("statistics.json has no key level to leave out")
	}
	if err := os.WriteFile(file, older, 0o666); err != nil {
		t.Fatal(err)
	}
	forge(t, dir)
	again, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	var outdated *OutdatedError
	if _, err := again.Recorded(dir); !errors.As(err, &outdated) {
		t.Errorf("statistics that lack a figure give %v, want an OutdatedError", err)
	}
	s, err := again.Analysis(dir, stats.Options{Resamples: want.Resamples, Seed: want.Seed})
	if err != nil || s.Comparison.Models[0].Error != want.Comparison.Models[0].Error {
		t.Errorf("statistics that lack a figure are not computed again: %v", err)
	}
}
