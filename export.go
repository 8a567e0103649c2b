package akin

import (
	"context"
	"errors"
	"fmt"

	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/zoo"
)

// ExportConfig says which features of which pictures are wanted.
type ExportConfig struct {
	Home    Home
	Set     string // name of an embedded set, or a folder; empty: stimuli.Default
	Model   string // name or .onnx file
	Layer   string // inner node; empty: the card's features
	Pooling string // of Layer; empty: avg
	compute.Options
}

// Export gives the vector of each picture of a set, in the set's order,
// to each; open is called before, with the number of pictures. Vectors come from
// the store, which is filled first where it lacks some; in memory is one at a time.
func (c ExportConfig) Export(ctx context.Context, open func(pictures int) (feature.Exporter, error)) error {
	if c.Set == "" {
		c.Set = stimuli.Default
	}
	models, err := c.Home.FindModels([]string{c.Model})
	if err != nil {
		return err
	}
	var layers []string
	if c.Layer != "" {
		layers = []string{c.Layer}
	}
	rows, err := newRows(models, layers, c.Pooling)
	if err != nil {
		return err
	}
	set, pictures, err := c.Home.OpenSet(c.Set, stimuli.Options{})
	if err != nil {
		return err
	}
	computer, err := c.Home.Machine().Open(c.Options, models...)
	if err != nil {
		return err
	}
	defer computer.Close()
	exporter, err := open(len(set.Pictures))
	if err != nil {
		return err
	}
	r := rows[len(rows)-1]
	job := computer.Job(r.model, r.output, r.taps...)
	each := func(i int, vectors [][]float32) error {
		p := set.Pictures[i]
		return exporter.Add(p.Path, p.Hash, vectors[0])
	}
	if err := computer.Stream(ctx, extract.Pictures(set.Pictures, pictures), []extract.Job{job}, each); err != nil {
		return err
	}
	return exporter.Close()
}

// CurrentFeatures returns what tells spaces that this akin, with the engine at
// hand, can still read; without an engine, networks of every engine count.
func (h Home) CurrentFeatures() (func(feature.Space) bool, error) {
	engine := ""
	library, err := h.FindLibrary()
	if err == nil {
		rt, err := model.LoadRuntime(library)
		if err != nil {
			return nil, err
		}
		engine = rt.EngineName()
		if err := rt.Close(); err != nil {
			return nil, err
		}
	} else if !errors.Is(err, model.ErrNoLibrary) {
		return nil, err
	}
	return func(s feature.Space) bool {
		return s.Decoder == imaging.Decoder && model.IsCurrent(s.Engine, engine)
	}, nil
}

// ModelNames gives the names of the models inside akin and the pulled ones, by
// the hash that feature.Space holds.
func (h Home) ModelNames() (map[string]string, error) {
	inside, err := zoo.Inside()
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, m := range inside {
		names[m.Hash] = m.Name
	}
	pulled, err := h.Catalogue().Pulled()
	if err != nil {
		return nil, fmt.Errorf("names of models: %w", err)
	}
	for _, p := range pulled {
		names[p.SHA256] = p.Name
	}
	return names, nil
}
