package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/ingest"
)

// setAnswers takes KEY=VALUE: what a table or a file of matrices leaves open.
func setAnswers(m *ingest.Mapping, given []string) error {
	t, j := &m.Triplets, &m.Judgements
	keys := map[string]*string{
		"odd_is": &t.OddIs, "chosen_is": &t.ChosenIs, "votes": &t.Votes, "index_map": &t.IndexMap, "embedding": &t.Embedding, "names": &t.Names,
		"values": &j.Values, "order": &j.Order, "diagonal": &j.Diagonal, "task": &m.Task,
	}
	for _, text := range given {
		key, value, ok := strings.Cut(text, "=")
		value = strings.Trim(value, `"`)
		switch number, err := strconv.Atoi(value); {
		case ok && keys[key] != nil:
			*keys[key] = value
			if key == "names" {
				j.Names = value
			}
		case ok && key == "base" && err == nil:
			t.Base = &number
		case ok && key == "min_votes" && err == nil:
			t.MinVotes = float64(number)
		default:
			known := append(slices.Sorted(maps.Keys(keys)), "base", "min_votes")
			return usageError{fmt.Errorf("--answer %q is not KEY=VALUE with a key of %s", text, strings.Join(known, ", "))}
		}
	}
	return nil
}

// setWhere takes COLUMN=VALUE of the table of triplets, judgements.COLUMN=VALUE of that
// of judgements.
func setWhere(m *ingest.Mapping, given []string) error {
	for _, text := range given {
		column, value, ok := strings.Cut(text, "=")
		if !ok || column == "" {
			return usageError{fmt.Errorf("--where %q is not COLUMN=VALUE", text)}
		}
		table := &m.Triplets.Table
		if of, is := strings.CutPrefix(column, "judgements."); is {
			table, column = &m.Judgements.Table, of
		}
		if table.Where == nil {
			table.Where = map[string]string{}
		}
		table.Where[column] = value
	}
	return nil
}
