package stats

import "slices"

// linked is the connected components of units that share pictures, directly or
// through others: what may be flipped or relabelled as a whole.
type linked struct {
	component []int
	count     int
	// whole tells that next to all units of a component share a picture, so that
	// exact tests over components lose nothing.
	whole bool
}

// almost is the share of the effective number of units that components must
// keep to be tested by themselves.
const almost = 0.9

func (s shown) linked(units float64) linked {
	l := linked{component: s.components(3)}
	l.count = count(l.component)
	l.whole = effective(l.component) >= almost*units
	return l
}

// components numbers the connected components of units that share one of their
// first so many pictures: 2 are target and related picture.
func (s shown) components(roles int) []int {
	parent := make([]int, len(s))
	first := make([]int, s.pictures()) // one more than a unit that shows the picture
	for i, unit := range s {
		parent[i] = i
		for _, picture := range unit[:roles] {
			switch {
			case picture < 0:
			case first[picture] == 0:
				first[picture] = i + 1
			default:
				parent[root(parent, first[picture]-1)] = root(parent, i)
			}
		}
	}
	number, next := make([]int, len(s)), 0 // one more than the number of a root's component
	component := make([]int, len(s))
	for i := range s {
		r := root(parent, i)
		if number[r] == 0 {
			next++
			number[r] = next
		}
		component[i] = number[r] - 1
	}
	return component
}

// sums adds up whole numbers by component.
func (l linked) sums(values []int) []int {
	sums := make([]int, l.count)
	for i, value := range values {
		sums[l.component[i]] += value
	}
	return sums
}

// mostRelabelled is the number of units up to which labels are exchanged
// exactly; beyond, the t test says the same.
const mostRelabelled = 40

// exchangeable is whole units of equal size, each under one label: components by
// target and related picture.
type exchangeable struct {
	unit     []int // of each triplet
	label    []int // of each unit, 0 or 1
	ones     int   // units of label 1
	possible bool  // false where labels divide a unit, sizes differ or units are many
}

func (s shown) exchangeable(group []uint8) exchangeable {
	x := exchangeable{unit: s.components(2)}
	units := count(x.unit)
	if units > mostRelabelled {
		return x
	}
	size := make([]int, units)
	x.label = make([]int, units)
	for i, u := range x.unit {
		size[u]++
		x.label[u] += int(group[i])
	}
	for u := range units {
		if size[u] != size[0] || x.label[u] != 0 && x.label[u] != size[u] {
			return x
		}
		x.label[u] /= size[u]
		x.ones += x.label[u]
	}
	x.possible = true
	return x
}

// relabelling is the exact two-sided p-value of the difference between two
// groups from exchanging labels between units (Fisher 1935).
func (x exchangeable) relabelling(halves []int) float64 {
	sum := make([]int, len(x.label))
	for i, u := range x.unit {
		sum[u] += halves[i]
	}
	seen, total := 0, 0
	for u, s := range sum {
		total += s
		seen += s * x.label[u]
	}
	far := func(part int) int { return abs(part*len(sum) - total*x.ones) } // from what a share of ones would hold
	reached, all := 0.0, 0.0
	least, ways := choices(sum, x.ones)
	for above, number := range ways {
		all += number
		if far(least+above) >= far(seen) {
			reached += number
		}
	}
	return reached / all
}

// choices counts the ways of choosing so many of the values, by their sum from
// the least possible on.
func choices(values []int, chosen int) (least int, ways []float64) {
	lowest := slices.Min(values)
	shifted := slices.Sorted(slices.Values(values))
	most := 0
	for i := range shifted {
		shifted[i] -= lowest
		if i >= len(shifted)-chosen {
			most += shifted[i]
		}
	}
	counts := make([][]float64, chosen+1) // of so many values, by their shifted sum
	for k := range counts {
		counts[k] = make([]float64, most+1)
	}
	counts[0][0] = 1
	for _, value := range shifted {
		for k := chosen; k > 0; k-- {
			for sum, number := range counts[k-1][:most+1-min(value, most+1)] {
				counts[k][sum+value] += number
			}
		}
	}
	return chosen * lowest, counts[chosen]
}

// effective is the number of equal clusters that would be worth as much as
// these: n squared over the sum of squared sizes (Kish 1965).
func effective(clusters []int) float64 {
	sizes := make([]float64, count(clusters))
	for _, c := range clusters {
		sizes[c]++
	}
	var squares float64
	for _, size := range sizes {
		squares += size * size
	}
	n := float64(len(clusters))
	return n * n / squares
}

// root is the representative of i's component, halving the path on the way.
func root(parent []int, i int) int {
	for parent[i] != i {
		parent[i] = parent[parent[i]]
		i = parent[i]
	}
	return i
}

// count is the number of clusters in a numbering that starts at 0.
func count(clusters []int) int {
	n := 0
	for _, c := range clusters {
		n = max(n, c+1)
	}
	return n
}

// largest is the number of triplets in the largest cluster.
func largest(clusters []int) int {
	sizes := make([]int, count(clusters))
	most := 0
	for _, c := range clusters {
		sizes[c]++
		most = max(most, sizes[c])
	}
	return most
}
