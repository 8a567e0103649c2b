package stats

import (
	"cmp"
	"math"
	"slices"
)

// kernel is a symmetric matrix over units (triplets, or pairs of pictures) held
// as a diagonal and a signed sum of blocks of ones: its products cost as much as
// the blocks have members, whatever their number of pairs.
type kernel struct {
	own     []float64 // the diagonal besides the blocks
	starts  []int32   // of each block in members, and the end of the last
	members []int32
	sign    []float64 // of each block
}

// blocks is the number of blocks of ones.
func (k kernel) blocks() int { return len(k.sign) }

func (k kernel) block(b int) []int32 { return k.members[k.starts[b]:k.starts[b+1]] }

// square is x'Kx.
func (k kernel) square(x []float64) float64 {
	sum := 0.0
	for i, own := range k.own {
		sum += own * x[i] * x[i]
	}
	for b, sign := range k.sign {
		part := 0.0
		for _, i := range k.block(b) {
			part += x[i]
		}
		sum += sign * part * part
	}
	return sum
}

// apply writes Kx.
func (k kernel) apply(out, x []float64) {
	for i, own := range k.own {
		out[i] = own * x[i]
	}
	for b, sign := range k.sign {
		part := 0.0
		for _, i := range k.block(b) {
			part += x[i]
		}
		part *= sign
		for _, i := range k.block(b) {
			out[i] += part
		}
	}
}

func (k kernel) units() int { return len(k.own) }

func (k kernel) steps() int { return len(k.own) + len(k.members) }

// columns are those of a root of the matrix.
func (k kernel) columns() columns {
	var single []int
	for i, own := range k.own {
		if own > 0 {
			single = append(single, i)
		}
	}
	return columns{len(single) + k.blocks(), 1, func(x []float64, at int) {
		clear(x)
		if at < len(single) {
			x[single[at]] = math.Sqrt(k.own[single[at]])
			return
		}
		for _, i := range k.block(at - len(single)) {
			x[i] = 1
		}
	}}
}

func (k kernel) signed(x []float64, sign func() float64) {
	for i, own := range k.own {
		x[i] = sign() * math.Sqrt(own)
	}
	for b := range k.blocks() {
		s := sign()
		for _, i := range k.block(b) {
			x[i] += s
		}
	}
}

// entry is a unit under a key, at a place in the order given.
type entry struct {
	key         uint64
	unit, place int32
}

func (e entry) bits() uint64 { return e.key }

// add puts in a block for each key that several units have; a key that one unit
// has goes to the diagonal. It returns the number of the block of each place, or
// -1. The entries are overwritten.
func (k *kernel) add(entries []entry, sign float64) []int32 {
	if len(entries) < radixMinimum {
		slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	} else {
		entries = radixSorted(entries)
	}
	block := make([]int32, len(entries))
	for first := 0; first < len(entries); {
		end := first + 1
		for end < len(entries) && entries[end].key == entries[first].key {
			end++
		}
		number := int32(-1)
		if end-first == 1 {
			k.own[entries[first].unit] += sign
		} else {
			number = int32(len(k.sign))
			for _, e := range entries[first:end] {
				k.members = append(k.members, e.unit)
			}
			k.sign, k.starts = append(k.sign, sign), append(k.starts, int32(len(k.members)))
		}
		for _, e := range entries[first:end] {
			block[e.place] = number
		}
		first = end
	}
	return block
}

// entries gathers what a kernel adds.
type entries []entry

func (list *entries) add(key uint64, unit int) {
	*list = append(*list, entry{key, int32(unit), int32(len(*list))})
}

func newKernel(units int) kernel {
	return kernel{own: make([]float64, units), starts: []int32{0}}
}

// shown is the pictures of each unit by number, target, related and unrelated;
// a pair of pictures has -1 in the third place.
type shown [][3]int32

// number gives every picture a number in the order of first appearance.
func number(pictures [][3]string) shown {
	index := make(map[string]int32, 2*len(pictures))
	numbered := make(shown, len(pictures))
	for i, triplet := range pictures {
		for role, name := range triplet {
			at, known := index[name]
			if !known {
				at = int32(len(index))
				index[name] = at
			}
			numbered[i][role] = at
		}
	}
	return numbered
}

