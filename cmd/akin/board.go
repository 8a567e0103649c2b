package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/akin-vision/akin/board"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/words"
	"github.com/spf13/cobra"
)

// boardOptions say what is added to the table, and what is demanded of it.
type boardOptions struct {
	speed     bool
	models    []string
	failAbove float64
	page      string // file of the heat map; empty: none
}

func (c *console) boardCommand() *cobra.Command {
	var o boardOptions
	cmd := &cobra.Command{
		Use:   "board RUN...",
		Short: "one table of models and sets: errors, ranks, size and speed",
		Long: `board puts recorded runs side by side: one row a model, one column a set. A cell
has the error with its interval and the rank that the model may have; models that
cannot be told from the best are marked. Layers and 8-bit forms stand under their
network. All figures are those of the records; nothing is computed anew.

RUN is a folder, or a file of result cards that --json wrote, perhaps by others.
Each card holds the hashes of graph, recipe, set and run, and one of itself. Runs
that do not belong in one table are refused: a set with other content, a model
with other bytes, another similarity.

Two sets or more are shown as a heat map, too: how far each figure lies from chance.
Sets of other tasks than triplets (odd-one-out, votes, matrices) stand in it with the
figure of their task; --page writes it as a page.

--speed measures the networks that are on this machine; --model names files that
only a path leads to. --fail-above is for continuous integration.`,
		Example: `  akin board runs/everyday runs/photo-pairs
  akin board runs/everyday --speed --model resnet50.onnx
  akin board runs/everyday --json > ours.json
  akin board ours.json theirs.json
  akin board runs/everyday runs/things --page board.html
  akin board runs/everyday --fail-above 30      exit code 3 if any error is above 30 %`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(o.failAbove >= 0 && o.failAbove <= 100) {
				return usageError{fmt.Errorf("akin board: --fail-above %v: write per cent, from 0 to 100", o.failAbove)}
			}
			b, err := readBoard(args)
			if err != nil {
				return err
			}
			if o.page != "" {
				if err := writeHeat(b, o.page); err != nil {
					return err
				}
			}
			if err := c.printBoard(cmd.Context(), b, o); err != nil {
				return err
			}
			if !cmd.Flags().Changed("fail-above") {
				return nil
			}
			return notAbove(b, o.failAbove)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.speed, "speed", false, "measure pictures a second of the networks that are on this machine")
	flags.StringArrayVar(&o.models, "model", nil, "with --speed: an .onnx file of the runs, or a name; repeatable")
	flags.Float64Var(&o.failAbove, "fail-above", 0, "exit 3 if any error is above so many per cent, or not defined")
	flags.StringVar(&o.page, "page", "", "write the heat map of several sets as a page, such as board.html")
	c.jsonFlag(cmd, "print result cards, which akin board reads again")
	return cmd
}

// readBoard reads runs and files of result cards.
func readBoard(args []string) (board.Board, error) {
	var all []board.Card
	for _, arg := range args {
		cards, err := readCards(arg)
		if err != nil {
			return board.Board{}, err
		}
		all = append(all, cards...)
	}
	return board.New(all)
}

// notThereError is an argument of the board that names nothing.
type notThereError struct{ name string }

func (e *notThereError) Error() string {
	return e.name + " is neither a run's folder nor a file of cards: it is not there"
}

func readCards(arg string) ([]board.Card, error) {
	info, err := os.Stat(arg)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &notThereError{arg}
	}
	if err == nil && !info.IsDir() {
		data, err := regular.ReadFile(arg)
		if err != nil {
			return nil, err
		}
		return board.ParseCards(arg, data)
	}
	run, err := record.Load(arg)
	if otherTask(err) != nil {
		run, statistics, err := judged.Recorded(arg)
		if err != nil {
			return nil, err
		}
		return board.JudgedCards(run, statistics)
	}
	if err != nil {
		return nil, err
	}
	statistics, err := run.Recorded(arg)
	if err != nil {
		return nil, err
	}
	return board.Cards(run, statistics)
}

func (c *console) printBoard(ctx context.Context, b board.Board, o boardOptions) error {
	if c.asJSON {
		return c.printJSON(b)
	}
	var speed map[string]float64
	if o.speed {
		var err error
		if speed, err = c.measure(ctx, b, o.models); err != nil {
			return err
		}
	}
	if b.Triplets() {
		fmt.Fprint(c.prose(), words.Board(b, speed, b.Cards[0].Run.Level, c.width()))
	}
	if b.Heat != nil {
		fmt.Fprint(c.prose(), "\n", words.Heat(b, c.width()))
	}
	return nil
}

// measure gives pictures a second, by graph, of the board's networks that are here.
func (c *console) measure(ctx context.Context, b board.Board, given []string) (map[string]float64, error) {
	found := map[string]*model.Model{}
	for _, name := range given {
		m, err := c.home.FindModel(name)
		if err != nil {
			return nil, err
		}
		found[m.Hash] = m
	}
	for _, row := range b.Rows {
		if m, err := c.home.FindModel(row.Network); err == nil && m.Hash == row.Hash {
			found[m.Hash] = m
		}
	}
	rates := map[string]float64{}
	for _, row := range b.Rows {
		m := found[row.Hash]
		if m == nil || m.IsBaseline() || rates[m.Hash] > 0 {
			continue
		}
		fmt.Fprintln(c.err, "measuring", m.Name)
		rate, err := c.rate(ctx, m)
		if err != nil {
			return nil, model.Named(m.Name, err)
		}
		rates[m.Hash] = rate
	}
	return rates, nil
}

func (c *console) rate(ctx context.Context, m *model.Model) (float64, error) {
	computer, err := c.home.Machine().Open(compute.Options{}, m)
	if err != nil {
		return 0, err
	}
	defer computer.Close()
	return computer.Rate(ctx, m)
}

// notAbove is the gate of --fail-above.
func notAbove(b board.Board, percent float64) error {
	above := b.Above(percent / 100)
	if len(above) == 0 {
		return nil
	}
	return gateError{fmt.Errorf("error above %v %%: %s", percent, strings.Join(above, ", ")), ""}
}
