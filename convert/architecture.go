package convert

import (
	"fmt"
	"slices"
	"strings"
)

// Families of networks.
const (
	ResNet    = "resnet"    // post-activation residual networks: also wide ones and ResNeXt
	PreResNet = "preresnet" // pre-activation residual networks
	DenseNet  = "densenet"
)

// A structure is what tells two networks of these families apart.
type structure struct {
	family     string
	blocks     [4]int // residual blocks or dense layers in each stage
	stem       int64  // channels after the first convolution
	bottleneck bool   // residual blocks of 1x1, 3x3, 1x1
	width      int64  // channels of the 3x3 convolutions of the first stage
	groups     int64  // of the 3x3 convolutions
	growth     int64  // channels that each dense layer adds
}

func (s structure) String() string {
	list := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(s.blocks)), ","), "[]")
	if s.family == DenseNet {
		return fmt.Sprintf("%s with layers %s, growth %d, stem %d", s.family, list, s.growth, s.stem)
	}
	kind := "basic"
	if s.bottleneck {
		kind = "bottleneck"
	}
	return fmt.Sprintf("%s with %s blocks %s, stem %d, width %d, groups %d", s.family, kind, list, s.stem, s.width, s.groups)
}

func residual(family string, bottleneck bool, width, groups int64, blocks ...int) structure {
	return structure{family: family, blocks: [4]int(blocks), stem: 64, bottleneck: bottleneck, width: width, groups: groups}
}

func dense(growth int64, blocks ...int) structure {
	return structure{family: DenseNet, blocks: [4]int(blocks), stem: 2 * growth, growth: growth}
}

type architecture struct {
	name string
	structure
}

// architectures lists the networks that have a name. Of two with the same
// structure, the first is the one that is inferred.
//
// Sources: He et al. 2016, table 1 (ResNet); fb.resnet.torch (ResNet-200);
// Zagoruyko and Komodakis 2016 and Xie et al. 2017 as torchvision builds them
// (wide, ResNeXt); Huang et al. 2017, table 1, and the liuzhuang13/DenseNet
// model list (DenseNet).
func architectures() []architecture {
	return []architecture{
		{"resnet18", residual(ResNet, false, 64, 1, 2, 2, 2, 2)},
		{"resnet34", residual(ResNet, false, 64, 1, 3, 4, 6, 3)},
		{"resnet50", residual(ResNet, true, 64, 1, 3, 4, 6, 3)},
		{"resnet101", residual(ResNet, true, 64, 1, 3, 4, 23, 3)},
		{"resnet152", residual(ResNet, true, 64, 1, 3, 8, 36, 3)},
		{"resnet200", residual(PreResNet, true, 64, 1, 3, 24, 36, 3)},
		{"densenet121", dense(32, 6, 12, 24, 16)},
		{"densenet169", dense(32, 6, 12, 32, 32)},
		{"densenet201", dense(32, 6, 12, 48, 32)},
		{"densenet161", dense(48, 6, 12, 36, 24)},
		{"densenet264", dense(32, 6, 12, 64, 48)},
		{"densenet232", dense(48, 6, 12, 48, 48)},
		{"densenet-cosine264-k32", dense(32, 6, 12, 64, 48)},
		{"densenet-cosine264-k48", dense(48, 6, 12, 64, 48)},
		{"wide_resnet50_2", residual(ResNet, true, 128, 1, 3, 4, 6, 3)},
		{"wide_resnet101_2", residual(ResNet, true, 128, 1, 3, 4, 23, 3)},
		{"resnext50_32x4d", residual(ResNet, true, 128, 32, 3, 4, 6, 3)},
		{"resnext101_32x8d", residual(ResNet, true, 256, 32, 3, 4, 23, 3)},
		{"resnext101_64x4d", residual(ResNet, true, 256, 64, 3, 4, 23, 3)},
	}
}

// Architectures lists the names that [Options] may ask for. The first
// fourteen are the networks of the paper's table 2.
func Architectures() []string {
	var names []string
	for _, a := range architectures() {
		names = append(names, a.name)
	}
	return names
}

// architectureNamed finds the structure that a caller asked for.
func architectureNamed(name string) (structure, error) {
	for _, a := range architectures() {
		if a.name == name {
			return a.structure, nil
		}
	}
	return structure{}, fmt.Errorf("unknown architecture %q; known are %s", name, strings.Join(Architectures(), ", "))
}

// nameOf gives the name of the structure: the one asked for if it is of this
// structure, the first that fits if none is asked for, "" if no network of
// the structure has a name.
func nameOf(s structure, asked string) (string, error) {
	if asked == "" {
		list := architectures()
		i := slices.IndexFunc(list, func(a architecture) bool { return a.structure == s })
		if i < 0 {
			return "", nil
		}
		return list[i].name, nil
	}
	want, err := architectureNamed(asked)
	if err != nil {
		return "", err
	}
	if want != s {
		return "", fmt.Errorf("the file holds a %v; %s is a %v", s, asked, want)
	}
	return asked, nil
}
