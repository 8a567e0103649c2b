package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// Warning is a warning as a sentence. It does not name the model: see [Notes].
func Warning(w stats.Warning) string {
	switch w.Kind {
	case stats.NoOverallDifference:
		return fmt.Sprintf("no difference between the models as a whole is significant (%s): do not interpret single pairs", notation.PEquals(w.P))
	case stats.ChosenModels:
		return "the models are few, chosen and related: correlations over models describe these models only"
	case stats.FewModels:
		of := "all models"
		if w.Family != "" {
			of = w.Family
		}
		return fmt.Sprintf("%s: %d models are too few for a bootstrap interval, which needs at least %d", of, w.Models, w.Needed)
	case stats.ManyTies:
		return fmt.Sprintf("%d of %d triplets are ties: compare the rules for ties before you report one figure", w.Tied, w.Triplets)
	case stats.InflatedAUC:
		return fmt.Sprintf("the pooled AUC (%s) lies further from chance than the accuracy within triplets (%s): it also compares pairs of different targets, which a match never does", notation.Decimal(w.AUC), notation.Decimal(w.Accuracy))
	case stats.Unchecked:
		return "the accuracy was not checked against the published value: a wrong recipe gives wrong features"
	}
	for _, part := range []func(stats.Warning) string{aboutSet, aboutAxes, aboutPeople} {
		if text := part(w); text != "" {
			return text
		}
	}
	return string(w.Kind)
}

func aboutSet(w stats.Warning) string {
	switch w.Kind {
	case stats.OneCluster:
		return fmt.Sprintf("shared pictures link the %d triplets so closely that they are worth less than two independent ones: one independent unit, no test is possible", w.Triplets)
	case stats.FewUnits:
		return fmt.Sprintf("if triplets that share a picture agreed, these would be worth %s independent ones: only large differences can be found", notation.Amount(float64(w.Units), 1))
	case stats.SharedPictures:
		groups := "all of them linked"
		if w.Clusters > 1 {
			groups = fmt.Sprintf("%d separate groups, the largest of %d", w.Clusters, w.Largest)
		}
		return fmt.Sprintf("%d triplets share pictures (%s) and are worth at least %s independent ones; all intervals and tests allow for it", w.Triplets, groups, notation.Amount(float64(w.Units), 1))
	case stats.TooFewTriplets:
		if 0 < w.Clusters && w.Clusters < w.Triplets {
			return fmt.Sprintf("with %s in %s that share pictures no result can be significant", english.Count(w.Triplets, "triplet"), english.Count(w.Clusters, "group"))
		}
		return fmt.Sprintf("with %s no result can be significant", english.Count(w.Triplets, "triplet"))
	}
	return ""
}

func aboutAxes(w stats.Warning) string {
	switch w.Kind {
	case stats.NoAxis:
		return "the set has fewer than two relations and fewer than two kinds of distractor: there is no axis to compare along"
	case stats.NoContrast:
		return fmt.Sprintf("too few independent triplets at a level of %s: no test of their difference is possible", w.Axis)
	case stats.Separation:
		return fmt.Sprintf("all right or all wrong at one level of %s (separation): there is no odds ratio; use the difference in error", w.Axis)
	}
	return ""
}

func aboutPeople(w stats.Warning) string {
	switch w.Kind {
	case stats.FewRated:
		if w.Pairs == 0 {
			return fmt.Sprintf("ratings of both pairs: %s; a comparison with people needs at least %d", english.Count(w.Triplets, "triplet"), w.Needed)
		}
		return fmt.Sprintf("%d pairs of pictures have ratings; a comparison with people needs at least %d", w.Pairs, w.Needed)
	case stats.ReversedScale:
		return fmt.Sprintf("people rate unrelated pairs higher than related ones (AUC %s): the scale may be reversed", notation.Decimal(w.AUC))
	case stats.Opposed:
		return "raters contradict each other so much that reliability is not defined"
	case stats.OneKindRated:
		return "only related or only unrelated pairs are rated: the ratings cannot separate the two"
	case stats.NoCorrelation:
		return "ratings or similarities do not vary: there is no correlation"
	case stats.BetweenKindsOnly:
		return "similarity correlates with ratings over all pairs, but not significantly within related pairs: the model may only separate related from unrelated pairs"
	case stats.MeanRatingsOnly:
		return "the set has mean ratings only, and a noise ceiling needs single judgements"
	case stats.TooFewRaters:
		return fmt.Sprintf("a noise ceiling needs at least %d raters, and the set has %d", w.Needed, w.Raters)
	case stats.FewRaters:
		return fmt.Sprintf("only %s: noise ceilings are uncertain below %d", english.Count(w.Raters, "rater"), w.Needed)
	case stats.ConstantRaters:
		return fmt.Sprintf("%s gave all pairs one value: left out, since nothing correlates with it", english.Count(w.Raters, "rater"))
	case stats.NoICC:
		return "no ICC: answers do not vary, or too few pairs were judged by all of the raters who judged half of them"
	case stats.NoTwoAlternatives:
		return "no rater judged both pairs of a triplet: there is no two-alternative accuracy"
	}
	return ""
}

// Notes are the warnings of all statistics as sentences, each once, with the
// models that it concerns where these are not all.
func Notes(figures record.Statistics) []string {
	var n notes
	n.add(figures.Comparison.Warnings)
	for _, m := range figures.Comparison.Models {
		n.add(m.Warnings)
	}
	for _, axis := range figures.PresentAxes() {
		n.add(axis.Warnings)
	}
	n.add(figures.Axes.Warnings)
	for _, p := range figures.People {
		if p.Ceiling != nil {
			n.add(p.Ceiling.Warnings)
		}
		n.add(p.Warnings)
	}
	if figures.Across.Overall.Models >= fewestModels {
		n.add(figures.Across.Warnings)
	}
	return n.texts(len(figures.Comparison.Models), figures.Forms)
}

// notes are warnings, each once, with the models that each concerns; none: all.
type notes struct {
	order  []stats.Warning
	models map[stats.Warning][]string
}

func (n *notes) add(warnings []stats.Warning) {
	for _, w := range warnings {
		model := w.Model
		w.Model = ""
		known, again := n.models[w]
		if !again {
			n.order = append(n.order, w)
		}
		if n.models == nil {
			n.models = map[stats.Warning][]string{}
		}
		if model != "" {
			known = append(known, model)
		}
		n.models[w] = known
	}
}

func (n *notes) texts(models int, forms map[string]string) []string {
	var list []string
	for _, w := range n.order {
		text := Warning(w)
		if about := n.models[w]; len(about) > 0 && len(about) < models {
			text = About(about, forms, text)
		}
		list = append(list, text)
	}
	return list
}

// mostNamed is how many models a sentence names.
const mostNamed = 6

// About puts the names of the models that a sentence concerns before it. A form of a
// network that is named, too, is left out: what holds for the network holds for it.
func About(names []string, forms map[string]string, sentence string) string {
	return someOf(slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		network, form := forms[name]
		return form && slices.Contains(names, network)
	})) + ": " + sentence
}

// someOf lists names, the first of many.
func someOf(names []string) string {
	if len(names) <= mostNamed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more models", strings.Join(names[:mostNamed-1], ", "), len(names)-mostNamed+1)
}
