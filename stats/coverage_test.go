package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/akin-vision/akin/match"
)

// population draws sets of triplets with known error and AUC: similarities are
// normal, related ones higher by effect; shared is the correlation of the two
// similarities of a triplet and of all in a cluster of perCluster triplets that
// show one object.
type population struct {
	triplets, perCluster int
	effect, shared       float64
}

func (p population) auc() float64 { return normalCDF(p.effect / math.Sqrt2) }

func (p population) error() float64 { return normalCDF(-p.effect / math.Sqrt(2*(1-p.shared))) }

func (p population) draw(rng *rand.Rand) (Design, Scores) {
	var d Design
	var s Scores
	object := 0.0
	for i := range p.triplets {
		if i%p.perCluster == 0 {
			object = rng.NormFloat64()
		}
		d.Pictures = append(d.Pictures, [3]string{fmt.Sprint("t", i/p.perCluster), fmt.Sprint("r", i), fmt.Sprint("u", i)})
		similarity := func() float64 {
			return math.Sqrt(p.shared)*object + math.Sqrt(1-p.shared)*rng.NormFloat64()
		}
		s.Related = append(s.Related, similarity()+p.effect)
		s.Unrelated = append(s.Unrelated, similarity())
	}
	return d, s
}

// coverage is the share of sets whose interval holds the truth.
type coverage map[string]float64

func (p population) cover(sets, resamples int) coverage {
	held := make([]map[string]bool, sets)
	parallel(sets, func() func(int) {
		return func(i int) {
			d, s := p.draw(rand.New(rand.NewPCG(99, uint64(i))))
			held[i] = p.holds(d, s, resamples, uint64(i))
		}
	})
	share := make(coverage)
	for _, set := range held {
		for name, hit := range set {
			share[name] += indicator(hit) / float64(sets)
		}
	}
	return share
}

func (p population) holds(d Design, s Scores, resamples int, seed uint64) map[string]bool {
	if resamples > 0 {
		one, err := One(d, s, Options{Resamples: resamples, Seed: seed})
		if err != nil {
			panic(err)
		}
		return map[string]bool{
			"error, percentile": one.Percentile.Contains(p.error()),
			"error, BCa":        one.BCa.Contains(p.error()),
			"AUC, percentile":   one.AUC.Percentile.Contains(p.auc()),
			"AUC, BCa":          one.AUC.BCa.Contains(p.auc()),
		}
	}
	cluster := Clusters(d.Pictures)
	ranked := place(labelled{s.Related, cluster}, labelled{s.Unrelated, cluster}, count(cluster))
	wrong := 0.0
	for _, ok := range s.right() {
		wrong += indicator(!ok)
	}
	all := make([]int, p.triplets)
	for i := range all {
		all[i] = i
	}
	return map[string]bool{
		"error, Wilson":    Wilson(wrong, float64(p.triplets), 0.95).Contains(p.error()),
		"error, clustered": newCell(s, all, cluster, Options{Credit: match.HalfCredit, Level: 0.95}).Clustered.Contains(p.error()),
		"AUC, clustered":   normalInterval(ranked.auc(), ranked.clusteredVariance(), 0.95).Contains(p.auc()),
		"AUC, DeLong":      normalInterval(ranked.auc(), ranked.plainVariance(), 0.95).Contains(p.auc()),
	}
}

// Intervals of 95 % hold the truth in 93 to 97 % of 2,000 sets, whatever the
// two pairs of a triplet share; plain DeLong only where they share nothing.
func TestCoverageOfClosedForms(t *testing.T) {
	for _, shared := range []float64{0, 0.4, 0.8} {
		got := population{triplets: 400, perCluster: 1, effect: 0.4, shared: shared}.cover(2000, 0)
		t.Logf("shared %v: %v", shared, got)
		for _, name := range []string{"error, Wilson", "error, clustered", "AUC, clustered"} {
			if got[name] < 0.93 || got[name] > 0.97 {
				t.Errorf("shared %v: %s covers %.4f, want .93 to .97", shared, name, got[name])
			}
		}
		if shared > 0 && got["AUC, DeLong"] <= 0.97 {
			t.Errorf("shared %v: plain DeLong covers %.4f; it should be too wide", shared, got["AUC, DeLong"])
		}
	}
}

