"""Makes neighbours.tar.gz and neighbours.json: more tiny odd networks, beside those of graphs.py.

Run with onnx 1.12 and PyTorch 1.13: python3 neighbours.py
"""
from graphs import *

BN = {k: rng.uniform(.5, 1.5, C).astype(np.float32) for k in "sv"} | {k: weights(C) for k in "bm"}
TB = {k: torch.tensor(v).double() for k, v in BN.items()}
RAW = F.conv2d(X, torch.tensor(W).double(), stride=4)
NORMED = F.relu(F.batch_norm(RAW, TB["m"], TB["v"], TB["s"], TB["b"])).mean((2, 3))
LONG = lambda *v: np.array(v, np.int64)


def norm(g, x, values=BN, **k):
    return g.node("BatchNormalization", x, *[g.const(values[key]) for key in "sbmv"], **k)


def damaged(value, key=None, at=3):
    """A copy of the weights, or of one of the normalisation's, with one value replaced."""
    if key is None:
        w = W.copy()
        w.flat[at] = value
        return w
    return BN | {key: np.where(np.arange(C) == at, np.float32(value), BN[key]).astype(np.float32)}


def values():
    for name, value in (("nan", np.nan), ("infinite", np.inf), ("minus-infinite", -np.inf)):
        g = Graph()
        g.pooled(g.node("Relu", g.conv(w=damaged(value))))
        case("weight-" + name, g.bytes(), error='tensor "k1" holds ' + {"nan": "NaN", "infinite": "+Inf", "minus-infinite": "-Inf"}[name])
    for key, value in (("s", np.nan), ("b", -np.inf), ("m", np.nan), ("v", np.inf), ("v", np.nan)):
        g = Graph()
        g.pooled(g.node("Relu", norm(g, g.conv(), damaged(value, key))))
        case(f"norm-{key}-{value}", g.bytes(), error="as its value 3")
    g = Graph()
    g.pooled(g.node("Relu", norm(g, g.conv(), damaged(-1, "v"))))
    case("variance-negative", g.bytes(), error="holds variances, and value 3 of it is -1")
    g = Graph()
    k = g.node("Cast", g.const(damaged(np.nan).astype(np.float16)), to=FLOAT)
    g.pooled(g.node("Relu", g.node("Conv", "x", k, strides=[4, 4])))
    case("weight-nan-half", g.bytes(), error="holds NaN")
    g = Graph()
    k = g.node("Cast", g.const(damaged(np.inf).astype(np.float64)), to=FLOAT)
    g.pooled(g.node("Relu", g.node("Conv", "x", k, strides=[4, 4])))
    case("weight-infinite-double", g.bytes(), error="holds +Inf")
    g = Graph()
    k = g.node("Constant", value=NH.from_array(damaged(np.nan)))
    g.pooled(g.node("Relu", g.node("Conv", "x", k, strides=[4, 4])))
    case("weight-nan-constant", g.bytes(), error="holds NaN")
    g, r = plain()  # as masks of attention are written
    p = g.node("Softmax", g.node("Add", g.pooled(r, "p"), g.const(np.where(np.arange(C) < 2, -np.inf, 0).astype(np.float32))), axis=-1)
    g.node("Identity", p, out="features")
    masked = MEAN.clone()
    masked[:, :2] = -torch.inf
    case("mask-infinite", g.bytes(), masked.softmax(1))
    g, r = plain()
    g.node("Clip", g.pooled(r, "p"), g.const(np.float32(-np.inf)), g.const(np.float32(np.inf)), out="features")
    case("clip-infinite", g.bytes(), MEAN)
    g, r = plain()
    g.node("Gemm", g.pooled(r), g.const(np.where(np.eye(C), np.nan, 1).astype(np.float32)), out="logits")
    case("classifier-nan", g.bytes("features", "logits"), error="holds NaN")
    tiny = np.where(np.arange(W.size).reshape(W.shape) % 2, np.float32(1e-42), W)  # denormal weights are sound
    g = Graph()
    g.pooled(g.node("Relu", g.conv(w=tiny)))
    case("weight-denormal", g.bytes(), F.relu(F.conv2d(X, torch.tensor(tiny).double(), stride=4)).mean((2, 3)))


