package akin

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/judged"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/page"
	"github.com/akin-vision/akin/page/report"
	"github.com/akin-vision/akin/quantise"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/wordvec"
)

// Config says what to evaluate. With Home alone it means the default models on
// the default set.
type Config struct {
	Home    Home
	Set     string   // name of an embedded set, or a folder; empty: stimuli.Default
	Models  []string // names or .onnx files; empty: zoo.Default
	Layers  []string // inner nodes to compare too, NODE or MODEL@NODE
	Pooling string   // of Layers and Curve, see model.Poolings; empty: avg

	// Curve names the layers at which each network is seen over its depth. They are no
	// models of the run. Empty: none.
	Curve model.Depths

	// Spaces are other ways to look at each network's features, beside the features
	// themselves; each makes a variant of every network, see package space. The default
	// models are seen centred, too, where nothing else is asked of them.
	Spaces []space.Spec
	// Words is a file of word vectors, see wordvec.Open; empty: those inside akin.
	Words string
	// Features are files of vectors that take part beside the models; with them and
	// without Models no network runs, and the set's pictures need not be there.
	Features []FeatureFile

	// Similarity compares two feature vectors; empty: match.Cosine.
	Similarity match.Measure

	// ZScore standardises people's judgements for each rater and scale before
	// models are compared with them, see stimuli.ZScored.
	ZScore bool

	// Precision is empty for float32, or quantise.Int8: networks are rewritten, and
	// their choices compared with float32's.
	Precision string
	compute.Options

	// Resampling of the statistics; zero: record.Standard.
	Resampling stats.Options

	// Accept may refuse a run of the set of the name before any network runs; it may be nil.
	Accept func(set string) error

	// Command makes the same run again; the record keeps it. It may be empty.
	Command []string
}

// Evaluate shows the set's triplets to the models and computes what their choices
// say. Features come from the store in Home.Cache where it has them, which keeps new
// ones and thumbnails. Nothing else is written; see [Evaluation.Write].
func Evaluate(ctx context.Context, c Config) (*Evaluation, error) {
	c.Set = cmp.Or(c.Set, stimuli.Default)
	c.Similarity = cmp.Or(c.Similarity, match.Cosine)
	if c.asksNothing() {
		c.Spaces = []space.Spec{{Kind: space.Centred}}
	}
	models, err := c.models()
	if err != nil {
		return nil, err
	}
	set, files, err := c.Home.OpenSet(c.Set, stimuli.Options{NamesSuffice: !c.readsPictures()})
	if err != nil {
		return nil, err
	}
	if c.Similarity.OfRepeats() {
		return nil, &judged.MatricesOnlyError{Similarity: c.Similarity, Set: set.Name, Task: set.Task}
	}
	if err := c.accept(set); err != nil {
		return nil, err
	}
	warnings, err := c.standardise(set)
	if err != nil {
		return nil, err
	}
	if report.ShowsAll(len(set.Triplets)) {
		c.Decoded = page.Pictures{Thumbnails: c.Home.thumbnails()}.Keep
	}
	e, err := c.open(models, set, files)
	if err != nil {
		return nil, err
	}
	defer e.computer.Close()
	run, err := e.run(ctx)
	if err != nil {
		return nil, err
	}
	run.Warnings = append(warnings, run.Warnings...)
	evaluation := &Evaluation{Run: run, Pictures: files, home: c.Home}
	if err := evaluation.analyse(c.Resampling); err != nil {
		return nil, err
	}
	return evaluation, nil
}

func (c Config) accept(set *stimuli.Set) error {
	if c.Accept == nil {
		return nil
	}
	return c.Accept(set.Name)
}

// asksNothing reports whether the default models are wanted as they are.
func (c Config) asksNothing() bool {
	return len(c.Models)+len(c.Features)+len(c.Layers)+len(c.Spaces) == 0 && c.Precision == ""
}

// standardise replaces a set's judgements by z-scores where they are wanted, and
// names the raters for whom there are none.
func (c Config) standardise(set *stimuli.Set) (warnings []string, err error) {
	if !c.ZScore {
		return nil, nil
	}
	if len(set.Judgements) == 0 {
		return nil, fmt.Errorf("set %s has no single people's ratings to standardise; z-scores need ratings.csv", set.Name)
	}
	var unscored []string
	if set.Judgements, unscored = stimuli.ZScored(set.Judgements); len(unscored) > 0 {
		warnings = append(warnings, fmt.Sprintf("left out of the z-scores, with one answer or always the same on a scale: %s", strings.Join(unscored, ", ")))
	}
	return warnings, nil
}

// evaluator is one Evaluate under way.
type evaluator struct {
	Config
	set      *stimuli.Set
	pictures []extract.Picture
	rows     []row
	layers   []layer // of curves over depth
	computer *compute.Computer
	// references are the pictures that spaces are fitted to, by place; those of the
	// set stand under the empty one.
	references map[string]reference
	transforms map[string]transform        // by file
	walks      map[string]*wordvec.Vectors // over norms of association, by file
	norms      map[string][]lexicon.Norm   // of these, by file
	words      *wordvec.Vectors            // nil where no space needs them
	pairs      [][2]int32                  // of pictures that are compared, of sets of another task than triplets
}

