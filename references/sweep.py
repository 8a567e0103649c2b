"""Compares full-size networks with PyTorch: python3 sweep.py [NAME ...]

For each of the fourteen networks of the paper, and in each form that people
have its weights in: writes random weights, converts and runs them with akin
(go test), compares features and logits, checks the model with the ONNX
checker, and deletes it all. Run from anywhere; needs PyTorch 1.13,
torchvision 0.14, onnx, Go, and ONNX Runtime as akin's tests find it.
"""
import json
import os
import subprocess
import sys
import tempfile

import onnx
import torch
import torchvision

import files
import networks

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Trained parameters by the literature, and in the .t7 as shipped where that differs.
PARAMETERS = {
    "resnet18": 11689512, "resnet34": 21797672, "resnet50": 25557032, "resnet101": 44549160,
    "resnet152": 60192808, "resnet200": 64666152, "densenet121": 7978856, "densenet169": 14149480,
    "densenet201": 20013928, "densenet161": 28681000, "densenet264": 33337704, "densenet232": 55570984,
    "densenet-cosine264-k32": 33337704, "densenet-cosine264-k48": 72686632,
}
SHIPPED = {"resnet18": 11692520, "resnet34": 21804392, "resnet50": 25575912, "resnet152": 60268520}
TWINS = {"densenet-cosine264-k32": "densenet264"}  # the same graph, trained otherwise
GIGAMACS = {
    "resnet18": 1.814, "resnet34": 3.664, "resnet50": 4.089, "resnet101": 7.801, "resnet152": 11.514,
    "resnet200": 15.007, "densenet121": 2.834, "densenet169": 3.360, "densenet201": 4.291, "densenet161": 7.728,
    "densenet264": 5.752, "densenet232": 10.119, "densenet-cosine264-k32": 5.752, "densenet-cosine264-k48": 12.851,
}


def structure(name):
    if name in networks.DENSE:
        k, blocks = networks.DENSE[name]
        return "densenet", f"densenet with layers {','.join(map(str, blocks))}, growth {k}, stem {2 * k}"
    bottleneck, blocks = networks.BLOCKS[name]
    family = "preresnet" if name == "resnet200" else "resnet"
    kind = "bottleneck" if bottleneck else "basic"
    return family, f"{family} with {kind} blocks {','.join(map(str, blocks))}, stem 64, width 64, groups 1"


def expect(net):
    with torch.no_grad():
        net, x = net.double(), networks.picture(1).double()
        features = net.features(x)
        logits = (net[-1] if isinstance(net, networks.Torch7) else getattr(net, "fc", None) or net.classifier)(features)
        net.float()
    return features.flatten().tolist(), logits.flatten().tolist()


def forms(name):
    """File name, network, writer, parameters."""
    seed = sorted(PARAMETERS).index(name)
    net = networks.randomise(networks.full(name, torch7=True), seed)
    yield name + ".t7", net, lambda f: files.write_torch7(f, net), SHIPPED.get(name, PARAMETERS[name])
    plain = networks.randomise(networks.full(name, torch7=False), 100 + seed)
    if hasattr(torchvision.models, name):  # the same keys and the same numbers as the real thing
        real = getattr(torchvision.models, name)()
        real.load_state_dict(plain.state_dict())
        with torch.no_grad():
            x = networks.picture(1)
            assert torch.allclose(real.eval()(x), plain(x), rtol=1e-4, atol=1e-4), name
    yield name + ".pth", plain, lambda f: torch.save(plain.state_dict(), f), PARAMETERS[name]
    yield name + ".safetensors", plain, lambda f: files.write_safetensors(f, plain.state_dict(), torch.float32), PARAMETERS[name]


def macs(model):
    """Multiply-accumulates at 224 x 224, by onnx's own shape inference."""
    model.graph.input[0].type.tensor_type.shape.CopyFrom(onnx.TensorShapeProto(
        dim=[onnx.TensorShapeProto.Dimension(dim_value=d) for d in (1, 3, 224, 224)]))
    inferred = onnx.shape_inference.infer_shapes(model).graph
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in [*inferred.value_info, *inferred.output]}
    weights = {t.name: t.dims for t in model.graph.initializer}
    total = 0
    for node in model.graph.node:
        if node.op_type == "Conv":
            _, ci, kh, kw = weights[node.input[1]]
            _, co, h, w = shapes[node.output[0]]
            total += co * h * w * ci * kh * kw
        if node.op_type == "Gemm":
            total += weights[node.input[1]][0] * weights[node.input[1]][1]
    return total


def check(path, name):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    got = macs(model) / 1e9
    assert abs(got - GIGAMACS[name]) < 6e-4, f"{name}: {got} GMAC, want {GIGAMACS[name]}"


def compare(name, test):
    with tempfile.TemporaryDirectory() as folder:
        expected = []
        for file, net, write, parameters in forms(name):
            write(os.path.join(folder, file))
            features, logits = expect(net)
            family, text = structure(name)
            expected.append(dict(file=file, architecture=TWINS.get(name, name), family=family, structure=text,
                                 parameters=parameters, features=features, logits=logits))
        with open(os.path.join(folder, "expected.json"), "w") as f:
            json.dump(expected, f)
        subprocess.run([test, "-test.run", "^TestReferences$", "-test.v"], check=True,
                       cwd=os.path.join(ROOT, "convert"), env={**os.environ, "AKIN_REFERENCES": folder})
        for e in expected:
            check(os.path.join(folder, e["file"] + ".onnx"), name)
    print(f"{name}: features, logits, parameters, GMAC and ONNX checker agree in {len(expected)} formats", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        test = os.path.join(folder, "convert.test")
        subprocess.run(["go", "test", "-c", "-o", test, "./convert"], check=True, cwd=ROOT)
        for name in sys.argv[1:] or PARAMETERS:
            compare(name, test)


if __name__ == "__main__":
    main()
