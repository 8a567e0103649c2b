package compose

import (
	"errors"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/stimuli"
)

// Concept is one labelled picture and what it has to do with the world.
type Concept struct {
	Label    string   // a plain noun, unique
	Category string   // what it is, narrow enough that its members are alike in kind: bird, hand tool
	Domain   string   // the wide field the category lies in: animal, hardware
	Themes   []string // scenes and things it brings to mind: kitchen, winter, honey
}

// Shares reports whether both concepts evoke a theme in common.
func (c Concept) Shares(d Concept) bool {
	return slices.ContainsFunc(c.Themes, func(theme string) bool { return slices.Contains(d.Themes, theme) })
}

// Unrelated reports whether the table ties the concepts by nothing at all:
// neither category nor domain nor theme.
func (c Concept) Unrelated(d Concept) bool {
	return c.Category != d.Category && c.Domain != d.Domain && !c.Shares(d)
}

// Table is a table of concepts, written by hand: one picture for each. It is
// the Ties of those pictures.
type Table []Concept

// Names lists the labels.
func (t Table) Names() []string {
	names := make([]string, len(t))
	for i, c := range t {
		names[i] = c.Label
	}
	return names
}

// Pair holds a pair to what its relation means: taxonomic partners share the
// category, thematic ones a theme and not the category.
func (t Table) Pair(target, related int, relation string) error {
	a, b := t[target], t[related]
	switch {
	case relation == stimuli.Taxonomic && a.Category != b.Category:
		return fmt.Errorf("taxonomic, but the categories are %s and %s", a.Category, b.Category)
	case relation == stimuli.Thematic && a.Category == b.Category:
		return fmt.Errorf("thematic, but both are of the category %s", a.Category)
	case relation == stimuli.Thematic && !a.Shares(b):
		return errors.New("thematic, but the table gives them no theme in common")
	}
	return nil
}

// Tied reports whether the table ties two concepts by anything.
func (t Table) Tied(a, b int) bool { return !t[a].Unrelated(t[b]) }

// Pair is a target and a picture related to it, by name.
type Pair struct {
	Target, Related string
	Relation        string // stimuli.Taxonomic or stimuli.Thematic
}
