package paper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/testtask"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// taskRun is a run of two models on 40 judgements of ten pictures.
func taskRun(task stimuli.Task) *judged.Run {
	set := &stimuli.Set{Name: "x", Digest: "0123", Task: task}
	for i := range 10 {
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: string(rune('a'+i)) + ".png", Category: []string{"b_d", "thing"}[i%2], Hash: stimuli.Hash{byte(i + 1)}})
	}
	testtask.Judge(set, 40)
	run := &judged.Run{Pairs: judged.NewPairs(set)}
	run.Run = testtask.Run(set, len(run.Pairs.List), "net_1", "net_2")
	run.Set.Judgements = 40
	if task == stimuli.Matrix {
		run.Set.Judgements = 2
	}
	return run
}

// TestTaskPaper: the tables hold the statistics' figures, the figure's CSV too, and
// LaTeX takes names for names.
func TestTaskPaper(t *testing.T) {
	for task, want := range map[stimuli.Task]string{stimuli.OddOneOut: "40 odd-one-out rows", stimuli.Votes: "40 rows of votes", stimuli.Matrix: "2 people's matrices"} {
		run := taskRun(task)
		s, err := judged.Analyse(run, stats.Options{Seed: 1, Resamples: 199})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := NewTask(run, s).Write(dir); err != nil {
			t.Fatal(err)
		}
		read := func(name string) string {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
		figure := map[stimuli.Task]func() string{
			stimuli.OddOneOut: func() string { return notation.Percent(s.OddOneOut.Models[1].Accuracy) },
			stimuli.Votes:     func() string { return notation.Percent(s.Votes.Models[1].Score) },
			stimuli.Matrix:    func() string { return notation.Decimal(s.Matrices.Models[1].Figures[stats.SpearmanMeasure]) },
		}[task]()
		if table := read("tables/models.csv"); !strings.Contains(table, "net_2,"+figure) {
			t.Errorf("%s: the table of models lacks %q:\n%s", task, figure, table)
		}
		if methods := read("methods.md"); !strings.Contains(methods, "The set x has "+want+" on 10 pictures") || !strings.Contains(methods, "seed 1, 199 resamples") {
			t.Errorf("%s: methods:\n%s", task, methods)
		}
		for _, name := range []string{"tables/models.tex", "tables/model-pairs.tex", "methods.tex"} {
			if text := read(name); strings.Contains(text, "net_1") || !strings.Contains(text, `net\_1`) {
				t.Errorf("%s: %s takes a name for a command", task, name)
			}
		}
		if points := read("figures/models.csv"); !strings.Contains(points, "net_1,") || !strings.Contains(points, "\nchance,") {
			t.Errorf("%s: points:\n%s", task, points)
		}
		if _, err := os.Stat(filepath.Join(dir, "tables/parts.csv")); (err == nil) != (task == stimuli.OddOneOut) {
			t.Errorf("%s: table of parts: %v", task, err)
		}
	}
}
