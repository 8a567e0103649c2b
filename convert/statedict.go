package convert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A stateDict holds the named tensors of a trained network.
type stateDict map[string]*tensor

// has reports whether the dictionary holds a tensor of the name.
func (d stateDict) has(name string) bool { return d[name] != nil }

// size gives dimension axis of a tensor, or 0 where there is none.
func (d stateDict) size(name string, axis int) int64 {
	if t := d[name]; t != nil && axis < len(t.shape) {
		return t.shape[axis]
	}
	return 0
}

// modules gives the prefixes of the keys, up to and with each dot.
func (d stateDict) modules() map[string]bool {
	const deepest = 16 // dots; keys of real networks have six
	prefixes := map[string]bool{}
	for key := range d {
		for i, dots := 0, 0; i < len(key) && dots < deepest; i++ {
			if key[i] == '.' {
				prefixes[key[:i+1]] = true
				dots++
			}
		}
	}
	return prefixes
}

// count gives the number of consecutive indices, from 0, with a module.
func count(modules map[string]bool, prefix func(i int) string) int {
	n := 0
	for modules[prefix(n)] {
		n++
	}
	return n
}

// A picker takes the tensors of a dictionary one by one, each with the shape
// it must have, and keeps account of those that do not fit. It stands in for
// them, so that one pass finds them all.
type picker struct {
	dict    stateDict
	used    map[string]bool
	missing []string
	wrong   []string
	others  map[string]string // what stands where tensors should, by key
	left    []string          // of the head, what is no classifier
	beside  []string          // tensors outside the network whose part in it is not known
}

func newPicker(d stateDict) *picker { return &picker{dict: d, used: map[string]bool{}} }

func (p *picker) take(name string, shape ...int64) *tensor {
	p.used[name] = true
	t := p.dict[name]
	switch {
	case t == nil && p.other(name) != "":
		p.wrong = append(p.wrong, name+" is "+p.other(name))
	case t == nil:
		p.missing = append(p.missing, name)
	case !t.elem.isFloat():
		p.wrong = append(p.wrong, fmt.Sprintf("%s holds no floating-point numbers", name))
	case !slices.Equal(t.shape, shape):
		p.wrong = append(p.wrong, fmt.Sprintf("%s is %v, wants %v", name, t.shape, shape))
	default:
		return t
	}
	return &tensor{shape: shape}
}

// other says what stands where a tensor should, under whatever prefix.
func (p *picker) other(name string) string {
	for key, what := range p.others {
		if key == name || strings.HasSuffix(key, "."+name) {
			return what
		}
	}
	return ""
}

// optional takes a tensor that a network may do without, as the bias of a
// convolution before a batch norm.
func (p *picker) optional(name string, shape ...int64) *tensor {
	if !p.dict.has(name) && p.other(name) == "" {
		return nil
	}
	return p.take(name, shape...)
}

// norm takes the tensors of a batch norm.
func (p *picker) norm(name string, channels int64) normalization {
	return normalization{
		scale:    p.take(name+".weight", channels),
		shift:    p.take(name+".bias", channels),
		mean:     p.take(name+".running_mean", channels),
		variance: p.take(name+".running_var", channels),
		eps:      1e-5,
	}
}

// classifier adds the fully connected layer under a key. Without one, or with
// another kind in its place, such as several layers, or weights without a bias as
// classifiers of cosines have, the network ends at the features, and the edge has no
// name.
func (p *picker) classifier(n *network, name, key string, x edge) edge {
	has := func(name string) bool { return p.dict.has(key+name) || p.other(key+name) != "" }
	if !has(".weight") || !has(".bias") {
		for k := range p.dict {
			if strings.HasPrefix(k, key+".") {
				p.used[k] = true
				p.left = append(p.left, k)
			}
		}
		slices.Sort(p.left)
		return edge{}
	}
	classes := p.dict.size(key+".weight", 0)
	return n.linear(name, x, p.take(key+".weight", classes, x.channels()), p.take(key+".bias", classes))
}

