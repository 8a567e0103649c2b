// Command evidence measures how far akin's intervals and tests hold what they
// promise: networks that see nothing but chance are set before designs that share
// pictures in many ways, and the share of false findings and of intervals that
// hold the truth is counted.
//
//	go run ./bench/evidence -sets 1000 -out docs/evidence.md
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "evidence:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("evidence", flag.ContinueOnError)
	sets := flags.Int("sets", 1000, "simulated sets for each line")
	seed := flags.Uint64("seed", 1, "seed")
	only := flags.String("design", "", "only designs whose name contains this")
	file := flags.String("out", "", "write the table to this file")
	workers := flags.Int("workers", 2, "sets at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var text strings.Builder
	fmt.Fprintf(&text, opening, *sets, *seed)
	for _, world := range worlds {
		fmt.Fprintf(&text, "\n## %s\n\n%s\n", world.title, tableHead)
		for _, design := range designs() {
			if !strings.Contains(design.name, *only) || !world.holds(design) {
				continue
			}
			t, err := simulate(design, world, *sets, *seed, *workers)
			if err != nil {
				return fmt.Errorf("%s: %w", design.name, err)
			}
			line := t.row(design)
			fmt.Fprint(&text, line)
			fmt.Fprint(out, world.title, ": ", line)
		}
	}
	if *file == "" {
		return nil
	}
	return os.WriteFile(*file, []byte(text.String()), 0o666)
}

const opening = `# Do intervals and tests hold what they promise?

Made by ` + "`make evidence`" + `: %d simulated sets for each line, seed %d. Six networks see pictures as random
vectors, drawn anew for each set; each is judged by ` + "`stats.Compare` and `stats.ByAxes`" + ` as a run is.

*False findings* are shares of tests with p <= .05 where there is nothing to find: of a network's error and AUC
against chance; of two networks' errors and AUCs, by pair, and of sets in which any of the 15 pairs is told apart
after Holm's adjustment; of a network's difference between two relations; of sets in which this differs between
networks. *Coverage* is the share of 95 %% intervals that hold the truth. A test or interval that is not given (null)
finds nothing and misses nothing; the last column says how often an error has none. Where the networks see more than
chance, columns of tests against chance are their power.
`

const tableHead = "| design | error | AUC | two errors | any | two AUCs | any | relation | differs | cover error | cover AUC | cover difference | cover AUC difference | cover relation | null |\n" +
	"|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
