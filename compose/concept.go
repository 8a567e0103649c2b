// Package compose makes triplets from labelled pictures: given pairs of
// related concepts, it finds for each the unrelated picture, matched to the
// target in shape, in colour, or in neither.
//
// What is unrelated is declared, not guessed: a table gives every concept a
// category, a domain and the themes it evokes. What looks alike is measured,
// by similarities that the caller supplies. A reviewer looks at the outcome, and
// Compose holds to those reviews.
package compose

import "slices"

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

// Pair is a target and a picture related to it, by label.
type Pair struct {
	Target, Related string
	Relation        string // stimuli.Taxonomic or stimuli.Thematic
}
