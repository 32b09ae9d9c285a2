# This network in PyTorch, with e3nn's modules for harmonics, linear maps and tensor products. Exported code: MIT-0.
#
#   python3 model.py            checks the numbers of vectors.json, which the studio computed in float64
#
# network.json names the layers, their settings, types and links, weights.safetensors holds the weights under "<node>.<name>". Each class below is
# one kind of layer. Coordinates and arrows are (x, y, z), an edge leads from src to dst, its vector is pos[dst] - pos[src], less shift @ cell where there is a lattice.
# layers: input_points input_features input_cell species_embed radius_graph knn_graph complete_graph sph_harm radial_basis radial_mlp tp_uvu fctp tfn_conv nequip_interaction mace_interaction mace_product se3_attention equiformer_attention schnet_cfconv painn_message painn_update egnn_layer gate vn_relu s2_act scalar_act e3_layernorm e3_bn irreps_linear tensor_square tensor_product cartesian_irreps cross_dot frame_align center_coords coord_difference coord_update extract_scalars norm_pool split concat add gather scatter multiply_by_scalar global_pool attention_pool mlp_head node_head segmentation_head_nodes softmax_classifier regression_head per_species_scale_shift energy_readout forces_from_energy stress_from_energy chiral_classifier direct_vector_head equiv_mlp_head tensor_head dipole_head pose_rot6d pose_svd pose_translation nbody_output field_output noisy_points denoise_step flow_sampler
import json
import math
import os
import re
import struct

import torch
from e3nn import o3

# c with E[(c act(z))^2] = 1 for normal z: integrals; e3nn estimates them by sampling.
EXACT = {"identity": 1.0, "relu": 1.4142135623730951, "elu": 1.2451983007, "silu": 1.6765324703, "tanh": 1.5925374197, "sigmoid": 1.8462285453, "softplus": 1.0418668355,
         "ssp": 1.8755962561, "gelu": 1.5335304412, "abs": 1.0, "sin": 1.5208666232, "square": 0.57735026919}
E3NN = {"relu": 1.41633934463314, "elu": 1.24678638855705, "silu": 1.67917679239894, "tanh": 1.59373344725927, "sigmoid": 1.84670553421548, "softplus": 1.04264365905272,
        "ssp": 1.87820466854155, "gelu": 1.53606428507706, "abs": 1.00111060083847, "sin": 1.52183348646232}


def act(name):
    return {"identity": lambda x: x, "sin": torch.sin, "abs": torch.abs, "square": torch.square, "relu": torch.relu, "silu": torch.nn.functional.silu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
            "softplus": torch.nn.functional.softplus, "gelu": lambda x: torch.nn.functional.gelu(x), "elu": torch.nn.functional.elu,
            "ssp": lambda x: torch.nn.functional.softplus(x) - math.log(2.0)}[name]


def constant(name, which):
    return E3NN[name] if which == "e3nn" and name in E3NN else EXACT[name]


def read_safetensors(path):
    """Tensors by name; the format is a JSON header and raw little-endian numbers."""
    with open(path, "rb") as f:
        data = f.read()
    n = struct.unpack("<Q", data[:8])[0]
    header, out = json.loads(data[8:8 + n]), {}
    for name, t in header.items():
        if name != "__metadata__":
            a, b = t["data_offsets"]
            kind = {"F32": torch.float32, "F64": torch.float64}[t["dtype"]]
            out[name] = torch.frombuffer(bytearray(data[8 + n + a:8 + n + b]), dtype=kind).reshape(t["shape"]).to(torch.float64)
    return out


def irreps(text):
    return o3.Irreps(text.replace(" ", ""))


def add_up(x, index, n):
    return x.new_zeros((n,) + x.shape[1:]).index_add_(0, index, x)


def edge_vectors(g, positions):
    return positions[g["dst"]] - positions[g["src"]]


def polynomial(length, cutoff, p=6):
    u = (length / cutoff).clamp(max=1.0)
    return 1 - (p + 1) * (p + 2) / 2 * u ** p + p * (p + 2) * u ** (p + 1) - p * (p + 1) / 2 * u ** (p + 2)


def cosine(length, cutoff):
    return 0.5 * (torch.cos(math.pi * (length / cutoff).clamp(max=1.0)) + 1)


