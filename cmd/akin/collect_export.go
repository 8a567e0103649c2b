package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/internal/spreadsheet"
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
)

// exportFlags say what is exported, and where to.
type exportFlags struct {
	studyFlags
	collect.ExportOptions
	out, identifiers, spreadsheets string
}

func (c *console) collectExportCommand() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export SET",
		Short: "write what people said into the set",
		Long: `export writes, as CSV and Parquet: ratings.csv, which akin run reads (of choices 1
for pictures that a person put together, else 0), without the people whom the
study's rules leave out; choices.csv of tasks with choices; and trials.csv, every
trial of everybody with its times. People are named by codes. What recruitment
services call them is written only to the file of --identifiers, for spreadsheets:
texts that would be formulas get an apostrophe there, and in the copies that
--spreadsheets makes.`,
		Example: `  akin collect export my-set && akin run my-set
  akin collect export everyday --study study/study.toml --out everyday-rated`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withStudy(cmd.Context(), args[0], f.studyFlags, func(o *opened) error { return c.exportStudy(cmd.Context(), args[0], o, f) })
		},
	}
	f.add(cmd.Flags())
	cmd.Flags().StringVar(&f.out, "out", "", "write into a copy of the set in this folder")
	cmd.Flags().StringVar(&f.identifiers, "identifiers", "", "write what recruitment services call people to this CSV file")
	cmd.Flags().StringVar(&f.spreadsheets, "spreadsheets", "", "copy the CSV files into this `folder` for Excel and the like: texts that would be formulas get an apostrophe")
	cmd.Flags().BoolVar(&f.JsPsych, "jspsych", false, "also write jspsych.csv, with jsPsych's columns")
	cmd.Flags().BoolVar(&f.Replace, "replace", false, "replace files that no export of this study wrote")
	c.jsonFlag(cmd, "print what was written as JSON")
	return cmd
}

func (c *console) exportStudy(ctx context.Context, set string, o *opened, f exportFlags) error {
	dir := set
	if f.out != "" {
		dir = f.out
		if err := copySet(set, o.Set, o.pictures, dir); err != nil {
			return err
		}
	} else if stimuli.Embedded(set) != nil {
		return &noStudyFolderError{set}
	}
	e, err := o.Export(ctx, dir, f.ExportOptions)
	if err != nil {
		return err
	}
	if f.spreadsheets != "" {
		if err := spreadsheet.Copy(f.spreadsheets, exportedTables(e, dir)); err != nil {
			return err
		}
	}
	if f.identifiers != "" {
		if err := writeIdentifiers(ctx, o, f.identifiers); err != nil {
			return err
		}
	}
	return show(c, e, func(e *collect.Exported) { c.printExported(e, dir) })
}

func (c *console) printExported(e *collect.Exported, dir string) {
	for _, file := range exportedTables(e, dir) {
		fmt.Fprintln(c.prose(), file)
	}
	fmt.Fprintf(c.prose(), "%s, %d of them left out by the study's rules; %s, %s\n", english.Count(e.People, "person"), e.Excluded, english.Count(e.Ratings, "rating"), english.Count(e.Trials, "trial"))
	fmt.Fprintf(c.prose(), "agreement of everybody:  %s\n", agreementText(e.All))
	if e.Excluded > 0 {
		fmt.Fprintf(c.prose(), "of those who count:      %s\n", agreementText(e.Kept))
	}
}

// exportedTables are the CSV files of an export.
func exportedTables(e *collect.Exported, dir string) (files []string) {
	for _, name := range e.Files {
		if filepath.Ext(name) == ".csv" {
			files = append(files, filepath.Join(dir, name))
		}
	}
	return files
}

// copySet copies a set's files, and its pictures where they lie in its folder,
// into a folder that is new, empty, or such a copy.
func copySet(name string, set *stimuli.Set, pictures fs.FS, out string) error {
	folder := stimuli.Embedded(name)
	if folder == nil {
		folder = regular.Dir(name)
	}
	for _, file := range []string{"set.toml", "triplets.csv", "pictures.csv"} {
		if err := copyFile(folder, file, out); err != nil && (file != "pictures.csv" || !errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	if set.Collection != "" {
		return nil
	}
	for _, p := range set.Pictures {
		if err := copyFile(pictures, p.Path, out); err != nil {
			return err
		}
	}
	return nil
}

// copyFile copies a file. One of another content that is there is an error.
func copyFile(from fs.FS, name, out string) error {
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	to := filepath.Join(out, filepath.FromSlash(name))
	if there, err := regular.ReadFile(to); err == nil && string(there) != string(data) {
		return fmt.Errorf("%s is there already, and is not the set's: %w", to, fs.ErrExist)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return atomicfile.Write(to, data)
}

func writeIdentifiers(ctx context.Context, o *opened, file string) error {
	people, err := o.Store.People(ctx)
	if err != nil {
		return err
	}
	all, err := o.Store.Identifiers(ctx)
	if err != nil {
		return err
	}
	return atomicfile.WriteFunc(file, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(identifierRows(people, all)) })
}

// identifierRows name people as links of recruitment services did, which anybody can
// write: no text of theirs is a formula.
func identifierRows(people []store.Person, all map[int][]store.Identifier) [][]string {
	rows := [][]string{{"person", "name", "value", "finished", "completion_code"}}
	for _, p := range people {
		for _, i := range all[p.ID] {
			rows = append(rows, []string{p.Code, spreadsheet.Inert(i.Name), spreadsheet.Inert(i.Value), strconv.FormatBool(p.Finished), p.Completion})
		}
	}
	return rows
}
