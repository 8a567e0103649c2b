// Package stimuli holds what people and models are shown: sets of picture
// triplets (target, related, unrelated) with their ratings and tags, read
// from a folder of set.toml and CSV files and checked line by line.
package stimuli

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"math"
)

// Hash is the SHA-256 of a picture's file; features are bound to it.
type Hash [sha256.Size]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Picture is one file of a set. Two pictures with one Hash are the same
// picture under two names.
type Picture struct {
	Path  string // slash-separated, relative to the set's pictures
	Label string // from pictures.csv, else from the triplet that names it first
	// Category is from pictures.csv; figures are given for each.
	Category string
	Hash     Hash
	Bytes    int64 // size of the file
	Named    Place // where the set names it first
}

// Place is a line of one of a set's files.
type Place struct {
	File string
	Line int
}

// The relations that a related picture can have to its target (the paper's
// similarity and association; v2 of arXiv 1709.03806: categorical, contextual).
const (
	Taxonomic = "taxonomic"
	Thematic  = "thematic"
)

// The ways in which an unrelated picture was chosen.
const (
	ColourMatched = "colour"
	ShapeMatched  = "shape"
	RandomChoice  = "random"
)

// Triplet is one stimulus: which of Related and Unrelated belongs to Target?
type Triplet struct {
	ID                         string
	Target, Related, Unrelated *Picture
	// Labels as this triplet names its pictures; may be empty.
	TargetLabel, RelatedLabel, UnrelatedLabel string
	// Mean human relatedness of (Target, Related) and (Target, Unrelated) on
	// the set's scale; NaN where nobody rated the pair.
	RatingRelated, RatingUnrelated float64
	Relation                       string // of Related: Taxonomic, Thematic, or empty
	Distractor                     string // how Unrelated was chosen, or empty
	Tags                           map[string]string
	Line                           int // in triplets.csv
}

// Rated reports whether both pairs of the triplet carry a rating.
func (t *Triplet) Rated() bool {
	return !math.IsNaN(t.RatingRelated) && !math.IsNaN(t.RatingUnrelated)
}

// Shown are the three pictures: target, related, unrelated.
func (t *Triplet) Shown() [3]*Picture { return [3]*Picture{t.Target, t.Related, t.Unrelated} }

// Identities name the three pictures by their hash, for statistics: one picture under
// two names is one picture.
func (t *Triplet) Identities() [3]string {
	return [3]string{t.Target.Hash.String(), t.Related.Hash.String(), t.Unrelated.Hash.String()}
}

// Labels are those of the three pictures: the triplet's own, else the picture's.
func (t *Triplet) Labels() [3]string {
	return [3]string{
		cmp.Or(t.TargetLabel, t.Target.Label), cmp.Or(t.RelatedLabel, t.Related.Label), cmp.Or(t.UnrelatedLabel, t.Unrelated.Label),
	}
}

// Norms are published figures that a set was made of, by the hash of what they say.
type Norms struct {
	Source string `toml:"source"`
	SHA256 string `toml:"sha256"`
}

// Judgement is one person's rating of one pair on one scale, a row of ratings.csv.
type Judgement struct {
	Rater string
	A, B  *Picture
	Scale string
	Value float64
	Line  int // in ratings.csv
}

// Set is a benchmark: triplets over pictures, or what else people judged, and where
// it comes from.
type Set struct {
	Name, Version, Title            string
	Licence, Source, Citation, Note string
	Collection                      string // named picture collection, empty where the set's folder holds them
	Task                            Task
	Trials                          *Trials   // of OddOneOut and Votes; else nil
	Matrices                        *Matrices // of Matrix; else nil
	Items                           []Item    // of Matrix, where pictures.csv names them; else nil
	Ceiling                         float64   // that was published for the set, 0 where none was given
	RatingMin, RatingMax            float64
	Triplets                        []Triplet
	Pictures                        []*Picture // each path once, in order of first appearance
	Judgements                      []Judgement
	Norms                           []Norms  // that decided what belongs together, as far as the manifest says so
	TagNames                        []string // further columns of triplets.csv, in file order
	Warnings                        Problems // what reads well and is probably not meant
	Digest                          string   // hex SHA-256 over the manifest and every picture's hash
}
