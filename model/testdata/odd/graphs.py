"""Makes graphs.tar.gz and graphs.json: tiny odd networks, and what is right of each.

Run with onnx 1.12 and PyTorch 1.13: python3 graphs.py

Pictures are 3 x 16 x 16, values made of their index; features are PyTorch's, in double
precision on the same weights. "error" is what a refusal must say. "layer" is asked for with
"pooling"; "layout" is what the graph must show of it ("" where it cannot be told).
"""
import os
import sys

import numpy as np
import onnx
import onnx.helper as H
import onnx.numpy_helper as NH
import torch
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "..", "references"))
import corpus  # noqa: E402

FILES, CASES = {}, []
N, C = 3, 8
FLOAT, DOUBLE, HALF, INT64, UINT8, BOOL = 1, 11, 10, 7, 2, 9


def pictures(side=16, n=N):
    i = np.arange(n * 3 * side * side, dtype=np.int64)
    return torch.tensor(((i * 2654435761 >> 8) & 0xFFFF) / 16384 - 2).reshape(n, 3, side, side)


X = pictures()
rng = np.random.default_rng(3)


def weights(*shape):
    return (rng.standard_normal(shape) / np.sqrt(max(1, np.prod(shape[1:])))).astype(np.float32)


class Graph:
    """Nodes with the PyTorch value of every edge."""

    def __init__(self, shape=("n", 3, 16, 16), elem=FLOAT, opset=15):
        self.nodes, self.inits, self.opset, self.values, self.count = [], [], opset, [], 0
        self.inputs = [H.make_tensor_value_info("x", elem, shape)]

    def const(self, value, name=None):
        self.count += 1
        name = name or f"k{self.count}"
        self.inits.append(NH.from_array(np.asarray(value), name))
        return name

    def node(self, op, *inputs, out=None, **attributes):
        self.count += 1
        out = out or f"v{self.count}"
        self.nodes.append(H.make_node(op, list(inputs), out.split(), name=out.split()[0] + "-node", **attributes))
        return out

    def conv(self, x="x", w=None, out=None, **attributes):
        return self.node("Conv", x, self.const(W if w is None else w), out=out, **({"strides": [4, 4]} | attributes))

    def pooled(self, x, out="features"):
        return self.node("Flatten", self.node("GlobalAveragePool", x), out=out)

    def bytes(self, *outputs, elem=FLOAT, shape=("n", C), domains=()):
        outputs = outputs or ("features",)
        ends = [o if not isinstance(o, str) else H.make_tensor_value_info(o, elem, shape) for o in outputs]
        g = H.make_graph(self.nodes, "odd", self.inputs, ends, self.inits)
        m = H.make_model(g, opset_imports=[H.make_opsetid("", self.opset)] + [H.make_opsetid(d, 1) for d in domains])
        m.ir_version = 8
        return m.SerializeToString()


W = weights(C, 3, 4, 4)
MAP = F.relu(F.conv2d(X, torch.tensor(W).double(), stride=4))  # 4 x 4
MEAN = MAP.mean((2, 3))


def case(name, data, features=None, **facts):
    FILES[name + ".onnx"] = data
    if features is not None:
        facts["features"] = [[float(f"{v:.9g}") for v in row] for row in torch.as_tensor(features).reshape(N, -1).tolist()]
    CASES.append(dict(file=name + ".onnx", **facts))


def plain(**k):
    g = Graph(**k)
    r = g.node("Relu", g.conv())
    return g, r


