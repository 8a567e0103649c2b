package imagenet

import (
	"cmp"
	"fmt"
	"slices"
)

// Hierarchy is what stands above the classes of a label set, each noun with all
// its hypernyms: no tree, since a noun may have several, and all of them count.
// Methods give false or zero for an id outside it.
type Hierarchy struct {
	index   map[string]int
	nodes   []node
	descent []int // nodes, hypernyms first
}

type node struct {
	Noun
	parents  []int
	minDepth int         // edges of the shortest chain to a root
	maxDepth int         // edges of the longest one
	height   int         // edges of the longest chain down to a class
	above    map[int]int // every ancestor and itself, by edges of the shortest chain
	underway bool        // its ancestors are being found
}

// Noun is one entry of a hierarchy.
type Noun struct {
	ID    string   // such as n02980441
	Name  string   // empty where the source has none
	Above []string // ids of its hypernyms
}

// deepest bounds the chains of a hierarchy; WordNet's longest has 19 edges.
const deepest = 1000

// NewHierarchy links the nouns above the classes; the others are passed over, so
// that heights are counted from the classes. Classes may be missing, but not all.
func NewHierarchy(nouns []Noun, classes []string) (*Hierarchy, error) {
	known := make(map[string]Noun, len(nouns))
	for _, n := range nouns {
		if _, twice := known[n.ID]; twice {
			return nil, fmt.Errorf("%s stands twice in the hierarchy", n.ID)
		}
		known[n.ID] = n
	}
	h := &Hierarchy{index: map[string]int{}}
	linked := false
	for _, class := range classes {
		n, ok := known[class]
		if !ok {
			continue
		}
		if err := h.add(n, known, 0); err != nil {
			return nil, err
		}
		linked = linked || len(n.Above) > 0
	}
	if !linked {
		return nil, fmt.Errorf("none of the %d classes has anything above it in the hierarchy: it is of another label set", len(classes))
	}
	for _, i := range slices.Backward(h.descent) {
		for _, p := range h.nodes[i].parents {
			h.nodes[p].height = max(h.nodes[p].height, h.nodes[i].height+1)
		}
	}
	return h, nil
}

// add places a noun after its hypernyms.
func (h *Hierarchy) add(noun Noun, known map[string]Noun, below int) error {
	if i, there := h.index[noun.ID]; there {
		if h.nodes[i].underway {
			return fmt.Errorf("%s stands above itself in the hierarchy", noun.ID)
		}
		return nil
	}
	if below > deepest {
		return fmt.Errorf("more than %d nouns stand above one another, below %s", deepest, noun.ID)
	}
	i := len(h.nodes)
	h.index[noun.ID] = i
	h.nodes = append(h.nodes, node{Noun: noun, underway: true})
	for _, id := range noun.Above {
		parent, ok := known[id]
		if !ok {
			return fmt.Errorf("%s, above %s, is no noun of the hierarchy", id, noun.ID)
		}
		if err := h.add(parent, known, below+1); err != nil {
			return err
		}
		h.nodes[i].parents = append(h.nodes[i].parents, h.index[id])
	}
	h.inherit(i)
	return nil
}

// inherit fills in depths and ancestors of node i from those of its hypernyms.
func (h *Hierarchy) inherit(i int) {
	n := &h.nodes[i]
	n.above = map[int]int{i: 0}
	for k, p := range n.parents {
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
	n.underway = false
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
	LCSName  string  `json:"lcs_name"`  // its first word, or its id where the hierarchy has no name for it
	LCSDepth int     `json:"lcs_depth"` // edges of the longest chain from a root ("entity") to it
	Height   int     `json:"height"`    // edges of the longest chain from it down to a class
}

// Relate compares two classes; false where either is not in the hierarchy, or
// nothing stands above both. The lowest common subsumer is the common hypernym of the largest depth, by the
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
	if lcs < 0 {
		return Relation{}, false
	}
	n := h.nodes[lcs]
	depth := float64(n.maxDepth + 1)
	legs := float64(h.edges(i, lcs) + h.edges(j, lcs))
	return Relation{
		Path: 1 / float64(1+h.edges(i, j)), WuPalmer: 2 * depth / (legs + 2*depth),
		LCS: n.ID, LCSName: cmp.Or(n.Name, n.ID), LCSDepth: n.maxDepth, Height: n.height,
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
	return x.ID < y.ID
}

// Name is the noun's name, empty where there is none.
func (h *Hierarchy) Name(id string) string {
	if i, ok := h.index[id]; ok {
		return h.nodes[i].Name
	}
	return ""
}
