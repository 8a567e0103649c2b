package convert

import (
	"fmt"
)

// result names the network, if its tree of modules has a known structure.
func (w *torchWalker) result(o Options) (*Result, error) {
	s := w.structure()
	if s == (structure{}) && o.Architecture != "" {
		return nil, fmt.Errorf("the file holds neither a ResNet nor a DenseNet of four stages, so no %s", o.Architecture)
	}
	r, err := newResult(w.net, w.head.features, w.head.logits, s, o)
	if err == nil && s == (structure{}) {
		r.Structure = fmt.Sprintf("%d modules", w.visited)
	}
	return r, err
}

// structure tells what was walked, by its additions and joins at each picture
// size. It is empty for anything but four stages of either.
func (w *torchWalker) structure() structure {
	sums, joins := stages(w.sums), stages(w.joins)
	switch {
	case len(sums) == 4 && len(joins) == 0:
		s := structure{
			family: ResNet, blocks: [4]int(sums), stem: w.stem, width: w.width, groups: w.groups,
			bottleneck: w.sums[0].channels() != w.stem,
		}
		if w.openSums == len(w.sums) {
			s.family = PreResNet
		}
		return s
	case len(joins) == 4 && len(sums) == 0:
		return structure{family: DenseNet, blocks: [4]int(joins), stem: w.stem, growth: w.growth}
	}
	return structure{}
}

// stages counts edges of the same picture height in a row.
func stages(list []edge) []int {
	var counts []int
	height := int64(-1)
	for _, e := range list {
		if e.flat() {
			return nil
		}
		if e.shape[1] != height {
			counts = append(counts, 0)
			height = e.shape[1]
		}
		counts[len(counts)-1]++
	}
	return counts
}
