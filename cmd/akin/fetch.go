package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/akin-vision/akin/zoo"
	"github.com/spf13/cobra"
)

// fetching says what to do about published models that are not on this machine.
type fetching struct {
	yes     bool // fetch without a question
	offline bool // never fetch
}

func fetchFlags(cmd *cobra.Command, f *fetching) {
	cmd.Flags().BoolVar(&f.yes, "yes", false, "fetch published models that are not on this machine without a question")
	cmd.Flags().BoolVar(&f.offline, "offline", false, "fetch nothing, even with --yes")
}

// unfetchedError are published models that are wanted and that nobody agreed to fetch.
type unfetchedError struct{ entries []zoo.Entry }

func (e *unfetchedError) Error() string {
	var list []string
	for _, entry := range e.entries {
		list = append(list, described(entry))
	}
	return "known, but not on this machine: " + strings.Join(list, "; ")
}

// described is a published model with what matters before it is fetched.
func described(e zoo.Entry) string {
	size, licence := "size unknown", "licence not stated"
	if e.SizeMB > 0 {
		size = fmt.Sprintf("%.1f MB", e.SizeMB)
	}
	if e.Licence != "" {
		licence = "licence " + e.Licence
	}
	return fmt.Sprintf("%s (%s, %s)", e.Name, size, licence)
}

// provide fetches the published models among names that this machine lacks, where
// a person or a flag agrees to it.
func (c *console) provide(ctx context.Context, names []string, f fetching) error {
	lacking, err := c.home.Catalogue().Lacking(names)
	if err != nil || len(lacking) == 0 {
		return err
	}
	for _, e := range lacking {
		if e.URL == "" { // only a person can get it
			return &zoo.NotPulledError{Entry: e}
		}
	}
	if f.offline {
		return &zoo.NotPulledError{Entry: lacking[0]}
	}
	if !f.yes && !(c.person && c.agreed(lacking)) {
		return &unfetchedError{lacking}
	}
	for _, e := range lacking {
		if f.yes {
			fmt.Fprintln(c.err, "fetching", described(e))
		}
		if _, err := c.pull(ctx, e.Name, zoo.PullOptions{}); err != nil {
			return err
		}
	}
	return nil
}

// agreed asks the person whether to fetch.
func (c *console) agreed(entries []zoo.Entry) bool {
	for _, e := range entries {
		fmt.Fprintf(c.err, "%s\n  from %s\n", described(e), e.URL)
	}
	fmt.Fprint(c.err, "Not on this machine. Fetch now? [y/N] ")
	answer, _ := bufio.NewReader(c.in).ReadString('\n') // the end of input is a no
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}
