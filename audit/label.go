package audit

import (
	"cmp"
	"strings"

	"github.com/akin-vision/akin/stimuli"
)

// labels finds one picture with two labels, and a distractor that has the
// label of the target or of the related picture. Case and spaces around a
// label do not count.
func (i *inspection) labels() {
	type named struct {
		label string
		line  int // 0: pictures.csv says so
	}
	first := map[stimuli.Hash]named{}
	for _, t := range i.set.Triplets {
		labels := t.Labels()
		for k, p := range t.Shown() {
			label := labels[k]
			if label == "" {
				continue
			}
			known, seen := first[p.Hash]
			if !seen {
				known = named{cmp.Or(p.Label, label), t.Line}
				first[p.Hash] = known
			}
			if !same(known.label, label) {
				i.add(Labels, t.Line, "picture %q is labelled %q here and %q elsewhere (first on line %d)", p.Path, label, known.label, known.line)
			}
		}
		target, related, unrelated := labels[0], labels[1], labels[2]
		switch {
		case unrelated == "":
		case same(target, unrelated):
			i.add(Labels, t.Line, "target and unrelated are both labelled %q", unrelated)
		case same(related, unrelated):
			i.add(Labels, t.Line, "related and unrelated are both labelled %q", unrelated)
		}
	}
}

func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
