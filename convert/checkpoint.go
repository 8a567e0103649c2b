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
}

// A candidate is a network in a checkpoint.
type candidate struct {
	name    string // of dictionaries and prefixes that lead to it, a dot between
	tensors stateDict
	left    []string // tensors beside it that are not part of it
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
	found = slices.CompactFunc(found, func(a, b candidate) bool { return same(a.tensors, b.tensors) })
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
	switch len(found) {
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
	if len(c.left) > 0 {
		notes = append(notes, "not part of the network, and left out: "+strings.Join(c.left, ", "))
	}
	return c, append(notes, beside(dictionaries, c)...), nil
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
	also := strings.Join(others[:min(1, len(others))], "")
	if len(keys) == 0 {
		return fmt.Errorf("no tensors in the file%s", also)
	}
	if len(keys) > 5 {
		keys = append(keys[:5], "...")
	}
	return fmt.Errorf("tensors of no known network: %s%s; known are ResNet (torchvision, timm and Hugging Face keys), pre-activation ResNet and DenseNet", strings.Join(keys, ", "), also)
}

// wrappers are the names under which frameworks keep a network within another
// module, in front of its own keys.
var wrappers = []string{"_orig_mod", "module", "model", "net", "network", "backbone", "encoder", "base_model", "base_encoder", "base",
	"online_network", "target_network", "momentum_encoder", "encoder_q", "encoder_k", "student", "teacher", "ema", "ema_model", "model_ema", "swa_model", "trunk",
	"feature_extractor", "features_extractor", "visual", "resnet", "densenet", "cnn", "wrapped_model", "_model", "_network"}

// heads are what stands behind the features of a network, and cannot change them.
var heads = []string{"fc", "head", "heads", "classifier", "projector", "projection", "projection_head", "proj", "predictor", "prototypes", "mlp",
	"linear", "logits", "criterion", "loss", "loss_fn", "queue", "queue_ptr", "contrastive_head", "decoder"}

// candidates are the networks among the tensors, under whatever wrappers.
func (d dictionary) candidates() []candidate {
	list := unwrap(d.path, d.tensors, 0)
	for i := range list {
		list[i].others = d.others
	}
	return list
}

func unwrap(path []string, tensors stateDict, depth int) []candidate {
	const deepest = 8
	if _, known := recognised(tensors); known {
		return []candidate{{name: strings.Join(path, "."), tensors: tensors}}
	}
	if depth > deepest {
		return nil
	}
	groups := map[string]stateDict{}
	for key, t := range tensors {
		if head, rest, ok := strings.Cut(key, "."); ok && slices.Contains(wrappers, head) {
			if groups[head] == nil {
				groups[head] = stateDict{}
			}
			groups[head][rest] = t
		}
	}
	var list []candidate
	for _, head := range slices.Sorted(maps.Keys(groups)) {
		for _, c := range unwrap(append(slices.Clone(path), head), groups[head], depth+1) {
			for _, key := range slices.Sorted(maps.Keys(tensors)) {
				first, _, _ := strings.Cut(key, ".")
				if first != head && !slices.Contains(wrappers, first) && !tensors[key].counts() {
					c.left = append(c.left, key)
				}
			}
			list = append(list, c)
		}
	}
	return list
}

// counts reports whether a tensor is a single number, as counters are.
func (t *tensor) counts() bool { return len(t.shape) == 0 }

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
	d := dictionary{path: path, tensors: stateDict{}, others: map[string]string{}}
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
		}
	}
	if len(d.tensors)+len(d.others) > 0 {
		s.found = append(s.found, d)
	}
	return nil
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
