package main

import (
	"fmt"

	"github.com/akin-vision/akin/serve"
	"github.com/spf13/cobra"
)

func (c *console) serveCommand() *cobra.Command {
	var address, pictures string
	var remote, open bool
	cmd := &cobra.Command{
		Use:   "serve RUN...",
		Short: "show runs in the browser, with full-size pictures and side by side",
		Long: `serve shows the page of report.html from this machine, with full-size pictures.
Runs on one set share a page, where their models are compared on the same
triplets; other sets have pages of their own. Runs of other tasks have small
pictures. Nothing is written, and nothing
but the records and the pictures that they name can be read. Ctrl-C ends it.

Only this machine can reach it. --remote lets others in, without a password, by
address and not by name: a name could be made to point here by another site.`,
		Example: `  akin serve runs/everyday --open
  akin serve runs/monday runs/tuesday --addr 127.0.0.1:8080`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			listener, err := serve.Listen(address, remote)
			if err != nil {
				return err
			}
			defer listener.Close()
			records, err := c.servedRecords(args, pictures)
			if err != nil {
				return err
			}
			site, err := serve.New(records)
			if err != nil {
				return err
			}
			url := "http://" + listener.Addr().String() + "/"
			if err := c.printURL(url, site.Pages()); err != nil {
				return err
			}
			if open {
				if err := openInBrowser(url); err != nil {
					fmt.Fprintln(c.err, "akin: warning:", err)
				}
			}
			accepts := serve.LocalHost
			if remote {
				accepts = serve.AnyAddress
			}
			return serve.Serve(cmd.Context(), listener, site.Handler(accepts))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&address, "addr", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	flags.BoolVar(&remote, "remote", false, "allow an address that other machines can reach")
	flags.StringVar(&pictures, "pictures", "", "folder that the sets' picture paths lead into (default: each set's own)")
	flags.BoolVar(&open, "open", false, "open the page in the browser")
	c.jsonFlag(cmd, "print the address as JSON")
	return cmd
}

// servedRecords reads runs back and marks their networks by today's checks.
func (c *console) servedRecords(dirs []string, pictures string) ([]serve.Record, error) {
	var records []serve.Record
	for _, dir := range dirs {
		e, err := c.openRecord(dir, pictures)
		if otherTask(err) != nil {
			j, err := c.home.OpenJudged(dir, pictures)
			if err != nil {
				return nil, err
			}
			records = append(records, serve.Record{Dir: dir, Run: j.Run.Run, Judged: j.Run, Judgement: j.Statistics, Pictures: j.Files()})
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := e.Recheck(); err != nil {
			return nil, err
		}
		records = append(records, serve.Record{Dir: dir, Run: e.Run, Statistics: e.Statistics, Pictures: e.Pictures})
	}
	return records, nil
}

func (c *console) printURL(url string, pages int) error {
	if c.asJSON {
		return c.printJSON(struct {
			URL   string `json:"url"`
			Pages int    `json:"pages"`
		}{url, pages})
	}
	_, err := fmt.Fprintf(c.prose(), "%s (Ctrl-C ends)\n", url)
	return err
}
