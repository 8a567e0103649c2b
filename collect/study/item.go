package study

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/akin-vision/akin/stimuli"
)

// Item is one thing to judge: a pair of pictures, or a triplet.
type Item struct {
	ID string
	// Pictures are numbers into Items.Pictures: the two of a pair; or target,
	// related and unrelated.
	Pictures []int
	Triplet  *stimuli.Triplet // nil for a pair
}

// Items are all that a study asks about.
type Items struct {
	Task     string
	List     []Item
	Pictures []*stimuli.Picture // each content once
	number   map[stimuli.Hash]int
}

// NewItems takes from a set what a task asks about. For ratings these are its
// distinct pairs of target and related and of target and unrelated picture:
// pictures of the same content are one, and a pair counts in either order.
func NewItems(set *stimuli.Set, task string) *Items {
	items := &Items{Task: task, number: map[stimuli.Hash]int{}}
	pairs := map[[2]int]bool{}
	for i := range set.Triplets {
		t := &set.Triplets[i]
		var shown []int
		for _, p := range t.Shown() {
			shown = append(shown, items.picture(p))
		}
		if task != Rating {
			items.List = append(items.List, Item{t.ID, shown, t})
			continue
		}
		for _, other := range shown[1:] {
			key := [2]int{min(shown[0], other), max(shown[0], other)}
			if !pairs[key] {
				pairs[key] = true
				id := items.Pictures[shown[0]].Path + " + " + items.Pictures[other].Path
				items.List = append(items.List, Item{ID: id, Pictures: []int{shown[0], other}})
			}
		}
	}
	return items
}

func (x *Items) picture(p *stimuli.Picture) int {
	n, known := x.number[p.Hash]
	if !known {
		n = len(x.Pictures)
		x.number[p.Hash] = n
		x.Pictures = append(x.Pictures, p)
	}
	return n
}

// Digest binds answers to what was shown: task, items, and every picture's content.
func (x *Items) Digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", x.Task)
	for _, item := range x.List {
		fmt.Fprintf(h, "%q", item.ID)
		for _, p := range item.Pictures {
			fmt.Fprintf(h, " %s", x.Pictures[p].Hash)
		}
		fmt.Fprintln(h)
	}
	return hex.EncodeToString(h.Sum(nil))
}
