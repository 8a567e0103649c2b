"""Makes kinds.onnx with the onnx package: a model that uses the format's less common parts.

Tensors of all element types in their typed data fields, holding 0, 1, 2; a
node with sub-graphs; inputs of unknown rank and of another type than tensor;
documentation, metadata, a second operator set and quantisation notes. It need
not make sense as a network.
"""
import os

import onnx
from onnx import TensorProto as T
from onnx import helper as h

FIELDS = {
    "float_data": [T.FLOAT], "double_data": [T.DOUBLE], "int64_data": [T.INT64], "uint64_data": [T.UINT32, T.UINT64],
    "int32_data": [T.INT32, T.INT16, T.INT8, T.UINT16, T.UINT8, T.BOOL, T.FLOAT16, T.BFLOAT16],
}

tensors = []
for field, types in FIELDS.items():
    for t in types:
        p = T(name=T.DataType.Name(t), data_type=t, dims=[3])
        bits = {T.FLOAT16: [0, 0x3C00, 0x4000], T.BFLOAT16: [0, 0x3F80, 0x4000], T.BOOL: [0, 1, 1]}.get(t, [0, 1, 2])
        getattr(p, field).extend(bits)
        tensors.append(p)
tensors.append(T(name="STRING", data_type=T.STRING, dims=[2], string_data=[b"a", b"b"]))
elsewhere = T(name="elsewhere", data_type=T.FLOAT, dims=[5], data_location=T.EXTERNAL)
elsewhere.external_data.add(key="location", value="weights.bin")
tensors.append(elsewhere)

branch = h.make_graph([h.make_node("Identity", ["x"], ["y"])], "branch", [], [h.make_tensor_value_info("y", T.FLOAT, None)])
node = h.make_node("If", ["BOOL"], ["z"], name="choice", doc_string="either way", then_branch=branch, else_branch=branch)
other = h.make_node("Odd", ["", "x"], ["o", ""], domain="example", f=1.5, i=-7, s="text", floats=[1.0, 2.5], ints=[1, -2],
                    strings=["p", "q"], t=tensors[0])
graph = h.make_graph(
    [node, other], "kinds",
    [h.make_tensor_value_info("x", T.FLOAT, ["batch", 3, None]), h.make_tensor_value_info("any", T.FLOAT, None),
     h.make_tensor_value_info("scalar", T.FLOAT, []), h.make_tensor_sequence_value_info("list", T.FLOAT, [1])],
    [h.make_tensor_value_info("z", T.FLOAT, None)], tensors, doc_string="a graph",
    value_info=[h.make_tensor_value_info("o", T.FLOAT16, [2])])
graph.quantization_annotation.add(tensor_name="x")
model = h.make_model(graph, producer_name="make.py", opset_imports=[h.make_opsetid("", 13), h.make_opsetid("example", 2)])
model.ir_version = 8
model.doc_string = "a model"
model.model_version = 4
h.set_model_props(model, {"key": "value"})
onnx.save(model, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kinds.onnx"))
