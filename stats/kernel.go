package stats

import (
	"cmp"
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

// add puts in a block for each key that several units have; a key that one unit
// has goes to the diagonal. It returns the number of the block of each key in
// the order given, or -1.
func (k *kernel) add(keys []indexedKey, sign float64) []int32 {
	order := make([]indexedKey, len(keys))
	for i, key := range keys {
		order[i] = indexedKey{key.key, i}
	}
	if len(order) < radixMinimum {
		slices.SortStableFunc(order, func(a, b indexedKey) int { return cmp.Compare(a.key, b.key) })
	} else {
		order = radixSorted(order)
	}
	block := make([]int32, len(keys))
	for first := 0; first < len(order); {
		end := first + 1
		for end < len(order) && order[end].key == order[first].key {
			end++
		}
		number := int32(-1)
		if end-first == 1 {
			k.own[keys[order[first].index].index] += sign
		} else {
			number = int32(len(k.sign))
			for _, at := range order[first:end] {
				k.members = append(k.members, int32(keys[at.index].index))
			}
			k.sign, k.starts = append(k.sign, sign), append(k.starts, int32(len(k.members)))
		}
		for _, at := range order[first:end] {
			block[at.index] = number
		}
		first = end
	}
	return block
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
	var singles, pairs, triples []indexedKey
	from := make([][3]int32, 0, len(s)) // for each unit, the places of its keys in singles
	for i := range s {
		place := [3]int32{-1, -1, -1}
		for p, picture := range s.distinct(i) {
			place[p] = int32(len(singles))
			singles = append(singles, indexedKey{uint64(picture), i})
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
				pairs = append(pairs, indexedKey{uint64(one)<<32 | uint64(two), i})
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
		triples = append(triples, indexedKey{uint64(pair[firstPair[i]])<<32 | uint64(third), i})
	}
	k.add(triples, 1)
	return k
}

// families are the ways in which pictures may move outcomes together, each as
// the matrix of a random effect: of the pair of target and related picture, of
// either as object, of the unrelated picture, of the pair of target and
// unrelated picture. Families in which no level holds two units, which are
// residuals, are left out.
func (s shown) families() []kernel {
	type levels func(unit [3]int32) []uint64
	two := func(a, b int32) []uint64 { return []uint64{uint64(min(a, b))<<32 | uint64(max(a, b))} }
	ways := []levels{
		func(u [3]int32) []uint64 { return two(u[0], u[1]) },
		func(u [3]int32) []uint64 {
			if u[0] == u[1] {
				return []uint64{uint64(u[0])}
			}
			return []uint64{uint64(u[0]), uint64(u[1])}
		},
		func(u [3]int32) []uint64 { return []uint64{uint64(u[2])} },
		func(u [3]int32) []uint64 { return two(u[0], u[2]) },
	}
	if len(s) > 0 && s[0][2] < 0 {
		ways = ways[:2] // pairs of pictures show no third
	}
	var families []kernel
	for _, way := range ways {
		k := newKernel(len(s))
		var keys []indexedKey
		for i, unit := range s {
			for _, key := range way(unit) {
				keys = append(keys, indexedKey{key, i})
			}
		}
		k.add(keys, 1)
		if k.blocks() > 0 {
			families = append(families, k)
		}
	}
	return families
}
