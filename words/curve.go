package words

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
)

// Curves is what the networks' errors over depth say, for a terminal; empty without
// any.
func Curves(list []stats.Curve, width int) string {
	t := text{width: width}
	for _, c := range list {
		t.WriteByte('\n')
		for _, sentence := range CurveSentences(c) {
			t.paragraph(sentence)
		}
	}
	return t.String()
}

// JudgedCurves is the same of a run on odd-one-out rows, votes or matrices.
func JudgedCurves(s judged.Statistics, width int) string {
	t := text{width: width}
	for _, c := range s.Curves {
		t.WriteByte('\n')
		for _, sentence := range JudgedCurve(s)(c) {
			t.paragraph(sentence)
		}
	}
	return t.String()
}

// JudgedCurve writes a curve of a run on a set of another task.
func JudgedCurve(s judged.Statistics) func(stats.Curve) []string {
	figure := "accuracy"
	switch {
	case s.Votes != nil:
		figure = "score"
	case s.Matrices != nil:
		return func(c stats.Curve) []string { return curveSentence(c, "correlation", "greatest", notation.Decimal, "") }
	}
	return func(c stats.Curve) []string {
		return curveSentence(c, figure, "greatest", notation.ShareOf(c.Points[0].Triplets), " %")
	}
}

// CurveSentences say where a network errs least over its depth, and from where on its
// relations part.
func CurveSentences(c stats.Curve) []string {
	if len(c.Points) == 0 {
		return nil
	}
	list := curveSentence(c, "error", "least", notation.ShareOf(c.Points[0].Triplets), " %")
	for _, p := range c.Partings {
		list = append(list, partingSentence(c, p))
	}
	return list
}

// curveSentence says what a figure is first, last and at its best.
func curveSentence(c stats.Curve, figure, best string, write func(float64) string, unit string) []string {
	defined := slices.DeleteFunc(slices.Clone(c.Points), func(p stats.CurvePoint) bool { return !p.Value.Defined() })
	if len(defined) == 0 {
		return nil
	}
	point := func(p stats.CurvePoint) string {
		return fmt.Sprintf("%s%s at depth %d", notation.Estimate(p.Value, p.Interval, write), unit, p.Depth)
	}
	extreme := slices.MinFunc(defined, func(a, b stats.CurvePoint) int { return cmp.Compare(a.Value, b.Value) })
	if best == "greatest" {
		extreme = slices.MaxFunc(defined, func(a, b stats.CurvePoint) int { return cmp.Compare(a.Value, b.Value) })
	}
	return []string{fmt.Sprintf("%s over depth, at %s: the %s is %s and %s; it is %s, %s, in %s.",
		c.Network, english.Count(len(c.Points), "layer"), figure, point(defined[0]), point(defined[len(defined)-1]), best, point(extreme), extreme.Node)}
}

// partingSentence says from which depth on two relations differ.
func partingSentence(c stats.Curve, p stats.Parting) string {
	multiplicity := fmt.Sprintf("simultaneous intervals over %s, Bonferroni", english.Count(c.Tests, "difference"))
	if p.Layers == 0 {
		return fmt.Sprintf("Nowhere do %s and %s part: at no layer does the interval of their difference exclude 0 (%s), which does not show that they are equal.",
			p.Reference, p.Relation, multiplicity)
	}
	which := fmt.Sprintf("the first of %d layers", p.Layers)
	if p.Layers == 1 {
		which = "the only layer"
	}
	return fmt.Sprintf("The relations %s and %s part at depth %d, in %s: it is %s at which the interval of their difference excludes 0 (%s).",
		p.Reference, p.Relation, p.Depth, p.Node, which, multiplicity)
}