def inputs():
    for name, shape in {"open": ("n", 3, "h", "w"), "named-channels": ("n", "c", "h", "w"), "fixed-batch-1": (1, 3, 16, 16), "fixed-batch-3": (3, 3, 16, 16),
                        "fixed-batch-5": (5, 3, 16, 16)}.items():
        g, r = plain(shape=shape)
        g.pooled(r)
        case("input-" + name, g.bytes(), MEAN)
    g, r = plain()
    g.pooled(r)
    g.inputs[0].type.tensor_type.ClearField("shape")
    case("input-without-shape", g.bytes(), MEAN)
    g = Graph(shape=None)
    g.pooled(g.node("Relu", g.conv(g.node("Transpose", "x", perm=[0, 3, 1, 2]))))
    case("input-without-shape-last", g.bytes(), MEAN)
    for name, shape in {"fixed": ("n", 16, 16, 3), "open": ("n", "h", "w", 3), "all-open": ("n", "h", "w", "c"), "batch-1": (1, 16, 16, 3)}.items():
        g = Graph(shape=shape)
        g.pooled(g.node("Relu", g.conv(g.node("Transpose", "x", perm=[0, 3, 1, 2]))))
        case("input-channels-last-" + name, g.bytes(), MEAN)
    for name, shape, error in (("scalar", [], "single number"), ("rank-3", [3, 16, 16], "without an axis for the pictures"), ("rank-2", ["n", 768], "neither N x 3"),
                               ("rank-5", ["n", 1, 3, 16, 16], "neither N x 3"), ("grey", ["n", 1, 16, 16], "three channels"), ("rgba", ["n", 4, 16, 16], "three channels"),
                               ("other-size", ["n", 3, 32, 32], "the recipe gives 3x16x16"), ("last-other-size", ["n", 32, 32, 3], "the recipe gives 3x16x16")):
        g, r = plain(shape=shape)
        g.pooled(r)
        case("input-" + name, g.bytes(), error=error)
    for name, elem in (("int64", INT64), ("bool", BOOL), ("int8", 3)):
        g = Graph(elem=elem)
        g.pooled(g.node("Relu", g.conv(g.node("Cast", "x", to=FLOAT))))
        case("input-" + name, g.bytes(), error="holds " + name)
    g = Graph(elem=DOUBLE)
    g.pooled(g.node("Relu", g.conv(g.node("Cast", "x", to=FLOAT))))
    case("input-double", g.bytes(), MEAN)
    g = Graph(elem=HALF)
    g.pooled(g.node("Relu", g.conv(g.node("Cast", "x", to=FLOAT))))
    half = F.relu(F.conv2d(X.half().double(), torch.tensor(W).double(), stride=4)).mean((2, 3))
    case("input-half", g.bytes(), half)
    g = Graph(elem=UINT8)
    g.pooled(g.node("Relu", g.conv(g.node("Cast", "x", to=FLOAT))))
    case("input-uint8", g.bytes(), error="whole numbers")
    g, r = plain()
    g.inputs.append(H.make_tensor_value_info("mask", FLOAT, ["n", C]))
    g.node("Mul", g.pooled(r, "p"), "mask", out="features")
    case("input-two", g.bytes(), error='inputs "x", "mask"')
    g, r = plain()
    g.inputs.append(H.make_tensor_value_info("gain", FLOAT, [1]))
    g.node("Mul", g.pooled(r, "p"), g.const(np.array([2.], np.float32), "gain"), out="features")
    case("input-with-default", g.bytes(), 2 * MEAN)
    g = Graph()
    g.inputs = []
    g.node("Identity", g.const(np.ones((3, C), np.float32)), out="features")
    case("input-none", g.bytes(), error="has the inputs")


