package stats

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
	first := make(map[int32]int, 2*len(s))
	for i, unit := range s {
		parent[i] = i
		for _, picture := range unit[:roles] {
			if picture < 0 {
				continue
			}
			j, known := first[picture]
			if !known {
				first[picture] = i
				continue
			}
			parent[root(parent, j)] = root(parent, i)
		}
	}
	number := make(map[int]int)
	component := make([]int, len(s))
	for i := range s {
		r := root(parent, i)
		if _, known := number[r]; !known {
			number[r] = len(number)
		}
		component[i] = number[r]
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

// relabelling is the exact two-sided p-value of the difference between two
// groups from exchanging labels between whole units (Fisher 1935): components
// by target and related picture, if each has one label and all are equally
// large. False where they are not, or too many.
func (s shown) relabelling(group []uint8, halves []int) (p float64, possible bool) {
	component := s.components(2)
	units := count(component)
	if units > mostRelabelled {
		return 0, false
	}
	size, sum, label := make([]int, units), make([]int, units), make([]int, units)
	for i, c := range component {
		size[c]++
		sum[c] += halves[i]
		label[c] += int(group[i])
	}
	ones := 0
	for c := range units {
		if size[c] != size[0] || label[c] != 0 && label[c] != size[c] {
			return 0, false
		}
		ones += label[c] / size[c]
	}
	seen, total := 0, 0
	for c := range units {
		total += sum[c]
		seen += sum[c] * label[c] / size[c]
	}
	far := func(part int) int { return abs(part*units - total*ones) } // from what a share of ones would hold
	reached, all := 0.0, 0.0
	for part, ways := range choices(sum, ones) {
		all += ways
		if far(part) >= far(seen) {
			reached += ways
		}
	}
	return reached / all, true
}

// choices counts the ways of choosing so many of the values, by their sum.
func choices(values []int, chosen int) map[int]float64 {
	ways := make([]map[int]float64, chosen+1)
	for k := range ways {
		ways[k] = map[int]float64{}
	}
	ways[0][0] = 1
	for _, value := range values {
		for k := chosen; k > 0; k-- {
			for sum, number := range ways[k-1] {
				ways[k][sum+value] += number
			}
		}
	}
	return ways[chosen]
}
