package stats

import (
	"math"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
)

func table2(t *testing.T) []Published {
	t.Helper()
	number := func(cell string) float64 { return reference.Number(t, cell) }
	var models []Published
	for _, row := range reference.Rows(t, "../paper/published.csv") {
		models = append(models, Published{row[0], row[1], number(row[2]) / 100, number(row[3]) / 100, number(row[4])})
	}
	return models
}

// The correlations that the paper's claims 14 to 16 rest on, recomputed from
// its published figures.
func TestTable2GivesTheStatedCorrelations(t *testing.T) {
	across := AcrossModels(table2(t), nil, Options{})
	for _, c := range []struct {
		name                                   string
		got                                    Trends
		pearson, spearman, aucPearson, aucRank float64
	}{
		{"all", across.Overall, .594, .489, .808, .732},
		{"ResNet", across.Families[0], .977, 1, .958, 1},
		{"DenseNet", across.Families[1], .608, .443, .707, .714},
	} {
		for _, n := range []struct {
			what string
			got  Number
			want float64
		}{
			{"matching error, Pearson", c.got.Matching.Pearson, c.pearson},
			{"matching error, Spearman", c.got.Matching.Spearman, c.spearman},
			{"1-AUC, Pearson", c.got.AUC.Pearson, c.aucPearson},
			{"1-AUC, Spearman", c.got.AUC.Spearman, c.aucRank},
		} {
			if rounded := math.Round(float64(n.got)*1000) / 1000; rounded != n.want {
				t.Errorf("%s: %s = %v, stated %v", c.name, n.what, rounded, n.want)
			}
		}
	}
	if got, want := float64(across.Families[0].Matching.SpearmanP), 2.0/720; math.Abs(got-want) > 1e-12 {
		t.Errorf("perfect rank order of 6 models: p = %v, want 2/6! = %v", got, want)
	}
	if n := across.Families[1].Matching.Permutations; n != 40320 {
		t.Errorf("8 models: %d permutations, want all 8! = 40320", n)
	}
}

// Section 8 of the paper's reading: only 46 % of 400 does not differ
// significantly from chance.
func TestTable2AgainstChance(t *testing.T) {
	for _, m := range table2(t) {
		p := BinomialTwoSided(int(math.Round(m.MatchingError*400)), 400, 0.5)
		if m.Model == "ResNet-18" {
			if math.Round(p*100) != 12 {
				t.Errorf("ResNet-18: p = %v, stated .12", p)
			}
		} else if p > 0.0315 {
			t.Errorf("%s: p = %v, stated at most .031", m.Model, p)
		}
	}
}

func TestNearestPairsTakeTheirTests(t *testing.T) {
	across := AcrossModels(table2(t), []Pair{{A: "DenseNet-161", B: "ResNet-152", McNemar: 0.25, Evidence: Evidence{P: 0.125}}}, Options{})
	for _, n := range across.Nearest {
		if n.A == "ResNet-152" && n.B == "DenseNet-161" {
			if n.McNemar != 0.25 || n.P != 0.125 || math.Abs(float64(n.MatchingDifference)+0.0125) > 1e-12 {
				t.Errorf("ResNet-152 against DenseNet-161: %+v", n)
			}
			return
		}
	}
	t.Errorf("ResNet-152 is not paired with DenseNet-161: %+v", across.Nearest)
}
