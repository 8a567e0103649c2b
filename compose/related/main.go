// Command related makes the manifest imagenet-related: 1,000 triplets of
// ImageNet classes, half of them taxonomic, half thematic, over distractors to
// be matched in shape, in colour, or drawn.
//
//	go run ./compose/related --norms FOLDER
//
// Taxonomic pairs come from WordNet and the norms by compose's rules. Few
// thematic pairs of these classes stand in any norm, and words of more than one
// sense mislead there (tick, cougar, submarine); so they are listed in
// thematic.csv beside this file: those of the norms that hold for the classes
// meant, and others, by hand, of things used, worn or found together. All are
// held to the rule that thematic partners are far in WordNet.
package main

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
)

//go:embed thematic.csv
var thematicCSV string

const (
	seed       = 1709
	triplets   = 500 // of each relation
	perClass   = 2   // taxonomic pairs in which a class stands
	candidates = 12  // unrelated classes of a triplet
	far        = .6  // Wu-Palmer similarity of thematic partners at most
)

func main() {
	norms := flag.String("norms", "../shared/norms", "`folder` of norms")
	wordNet := flag.String("wordnet", "", "WordNet 3.0's dict `folder` (default: the system's)")
	out := flag.String("out", "compose/imagenet-related.csv", "`file` to write")
	flag.Parse()
	data, err := makeManifest(*wordNet, *norms)
	if err == nil {
		err = atomicfile.Write(*out, data)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "related: error:", err)
		os.Exit(1)
	}
}

// pair is two labels that belong together.
type pair struct {
	a, b int
	why  string
}

// maker holds the classes as labels.
type maker struct {
	labels  []*compose.Label
	lexical *compose.Lexical
	class   []int // of each label
	themes  map[[2]int]bool
	random  *rand.Rand
}

func makeManifest(wordNet, norms string) ([]byte, error) {
	m, err := newMaker(wordNet, norms)
	if err != nil {
		return nil, err
	}
	thematic, err := m.thematic()
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"id", "target", "related", "relation", "distractor", "candidates", "cluster", "why"}}
	rows = append(rows, m.rows(stimuli.Taxonomic, m.taxonomic())...)
	rows = append(rows, m.rows(stimuli.Thematic, thematic)...)
	if len(rows) != 1+2*triplets {
		return nil, fmt.Errorf("%d triplets, want %d", len(rows)-1, 2*triplets)
	}
	var b bytes.Buffer
	err = csv.NewWriter(&b).WriteAll(rows)
	return b.Bytes(), err
}

func newMaker(wordNet, norms string) (*maker, error) {
	w, err := lexicon.OpenWordNet(wordNet)
	if err != nil {
		return nil, err
	}
	known, _, err := lexicon.ReadNorms(norms)
	if err != nil {
		return nil, err
	}
	index := map[string]int{}
	var pictures []compose.Labelled
	for i, c := range imagenet.Classes() {
		index[c.WNID] = i
		pictures = append(pictures, compose.Labelled{Path: c.WNID, Synset: c.WNID})
	}
	m := &maker{themes: map[[2]int]bool{}, random: rand.New(rand.NewPCG(seed, 0))}
	m.labels, _ = compose.NewLabels(pictures, nil, w)
	for _, l := range m.labels {
		m.class = append(m.class, index[l.Synset.WNID()])
	}
	m.lexical = compose.NewLexical(m.labels, lexicon.NewNorms(known), compose.Rules{})
	return m, nil
}

// thematic reads the hand-written pairs, by any name of a class.
func (m *maker) thematic() ([]pair, error) {
	rows, err := csv.NewReader(strings.NewReader(thematicCSV)).ReadAll()
	if err != nil {
		return nil, err
	}
	named := map[string][]int{}
	for label, class := range m.class {
		for name := range strings.SplitSeq(imagenet.Classes()[class].Names, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			named[name] = append(named[name], label)
		}
	}
	var pairs []pair
	for _, row := range rows[1:] {
		a, b := named[strings.ToLower(row[0])], named[strings.ToLower(row[1])]
		if len(a) != 1 || len(b) != 1 {
			return nil, fmt.Errorf("thematic.csv: %s, %s: %d and %d classes have these names, want one each", row[0], row[1], len(a), len(b))
		}
		j := m.lexical.Judge(a[0], b[0])
		key := [2]int{min(a[0], b[0]), max(a[0], b[0])}
		switch {
		case m.themes[key]:
			return nil, fmt.Errorf("thematic.csv: %s, %s stand twice", row[0], row[1])
		case j.WordNet.WuPalmer > far:
			return nil, fmt.Errorf("thematic.csv: %s, %s are near in WordNet, %.3f", row[0], row[1], j.WordNet.WuPalmer)
		}
		m.themes[key] = true
		why := "listed by hand"
		if len(j.Norms) > 0 {
			why = "listed by hand; " + j.Figures()
		}
		pairs = append(pairs, pair{a[0], b[0], why})
	}
	return pairs, nil
}

// taxonomic draws among the pairs that WordNet and norms relate, each class in
// few of them.
func (m *maker) taxonomic() (pairs []pair) {
	judgements := m.lexical.Judgements()
	m.random.Shuffle(len(judgements), func(i, j int) { judgements[i], judgements[j] = judgements[j], judgements[i] })
	stands := map[int]int{}
	for _, j := range judgements {
		if j.Relation != stimuli.Taxonomic || m.themes[[2]int{j.A, j.B}] || stands[j.A] == perClass || stands[j.B] == perClass {
			continue
		}
		stands[j.A]++
		stands[j.B]++
		pairs = append(pairs, pair{j.A, j.B, fmt.Sprintf("%s; Wu-Palmer %.3f", j.Why, j.WordNet.WuPalmer)})
		if 3*len(pairs) >= triplets {
			break
		}
	}
	return pairs
}

// rows turns pairs into triplets in rounds, the kinds of distractor and the two
// directions in turn, so that no kind is said of other pairs than another.
func (m *maker) rows(relation string, pairs []pair) (rows [][]string) {
	kinds := []string{stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice}
	for round := range 2 * len(kinds) {
		for i, p := range pairs {
			if len(rows) == triplets {
				return rows
			}
			target, related, kind := p.a, p.b, kinds[round%len(kinds)]
			if round%2 == 1 {
				target, related = related, target
			}
			cluster := fmt.Sprintf("%s-%03d", relation, i+1)
			rows = append(rows, []string{
				fmt.Sprintf("%s-%d", cluster, round+1), m.wnid(target), m.wnid(related), relation, kind, m.unrelated(target, related), cluster, p.why,
			})
		}
	}
	return rows
}

func (m *maker) wnid(label int) string { return imagenet.Classes()[m.class[label]].WNID }

// unrelated draws classes that no source ties to either.
func (m *maker) unrelated(target, related int) string {
	var drawn []int
	for _, u := range m.random.Perm(len(m.labels)) {
		if len(drawn) < candidates && m.untied(u, target) && m.untied(u, related) {
			drawn = append(drawn, m.class[u])
		}
	}
	slices.Sort(drawn)
	texts := make([]string, len(drawn))
	for i, class := range drawn {
		texts[i] = strconv.Itoa(class)
	}
	return strings.Join(texts, " ")
}

func (m *maker) untied(a, b int) bool {
	return a != b && !m.lexical.Tied(a, b) && !m.themes[[2]int{min(a, b), max(a, b)}]
}
