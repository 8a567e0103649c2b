package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (c *console) collectCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "collect SET",
		Short: "collect people's judgements of a set",
		Long: `collect serves a study: a page on which people judge the pictures of a set. The
study is study.toml beside the set, which collect writes if it is not there.
Each answer is on the disk before the person's next one counts. Ctrl-C ends it;
the same command goes on.

Only this machine can reach it. Put a web server with TLS in front of it and name
its address with --url, or let akin answer others itself with --public. What people
answer is watched on a second address, with a key, from this machine alone.

The database is a file beside study.toml, or PostgreSQL (--db postgres://...,
its password in PGPASSWORD or ~/.pgpass), which several servers may share.`,
		Example: `  akin collect my-set
  akin collect my-set --task triplet --addr 127.0.0.1:8080 --url https://study.example.org
  akin collect rehearse my-set
  akin collect status my-set
  akin collect export my-set`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return c.serveStudy(cmd.Context(), args[0], f) },
	}
	f.add(cmd.Flags())
	c.jsonFlag(cmd, "print the addresses as JSON")
	cmd.AddCommand(c.collectInitCommand(), c.collectStatusCommand(), c.collectExportCommand(), c.collectRehearseCommand(),
		c.collectForgetCommand(), c.collectBackupCommand())
	return cmd
}

// studyFlags say where a study is.
type studyFlags struct{ study, db string }

func (f *studyFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.study, "study", "", "the study's file (default: study.toml in the set's folder)")
	flags.StringVar(&f.db, "db", "", "database: a file, or postgres://... (default: study.db beside the study's file)")
}

// file is where the study of a set is; a set inside akin has no folder for one.
func (f *studyFlags) file(set string) (string, error) {
	if f.study != "" {
		return f.study, nil
	}
	if stimuli.Embedded(set) != nil {
		return "", &noStudyFolderError{set}
	}
	return filepath.Join(set, "study.toml"), nil
}

// noStudyFolderError is a set inside akin, beside which nothing can be written.
type noStudyFolderError struct{ set string }

func (e *noStudyFolderError) Error() string {
	return fmt.Sprintf("the set %s lies inside akin, where a study has no place", e.set)
}

// noStudyError is a set without a study.
type noStudyError struct{ set, file string }

func (e *noStudyError) Error() string { return fmt.Sprintf("no study %s", e.file) }

// studyError is a study's file with faults.
type studyError struct {
	file string
	err  error
}

func (e *studyError) Error() string { return fmt.Sprintf("study %s:\n%v", e.file, e.err) }
func (e *studyError) Unwrap() error { return e.err }

// opened is a study with its set and its database.
type opened struct {
	*collect.Collection
	pictures fs.FS
	db       string
}

// openStudy opens a study, whose database is made if create says so.
func (c *console) openStudy(ctx context.Context, set string, f studyFlags, create bool) (*opened, error) {
	read, stimuliSet, pictures, err := c.readStudy(set, f)
	if err != nil {
		return nil, err
	}
	file, err := f.file(set)
	if err != nil {
		return nil, err
	}
	o := &opened{pictures: pictures, db: cmp.Or(f.db, filepath.Join(filepath.Dir(file), "study.db"))}
	open := store.Open
	if create {
		open = store.Create
	}
	db, err := open(ctx, o.db)
	if err != nil {
		return nil, err
	}
	if o.Collection, err = collect.Open(ctx, read, stimuliSet, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return o, nil
}

// withStudy opens a study whose database is there, and closes it after use.
func (c *console) withStudy(ctx context.Context, set string, f studyFlags, use func(*opened) error) error {
	o, err := c.openStudy(ctx, set, f, false)
	if err != nil {
		return err
	}
	return errors.Join(use(o), o.Store.Close())
}

// readStudy reads a study's file and its set.
func (c *console) readStudy(set string, f studyFlags) (*study.Study, *stimuli.Set, fs.FS, error) {
	file, err := f.file(set)
	if err != nil {
		return nil, nil, nil, err
	}
	read, err := study.Read(regular.Dir(filepath.Dir(file)), filepath.Base(file))
	var problems stimuli.Problems
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil, &noStudyError{set, file}
	case errors.As(err, &problems):
		return nil, nil, nil, &studyError{file, err}
	case err != nil:
		return nil, nil, nil, err
	}
	s, pictures, err := c.home.OpenSet(set, stimuli.Options{})
	return read, s, pictures, err
}

func (c *console) collectInitCommand() *cobra.Command {
	var f studyFlags
	var task string
	cmd := &cobra.Command{
		Use:   "init SET",
		Short: "write study.toml, to be edited",
		Long: `init writes a study.toml that says all that can be said: task, scale, timing, how
many people judge each item, the texts that people read, and where they go at the end.`,
		Example: `  akin collect init my-set
  akin collect init my-set --task odd-one-out
  akin collect init everyday --study study/study.toml`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := c.writeStudy(args[0], f, task)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.prose(), "%s\n", file)
			return nil
		},
	}
	cmd.Flags().StringVar(&f.study, "study", "", "file to write (default: study.toml in the set's folder)")
	cmd.Flags().StringVar(&task, "task", study.Rating, "task: "+strings.Join(study.Tasks(), ", "))
	return cmd
}

// writeStudy writes a new study's file and returns its name.
func (c *console) writeStudy(set string, f studyFlags, task string) (string, error) {
	if !isTask(task) {
		return "", usageError{fmt.Errorf("task %q is unknown; use %s", task, strings.Join(study.Tasks(), ", "))}
	}
	file, err := f.file(set)
	if err != nil {
		return "", err
	}
	s, _, err := c.home.OpenSet(set, stimuli.Options{})
	if err != nil {
		return "", err
	}
	text, err := study.New(s, task).Template()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return "", err
	}
	if _, err := os.Lstat(file); err == nil {
		return "", fmt.Errorf("write %s: %w", file, fs.ErrExist)
	}
	return file, atomicfile.Write(file, text)
}

func isTask(task string) bool { return slices.Contains(study.Tasks(), task) }
