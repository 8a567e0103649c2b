package stats

import "math"

// Warning is a doubt about figures that leaves them standing: its kind, and the
// values that a sentence about it needs. Values that the kind has no use for are
// zero, and left out of the JSON. Two equal warnings say the same.
type Warning struct {
	Kind    WarningKind `json:"kind"`
	Model   string      `json:"model,omitempty"`        // that it concerns
	Axis    string      `json:"axis,omitempty"`         // that it concerns
	Family  string      `json:"family,omitempty"`       // that it concerns; empty: all models
	Linkage Linkage     `json:"clustered_by,omitempty"` // what links the triplets of a cluster

	Triplets int `json:"triplets,omitempty"`
	Clusters int `json:"clusters,omitempty"`
	Largest  int `json:"largest_cluster,omitempty"` // its triplets
	Tied     int `json:"tied,omitempty"`            // of Triplets
	Raters   int `json:"raters,omitempty"`
	Models   int `json:"models,omitempty"`
	Needed   int `json:"needed,omitempty"` // of what there are too few

	Accuracy Number `json:"within_triplet_accuracy,omitempty"`
	AUC      Number `json:"auc,omitempty"`
	P        Number `json:"p,omitempty"`
}

// WarningKind says what a Warning is about. Its values stand in records and stay.
type WarningKind string

// About the set.
const (
	OneCluster     WarningKind = "one-cluster"      // all triplets hang together
	FewClusters    WarningKind = "few-clusters"     // Clusters, Needed
	LinkedByRole   WarningKind = "linked-by-role"   // Linkage: weaker than any shared picture
	SharedPictures WarningKind = "shared-pictures"  // Triplets, Clusters, Largest
	TooFewTriplets WarningKind = "too-few-triplets" // Triplets: no result could differ from chance
)

// About one model.
const (
	ManyTies    WarningKind = "many-ties"    // Model, Tied, Triplets
	InflatedAUC WarningKind = "inflated-auc" // Model, Accuracy, AUC
	Unchecked   WarningKind = "unchecked"    // Model: its published accuracy was not reproduced
)

// About several models.
const (
	NoOverallDifference WarningKind = "no-overall-difference" // P of Cochran's Q
	ChosenModels        WarningKind = "chosen-models"         // correlations over models describe these only
	FewModels           WarningKind = "few-models"            // Family, Models, Needed
)

// About the axes.
const (
	NoAxis             WarningKind = "no-axis"
	FewClustersOnAxis  WarningKind = "few-clusters-on-axis" // Axis, Clusters, Needed
	Separation         WarningKind = "separation"           // Axis, Model
	SingularCovariance WarningKind = "singular-covariance"  // Axis
)

// About people's ratings.
const (
	FewRated          WarningKind = "few-rated"           // Triplets with both ratings, Needed
	OneKindRated      WarningKind = "one-kind-rated"      // only related or only unrelated pairs
	FewRatedClusters  WarningKind = "few-rated-clusters"  // Clusters, Needed
	NoCorrelation     WarningKind = "no-correlation"      // Model: its similarities or the ratings do not vary
	BetweenKindsOnly  WarningKind = "between-kinds-only"  // Model: correlated over all pairs, but not within related ones
	MeanRatingsOnly   WarningKind = "mean-ratings-only"   // no ceiling
	TooFewRaters      WarningKind = "too-few-raters"      // Raters, Needed: no ceiling
	FewRaters         WarningKind = "few-raters"          // Raters, Needed: the ceiling is uncertain
	NoICC             WarningKind = "no-icc"              // too few pairs with all raters
	NoTwoAlternatives WarningKind = "no-two-alternatives" // no rater judged both pairs of a triplet
)

const (
	// fewClusters is the number below which intervals over clusters are too narrow
	// to be trusted.
	fewClusters = 30
	// manyTies is the share of ties from which the rule for ties matters.
	manyTies  = 0.02
	fewModels = 10 // below, a bootstrap over models is not to be trusted
	fewRaters = 6
)

// warnings are the doubts about one model.
func (m *OneModel) warnings(unchecked bool) []Warning {
	var list []Warning
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

// clusterWarnings tell how far the clusters fall short of independent triplets.
func clusterWarnings(cluster []int, linkage Linkage) []Warning {
	triplets, clusters := len(cluster), count(cluster)
	if clusters < 2 {
		return []Warning{{Kind: OneCluster, Triplets: triplets}}
	}
	var list []Warning
	if clusters < fewClusters {
		list = append(list, Warning{Kind: FewClusters, Clusters: clusters, Needed: fewClusters})
	}
	if linkage != AnyPicture {
		list = append(list, Warning{Kind: LinkedByRole, Linkage: linkage})
	}
	if clusters < triplets {
		list = append(list, Warning{Kind: SharedPictures, Triplets: triplets, Clusters: clusters, Largest: largest(cluster)})
	}
	return list
}

// warnings are the doubts about the set and about the models together.
func (c *Comparison) warnings(cluster []int, significance float64) []Warning {
	list := clusterWarnings(cluster, c.ClusteredBy)
	if !c.Models[0].MinimumDetectable.Defined() {
		list = append(list, Warning{Kind: TooFewTriplets, Triplets: len(cluster)})
	}
	if c.CochranQ != nil && c.CochranQ.Permutation > Number(significance) {
		list = append(list, Warning{Kind: NoOverallDifference, P: c.CochranQ.Permutation})
	}
	return list
}

func (h *Human) warnings(clusters int) []Warning {
	var list []Warning
	if !h.RatingAUC.Defined() {
		list = append(list, Warning{Kind: OneKindRated})
	}
	if clusters < fewClusters {
		list = append(list, Warning{Kind: FewRatedClusters, Clusters: clusters, Needed: fewClusters})
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

func (c *Ceiling) warnings() []Warning {
	var list []Warning
	if c.Raters < fewRaters {
		list = append(list, Warning{Kind: FewRaters, Raters: c.Raters, Needed: fewRaters})
	}
	if !c.ICC.ICC2k.Defined() {
		list = append(list, Warning{Kind: NoICC})
	}
	if c.HeldOut.Raters == 0 {
		list = append(list, Warning{Kind: NoTwoAlternatives})
	}
	return list
}

func (a *Axis) warnings(clusters int) []Warning {
	var list []Warning
	if clusters < fewClusters {
		list = append(list, Warning{Kind: FewClustersOnAxis, Axis: a.Name, Clusters: clusters, Needed: fewClusters})
	}
	separated := ""
	for _, e := range a.Effects {
		if e.Separated && e.Model != separated { // once, however many levels
			list = append(list, Warning{Kind: Separation, Axis: a.Name, Model: e.Model})
			separated = e.Model
		}
	}
	if i := a.Interaction; i != nil && !i.Separated && !i.Wald.Defined() {
		list = append(list, Warning{Kind: SingularCovariance, Axis: a.Name})
	}
	return list
}

func (a *Across) warnings() []Warning {
	if a.Overall.Models == 0 {
		return nil
	}
	list := []Warning{{Kind: ChosenModels, Models: a.Overall.Models}}
	for _, t := range append([]Trends{a.Overall}, a.Families...) {
		if t.Models < fewModels {
			list = append(list, Warning{Kind: FewModels, Family: t.Family, Models: t.Models, Needed: fewModels})
		}
	}
	return list
}
