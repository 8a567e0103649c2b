package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

var (
	// inline is a command within a sentence.
	inline = regexp.MustCompile("`(akin [^`]+)`")
	// remark is what a document says of a command behind it.
	remark = regexp.MustCompile(`\S {2,}[^ #]`)
	// shellWord is a word of a command line; what follows the command, such as a
	// pipe, a redirection, a comment or two spaces, ends it.
	shellWord = regexp.MustCompile(`^ ?('[^']*'|"[^"]*"|[^\s'"|>;&#]+)+`)
)

// commandWords splits a command line as a shell does.
func commandWords(line string) (words []string) {
	for {
		word := shellWord.FindString(line)
		if word == "" {
			return words
		}
		words, line = append(words, strings.NewReplacer("'", "", `"`, "").Replace(strings.TrimPrefix(word, " "))), line[len(word):]
	}
}

// readAs finds the command of a line, with flags and arguments checked as they are
// before it runs. A sentence may leave out arguments, but names no flag that is not there.
func readAs(line string, whole bool) error {
	root := (&console{}).rootCommand()
	root.InitDefaultCompletionCmd()
	cmd, args, err := root.Find(commandWords(line)[1:])
	if err != nil {
		return err
	}
	cmd.InitDefaultHelpFlag()
	cmd.InitDefaultVersionFlag()
	if err := cmd.ParseFlags(args); err != nil {
		return err
	}
	if help, _ := cmd.Flags().GetBool("help"); help || !whole {
		return nil
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

// blockCommands are the commands in the blocks of a document, without what they print.
func blockCommands(document string) (commands []string) {
	fence := regexp.MustCompile("^```([a-z]*)$")
	shows, inside := false, false
	for _, line := range strings.Split(strings.ReplaceAll(document, "\\\n", ""), "\n") {
		if m := fence.FindStringSubmatch(line); m != nil {
			inside = !inside
			shows = inside && (m[1] == "" || m[1] == "console" || m[1] == "sh")
		}
		line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
		if shows && strings.HasPrefix(line, "akin ") {
			commands = append(commands, line)
		}
	}
	return commands
}

// TestDocumentsNameCommandsThatExist reads every command in a block or a sentence of
// the documents, and in the examples of help: its words, its flags and its arguments.
func TestDocumentsNameCommandsThatExist(t *testing.T) {
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	designs, err := filepath.Glob("../../docs/design/*.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks, sentences := 0, 0
	for _, file := range append(append(documents, designs...), "../../README.md", "../../CONTRIBUTING.md") {
		if filepath.Base(file) == "commands.md" { // written from the commands
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range blockCommands(string(data)) {
			blocks++
			if remark.MatchString(line) {
				t.Errorf("%s: %s: who copies the line gives the remark as arguments; begin it with #", filepath.Base(file), line)
			}
			if err := readAs(line, true); err != nil {
				t.Errorf("%s: %s: %v", filepath.Base(file), line, err)
			}
		}
		for _, found := range inline.FindAllStringSubmatch(string(data), -1) {
			sentences++
			if err := readAs(strings.ReplaceAll(found[1], "\n", " "), false); err != nil && !strings.Contains(err.Error(), "needs an argument") {
				t.Errorf("%s: `%s`: %v", filepath.Base(file), found[1], err)
			}
		}
	}
	examples := checkExamples(t, (&console{}).rootCommand())
	if blocks < 80 || sentences < 80 || examples < 80 {
		t.Errorf("%d commands in blocks, %d in sentences, %d in examples: the expressions find too few", blocks, sentences, examples)
	}
}

// checkExamples reads the examples of a command and of those below it.
func checkExamples(t *testing.T, cmd *cobra.Command) (read int) {
	t.Helper()
	for line := range strings.Lines(strings.ReplaceAll(cmd.Example, "\\\n", "")) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "akin ") {
			continue
		}
		read++
		if err := readAs(line, true); err != nil {
			t.Errorf("help of %s: %s: %v", cmd.CommandPath(), line, err)
		}
	}
	for _, child := range cmd.Commands() {
		read += checkExamples(t, child)
	}
	return read
}

func TestCommandWords(t *testing.T) {
	for line, want := range map[string]string{
		"akin run  the default": "akin|run",
		"akin sets import x --pattern '{id} a/{role}.jpg' --out y": "akin|sets|import|x|--pattern|{id} a/{role}.jpg|--out|y",
		`akin run --space "blend x"=1 > file`:                      "akin|run|--space|blend x=1",
		"akin features list            # what":                     "akin|features|list",
		"akin board a b --json | head":                             "akin|board|a|b|--json",
	} {
		if got := strings.Join(commandWords(line), "|"); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}
