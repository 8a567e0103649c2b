package match

import (
	"fmt"
	"slices"

	"github.com/akin-vision/akin/stimuli"
)

// Among returns the similarity of each pair of rows of a set's matrices, or of pictures
// of other sets, by number. Several pictures of an item count as the mean of their
// vectors, unless the measure is of repeats. It holds no more vectors at once than
// Triplets does, but for measures of repeats, which hold all.
func (m Measure) Among(set *stimuli.Set, pairs [][2]int32, features Features) ([]float64, error) {
	if m.OfRepeats() {
		return m.amongRepeats(set, pairs, features)
	}
	pictures := set.Pictures
	if set.Items != nil {
		pictures, features = set.Shown(), newMeans(set, features)
	}
	p := &pager{features: features, pictures: pictures, size: pageSize(features, vectorBytes)}
	return p.similarities(m, pairs)
}

// means are the mean vectors of items, by their first picture.
type means struct {
	Features
	set  *stimuli.Set
	item map[stimuli.Hash]stimuli.Item
}

func newMeans(set *stimuli.Set, features Features) means {
	m := means{features, set, map[stimuli.Hash]stimuli.Item{}}
	for _, item := range set.Items {
		m.item[set.Pictures[item.Pictures[0]].Hash] = item
	}
	return m
}

func (m means) Read(first stimuli.Hash, dst []float32) error {
	sum, one := make([]float64, len(dst)), make([]float32, len(dst))
	item := m.item[first]
	for _, at := range item.Pictures {
		if err := m.Features.Read(m.set.Pictures[at].Hash, one); err != nil {
			return fmt.Errorf("picture %s: %w", m.set.Pictures[at].Path, err)
		}
		for k, v := range one {
			sum[k] += float64(v)
		}
	}
	for k := range dst {
		dst[k] = float32(sum[k] / float64(len(item.Pictures)))
	}
	return nil
}

// amongRepeats is minus the squared distance, crossvalidated over the pictures of each
// item (Walther et al. 2016): the mean over every two folds of the inner product of
// their difference vectors, by dimension. The k-th pictures of all items are a fold.
func (m Measure) amongRepeats(set *stimuli.Set, pairs [][2]int32, features Features) ([]float64, error) {
	folds, err := set.Repeats()
	if err != nil {
		return nil, err
	}
	vectors := make([][]float64, 0, folds*len(set.Items)) // item by item
	one := make([]float32, features.Dim())
	for _, item := range set.Items {
		for _, at := range item.Pictures {
			if err := features.Read(set.Pictures[at].Hash, one); err != nil {
				return nil, fmt.Errorf("picture %s: %w", set.Pictures[at].Path, err)
			}
			vector := make([]float64, len(one))
			for k, v := range one {
				vector[k] = float64(v)
			}
			vectors = append(vectors, vector)
		}
	}
	dimensions := float64(len(one))
	distance := func(a, b int) (float64, error) {
		return crossvalidated(vectors[a:a+folds], vectors[b:b+folds]) / dimensions, nil
	}
	if m == Crossnobis {
		noise, err := newNoise(vectors, folds)
		if err != nil {
			return nil, err
		}
		distance = noise.distance
	}
	similarities, errs := make([]float64, len(pairs)), make([]error, len(pairs))
	inParts(len(pairs), func(i int) {
		var d float64
		d, errs[i] = distance(int(pairs[i][0])*folds, int(pairs[i][1])*folds)
		similarities[i] = 0 - d
	})
	if at := slices.IndexFunc(errs, func(err error) bool { return err != nil }); at >= 0 {
		return nil, fmt.Errorf("%s and %s: %w", set.Items[pairs[at][0]].Name, set.Items[pairs[at][1]].Name, errs[at])
	}
	return similarities, nil
}

// crossvalidated is the mean over every two folds of the products of their differences:
// of each dimension the square of the sum less the sum of squares.
func crossvalidated(a, b [][]float64) float64 {
	total, folds := 0.0, float64(len(a))
	for k := range a[0] {
		sum, squares := 0.0, 0.0
		for fold := range a {
			d := a[fold][k] - b[fold][k]
			sum, squares = sum+d, squares+d*d
		}
		total += sum*sum - squares
	}
	return total / (folds * (folds - 1))
}
