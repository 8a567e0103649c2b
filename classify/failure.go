package classify

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
)

// Failure is a picture whose top-1 class is not its label.
type Failure struct {
	Prediction
	Relation *imagenet.Relation `json:"relation"` // of top-1 and truth; nil where the hierarchy lacks one
	// Surprise is Wu-Palmer times the binary logarithm of the truth's rank: high
	// where top-1 means nearly the same and yet the truth comes late. 0 without
	// a relation.
	Surprise float64 `json:"surprise"`
}

// NewFailure looks up what a wrong prediction means; nil for a right one.
func NewFailure(p *Prediction, o Outputs) *Failure {
	if p.Rank == 1 {
		return nil
	}
	f := &Failure{Prediction: *p, Relation: o.Relate(p.Top[0].WNID, p.Truth.WNID)}
	if f.Relation != nil {
		f.Surprise = f.Relation.WuPalmer * math.Log2(float64(p.Rank))
	}
	return f
}

// Filter says which failures to show; its zero value, all.
type Filter struct {
	OutsideTop5 bool
	RankOver    int     // truth's rank above this
	Distance    float64 // 1 - Wu-Palmer below this, where not 0
}

// Accepts reports whether a failure passes.
func (f Filter) Accepts(x *Failure) bool {
	return !(f.OutsideTop5 && x.Rank <= 5) && x.Rank > f.RankOver &&
		(f.Distance == 0 || x.Relation != nil && 1-x.Relation.WuPalmer < f.Distance)
}

// sortFailures puts the most surprising first, equal ones by path.
func sortFailures(list []Failure) {
	slices.SortStableFunc(list, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(b.Surprise, a.Surprise), cmp.Compare(a.Path, b.Path))
	})
}

// thumbnailSide is the longer side of a failed picture's thumbnail, in pixels.
const thumbnailSide = 240

// Thumbnail returns the picture as a JPEG of at most 240 pixels a side.
func Thumbnail(pictures fs.FS, path string) ([]byte, error) {
	data, err := fs.ReadFile(pictures, path)
	if err != nil {
		return nil, err
	}
	decoded, err := imaging.Decode(data, 0)
	if err != nil {
		return nil, fmt.Errorf("picture %s: %w", path, err)
	}
	return decoded.Thumbnail(thumbnailSide)
}

// Failures are the wrong predictions of one classifier.
type Failures struct {
	Model    string
	Hash     string // SHA-256 of its graph
	Outputs  Outputs
	Pictures int
	Failures []Failure // the most surprising first
	Folder   fs.FS     // that their paths lead into
}

// FindFailures classifies the pictures and keeps what the one classifier of c
// got wrong.
func FindFailures(ctx context.Context, c Config) (*Failures, error) {
	classifiers, err := c.classifiers()
	if err != nil {
		return nil, err
	}
	folder, labels, err := c.labels(classifiers)
	if err != nil {
		return nil, err
	}
	list := &Failures{Model: classifiers[0].Name, Hash: classifiers[0].Hash, Outputs: classifiers[0].Outputs, Folder: folder}
	e, err := NewEvaluator(list.Outputs, nil)
	if err != nil {
		return nil, err
	}
	err = c.stream(ctx, classifiers[:1], folder, labels, func(_ int, label imagenet.Labelled, logits []float32) error {
		p, err := e.Add(label, logits)
		if p == nil {
			return err
		}
		list.Pictures++
		if f := NewFailure(p, list.Outputs); f != nil {
			list.Failures = append(list.Failures, *f)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := e.Result(); err != nil {
		return nil, model.Named(list.Model, err)
	}
	sortFailures(list.Failures)
	return list, nil
}

// Table holds the failures that the filter accepts, at most limit of them; 0: all.
func (f *Failures) Table(filter Filter, limit int) FailureTable {
	t := FailureTable{Model: f.Model, Pictures: f.Pictures, Failed: len(f.Failures)}
	for _, x := range f.Failures {
		if !filter.Accepts(&x) {
			continue
		}
		t.Accepted++
		if limit == 0 || len(t.Failures) < limit {
			t.Failures = append(t.Failures, x)
		}
	}
	return t
}
