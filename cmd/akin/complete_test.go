package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/record"
)

// TestCompletion asks as a shell does, through cobra's hidden command.
func TestCompletion(t *testing.T) {
	t.Setenv("AKIN_CACHE", t.TempDir())
	t.Chdir(t.TempDir())
	for _, dir := range []string{"runs/everyday", "runs/mine", "old", "no-run"} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if dir != "no-run" {
			if err := os.WriteFile(filepath.Join(dir, record.RunFile), []byte("{}"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		args []string
		want []string // among what is offered
		not  []string
	}{
		{[]string{"run", ""}, []string{"everyday"}, []string{"small-resnet"}},
		{[]string{"run", "everyday", ""}, []string{"everyday"}, nil},
		{[]string{"run", "--layers", ""}, []string{"every-block", "all"}, nil},
		{[]string{"sets", "show", ""}, []string{"everyday"}, nil},
		{[]string{"run", "--model", "small"}, []string{"small-resnet", "small-resnet-early"}, []string{"edges"}},
		{[]string{"run", "--model", "resnet18"}, []string{"resnet18-torchvision"}, nil},
		{[]string{"models", "show", ""}, []string{"edges", "resnet18-torchvision"}, nil},
		{[]string{"models", "pull", ""}, []string{"resnet18-torchvision"}, []string{"edges"}},
		{[]string{"models", "convert", ""}, nil, []string{"edges"}},
		{[]string{"run", "--model", "small-resnet", "--layer", ""}, []string{"features"}, nil},
		{[]string{"run", "--model", "small-resnet", "--model", "small-resnet-early", "--layer", "small-resnet@f"}, []string{"small-resnet@features"}, nil},
		{[]string{"run", "--similarity", ""}, []string{"cosine", "euclidean"}, nil},
		{[]string{"run", "--space", "b"}, []string{"blend"}, []string{"words"}},
		{[]string{"run", "--pooling", "m"}, []string{"max"}, []string{"avg"}},
		{[]string{"compare", ""}, []string{"runs/everyday", "runs/mine", "old"}, []string{"no-run"}},
		{[]string{"compare", "runs/m"}, []string{"runs/mine"}, []string{"runs/everyday", "old"}},
		{[]string{"compare", "old", ""}, []string{"runs/mine"}, nil},
		{[]string{"serve", "old", ""}, []string{"runs/mine"}, nil},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := (&console{out: &out, err: &errs}).execute(t.Context(), append([]string{"__complete"}, c.args...)); code != exitOK {
				t.Fatalf("exit code %d: %s", code, &errs)
			}
			var offered []string
			for line := range strings.Lines(out.String()) {
				word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
				offered = append(offered, word)
			}
			for _, word := range c.want {
				if !slices.Contains(offered, word) {
					t.Errorf("%q is not offered, only %q", word, offered)
				}
			}
			for _, word := range c.not {
				if slices.Contains(offered, word) {
					t.Errorf("%q is offered", word)
				}
			}
		})
	}
}

// TestCompletionIsVisible looks for the command that prints a shell's script.
func TestCompletionIsVisible(t *testing.T) {
	var out, errs bytes.Buffer
	if code := (&console{out: &out, err: &errs}).execute(t.Context(), []string{"--help"}); code != exitOK || !strings.Contains(out.String(), "completion ") {
		t.Errorf("the help ends with %d and does not list completion:\n%s%s", code, &out, &errs)
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		out.Reset()
		if code := (&console{out: &out, err: &errs}).execute(t.Context(), []string{"completion", shell}); code != exitOK || out.Len() < 1000 {
			t.Errorf("completion %s ends with %d and prints %d bytes", shell, code, out.Len())
		}
	}
}
