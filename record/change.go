package record

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Role says what a way to see a network is for.
type Role string

const (
	SpaceRole   Role = "space"
	ControlRole Role = "control" // must not be better than what it is set against
	CeilingRole Role = "ceiling" // what words could do if every picture were named
)

// Features names the network's own features, which come first of all that is seen.
const Features = "features"

// Seen is a network's choices in one space. Against names what it is set against.
type Seen struct {
	Name    string
	Role    Role
	Against string
	Choices []match.Choice
}

// ChangeGroup are the triplets of one relation, or all, before and after.
type ChangeGroup struct {
	Relation string       `json:"relation,omitempty"` // empty: all
	Triplets int          `json:"triplets"`
	Features stats.Number `json:"features_error"`
	Rows     []Change     `json:"spaces"`
}

// Change is the error in one space beside that in another.
type Change struct {
	Space string       `json:"space"`
	Role  Role         `json:"role"`
	Error stats.Number `json:"error"`
	// Change is the error less that of Against, with Holm's adjustment over all rows of
	// one role and one comparison.
	Change  stats.Relative `json:"change"`
	Against string         `json:"against"`
}

// Changes sets each way to see a network against another, over all triplets and by
// relation. The inference is that of every comparison of models on one set.
func Changes(triplets []stimuli.Triplet, seen []Seen, o stats.Options) ([]ChangeGroup, error) {
	relations := []string{""}
	for i := range triplets {
		if r := triplets[i].Relation; r != "" && !slices.Contains(relations, r) {
			relations = append(relations, r)
		}
	}
	slices.Sort(relations)
	if len(relations) == 2 && !slices.ContainsFunc(triplets, func(t stimuli.Triplet) bool { return t.Relation == "" }) {
		relations = relations[:1] // one relation: all triplets again
	}
	var list []ChangeGroup
	for _, relation := range relations {
		g := ChangeGroup{Relation: relation}
		part := &stimuli.Set{}
		var places []int
		for i := range triplets {
			if relation == "" || triplets[i].Relation == relation {
				places, part.Triplets = append(places, i), append(part.Triplets, triplets[i])
			}
		}
		g.Triplets = len(places)
		for _, role := range []Role{SpaceRole, ControlRole, CeilingRole} {
			for against := range seen {
				if err := g.add(role, against, part, places, seen, o); err != nil {
					return nil, err
				}
			}
		}
		list = append(list, g)
	}
	return list, nil
}

// add sets what has one role against another way to see the network, on the triplets
// of some places; Holm's adjustment is over these.
func (g *ChangeGroup) add(role Role, against int, part *stimuli.Set, places []int, seen []Seen, o stats.Options) error {
	run := Run{Stimuli: part}
	for i, s := range seen {
		if i != against && (i == 0 || s.Role != role || s.Against != seen[against].Name) {
			continue
		}
		m := Model{}
		m.Name = s.Name
		for _, at := range places {
			m.Choices = append(m.Choices, s.Choices[at])
		}
		run.Models = append(run.Models, m)
	}
	first := against == 0 && role == SpaceRole // gives the error of the features, whether or not they have rows
	if len(run.Models) == 1 && !first {
		return nil
	}
	design, similarities := run.Design()
	c, err := stats.Compare(design, similarities, o)
	if err != nil {
		return err
	}
	if first {
		g.Features = c.Models[0].Error
	}
	if len(run.Models) == 1 {
		return nil
	}
	changes, err := c.Baseline(seen[against].Name, 0)
	if err != nil {
		return err
	}
	for i, change := range changes { // in the order of the models but for the one they are set against
		at := i
		if run.Models[at].Name != change.Model {
			at++
		}
		g.Rows = append(g.Rows, Change{Space: change.Model, Role: role, Error: c.Models[at].Error, Change: change, Against: seen[against].Name})
	}
	return nil
}

// SpaceChanges are a network's errors before and after, in each space of the run. It
// has no controls: these need a trial on triplets that nothing was fitted to.
type SpaceChanges struct {
	Network string        `json:"network"`
	Groups  []ChangeGroup `json:"groups"`
}

// SpaceChanges sets each network of a run against itself in other spaces, and a blend
// against the centred features, too, where both have the same reference: what words add
// to centring.
func (r *Run) SpaceChanges(o stats.Options) ([]SpaceChanges, error) {
	var list []SpaceChanges
	for _, m := range r.Models {
		if m.Space != nil {
			continue
		}
		seen := []Seen{{Name: Features, Choices: m.Choices}}
		var beyond []Seen
		for _, v := range r.spacesOf(m.Name) {
			seen = append(seen, Seen{v.spaceName(), SpaceRole, Features, v.Choices})
			if c := r.centredLike(v); c != nil {
				beyond = append(beyond, Seen{v.spaceName(), SpaceRole, c.spaceName(), v.Choices})
			}
		}
		if len(seen) == 1 {
			continue
		}
		groups, err := Changes(r.Stimuli.Triplets, append(seen, beyond...), o)
		if err != nil {
			return nil, fmt.Errorf("spaces of %s: %w", m.Name, err)
		}
		list = append(list, SpaceChanges{m.Name, groups})
	}
	return list, nil
}

// spacesOf are the models that see a network in another space.
func (r *Run) spacesOf(network string) (list []*Model) {
	for i := range r.Models {
		if m := &r.Models[i]; m.Space != nil && m.Space.Network == network {
			list = append(list, m)
		}
	}
	return list
}

// centredLike is the same network's centred features with the reference of a blend, nil
// without any.
func (r *Run) centredLike(blend *Model) *Model {
	if blend.Space.Kind != space.Blend {
		return nil
	}
	for _, m := range r.spacesOf(blend.Space.Network) {
		if m.Space.Kind == space.Centred && m.Space.Reference == blend.Space.Reference {
			return m
		}
	}
	return nil
}

// spaceName is the name of a variant without its network's.
func (m *Model) spaceName() string { return strings.TrimPrefix(m.Name, m.Space.Network+"+") }
