package convert

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nlpodyssey/gopickle/types"
)

// dictionary is one dictionary of a checkpoint with the tensors right in it.
type dictionary struct {
	path    []string // of keys that lead to it
	tensors stateDict
	others  map[string]string // keys of what stands where a tensor should: what it is
	objects map[string]string // keys of other objects: their classes
	arch    string            // what the file calls its network
}

// A candidate is a network in a checkpoint.
type candidate struct {
	path    []string // of dictionaries and prefixes that lead to it
	keys    int      // how many of these are dictionaries
	name    string   // the path, a dot between
	tensors stateDict
	left    []string // tensors behind it, which cannot change its features
	beside  []string // tensors whose part in it is not known
	places  bool     // some of those left are of convolutions over places
	others  map[string]string
}

// AmbiguousError is a file that holds several networks of which none is preferred.
type AmbiguousError struct{ Names []string }

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("the file holds several networks: %s; say which", strings.Join(e.Names, ", "))
}

// choose finds the network that is wanted among the dictionaries of a file, and
// notes what a reader of its figures should know.
func choose(dictionaries []dictionary, entry string) (c candidate, notes []string, err error) {
	var found []candidate
	for _, d := range dictionaries {
		found = append(found, d.candidates()...)
	}
	if entry != "" {
		var names []string
		for _, c := range found {
			names = append(names, c.title())
		}
		found = slices.DeleteFunc(found, func(c candidate) bool {
			return c.title() != entry && !slices.Contains(strings.Split(c.name, "."), entry)
		})
		if len(found) == 0 {
			return c, nil, fmt.Errorf("the file holds no network %q; it has %s", entry, strings.Join(names, ", "))
		}
	}
	switch found = distinct(found); len(found) {
	case 0:
		return c, nil, unknownNetwork(dictionaries)
	case 1:
		c = found[0]
	default:
		if c, err = average(found); err != nil {
			return c, nil, err
		}
		for _, other := range found {
			if other.name != c.name {
				notes = append(notes, fmt.Sprintf("the file also holds the network %s; of the two, %s was taken, the average over training that its frameworks evaluate", other.title(), c.title()))
			}
		}
	}
	notes = append(notes, c.notes()...)
	return c, append(notes, beside(dictionaries, c)...), nil
}

// distinct leaves out networks that stand in the file twice, as in wrappers of wrappers.
func distinct(list []candidate) []candidate {
	const most = 64 // more are several in any case
	var kept []candidate
	for _, c := range list {
		if len(kept) > most || !slices.ContainsFunc(kept, func(k candidate) bool { return same(k.tensors, c.tensors) }) {
			kept = append(kept, c)
		}
	}
	return kept
}

func (c candidate) title() string {
	if c.name == "" {
		return "(the file itself)"
	}
	return c.name
}

// average takes the one network that is an exponential moving average of the other.
func average(found []candidate) (candidate, error) {
	isAverage := func(c candidate) bool {
		return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(c.name), func(r rune) bool { return r == '.' || r == '_' || r == '-' }),
			func(word string) bool { return word == "ema" || word == "swa" })
	}
	averages := slices.DeleteFunc(slices.Clone(found), func(c candidate) bool { return !isAverage(c) })
	if len(averages) == 1 && len(found) == 2 {
		return averages[0], nil
	}
	var names []string
	for _, c := range found {
		names = append(names, c.title())
	}
	return candidate{}, &AmbiguousError{names}
}

// same reports whether two dictionaries are the same numbers at the same place.
func same(a, b stateDict) bool {
	return maps.EqualFunc(a, b, func(x, y *tensor) bool {
		return x.file == y.file && x.at == y.at && x.elem == y.elem && x.offset == y.offset && slices.Equal(x.shape, y.shape) && slices.Equal(x.stride, y.stride)
	})
}

// training are dictionaries whose tensors are of no use after it.
var training = []string{"optim", "sched", "scaler", "rng", "amp", "args", "config", "history", "meter", "loss", "criterion"}

// beside notes dictionaries with tensors that are not the chosen network's.
func beside(dictionaries []dictionary, c candidate) (notes []string) {
	for _, d := range dictionaries {
		name := strings.Join(d.path, ".")
		ofTraining := slices.ContainsFunc(training, func(word string) bool { return strings.Contains(strings.ToLower(name), word) })
		if name != "" && !ofTraining && !strings.HasPrefix(c.name, name) && len(d.candidates()) == 0 && len(d.tensors) > 0 {
			notes = append(notes, fmt.Sprintf("the file's dictionary %s holds %d other tensors, which are left out", name, len(d.tensors)))
		}
	}
	return notes
}

// called notes that the file calls its network otherwise than its weights tell.
func called(dictionaries []dictionary, architecture string) (notes []string) {
	for _, d := range dictionaries {
		name, _, _ := strings.Cut(d.arch, ".") // behind a dot, timm says how it was trained
		known := slices.Contains(Architectures(), name)
		if name != "" && (!known || architecture != "" && architecture != name) {
			notes = append(notes, fmt.Sprintf("the file calls the network %q; weights do not show everything in which that may differ from this one", d.arch))
		}
	}
	return notes
}

