package compose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stats"
)

// Config says what a set is made of.
type Config struct {
	Pictures fs.FS // a folder that readLabelled reads
	WordNet  *lexicon.WordNet
	Norms    []lexicon.Norm
	Store    *feature.Store // of low-level features

	Senses  []Sense
	Rules   Rules
	Options Options
	Reviews []Review
	// Pictures of a label that are considered, 0: 50; triplets proposed for a
	// pair of labels, each with pictures of its own, 0: 1; pairs of labels in
	// which a label stands, for each relation, 0: 4.
	PerLabel, PerPair, PairsPerLabel int
	Extract                          extract.Options
}

// Composition is a composed set and how it came about.
type Composition struct {
	Labels   []*Label // each with a synset; Doubt says which need the eye
	Triplets []Triplet
	Rejected []Rejected
	// Appearance holds the matching errors of appearance alone on the set, and
	// Unbalanced, for a balanced set, those that it would have without balance.
	Appearance, Unbalanced []BaselineError

	config   Config
	pictures []picture
	lexical  *Lexical
	looks    looks
}

// Rejected is something that did not come into the set: a picture, a label, a
// pair of labels, or a pair of pictures.
type Rejected struct{ What, Name, Other, Why string }

// BaselineError is the matching error of a baseline on some triplets, in 0..1; a
// tie counts one half.
type BaselineError struct {
	Baseline   string         `json:"baseline"`
	Relation   string         `json:"relation,omitempty"`   // empty: of any
	Distractor string         `json:"distractor,omitempty"` // empty: of any
	Error      float64        `json:"error"`
	Interval   stats.Interval `json:"interval"` // 95 %, counting shared pictures; undefined where too few are left
	Triplets   int            `json:"triplets"`
}

// ComposeFolder composes a set of the labelled pictures of a folder: pairs of labels
// that WordNet and the norms relate (see Rules), each with pictures of its own
// and a distractor that no source relates to either. It writes nothing;
// see Composition.Write.
func ComposeFolder(ctx context.Context, c Config) (*Composition, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.PerLabel, c.PerPair, c.PairsPerLabel = cmp.Or(c.PerLabel, 50), cmp.Or(c.PerPair, 1), cmp.Or(c.PairsPerLabel, 4)
	m := &Composition{config: c}
	if err := m.gather(ctx); err != nil {
		return nil, err
	}
	if err := m.compose(); err != nil {
		return nil, err
	}
	return m, nil
}

// check refuses negative counts.
func (c Config) check() error {
	for _, count := range []struct {
		what string
		n    int
	}{
		{"pictures of a label", c.PerLabel}, {"triplets of a pair of labels", c.PerPair}, {"pairs of a label", c.PairsPerLabel},
		{"triplets", c.Options.Triplets}, {"uses of a picture", min(c.Options.MaxTargets, c.Options.MaxDistractors, c.Options.MaxRoles)},
	} {
		if count.n < 0 {
			return fmt.Errorf("the number of %s is %d; use 0 or more", count.what, count.n)
		}
	}
	return nil
}

// gather reads the pictures, finds the senses of the labels and measures what
// the pictures look like.
func (m *Composition) gather(ctx context.Context) error {
	labelled, err := readLabelled(m.config.Pictures)
	if err != nil {
		return err
	}
	if err := m.checkVersion(labelled); err != nil {
		return err
	}
	var pictures []picture
	labels, unused := NewLabels(labelled, m.config.Senses, m.config.WordNet)
	for _, sense := range unused {
		m.reject("sense", sense.Label, sense.Synset, "no picture has this label")
	}
	for _, l := range labels {
		if l.Synset == nil {
			m.reject("label", l.Name, "", l.Doubt)
			continue
		}
		for _, path := range m.some(l.Pictures) {
			pictures = append(pictures, picture{path: path, label: len(m.Labels)})
		}
		m.Labels = append(m.Labels, l)
	}
	reject := func(p picture, why string) { m.reject("picture", p.path, m.Labels[p.label].Name, why) }
	pictures = hashPictures(m.config.Pictures, pictures, reject)
	m.pictures, m.looks, err = measure(ctx, m.config.Pictures, pictures, m.config.Store, m.config.Extract, reject)
	return err
}

