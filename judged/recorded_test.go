package judged

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/akin-vision/akin/internal/jsonfile"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// equalNumbers takes two undefined numbers for equal.
var equalNumbers = cmp.Options{cmpopts.EquateNaNs(), cmp.Comparer(func(a, b stats.Number) bool { return a == b || !a.Defined() && !b.Defined() })}

// TestAnalysisIsThatOfTheRecord: what is read is what would be computed, field by field,
// and other resamples are computed.
func TestAnalysisIsThatOfTheRecord(t *testing.T) {
	for _, task := range []stimuli.Task{stimuli.OddOneOut, stimuli.Votes, stimuli.Matrix} {
		made, dir := madeRun(task, 60), filepath.Join(t.TempDir(), "run")
		computed := analysed(t, made)
		recorded := computed
		recorded.Similarity = "of the record" // by which the test knows where a figure comes from
		if err := made.Write(dir, recorded, false); err != nil {
			t.Fatal(err)
		}
		run, o, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		read, err := run.Analysis(dir, o)
		if diff := cmp.Diff(recorded, read, equalNumbers); err != nil || diff != "" {
			t.Errorf("%s: error %v, %s", task, err, diff)
		}
		again, err := run.Analysis(dir, stats.Options{Seed: o.Seed, Resamples: o.Resamples + 1})
		if err != nil || again.Similarity != computed.Similarity || again.Resamples != o.Resamples+1 {
			t.Errorf("%s: other resamples give %d by %s, error %v", task, again.Resamples, again.Similarity, err)
		}
	}
}

// TestOutdatedStatisticsAreComputed: a record that lacks a figure of this version is
// analysed again, and has none to be read.
func TestOutdatedStatisticsAreComputed(t *testing.T) {
	made, dir := madeRun(stimuli.Votes, 60), filepath.Join(t.TempDir(), "run")
	computed := analysed(t, made)
	var text bytes.Buffer
	if err := jsonfile.Write(&text, computed); err != nil {
		t.Fatal(err)
	}
	older := regexp.MustCompile(`"level": [\d.]+,`).ReplaceAll(text.Bytes(), nil)
	if len(older) == text.Len() {
		t.Fatal("no figure to leave out")
	}
	files := append(made.sources(), record.File{Name: statisticsFile, Write: func(w io.Writer) error { _, err := w.Write(older); return err }})
	if err := made.WriteAs(dir, files); err != nil {
		t.Fatal(err)
	}
	var outdated *record.OutdatedError
	if _, _, err := Recorded(dir); !errors.As(err, &outdated) {
		t.Errorf("statistics without a figure are read: %v", err)
	}
	run, o, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := run.Analysis(dir, o); err != nil || s.Level != computed.Level {
		t.Errorf("level %v, error %v; want %v", s.Level, err, computed.Level)
	}
}
