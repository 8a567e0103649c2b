// Package lexicon holds what is known about words: WordNet's nouns, their
// senses and how these hang together, and the published norms of how related,
// similar, associated or concrete people find them.
package lexicon

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
)

// Synset is one sense of WordNet's nouns: the words that share it, and the
// senses right above it.
type Synset struct {
	Offset    int      // in data.noun of WordNet 3.0, whose offsets ImageNet's ids hold
	Name      string   // as NLTK writes it: dog.n.01
	Lemmas    []string // the words, with spaces: dog, domestic dog, Canis familiaris
	Gloss     string   // definition, then examples in quotes
	Hypernyms []*Synset

	parents  []int
	depth    [2]int // edges to a root, by the shortest and by the longest way
	measured state
}

// WNID is the id that ImageNet gives to the synset, such as n02084071.
func (s *Synset) WNID() string { return fmt.Sprintf("n%08d", s.Offset) }

// MinDepth is the number of edges of the shortest way to a root.
func (s *Synset) MinDepth() int { return s.depth[0] }

// MaxDepth is the number of edges of the longest way to a root.
func (s *Synset) MaxDepth() int { return s.depth[1] }

// WordNet is the nouns of a WordNet dictionary.
type WordNet struct {
	// Version is what the files say of themselves: 3.0, or empty. ImageNet's ids
	// hold the offsets of 3.0; those of any other version are different.
	Version  string
	byOffset map[int]*Synset
	senses   map[string][]*Synset // by lemma in lower case with spaces
	kinds    map[*Synset]int
}

// errNoWordNet is a machine on which no dictionary was found.
var errNoWordNet = errors.New("no WordNet dictionary (index.noun and data.noun) found")

// OpenWordNet reads the dictionary in folder; where folder is empty, the first
// found at: WNSEARCHDIR, dict in WNHOME (WordNet's own variables), and where
// Debian's wordnet-base puts it.
func OpenWordNet(folder string) (*WordNet, error) {
	places := []string{folder}
	if folder == "" {
		places = []string{os.Getenv("WNSEARCHDIR"), filepath.Join(os.Getenv("WNHOME"), "dict"), "/usr/share/wordnet"}
	}
	for _, place := range places {
		if _, err := os.Stat(filepath.Join(place, "data.noun")); place != "" && err == nil {
			w, err := ReadWordNet(regular.Dir(place))
			if err != nil {
				return nil, fmt.Errorf("WordNet in %s: %w", place, err)
			}
			return w, nil
		}
	}
	if folder != "" {
		return nil, fmt.Errorf("%s: %w", folder, errNoWordNet)
	}
	return nil, errNoWordNet
}

// maxDict bounds a dictionary file; that of WordNet 3.0 has 15 MB.
const maxDict = 256 << 20

// ReadWordNet reads index.noun and data.noun, laid out as the manual page
// wndb(5WN) of WordNet describes, from a dict folder. Errors name file and line.
func ReadWordNet(dict fs.FS) (*WordNet, error) {
	w := &WordNet{byOffset: map[int]*Synset{}, senses: map[string][]*Synset{}}
	if err := eachLine(dict, "data.noun", w.addDataLine); err != nil {
		return nil, err
	}
	if err := eachLine(dict, "index.noun", w.addIndexLine); err != nil {
		return nil, err
	}
	if err := w.link(); err != nil {
		return nil, fmt.Errorf("data.noun: %w", err)
	}
	w.countKinds()
	return w, nil
}

