package compose

import (
	"bytes"

	"github.com/akin-vision/akin/page/review"
)

// refusals are the rows of reviews that leave no triplet to be shown.
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
func reasonToKeep(reviews []Review, t review.Triplet) string {
	for _, r := range reviews {
		if r.Decision == Keep && r.Target == t.Target && r.Related == t.Related {
			return r.Reason
		}
	}
	return ""
}

// page is the set's page for reviewing.
func (m *Composition) page(name string) ([]byte, error) {
	content := review.Content{Set: name, Decisions: [3]string{Keep, Refuse, Drop}, Earlier: refusals(m.config.Reviews)}
	for _, t := range m.Triplets {
		shown := review.Triplet{Relation: t.Relation, Distractor: t.Distractor, Kept: t.Reviewed}
		names := [3]*string{&shown.Target, &shown.Related, &shown.Unrelated}
		for i, picture := range []int{t.Target, t.Related, t.Unrelated} {
			*names[i] = m.pictures[picture].path
			shown.Sources[i], shown.Labels[i] = setPath(m.pictures[picture].path), m.label(picture)
			shown.Hashes[i] = m.pictures[picture].hash.String()
		}
		shown.Why = m.lexical.Judge(m.pictures[t.Target].label, m.pictures[t.Related].label).explain()
		shown.Reason = reasonToKeep(m.config.Reviews, shown)
		content.Triplets = append(content.Triplets, shown)
	}
	var b bytes.Buffer
	err := review.New(content).Write(&b)
	return b.Bytes(), err
}
