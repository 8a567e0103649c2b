//go:build !cluster

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/record"
)

// This akin is built without the libraries of Temporal and S3, a third of its size: what
// needs them is done by akin-cluster, the same program built with them.

const clusterProgram = "akin-cluster"

// clusterProgramError is an akin-cluster that is not there, or cannot be started.
type clusterProgramError struct{ err error }

func (e *clusterProgramError) Error() string {
	return fmt.Sprintf("the program %s, which runs networks on a cluster: %v", clusterProgram, e.err)
}

// handOver lets akin-cluster, beside this program or on the path, run the same command in
// the place of this process. It returns only if that cannot be.
func handOver() error {
	file, err := findClusterProgram()
	if err == nil {
		err = syscall.Exec(file, append([]string{file}, os.Args[1:]...), os.Environ())
	}
	return &clusterProgramError{err}
}

func findClusterProgram() (string, error) {
	if here, err := os.Executable(); err == nil {
		if file, err := exec.LookPath(filepath.Join(filepath.Dir(here), clusterProgram)); err == nil {
			return file, nil
		}
	}
	file, err := exec.LookPath(clusterProgram)
	if errors.Is(err, exec.ErrNotFound) {
		err = errors.New("it was not found")
	}
	return file, err
}

// onCluster is the cluster of a command; nil where it has none.
type onCluster struct{}

func (c *console) openCluster(_ context.Context, o clusterOptions, _ *compute.Options) (*onCluster, error) {
	if o.address == "" {
		return nil, nil
	}
	return nil, handOver()
}

func (*onCluster) workers() []record.Worker   { return nil }
func (*onCluster) summary(here string) string { return here }
func (*onCluster) finish()                    {}
func (*onCluster) close() error               { return nil }

func (c *console) work(context.Context, workerOptions) error             { return handOver() }
func (c *console) clusterStatus(context.Context, string, []string) error { return handOver() }
func (c *console) clusterCancel(context.Context, string, string) error   { return handOver() }
func (c *console) estimated(err error) (bool, error)                     { return false, err }

var clusterHints = []func(error) string{
	on(func(*clusterProgramError) string {
		return "make cluster builds it beside akin; or put it on the PATH"
	}),
}
