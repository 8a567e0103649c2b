package compose

// linked knows which triplets hang together through shared pictures, as sets
// of pictures; the zero value holds none. Reading does not change it, so that
// many may read at once.
type linked struct {
	parent   map[int]int // of a picture that is not the root of its set
	triplets map[int]int // by root
}

func (l *linked) root(picture int) int {
	for {
		parent, ok := l.parent[picture]
		if !ok {
			return picture
		}
		picture = parent
	}
}

// with returns how many triplets would hang together with a new one of these
// pictures, itself included.
func (l *linked) with(pictures ...int) int {
	n, counted := 1, map[int]bool{}
	for _, p := range pictures {
		if root := l.root(p); !counted[root] {
			counted[root] = true
			n += l.triplets[root]
		}
	}
	return n
}

// add joins the pictures of a triplet, the smaller sets to the largest.
func (l *linked) add(pictures ...int) {
	if l.parent == nil {
		l.parent, l.triplets = map[int]int{}, map[int]int{}
	}
	n := l.with(pictures...)
	largest := l.root(pictures[0])
	for _, p := range pictures {
		if root := l.root(p); l.triplets[root] > l.triplets[largest] {
			largest = root
		}
	}
	for _, p := range pictures {
		if root := l.root(p); root != largest {
			l.parent[root] = largest
			delete(l.triplets, root)
		}
	}
	l.triplets[largest] = n
}

// sparing keeps of the candidates those that link no further triplets to those of
// the pair, if there are such: pictures that are linked to it already, else those
// that no triplet has, else all.
func (l *linked) sparing(pair [2]int, candidates []int) []int {
	var own, free []int
	for _, u := range candidates {
		switch root := l.root(u); {
		case root == l.root(pair[0]), root == l.root(pair[1]):
			own = append(own, u)
		case l.triplets[root] == 0:
			free = append(free, u)
		}
	}
	switch {
	case len(own) > 0:
		return own
	case len(free) > 0:
		return free
	}
	return candidates
}
