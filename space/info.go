package space

import (
	"crypto/sha256"
	"encoding/hex"
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
	// Triplets is how many the space was learned from, with their labels, and Penalty what
	// held its weights.
	Triplets int     `json:"triplets,omitempty"`
	Penalty  float64 `json:"penalty,omitempty"`
	// Touched is how many triplets of the set show a pair that stands in the norms of a
	// space of associations, and SameNorms are those that made the set, too.
	Touched   int      `json:"touched_triplets,omitempty"`
	SameNorms []string `json:"same_norms,omitempty"`
	// Seen is the SHA-256 over all that makes the space but the set's own pictures: its
	// kind and weight, the bytes of files of words, norms or a matrix, the
	// pictures of another place. Two spaces of one name with different files differ in it.
	Seen string `json:"seen_sha256,omitempty"`
}

// Describe notes what a fit takes of words, and the hash of what it has seen.
func (i *Info) Describe(s Spec, f Fit) {
	if s.ReadsWords() {
		i.Vectors, i.Classes = f.Words.Source, fmt.Sprintf("%d of %d", f.Words.Known(), len(f.Words.Classes))
	}
	if s.Kind == Blend {
		i.Weight = f.Weight
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%v\n", s.Kind, i.Weight)
	if s.ReadsWords() {
		fmt.Fprintf(h, "words %s\n", f.Words.Hash)
	}
	if f.Transform != nil {
		fmt.Fprintf(h, "matrix %s\n", f.TransformHash)
	}
	if !i.Transductive && i.Reference != "" {
		for _, p := range distinct(f.Reference) {
			fmt.Fprintf(h, "picture %s\n", p.Hash)
		}
	}
	i.Seen = hex.EncodeToString(h.Sum(nil))
}

// String says what was done to the network's outputs, as a reader needs to know it.
func (i Info) String() string {
	words := fmt.Sprintf("names of the likely classes (%s; %s classes have words)", i.Vectors, i.Classes)
	if i.Penalty > 0 {
		return fmt.Sprintf("weights learned from %s of %s with the penalty %g", english.Count(i.Triplets, "triplet"), i.Reference, i.Penalty)
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

// KnowsSet reports whether the space was made of what the set asks for.
func (i Info) KnowsSet() bool { return i.Touched > 0 || len(i.SameNorms) > 0 }

func (i Info) pictures() string {
	if i.Transductive {
		return fmt.Sprintf("the %d pictures of the set itself (transductive)", i.Pictures)
	}
	return fmt.Sprintf("the %d pictures of %s", i.Pictures, i.Reference)
}
