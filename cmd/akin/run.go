package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/quantise"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
	"github.com/spf13/cobra"
)

// runOptions say where a run is written, and what is printed.
type runOptions struct {
	out              string
	features, spaces []string
	requireChecked   bool
	fetch            fetching
	csv              bool // choices as CSV too
	cluster          clusterOptions
}

const runHelp = `run shows the set's triplets to the models, prints how often each matches as
people do, and writes the run's record: run.json, choices.csv, pictures.csv,
summary.json, summary.csv, statistics.json and report.html; and posteriors.csv,
the five likeliest classes of each picture, for classifiers whose classes are known.

SET is the name of one of akin's sets ("akin sets list") or a folder; without
it, everyday. A model is a name ("akin models list") or an .onnx file with its
card, a .toml of the same name, beside it; without --model, the default ones.
Names and files may be mixed. A published model that is not on this machine is
fetched as "akin models pull" does, after a question or with --yes.

--space looks at each network in another way, too, and shows it beneath the
network: centred, without what all pictures have in common, their mean; whitened;
hub-corrected (CSLS); words, by what the names of the likely classes mean; blend,
both; association:FILE, by walks over norms of free association; or with a matrix
that others learned, transform:FILE.npz. The mean is that of
the set's own pictures, without their labels, or of a folder's or a set's, as
"centred:DIR".

--features takes part with vectors that another program computed: a row for each
picture, found by path, file name or name without ending. NAMES lists the rows'
names where the file does not (.txt, a line each, or .csv). With --features and
without --model no network runs, and the pictures need not be there.

Where people judged something else than related pictures, set.toml says so by its
task: "odd-one-out", "votes" or "matrix" (docs/tasks.md). The run then has the
statistics, the table and the page of that task; statistics.json is what --json
prints, and choices of more than 200,000 rows are written as Parquet.

--layers shows how each network's error changes over its depth, by relation, with
intervals, and the first layer at which relations part. All layers come from one
inference; they stand in the record and on the page, and count as no models.

Several sets, also of different tasks, have a record each, in runs/ or --out, one
heat map of models and sets in place of the tables (board.html beside the records),
and with --json its result cards. A picture that several of them have is computed once.

Features are kept in akin's cache: a second run only counts. Ctrl-C stops at
once, and the same command then goes on from there.

With --cluster and --objects, networks run on the workers of a cluster ("akin
worker"); what they compute comes into the cache, with the same bytes. See
docs/cluster.md.`

func (c *console) runCommand() *cobra.Command {
	var config akin.Config
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [SET...]",
		Short: "evaluate models on a set, print the table, write record and report",
		Long:  runHelp,
		Example: `  akin run
  akin run --model small-mobilenet --model edges --json
  akin run my-set --model resnet50.onnx --out runs/my-set
  akin run my-set --model resnet50.onnx --space centred
  akin run my-set --model resnet50.onnx --layer layer3 --layer layer4
  akin run my-set --model resnet50.onnx --layers every-block
  akin run everyday my-set things --model resnet50.onnx
  akin run my-set --features clip=features.npy,file_names.txt --model resnet50.onnx`,
		Args: arguments(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				config.Set = args[0]
			}
			if err := errors.Join(checkRun(config), o.cluster.check(config.Options, config.Precision)); err != nil {
				return err
			}
			var err error
			if config.Spaces, err = parseSpaces(o.spaces); err != nil {
				return err
			}
			if config.Features, err = parseFeatures(o.features); err != nil {
				return err
			}
			if err := c.provide(cmd.Context(), config.Models, o.fetch); err != nil {
				return err
			}
			return c.evaluateAll(cmd.Context(), args, config, o)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&config.Models, "model", nil, "name of a model, or an .onnx file with its card; repeatable")
	flags.StringArrayVar(&o.features, "features", nil, "features of your own beside the models, as NAME=FILE or NAME=FILE,NAMES: .npy, .npz, .csv, .parquet, .mat, .h5; repeatable")
	flags.StringArrayVar(&o.spaces, "space", nil, "another way to look at each network, KIND or KIND:DIR of reference pictures: "+space.KindNames()+"; repeatable")
	flags.StringVar(&config.Words, "words", "", "file of word vectors for the spaces of words: text, word2vec's binary, or wink's JSON (default: inside akin)")
	flags.StringVar(&o.out, "out", "", "folder of the run's record (default runs/SET); of several sets, folder of their records (default runs)")
	flags.StringArrayVar(&config.Layers, "layer", nil, "inner node to compare too, of every network or as MODEL@NODE; repeatable (akin models layers)")
	flags.StringVar((*string)(&config.Curve), "layers", "", "the error of each network over its depth, at every-block or at all layers; they are no models of the run")
	flags.StringVar(&config.Pooling, "pooling", "", "how a layer's map or tokens become a vector: "+strings.Join(model.Poolings(), ", ")+"; name the axes where the graph does not tell, as avg:NHWC (default avg)")
	flags.StringVar(&config.Precision, "precision", "", "int8: networks rewritten for 8-bit integers, faster and less exact (default float32)")
	flags.BoolVar(&config.ZScore, "zscore", false, "standardise people's ratings for each rater and scale")
	flags.StringVar((*string)(&config.Similarity), "similarity", string(match.Cosine), "of two feature vectors: "+match.MeasureNames())
	computeFlags(cmd, &config.Options)
	clusterFlags(cmd, &o.cluster)
	statisticsFlags(cmd, &config.Resampling)
	fetchFlags(cmd, &o.fetch)
	c.jsonFlag(cmd, "print summary.json instead of the table")
	flags.BoolVar(&o.csv, "choices-csv", false, "write choices.csv beside Parquet however many rows there are (sets that are not of triplets)")
	flags.BoolVar(&o.requireChecked, "require-checked", false, "exit 3 unless every trained network passed akin models check")
	return cmd
}

