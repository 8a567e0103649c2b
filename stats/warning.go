package stats

import (
	"math"
	"slices"
)

// Warning is a doubt about figures that leaves them standing: its kind, and the
// values that a sentence about it needs. Values that the kind has no use for are
// zero, and left out of the JSON. Two equal warnings say the same.
type Warning struct {
	Kind   WarningKind `json:"kind"`
	Model  string      `json:"model,omitempty"`  // that it concerns
	Axis   string      `json:"axis,omitempty"`   // that it concerns
	Family string      `json:"family,omitempty"` // that it concerns; empty: all models

	Triplets int `json:"triplets,omitempty"`
	Clusters int `json:"clusters,omitempty"`
	Largest  int `json:"largest_cluster,omitempty"` // its triplets
	Tied     int `json:"tied,omitempty"`            // of Triplets
	Raters   int `json:"raters,omitempty"`
	Models   int `json:"models,omitempty"`
	Pairs    int `json:"pairs,omitempty"`  // of pictures, rated
	Needed   int `json:"needed,omitempty"` // of what there are too few

	Accuracy Number `json:"within_triplet_accuracy,omitempty"`
	AUC      Number `json:"auc,omitempty"`
	P        Number `json:"p,omitempty"`
	Units    Number `json:"effective_units,omitempty"` // independent triplets worth as much, if those that share a picture agreed
}

// WarningKind says what a Warning is about. Its values stand in records and stay.
type WarningKind string

// About the set.
const (
	OneCluster     WarningKind = "one-cluster"      // Triplets: worth less than two independent ones, no test possible
	FewUnits       WarningKind = "few-units"        // Units, Needed: little can be found
	SharedPictures WarningKind = "shared-pictures"  // Triplets, Clusters, Largest, Units
	TooFewTriplets WarningKind = "too-few-triplets" // Triplets, Clusters: no result could differ from chance
)

// About one model.
const (
	ManyTies    WarningKind = "many-ties"    // Model, Tied, Triplets
	InflatedAUC WarningKind = "inflated-auc" // Model, Accuracy, AUC
	Unchecked   WarningKind = "unchecked"    // Model: its published accuracy was not reproduced
)

// About several models.
const (
	NoOverallDifference WarningKind = "no-overall-difference" // P of the omnibus test
	ChosenModels        WarningKind = "chosen-models"         // correlations over models describe these only
	FewModels           WarningKind = "few-models"            // Family, Models, Needed
)

// About the axes.
const (
	NoAxis     WarningKind = "no-axis"
	NoContrast WarningKind = "no-contrast" // Axis: too few independent units at a level, no test possible
	Separation WarningKind = "separation"  // Axis, Model
)

// About people's ratings.
const (
	FewRated          WarningKind = "few-rated"           // Pairs, Needed: they say nothing
	ReversedScale     WarningKind = "reversed-scale"      // AUC of the ratings: high ratings may mean unlike
	OneKindRated      WarningKind = "one-kind-rated"      // only related or only unrelated pairs
	NoCorrelation     WarningKind = "no-correlation"      // Model: its similarities or the ratings do not vary
	BetweenKindsOnly  WarningKind = "between-kinds-only"  // Model: correlated over all pairs, but not within related ones
	MeanRatingsOnly   WarningKind = "mean-ratings-only"   // no ceiling
	TooFewRaters      WarningKind = "too-few-raters"      // Raters, Needed: no ceiling
	FewRaters         WarningKind = "few-raters"          // Raters, Needed: the ceiling is uncertain
	ConstantRaters    WarningKind = "constant-raters"     // Raters, who gave all pairs one value and are left out
	NoICC             WarningKind = "no-icc"              // too few pairs with all raters, or answers that do not vary
	Opposed           WarningKind = "opposed"             // raters contradict each other: reliability is not defined
	NoTwoAlternatives WarningKind = "no-two-alternatives" // no rater judged both pairs of a triplet
)

const (
	// fewUnits is the effective number of independent units below which only
	// large differences can be found.
	fewUnits = 10
	// manyTies is the share of ties from which the rule for ties matters.
	manyTies = 0.02

	fewRaters = 6
)