func unknownNetwork(dictionaries []dictionary) error {
	var keys, others []string
	for _, d := range dictionaries {
		if list := slices.Sorted(maps.Keys(d.tensors)); len(list) > len(keys) {
			keys = list
		}
		for _, key := range slices.Sorted(maps.Keys(d.others)) {
			others = append(others, fmt.Sprintf("; %s is %s", key, d.others[key]))
		}
	}
	if len(keys) == 0 {
		return noTensors(dictionaries, others)
	}
	also := strings.Join(others[:min(1, len(others))], "")
	if len(keys) > 5 {
		keys = append(keys[:5], "...")
	}
	return fmt.Errorf("tensors of no known network: %s%s; known are ResNet (torchvision, timm and Hugging Face keys), pre-activation ResNet and DenseNet", strings.Join(keys, ", "), also)
}

func noTensors(dictionaries []dictionary, others []string) error {
	for _, d := range dictionaries {
		for _, key := range slices.Sorted(maps.Keys(d.objects)) {
			others = append(others, fmt.Sprintf("; %s is an object of class %s", strings.Join(append(slices.Clone(d.path), key), "."), d.objects[key]))
		}
	}
	return fmt.Errorf("no tensors in the file%s; in Python, save the network's state_dict()", strings.Join(others[:min(3, len(others))], ""))
}

// dictionariesOf finds the dictionaries of a checkpoint that hold tensors.
func dictionariesOf(f file, value any) ([]dictionary, error) {
	if _, ok := entriesOf(value); !ok {
		if o, ok := value.(*object); ok {
			return nil, fmt.Errorf("it holds an object of class %s, of which akin reads no tensors; in Python, load the file and save the network's state_dict() alone", o.class)
		}
		return nil, fmt.Errorf("no dictionary in the checkpoint; in Python, save the network's state_dict()")
	}
	s := &search{file: f}
	if err := s.visit(nil, value); err != nil {
		return nil, err
	}
	return s.found, nil
}

// search walks over the dictionaries of a checkpoint.
type search struct {
	file  file
	found []dictionary
	seen  int
}

func (s *search) visit(path []string, value any) error {
	const deepest, most = 4, 1 << 16
	entries, _ := entriesOf(value)
	d := dictionary{path: path, tensors: stateDict{}, others: map[string]string{}, objects: map[string]string{}}
	for _, e := range entries {
		if s.seen++; s.seen > most {
			return fmt.Errorf("more than %d entries", most)
		}
		if _, nested := entriesOf(e.value); nested {
			if len(path) == deepest {
				continue
			}
			if err := s.visit(append(slices.Clone(path), e.key), e.value); err != nil {
				return err
			}
			continue
		}
		t, what, err := s.tensor(e.value)
		switch {
		case err != nil:
			return fmt.Errorf("tensor %q: %w", e.key, err)
		case t != nil:
			d.tensors[e.key] = t
		case what != "" && strings.Contains(e.key, "."):
			d.others[e.key] = what
		default:
			d.note(e)
		}
	}
	if len(d.tensors)+len(d.others)+len(d.objects) > 0 || d.arch != "" {
		s.found = append(s.found, d)
	}
	return nil
}

// note keeps what else a dictionary says of its network.
func (d *dictionary) note(e entry) {
	switch v := e.value.(type) {
	case *object:
		d.objects[e.key] = v.class
	case string:
		if e.key == "arch" || e.key == "architecture" || e.key == "model_name" {
			d.arch = v
		}
	}
}

// tensor reads a value that may be one; what says what an object is instead.
func (s *search) tensor(value any) (t *tensor, what string, err error) {
	switch v := value.(type) {
	case *view:
		t, err = v.tensor(s.file)
	case *storage:
		what = "a storage without the shape of a tensor"
	case *object:
		if v.isArray() {
			t, err = v.array()
			break
		}
		what = "an object of class " + v.class
		switch {
		case v.class == lazyView:
			what = v.class + "; save its clone() in Python"
		case strings.Contains(v.class, "qtensor"):
			what = "a quantised tensor (" + v.class + "); dequantize it in Python first"
		}
	}
	return t, what, err
}

type entry struct {
	key   string
	value any
}

func entriesOf(value any) ([]entry, bool) {
	var list []entry
	switch d := value.(type) {
	case *types.Dict:
		for _, e := range *d {
			if key, ok := e.Key.(string); ok {
				list = append(list, entry{key, e.Value})
			}
		}
	case *types.OrderedDict:
		for e := d.List.Front(); e != nil; e = e.Next() {
			if pair := e.Value.(*types.OrderedDictEntry); pair != nil {
				if key, ok := pair.Key.(string); ok {
					list = append(list, entry{key, pair.Value})
				}
			}
		}
	case *object: // of a class that is a dictionary
		if len(d.Dict) == 0 {
			return nil, false
		}
		return entriesOf(&d.Dict)
	default:
		return nil, false
	}
	return list, true
}
