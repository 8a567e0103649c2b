package ingest

import (
	"math"
	"strconv"

	"github.com/akin-vision/akin/stimuli"
)

// compareEmbedding notes how often the pair with the largest product in an embedding of
// the names leaves over the odd item: near 1/3 where numbers are of other names.
func (r *reader) compareEmbedding(s *sheet, how reading) {
	t := &r.mapping.Triplets
	if t.Embedding == "" || how.names == nil || len(t.Items) != 3 {
		return
	}
	table := readSheet(r.source, Table{File: t.Embedding, Headless: true}, &r.problems)
	if table == nil {
		return
	}
	if len(table.rows) != len(how.names) {
		r.problems.add(stimuli.Place{File: t.Embedding}, "has %d rows for %d names", len(table.rows), len(how.names))
		return
	}
	vector := map[string][]float64{}
	for i, row := range table.rows {
		values := make([]float64, len(row.cells))
		for k, cell := range row.cells {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil && cell != "" { // lines may end in a separator
				r.problems.add(table.at(row), "%q is not a number", cell)
				return
			}
			values[k] = v
		}
		vector[how.names[i]] = values
	}
	right, rows := r.leftOver(s, how, vector)
	if rows == 0 {
		return
	}
	share := right / float64(rows)
	error := math.Sqrt(share * (1 - share) / float64(rows))
	r.note("by the embedding %s the odd item is left over in %.1f %% of %d rows (chance is 33.3; standard error %.1f)", t.Embedding, 100*share, rows, 100*error)
	if share-3*error < 1.0/3 {
		r.note("warning: that is near chance: the numbers may be of other names, or the odd item another one")
	}
}

// leftOver counts the rows whose odd item is left over by the most similar pair, by
// shares where pairs are equal.
func (r *reader) leftOver(s *sheet, how reading, vector map[string][]float64) (right float64, rows int) {
	for _, row := range s.rows {
		odd, ok := 2, true
		if how.answer.column != "" {
			odd = how.answer.place(s, row, how.answer.is)
		} else if how.answer.is == oddFirst {
			odd = 0
		}
		var v [3][]float64
		for i, column := range r.mapping.Triplets.Items {
			name, err := how.name(s.cell(row, column))
			v[i], ok = vector[name], ok && err == nil
		}
		if !ok || odd < 0 {
			continue
		}
		rows++
		products := [3]float64{product(v[1], v[2]), product(v[0], v[2]), product(v[0], v[1])} // by the item left over
		best, equal := max(products[0], products[1], products[2]), 0.0
		for _, p := range products {
			if p == best {
				equal++
			}
		}
		if products[odd] == best {
			right += 1 / equal
		}
	}
	return right, rows
}

func product(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
