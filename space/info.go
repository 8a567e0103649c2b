package space

import (
	"fmt"

	"github.com/akin-vision/akin/internal/english"
)

// Info is what a record keeps of the space in which a model was seen.
type Info struct {
	Kind Kind `json:"kind"`
	// Network is the model of which this is a variant, by its name in the run.
	Network string `json:"network"`
	// Reference is the place of the reference pictures, or the file of a transform.
	// Transductive means that they are those which are then compared: a triplet's
	// choice depends on the others' pictures, though on no label of any.
	Reference    string `json:"reference,omitempty"`
	Transductive bool   `json:"transductive,omitempty"`
	Pictures     int    `json:"reference_pictures"` // different ones
	// Vectors are those of words, and Classes of how many of the network's classes
	// have one.
	Vectors string  `json:"word_vectors,omitempty"`
	Classes string  `json:"classes_with_words,omitempty"`
	Weight  float64 `json:"weight,omitempty"` // of words against features
	// Triplets is how many the space was learned from, with their labels.
	Triplets int `json:"triplets,omitempty"`
}

// Describe notes what a fit takes of words.
func (i *Info) Describe(s Spec, f Fit) {
	if s.ReadsWords() {
		i.Vectors, i.Classes = f.Words.Source, fmt.Sprintf("%d of %d", f.Words.Known(), len(f.Words.Classes))
	}
	if s.Kind == Blend {
		i.Weight = f.Weight
	}
}

// String says what was done to the network's outputs, as a reader needs to know it.
func (i Info) String() string {
	words := fmt.Sprintf("names of the likely classes (%s; %s classes have words)", i.Vectors, i.Classes)
	if i.Triplets > 0 {
		return fmt.Sprintf("weights learned from %s of %s", english.Count(i.Triplets, "triplet"), i.Reference)
	}
	switch i.Kind {
	case Association:
		return fmt.Sprintf("names of the likely classes by free associations (%s; %s classes have words)", i.Vectors, i.Classes)
	case Centred:
		return "centred by the mean of " + i.pictures()
	case Whitened:
		return "whitened by " + i.pictures()
	case HubCorrected:
		return "hub-corrected by " + i.pictures()
	case ByWords:
		return words
	case Blend:
		return fmt.Sprintf("blend of features centred by %s and %g x %s", i.pictures(), i.Weight, words)
	}
	return "transformed by " + i.Reference
}

func (i Info) pictures() string {
	if i.Transductive {
		return fmt.Sprintf("the %d pictures of the set itself (transductive)", i.Pictures)
	}
	return fmt.Sprintf("the %d pictures of %s", i.Pictures, i.Reference)
}
