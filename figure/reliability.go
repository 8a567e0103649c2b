package figure

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/stats"
)

// Measures of a panel of the reliability figure, in pixels.
const (
	panelWidth   = 320
	panelHeight  = 430
	panelColumns = 3
	plotLeft     = 48.0
	plotTop      = 62.0
	plotSide     = 248.0
	countsTop    = plotTop + plotSide + 14 // the bars hang from here
	countsHeight = 48.0
)

// reliabilityStyle dresses the figure in the colours of the palette.
func reliabilityStyle() string {
	return fmt.Sprintf(`text { font: 11px system-ui, sans-serif; fill: %s; }
.name { font-size: 14px; font-weight: 600; fill: %s; }
.frame { fill: none; stroke: %s; }
.ideal { stroke: %s; stroke-dasharray: 4 4; }
.curve { fill: none; stroke: %[5]s; stroke-opacity: .5; }
.interval { stroke: %[5]s; stroke-opacity: .45; }
.bin { fill: %[5]s; }
.count { fill: %[3]s; }
.number { font-size: 8px; text-anchor: middle; }
.middle { text-anchor: middle; } .end { text-anchor: end; }`,
		cssColour(page.Soft), cssColour(page.Ink), cssColour(page.Rule), cssColour(page.Quiet), cssColour(page.Trained))
}

func cssColour(c page.Colour) string {
	return fmt.Sprintf("#%02x%02x%02x", c.Print.R, c.Print.G, c.Print.B)
}

// WriteReliability draws the reliability curves of several classifiers as one
// SVG: in each bin, how often the first guess is right against its mean
// probability, with 95 % Wilson intervals, and the number of the bin's pictures
// below, by which the points are large.
func WriteReliability(w io.Writer, evaluations []classify.Evaluation) error {
	columns := min(panelColumns, len(evaluations))
	rows := (len(evaluations) + panelColumns - 1) / panelColumns
	var b bytes.Buffer
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %[1]d %[2]d\" role=\"img\" aria-label=\"reliability curves\">\n<style>%s</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		columns*panelWidth, rows*panelHeight, reliabilityStyle())
	for i, e := range evaluations {
		fmt.Fprintf(&b, "<g transform=\"translate(%d %d)\">\n", i%panelColumns*panelWidth, i/panelColumns*panelHeight)
		drawFrame(&b, e)
		drawCurve(&b, e.Calibration.Bins)
		drawCounts(&b, e.Calibration.Bins)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

func plotX(p float64) float64 { return plotLeft + plotSide*p }
func plotY(p float64) float64 { return plotTop + plotSide*(1-p) }

func drawFrame(b *bytes.Buffer, e classify.Evaluation) {
	fmt.Fprintf(b, "<text class=\"name\" x=\"%g\" y=\"26\">%s</text>\n", plotLeft, html.EscapeString(e.Model))
	fmt.Fprintf(b, "<text x=\"%g\" y=\"44\">calibration error %s %%, %s</text>\n", plotLeft, notation.Percent(e.Calibration.ECE), english.Count(e.Pictures, "picture"))
	fmt.Fprintf(b, "<rect class=\"frame\" x=\"%g\" y=\"%g\" width=\"%g\" height=\"%[3]g\"/>\n", plotLeft, plotTop, plotSide)
	fmt.Fprintf(b, "<line class=\"ideal\" x1=\"%g\" y1=\"%g\" x2=\"%g\" y2=\"%g\"/>\n", plotX(0), plotY(0), plotX(1), plotY(1))
	for _, tick := range []float64{0, .5, 1} {
		fmt.Fprintf(b, "<text class=\"end\" x=\"%g\" y=\"%g\">%g</text>\n", plotLeft-6, plotY(tick)+4, 100*tick)
		fmt.Fprintf(b, "<text class=\"middle\" x=\"%g\" y=\"%g\">%g</text>\n", plotX(tick), countsTop+countsHeight+16, 100*tick)
	}
	fmt.Fprintf(b, "<text class=\"middle\" transform=\"translate(14 %g) rotate(-90)\">first guess right, %%</text>\n", plotY(.5))
	fmt.Fprintf(b, "<text class=\"middle\" x=\"%g\" y=\"%g\">probability of the first guess, %%</text>\n", plotX(.5), countsTop+countsHeight+34)
}

func drawCurve(b *bytes.Buffer, bins []classify.Bin) {
	var line, points bytes.Buffer
	most := mostPictures(bins)
	for _, bin := range bins {
		if bin.Pictures == 0 {
			continue
		}
		x, n := plotX(bin.Probability), float64(bin.Pictures)
		ci := stats.Wilson(bin.Accuracy*n, n, 0.95)
		fmt.Fprintf(b, "<line class=\"interval\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", x, plotY(ci.Low), x, plotY(ci.High))
		fmt.Fprintf(&line, "%.1f,%.1f ", x, plotY(bin.Accuracy))
		fmt.Fprintf(&points, "<circle class=\"bin\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>%d of %d right at a mean probability of %s %%</title></circle>\n",
			x, plotY(bin.Accuracy), 2+4*math.Sqrt(n/most), int(bin.Accuracy*n+.5), bin.Pictures, notation.Percent(bin.Probability))
	}
	fmt.Fprintf(b, "<polyline class=\"curve\" points=\"%s\"/>\n%s", bytes.TrimSpace(line.Bytes()), &points)
}

// drawCounts hangs a bar for each bin below the plot, with its number.
func drawCounts(b *bytes.Buffer, bins []classify.Bin) {
	most := mostPictures(bins)
	for _, bin := range bins {
		height := (countsHeight - 12) * float64(bin.Pictures) / most
		left, right := plotX(bin.Low)+1, plotX(bin.High)-1
		fmt.Fprintf(b, "<rect class=\"count\" x=\"%.1f\" y=\"%g\" width=\"%.1f\" height=\"%.1f\"/>\n", left, countsTop, right-left, height)
		fmt.Fprintf(b, "<text class=\"number\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", (left+right)/2, countsTop+height+9, short(bin.Pictures))
	}
}

func mostPictures(bins []classify.Bin) float64 {
	most := 1
	for _, bin := range bins {
		most = max(most, bin.Pictures)
	}
	return float64(most)
}

// short fits a number under a bar.
func short(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprint(n)
	case n < 10000:
		return fmt.Sprintf("%.1fk", float64(n)/1000)
	}
	return fmt.Sprintf("%.0fk", float64(n)/1000)
}