// Where five triplets show one object, plain DeLong takes them as independent
// and is wrong too.
func TestCoverageWithSharedPictures(t *testing.T) {
	got := population{triplets: 600, perCluster: 5, effect: 0.4, shared: 0.8}.cover(2000, 0)
	t.Log(got)
	if c := got["AUC, clustered"]; c < 0.93 || c > 0.97 {
		t.Errorf("clustered interval covers %.4f, want .93 to .97", c)
	}
	if c := got["AUC, DeLong"]; c > 0.93 && c < 0.97 {
		t.Errorf("plain DeLong covers %.4f: the simulation does not tell it from the clustered interval", c)
	}
}

func TestCoverageOfBootstrap(t *testing.T) {
	for _, shared := range []float64{0, 0.4, 0.8} {
		got := population{triplets: 200, perCluster: 1, effect: 0.4, shared: shared}.cover(2000, 500)
		t.Logf("shared %v: %v", shared, got)
		for name, share := range got {
			if share < 0.93 || share > 0.97 {
				t.Errorf("shared %v: %s covers %.4f, want .93 to .97", shared, name, share)
			}
		}
	}
}

// Kendall's interval rests on influences: for normal data tau is known.
func TestCoverageOfKendall(t *testing.T) {
	const sets, n, rho = 2000, 80, 0.5
	held := 0.0
	for i := range sets {
		rng := rand.New(rand.NewPCG(6, uint64(i)))
		a := association{clusters: n / 2}
		for k := range n {
			x := rng.NormFloat64()
			a.score, a.rating = append(a.score, x), append(a.rating, rho*x+math.Sqrt(1-rho*rho)*rng.NormFloat64())
			a.cluster = append(a.cluster, k/2)
		}
		_, interval := a.kendall(0.95)
		held += indicator(interval.Contains(2 / math.Pi * math.Asin(rho)))
	}
	if share := held / sets; share < 0.93 || share > 0.97 {
		t.Errorf("Kendall's interval covers %.4f, want .93 to .97", share)
	}
}

// Under the null, tests at 5 % reject in at most 5 % of sets but for chance.
func TestSizeOfTests(t *testing.T) {
	const sets = 1000
	single := population{triplets: 120, perCluster: 4, effect: 0, shared: 0.6}
	rejected := make(map[string]int)
	for i := range sets {
		rng := rand.New(rand.NewPCG(5, uint64(i)))
		d, a := single.draw(rng)
		_, b := single.draw(rng)
		// A target similar to no related and all unrelated pictures: matches
		// within a cluster agree, and triplets are not independent.
		for j := range a.Related {
			a.Unrelated[j] += 0.8 * a.Related[j-j%4]
			b.Unrelated[j] += 0.8 * b.Related[j-j%4]
		}
		cluster := Clusters(d.Pictures)
		first, second := newCredits(a, match.HalfCredit, cluster, 30), newCredits(b, match.HalfCredit, cluster, 30)
		var p Pair
		p.test(first, second, cluster)
		rejected["sign flip"] += int(indicator(p.SignFlip <= 0.05))
		rejected["McNemar"] += int(indicator(p.McNemar <= 0.05))
		x := place(labelled{a.Related, cluster}, labelled{a.Unrelated, cluster}, 30)
		y := place(labelled{b.Related, cluster}, labelled{b.Unrelated, cluster}, 30)
		z := influenceTest(x.auc()-y.auc(), x.combinedInfluence(), y.combinedInfluence())
		rejected["AUC"] += int(indicator(z <= 0.05))
	}
	t.Log(rejected)
	if rejected["sign flip"] > 70 || rejected["sign flip"] < 20 {
		t.Errorf("the sign flip over clusters rejects in %d of %d sets, want about 50", rejected["sign flip"], sets)
	}
	if rejected["AUC"] > 85 {
		t.Errorf("the clustered AUC test rejects in %d of %d sets, want about 50", rejected["AUC"], sets)
	}
	if rejected["McNemar"] < 100 {
		t.Errorf("McNemar rejects in %d of %d sets: the simulation does not show that it needs independent triplets", rejected["McNemar"], sets)
	}
}
