package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// TestCommandsAreDocumented compares docs/commands.md with the commands; -update
// writes it anew.
func TestCommandsAreDocumented(t *testing.T) {
	const file = "../../docs/commands.md"
	var b strings.Builder
	b.WriteString("# Commands\n\nWritten from the commands' own help. `--onnxruntime` may be given to each of them.\n")
	root := (&console{}).rootCommand()
	describe(&b, root)
	fmt.Fprint(&b, "\n## Exit codes\n\n0: done. 1: failed. 2: the command line cannot be understood. 3: a requested check was not passed. 130: interrupted.\n")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(written), b.String()); diff != "" {
		t.Errorf("docs/commands.md differs from the commands (-file +commands); write it anew with -update:\n%s", diff)
	}
}

// describe writes a section for a command, then those of its children.
func describe(b *strings.Builder, c *cobra.Command) {
	if c.Hidden || c.Name() == "help" || c.Name() == "completion" {
		return
	}
	if c.HasParent() && !c.HasSubCommands() {
		fmt.Fprintf(b, "\n## %s\n\n%s.\n\n```\n%s\n```\n", c.CommandPath(), strings.ToUpper(c.Short[:1])+c.Short[1:], c.UseLine())
		if c.Long != "" {
			fmt.Fprintf(b, "\n%s\n", c.Long)
		}
		if c.Example != "" {
			fmt.Fprintf(b, "\n```\n%s\n```\n", c.Example)
		}
		if usages := c.LocalNonPersistentFlags().FlagUsages(); usages != "" {
			fmt.Fprintf(b, "\n```\n%s```\n", usages)
		}
	}
	for _, child := range c.Commands() {
		describe(b, child)
	}
}