// evaluateAll is a run on one set or several, or the estimate in its place.
func (c *console) evaluateAll(ctx context.Context, sets []string, config akin.Config, o runOptions) (err error) {
	if len(sets) > 1 {
		err = c.evaluateSets(ctx, sets, config, o)
	} else {
		err = c.evaluate(ctx, config, o)
	}
	_, err = c.estimated(err)
	return err
}

func (c *console) evaluate(ctx context.Context, config akin.Config, o runOptions) error {
	if o.out != "" {
		if err := record.Writable(o.out, record.PageFile); err != nil {
			return err
		}
	}
	place := func(set string) string { return cmp.Or(o.out, filepath.Join("runs", set)) }
	start := time.Now()
	done, err := c.compute(ctx, config, o, place)
	if err != nil {
		return err
	}
	out := place(done.folder(config))
	if err := done.write(out); err != nil {
		return err
	}
	if err := done.print(); err != nil {
		return err
	}
	return c.conclude(done.run, config, o, out, done.features, time.Since(start))
}

// computed is a run on a set of any task that is to be written and printed.
type computed struct {
	run      *record.Run
	features string // what was computed
	write    func(dir string) error
	print    func() error
}

// folder is what the folder of the run is called unless another was named.
func (d computed) folder(config akin.Config) string { return setFolder(config.Set, d.run.Set.Name) }

// compute makes a run that place will have a folder for, by the name of its set; a folder
// that cannot take it is refused before any network runs.
func (c *console) compute(ctx context.Context, config akin.Config, o runOptions, place func(set string) string) (computed, error) {
	config.Accept = func(set string) error {
		return record.Writable(place(setFolder(config.Set, set)), record.PageFile)
	}
	on, err := c.openCluster(ctx, o.cluster, &config.Options)
	if err != nil {
		return computed{}, err
	}
	defer on.close()
	progress := newProgress(c.err)
	config.Home, config.Progress, config.Command = c.home, progress.show, commandLine(config)
	e, err := akin.Evaluate(ctx, config)
	progress.finish()
	on.finish()
	if otherTask(err) != nil {
		return c.judge(ctx, config, o, on)
	}
	if err != nil {
		return computed{}, err
	}
	e.Run.Machine.Workers = on.workers()
	write := func(dir string) error {
		c.noteOtherSet(dir, e.Run)
		return c.noticing(dir, func() error { return e.Write(dir) })
	}
	return computed{e.Run, on.summary(progress.summary()), write, func() error {
		if err := c.printSummary(e.Summary(), e.Statistics); err != nil {
			return err
		}
		c.printAgreement(e.Run)
		return nil
	}}, nil
}

