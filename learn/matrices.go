package learn

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"

	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// How spaces are tried on matrices. None is fitted.
const (
	mostParts = 5     // of the pictures; every two parts are left out together
	drawn     = 1_000 // triplets that a learned space is taught
)

// mostPictures bounds the pictures of matrices, whose pairs grow with their square.
const mostPictures = 400

// Agreement is what spaces do for a network's agreement with matrices. Each pair's
// similarity is that of a space fitted without both pictures and their concepts.
type Agreement struct {
	Pictures int            `json:"pictures"`
	Pairs    int            `json:"pairs"`
	People   int            `json:"people"`
	Features stats.Number   `json:"features_spearman"`
	Rows     []AgreementRow `json:"spaces"`
	// Lower and Upper bound how well anything can agree; null with one person.
	Lower    stats.Number    `json:"ceiling_lower"`
	Upper    stats.Number    `json:"ceiling_upper"`
	Warnings []stats.Warning `json:"warnings,omitempty"`
}

// AgreementRow is one space beside what it is set against: the mean over people of
// Spearman's correlation, its change, and Holm's adjustment as in Row.
type AgreementRow struct {
	Space    string         `json:"space"`
	Role     record.Role    `json:"role"`
	Spearman stats.Number   `json:"spearman"`
	Change   stats.Number   `json:"change"`
	Evidence stats.Evidence `json:"evidence"`
	Holm     stats.Number   `json:"holm_p"`
	Against  string         `json:"against"`
}

// checkMatrices refuses what cannot be tried on matrices.
func checkMatrices(set *stimuli.Set) error {
	switch {
	case set.Items != nil:
		return &TaskError{set.Name, set.Task, "it has several pictures of each item, and spaces are tried on single ones"}
	case len(set.Pictures) > mostPictures:
		return &TaskError{set.Name, set.Task, fmt.Sprintf("it has %d pictures, and spaces are tried on at most %d", len(set.Pictures), mostPictures)}
	}
	return nil
}

// left is every pair between two parts of the pictures, or within one, with what is
// fitted to the pictures of the other parts.
type left struct {
	train        []int
	pairs        []stimuli.Triplet // target and related; the unrelated picture is the related one again
	places       []int             // of these among all pairs
	seeds        []uint64
	similarities [][]float64 // by candidate
	faults       []error     // why a candidate has none
}

// tryMatrices is Try for sets of matrices.
func (m Model) tryMatrices(set *stimuli.Set, o Options, r *Result) error {
	if o.Choose {
		return &TaskError{set.Name, set.Task, "a weight or a penalty is chosen by triplets that have no picture in common, which matrices do not have"}
	}
	if slices.ContainsFunc(set.Pictures, func(p *stimuli.Picture) bool {
		return p.Label == "" || o.Vectors == nil || o.Vectors.Find(p.Label).Vector == nil
	}) {
		o.Vectors = nil // a pair without words has no similarity that could be ranked
	}
	candidates, err := m.candidates(o, set.Pictures, r)
	if err != nil {
		return err
	}
	part, units := parts(set.Pictures, min(mostParts, o.Folds), o.Seed)
	r.Units, r.Folds, r.Repeats = units, slices.Max(part)+1, 1
	if r.Folds < 3 {
		return fmt.Errorf("the %d pictures of %s show %d different concepts; three are needed, of which two are left out together", len(set.Pictures), set.Name, units)
	}
	list := leftOut(set.Pictures, part, r.Folds)
	random := rand.New(rand.NewPCG(o.Seed, 4))
	r.Trained[0] = len(set.Pictures)
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, l := range list {
		for range candidates {
			l.seeds = append(l.seeds, random.Uint64())
		}
		t := m.taught(set, l.train, random.Uint64())
		r.Trained = [2]int{min(r.Trained[0], len(l.train)), max(r.Trained[1], len(l.train))}
		work.Go(func() error {
			l.run(t, candidates)
			return nil
		})
	}
	work.Wait() // its functions return no error
	var faults [][]error
	for _, l := range list {
		faults = append(faults, l.faults)
	}
	kept, err := r.kept(candidates, faults, "in %d of %d parts")
	if err != nil {
		return err
	}
	for _, l := range list {
		l.similarities = at(l.similarities, kept)
	}
	r.Agreement, err = agreement(set, at(candidates, kept), list, o.Options)
	return err
}

