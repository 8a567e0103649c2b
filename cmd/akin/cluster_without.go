//go:build !cluster

package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/internal/regular"
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

func (e *clusterProgramError) Unwrap() error { return e.err }

// handOver lets akin-cluster, beside this program or on the path, run the same command in
// the place of this process. It returns only if that cannot be.
func handOver() error {
	file, err := findClusterProgram()
	if err == nil {
		err = checkClusterProgram(file)
	}
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

// otherBuildError is an akin-cluster that was not built with this akin.
type otherBuildError struct{ file, why string }

func (e *otherBuildError) Error() string { return e.file + " " + e.why }

// checkClusterProgram refuses a program of another version, whose features and records would
// not be those of this one, and one that would hand over to itself.
func checkClusterProgram(file string) error {
	f, err := regular.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := buildinfo.Read(f)
	if err != nil {
		return nil // a script around it, whose program cannot be seen
	}
	if why := otherBuild(info, akin.Version()); why != "" {
		return &otherBuildError{file, why}
	}
	return nil
}

// unversioned is a build that the Go toolchain gave no version.
const unversioned = "(devel)"

// otherBuild says why a program is not this akin, of a version, with the libraries of a
// cluster; empty where it is. Builds of a working copy can have no version, and are not compared.
func otherBuild(info *debug.BuildInfo, version string) string {
	tags := slices.IndexFunc(info.Settings, func(s debug.BuildSetting) bool {
		return s.Key == "-tags" && slices.Contains(strings.Split(s.Value, ","), "cluster")
	})
	other := info.Main.Version
	switch {
	case tags < 0:
		return "was built without the libraries of a cluster"
	case other != version && other != unversioned && other != "" && version != unversioned:
		return fmt.Sprintf("is of version %s, this akin of %s", other, version)
	}
	return ""
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
	on(func(*otherBuildError) string {
		return "build both from one version: make cluster, then make install-cluster where they are installed"
	}),
	on(func(*clusterProgramError) string {
		return "make cluster builds it beside akin; or put it on the PATH"
	}),
}
