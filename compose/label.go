package compose

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
)

// Labelled is a picture file and what it is said to show: a name, a synset, or both.
type Labelled struct {
	Path   string // slash-separated, in the folder of pictures
	Label  string
	Synset string // as n02084071 or dog.n.01
}

// labelTables say what pictures show; the first that is there counts.
var labelTables = []string{"pictures.csv", "labels.csv"}

var wnidPattern = regexp.MustCompile(`^n\d{8}$`)

// pictureEndings are the files that folders are searched for.
var pictureEndings = []string{".jpeg", ".jpg", ".png", ".webp", ".gif", ".bmp"}

// readLabelled lists the pictures of a folder with what they show: as
// pictures.csv or labels.csv says (columns path and at least one of label,
// synset, wnid, and class, an index of ImageNet's), else by the name of the
// folder that each lies in, a label (ice_cream) or a WordNet id. Faults are
// stimuli.Problems, all at once.
func readLabelled(folder fs.FS) ([]Labelled, error) {
	for _, name := range labelTables {
		if _, err := fs.Stat(folder, name); err == nil {
			return readLabelTable(folder, name)
		}
	}
	var all []Labelled
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		in := path.Base(path.Dir(name))
		if d.Type().IsRegular() && in != "." && slices.Contains(pictureEndings, strings.ToLower(path.Ext(name))) {
			all = append(all, newLabelled(name, in, ""))
		}
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("no labelled pictures: neither %s nor folders named by what their pictures show", strings.Join(labelTables, " nor "))
	}
	return all, err
}

func newLabelled(path, label, synset string) Labelled {
	if wnidPattern.MatchString(label) && synset == "" {
		label, synset = "", label
	}
	return Labelled{path, strings.ReplaceAll(label, "_", " "), synset}
}

