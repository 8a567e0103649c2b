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
	if isTerminal(p.out) {
		fmt.Fprintf(beneath(p.out), "\r\x1b[K%s", shown(p.line(s, widthOf(p.out)-1)))
		p.drawn = true
	} else if time.Since(p.last) >= logEvery {
		p.last = time.Now()
		fmt.Fprintln(p.out, p.line(s, 0))
	}
}

// mostNamed are the workers that a line names; "akin cluster status" lists them all.
const mostNamed = 8

// line is a run in one line, of at most so many characters; 0: as many as it takes.
func (p *clusterProgress) line(s cluster.Status, width int) string {
	text := fmt.Sprintf("%s: %d of %s", s.Title, s.Done, english.Count(s.Shards, "task"))
	took := time.Since(p.begun).Seconds()
	if done := s.Done - p.first.Done; done > 0 && took > 0 {
		left := took / float64(done) * float64(s.Shards-s.Done)
		text += fmt.Sprintf(", %.1f pictures/s, %v left", float64(s.Pictures-p.first.Pictures)/took, duration(left))
	}
	if len(s.Waiting) > 0 {
		text = fmt.Sprintf("no worker waits for tasks of %s: akin worker --cluster %s", strings.Join(s.Waiting, ", "), p.address)
	}
	if long := text + p.workers(s, took); len(s.Workers) <= mostNamed && (width <= 0 || len(long) <= width) {
		text = long
	} else {
		text += " (" + english.Count(len(s.Workers), "worker") + ")"
	}
	if width > 0 && len(text) > width {
		text = text[:width]
	}
	return text
}

// workers names those that did something, and their speed.
func (p *clusterProgress) workers(s cluster.Status, took float64) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(s.Workers)) {
		list = append(list, fmt.Sprintf("%s %.1f/s", name, float64(s.Workers[name].Pictures-p.first.Workers[name].Pictures)/max(took, 1e-3)))
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}
