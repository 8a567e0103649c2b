"""Makes neighbours.tar.gz and neighbours.json: more odd weight files, beside those of checkpoints.py.

Run with PyTorch 1.13 and NumPy: python3 neighbours.py
"""
from checkpoints import *


def with_value(name, value, kind=None, at=1):
    t = a[name].clone()
    t.view(-1)[min(at, t.numel() - 1)] = value
    return Ordered(a, **{name: t}) if kind is None else Ordered((k, (t if k == name else v).to(kind)) for k, v in a.items())


def values():
    for name in ("conv1.weight", "bn1.weight", "layer2.0.bn1.running_mean", "layer1.0.conv2.weight", "fc.bias"):
        case(f"nan-{name}.pth", with_value(name, float("nan")), error=f'"{name}" holds NaN')
    case("infinite.pth", with_value("fc.weight", float("-inf")), error='"fc.weight" holds -Inf')
    for kind in (torch.half, torch.bfloat16, torch.double):
        case(f"nan-{str(kind)[6:]}.pth", with_value("layer1.0.conv1.weight", float("nan"), kind), error="holds NaN")
        case(f"infinite-{str(kind)[6:]}.safetensors", safetensors(with_value("layer1.0.conv1.weight", float("inf"), kind)), error="holds +Inf")
    case("too-large-for-float32.pth", {**a, "conv1.weight": a["conv1.weight"].double() * 1e300}, error="holds")
    case("nan-transposed.pth", {**a, "conv1.weight": with_value("conv1.weight", float("nan"))["conv1.weight"].contiguous(memory_format=torch.channels_last)}, error="holds NaN")
    case("nan-legacy.pth", saved(with_value("conv1.weight", float("nan")), legacy=True), error="holds NaN")
    case("variance-negative.pth", with_value("bn1.running_var", -.5), error='"bn1.running_var" holds variances, and value 0 of it is -0.5')
    case("variance-zero.pth", with_value("bn1.running_var", 0.), same="")
    case("nan-left-out.pth", {**body, "fc.0.weight": torch.full((4, 8), float("nan")), "fc.2.weight": torch.ones(4, 8)}, same="bare", note="left out")
    case("nan-average-chosen.pth", {"state_dict": with_value("conv1.weight", float("nan")), "state_dict_ema": a}, note="average over training")
    case("nan-in-counter.pth", {**a, "epoch_loss": torch.tensor(float("nan"))})


def edited(obj, edit, protocol=2):
    """The pickle of a checkpoint, changed."""
    out = io.BytesIO()
    torch.save(obj, out, pickle_protocol=protocol)
    z, changed = zipfile.ZipFile(out), io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_STORED) as w:
        for n in z.namelist():
            for name, data in edit(n, z.read(n)):
                w.writestr(zipfile.ZipInfo(name), data)
    return changed.getvalue()


class Sub(torch.Tensor):
    pass


Sub.__module__ = "train"
sys.modules["train"].Sub = Sub


class Lazy:
    """A tensor as PyTorch 2 writes a view that gets its sign when it is read."""

    def __init__(self, t, **bits):
        self.t, self.bits = t, bits

    def __reduce__(self):
        return torch._utils._rebuild_tensor_v2, (self.t.storage(), 0, tuple(self.t.shape), self.t.stride(), False, Ordered(), self.bits)


