"""The networks of the paper in PyTorch, with random weights.

Two kinds: modules with the state-dict keys of torchvision (ResNet, PreResNet,
DenseNet), and trees of Torch7 modules in the variants that were shipped as
.t7 (torch7_resnet, torch7_preresnet, torch7_densenet). Widths are parameters,
so that the same code makes small networks for the tests of every day.
"""
import torch
from torch import nn

BLOCKS = {
    "resnet18": (False, (2, 2, 2, 2)), "resnet34": (False, (3, 4, 6, 3)),
    "resnet50": (True, (3, 4, 6, 3)), "resnet101": (True, (3, 4, 23, 3)),
    "resnet152": (True, (3, 8, 36, 3)), "resnet200": (True, (3, 24, 36, 3)),
}
DENSE = {
    "densenet121": (32, (6, 12, 24, 16)), "densenet169": (32, (6, 12, 32, 32)),
    "densenet201": (32, (6, 12, 48, 32)), "densenet161": (48, (6, 12, 36, 24)),
    "densenet264": (32, (6, 12, 64, 48)), "densenet232": (48, (6, 12, 48, 48)),
    "densenet-cosine264-k32": (32, (6, 12, 64, 48)), "densenet-cosine264-k48": (48, (6, 12, 64, 48)),
}


def randomise(net, seed):
    """Weights that keep activations in range, and batch norms unlike fresh ones."""
    g = torch.Generator().manual_seed(seed)

    def uniform(t, low, high):
        t.data.copy_(torch.rand(t.shape, generator=g) * (high - low) + low)

    for m in net.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            fan = m.weight[0].numel()
            m.weight.data.copy_(torch.randn(m.weight.shape, generator=g) * (1.2 / fan) ** .5)
            if m.bias is not None:
                uniform(m.bias, -.2, .2)
        if isinstance(m, nn.BatchNorm2d):
            if m.affine:
                uniform(m.weight, .5, 1.2)
                uniform(m.bias, -.3, .3)
            uniform(m.running_mean, -.3, .3)
            uniform(m.running_var, .5, 2)
    return net.eval()


def picture(n=1, side=224):
    """The input of all comparisons: a hash of the index, from -2 to 2, exact in float32."""
    i = torch.arange(n * 3 * side * side, dtype=torch.int64)
    h = (i * 2654435761 >> 8) & 0xFFFF
    return (h.double() / 16384 - 2).float().reshape(n, 3, side, side)


# Networks with the keys of torchvision.

