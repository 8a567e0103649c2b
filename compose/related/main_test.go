package main

import (
	"errors"
	"os"
	"testing"

	"github.com/akin-vision/akin/lexicon"
)

// TestManifestIsRemade: the embedded manifest is what the tables, WordNet and
// the norms give.
func TestManifestIsRemade(t *testing.T) {
	const norms = "../../../shared/norms"
	if _, err := os.Stat(norms); err != nil {
		t.Skip("no development data")
	}
	if _, err := lexicon.OpenWordNet(""); err != nil {
		t.Skip("no WordNet: ", err)
	}
	want, err := os.ReadFile("../imagenet-related.csv")
	got, makeErr := makeManifest("", norms)
	if err := errors.Join(err, makeErr); err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("the manifest differs from what go run ./compose/related makes")
	}
}