def views():
    w = a["conv1.weight"]
    case("negative-view.pth", {**a, "conv1.weight": Lazy(-w, neg=True)}, error="conv1.weight")
    case("negative-view-legacy.pth", saved({**a, "conv1.weight": Lazy(-w, neg=True)}, legacy=True), error="conv1.weight")
    c = torch.complex(w, w)
    case("imaginary-part.pth", {**a, "conv1.weight": c.imag}, same="plain")
    case("conjugate.pth", {**a, "conv1.weight": c.conj()}, error="conv1.weight")
    case("conjugate-view.pth", {**a, "conv1.weight": Lazy(w, conj=True)}, error="conv1.weight is a view with a negative or conjugate bit")
    case("without-bits.pth", {**a, "conv1.weight": Lazy(w, neg=False, conj=False)})
    case("parameter-of-view.pth", {**a, "conv1.weight": nn.Parameter(w)})
    case("subclass.pth", {**a, "conv1.weight": w.as_subclass(Sub)})
    p = nn.Parameter(w)
    p.note = "of a kind"
    case("parameter-with-state.pth", {**a, "conv1.weight": p})
    case("meta.pth", {**a, "conv1.weight": torch.empty(w.shape, device="meta")}, error="conv1.weight")
    case("storage-for-tensor.pth", {**a, "conv1.weight": w.storage()}, error="conv1.weight")
    for kind in (torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32):
        case(f"{str(kind)[6:]}.pth", {**a, "fc.bias": a["fc.bias"].to(kind)}, error="fc.bias holds no floating-point numbers")
    case("scalar-for-vector.pth", {**a, "bn1.bias": torch.tensor(1.)}, error="bn1.bias is []")
    case("no-values.pth", {**a, "bn1.bias": torch.zeros(0)}, error="bn1.bias is [0]")
    case("extra-no-values.pth", {**a, "spare.weight": torch.zeros(0, 3)}, error="spare.weight")
    tied = Ordered(a)
    tied["layer1.0.bn2.weight"] = tied["layer1.0.bn1.weight"]
    case("tied-control.pth", Ordered((k, v.clone()) for k, v in tied.items()), same="")
    case("tied.pth", tied, same="tied-control.pth")
    case("tied-legacy.pth", saved(tied, legacy=True), same="tied-control.pth")
    k = a["layer1.0.conv1.weight"]
    case("flipped-control.pth", {**a, "layer1.0.conv1.weight": k.transpose(0, 1).contiguous()}, same="")
    case("flipped.pth", {**a, "layer1.0.conv1.weight": k.transpose(0, 1)}, same="flipped-control.pth")
    wide = torch.zeros(8, 8, 5, 5)
    wide[..., 1:4, 1:4] = k[:8, :8]
    if k.shape == (8, 8, 3, 3):
        case("cut-out.pth", {**a, "layer1.0.conv1.weight": wide[..., 1:4, 1:4]})


