"""Makes tiny networks of kinds that are not plain convolutions one after another.

Run with onnx 1.12: python3 make.py. Each takes N x 3 x 32 x 32 and gives 16 features.
"""
import os

import numpy as np
import onnx
import onnx.helper as H
import onnx.numpy_helper as NH

here = os.path.dirname(os.path.abspath(__file__))


class Graph:
    def __init__(self, seed):
        self.rng, self.nodes, self.inits, self.count = np.random.default_rng(seed), [], [], 0

    def const(self, value):
        self.count += 1
        self.inits.append(NH.from_array(np.asarray(value), f"k{self.count}"))
        return f"k{self.count}"

    def weights(self, *shape):
        return self.const((self.rng.standard_normal(shape) * (1.6 / np.sqrt(np.prod(shape[1:])))).astype(np.float32))

    def __call__(self, op, *inputs, out=None, **attributes):
        self.count += 1
        out = out or f"v{self.count}"
        self.nodes.append(H.make_node(op, list(inputs), [out], **attributes))
        return out

    def conv(self, x, i, o, k=1, groups=1, stride=1):
        bias = self.const((self.rng.standard_normal(o) / 10).astype(np.float32))
        return self("Conv", x, self.weights(o, i // groups, k, k), bias, pads=[k // 2] * 4, strides=[stride] * 2, group=groups)

    def stem(self):
        return self("Relu", self.conv("x", 3, 16, 3, stride=2))

    def squeeze(self, x, gate="Sigmoid"):
        s = self("Relu", self.conv(self("GlobalAveragePool", x), 16, 4))
        return self("Mul", x, self(gate, self.conv(s, 4, 16)))

    def save(self, name, x):
        self("Flatten", self("GlobalAveragePool", x), out="features")
        g = H.make_graph(self.nodes, name, [H.make_tensor_value_info("x", 1, ["n", 3, 32, 32])], [H.make_tensor_value_info("features", 1, ["n", 16])], self.inits)
        m = H.make_model(g, opset_imports=[H.make_opsetid("", 15)])
        m.ir_version = 8
        with open(os.path.join(here, name + ".onnx"), "wb") as f:
            f.write(m.SerializeToString())


def squeeze_excitation():
    g = Graph(1)
    x = g.stem()
    for _ in range(3):
        x = g("Relu", g("Add", g.squeeze(g.conv(g("Relu", g.conv(x, 16, 16, 3)), 16, 16, 3)), x))
    g.save("squeeze-excitation", x)


def regnet():
    g = Graph(2)
    x = g.stem()
    for _ in range(3):
        y = g("Relu", g.conv(x, 16, 16))
        y = g.squeeze(g("Relu", g.conv(y, 16, 16, 3, groups=4)))
        x = g("Relu", g("Add", g.conv(y, 16, 16), x))
    g.save("regnet", x)


def mobilenet():
    g = Graph(3)
    swish = lambda x: g("Mul", x, g("HardSigmoid", x, alpha=1 / 6))
    x = swish(g.conv("x", 3, 16, 3, stride=2))
    for _ in range(3):
        y = swish(g.conv(x, 16, 32))
        y = swish(g.conv(y, 32, 32, 3, groups=32))
        x = g("Add", g.conv(y, 32, 16), x)
    g.save("mobilenet", x)


def convnext():
    g = Graph(4)
    one = lambda v: g.const(np.float32(v))

    def normed(x):
        c = g("Sub", x, g("ReduceMean", x, axes=[-1], keepdims=1))
        v = g("ReduceMean", g("Pow", c, one(2)), axes=[-1], keepdims=1)
        return g("Div", c, g("Sqrt", g("Add", v, one(1e-6))))

    x = g.conv("x", 3, 16, 4, stride=4)
    x = g("Transpose", normed(g("Transpose", x, perm=[0, 2, 3, 1])), perm=[0, 3, 1, 2])
    for i in range(3):
        y = normed(g("Transpose", g.conv(x, 16, 16, 7, groups=16), perm=[0, 2, 3, 1]))
        y = g("MatMul", y, g.weights(16, 64))
        y = g("Mul", g("Mul", y, one(.5)), g("Add", g("Erf", g("Mul", y, one(.7071))), one(1)))
        y = g("Transpose", g("MatMul", y, g.weights(64, 16)), perm=[0, 3, 1, 2])
        x = g("Add", x, y)
        if i == 1:
            x = g.conv(x, 16, 16, 3)
    g.save("convnext", x)


squeeze_excitation()
regnet()
mobilenet()
convnext()
