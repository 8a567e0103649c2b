package classify

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/model"
)

// LabelSet says what the outputs of networks stand for, where their cards do not
// say it all. Its zero value is for cards that do, and WordNet inside akin.
type LabelSet struct {
	Classes   string // file: the classes by output, an id and its names a line; empty: the card's
	Names     string // file: names of classes and of the nouns above them, an id and its names a line
	Hierarchy string // file of is-a lines, or the dict folder of a WordNet; empty: WordNet's part above the 1,000 classes
	Offset    int    // outputs before the first class; 0: the card's
}

// labelSet is what the files of a LabelSet hold.
type labelSet struct {
	LabelSet
	classes []string
	names   map[string]string
	pairs   [][2]string      // of a file of is-a lines
	dict    *lexicon.WordNet // of a folder
}

func (l LabelSet) read() (*labelSet, error) {
	s := &labelSet{LabelSet: l, names: map[string]string{}}
	for _, list := range []string{l.Names, l.Classes} {
		entries, err := fromFile(list, imagenet.ReadClasses)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			s.names[e.WNID] = cmp.Or(e.Names, s.names[e.WNID])
			if list == l.Classes {
				s.classes = append(s.classes, e.WNID)
			}
		}
	}
	info, err := os.Stat(l.Hierarchy)
	switch {
	case l.Hierarchy == "":
		return s, nil
	case err != nil:
		return nil, err
	case info.IsDir():
		if s.dict, err = lexicon.OpenWordNet(l.Hierarchy); err == nil && s.dict.Version != "3.0" {
			err = fmt.Errorf("%s: is WordNet %s; ImageNet's ids are places in the files of WordNet 3.0", l.Hierarchy, s.dict.Version)
		}
	default:
		s.pairs, err = fromFile(l.Hierarchy, imagenet.ReadIsA)
	}
	return s, err
}

// fromFile reads a file and names it in errors; without a name it reads nothing.
func fromFile[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	var none T
	if name == "" {
		return none, nil
	}
	f, err := regular.Open(name)
	if err != nil {
		return none, err
	}
	defer f.Close()
	found, err := read(f)
	if err != nil {
		return none, fmt.Errorf("%s: %w", name, err)
	}
	return found, nil
}

// outputs says what a network's outputs stand for.
func (s *labelSet) outputs(m *model.Model) (Outputs, error) {
	classes, offset := m.Classes, cmp.Or(s.Offset, m.Classes.Offset)
	wnids := classes.WNIDs
	switch {
	case m.Kind == model.NoNetwork:
		return Outputs{}, fmt.Errorf("model %s has no classifier: it is a baseline without a network", m.Name)
	case m.Outputs.Logits == "":
		return Outputs{}, fmt.Errorf("model %s has no classifier: its card names no logits; if its graph has an output of class scores, name it there: [outputs] logits = \"...\"", m.Name)
	case s.classes != nil:
		wnids = s.classes
	case len(wnids) > 0:
	case classes.Count == len(imagenet.Classes()) || classes.Count == len(imagenet.Classes())+offset:
		wnids = imagenet.WNIDs()
	default:
		return Outputs{}, &UnknownClassesError{m.Name, m.Classes.Count}
	}
	o := NewOutputs(wnids, offset)
	o.Names = s.names
	var err error
	o.Hierarchy, err = s.hierarchy(wnids)
	return o, err
}

// UnknownClassesError is a classifier whose card does not say which its classes are.
type UnknownClassesError struct {
	Model   string
	Classes int
}

// Background reports whether a class may stand before ImageNet's 1,000.
func (e *UnknownClassesError) Background() bool { return e.Classes == len(imagenet.Classes())+1 }

func (e *UnknownClassesError) Error() string {
	return fmt.Sprintf("model %s has %d classes and its card does not say which: [classes] wnids = [...] lists them", e.Model, e.Classes)
}

// hierarchy is nil where the one inside akin is to be used.
func (s *labelSet) hierarchy(classes []string) (*imagenet.Hierarchy, error) {
	if s.Hierarchy == "" {
		return nil, nil
	}
	var nouns []imagenet.Noun
	var err error
	if s.dict != nil {
		nouns = nounsAbove(s.dict, classes)
	} else {
		nouns, err = imagenet.Nouns(s.pairs, classes, s.names)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Hierarchy, err)
	}
	h, err := imagenet.NewHierarchy(nouns, classes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Hierarchy, err)
	}
	return h, nil
}

// nounsAbove lists the synsets of WordNet ids and all that stand above them.
func nounsAbove(dict *lexicon.WordNet, classes []string) []imagenet.Noun {
	var nouns []imagenet.Noun
	seen := map[*lexicon.Synset]bool{}
	var add func(*lexicon.Synset)
	add = func(s *lexicon.Synset) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		n := imagenet.Noun{ID: s.WNID(), Name: s.Lemmas[0]}
		for _, h := range s.Hypernyms {
			n.Above = append(n.Above, h.WNID())
			add(h)
		}
		nouns = append(nouns, n)
	}
	for _, wnid := range classes {
		add(dict.Synset(wnid))
	}
	return nouns
}
