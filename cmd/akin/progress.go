package main

import (
	"fmt"
	"io"
	"time"

	"github.com/akin-vision/akin/extract"
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
	start time.Time
	last  time.Time
	state extract.Progress
}

func newProgress(out io.Writer) *progress { return &progress{out: out} }

// show takes the extraction's state; see extract.Options.
func (p *progress) show(s extract.Progress) {
	if p.start.IsZero() {
		p.start, p.last = time.Now(), time.Now()
	}
	p.state = s
	if s.Total == 0 {
		return
	}
	if isTerminal(p.out) {
		p.draw(s)
		return
	}
	if time.Since(p.last) >= logEvery {
		p.last = time.Now()
		fmt.Fprintf(p.out, "features: %d of %d, %.0f/s\n", s.Done, s.Total, float64(s.Done)/time.Since(p.start).Seconds())
	}
}

func (p *progress) draw(s extract.Progress) {
	if p.bar == nil {
		p.bars = mpb.New(mpb.WithOutput(p.out), mpb.WithWidth(40))
		p.bar = p.bars.AddBar(int64(s.Total),
			mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name("features ")),
			mpb.AppendDecorators(decor.CountersNoUnit("%d of %d "), decor.AverageSpeed(0, "%.0f/s "), decor.AverageETA(decor.ET_STYLE_GO)),
		)
	}
	p.bar.SetCurrent(int64(s.Done))
}

// finish takes the bar off the screen, also where the work stopped half-way.
func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
}

// summary says, when all is done, what was computed.
func (p *progress) summary() string {
	if p.state.Total == 0 {
		return "All features from the cache"
	}
	return fmt.Sprintf("%d features computed", p.state.Done)
}
