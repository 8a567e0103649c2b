package classify

import (
	"context"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/export"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
)

// Verdict is what a check says of a network's reading and preprocessing.
type Verdict string

const (
	Pass       Verdict = "pass"        // accuracy is not below the published one by more than Margin
	Fail       Verdict = "fail"        // it is: the weights or the recipe are wrong
	CannotTell Verdict = "cannot tell" // too few pictures, or nothing published to compare with
)

// Margin, in percentage points, is how far below the published top-1 a
// network's true accuracy may lie and still count as reproduced. Harmless
// differences (another decoder, bilinear for bicubic) cost under one point,
// wrong ones (mean and std, channel order, crop) usually more than three.
const Margin = 3.0

// Share is a proportion with its 95 % Wilson interval, in per cent.
type Share struct {
	Correct int            `json:"correct"`
	Percent float64        `json:"percent"`
	CI      stats.Interval `json:"ci95"`
}

func newShare(correct, n int) Share {
	ci := stats.Wilson(float64(correct), float64(n), 0.95)
	return Share{correct, 100 * float64(correct) / float64(n), stats.Interval{Low: 100 * ci.Low, High: 100 * ci.High}}
}

// Text is the share in per cent with its interval: 76.3 (70.2 to 81.8).
func (s Share) Text() string { return notation.Estimate(s.Percent, s.CI, notation.Tenths) }

// Check is the outcome of the gate for one model.
type Check struct {
	Model        string          `json:"model"`
	Hash         string          `json:"hash"`          // SHA-256 of the graph
	RecipeDigest string          `json:"recipe_digest"` // of the preprocessing
	Pictures     int             `json:"pictures"`      // whose class the network knows
	LeftOut      int             `json:"left_out"`      // of classes that it does not know
	Top1         Share           `json:"top1"`
	Top5         Share           `json:"top5"`
	Published    *model.Accuracy `json:"published,omitempty"`
	Parity       *export.Parity  `json:"parity,omitempty"` // set: held against a framework, not against labels; Top1 and Top5 are void
	Verdict      Verdict         `json:"verdict"`
	Reading      string          `json:"reading"` // the verdict in a sentence
}

// newCheck compares an evaluation with the published accuracy, which may be nil.
func newCheck(e Evaluation, published *model.Accuracy) Check {
	c := Check{
		Model: e.Model, Hash: e.Hash, RecipeDigest: e.RecipeDigest, Pictures: e.Pictures, LeftOut: e.LeftOut,
		Top1: e.Top1, Top5: e.Top5, Published: published,
	}
	c.Verdict, c.Reading = c.judge(e.Classes)
	return c
}

// rankOf is the place of a class among the logits, 1 for the largest. Equal
// logits before it in class order come first, as a stable sort has them.
func rankOf(logits []float32, class int) int {
	rank := 1
	for i, v := range logits {
		if v > logits[class] || v == logits[class] && i < class {
			rank++
		}
	}
	return rank
}

func (c Check) judge(classes int) (Verdict, string) {
	measured := fmt.Sprintf("top-1 %s %% of %s (95 %% interval %s)", notation.Tenths(c.Top1.Percent), english.Count(c.Pictures, "picture"), notation.Interval(c.Top1.CI, notation.Tenths))
	if c.Published == nil {
		if chance := 100 / float64(classes); c.Top1.CI.High < 10*max(chance, 0.5) {
			return Fail, measured + fmt.Sprintf("; chance is %s: the weights or the recipe are wrong", notation.Tenths(chance))
		}
		return CannotTell, measured + "; its card gives no published accuracy to compare with"
	}
	against := fmt.Sprintf("; published %s on %s", notation.Tenths(c.Published.Top1), c.Published.On)
	switch floor := c.Published.Top1 - Margin; {
	case c.Top1.CI.High < floor:
		return Fail, measured + against + ": the weights or the recipe are wrong"
	case c.Top1.CI.Low < floor:
		return CannotTell, measured + against + fmt.Sprintf(": too few pictures to tell; about %d would do", picturesNeeded(c.Published.Top1))
	case c.Top1.CI.Low > c.Published.Top1:
		return Pass, measured + against + ": reproduced; the higher figure suggests pictures that it was trained on"
	default:
		return Pass, measured + against + ": reproduced"
	}
}

// picturesNeeded is the number whose Wilson interval around top1 per cent
// stays above the margin, to one significant figure and a half.
func picturesNeeded(top1 float64) int {
	sizes := []int{100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000}
	i := slices.IndexFunc(sizes, func(n int) bool {
		return 100*stats.Wilson(top1/100*float64(n), float64(n), 0.95).Low >= top1-Margin
	})
	if i < 0 {
		return 50000
	}
	return sizes[i]
}

// CheckModel is the gate against wrong numbers: it classifies labelled pictures
// with the one model of c and compares the accuracy with the published one. The
// outcome is kept under the hashes of graph and recipe, where runs find it.
func CheckModel(ctx context.Context, c Config) (Check, error) {
	classifiers, err := c.classifiers()
	if err != nil {
		return Check{}, err
	}
	evaluations, err := c.evaluate(ctx, classifiers, nil)
	if err != nil {
		return Check{}, err
	}
	check := newCheck(evaluations[0], published(classifiers[0].Card))
	return check, c.Home.Archive().keepCheck(check, classifiers[0].Card)
}

// published is the accuracy that a check must reproduce: the first of the card.
func published(card model.Card) *model.Accuracy {
	if len(card.Accuracy) == 0 {
		return nil
	}
	return &card.Accuracy[0]
}
