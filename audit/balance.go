package audit

import (
	"fmt"
	"maps"
	"slices"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// significance of a finding of balance, after Holm's adjustment over all tests.
const significance = 0.05

// axis is a column that groups triplets.
type axis struct {
	name  string
	value func(*stimuli.Triplet) string
}

var (
	relation   = axis{"relation", func(t *stimuli.Triplet) string { return t.Relation }}
	distractor = axis{"distractor", func(t *stimuli.Triplet) string { return t.Distractor }}
)

// groups counts the triplets of each value; triplets without one do not count.
func (a axis) groups(s *stimuli.Set) (names []string, counts map[string]int) {
	counts = map[string]int{}
	for i := range s.Triplets {
		if v := a.value(&s.Triplets[i]); v != "" {
			counts[v]++
		}
	}
	return slices.Sorted(maps.Keys(counts)), counts
}

// balance tests whether the values of an axis are equally many, each against
// the rest (exact binomial), and whether relation and distractor go together,
// each pair of values against the rest (Fisher's exact test).
func (i *inspection) balance() {
	var texts []string
	var p []float64
	note := func(value float64, format string, args ...any) {
		texts, p = append(texts, fmt.Sprintf(format, args...)), append(p, value)
	}
	for _, a := range []axis{relation, distractor} {
		i.evenness(a, note)
	}
	i.independence(note)
	for k, adjusted := range stats.Holm(p) {
		if adjusted < significance {
			i.add(Balance, 0, "%s (exact %s)", texts[k], notation.PEquals(adjusted))
		}
	}
}

type noter func(p float64, format string, args ...any)

func (i *inspection) evenness(a axis, note noter) {
	names, counts := a.groups(i.set)
	total := 0
	for _, n := range counts {
		total += n
	}
	for _, name := range names {
		if len(names) == 2 && name == names[1] {
			break // says the same as the first
		}
		even := float64(total) / float64(len(names))
		note(stats.BinomialTwoSided(counts[name], total, 1/float64(len(names))),
			"%s %q has %d of %d triplets, an even share is %.4g", a.name, name, counts[name], total, even)
	}
}

func (i *inspection) independence(note noter) {
	var total int
	both, rows, columns := map[[2]string]int{}, map[string]int{}, map[string]int{}
	for k := range i.set.Triplets {
		r, d := relation.value(&i.set.Triplets[k]), distractor.value(&i.set.Triplets[k])
		if r != "" && d != "" {
			both[[2]string{r, d}]++
			rows[r]++
			columns[d]++
			total++
		}
	}
	for _, r := range slices.Sorted(maps.Keys(rows)) {
		for _, d := range slices.Sorted(maps.Keys(columns)) {
			n := both[[2]string{r, d}]
			note(stats.Fisher(n, rows[r]-n, columns[d]-n, total-rows[r]-columns[d]+n),
				"%d of the %d %s triplets have the distractor %q, of the others %d of %d", n, rows[r], r, d, columns[d]-n, total-rows[r])
		}
	}
}
