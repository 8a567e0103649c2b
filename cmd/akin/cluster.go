package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/model"
	"github.com/spf13/cobra"
)

// clusterOptions say on which cluster networks run; without an address they run here.
type clusterOptions struct {
	address, objects string
	shard            int
	sameISA          bool
	isa              string
	upload, dryRun   bool
	interrupt        string
}

const (
	detach = "detach"
	cancel = "cancel"
)

// addressFlag is that of every command that talks to a cluster.
func addressFlag(cmd *cobra.Command, address *string) {
	cmd.Flags().StringVar(address, "cluster", "", "address of Temporal, HOST:PORT; namespace and certificates by TEMPORAL_NAMESPACE, TEMPORAL_TLS_... (docs/cluster.md)")
}

func needAddress(cmd *cobra.Command, address string) error {
	if address == "" {
		return usageError{fmt.Errorf("%s: give the address of Temporal with --cluster HOST:PORT", cmd.CommandPath())}
	}
	return nil
}

// clusterFlags are those of commands that can run networks on a cluster.
func clusterFlags(cmd *cobra.Command, o *clusterOptions) {
	addressFlag(cmd, &o.address)
	flags := cmd.Flags()
	flags.StringVar(&o.objects, "objects", "", "where a cluster keeps features: s3://bucket/prefix or file:///shared/folder")
	flags.IntVar(&o.shard, "shard", 0, "pictures of one task on a cluster, a power of two (default: some ten seconds of work)")
	flags.BoolVar(&o.sameISA, "same-isa", false, "only workers of one instruction set take part in a run on a cluster")
	flags.StringVar(&o.isa, "isa", "", "the instruction set of --same-isa, as workers name theirs (default: this machine's)")
	flags.BoolVar(&o.upload, "upload", false, "put the pictures into --objects, for workers that do not share this file system")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the tasks, time and bytes of a run on a cluster, and submit nothing")
	flags.StringVar(&o.interrupt, "on-interrupt", "", "what Ctrl-C does to a run on a cluster, detach or cancel (default: akin asks; where nobody can answer, detach)")
}

// check finds flags that contradict one another.
func (o clusterOptions) check(c compute.Options, precision string) error {
	dependent := o.objects != "" || o.shard != 0 || o.sameISA || o.isa != "" || o.upload || o.dryRun || o.interrupt != ""
	switch {
	case o.address == "" && dependent:
		return usageError{errors.New("--objects, --shard, --same-isa, --isa, --upload, --dry-run and --on-interrupt are for a run on a --cluster")}
	case o.address == "":
		return nil
	case o.objects == "":
		return usageError{errors.New("--cluster needs --objects: s3://bucket/prefix or file:///shared/folder")}
	case precision != "":
		return usageError{fmt.Errorf("--precision %s is for one machine; leave --cluster out", precision)}
	case o.isa != "" && !o.sameISA:
		return usageError{errors.New("--isa names the instruction set of --same-isa; give both")}
	case o.shard < 0 || o.shard&(o.shard-1) != 0:
		return usageError{fmt.Errorf("--shard %d: give a power of two", o.shard)}
	case o.interrupt != "" && o.interrupt != detach && o.interrupt != cancel:
		return usageError{fmt.Errorf("--on-interrupt %s: choose %s or %s", o.interrupt, detach, cancel)}
	}
	return nil
}

// workerOptions are those of akin worker.
type workerOptions struct {
	compute.Options
	address, isa string
	models       []string
}

func (c *console) workerCommand() *cobra.Command {
	var o workerOptions
	cmd := &cobra.Command{
		Use:   "worker --cluster HOST:PORT [--models DIR]",
		Short: "compute features for runs on a cluster",
		Long: `worker waits for tasks of "akin run --cluster" and "akin features export --cluster",
runs networks on the pictures of each, and puts the features where the run says. It
stops on Ctrl-C, and what it was at is done by another worker.

It has the models inside akin, those that were pulled, and the .onnx files with their
cards in each --models DIR. Pictures are read under the path that the submitter gave,
or from the store of objects; their hash must be right.`,
		Example: `  akin worker --cluster temporal:7233
  akin worker --cluster temporal:7233 --models /shared/models --provider cuda --isa a100`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := needAddress(cmd, o.address); err != nil {
				return err
			}
			return c.work(cmd.Context(), o)
		},
	}
	addressFlag(cmd, &o.address)
	flags := cmd.Flags()
	flags.StringArrayVar(&o.models, "models", nil, "folder of .onnx files with their cards; repeatable")
	flags.StringVar(&o.isa, "isa", "", "name of this machine's arithmetic, such as that of its graphics card (default: the processor's instruction set)")
	flags.IntVar(&o.Workers, "workers", 0, "cores to use (default: all)")
	flags.Var((*bytesFlag)(&o.Memory), "memory", "for models open at once (default: 4GB)")
	flags.Var((*providerFlag)(&o.Provider), "provider", "where networks run: "+strings.Join(model.Providers(), ", ")+`; options as "cuda:device_id=1"`)
	return cmd
}

func (c *console) clusterCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cluster",
		Short: "runs on a cluster: how far they are, and how to end one",
		Example: `  akin cluster status --cluster temporal:7233
  akin cluster cancel akin-9f1c2ad04c3e5b7d --cluster temporal:7233`,
	}
	return group(cmd, c.clusterStatusCommand(), c.clusterCancelCommand())
}

func (c *console) clusterStatusCommand() *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:   "status [RUN] --cluster HOST:PORT",
		Short: "list runs, or show one with what each worker has done",
		Example: `  akin cluster status --cluster temporal:7233
  akin cluster status akin-9f1c2ad04c3e5b7d --cluster temporal:7233 --json`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := needAddress(cmd, address); err != nil {
				return err
			}
			return c.clusterStatus(cmd.Context(), address, args)
		},
	}
	addressFlag(cmd, &address)
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) clusterCancelCommand() *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:     "cancel RUN --cluster HOST:PORT",
		Short:   "end a run; what it has computed stays in the store",
		Example: `  akin cluster cancel akin-9f1c2ad04c3e5b7d --cluster temporal:7233`,
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := needAddress(cmd, address); err != nil {
				return err
			}
			return c.clusterCancel(cmd.Context(), address, args[0])
		},
	}
	addressFlag(cmd, &address)
	return cmd
}