func readLabelTable(folder fs.FS, file string) ([]Labelled, error) {
	rows, err := stimuli.ReadRows(folder, file, "path")
	if err != nil {
		return nil, err
	}
	var all []Labelled
	var problems stimuli.Problems
	seen := map[string]int{}
	for _, row := range rows {
		l := newLabelled(row.Cell("path"), row.Cell("label"), cmp.Or(row.Cell("synset"), row.Cell("wnid")))
		what := ""
		if class := row.Cell("class"); class != "" && l.Label+l.Synset == "" {
			l.Synset, what = classWNID(class)
		}
		if what = cmp.Or(what, l.fault(seen)); what != "" {
			problems = append(problems, stimuli.Problem{File: file, Line: row.Line, What: what})
			continue
		}
		seen[l.Path] = row.Line
		all = append(all, l)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return all, nil
}

// classWNID is the synset of a class of ImageNet, or what is wrong with its index.
func classWNID(index string) (wnid, fault string) {
	classes := imagenet.Classes()
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(classes) {
		return "", fmt.Sprintf("class %q is none of ImageNet's, 0 to %d", index, len(classes)-1)
	}
	return classes[i].WNID, ""
}

// fault says what is wrong with a row; seen holds the lines of the pictures above it.
func (l Labelled) fault(seen map[string]int) string {
	switch first, twice := seen[l.Path]; {
	case twice:
		return fmt.Sprintf("picture %q stands already on line %d", l.Path, first)
	case !fs.ValidPath(l.Path) || l.Path == ".":
		return fmt.Sprintf("%q is not a path inside the folder", l.Path)
	case l.Label+l.Synset == "":
		return fmt.Sprintf("picture %q has neither label nor synset", l.Path)
	}
	return ""
}

// Label is one thing that pictures show, in one sense.
type Label struct {
	Name     string
	Synset   *lexicon.Synset // nil: none is known
	Doubt    string          // why the sense may be the wrong one; empty where it was given
	Words    []Words         // by which norms are looked up
	Pictures []string        // paths
}

// Words are words by which norms may know a label: its own, or those of a
// synset above it.
type Words struct {
	Words []string
	Above *lexicon.Synset // whose words they are, nil for the label's own
}

// maxKinds is the number of synsets that a synset may subsume for its words to
// stand for what is below it: dog (190) and car (41) do, animal and container
// do not.
const maxKinds = 200

// Sense is the sense that someone chose for a label, by the name that senses.csv
// gives it.
type Sense struct{ Label, Synset string }

// ReadSenses reads a CSV of label and synset, such as senses.csv of a composed
// set after a person has been over it; an underscore in a label is a space, as in the
// names of folders. Faults are stimuli.Problems, all at once.
func ReadSenses(folder fs.FS, file string) ([]Sense, error) {
	rows, err := stimuli.ReadRows(folder, file, "label", "synset")
	if err != nil {
		return nil, err
	}
	var senses []Sense
	var problems stimuli.Problems
	seen := map[string]int{}
	for _, row := range rows {
		s := Sense{strings.ReplaceAll(row.Cell("label"), "_", " "), row.Cell("synset")}
		what := ""
		switch first, twice := seen[s.Label]; {
		case s.Label == "":
			what = "label is empty"
		case s.Synset == "":
			what = fmt.Sprintf("label %q has no synset; write one, such as n02084071 or dog.n.01, or delete the row", s.Label)
		case twice:
			what = fmt.Sprintf("label %q stands already on line %d", s.Label, first)
		}
		if what != "" {
			problems = append(problems, stimuli.Problem{File: file, Line: row.Line, What: what})
			continue
		}
		seen[s.Label] = row.Line
		senses = append(senses, s)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return senses, nil
}

// NewLabels gathers pictures by what they show and decides on one sense for each
// label: the chosen or given one, else the most frequent noun sense that is a
// physical thing, with a doubt where there are others. Labels come in
// order of name; one that has no such sense has no Synset, and the reason as
// its Doubt. unused are the chosen senses of labels that no picture has.
func NewLabels(pictures []Labelled, chosen []Sense, w *lexicon.WordNet) (labels []*Label, unused []Sense) {
	s := &senser{w, w.Named("physical_entity.n.01")}
	labels = s.gather(pictures)
	named := func(name string) int {
		return slices.IndexFunc(labels, func(l *Label) bool { return l.Name == name })
	}
	// Senses are chosen by the names that labels have now, those of senses.csv, or
	// by a name that pictures have and that went into a label of another name.
	byGiven := slices.DeleteFunc(slices.Clone(chosen), func(c Sense) bool { return named(c.Label) >= 0 })
	labels = s.gather(withChosenSenses(pictures, byGiven))
	for _, c := range chosen {
		given := func(p Labelled) bool { return p.Label == c.Label }
		switch i := named(c.Label); {
		case slices.Contains(byGiven, c) && slices.ContainsFunc(pictures, given):
		case i < 0:
			unused = append(unused, c)
		default:
			label := s.label(c.Label, c.Synset)
			label.Pictures = labels[i].Pictures
			labels[i] = label
		}
	}
	return merge(labels), unused
}

// withChosenSenses gives pictures the synsets that were chosen for their labels.
func withChosenSenses(pictures []Labelled, chosen []Sense) []Labelled {
	changed := slices.Clone(pictures)
	for i, p := range changed {
		if at := slices.IndexFunc(chosen, func(c Sense) bool { return c.Label == p.Label }); at >= 0 {
			changed[i].Synset = chosen[at].Synset
		}
	}
	return changed
}

// gather makes the labels of pictures.
func (s *senser) gather(pictures []Labelled) []*Label {
	byKey := map[[2]string]*Label{}
	for _, p := range pictures {
		key := [2]string{p.Label, p.Synset}
		if byKey[key] == nil {
			byKey[key] = s.label(p.Label, p.Synset)
		}
		byKey[key].Pictures = append(byKey[key].Pictures, p.Path)
	}
	return merge(slices.SortedFunc(maps.Values(byKey), byName))
}

func byName(a, b *Label) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.wnid(), b.wnid()), slices.Compare(a.Pictures, b.Pictures))
}

func (l *Label) wnid() string {
	if l.Synset == nil {
		return ""
	}
	return l.Synset.WNID()
}

