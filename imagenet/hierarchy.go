package imagenet

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// hierarchyFile holds the nouns above the 1,000 classes with all their
// hypernyms; its header is WordNet's licence.
//
//go:embed hierarchy.txt
var hierarchyFile string

// Hierarchy is the part of WordNet 3.0 above the 1,000 classes: every hypernym
// of every class up to "entity". It is no tree: 75 of its 1,860 nouns have two
// or more hypernyms, and all of them count. Methods give false or zero for a
// WordNet id outside it.
type Hierarchy struct {
	index   map[string]int
	nodes   []noun
	descent []int // nodes, hypernyms first
}

type noun struct {
	wnid, name string
	parents    []int
	minDepth   int         // edges of the shortest chain to the root
	maxDepth   int         // edges of the longest one
	height     int         // edges of the longest chain down to a class
	above      map[int]int // every ancestor and itself, by edges of the shortest chain
}

// WordNet returns the embedded hierarchy.
var WordNet = sync.OnceValue(func() *Hierarchy { return parseHierarchy(hierarchyFile) })

func parseHierarchy(text string) *Hierarchy {
	h := &Hierarchy{index: map[string]int{}}
	var parents [][]string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		h.index[cells[0]] = len(h.nodes)
		h.nodes = append(h.nodes, noun{wnid: cells[0], name: cells[2]})
		parents = append(parents, strings.FieldsFunc(cells[1], func(r rune) bool { return r == ',' }))
	}
	for i, list := range parents {
		for _, wnid := range list {
			h.nodes[i].parents = append(h.nodes[i].parents, h.index[wnid])
		}
	}
	for i := range h.nodes {
		h.settle(i)
	}
	for _, i := range slices.Backward(h.descent) {
		for _, p := range h.nodes[i].parents {
			h.nodes[p].height = max(h.nodes[p].height, h.nodes[i].height+1)
		}
	}
	return h
}

// settle fills in depths and ancestors of node i after those of its hypernyms.
func (h *Hierarchy) settle(i int) {
	n := &h.nodes[i]
	if n.above != nil {
		return
	}
	n.above = map[int]int{i: 0}
	for k, p := range n.parents {
		h.settle(p)
		parent := h.nodes[p]
		if k == 0 || parent.minDepth+1 < n.minDepth {
			n.minDepth = parent.minDepth + 1
		}
		n.maxDepth = max(n.maxDepth, parent.maxDepth+1)
		for ancestor, edges := range parent.above {
			if known, ok := n.above[ancestor]; !ok || edges+1 < known {
				n.above[ancestor] = edges + 1
			}
		}
	}
	h.descent = append(h.descent, i)
}

// Relation is how two classes are related in WordNet.
type Relation struct {
	// Path is 1 / (1 + edges of the shortest chain over a common hypernym).
	Path float64 `json:"path"`
	// WuPalmer is 2 d / (a + b + 2 d), where d is one more than the depth of
	// the lowest common subsumer and a, b the edges of the shortest chains
	// between it and the classes (Wu and Palmer 1994, counting nodes as NLTK does).
	WuPalmer float64 `json:"wu_palmer"`
	LCS      string  `json:"lcs"`       // WordNet id of the lowest common subsumer
	LCSName  string  `json:"lcs_name"`  // its first word
	LCSDepth int     `json:"lcs_depth"` // edges of the longest chain from "entity" to it
	Height   int     `json:"height"`    // edges of the longest chain from it down to a class
}

// Relate compares two classes; false where either is not in the hierarchy. The
// lowest common subsumer is the common hypernym of the largest depth, by the
// longest chain to the root: NLTK's lowest_common_hypernyms as it stands, whereas
// its wup_similarity takes the longest of the shortest chains, so that two dogs
// are canines to it. Among equals comes the one whose shortest chain is longest,
// then the one of smaller id.
func (h *Hierarchy) Relate(a, b string) (Relation, bool) {
	i, known := h.index[a]
	j, knownB := h.index[b]
	if !known || !knownB {
		return Relation{}, false
	}
	lcs := -1
	for c := range h.nodes[i].above {
		if _, common := h.nodes[j].above[c]; common && (lcs < 0 || h.lower(c, lcs)) {
			lcs = c
		}
	}
	n := h.nodes[lcs]
	depth := float64(n.maxDepth + 1)
	legs := float64(h.edges(i, lcs) + h.edges(j, lcs))
	return Relation{
		Path: 1 / float64(1+h.edges(i, j)), WuPalmer: 2 * depth / (legs + 2*depth),
		LCS: n.wnid, LCSName: n.name, LCSDepth: n.maxDepth, Height: n.height,
	}, true
}

// edges counts those of the shortest chain between two nouns over a common
// hypernym; it may pass above the lowest one where a noun has several.
func (h *Hierarchy) edges(i, j int) int {
	shortest := -1
	for c, up := range h.nodes[i].above {
		if down, common := h.nodes[j].above[c]; common && (shortest < 0 || up+down < shortest) {
			shortest = up + down
		}
	}
	return shortest
}

// lower reports whether node a is the better lowest common subsumer than b.
func (h *Hierarchy) lower(a, b int) bool {
	x, y := h.nodes[a], h.nodes[b]
	if x.maxDepth != y.maxDepth {
		return x.maxDepth > y.maxDepth
	}
	if x.minDepth != y.minDepth {
		return x.minDepth > y.minDepth
	}
	return x.wnid < y.wnid
}

// Depth is the longest chain of edges from "entity" to the noun.
func (h *Hierarchy) Depth(wnid string) (int, bool) {
	i, ok := h.index[wnid]
	if !ok {
		return 0, false
	}
	return h.nodes[i].maxDepth, true
}
