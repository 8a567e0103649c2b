package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
)

// result is a line of the table.
type result struct {
	world, design string
	sets          int
	share         [columns]float64
}

// line is the result in Markdown.
func (r result) line() string {
	cells := []string{r.design, strconv.Itoa(r.sets)}
	for _, share := range r.share {
		cells = append(cells, strings.TrimPrefix(fmt.Sprintf("%.3f", share), "0"))
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

// results are the lines known so far.
type results []result

func readResults(file string) (results, error) {
	data, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer data.Close()
	rows, err := csv.NewReader(data).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var list results
	for _, row := range rows[min(1, len(rows)):] {
		r := result{world: row[0], design: row[1]}
		if r.sets, err = strconv.Atoi(row[2]); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for c := range r.share {
			if r.share[c], err = strconv.ParseFloat(row[3+c], 64); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
		list = append(list, r)
	}
	return list, nil
}

// put replaces the line of the same world and design, or adds one.
func (list *results) put(r result) {
	if at := list.find(r.world, r.design); at >= 0 {
		(*list)[at] = r
		return
	}
	*list = append(*list, r)
}

func (list results) find(world, design string) int {
	for i, r := range list {
		if r.world == world && r.design == design {
			return i
		}
	}
	return -1
}

func (list results) write(file string) error {
	return atomicfile.WriteFunc(file, func(w io.Writer) error {
		rows := csv.NewWriter(w)
		header := append([]string{"world", "design", "sets"}, columnNames[:]...)
		if err := rows.Write(header); err != nil {
			return err
		}
		for _, r := range list {
			row := []string{r.world, r.design, strconv.Itoa(r.sets)}
			for _, share := range r.share {
				row = append(row, strconv.FormatFloat(share, 'f', 4, 64))
			}
			if err := rows.Write(row); err != nil {
				return err
			}
		}
		rows.Flush()
		return rows.Error()
	})
}

// document is docs/evidence.md, in the order of worlds and designs.
func (list results) document(w io.Writer) error {
	var text strings.Builder
	text.WriteString(opening)
	head := "\n| design | sets | " + strings.Join(columnNames[:], " | ") + " |\n|---|" + strings.Repeat("---|", 1+len(columnNames)) + "\n"
	for _, world := range worlds {
		var lines []string
		for _, design := range designs() {
			if at := list.find(world.title, design.name); at >= 0 {
				lines = append(lines, list[at].line())
			}
		}
		if len(lines) > 0 {
			fmt.Fprintf(&text, "\n## %s\n%s%s\n", world.title, head, strings.Join(lines, "\n"))
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}

var columnNames = [columns]string{
	"error", "AUC", "two errors", "any", "two AUCs", "any AUC", "relation", "differs",
	"cover error", "cover AUC", "cover difference", "cover AUC difference", "cover relation", "null",
}

const opening = `# Do intervals and tests hold what they promise?

Made by ` + "`make evidence`" + `, which computes every line anew; ` + "`make evidence ONLY='-design \"fully crossed\" -sets 200'`" + ` computes
some and keeps the others (` + "`bench/evidence/results.csv`" + `). Six networks see pictures as random vectors, drawn anew for each
simulated set; each is judged by ` + "`stats.Compare` and `stats.ByAxes`" + ` as a run is. Seed 1.

*False findings* are shares of tests with p <= .05 where there is nothing to find: of a network's error and AUC
against chance; of two networks' errors and AUCs, by pair, and of sets in which any of the 15 pairs is told apart
after Holm's adjustment; of a network's difference between two relations; of sets in which this differs between
networks. *Cover* is the share of 95 % intervals that hold the truth. A test or interval that is not given (null)
finds nothing and misses nothing; the last column says how often an error has none. Where the networks see more than
chance, columns of tests against chance are their power. A share near .05 of 1,000 sets has a standard error of .007,
of 10,000 sets .002; shares by network and pair somewhat less.
`
