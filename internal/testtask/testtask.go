// Package testtask makes small sets and runs of the tasks other than triplets, for tests.
package testtask

import (
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// Judge gives a set of ten pictures the judgements of its task: the matrices of two
// people, or so many rows of three pictures by two people.
func Judge(set *stimuli.Set, rows int) {
	if set.Task == stimuli.Matrix {
		set.Matrices = &stimuli.Matrices{People: []string{"p", "q"}}
		for p := range 2 {
			values := make([]float64, 45)
			for i := range values {
				values[i] = float64((i*7+p*3)%11) + 1
			}
			set.Matrices.Values = append(set.Matrices.Values, values)
		}
		return
	}
	trials := &stimuli.Trials{Raters: []string{"ann", "bob"}}
	for i := range rows {
		trials.Shown = append(trials.Shown, [3]int32{int32(i % 10), int32((i + 1 + i/10%3) % 10), int32((i + 5) % 10)})
		trials.Rater = append(trials.Rater, int32(i%2))
		if set.Task == stimuli.Votes {
			trials.Counts = append(trials.Counts, [2]int32{int32(i % 5), int32(i%3) + 1})
		}
	}
	set.Trials = trials
}

// Run is a run of models on a set, with their similarities of so many pairs of pictures.
func Run(set *stimuli.Set, pairs int, models ...string) *record.Run {
	run := &record.Run{
		Set:      record.SetInfo{Name: set.Name, Digest: set.Digest, Task: set.Task},
		Settings: record.Settings{Similarity: match.Cosine, Credit: match.HalfCredit, Level: 0.95}, Stimuli: set,
	}
	for m, name := range models {
		one := record.Model{Card: model.Card{Name: name, Kind: model.Trained}}
		for i := range pairs {
			one.Similarities = append(one.Similarities, float64((i*(5+m))%13)/13)
		}
		run.Models = append(run.Models, one)
	}
	return run
}
