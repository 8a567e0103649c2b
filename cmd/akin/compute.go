package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/model"
	"github.com/spf13/cobra"
)

// computeFlags are those of every command that runs networks.
func computeFlags(cmd *cobra.Command, c *compute.Options) {
	flags := cmd.Flags()
	flags.IntVar(&c.Workers, "workers", 0, "cores to use (default: all)")
	flags.IntVar(&c.Threads, "threads", 0, "cores of one inference (default: 1, or what was measured best)")
	flags.IntVar(&c.Batch, "batch", 0, "pictures of one inference (default: 4, or what was measured best)")
	flags.Var((*bytesFlag)(&c.Memory), "memory", "for models open at once; more take turns (default: 4GB)")
	flags.Var((*providerFlag)(&c.Provider), "provider", "where networks run: "+strings.Join(model.Providers(), ", ")+`; options as "cuda:device_id=1"`)
}

// providerFlag is a model.Provider on the command line.
type providerFlag model.Provider

func (f *providerFlag) String() string {
	if f.Name == "" {
		return "" // the default, which help need not repeat
	}
	return model.Provider(*f).String()
}
func (*providerFlag) Type() string { return "provider" }

func (f *providerFlag) Set(text string) error {
	p, err := model.ParseProvider(text)
	*f = providerFlag(p)
	return err
}

// bytesFlag is an amount of memory such as 600MB or 4GB.
type bytesFlag int64

func (f *bytesFlag) String() string {
	if *f == 0 {
		return ""
	}
	return fmt.Sprintf("%dMB", *f>>20)
}
func (*bytesFlag) Type() string { return "size" }

func (f *bytesFlag) Set(text string) error {
	upper := strings.ToUpper(strings.TrimSpace(text))
	for unit, shift := range map[string]int{"MB": 20, "GB": 30} {
		number, found := strings.CutSuffix(upper, unit)
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if found && err == nil && n > 0 && n < 1<<20 {
			*f = bytesFlag(n * float64(int64(1)<<shift))
			return nil
		}
	}
	return fmt.Errorf("%q is no amount of memory; write it as 600MB or 4GB", text)
}
