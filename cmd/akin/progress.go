package main

import (
	"fmt"
	"io"
	"time"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/plain"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// logEvery is the pause between progress lines where no terminal shows a bar.
const logEvery = 10 * time.Second

// progress shows an extraction: a bar on a terminal, now and then a line elsewhere.
type progress struct {
	out   io.Writer
	bars  *mpb.Progress
	bar   *mpb.Bar
	start time.Time // of the pass
	last  time.Time
	state extract.Progress
}

func newProgress(out io.Writer) *progress { return &progress{out: out} }

// show takes the extraction's state; see extract.Options.
func (p *progress) show(s extract.Progress) {
	if s.First != p.state.First || s.Done < p.state.Done {
		p.finish()
		p.start, p.last = time.Now(), time.Now()
	}
	p.state = s
	if isTerminal(p.out) {
		p.draw(s)
		return
	}
	if time.Since(p.last) >= logEvery {
		p.last = time.Now()
		rate := float64(s.Done) / time.Since(p.start).Seconds()
		left := time.Duration(float64(s.Total-s.Done) / max(rate, 1e-9) * float64(time.Second))
		fmt.Fprintf(p.out, "%s: %d of %d pictures, %.1f/s, %v left\n", subject(s), s.Done, s.Total, rate, left.Round(time.Second))
	}
}

// subject says which models a pass is about.
func subject(s extract.Progress) string {
	switch {
	case s.Of == 1:
		return s.Models[0]
	case s.First == s.Last:
		return fmt.Sprintf("%s (model %d of %d)", s.Models[0], s.First, s.Of)
	case s.First == 1 && s.Last == s.Of:
		return english.Count(s.Of, "model")
	}
	return fmt.Sprintf("models %d to %d of %d", s.First, s.Last, s.Of)
}

func (p *progress) draw(s extract.Progress) {
	if p.bar == nil {
		p.bars = mpb.New(mpb.WithOutput(beneath(p.out)), mpb.WithWidth(40))
		p.bar = p.bars.AddBar(int64(s.Total),
			mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(plain.Text(subject(s))+" ")),
			mpb.AppendDecorators(decor.CountersNoUnit("%d of %d pictures "), decor.AverageSpeed(0, "%.1f/s "), decor.AverageETA(decor.ET_STYLE_GO)),
		)
	}
	p.bar.SetCurrent(int64(s.Done))
}

// finish takes the bar off the screen, also where the work stopped half-way.
func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.bars.Wait()
		p.bar = nil
	}
}

// allKept is the summary of a run that computed nothing.
const allKept = "All features from the cache"

// summary says, when all is done, what was computed.
func (p *progress) summary() string {
	if p.state.Computed == 0 {
		return allKept
	}
	return english.Count(p.state.Computed, "feature") + " computed"
}