// conclude says what a written run warns of, what was done and where its page lies,
// and holds the models against --require-checked.
func (c *console) conclude(run *record.Run, config akin.Config, o runOptions, out, done string, took time.Duration) error {
	for _, w := range run.Warnings {
		fmt.Fprintln(c.err, "akin: warning:", w)
	}
	page, err := filepath.Abs(filepath.Join(out, record.PageFile))
	if err != nil {
		return err
	}
	if len(config.Features) > 0 && len(config.Models) == 0 {
		done = "Features read from files"
	}
	fmt.Fprintf(c.err, "%s, %.1f s. Report: %s\n", done, took.Seconds(), page)
	if o.requireChecked {
		return allChecked(run)
	}
	return nil
}

func parseSpaces(flags []string) ([]space.Spec, error) {
	var list []space.Spec
	for _, flag := range flags {
		s, err := space.Parse(flag)
		if err != nil {
			return nil, usageError{err}
		}
		list = append(list, s)
	}
	return list, nil
}

// parseFeatures reads NAME=FILE and NAME=FILE,NAMES.
func parseFeatures(flags []string) ([]akin.FeatureFile, error) {
	var list []akin.FeatureFile
	for _, flag := range flags {
		name, files, ok := strings.Cut(flag, "=")
		if !ok || name == "" || files == "" {
			return nil, usageError{fmt.Errorf("--features %s: write NAME=FILE or NAME=FILE,NAMES", flag)}
		}
		f := akin.FeatureFile{Name: name, File: files}
		if _, err := os.Stat(files); err != nil { // a comma may belong to the file's name
			f.File, f.Names, _ = strings.Cut(files, ",")
		}
		list = append(list, f)
	}
	return list, nil
}

// featuresFlag is what parseFeatures reads.
func featuresFlag(f akin.FeatureFile) string {
	text := f.Name + "=" + f.File
	if f.Names != "" {
		text += "," + f.Names
	}
	return text
}

// setFolder is the folder of a set's run among others.
func setFolder(asked, name string) string { return folderName(setName(asked, name)) }

// setName is the name of a run's set, with its version where an earlier one was asked for.
func setName(asked, name string) string {
	if slices.Contains(stimuli.EmbeddedNames(), asked) {
		return asked
	}
	return name
}

// folderName makes a set's name, which anyone may have written, that of a folder
// inside the one at hand. Names that differ stay different.
func folderName(name string) string {
	safe := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r == '@' || r == ' ' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '-'
	}, name)
	safe = strings.Trim(safe, ". ")
	if safe == name && len(name) <= 100 && name != "" && !reserved.MatchString(name) {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	if len(safe) > 80 {
		safe = strings.ToValidUTF8(safe[:80], "")
	}
	return strings.Trim(safe, "-. ") + "-" + hex.EncodeToString(sum[:4])
}

// reserved are names that Windows keeps for devices.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$`)

// checkRun finds flags that contradict one another.
func checkRun(c akin.Config) error {
	if _, err := match.ParseMeasure(string(c.Similarity)); err != nil {
		return usageError{fmt.Errorf("--%w", err)}
	}
	if _, err := model.ParsePooling(c.Pooling); err != nil {
		return usageError{fmt.Errorf("--%w", err)}
	}
	if _, err := model.ParseDepths(string(c.Curve)); err != nil {
		return usageError{fmt.Errorf("--%w", err)}
	}
	switch {
	case c.Pooling != "" && len(c.Layers) == 0 && c.Curve == "":
		return usageError{errors.New("--pooling says how --layer becomes a vector; give a --layer or --layers")}
	case c.Precision != "" && c.Curve != "":
		return usageError{fmt.Errorf("--precision %s keeps no inner layers; leave one of --precision and --layers out", c.Precision)}
	case c.Precision != "" && c.Precision != quantise.Int8:
		return usageError{fmt.Errorf("--precision %s: choose %s, or leave it out for float32", c.Precision, quantise.Int8)}
	case c.Precision != "" && len(c.Layers) > 0:
		return usageError{fmt.Errorf("--precision %s keeps no inner layers; leave one of --precision and --layer out", c.Precision)}
	case c.Precision != "" && c.Provider.Name != "":
		return usageError{fmt.Errorf("--precision %s is for the CPU; leave --provider out", c.Precision)}
	case c.Workers < 0 || c.Threads < 0 || c.Batch < 0:
		return usageError{errors.New("--workers, --threads and --batch are numbers from 1")}
	}
	return nil
}

