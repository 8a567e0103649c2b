package match

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/stimuli"
)

// vectors are Features in memory that count how often they are read.
type vectors struct {
	dim   int
	of    map[stimuli.Hash][]float32
	reads int
}

func (v *vectors) Dim() int { return v.dim }

func (v *vectors) Read(picture stimuli.Hash, dst []float32) error {
	v.reads++
	if v.of[picture] == nil {
		return errors.New("none")
	}
	copy(dst, v.of[picture])
	return nil
}

// world is n pictures with vectors, and triplets drawn from them.
func world(n, dim, triplets int) (*vectors, []stimuli.Triplet) {
	random := rand.New(rand.NewPCG(3, 0))
	v := &vectors{dim: dim, of: map[stimuli.Hash][]float32{}}
	pictures := make([]*stimuli.Picture, n)
	for i := range pictures {
		pictures[i] = &stimuli.Picture{Path: fmt.Sprint(i), Hash: sha256.Sum256([]byte{byte(i), byte(i >> 8)})}
		values := make([]float32, dim)
		for k := range values {
			values[k] = float32(random.NormFloat64())
		}
		v.of[pictures[i].Hash] = values
	}
	list := make([]stimuli.Triplet, triplets)
	for i := range list {
		p := func() *stimuli.Picture { return pictures[random.IntN(n)] }
		list[i] = stimuli.Triplet{ID: fmt.Sprint(i), Target: p(), Related: p(), Unrelated: p()}
	}
	return v, list
}

// TestChoicesDoNotDependOnMemory: whether all vectors are held or few, the
// choices have the same bits, and those of a plain cosine; where all fit, each
// is read once.
func TestChoicesDoNotDependOnMemory(t *testing.T) {
	const dim = 300
	features, triplets := world(150, dim, 400)
	for _, m := range measures {
		want, err := m.Triplets(triplets, features)
		if err != nil {
			t.Fatal(err)
		}
		if features.reads > 150 {
			t.Errorf("%d pictures were read, of 150", features.reads)
		}
		for i, c := range want {
			if c.Triplet != &triplets[i] || c.Related != m.Similarity(features.of[c.Triplet.Target.Hash], features.of[c.Triplet.Related.Hash]) ||
				c.Unrelated != m.Similarity(features.of[c.Triplet.Target.Hash], features.of[c.Triplet.Unrelated.Hash]) {
				t.Fatalf("%s, triplet %d: %+v", m, i, c)
			}
		}
		for _, page := range []int{1, 7, 50, 75, 149, 150, 1000} {
			got, err := m.triplets(triplets, features, 2*4*dim*page)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: pages of %d pictures give other choices", m, page)
			}
		}
		features.reads = 0
	}
}

func TestTripletsNameAPictureWithoutFeatures(t *testing.T) {
	features, triplets := world(9, 4, 5)
	delete(features.of, triplets[3].Related.Hash)
	if _, err := Cosine.Triplets(triplets, features); err == nil || !strings.Contains(err.Error(), "picture "+triplets[3].Related.Path+":") {
		t.Errorf("error %v, want the picture's name", err)
	}
}
