package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/rehearse"
	"github.com/akin-vision/akin/internal/english"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

// rehearseFlags say who rehearses what.
type rehearseFlags struct {
	studyFlags
	careful, random, careless int
	agreement, quit           float64
	seed                      uint64
	atOnce                    int
	out                       string
}

func (c *console) collectRehearseCommand() *cobra.Command {
	var f rehearseFlags
	cmd := &cobra.Command{
		Use:   "rehearse SET",
		Short: "try a study with simulated people",
		Long: `rehearse serves the study on this machine and sends simulated people through it as
their browsers would. Their answers go to a database of their own, which is
deleted at the end unless --db names it; never name the study's.

Careful people answer by an item's true value, drawn at random and higher for
related pictures, and by noise: --agreement is the share of the variance of
single answers that lies between items. Random ones answer anything, careless
ones always the same and fast.`,
		Example: `  akin collect rehearse my-set
  akin collect rehearse my-set --careful 40 --careless 5 --agreement 0.3 --out rehearsed && akin run rehearsed`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return c.rehearse(cmd.Context(), args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.study, "study", "", "the study's file (default: study.toml in the set's folder)")
	flags.StringVar(&f.db, "db", "", "keep the answers in this new database")
	flags.IntVar(&f.careful, "careful", 20, "careful people")
	flags.IntVar(&f.random, "random", 1, "people who answer at random")
	flags.IntVar(&f.careless, "careless", 1, "people who always answer the same")
	flags.Float64Var(&f.agreement, "agreement", 0.4, "reliability of a careful person's answer, between 0 and 1")
	flags.Float64Var(&f.quit, "quit", 0.05, "share of people who go away before the end")
	flags.Uint64Var(&f.seed, "seed", 1, "seed of all answers")
	flags.IntVar(&f.atOnce, "at-once", 20, "people at the same time")
	flags.StringVar(&f.out, "out", "", "export into a copy of the set in this folder")
	c.jsonFlag(cmd, "print where the study then stands as JSON")
	return cmd
}

func (c *console) rehearse(ctx context.Context, set string, f rehearseFlags) (err error) {
	if f.db == "" {
		dir, err := os.MkdirTemp("", "akin-rehearsal-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		f.db = filepath.Join(dir, "rehearsal.db")
	}
	o, err := c.openStudy(ctx, set, f.studyFlags, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Store.Close()) }()
	if people, err := o.Store.People(ctx); err != nil || len(people) > 0 {
		return errors.Join(err, errors.New("the database has people in it; a rehearsal wants a new one"))
	}
	if err := o.Fits(); err != nil && f.out != "" {
		return err // before all the walking
	}
	result, err := c.walkThrough(ctx, o, f)
	if err != nil {
		return err
	}
	status, err := o.Status(ctx, time.Now())
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := copySet(set, o.Set, o.pictures, f.out); err != nil {
			return err
		}
		if _, err := o.Export(ctx, f.out, collect.ExportOptions{}); err != nil {
			return err
		}
	}
	if c.asJSON {
		return c.printJSON(struct {
			*rehearse.Result
			Status *collect.Status `json:"status"`
		}{result, status})
	}
	fmt.Fprintf(c.prose(), "%s finished, %d went away, %d came when the study was full\n\n", english.Count(result.Finished, "simulated person"), result.Quit, result.Full)
	c.printStatus(status, 0)
	return nil
}

// walkThrough serves the study on loopback while the people walk.
func (c *console) walkThrough(ctx context.Context, o *opened, f rehearseFlags) (*rehearse.Result, error) {
	s, err := c.listen(ctx, o, serveFlags{address: "127.0.0.1:0", watch: "127.0.0.1:0"})
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx) // a server that fails ends the walk
	serving, stop := context.WithCancel(ctx)
	defer stop()
	var result *rehearse.Result
	group.Go(func() error { return s.run(serving) })
	group.Go(func() (err error) {
		defer stop()
		result, err = rehearse.Run(ctx, o.Collection, s.peopleURL, rehearse.Options{
			People:    map[rehearse.Manner]int{rehearse.Careful: f.careful, rehearse.Random: f.random, rehearse.Careless: f.careless},
			Agreement: f.agreement, Quit: f.quit, Seed: f.seed, AtOnce: f.atOnce,
		})
		return err
	})
	err = group.Wait()
	return result, err
}
