// Package testcluster starts, for tests alone, the servers that a cluster needs: an S3
// store (versitygw) and Temporal's development server, on ports of this machine.
package testcluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// toolsVariable names a folder that holds the two programs.
const toolsVariable = "AKIN_CLUSTER_TOOLS"

// tool finds a program in the folder that the variable names, where make builds it, or
// on the path. Without it the test is skipped.
func tool(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	folders := []string{os.Getenv(toolsVariable)}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		folders = append(folders, filepath.Join(dir, "bin", "cluster-tools"))
	}
	for _, folder := range folders {
		if file := filepath.Join(folder, name); folder != "" {
			if _, err := os.Stat(file); err == nil {
				return file
			}
		}
	}
	file, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s was not found; make cluster-tools builds it, or name its folder in %s", name, toolsVariable)
	}
	return file
}

// Server is a program that listens on an address.
type Server struct {
	Address string
	t       testing.TB
	start   func() *exec.Cmd
	running *exec.Cmd
}

// Start starts the server again after Kill, on its old address and with its old data.
func (s *Server) Start() {
	s.t.Helper()
	s.running = s.start()
	if err := s.running.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.Kill)
	for range 600 {
		if c, err := net.Dial("tcp", s.Address); err == nil {
			c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatalf("%s does not listen on %s", s.running.Path, s.Address)
}

// Kill ends the server at once.
func (s *Server) Kill() {
	if s.running == nil {
		return
	}
	s.running.Process.Signal(syscall.SIGKILL)
	s.running.Wait() // its error is the signal
	s.running = nil
}

// freeAddress is one of this machine that nothing listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Bucket is a bucket of a running S3 store.
type Bucket struct {
	*Server
	program string
	URL     string
	Folder  string // where the store keeps the bucket's objects as files
}

// StartBucket starts an S3 store with one bucket, and sets its credentials in the
// environment.
func StartBucket(t testing.TB) *Bucket { return StartBucketOn(t, nil, t.TempDir()) }

// StartBucketOn starts one on a host, with its objects in a folder.
func StartBucketOn(t testing.TB, host *Host, dir string) *Bucket {
	t.Helper()
	program := tool(t, "versitygw")
	data, sidecar := filepath.Join(dir, "data"), filepath.Join(dir, "sidecar")
	people := filepath.Join(dir, "people")
	if err := errors.Join(os.MkdirAll(filepath.Join(data, "features"), 0o777), os.Mkdir(sidecar, 0o777), os.Mkdir(people, 0o777)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	s := &Server{Address: host.free(t, 7070), t: t}
	s.start = func() *exec.Cmd {
		cmd := host.Command(program, "--port", s.Address, "--iam-dir", people, "posix", "--sidecar", sidecar, data)
		cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=key", "ROOT_SECRET_KEY=secret")
		return cmd
	}
	s.Start()
	parameters := url.Values{"endpoint": {"http://" + s.Address}, "region": {"us-east-1"}}
	return &Bucket{s, program, "s3://features/akin?" + parameters.Encode(), filepath.Join(data, "features", "akin")}
}

// AddUser adds somebody who may do nothing yet.
func (b *Bucket) AddUser(name, secret string) {
	b.t.Helper()
	cmd := exec.Command(b.program, "admin", "--access", "key", "--secret", "secret", "--endpoint-url", "http://"+b.Address,
		"create-user", "--access", name, "--secret", secret, "--role", "user")
	if output, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatalf("add a user to the store: %v\n%s", err, output)
	}
}

// StartTemporal starts Temporal's development server.
func StartTemporal(t testing.TB) *Server { return StartTemporalOn(t, nil) }

// StartTemporalOn starts it on a host.
func StartTemporalOn(t testing.TB, host *Host) *Server {
	t.Helper()
	program, dir := tool(t, "temporal"), t.TempDir()
	s := &Server{Address: host.free(t, 7233), t: t}
	ip, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		t.Fatal(err)
	}
	if host != nil {
		ip = "0.0.0.0" // its parts find each other by the loopback
	}
	s.start = func() *exec.Cmd {
		return host.Command(program, "server", "start-dev", "--headless", "--log-level", "error",
			"--ip", ip, "--port", port, "--db-filename", filepath.Join(dir, "temporal.db"))
	}
	s.Start()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for { // it listens before its namespace is there
		out, err := exec.CommandContext(ctx, program, "operator", "namespace", "describe", "default", "--address", s.Address).CombinedOutput()
		if err == nil {
			return s
		}
		if ctx.Err() != nil {
			t.Fatal(fmt.Errorf("namespace of Temporal: %w\n%s", err, out))
		}
		time.Sleep(100 * time.Millisecond)
	}
}
