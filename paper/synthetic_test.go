package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/reference"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// publishedRun is a run of the paper's 14 models on 400 triplets whose matching
// errors, AUCs and top-1 errors are those of the paper's Table 2.
func publishedRun(t testing.TB) *record.Run {
	t.Helper()
	const triplets = 400
	set := &stimuli.Set{Name: "poporo", Version: "synthetic"}
	for i := range 3 * triplets {
		set.Pictures = append(set.Pictures, &stimuli.Picture{Path: strconv.Itoa(i) + ".png", Label: "object " + strconv.Itoa(i), Hash: stimuli.Hash{byte(i), byte(i >> 8)}})
	}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range triplets {
		set.Triplets = append(set.Triplets, stimuli.Triplet{
			ID: "t" + strconv.Itoa(i), Target: set.Pictures[3*i], Related: set.Pictures[3*i+1], Unrelated: set.Pictures[3*i+2],
			RatingRelated: 5.5 + random.NormFloat64()/2, RatingUnrelated: 2 + random.NormFloat64()/2,
			Relation: []string{stimuli.Taxonomic, stimuli.Thematic}[i%2], Distractor: []string{"shape", "colour"}[i/2%2],
		})
	}
	run := &record.Run{Akin: "test", Set: record.SetInfo{Name: set.Name, Triplets: triplets, Pictures: len(set.Pictures)},
		Settings: record.Settings{Similarity: match.Cosine, Level: 0.95, Credit: match.HalfCredit}, Stimuli: set}
	for i, p := range publishedRows(t) {
		run.Models = append(run.Models, record.Model{
			Card: model.Card{Name: p.model, Family: p.family, Kind: model.Trained, Accuracy: []model.Accuracy{{On: imageNet, Top1: 100 - p.imageNet}}},
			Hash: "ff", Node: "features", Dim: 512, Choices: choicesWith(t, set, p, uint64(i)),
		})
	}
	return run
}

type publishedRow struct {
	model, family           string
	imageNet, matching, auc float64
}