def opsets():
    for opset in range(7, 22):
        g = Graph(opset=opset)
        y = norm(g, g.conv(), epsilon=1e-5)
        if opset < 12:
            y = g.node("Dropout", y, **({"ratio": .5}))
        else:
            y = g.node("Dropout", y, g.const(np.float32(.5)))
        g.pooled(g.node("Relu", y))
        case(f"opset-{opset}", g.bytes(), NORMED)
    g = Graph(opset=99)
    g.pooled(g.node("Relu", g.conv()))
    case("opset-99", g.bytes(), error="99")
    g = Graph(opset=6)
    y = g.node("BatchNormalization", g.conv(), *[g.const(BN[k]) for k in "sbmv"], is_test=0)
    g.pooled(g.node("Relu", y))
    case("batchnorm-training-6", g.bytes(), error="Could not find an implementation for BatchNormalization")
    g = Graph(opset=6)
    y = g.node("Dropout", g.conv(), is_test=0)
    g.pooled(g.node("Relu", y))
    case("dropout-training-6", g.bytes(), MEAN)  # the engine drops nothing in it
    g = Graph(opset=17)
    y = g.node("LayerNormalization", last(g, g.node("Relu", g.conv())), g.const(GAIN), g.const(GAIN), axis=-1)
    g.node("ReduceMean", y, out="features", axes=[1, 2], keepdims=0)
    case("layer-norm-17", g.bytes(), (F.layer_norm(MAP.permute(0, 2, 3, 1), (C,)) * G + G).mean((1, 2)))
    g = Graph(opset=18)
    y = g.node("ReduceMean", g.node("Relu", g.conv()), g.const(LONG(2, 3)), out="features", keepdims=0)
    case("reduce-18", g.bytes(), MEAN)
    g = Graph(opset=21)
    y = g.node("GroupNormalization", g.node("Relu", g.conv()), g.const(GAIN), g.const(GAIN), num_groups=2, epsilon=1e-5)
    g.pooled(y)
    case("group-norm-21", g.bytes(), F.group_norm(MAP, 2, G, G).mean((2, 3)))
    g = Graph(opset=20)
    g.pooled(g.node("Gelu", g.conv()))
    case("gelu-20", g.bytes(), F.gelu(RAW).mean((2, 3)))
    g = Graph(opset=12)  # before 13 all axes from the given one on are one
    g.node("Flatten", g.node("Softmax", g.node("Relu", g.conv()), axis=1), out="features")
    case("softmax-12", g.bytes(shape=("n", 16 * C)), MAP.flatten(1).softmax(1))
    for ir in (3, 4, 9, 10, 99):
        g, r = plain()
        g.pooled(r)
        m = onnx.load_from_string(g.bytes())
        m.ir_version = ir
        if ir == 3:
            m.graph.input.append(H.make_tensor_value_info("k1", FLOAT, W.shape))
        case(f"ir-{ir}", m.SerializeToString(), **({"error": "99"} if ir == 99 else {"features": MEAN}))


def changed(change, name, features=None, build=None, **facts):
    g, r = plain(**(build or {}))
    g.pooled(r)
    m = onnx.load_from_string(g.bytes())
    change(m)
    case(name, m.SerializeToString(), features, **facts)