// subset is the units at some places.
func (s shown) subset(units []int) shown {
	some := make(shown, len(units))
	for i, unit := range units {
		some[i] = s[unit]
	}
	return some
}

// pictures is one more than the highest number of a picture.
func (s shown) pictures() int {
	most := int32(-1)
	for _, unit := range s {
		most = max(most, unit[0], unit[1], unit[2])
	}
	return int(most) + 1
}

// distinct is the unit's pictures in ascending order, each once.
func (s shown) distinct(unit int) []int32 {
	pictures := s[unit]
	slices.Sort(pictures[:])
	list := slices.Compact(pictures[:])
	if list[0] < 0 {
		list = list[1:]
	}
	return slices.Clone(list)
}

// sharing is the matrix that is 1 where two units share any picture and on the
// diagonal, else 0. Units that share a picture are counted by picture; those
// that share two have then been counted twice and three times for three, so
// pairs of pictures are taken off and triples put back (inclusion and
// exclusion).
func (s shown) sharing() kernel {
	k := newKernel(len(s))
	var pairs, triples entries
	singles := make(entries, 0, 3*len(s))
	from := make([][3]int32, 0, len(s)) // for each unit, the places of its keys in singles
	for i := range s {
		place := [3]int32{-1, -1, -1}
		for p, picture := range s.distinct(i) {
			place[p] = int32(len(singles))
			singles.add(uint64(picture), i)
		}
		from = append(from, place)
	}
	single := k.add(singles, 1)
	firstPair := make([]int32, len(s)) // place of each unit's first two pictures in pairs
	for i, place := range from {
		firstPair[i] = -1
		for a := range place {
			for _, second := range place[a+1:] {
				if second < 0 {
					continue
				}
				one, two := single[place[a]], single[second]
				if one < 0 || two < 0 {
					k.own[i]-- // no other unit can share both
					continue
				}
				if a == 0 && second == place[1] {
					firstPair[i] = int32(len(pairs))
				}
				pairs.add(uint64(one)<<32|uint64(two), i)
			}
		}
	}
	pair := k.add(pairs, -1)
	for i, place := range from {
		if place[2] < 0 {
			continue
		}
		// A unit's first two pictures as a pair, with the third, are its triple.
		third := single[place[2]]
		if firstPair[i] < 0 || pair[firstPair[i]] < 0 || third < 0 {
			k.own[i]++
			continue
		}
		triples.add(uint64(pair[firstPair[i]])<<32|uint64(third), i)
	}
	k.add(triples, 1)
	return k
}

// families are the ways in which pictures may move outcomes together, each as
// the matrix of a random effect: of the pair of target and related picture, of
// either as object, of the unrelated picture, of the pair of target and
// unrelated picture. Families in which no level holds two units, which are
// residuals, are left out.
func (s shown) families() []effect {
	type levels func(unit [3]int32) (one, other uint64) // equal where the unit has one
	two := func(a, b int32) (one, other uint64) {
		pair := uint64(min(a, b))<<32 | uint64(max(a, b))
		return pair, pair
	}
	ways := []levels{
		func(u [3]int32) (one, other uint64) { return two(u[0], u[1]) },
		func(u [3]int32) (one, other uint64) { return uint64(u[0]), uint64(u[1]) },
		func(u [3]int32) (one, other uint64) { return uint64(u[2]), uint64(u[2]) },
		func(u [3]int32) (one, other uint64) { return two(u[0], u[2]) },
	}
	if len(s) > 0 && s[0][2] < 0 {
		ways = ways[:2] // pairs of pictures show no third
	}
	var families []effect
	for _, way := range ways {
		k := newKernel(len(s))
		list := make(entries, 0, len(s))
		for i, unit := range s {
			one, other := way(unit)
			list.add(one, i)
			if other != one {
				list.add(other, i)
			}
		}
		k.add(list, 1)
		if k.blocks() > 0 {
			families = append(families, k)
		}
	}
	return families
}