// checkVersion: a WordNet id means another synset in another version.
func (m *Composition) checkVersion(labelled []Labelled) error {
	isID := func(l Labelled) bool { return wnidPattern.MatchString(l.Synset) }
	if v := m.config.WordNet.Version; v != "3.0" && slices.ContainsFunc(labelled, isID) {
		return fmt.Errorf("the pictures are labelled by ids of WordNet 3.0, the dictionary says it is version %q", v)
	}
	return nil
}

// some draws the pictures of a label that are considered.
func (m *Composition) some(paths []string) []string {
	if len(paths) <= m.config.PerLabel {
		return paths
	}
	r := rand.New(rand.NewPCG(m.config.Options.Seed, 2))
	var drawn []string
	for _, i := range r.Perm(len(paths))[:m.config.PerLabel] {
		drawn = append(drawn, paths[i])
	}
	slices.Sort(drawn)
	return drawn
}

// compose relates the labels and finds the distractors.
func (m *Composition) compose() error {
	m.lexical = NewLexical(m.Labels, lexicon.NewNorms(m.config.Norms), m.config.Rules)
	in := m.input(m.propose())
	triplets, incomplete, err := Compose(in, m.config.Options)
	if err != nil {
		return err
	}
	for _, u := range incomplete {
		m.reject("pair of pictures", u.Target, u.Related, u.Relation+", without a distractor: "+u.Why)
	}
	if len(triplets) == 0 {
		return &NothingError{len(m.Labels), len(in.Pairs), m.Rejected}
	}
	m.Triplets = triplets
	m.Appearance = m.baselineErrors(triplets)
	if !m.config.Options.Balance {
		return nil
	}
	unbalanced := m.config.Options
	unbalanced.Balance, in.Reviews = false, nil
	plain, _, err := Compose(in, unbalanced)
	m.Unbalanced = m.baselineErrors(plain)
	return err
}

// NothingError is a composition without any triplet.
type NothingError struct {
	Labels, Pairs int
	Rejected      []Rejected // pictures, labels and pairs that were left out
}