def conv(i, o, k, stride=1, groups=1, bias=False):
    return nn.Conv2d(i, o, k, stride, k // 2, groups=groups, bias=bias)


class Block(nn.Module):
    def __init__(self, i, planes, stride, bottleneck, width, groups):
        super().__init__()
        self.n = 3 if bottleneck else 2
        out = planes * 4 if bottleneck else planes
        shapes = [(i, width, 1, 1, 1), (width, width, 3, stride, groups), (width, out, 1, 1, 1)] if bottleneck else \
            [(i, width, 3, stride, groups), (width, out, 3, 1, groups)]
        for k, s in enumerate(shapes, 1):
            setattr(self, f"conv{k}", conv(*s))
            setattr(self, f"bn{k}", nn.BatchNorm2d(s[1]))
        self.downsample = None
        if stride != 1 or i != out:
            self.downsample = nn.Sequential(conv(i, out, 1, stride), nn.BatchNorm2d(out))
        self.out = out

    def forward(self, x):
        y = x
        for k in range(1, self.n + 1):
            y = getattr(self, f"bn{k}")(getattr(self, f"conv{k}")(y))
            if k < self.n:
                y = y.relu()
        if self.downsample is not None:
            x = self.downsample(x)
        return (y + x).relu()


class PreBlock(nn.Module):
    """A block of ResNet-200: see section 2 of the facts on models."""

    def __init__(self, i, planes, stride, first, bare):
        super().__init__()
        self.bare, out = bare, planes * 4
        if not bare:
            self.bn1 = nn.BatchNorm2d(i)
        self.conv1, self.bn2 = conv(i, planes, 1), nn.BatchNorm2d(planes)
        self.conv2, self.bn3 = conv(planes, planes, 3, stride), nn.BatchNorm2d(planes)
        self.conv3 = conv(planes, out, 1)
        self.downsample = nn.Sequential(conv(i, out, 1, stride)) if first else None
        self.out = out

    def forward(self, x):
        y = x if self.bare else self.bn1(x).relu()
        if self.downsample is not None:
            x = self.downsample(y)
        y = self.conv2(self.bn2(self.conv1(y)).relu())
        return self.conv3(self.bn3(y).relu()) + x


class ResNet(nn.Module):
    def __init__(self, bottleneck, blocks, stem=64, width=None, groups=1, classes=1000, pre=False):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False), nn.BatchNorm2d(stem)
        i, width = stem, width or stem
        for s, n in enumerate(blocks):
            layer = []
            for b in range(n):
                stride = 2 if s > 0 and b == 0 else 1
                layer.append(PreBlock(i, stem << s, stride, b == 0, s == 0 and b == 0) if pre else
                             Block(i, stem << s, stride, bottleneck, width << s, groups))
                i = layer[-1].out
            setattr(self, f"layer{s + 1}", nn.Sequential(*layer))
        if pre:
            self.bn2 = nn.BatchNorm2d(i)
        self.fc = nn.Linear(i, classes)
        self.pre = pre

    def features(self, x):
        x = nn.functional.max_pool2d(self.bn1(self.conv1(x)).relu(), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        if self.pre:
            x = self.bn2(x).relu()
        return x.mean((2, 3))

    def forward(self, x):
        return self.fc(self.features(x))


class DenseLayer(nn.Module):
    def __init__(self, i, k):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(i), conv(i, 4 * k, 1)
        self.norm2, self.conv2 = nn.BatchNorm2d(4 * k), conv(4 * k, k, 3)

    def forward(self, x):
        return torch.cat([x, self.conv2(self.norm2(self.conv1(self.norm1(x).relu())).relu())], 1)


class Transition(nn.Module):
    def __init__(self, i):
        super().__init__()
        self.norm, self.conv = nn.BatchNorm2d(i), conv(i, i // 2, 1)

    def forward(self, x):
        return nn.functional.avg_pool2d(self.conv(self.norm(x).relu()), 2)


class DenseNet(nn.Module):
    def __init__(self, k, blocks, classes=1000):
        super().__init__()
        i, f = 2 * k, nn.Sequential()
        f.add_module("conv0", nn.Conv2d(3, i, 7, 2, 3, bias=False))
        f.add_module("norm0", nn.BatchNorm2d(i))
        f.add_module("relu0", nn.ReLU())
        f.add_module("pool0", nn.MaxPool2d(3, 2, 1))
        for b, n in enumerate(blocks, 1):
            block = nn.Sequential()
            for l in range(n):
                block.add_module(f"denselayer{l + 1}", DenseLayer(i, k))
                i += k
            f.add_module(f"denseblock{b}", block)
            if b < len(blocks):
                f.add_module(f"transition{b}", Transition(i))
                i //= 2
        f.add_module("norm5", nn.BatchNorm2d(i))
        self.features_, self.classifier = f, nn.Linear(i, classes)

    def features(self, x):
        return self.features_(x).relu().mean((2, 3))

    def forward(self, x):
        return self.classifier(self.features(x))

    def state_dict(self, *args, **kwargs):
        d = super().state_dict(*args, **kwargs)
        return type(d)((key.replace("features_.", "features."), v) for key, v in d.items())


def old_densenet_keys(d):
    """The keys that torchvision's DenseNet files of 2017 have."""
    out = {}
    for key, v in d.items():
        if "denselayer" in key:
            for part in ("norm1", "norm2", "conv1", "conv2"):
                key = key.replace(f".{part}.", f".{part[:4]}.{part[4]}.")
        out[key] = v
    return out


def hugging_face_keys(d):
    """The keys of Hugging Face's ResNet for those of torchvision's."""
    out = {}
    for key, v in d.items():
        p = key.split(".")
        norm = {"conv": "convolution", "bn": "normalization"}
        if p[0] in ("conv1", "bn1"):
            name = f"resnet.embedder.embedder.{norm[p[0][:-1]]}.{p[-1]}"
        elif p[0] == "fc":
            name = f"classifier.1.{p[-1]}"
        else:
            name = f"resnet.encoder.stages.{int(p[0][5:]) - 1}.layers.{p[1]}."
            if p[2] == "downsample":
                name += f"shortcut.{['convolution', 'normalization'][int(p[3])]}.{p[-1]}"
            else:
                name += f"layer.{int(p[2][-1]) - 1}.{norm[p[2][:-1]]}.{p[-1]}"
        out[name] = v
    return out


# Trees of Torch7 modules. nn.Sequential, Conv2d, BatchNorm2d, ReLU, Identity,
# pooling and Linear stand for themselves.

class ConcatTable(nn.ModuleList):
    def forward(self, x):
        return [m(x) for m in self]


class CAddTable(nn.Module):
    def forward(self, xs):
        return sum(xs)


class Concat(nn.ModuleList):
    def forward(self, x):
        return torch.cat([m(x) for m in self], 1)


class JoinTable(nn.Module):
    def forward(self, xs):
        return torch.cat(xs, 1)


class View(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        return x.reshape(len(x), self.size)


class DenseConnectLayerCustom(nn.Module):
    def __init__(self, net1, net2):
        super().__init__()
        self.net1, self.net2 = net1, net2

    def forward(self, x):
        xs = x if isinstance(x, list) else [x]
        return xs + [self.net2(self.net1(torch.cat(xs, 1)))]


class Torch7(nn.Sequential):
    """A tree that ends in a Linear, before which the features stand."""

    def features(self, x):
        return self[:-1](x)


def bn_relu(c):
    return [nn.BatchNorm2d(c), nn.ReLU()]


def torch7_stem(c, bias=False):
    return [nn.Conv2d(3, c, 7, 2, 3, bias=bias), *bn_relu(c), nn.MaxPool2d(3, 2, 1)]


def torch7_head(c, classes):
    return [nn.AvgPool2d(7, 1), View(c), nn.Linear(c, classes)]


def torch7_resnet(bottleneck, blocks, stem=64, classes=1000, bias=False, projection_norm=True, late_norm=False):
    """fb.resnet.torch as shipped: bias for all but 101 (the parameter counts of
    18, 34, 50 and 152 tell); no norm after the projection for 18, 34 and 50;
    for 50, the last norm after the addition."""
    i, stages = stem, []
    for s, n in enumerate(blocks):
        stage, planes = nn.Sequential(), stem << s
        for b in range(n):
            stride = 2 if s > 0 and b == 0 else 1
            out = planes * 4 if bottleneck else planes
            shapes = [(i, planes, 1, 1), (planes, planes, 3, stride), (planes, out, 1, 1)] if bottleneck else \
                [(i, planes, 3, stride), (planes, planes, 3, 1)]
            branch = []
            for k, (ci, co, size, st) in enumerate(shapes):
                branch.append(conv(ci, co, size, st, bias=bias))
                if k < len(shapes) - 1:
                    branch += bn_relu(co)
                elif not late_norm:
                    branch.append(nn.BatchNorm2d(co))
            skip = nn.Identity()
            if i != out:
                skip = nn.Sequential(conv(i, out, 1, stride, bias=bias))
                if projection_norm:
                    skip.append(nn.BatchNorm2d(out))
            stage.append(nn.Sequential(
                ConcatTable([nn.Sequential(*branch), skip]), CAddTable(),
                *(bn_relu(out) if late_norm else [nn.ReLU()])))
            i = out
        stages.append(stage)
    return Torch7(*torch7_stem(stem, bias), *stages, *torch7_head(i, classes))


def torch7_preresnet(blocks, stem=64, classes=1000):
    i, stages = stem, []
    for s, n in enumerate(blocks):
        stage, planes = nn.Sequential(), stem << s
        for b in range(n):
            stride, out = 2 if s > 0 and b == 0 else 1, planes * 4
            branch = [conv(i, planes, 1), *bn_relu(planes), conv(planes, planes, 3, stride), *bn_relu(planes), conv(planes, out, 1)]
            if b == 0:
                block = [] if s == 0 else bn_relu(i)
                block.append(ConcatTable([nn.Sequential(*branch), conv(i, out, 1, stride)]))
            else:
                block = [ConcatTable([nn.Sequential(*bn_relu(i), *branch), nn.Identity()])]
            stage.append(nn.Sequential(*block, CAddTable()))
            i = out
        stages.append(stage)
    return Torch7(*torch7_stem(stem), *stages, *bn_relu(i), *torch7_head(i, classes))


def torch7_densenet(k, blocks, classes=1000, custom=True):
    i, list_ = 2 * k, torch7_stem(2 * k)
    for b, n in enumerate(blocks, 1):
        for _ in range(n):
            net1 = [*bn_relu(i), conv(i, 4 * k, 1), *bn_relu(4 * k)]
            net2 = [conv(4 * k, k, 3)]
            list_.append(DenseConnectLayerCustom(nn.Sequential(*net1), nn.Sequential(*net2)) if custom else
                         nn.Sequential(Concat([nn.Identity(), nn.Sequential(*net1, *net2)])))
            i += k
        if custom:
            list_.append(JoinTable())
        if b < len(blocks):
            list_.append(nn.Sequential(*bn_relu(i), conv(i, i // 2, 1), nn.AvgPool2d(2, 2)))
            i //= 2
    return Torch7(*list_, *bn_relu(i), *torch7_head(i, classes))


def full(name, torch7):
    """A full-size network of the paper's table, as a tree of Torch7 modules or with torchvision's keys."""
    if name in DENSE:
        k, blocks = DENSE[name]
        return torch7_densenet(k, blocks) if torch7 else DenseNet(k, blocks)
    bottleneck, blocks = BLOCKS[name]
    if name == "resnet200":
        return torch7_preresnet(blocks) if torch7 else ResNet(True, blocks, pre=True)
    if not torch7:
        return ResNet(bottleneck, blocks)
    return torch7_resnet(
        bottleneck, blocks, bias=name != "resnet101",
        projection_norm=name in ("resnet101", "resnet152"), late_norm=name == "resnet50")
