#!/usr/bin/python3
"""A small Swin as torchvision exports it, and what PyTorch makes of three tensors.

Reference for TestLayersOfASwin. Its grid of 7 x 7 places is padded to windows of 3,
rolled, parted into windows and put together again; 28 x 28 is no size of a published
Swin, so that nothing fits by chance. swin.json has, for every layer between blocks, the
mean over its places, taken by hooks. Written with PyTorch 1.13, torchvision 0.14.

    cd model/testdata/swin && ./swin.py
"""
import gzip
import io
import json
import tarfile

import torch
from torchvision.models.swin_transformer import SwinTransformer

torch.manual_seed(1)
net = SwinTransformer(patch_size=[4, 4], embed_dim=8, depths=[2, 2], num_heads=[2, 4], window_size=[3, 3], num_classes=5, stochastic_depth_prob=0).eval()
with torch.no_grad():
    for p in net.parameters():  # the usual start leaves blocks with next to no effect
        p.add_(0.3 * torch.randn_like(p))

size = 3 * 28 * 28
i = torch.arange(3 * size, dtype=torch.int64)
tensor = ((i * 2654435761 >> 8 & 0xFFFF).double() / 16384 - 2).float().reshape(3, 3, 28, 28)

means = {}  # by the name that the graph gives what a module returns
NODES = {"features.0": "features.0.2/LayerNormalization", "features.2": "reduction/MatMul"} | {f"features.{s}.{b}": f"features.{s}.{b}/Add_1" for s in (1, 3) for b in (0, 1)}
for name, last in NODES.items():
    node = "/features/%s/%s_output_0" % (name[:10], last)
    net.get_submodule(name).register_forward_hook(lambda m, a, out, node=node: means.__setitem__(node, out.mean((1, 2)).tolist()))
with torch.no_grad():
    logits = net(tensor)
means["logits"] = logits.tolist()
for module in net.modules():
    module._forward_hooks.clear()

buffer = io.BytesIO()
torch.onnx.export(net, torch.cat([tensor[:1], tensor[:1]]), buffer, input_names=["input"], output_names=["logits"],
                  dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}}, opset_version=17)
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
    entry = tarfile.TarInfo("swin.onnx")
    entry.size = buffer.tell()
    tar.addfile(entry, io.BytesIO(buffer.getvalue()))
with open("swin.tar.gz", "wb") as f:
    f.write(gzip.compress(packed.getvalue(), 9, mtime=0))
with open("swin.json", "w") as f:
    json.dump({k: [[float("%.7g" % x) for x in v] for v in rows] for k, rows in means.items()}, f, indent=1)
