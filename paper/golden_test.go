package paper

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/akin-vision/akin/internal/reference"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// golden is figures.json, which figures.py made.
type golden struct {
	Models map[string]struct {
		FPR       []float64  `json:"fpr"`
		TPR       []float64  `json:"tpr"`
		Threshold []float64  `json:"threshold"`
		AUC       float64    `json:"auc"`
		Error     [3]float64 `json:"matching_error"`
	} `json:"models"`
	Pearson    float64                        `json:"pearson"`
	Spearman   float64                        `json:"spearman"`
	Cases      map[string]map[string][]string `json:"cases"`
	Ratings    [][]any                        `json:"ratings"`
	Histograms map[string][]int               `json:"histograms"`
}

// goldenRun is the run of choices.csv.
func goldenRun(t *testing.T) (*record.Run, golden) {
	t.Helper()
	rows := reference.Rows(t, "testdata/choices.csv")
	set := &stimuli.Set{Name: "golden"}
	run := &record.Run{Set: record.SetInfo{Name: "golden"}, Settings: record.Settings{Similarity: match.Cosine, Level: 0.95}, Stimuli: set}
	half := len(rows) / 2
	for i, row := range rows[:half] {
		var p [3]*stimuli.Picture
		for k := range p {
			p[k] = &stimuli.Picture{Path: row[1] + strconv.Itoa(k), Hash: stimuli.Hash{byte(i), byte(k)}}
		}
		set.Pictures = append(set.Pictures, p[:]...)
		set.Triplets = append(set.Triplets, stimuli.Triplet{ID: row[1], Target: p[0], Related: p[1], Unrelated: p[2],
			Relation: row[2], RatingRelated: reference.Number(t, row[5]), RatingUnrelated: reference.Number(t, row[6])})
	}
	for i, row := range rows {
		if i%half == 0 {
			run.Models = append(run.Models, record.Model{Card: model.Card{Name: row[0], Family: "greek", Kind: model.Trained}})
		}
		m := &run.Models[i/half]
		m.Choices = append(m.Choices, match.Choice{Triplet: &set.Triplets[i%half], Related: reference.Number(t, row[3]), Unrelated: reference.Number(t, row[4])})
	}
	return run, reference.JSON[golden](t, "testdata/figures.json")
}

var near = cmpopts.EquateApprox(0, 1e-12)

func column(t *testing.T, rows [][]string, at int, keep func(row []string) bool) []float64 {
	t.Helper()
	var list []float64
	for _, row := range rows[1:] {
		if keep(row) {
			list = append(list, reference.Number(t, row[at]))
		}
	}
	return list
}

func TestFigureCSVsAgreeWithSciPy(t *testing.T) {
	run, want := goldenRun(t)
	p := paperOf(t, run, Options{Model: "alpha", Cases: 5})
	roc := p.Figure("figure-5-roc-greek").Points()
	bars := p.Figure("figure-6-errors").Points()[""]
	for name, m := range want.Models {
		of := func(row []string) bool { return row[0] == name }
		check := func(what string, want, got []float64) {
			if diff := cmp.Diff(want, got, near); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", what, name, diff)
			}
		}
		check("false positive rates", m.FPR, column(t, roc[""], 1, of))
		check("true positive rates", m.TPR, column(t, roc[""], 2, of))
		check("thresholds", m.Threshold, column(t, roc[""], 3, of)[1:])
		check("AUC", []float64{m.AUC}, column(t, roc["-auc"], 1, of))
		for k := range 3 {
			check("matching error", m.Error[k:k+1], column(t, bars, 6+k, of))
		}
		check("1 - AUC", []float64{1 - m.AUC}, column(t, bars, 9, of))
	}
	r := p.Figure("figure-5a-models").Points()["-correlations"][1]
	if diff := cmp.Diff([]float64{want.Pearson, want.Spearman}, []float64{reference.Number(t, r[2]), reference.Number(t, r[3])}, near); diff != "" {
		t.Errorf("r and rho (-want +got):\n%s", diff)
	}
}

func TestRatingCSVsAgreeWithPandas(t *testing.T) {
	run, want := goldenRun(t)
	points := paperOf(t, run, Options{Model: "alpha"}).Figure("figure-4-ratings").Points()
	var got [][]any
	for _, row := range points[""][1:] {
		got = append(got, []any{row[1], row[2], reference.Number(t, row[5]), reference.Number(t, row[6]), row[7]})
	}
	if diff := cmp.Diff(want.Ratings, got); diff != "" {
		t.Errorf("points (-want +got):\n%s", diff)
	}
	histograms := map[string][]int{}
	for _, row := range points["-margins"][1:] {
		histograms[row[0]+" "+row[1]] = append(histograms[row[0]+" "+row[1]], int(reference.Number(t, row[4])))
	}
	if diff := cmp.Diff(want.Histograms, histograms); diff != "" {
		t.Errorf("bins (-want +got):\n%s", diff)
	}
}

func TestCaseCSVsAgreeWithPandas(t *testing.T) {
	run, want := goldenRun(t)
	p := paperOf(t, run, Options{Model: "alpha", Cases: 5})
	for name, sections := range want.Cases {
		rows := p.Figure(name).Points()[""][1:]
		var got []string
		for _, row := range rows {
			got = append(got, row[3])
			if margin := reference.Number(t, row[12]) - reference.Number(t, row[13]); math.Abs(margin-reference.Number(t, row[14])) > 1e-15 {
				t.Errorf("%s: margin %s of %v", name, row[14], row)
			}
		}
		if all := slices.Concat(sections["all"], sections["taxonomic"], sections["thematic"]); !slices.Equal(got, all) {
			t.Errorf("%s: %v, want %v", name, got, all)
		}
	}
}

func TestMatrixHoldsEveryCosine(t *testing.T) {
	run, _ := goldenRun(t)
	rows := paperOf(t, run, Options{}).Figure("figure-5a-models").Points()[""][1:]
	at := 0
	for _, related := range []bool{true, false} {
		for i := range run.Stimuli.Triplets {
			want := []string{run.Stimuli.Triplets[i].ID, "unrelated"}
			if related {
				want[1] = "related"
			}
			for _, m := range run.Models {
				v := m.Choices[i].Unrelated
				if related {
					v = m.Choices[i].Related
				}
				want = append(want, strconv.FormatFloat(v, 'g', -1, 64))
			}
			if !slices.Equal(rows[at], want) {
				t.Fatalf("row %d: %v, want %v", at+2, rows[at], want)
			}
			at++
		}
	}
}
