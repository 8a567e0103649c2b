// Command everyday makes the default set from its tables: concepts.csv (what
// each picture shows and evokes), pairs.csv (what belongs together) and
// review.csv (what was decided about the proposed triplets), all beside
// this file. The same tables and pictures give the same set, byte for byte.
//
//	go run ./compose/everyday
//
// A picture stands in at most two triplets, and at most 30 triplets hang
// together through shared pictures, so that pairs compete for pictures:
// --rounds N composes again and again from parts of the best outcome.
//
// A new pair gets a proposed triplet; look at it on the sheets (--sheets DIR),
// decide in review.csv, and run again. A row of review.csv keeps a triplet,
// refuses one distractor of a pair (the next best is proposed), or drops the
// pair.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/setup"
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
	rounds                       int
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c config
	flags := flag.NewFlagSet("everyday", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.pictures, "pictures", "", "`folder` with the pictures of "+pictureSource+"; without it, where akin setup put them")
	flags.StringVar(&c.norms, "norms", "", "`folder` with "+normFile+"; without it the set's own norms.csv serves")
	flags.StringVar(&c.out, "out", "stimuli/everyday", "`folder` of the set")
	flags.StringVar(&c.sheets, "sheets", "", "`folder` for contact sheets; none without it")
	flags.IntVar(&c.rounds, "rounds", 0, "compose so many `times` more, from parts of the best outcome, until there are 400 triplets")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	e, incomplete, err := c.compose(ctx)
	if err == nil {
		err = c.write(e)
	}
	if err != nil {
		fmt.Fprintf(stderr, "everyday: error: %v\n", err)
		return 1
	}
	e.report(stdout)
	for _, p := range incomplete {
		fmt.Fprintf(stderr, "everyday: warning: no distractor for %s, %s (%s): %s\n", p.Target, p.Related, p.Relation, p.Why)
	}
	return 0
}

func (c config) compose(ctx context.Context) (*everyday, []compose.Incomplete, error) {
	e, err := c.read()
	if err != nil {
		return nil, nil, err
	}
	pairs, err := readPairs()
	if err != nil {
		return nil, nil, err
	}
	reviews, err := readReviews()
	if err != nil {
		return nil, nil, err
	}
	if e.shape, err = measure(ctx, "edges", e.pictures); err != nil {
		return nil, nil, err
	}
	if e.colour, err = measure(ctx, "colour", e.pictures); err != nil {
		return nil, nil, err
	}
	in := compose.Input{
		Pairs: pairs, Reviews: reviews, Shape: e.shape, Colour: e.colour,
		Rated: func(a, b int) bool {
			_, rated := e.norms.rating(e.concepts[a].Label, e.concepts[b].Label)
			return rated
		},
	}
	var table compose.Table
	for _, concept := range e.concepts {
		table = append(table, concept.Concept)
	}
	in.Pictures, in.Ties = table.Names(), tie(table)
	triplets, incomplete, err := rounds(in, compose.Options{Seed: seed, Triplets: 400, MaxRoles: 2, MaxLinked: 30, MaxCell: 67, Level: true}, c.rounds)
	e.triplets = triplets
	return e, incomplete, err
}

// read reads what the set is about: the concepts, their norms and pictures.
func (c config) read() (*everyday, error) {
	concepts, err := readConcepts()
	if err != nil {
		return nil, err
	}
	norms, err := readNorms(c.norms, c.out)
	if err != nil {
		return nil, err
	}
	folder := c.pictures
	if folder == "" {
		if folder, err = installedPictures(); err != nil {
			return nil, err
		}
	}
	pictures, err := readPictures(regular.Dir(folder), concepts)
	return &everyday{concepts: concepts, norms: norms, pictures: pictures}, err
}

func installedPictures() (string, error) {
	cache, err := setup.CacheDir()
	if err != nil {
		return "", err
	}
	working, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return setup.Pictures(cache, working, "fluent-emoji-3d")
}

func (c config) write(e *everyday) error {
	if c.sheets != "" {
		if err := e.writeSheets(c.sheets); err != nil {
			return err
		}
	}
	return e.write(c.out)
}
