package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/paper"
	"github.com/akin-vision/akin/record"
	"github.com/spf13/cobra"
)

func (c *console) paperCommand() *cobra.Command {
	var o paper.Options
	var asked *resampling
	var out, pictures string
	cmd := &cobra.Command{
		Use:   "paper RUN",
		Short: "make every figure and table of the paper from a run",
		Long: `paper reads a run's record and makes what arXiv 1709.03806 shows, for the run's
set and models: figures/ as SVG, PDF and 300-dpi PNG with the CSV of their
points, tables/ as CSV, Markdown, LaTeX and HTML, and the paper's claims with
our figures, intervals and verdicts; methods.md, methods.tex and references.bib say
what was done and whom to cite. What cannot be computed says which input is
missing. docs/paper.md lists the files and the rules of the verdicts.

Of a run of another task (docs/tasks.md) it makes that task's tables and figure,
and the section on methods.`,
		Example: `  akin paper runs/everyday
  akin paper runs/everyday --model small-mobilenet --cases 9 --out manuscript
  akin paper runs/my-set --pictures my-set --json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if o.Cases < 1 || o.Cases > 60 {
				return usageError{errors.New("akin paper: --cases is 1 to 60")}
			}
			return c.paper(args[0], cmp.Or(out, args[0]), pictures, o, asked)
		},
	}
	asked = resamplingFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&out, "out", "", "folder for all files (default: the run's)")
	flags.StringVar(&o.Model, "model", "", "model of the figures about one model (default: the trained one with the lowest error)")
	flags.IntVar(&o.Cases, "cases", 6, "triplets of each gallery and section")
	flags.StringVar(&pictures, "pictures", "", "folder of the set's pictures (default: where the run found them)")
	c.jsonFlag(cmd, "print paper.json")
	return cmd
}

func (c *console) paper(dir, out, pictures string, o paper.Options, asked *resampling) error {
	run, err := record.Load(dir)
	if otherTask(err) != nil {
		if o.Model != "" {
			return usageError{errors.New("akin paper: --model is for runs of triplets; tables of other tasks have all models")}
		}
		return c.paperOfTask(dir, out, asked)
	}
	if err != nil {
		return err
	}
	statistics, err := asked.analysis(run, dir)
	if err != nil {
		return err
	}
	p, err := c.home.Paper(run, statistics, pictures, o)
	var unknown *paper.ModelError
	if errors.As(err, &unknown) {
		return usageError{fmt.Errorf("akin paper: --model %w", err)}
	}
	if err != nil {
		return err
	}
	if err := p.Write(out); err != nil {
		return err
	}
	return c.printPaper(p, out)
}

// paperOfTask is paper for runs of other tasks than triplets.
func (c *console) paperOfTask(dir, out string, asked *resampling) error {
	run, recorded, err := judged.Load(dir)
	if err != nil {
		return err
	}
	s, err := run.Analysis(dir, asked.over(recorded))
	if err != nil {
		return err
	}
	p := paper.NewTask(run, s)
	if err := p.Write(out); err != nil {
		return err
	}
	return c.printPaper(p, out)
}

// howToGet says how to get an input that is missing.
var howToGet = map[paper.Need]string{
	paper.NeedFailures:    "akin imagenet failures MODEL --images DIR --into RUN keeps them",
	paper.NeedAllFailures: "akin imagenet failures MODEL --images DIR --limit 0 --into RUN keeps all",
	paper.NeedRatings:     "add the columns rating_related and rating_unrelated to triplets.csv, or single judgements as ratings.csv, and run again",
	paper.NeedModels:      "run several with akin run --model A --model B",
	paper.NeedSpaces:      "run again with --space blend and --space centred; akin learn tries more, on data left out",
	paper.NeedTopOne:      "cards hold published ones, akin imagenet eval MODEL... --images DIR measures them",
}

// printPaper lists the rows of the paper with their files, then the claims.
func (c *console) printPaper(p *paper.Paper, out string) error {
	for _, note := range p.Notes {
		fmt.Fprintln(c.err, "akin: note:", note)
	}
	if p.NoPictures && len(p.Notes) > 0 {
		fmt.Fprintln(c.err, "akin: hint: say where the run's pictures are with --pictures DIR")
	}
	if c.asJSON {
		return c.printJSON(p)
	}
	said := map[paper.Need]bool{"": true}
	hint := func(need paper.Need) { // once is enough
		if how := howToGet[need]; how != "" && !said[need] {
			fmt.Fprintf(c.prose(), "       %s\n", how)
		}
		said[need] = true
	}
	for _, row := range p.Rows {
		fmt.Fprintf(c.prose(), "%3d  %s\n", row.Row, row.Item)
		for _, file := range row.Files {
			fmt.Fprintf(c.prose(), "       %s\n", file)
		}
		if row.Missing != "" {
			fmt.Fprintf(c.prose(), "       missing: %s\n", row.Missing)
			hint(row.Need)
		}
	}
	if len(p.Claims) > 0 {
		fmt.Fprintf(c.prose(), "\nClaims, %s the best model\n", p.Model)
	}
	for _, claim := range p.Claims {
		fmt.Fprintf(c.prose(), "%3d  %-13s  %s\n       %s\n", claim.Row, claim.Verdict, claim.Claim, claim.Figures)
		if claim.Interval != "" {
			fmt.Fprintf(c.prose(), "       95 %%: %s\n", claim.Interval)
		}
		hint(claim.Need)
	}
	written := []string{"figures", "tables", "paper.json", "methods.md", "methods.tex", "references.bib"}
	for i, name := range written {
		written[i] = filepath.Join(out, name)
	}
	_, err := fmt.Fprintf(c.prose(), "\nWritten: %s\n", strings.Join(written, ", "))
	return err
}