def structure():
    def unsorted(m):
        nodes = list(m.graph.node)[::-1]
        del m.graph.node[:]
        m.graph.node.extend(nodes)
    changed(unsorted, "unsorted", MEAN)

    def unsorted_noise(m):
        m.graph.node[-1].output[0] = "p"
        m.graph.node.extend([H.make_node("RandomNormalLike", ["p"], ["noise"], scale=1e-2), H.make_node("Add", ["p", "noise"], ["features"])])
        unsorted(m)
    changed(unsorted_noise, "unsorted-random", error="changes from run to run")

    def twice(m):
        m.graph.output.append(m.graph.output[0])
    changed(twice, "output-twice", MEAN)

    def two_makers(m):
        m.graph.node.append(H.make_node("Identity", ["x"], ["features"]))
    changed(two_makers, "edge-made-twice", error="Duplicate definition")

    def circle(m):
        m.graph.node[0].input[0] = "features"
    changed(circle, "circle", error="not acyclic")

    def nothing(m):
        del m.graph.node[:]
    changed(nothing, "no-nodes", error="does not exist")

    def passed(m):
        del m.graph.node[:]
        m.graph.node.append(H.make_node("Identity", ["x"], ["features"]))
    changed(passed, "identity", X)

    def same_weights(m):
        m.graph.initializer.append(m.graph.initializer[0])
    changed(same_weights, "initializer-twice", error='"k1" twice')

    def unused(m):
        m.graph.initializer.append(NH.from_array(np.full(3, np.nan, np.float32), "spare"))
    changed(unused, "unused-nan", error="holds NaN")

    def no_opset(m):
        del m.opset_import[:]
    changed(no_opset, "no-opset", error="Missing opset")

    def typed(m):  # data in typed fields
        t = m.graph.initializer[0]
        t.ClearField("raw_data")
        t.float_data.extend(W.flatten().tolist())
    changed(typed, "typed-data", MEAN)

    def both(m):
        m.graph.initializer[0].float_data.extend([1.] * W.size)
    changed(both, "raw-and-typed-data", error="wants 1536")

    def short(m):
        m.graph.initializer[0].raw_data = m.graph.initializer[0].raw_data[:-4]
    changed(short, "weights-cut-short", error="wants")

    def negative(m):
        m.graph.initializer[0].dims[0] = -8
    changed(negative, "weights-negative-size", error="impossible shape")

    def sparse(m):
        t = m.graph.initializer[0]
        flat = W.flatten()
        at = np.flatnonzero(flat)
        m.graph.sparse_initializer.append(H.make_sparse_tensor(NH.from_array(flat[at], t.name), NH.from_array(at.astype(np.int64), t.name + "-at"), list(W.shape)))
        del m.graph.initializer[0]
    changed(sparse, "sparse-weights", MEAN)

    def constant_floats(m):
        m.graph.node.insert(0, H.make_node("Constant", [], ["shift"], value_floats=[float(v) for v in GAIN]))
        m.graph.node[-1].output[0] = "p"
        m.graph.node.append(H.make_node("Add", ["p", "shift"], ["features"]))
    changed(constant_floats, "constant-floats", MEAN + G)

    def function(body, name):
        def change(m):
            m.graph.node[-1].output[0] = "p"
            m.graph.node.append(H.make_node("Own", ["p"], ["features"], domain="own"))
            m.opset_import.append(H.make_opsetid("own", 1))
            m.functions.append(H.make_function("own", "Own", ["a"], ["b"], body, [H.make_opsetid("", 15)]))
        return change
    changed(function([H.make_node("Relu", ["a"], ["b"])], "x"), "function", MEAN)
    noisy = [H.make_node("RandomNormalLike", ["a"], ["r"]), H.make_node("Add", ["a", "r"], ["b"])]
    changed(function(noisy, "x"), "function-random", error="changes from run to run")
    company = [H.make_node("ReduceMean", ["a"], ["r"], axes=[0]), H.make_node("Sub", ["a", "r"], ["b"])]
    changed(function(company, "x"), "function-company", error="other pictures")

    def renamed(m):
        m.graph.input[0].name = "pixel values / ünïcode"
        m.graph.node[0].input[0] = "pixel values / ünïcode"
    changed(renamed, "odd-name", MEAN)

    def spare_input(m):
        m.graph.input.append(H.make_tensor_value_info("training", BOOL, []))
    changed(spare_input, "input-unused", error='"training"')

    def sequence_input(m):
        m.graph.input[0].CopyFrom(H.make_tensor_sequence_value_info("x", FLOAT, None))
        m.graph.node[0].input[0] = "first"
        m.graph.node.insert(0, H.make_node("SequenceAt", ["x", "zero"], ["first"]))
        m.graph.initializer.append(NH.from_array(np.array(0, np.int64), "zero"))
    changed(sequence_input, "input-sequence", error="unknown type")


