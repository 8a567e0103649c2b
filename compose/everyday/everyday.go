package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/internal/atomicfile"
)

// Where the pictures come from.
const (
	pictureSource  = "@lobehub/fluent-emoji-3d 1.1.0"
	pictureLicence = "MIT"
)

// everyday is the set with all that it was made from.
type everyday struct {
	concepts      []concept
	pictures      []picture
	shape, colour compose.Similarity
	norms         norms
	triplets      []compose.Triplet
}

var tripletHeader = []string{
	"id", "target", "related", "unrelated", "relation", "distractor",
	"target_label", "related_label", "unrelated_label",
	"rating_related", "rating_unrelated", "rating_source", "rating_scale",
	"shape_related", "shape_unrelated", "colour_related", "colour_unrelated",
}

// write puts triplets.csv, pictures.csv and norms.csv into folder; set.toml is
// written by hand.
func (e *everyday) write(folder string) error {
	triplets, used := e.tripletRows()
	tables := map[string][][]string{
		"triplets.csv": triplets,
		"pictures.csv": e.pictureRows(),
		"norms.csv":    normRows(used),
	}
	for name, rows := range tables {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		if err := atomicfile.Write(filepath.Join(folder, name), b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// tripletRows also returns the ratings that the triplets use.
func (e *everyday) tripletRows() ([][]string, norms) {
	rows, used := [][]string{tripletHeader}, norms{}
	for _, t := range e.triplets {
		target, related, unrelated := e.concepts[t.Target], e.concepts[t.Related], e.concepts[t.Unrelated]
		ratings := []string{e.rating(target, related, used), e.rating(target, unrelated, used), "", ""}
		if ratings[0]+ratings[1] != "" {
			ratings[2], ratings[3] = normSource, normScale
		}
		rows = append(rows, slices.Concat([]string{
			e.id(t), target.Picture, related.Picture, unrelated.Picture, t.Relation, t.Distractor,
			target.Label, related.Label, unrelated.Label,
		}, ratings, []string{
			decimals(e.shape(t.Target, t.Related)), decimals(e.shape(t.Target, t.Unrelated)),
			decimals(e.colour(t.Target, t.Related)), decimals(e.colour(t.Target, t.Unrelated)),
		}))
	}
	return rows, used
}

// id is made of the relation and the pair, so that it outlives a change of
// the distractor or of the order: taxonomic-horse-zebra.
func (e *everyday) id(t compose.Triplet) string {
	name := t.Relation + " " + e.concepts[t.Target].Label + " " + e.concepts[t.Related].Label
	return strings.ReplaceAll(strings.ToLower(name), " ", "-")
}

func (e *everyday) rating(a, b concept, used norms) string {
	r, found := e.norms.rating(a.Label, b.Label)
	if !found {
		return ""
	}
	used.add(r)
	return r.value
}

// decimals has three decimals: enough to rank, too few to differ by machine.
func decimals(v float64) string { return fmt.Sprintf("%.3f", v) }

func (e *everyday) pictureRows() [][]string {
	used := map[int]bool{}
	for _, t := range e.triplets {
		used[t.Target], used[t.Related], used[t.Unrelated] = true, true, true
	}
	rows := [][]string{{"path", "label", "category", "sha256", "source", "licence"}}
	for i, c := range e.concepts {
		if used[i] {
			rows = append(rows, []string{c.Picture, c.Label, c.Category, e.pictures[i].sha256, pictureSource, pictureLicence})
		}
	}
	return rows
}

func normRows(used norms) [][]string {
	rows := [][]string{normHeader}
	for _, r := range used.sorted() {
		rows = append(rows, []string{r.a, r.b, r.value, normScale, normSource})
	}
	return rows
}