def average(x, index, n):
    return add_up(x, index, n) / torch.bincount(index, minlength=n).clamp(min=1).to(x.dtype)[:, None]


class Layer(torch.nn.Module):
    """spec: "settings", "types" of the linked inputs and of the outputs by port. weights: those of this node, by name."""
    def __init__(self, spec, weights):
        super().__init__()
        self.spec, self.set = spec, spec["settings"]
        self.weights = torch.nn.ParameterDict({k.replace(".", "/"): torch.nn.Parameter(v) for k, v in weights.items()})

    def w(self, name):
        return self.weights[name.replace(".", "/")]

    def has(self, name):
        return name.replace(".", "/") in self.weights

    def type(self, port):
        return irreps(self.spec["types"][port])

    def dropped(self):
        """Paths that are left out, such as 1o*2e>1o; in designs without parities all kinds are even here."""
        paths = [p.strip() for p in self.set.get("drop_paths", "").split(",") if p.strip()]
        return {re.sub(r"(\d+)(?=[*>]|$)", r"\1e", p) for p in paths}

    def dense(self, name, x):
        y = x @ self.w(name + "weight").T
        return y + self.w(name + "bias") if self.has(name + "bias") else y

    def mlp(self, name, x, f, end=False):
        """Layers <name>0, <name>1, … with f between them, and behind the last one with `end`."""
        i = 0
        while self.has("%s%d.weight" % (name, i)):
            x = self.dense("%s%d." % (name, i), x)
            i += 1
            if end or self.has("%s%d.weight" % (name, i)):
                x = act(f)(x)
        return x

    def radial(self, name, e, f="silu"):
        """A network of radial functions: products over the root of their number, activations scaled to keep the mean square."""
        i = 0
        while self.has("%s%d.weight" % (name, i)):
            w = self.w("%s%d.weight" % (name, i))
            e = e @ w / math.sqrt(w.shape[0])
            if self.has("%s%d.bias" % (name, i)):
                e = e + self.w("%s%d.bias" % (name, i))
            i += 1
            if self.has("%s%d.weight" % (name, i)):
                e = constant(f, self.set.get("constants", "exact")) * act(f)(e)
        return e

    def linear(self, name, a, b):
        """An e3nn Linear from a to b with this node's weights: blocks in the order of pairs, [in][out]."""
        module = o3.Linear(a, b, internal_weights=False, shared_weights=True)
        return lambda x: module(x, self.w(name + "weight").reshape(-1))


class input_points(Layer):
    def forward(self, g):
        return {"positions": g["pos"], "species": g["species"]}


class input_features(Layer):
    def forward(self, g):
        return {"y": g[self.set["name"]]}


class species_embed(Layer):
    def forward(self, g, species):
        if self.set["one_hot"]:
            return {"y": torch.nn.functional.one_hot(species, self.set["species"]).to(g["pos"].dtype)}
        return {"y": self.w("weight")[species]}


class input_cell(Layer):
    def forward(self, g):
        return {"cell": g["cell"]}


class radius_graph(Layer):
    def forward(self, g, positions, cell=None):
        vector = edge_vectors(g, positions)
        if cell is not None:
            vector = vector - torch.einsum("ek,eka->ea", g["shift"].to(vector.dtype), g["cell"][g["batch"][g["dst"]]])
        return {"vector": vector, "length": vector.norm(dim=1, keepdim=True)}


knn_graph = complete_graph = radius_graph


class coord_difference(Layer):
    def forward(self, g, positions, edges=None):
        return {"vector": edge_vectors(g, positions)}


class sph_harm(Layer):
    def forward(self, g, vector):
        return {"y": o3.spherical_harmonics(list(range(self.set["degree"] + 1)), vector, normalize=self.set["normalise"], normalization="component")}


class radial_basis(Layer):
    def forward(self, g, length):
        n, c, k = self.set["n"], self.set["cutoff"], torch.arange(self.set["n"], dtype=length.dtype)
        if self.set["kind"] == "gaussian":
            y = torch.exp(-0.5 * ((length - k * c / (n - 1)) * (n - 1) / c) ** 2)
        else:
            y = math.sqrt(2 / c) * torch.sin((k + 1) * math.pi * length / c) / length
        if self.set["envelope"] == "polynomial":
            y = y * polynomial(length, c, self.set["p"])
        elif self.set["envelope"] == "cosine":
            y = y * cosine(length, c)
        return {"y": y}


