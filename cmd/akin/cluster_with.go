//go:build cluster

package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/record"
	"go.temporal.io/sdk/client"
)

// onCluster is the cluster of a command; nil where it has none.
type onCluster struct {
	*cluster.Cluster
	progress *clusterProgress
}

// openCluster connects to the cluster of a command, which then computes networks.
func (c *console) openCluster(ctx context.Context, o clusterOptions, options *compute.Options) (*onCluster, error) {
	if o.address == "" {
		return nil, nil
	}
	store, err := objects.Open(ctx, o.objects)
	if err != nil {
		return nil, err
	}
	temporal, err := cluster.Dial(ctx, o.address, logger(c.err))
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	p := &clusterProgress{out: c.err, address: o.address}
	on := &onCluster{&cluster.Cluster{
		Client: temporal, Store: store, Shard: o.shard, Upload: o.upload, DryRun: o.dryRun,
		Submitted: p.submitted, Progress: p.show, Interrupted: c.interrupted(o, p),
	}, p}
	if o.sameISA {
		on.Instructions = cmp.Or(o.isa, cluster.Instructions())
	}
	options.Elsewhere = on.Cluster
	return on, nil
}

// workers are the machines that computed what a run read from the store.
func (on *onCluster) workers() []record.Worker {
	if on == nil {
		return nil
	}
	var list []record.Worker
	for _, c := range on.Contributions() {
		list = append(list, record.Worker{Model: c.Model, Host: c.Host, Instructions: c.Instructions, System: c.System, Pictures: c.Pictures})
	}
	return list
}

// summary says where features came from; here is what this machine says of itself.
func (on *onCluster) summary(here string) string {
	switch {
	case on == nil || len(on.Contributions()) == 0:
		return here
	case here == allKept:
		return "Features from the cluster"
	}
	return "Features from the cluster; " + here
}

// finish takes the progress off the screen.
func (on *onCluster) finish() {
	if on != nil {
		on.progress.clear()
	}
}

func (on *onCluster) close() error {
	if on == nil {
		return nil
	}
	on.Client.Close()
	return on.Store.Close()
}

// interrupted decides about a run that Ctrl-C leaves under way.
func (c *console) interrupted(o clusterOptions, p *clusterProgress) func(run string) bool {
	return func(run string) bool {
		p.clear()
		end := o.interrupt == cancel
		if o.interrupt == "" && c.person {
			fmt.Fprintf(c.err, "\nThe run %s goes on without this command. Cancel it instead? [y/N] ", run)
			answer, _ := bufio.NewReader(c.in).ReadString('\n')
			answer = strings.ToLower(strings.TrimSpace(answer))
			end = answer == "y" || answer == "yes"
		}
		if end {
			fmt.Fprintf(c.err, "akin: cancelling the run %s; what it has computed stays in the store\n", run)
		} else {
			fmt.Fprintf(c.err, "akin: the run %s goes on; \"akin cluster status %[1]s --cluster %s\" shows how far it is\n", run, o.address)
		}
		return end
	}
}

var clusterHints = []func(error) string{
	on(func(*cluster.UnreachableError) string {
		return "is the server running, and are its address, TEMPORAL_NAMESPACE and TEMPORAL_TLS_... right? docs/cluster.md shows how to start one"
	}),
	on(func(e *cluster.NoRunError) string { return "akin cluster status --cluster HOST:PORT lists the runs" }),
	on(func(*cluster.DamagedError) string {
		return "run the same command again: what is damaged is made anew, but for pictures: remove such an object from the store first. Then look at the store's disks"
	}),
	on(func(*cluster.RoundingError) string {
		return "give workers whose arithmetic differs, such as other graphics cards, names of their own with --isa"
	}),
	on(func(e *cluster.RunError) string {
		if errors.Is(e, cluster.ErrCancelled) {
			return "what was computed is kept; the same command goes on from there"
		}
		return "what was computed is kept: mend the cause and give the same command again"
	}),
	on(func(e *objects.Error) string {
		if errors.Is(e, syscall.ENOSPC) {
			return "the store is full; nothing in it was harmed. Make room there, and give the same command again: it goes on from what is there"
		}
		if e.Key == "" {
			return "write s3://bucket/prefix, with ?endpoint=http://HOST:PORT for a server of your own, or file:///folder of a folder that is there; credentials by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
		}
		return "is the store running, are its endpoint and bucket right, and are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY those of a user who may read and write there? A clock that is wrong by more than some minutes is refused too"
	}),
}

// logger prints warnings of Temporal's library.
func logger(out io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelError}))
}

