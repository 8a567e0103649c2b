package akin

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/page/tasks"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// Judged is a run on a set of another task than triplets, what it says, and the
// way to its pictures.
type Judged struct {
	Run        *judged.Run
	Statistics judged.Statistics

	// CSV writes choices as CSV however many there are.
	CSV bool

	pictures page.Pictures
}

// Judge is Evaluate for sets of which people judged something else than related
// pictures: Evaluate returns a [stimuli.TaskError] for these.
func Judge(ctx context.Context, c Config) (*Judged, error) {
	c.Similarity = cmp.Or(c.Similarity, match.Cosine)
	models, err := c.models()
	if err != nil {
		return nil, err
	}
	set, files, err := c.Home.OpenSet(c.Set, stimuli.Options{NamesSuffice: !c.readsPictures(), AnyTask: true})
	if err != nil {
		return nil, err
	}
	switch {
	case set.Task == stimuli.Related:
		return nil, &stimuli.TaskError{Set: set.Name, Task: set.Task, Want: stimuli.OddOneOut}
	case c.Precision != "":
		return nil, &judged.TripletsOnlyError{Setting: "arithmetic on 8 bits", Set: set.Name, Task: set.Task}
	case c.Similarity.OfRepeats() && set.Task != stimuli.Matrix:
		return nil, &judged.MatricesOnlyError{Similarity: c.Similarity, Set: set.Name, Task: set.Task}
	case c.ZScore:
		return nil, &judged.TripletsOnlyError{Setting: "standardising ratings", Set: set.Name, Task: set.Task}
	}
	if c.Similarity.OfRepeats() {
		if _, err := set.Repeats(); err != nil {
			return nil, err
		}
	}
	if err := c.accept(set); err != nil {
		return nil, err
	}
	e, err := c.open(models, set, files)
	if err != nil {
		return nil, err
	}
	defer e.computer.Close()
	pairs := judged.NewPairs(set)
	e.pairs = pairs.List
	run, err := e.run(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range set.Warnings {
		run.Warnings = append(run.Warnings, w.String())
	}
	run.Set.Task, run.Set.Ceiling = set.Task, set.Ceiling
	if set.Trials != nil {
		run.Set.Judgements = set.Trials.Len()
	} else {
		run.Set.Judgements, run.Set.Similar, run.Set.Items = len(set.Matrices.People), set.Matrices.Similar, set.Items != nil
	}
	j := &Judged{Run: &judged.Run{Run: run, Pairs: pairs}, pictures: page.Pictures{Files: files, Thumbnails: c.Home.thumbnails()}}
	j.Statistics, err = judged.Analyse(j.Run, c.Resampling)
	return j, err
}

// OpenJudged reads a run of Judge back from dir with its statistics, as OpenRecord reads others.
func (h Home) OpenJudged(dir, pictures string) (*Judged, error) {
	run, resampling, err := judged.Load(dir)
	if err != nil {
		return nil, err
	}
	files, err := h.openPictures(run.Run, pictures)
	if err != nil && pictures != "" {
		return nil, fmt.Errorf("the folder of pictures: %w", err)
	}
	j := &Judged{Run: run, pictures: page.Pictures{Files: files, Thumbnails: h.thumbnails()}}
	j.Statistics, err = run.Analysis(dir, resampling)
	return j, err
}

// Files lead to the pictures of the run's set; nil where they are gone.
func (j *Judged) Files() fs.FS { return j.pictures.Files }

// Write writes the record into dir, see [judged.Run.Write].
func (j *Judged) Write(dir string) error {
	return j.Run.Write(dir, j.Statistics, j.CSV, j.page())
}

// Rewrite writes anew what follows from the record in dir.
func (j *Judged) Rewrite(dir string) error {
	return j.Run.Rebuild(dir, j.Statistics, j.page())
}

func (j *Judged) page() record.File { return tasks.File(j.Run, j.Statistics, j.pictures) }