def kind(ir):
    return "%d%s" % (ir.l, "e" if ir.p > 0 else "o")


def path(a, b, c):
    return "%s*%s>%s" % (kind(a), kind(b), kind(c))


def copy_by_copy(x, y, keep, drop=(), sort=True):
    """The product of x with one copy of each harmonic, a weight for each copy and way (uvu), to the irreps that `keep` has, without the paths of `drop`."""
    mid, rules = [], []
    for i, (mul, a) in enumerate(x):
        for j, (_, b) in enumerate(y):
            for c in a * b:
                if c in keep and path(a, b, c) not in drop:
                    rules.append((i, j, len(mid), "uvu", True))
                    mid.append((mul, c))
    mid = o3.Irreps(mid)
    if sort:
        mid, place, _ = mid.sort()
        rules = [(i, j, place[k], mode, train) for i, j, k, mode, train in rules]
    return o3.TensorProduct(x, y, mid, rules, shared_weights=False, internal_weights=False), mid


class radial_mlp(Layer):
    def forward(self, g, radial):
        return {"y": self.radial("", radial, self.set["act"])}


class tp_uvu(Layer):
    def __init__(self, spec, weights):
        super().__init__(spec, weights)
        self.product, _ = copy_by_copy(self.type("x"), self.type("harmonics"), {ir for _, ir in self.type("y")}, self.dropped())

    def forward(self, g, x, harmonics, weights):
        return {"y": add_up(self.product(x[g["src"]], harmonics, weights), g["dst"], x.shape[0]) / math.sqrt(self.set["neighbours"])}


class fctp(Layer):
    def __init__(self, spec, weights):
        super().__init__(spec, weights)
        x, y, z, drop = self.type("x"), self.type("y"), self.type("z"), self.dropped()
        rules = [(i, j, k, "uvw", True) for i, (_, a) in enumerate(x) for j, (_, b) in enumerate(y) for k, (_, c) in enumerate(z) if c in a * b and path(a, b, c) not in drop]
        self.product = o3.TensorProduct(x, y, z, rules, shared_weights=True, internal_weights=False)

    def forward(self, g, x, y):
        return {"z": self.product(x, y, self.w("weight"))}


class Interaction(Layer):
    """Linear, product with the harmonics copy by copy with weights of the distance, sum over neighbours, linear."""
    last = "linear_down."

    def __init__(self, spec, weights):
        super().__init__(spec, weights)
        x, out = self.type("x"), self.type("y")
        self.product, mid = copy_by_copy(x, self.type("harmonics"), {ir for _, ir in out}, self.dropped())
        self.up, self.down = self.linear("linear_up.", x, x), self.linear(self.last, mid.simplify(), out)

    def messages(self, g, x, harmonics, radial):
        m = self.product(self.up(x)[g["src"]], harmonics, self.radial("radial.", radial))
        return self.down(add_up(m, g["dst"], x.shape[0]) / math.sqrt(self.set["neighbours"]))


class tfn_conv(Interaction):
    def forward(self, g, x, harmonics, radial):
        y = self.messages(g, x, harmonics, radial)
        if self.has("residual.weight"):
            y = y + self.linear("residual.", self.type("x"), self.type("y"))(x)
        return {"y": y}


class nequip_interaction(Interaction):
    """What an atom keeps of itself: a linear map with weights of its kind, or sums over the embedding of the kinds."""
    def __init__(self, spec, weights):
        super().__init__(spec, weights)
        self.own = o3.Linear(self.type("x"), self.type("y"), internal_weights=False, shared_weights=False)

    def forward(self, g, x, harmonics, radial, species=None, attributes=None):
        y = self.messages(g, x, harmonics, radial)
        if self.has("self.weight"):
            w = self.w("self.weight")
            w = attributes @ w / math.sqrt(w.shape[0]) if attributes is not None else w[species] / math.sqrt(w.shape[0])
            y = y + self.own(x, w)
        return {"y": y}


def common(a, b):
    """The runs of a whose irrep b has too."""
    return o3.Irreps([(mul, ir) for mul, ir in a if ir in {i for _, i in b}])