// eachLine calls add for every line that is not empty.
func eachLine(dict fs.FS, name string, add func(string) error) error {
	data, err := regular.Read(dict, name, maxDict)
	if err != nil {
		return &fs.PathError{Op: "read", Path: name, Err: err}
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	number := 0
	for lines.Scan() {
		number++
		if line := lines.Text(); line != "" {
			if err := add(line); err != nil {
				return fmt.Errorf("%s:%d: %w", name, number, err)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", name, number+1, err)
	}
	return nil
}

// fields walks the space-separated fields of a line; the first fault sticks.
type fields struct {
	rest []string
	err  error
}

func (f *fields) next() string {
	if len(f.rest) == 0 {
		f.err = cmp.Or(f.err, errors.New("the line ends too soon"))
		return ""
	}
	field := f.rest[0]
	f.rest = f.rest[1:]
	return field
}

func (f *fields) number(base int) int {
	field := f.next()
	n, err := strconv.ParseInt(field, base, 32)
	if f.err == nil && (err != nil || n < 0) {
		f.err = fmt.Errorf("%q is not a number", field)
	}
	return int(n)
}

// count is a number of things that each take at least width fields.
func (f *fields) count(base, width int) int {
	n := f.number(base)
	if f.err == nil && n*width > len(f.rest) {
		f.err = fmt.Errorf("counts %d entries, the line holds fewer", n)
	}
	if f.err != nil {
		return 0
	}
	return n
}

var versionPattern = regexp.MustCompile(`WordNet (\d+(?:\.\d+)?) Copyright`)

// isLicence: the lines of the licence begin with two spaces.
func isLicence(line string) bool { return strings.HasPrefix(line, "  ") }

func (w *WordNet) addDataLine(line string) error {
	if !isLicence(line) {
		return w.addSynset(line)
	}
	if m := versionPattern.FindStringSubmatch(line); m != nil {
		w.Version = m[1]
	}
	return nil
}

func (w *WordNet) addIndexLine(line string) error {
	if isLicence(line) {
		return nil
	}
	return w.addLemma(line)
}

// addSynset reads: offset lex_filenum ss_type w_cnt (word lex_id)...
// p_cnt (symbol offset pos source/target)... | gloss
func (w *WordNet) addSynset(line string) error {
	data, gloss, _ := strings.Cut(line, "| ")
	f := &fields{rest: strings.Fields(data)}
	s := &Synset{Offset: f.number(10), Gloss: strings.TrimSpace(gloss)}
	f.next()
	if kind := f.next(); f.err == nil && kind != "n" {
		return fmt.Errorf("synset type %q is not n, a noun", kind)
	}
	for range f.count(16, 2) {
		s.Lemmas = append(s.Lemmas, strings.ReplaceAll(f.next(), "_", " "))
		f.next()
	}
	for range f.count(10, 4) {
		symbol, offset, pos := f.next(), f.number(10), f.next()
		f.next()
		if (symbol == "@" || symbol == "@i") && pos == "n" {
			s.parents = append(s.parents, offset)
		}
	}
	if f.err != nil {
		return f.err
	}
	if len(s.Lemmas) == 0 {
		return errors.New("a synset without words")
	}
	if w.byOffset[s.Offset] != nil {
		return fmt.Errorf("synset %08d stands twice", s.Offset)
	}
	w.byOffset[s.Offset] = s
	return nil
}

// addLemma reads: lemma pos synset_cnt p_cnt symbol... sense_cnt tagsense_cnt offset...
func (w *WordNet) addLemma(line string) error {
	f := &fields{rest: strings.Fields(line)}
	lemma := strings.ReplaceAll(f.next(), "_", " ")
	f.next()
	senses := f.count(10, 1)
	for range f.count(10, 1) {
		f.next()
	}
	f.next()
	f.next()
	for range senses {
		offset := f.number(10)
		s := w.byOffset[offset]
		if f.err == nil && s == nil {
			return fmt.Errorf("%s: data.noun has no synset %08d", lemma, offset)
		}
		w.senses[lemma] = append(w.senses[lemma], s)
	}
	return f.err
}

// state of a synset while depths are computed.
type state byte

const (
	untouched state = iota
	underway
	measured
)

// link turns parents into pointers, computes depths, and names the synsets.
func (w *WordNet) link() error {
	all := slices.SortedFunc(maps.Values(w.byOffset), func(a, b *Synset) int { return cmp.Compare(a.Offset, b.Offset) })
	for _, s := range all {
		for _, offset := range s.parents {
			parent := w.byOffset[offset]
			if parent == nil {
				return fmt.Errorf("%s: no hypernym %08d", s.WNID(), offset)
			}
			s.Hypernyms = append(s.Hypernyms, parent)
		}
		s.parents = nil
		first := strings.ToLower(s.Lemmas[0])
		s.Name = fmt.Sprintf("%s.n.%02d", strings.ReplaceAll(first, " ", "_"), slices.Index(w.senses[first], s)+1)
	}
	for _, s := range all {
		if err := s.measure(0); err != nil {
			return err
		}
	}
	return nil
}

// maxHypernyms bounds the depth of the graph; WordNet 3.0 is 19 deep.
const maxHypernyms = 1000

func (s *Synset) measure(below int) error {
	switch {
	case s.measured == measured:
		return nil
	case s.measured == underway:
		return fmt.Errorf("%s: is its own hypernym", s.WNID())
	case below > maxHypernyms:
		return fmt.Errorf("%s: more than %d hypernyms above one another", s.WNID(), maxHypernyms)
	case len(s.Hypernyms) == 0:
		s.measured = measured
		return nil
	}
	s.measured = underway
	s.depth = [2]int{math.MaxInt, 0}
	for _, h := range s.Hypernyms {
		if err := h.measure(below + 1); err != nil {
			return err
		}
		s.depth = [2]int{min(s.depth[0], h.depth[0]+1), max(s.depth[1], h.depth[1]+1)}
	}
	s.measured = measured
	return nil
}

// Len is the number of synsets.
func (w *WordNet) Len() int { return len(w.byOffset) }

// Synset returns the synset of an ImageNet id such as n02084071, nil where
// WordNet has none.
func (w *WordNet) Synset(wnid string) *Synset {
	digits, ok := strings.CutPrefix(wnid, "n")
	offset, err := strconv.Atoi(digits)
	if !ok || len(digits) != 8 || err != nil {
		return nil
	}
	return w.byOffset[offset]
}

// Named returns the synset that NLTK calls by a name such as dog.n.01, nil
// where there is none.
func (w *WordNet) Named(name string) *Synset {
	word, number, ok := strings.Cut(name, ".n.")
	n, err := strconv.Atoi(number)
	senses := w.senses[strings.ToLower(strings.ReplaceAll(word, "_", " "))]
	if !ok || err != nil || n < 1 || n > len(senses) {
		return nil
	}
	return senses[n-1]
}

// Kinds is the number of synsets that s subsumes, s among them.
func (w *WordNet) Kinds(s *Synset) int { return w.kinds[s] }

// countKinds walks up from every synset.
func (w *WordNet) countKinds() {
	w.kinds = map[*Synset]int{}
	for s := range maps.Values(w.byOffset) {
		for above := range s.ancestors() {
			w.kinds[above]++
		}
	}
}

// Senses returns the senses of a word, the most frequent first. Case does not
// matter, nor whether parts are joined by spaces, underscores or hyphens where
// the word is written only one of these ways.
func (w *WordNet) Senses(word string) []*Synset {
	word = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(word), "_", " "))
	for _, spelling := range []string{word, strings.ReplaceAll(word, "-", " "), strings.ReplaceAll(word, " ", "-"), strings.ReplaceAll(word, " ", "")} {
		if senses := w.senses[spelling]; len(senses) > 0 {
			return senses
		}
	}
	return nil
}