def outputs():
    g, r = plain()
    g.node("Cast", g.pooled(r, "p"), out="features", to=HALF)
    case("output-half", g.bytes(elem=HALF), MEAN.float().half(), within=2e-3)
    g, r = plain()
    g.node("Cast", g.pooled(r, "p"), out="features", to=DOUBLE)
    case("output-double", g.bytes(elem=DOUBLE), MEAN)
    g, r = plain()
    g.node("Cast", g.pooled(r, "p"), out="features", to=INT64)
    case("output-int64", g.bytes(elem=INT64), error="holds int64")
    g, r = plain()
    g.node("Identity", r, out="features")
    case("output-map", g.bytes(shape=("n", C, 4, 4)), MAP)
    g, r = plain()
    g.node("ReduceMean", g.pooled(r, "p"), out="features", axes=[1], keepdims=0)
    case("output-one-number", g.bytes(shape=("n",)), MEAN.mean(1))
    g, r = plain()
    g.node("ReduceMean", g.pooled(r, "p"), out="features", keepdims=0)
    case("output-scalar", g.bytes(shape=()), error="single number")
    g, r = plain()
    g.node("Transpose", g.pooled(r, "p"), out="features", perm=[1, 0])
    case("output-transposed", g.bytes(shape=(C, "n")), error="want 4 rows")
    g = Graph()
    r = g.node("Relu", g.conv(w=W[:4]))
    g.node("Transpose", g.pooled(r, "p"), out="features", perm=[1, 0])
    case("output-transposed-square", g.bytes(shape=(4, "n")), error="batch that is not the first axis")
    g, r = plain()
    p = g.pooled(r, "p")
    g.node("ReduceMean", p, out="features", axes=[0], keepdims=0)
    case("output-without-batch", g.bytes(shape=(C,)), error="rows")
    g, r = plain()
    g.pooled(r, "other")
    case("output-missing", g.bytes("other"), error='no output "features"')
    g, r = plain()
    g.pooled(g.node("Mul", r, g.const(np.float32(np.inf))))
    case("output-infinite", g.bytes(), torch.where(MEAN > 0, torch.inf, torch.nan), finite=False)


