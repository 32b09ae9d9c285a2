# This network in PyTorch, with e3nn's modules for harmonics, linear maps and tensor products. Exported code: MIT-0.
#
#   python3 model.py            checks the numbers of vectors.json, which the studio computed in float64
#
# network.json names the layers, their settings, types and links, weights.safetensors holds the weights under "<node>.<name>". Each class below is
# one kind of layer. Coordinates and arrows are (x, y, z), an edge leads from src to dst, its vector is pos[dst] - pos[src].
# layers: input_points input_features species_embed radius_graph complete_graph sph_harm radial_basis tfn_conv nequip_interaction gate irreps_linear extract_scalars global_pool mlp_head energy_readout forces_from_energy chiral_classifier direct_vector_head
import json
import math
import os
import re
import struct

import torch
from e3nn import o3

# c with E[(c act(z))^2] = 1 for normal z: integrals; e3nn estimates them by sampling.
EXACT = {"identity": 1.0, "relu": 1.4142135623730951, "silu": 1.6765324703, "tanh": 1.5925374197, "sigmoid": 1.8462285453}
E3NN = {"identity": 1.0, "relu": 1.4163393446331446, "silu": 1.6791767923989418, "tanh": 1.5937334472592710, "sigmoid": 1.8467055342154763}


def act(name):
    return {"identity": lambda x: x, "relu": torch.relu, "silu": torch.nn.functional.silu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
            "softplus": torch.nn.functional.softplus, "gelu": lambda x: torch.nn.functional.gelu(x), "elu": torch.nn.functional.elu,
            "ssp": lambda x: torch.nn.functional.softplus(x) - math.log(2.0)}[name]


def constant(name, which):
    return (E3NN if which == "e3nn" else EXACT)[name]


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


class radius_graph(Layer):
    def forward(self, g, positions):
        vector = positions[g["dst"]] - positions[g["src"]]
        return {"vector": vector, "length": vector.norm(dim=1, keepdim=True)}


complete_graph = radius_graph


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
        u, p = (length / c).clamp(max=1.0), self.set["p"]
        if self.set["envelope"] == "polynomial":
            y = y * (1 - (p + 1) * (p + 2) / 2 * u ** p + p * (p + 2) * u ** (p + 1) - p * (p + 1) / 2 * u ** (p + 2))
        elif self.set["envelope"] == "cosine":
            y = y * 0.5 * (torch.cos(math.pi * u) + 1)
        return {"y": y}


class Interaction(Layer):
    """Linear, product with the harmonics copy by copy with weights of the distance, sum over neighbours, linear."""
    def __init__(self, spec, weights):
        super().__init__(spec, weights)
        x, y, out = self.type("x"), self.type("harmonics"), self.type("y")
        keep, mid, rules = {ir for _, ir in out}, [], []
        drop = self.dropped()
        for i, (mul, a) in enumerate(x):
            for j, (_, b) in enumerate(y):
                for c in a * b:
                    if c in keep and "%s*%s>%s" % (self.kind(a), self.kind(b), self.kind(c)) not in drop:
                        rules.append((i, j, len(mid), "uvu", True))
                        mid.append((mul, c))
        mid = o3.Irreps(mid)
        mid, place, _ = mid.sort()
        rules = [(i, j, place[k], mode, train) for i, j, k, mode, train in rules]
        self.product = o3.TensorProduct(x, y, mid, rules, shared_weights=False, internal_weights=False)
        self.up, self.down = self.linear("linear_up.", x, x), self.linear("linear_down.", mid.simplify(), out)

    @staticmethod
    def kind(ir):
        return "%d%s" % (ir.l, "e" if ir.p > 0 else "o")

    def dropped(self):
        """Paths that are left out; in designs without parities all kinds are even here."""
        paths = [p.strip() for p in self.set["drop_paths"].split(",") if p.strip()]
        return {re.sub(r"(\d+)(?=[*>]|$)", r"\1e", p) for p in paths}

    def radial(self, e):
        i = 0
        while self.has("radial.%d.weight" % i):
            w = self.w("radial.%d.weight" % i)
            e = e @ w / math.sqrt(w.shape[0])
            i += 1
            if self.has("radial.%d.weight" % i):
                e = constant("silu", self.set["constants"]) * torch.nn.functional.silu(e)
        return e

    def messages(self, g, x, harmonics, radial):
        m = self.product(self.up(x)[g["src"]], harmonics, self.radial(radial))
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


