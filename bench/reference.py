"""PyTorch's and Pillow's side of akin's benchmarks: answers one command a line.

    make-pictures DIR N SOURCE   N distinct 500x375 JPEGs of the pictures in SOURCE
    export NAME FILE             a torchvision network, random weights, as ONNX
    eager NAME DIR N BATCH WORKERS LAYOUT
                                 seconds for the features of N pictures, end to end;
                                 WORKERS of a DataLoader, LAYOUT plain or channels_last
    prepare DIR N                seconds to decode and prepare N pictures on one thread
    sgemm                        best GFLOP/s of ten products of 2048 x 2048 float32
    versions                     what this is

Needs Debian's python3-torch, python3-torchvision and python3-pil. The bench
command starts it; loading PyTorch and the network is not timed.
"""
import json
import pathlib
import sys
import time

import PIL
import torch
import torchvision
from PIL import Image
from torchvision import transforms

prepare = transforms.Compose([
    transforms.Resize(256),
    transforms.CenterCrop(224),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])


def pictures(folder, n):
    return sorted(pathlib.Path(folder).glob("*.jpg"))[: int(n)]


def load(path):
    return prepare(Image.open(path).convert("RGB"))


class Pictures(torch.utils.data.Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        return load(self.paths[i])


def network(name):
    """The network up to its pooled features, before the classifier."""
    torch.manual_seed(1)
    net = getattr(torchvision.models, name)()
    if name == "resnet50":
        net.fc = torch.nn.Identity()
    elif name == "squeezenet1_1":
        net.classifier = torch.nn.AdaptiveAvgPool2d(1)
    else:
        net.classifier = torch.nn.Identity()
    return net.eval()


def make_pictures(folder, n, source):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    originals = sorted(pathlib.Path(source).glob("*.JPEG"))
    for i in range(int(n)):
        target = folder / f"{i:05d}.jpg"
        if target.exists():
            continue
        picture = Image.open(originals[i % len(originals)]).convert("RGB")
        shift = i // len(originals)  # another crop of the same picture
        box = (shift, shift, picture.width - shift, picture.height - shift)
        picture.resize((500, 375), Image.BICUBIC, box).save(target, quality=90)


def export(name, file):
    torch.onnx.export(
        network(name), torch.zeros(1, 3, 224, 224), file, opset_version=13, input_names=["input"],
        output_names=["features"], dynamic_axes={"input": {0: "n"}, "features": {0: "n"}},
    )


networks = {}


def eager(name, folder, n, batch, workers, layout):
    layout = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    if (name, layout) not in networks:
        networks[name, layout] = network(name).to(memory_format=layout)
        with torch.inference_mode():  # once, unmeasured
            networks[name, layout](torch.zeros(int(batch), 3, 224, 224).contiguous(memory_format=layout))
    net = networks[name, layout]
    start = time.perf_counter()
    data = torch.utils.data.DataLoader(Pictures(pictures(folder, n)), batch_size=int(batch), num_workers=int(workers))
    with torch.inference_mode():
        for tensor in data:
            net(tensor.contiguous(memory_format=layout)).flatten(1).numpy()
    return time.perf_counter() - start


def decode(folder, n):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    start = time.perf_counter()
    for path in pictures(folder, n):
        load(path)
    seconds = time.perf_counter() - start
    torch.set_num_threads(threads)
    return seconds


def sgemm():
    a, b = torch.rand(2048, 2048), torch.rand(2048, 2048)
    best = 1e9
    for _ in range(10):
        start = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - start)
    return 2 * 2048**3 / best / 1e9


commands = {
    "make-pictures": make_pictures, "export": export, "eager": eager, "prepare": decode, "sgemm": sgemm,
    "versions": lambda: f"Python {sys.version.split()[0]}, PyTorch {torch.__version__}, torchvision {torchvision.__version__}, Pillow {PIL.__version__}",
}
for line in sys.stdin:
    command, *arguments = line.rstrip("\n").split("\t")
    print(json.dumps(commands[command](*arguments)), flush=True)
