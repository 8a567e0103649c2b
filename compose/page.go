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
	Reason    string    `json:"reason"` // of keeping
}

// refusals are the rows of reviews that leave no triplet to be shown: what is
// saved must hold them, or what they drop comes back.
func refusals(reviews []Review) [][6]string {
	rows := [][6]string{}
	for _, r := range reviews {
		if r.Decision != Keep {
			rows = append(rows, [6]string{r.Target, r.Related, r.Unrelated, r.Distractor, r.Decision, r.Reason})
		}
	}
	return rows
}

// reasonToKeep finds why a review keeps a triplet.
func reasonToKeep(reviews []Review, s shown) string {
	for _, r := range reviews {
		if r.Decision == Keep && r.Target == s.Target && r.Related == s.Related {
			return r.Reason
		}
	}
	return ""
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
		s.Reason = reasonToKeep(m.config.Reviews, s)
		triplets = append(triplets, s)
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{"Name": name, "Triplets": triplets, "Decisions": [3]string{Keep, Refuse, Drop}, "Earlier": refusals(m.config.Reviews)})
	return b.Bytes(), err
}
