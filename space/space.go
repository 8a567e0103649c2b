// Package space looks at a network's outputs in other ways than by the cosine of
// its features: without their common mean, for example. A space is a small
// operator, fitted once, that says what it has seen; it makes vectors of the
// outputs, which are then compared as features are.
package space

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Kind is a way to make a space.
type Kind string

// Centred takes the mean vector of reference pictures from every vector, so that
// what all pictures share no longer makes them alike.
const Centred Kind = "centred"

// kinds are all of them.
var kinds = []Kind{Centred}

// KindNames lists the kinds for people.
func KindNames() string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// Spec is a space as it is asked for: a kind, and where its reference pictures
// are, as centred:FOLDER. Without a place they are the set's own.
type Spec struct {
	Kind Kind
	From string // a folder of pictures; empty: the pictures that are compared
}

// Parse reads KIND or KIND:PLACE.
func Parse(text string) (Spec, error) {
	kind, from, placed := strings.Cut(text, ":")
	s := Spec{Kind(kind), from}
	switch {
	case !slices.Contains(kinds, s.Kind):
		return s, fmt.Errorf("space %q is unknown; use one of %s", text, KindNames())
	case placed && from == "":
		return s, fmt.Errorf("space %q: nothing stands after the colon", text)
	}
	return s, nil
}

func (s Spec) String() string {
	if s.From == "" {
		return string(s.Kind)
	}
	return string(s.Kind) + ":" + s.From
}

// Variant is the name of a model seen in the space.
func (s Spec) Variant(model string) string {
	name := model + "+" + string(s.Kind)
	if s.From != "" {
		name += ":" + filepath.Base(s.From)
	}
	return name
}

// Info is what a record keeps of the space in which a model was seen.
type Info struct {
	Kind Kind `json:"kind"`
	// Network is the model of which this is a variant, by its name in the run.
	Network string `json:"network"`
	// Reference is the place of the reference pictures. Transductive means that they
	// are those which are then compared: a triplet's choice depends on the others'
	// pictures, though on no label of any.
	Reference    string `json:"reference,omitempty"`
	Transductive bool   `json:"transductive,omitempty"`
	Pictures     int    `json:"reference_pictures"` // different ones
}

// String says what was done to the network's features.
func (i Info) String() string {
	reference := "of " + i.Reference
	if i.Transductive {
		reference = "of the set itself (transductive)"
	}
	return fmt.Sprintf("%s by the mean of the %d pictures %s", i.Kind, i.Pictures, reference)
}
