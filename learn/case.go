package learn

import (
	"slices"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
)

// changed are the triplets on which the blend chooses otherwise than the features.
func (m Model) changed(triplets []stimuli.Triplet, candidates []candidate, scores [][]match.Choice) ([]record.Case, error) {
	at := func(name string) int {
		return slices.IndexFunc(candidates, func(c candidate) bool { return c.name == name })
	}
	blend := at("blend")
	if blend < 0 {
		return nil, nil
	}
	words, err := m.byWords(triplets)
	if err != nil {
		return nil, err
	}
	return record.Cases(scores[0], scores[blend], words, m.likeliest)
}

// byWords are the choices by words alone.
func (m Model) byWords(triplets []stimuli.Triplet) ([]match.Choice, error) {
	vectors, err := m.Words.Of(m.Outputs, pictures(triplets))
	if err != nil {
		return nil, err
	}
	return match.Cosine.Triplets(triplets, vectors)
}

// likeliest is the name of the class that the model takes a picture for.
func (m Model) likeliest(p *stimuli.Picture) (string, error) {
	logits := make([]float32, m.Outputs.Logits.Dim())
	if err := m.Outputs.Logits.Read(p.Hash, logits); err != nil {
		return "", err
	}
	logits = logits[len(logits)-len(m.Words.Names):]
	return m.Words.Names[slices.Index(logits, slices.Max(logits))], nil
}
