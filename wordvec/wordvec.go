// Package wordvec gives words vectors that were learned from text, so that
// pictures can be compared by what the names of their classes mean.
package wordvec

import (
	"errors"
	"math"
	"strings"
)

// Vectors are those of the words of one source, each of length 1.
type Vectors struct {
	Source string // for people: where they come from
	Hash   string // hex SHA-256 of the file, or of the norms that were walked over
	Dim    int
	words  map[string][]float32
}

// ErrNoWords is a file of vectors that holds none of the words wanted.
var ErrNoWords = errors.New("the file holds no vector of any word wanted")

// Len is the number of words.
func (v *Vectors) Len() int { return len(v.words) }

// Word returns a word's vector of length 1, nil where there is none. It must not be
// changed.
func (v *Vectors) Word(word string) []float32 { return v.words[strings.ToLower(word)] }

// Phrase is a name and the words that stand for it.
type Phrase struct {
	Words  []string // as the vectors have them; empty: none stands for the name
	Whole  bool     // no part of the name was left out
	Vector []float32
}

// Find gives the first of several names of one thing whose parts all have
// vectors; failing that, the first whose last part has one ("water ouzel"). The
// vector of several parts is the mean of theirs, made of length 1: a compound
// that stands in the vocabulary only with a hyphen is a rare word, and its own
// vector a poor one.
func (v *Vectors) Find(names ...string) Phrase {
	for _, name := range names {
		if words := v.all(Parts(name)); words != nil {
			return Phrase{words, true, v.mean(words)}
		}
	}
	for _, name := range names {
		parts := Parts(name)
		if words := v.all(parts[max(0, len(parts)-1):]); words != nil {
			return Phrase{words, false, v.mean(words)}
		}
	}
	return Phrase{}
}

// all are the words that stand for the parts of a name, nil where one lacks.
func (v *Vectors) all(parts []string) []string {
	var words []string
	for _, part := range parts {
		word := ""
		for _, form := range forms(part) {
			if v.words[form] != nil {
				word = form
				break
			}
		}
		if word == "" {
			return nil
		}
		words = append(words, word)
	}
	return words
}

func (v *Vectors) mean(words []string) []float32 {
	sum := make([]float64, v.Dim)
	for _, word := range words {
		for k, x := range v.words[word] {
			sum[k] += float64(x)
		}
	}
	mean := make([]float32, v.Dim)
	for k, x := range sum {
		mean[k] = float32(x)
	}
	unit(mean)
	return mean
}

// Parts cuts a name into the words that are looked up: lower case, cut at spaces,
// underscores and hyphens, without a possessive.
func Parts(name string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(name), "'s", ""), func(r rune) bool {
		return r == ' ' || r == '_' || r == '-' || r == ',' || r == '.' || r == '(' || r == ')'
	})
}

// irregular are endings of plurals that follow no rule; at most one fits a word. That of
// women, snowmen and others is men.
var irregular = map[string]string{"men": "man", "mice": "mouse", "geese": "goose", "teeth": "tooth", "feet": "foot", "children": "child", "oxen": "ox"}

// forms are a word and what it may be the plural of.
func forms(word string) []string {
	list := []string{word}
	for _, ending := range [][2]string{{"ies", "y"}, {"ves", "f"}, {"ves", "fe"}, {"es", ""}, {"s", ""}} {
		if stem, plural := strings.CutSuffix(word, ending[0]); plural && len(stem) > 1 {
			list = append(list, stem+ending[1])
		}
	}
	for plural, singular := range irregular {
		if stem, ends := strings.CutSuffix(word, plural); ends {
			list = append(list, stem+singular)
		}
	}
	return list
}

// Needed reports which words may stand for names, so that of a large file no others
// are kept.
func Needed(names ...string) func(word string) bool {
	words := map[string]bool{}
	for _, name := range names {
		for _, part := range Parts(name) {
			for _, form := range forms(part) {
				words[form] = true
			}
		}
	}
	return func(word string) bool { return words[word] }
}

// unit gives a vector length 1; one of length 0 stays.
func unit(v []float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	length := math.Sqrt(sum)
	for k, x := range v {
		v[k] = float32(float64(x) / length)
	}
}