def training():
    bn = {k: rng.uniform(.5, 1.5, C).astype(np.float32) for k in "sv"} | {k: weights(C) for k in "bm"}
    t = {k: torch.tensor(v).double() for k, v in bn.items()}
    raw = F.conv2d(X, torch.tensor(W).double(), stride=4)
    right = F.relu(F.batch_norm(raw, t["m"], t["v"], t["s"], t["b"])).mean((2, 3))
    for name, opset, extra, outs in (("evaluation", 15, {}, "y"), ("training", 15, {"training_mode": 1}, "y om ov"), ("training-14", 14, {"training_mode": 1}, "y om ov"),
                                     ("evaluation-9", 9, {}, "y")):
        g = Graph(opset=opset)
        y = g.node("BatchNormalization", g.conv(), *[g.const(bn[k]) for k in "sbmv"], out=outs, **extra)
        g.pooled(g.node("Relu", y.split()[0]))
        case("batchnorm-" + name, g.bytes(), **({"error": "exported in training mode"} if extra else {"features": right}))
    for name, ratio, train, ok in (("training", .5, True, False), ("evaluation", .5, False, True), ("nothing-dropped", 0., True, True)):
        g, r = plain()
        g.node("Dropout", g.pooled(r, "p"), g.const(np.float32(ratio)), g.const(np.array(train)), out="features")
        case("dropout-" + name, g.bytes(), **({"features": MEAN} if ok else {"error": "exported in training mode"}))
    g, r = plain()
    flag = g.node("Cast", g.const(np.array(1, np.int64)), to=BOOL)
    g.node("Dropout", g.pooled(r, "p"), "", flag, out="features")
    case("dropout-training-by-cast", g.bytes(), error="drop")
    for op, extra in (("RandomNormalLike", {}), ("RandomUniformLike", {}), ("RandomUniformLike", {"seed": 3.}), ("Bernoulli", {})):
        g, r = plain()
        p = g.pooled(r, "p")
        q = g.node("Sigmoid", p) if op == "Bernoulli" else p
        g.node("Add", p, g.node(op, q, **extra), out="features")
        case("random-" + op + ("-seed" if extra else ""), g.bytes(), error="draws at random")
    g, r = plain()
    g.node("Add", g.pooled(r, "p"), g.node("RandomNormal", shape=[C]), out="features")
    case("random-RandomNormal", g.bytes(), error="draws at random")
    g, r = plain()
    p = g.pooled(r, "p")
    g.node("Add", p, g.node("Cast", g.node("Multinomial", p, sample_size=1), to=FLOAT), out="features")
    case("random-Multinomial", g.bytes(), error="draws at random")
    g, r = plain()
    p = g.pooled(r)
    g.node("Add", p, g.node("RandomNormalLike", p), out="unused")
    case("random-elsewhere", g.bytes("features", "unused"), MEAN)
    g, r = plain()
    p = g.pooled(r, "p")
    noise = H.make_graph([H.make_node("RandomNormal", [], ["rn"], shape=[C])], "t", [], [H.make_tensor_value_info("rn", FLOAT, [C])])
    g.node("Add", p, g.node("If", g.const(np.array(True)), then_branch=noise, else_branch=noise), out="features")
    case("random-in-branch", g.bytes(), error="changes from run to run")
    g, r = plain()
    p = g.pooled(r, "p")
    g.node("Sub", p, g.node("ReduceMean", p, axes=[0], keepdims=1), out="features")
    case("company-mean", g.bytes(), error="other pictures of its batch")
    g, r = plain()
    g.node("Softmax", g.pooled(r, "p"), out="features", axis=0)
    case("company-softmax", g.bytes(), error="other pictures of its batch")
    g, r = plain()
    p = g.pooled(r, "p")
    g.node("Div", p, g.node("ReduceMax", p, keepdims=0), out="features")
    case("company-maximum", g.bytes(), error="other pictures of its batch")
    g, r = plain()
    p = g.pooled(r, "p")
    g.node("DynamicQuantizeLinear", p, out="q qs qz")
    g.node("DequantizeLinear", "q", "qs", "qz", out="features")
    case("company-quantised", g.bytes(), error="one scale for all pictures")
    each = torch.stack([torch.round(m / (m.max().clamp(min=0) - m.min().clamp(max=0)) * 255) * (m.max().clamp(min=0) - m.min().clamp(max=0)) / 255 for m in MEAN])
    case("company-quantised-alone", g.bytes(), each, batch=1, within=1e-2)
    g, r = plain()
    y = g.node("InstanceNormalization", r, g.const(bn["s"]), g.const(bn["b"]), epsilon=1e-5)
    g.pooled(g.node("Relu", y))
    case("norm-instance", g.bytes(), F.relu(F.instance_norm(MAP, weight=t["s"], bias=t["b"])).mean((2, 3)))
    g, r = plain()
    g.pooled(g.node("LRN", r, size=3))
    case("norm-response", g.bytes(), F.local_response_norm(MAP, 3).mean((2, 3)))


def layer(name, build, features, layout, layer="block", pooling="", opset=15, shape=("n", 3, 16, 16), error=None, domains=()):
    g = Graph(opset=opset, shape=shape)
    r = g.node("Relu", g.conv())
    build(g, r)
    g.pooled(r)
    facts = dict(layer=layer, layout=layout, pooling=pooling)
    case("layer-" + name, g.bytes(domains=domains), **facts, **({"error": error} if error else {"features": features}))


GAIN = rng.uniform(.5, 2, C).astype(np.float32)
G = torch.tensor(GAIN).double()
last = lambda g, r: g.node("Transpose", r, perm=[0, 2, 3, 1])
flat = lambda g, r: g.node("Reshape", r, g.const(np.array([0, C, -1], np.int64)))
tokens = lambda g, r: g.node("Transpose", flat(g, r), perm=[0, 2, 1])
TOKENS = MAP.flatten(2).transpose(1, 2)  # n, 16, C
CLS = rng.standard_normal((1, 1, C)).astype(np.float32)
WITH = torch.cat([torch.tensor(CLS).double().expand(N, 1, C), TOKENS], 1)
M1, M2, M3 = weights(C, 6), weights(16, 10), weights(C, 3 * C)
T = lambda w: torch.tensor(w).double()


