package paper

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Layers and 8-bit forms of a network change nothing that is drawn, tabled or
// judged over models, wherever they stand in the run.
func TestFormsOfNetworksAreNoModels(t *testing.T) {
	plain := publishedRun(t)
	run := publishedRun(t)
	best := publishedRun(t).Models[5]
	for _, name := range []string{"@layer1", "@layer2", ":int8", "@layer3"} {
		form := run.Models[0]
		form.Name += name
		form.Choices = slices.Clone(best.Choices) // better than the network itself
		form.Choices[0].Related += 1e-9
		for i := range form.Choices {
			form.Choices[i].Triplet = &run.Stimuli.Triplets[i]
		}
		run.Models = append([]record.Model{form}, run.Models...)
	}
	want, got := paperOf(t, plain, Options{}), paperOf(t, run, Options{})
	if got.Model != want.Model {
		t.Errorf("figures about %s, want %s", got.Model, want.Model)
	}
	for _, name := range []string{"figure-6-errors", "figure-5a-models", "figure-5-roc-resnet"} {
		if a, b := points(want, name), points(got, name); len(a) != len(b) {
			t.Errorf("%s draws %d rows with forms of a network, %d without", name, len(b), len(a))
		}
	}
	table := got.tables[slices.IndexFunc(got.tables, func(t Table) bool { return t.Name == "table-2-matching" })]
	if len(table.Rows) != len(plain.Models) || !strings.Contains(strings.Join(table.Notes, " "), "resnet18-torch7@layer1") {
		t.Errorf("table 2 has %d rows for %d networks; notes %q", len(table.Rows), len(plain.Models), table.Notes)
	}
	for i, c := range want.Claims {
		if g := got.Claims[i]; g.Verdict != c.Verdict || g.Figures != c.Figures {
			t.Errorf("claim %d with forms: %s, %q; without: %s, %q", c.Row, g.Verdict, g.Figures, c.Verdict, c.Figures)
		}
	}
}

func points(p *Paper, name string) [][]string {
	for _, f := range p.figures {
		if f.name == name {
			return f.Points()[""]
		}
	}
	return nil
}

// Claims 17 to 19 find nothing in similarities that mean nothing, although each
// pair of pictures is shown in many triplets, all of one relation.
func TestTraitsOfExtremeMatchesByChance(t *testing.T) {
	const pairs, each, sets = 24, 10, 300
	verdicts := 0
	for seed := range uint64(sets) {
		rng := rand.New(rand.NewPCG(seed, 3))
		set := &stimuli.Set{Name: "pairs"}
		picture := func(i int) *stimuli.Picture { return &stimuli.Picture{Hash: stimuli.Hash{byte(i), byte(i >> 8)}} }
		var choices []match.Choice
		for p := range pairs {
			pull := rng.NormFloat64() // of the pair: its triplets are alike
			for range each {
				u := 2*pairs + len(set.Triplets)
				set.Triplets = append(set.Triplets, stimuli.Triplet{Target: picture(2 * p), Related: picture(2*p + 1), Unrelated: picture(u),
					Relation: []string{stimuli.Taxonomic, stimuli.Thematic}[p%2]})
				choices = append(choices, match.Choice{Related: pull + rng.NormFloat64(), Unrelated: rng.NormFloat64()})
			}
		}
		for i := range choices {
			choices[i].Triplet = &set.Triplets[i]
		}
		m := record.Model{Card: model.Card{Name: "chance", Kind: model.Trained}, Choices: choices}
		b := &builder{run: &record.Run{Settings: record.Settings{Level: 0.95}, Stimuli: set, Models: []record.Model{m}}, model: &m}
		if b.cases(kinds[0]).Verdict != CannotTell {
			verdicts++
		}
	}
	if share := float64(verdicts) / sets; share > 0.09 { // .05 and three standard errors
		t.Errorf("a verdict by chance in %.3f of sets", share)
	}
	if _, e := stats.Share([][3]string{{"a", "b", "c"}, {"a", "b", "d"}}, []bool{true, false}, 0.95); e.Missing != stats.OneUnit {
		t.Errorf("two triplets of one pair: %+v, want no interval", e)
	}
}
