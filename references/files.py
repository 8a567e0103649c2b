"""Writers of the weight files that akin reads: own code, by the formats' descriptions."""
import io
import json
import pickle
import struct
import tarfile

import numpy as np
import torch
from torch import nn

import networks


def write_safetensors(path, tensors, dtype):
    header, blobs, at = {"__metadata__": {"format": "pt"}}, [], 0
    for key, t in tensors.items():
        t = t.detach()
        name = "I64"
        if t.is_floating_point():
            t, name = t.to(dtype), {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}[dtype]
        t = t.contiguous()
        blob = (t.view(torch.int16) if t.element_size() == 2 else t).numpy().tobytes()
        header[key] = {"dtype": name, "shape": list(t.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        f.writelines(blobs)


class _Reference:
    """Stands for a tensor in the pickle of a tar container."""

    def __init__(self, key):
        self.key = key


class _TarPickler(pickle.Pickler):
    def persistent_id(self, obj):
        return str(obj.key) if isinstance(obj, _Reference) else None


def write_tar(path, tensors):
    """The container of PyTorch 0.1, which torch.load still reads. All floats
    share one storage, of which each tensor has a view."""
    def dumps(*values):
        return b"".join(pickle.dumps(v, protocol=2) for v in values)

    def raw(t):
        return t.detach().contiguous().numpy().tobytes()

    floats = [t for t in tensors.values() if t.dtype == torch.float32]
    storages = dumps(1 + len(tensors) - len(floats), (1, "cpu", torch.FloatStorage))
    storages += struct.pack("<q", sum(t.numel() for t in floats)) + b"".join(map(raw, floats))
    views, parts, at = dumps(len(tensors)), [], 0
    for key, t in enumerate(tensors.values(), 100):
        kind = "Float" if t.dtype == torch.float32 else "Long"
        if kind == "Float":
            parts.append((key, 1, at, t.numel()))
            at += t.numel()
        else:
            storages += dumps((key, "cpu", torch.LongStorage)) + struct.pack("<q", t.numel()) + raw(t)
        views += dumps((key + 10000, key, getattr(torch, kind + "Tensor")))
        stride = t.detach().contiguous().stride()
        views += struct.pack(f"<i4x{2 * t.dim() + 1}q", t.dim(), *t.shape, *stride, 0)
    storages += dumps(parts)
    pickled = io.BytesIO()
    _TarPickler(pickled, protocol=2).dump({name: _Reference(key + 10000) for key, name in enumerate(tensors, 100)})
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in (("sys_info", dumps({"protocol_version": 1000, "little_endian": True})),
                           ("pickle", pickled.getvalue()), ("tensors", views), ("storages", storages)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


# Torch7.

class Object:
    def __init__(self, name, **fields):
        self.name, self.fields = name, fields


class Storage:
    def __init__(self, kind, array):
        self.kind, self.array = kind, array


class Tensor:
    def __init__(self, storage, shape, offset=0):
        self.storage, self.shape, self.offset = storage, shape, offset


class Torch7Writer:
    """Binary serialisation of Torch7. version 0 leaves "V 1" out; long is 4 or 8 bytes."""

    def __init__(self, f, long=8, version=1):
        self.f, self.long, self.version, self.seen = f, long, version, {}
        self.keep = []  # ids stay unique only while their objects live

    def int(self, *v):
        self.f.write(struct.pack(f"<{len(v)}i", *v))

    def longs(self, *v):
        self.f.write(struct.pack(f"<{len(v)}{'q' if self.long == 8 else 'i'}", *v))

    def double(self, v):
        self.f.write(struct.pack("<d", v))

    def characters(self, data):
        self.int(len(data))
        self.f.write(data)

    def numbers(self, kind, array):
        self.f.write(array.astype({4: "<i4", 8: "<i8"}.get(self.long) if kind == "Long" else array.dtype).tobytes())

    def text(self, s):
        self.characters(s.encode())

    def index(self, tag, v):
        known = self.seen.get(id(v))
        self.int(tag, known or len(self.seen) + 1)
        if not known:
            self.seen[id(v)] = len(self.seen) + 1
            self.keep.append(v)
        return not known

    def klass(self, name):
        if self.version:
            self.text(f"V {self.version}")
        self.text(name)

    def object(self, v):
        if v is None:
            self.int(0)
        elif isinstance(v, bool):
            self.int(5, int(v))
        elif isinstance(v, (int, float)):
            self.int(1)
            self.double(v)
        elif isinstance(v, str):
            self.int(2)
            self.text(v)
        elif isinstance(v, (dict, list)):
            if self.index(3, v):
                items = list(v.items()) if isinstance(v, dict) else list(enumerate(v, 1))
                self.int(len(items))
                for key, value in items:
                    self.object(key)
                    self.object(value)
        elif isinstance(v, bytes):  # a function
            if self.index(8, v):
                self.characters(v)
                self.object({})
        elif self.index(4, v):
            self.instance(v)

    def instance(self, v):
        if isinstance(v, Object):
            self.klass(v.name)
            self.object(v.fields)
        elif isinstance(v, Storage):
            self.klass(f"torch.{v.kind}Storage")
            self.longs(v.array.size)
            self.numbers(v.kind, v.array)
        else:
            self.klass(f"torch.{v.storage.kind}Tensor" if v.storage else "torch.CudaTensor")
            strides = [int(np.prod(v.shape[i + 1:])) for i in range(len(v.shape))]
            self.int(len(v.shape))
            self.longs(*v.shape)
            self.longs(*strides)
            self.longs(v.offset + 1)
            self.object(v.storage)


class Torch7TextWriter(Torch7Writer):
    """The ASCII form: arrays with spaces between and a new line behind, nothing for one of
    nothing; characters as they are, and a new line."""

    def array(self, form, values):
        if len(values):
            self.f.write((" ".join(form % v for v in values) + "\n").encode())

    def int(self, *v):
        for one in v:
            self.array("%d", [one])

    def longs(self, *v):
        self.array("%d", v)

    def double(self, v):
        self.array("%.17g", [v])

    def characters(self, data):
        self.int(len(data))
        self.f.write(data + b"\n" if data else b"")

    def numbers(self, kind, array):
        self.array({"Long": "%d", "Double": "%.17g"}.get(kind, "%.9g"), array.tolist())


class Torch7Tree:
    """Turns a tree of modules into Torch7 objects. Weights share one storage
    and gradients another, as after getParameters()."""

    def __init__(self, net, kind="Cuda", library="cudnn", gradients=True, running_std=False, mm=False):
        self.kind, self.library, self.gradients, self.running_std, self.mm = kind, library, gradients, running_std, mm
        self.dtype = {"Cuda": np.float32, "Float": np.float32, "Double": np.float64, "Half": np.float16}[kind]
        arrays = [p.detach().numpy().astype(self.dtype).ravel() for p in net.parameters()]
        self.offsets, at = {}, 0
        for p, a in zip(net.parameters(), arrays):
            self.offsets[id(p)] = at
            at += a.size
        self.weights = Storage(kind, np.concatenate(arrays))
        self.grads = Storage(kind, np.zeros_like(self.weights.array))
        self.root = self.module(net)

    def parameter(self, p, shape=None):
        return Tensor(self.weights, list(shape or p.shape), self.offsets[id(p)])

    def trained(self, m, shape=None):
        """weight and bias, and their gradients, which nobody needs."""
        fields = {}
        for name in ("weight", "bias"):
            p = getattr(m, name, None)
            if p is None:
                continue
            s = shape if name == "weight" else None
            fields[name] = self.parameter(p, s)
            if self.gradients:
                fields["grad" + name.capitalize()] = Tensor(self.grads, list(s or p.shape), self.offsets[id(p)])
        return fields

    def array(self, t):
        return Tensor(Storage(self.kind, t.detach().numpy().astype(self.dtype)), list(t.shape))

    def make(self, name, **fields):
        empty = Tensor(None, [])
        return Object(name, _type=f"torch.{self.kind}Tensor", output=empty, gradInput=empty, train=False, **fields)

    def module(self, m):
        lib = self.library
        if isinstance(m, networks.DenseConnectLayerCustom):
            a, b = self.module(m.net1), self.module(m.net2)
            return self.make("nn.DenseConnectLayerCustom", net1=a, net2=b, modules=[a, b])
        if isinstance(m, (nn.Sequential, networks.ConcatTable)):
            kind = "ConcatTable" if isinstance(m, networks.ConcatTable) else "Sequential"
            return self.make("nn." + kind, modules=[self.module(c) for c in m])
        if isinstance(m, networks.Concat):
            return self.make("nn.Concat", modules=[self.module(c) for c in m], dimension=2, size=Storage("Long", np.array([1, 2])))
        if isinstance(m, networks.JoinTable):
            return self.make("nn.JoinTable", dimension=2)
        if isinstance(m, networks.CAddTable):
            return self.make("nn.CAddTable", inplace=True)
        if isinstance(m, nn.Identity):
            return self.make("nn.Identity")
        if isinstance(m, nn.ReLU):
            return self.make(lib + ".ReLU", inplace=True, mode="CUDNN_ACTIVATION_RELU")
        if isinstance(m, nn.Conv2d):
            flat = [m.out_channels, m.weight[0].numel()] if self.mm else None
            fields = dict(nInputPlane=m.in_channels, nOutputPlane=m.out_channels,
                          kW=m.kernel_size[1], kH=m.kernel_size[0], dW=m.stride[1], dH=m.stride[0], **self.trained(m, flat))
            fields.update(dict(padding=m.padding[0]) if self.mm else dict(padW=m.padding[1], padH=m.padding[0], groups=m.groups))
            return self.make("nn.SpatialConvolutionMM" if self.mm else lib + ".SpatialConvolution", **fields)
        if isinstance(m, nn.BatchNorm2d):
            fields = dict(eps=m.eps, momentum=.1, affine=m.affine, nDim=4, running_mean=self.array(m.running_mean), **self.trained(m))
            if self.running_std:
                fields["running_std"] = self.array((m.running_var.double() + m.eps) ** -.5)
            else:
                fields["running_var"] = self.array(m.running_var)
            return self.make(lib + ".SpatialBatchNormalization", **fields)
        if isinstance(m, (nn.MaxPool2d, nn.AvgPool2d)):
            k, s, p = m.kernel_size, m.stride, m.padding
            fields = dict(kW=k, kH=k, dW=s, dH=s, padW=p, padH=p, ceil_mode=m.ceil_mode)
            if isinstance(m, nn.AvgPool2d):
                fields.update(divide=True, count_include_pad=m.count_include_pad)
            return self.make(f"{lib}.Spatial{'Max' if isinstance(m, nn.MaxPool2d) else 'Average'}Pooling", **fields)
        if isinstance(m, networks.View):
            return self.make("nn.View", size=Storage("Long", np.array([m.size])), numElements=m.size, numInputDims=3)
        if isinstance(m, nn.Linear):
            return self.make("nn.Linear", **self.trained(m))
        raise TypeError(type(m))


def write_torch7(path, net, long=8, version=1, wrap=lambda root: root, writer=Torch7Writer, **options):
    with open(path, "wb") as f:
        writer(f, long, version).object(wrap(Torch7Tree(net, **options).root))
