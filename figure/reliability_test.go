package figure

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/akin-vision/akin/classify"
)

// TestReliabilityCurve reads the drawing back: a point at its place for every bin
// that has pictures, and the number of every bin.
func TestReliabilityCurve(t *testing.T) {
	bins := make([]classify.Bin, classify.CalibrationBins)
	for i := range bins {
		bins[i] = classify.Bin{Low: float64(i) / classify.CalibrationBins, High: float64(i+1) / classify.CalibrationBins}
	}
	bins[3].Pictures, bins[3].Probability, bins[3].Accuracy = 1250, .25, .5
	bins[14].Pictures, bins[14].Probability, bins[14].Accuracy = 2, 1, 1
	e := classify.Evaluation{Model: "a<b", Pictures: 1252, Calibration: classify.Calibration{ECE: .2, Bins: bins}}
	var drawing bytes.Buffer
	if err := WriteReliability(&drawing, []classify.Evaluation{e, e}); err != nil {
		t.Fatal(err)
	}
	type text struct {
		Class string `xml:"class,attr"`
		Text  string `xml:",chardata"`
	}
	var svg struct {
		Panels []struct {
			Texts  []text `xml:"text"`
			Points []struct {
				X     float64 `xml:"cx,attr"`
				Y     float64 `xml:"cy,attr"`
				Title string  `xml:"title"`
			} `xml:"circle"`
		} `xml:"g"`
	}
	if err := xml.Unmarshal(drawing.Bytes(), &svg); err != nil {
		t.Fatal(err)
	}
	if len(svg.Panels) != 2 {
		t.Fatalf("%d panels for 2 models", len(svg.Panels))
	}
	panel := svg.Panels[1]
	if panel.Texts[0].Text != "a<b" {
		t.Errorf("the panel is headed %q, want a<b", panel.Texts[0].Text)
	}
	if len(panel.Points) != 2 || panel.Points[0].X != plotX(.25) || panel.Points[0].Y != plotY(.5) ||
		panel.Points[0].Title != "625 of 1250 right at a mean probability of 25.0 %" {
		t.Errorf("points %+v, want two, the first at (.25, .5) with 625 of 1250 right", panel.Points)
	}
	var numbers []string
	for _, x := range panel.Texts {
		if x.Class == "number" {
			numbers = append(numbers, x.Text)
		}
	}
	if got := strings.Join(numbers, " "); got != "0 0 0 1.2k 0 0 0 0 0 0 0 0 0 0 2" {
		t.Errorf("the bins are numbered %s", got)
	}
}
