package record

import (
	"maps"
	"slices"
	"testing"

	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/space"
)

// TestVariantsAreNoNetworks: layers, precisions and other spaces belong to their
// network, whatever the names of cards look like.
func TestVariantsAreNoNetworks(t *testing.T) {
	named := func(name, network string) Model {
		m := Model{Card: model.Card{Name: name}, Hash: "hash of " + name}
		if network != "" {
			m.Hash, m.Space = "hash of "+network, &space.Info{Network: network}
		}
		return m
	}
	r := Run{Models: []Model{
		named("a", ""), named("a+centred", "a"), named("a@layer3", ""),
		named("b:int8", ""), named("b:int8+centred", "b:int8"), named("b", ""),
		named("c+centred", ""), named("c+centred+centred", "c+centred"), // a card may be called so
	}}
	if got, want := r.Networks(), []int{0, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("networks are the models %v, want %v: one of each of a, b and c+centred", got, want)
	}
	want := map[string]string{"a+centred": "a", "a@layer3": "a", "b:int8": "b", "b:int8+centred": "b:int8", "c+centred+centred": "c+centred"}
	if got := r.Forms(); !maps.Equal(got, want) {
		t.Errorf("forms are %v, want %v", got, want)
	}
}
