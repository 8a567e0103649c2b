"""Makes net.onnx: names that command a terminal, and a node that fails when it is run.

Run with onnx 1.12: python3 make.py
"""
import numpy as np
import onnx.helper as H
import onnx.numpy_helper as NH

BAD = "\x1b]0;owned\x07\r\u202e\u009b2J"
x = H.make_tensor_value_info("x" + BAD, 1, ("n", 3, 16, 16))
y = H.make_tensor_value_info("features", 1, ("n", 1, 4, 4))
weights = np.random.default_rng(1).standard_normal((8, 3, 4, 4)).astype(np.float32)
nodes = [
    H.make_node("Conv", [x.name, "w" + BAD], ["c" + BAD], strides=[4, 4], name="conv" + BAD),
    H.make_node("Gather", ["c" + BAD, "place"], ["features"], axis=1, name="gather" + BAD),
]
graph = H.make_graph(nodes, "g", [x], [y], [NH.from_array(weights, "w" + BAD), NH.from_array(np.array([99]), "place")])
model = H.make_model(graph, opset_imports=[H.make_opsetid("", 15)])
model.ir_version = 8
open("net.onnx", "wb").write(model.SerializeToString())
