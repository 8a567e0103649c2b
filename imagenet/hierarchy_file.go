package imagenet

import (
	"bufio"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
)

// hierarchyFile holds the nouns above the 1,000 classes with all their
// hypernyms; its header is WordNet's licence.
//
//go:embed hierarchy.txt
var hierarchyFile string

// WordNet returns the embedded hierarchy: the part of WordNet 3.0 above the
// 1,000 classes, every hypernym of every class up to "entity". Of its 1,860
// nouns, 75 have two or more hypernyms.
var WordNet = sync.OnceValue(func() *Hierarchy {
	var nouns []Noun
	for line := range strings.Lines(hierarchyFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		above := strings.FieldsFunc(cells[1], func(r rune) bool { return r == ',' })
		nouns = append(nouns, Noun{ID: cells[0], Name: cells[2], Above: above})
	}
	h, err := NewHierarchy(nouns, WNIDs())
	if err != nil {
		panic(err) // embedded and tested
	}
	return h
})

// ReadIsA reads is-a relations, one a line: the ids of a noun and of a hypernym,
// in either order. A noun with several hypernyms has several lines. Empty lines
// and those that begin with # are passed over.
func ReadIsA(r io.Reader) ([][2]string, error) {
	var pairs [][2]string
	err := eachEntry(r, func(a, b string) error {
		if b == "" || strings.ContainsAny(b, " \t") {
			return errors.New("an is-a line has two ids, a class and what it is")
		}
		pairs = append(pairs, [2]string{a, b})
		return nil
	})
	return pairs, err
}

// Nouns makes nouns of is-a relations. Some lists give the hypernym second, and
// ImageNet's wordnet.is_a.txt gives it first: right is the order that puts
// something above more of the classes. names are by id, synonyms separated by
// commas; those of WordNet inside akin stand in.
func Nouns(pairs [][2]string, classes []string, names map[string]string) ([]Noun, error) {
	stands := [2]map[string]bool{{}, {}}
	for _, pair := range pairs {
		stands[0][pair[0]], stands[1][pair[1]] = true, true
	}
	var count [2]int
	for _, class := range classes {
		for column := range count {
			if stands[column][class] {
				count[column]++
			}
		}
	}
	if count[0] == count[1] {
		return nil, fmt.Errorf("cannot tell which of the two ids of a line is the hypernym: of the %d classes, %d stand first in some line, and %d second", len(classes), count[0], count[1])
	}
	child := 0
	if count[1] > count[0] {
		child = 1
	}
	above := map[string][]string{}
	for _, pair := range pairs {
		noun, hypernym := pair[child], pair[1-child]
		if !slices.Contains(above[noun], hypernym) {
			above[noun] = append(above[noun], hypernym)
		}
		if _, known := above[hypernym]; !known {
			above[hypernym] = nil // a root has no line of its own
		}
	}
	var nouns []Noun
	for _, id := range slices.Sorted(maps.Keys(above)) {
		first, _, _ := strings.Cut(names[id], ",")
		nouns = append(nouns, Noun{ID: id, Name: cmp.Or(first, WordNet().Name(id)), Above: above[id]})
	}
	return nouns, nil
}

// ReadClasses reads a list of ids, one a line, each with its names after a tab
// or spaces where there are any: the classes of a network by output, or the
// names of nouns, as words.txt of ImageNet has them.
func ReadClasses(r io.Reader) ([]Class, error) {
	var classes []Class
	first := map[string]bool{}
	err := eachEntry(r, func(id, names string) error {
		if first[id] {
			return fmt.Errorf("%s stands twice", id)
		}
		first[id] = true
		classes = append(classes, Class{WNID: id, Names: names})
		return nil
	})
	if err == nil && len(classes) == 0 {
		err = errors.New("lists no class; give one id a line")
	}
	return classes, err
}

// eachEntry calls add with the first word and the rest of every line; at most
// ten faults are told, with their lines.
func eachEntry(r io.Reader, add func(id, rest string) error) error {
	var faults []error
	lines := bufio.NewScanner(r)
	number := 0
	for lines.Scan() {
		number++
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, rest := line, ""
		if at := strings.IndexAny(line, " \t"); at >= 0 {
			id, rest = line[:at], strings.TrimSpace(line[at:])
		}
		if err := add(id, rest); err != nil {
			faults = append(faults, fmt.Errorf("line %d: %w", number, err))
		}
	}
	return errors.Join(tenOf(faults), lines.Err())
}

// tenOf joins the first ten faults and counts the others.
func tenOf(faults []error) error {
	if len(faults) > 10 {
		faults = append(faults[:10], fmt.Errorf("and %d more", len(faults)-10))
	}
	return errors.Join(faults...)
}
