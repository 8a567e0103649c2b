package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/akin-vision/akin/stats"
)

// world is how simulated networks see pictures.
type world struct {
	title string
	// hub is how much closer some pictures lie to all others than the rest, in
	// standard deviations of a cosine.
	hub float64
	// alike is the correlation of what two networks see.
	alike float64
	// boost is what is added to the similarity of related pairs.
	boost float64
	small bool // only the designs that take seconds
}

var worlds = []world{
	{title: "Nothing to find"},
	{title: "Nothing to find, pictures that lie close to all others", hub: 1},
	{title: "Nothing to find, the same much stronger", hub: 3, small: true},
	{title: "Nothing to find, networks alike at r = .5", alike: 0.5, small: true},
	{title: "Nothing to find, networks alike at r = .9", alike: 0.9, small: true},
	{title: "Networks that see a little", boost: 0.1, small: true},
	{title: "Networks that see a lot", boost: 0.35, hub: 1, small: true},
}

func (w world) holds(d design) bool { return !(d.large && w.small) }

const (
	networks   = 6
	dimensions = 20
)

// scene is a design with its pictures by number.
type scene struct {
	triplets [][3]int
	pictures int
}

func newScene(d stats.Design) scene {
	number := map[string]int{}
	var s scene
	for _, pictures := range d.Pictures {
		var t [3]int
		for role, name := range pictures {
			if _, known := number[name]; !known {
				number[name] = len(number)
			}
			t[role] = number[name]
		}
		s.triplets = append(s.triplets, t)
	}
	s.pictures = len(number)
	return s
}

// look is what so many networks see of new pictures.
func (w world) look(s scene, count int, rng *rand.Rand) []stats.Scores {
	common := draw(s.pictures, rng)
	models := make([]stats.Scores, count)
	for m := range models {
		v := draw(s.pictures, rng)
		for p := range v {
			for i := range v[p] {
				v[p][i] = math.Sqrt(w.alike)*common[p][i] + math.Sqrt(1-w.alike)*v[p][i]
			}
		}
		models[m] = w.scores(fmt.Sprint("network ", m), s, v)
	}
	return models
}

// draw is a random vector for each picture, and last its closeness to all.
func draw(pictures int, rng *rand.Rand) [][dimensions + 1]float64 {
	v := make([][dimensions + 1]float64, pictures)
	for p := range v {
		for i := range v[p] {
			v[p][i] = rng.NormFloat64()
		}
	}
	return v
}

func (w world) scores(name string, s scene, v [][dimensions + 1]float64) stats.Scores {
	norm := make([]float64, len(v))
	for p := range v {
		for _, x := range v[p][:dimensions] {
			norm[p] += x * x
		}
		norm[p] = math.Sqrt(norm[p])
	}
	similarity := func(a, b int) float64 {
		dot := 0.0
		for i := range dimensions {
			dot += v[a][i] * v[b][i]
		}
		return dot/(norm[a]*norm[b]) + w.hub*v[b][dimensions]/math.Sqrt(dimensions)
	}
	scores := stats.Scores{Model: name}
	for _, t := range s.triplets {
		scores.Related = append(scores.Related, similarity(t[0], t[1])+w.boost)
		scores.Unrelated = append(scores.Unrelated, similarity(t[0], t[2]))
	}
	return scores
}

// truth is the expected error and AUC of a network on a design.
func (w world) truth(s scene) (matchingError, auc float64) {
	if w.boost == 0 {
		return 0.5, 0.5 // related and unrelated pictures are drawn alike
	}
	looks := max(60, 600_000/len(s.triplets))
	rng := rand.New(rand.NewPCG(99, uint64(len(s.triplets))))
	for range looks {
		m := w.look(s, 1, rng)[0]
		wrong := 0.0
		for i, related := range m.Related {
			if related < m.Unrelated[i] {
				wrong++
			}
		}
		matchingError += wrong / float64(len(m.Related)) / float64(looks)
		auc += stats.AUC(m.Related, m.Unrelated) / float64(looks)
	}
	return matchingError, auc
}
