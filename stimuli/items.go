package stimuli

import (
	"fmt"
	"slices"
	"strings"
)

// Item is what a row of a matrix stands for: one picture, or several pictures of one
// thing.
type Item struct {
	Name     string  // of a picture alone, its path
	Pictures []int32 // numbers into Set.Pictures
}

// Rows are what the rows of matrices stand for: the items that pictures.csv names, else
// every picture alone.
func (s *Set) Rows() []Item {
	if s.Items != nil {
		return s.Items
	}
	rows := make([]Item, len(s.Pictures))
	for i, p := range s.Pictures {
		rows[i] = Item{p.Path, []int32{int32(i)}}
	}
	return rows
}

// Shown are the pictures that stand for the rows of matrices where something is drawn:
// the first of each item, named after it.
func (s *Set) Shown() []*Picture {
	if s.Items == nil {
		return s.Pictures
	}
	list := make([]*Picture, len(s.Items))
	for i, item := range s.Items {
		p := *s.Pictures[item.Pictures[0]]
		p.Label = item.Name
		list[i] = &p
	}
	return list
}

// RepeatsError says why a set has no repeats over which to crossvalidate.
type RepeatsError struct{ Set, Why string }

func (e *RepeatsError) Error() string {
	return fmt.Sprintf("crossvalidated distances take as many pictures of each item, two at least: set %s %s", e.Set, e.Why)
}

// Repeats is the number of pictures of each item, which crossvalidated distances want
// to be one and the same.
func (s *Set) Repeats() (int, error) {
	if s.Items == nil {
		return 0, &RepeatsError{s.Name, "names no items in a column item of pictures.csv"}
	}
	least := slices.MinFunc(s.Items, func(a, b Item) int { return len(a.Pictures) - len(b.Pictures) })
	most := slices.MaxFunc(s.Items, func(a, b Item) int { return len(a.Pictures) - len(b.Pictures) })
	switch few, many := len(least.Pictures), len(most.Pictures); {
	case few != many:
		return 0, &RepeatsError{s.Name, fmt.Sprintf("has %d of item %q and %d of item %q", few, least.Name, many, most.Name)}
	case few < 2:
		return 0, &RepeatsError{s.Name, "has one of each"}
	default:
		return few, nil
	}
}

// itemNames are the items that pictures.csv names, in order of first appearance; nil
// where it names none.
func (r *reader) itemNames() (names []string) {
	seen := map[string]bool{}
	for _, path := range r.mentioned {
		if item := r.items[path]; item != "" && !seen[item] {
			seen[item] = true
			names = append(names, item)
		}
	}
	return names
}

// compared is what a judgement names: an item, or a picture, which stands for its item
// where there are items.
func (r *reader) compared(name, file string, line int) string {
	if r.named[name] {
		return name
	}
	p := r.mention(name, file, line, "")
	if len(r.named) == 0 || p.Path == "" {
		return p.Path
	}
	if r.items[p.Path] == "" {
		r.problems.add(file, line, "%q is no item of pictures.csv, and no picture that stands there", name)
	}
	return r.items[p.Path]
}

// takeItems checks the column item of pictures.csv.
func (r *reader) takeItems(t *table) {
	const file = "pictures.csv"
	for _, row := range t.rows {
		path, item := t.cell(row, "path"), strings.TrimSpace(t.cell(row, "item"))
		if r.items[path] != "" {
			continue // listed twice, which is a problem already
		}
		switch r.items[path] = item; {
		case item == "":
			r.problems.add(file, row.line, "item is empty; where one picture has an item, all have")
		case r.set.Task != Matrix:
			r.problems.add(file, row.line, "items are of the task %q alone", Matrix)
			return
		}
		r.named[item] = true
	}
	for _, row := range t.rows {
		if path := t.cell(row, "path"); r.named[path] && r.items[path] != path {
			r.problems.add(file, row.line, "%q is a picture's path and the name of an item that it is not of", path)
		}
	}
}

// fillItems gathers the pictures of each item. Two copies of one picture would be taken
// for two that vary.
func (r *reader) fillItems() {
	names := r.itemNames()
	if names == nil || len(r.problems) > 0 {
		return
	}
	number, first := map[string]int{}, map[Hash]*Picture{}
	for i, name := range names {
		number[name] = i
		r.set.Items = append(r.set.Items, Item{Name: name})
	}
	for i, p := range r.set.Pictures {
		if other := first[p.Hash]; other != nil && p.Hash != (Hash{}) {
			r.problems.add(p.Named.File, p.Named.Line, "picture %q is a copy of %q; repeats of an item are different pictures", p.Path, other.Path)
			continue
		}
		first[p.Hash] = p
		item := &r.set.Items[number[r.items[p.Path]]]
		item.Pictures = append(item.Pictures, int32(i))
	}
}