// parts deals the pictures out, those of one concept to one part.
func parts(pictures []*stimuli.Picture, most int, seed uint64) (part []int, units int) {
	number := map[string]int{}
	unit := make([]int, len(pictures))
	for i, p := range pictures {
		name := cmp.Or(lexicon.Word(strings.ToLower(p.Label)), "picture "+p.Hash.String())
		if _, known := number[name]; !known {
			number[name] = len(number)
		}
		unit[i] = number[name]
	}
	deal := rand.New(rand.NewPCG(seed, 0)).Perm(len(number))
	for i := range unit {
		unit[i] = deal[unit[i]] % min(most, len(number))
	}
	return unit, len(number)
}

// leftOut are the pairs between every two parts, and within each.
func leftOut(pictures []*stimuli.Picture, part []int, parts int) (list []*left) {
	at := map[[2]int]*left{}
	for a := range parts {
		for b := a; b < parts; b++ {
			l := &left{}
			for i, p := range part {
				if p != a && p != b {
					l.train = append(l.train, i)
				}
			}
			at[[2]int{a, b}] = l
			list = append(list, l)
		}
	}
	place := 0
	for i, one := range pictures {
		for j := i + 1; j < len(pictures); j++ {
			l := at[[2]int{min(part[i], part[j]), max(part[i], part[j])}]
			l.pairs = append(l.pairs, stimuli.Triplet{Target: one, Related: pictures[j], Unrelated: pictures[j]})
			l.places = append(l.places, place)
			place++
		}
	}
	return list
}

// taught are triplets drawn of matrices: of two pictures, the one that people judged to
// be less unlike a third is its related one. What people said is their mean rank among
// the pairs of these pictures. Each triplet has a coin of its own.
func (m Model) taught(set *stimuli.Set, train []int, seed uint64) *training {
	ranks := meanRanks(set.Matrices, train, len(set.Pictures))
	random := rand.New(rand.NewPCG(seed, 5))
	var triplets []stimuli.Triplet
	for range 20 * drawn { // of which some are ties, or nobody judged them
		if len(train) < 3 || len(triplets) == drawn {
			break
		}
		three := random.Perm(len(train))[:3]
		near, far := ranks[three[0]][three[1]], ranks[three[0]][three[2]]
		shown := [3]*stimuli.Picture{}
		for k, at := range three {
			shown[k] = set.Pictures[train[at]]
		}
		switch {
		case near < far:
			triplets = append(triplets, stimuli.Triplet{Target: shown[0], Related: shown[1], Unrelated: shown[2]})
		case near > far:
			triplets = append(triplets, stimuli.Triplet{Target: shown[0], Related: shown[2], Unrelated: shown[1]})
		}
	}
	t := newTraining(m.Outputs.Features, triplets)
	t.pictures = nil
	for _, i := range train {
		t.pictures = append(t.pictures, set.Pictures[i])
	}
	t.splitter = &splitter{unit: make([]int, len(triplets)), units: len(triplets)}
	for i := range triplets {
		t.splitter.unit[i] = i
	}
	return t
}

// wholeOf is training on the whole of a set.
func (m Model) wholeOf(set *stimuli.Set) *training {
	if set.Task != stimuli.Matrix {
		return newTraining(m.Outputs.Features, set.Triplets)
	}
	all := make([]int, len(set.Pictures))
	for i := range all {
		all[i] = i
	}
	return m.taught(set, all, 0)
}

