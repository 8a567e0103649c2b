package compose

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"math"

	"github.com/akin-vision/akin/audit"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// appearance names the baselines that measure likeness: shape is the cosine
// of edges, and a balanced set balances all three.
var appearance = []string{"edges", "colour", "pixels"}

// looks holds, for each baseline of appearance and each picture, a vector of
// unit length.
type looks [][][]float32

// similarity is the cosine by one baseline.
func (l looks) similarity(baseline int) Similarity {
	vectors := l[baseline]
	return func(a, b int) float64 { return dot(vectors[a], vectors[b]) }
}

// dot adds in four strands, which a processor works at side by side.
func dot(a, b []float32) float64 {
	var s0, s1, s2, s3 float32
	i := 0
	for b = b[:len(a)]; i+3 < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return float64(s0+s1) + float64(s2+s3)
}

// unit scales a vector to length 1; one of length 0 stays.
func unit(v []float32) []float32 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	scaled := make([]float32, len(v))
	if sum == 0 {
		return scaled
	}
	for i, x := range v {
		scaled[i] = float32(float64(x) / math.Sqrt(sum))
	}
	return scaled
}

// picture is a picture file that may stand in a triplet.
type picture struct {
	path  string
	label int
	hash  stimuli.Hash
}

// hashPictures reads every picture once. Those that cannot be read, and
// copies of an earlier one, go to reject with the reason.
func hashPictures(folder fs.FS, pictures []picture, reject func(p picture, why string)) (sound []picture) {
	first := map[stimuli.Hash]picture{}
	for _, p := range pictures {
		data, err := fs.ReadFile(folder, p.path)
		if err != nil {
			reject(p, "cannot be read: "+err.Error())
			continue
		}
		p.hash = sha256.Sum256(data)
		switch original, copied := first[p.hash]; {
		case copied && original.label != p.label:
			reject(p, "is the same picture as "+original.path+", which has another label")
		case copied:
			reject(p, "is the same picture as "+original.path)
		default:
			first[p.hash] = p
			sound = append(sound, p)
		}
	}
	return sound
}

// measure computes, or takes from the store, what every picture looks like.
// Pictures that cannot be decoded go to reject.
func measure(ctx context.Context, folder fs.FS, pictures []picture, store *feature.Store, o extract.Options, reject func(p picture, why string)) ([]picture, looks, error) {
	sources := make([]extract.Picture, len(pictures))
	for i, p := range pictures {
		sources[i] = extract.Picture{Name: p.path, Hash: p.hash, Read: func() ([]byte, error) { return fs.ReadFile(folder, p.path) }}
	}
	jobs := audit.BaselineJobs(appearance...)
	err := extract.Fill(ctx, store, sources, jobs, o)
	if undecoded := undecodable(err); len(undecoded) > 0 {
		var sound []picture
		for _, p := range pictures {
			if why := undecoded[p.path]; why != nil {
				reject(p, "cannot be decoded: "+why.Error())
			} else {
				sound = append(sound, p)
			}
		}
		return measure(ctx, folder, sound, store, o, reject)
	}
	if err != nil {
		return nil, nil, err
	}
	l := make(looks, len(jobs))
	var g errgroup.Group
	for i, job := range jobs {
		g.Go(func() (err error) {
			l[i], err = units(store, job.Space, pictures)
			return err
		})
	}
	return pictures, l, g.Wait()
}

// units reads the pictures' vectors, scaled to length 1.
func units(store *feature.Store, space feature.Space, pictures []picture) ([][]float32, error) {
	features, err := store.View(space)
	if err != nil {
		return nil, err
	}
	defer features.Close()
	vectors := make([][]float32, len(pictures))
	v := make([]float32, features.Dim())
	for i, p := range pictures {
		if err := features.Read(p.hash, v); err != nil {
			return nil, err
		}
		vectors[i] = unit(v)
	}
	return vectors, nil
}

// undecodable finds the pictures that an extraction could not decode; none
// where anything else went wrong.
func undecodable(err error) map[string]error {
	faults := []error{err}
	for len(faults) == 1 {
		joined, ok := faults[0].(interface{ Unwrap() []error })
		if !ok {
			break
		}
		faults = joined.Unwrap()
	}
	found := map[string]error{}
	for _, fault := range faults {
		var one *extract.PictureError
		if !errors.As(fault, &one) {
			return nil
		}
		found[one.Name] = one.Err
	}
	return found
}
