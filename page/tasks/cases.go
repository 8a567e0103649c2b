package tasks

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stimuli"
)

// What a page shows of very many judgements: some evenly spread over the set, and
// of each model the clearest choices with people and against them.
const (
	spreadTrials  = 160
	clearestTrial = 12
)

// cases is what the script draws of single judgements.
type cases struct {
	Task   stimuli.Task `json:"task"`
	Models []string     `json:"models"`
	Trials []shownTrial `json:"trials"`
	Labels []string     `json:"labels"` // by the picture's number on the page
	Files  []any        `json:"files"`  // inlined pictures, empty where they stand in the page
	All    int          `json:"all"`    // judgements of the set
}

type shownTrial struct {
	Row          int          `json:"row"` // in the set, from 1
	Pictures     [3]int       `json:"pictures"`
	Votes        *[2]int32    `json:"votes,omitempty"`
	Similarities [][3]float64 `json:"similarities"` // by model: first and second, first and third, second and third
}

// sampleOfTrials are the places of the judgements that are shown.
func sampleOfTrials(run *judged.Run) []int32 {
	n := run.Stimuli.Trials.Len()
	var sample []int32
	step := max(1, n/spreadTrials)
	for i := 0; i < n; i += step {
		sample = append(sample, int32(i))
	}
	for m := range run.Models {
		sample = append(sample, clearest(run, m)...)
	}
	return distinctInts(sample)
}

// clearest are a model's choices with the largest margins, with people and against.
func clearest(run *judged.Run, m int) []int32 {
	type found struct {
		row    int32
		margin float64
	}
	var best [2][]found
	for i := range run.Stimuli.Trials.Shown {
		margin := trialMargin(run, m, i)
		kind := 0
		if margin < 0 {
			kind, margin = 1, -margin
		}
		list := best[kind]
		if len(list) == clearestTrial && margin <= list[len(list)-1].margin {
			continue
		}
		at, _ := slices.BinarySearchFunc(list, margin, func(f found, v float64) int { return cmp.Compare(v, f.margin) })
		list = slices.Insert(list, at, found{int32(i), margin})
		best[kind] = list[:min(clearestTrial, len(list))]
	}
	var rows []int32
	for _, list := range best {
		for _, f := range list {
			rows = append(rows, f.row)
		}
	}
	return rows
}

// trialMargin is how clearly a model chooses as people did: positive with them.
func trialMargin(run *judged.Run, m, row int) float64 {
	s, pair := run.Models[m].Similarities, run.Pairs.Of[row]
	if votes := run.Stimuli.Trials.Counts; votes != nil {
		margin := s[pair[0]] - s[pair[1]]
		if votes[row][0] < votes[row][1] {
			return -margin
		}
		return margin
	}
	return s[pair[0]] - max(s[pair[1]], s[pair[2]])
}

func picturesOf(run *judged.Run, sample []int32) []int32 {
	var numbers []int32
	for _, row := range sample {
		shown := run.Stimuli.Trials.Shown[row]
		numbers = append(numbers, shown[:]...)
	}
	return distinctInts(numbers)
}

func picturesAt(run *judged.Run, numbers []int32) []*stimuli.Picture {
	list, standing := make([]*stimuli.Picture, len(numbers)), run.Stimuli.Shown()
	for i, n := range numbers {
		list[i] = standing[n]
	}
	return list
}

func newCases(run *judged.Run, sample []int32, pictures *page.Thumbnails) *cases {
	c := &cases{Task: run.Stimuli.Task, All: run.Stimuli.Trials.Len(), Models: []string{}, Trials: []shownTrial{}}
	for _, m := range run.Models {
		c.Models = append(c.Models, m.Name)
	}
	labels := map[int]string{}
	for _, row := range sample {
		t := shownTrial{Row: int(row) + 1}
		for k, n := range run.Stimuli.Trials.Shown[row] {
			p := run.Stimuli.Pictures[n]
			t.Pictures[k] = pictures.Number(p)
			labels[t.Pictures[k]] = labelOf(p)
		}
		if run.Stimuli.Trials.Counts != nil {
			t.Votes = &run.Stimuli.Trials.Counts[row]
		}
		pair := run.Pairs.Of[row]
		for _, m := range run.Models {
			t.Similarities = append(t.Similarities, [3]float64{m.Similarities[pair[0]], m.Similarities[pair[1]], m.Similarities[pair[2]]})
		}
		c.Trials = append(c.Trials, t)
	}
	for i, url := range pictures.Others() {
		c.Labels = append(c.Labels, labels[i])
		c.Files = append(c.Files, url)
	}
	return c
}

func labelOf(p *stimuli.Picture) string {
	file := path.Base(p.Path)
	return cmp.Or(p.Label, strings.TrimSuffix(file, path.Ext(file)))
}
