package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

//go:embed reference.py
var script string

// reference is a running reference.py.
type reference struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startReference(python string) (*reference, error) {
	cmd := exec.Command(python, "-W", "ignore", "-c", script)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w; the benchmarks need Debian's python3-torch and python3-torchvision", python, err)
	}
	return &reference{cmd, in, bufio.NewReader(out)}, nil
}

// ask sends a command and decodes its answer into v.
func (r *reference) ask(v any, command ...string) error {
	if _, err := fmt.Fprintln(r.in, strings.Join(command, "\t")); err != nil {
		return err
	}
	answer, err := r.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("reference.py, %s: %w", command[0], err)
	}
	return json.Unmarshal(answer, v)
}

func (r *reference) close() error {
	r.in.Close()
	return r.cmd.Wait()
}
