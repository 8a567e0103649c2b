package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/akin-vision/akin/internal/atomicfile"
)

// full is as many odd-one-out rows as THINGS has.
const full = 4_700_000

// scale measures invented sets of 1,854 pictures and up to as many rows as THINGS
// has: reading, checking, importing, and whole runs on ready features.
func (b *bench) scale() error {
	perRow := map[int]float64{}
	for _, rows := range []int{100_000, 1_000_000, full} {
		dir, err := b.things(rows)
		if err != nil {
			return err
		}
		m, err := b.judge(dir, 1)
		if err != nil {
			return err
		}
		perRow[rows] = m.cpu / float64(rows)
		if rows < full {
			b.add(row{fmt.Sprintf("odd one out, %d rows, one model", rows), m.measured(), m.seconds, 20, "s", true})
			continue
		}
		if err := b.fullSize(dir, m); err != nil {
			return err
		}
	}
	b.add(row{"odd one out, processor time a row, 4.7 million over 1 million rows", fmt.Sprintf("%.2f against %.2f µs", 1e6*perRow[full], 1e6*perRow[1_000_000]),
		perRow[full] / perRow[1_000_000], 1.3, "x", true})
	return nil
}

// fullSize measures the largest set; one is the run of one model on it.
func (b *bench) fullSize(dir string, one measured) error {
	const name = "odd one out, 4.7 million rows of 1,854 pictures, "
	ten, err := b.judge(dir, 10)
	if err != nil {
		return err
	}
	b.add(row{name + "one model, statistics, record and page", one.measured(), one.seconds, 20, "s", true})
	b.add(row{name + "ten models", ten.measured(), ten.seconds, 90, "s", true})
	for _, m := range []measured{one, ten} {
		if m.peakMB == 0 {
			_, err := m.peak()
			return err
		}
	}
	b.add(row{name + "peak memory of either", "", max(one.peakMB, ten.peakMB), 2048, "MB", true})
	page, err := os.Stat(filepath.Join(b.work, "runs", "things", "report.html"))
	if err != nil {
		return err
	}
	b.add(row{name + "page of ten models", "", float64(page.Size()) / 1e6, 15, "MB", true})
	imported := filepath.Join(b.work, "things-imported")
	if err := os.RemoveAll(imported); err != nil {
		return err
	}
	for _, step := range []struct {
		what string
		bar  float64
		args []string
	}{
		{"reading (sets show)", 6, []string{"sets", "show", filepath.Join(dir, "set")}},
		{"sets validate", 30, []string{"sets", "validate", filepath.Join(dir, "set")}},
		{"sets import from text", 30, []string{"sets", "import", filepath.Join(dir, "source"), "--task", "odd-one-out", "--triplets", "trainset.txt", "--no-header", "--names", "names.txt", "--out", imported}},
	} {
		m, err := b.subject.run(step.args...)
		if err != nil {
			return err
		}
		b.add(row{name + step.what, m.measured(), m.seconds, step.bar, "s", true})
	}
	return nil
}

// measured is what else a row says of a run.
func (m measured) measured() string {
	return fmt.Sprintf("%.1f s of processor, peak %.0f MB", m.cpu, m.peakMB)
}

// judge runs so many models of invented features.
func (b *bench) judge(dir string, models int) (measured, error) {
	args := []string{"run", filepath.Join(dir, "set"), "--out", filepath.Join(b.work, "runs", "things")}
	for i := range models {
		args = append(args, "--features", fmt.Sprintf("model-%02d=%s,%s", i, filepath.Join(dir, "features", fmt.Sprintf("model-%02d.npy", i)), filepath.Join(dir, "features", "names.txt")))
	}
	return b.subject.run(args...)
}

// things writes an invented set, once.
func (b *bench) things(rows int) (string, error) {
	dir := filepath.Join(b.work, "things-"+strconv.Itoa(rows))
	whole := filepath.Join(dir, "whole")
	if _, err := os.Stat(whole); err == nil {
		return dir, nil
	}
	cmd := exec.Command("go", "run", "./bench/things", "--out", dir, "--rows", strconv.Itoa(rows))
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("bench/things: %w", err)
	}
	return dir, atomicfile.Write(whole, nil)
}
