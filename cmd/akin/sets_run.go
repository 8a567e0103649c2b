package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"cmp"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/page/heat"
	"github.com/akin-vision/akin/words"
)

// boardPage is the heat map beside the records of several sets.
const boardPage = "board.html"

// evaluateSets runs the models on several sets, each with a record of its own, and
// prints them as one map. Features of a picture that several sets have are computed
// once: the store knows it by its bytes.
func (c *console) evaluateSets(ctx context.Context, sets []string, config akin.Config, o runOptions) error {
	for i, set := range sets {
		if slices.Contains(sets[:i], set) {
			return usageError{fmt.Errorf("set %s is given twice", set)}
		}
	}
	folder := cmp.Or(o.out, "runs")
	written := map[string]string{} // sets by their folder
	var cards []board.Card
	var unchecked []error
	for _, set := range sets {
		start := time.Now()
		config.Set, o.out = set, ""
		done, err := c.compute(ctx, config, o, func(set string) string { return filepath.Join(folder, set) })
		if err != nil {
			return fmt.Errorf("set %s: %w", set, err)
		}
		out := filepath.Join(folder, done.folder(config))
		if other, taken := written[out]; taken {
			return fmt.Errorf("the sets %s and %s are both written to %s; give one of them another name in its set.toml", other, set, out)
		}
		written[out] = set
		if err := done.write(out); err != nil {
			return err
		}
		own, err := readCards(out)
		if err != nil {
			return err
		}
		cards = append(cards, own...)
		if err := c.conclude(done.run, config, o, out, done.features, time.Since(start)); err != nil {
			var gate gateError
			if !errors.As(err, &gate) {
				return err
			}
			unchecked = append(unchecked, err)
		}
	}
	b, err := board.New(cards)
	if err != nil {
		return err
	}
	file := filepath.Join(folder, boardPage)
	if err := writeHeat(b, file); err != nil {
		return err
	}
	if err := show(c, b, func(b board.Board) { fmt.Fprint(c.prose(), words.Heat(b, c.width())) }); err != nil {
		return err
	}
	fmt.Fprintln(c.err, "Heat map:", file)
	if len(unchecked) > 0 {
		return unchecked[0]
	}
	return nil
}

// writeHeat writes a board of several sets as a page.
func writeHeat(b board.Board, file string) error {
	p, err := heat.New(b)
	if err != nil {
		return err
	}
	return atomicfile.WriteFunc(file, p.Write)
}
