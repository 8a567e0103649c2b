// Command everyday makes the default set from its tables: concepts.csv (what
// each picture shows and evokes), pairs.csv (what belongs together) and
// review.csv (what a person decided about the proposed triplets), all beside
// this file. The same tables and pictures give the same set, byte for byte.
//
//	go run ./compose/everyday --pictures DIR --norms DIR --out stimuli/everyday
//
// A new pair gets a proposed triplet; look at it on the sheets (--sheets DIR),
// decide in review.csv, and run again.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/akin-vision/akin/compose"
)

// seed orders the proposals and draws the random distractors.
const seed = 20121

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

type config struct {
	pictures, norms, out, sheets string
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c config
	flags := flag.NewFlagSet("everyday", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.pictures, "pictures", "", "`folder` with the pictures of "+pictureSource)
	flags.StringVar(&c.norms, "norms", "", "`folder` with "+normFile+"; without it the set's own norms.csv serves")
	flags.StringVar(&c.out, "out", "stimuli/everyday", "`folder` of the set")
	flags.StringVar(&c.sheets, "sheets", "", "`folder` for contact sheets; none without it")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	e, unserved, err := c.compose(ctx)
	if err == nil {
		err = c.write(e)
	}
	if err != nil {
		fmt.Fprintf(stderr, "everyday: error: %v\n", err)
		return 1
	}
	e.report(stdout)
	for _, p := range unserved {
		fmt.Fprintf(stderr, "everyday: warning: no distractor is left for %s, %s (%s)\n", p.Target, p.Related, p.Relation)
	}
	return 0
}

func (c config) compose(ctx context.Context) (*everyday, []compose.Pair, error) {
	var e everyday
	var in compose.Input
	var err error
	if e.concepts, err = readConcepts(); err != nil {
		return nil, nil, err
	}
	if in.Pairs, err = readPairs(); err != nil {
		return nil, nil, err
	}
	if in.Reviews, err = readReviews(); err != nil {
		return nil, nil, err
	}
	if e.norms, err = readNorms(c.norms, c.out); err != nil {
		return nil, nil, err
	}
	if e.pictures, err = readPictures(os.DirFS(c.pictures), e.concepts); err != nil {
		return nil, nil, err
	}
	if e.shape, err = measure(ctx, "edges", e.pictures); err != nil {
		return nil, nil, err
	}
	if e.colour, err = measure(ctx, "colour", e.pictures); err != nil {
		return nil, nil, err
	}
	for _, concept := range e.concepts {
		in.Concepts = append(in.Concepts, concept.Concept)
	}
	in.Shape, in.Colour = e.shape, e.colour
	in.Rated = func(a, b int) bool {
		_, rated := e.norms.of(e.concepts[a].Label, e.concepts[b].Label)
		return rated
	}
	triplets, unserved, err := compose.Compose(in, compose.Options{Seed: seed})
	e.triplets = triplets
	return &e, unserved, err
}

func (c config) write(e *everyday) error {
	if c.sheets != "" {
		if err := e.writeSheets(c.sheets); err != nil {
			return err
		}
	}
	return e.write(c.out)
}
