package zoo

import (
	"strings"
	"testing"
)

// Hugging Face's image processors round the beginning of a crop down, torchvision
// to even: a recipe follows the software that its source names.
func TestRecipesCropAsTheirSourceDoes(t *testing.T) {
	recipes, err := Recipes()
	if err != nil {
		t.Fatal(err)
	}
	floors := 0
	for _, r := range recipes {
		want := ""
		if r.Recipe.Crop > 0 && strings.Contains(r.Source, "preprocessor_config.json") {
			want, floors = "floor", floors+1
		}
		if r.Recipe.CropRounding != want {
			t.Errorf("%s, source %q: crop rounding %q, want %q", r.Name, r.Source, r.Recipe.CropRounding, want)
		}
	}
	if floors < 3 {
		t.Errorf("%d recipes of Hugging Face crop, want at least clip, dinov2 and convnext", floors)
	}
}

// Stored features are keyed by these: only recipes that gained a rounding changed.
func TestDigestsOfTheFirstRecipesStay(t *testing.T) {
	recipes, err := Recipes()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"torchvision": "a99ac8d8fda8", "torchvision-v2": "507a9cdafe64", "torch7": "6b6b8924fe4f", "tensorflow-resnet": "2f08fc54f728",
		"clip-openai": "acdd7e3674e9", "siglip-224": "52987608e599", "siglip-512": "ae58aba09f65", "vit": "787997a71c88",
	}
	for _, r := range recipes {
		if prefix, ok := want[r.Name]; ok && !strings.HasPrefix(r.Recipe.Digest(), prefix) {
			t.Errorf("%s: digest %s, want %s...", r.Name, r.Recipe.Digest(), prefix)
		}
		delete(want, r.Name)
	}
	if len(want) > 0 {
		t.Errorf("recipes are gone: %v", want)
	}
}