// warnings are the doubts about one model.
func (m *OneModel) warnings(unchecked bool) []Warning {
	list := []Warning{}
	if share := float64(m.Tied) / float64(m.Triplets); share >= manyTies {
		list = append(list, Warning{Kind: ManyTies, Model: m.Model, Tied: m.Tied, Triplets: m.Triplets})
	}
	if m.Gap.Interval.Defined() && !m.Gap.Interval.Contains(0) && m.Gap.inflated() {
		list = append(list, Warning{Kind: InflatedAUC, Model: m.Model, Accuracy: m.Gap.Accuracy, AUC: m.Gap.AUC()})
	}
	if unchecked {
		list = append(list, Warning{Kind: Unchecked, Model: m.Model})
	}
	return list
}

// inflated tells that the pooled AUC lies further from chance than the matches.
func (g Gap) inflated() bool {
	return math.Abs(float64(g.AUC()-0.5)) > math.Abs(float64(g.Accuracy-0.5))
}

// AUC is the pooled AUC that the gap starts from.
func (g Gap) AUC() Number { return g.Accuracy - g.Gap }

// warnings are the doubts about the set and about the models together.
func (c *Comparison) warnings(a arena) []Warning {
	list := []Warning{}
	triplets, units := len(a.shown), Number(a.mean.units)
	switch {
	case a.mean.units < fewestUnits:
		return []Warning{{Kind: OneCluster, Triplets: triplets, Units: units}}
	case !a.canFind():
		list = append(list, Warning{Kind: TooFewTriplets, Triplets: triplets, Clusters: a.linked.count})
	case a.mean.units < fewUnits:
		list = append(list, Warning{Kind: FewUnits, Units: units, Needed: fewUnits})
	}
	if a.mean.share.blocks() > 0 {
		list = append(list, Warning{
			Kind: SharedPictures, Triplets: triplets, Clusters: a.linked.count, Largest: largest(a.linked.component), Units: units,
		})
	}
	if c.Omnibus > Number(1-a.level) {
		list = append(list, Warning{Kind: NoOverallDifference, P: c.Omnibus})
	}
	return list
}

func (h *Human) warnings() []Warning {
	if h.Rated < FewestRated {
		return []Warning{{Kind: FewRated, Pairs: h.Rated, Needed: FewestRated}}
	}
	var list []Warning
	switch {
	case !h.RatingAUC.Defined():
		list = append(list, Warning{Kind: OneKindRated})
	case h.RatingAUC < 0.5:
		list = append(list, Warning{Kind: ReversedScale, AUC: h.RatingAUC})
	}
	for _, m := range h.Models {
		switch related, pooled := m.Related.SpearmanInterval, m.Pooled.SpearmanInterval; {
		case !m.Pooled.Spearman.Defined():
			list = append(list, Warning{Kind: NoCorrelation, Model: m.Model})
		case related.Defined() && related.Contains(0) && !pooled.Contains(0):
			list = append(list, Warning{Kind: BetweenKindsOnly, Model: m.Model})
		}
	}
	return list
}

func (c *Ceiling) warnings(opposed bool) []Warning {
	var list []Warning
	if c.Raters < fewRaters {
		list = append(list, Warning{Kind: FewRaters, Raters: c.Raters, Needed: fewRaters})
	}
	switch {
	case opposed:
		list = append(list, Warning{Kind: Opposed})
	case !c.ICC.ICC2k.Defined():
		list = append(list, Warning{Kind: NoICC})
	}
	if c.HeldOut.Raters == 0 {
		list = append(list, Warning{Kind: NoTwoAlternatives})
	}
	return list
}

func (a *Axis) warnings() []Warning {
	var list []Warning
	if slices.ContainsFunc(a.Effects, func(e Effect) bool { return e.Evidence.Missing == OneUnit }) {
		list = append(list, Warning{Kind: NoContrast, Axis: a.Name})
	}
	separated := ""
	for _, e := range a.Effects {
		if e.Separated && e.Model != separated { // once, however many levels
			list = append(list, Warning{Kind: Separation, Axis: a.Name, Model: e.Model})
			separated = e.Model
		}
	}
	return list
}

func (a *Across) warnings() []Warning {
	if a.Overall.Models == 0 {
		return nil
	}
	list := []Warning{{Kind: ChosenModels, Models: a.Overall.Models}}
	for _, t := range append([]Trends{a.Overall}, a.Families...) {
		if t.Models < FewestModels {
			list = append(list, Warning{Kind: FewModels, Family: t.Family, Models: t.Models, Needed: FewestModels})
		}
	}
	return list
}
