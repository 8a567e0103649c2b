package classify

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// predictionWriter writes predictions.csv as the predictions come.
type predictionWriter struct {
	csv *csv.Writer
	err error
}

// newPredictionWriter writes the header: path, model, truth, probability and
// rank of the truth, and five classes with their probabilities.
func newPredictionWriter(w io.Writer) *predictionWriter {
	p := &predictionWriter{csv: csv.NewWriter(w)}
	header := []string{"model", "path", "truth", "truth_probability", "truth_rank"}
	for i := 1; i <= 5; i++ {
		header = append(header, fmt.Sprintf("class_%d", i), fmt.Sprintf("probability_%d", i))
	}
	p.err = p.csv.Write(append(header, "real_correct"))
	return p
}

// Write adds one row.
func (w *predictionWriter) Write(model string, p *Prediction) error {
	if w.err != nil {
		return w.err
	}
	row := []string{model, p.Path, p.Truth.WNID, number(p.Truth.Probability), strconv.Itoa(p.Rank)}
	for i := range 5 {
		if i < len(p.Top) {
			row = append(row, p.Top[i].WNID, number(p.Top[i].Probability))
		} else {
			row = append(row, "", "")
		}
	}
	real := ""
	if p.RealCorrect != nil {
		real = strconv.FormatBool(*p.RealCorrect)
	}
	w.err = w.csv.Write(append(row, real))
	return w.err
}

// Flush writes what is still buffered.
func (w *predictionWriter) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// WritePerClass writes per_class.csv for several classifiers.
func WritePerClass(w io.Writer, evaluations []Evaluation) error {
	rows := [][]string{{"model", "wnid", "name", "pictures", "top1_correct", "top1_percent", "top1_low", "top1_high", "top5_correct", "top5_percent", "top5_low", "top5_high", "answered"}}
	for _, e := range evaluations {
		for _, c := range e.PerClass {
			rows = append(rows, []string{
				e.Model, c.WNID, c.Name, strconv.Itoa(c.Pictures),
				strconv.Itoa(c.Top1.Correct), number(c.Top1.Percent), number(c.Top1.CI.Low), number(c.Top1.CI.High),
				strconv.Itoa(c.Top5.Correct), number(c.Top5.Percent), number(c.Top5.CI.Low), number(c.Top5.CI.High), strconv.Itoa(c.Answered),
			})
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// WriteConfusion writes confusion.csv: the pairs of classes that were confused,
// with the pictures counted and how the two are related.
func WriteConfusion(w io.Writer, evaluations []Evaluation) error {
	rows := [][]string{{"model", "truth", "truth_name", "predicted", "predicted_name", "pictures", "path_similarity", "wu_palmer", "lcs", "lcs_name", "lcs_depth"}}
	for _, e := range evaluations {
		for _, c := range e.Confusions {
			row := []string{e.Model, c.Truth, c.TruthName, c.Predicted, c.PredictedName, strconv.Itoa(c.Pictures)}
			if r := c.Relation; r != nil {
				row = append(row, number(r.Path), number(r.WuPalmer), r.LCS, r.LCSName, strconv.Itoa(r.LCSDepth))
			} else {
				row = append(row, "", "", "", "", "")
			}
			rows = append(rows, row)
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}