def ends():
    g, r = plain()
    p = g.pooled(r, "p")
    g.node("Identity", g.node("SequenceAt", g.node("SplitToSequence", p, axis=1, keepdims=1), g.const(np.array(2, np.int64))), out="features")
    case("sequence-inside", g.bytes(), MEAN[:, 2])
    g, r = plain()
    g.node("SequenceConstruct", g.pooled(r, "p"), out="features")
    case("output-sequence", g.bytes(H.make_tensor_sequence_value_info("features", FLOAT, None)), error="holds no numbers")
    g, r = plain()
    g.node("Greater", g.pooled(r, "p"), g.const(np.float32(0)), out="features")
    case("output-bool", g.bytes(elem=BOOL), error="holds bool")
    g, r = plain()
    g.node("ArgMax", g.pooled(r, "p"), out="features", axis=1)
    case("output-class", g.bytes(elem=INT64), error="holds int64")
    g, r = plain()
    y = g.node("Transpose", r, perm=[0, 2, 3, 1])
    g.node("Reshape", y, g.const(LONG(-1, C)), out="features")
    case("output-places-as-rows", g.bytes(), error="rows")
    g, r = plain()
    y = g.node("NonZero", g.node("Greater", g.pooled(r, "p"), g.const(np.float32(.3))))
    g.node("Cast", y, out="features", to=FLOAT)
    case("output-of-changing-shape", g.bytes(shape=(2, None)), error="want 4 rows")
    g, r = plain()
    g.node("Slice", g.pooled(r, "p"), *[g.const(LONG(v)) for v in (0, 0, 1)], out="features")
    case("output-of-no-values", g.bytes(shape=("n", 0)), error="is empty")
    g, r = plain()
    g.pooled(r, "p")
    g.node("ConstantOfShape", g.node("Shape", "p"), out="features")
    case("output-constant", g.bytes(), torch.zeros(N, C))
    g, r = plain()
    g.node("TopK", g.pooled(r, "p"), g.const(LONG(3)), out="features at", axis=1)
    case("output-top", g.bytes(shape=("n", 3)), MEAN.topk(3, 1).values)
    for name, build in {
        "cumsum": lambda g, p: g.node("CumSum", p, g.const(np.array(0, np.int32)), out="features"),
        "cumsum-reverse": lambda g, p: g.node("CumSum", p, g.const(np.array(0, np.int32)), out="features", reverse=1),
        "reversed": lambda g, p: g.node("Slice", p, *[g.const(LONG(v)) for v in (-1, -(1 << 40), 0, -1)], out="features"),
        "rolled": lambda g, p: g.node("Concat", g.node("Slice", p, *[g.const(LONG(v)) for v in (1, 1 << 40, 0)]), g.node("Slice", p, *[g.const(LONG(v)) for v in (0, 1, 0)]), out="features", axis=0),
        "normed-axis": lambda g, p: g.node("LpNormalization", p, out="features", axis=0),
        "sorted": lambda g, p: g.node("TopK", p, g.const(LONG(2)), out="features at", axis=0),
        "moments": lambda g, p: g.node("Flatten", g.node("GlobalMaxPool", g.node("MeanVarianceNormalization", g.node("Relu", g.conv(), out="again"))), out="features"),
    }.items():
        g, r = plain()
        build(g, g.pooled(r, "p"))
        case("company-" + name, g.bytes(), error="want 4 rows" if name == "sorted" else "other pictures of its batch")
    g, r = plain()
    g.node("LpNormalization", g.pooled(r, "p"), out="features", axis=-1)
    case("norm-unit", g.bytes(), F.normalize(MEAN, dim=1))
    g, r = plain()
    body = H.make_graph([H.make_node("Identity", ["cond"], ["go"]), H.make_node("Add", ["state", "state"], ["next"])], "b",
                        [H.make_tensor_value_info("i", INT64, []), H.make_tensor_value_info("cond", BOOL, []), H.make_tensor_value_info("state", FLOAT, None)],
                        [H.make_tensor_value_info("go", BOOL, []), H.make_tensor_value_info("next", FLOAT, None)])
    g.node("Loop", g.const(np.array(3, np.int64)), g.const(np.array(True)), g.pooled(r, "p"), out="features", body=body)
    case("loop", g.bytes(), 8 * MEAN)
    g, r = plain()
    body = H.make_graph([H.make_node("Mul", ["row", "row"], ["square"])], "b", [H.make_tensor_value_info("row", FLOAT, [C])], [H.make_tensor_value_info("square", FLOAT, [C])])
    g.node("Scan", g.pooled(r, "p"), out="features", body=body, num_scan_inputs=1)
    case("scan-over-pictures", g.bytes(), MEAN ** 2)
    g, r = plain()
    p = g.pooled(r, "p")
    drop = H.make_graph([H.make_node("Dropout", [p, "half", "yes"], ["dropped"])], "t", [], [H.make_tensor_value_info("dropped", FLOAT, None)],
                        [NH.from_array(np.float32(.5), "half"), NH.from_array(np.array(True), "yes")])
    keep = H.make_graph([H.make_node("Identity", [p], ["kept"])], "e", [], [H.make_tensor_value_info("kept", FLOAT, None)])
    g.node("If", g.const(np.array(True)), then_branch=drop, else_branch=keep, out="features")
    case("dropout-in-branch", g.bytes(), error="changes from run to run")