// meanRanks are the means over people of the ranks of dissimilarity among the pairs of
// some of n pictures; NaN where nobody judged a pair.
func meanRanks(m *stimuli.Matrices, some []int, n int) [][]float64 {
	ranks := make([][]float64, len(some))
	counts := make([][]float64, len(some))
	for a := range some {
		ranks[a], counts[a] = make([]float64, len(some)), make([]float64, len(some))
	}
	for _, values := range m.Dissimilarities() {
		var among []float64
		for a, i := range some {
			for _, j := range some[a+1:] {
				among = append(among, values[stimuli.PairPlace(n, i, j)])
			}
		}
		among = stats.UnitRanks(among)
		for a := range some {
			for b := a + 1; b < len(some); b++ {
				if rank := among[stimuli.PairPlace(len(some), a, b)]; !math.IsNaN(rank) {
					ranks[a][b] += rank
					counts[a][b]++
				}
			}
		}
	}
	for a := range some {
		for b := a + 1; b < len(some); b++ {
			ranks[a][b] /= counts[a][b]
			ranks[b][a] = ranks[a][b]
		}
	}
	return ranks
}

// run fits all candidates to the training pictures and shows them the pairs.
func (l *left) run(t *training, candidates []candidate) {
	for i, c := range candidates {
		choices, _, err := c.try(t, l.pairs, l.seeds[i])
		list := make([]float64, len(choices))
		for k, choice := range choices {
			list[k] = choice.Related
		}
		l.similarities, l.faults = append(l.similarities, list), append(l.faults, err)
	}
}

// agreement sets every candidate against the features, or a control against what it
// must not exceed.
func agreement(set *stimuli.Set, candidates []candidate, list []*left, o stats.Options) (*Agreement, error) {
	d := stats.MatrixDesign{Pictures: len(set.Pictures), People: set.Matrices.People, Values: set.Matrices.Dissimilarities()}
	scores := make([]stats.MatrixScores, len(candidates))
	for i, c := range candidates {
		scores[i] = stats.MatrixScores{Model: c.name, Values: make([]float64, len(d.Values[0]))}
		for _, l := range list {
			for k, place := range l.places {
				scores[i].Values[place] = -l.similarities[i][k]
			}
		}
	}
	compared, err := stats.CompareMatrices(d, scores, o)
	if err != nil {
		return nil, err
	}
	nan := stats.Number(math.NaN())
	a := &Agreement{Pictures: compared.Pictures, Pairs: compared.Pairs, People: compared.People, Lower: nan, Upper: nan, Warnings: compared.Warnings}
	a.Features = compared.Models[0].Figures[stats.SpearmanMeasure]
	for _, c := range compared.Ceilings {
		if c.Measure == stats.SpearmanMeasure {
			a.Lower, a.Upper = c.Lower, c.Upper
		}
	}
	for _, role := range []record.Role{record.SpaceRole, record.ControlRole, record.CeilingRole} {
		for against := range candidates {
			a.add(role, candidates[against].name, candidates, compared)
		}
	}
	return a, nil
}

// add is the rows of one role set against one candidate; Holm's adjustment is over them.
func (a *Agreement) add(role record.Role, against string, candidates []candidate, compared stats.Matrices) {
	var rows []AgreementRow
	var p []float64
	for i, c := range candidates {
		if i == 0 || c.role != role || c.against != against {
			continue
		}
		row := AgreementRow{Space: c.name, Role: role, Against: against, Spearman: compared.Models[i].Figures[stats.SpearmanMeasure]}
		for _, pair := range compared.Compared { // the difference is A less B
			switch {
			case pair.A == c.name && pair.B == against:
				row.Change, row.Evidence = pair.Difference, pair.Evidence
			case pair.B == c.name && pair.A == against:
				row.Change, row.Evidence = -pair.Difference, pair.Evidence
				row.Evidence.Interval.Low, row.Evidence.Interval.High = -pair.Evidence.Interval.High, -pair.Evidence.Interval.Low
			}
		}
		rows, p = append(rows, row), append(p, float64(row.Evidence.P))
	}
	for i, holm := range stats.Holm(p) {
		rows[i].Holm = stats.Number(holm)
	}
	a.Rows = append(a.Rows, rows...)
}
