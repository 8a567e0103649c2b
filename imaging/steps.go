package imaging

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Steps is the recipe in words, in the order of its steps.
func (r Recipe) Steps() []string {
	var steps []string
	if r.CropFraction > 0 && r.CropFraction < 1 {
		steps = append(steps, fmt.Sprintf("central %g %%", 100*r.CropFraction))
	}
	switch {
	case r.Shorter > 0:
		steps = append(steps, fmt.Sprintf("%s to shorter side %d", r.Resize, r.Shorter))
	case r.Square > 0:
		steps = append(steps, fmt.Sprintf("%s to %d x %d", r.Resize, r.Square, r.Square))
	}
	if r.Crop > 0 {
		crop := fmt.Sprintf("centre crop %d", r.Crop)
		if r.CropRounding != "" {
			crop += ", rounded " + r.CropRounding
		}
		steps = append(steps, crop)
	}
	if r.Scale != "" {
		steps = append(steps, "x "+string(r.Scale))
	}
	if len(r.Mean) > 0 {
		steps = append(steps, "minus "+channels(r.Mean))
	}
	if len(r.Std) > 0 {
		steps = append(steps, "divided by "+channels(r.Std))
	}
	if r.Channels != "" {
		steps = append(steps, r.Channels)
	}
	return steps
}

// channels writes a value for each channel, one where they are equal.
func channels(values []float64) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	if len(slices.Compact(slices.Clone(texts))) == 1 {
		return texts[0]
	}
	return strings.Join(texts, " / ")
}
