package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/serve"
	"github.com/akin-vision/akin/zoo"
)

func TestHints(t *testing.T) {
	notPulled := func(name string) error {
		_, err := (zoo.Catalogue{Pulls: t.TempDir()}).Find(name)
		return err
	}
	runs := t.TempDir()
	for _, name := range []string{"photo-pairs", "b"} {
		if err := os.MkdirAll(filepath.Join(runs, name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(runs, "photo-pairs", record.RunFile), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err  error
		want string // beginning of the hint
	}{
		{notPulled("clip-vit-b32"), `run "akin models pull clip-vit-b32"`},
		{notPulled("densenet264-torch7"), "fetch the file from https://drive.google.com/"},
		{notPulled("resnet50-tensorflow"), "if you have its file, resnet50.safetensors, run"},
		{notPulled("resnet1000"), "akin models list"},
		{fmt.Errorf("model m: %w", &classify.OutputsError{Outputs: 1001, Classes: 1000}), "if the first is a background class, say --offset 1"},
		{&classify.OutputsError{Outputs: 12, Classes: 1000}, "list the classes by output"},
		{&classify.UnknownClassesError{Model: "m", Classes: 1001}, "if the first is a background class, say --offset 1"},
		{&classify.KeptError{What: "evaluation"}, "run akin imagenet eval again"},
		{&record.NoRunError{Dir: filepath.Join(runs, "my-set")}, "a run is in " + filepath.Join(runs, "photo-pairs")},
		{&record.NoRunError{Dir: runs}, "a run is in " + filepath.Join(runs, "photo-pairs")},
		{&notThereError{filepath.Join(runs, "theirs.json")}, "a run is in " + filepath.Join(runs, "photo-pairs")},
		{&record.NoRunError{Dir: filepath.Join(runs, "b", "my-set")}, "make one with akin run --out "},
		{&noStudyError{set: "my-set"}, "run akin collect init my-set"},
		{&noStudyFolderError{"everyday"}, "give a file for the study, --study everyday-study/study.toml"},
		{publicError{&serve.RemoteError{Address: "0.0.0.0:1"}}, "give a loopback address such as 127.0.0.1:8080 and put"},
		{&serve.RemoteError{Address: "0.0.0.0:1"}, "give a loopback address such as 127.0.0.1:8080, or --remote"},
		{fmt.Errorf("database study.db: %w", &store.FormError{What: "was made by a newer akin"}), "name another database with --db"},
		{fmt.Errorf("version: %w", &store.ConsentError{Version: "1"}), "raise consent.version"},
		{gateError{errors.New("missed"), "give more"}, "give more"},
	} {
		if got := hintFor(c.err); !strings.HasPrefix(got, c.want) {
			t.Errorf("hint for %q is %q, want %q", c.err, got, c.want)
		}
	}
	if got := hintFor(errors.New("of no kind")); got != "" {
		t.Errorf("an error that akin knows nothing about has the hint %q", got)
	}
}
