package convert

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// wrappers are the usual names under which frameworks keep a network within another
// module, in front of its own keys. Under another name a network is found, too, and
// the name is noted.
var wrappers = []string{"_orig_mod", "module", "model", "net", "network", "backbone", "encoder", "base_model", "base_encoder", "base",
	"online_network", "target_network", "online_encoder", "target_encoder", "momentum_encoder", "encoder_q", "encoder_k", "student", "teacher",
	"ema", "ema_model", "model_ema", "swa_model", "trunk", "feature_extractor", "features_extractor", "visual", "resnet", "densenet", "cnn",
	"wrapped_model", "_model", "_network", "_fsdp_wrapped_module", "_forward_module", "_feature_blocks", "0"}

// machine are the wrappers that programs put around parts of a network, in the midst of its keys.
var machine = []string{"module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module"}

// heads are words in the names of what stands behind the features of a network, and cannot
// change them; fronts are words of what may stand before it.
var (
	heads = []string{"fc", "head", "heads", "classifier", "projector", "projection", "proj", "predictor", "prototypes", "mlp",
		"linear", "logits", "criterion", "loss", "queue", "decoder"}
	fronts = []string{"in", "input", "pre", "pos", "patch", "stem", "image", "embed", "embedding"}
)

// isHead reports whether a tensor beside a network is of a part behind it. after is
// the network's own place where it is one of a sequence, as in nn.Sequential(body, head).
func isHead(key, after string) bool {
	first, _, _ := strings.Cut(key, ".")
	if own, err := strconv.Atoi(after); err == nil {
		place, err := strconv.Atoi(first)
		return err == nil && place > own
	}
	words := strings.Split(first, "_")
	has := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	return has(heads) && !has(fronts)
}

// candidates are the networks among the tensors, under whatever wrappers.
func (d dictionary) candidates() []candidate {
	list := unwrap(d.path, d.tensors, 0)
	for i := range list {
		list[i].others = d.others
		list[i].keys = len(d.path)
	}
	return list
}

func unwrap(path []string, tensors stateDict, depth int) []candidate {
	const deepest = 8
	tensors = withoutMachine(tensors)
	if k, known := recognised(tensors); known {
		c := candidate{path: path, name: strings.Join(path, "."), tensors: maps.Clone(tensors)}
		c.leaveHeads(k)
		return []candidate{c}
	}
	if depth > deepest {
		return nil
	}
	groups := map[string]stateDict{}
	for key, t := range tensors {
		if head, rest, ok := strings.Cut(key, "."); ok {
			if groups[head] == nil {
				groups[head] = stateDict{}
			}
			groups[head][rest] = t
		}
	}
	found := map[string][]candidate{}
	for head, group := range groups {
		if list := unwrap(append(slices.Clone(path), head), group, depth+1); len(list) > 0 {
			found[head] = list
		}
	}
	var list []candidate
	for _, head := range slices.Sorted(maps.Keys(found)) {
		for _, c := range found[head] {
			for _, key := range slices.Sorted(maps.Keys(tensors)) {
				if first, _, _ := strings.Cut(key, "."); found[first] == nil && !tensors[key].counts() {
					c.leave(key, head, tensors[key])
				}
			}
			list = append(list, c)
		}
	}
	return list
}

// leaveHeads takes out what stands behind the network among its own keys, beside its classifier.
func (c *candidate) leaveHeads(k keys) {
	own := "classifier"
	if k == torchvisionResNet {
		own = "fc"
	}
	for _, key := range slices.Sorted(maps.Keys(c.tensors)) {
		if first, _, below := strings.Cut(key, "."); below && first != own && isHead(key, "") {
			c.leave(key, "", c.tensors[key])
			delete(c.tensors, key)
		}
	}
}

// leave notes a tensor beside the network.
func (c *candidate) leave(key, after string, t *tensor) {
	if !isHead(key, after) {
		c.beside = append(c.beside, key)
		return
	}
	c.left = append(c.left, key)
	c.places = c.places || len(t.shape) == 4 && t.shape[2]*t.shape[3] > 1
}

// withoutMachine takes wrappers that programs made out of the midst of the keys; a key that
// would stand twice stays as it is, and fits no network.
func withoutMachine(tensors stateDict) stateDict {
	inner := func(key string) bool {
		return slices.ContainsFunc(machine, func(m string) bool { return strings.Contains(key, "."+m+".") })
	}
	bare := maps.Clone(tensors)
	for _, key := range slices.Sorted(maps.Keys(tensors)) {
		if !inner(key) {
			continue
		}
		first, rest, _ := strings.Cut(key, ".")
		parts := slices.DeleteFunc(strings.Split(rest, "."), func(part string) bool { return slices.Contains(machine, part) })
		if short := first + "." + strings.Join(parts, "."); bare[short] == nil {
			bare[short] = tensors[key]
			delete(bare, key)
		}
	}
	return bare
}

// notes says where the network was found, and what is not part of it.
func (c candidate) notes() (notes []string) {
	if wrapped := c.path[c.keys:]; slices.ContainsFunc(wrapped, func(name string) bool { return !slices.Contains(wrappers, name) }) {
		notes = append(notes, fmt.Sprintf("the network is the part %s of the file", strings.Join(wrapped, ".")))
	}
	if len(c.left) > 0 {
		notes = append(notes, "not part of the network, and left out: "+strings.Join(c.left, ", "))
	}
	if c.places {
		notes = append(notes, "what was left out has convolutions over places, as for segmentation: if dilation stood for strides in the network, which weights do not show, its features were others")
	}
	return notes
}

// counts reports whether a tensor is a single number, as counters are.
func (t *tensor) counts() bool { return len(t.shape) == 0 }
