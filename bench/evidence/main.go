// Command evidence measures how far akin's intervals and tests hold what they
// promise: networks that see nothing but chance are set before designs that share
// pictures in many ways, and the share of false findings and of intervals that
// hold the truth is counted.
//
//	go run ./bench/evidence
//
// Each line of the table is kept in results.csv as soon as it is known, and the
// document is written from there, so that it can be made in parts.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
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
	within := flags.String("world", "", "only worlds whose title contains this")
	kept := flags.String("results", "bench/evidence/results.csv", "file that keeps the lines")
	document := flags.String("out", "docs/evidence.md", "document to write")
	workers := flags.Int("workers", 2, "sets at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	known, err := readResults(*kept)
	if err != nil {
		return err
	}
	for _, world := range worlds {
		for _, design := range designs() {
			if !strings.Contains(design.name, *only) || !strings.Contains(world.title, *within) || !world.holds(design) {
				continue
			}
			t, err := simulate(design, world, *sets, *seed, *workers)
			if err != nil {
				return fmt.Errorf("%s: %w", design.name, err)
			}
			r := t.result(world, design, *sets)
			known.put(r)
			fmt.Fprintln(out, world.title+":", r.line())
			if err := known.write(*kept); err != nil {
				return err
			}
		}
	}
	return atomicfile.WriteFunc(*document, known.document)
}
