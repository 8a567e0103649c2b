package classify

import (
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/model"
)

// TestRank compares with the place that a stable sort gives.
func TestRank(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	for range 200 {
		logits := make([]float32, 20)
		for i := range logits {
			logits[i] = float32(random.IntN(6)) // many ties
		}
		order := make([]int, len(logits))
		for i := range order {
			order[i] = i
		}
		sort.SliceStable(order, func(a, b int) bool { return logits[order[a]] > logits[order[b]] })
		class := random.IntN(len(logits))
		if got, want := rankOf(logits, class), 1+slices.Index(order, class); got != want {
			t.Fatalf("rank %d, want %d", got, want)
		}
	}
}

// TestVerdict gives the gate networks of known accuracy.
func TestVerdict(t *testing.T) {
	classes := make([]string, 100)
	for i := range classes {
		classes[i] = imagenet.Classes()[i].WNID
	}
	published := &model.Accuracy{On: "validation", Top1: 70}
	cases := []struct {
		name      string
		n, right  int
		published *model.Accuracy
		want      Verdict
		reading   string
	}{
		{"reproduced", 5000, 3500, published, Pass, "reproduced"},
		{"training pictures", 1000, 900, published, Pass, "that it was trained on"},
		{"wrong recipe", 1000, 500, published, Fail, "the weights or the recipe are wrong"},
		{"wrong recipe, few pictures", 20, 1, published, Fail, "the weights or the recipe are wrong"},
		{"too few", 50, 35, published, CannotTell, "too few pictures to tell; about 1000 would do"},
		{"nothing published", 100, 80, nil, CannotTell, "no published accuracy"},
		{"nothing published, at chance", 200, 2, nil, Fail, "chance is 1.0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e, _ := NewEvaluator(NewOutputs(classes, 0), nil)
			for i := range c.n {
				logits := make([]float32, 100)
				answer := i % 100
				if i >= c.right {
					answer = (i + 1) % 100
				}
				logits[answer] = 1
				if _, err := e.Add(imagenet.Labelled{Path: "a.jpg", WNID: classes[i%100]}, logits); err != nil {
					t.Fatal(err)
				}
			}
			evaluation, err := e.Result()
			if err != nil {
				t.Fatal(err)
			}
			got := newCheck(evaluation, c.published)
			if got.Verdict != c.want || !strings.Contains(got.Reading, c.reading) || got.Top1.Correct != c.right {
				t.Errorf("%s: %s; want %s with %q", got.Verdict, got.Reading, c.want, c.reading)
			}
		})
	}
	e, _ := NewEvaluator(NewOutputs(classes, 0), nil)
	if _, err := e.Add(imagenet.Labelled{Path: "a", WNID: "n99999999"}, make([]float32, 100)); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Result(); err == nil || !strings.Contains(err.Error(), "the first is of n99999999") {
		t.Errorf("pictures of unknown classes only: %v", err)
	}
}
