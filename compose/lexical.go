package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
)

// Rules say what counts as related and as unrelated. The zero value of a
// field means its default. Wu-Palmer similarities and shares of norms' scales
// are in 0..1.
type Rules struct {
	// Taxonomic partners have at least the Wu-Palmer similarity Near (.75), and
	// less than Same (.95), from which on two labels are all but the same.
	Near, Same float64
	// Where no norm rates a pair, WordNet alone makes it taxonomic from
	// NearAlone (.85) on.
	NearAlone float64
	// Thematic partners and distractors have at most the similarity Far (.6).
	Far float64
	// Related (.6): a rating from this share on calls a pair related, and for
	// a thematic pair from Strong (.7) on. Unrelated (.35): a rating up to this
	// share calls it unrelated.
	Related, Strong, Unrelated float64
	// Associated (.05): the share of people who answer with one word to the
	// other that makes a pair thematic. Any answer at all unmakes a distractor.
	Associated float64
}

func (r Rules) withDefaults() Rules {
	r.Near, r.Same, r.NearAlone, r.Far = cmp.Or(r.Near, .75), cmp.Or(r.Same, .95), cmp.Or(r.NearAlone, .85), cmp.Or(r.Far, .6)
	r.Related, r.Strong, r.Unrelated = cmp.Or(r.Related, .6), cmp.Or(r.Strong, .7), cmp.Or(r.Unrelated, .35)
	r.Associated = cmp.Or(r.Associated, .05)
	return r
}

// Judgement is what the sources at hand say about two labels.
type Judgement struct {
	A, B     int    // labels, A < B
	Relation string // stimuli.Taxonomic, stimuli.Thematic, or empty
	Why      string // the rule that gives the relation, or forbids the one that a source suggests
	WordNet  lexicon.Relation
	Norms    []Figure
}

// Figure is a norm that bears on two labels.
type Figure struct {
	lexicon.Norm
	Cue int // the label whose word is Norm.A
	// Via names the words where one or both, Above of them, are not the labels'
	// own but stand above: dog, bone.
	Via   string
	Above int
}

func (f Figure) String() string {
	if f.Via == "" {
		return f.Norm.String()
	}
	return f.Norm.String() + " as " + f.Via
}

// Figures writes the norms of a judgement, as their sources give them.
func (j Judgement) Figures() string {
	parts := make([]string, len(j.Norms))
	for i, f := range j.Norms {
		parts[i] = f.String()
	}
	return strings.Join(parts, "; ")
}

// explain writes why a pair was or was not taken, with the figures.
func (j Judgement) explain() string {
	parts := []string{j.Why, fmt.Sprintf("Wu-Palmer %.3f", j.WordNet.WuPalmer)}
	if len(j.Norms) > 0 {
		parts = append(parts, j.Figures())
	}
	return strings.Join(parts, "; ")
}

// lean is how much more often B is the answer to A than A to B: the cue is
// the better target. It is 0 where no association tells.
func (j Judgement) lean() (lean float64) {
	for _, f := range j.Norms {
		switch {
		case f.Kind != lexicon.Association:
		case f.Cue == j.A:
			lean += f.Share()
		default:
			lean -= f.Share()
		}
	}
	return lean
}

// Lexical judges labels by WordNet and norms.
type Lexical struct {
	Rules
	labels  []*Label
	matrix  *lexicon.Matrix
	figures map[[2]int][]Figure
	glossed map[[2]int]bool // the definition of one names the other
	tied    []bool          // a*len(labels)+b
}

// NewLexical judges all pairs of labels, each of which has its synset.
func NewLexical(labels []*Label, norms *lexicon.Norms, r Rules) *Lexical {
	l := &Lexical{Rules: r.withDefaults(), labels: labels, figures: map[[2]int][]Figure{}, glossed: map[[2]int]bool{}}
	synsets := make([]*lexicon.Synset, len(labels))
	for i, label := range labels {
		synsets[i] = label.Synset
	}
	l.matrix = lexicon.NewMatrix(synsets)
	byWord := l.index()
	l.findFigures(norms, byWord)
	l.findGlosses(byWord)
	n := len(labels)
	l.tied = make([]bool, n*n)
	for a := range n {
		for b := range a + 1 {
			t := a == b || l.ties(b, a)
			l.tied[a*n+b], l.tied[b*n+a] = t, t
		}
	}
	return l
}

// bearer is a label under one of its words.
type bearer struct {
	label int
	above *lexicon.Synset // whose word it is, nil for the label's own
}

func (l *Lexical) index() map[string][]bearer {
	byWord := map[string][]bearer{}
	for i, label := range l.labels {
		for _, w := range label.Words {
			for _, word := range w.Words {
				byWord[word] = append(byWord[word], bearer{i, w.Above})
			}
		}
	}
	return byWord
}

func (l *Lexical) findFigures(norms *lexicon.Norms, byWord map[string][]bearer) {
	for _, words := range norms.Pairs() {
		figures := norms.Pair(words[0], words[1])
		for _, a := range byWord[words[0]] {
			for _, b := range byWord[words[1]] {
				if a.label == b.label || l.covers(a.above, b.label) || l.covers(b.above, a.label) {
					continue
				}
				for _, n := range figures {
					l.addFigure(newFigure(n, a, b, words), a.label, b.label)
				}
			}
		}
	}
}

func newFigure(n lexicon.Norm, a, b bearer, words [2]string) Figure {
	f := Figure{Norm: n, Cue: a.label}
	if n.A != words[0] {
		f.Cue = b.label
	}
	for _, above := range []*lexicon.Synset{a.above, b.above} {
		if above != nil {
			f.Via = words[0] + ", " + words[1]
			f.Above++
		}
	}
	return f
}

