package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// pictures of n triplets: target and related by name, unrelated given.
func designOf(n int, name func(i int) [3]string) Design {
	var d Design
	for i := range n {
		d.Pictures = append(d.Pictures, name(i))
	}
	return d
}

func TestClustersTakeTheFirstLinkageThatLeavesEnough(t *testing.T) {
	named := func(format string, operands ...any) string { return fmt.Sprintf(format, operands...) }
	cases := []struct {
		name     string
		design   Design
		linkage  Linkage
		clusters int
	}{
		{"nothing shared", designOf(40, func(i int) [3]string {
			return [3]string{named("t%d", i), named("r%d", i), named("u%d", i)}
		}), AnyPicture, 40},
		{"two triplets an object", designOf(60, func(i int) [3]string {
			return [3]string{named("t%d", i/2), named("r%d", i), named("u%d", i)}
		}), AnyPicture, 30},
		{"pairs both ways, few unrelated", designOf(80, func(i int) [3]string {
			pair := i / 4
			a, b := named("a%d", pair), named("b%d", pair)
			if i%2 == 1 {
				a, b = b, a
			}
			return [3]string{a, b, named("u%d", i%20)}
		}), ObjectPictures, 20},
		{"a chain of objects", designOf(60, func(i int) [3]string {
			return [3]string{named("o%d", i), named("o%d", (i+1)%60), named("u%d", i%7)}
		}), TargetPicture, 60},
		{"few objects at all", designOf(60, func(i int) [3]string {
			return [3]string{named("t%d", i%5), named("r%d", i), named("u%d", i)}
		}), AnyPicture, 5},
	}
	for _, c := range cases {
		cluster, linkage := c.design.clusters()
		if linkage != c.linkage || count(cluster) != c.clusters {
			t.Errorf("%s: %d clusters by %s, want %d by %s", c.name, count(cluster), linkage, c.clusters, c.linkage)
		}
	}
}

func TestEffectiveClusters(t *testing.T) {
	equal := []int{0, 0, 1, 1, 2, 2}
	if got := effective(equal); math.Abs(got-3) > 1e-12 {
		t.Errorf("three equal clusters are worth %v", got)
	}
	giant := append(slices.Repeat([]int{0}, 212), 1, 2, 3, 4)
	if got := effective(giant); got > 1.1 {
		t.Errorf("a giant and four single triplets are worth %v clusters", got)
	}
}

// TestSharedUnrelatedPictures simulates sets like everyday, where each
// unrelated picture serves two triplets about different objects, and measures
// what clustering by object costs: the warning and docs/statistics.md quote it.
func TestSharedUnrelatedPictures(t *testing.T) {
	const sets, objects, distractors = 2000, 200, 100
	for shared, least := range map[float64]float64{0: 0.93, 0.3: 0.91, 0.6: 0.89} {
		covered := 0
		for set := range sets {
			random := rand.New(rand.NewPCG(uint64(set), 7))
			d := Design{}
			s := Scores{}
			effect := make([]float64, distractors)
			for k := range effect {
				effect[k] = random.NormFloat64()
			}
			order := random.Perm(objects)
			for i := range objects {
				k := order[i] % distractors
				d.Pictures = append(d.Pictures, [3]string{fmt.Sprint("t", i), fmt.Sprint("t", (i+1)%objects), fmt.Sprint("u", k)})
				object := random.NormFloat64()
				s.Related = append(s.Related, 0.5*object+random.NormFloat64())
				s.Unrelated = append(s.Unrelated, 0.5*object+math.Sqrt(shared)*effect[k]+math.Sqrt(1-shared)*random.NormFloat64())
			}
			cluster, linkage := d.clusters()
			if linkage != TargetPicture {
				t.Fatalf("clustered by %s", linkage)
			}
			ranked := place(labelled{s.Related, cluster}, labelled{s.Unrelated, cluster}, count(cluster))
			interval := normalInterval(ranked.auc(), ranked.clusteredVariance(), 0.95)
			if interval.Contains(0.5) { // related and unrelated similarities are drawn alike
				covered++
			}
		}
		share := float64(covered) / sets
		t.Logf("unrelated pictures carry %.0f %% of the variance: coverage %.3f", 100*shared, share)
		if share < least || share > 0.97 {
			t.Errorf("unrelated pictures carry %.0f %% of the variance: the 95 %% interval covers %.3f, want %.2f to .97", 100*shared, share, least)
		}
	}
}
