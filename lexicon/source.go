package lexicon

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
)

// Source is one file of norms, known again by what it says and not by how it is laid
// out.
type Source struct {
	Name   string `json:"name"`   // the norms' own, such as USF
	SHA256 string `json:"sha256"` // hex, over kind, words and value of each norm in order
}

// Sources are the files that norms come from, in order.
func Sources(norms []Norm) []Source {
	type file struct{ name, file string }
	var order []file
	sums := map[file]hash.Hash{}
	for _, n := range norms {
		f := file{n.Source, n.File}
		if !slices.Contains(order, f) {
			order, sums[f] = append(order, f), sha256.New()
		}
		fmt.Fprintf(sums[f], "%s\t%s\t%s\t%v\n", n.Kind, n.A, n.B, n.Share())
	}
	list := make([]Source, len(order))
	for i, f := range order {
		list[i] = Source{f.name, hex.EncodeToString(sums[f].Sum(nil))}
	}
	return list
}