// publishedRows reads Table 2 apart from the code under test.
func publishedRows(t testing.TB) []publishedRow {
	t.Helper()
	var rows []publishedRow
	for _, line := range strings.Split(strings.TrimSpace(publishedCSV), "\n")[2:] {
		cells := strings.Split(line, ",")
		number := func(i int) float64 {
			v, err := strconv.ParseFloat(cells[i], 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		rows = append(rows, publishedRow{cells[5], strings.ToLower(cells[1]), number(2), number(3), number(4)})
	}
	return rows
}

// choicesWith makes exactly 4 x matching triplets wrong, and finds by bisection
// how far wrong they must be for the AUC: the further, the lower.
func choicesWith(t testing.TB, set *stimuli.Set, p publishedRow, seed uint64) []match.Choice {
	t.Helper()
	n := len(set.Triplets)
	random := rand.New(rand.NewPCG(2, seed))
	base := make([]float64, n)
	for i := range base {
		base[i] = random.NormFloat64()
	}
	wrong := make([]bool, n)
	for _, i := range random.Perm(n)[:int(math.Round(p.matching*float64(n)/100))] {
		wrong[i] = true
	}
	for _, spread := range []float64{0.1, 0.3, 1, 2, 4} {
		with := func(depth float64) []match.Choice {
			list := make([]match.Choice, n)
			for i := range list {
				margin := 1.0
				if wrong[i] {
					margin = -depth
				}
				centre := 0.5 + 0.02*spread*base[i]
				list[i] = match.Choice{Triplet: &set.Triplets[i], Related: centre + 0.01*margin, Unrelated: centre - 0.01*margin}
			}
			return list
		}
		low, high := 0.001, 40.0
		if aucOf(with(low)) < p.auc || aucOf(with(high)) > p.auc {
			continue
		}
		for range 60 {
			if middle := (low + high) / 2; aucOf(with(middle)) > p.auc {
				low = middle
			} else {
				high = middle
			}
		}
		return with(high)
	}
	t.Fatalf("%s: no choices have %g %% errors and AUC %g", p.model, p.matching, p.auc)
	return nil
}

func aucOf(choices []match.Choice) float64 { return stats.AUC(match.Similarities(choices)) }

func paperOf(t testing.TB, run *record.Run, o Options) *Paper {
	t.Helper()
	statistics, err := record.Analyse(run, stats.Options{Resamples: 999, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(run, statistics, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPublishedTable2AndFigure6ComeOutExactly(t *testing.T) {
	run := publishedRun(t)
	dir := t.TempDir()
	statistics, err := record.Analyse(run, stats.Options{Resamples: 99})
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Write(dir, statistics); err != nil {
		t.Fatal(err)
	}
	read, err := record.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for from, r := range map[string]*record.Run{"memory": run, "files": read} {
		p := paperOf(t, r, Options{})
		table := p.tables[slices.IndexFunc(p.tables, func(t Table) bool { return t.Name == "table-2-matching" })]
		figure6 := p.Figure("figure-6-errors").Points()[""]
		for i, want := range publishedRows(t) {
			row := table.Rows[i]
			cells := []string{decimals(want.imageNet, 2), decimals(want.matching, 2), decimals(want.auc, 3)[1:]}
			share := notation.ShareOf(len(r.Stimuli.Triplets))
			rounded := []string{share(want.imageNet / 100), share(want.matching / 100), cells[2]}
			if got := []string{row[1], row[3], row[5]}; !slices.Equal(got, rounded) {
				t.Errorf("%s, table 2, %s: ours %v, want %v", from, want.model, got, rounded)
			}
			for k, text := range row[7:10] {
				if v, err := strconv.ParseFloat(text, 64); err != nil || strings.TrimPrefix(decimals(v, []int{2, 2, 3}[k]), "0") != cells[k] {
					t.Errorf("%s, table 2, %s: the paper's %q, want %s", from, want.model, text, cells[k])
				}
			}
			bar := figure6[slices.IndexFunc(figure6, func(r []string) bool { return r[0] == want.model })]
			shown := []string{inPercent(t, bar[2], 100), inPercent(t, bar[6], 100), decimals(1-reference.Number(t, bar[9]), 3)[1:]}
			if !slices.Equal(shown, cells) {
				t.Errorf("%s, figure 6, %s: %v, want %v", from, want.model, shown, cells)
			}
		}
	}
}

func decimals(v float64, n int) string { return strconv.FormatFloat(v, 'f', n, 64) }

func inPercent(t *testing.T, text string, factor float64) string {
	return decimals(factor*reference.Number(t, text), 2)
}

// anyPicture gives every path of a run the same small picture.
func anyPicture(t testing.TB, run *record.Run) fs.FS {
	t.Helper()
	var data bytes.Buffer
	if err := png.Encode(&data, image.NewGray(image.Rect(0, 0, 8, 6))); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, p := range run.Stimuli.Pictures {
		files[p.Path] = &fstest.MapFile{Data: data.Bytes()}
	}
	return files
}

// What Table 2 says of claims 14, 15, 16 and 23, as recomputed in the paper's
// discussion of docs/paper.md.
func TestClaimsOfThePublishedTable2(t *testing.T) {
	p := paperOf(t, publishedRun(t), Options{})
	find := func(row int, part string) Claim {
		at := slices.IndexFunc(p.Claims, func(c Claim) bool { return c.Row == row && strings.Contains(c.Claim, part) })
		if at < 0 {
			t.Fatalf("no claim %d with %q", row, part)
		}
		return p.Claims[at]
	}
	for _, c := range []struct {
		row              int
		part             string
		verdict, other   Verdict
		points, contains string
	}{
		{14, ": resnet", CannotTell, CannotTell, "for", "6 models: r = .977 (permutation p = .001), rho = 1.000 with matching error; r = .958, rho = 1.000"},
		{14, ": densenet", CannotTell, CannotTell, "for", "r = .608 (permutation p = .114), rho = .443 with matching error; r = .707, rho = .714"},
		{14, ": all", Supported, CannotTell, "for", "r = .594 (permutation p = .017), rho = .489 with matching error; r = .808, rho = .732"},
		{15, "", CannotTell, CannotTell, "for", "resnet152-torch7 40.2 % against densenet161-torch7 41.5 %"},
		{16, "by error", CannotTell, CannotTell, "for", "resnet200-torch7 38.8 %, best other resnet152-torch7 40.2 %; densenet: densenet-cosine264-k48-torch7 39.8 %"},
		{16, "by AUC", CannotTell, CannotTell, "against", "densenet-cosine264-k48-torch7 .594, best other densenet232-torch7 .597"},
		{23, "no model", NotSupported, NotSupported, "against", "13 of 14 models differ"},
		{23, "no model", NotSupported, NotSupported, "against", "not resnet18-torch7 (46.0 %, p = .121)"},
		{23, "near", CannotTell, CannotTell, "against", "resnet200-torch7: 38.8 %"},
	} {
		got := find(c.row, c.part)
		if got.Verdict != c.verdict && got.Verdict != c.other || got.Points != c.points || !strings.Contains(got.Figures, c.contains) {
			t.Errorf("claim %d %s: %s, %s, %q (%s); want %s, %s, %q", c.row, c.part, got.Verdict, got.Points, got.Figures, got.Interval, c.verdict, c.points, c.contains)
		}
	}
}

func TestGalleriesOrderByMargin(t *testing.T) {
	run := publishedRun(t)
	best := run.Models[5]
	for _, k := range kinds {
		picked := k.pick(best.Choices, stimuli.Thematic, 7)
		if len(picked) != 7 {
			t.Fatalf("%s: %d of 7 cases", k.name, len(picked))
		}
		// Naively: no triplet left out would have come before one taken.
		last := picked[len(picked)-1].Margin()
		for _, c := range best.Choices {
			taken := slices.ContainsFunc(picked, func(p match.Choice) bool { return p.Triplet == c.Triplet })
			fits := c.Triplet.Relation == stimuli.Thematic && c.Outcome() == k.outcome
			if taken && !fits || !taken && fits && k.order(c.Margin(), last) < 0 {
				t.Errorf("%s: triplet %s with margin %g is wrongly taken or left", k.name, c.Triplet.ID, c.Margin())
			}
		}
		if !slices.IsSortedFunc(picked, func(a, b match.Choice) int { return k.order(a.Margin(), b.Margin()) }) {
			t.Errorf("%s: not in order", k.name)
		}
	}
}

func TestTable1ComesFromTheRecordsFailures(t *testing.T) {
	run, _ := goldenRun(t)
	if row := paperOf(t, run, Options{}).Rows[1]; row.Row != 2 || row.Need != NeedFailures {
		t.Errorf("without failures: %+v, want what is missing", row)
	}
	tabby, tiger := classify.Guess{WNID: "n02123045", Name: "tabby", Probability: 0.6}, classify.Guess{WNID: "n02123159", Name: "tiger cat", Probability: 0.0015}
	failure := classify.NewFailure(&classify.Prediction{Path: "a.jpg", Truth: tiger, Rank: 11, Top: []classify.Guess{tabby}}, classify.NewOutputs(imagenet.WNIDs(), 0))
	run.Failures = []record.FailureTable{{Model: "alpha", Pictures: 3, Failed: 1, Failures: []classify.Failure{*failure}}}
	p := paperOf(t, run, Options{})
	if want := []string{"alpha", "a.jpg", "tabby 60.0", "tiger cat", "0.15", "11"}; !slices.Equal(p.tables[0].Rows[0], want) {
		t.Errorf("table 1: %q, want %q", p.tables[0].Rows[0], want)
	}
	if got := p.tables[1].Rows[0][:4]; !slices.Equal(got, []string{"alpha", "1", "1", "100.0"}) {
		t.Errorf("similar classes: %q", got)
	}
}

func TestNoShareOfSimilarClassesFromASelection(t *testing.T) {
	run, _ := goldenRun(t)
	run.Failures = []record.FailureTable{{Model: "alpha", Pictures: 3, Failed: 2, Failures: []classify.Failure{{}}}}
	if row := paperOf(t, run, Options{}).Rows[2]; row.Row != 3 || row.Need != NeedAllFailures {
		t.Errorf("one of two failures: %+v, want no share", row)
	}
}

// Claim 20 holds where the objects of the closest wrong matches, and only
// those, are hard to name.
func TestBadLuckWithObjectsThatAreHardToName(t *testing.T) {
	run, _ := goldenRun(t)
	claim := func() Claim {
		p := paperOf(t, run, Options{Model: run.Models[0].Name})
		return p.Claims[slices.IndexFunc(p.Claims, func(c Claim) bool { return c.Row == 20 })]
	}
	if c := claim(); !strings.Contains(fmt.Sprint(c), "posteriors.csv") {
		t.Errorf("without posteriors: %+v, want what is missing", c)
	}
	m := &run.Models[0]
	m.Posteriors = map[stimuli.Hash][]classify.Guess{}
	for _, c := range m.Choices {
		sure := 1 / (1 + math.Abs(c.Margin())) // grows towards a margin of 0
		if c.Outcome() == match.Wrong {
			sure = -sure
		}
		m.Posteriors[c.Triplet.Target.Hash] = []classify.Guess{{Probability: sure}}
	}
	if c := claim(); !strings.Contains(c.Figures, "10 of 10") {
		t.Errorf("with the least sure among bad luck: %s", c.Figures)
	}
}