// merge makes one label of those that mean the same synset, and tells apart
// those that only share the name.
func merge(labels []*Label) (merged []*Label) {
	bySynset := map[*lexicon.Synset]*Label{}
	named := map[string]bool{}
	for _, l := range labels {
		if first := bySynset[l.Synset]; first != nil {
			first.Pictures = append(first.Pictures, l.Pictures...)
			continue
		}
		if l.Synset != nil {
			bySynset[l.Synset] = l
			if named[l.Name] {
				l.Name += " (" + l.wnid() + ")"
			}
			named[l.Name] = true
		}
		merged = append(merged, l)
	}
	for _, l := range merged {
		slices.Sort(l.Pictures)
	}
	slices.SortStableFunc(merged, byName)
	return merged
}

// senser settles senses.
type senser struct {
	*lexicon.WordNet
	physical *lexicon.Synset // nil in a dictionary without it
}

func (s *senser) label(name, synset string) *Label {
	l := &Label{Name: cmp.Or(name, synset)}
	if synset == "" {
		l.Synset, l.Doubt = s.guess(name)
	} else if l.Synset = cmp.Or(s.Synset(synset), s.Named(synset)); l.Synset == nil {
		l.Doubt = fmt.Sprintf("WordNet %s has no noun synset %q", s.Version, synset)
	}
	if l.Synset == nil {
		return l
	}
	own := s.wordsOf(l.Synset)
	switch {
	case name == "" && len(own) > 0:
		l.Name = own[0]
	case name == "":
		l.Name = l.Synset.Lemmas[0]
	case !slices.Contains(own, lexicon.Word(name)):
		own = append([]string{lexicon.Word(name)}, own...)
	}
	l.Words = append([]Words{{own, nil}}, s.wordsAbove(l.Synset)...)
	return l
}

// guess takes the most frequent sense that is a physical thing.
func (s *senser) guess(name string) (sense *lexicon.Synset, doubt string) {
	physical := slices.DeleteFunc(slices.Clone(s.Senses(name)), func(sense *lexicon.Synset) bool { return !s.isPhysical(sense) })
	switch len(physical) {
	case 0:
		return nil, "WordNet knows no noun of this name that is a physical thing; name its synset"
	case 1:
		return physical[0], ""
	}
	var others []string
	for _, sense := range physical[1:] {
		others = append(others, fmt.Sprintf("%s (%s)", sense.WNID(), sense.Gloss))
	}
	return physical[0], "could also be " + strings.Join(others, ", or ")
}

func (s *senser) isPhysical(sense *lexicon.Synset) bool {
	return s.physical == nil || sense.IsA(s.physical)
}

// wordsOf lists the lemmas that mean this synset before any other physical
// thing: "crane" is no word for the bird if people think of the machine.
func (s *senser) wordsOf(synset *lexicon.Synset) (words []string) {
	for _, lemma := range synset.Lemmas {
		senses := s.Senses(lemma)
		if first := slices.IndexFunc(senses, s.isPhysical); first >= 0 && senses[first] == synset {
			words = append(words, lexicon.Word(lemma))
		}
	}
	return words
}

// wordsAbove lists, from the nearest up, the words of the synsets that subsume
// a label and are narrow enough to stand for it. Such a word must mean the
// synset before anything else: "game" is a pastime before it is a bird.
func (s *senser) wordsAbove(synset *lexicon.Synset) (all []Words) {
	seen := map[*lexicon.Synset]bool{}
	for level := synset.Hypernyms; len(level) > 0; {
		var next []*lexicon.Synset
		for _, above := range level {
			if seen[above] || s.Kinds(above) > maxKinds {
				continue
			}
			seen[above] = true
			words := slices.DeleteFunc(s.wordsOf(above), func(word string) bool { return s.Senses(word)[0] != above })
			if len(words) > 0 {
				all = append(all, Words{words, above})
			}
			next = append(next, above.Hypernyms...)
		}
		level = next
	}
	return all
}