def precisions():
    g = Graph(elem=HALF)
    y = g.node("Relu", g.node("Conv", "x", g.const(W.astype(np.float16)), strides=[4, 4]))
    g.pooled(y)
    half = F.relu(F.conv2d(X.half().double(), torch.tensor(W).half().double(), stride=4)).mean((2, 3))
    case("all-half", g.bytes(elem=HALF), half, within=5e-3)
    g = Graph(elem=DOUBLE)
    y = g.node("Relu", g.node("Conv", "x", g.const(W.astype(np.float64)), strides=[4, 4]))
    g.pooled(y)
    case("all-double", g.bytes(elem=DOUBLE), error="Could not find an implementation for Conv")
    g = Graph(elem=HALF, shape=("n", 16, 16, 3))
    y = g.node("Relu", g.node("Conv", g.node("Transpose", "x", perm=[0, 3, 1, 2]), g.const(W.astype(np.float16)), strides=[4, 4]))
    g.pooled(y)
    case("all-half-channels-last", g.bytes(elem=HALF), half, within=5e-3)
    g = Graph()  # weights in 8 bits, as by quantize_static
    scale = np.abs(W).max((1, 2, 3)) / 127
    q = np.round(W / scale[:, None, None, None]).astype(np.int8)
    w = g.node("DequantizeLinear", g.const(q), g.const(scale.astype(np.float32)), g.const(np.zeros(C, np.int8)), axis=0)
    g.pooled(g.node("Relu", g.node("Conv", "x", w, strides=[4, 4])))
    right = F.relu(F.conv2d(X, torch.tensor(q * scale.astype(np.float32)[:, None, None, None]).double(), stride=4)).mean((2, 3))
    case("weights-int8", g.bytes(), right)
    g = Graph()
    w = g.node("DequantizeLinear", g.const(q), g.const(np.where(np.arange(C) == 1, np.nan, scale).astype(np.float32)), g.const(np.zeros(C, np.int8)), axis=0)
    g.pooled(g.node("Relu", g.node("Conv", "x", w, strides=[4, 4])))
    case("scale-nan", g.bytes(), error="holds NaN")
    g = Graph()  # as by quantize_dynamic: one scale for all pictures
    g.node("DynamicQuantizeLinear", "x", out="q s z")
    y = g.node("Cast", g.node("ConvInteger", "q", g.const(q), "z", strides=[4, 4]), to=FLOAT)
    g.pooled(g.node("Relu", g.node("Mul", y, "s")))
    case("company-dynamic", g.bytes(), error="one scale for all pictures")
    g = Graph(elem=16)
    g.pooled(g.node("Relu", g.conv(g.node("Cast", "x", to=FLOAT))))
    case("input-bfloat16", g.bytes(), error="holds bfloat16")


