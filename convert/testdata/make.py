"""Makes the small networks in this folder, and what PyTorch says of them.

Run with PyTorch 1.13: python3 make.py
"""
import json
import os
import sys

import torch
from torch import nn

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "references"))
import files  # noqa: E402
import networks  # noqa: E402

CASES = []


def expect(net):
    """Features and logits for two pictures, in double precision."""
    with torch.no_grad():
        net, x = net.double(), networks.picture(2).double()
        features, logits = net.features(x), net(x)
        net.float()
    return features.flatten().tolist(), logits.flatten().tolist()


def case(file, net, write, **facts):
    features, logits = expect(net)
    write(os.path.join(here, file))
    # ONNX's batch norm has a scale and a shift even where PyTorch's has none.
    plain = sum(2 * m.num_features for m in net.modules() if isinstance(m, nn.BatchNorm2d) and not m.affine)
    CASES.append(dict(file=file, parameters=plain + sum(p.numel() for p in net.parameters()),
                      features=[float(f"{v:.9g}") for v in features], logits=[float(f"{v:.9g}") for v in logits], **facts))


def rounded(net, dtype):
    """The network whose weights a half-precision file can hold."""
    for t in [*net.parameters(), *net.buffers()]:
        if t.is_floating_point():
            t.data.copy_(t.data.to(dtype).float())
    return net


def basic(seed=1):
    return networks.randomise(networks.ResNet(False, (1, 1, 1, 1), stem=3, classes=5), seed)


def bottleneck(seed=2, **kw):
    return networks.randomise(networks.ResNet(True, (2, 1, 1, 1), stem=2, classes=5, **kw), seed)


def state_dicts():
    net = basic()
    facts = dict(family="resnet", structure="resnet with basic blocks 1,1,1,1, stem 3, width 3, groups 1")
    case("basic.pth", net, lambda f: torch.save(net.state_dict(), f), **facts)
    case("basic-legacy.pth", net, lambda f: torch.save(net.state_dict(), f, _use_new_zipfile_serialization=False), **facts)
    case("basic-tar.pth", net, lambda f: files.write_tar(f, net.state_dict()), **facts)
    same = torch.load(os.path.join(here, "basic-tar.pth"))  # PyTorch reads what the tar writer writes
    assert all(torch.equal(v, same[k]) for k, v in net.state_dict().items())
    case("basic.safetensors", net, lambda f: files.write_safetensors(f, net.state_dict(), torch.float32), **facts)
    half = rounded(basic(), torch.float16)
    case("basic-f16.safetensors", half, lambda f: files.write_safetensors(f, half.state_dict(), torch.float16), **facts)
    brain = rounded(basic(), torch.bfloat16)
    case("basic-bf16.safetensors", brain, lambda f: files.write_safetensors(f, brain.state_dict(), torch.bfloat16), **facts)
    hf = networks.hugging_face_keys(net.state_dict())
    case("hugging-face.safetensors", net, lambda f: files.write_safetensors(f, hf, torch.float32), **facts)

    deep = bottleneck()
    facts = dict(family="resnet", structure="resnet with bottleneck blocks 2,1,1,1, stem 2, width 2, groups 1")
    nested = {"epoch": 3, "best": 76.1, "optimizer": {"lr": [.1]},
              "state_dict": {"module." + k: nn.Parameter(v, requires_grad=False) if v.is_floating_point() else v
                             for k, v in deep.state_dict().items()}}
    case("nested.pth", deep, lambda f: torch.save(nested, f), **facts)
    halves = rounded(bottleneck(), torch.float16)
    case("half-legacy.pth", halves, lambda f: torch.save(
        {"model": {k: v.half() if v.is_floating_point() else v for k, v in halves.state_dict().items()}},
        f, _use_new_zipfile_serialization=False), **facts)
    last = bottleneck().to(memory_format=torch.channels_last)
    case("channels-last.pth", last, lambda f: torch.save(last.state_dict(), f), **facts)
    next_ = bottleneck(seed=3, width=4, groups=2)
    case("resnext.pth", next_, lambda f: torch.save(next_.state_dict(), f), family="resnet",
         structure="resnet with bottleneck blocks 2,1,1,1, stem 2, width 4, groups 2")
    pre = networks.randomise(networks.ResNet(True, (2, 2, 1, 1), stem=2, classes=5, pre=True), 4)
    case("pre.pth", pre, lambda f: torch.save(pre.state_dict(), f), family="preresnet",
         structure="preresnet with bottleneck blocks 2,2,1,1, stem 2, width 2, groups 1")
    dense = networks.randomise(networks.DenseNet(4, (2, 3, 2, 2), classes=5), 5)
    facts = dict(family="densenet", structure="densenet with layers 2,3,2,2, growth 4, stem 8")
    case("dense.pth", dense, lambda f: torch.save(dense.state_dict(), f), **facts)
    case("dense-old.pth", dense, lambda f: torch.save(networks.old_densenet_keys(dense.state_dict()), f), **facts)
    torch.manual_seed(0)
    torch.save(nn.Sequential(nn.Linear(2, 2)), os.path.join(here, "module.pth"))


