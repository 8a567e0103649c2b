package judged

import (
	"path/filepath"
	"testing"

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