def more_layers():
    def half(g, r):
        y = g.node("Cast", r, to=HALF)
        return g.node("Mul", y, g.const(GAIN.reshape(C, 1, 1).astype(np.float16)), out="block")
    layer("half", half, MEAN.half().double() * torch.tensor(GAIN.astype(np.float16)).double(), "NCHW")
    CASES[-1]["within"] = 5e-3
    layer("whole-numbers", lambda g, r: g.node("Cast", r, out="block", to=INT64), None, "NCHW", error="holds int64")
    layer("group-norm", lambda g, r: g.node("Reshape", g.node("InstanceNormalization", g.node("Reshape", r, g.const(LONG(0, 2, -1))), g.const(np.ones(2, np.float32)), g.const(np.zeros(2, np.float32))),
                                            g.node("Shape", r), out="block"), F.group_norm(MAP, 2).mean((2, 3)), "NCHW")
    layer("squeezed", lambda g, r: g.node("Squeeze", g.node("GlobalAveragePool", r), g.const(LONG(2, 3)), out="block"), MEAN, "NC")
    layer("unsqueezed", lambda g, r: g.node("Unsqueeze", g.pooled(r, "p"), g.const(LONG(1)), out="block"), MEAN, "NTC")
    layer("resized", lambda g, r: g.node("Resize", r, "", g.const(np.array([1, 1, 2, 2], np.float32)), out="block", mode="nearest"), MEAN, "NCHW")
    layer("padded", lambda g, r: g.node("Pad", r, g.const(LONG(0, 0, 1, 1, 0, 0, 1, 1)), out="block"), F.pad(MAP, (1, 1, 1, 1)).mean((2, 3)), "NCHW")
    layer("joined-channels", lambda g, r: g.node("Concat", r, r, out="block", axis=1), torch.cat([MEAN, MEAN], 1), "NCHW")
    layer("joined-rows", lambda g, r: g.node("Concat", r, r, out="block", axis=2), MEAN, "NCHW")
    layer("joined-pictures", lambda g, r: g.node("Concat", r, r, out="block", axis=0), None, "NCHW", error="rows")
    layer("tiled-pictures", lambda g, r: g.node("Tile", r, g.const(LONG(2, 1, 1, 1)), out="block"), None, "", error="cannot be pooled")


def sizes():
    def scaled(op, **k):
        g = Graph()
        p = g.pooled(g.node("Relu", g.conv()), "p")
        n = g.node("Cast", g.node("Gather", g.node("Shape", "x"), g.const(LONG(0))), to=FLOAT)
        g.node(op, p, n, out="features", **k)
        return g.bytes()
    case("company-size-times", scaled("Mul"), error="how many pictures are in its batch")
    case("company-size-plus", scaled("Add"), error="how many pictures are in its batch")
    case("company-size-alone", scaled("Add"), MEAN + 1, batch=1)