def shaped(g, r):
    """Tokens by Shape, Gather and Concat, as exporters write them."""
    n = g.node("Unsqueeze", g.node("Gather", g.node("Shape", r), g.const(np.array(0, np.int64)), axis=0), g.const(np.array([0], np.int64)))
    shape = g.node("Concat", n, g.const(np.array([C], np.int64)), g.const(np.array([-1], np.int64)), axis=0)
    return g.node("Transpose", g.node("Reshape", r, shape), perm=[0, 2, 1])


def with_class(g, t):
    n = g.node("Unsqueeze", g.node("Gather", g.node("Shape", t), g.const(np.array(0, np.int64)), axis=0), g.const(np.array([0], np.int64)))
    shape = g.node("Concat", n, g.const(np.array([1, C], np.int64)), axis=0)
    return g.node("Concat", g.node("Expand", g.const(CLS), shape), t, axis=1)


def block(g, x, k=GAIN, out="block"):
    return g.node("Mul", x, g.const(k), out=out)


def normed(g, x, out="block"):
    m = g.node("ReduceMean", x, axes=[-1], keepdims=1)
    c = g.node("Sub", x, m)
    v = g.node("ReduceMean", g.node("Pow", c, g.const(np.float32(2))), axes=[-1], keepdims=1)
    y = g.node("Div", c, g.node("Sqrt", g.node("Add", v, g.const(np.float32(1e-5)))))
    return g.node("Add", g.node("Mul", y, g.const(GAIN)), g.const(GAIN), out=out)


