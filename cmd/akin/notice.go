package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/record"
)

// noteOtherSet says when a run is about to take the place of one on another set of the
// same name, or on an earlier state of the set.
func (c *console) noteOtherSet(dir string, run *record.Run) {
	var old struct {
		Set struct {
			Name, Digest string
			Triplets     int
		}
	}
	data, err := regular.ReadFile(filepath.Join(dir, record.RunFile))
	if err != nil || json.Unmarshal(data, &old) != nil || old.Set.Digest == "" || old.Set.Digest == run.Set.Digest {
		return
	}
	fmt.Fprintf(c.err, "akin: note: the run in %s was on a set %s with other content (%s), and is replaced; --out DIR keeps both\n",
		dir, old.Set.Name, english.Count(old.Set.Triplets, "triplet"))
}

// noticing says when writing a run's folder took figures of an earlier run with it.
func (c *console) noticing(dir string, write func() error) error {
	file := filepath.Join(dir, record.PaperFile)
	_, before := os.Stat(file)
	if err := write(); err != nil {
		return err
	}
	if _, after := os.Stat(file); before == nil && after != nil {
		fmt.Fprintf(c.err, "akin: note: the figures and tables in %s were of an earlier run and are removed; akin paper %[1]s makes them anew\n", dir)
	}
	return nil
}
