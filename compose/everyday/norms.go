package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
)

// norms are published mean ratings of the relatedness of two words.
type norms map[[2]string]norm

// norm is one rating, as its source gives it.
type norm struct {
	a, b  string
	value string // on normScale, in the source's own digits
}

// The one source of ratings, so that all are on one scale: MEN (Bruni, Tran &
// Baroni 2014), of 50 comparisons the number that ranked the pair as the more
// related.
const (
	normSource = "MEN"
	normScale  = "0..50"
	normFile   = "EN-MEN-TR-3k.txt" // word, word, value
)

var normHeader = []string{"word_a", "word_b", "value", "scale", "source"}

// rating finds the rating of exactly these two words, in either order.
func (n norms) rating(a, b string) (norm, bool) {
	found, ok := n[wordPair(a, b)]
	return found, ok
}

func wordPair(a, b string) [2]string {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return [2]string{min(a, b), max(a, b)}
}

func (n norms) add(r norm) { n[wordPair(r.a, r.b)] = r }

// sorted returns the ratings in the order of their words.
func (n norms) sorted() []norm {
	var all []norm
	for _, r := range n {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b norm) int { return cmp.Or(cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b)) })
	return all
}

// readNorms reads the source in folder; without a folder, the figures that the
// set already holds.
func readNorms(folder, set string) (norms, error) {
	if folder == "" {
		return readSetNorms(filepath.Join(set, "norms.csv"))
	}
	file := filepath.Join(folder, normFile)
	data, err := regular.Open(file)
	if err != nil {
		return nil, err
	}
	defer data.Close()
	all := norms{}
	lines := bufio.NewScanner(data)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) != 3 {
			return nil, fmt.Errorf("%s: %q is not word, word, value", file, lines.Text())
		}
		all.add(norm{words[0], words[1], words[2]})
	}
	return all, lines.Err()
}

func readSetNorms(file string) (norms, error) {
	data, err := regular.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: give --norms a folder with %s", err, normFile)
	}
	if err != nil {
		return nil, err
	}
	rows, err := readRows(file, data, normHeader...)
	all := norms{}
	for _, r := range rows {
		all.add(norm{r[0], r[1], r[2]})
	}
	return all, err
}
