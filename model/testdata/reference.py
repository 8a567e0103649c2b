#!/usr/bin/python3
"""Features of 20 photographs by Pillow preprocessing and PyTorch arithmetic.

Reference for TestFeaturesAgreeWithPyTorch: runs the ONNX graph node by node in
PyTorch (float32) on pictures that Pillow decoded, composed over white, resized
and cropped. Written with Pillow 9.4, PyTorch 1.13, onnx 1.12.

    model/testdata/reference.py SHARED > model/testdata/mobilenet_v1_0.75_192.json
"""
import hashlib
import json
import sys

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import torch.nn.functional as F
from PIL import Image

shared = sys.argv[1]
GRAPH = "models/mobilenet_v1_0.75_192.onnx"
JPEGS = [
    "n01440764_tench", "n01558993_robin", "n01820546_lorikeet", "n02007558_flamingo", "n02128925_jaguar",
    "n02391049_zebra", "n02787622_banjo", "n02793495_barn", "n02823428_beer_bottle", "n02948072_candle",
]
PNGS = [
    "neu_01a_truck", "neu_02a_bee", "neu_07b_camera", "neu_08a_strawberry", "neu_10a_bbat",
    "tax_01a_train", "tax_02a_helmet", "tax_04a_car", "tax_05a_panda", "tax_05b_grizzly",
]
SHORTER, CROP = 219, 192


def pixels(path):
    image = Image.open(path)
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (255, 255, 255, 255)), image)
    image = image.convert("RGB")
    width, height = image.size
    if width <= height:
        size = (SHORTER, int(SHORTER * height / width))
    else:
        size = (int(SHORTER * width / height), SHORTER)
    image = image.resize(size, Image.BILINEAR)
    left, top = round((size[0] - CROP) / 2), round((size[1] - CROP) / 2)
    return np.asarray(image.crop((left, top, left + CROP, top + CROP)), np.float32)


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def run(model, x):
    values = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in model.graph.initializer}
    values["input"] = x
    for node in model.graph.node:
        at = attributes(node)
        given = [values[name] for name in node.input]
        if node.op_type == "Conv":
            top, left, bottom, right = at["pads"]
            padded = F.pad(given[0], (left, right, top, bottom))
            out = F.conv2d(padded, given[1], given[2], tuple(at["strides"]), groups=at["group"])
        elif node.op_type == "Clip":
            out = torch.clamp(given[0], float(given[1]), float(given[2]))
        elif node.op_type == "GlobalAveragePool":
            out = given[0].mean((2, 3), keepdim=True)
        elif node.op_type == "Flatten":
            out = given[0].flatten(1)
        else:
            break  # the class slice; features are done
        values[node.output[0]] = out
    return values["features"]


model = onnx.load(f"{shared}/{GRAPH}")
result = {"graph": GRAPH, "pictures": []}
for path in [f"images/imagenet-sample/{n}.JPEG" for n in JPEGS] + [f"sets/photo-pairs/pictures/{n}.png" for n in PNGS]:
    x = (pixels(f"{shared}/{path}") - np.float32(128)) / np.float32(128)
    with torch.no_grad():
        features = run(model, torch.from_numpy(x.transpose(2, 0, 1).copy())[None])[0]
    digest = hashlib.sha256(open(f"{shared}/{path}", "rb").read()).hexdigest()
    result["pictures"].append({"path": path, "sha256": digest, "features": [float(f"{v:.7g}") for v in features]})
json.dump(result, sys.stdout, separators=(",", ":"))
print()