def pickles():
    for protocol in (3, 4, 5):
        out = io.BytesIO()
        torch.save({"model": a, "epoch": 3, "name": "ünïcode", "args": argparse.Namespace(lr=.1)}, out, pickle_protocol=protocol)
        case(f"protocol-{protocol}.pth", out.getvalue())
        out = io.BytesIO()
        torch.save(a, out, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
        case(f"protocol-{protocol}-legacy.pth", out.getvalue())
        out = io.BytesIO()
        torch.save({k: v.numpy() for k, v in a.items()}, out, pickle_protocol=protocol)
        case(f"protocol-{protocol}-arrays.pth", out.getvalue())
    arrays = {k: v.numpy() for k, v in a.items()}
    case("arrays-numpy-2.pth", edited(arrays, lambda n, d: [(n, d.replace(b"cnumpy.core.multiarray\n", b"cnumpy._core.multiarray\n"))]))
    case("array-masked.pth", {**a, "fc.bias": np.ma.masked_array(a["fc.bias"].numpy(), mask=[True, False])}, error="fc.bias")
    case("array-structured.pth", {**a, "fc.bias": np.zeros(2, [("x", "f4")])}, error="fc.bias")
    case("array-complex.pth", {**a, "fc.bias": a["fc.bias"].numpy().astype("c8")}, error="fc.bias")
    case("array-long-double.pth", {**a, "fc.bias": a["fc.bias"].numpy().astype("f16")}, error="fc.bias")
    case("array-integers.pth", {**a, "fc.bias": np.arange(2)}, error="fc.bias holds no floating-point numbers")
    case("array-nan.pth", {**a, "fc.bias": np.array([0, np.nan], "f4")}, error="holds NaN")
    drop = lambda gone: lambda n, d: [] if n.endswith(gone) else [(n, d)]
    case("storage-missing.pth", edited(a, drop("data/3")), error="a storage has no member")
    case("pickle-missing.pth", edited(a, drop("data.pkl")), error="without data.pkl")
    case("storage-short.pth", edited(a, lambda n, d: [(n, d[:-4] if n.endswith("data/0") else d)]), error="its storage wants")
    case("storage-long.pth", edited(a, lambda n, d: [(n, d + b"1234" if n.endswith("data/0") else d)]))
    case("storage-twice.pth", edited(a, lambda n, d: [(n, d)] + ([(n, d[::-1])] if n.endswith("data/0") else [])), error="two members archive/data/0")
    case("pickle-twice.pth", edited(a, lambda n, d: [(n, d)] + ([(n, d)] if n.endswith("data.pkl") else [])), error="two members archive/data.pkl")
    case("two-archives.pth", edited(a, lambda n, d: [(n, d), ("other/" + n.split("/", 1)[1], d)]))
    script = io.BytesIO()
    torch.jit.save(torch.jit.script(nn.Sequential(nn.Conv2d(3, 1, 1))), script)
    case("script.pt", script.getvalue(), error="save the network's state_dict()")
    case("prefix-nothing.pth", edited(a, lambda n, d: [(n.split("/", 1)[1], d)]))
    case("comment.pth", commented(saved(a)))


def commented(data):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as z:
        z.comment = b"saved on a Sunday"
    return out.getvalue()


def headers():
    def change(name="bn1.weight", **facts):
        def edit(h):
            h[name].update(facts)
            return h
        return edit
    for kind in ("F8_E4M3", "F8_E5M2", "I4", "F4", "C64", "f32", "", "F32 ", None, 5):
        case(f"type-{kind}.safetensors", safetensors(a, change(dtype=kind)), error='tensor "bn1.weight": invalid')
    for kind in ("U8", "I8", "BOOL"):
        case(f"type-{kind}.safetensors", safetensors(a, change(dtype=kind, shape=[4 * a["bn1.weight"].numel()])), error="bn1.weight holds no floating-point numbers")
    case("type-I32.safetensors", safetensors(a, change(dtype="I32")), error="bn1.weight holds no floating-point numbers")
    for name, facts in {"negative": {"data_offsets": [-4, 4]}, "text": {"data_offsets": ["0", "4"]}, "fraction": {"data_offsets": [.5, 4.5]}, "one": {"data_offsets": [0]},
                        "three": {"data_offsets": [0, 4, 8]}, "none": {"data_offsets": None}, "huge": {"data_offsets": [0, 1 << 63]}, "beyond-64-bits": {"data_offsets": [0, 1 << 70]}}.items():
        case(f"offsets-{name}.safetensors", safetensors(a, change(**facts)), error="bn1.weight")
    for name, shape in {"none": None, "negative": [-8], "text": ["8"], "overflow": [1 << 32, 1 << 32], "huge": [1 << 62], "scalar": []}.items():
        case(f"shape-{name}.safetensors", safetensors(a, change(shape=shape)), error="bn1.weight")
    case("key-unknown.safetensors", safetensors(a, change(codec="zip")), error="bn1.weight")
    for name, value in {"none": None, "number": 5, "list": [], "nested": {"a": {"b": "c"}}, "of-numbers": {"a": 1}, "empty": {}}.items():
        case(f"metadata-{name}.safetensors", safetensors(a, lambda h: {"__metadata__": value, **h}), **({} if name in ("empty", "none") else {"error": "etadata"}))
    case("metadata-twice.safetensors", safetensors(a, text=lambda t: '{"__metadata__": {}, "__metadata__": {"format": "pt"}, ' + t[1:]), error="twice")
    case("padded.safetensors", safetensors(a, text=lambda t: t + " " * 13))
    case("padded-before.safetensors", safetensors(a, text=lambda t: "  " + t), error="neither .t7")
    case("after-header.safetensors", safetensors(a, text=lambda t: t + "{}"), error="after top-level value")
    case("cut-header.safetensors", safetensors(a, text=lambda t: t[:-1]), error="unexpected end")
    whole = safetensors(a)
    for name, n in {"huge": 1 << 62, "tera": 1 << 39, "gigabytes": 3 << 30, "zero": 0, "more": len(whole)}.items():
        case(f"length-{name}.safetensors", struct.pack("<Q", n) + whole[8:], error={"huge": "neither .t7", "zero": "no JSON object"}.get(name, "damaged or cut short"))
    case("scalar.safetensors", safetensors({**a, "logit_scale": torch.tensor(2.)}))
    case("no-tensors.safetensors", safetensors({}), error="no tensors")
    case("no-values.safetensors", safetensors({**a, "spare.weight": torch.zeros(0, 3)}), error="spare.weight")
    case("nan.safetensors", safetensors(with_value("conv1.weight", float("nan"))), error="holds NaN")
    case("name-not-utf8.safetensors", whole.replace(b'"fc.bias"', b'"fc.\xff\xffas"'), error="not UTF-8")


if __name__ == "__main__":
    for make in (values, views, pickles, headers):
        make()
    write("neighbours")
