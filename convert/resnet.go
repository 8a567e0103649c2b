package convert

import (
	"cmp"
	"fmt"
)

// resnetKeys names the tensors of one way to write a ResNet down. Stages,
// blocks and units count from 0.
type resnetKeys struct {
	stemConv, stemNorm         string
	block                      func(stage, block int) string // prefix
	unit                       func(i int) (conv, norm string)
	shortcutConv, shortcutNorm string
	lastNorm                   string // pre-activation only
	head                       string
}

// torchvisionKeys are those of torchvision and timm. Pre-activation networks
// have no published key scheme; akin writes them in the same way, with the
// batch norm bnN before convN, none before the first convolution of the
// first block, and bn2 after the last block.
func torchvisionKeys() resnetKeys {
	return resnetKeys{
		stemConv: "conv1", stemNorm: "bn1",
		block:        func(stage, block int) string { return fmt.Sprintf("layer%d.%d.", stage+1, block) },
		unit:         func(i int) (string, string) { return fmt.Sprintf("conv%d", i+1), fmt.Sprintf("bn%d", i+1) },
		shortcutConv: "downsample.0", shortcutNorm: "downsample.1",
		lastNorm: "bn2", head: "fc",
	}
}

// huggingFaceKeys are those of ResNetForImageClassification with the prefix
// "resnet.", of ResNetModel without.
func huggingFaceKeys(prefix string) resnetKeys {
	return resnetKeys{
		stemConv: prefix + "embedder.embedder.convolution", stemNorm: prefix + "embedder.embedder.normalization",
		block: func(stage, block int) string {
			return fmt.Sprintf("%sencoder.stages.%d.layers.%d.", prefix, stage, block)
		},
		unit: func(i int) (string, string) {
			return fmt.Sprintf("layer.%d.convolution", i), fmt.Sprintf("layer.%d.normalization", i)
		},
		shortcutConv: "shortcut.convolution", shortcutNorm: "shortcut.normalization",
		head: "classifier.1",
	}
}

// inferResNet reads the structure off the tensors' names and shapes.
func inferResNet(d stateDict, k resnetKeys) structure {
	first := k.block(0, 0)
	conv0, norm0 := k.unit(0)
	conv1, _ := k.unit(1)
	conv2, _ := k.unit(2)
	s := structure{
		family:     ResNet,
		stem:       d.size(k.stemConv+".weight", 0),
		bottleneck: d.has(first + conv2 + ".weight"),
		width:      d.size(first+conv0+".weight", 0),
		groups:     1,
	}
	if d.has(k.lastNorm+".weight") && !d.has(first+norm0+".weight") {
		s.family = PreResNet
	}
	if in := d.size(first+conv1+".weight", 1); in > 0 {
		s.groups = max(d.size(first+conv1+".weight", 0)/in, 1)
	}
	modules := d.modules()
	for stage := range s.blocks {
		s.blocks[stage] = count(modules, func(i int) string { return k.block(stage, i) })
	}
	return s
}

// A resnet builds the graph of a residual network from a state dictionary.
type resnet struct {
	structure
	keys resnetKeys
	pick *picker
	net  *network
}

func fromResNet(p *picker, keys resnetKeys, o Options) (*Result, error) {
	s, err := structureFor(inferResNet(p.dict, keys), o)
	if err != nil {
		return nil, err
	}
	net, x := newNetwork()
	r := &resnet{structure: s, keys: keys, pick: p, net: net}
	features, logits := r.build(x)
	if err := cmp.Or(net.err, r.pick.check(s.String())); err != nil {
		return nil, err
	}
	result, err := newResult(net, features, logits, s, o)
	if err == nil {
		result.Notes = p.notes(logits)
	}
	return result, err
}

func (r *resnet) build(x edge) (features, logits edge) {
	x = r.stem(x)
	for stage, blocks := range r.blocks {
		for block := range blocks {
			x = r.block(x, stage, block)
		}
	}
	if r.family == PreResNet {
		x = r.net.relu("relu2", r.net.batchNorm("bn2", x, r.pick.norm(r.keys.lastNorm, x.channels())))
	}
	features = r.net.flatten("flatten", r.net.globalPool("avgpool", x))
	return features, r.pick.classifier(r.net, "fc", r.keys.head, features)
}