class gate(Layer):
    """Of the invariants the last ones are gates, one for each irrep that has a direction (or changes its sign, unless odd is tanh)."""
    def forward(self, g, x):
        odd, which = self.set["odd"] == "tanh", self.set["constants"]
        def c(name):
            return constant(name, which) if self.set["normalise"] else 1.0
        parts, blocks = self.type("x").slices(), list(self.type("x"))
        free = [k for k, (_, ir) in enumerate(blocks) if ir.l == 0 and ir.p == 1]
        scalars = torch.cat([x[:, parts[k]] for k in free], 1) if free else x[:, :0]
        n = sum(mul for mul, ir in blocks if ir.l > 0 or (ir.p == -1 and not odd))
        gates, scalars = scalars[:, scalars.shape[1] - n:], scalars[:, :scalars.shape[1] - n]
        scalars, gates = c(self.set["scalars"]) * act(self.set["scalars"])(scalars), c(self.set["gates"]) * act(self.set["gates"])(gates)
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
        return {"y": torch.cat(out, 1)}


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
        return {"forces": -torch.autograd.grad(energy.sum(), positions, create_graph=self.training)[0]}


class chiral_classifier(Layer):
    def forward(self, g, x):
        odd = [i for s, (_, ir) in zip(self.type("x").slices(), self.type("x")) if ir.p == -1 for i in range(s.start, s.stop)]
        even = [i for i in range(x.shape[1]) if i not in odd]
        return {"y": torch.cat([torch.stack([x[:, odd], -x[:, odd]], 2).reshape(x.shape[0], -1), x[:, even]], 1)}


class direct_vector_head(Layer):
    def forward(self, g, x):
        y = self.linear("", self.type("x"), self.type("y"))(x)
        return {"y": y if self.set["of"] == "node" or y.shape[0] != g["batch"].shape[0] else pool(g, y, self.set["of"] == "mean")}


class Model(torch.nn.Module):
    def __init__(self, folder=os.path.dirname(os.path.abspath(__file__)), dtype=torch.float64):
        super().__init__()
        with open(os.path.join(folder, "network.json")) as f:
            self.net = json.load(f)
        weights = read_safetensors(os.path.join(folder, "weights.safetensors"))
        self.layers = torch.nn.ModuleDict()
        for spec in self.net["nodes"]:
            own = {k[len(spec["weights"]) + 1:]: v for k, v in weights.items() if k.startswith(spec["weights"] + ".")}
            self.layers[spec["id"].replace(".", "/")] = globals()[spec["layer"]](spec, own)
        self.to(dtype)

    def edges(self, pos, batch):
        rule = self.net["neighbours"]
        if rule is None:
            return None, None
        near = (batch[:, None] == batch[None, :]) & ~torch.eye(len(pos), dtype=torch.bool)
        if not rule["complete"]:
            near &= torch.cdist(pos.detach(), pos.detach(), compute_mode="donot_use_mm_for_euclid_dist") <= rule["cutoff"]
        dst, src = near.nonzero(as_tuple=True)
        return src, dst

    def forward(self, pos, species=None, batch=None, **features):
        """pos [n, 3], species [n] (numbers of kinds, from 0), batch [n] (number of each node's sample). Returns the results by node id."""
        pos = pos if pos.requires_grad else pos.clone().requires_grad_(True)
        batch = torch.zeros(len(pos), dtype=torch.long) if batch is None else batch
        species = torch.zeros(len(pos), dtype=torch.long) if species is None else species
        src, dst = self.edges(pos, batch)
        g = {"pos": pos, "species": species, "batch": batch, "n": int(batch.max()) + 1, "src": src, "dst": dst, **features}
        values = {}
        for spec in self.net["nodes"]:
            args = {port: values[tuple(link)] for port, link in spec["inputs"].items()}
            for port, value in self.layers[spec["id"].replace(".", "/")](g, **args).items():
                values[spec["id"], port] = value
        return {out["name"]: values[out["node"], out["port"]] for out in self.net["outputs"]}

    def n_parameters(self):
        return sum(p.numel() for n, p in self.named_parameters() if not n.endswith(("energy_scale", "energy_shift")))


def self_test(folder=os.path.dirname(os.path.abspath(__file__)), tolerance=1e-4):
    model = Model(folder).eval()
    with open(os.path.join(folder, "vectors.json")) as f:
        v = json.load(f)
    features = {k: torch.tensor(x, dtype=torch.float64) for k, x in v["features"].items()}
    out = model(torch.tensor(v["pos"], dtype=torch.float64), torch.tensor(v["species"]), torch.tensor(v["batch"]), **features)
    print("parameters: %d here, %d in the studio" % (model.n_parameters(), model.net["parameters"]))
    worst = 0.0
    for name, expected in v["outputs"].items():
        expected = torch.tensor(expected, dtype=torch.float64).reshape(out[name].shape)
        error = float((out[name] - expected).abs().max() / expected.abs().max().clamp(min=1e-30))
        print("%s: largest relative difference %.2e" % (name, error))
        worst = max(worst, error)
    good = worst <= tolerance and model.n_parameters() == model.net["parameters"]
    print("the same numbers" if good else "DIFFERENT NUMBERS")
    return good


if __name__ == "__main__":
    raise SystemExit(0 if self_test() else 1)
