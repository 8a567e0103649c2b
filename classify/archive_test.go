package classify

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/model"
)

// cardChanges change what a verdict is bound to.
var cardChanges = map[string]func(*model.Card){
	"logits":    func(c *model.Card) { c.Outputs.Logits = "other" },
	"features":  func(c *model.Card) { c.Outputs.Features = "other" },
	"input":     func(c *model.Card) { c.Input = "other" },
	"classes":   func(c *model.Card) { c.Classes.WNIDs = []string{"n01440764"} },
	"offset":    func(c *model.Card) { c.Classes.Offset = 1 },
	"published": func(c *model.Card) { c.Accuracy = []model.Accuracy{{On: "ten pictures", Top1: 10}} },
	"none":      func(c *model.Card) { c.Accuracy = nil },
	"recipe":    func(c *model.Card) { c.Recipe.Square = 16 },
}

// TestEvaluationIsBound: a kept evaluation counts only for what it rests on but for
// the published accuracy, and only as it was written.
func TestEvaluationIsBound(t *testing.T) {
	a := Archive{Evaluations: t.TempDir()}
	card := model.Card{Name: "net", Outputs: model.Outputs{Features: "features", Logits: "logits"}, Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 8}}
	hash := strings.Repeat("ab", 32)
	e := Evaluation{Model: "net", Hash: hash, RecipeDigest: card.Recipe.Digest(), Images: strings.Repeat("cd", 32), Pictures: 10, Top1: newShare(5, 10)}
	if err := a.keepEvaluation(e, card); err != nil {
		t.Fatal(err)
	}
	find := func(card model.Card) int {
		t.Helper()
		found, err := a.Shared([]Matched{{Model: "net", Card: card, Hash: hash, RecipeDigest: card.Recipe.Digest(), Trained: true}})
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if find(card) != 1 {
		t.Fatal("what was kept is not found")
	}
	for name, change := range cardChanges {
		other := card
		change(&other)
		if want := map[string]int{"published": 1, "none": 1}[name]; find(other) != want {
			t.Errorf("of another card's %s %d evaluations are found, want %d", name, find(other), want)
		}
	}
	files, _ := filepath.Glob(filepath.Join(a.Evaluations, "*", "*"))
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(data), `"correct": 5`, `"correct": 9`, 1)
	if err := os.WriteFile(files[0], []byte(changed), 0o666); err != nil || changed == string(data) {
		t.Fatal(err, changed)
	}
	if find(card) != 0 {
		t.Error("an evaluation that was changed counts")
	}
}

// TestVerdictIsBound: a kept verdict counts only for what it rests on, and only as it
// was written.
func TestVerdictIsBound(t *testing.T) {
	a := Archive{Checks: t.TempDir()}
	card := model.Card{
		Name: "net", Outputs: model.Outputs{Features: "features", Logits: "logits"}, Classes: model.Classes{Count: 10},
		Accuracy: []model.Accuracy{{On: "ten pictures", Top1: 90}}, Recipe: imaging.Recipe{Resize: "pillow-bilinear", Square: 8},
	}
	hash := strings.Repeat("ab", 32)
	check := newCheck(Evaluation{Model: "net", Hash: hash, RecipeDigest: card.Recipe.Digest(), Pictures: 10}, published(card))
	if err := a.keepCheck(check, card); err != nil {
		t.Fatal(err)
	}
	find := func(card model.Card) *Check {
		t.Helper()
		c, err := a.Check(model.FromBytes(card, hash, nil))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := find(card); c == nil || c.Verdict != check.Verdict {
		t.Fatalf("what was kept is found as %+v", c)
	}
	// A record holds the card as JSON, and of the graph and the recipe the hashes.
	var recorded model.Card
	if text, err := json.Marshal(card); err != nil {
		t.Fatal(err)
	} else if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	if c, err := a.Latest(recorded, hash, card.Recipe.Digest()); c == nil || c.Verdict != check.Verdict || err != nil {
		t.Errorf("for a recorded model %+v is found (%v)", c, err)
	}
	if c, err := a.Latest(recorded, hash, ""); c != nil || err != nil {
		t.Errorf("for vectors without a recipe %+v is found (%v)", c, err)
	}
	for name, change := range cardChanges {
		other := card
		if change(&other); find(other) != nil {
			t.Errorf("another card's %s leaves the verdict standing", name)
		}
	}
	files, _ := filepath.Glob(filepath.Join(a.Checks, "*"))
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{`"verdict": "` + string(check.Verdict) + `"`: `"verdict": "pass"`, `"pictures": 10`: `"pictures": 1000`, `"sum"`: `"mus"`} {
		changed := strings.Replace(string(data), from, to, 1)
		if changed == string(data) {
			t.Fatalf("%q is not in %s", from, data)
		}
		if err := os.WriteFile(files[0], []byte(changed), 0o666); err != nil {
			t.Fatal(err)
		}
		if c := find(card); c != nil {
			t.Errorf("%q made %q: the verdict %q counts", from, to, c.Verdict)
		}
	}
}
