package paper

import (
	"slices"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/figure"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

const (
	imageNet         = "ImageNet 2012 validation"
	imageNetPictures = 50_000
)

// Measured is a top-1 accuracy measured on this machine, see classify.Evaluate.
type Measured struct {
	Pictures int
	Top1     classify.Share
}

// top1 is a model's top-1 error and where it comes from: published of the whole
// validation set, else measured by an evaluation, else by the gate.
type top1 struct {
	figure.Estimate
	source source
	text   string // the source in words
	n      int    // pictures
}

// percent writes the error with the decimals that its pictures support.
func (t top1) percent() string { return notation.ShareOf(t.n)(t.Value) }

// source is where a top-1 error comes from.
type source string

const (
	noSource  source = ""
	published source = "published"
	measured  source = "measured"
	checked   source = "check"
)

func newTop1(m record.Model, evaluations map[string]Measured, level float64) top1 {
	if at := slices.IndexFunc(m.Accuracy, func(a model.Accuracy) bool { return a.On == imageNet }); at >= 0 {
		share := 1 - m.Accuracy[at].Top1/100
		return top1{figure.Estimate{Value: share, Interval: stats.Wilson(share*imageNetPictures, imageNetPictures, level)}, published, "published", imageNetPictures}
	}
	if e, known := evaluations[m.Name]; known {
		return top1{errorOf(e.Top1), measured, "measured, " + english.Count(e.Pictures, "picture"), e.Pictures}
	}
	if m.Check != nil && m.Check.Parity == nil && m.Check.Pictures > 0 {
		return top1{errorOf(m.Check.Top1), checked, "check, " + english.Count(m.Check.Pictures, "picture"), m.Check.Pictures}
	}
	return top1{Estimate: figure.Unknown()}
}

func errorOf(right classify.Share) figure.Estimate {
	return figure.Estimate{Value: 1 - right.Percent/100, Interval: stats.Interval{Low: 1 - right.CI.High/100, High: 1 - right.CI.Low/100}}
}