def places():
    def placed(*at):
        g = Graph()
        p = g.pooled(g.node("Relu", g.conv()), "p")
        n = g.node("Gather", g.node("Shape", "x"), g.const(np.int64(0)))
        place = g.node("Range", g.const(np.int64(0)), n, g.const(np.int64(1)))
        here = g.node("Equal", place, g.const(np.int64(at[0])))
        for other in at[1:]:
            here = g.node("Or", here, g.node("Equal", place, g.const(np.int64(other))))
        return g, p, g.node("Unsqueeze", here, g.const(LONG(1)))
    for at in range(4):  # one place of the batch gives other values
        g, p, here = placed(at)
        g.node("Add", p, g.node("Cast", here, to=FLOAT), out="features")
        case(f"place-{at}", g.bytes(), error="its place among them")
    for a, b in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)):  # two places share what they see
        for op in ("ReduceMax", "ReduceMin", "ReduceMean"):
            g, p, here = placed(a, b)
            both = g.node(op, g.node("Gather", p, g.const(LONG(a, b))), axes=[0], keepdims=1)
            g.node("Where", here, both, p, out="features")
            case(f"places-{a}-{b}-{op[6:].lower()}", g.bytes(), error="other pictures of its batch")


def small():
    g, r = plain()
    g.pooled(r)
    return onnx.load_from_string(g.bytes())


def altered(name, edit, features=None, **facts):
    m = small()
    edit(m, m.graph.input[0], m.graph.output[0])
    case(name, m.SerializeToString(), features, **facts)


def kinds_of_values():
    tensor = H.make_tensor_type_proto(FLOAT, [1])
    typed = lambda proto: lambda m, i, o: i.type.CopyFrom(proto)
    elem = lambda kind: lambda m, i, o: setattr(i.type.tensor_type, "elem_type", kind)
    size = lambda axis, n: lambda m, i, o: setattr(i.type.tensor_type.shape.dim[axis], "dim_value", n)
    altered("input-optional", typed(H.make_optional_type_proto(tensor)), error="holds an unknown type")
    altered("input-sequence-alone", typed(H.make_sequence_type_proto(tensor)), error="holds an unknown type")
    altered("input-no-type", lambda m, i, o: i.type.Clear(), error="holds an unknown type")
    for name, kind in (("string", 8), ("complex64", 14), ("uint16", 4)):
        altered("input-" + name, elem(kind), error="holds " + name)
    altered("input-float8", elem(17), error="holds type 17")
    altered("input-twice", lambda m, i, o: m.graph.input.append(i), error='inputs "x", "x"')
    altered("input-beside-optional", lambda m, i, o: m.graph.input.add(name="opt").type.CopyFrom(H.make_optional_type_proto(tensor)), error='inputs "x", "opt"')
    altered("input-batch-0", size(0, 0), error="ONNX Runtime could not run the network")
    altered("input-batch-8", size(0, 8), MEAN)
    altered("input-batch-5000", size(0, 5000), error="akin runs up to 1024")
    altered("input-negative-size", size(2, -16), MEAN)
    altered("output-none", lambda m, i, o: m.graph.output.pop(), error="no output")
    altered("output-is-input", lambda m, i, o: setattr(o, "name", "x"), error="no output")
    altered("training-part", lambda m, i, o: m.training_info.add().algorithm.CopyFrom(H.make_graph([], "a", [], [])), MEAN)
    for name, kind, facts in (("string", 8, dict(error="holds no numbers")), ("int32", 6, dict(error="holds int32")), ("uint64", 13, dict(error="holds uint64")),
                              ("complex64", 14, dict(error="ONNX Runtime does not take the graph")), ("bfloat16", 16, dict(features=MEAN, within=1e-2))):
        g, r = plain()
        g.node("Cast", g.pooled(r, "p"), out="features", to=kind)
        case("output-" + name, g.bytes(elem=kind), **facts)
    for name, node, domains in (("custom", dict(domain="com.example"), ["com.example"]), ("undeclared", dict(domain="com.example"), []), ("unknown", {}, [])):
        g, r = plain()
        g.nodes.append(H.make_node("Odd", [g.pooled(r, "p")], ["features"], **node))
        case("operator-" + name, g.bytes(domains=domains), error="ONNX Runtime does not take the graph")
    for name in ("constant", "company"):
        g, r = plain()
        p = g.pooled(r, "p")
        which = g.const(np.array(True)) if name == "constant" else g.node("Greater", g.node("ReduceMean", "x", keepdims=0), g.const(np.float32(0)))
        twice = H.make_graph([H.make_node("Mul", ["p", "two"], ["t"])], "then", [], [H.make_tensor_value_info("t", FLOAT, None)], [NH.from_array(np.full(C, 2, np.float32), "two")])
        less = H.make_graph([H.make_node("Neg", ["p"], ["e"])], "else", [], [H.make_tensor_value_info("e", FLOAT, None)])
        g.node("If", which, out="features", then_branch=twice, else_branch=less)
        case("if-" + name, g.bytes(), **(dict(features=2 * MEAN) if name == "constant" else dict(error="other pictures of its batch")))