// open readies the models for the set; whoever calls it closes the computer.
func (c Config) open(models []*model.Model, set *stimuli.Set, files fs.FS) (*evaluator, error) {
	rows, err := newRows(models, c.Layers, c.Pooling)
	if err != nil {
		return nil, err
	}
	computer, err := c.Home.Machine().Open(c.Options, models...)
	if err != nil {
		return nil, err
	}
	return &evaluator{Config: c, set: set, pictures: extract.Pictures(set.Pictures, files), rows: rows, computer: computer}, nil
}

// run computes all features, then the choices of each row.
func (e *evaluator) run(ctx context.Context) (*record.Run, error) {
	if err := e.prepareSpaces(); err != nil {
		return nil, err
	}
	own, doubts, err := e.own() // a file that does not fit is found before anything is computed
	if err != nil {
		return nil, err
	}
	if e.Precision == quantise.Int8 {
		e.computer.EightBits(e.pictures)
	}
	layers, left, err := newLayers(e.rows, e.Curve, e.Pooling)
	if err != nil {
		return nil, err
	}
	for i := range e.rows {
		e.rows[i].plan(e.computer)
	}
	wanted := jobs(e.rows)
	for i := range layers {
		layers[i].features = e.computer.Job(layers[i].model, layers[i].output, layers[i].taps...)
		if !slices.ContainsFunc(wanted, func(j extract.Job) bool { return j.Space == layers[i].features.Space }) {
			wanted = append(wanted, layers[i].features)
		}
	}
	e.layers = layers
	if err := e.computer.Fill(ctx, e.pictures, wanted); err != nil {
		return nil, err
	}
	if err := e.fillReferences(ctx); err != nil {
		return nil, err
	}
	run := e.newRun()
	for _, r := range e.rows {
		m, doubt, err := e.choose(r)
		if err != nil {
			return nil, model.Named(r.name, err)
		}
		if l := m.Learned; l != nil && l.Digest == e.set.Digest {
			run.Warnings = append(run.Warnings, fmt.Sprintf("model %s has learned from the triplets of this very set: its error here is that of training", m.Name))
		}
		if doubt != nil {
			run.Warnings = append(run.Warnings, fmt.Sprintf("no classes are shown for model %s: %v", r.name, doubt))
		}
		run.Models = append(run.Models, m)
	}
	if e.Precision == quantise.Int8 {
		if err := e.addAgreement(ctx, run); err != nil {
			return nil, err
		}
	}
	if err := e.withVariants(run); err != nil {
		return nil, err
	}
	run.Models = append(run.Models, own...)
	run.Warnings = slices.Concat(run.Warnings, doubts, left)
	run.Layers, err = e.curve()
	return run, err
}

// choose reads what a row's features say of the triplets, and the classes that
// the model sees. doubt says why there are no classes: the features are none the
// worse.
func (e *evaluator) choose(r row) (m record.Model, doubt, err error) {
	space := e.computer.Where(r.features.Space)
	m = record.Model{
		Card: r.model.Card, Hash: r.model.Hash, RecipeDigest: r.model.Recipe.Digest(), Node: r.output.Node, Pooling: r.output.Pooling,
		Precision: space.Precision, Engine: space.Engine,
	}
	m.Name = r.name
	if m.Precision != "" {
		m.Name += ":" + e.Precision
	}
	if !r.model.IsBaseline() && !r.isLayer() {
		if m.Cost, err = cost(r.model); err != nil {
			return m, nil, err
		}
	}
	if e.set.Task == stimuli.Related {
		m.Choices, m.Dim, err = e.computer.Choices(e.Similarity, e.set.Triplets, space)
	} else {
		m.Similarities, m.Dim, err = e.computer.Similarities(e.Similarity, e.set, e.pairs, space)
	}
	if err != nil {
		return m, nil, err
	}
	if m.Check, err = e.Home.Archive().Check(r.model); err != nil || r.classes == nil {
		return m, nil, err
	}
	logits, err := e.computer.View(r.classes.logits.Space)
	if err != nil {
		return m, nil, err
	}
	defer logits.Close()
	m.Posteriors, doubt, err = r.classes.Likeliest(logits, e.set.Pictures)
	return m, doubt, err
}

// cost is what a network takes.
func cost(m *model.Model) (*record.Cost, error) {
	var c record.Cost
	err := m.Inspect(func(g *onnx.Graph, size int64) error {
		height, width := m.Recipe.Size()
		c = record.Cost{MACs: g.Summary(g.PictureShape(int64(height), int64(width))...).MACs, Bytes: size}
		return nil
	})
	return &c, err
}

// newRun is the record without its models.
func (e *evaluator) newRun() *record.Run {
	s := e.set
	return &record.Run{
		Akin: Version(),
		Set: record.SetInfo{
			Name: s.Name, Reference: e.Set, Version: s.Version, Title: s.Title, Licence: s.Licence,
			Source: s.Source, Citation: s.Citation, Note: s.Note, Digest: s.Digest,
			Triplets: len(s.Triplets), Pictures: len(s.Pictures),
		},
		Settings: record.Settings{Similarity: e.Similarity, Credit: match.HalfCredit, Level: 0.95, Decoder: imaging.Decoder},
		Machine:  record.Machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version()},
		Command:  e.Command,
		Stimuli:  s,
	}
}

// Version is akin's version as the Go toolchain recorded it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
