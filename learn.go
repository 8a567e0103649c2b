package akin

import (
	"context"
	"errors"
	"io/fs"
	"runtime"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/learn"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/page/learned"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/wordvec"
)

// LearnConfig says which spaces are tried on which set.
type LearnConfig struct {
	Home   Home
	Set    string   // name of an embedded set, or a folder
	Test   string   // another set, to which all is carried over; empty: none
	Models []string // names or .onnx files; empty: zoo.Default
	Words  string   // file of word vectors; empty: those inside akin
	learn.Options
	Compute compute.Options
	Command []string // makes the same trial again; the record keeps it
}

// Learn asks of each network whether it knows better what belongs together when it
// is seen in another space: on triplets left out of all fitting, and on another set.
// Baselines are left out. The page goes with the record into its folder.
func (c LearnConfig) Learn(ctx context.Context) (*learn.Record, record.File, error) {
	o, err := c.open(ctx)
	if err != nil {
		return nil, record.File{}, err
	}
	defer o.computer.Close()
	c.Vectors = o.words
	tried := c.newRecord(o)
	for _, r := range o.rows {
		if r.model.Kind == model.NoNetwork {
			continue
		}
		m, err := o.model(r)
		if err != nil {
			return nil, record.File{}, model.Named(r.name, err)
		}
		var test *stimuli.Set
		if len(o.sets) > 1 {
			test = o.sets[1]
		}
		result, err := learn.Try(m, o.sets[0], test, c.Options)
		if err != nil {
			return nil, record.File{}, model.Named(r.name, err)
		}
		tried.Models = append(tried.Models, learn.ModelInfo{
			Name: r.name, Hash: r.model.Hash, RecipeDigest: r.model.Recipe.Digest(), Node: r.output.Node, Engine: r.features.Space.Engine,
		})
		tried.Results = append(tried.Results, result)
	}
	if len(tried.Results) == 0 {
		return nil, record.File{}, errors.New("there is no network among the models: a baseline has no spaces")
	}
	return tried, learned.File(tried, o.sets[0], page.Pictures{Files: o.files, Thumbnails: c.Home.thumbnails()}), nil
}

// newRecord is the record of a trial without its results.
func (c LearnConfig) newRecord(o opened) *learn.Record {
	r := &learn.Record{
		Akin: Version(), Command: c.Command, Set: learn.NewSetInfo(o.sets[0]),
		Machine: record.Machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version()},
		Words:   learn.Source{Name: o.words.Source, SHA256: o.words.Hash},
	}
	r.Settings = learn.NewSettings(c.Options, imaging.Decoder)
	if len(o.sets) > 1 {
		test := learn.NewSetInfo(o.sets[1])
		r.Test = &test
	}
	for _, s := range c.Spaces {
		if s.Kind != space.Association {
			continue
		}
		r.Norms = append(r.Norms, lexicon.Sources(o.norms[s.From])...)
		for _, set := range o.sets {
			if overlap := learn.OverlapWith(set, learn.Name(s), o.norms[s.From]); overlap != nil {
				r.Overlaps = append(r.Overlaps, *overlap)
			}
		}
	}
	return r
}

// opened is what spaces are fitted to: sets, and what networks say of their pictures.
type opened struct {
	sets     []*stimuli.Set // the set and, where there is one, the one to carry over to
	files    fs.FS          // pictures of the first
	rows     []row
	words    *wordvec.Vectors
	norms    map[string][]lexicon.Norm   // of association, by file
	matrices map[string]space.Fit        // of transforms, by file
	walks    map[string]*wordvec.Vectors // over these
	computer *compute.Computer           // to be closed
}

// open reads the sets and fills the store with what the networks say of them.
func (c LearnConfig) open(ctx context.Context) (o opened, err error) {
	if err := c.Options.Check(); err != nil {
		return o, err
	}
	models, err := c.Home.FindModels(c.Models)
	if err != nil {
		return o, err
	}
	if o.rows, err = newRows(models, nil, ""); err != nil {
		return o, err
	}
	var pictures []extract.Picture
	var labels []string
	for _, name := range []string{c.Set, c.Test} {
		if name == "" {
			continue
		}
		set, files, err := c.Home.OpenSet(name, stimuli.Options{AnyTask: true})
		if err != nil {
			return o, err
		}
		if o.files == nil {
			o.files = files
		}
		if set, err = learn.AsTriplets(set); err != nil {
			return o, err
		}
		o.sets, pictures = append(o.sets, set), append(pictures, extract.Pictures(set.Pictures, files)...)
		for _, p := range set.Pictures {
			labels = append(labels, p.Label)
		}
		for i := range set.Triplets {
			names := set.Triplets[i].Labels()
			labels = append(labels, names[:]...)
		}
	}
	if err = o.readWords(c, labels); err != nil {
		return o, err
	}
	if err = o.readTransforms(c.Spaces); err != nil {
		return o, err
	}
	if o.computer, err = c.Home.Machine().Open(c.Compute, models...); err != nil {
		return o, err
	}
	for i := range o.rows {
		o.rows[i].plan(o.computer)
	}
	if err := o.computer.Fill(ctx, pictures, jobs(o.rows)); err != nil {
		return o, errors.Join(err, o.computer.Close())
	}
	return o, nil
}

// readWords reads the vectors of words and the norms of associations.
func (o *opened) readWords(c LearnConfig, labels []string) (err error) {
	if o.words, err = wordVectors(c.Words, append(labels, classNames(o.rows)...)...); err != nil {
		return err
	}
	o.norms, o.walks = map[string][]lexicon.Norm{}, map[string]*wordvec.Vectors{}
	for _, s := range c.Spaces {
		if s.Kind != space.Association || o.walks[s.From] != nil {
			continue
		}
		if o.norms[s.From], o.walks[s.From], err = associations(s.From, classNames(o.rows)); err != nil {
			return &spaceError{s, err}
		}
	}
	return nil
}

// readTransforms reads the matrices of transforms.
func (o *opened) readTransforms(spaces []space.Spec) (err error) {
	o.matrices = map[string]space.Fit{}
	for _, s := range spaces {
		if s.Kind != space.Transform {
			continue
		}
		var f space.Fit
		if f.Transform, f.TransformHash, err = space.ReadTransform(s.From); err != nil {
			return &spaceError{s, err}
		}
		o.matrices[s.From] = f
	}
	return nil
}

// model reads all that a network says of the sets' pictures.
func (o opened) model(r row) (learn.Model, error) {
	m := learn.Model{Name: r.name, Walks: map[string]space.Words{}, Transforms: o.matrices}
	var err error
	if m.Outputs.Features, err = o.read(r.features.Space); err != nil || r.classes == nil {
		return m, err
	}
	logits, err := o.read(r.classes.logits.Space)
	if err != nil {
		return m, err
	}
	var unlike *classify.OutputsError
	if _, err := r.classes.Top(make([]float32, logits.Dim()), 1); errors.As(err, &unlike) {
		return m, nil // the outputs are not the classes: as if these were not known
	}
	m.Outputs.Logits, m.Words = logits, classWords(o.words, r.classes.Outputs)
	for file, walk := range o.walks {
		m.Walks[file] = classWords(walk, r.classes.Outputs)
	}
	return m, nil
}

// read reads the vectors of all sets' pictures into memory, where folds find them.
func (o opened) read(of feature.Space) (*space.Table, error) {
	view, err := o.computer.View(of)
	if err != nil {
		return nil, err
	}
	defer view.Close()
	var pictures []*stimuli.Picture
	for _, s := range o.sets {
		pictures = append(pictures, s.Pictures...)
	}
	return space.NewTable(view, pictures)
}