def equal_axes():
    """As many places as channels, more axes, and more tokens than places."""
    w = weights(C, 3, 4, 8)
    T = F.conv2d(X, torch.tensor(w).double(), stride=(4, 8)).flatten(2)  # 8 channels of 8 places

    def tokens():
        g = Graph()
        nct = g.node("Reshape", g.conv(w=w, strides=[4, 8]), g.const(LONG(0, C, -1)), out="nct")
        ntc = g.node("Transpose", nct, perm=[0, 2, 1], out="ntc")
        g.pooled(g.conv())
        return g, nct, ntc

    def layer(name, g, edge, layout, features=None, **facts):
        case("layer-equal-" + name, g.bytes(), features, layer=edge, layout=layout, pooling=facts.pop("pooling", "avg"), **facts)
    g, nct, ntc = tokens()
    layer("nct", g, nct, "NCT", T.mean(2))
    layer("ntc", g, ntc, "NTC", T.mean(2))
    m = weights(C, C)
    g, nct, ntc = tokens()
    layer("matmul", g, g.node("MatMul", ntc, g.const(m)), "NTC", (T.transpose(1, 2) @ torch.tensor(m).double()).mean(1))
    g, nct, ntc = tokens()
    scores = g.node("MatMul", ntc, nct)
    layer("scores", g, scores, "NTT", error="no axis holds channels")
    g, nct, ntc = tokens()
    g.node("MatMul", g.node("Softmax", g.node("MatMul", ntc, nct), axis=-1), ntc, out="attended")
    layer("attention", g, "attended", "NTC", ((T.transpose(1, 2) @ T).softmax(-1) @ T.transpose(1, 2)).mean(1))
    k = weights(C, C, 3)
    g, nct, ntc = tokens()
    layer("conv1d", g, g.node("Conv", nct, g.const(k), pads=[1, 1]), "NCT", F.conv1d(T, torch.tensor(k).double(), padding=1).mean(2))
    four = weights(4, 3, 4, 4)
    square = F.conv2d(X, torch.tensor(four).double(), stride=4)  # 4 channels of 4 x 4
    for name, perm, layout in (("nhwc", (0, 2, 3, 1), "NHWC"), ("nwch", (0, 3, 1, 2), "NWCH")):
        g = Graph()
        turned = g.node("Transpose", g.conv(w=four), perm=list(perm))
        g.pooled(g.conv())
        layer(name, g, turned, layout, square.mean((2, 3)))
    g = Graph()
    wrong = g.node("Reshape", g.conv(), g.const(LONG(-1, 16, 8)))
    g.pooled(g.conv())
    layer("reshaped", g, wrong, "", error="cannot be told")
    g = Graph()
    five = g.node("Unsqueeze", g.conv(), g.const(LONG(2)))
    g.pooled(g.conv())
    layer("rank-5", g, five, "NCTHW", RAW.mean((2, 3)))


if __name__ == "__main__":
    for make in (values, opsets, structure, ends, precisions, more_layers, sizes, places, kinds_of_values, equal_axes):
        make()
    write("neighbours")
