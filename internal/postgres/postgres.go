// Package postgres starts a PostgreSQL server for tests.
package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
)

// Server is a cluster of its own in a temporary folder, which only this machine
// reaches, through a socket.
type Server struct {
	t    testing.TB
	bin  string
	dir  string
	user *syscall.Credential // who runs it, where the test is root
}

// Start makes and starts a cluster, which ends with the test. A test on a machine
// without PostgreSQL is skipped.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, bin: find()}
	if s.bin == "" {
		t.Skip("PostgreSQL is not installed")
	}
	dir, err := os.MkdirTemp("", "akin-pg-") // short: a socket's path is limited
	if err != nil {
		t.Fatal(err)
	}
	s.dir = dir
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Getuid() == 0 {
		s.becomeUser()
	}
	s.run("initdb", "-D", s.data(), "-U", "akin", "-A", "trust", "-N", "-E", "UTF8")
	s.Run()
	t.Cleanup(func() { s.Kill() })
	return s
}

// becomeUser hands the folder to somebody who is not root, as PostgreSQL demands.
func (s *Server) becomeUser() {
	name := "postgres"
	found, err := user.Lookup(name)
	if err != nil {
		found, err = user.Lookup("nobody")
	}
	if err != nil {
		s.t.Skipf("PostgreSQL does not run as root, and there is nobody else: %v", err)
	}
	uid, _ := strconv.Atoi(found.Uid)
	gid, _ := strconv.Atoi(found.Gid)
	s.user = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	if err := os.Chown(s.dir, uid, gid); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// URL is the address of the cluster's database.
func (s *Server) URL() string {
	return fmt.Sprintf("postgres://akin@/postgres?host=%s&sslmode=disable", s.dir)
}

// Run starts the server and waits until it answers.
func (s *Server) Run() {
	s.run("pg_ctl", "-D", s.data(), "-w", "-t", "120", "-l", filepath.Join(s.dir, "log"),
		"-o", fmt.Sprintf("-c listen_addresses= -c unix_socket_directories=%s -c max_connections=60", s.dir), "start")
}

// Kill ends the server at once, as a crash would: it recovers when it runs again.
func (s *Server) Kill() {
	if out, err := s.command("pg_ctl", "-D", s.data(), "-w", "-m", "immediate", "stop").CombinedOutput(); err != nil {
		s.t.Logf("stop PostgreSQL: %v\n%s", err, out)
	}
}

func (s *Server) run(name string, args ...string) {
	s.t.Helper()
	if out, err := s.command(name, args...).CombinedOutput(); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		s.t.Fatalf("%s: %v\n%s\n%s", name, err, out, log)
	}
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.user}
	return cmd
}

// find is the folder of the newest server's programs.
func find() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return ""
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1])
}
