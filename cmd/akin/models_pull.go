package main

import (
	"context"
	"fmt"
	"time"

	"github.com/akin-vision/akin/zoo"
	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

func (c *console) modelsPullCommand() *cobra.Command {
	var o zoo.PullOptions
	cmd := &cobra.Command{
		Use:   "pull NAME",
		Short: "fetch a published model, verify, convert and keep it",
		Long: `pull downloads a model of the catalogue into akin's cache, goes on where an
earlier download broke off, compares length and SHA-256 with what is published,
and converts it if it is no .onnx. Where no hash is published, the first one is
remembered and any other refused later.

--from takes a file that is on disk already through the same checks: for
machines without internet, and for files that a browser must fetch.`,
		Example: `  akin models pull resnet18-torchvision
  akin models pull resnet200-torch7 --from Downloads/resnet-200.t7`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			pulled, err := c.pull(cmd.Context(), args[0], o)
			if err != nil {
				return err
			}
			return c.printPulled(pulled)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.From, "from", "", "the published file, already on disk")
	flags.BoolVar(&o.Overwrite, "force", false, "fetch again what is there")
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

// pull fetches a published model and shows how far it is.
func (c *console) pull(ctx context.Context, name string, o zoo.PullOptions) (*zoo.Pulled, error) {
	bar := &downloadBar{console: c}
	defer bar.finish()
	o.Progress, o.Client = bar.show, c.client
	return c.home.Catalogue().Pull(ctx, name, o)
}

func (c *console) printPulled(p *zoo.Pulled) error {
	if c.asJSON {
		return c.printJSON(map[string]any{
			"name": p.Entry.Name, "file": p.File, "sha256": p.SHA256, "trust": p.Trust, "new": p.New,
		})
	}
	if !p.New {
		_, err := fmt.Fprintf(c.prose(), "%s is there already: %s\n", p.Entry.Name, p.File)
		return err
	}
	c.fields([][2]string{
		{"name", p.Entry.Name},
		{"model", p.File},
		{"sha256", p.SHA256},
		{"verified", map[zoo.Trust]string{
			zoo.TrustHash:     "the SHA-256 is the published one",
			zoo.TrustPrefix:   "the SHA-256 begins as published",
			zoo.TrustSame:     "no SHA-256 is published; it is that of the first time",
			zoo.TrustFirstUse: "no SHA-256 is published; this one is remembered, and any other will be refused",
		}[p.Trust]},
		{"next", fmt.Sprintf("akin models check %s --images DIR; akin run --model %s", p.Entry.Name, p.Entry.Name)},
	})
	return nil
}

// downloadBar shows bytes as a bar on a terminal, now and then as a line elsewhere.
type downloadBar struct {
	console *console
	bars    *mpb.Progress
	bar     *mpb.Bar
	last    time.Time // of the last line
}

func (b *downloadBar) show(done, total int64) {
	if !isTerminal(b.console.err) {
		b.line(done, total)
		return
	}
	if b.bar == nil {
		b.bars = mpb.New(mpb.WithOutput(beneath(b.console.err)), mpb.WithWidth(40))
		b.bar = b.bars.AddBar(total, mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name("download ")),
			mpb.AppendDecorators(decor.CountersKibiByte("% .1f of % .1f "), decor.AverageSpeed(decor.SizeB1024(0), "% .1f ")))
	}
	b.bar.SetTotal(total, false)
	b.bar.SetCurrent(done)
}

func (b *downloadBar) line(done, total int64) {
	if b.last.IsZero() {
		b.last = time.Now()
	}
	if time.Since(b.last) < logEvery {
		return
	}
	b.last = time.Now()
	if total > 0 {
		fmt.Fprintf(b.console.err, "download: %.1f of %.1f MB\n", float64(done)/1e6, float64(total)/1e6)
	} else {
		fmt.Fprintf(b.console.err, "download: %.1f MB\n", float64(done)/1e6)
	}
}

func (b *downloadBar) finish() {
	if b.bar != nil {
		b.bar.Abort(true)
		b.bars.Wait()
	}
}