// commandLine is the command that makes a run again, for its record. Flags that
// leave the figures as they are stay out.
func commandLine(c akin.Config) []string {
	command := []string{"akin", "run", cmp.Or(c.Set, stimuli.Default)}
	add := func(given bool, words ...string) {
		if given {
			command = append(command, words...)
		}
	}
	for _, m := range c.Models {
		add(true, "--model", m)
	}
	for _, f := range c.Features {
		add(true, "--features", featuresFlag(f))
	}
	for _, s := range c.Spaces {
		add(true, "--space", s.String())
	}
	add(c.Words != "", "--words", c.Words)
	for _, layer := range c.Layers {
		add(true, "--layer", layer)
	}
	add(c.Curve != "", "--layers", string(c.Curve))
	add(c.Pooling != "", "--pooling", c.Pooling)
	add(c.Similarity != match.Cosine, "--similarity", string(c.Similarity))
	add(c.ZScore, "--zscore")
	add(c.Precision != "", "--precision", c.Precision)
	add(c.Provider.Name != "", "--provider", c.Provider.String())
	add(c.Resampling.Resamples != record.StandardResamples, "--resamples", strconv.Itoa(c.Resampling.Resamples))
	add(c.Resampling.Seed != record.StandardSeed, "--seed", strconv.FormatUint(c.Resampling.Seed, 10))
	return command
}

// printAgreement says what 8 bits gained and changed.
func (c *console) printAgreement(run *record.Run) {
	for _, m := range run.Models {
		if a := m.Agreement; a != nil {
			integers := ""
			if a.Integers != nil {
				integers = notation.PercentTo(0)(*a.Integers) + " % of the arithmetic on 8 bits, "
			}
			fmt.Fprintf(c.err, "%s: %s%.1f x float32 in inference; chooses as float32 does in %d of %d triplets, %s %%\n",
				m.Name, integers, a.Speedup, a.Same, a.Triplets, notation.Estimate(a.Share(), a.Interval(), notation.Percent))
		}
	}
}

// allChecked is the gate of --require-checked.
func allChecked(run *record.Run) error {
	for _, m := range run.Models {
		state := m.CheckState()
		if state == record.Unknown {
			return gateError{fmt.Errorf("%s are features of your own: how pictures were prepared for them is unknown", m.Name), "leave them out, or run their network as a model"}
		}
		if state == record.Unchecked || state == record.Failed {
			return gateError{
				fmt.Errorf("model %s is %s: its published accuracy is not reproduced on this machine", m.Name, state),
				`"akin models check MODEL --images DIR" compares a network with its published accuracy`,
			}
		}
	}
	return nil
}

func (c *console) printSummary(s record.Summary, statistics record.Statistics) error {
	if c.asJSON {
		return c.printJSON(s)
	}
	_, err := fmt.Fprint(c.prose(), words.Opening(s, statistics, c.width()), words.Table(s, c.width()), words.Spaces(statistics.Spaces, c.width()), words.Curves(statistics.Curves, c.width()))
	if slices.ContainsFunc(statistics.Spaces, func(n record.SpaceChanges) bool { return len(n.Groups[0].Rows) > 1 }) {
		fmt.Fprintln(c.prose(), ` "akin learn SET" tries spaces beside controls, on triplets left out of fitting.`)
	}
	if len(s.InState(record.Unchecked)) > 0 {
		fmt.Fprintln(c.prose(), ` "akin models check MODEL --images DIR" checks a network's accuracy.`)
	}
	return err
}

// isTerminal reports whether w is an interactive terminal.
func isTerminal(w io.Writer) bool { return isDevice(beneath(w)) && os.Getenv("TERM") != "dumb" }

// isDevice reports whether a stream is a device such as a terminal, no file or pipe.
func isDevice(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
