package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() { onThisSystem["Ctrl-C at a terminal"] = (*clusterSite).ask }

// terminal is one at which somebody gives a command.
type terminal struct {
	*clusterSite
	cmd    *exec.Cmd
	keys   *os.File // what is typed, and the screen
	mu     sync.Mutex
	screen bytes.Buffer
}

// atTerminal starts a command at a terminal of its own.
func (s *clusterSite) atTerminal(args ...string) *terminal {
	s.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		s.Skip("a terminal cannot be made: ", err)
	}
	s.Cleanup(func() { keys.Close() })
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(keys.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 200})
	}
	if err != nil {
		s.Fatal(err)
	}
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		s.Fatal(err)
	}
	defer screen.Close()
	program, err := exec.LookPath("akin")
	if err != nil {
		s.Fatal(err)
	}
	t := &terminal{clusterSite: s, cmd: exec.Command(program, args...), keys: keys}
	t.cmd.Dir, t.cmd.Env = s.TempDir(), append(os.Environ(), "AKIN_CACHE="+s.cache(), "TERM=xterm")
	t.cmd.Stdin, t.cmd.Stdout, t.cmd.Stderr = screen, screen, screen
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := t.cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { t.cmd.Process.Kill(); t.cmd.Wait() }) // errors where it ended long ago
	go t.read()
	return t
}

func (t *terminal) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := t.keys.Read(buffer)
		t.mu.Lock()
		t.screen.Write(buffer[:n])
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (t *terminal) shown() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.screen.String()
}

// shows waits until something is on the screen, and returns the match.
func (t *terminal) shows(what string) string {
	t.Helper()
	pattern := regexp.MustCompile(what)
	for range 1200 {
		if found := pattern.FindString(t.shown()); found != "" {
			return found
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the terminal never shows %q; it shows %q", what, t.shown())
	return ""
}

func (t *terminal) types(text string) {
	t.Helper()
	if _, err := t.keys.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func (t *terminal) ends(code int) {
	t.Helper()
	t.cmd.Wait() // its error is the code
	if got := t.cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("it exits %d, want %d: %s", got, code, t.shown())
	}
}

// ask: at a terminal Ctrl-C asks what becomes of the run. No answer but yes cancels it, and
// while it waits the terminal says which worker it waits for.
func (s *clusterSite) ask() {
	const ctrlC = "\x03"
	command := slices.Concat(theRun, s.onCluster(), []string{"--shard", "2"})
	t := s.atTerminal(command...)
	run := strings.Fields(t.shows(`Run akin-[0-9a-f]{16} submitted`))[1]
	t.shows("no worker waits for tasks of akin-onnxruntime")
	t.types(ctrlC)
	t.shows(`Cancel it instead\? \[y/N\]`)
	t.types("\n")
	t.shows("the run " + run + " goes on")
	t.ends(exitInterrupted)
	if st := s.status(run); st.State != "running" {
		s.Errorf("after a return the run is %+v", st)
	}
	t = s.atTerminal(command...)
	t.shows("Run " + run + " attached to")
	t.types(ctrlC)
	t.shows(`Cancel it instead\? \[y/N\]`)
	t.types("y\n")
	t.shows("cancelling the run " + run)
	t.ends(exitInterrupted)
	if st := s.status(run); st.State != "cancelled" {
		s.Errorf("after a yes the run is %+v", st)
	}
	if left, _ := filepath.Glob(filepath.Join(t.cmd.Dir, "runs", "*")); len(left) != 0 {
		s.Errorf("a cancelled run leaves %v", left)
	}
}