func (r *resnet) stem(x edge) edge {
	weight := r.pick.take(r.keys.stemConv+".weight", r.structure.stem, 3, 7, 7)
	x = r.net.conv("conv1", x, square(7, 2, 3), 1, weight, r.pick.optional(r.keys.stemConv+".bias", r.structure.stem))
	x = r.net.batchNorm("bn1", x, r.pick.norm(r.keys.stemNorm, x.channels()))
	return r.net.maxPool("maxpool", r.net.relu("relu", x), square(3, 2, 1))
}

// A unit is one convolution of a block.
type unit struct {
	out, kernel, stride, groups int64
}

// units lists the convolutions of a block. The stride of a bottleneck stands
// on its 3x3, as in fb.resnet.torch, torchvision and timm.
func (s structure) units(stage int, stride int64) []unit {
	planes, width := s.stem<<stage, s.width<<stage
	if s.bottleneck {
		return []unit{{width, 1, 1, 1}, {width, 3, stride, s.groups}, {4 * planes, 1, 1, 1}}
	}
	return []unit{{width, 3, stride, s.groups}, {planes, 3, 1, s.groups}}
}

func (r *resnet) block(x edge, stage, block int) edge {
	stride := int64(1)
	if stage > 0 && block == 0 {
		stride = 2
	}
	name := fmt.Sprintf("layer%d.%d", stage+1, block)
	prefix := r.keys.block(stage, block)
	units := r.units(stage, stride)
	if r.family == PreResNet {
		return r.preActivated(x, name, prefix, units, block == 0, stage == 0 && block == 0)
	}
	y := x
	for i, u := range units {
		y = r.norm(r.conv(y, name, prefix, i, u), name, prefix, i)
		if i < len(units)-1 {
			y = r.net.relu(fmt.Sprintf("%s.relu%d", name, i+1), y)
		}
	}
	if x.channels() != y.channels() || stride != 1 {
		x = r.projection(x, name, prefix, y.channels(), stride)
		x = r.net.batchNorm(name+".downsample.1", x, r.pick.norm(prefix+r.keys.shortcutNorm, x.channels()))
	}
	return r.net.relu(name, r.net.add(name+".add", []edge{y, x}))
}

// preActivated builds a block of ResNet-200. Batch norm and ReLU stand before
// each convolution; in the first block of a stage they feed the projection
// too, and the very first block, after the stem's, has none of its own.
func (r *resnet) preActivated(x edge, name, prefix string, units []unit, first, bare bool) edge {
	y := x
	for i, u := range units {
		if i > 0 || !bare {
			y = r.net.relu(fmt.Sprintf("%s.relu%d", name, i+1), r.norm(y, name, prefix, i))
		}
		if i == 0 && first {
			x = y
		}
		y = r.conv(y, name, prefix, i, u)
	}
	if first {
		x = r.projection(x, name, prefix, y.channels(), units[len(units)/2].stride)
	}
	return r.net.add(name, []edge{y, x})
}

func (r *resnet) conv(x edge, name, prefix string, i int, u unit) edge {
	key, _ := r.keys.unit(i)
	weight := r.pick.take(prefix+key+".weight", u.out, x.channels()/u.groups, u.kernel, u.kernel)
	bias := r.pick.optional(prefix+key+".bias", u.out)
	return r.net.conv(fmt.Sprintf("%s.conv%d", name, i+1), x, square(u.kernel, u.stride, u.kernel/2), u.groups, weight, bias)
}

func (r *resnet) norm(x edge, name, prefix string, i int) edge {
	_, key := r.keys.unit(i)
	return r.net.batchNorm(fmt.Sprintf("%s.bn%d", name, i+1), x, r.pick.norm(prefix+key, x.channels()))
}

func (r *resnet) projection(x edge, name, prefix string, out, stride int64) edge {
	key := prefix + r.keys.shortcutConv
	weight, bias := r.pick.take(key+".weight", out, x.channels(), 1, 1), r.pick.optional(key+".bias", out)
	return r.net.conv(name+".downsample.0", x, square(1, stride, 0), 1, weight, bias)
}
