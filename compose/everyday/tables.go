package main

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/compose"
)

// The tables from which the set is made, all written and reviewed by hand.
var (
	//go:embed concepts.csv
	conceptsCSV []byte
	//go:embed pairs.csv
	pairsCSV []byte
	//go:embed review.csv
	reviewCSV []byte
)

// concept is a row of concepts.csv: a concept and the file of its picture.
type concept struct {
	compose.Concept
	Picture string // file name, such as 1f40e.webp
}

func readConcepts() ([]concept, error) {
	rows, err := readRows("concepts.csv", conceptsCSV, "hexcode", "label", "category", "domain", "themes")
	var concepts []concept
	for _, r := range rows {
		concepts = append(concepts, concept{
			compose.Concept{Label: r[1], Category: r[2], Domain: r[3], Themes: strings.Fields(r[4])},
			strings.ToLower(r[0]) + ".webp",
		})
	}
	return concepts, err
}

func readPairs() ([]compose.Pair, error) {
	rows, err := readRows("pairs.csv", pairsCSV, "target", "related", "relation")
	var pairs []compose.Pair
	for _, r := range rows {
		pairs = append(pairs, compose.Pair{Target: r[0], Related: r[1], Relation: r[2]})
	}
	return pairs, err
}

func readReviews() ([]compose.Review, error) {
	rows, err := readRows("review.csv", reviewCSV, "target", "related", "unrelated", "distractor", "decision", "reason")
	var reviews []compose.Review
	for _, r := range rows {
		reviews = append(reviews, compose.Review{
			Target: r[0], Related: r[1], Unrelated: r[2], Distractor: r[3], Decision: r[4], Reason: r[5],
		})
	}
	return reviews, err
}

// readRows reads a table whose header must be exactly the given one.
func readRows(file string, data []byte, header ...string) ([][]string, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], header) {
		return nil, fmt.Errorf("%s: the header is not %s", file, strings.Join(header, ","))
	}
	return rows[1:], nil
}

// ties is a table that was asked once for every two of its concepts: a
// composition asks for each many times.
type ties struct {
	compose.Table
	tied []bool // by both indices
}

func tie(t compose.Table) ties {
	tied := make([]bool, 0, len(t)*len(t))
	for a := range t {
		for b := range t {
			tied = append(tied, t.Tied(a, b))
		}
	}
	return ties{t, tied}
}

func (t ties) Tied(a, b int) bool { return t.tied[a*len(t.Table)+b] }
