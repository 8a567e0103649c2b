package serve

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Record is a run that was read back, and where its pictures are.
type Record struct {
	Dir        string // where it was read from; its name in the site
	Run        *record.Run
	Statistics record.Statistics
	Pictures   fs.FS // nil where they are gone

	// Of a run on a set of another task than triplets: the whole of it, of which Run is
	// a part, and its statistics. Statistics are then empty.
	Judged    *judged.Run
	Judgement judged.Statistics
}

// groups puts together the runs whose models can be compared: of one set, by one
// similarity. Order is that of the first run of each.
func groups(runs []Record) [][]Record {
	var list [][]Record
	for _, r := range runs {
		at := slices.IndexFunc(list, func(group []Record) bool { return record.Alike(group[0].Run, r.Run) })
		if at < 0 {
			list = append(list, []Record{r})
			continue
		}
		list[at] = append(list[at], r)
	}
	return list
}

// join puts the models of runs on one set into one run, with the statistics of all
// together. A model that two runs have with the same choices stands there once; one
// that differs is named after its run.
func join(group []Record) (Record, error) {
	joined := group[0]
	run := *joined.Run
	run.Models = slices.Clone(run.Models)
	for _, r := range group[1:] {
		if err := sameTriplets(run.Stimuli, r.Run.Stimuli); err != nil {
			return joined, fmt.Errorf("%s and %s have one set's digest, and yet %w", joined.Dir, r.Dir, err)
		}
		for _, m := range r.Run.Models {
			m.Choices = rebound(run.Stimuli.Triplets, m.Choices)
			m, known := record.Renamed(m, run.Models, r.Dir)
			if !known {
				run.Models = append(run.Models, m)
			}
		}
		run.Failures = slices.Concat(run.Failures, r.Run.Failures)
		if joined.Pictures == nil {
			joined.Pictures = r.Pictures
		}
	}
	if len(group) == 1 {
		return joined, nil
	}
	run.Command = nil // no single command makes this page
	joined.Run = &run
	var err error
	joined.Statistics, err = record.Analyse(&run, stats.Options{Seed: joined.Statistics.Seed, Resamples: joined.Statistics.Resamples})
	return joined, err
}

func sameTriplets(a, b *stimuli.Set) error {
	if len(a.Triplets) != len(b.Triplets) {
		return fmt.Errorf("%d and %d triplets", len(a.Triplets), len(b.Triplets))
	}
	for i := range a.Triplets {
		x, y := &a.Triplets[i], &b.Triplets[i]
		if x.ID != y.ID || x.Target.Hash != y.Target.Hash || x.Related.Hash != y.Related.Hash || x.Unrelated.Hash != y.Unrelated.Hash {
			return fmt.Errorf("triplet %d is %q in one and %q in the other, or shows other pictures", i+1, x.ID, y.ID)
		}
	}
	return nil
}

// rebound are the same choices about equal triplets of another set.
func rebound(triplets []stimuli.Triplet, choices []match.Choice) []match.Choice {
	list := slices.Clone(choices)
	for i := range list {
		list[i].Triplet = &triplets[i]
	}
	return list
}

// joinJudged does the same for runs on sets of another task.
func joinJudged(group []Record) (*judged.Run, judged.Statistics, error) {
	statistics := group[0].Judgement
	if len(group) == 1 {
		return group[0].Judged, statistics, nil
	}
	var runs []*judged.Run
	var dirs []string
	for _, r := range group {
		runs, dirs = append(runs, r.Judged), append(dirs, r.Dir)
	}
	run, err := judged.Join(runs, dirs)
	if err != nil {
		return nil, statistics, err
	}
	statistics, err = judged.Analyse(run, stats.Options{Seed: statistics.Seed, Resamples: statistics.Resamples})
	return run, statistics, err
}
