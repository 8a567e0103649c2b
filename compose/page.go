package compose

import (
	"bytes"
	_ "embed"
	"html/template"
)

//go:embed review.html
var pageText string

// shown is a triplet as the page for reviewing shows it.
type shown struct {
	Target    string    `json:"target"` // names, as review.csv holds them
	Related   string    `json:"related"`
	Unrelated string    `json:"unrelated"`
	Sources   [3]string `json:"sources"` // of the pictures, seen from the page
	Labels    [3]string `json:"labels"`
	Relation  string    `json:"relation"`
	Kind      string    `json:"distractor"`
	Why       string    `json:"why"`
	Kept      bool      `json:"kept"`
}

// page is one file beside the set's pictures, without a server: a person
// decides by keys, and saves the decisions as review.csv.
func (m *Made) page(name string) ([]byte, error) {
	t, err := template.New(pageFile).Parse(pageText)
	if err != nil {
		return nil, err
	}
	var triplets []shown
	for _, t := range m.Triplets {
		s := shown{Relation: t.Relation, Kind: t.Distractor, Kept: t.Reviewed}
		names := [3]*string{&s.Target, &s.Related, &s.Unrelated}
		for i, picture := range []int{t.Target, t.Related, t.Unrelated} {
			*names[i] = m.pictures[picture].path
			s.Sources[i], s.Labels[i] = setPath(m.pictures[picture].path), m.label(picture)
		}
		s.Why = m.lexical.Judge(m.pictures[t.Target].label, m.pictures[t.Related].label).explain()
		triplets = append(triplets, s)
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{"Name": name, "Triplets": triplets, "Decisions": [3]string{Keep, Refuse, Drop}})
	return b.Bytes(), err
}