def torch7():
    def write(net, **options):
        return lambda f: files.write_torch7(f, net, **options)

    def both(file, net, facts, **options):  # two forms of one object
        case(file + ".t7", net, write(net, **options), **facts)
        case(file + "-text.t7", net, write(net, writer=files.Torch7TextWriter, **options), **facts)

    def basic7(seed):
        return networks.randomise(networks.torch7_resnet(False, (1, 1, 1, 1), 3, 5, bias=True, projection_norm=False), seed)

    facts = dict(family="resnet", structure="resnet with basic blocks 1,1,1,1, stem 3, width 3, groups 1")
    net = basic7(11)  # as ResNet-18 and 34 were shipped
    both("basic", net, facts)
    net = basic7(12)
    # An older file: no versions, nn classes, flat weights, one padding, inverse deviations.
    case("basic-old.t7", net, write(net, version=0, library="nn", kind="Float", mm=True, running_std=True), **facts)
    net = basic7(13)
    case("basic-long4.t7", net, write(net, long=4, kind="Double", gradients=False), **facts)
    net = rounded(basic7(14), torch.float16)

    def parallel(root):  # trained on several cards, with functions and a cycle beside the network
        top = {"epoch": 90, "hook": b"\x1bLJ", "model": files.Object(
            "nn.DataParallelTable", modules=[root], gpuAssignments=[1, 2], dimension=1)}
        top["self"] = top
        return top

    both("basic-half", net, facts, kind="Half", wrap=parallel)

    facts = dict(family="resnet", structure="resnet with bottleneck blocks 2,1,1,1, stem 2, width 2, groups 1")
    for name, seed, options in (("50", 15, dict(bias=True, projection_norm=False, late_norm=True)), ("101", 16, {}), ("152", 17, dict(bias=True))):
        net = networks.randomise(networks.torch7_resnet(True, (2, 1, 1, 1), 2, 5, **options), seed)
        case(f"bottleneck-{name}.t7", net, write(net), **facts)
    net = networks.randomise(networks.torch7_preresnet((2, 2, 1, 1), 2, 5), 18)
    case("pre.t7", net, write(net), family="preresnet", structure="preresnet with bottleneck blocks 2,2,1,1, stem 2, width 2, groups 1")
    facts = dict(family="densenet", structure="densenet with layers 2,3,2,2, growth 4, stem 8")
    for name, seed, custom in (("dense.t7", 19, True), ("dense-concat.t7", 20, False)):
        net = networks.randomise(networks.torch7_densenet(4, (2, 3, 2, 2), 5, custom), seed)
        case(name, net, write(net), **facts)

    # Pooling in all its modes, in a network without a name that takes 224 x 224 only.
    c = networks
    net = c.Torch7(nn.Conv2d(3, 4, 3, 2, 2), nn.ReLU(), nn.MaxPool2d(2, 2, 1, ceil_mode=True),
                   nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=True), nn.Conv2d(4, 4, 1),
                   nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False), nn.BatchNorm2d(4, eps=1e-3, affine=False),
                   nn.AvgPool2d(4, 3, 1, ceil_mode=False, count_include_pad=True), nn.ReLU())
    c.randomise(net, 21)
    with torch.no_grad():
        size = net(c.picture(1)).numel()
    net = c.randomise(c.Torch7(*net, c.View(size), nn.Linear(size, 5)), 21)
    both("pooling", net, dict(family="", structure="12 modules"), library="nn", kind="Double")


state_dicts()
torch7()
with open(os.path.join(here, "expected.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in CASES) + "\n]\n")
