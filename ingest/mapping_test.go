package ingest

import "testing"

// TestCapitals: a word of a layout counts in other capitals than the mapping's, unless the
// mapping tells them apart.
func TestCapitals(t *testing.T) {
	m := Mapping{
		Roles:  map[string]string{"match": "related", "foil": "unrelated", "FOIL": "target"},
		Values: map[string]string{"categorical": "taxonomic"},
	}
	for word, want := range map[string]string{"match": "related", "Match": "related", "foil": "unrelated", "FOIL": "target", "Foil": "", "Target": "target", "cue": ""} {
		if got := m.role(word); got != want {
			t.Errorf("role %q is %q, want %q", word, got, want)
		}
	}
	for word, want := range map[string]string{"Categorical": "taxonomic", "Thematic": "thematic", "": ""} {
		if got, known := m.value("relation", word); got != want || !known {
			t.Errorf("value %q is %q (%v), want %q", word, got, known, want)
		}
	}
	if _, known := m.value("relation", "functional"); known {
		t.Error("a word that nobody explained is known")
	}
}
