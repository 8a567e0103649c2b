//go:build cluster

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/akin-vision/akin/cluster"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/plain"
)

// clusterProgress shows a run on a cluster: a line that is written anew on a terminal, now
// and then a line elsewhere.
type clusterProgress struct {
	out     io.Writer
	address string
	first   *cluster.Status // that was seen, since when the speed is taken
	begun   time.Time
	last    time.Time
	drawn   bool
}

func (p *clusterProgress) submitted(run string, attached bool) {
	how := "submitted"
	if attached {
		how = "attached to"
	}
	p.first, p.begun, p.last = nil, time.Now(), time.Now()
	fmt.Fprintf(p.out, "Run %s %s\n", run, how)
}

func (p *clusterProgress) show(s cluster.Status) {
	if p.first == nil {
		p.first, p.begun = &s, time.Now()
	}
	took := time.Since(p.begun).Seconds()
	if isTerminal(p.out) {
		p.clear()
		width := widthOf(p.out) - 1
		fmt.Fprintf(beneath(p.out), "%s\n%s\x1b[1A", plain.Text(cut(p.line(s, took), width)), plain.Text(cut(p.workers(s, took), width)))
		p.drawn = true
	} else if time.Since(p.last) >= logEvery {
		p.last = time.Now()
		fmt.Fprintln(p.out, p.line(s, took)+p.workers(s, took))
	}
}

// clear takes the two lines off the terminal.
func (p *clusterProgress) clear() {
	if p.drawn {
		fmt.Fprint(beneath(p.out), "\r\x1b[J")
		p.drawn = false
	}
}

// cut is a text that fits into a line of the terminal; a width below 1 cuts nothing.
func cut(text string, width int) string {
	if r := []rune(text); width > 0 && len(r) > width {
		return string(r[:width])
	}
	return text
}

// line is a run in one line.
func (p *clusterProgress) line(s cluster.Status, took float64) string {
	if len(s.Waiting) > 0 {
		return fmt.Sprintf("no worker waits for tasks of %s: akin worker --cluster %s", strings.Join(s.Waiting, ", "), p.address)
	}
	text := fmt.Sprintf("%s: %d of %s", s.Title, s.Done, english.Count(s.Shards, "task"))
	if done := s.Done - p.first.Done; done > 0 && took > 0 {
		left := took / float64(done) * float64(s.Shards-s.Done)
		text += fmt.Sprintf(", %.1f pictures/s, %v left", float64(s.Pictures-p.first.Pictures)/took, duration(left))
	}
	if len(s.Troubles) > 0 {
		text += "; " + trouble(s.Troubles[0])
	}
	return text
}

// trouble is why tasks are tried again, in one line.
func trouble(t cluster.Trouble) string {
	return fmt.Sprintf("%s tried again (%d of %d attempts): %s", english.Count(t.Shards, "task"), t.Attempt, t.Of, strings.ReplaceAll(t.Why, "\n", "; "))
}

// mostNamed are the workers whose speed is shown; the status of a run lists them all.
const mostNamed = 8

// workers names those that did something, and their speed.
func (p *clusterProgress) workers(s cluster.Status, took float64) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(s.Workers)) {
		list = append(list, fmt.Sprintf("%s %.1f/s", name, float64(s.Workers[name].Pictures-p.first.Workers[name].Pictures)/max(took, 1e-3)))
	}
	if len(list) > mostNamed {
		list = append(list[:mostNamed], fmt.Sprintf("and %d more", len(list)-mostNamed))
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}