// notes says what the network lacks.
func (p *picker) notes(logits edge) []string {
	switch {
	case logits.name != "":
		return nil
	case len(p.left) > 0:
		return []string{"the model gives features alone: behind them the file has no fully connected layer with weights and bias, and what it has is left out: " + strings.Join(p.left, ", ")}
	}
	return []string{"the model gives features alone: the file holds no classifier"}
}

// check reports everything that does not fit, tensors that nothing took
// included: weights of another network must not pass for this one.
func (p *picker) check(what string) error {
	var extra []string
	for _, name := range slices.Sorted(maps.Keys(p.dict)) {
		if !p.used[name] && !ofNoUse(name, p.dict[name]) {
			extra = append(extra, name)
		}
	}
	extra = append(extra, p.beside...)
	problems := len(p.missing) + len(p.wrong) + len(extra)
	if problems == 0 {
		return nil
	}
	var b strings.Builder
	for _, list := range []struct {
		title string
		names []string
	}{{"missing", p.missing}, {"of another shape", p.wrong}, {"not part of it", extra}} {
		if len(list.names) > 0 {
			fmt.Fprintf(&b, "\n  %s: %s", list.title, strings.Join(list.names, ", "))
		}
	}
	return fmt.Errorf("%d tensors do not fit a %s:%s", problems, what, b.String())
}

// ofNoUse reports whether a tensor counts batches or operations, or is a number of
// the training beside the network's modules.
func ofNoUse(name string, t *tensor) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	return slices.Contains([]string{"num_batches_tracked", "total_ops", "total_params"}, last) || last == name && t.counts()
}

// keys is a way to write a network's tensors down.
type keys int

const (
	torchvisionResNet keys = iota + 1
	sequentialResNet       // the children of torchvision's by number, as in nn.Sequential(*children)
	huggingFaceResNet
	bareHuggingFaceResNet // without the head and its prefix
	torchvisionDenseNet
)

// recognised tells the scheme of the keys.
func recognised(d stateDict) (keys, bool) {
	switch {
	case d.has("conv1.weight") && d.has("layer1.0.conv1.weight"):
		return torchvisionResNet, true
	case d.has("0.weight") && d.has("4.0.conv1.weight"):
		return sequentialResNet, true
	case d.has(huggingFaceKeys("resnet.").stemConv + ".weight"):
		return huggingFaceResNet, true
	case d.has(huggingFaceKeys("").stemConv + ".weight"):
		return bareHuggingFaceResNet, true
	case d.has("features.conv0.weight"):
		return torchvisionDenseNet, true
	}
	return 0, false
}

// fromStateDict builds the network whose tensors a candidate holds.
func fromStateDict(c candidate, o Options) (*Result, error) {
	p := newPicker(c.tensors)
	p.others, p.beside = c.others, c.beside
	switch k, _ := recognised(c.tensors); k {
	case torchvisionResNet:
		return fromResNet(p, torchvisionKeys(), o)
	case sequentialResNet:
		p.dict = numbered(p.dict)
		return fromResNet(p, torchvisionKeys(), o)
	case huggingFaceResNet:
		return fromResNet(p, huggingFaceKeys("resnet."), o)
	case bareHuggingFaceResNet:
		return fromResNet(p, huggingFaceKeys(""), o)
	}
	return fromDenseNet(p, o)
}

// numbered gives the children of a ResNet their names.
func numbered(d stateDict) stateDict {
	names := map[string]string{"0": "conv1", "1": "bn1", "4": "layer1", "5": "layer2", "6": "layer3", "7": "layer4", "9": "fc"}
	named := stateDict{}
	for key, t := range d {
		if first, rest, _ := strings.Cut(key, "."); names[first] != "" {
			key = names[first] + "." + rest
		}
		named[key] = t
	}
	return named
}

// structureFor decides which structure the tensors must fit: the one asked
// for, or the one inferred from them.
func structureFor(inferred structure, o Options) (structure, error) {
	if o.Architecture == "" {
		return inferred, nil
	}
	asked, err := architectureNamed(o.Architecture)
	if err != nil {
		return structure{}, err
	}
	if asked.family != inferred.family {
		return structure{}, fmt.Errorf("the file holds a %v; %s is a %v", inferred, o.Architecture, asked)
	}
	return asked, nil
}
