// Package judged keeps a run on sets of which people judged something else than
// related pictures: the odd one of three, votes between two, matrices of
// dissimilarity. A run holds a similarity for each pair of pictures and model;
// statistics, choices and the files that keep them follow from it.
package judged

import (
	"fmt"
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Run is the record of one evaluation; each model has its similarities by pair.
type Run struct {
	*record.Run
	Pairs Pairs
}

// Pairs are the pairs of pictures that a set's judgements compare.
type Pairs struct {
	List [][2]int32 // by number in Stimuli.Pictures; of matrices, in Stimuli.Rows
	Of   [][3]int32 // of each trial: first and second, first and third, second and third; nil for matrices
}

// NewPairs lists the pairs of a set.
func NewPairs(set *stimuli.Set) Pairs {
	if set.Trials != nil {
		list, of := set.Trials.Pairs(len(set.Pictures))
		return Pairs{list, of}
	}
	n := int32(len(set.Rows()))
	list := make([][2]int32, 0, n*(n-1)/2)
	for i := range n {
		for j := i + 1; j < n; j++ {
			list = append(list, [2]int32{i, j})
		}
	}
	return Pairs{List: list}
}

// Statistics is statistics.json; one of the three tasks is there.
type Statistics struct {
	Set        record.SetInfo   `json:"set"`
	Similarity match.Measure    `json:"similarity"`
	Seed       uint64           `json:"seed"`
	Resamples  int              `json:"resamples"`
	Level      float64          `json:"level"` // of every interval
	OddOneOut  *stats.OddOneOut `json:"odd_one_out,omitempty"`
	Votes      *stats.Vote      `json:"votes,omitempty"`
	Matrices   *stats.Matrices  `json:"matrices,omitempty"`
	Curves     []stats.Curve    `json:"curves,omitempty"` // of networks over their depth, where layers were asked for
}

// Analyse computes the statistics of a run.
func Analyse(r *Run, o stats.Options) (Statistics, error) {
	if o.Resamples == 0 {
		o.Resamples = record.StandardResamples
	}
	o.Level, o.Credit = r.Settings.Level, r.Settings.Credit
	s := Statistics{Set: r.Set, Similarity: r.Settings.Similarity, Seed: o.Seed, Resamples: o.Resamples, Level: o.Level}
	var err error
	switch set := r.Stimuli; set.Task {
	case stimuli.OddOneOut:
		var result stats.OddOneOut
		design := stats.OddDesign{Rows: r.rows(), Rater: set.Trials.Rater, Category: categories(set.Pictures), Ceiling: set.Ceiling}
		result, err = stats.OddOnes(design, r.scores(), o)
		s.OddOneOut = &result
	case stimuli.Votes:
		var result stats.Vote
		result, err = stats.Voting(stats.VoteDesign{Rows: r.rows(), Votes: set.Trials.Counts}, r.scores(), o)
		s.Votes = &result
	case stimuli.Matrix:
		var result stats.Matrices
		result, err = stats.CompareMatrices(r.matrixDesign(), r.matrixScores(), o)
		s.Matrices = &result
	default:
		return s, &stimuli.TaskError{Set: set.Name, Task: set.Task, Want: stimuli.OddOneOut}
	}
	if err == nil {
		s.Curves, err = r.curves(o)
	}
	if err != nil {
		return s, fmt.Errorf("statistics: %w", err)
	}
	return s, nil
}

func (r *Run) rows() stats.Rows {
	return stats.Rows{Shown: r.Stimuli.Trials.Shown, Pair: r.Pairs.Of, Pictures: len(r.Stimuli.Pictures), Pairs: len(r.Pairs.List)}
}

// categories are those of the pictures, nil where none has one.
func categories(pictures []*stimuli.Picture) []string {
	names := make([]string, len(pictures))
	for i, p := range pictures {
		names[i] = p.Category
	}
	if !slices.ContainsFunc(names, func(name string) bool { return name != "" }) {
		return nil
	}
	return names
}

func (r *Run) scores() []stats.PairScores {
	scores := make([]stats.PairScores, len(r.Models))
	for i, m := range r.Models {
		scores[i] = stats.PairScores{Model: m.Name, Similarity: m.Similarities, Unchecked: m.CheckState() == record.Unchecked}
	}
	return scores
}

// matrixDesign is people's matrices as dissimilarities.
func (r *Run) matrixDesign() stats.MatrixDesign {
	set := r.Stimuli
	return stats.MatrixDesign{Pictures: len(set.Rows()), Items: set.Items != nil, People: set.Matrices.People, Values: set.Matrices.Dissimilarities(), Ratio: !set.Matrices.Similar}
}

// dissimilarities are similarities taken from what is most similar.
func dissimilarities(similarities []float64, most float64) []float64 {
	values := make([]float64, len(similarities))
	for i, s := range similarities {
		values[i] = most - s
	}
	return values
}

// matrixScores are the models' dissimilarities.
func (r *Run) matrixScores() []stats.MatrixScores {
	scores := make([]stats.MatrixScores, len(r.Models))
	for i, m := range r.Models {
		scores[i] = r.matrixScore(m.Name, m.Similarities)
		if m.Space != nil && m.Space.Kind == space.HubCorrected {
			scores[i].Ratio = false // no value of it means that two pictures are the same
		}
		scores[i].Unchecked = m.CheckState() == record.Unchecked
	}
	return scores
}

// matrixScore turns similarities into dissimilarities: 1 less a cosine or a
// correlation, and distances, which may be below 0 where they are crossvalidated. A product has no zero of difference.
func (r *Run) matrixScore(name string, similarities []float64) stats.MatrixScores {
	most, ratio := 1.0, true
	switch r.Settings.Similarity {
	case match.Euclidean, match.Crossvalidated, match.Crossnobis:
		most = 0
	case match.Dot:
		most, ratio = 0, false
	}
	return stats.MatrixScores{Model: name, Values: dissimilarities(similarities, most), Ratio: ratio,
		Unbiased: r.Settings.Similarity.OfRepeats()}
}

// LeftOver is what a model leaves over in a trial of three pictures.
func (r *Run) LeftOver(model, trial int) match.LeftOver {
	s, pair := r.Models[model].Similarities, r.Pairs.Of[trial]
	return match.NewLeftOver(s[pair[0]], s[pair[1]], s[pair[2]])
}

// Dissimilarities are the models' matrices, the upper triangle row by row.
func (r *Run) Dissimilarities() [][]float64 {
	var list [][]float64
	for _, s := range r.matrixScores() {
		list = append(list, s.Values)
	}
	return list
}

// PeopleRanks are people's matrices as ranks from 0 to 1 of the pairs that each
// judged.
func (r *Run) PeopleRanks() [][]float64 {
	var list [][]float64
	for _, values := range r.matrixDesign().Values {
		list = append(list, stats.UnitRanks(values))
	}
	return list
}

// TripletsOnlyError is a setting that sets of triplets alone have.
type TripletsOnlyError struct {
	Setting string
	Set     string
	Task    stimuli.Task
}

func (e *TripletsOnlyError) Error() string {
	return fmt.Sprintf("%s is for sets of triplets; set %s is of the task %q", e.Setting, e.Set, e.Task)
}

// MatricesOnlyError is a similarity that sets of matrices alone have.
type MatricesOnlyError struct {
	Similarity match.Measure
	Set        string
	Task       stimuli.Task
}

func (e *MatricesOnlyError) Error() string {
	return fmt.Sprintf("the similarity %q is for matrices; set %s is of the task %q", e.Similarity, e.Set, e.Task)
}
