package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/internal/spreadsheet"
	"github.com/akin-vision/akin/record"
	"github.com/spf13/cobra"
)

func (c *console) reportCommand() *cobra.Command {
	var pictures, spreadsheets string
	var open bool
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "make a run's report.html, summary and statistics again from its record",
		Long: `report reads a run's record and writes report.html, the summary and the
statistics anew, without any model. Statistics are resampled as the record says,
so that they come out the same.

Pictures are looked for where the set that the record names has them today, or
in --pictures. Only a picture with the bytes that the run saw is shown; one that
is gone or changed leaves a placeholder, and the page says so.`,
		Example: `  akin report runs/everyday --open
  akin report runs/my-set --pictures ~/my-set
  akin report runs/my-set --spreadsheets tables`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			page, err := filepath.Abs(filepath.Join(args[0], record.PageFile))
			if err != nil {
				return err
			}
			e, err := c.openRecord(args[0], pictures)
			switch {
			case otherTask(err) != nil:
				e, err = &akin.Evaluation{}, c.rewriteJudged(args[0], pictures)
			case err == nil:
				err = c.noticing(args[0], func() error { return e.Rewrite(args[0]) })
			}
			if err == nil && spreadsheets != "" {
				err = copyTables(args[0], spreadsheets)
			}
			if err != nil {
				return err
			}
			if err := c.printReport(page, e); err != nil || !open {
				return err
			}
			return openInBrowser(page)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&pictures, "pictures", "", "folder that the set's picture paths lead into (default: the set's own)")
	flags.StringVar(&spreadsheets, "spreadsheets", "", "copy the record's tables into this `folder` for Excel and the like: texts that would be formulas get an apostrophe")
	flags.BoolVar(&open, "open", false, "open the page in the browser")
	c.jsonFlag(cmd, "print where the page is, and how many pictures are missing, as JSON")
	return cmd
}

// copyTables copies the tables of a record for spreadsheets. The record itself keeps
// every text as it is.
func copyTables(dir, out string) error {
	files, err := regular.Matching(dir, "*.csv")
	if err != nil {
		return err
	}
	return spreadsheet.Copy(out, files)
}

func (c *console) printReport(page string, e *akin.Evaluation) error {
	if !c.asJSON {
		_, err := fmt.Fprintln(c.prose(), page)
		return err
	}
	result := struct {
		Report  string `json:"report"`
		Missing int    `json:"missing_pictures"`
	}{Report: page}
	if e.Missing != nil {
		result.Missing = e.Missing.Missing
	}
	return c.printJSON(result)
}

// openRecord reads a run back and warns where its pictures are not what it saw.
func (c *console) openRecord(dir, pictures string) (*akin.Evaluation, error) {
	e, err := c.home.OpenRecord(dir, pictures)
	if err != nil {
		return nil, err
	}
	if e.Missing != nil {
		fmt.Fprintf(c.err, "akin: warning: set %s: %v; placeholders stand for them. Give --pictures DIR\n", e.Run.Set.Name, e.Missing)
	}
	return e, nil
}

// openInBrowser hands a file or URL to what the system opens it with.
func openInBrowser(what string) error {
	command := []string{"xdg-open", what}
	switch runtime.GOOS {
	case "darwin":
		command = []string{"open", what}
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler", what}
	}
	browser := exec.Command(command[0], command[1:]...)
	browser.Stderr = os.Stderr
	if err := browser.Run(); err != nil {
		return fmt.Errorf("open %s in the browser: %w; open it by hand", what, err)
	}
	return nil
}