// work is akin worker.
func (c *console) work(ctx context.Context, o workerOptions) error {
	models, err := c.home.ModelsByHash(o.models)
	if err != nil {
		return err
	}
	computer, err := c.home.Machine().Open(o.Options, slices.Collect(maps.Values(models))...)
	if err != nil {
		return err
	}
	defer computer.Close()
	temporal, err := cluster.Dial(ctx, o.address, logger(c.err))
	if err != nil {
		return err
	}
	defer temporal.Close()
	w := &cluster.Worker{Computer: computer, Models: models, Machine: cluster.ThisMachine(o.isa), Memory: computer.Memory}
	fmt.Fprintf(c.err, "Worker %s, %s, %s, %d cores, %d models, waits for tasks of %s\n",
		w.Machine.Host, w.Machine.Instructions, computer.Engine(), computer.Workers, len(models), o.address)
	return errors.Join(w.Serve(ctx, temporal), w.Close())
}

func (c *console) clusterStatus(ctx context.Context, address string, args []string) error {
	return c.withTemporal(ctx, address, func(t client.Client) error {
		if len(args) == 1 {
			s, err := cluster.Look(ctx, t, args[0])
			if err != nil {
				return err
			}
			return show(c, s, c.printRun)
		}
		list, err := cluster.Runs(ctx, t)
		if err != nil {
			return err
		}
		return show(c, list, func(list []cluster.Status) {
			if len(list) == 0 {
				fmt.Fprintln(c.out, "No runs.")
			}
			for _, s := range list {
				fmt.Fprintf(c.out, "%s  %-10s  %s  %s\n", s.Run, s.State, s.Started.Local().Format(time.DateTime), s.Title)
			}
		})
	})
}

func (c *console) clusterCancel(ctx context.Context, address, run string) error {
	return c.withTemporal(ctx, address, func(t client.Client) error {
		if err := cluster.Cancel(ctx, t, run); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "The run %s is cancelled; what it has computed stays in the store.\n", run)
		return nil
	})
}

func (c *console) withTemporal(ctx context.Context, address string, do func(client.Client) error) error {
	temporal, err := cluster.Dial(ctx, address, logger(c.err))
	if err != nil {
		return err
	}
	defer temporal.Close()
	return do(temporal)
}

// printRun is a run in a few lines.
func (c *console) printRun(s cluster.Status) {
	fmt.Fprintf(c.out, "%s, %s: %s, started %s\n", s.Run, s.Title, s.State, s.Started.Local().Format(time.DateTime))
	if s.Shards > 0 {
		fmt.Fprintf(c.out, "%d of %s done, %d of them were in the store; %s\n", s.Done, english.Count(s.Shards, "task"), s.Hits, english.Count(s.Retries, "retry"))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Workers)) {
		fmt.Fprintf(c.out, "  %-24s %11s, %17s computed\n", name, english.Count(s.Workers[name].Shards, "task"), english.Count(s.Workers[name].Pictures, "picture"))
	}
	for _, t := range s.Troubles {
		fmt.Fprintln(c.out, trouble(t))
	}
	for _, q := range s.Waiting {
		fmt.Fprintf(c.out, "no worker waits for tasks of %s\n", q)
	}
	if s.Silent {
		fmt.Fprintln(c.out, "no worker answers how far it is")
	}
	if s.Failure != "" {
		fmt.Fprintln(c.out, "it failed:", s.Failure)
	}
}

// printEstimate is what --dry-run prints.
func (c *console) printEstimate(e *cluster.Estimate) error {
	return show(c, e, func(e *cluster.Estimate) {
		var bytes int64
		name := 0
		for _, n := range e.Networks {
			name = max(name, utf8.RuneCountInString(n.Model))
		}
		for _, n := range e.Networks {
			how := "assumed"
			if n.Measured {
				how = "as measured here"
			}
			fmt.Fprintf(c.out, "%-*s  %s of up to %d pictures, %.1f MB, %v of one worker (%s)\n",
				name, n.Model, english.Count(n.Shards, "task"), n.Pictures, float64(n.Bytes)/1e6, duration(n.Seconds), how)
			bytes += n.Bytes
		}
		if len(e.Networks) == 0 {
			fmt.Fprintln(c.out, "This machine has all features. Nothing was submitted.")
			return
		}
		fmt.Fprintf(c.out, "%s, %s: %.1f MB in %s, %v of one worker. Nothing was submitted.\n",
			english.Count(len(e.Networks), "network"), english.Count(e.Pictures, "picture"), float64(bytes)/1e6, e.Store, duration(e.Seconds()))
	})
}

func duration(seconds float64) time.Duration {
	return time.Duration(max(seconds, 1) * float64(time.Second)).Round(time.Second)
}

// estimated prints what --dry-run found in the place of features.
func (c *console) estimated(err error) (bool, error) {
	var e *cluster.Estimate
	if !errors.As(err, &e) {
		return false, err
	}
	return true, c.printEstimate(e)
}