def copies(x, irreps):
    """[rows, copies, numbers] of each run."""
    return [x[:, s].reshape(x.shape[0], mul, ir.dim) for s, (mul, ir) in zip(irreps.slices(), irreps)]


def soft(logits, index, n):
    """Softmax over the edges that lead to a node."""
    top = logits.new_full((n, logits.shape[1]), -math.inf).scatter_reduce(0, index[:, None].expand_as(logits), logits.detach(), "amax")
    e = torch.exp(logits - top[index])
    return e / add_up(e, index, n)[index]


class EdgeProducts(Layer):
    """Products along edges, each with a radial network and a linear map of its own."""
    def side(self, name, x, y, keep):
        product, mid = copy_by_copy(x, y, {ir for _, ir in keep}, sort=False)
        reached = common(keep, mid)
        setattr(self, name, product)
        setattr(self, name + "_linear", self.linear(name + ".linear.", mid, reached))
        return reached

    def of_edges(self, name, x, harmonics, radial):
        return getattr(self, name + "_linear")(getattr(self, name)(x, harmonics, self.radial(name + ".radial.", radial)))


class se3_attention(EdgeProducts):
    """Queries are linear in the node, keys and values products along the edge; a head looks at a stretch of the copies of every irrep."""
    def __init__(self, spec, weights):
        super().__init__(spec, weights)
        x, y, out = self.type("x"), self.type("harmonics"), self.type("y")
        half = o3.Irreps([(max(mul // 2, 1), ir) for mul, ir in irreps(self.set["out"])])
        self.q, self.k, self.v = common(half, x), *(self.side(name, x, y, keep) for name, keep in (("key", half), ("value", out)))
        self.query = self.linear("query.", x, self.q)

    def forward(self, g, x, harmonics, radial, length=None):
        heads, n = self.set["heads"], x.shape[0]
        q, k = self.query(x)[g["dst"]], self.of_edges("key", x[g["src"]], harmonics, radial)
        logits, terms = k.new_zeros(len(k), heads), 0
        for (_, a), qa in zip(self.q, copies(q, self.q)):
            for (_, b), kb in zip(self.k, copies(k, self.k)):
                if a == b:
                    m = min(qa.shape[1], kb.shape[1])
                    head = torch.arange(m) * heads // qa.shape[1]
                    logits = logits.index_add(1, head, (qa[:, :m] * kb[:, :m]).sum(2))
                    terms += m * a.dim
        logits = logits / math.sqrt(terms / heads)
        if length is not None:
            logits = logits + torch.log(polynomial(length, self.set["cutoff"]).clamp(min=1e-30))
        weight = soft(logits, g["dst"], n)
        v = self.of_edges("value", x[g["src"]], harmonics, radial)
        v = torch.cat([(m * weight[:, torch.arange(m.shape[1]) * heads // m.shape[1]][:, :, None]).flatten(1) for m in copies(v, self.v)], 1)
        parts, runs = add_up(v, g["dst"], n), list(zip(self.v, self.v.slices()))
        y = [parts[:, runs.pop(0)[1]] if runs and tuple(runs[0][0]) == (mul, ir) else x.new_zeros(n, mul * ir.dim) for mul, ir in self.type("y")]
        y = torch.cat(y, 1)
        return {"y": y + self.linear("residual.", self.type("x"), self.type("y"))(x) if self.has("residual.weight") else y}


class schnet_cfconv(Layer):
    def forward(self, g, x, radial, length=None):
        f = self.dense("filter.1.", act("ssp")(self.dense("filter.0.", radial)))
        f = f if length is None else f * cosine(length, self.set["cutoff"])
        y = add_up(self.dense("lin1.", x)[g["src"]] * f, g["dst"], x.shape[0])
        return {"y": x + self.dense("lin.", act("ssp")(self.dense("lin2.", y)))}


class painn_message(Layer):
    def forward(self, g, x, harmonics, radial, length):
        n, c = x.shape[0], self.type("x")[0][0]
        f = (self.dense("filter.", radial) * polynomial(length, self.set["cutoff"])).split(c, 1)
        phi = self.dense("1.", act("silu")(self.dense("0.", x[:, :c])))[g["src"]].split(c, 1)
        arrows = (phi[1] * f[1])[:, :, None] * harmonics[:, None, 1:4]
        if x.shape[1] > c:
            arrows = arrows + (phi[2] * f[2])[:, :, None] * x[:, c:].reshape(n, c, 3)[g["src"]]
        y = torch.cat([phi[0] * f[0], arrows.flatten(1)], 1)
        y = add_up(y, g["dst"], n) / math.sqrt(self.set["neighbours"])
        return {"y": torch.cat([y[:, :x.shape[1]] + x, y[:, x.shape[1]:]], 1)}


class painn_update(Layer):
    def forward(self, g, x):
        n, c = x.shape[0], self.type("x")[0][0]
        arrows = o3.Irreps([self.type("x")[1]])
        s, v = x[:, :c], x[:, c:]
        u, w = self.linear("U.", arrows, arrows)(v).reshape(n, c, 3), self.linear("V.", arrows, arrows)(v).reshape(n, c, 3)
        a = self.dense("1.", act("silu")(self.dense("0.", torch.cat([s, torch.sqrt(w.square().sum(2) + 1e-8)], 1)))).split(c, 1)
        return {"y": torch.cat([s + a[1] * (u * w).sum(2) + a[2], v + (u * a[0][:, :, None]).flatten(1)], 1)}


class egnn_layer(Layer):
    def forward(self, g, x, positions, edges, velocities=None):
        n, r = x.shape[0], edge_vectors(g, positions)
        m = [x[g["dst"]], x[g["src"]], r.square().sum(1, keepdim=True)] + ([] if self.spec["kinds"]["edges"] == "edge length" else [edges])
        m = self.mlp("edge.", torch.cat(m, 1), "silu", end=True)
        m = m * torch.sigmoid(self.dense("attention.", m)) if self.has("attention.weight") else m
        w = self.mlp("coord.", m, "silu")
        w = torch.tanh(w) if self.set["tanh"] else w
        r = r / (1 + r.norm(dim=1, keepdim=True)) if self.set["normalise"] else r
        step = (average if self.set["pool"] == "mean" else add_up)(r * w, g["dst"], n)
        step = step if velocities is None else step + velocities * self.mlp("velocity.", x, "silu")
        return {"y": x + self.mlp("node.", torch.cat([x, add_up(m, g["dst"], n)], 1), "silu"), "positions": positions + step, "velocities": step}


def gated(x, blocks, odd, scalars_act, gates_act, c):
    """Of the invariants the last ones are gates, one for each irrep that has a direction (or changes its sign, unless odd is tanh). c: scale of an activation."""
    parts, odd = blocks.slices(), odd == "tanh"
    free = [k for k, (_, ir) in enumerate(blocks) if ir.l == 0 and ir.p == 1]
    scalars = torch.cat([x[:, parts[k]] for k in free], 1) if free else x[:, :0]
    n = sum(mul for mul, ir in blocks if ir.l > 0 or (ir.p == -1 and not odd))
    gates, scalars = scalars[:, scalars.shape[1] - n:], scalars[:, :scalars.shape[1] - n]
    scalars, gates = c(scalars_act) * act(scalars_act)(scalars), c(gates_act) * act(gates_act)(gates)
    out, at, taken = [], 0, 0
    for k, (mul, ir) in enumerate(blocks):
        block = x[:, parts[k]]
        if k in free:
            take = min(mul, scalars.shape[1] - taken)
            out.append(scalars[:, taken:taken + take])
            taken += take
        elif ir.l == 0 and odd:
            out.append(c("tanh") * torch.tanh(block))
        else:
            out.append((block.reshape(-1, mul, ir.dim) * gates[:, at:at + mul, None]).reshape(-1, mul * ir.dim))
            at += mul
    return torch.cat(out, 1)


class gate(Layer):
    def forward(self, g, x):
        def c(name):
            return constant(name, self.set["constants"]) if self.set["normalise"] else 1.0
        return {"y": gated(x, self.type("x"), self.set["odd"], self.set["scalars"], self.set["gates"], c)}


class scalar_act(Layer):
    def forward(self, g, x):
        out = []
        for s, (_, ir) in zip(self.type("x").slices(), self.type("x")):
            name = None if ir.l > 0 else self.set["act"] if ir.p == 1 else self.set["odd"]
            out.append(x[:, s] if name is None else (constant(name, self.set["constants"]) if self.set["normalise"] else 1.0) * act(name)(x[:, s]))
        return {"y": torch.cat(out, 1)}


def fields(irreps):
    """For each number the copy that it belongs to, and the places of invariants."""
    of = [ir.dim for mul, ir in irreps for _ in range(mul)]
    fixed = [i for s, (_, ir) in zip(irreps.slices(), irreps) if ir.l == 0 and ir.p == 1 for i in range(s.start, s.stop)]
    return torch.repeat_interleave(torch.arange(len(of)), torch.tensor(of)), torch.tensor(fixed, dtype=torch.long)


class e3_layernorm(Layer):
    def forward(self, g, x):
        out, (of, fixed) = [], fields(self.type("x"))
        for s, (mul, ir) in zip(self.type("x").slices(), self.type("x")):
            h = x[:, s]
            h = h - h.mean(1, keepdim=True) if ir.l == 0 and ir.p == 1 else h
            out.append(h / torch.sqrt(h.square().mean(1, keepdim=True) + self.set["eps"]))
        y = torch.cat(out, 1)
        if self.has("weight"):
            y = y * self.w("weight")[of]
        return {"y": y.index_add(1, fixed, self.w("bias").expand(len(y), -1)) if self.has("bias") else y}


class e3_bn(Layer):
    """As it is after training: running means and variances."""
    def forward(self, g, x):
        of, fixed = fields(self.type("x"))
        if len(fixed) > 0:
            x = x.index_add(1, fixed, -self.w("running_mean").expand(len(x), -1))
        y = x / torch.sqrt(self.w("running_var") + self.set["eps"])[of]
        y = y * self.w("weight")[of] if self.has("weight") else y
        return {"y": y.index_add(1, fixed, self.w("bias").expand(len(y), -1)) if self.has("bias") and len(fixed) > 0 else y}


class irreps_linear(Layer):
    def forward(self, g, x):
        y = self.linear("", self.type("x"), self.type("y"))(x)
        if self.has("bias"):
            at = [i for s, (_, ir) in zip(self.type("y").slices(), self.type("y")) if ir.l == 0 and ir.p == 1 for i in range(s.start, s.stop)]
            y = y.index_add(1, torch.tensor(at), self.w("bias").expand(y.shape[0], -1))
        return {"y": y}


class extract_scalars(Layer):
    def forward(self, g, x):
        return {"y": torch.cat([x[:, s] for s, (_, ir) in zip(self.type("x").slices(), self.type("x")) if ir.l == 0 and ir.p == 1], 1)}


class cross_dot(Layer):
    def forward(self, g, a, b):
        a, b = a.reshape(len(a), -1, 3), b.reshape(len(b), -1, 3)
        return {"y": (a * b).sum(2) if self.set["product"] == "dot" else torch.cross(a, b, dim=2).flatten(1)}


def signs_of_axes(a):
    """Axes of symmetric 3 × 3 tables, longest first, by turns of pairs: where signs are not averaged over they are those of the studio."""
    a, v = a.detach().clone(), torch.eye(3, dtype=a.dtype).repeat(len(a), 1, 1)
    for p, q in [(0, 1), (0, 2), (1, 2)] * 12:
        apq = a[:, q, p]
        theta = (a[:, q, q] - a[:, p, p]) / (2 * torch.where(apq == 0, torch.ones_like(apq), apq))
        t = torch.where(theta >= 0, 1.0, -1.0) / (theta.abs() + torch.sqrt(theta * theta + 1))
        t = torch.where(apq == 0, torch.zeros_like(t), t)[:, None]
        c, s = 1 / torch.sqrt(t * t + 1), t / torch.sqrt(t * t + 1)
        a[:, p], a[:, q] = c * a[:, p] - s * a[:, q], s * a[:, p] + c * a[:, q]
        v[:, p], v[:, q] = c * v[:, p] - s * v[:, q], s * v[:, p] + c * v[:, q]
        a[:, :, p], a[:, :, q] = c * a[:, :, p] - s * a[:, :, q], s * a[:, :, p] + c * a[:, :, q]
    order = torch.diagonal(a, dim1=1, dim2=2).argsort(dim=1, descending=True)
    return torch.gather(v, 1, order[:, :, None].expand(-1, -1, 3))


class frame_align(Layer):
    def forward(self, g, positions, x=None):
        r = positions - average(positions, g["batch"], g["n"])[g["batch"]]
        second = average((r[:, :, None] * r[:, None, :]).flatten(1), g["batch"], g["n"]).reshape(-1, 3, 3)
        axes = torch.linalg.eigh(second)[1].flip(2).transpose(1, 2)
        axes = axes * torch.sign((axes * signs_of_axes(second)).sum(2, keepdim=True))
        axes = torch.cat([axes[:, :2], torch.cross(axes[:, :1], axes[:, 1:2], dim=2)], 1)
        r = torch.einsum("na,nka->nk", r, axes[g["batch"]])
        mirrors = any(ir.p == -1 for _, ir in self.type("positions"))
        frames = [s for s in range(8) if mirrors or bin(s).count("1") % 2 == 0] if self.set["average"] else [0]
        y = 0
        for s in frames:
            turned = r * torch.tensor([-1.0 if s >> i & 1 else 1.0 for i in range(3)], dtype=r.dtype)
            y = y + self.mlp("", turned if x is None else torch.cat([turned, x], 1), self.set["act"])
        return {"y": y / len(frames)}


class center_coords(Layer):
    def forward(self, g, positions):
        return {"y": positions - average(positions, g["batch"], g["n"])[g["batch"]]}


class coord_update(Layer):
    def forward(self, g, positions, x):
        return {"positions": positions + self.linear("", self.type("x"), o3.Irreps("1x1o") if any(ir.p == -1 for _, ir in self.type("x")) else o3.Irreps("1x1e"))(x)}


class norm_pool(Layer):
    def forward(self, g, x):
        y = torch.cat([b.square().sum(2) for b in copies(x, self.type("x"))], 1)
        return {"y": y if self.set["squared"] else torch.sqrt(y + self.set["eps"] ** 2)}


class split(Layer):
    def forward(self, g, x):
        return {"a": x[:, :self.set["at"]], "b": x[:, self.set["at"]:]}


class concat(Layer):
    def forward(self, g, x):
        return {"y": torch.cat(x, 1)}


class add(Layer):
    def forward(self, g, x):
        return {"y": sum(x[1:], x[0])}


class gather(Layer):
    def forward(self, g, x, edges):
        return {"y": x[g["src" if self.set["end"] == "source" else "dst"]]}


class scatter(Layer):
    def forward(self, g, x):
        if self.set["pool"] == "max":
            raise NotImplementedError("pool max")
        return {"y": (average if self.set["pool"] == "mean" else add_up)(x, g["dst"], len(g["pos"]))}


class multiply_by_scalar(Layer):
    def forward(self, g, x, scalar):
        return {"y": x * (scalar if scalar.shape[1] in (1, x.shape[1]) else scalar[:, fields(self.type("x"))[0]])}


def pool(g, x, mean):
    y = add_up(x, g["batch"], g["n"])
    return y / torch.bincount(g["batch"], minlength=g["n"]).to(x.dtype)[:, None] if mean else y


class global_pool(Layer):
    def forward(self, g, x):
        if self.set["pool"] not in ("sum", "mean"):
            raise NotImplementedError("pool " + self.set["pool"])
        return {"y": pool(g, x, self.set["pool"] == "mean")}


class mlp_head(Layer):
    def forward(self, g, x):
        for i in range(len(self.set["hidden"]) + 1):
            x = x @ self.w("%d.weight" % i).T + (self.w("%d.bias" % i) if self.has("%d.bias" % i) else 0)
            if i < len(self.set["hidden"]):
                x = act(self.set["act"])(x)
        return {"y": x}


class node_head(Layer):
    def forward(self, g, x):
        return {"y": self.mlp("", x, "relu")}


segmentation_head_nodes = node_head


class softmax_classifier(Layer):
    def forward(self, g, x):
        return {"y": self.dense("", x) if self.has("weight") else x}


regression_head = softmax_classifier


class field_output(Layer):
    def forward(self, g, x):
        return {"y": x}


class per_species_scale_shift(Layer):
    def forward(self, g, x, species):
        if self.has("scale"):
            x = self.w("scale")[species] * x + self.w("shift")[species]
        return {"y": self.w("energy_scale") * x + self.w("energy_shift")[species][:, None]}


class energy_readout(Layer):
    def forward(self, g, x, species=None, also=None):
        for i in range(len(self.set["hidden"]) + 1):
            x = x @ self.w("%d.weight" % i).T + (self.w("%d.bias" % i) if self.has("%d.bias" % i) else 0)
            if i < len(self.set["hidden"]):
                x = act(self.set["act"])(x)
        if also is not None:
            x = x + also @ self.w("also.weight").T
        if species is not None:
            x = self.w("energy_scale") * x + self.w("energy_shift")[species][:, None]
        return {"energy": pool(g, x, False)}


class forces_from_energy(Layer):
    def forward(self, g, energy, positions):
        return {"forces": -torch.autograd.grad(energy.sum(), positions, create_graph=self.training, retain_graph=True)[0]}


class stress_from_energy(Layer):
    """1/V of the slope of the energy by a strain of coordinates and lattice, as 1x0e + 1x2e; zero where a sample is not periodic in all three directions."""
    def forward(self, g, energy, positions, cell):
        s = torch.autograd.grad(energy.sum(), g["strain"], create_graph=self.training, retain_graph=True)[0]
        volume = torch.linalg.det(g["cell"].detach()).abs()
        s = 0.5 * (s + s.transpose(1, 2)) / torch.where(volume > 0, volume, torch.ones_like(volume))[:, None, None] * (volume > 0)[:, None, None]
        xx, yy, zz = s[:, 0, 0], s[:, 1, 1], s[:, 2, 2]
        trace = xx + yy + zz
        return {"stress": torch.stack([trace / math.sqrt(3), math.sqrt(2) * s[:, 0, 2], math.sqrt(2) * s[:, 0, 1], math.sqrt(1.5) * (yy - trace / 3),
                                       math.sqrt(2) * s[:, 1, 2], (zz - xx) / math.sqrt(2)], 1)}


class chiral_classifier(Layer):
    def forward(self, g, x):
        odd = [i for s, (_, ir) in zip(self.type("x").slices(), self.type("x")) if ir.p == -1 for i in range(s.start, s.stop)]
        even = [i for i in range(x.shape[1]) if i not in odd]
        return {"y": torch.cat([torch.stack([x[:, odd], -x[:, odd]], 2).reshape(x.shape[0], -1), x[:, even]], 1)}


class direct_vector_head(Layer):
    def forward(self, g, x):
        y = self.linear("", self.type("x"), self.type("y"))(x)
        return {"y": y if self.set["of"] == "node" or y.shape[0] != g["batch"].shape[0] else pool(g, y, self.set["of"] == "mean")}


class tensor_head(direct_vector_head):
    pass


class dipole_head(Layer):
    """Charges about their mean times places about the middle, an arrow of each atom, and the total charge in the middle."""
    def forward(self, g, positions, x):
        centre = average(positions, g["batch"], g["n"])
        y = self.set["charge"] * centre
        if self.has("charges.weight"):
            q = self.linear("charges.", self.type("x"), o3.Irreps("1x0e"))(x)
            q = q - average(q, g["batch"], g["n"])[g["batch"]]
            y = y + add_up(q * (positions - centre[g["batch"]]), g["batch"], g["n"])
        if self.has("arrows.weight"):
            y = y + add_up(self.linear("arrows.", self.type("x"), self.type("y"))(x), g["batch"], g["n"])
        return {"y": y}


class pose_rot6d(Layer):
    def forward(self, g, x):
        def unit(v):
            return v / torch.sqrt(v.square().sum(1, keepdim=True) + 1e-16)
        a, b = unit(x[:, :3]), x[:, 3:]
        b = unit(b - (a * b).sum(1, keepdim=True) * a)
        return {"pose": torch.cat([a, b, torch.cross(a, b, dim=1)], 1)}


class pose_svd(Layer):
    def forward(self, g, x):
        u, _, v = torch.linalg.svd(x.reshape(-1, 3, 3).transpose(1, 2))
        s = torch.ones_like(u[:, 0])
        s[:, 2] = torch.sign(torch.linalg.det(u @ v))
        return {"pose": (u * s[:, None, :] @ v).transpose(1, 2).flatten(1)}


class pose_translation(Layer):
    def forward(self, g, positions, x):
        return {"place": average(positions, g["batch"], g["n"]) + x}


class nbody_output(Layer):
    def forward(self, g, positions):
        return {"positions": positions}
