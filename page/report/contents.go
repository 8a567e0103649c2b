package report

// part is a section of the page, for its contents at the side.
type part struct{ ID, Title string }

func newContents(d *document) []part {
	var list []part
	add := func(present bool, id, title string) {
		if present {
			list = append(list, part{id, title})
		}
	}
	add(true, "h-models", "Errors")
	add(d.Conclusions != nil && len(d.Conclusions.Forests) > 0, "h-effects", "Effects")
	add(d.Conclusions != nil, "h-conclusions", "Conclusions")
	add(true, "h-distributions", "Distributions")
	add(true, "h-roc", "ROC")
	add(d.Bars.Published, "h-bars", "ImageNet")
	add(d.Depth != nil, "h-depth", "Depth")
	add(d.Spaces != nil, "h-spaces", "Spaces")
	add(true, "h-explore", "Every triplet")
	add(true, "h-cases", "Clearest cases")
	add(len(d.Failures) > 0, "h-failures", "Failures")
	add(d.Sizes != nil, "h-sizes", "Sizes")
	add(true, "h-method", "Method")
	add(true, "h-record", "Record")
	return list
}
