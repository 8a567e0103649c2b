package convert

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A stateDict holds the named tensors of a trained network.
type stateDict map[string]*tensor

// has reports whether the dictionary holds a tensor of the name.
func (d stateDict) has(name string) bool { return d[name] != nil }

// stripped drops the prefix that data-parallel training leaves on every key.
func (d stateDict) stripped() stateDict {
	for key := range d {
		if !strings.HasPrefix(key, "module.") {
			return d
		}
	}
	short := make(stateDict, len(d))
	for key, t := range d {
		short[strings.TrimPrefix(key, "module.")] = t
	}
	return short
}

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
}

func newPicker(d stateDict) *picker { return &picker{dict: d, used: map[string]bool{}} }

func (p *picker) take(name string, shape ...int64) *tensor {
	p.used[name] = true
	t := p.dict[name]
	switch {
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

// optional takes a tensor that a network may do without, as the bias of a
// convolution before a batch norm.
func (p *picker) optional(name string, shape ...int64) *tensor {
	if !p.dict.has(name) {
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

// linear adds the classifier of as many classes as the dictionary has for it.
func (p *picker) linear(n *network, name, key string, x edge) edge {
	classes := p.dict.size(key+".weight", 0)
	return n.linear(name, x, p.take(key+".weight", classes, x.channels()), p.take(key+".bias", classes))
}

// check reports everything that does not fit, tensors that nothing took
// included: weights of another network must not pass for this one.
func (p *picker) check(what string) error {
	var extra []string
	for _, name := range slices.Sorted(maps.Keys(p.dict)) {
		if !p.used[name] && !strings.HasSuffix(name, "num_batches_tracked") {
			extra = append(extra, name)
		}
	}
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

// fromStateDict builds the network whose tensors the dictionary holds.
func fromStateDict(d stateDict, o Options) (*Result, error) {
	d = d.stripped()
	switch {
	case d.has("conv1.weight") && d.has("layer1.0.conv1.weight"):
		return fromResNet(d, torchvisionKeys(), o)
	case d.has(huggingFaceKeys().stemConv + ".weight"):
		return fromResNet(d, huggingFaceKeys(), o)
	case d.has("features.conv0.weight"):
		return fromDenseNet(d, o)
	}
	if len(d) == 0 {
		return nil, errors.New("no tensors in the file")
	}
	keys := slices.Sorted(maps.Keys(d))
	if len(keys) > 5 {
		keys = append(keys[:5], "...")
	}
	return nil, fmt.Errorf("tensors of no known network: %s; known are ResNet (torchvision, timm and Hugging Face keys), pre-activation ResNet and DenseNet", strings.Join(keys, ", "))
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
