package akin

import (
	"errors"
	"fmt"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
)

// likeliest is how many classes a run keeps of each picture.
const likeliest = 5

// posterior is one model of a run whose classes are known.
type posterior struct {
	at      int // its row of features among the run's
	outputs imagenet.Outputs
}

// posteriorsOf finds the models that can say what a picture shows: trained
// classifiers whose card gives their classes. The others have nothing to say.
func posteriorsOf(rows []row) []posterior {
	var list []posterior
	for i, r := range rows {
		if r.model.Kind != model.Trained || r.isLayer() {
			continue
		}
		if outputs, err := (&labelSet{}).outputs(r.model); err == nil {
			list = append(list, posterior{i, outputs})
		}
	}
	return list
}

func posteriorJobs(list []posterior, rows []row, computer *computer) []extract.Job {
	jobs := make([]extract.Job, len(list))
	for i, p := range list {
		r := rows[p.at]
		jobs[i] = computer.job(r.model, model.Output{Node: r.model.Outputs.Logits}, r.taps...)
	}
	return jobs
}

// addPosteriors explains a run's choices by the classes that the models see. A
// model whose outputs are not its card's classes leaves a warning: its features
// are none the worse.
func (c *computer) addPosteriors(run *Run, list []posterior, jobs []extract.Job) error {
	for i, p := range list {
		m := &run.Models[p.at]
		logits, err := c.store.View(jobs[i].Space)
		if err != nil {
			return err
		}
		top, doubt, err := topClasses(p.outputs, logits, run.Stimuli.Pictures)
		if err := errors.Join(err, logits.Close()); err != nil {
			return fmt.Errorf("model %s: %w", m.Name, err)
		}
		if doubt != nil {
			run.Warnings = append(run.Warnings, fmt.Sprintf("no classes are shown for model %s: %v", m.Name, doubt))
			continue
		}
		m.Posteriors = top
	}
	return nil
}

// topClasses returns the likeliest classes of each picture, or a doubt: why the
// outputs are not the classes.
func topClasses(outputs imagenet.Outputs, logits *feature.View, pictures []*stimuli.Picture) (top map[stimuli.Hash][]imagenet.Guess, doubt, err error) {
	top = make(map[stimuli.Hash][]imagenet.Guess, len(pictures))
	values := make([]float32, logits.Dim())
	for _, p := range pictures {
		if err := logits.Read(p.Hash, values); err != nil {
			return nil, nil, fmt.Errorf("picture %s: %w", p.Path, err)
		}
		if top[p.Hash], doubt = outputs.Top(values, likeliest); doubt != nil {
			return nil, doubt, nil
		}
	}
	return top, nil, nil
}
