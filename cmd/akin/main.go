// Command akin measures how well vision models know that two objects belong
// together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/jsonfile"
	"github.com/akin-vision/akin/internal/plain"
	"github.com/spf13/cobra"
)

const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitGate        = 3 // done, but a requested gate was missed
	exitInterrupted = 130
)

func main() {
	if os.Getenv("GOGC") == "" {
		// A set of hundreds of thousands of pictures shares the memory with the engine,
		// which Go does not see: rather collect twice as often than take twice what lives.
		debug.SetGCPercent(50)
		// A block that nobody touches takes no memory, and counts as living: a small heap
		// is then collected when it has grown by tens of megabytes, not every few.
		untouched := make([]byte, 64<<20)
		defer runtime.KeepAlive(untouched)
	}
	log.SetOutput(&plain.Writer{Writer: os.Stderr}) // what the HTTP server and other libraries print
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills the ordinary way
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// console is where a command reads and prints.
type console struct {
	in       io.Reader
	out, err io.Writer
	asJSON   bool         // --json: results are printed as JSON
	person   bool         // whether one sits there, to be asked
	client   *http.Client // for published files; nil: the strict one of package zoo
	home     akin.Home
}

// usageError is a command line that cannot be understood.
type usageError struct{ error }

// gateError is a requested check that was not passed, and what to do then.
type gateError struct {
	error
	hint string
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &console{in: stdin, out: &plain.Writer{Writer: stdout}, err: &plain.Writer{Writer: stderr}, person: isDevice(stdin) && isTerminal(stderr)}
	return c.execute(ctx, args)
}

// execute runs a command and returns its exit code.
func (c *console) execute(ctx context.Context, args []string) int {
	root := c.rootCommand()
	root.SetArgs(args)
	root.SetErr(c.err)
	err := root.ExecuteContext(ctx)
	var usage usageError
	var gate gateError
	switch {
	case err == nil:
		return exitOK
	case ctx.Err() != nil:
		fmt.Fprintln(c.err, "akin: interrupted; the same command goes on where this one stopped")
		return exitInterrupted
	case errors.As(err, &usage):
		c.explain(err)
		return exitUsage
	case errors.As(err, &gate):
		c.explain(err)
		return exitGate
	default:
		c.explain(err)
		return exitFailed
	}
}

// explain prints what went wrong and, where akin knows, what to do next.
func (c *console) explain(err error) {
	out := wrapping(c.err)
	fmt.Fprintln(out, "akin: error:", err)
	if hint := hintFor(err); hint != "" {
		fmt.Fprintln(out, "akin: hint:", hint)
	}
}

func (c *console) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "akin",
		Short: "measure how well vision models know that two objects belong together",
		Long: `akin shows a vision model what people were shown: an object, a related and an
unrelated picture. It asks which pair lies closer in the model's features, and
reports how often the model matches as people do.`,
		Example: `  akin setup                 fetch ONNX Runtime and the pictures, once
  akin run                   the default models on the default set
  akin run my-set --model resnet50.onnx --model small-mobilenet`,
		Version:           akin.Version(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return c.findHome(cmd) },
	}
	root.PersistentFlags().String("onnxruntime", "", "ONNX Runtime library, file or folder (default: searched; or set AKIN_ONNXRUNTIME)")
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		cmd.SetOut(c.prose())
		help(cmd, args)
	})
	root.SetFlagErrorFunc(misread)
	group(root, c.runCommand(), c.compareCommand(), c.boardCommand(), c.powerCommand(), c.learnCommand(), c.reportCommand(), c.serveCommand(), c.paperCommand(), c.setsCommand(), c.collectCommand(), c.modelsCommand(),
		c.featuresCommand(), c.workerCommand(), c.clusterCommand(), c.imagenetCommand(), c.setupCommand(), c.doctorCommand())
	addCompletion(root)
	root.SetOut(c.out) // which the command completion remembers
	checkCobrasOwn(root)
	return root
}

// checkCobrasOwn makes stray arguments of the commands that cobra adds a usage error.
func checkCobrasOwn(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			group(cmd)
			for _, shell := range cmd.Commands() {
				shell.Args = arguments(cobra.NoArgs)
			}
		case "help":
			cmd.Args = func(_ *cobra.Command, args []string) error {
				about, rest, err := root.Find(args)
				if err != nil || len(rest) == 0 {
					return err
				}
				return arguments(cobra.NoArgs)(about, rest)
			}
		}
	}
}

// jsonFlag adds --json to a command; usage says what it prints then.
func (c *console) jsonFlag(cmd *cobra.Command, usage string) {
	cmd.Flags().BoolVar(&c.asJSON, "json", false, usage)
}

// show prints a command's result: as JSON where --json asks for it, else as text.
func show[T any](c *console, result T, text func(T)) error {
	if c.asJSON {
		return c.printJSON(result)
	}
	text(result)
	return nil
}

// showText is show for a result that has its text already.
func (c *console) showText(result any, text string) error {
	if c.asJSON {
		return c.printJSON(result)
	}
	_, err := fmt.Fprint(c.prose(), text)
	return err
}

func (c *console) printJSON(v any) error { return jsonfile.Write(c.out, v) }

// findHome finds out, before any command, where akin keeps and finds things.
func (c *console) findHome(cmd *cobra.Command) error {
	var err error
	if c.home, err = akin.DefaultHome(); err != nil {
		return err
	}
	c.home.Warn = func(doubt string) { fmt.Fprintln(wrapping(c.err), "akin: warning:", doubt) }
	if given, _ := cmd.Flags().GetString("onnxruntime"); given != "" {
		c.home.ONNXRuntime, c.home.SetBy = given, "--onnxruntime"
	}
	return nil
}

// arguments is cobra's check of positional arguments with akin's exit code.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{seeHelp(cmd, misused(cmd, args))}
		}
		return nil
	}
}

// seeHelp is an error of a command line, with the way to the command's help.
func seeHelp(cmd *cobra.Command, what string) error {
	join := "; see"
	if strings.HasSuffix(what, "?") {
		join = " See"
	}
	return fmt.Errorf("%s %s%s %[1]s --help", cmd.CommandPath(), what, join)
}

// misused says which arguments a command wants and which it got.
func misused(cmd *cobra.Command, args []string) string {
	_, wanted, _ := strings.Cut(cmd.Use, " ")
	switch {
	case cmd.HasSubCommands():
		var names []string
		for _, child := range cmd.Commands() {
			names = append(names, child.Name())
		}
		if near := english.Meant(args[0], names); near != "" {
			return fmt.Sprintf("has no command %q; did you mean %s?", args[0], near)
		}
		return fmt.Sprintf("has no command %q", args[0])
	case wanted == "":
		return fmt.Sprintf("takes no argument, and got %q", strings.Join(args, " "))
	case len(args) == 0:
		return "needs " + wanted
	}
	return fmt.Sprintf("takes %s, and got %s: %s", wanted, english.Count(len(args), "argument"), strings.Join(args, " "))
}

// group is a command that only holds others: alone it shows its help, an
// unknown word is a usage error.
func group(cmd *cobra.Command, children ...*cobra.Command) *cobra.Command {
	cmd.Args = arguments(cobra.NoArgs)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(children...)
	return cmd
}
