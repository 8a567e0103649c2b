package zoo

import (
	"testing"

	"github.com/akin-vision/akin/model"
	"github.com/google/go-cmp/cmp"
)

// FuzzCard: a card that is accepted is written to one that reads the same.
func FuzzCard(f *testing.F) {
	entries, err := cards.ReadDir("cards")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		text, err := cards.ReadFile("cards/" + e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		card, err := model.ParseCard(text, "net.toml")
		if err != nil {
			return
		}
		written, err := encodeCard(card, "net.toml")
		if err != nil {
			t.Fatalf("what was read cannot be written: %v\n%s", err, written)
		}
		again, err := model.ParseCard(written, "net.toml")
		if diff := cmp.Diff(card, again); err != nil || diff != "" {
			t.Errorf("error %v (-read +written and read):\n%s", err, diff)
		}
	})
}

// FuzzCatalogue: whatever the catalogue says, its entries bound their files and have
// cards that can be written, or errors.
func FuzzCatalogue(f *testing.F) {
	for _, text := range []string{
		"[[model]]\nname = \"a\"\nfile = \"a.t7\"\nurl = \"https://example.org/a.t7\"\nformat = \"t7\"\nparameters = 9\nclasses = 1000\nfeatures = \"features\"\nrecipe = \"torch7\"\nsource = \"s\"\n",
		"[[model]]\nname = \"b\"\nformat = \"onnx\"\nsize_mb = 1.5\nsha256_prefix = \"0a\"\nrecipe = \"torchvision\"\n[[model.accuracy]]\non = \"x\"\ntop1 = 1.5\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var file struct {
			Model []Entry `toml:"model"`
		}
		if decode(text, &file) != nil {
			return
		}
		for _, e := range file.Model {
			if limit := e.limit(); limit <= 0 {
				t.Errorf("%d bytes are allowed of %+v", limit, e)
			}
			if e.known() && e.accepts("") {
				t.Errorf("no hash at all is accepted as that of %+v", e)
			}
			if card, err := e.card(); err == nil {
				_, _ = encodeCard(card, "net.toml") // may refuse a name, must not panic
			}
		}
	})
}
