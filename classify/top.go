package classify

import (
	"fmt"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
)

// likeliest is how many classes a run keeps of each picture.
const likeliest = 5

// OutputsOf says what a network's outputs stand for, by its card alone.
func OutputsOf(m *model.Model) (Outputs, error) { return (&labelSet{}).outputs(m) }

// Likeliest returns the five likeliest classes of each picture, or a doubt: why
// the outputs are not the classes.
func (o Outputs) Likeliest(logits *feature.View, pictures []*stimuli.Picture) (top map[stimuli.Hash][]Guess, doubt, err error) {
	top = make(map[stimuli.Hash][]Guess, len(pictures))
	values := make([]float32, logits.Dim())
	for _, p := range pictures {
		if err := logits.Read(p.Hash, values); err != nil {
			return nil, nil, fmt.Errorf("picture %s: %w", p.Path, err)
		}
		if top[p.Hash], doubt = o.Top(values, likeliest); doubt != nil {
			return nil, doubt, nil
		}
	}
	return top, nil, nil
}
