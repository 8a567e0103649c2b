package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
)

// picture is the decoded picture of a concept.
type picture struct {
	image  *imaging.Image
	sha256 string
}

func readPictures(folder fs.FS, concepts []concept) ([]picture, error) {
	pictures := make([]picture, len(concepts))
	for i, c := range concepts {
		data, err := fs.ReadFile(folder, c.Picture)
		if err != nil {
			return nil, fmt.Errorf("picture of %s: %w", c.Label, err)
		}
		image, err := imaging.Decode(data, 0)
		if err != nil {
			return nil, fmt.Errorf("picture of %s: decode %s: %w", c.Label, c.Picture, err)
		}
		sum := sha256.Sum256(data)
		pictures[i] = picture{image, hex.EncodeToString(sum[:])}
	}
	return pictures, nil
}

// measure returns the cosine between pictures in the features of a baseline.
func measure(ctx context.Context, baseline string, pictures []picture) (compose.Similarity, error) {
	embedder, err := model.Baseline(baseline).Open(nil, model.SessionOptions{})
	if err != nil {
		return nil, err
	}
	defer embedder.Close()
	recipe := embedder.Recipe()
	height, width := recipe.Size()
	tensor := make([]float32, 3*height*width)
	vectors := make([][]float32, len(pictures))
	for i, p := range pictures {
		if err := recipe.Apply(p.image, tensor); err != nil {
			return nil, err
		}
		embedded, err := embedder.Run(ctx, tensor, 1)
		if err != nil {
			return nil, err
		}
		vectors[i] = embedded[0][0]
	}
	return table(vectors), nil
}

// table computes the cosine of every two vectors once: a composition asks for
// each many times.
func table(vectors [][]float32) compose.Similarity {
	n := len(vectors)
	cosines := make([]float64, n*n)
	for a := range n {
		for b := range a + 1 {
			cosines[a*n+b] = cosine(vectors[a], vectors[b])
			cosines[b*n+a] = cosines[a*n+b]
		}
	}
	return func(a, b int) float64 { return cosines[a*n+b] }
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		ab += x * y
		aa += x * x
		bb += y * y
	}
	return ab / math.Sqrt(aa*bb)
}