func (e *NothingError) Error() string {
	text := english.Count(e.Labels, "label") + " and no triplet: no pair of pictures is related"
	if e.Pairs > 0 {
		text = fmt.Sprintf("%s and no triplet: %s of pictures, each dropped or without an unrelated picture", english.Count(e.Labels, "label"), english.Count(e.Pairs, "related pair"))
	}
	told := map[string]int{}
	for _, r := range e.Rejected {
		if told[r.What]++; told[r.What] <= reasonsTold {
			text += fmt.Sprintf("\n%s %q: %s", r.What, strings.Trim(r.Name+", "+r.Other, ", "), r.Why)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(told)) {
		if n := told[what] - reasonsTold; n > 0 {
			text += fmt.Sprintf("\nand %d more of the kind %s", n, what)
		}
	}
	return text
}

// reasonsTold is how many of the rejected of each kind an error names.
const reasonsTold = 3

func (m *Composition) reject(what, name, other, why string) {
	m.Rejected = append(m.Rejected, Rejected{what, name, other, why})
}

// pictureTies are the ties of pictures: those of what they show.
type pictureTies struct {
	*Lexical
	label []int // of each picture
}

func (t pictureTies) Tied(a, b int) bool { return t.Lexical.Tied(t.label[a], t.label[b]) }

func (t pictureTies) Pair(target, related int, relation string) error {
	if j := t.Judge(t.label[target], t.label[related]); j.Relation != relation {
		return errors.New("the sources give no such relation")
	}
	return nil
}

func (m *Composition) input(pairs []Pair) Input {
	ties := pictureTies{m.lexical, make([]int, len(m.pictures))}
	in := Input{
		Ties: ties, Pairs: pairs, Reviews: m.config.Reviews,
		Rated: func(a, b int) bool { return m.lexical.Rated(ties.label[a], ties.label[b]) },
	}
	for i, p := range m.pictures {
		ties.label[i] = p.label
		in.Pictures = append(in.Pictures, p.path)
	}
	for i := range appearance {
		in.Appearance = append(in.Appearance, m.looks.similarity(i))
	}
	in.Shape, in.Colour = in.Appearance[0], in.Appearance[1]
	return in
}

// propose turns related labels into pairs of pictures: in random order, each
// label in only so many, and each time with the next of its pictures.
func (m *Composition) propose() (pairs []Pair) {
	ofLabel := make([][]string, len(m.Labels))
	for _, p := range m.pictures {
		ofLabel[p.label] = append(ofLabel[p.label], p.path)
	}
	next := make([]int, len(m.Labels))
	nextPicture := func(label int) string {
		next[label]++
		return ofLabel[label][(next[label]-1)%len(ofLabel[label])]
	}
	r := rand.New(rand.NewPCG(m.config.Options.Seed, 3))
	judgements := m.lexical.Judgements()
	r.Shuffle(len(judgements), func(i, j int) { judgements[i], judgements[j] = judgements[j], judgements[i] })
	stands := map[cell]int{} // pairs by relation and label
	proposed := map[[2]string]bool{}
	for _, j := range judgements {
		a, b := cell{j.Relation, m.Labels[j.A].Name}, cell{j.Relation, m.Labels[j.B].Name}
		switch most := m.config.PairsPerLabel; {
		case j.Relation == "":
			m.reject("pair of labels", a.kind, b.kind, j.explain())
			continue
		case len(ofLabel[j.A]) == 0 || len(ofLabel[j.B]) == 0:
			continue
		case stands[a] >= most || stands[b] >= most:
			m.reject("pair of labels", a.kind, b.kind, fmt.Sprintf("%s, but one of them stands in %d such pairs already", j.Relation, most))
			continue
		}
		stands[a]++
		stands[b]++
		target, related := j.A, j.B
		if coin := r.IntN(2) == 1; j.lean() < 0 || j.lean() == 0 && coin {
			target, related = related, target
		}
		for range m.config.PerPair {
			p := Pair{nextPicture(target), nextPicture(related), j.Relation}
			if key := [2]string{p.Target, p.Related}; !proposed[key] {
				proposed[key], proposed[[2]string{p.Related, p.Target}] = true, true
				pairs = append(pairs, p)
			}
		}
	}
	return pairs
}

// baselineErrors are the matching errors of each baseline alone: over all
// triplets, and by relation and distractor.
func (m *Composition) baselineErrors(triplets []Triplet) (all []BaselineError) {
	for i, baseline := range appearance {
		groups := map[cell][]Triplet{}
		for _, t := range triplets {
			for _, c := range []cell{{}, {relation: t.Relation}, {kind: t.Distractor}, {t.Relation, t.Distractor}} {
				groups[c] = append(groups[c], t)
			}
		}
		for c, group := range groups {
			share, evidence := m.baselineError(i, group)
			all = append(all, BaselineError{baseline, c.relation, c.kind, share, evidence.Interval, len(group)})
		}
	}
	slices.SortFunc(all, func(a, b BaselineError) int {
		return cmp.Or(cmp.Compare(a.Relation, b.Relation), cmp.Compare(a.Distractor, b.Distractor),
			cmp.Compare(slices.Index(appearance, a.Baseline), slices.Index(appearance, b.Baseline)))
	})
	return all
}

// baselineError is the error of a baseline alone, and how sure it is.
func (m *Composition) baselineError(baseline int, triplets []Triplet) (float64, stats.Evidence) {
	similarity := m.looks.similarity(baseline)
	pictures := make([][3]string, len(triplets))
	var s stats.Scores
	for i, t := range triplets {
		pictures[i] = [3]string{strconv.Itoa(t.Target), strconv.Itoa(t.Related), strconv.Itoa(t.Unrelated)}
		s.Related, s.Unrelated = append(s.Related, similarity(t.Target, t.Related)), append(s.Unrelated, similarity(t.Target, t.Unrelated))
	}
	return stats.MatchingError(pictures, s, match.HalfCredit, .95)
}

// Doubtful lists the labels whose sense was guessed among several.
func (m *Composition) Doubtful() []*Label {
	return slices.DeleteFunc(slices.Clone(m.Labels), func(l *Label) bool { return l.Doubt == "" })
}