func (l *Lexical) addFigure(f Figure, a, b int) {
	key := labelPair(a, b)
	l.figures[key] = append(l.figures[key], f)
}

// covers reports whether a synset stands above a label: its words then say
// nothing of what sets the label apart.
func (l *Lexical) covers(above *lexicon.Synset, label int) bool {
	return above != nil && l.labels[label].Synset.IsA(above)
}

func labelPair(a, b int) [2]int { return [2]int{min(a, b), max(a, b)} }

// findGlosses notes where a definition names another label: "a seat for the
// rider of a horse" ties the saddle to the horse.
func (l *Lexical) findGlosses(byWord map[string][]bearer) {
	for a, label := range l.labels {
		for _, word := range glossWords(label.Synset.Gloss) {
			for _, b := range byWord[word] {
				if a != b.label {
					l.glossed[labelPair(a, b.label)] = true
				}
			}
		}
	}
}

// glossWords lists the words, and the pairs of words that follow one another,
// of a definition; examples are left out.
func glossWords(gloss string) (all []string) {
	definition, _, _ := strings.Cut(gloss, `"`)
	words := strings.FieldsFunc(strings.ToLower(definition), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })
	for i, w := range words {
		all = append(all, w)
		if i > 0 {
			all = append(all, words[i-1]+" "+w)
		}
	}
	return all
}

// ties reports whether any source relates two labels, or WordNet does not
// hold them far apart.
func (l *Lexical) ties(a, b int) bool {
	if l.glossed[labelPair(a, b)] {
		return true
	}
	for _, f := range l.figures[labelPair(a, b)] {
		switch {
		case f.Kind == lexicon.Association && f.Share() > 0,
			f.Kind == lexicon.Relatedness && f.Share() > l.Unrelated,
			f.Kind == lexicon.Similarity && f.Share() >= l.Related:
			return true
		}
	}
	return l.matrix.Relate(a, b).WuPalmer > l.Far
}

// Tied reports whether labels a and b are tied by anything at all: an answer
// in an association norm, a rating that is not low, a definition that names
// the other, or nearness in WordNet.
func (l *Lexical) Tied(a, b int) bool { return l.tied[a*len(l.labels)+b] }

// Rated reports whether a norm calls labels a and b unrelated, rather than
// that none speaks of them.
func (l *Lexical) Rated(a, b int) bool {
	return slices.ContainsFunc(l.figures[labelPair(a, b)], func(f Figure) bool { return f.Kind == lexicon.Relatedness && f.Share() <= l.Unrelated })
}

// Judge says what ties labels a and b.
func (l *Lexical) Judge(a, b int) Judgement {
	key := labelPair(a, b)
	j := Judgement{A: key[0], B: key[1], WordNet: l.matrix.Relate(key[0], key[1]), Norms: l.figures[key]}
	j.Relation, j.Why = l.relation(j)
	return j
}

// evidence sums up the norms of a pair: the strongest of each kind, negative
// where there is none, and the lowest rating. Figures of two words from above
// are left out: they tie labels, so that neither serves as the other's
// distractor, but too loosely to relate them, as shed and dog would relate
// boathouse and beagle.
type evidence struct{ related, similar, associated, lowest float64 }

func gather(figures []Figure) evidence {
	e := evidence{-1, -1, -1, 2}
	for _, f := range figures {
		switch {
		case f.Above > 1:
		case f.Kind == lexicon.Relatedness:
			e.related, e.lowest = max(e.related, f.Share()), min(e.lowest, f.Share())
		case f.Kind == lexicon.Similarity:
			e.similar = max(e.similar, f.Share())
		case f.Kind == lexicon.Association:
			e.associated = max(e.associated, f.Share())
		}
	}
	return e
}

func (l *Lexical) relation(j Judgement) (relation, why string) {
	a, b, wuPalmer := l.labels[j.A].Synset, l.labels[j.B].Synset, j.WordNet.WuPalmer
	e := gather(j.Norms)
	rating := max(e.related, e.similar)
	thematic := e.associated >= l.Associated || e.related >= l.Strong
	switch {
	case a.IsA(b) || b.IsA(a) || wuPalmer >= l.Same:
		return "", "one is a kind of the other, or all but the same"
	case (rating >= l.Related || thematic) && e.lowest <= l.Unrelated:
		return "", "the norms disagree"
	case wuPalmer >= l.Near && rating >= l.Related:
		return stimuli.Taxonomic, "near in WordNet, rated related"
	case wuPalmer >= l.NearAlone && rating < 0:
		return stimuli.Taxonomic, "near in WordNet, rated by no norm"
	case wuPalmer >= l.Near && rating >= 0:
		return "", "near in WordNet, but not rated related"
	case thematic && wuPalmer <= l.Far && e.similar >= l.Related:
		return "", "associated, but rated similar"
	case thematic && wuPalmer <= l.Far:
		return stimuli.Thematic, "associated, far in WordNet"
	case thematic:
		return "", "associated, but too near in WordNet to be thematic alone"
	}
	return "", ""
}

// Judgements returns every pair of labels that is related, or that a source
// suggests to be, in order.
func (l *Lexical) Judgements() (all []Judgement) {
	for a := range l.labels {
		for b := a + 1; b < len(l.labels); b++ {
			if !l.Tied(a, b) {
				continue
			}
			if j := l.Judge(a, b); j.Why != "" {
				all = append(all, j)
			}
		}
	}
	return all
}
