package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/akin-vision/akin/page/report"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/serve"
	"github.com/akin-vision/akin/stats"
	"github.com/spf13/cobra"
)

func (c *console) reportCommand() *cobra.Command {
	var pictures string
	var open, asJSON bool
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
  akin report runs/my-set --pictures ~/my-set`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			kept, missing, err := c.readRecord(args[0], pictures)
			if err != nil {
				return err
			}
			statistics, err := record.Analyse(kept.Run, kept.Resampling)
			if err != nil {
				return err
			}
			if err := kept.Run.Rebuild(args[0], statistics, report.File(kept.Run, statistics, c.pictures(kept.Pictures))); err != nil {
				return err
			}
			page, err := filepath.Abs(filepath.Join(args[0], report.PageFile))
			if err != nil {
				return err
			}
			if err := c.printReport(page, missing, asJSON); err != nil || !open {
				return err
			}
			return openInBrowser(page)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&pictures, "pictures", "", "folder that the set's picture paths lead into (default: the set's own)")
	flags.BoolVar(&open, "open", false, "open the page in the browser")
	flags.BoolVar(&asJSON, "json", false, "print where the page is, and how many pictures are missing, as JSON")
	return cmd
}

func (c *console) printReport(page string, missing int, asJSON bool) error {
	if asJSON {
		return c.printJSON(struct {
			Report  string `json:"report"`
			Missing int    `json:"missing_pictures"`
		}{page, missing})
	}
	_, err := fmt.Fprintln(c.out, page)
	return err
}

// readRecord reads a run back with its pictures; it warns where some are
// missing, and counts them.
func (c *console) readRecord(dir, pictures string) (serve.Record, int, error) {
	kept := serve.Record{Dir: dir}
	var err error
	if kept.Run, err = record.Load(dir); err != nil {
		return kept, 0, err
	}
	kept.Resampling, err = record.Resampling(dir)
	if errors.Is(err, fs.ErrNotExist) {
		kept.Resampling, err = stats.Options{Seed: 1}, nil
	}
	if err != nil {
		return kept, 0, err
	}
	kept.Pictures, err = c.home.OpenPictures(kept.Run, pictures)
	if err != nil && pictures != "" {
		return kept, 0, err
	}
	if err != nil {
		fmt.Fprintf(c.err, "akin: warning: the pictures of set %s are not found: %v; placeholders stand for them. Give --pictures DIR\n", kept.Run.Set.Name, err)
		kept.Pictures = nil
		return kept, len(report.Pictures(kept.Run)), nil
	}
	if fault := report.CheckPictures(kept.Run, kept.Pictures); fault != nil {
		fmt.Fprintf(c.err, "akin: warning: set %s: %v; placeholders stand for them. Give --pictures DIR\n", kept.Run.Set.Name, fault)
		return kept, fault.Missing, nil
	}
	return kept, 0, nil
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
