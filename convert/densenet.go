package convert

import (
	"cmp"
	"fmt"
	"strings"
)

// modernDenseNet gives the keys of early torchvision files, norm.1 and conv.2
// in dense layers, their present names norm1 and conv2.
func modernDenseNet(d stateDict) stateDict {
	modern := make(stateDict, len(d))
	for key, t := range d {
		if strings.Contains(key, ".denselayer") {
			for _, part := range []string{"norm", "conv"} {
				for _, i := range []string{"1", "2"} {
					key = strings.Replace(key, "."+part+"."+i+".", "."+part+i+".", 1)
				}
			}
		}
		modern[key] = t
	}
	return modern
}

func denseLayer(block, layer int) string {
	return fmt.Sprintf("features.denseblock%d.denselayer%d", block+1, layer+1)
}

// inferDenseNet reads the structure off the tensors' names and shapes.
func inferDenseNet(d stateDict) structure {
	s := structure{
		family: DenseNet,
		stem:   d.size("features.conv0.weight", 0),
		growth: d.size(denseLayer(0, 0)+".conv2.weight", 0),
	}
	modules := d.modules()
	for block := range s.blocks {
		s.blocks[block] = count(modules, func(i int) string { return denseLayer(block, i) + "." })
	}
	return s
}

// A densenet builds the graph of a DenseNet from a state dictionary.
type densenet struct {
	structure
	pick *picker
	net  *network
}

func fromDenseNet(p *picker, o Options) (*Result, error) {
	p.dict = modernDenseNet(p.dict)
	s, err := structureFor(inferDenseNet(p.dict), o)
	if err != nil {
		return nil, err
	}
	net, x := newNetwork()
	b := &densenet{structure: s, pick: p, net: net}
	features, logits := b.build(x)
	if err := cmp.Or(net.err, b.pick.check(s.String())); err != nil {
		return nil, err
	}
	result, err := newResult(net, features, logits, s, o)
	if err == nil {
		result.Notes = p.notes(logits)
	}
	return result, err
}

func (b *densenet) build(x edge) (features, logits edge) {
	x = b.conv("features.conv0", x, b.stem, square(7, 2, 3))
	x = b.net.maxPool("features.pool0", b.activated("features.norm0", x), square(3, 2, 1))
	for block, layers := range b.blocks {
		x = b.block(x, block, layers)
		if block < len(b.blocks)-1 {
			x = b.transition(x, fmt.Sprintf("features.transition%d", block+1))
		}
	}
	x = b.activated("features.norm5", x)
	features = b.net.flatten("flatten", b.net.globalPool("avgpool", x))
	return features, b.pick.classifier(b.net, "classifier", "classifier", features)
}

func (b *densenet) conv(name string, x edge, out int64, w window) edge {
	weight := b.pick.take(name+".weight", out, x.channels(), w.kernel[0], w.kernel[1])
	return b.net.conv(name, x, w, 1, weight, nil)
}

func (b *densenet) activated(norm string, x edge) edge {
	x = b.net.batchNorm(norm, x, b.pick.norm(norm, x.channels()))
	return b.net.relu(strings.Replace(norm, "norm", "relu", 1), x)
}

// block builds one dense block: each layer sees the input and the outputs of
// all layers before it.
func (b *densenet) block(x edge, block, layers int) edge {
	for layer := range layers {
		name := denseLayer(block, layer)
		y := b.conv(name+".conv1", b.activated(name+".norm1", x), 4*b.growth, square(1, 1, 0))
		y = b.conv(name+".conv2", b.activated(name+".norm2", y), b.growth, square(3, 1, 1))
		x = b.net.concat(name, []edge{x, y})
	}
	return x
}

func (b *densenet) transition(x edge, name string) edge {
	x = b.conv(name+".conv", b.activated(name+".norm", x), x.channels()/2, square(1, 1, 0))
	return b.net.averagePool(name+".pool", x, square(2, 2, 0), true)
}