def attention(g, t, out="block"):
    q = g.node("MatMul", t, g.const(M3))
    g.node("Split", q, g.const(np.array([C, C, C], np.int64)), out="qq kk vv", axis=2)
    heads = lambda e, perm: g.node("Transpose", g.node("Reshape", e, g.const(np.array([0, 0, 2, C // 2], np.int64))), perm=perm)
    s = g.node("Softmax", g.node("MatMul", heads("qq", [0, 2, 1, 3]), heads("kk", [0, 2, 3, 1]), out="scores"), axis=-1)
    y = g.node("MatMul", s, heads("vv", [0, 2, 1, 3]), out="heads")
    return g.node("Reshape", g.node("Transpose", y, perm=[0, 2, 1, 3]), g.const(np.array([0, 0, C], np.int64)), out=out)


def attended():
    q, k, v = (TOKENS @ T(M3)).split(C, 2)
    h = lambda e: e.reshape(N, 16, 2, C // 2).transpose(1, 2)
    y = torch.softmax(h(q) @ h(k).transpose(2, 3), -1) @ h(v)
    return y


def windows(g, x):
    y = g.node("Reshape", last(g, x), g.const(np.array([-1, 2, 2, 2, 2, C], np.int64)))
    return g.node("Reshape", g.node("Transpose", y, perm=[0, 1, 3, 2, 4, 5]), g.const(np.array([-1, 4, C], np.int64)), out="windows")


def unwindowed(g, x):
    y = g.node("Reshape", block(g, windows(g, x), out="inner"), g.const(np.array([-1, 2, 2, 2, 2, C], np.int64)))
    return g.node("Reshape", g.node("Transpose", y, perm=[0, 1, 3, 2, 4, 5]), g.const(np.array([-1, 4, 4, C], np.int64)), out="block")


def rolled(g, x):
    cut = lambda a, b: g.node("Slice", x, g.const(np.array([a], np.int64)), g.const(np.array([b], np.int64)), g.const(np.array([1], np.int64)))
    return block(g, g.node("Concat", cut(1, 1 << 40), cut(0, 1), axis=1))


def merged(g, x):
    part = lambda i, j: g.node("Slice", x, *[g.const(np.array(v, np.int64)) for v in ([i, j], [1 << 40, 1 << 40], [1, 2], [2, 2])])
    return g.node("Concat", part(0, 0), part(1, 0), part(0, 1), part(1, 1), out="block", axis=-1)


def layers():
    layer("map", lambda g, r: block(g, r, GAIN.reshape(C, 1, 1)), MEAN * G, "NCHW")
    layer("map-max", lambda g, r: block(g, r, GAIN.reshape(C, 1, 1)), MAP.amax((2, 3)) * G, "NCHW", pooling="max")
    layer("map-flat", lambda g, r: block(g, r, GAIN.reshape(C, 1, 1)), MAP * G.reshape(C, 1, 1), "NCHW", pooling="flatten")
    layer("map-cls", lambda g, r: block(g, r, GAIN.reshape(C, 1, 1)), None, "NCHW", pooling="cls", error="holds no tokens")
    layer("last", lambda g, r: block(g, last(g, r)), MEAN * G, "NHWC")
    layer("last-open", lambda g, r: block(g, last(g, r)), MEAN * G, "NHWC", shape=("n", 3, "h", "w"))
    layer("last-max", lambda g, r: block(g, last(g, r)), (MAP.permute(0, 2, 3, 1) * G).amax((1, 2)), "NHWC", pooling="max")
    layer("last-flat", lambda g, r: block(g, last(g, r)), MAP.permute(0, 2, 3, 1) * G, "NHWC", pooling="flatten")
    layer("last-said-so", lambda g, r: block(g, last(g, r)), MEAN * G, "NHWC", pooling="avg:nhwc")
    layer("last-normed", lambda g, r: normed(g, last(g, r)), (F.layer_norm(MAP.permute(0, 2, 3, 1), (C,)) * G + G).mean((1, 2)), "NHWC")
    layer("last-dense", lambda g, r: g.node("MatMul", last(g, r), g.const(M1), out="block"), MEAN @ T(M1), "NHWC")
    layer("batch-1-last", lambda g, r: block(g, last(g, r)), MEAN * G, "NHWC", shape=(1, 3, 16, 16))
    layer("swapped", lambda g, r: g.node("Transpose", block(g, r, GAIN.reshape(C, 1, 1), out="m"), out="block", perm=[0, 1, 3, 2]), MEAN * G, "NCWH")
    layer("tokens", lambda g, r: block(g, tokens(g, r)), MEAN * G, "NTC")
    layer("tokens-by-shape", lambda g, r: block(g, shaped(g, r)), MEAN * G, "NTC")
    layer("tokens-cls", lambda g, r: block(g, tokens(g, r)), None, "NTC", pooling="cls", error="none is a class token")
    layer("tokens-cls-said-so", lambda g, r: block(g, tokens(g, r)), TOKENS[:, 0] * G, "NTC", pooling="cls:NTC")
    layer("class-token", lambda g, r: block(g, with_class(g, tokens(g, r))), WITH.mean(1) * G, "NTC")
    layer("class-token-cls", lambda g, r: block(g, with_class(g, tokens(g, r))), WITH[:, 0] * G, "NTC", pooling="cls")
    layer("class-token-cut", lambda g, r: g.node("Slice", with_class(g, tokens(g, r)), *[g.const(np.array([v], np.int64)) for v in (1, 1 << 40, 1)], out="block"), MEAN, "NTC")
    layer("class-token-picked", lambda g, r: g.node("Gather", block(g, with_class(g, tokens(g, r)), out="m"), g.const(np.array(0, np.int64)), out="block", axis=1), WITH[:, 0] * G, "NC")
    layer("tokens-first", lambda g, r: block(g, g.node("Transpose", tokens(g, r), perm=[1, 0, 2])), MEAN * G, "TNC")
    layer("tokens-first-flat", lambda g, r: block(g, g.node("Transpose", tokens(g, r), perm=[1, 0, 2])), TOKENS * G, "TNC", pooling="flatten")
    layer("class-token-first", lambda g, r: block(g, g.node("Transpose", with_class(g, tokens(g, r)), perm=[1, 0, 2])), WITH[:, 0] * G, "TNC", pooling="cls")
    layer("channels-by-places", lambda g, r: block(g, flat(g, r), GAIN.reshape(C, 1)), MEAN * G, "NCT")
    layer("channels-by-places-flat", lambda g, r: g.node("Flatten", r, out="block"), MAP.flatten(1), "", layer="block")
    layer("attention", lambda g, r: attention(g, tokens(g, r)), attended().transpose(1, 2).flatten(2).mean(1), "NTC")
    layer("heads", lambda g, r: attention(g, tokens(g, r)), attended().mean(2).flatten(1), "NCTC", layer="heads")
    layer("mixer", lambda g, r: g.node("MatMul", flat(g, r), g.const(M2), out="block"), (MAP.flatten(2) @ T(M2)).mean(2), "NCT")
    layer("windows", lambda g, r: unwindowed(g, r), None, "", layer="windows", error="cannot be told")
    layer("windows-joined", lambda g, r: unwindowed(g, r), MEAN * G, "NHWC")
    layer("rolled", lambda g, r: rolled(g, last(g, r)), MEAN * G, "NHWC")
    y = MAP.permute(0, 2, 3, 1)
    merge = torch.cat([y[:, i::2, j::2] for i, j in ((0, 0), (1, 0), (0, 1), (1, 1))], -1)
    layer("merged", lambda g, r: merged(g, last(g, r)), merge.mean((1, 2)), "NHWC")
    layer("without-channels", lambda g, r: g.node("ReduceMax", r, out="block", axes=[1], keepdims=0), None, "NHW", error="no axis holds channels")
    layer("without-channels-flat", lambda g, r: g.node("ReduceMax", r, out="block", axes=[1], keepdims=0), MAP.amax(1), "NHW", pooling="flatten")
    layer("one-place", lambda g, r: g.node("GlobalAveragePool", r, out="block"), MEAN, "NCHW")
    layer("one-place-last", lambda g, r: block(g, last(g, g.node("GlobalAveragePool", r))), MEAN * G, "NHWC")
    layer("vector", lambda g, r: block(g, g.pooled(r, "p")), MEAN * G, "NC")
    layer("depth-to-space", lambda g, r: g.node("DepthToSpace", r, out="block", blocksize=2), 
          torch.einsum("nabchw->nchawb", MAP.reshape(N, 2, 2, C // 4, 4, 4)).reshape(N, C // 4, 8, 8).mean((2, 3)), "NCHW")
    layer("einsum", lambda g, r: g.node("Einsum", tokens(g, r), g.const(M1), out="block", equation="ntc,cd->ntd"), MEAN @ T(M1), "NTC")
    layer("untraced", lambda g, r: g.node("NonMaxUnknown", r, out="block", domain="odd"), None, "", error="odd", domains=("odd",))
    layer("loop", lambda g, r: branch(g, r), None, "", error="axes are not known")
    layer("loop-said-so", lambda g, r: branch(g, r), MEAN, "", pooling="avg:NCHW")
    layer("loop-flat", lambda g, r: branch(g, r), MAP, "", pooling="flatten")
    layer("loop-wrong-rank", lambda g, r: branch(g, r), None, "", pooling="avg:NTC", error="rank 4")
    layer("said-wrong-rank", lambda g, r: block(g, last(g, r)), None, "NHWC", pooling="avg:NTC", error="3 axes, the layer 4")


def branch(g, r):
    same = lambda: H.make_graph([H.make_node("Identity", [r], [r + "-same"])], "b", [], [H.make_tensor_value_info(r + "-same", FLOAT, None)])
    return g.node("If", g.node("Greater", g.node("ReduceMax", r, keepdims=0), g.const(np.float32(-1))), out="block", then_branch=same(), else_branch=same())


def write(name):
    corpus.write(here, name, FILES, CASES)


if __name__ == "__main__":
    for make in (inputs, outputs, training, layers):
        make()
    write("graphs")
