# SPDX-License-Identifier: MIT-0
"""Layers of sets and graphs in PyTorch, as Equistudio computes them.

Every class stands for a layer of the studio and has its weights under the same names. Where PyTorch Geometric has the layer too, to_pyg()
makes it from the same weights, and a model made with pyg=True runs it. Rows of nodes and edges of a batch follow one another without padding.
"""
import importlib.util
import json
import math
import struct

import torch
from torch import nn

HAS_PYG = importlib.util.find_spec("torch_geometric") is not None
LAYERS = {}


def layer(*names):
    def register(cls):
        for name in names:
            LAYERS[name] = cls
        return cls
    return register


# ---- files and batches ----

def read_safetensors(path):
    """Tensors and metadata of a safetensors file of float32 and int64."""
    with open(path, "rb") as f:
        data = bytearray(f.read())
    size, = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + size])
    meta = header.pop("__metadata__", {})
    kinds = {"F32": torch.float32, "I64": torch.int64}
    tensors = {}
    for name, t in header.items():
        first, end = t["data_offsets"]
        tensors[name] = torch.frombuffer(data[8 + size + first:8 + size + end] or bytearray(8), dtype=kinds[t["dtype"]])
        tensors[name] = tensors[name][:0].reshape(t["shape"]) if first == end else tensors[name].reshape(t["shape"]).clone()
    return tensors, meta


class Graphs:
    """A batch: node_offset [samples + 1] says where each sample's nodes begin; src, dst are the ends of edges as nodes of the batch."""

    def __init__(self, node_offset, src=None, dst=None, pyg=False):
        self.offset = node_offset.tolist()
        self.n = len(self.offset) - 1
        self.nodes = self.offset[-1]
        self.counts = node_offset[1:] - node_offset[:-1]
        self.batch = torch.repeat_interleave(torch.arange(self.n), self.counts)
        empty = torch.zeros(0, dtype=torch.int64)
        self.src, self.dst = empty if src is None else src, empty if dst is None else dst
        self.pyg = pyg

    def keep(self, nodes):
        """The smaller graphs of these nodes (ascending, some of every sample); its node_of and edge_of are the rows kept of this one."""
        place = torch.full((self.nodes,), -1)
        place[nodes] = torch.arange(len(nodes))
        edges = torch.nonzero((place[self.src] >= 0) & (place[self.dst] >= 0))[:, 0]
        counts = torch.bincount(self.batch[nodes], minlength=self.n)
        small = Graphs(torch.cat([counts.new_zeros(1), counts.cumsum(0)]), place[self.src[edges]], place[self.dst[edges]], self.pyg)
        small.node_of, small.edge_of = nodes, edges
        return small

    @property
    def edge_index(self):
        return torch.stack([self.src, self.dst])

    def samples(self):
        return zip(self.offset[:-1], self.offset[1:])

    def pairs(self, x, c=None):
        """The n x n rows of each sample as a matrix."""
        at = 0
        for n in self.counts.tolist():
            yield n, x[at:at + n * n].reshape(n, n, -1)
            at += n * n


# ---- sums over groups of rows ----

def total(x, index, n):
    return x.new_zeros((n,) + x.shape[1:]).index_add(0, index, x)


def mean(x, index, n):
    count = total(torch.ones_like(x[:, :1]), index, n).clamp(min=1)
    return total(x, index, n) / count


def largest(x, index, n):
    out = x.new_full((n, x.shape[1]), -torch.inf).scatter_reduce(0, index.unsqueeze(1).expand_as(x), x, "amax")
    return torch.where(torch.isinf(out), torch.zeros_like(out), out)


def softmax(x, index, n):
    e = torch.exp(x - largest(x, index, n)[index])
    return e / total(e, index, n)[index]


def logsumexp(x, index, n):
    top = largest(x, index, n)
    return top + torch.log(total(torch.exp(x - top[index]), index, n))


POOLS = {"sum": total, "mean": mean, "max": largest, "logsumexp": logsumexp}
ACTS = {"relu": torch.relu, "elu": nn.functional.elu, "silu": nn.functional.silu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
        "softplus": nn.functional.softplus, "ssp": lambda x: nn.functional.softplus(x) - 0.6931471805599453, "gelu": nn.functional.gelu,
        "abs": torch.abs, "sin": torch.sin, "leaky_relu": lambda x: nn.functional.leaky_relu(x, 0.2), "identity": lambda x: x}


class Mlp(nn.Module):
    """Linear layers "0", "1" …; norm: batch norm of each but the last, as its part "norm"."""

    def __init__(self, n_in, widths, act="relu", end=False, dropout=0.0, norm=False, bias=True):
        super().__init__()
        self.n, self.act, self.end, self.p = len(widths), act, end, dropout
        for i, width in enumerate(widths):
            dense = nn.Linear(n_in, width, bias=bias)
            if norm and (i + 1 < self.n or end):
                dense.norm = nn.BatchNorm1d(width)
            self.add_module(str(i), dense)
            n_in = width

    def forward(self, x):
        for i in range(self.n):
            dense = getattr(self, str(i))
            x = dense(x)
            if hasattr(dense, "norm"):
                x = dense.norm(x)
            if i + 1 < self.n or self.end:
                x = ACTS[self.act](x)
            if i + 1 < self.n and self.p > 0:
                x = nn.functional.dropout(x, self.p, self.training)
        return x


class Layer(nn.Module):
    """inputs: numbers of a row at each input port, of links alone 0. settings: as in the design."""

    def __init__(self, inputs, settings):
        super().__init__()
        self.inputs, self.settings = inputs, settings
        self.build(**settings)

    def build(self, **settings):
        pass

    @property
    def width(self):
        return self.inputs["x"]

    def through_pyg(self, g):
        """The same layer of PyTorch Geometric, where the model asks for it and there is one."""
        if not g.pyg or not hasattr(self, "to_pyg"):
            return None
        if "pyg_module" not in self.__dict__:
            self.__dict__["pyg_module"] = self.to_pyg().train(self.training)
        return self.__dict__["pyg_module"]


def share(module, **tensors):
    """Weights of a module of another library become ours; dots in names as double underlines."""
    for name, tensor in tensors.items():
        *path, last = name.split("__")
        owner = module
        for part in path:
            owner = getattr(owner, part)
        setattr(owner, last, tensor)
    return module


# ---- inputs, structure ----

@layer("input_set", "input_graph")
class Input(Layer):
    def build(self, channels=0, names="", drop="", **_):
        names, drop = [n for n in names.replace(";", ",").replace(" ", ",").split(",") if n], set(drop.replace(" ", ",").split(","))
        self.keep = [i for i in range(channels) if len(names) != channels or names[i] not in drop]

    def forward(self, g, nodes=None, edge_features=None):
        if nodes is None or not self.keep:
            nodes = torch.ones(g.nodes, 1)
        else:
            nodes = nodes[:, self.keep]
        return {"y": nodes, "edges": edge_features}


@layer("add")
class Add(Layer):
    def forward(self, g, x):
        return sum(x[1:], x[0]) if isinstance(x, list) else x


@layer("concat")
class Concat(Layer):
    def forward(self, g, x):
        return torch.cat(x, 1) if isinstance(x, list) else x


@layer("scale_const")
class Scale(Layer):
    def forward(self, g, x):
        return x * self.settings["factor"]


@layer("broadcast_global")
class Broadcast(Layer):
    def forward(self, g, x, like):
        return x[g.batch]


@layer("gather")
class Gather(Layer):
    def forward(self, g, x, edges=None):
        return x[g.src if self.settings["end"] == "source" else g.dst]


@layer("scatter")
class Scatter(Layer):
    def forward(self, g, x):
        return POOLS[self.settings["pool"]](x, g.dst, g.nodes)


@layer("relu_pw", "elu_pw", "silu_pw", "tanh_pw")
class PointWise(Layer):
    act = None

    def forward(self, g, x):
        return ACTS[self.act](x)


@layer("dropout_plain")
class Dropout(Layer):
    def forward(self, g, x):
        return nn.functional.dropout(x, self.settings["p"], self.training)


@layer("node_dropout")
class NodeDropout(Layer):
    def forward(self, g, x):
        return x * nn.functional.dropout(torch.ones_like(x[:, :1]), self.settings["p"], self.training)


@layer("edge_dropout")
class EdgeDropout(Layer):
    def forward(self, g, edges=None):
        edges = torch.ones(len(g.src), 1) if edges is None else edges
        return edges * nn.functional.dropout(torch.ones_like(edges[:, :1]), self.settings["p"], self.training)


# ---- norms ----

@layer("batchnorm_plain")
class BatchNorm(Layer):
    def build(self, momentum=0.1, eps=1e-5, affine=True):
        norm = nn.BatchNorm1d(self.width, eps=eps, momentum=momentum, affine=affine)
        self.weight, self.bias = norm.weight, norm.bias
        for name in ("running_mean", "running_var"):
            self.register_buffer(name, getattr(norm, name))

    def forward(self, g, x):
        return nn.functional.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, self.training, self.settings["momentum"], self.settings["eps"])


@layer("layer_norm")
class LayerNorm(Layer):
    def build(self, eps=1e-5, affine=True):
        if affine:
            self.weight, self.bias = nn.Parameter(torch.ones(self.width)), nn.Parameter(torch.zeros(self.width))

    def forward(self, g, x):
        return nn.functional.layer_norm(x, (self.width,), getattr(self, "weight", None), getattr(self, "bias", None), self.settings["eps"])


@layer("graph_norm")
class GraphNorm(Layer):
    def build(self, eps=1e-5):
        for name, value in (("weight", 1.0), ("bias", 0.0), ("mean_scale", 1.0)):
            setattr(self, name, nn.Parameter(torch.full((self.width,), value)))

    def to_pyg(self):
        from torch_geometric.nn import GraphNorm as Other
        return share(Other(self.width, self.settings["eps"]), weight=self.weight, bias=self.bias, mean_scale=self.mean_scale)

    def forward(self, g, x):
        other = self.through_pyg(g)
        if other is not None:
            return other(x, g.batch)
        d = x - self.mean_scale * mean(x, g.batch, g.n)[g.batch]
        return self.weight * d / torch.sqrt(mean(d * d, g.batch, g.n)[g.batch] + self.settings["eps"]) + self.bias


# ---- sets ----

@layer("phi")
class Phi(Layer):
    def build(self, widths, act="relu", end=False, dropout=0.0):
        self.mlp = Mlp(self.width, widths, act, end, dropout)

    def forward(self, g, x):
        return self.mlp(x)


@layer("deepsets_equiv")
class DeepSetsEquiv(Layer):
    def build(self, channels, pool="mean", bias=True):
        self.add_module("lambda", nn.Linear(self.width, channels, bias=bias))
        self.gamma = nn.Linear(self.width, channels, bias=False)

    def forward(self, g, x):
        return getattr(self, "lambda")(x) + self.gamma(POOLS[self.settings["pool"]](x, g.batch, g.n))[g.batch]


@layer("rho_pool", "global_pool")
class Pool(Layer):
    def build(self, pool="sum"):
        if pool == "softmax":
            self.t = nn.Parameter(torch.ones(1))

    def to_pyg(self):
        from torch_geometric.nn import aggr
        kinds = {"sum": aggr.SumAggregation, "mean": aggr.MeanAggregation, "max": aggr.MaxAggregation}
        pool = self.settings["pool"]
        return kinds[pool]() if pool in kinds else None

    def forward(self, g, x):
        pool = self.settings["pool"]
        other = self.through_pyg(g) if pool in ("sum", "mean", "max") else None
        if other is not None:
            return other(x, g.batch, dim_size=g.n)
        if pool == "softmax":
            return total(x * softmax(self.t * x, g.batch, g.n), g.batch, g.n)
        return POOLS[pool](x, g.batch, g.n)


@layer("pairwise_set")
class Pairwise(Layer):
    def build(self, hidden, channels, pool="sum", act="relu"):
        self.first, self.second = nn.Linear(self.width, hidden[0]), nn.Linear(self.width, hidden[0], bias=False)
        self.mlp = Mlp(hidden[0], hidden[1:], act, True)
        self.last = nn.Linear(hidden[-1], channels, bias=False)
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, g, x):
        a, b, rows, act = self.first(x), self.second(x), [], ACTS[self.settings["act"]]
        for first, end in g.samples():
            meet = self.mlp(act(a[first:end].unsqueeze(1) + b[first:end].unsqueeze(0)))
            y = self.last(meet) + self.bias
            rows.append(y.mean(1) if self.settings["pool"] == "mean" else y.sum(1))
        return torch.cat(rows)


def attention(q, k, v, heads, scale, q_offset, k_offset):
    """Rows of q look at those of k and v of their own sample; offsets: where samples begin."""
    rows = []
    for s in range(len(q_offset) - 1):
        a, b = slice(q_offset[s], q_offset[s + 1]), slice(k_offset[s], k_offset[s + 1])
        parts = [t.reshape(t.shape[0], heads, -1).transpose(0, 1) for t in (q[a], k[b], v[b])]
        weights = torch.softmax(scale * parts[0] @ parts[1].transpose(1, 2), -1)
        rows.append((weights @ parts[2]).transpose(0, 1).reshape(-1, q.shape[1]))
    return torch.cat(rows)


class Mab(nn.Module):
    def __init__(self, n_q, n_k, channels, heads, form, norm):
        super().__init__()
        self.c, self.heads, self.original = channels, heads, form == "original"
        self.q, self.k, self.v = nn.Linear(n_q, channels), nn.Linear(n_k, channels), nn.Linear(n_k, channels)
        if not self.original:
            self.out = nn.Linear(channels, channels)
        self.ff = nn.Linear(channels, channels)
        if norm:
            self.norm0, self.norm1 = nn.LayerNorm(channels), nn.LayerNorm(channels)

    def forward(self, x, x_offset, y, y_offset):
        """x_offset, y_offset: where samples begin in the rows of both."""
        q, k, v = self.q(x), self.k(y), self.v(y)
        scale = (self.c if self.original else self.c // self.heads) ** -0.5
        h = attention(q, k, v, self.heads, scale, x_offset, y_offset)
        h = (q if self.original else x) + (h if self.original else self.out(h))
        h = self.norm0(h) if hasattr(self, "norm0") else h
        h = h + torch.relu(self.ff(h))
        return self.norm1(h) if hasattr(self, "norm1") else h


class Attending(Layer):
    """Settings that attention on sets has in common."""

    def mab(self, n_q, n_k):
        s = self.settings
        return Mab(n_q, n_k, s["channels"], s["heads"], s["form"], s["norm"])


def places(n, m):
    return [i * m for i in range(n + 1)]


@layer("sab")
class Sab(Attending):
    def build(self, **_):
        self.block = self.mab(self.width, self.width)

    def forward(self, g, x):
        return self.block(x, g.offset, x, g.offset)


@layer("isab")
class Isab(Attending):
    def build(self, points, channels, **_):
        self.points = nn.Parameter(torch.randn(points, channels))
        self.gather, self.give = self.mab(channels, self.width), self.mab(self.width, channels)

    def forward(self, g, x):
        m = self.points.shape[0]
        h = self.gather(self.points.repeat(g.n, 1), places(g.n, m), x, g.offset)
        return self.give(x, g.offset, h, places(g.n, m))


@layer("pma")
class Pma(Attending):
    def build(self, seeds, channels, form, **_):
        self.seeds = nn.Parameter(torch.randn(seeds, channels))
        usual = form == "usual"
        if usual:
            self.ff = nn.Linear(self.width, channels)
        self.add_module("mab_block", self.mab(channels, channels if usual else self.width))

    def forward(self, g, x):
        m = self.seeds.shape[0]
        x = torch.relu(self.ff(x)) if hasattr(self, "ff") else x
        return self.mab_block(self.seeds.repeat(g.n, 1), places(g.n, m), x, g.offset).reshape(g.n, -1)


# ---- graphs ----

class Edged(Layer):
    @property
    def edge_width(self):
        return self.inputs.get("edges") or 0


@layer("gcn")
class Gcn(Edged):
    def build(self, channels, weights=False):
        dense = nn.Linear(self.width, channels)
        self.weight, self.bias = dense.weight, dense.bias

    def to_pyg(self):
        from torch_geometric.nn import GCNConv
        return share(GCNConv(self.width, self.settings["channels"]), lin__weight=self.weight, bias=self.bias)

    def forward(self, g, x, edges=None):
        w = edges if self.settings["weights"] else torch.ones(len(g.src), 1)
        other = self.through_pyg(g)
        if other is not None:
            return other(x, g.edge_index, w[:, 0])
        w = w * (g.src != g.dst).unsqueeze(1)
        d = (1 + total(w, g.dst, g.nodes)).clamp(min=1e-30) ** -0.5
        h = d * (total(w * (d * x)[g.src], g.dst, g.nodes) + d * x)
        return nn.functional.linear(h, self.weight, self.bias)


class Isomorphism(Edged):
    def build(self, widths, eps=0.0, learn_eps=False, norm=False, act="relu"):
        self.mlp = Mlp(self.width, widths, act, norm=norm)
        if learn_eps:
            self.eps = nn.Parameter(torch.tensor([float(eps)]))

    def update(self, x, messages):
        return self.mlp(x + messages + (self.eps if hasattr(self, "eps") else self.settings["eps"]) * x)


@layer("gin")
class Gin(Isomorphism):
    def to_pyg(self):
        from torch_geometric.nn import GINConv
        conv = GINConv(self.mlp, eps=self.settings["eps"], train_eps=hasattr(self, "eps"))
        return share(conv, eps=self.eps) if hasattr(self, "eps") else conv

    def forward(self, g, x, edges=None):
        other = self.through_pyg(g)
        return other(x, g.edge_index) if other is not None else self.update(x, total(x[g.src], g.dst, g.nodes))


@layer("gine")
class Gine(Isomorphism):
    def build(self, **settings):
        super().build(**settings)
        self.edge = nn.Linear(self.edge_width, self.width)

    def forward(self, g, x, edges):
        return self.update(x, total(torch.relu(x[g.src] + self.edge(edges)), g.dst, g.nodes))


class GraphAttention(Edged):
    def row(self):
        return nn.Parameter(torch.randn(1, self.settings["heads"], self.settings["channels"]))

    def own_edge(self, g, e):
        other = (g.src != g.dst).unsqueeze(1)
        return total(e * other, g.dst, g.nodes) / total(other.to(e.dtype), g.dst, g.nodes).clamp(min=1)

    def attend(self, g, score, own, h):
        """Softmax over incoming edges but loops, and the node itself; h [nodes, heads, channels]."""
        heads, n = self.settings["heads"], self.settings["channels"]
        keep = g.src != g.dst
        index = torch.cat([g.dst[keep], torch.arange(g.nodes)])
        a = softmax(torch.cat([score[keep], own]), index, g.nodes)
        y = total(a.unsqueeze(2) * torch.cat([h[g.src[keep]], h]), index, g.nodes)
        return (y.reshape(g.nodes, heads * n) if self.settings["join"] == "concat" else y.mean(1)) + self.bias

    def out_width(self):
        return self.settings["channels"] * (self.settings["heads"] if self.settings["join"] == "concat" else 1)


@layer("gat")
class Gat(GraphAttention):
    def build(self, channels, heads, join="concat", reads_edges=False):
        self.lin = nn.Linear(self.width, heads * channels, bias=False)
        self.att_src, self.att_dst = self.row(), self.row()
        if reads_edges:
            self.lin_edge, self.att_edge = nn.Linear(self.edge_width, heads * channels, bias=False), self.row()
        self.bias = nn.Parameter(torch.zeros(self.out_width()))

    def to_pyg(self):
        from torch_geometric.nn import GATConv
        s = self.settings
        conv = GATConv(self.width, s["channels"], s["heads"], concat=s["join"] == "concat", edge_dim=self.edge_width if s["reads_edges"] else None)
        share(conv, att_src=self.att_src, att_dst=self.att_dst, bias=self.bias)
        share(conv, **({"lin__weight": self.lin.weight} if getattr(conv, "lin", None) is not None else {"lin_src__weight": self.lin.weight}))
        return share(conv, lin_edge__weight=self.lin_edge.weight, att_edge=self.att_edge) if s["reads_edges"] else conv

    def forward(self, g, x, edges=None):
        other = self.through_pyg(g)
        if other is not None:
            return other(x, g.edge_index, edges if self.settings["reads_edges"] else None)
        shape = (-1, self.settings["heads"], self.settings["channels"])
        h = self.lin(x).reshape(shape)
        src, dst = (h * self.att_src).sum(2), (h * self.att_dst).sum(2)
        score, own = src[g.src] + dst[g.dst], src + dst
        if self.settings["reads_edges"]:
            e = (self.lin_edge(edges).reshape(shape) * self.att_edge).sum(2)
            score, own = score + e, own + self.own_edge(g, e)
        return self.attend(g, nn.functional.leaky_relu(score, 0.2), nn.functional.leaky_relu(own, 0.2), h)


@layer("gatv2")
class GatV2(GraphAttention):
    def build(self, channels, heads, join="concat", reads_edges=False):
        self.lin_l, self.lin_r, self.att = nn.Linear(self.width, heads * channels), nn.Linear(self.width, heads * channels), self.row()
        if reads_edges:
            self.lin_edge = nn.Linear(self.edge_width, heads * channels, bias=False)
        self.bias = nn.Parameter(torch.zeros(self.out_width()))

    def to_pyg(self):
        from torch_geometric.nn import GATv2Conv
        s = self.settings
        conv = GATv2Conv(self.width, s["channels"], s["heads"], concat=s["join"] == "concat", edge_dim=self.edge_width if s["reads_edges"] else None)
        share(conv, lin_l__weight=self.lin_l.weight, lin_l__bias=self.lin_l.bias, lin_r__weight=self.lin_r.weight, lin_r__bias=self.lin_r.bias, att=self.att, bias=self.bias)
        return share(conv, lin_edge__weight=self.lin_edge.weight) if s["reads_edges"] else conv

    def forward(self, g, x, edges=None):
        other = self.through_pyg(g)
        if other is not None:
            return other(x, g.edge_index, edges if self.settings["reads_edges"] else None)
        shape = (-1, self.settings["heads"], self.settings["channels"])
        left, right = self.lin_l(x), self.lin_r(x)
        score, own = left[g.src] + right[g.dst], left + right
        if self.settings["reads_edges"]:
            e = self.lin_edge(edges)
            score, own = score + e, own + self.own_edge(g, e)
        scores = [(nn.functional.leaky_relu(z, 0.2).reshape(shape) * self.att).sum(2) for z in (score, own)]
        return self.attend(g, scores[0], scores[1], left.reshape(shape))


@layer("sage")
class Sage(Edged):
    def build(self, channels, pool="mean"):
        self.lin_l, self.lin_r = nn.Linear(self.width, channels), nn.Linear(self.width, channels, bias=False)

    def to_pyg(self):
        from torch_geometric.nn import SAGEConv
        conv = SAGEConv(self.width, self.settings["channels"], aggr=self.settings["pool"])
        return share(conv, lin_l__weight=self.lin_l.weight, lin_l__bias=self.lin_l.bias, lin_r__weight=self.lin_r.weight)

    def forward(self, g, x, edges=None):
        other = self.through_pyg(g)
        return other(x, g.edge_index) if other is not None else self.lin_l(POOLS[self.settings["pool"]](x[g.src], g.dst, g.nodes)) + self.lin_r(x)


class Gru(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.ih, self.hh = nn.Linear(c, 3 * c), nn.Linear(c, 3 * c)

    def forward(self, x, h):
        i, s = self.ih(x).chunk(3, 1), self.hh(h).chunk(3, 1)
        r, z = torch.sigmoid(i[0] + s[0]), torch.sigmoid(i[1] + s[1])
        return (1 - z) * torch.tanh(i[2] + r * s[2]) + z * h


def ends(g, x, edges):
    return torch.cat([x[g.dst], x[g.src]] + ([edges] if edges is not None else []), 1)


@layer("mpnn")
class Mpnn(Edged):
    def build(self, message, widths, pool="sum", update="mlp", act="relu"):
        self.message = Mlp(2 * self.width + self.edge_width, message, act)
        if update == "gru":
            self.gru = Gru(self.width)
        else:
            self.update = Mlp(self.width + message[-1], widths, act)

    def forward(self, g, x, edges=None):
        m = POOLS[self.settings["pool"]](self.message(ends(g, x, edges)), g.dst, g.nodes)
        return self.gru(m, x) if hasattr(self, "gru") else self.update(torch.cat([x, m], 1))


@layer("edge_update")
class EdgeUpdate(Edged):
    def build(self, widths, act="relu"):
        self.mlp = Mlp(2 * self.width + self.edge_width, widths, act)

    def forward(self, g, x, edges=None):
        return self.mlp(ends(g, x, edges))


@layer("nnconv")
class NNConv(Edged):
    def build(self, channels, hidden, update="none", steps=1):
        self.edge, self.root = Mlp(self.edge_width, hidden + [self.width * channels]), nn.Linear(self.width, channels)
        if update == "gru":
            self.gru = Gru(channels)

    def to_pyg(self):
        from torch_geometric.nn import NNConv as Other
        conv = Other(self.width, self.settings["channels"], self.edge, aggr="add")
        return share(conv, lin__weight=self.root.weight, bias=self.root.bias)

    def forward(self, g, x, edges):
        other = self.through_pyg(g)
        matrices = None if other is not None else self.edge(edges).reshape(len(g.src), self.width, self.settings["channels"])
        for _ in range(self.settings["steps"]):
            if other is not None:
                m = other(x, g.edge_index, edges)
            else:
                m = self.root(x) + total((x[g.src].unsqueeze(1) @ matrices).squeeze(1), g.dst, g.nodes)
            x = self.gru(torch.relu(m), x) if hasattr(self, "gru") else m
        return x


@layer("edgeconv")
class EdgeConv(Edged):
    def build(self, widths, pool="max", act="relu"):
        self.mlp = Mlp(2 * self.width, widths, act)

    def to_pyg(self):
        from torch_geometric.nn import EdgeConv as Other
        return Other(self.mlp, aggr={"sum": "add"}.get(self.settings["pool"], self.settings["pool"]))

    def forward(self, g, x, edges=None):
        other = self.through_pyg(g)
        if other is not None:
            return other(x, g.edge_index)
        return POOLS[self.settings["pool"]](self.mlp(torch.cat([x[g.dst], x[g.src] - x[g.dst]], 1)), g.dst, g.nodes)


@layer("graph_transformer")
class GraphTransformer(Edged):
    def build(self, channels, heads, over="edges"):
        for name in ("query", "key", "value", "skip"):
            setattr(self, name, nn.Linear(self.width, heads * channels))
        self.reads = over == "edges" and self.edge_width > 0
        if self.reads:
            self.edge = nn.Linear(self.edge_width, heads * channels, bias=False)

    def to_pyg(self):
        from torch_geometric.nn import TransformerConv
        conv = TransformerConv(self.width, self.settings["channels"], self.settings["heads"], edge_dim=self.edge_width or None)
        for name in ("query", "key", "value", "skip"):
            share(conv, **{f"lin_{name}__weight": getattr(self, name).weight, f"lin_{name}__bias": getattr(self, name).bias})
        return share(conv, lin_edge__weight=self.edge.weight) if self.reads else conv

    def forward(self, g, x, edges=None):
        if self.settings["over"] == "all":
            scale = self.settings["channels"] ** -0.5
            return attention(self.query(x), self.key(x), self.value(x), self.settings["heads"], scale, g.offset, g.offset) + self.skip(x)
        other = self.through_pyg(g)
        if other is not None:
            return other(x, g.edge_index, edges)
        shape = (-1, self.settings["heads"], self.settings["channels"])
        e = self.edge(edges) if self.reads else 0
        q, k, v = self.query(x)[g.dst].reshape(shape), (self.key(x)[g.src] + e).reshape(shape), (self.value(x)[g.src] + e).reshape(shape)
        a = softmax((q * k).sum(2) / self.settings["channels"] ** 0.5, g.dst, g.nodes)
        return total((a.unsqueeze(2) * v).flatten(1), g.dst, g.nodes) + self.skip(x)


@layer("virtual_node")
class VirtualNode(Layer):
    def build(self, hidden, pool="mean"):
        self.mlp = Mlp(self.width, hidden + [self.width])

    def forward(self, g, x):
        return x + self.mlp(POOLS[self.settings["pool"]](x, g.batch, g.n))[g.batch]


@layer("degree_features")
class DegreeFeatures(Edged):
    def forward(self, g, x, edges=None):
        d = total(torch.ones(len(g.dst), 1), g.dst, g.nodes)
        power = {"count": 1.0, "root": 0.5, "inverse": -1.0}[self.settings["kind"]]
        return torch.cat([x, torch.where(d > 0, d.clamp(min=1) ** power, torch.zeros_like(d))], 1)


@layer("random_walk_pe")
class RandomWalk(Edged):
    def forward(self, g, x, edges=None):
        rows = []
        for first, end in g.samples():
            inside = (g.src >= first) & (g.src < end)
            p = torch.zeros(end - first, end - first).index_put((g.src[inside] - first, g.dst[inside] - first), torch.ones(()), accumulate=True)
            p, power, back = p / p.sum(1, keepdim=True).clamp(min=1), torch.eye(end - first), []
            for _ in range(self.settings["steps"]):
                power = power @ p
                back.append(power.diagonal())
            rows.append(torch.stack(back, 1))
        return torch.cat([x, torch.cat(rows)], 1)


@layer("attention_pool")
class AttentionPool(Layer):
    def build(self, gate, values):
        self.gate, self.values = Mlp(self.width, gate + [1]), Mlp(self.width, values)

    def forward(self, g, x):
        return total(softmax(self.gate(x), g.batch, g.n) * self.values(x), g.batch, g.n)


class Lstm(nn.Module):
    def __init__(self, n_in, c):
        super().__init__()
        self.ih, self.hh = nn.Linear(n_in, 4 * c), nn.Linear(c, 4 * c)

    def forward(self, x, h, cell):
        i, f, c, o = (self.ih(x) + self.hh(h)).chunk(4, 1)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(c)
        return torch.sigmoid(o) * torch.tanh(cell), cell


@layer("set2set")
class Set2Set(Layer):
    def build(self, steps):
        self.lstm = Lstm(2 * self.width, self.width)

    def to_pyg(self):
        from torch_geometric.nn import Set2Set as Other
        conv = Other(self.width, self.settings["steps"])
        return share(conv, lstm__weight_ih_l0=self.lstm.ih.weight, lstm__bias_ih_l0=self.lstm.ih.bias, lstm__weight_hh_l0=self.lstm.hh.weight, lstm__bias_hh_l0=self.lstm.hh.bias)

    def forward(self, g, x):
        other = self.through_pyg(g)
        if other is not None:
            return other(x, g.batch, dim_size=g.n)
        h = cell = x.new_zeros(g.n, self.width)
        both = x.new_zeros(g.n, 2 * self.width)
        for _ in range(self.settings["steps"]):
            h, cell = self.lstm(both, h, cell)
            a = softmax((x * h[g.batch]).sum(1, keepdim=True), g.batch, g.n)
            both = torch.cat([h, total(a * x, g.batch, g.n)], 1)
        return both


@layer("topk_pool")
class TopK(Layer):
    def build(self, ratio, pool="mean"):
        self.weight = nn.Parameter(torch.randn(1, self.width))

    def forward(self, g, x, edges=None):
        score, kept = (x * self.weight).sum(1) / self.weight.norm(), []
        for first, end in g.samples():
            best = torch.argsort(score[first:end], descending=True, stable=True)
            kept.append(first + best[:math.ceil(self.settings["ratio"] * (end - first))].sort().values)
        small = g.keep(torch.cat(kept))
        nodes = (x * torch.tanh(score).unsqueeze(1))[small.node_of]
        return {"y": POOLS[self.settings["pool"]](nodes, small.batch, small.n), "nodes": nodes, "edges": None if edges is None else edges[small.edge_of], "graph": small}


@layer("unpool")
class Unpool(Layer):
    def forward(self, g, x, like):
        return x.new_zeros(len(like), x.shape[1]).index_copy(0, g.node_of, x)


# ---- pairs of nodes ----

@layer("graph_pairs")
class GraphPairs(Edged):
    def forward(self, g, x, edges=None):
        rows = []
        for first, end in g.samples():
            n, inside = end - first, (g.src >= first) & (g.src < end)
            i, j = g.dst[inside] - first, g.src[inside] - first
            a = torch.zeros(n, n, 1 + self.edge_width + self.width)
            a[i, j, 0] = 1
            if edges is not None and self.edge_width > 0:
                for k, (p, q) in enumerate(zip(i.tolist(), j.tolist())):      # of equal edges the last counts
                    a[p, q, 1:1 + self.edge_width] = edges[inside][k]
            a[range(n), range(n), 1 + self.edge_width:] = x[first:end]
            rows.append(a.reshape(n * n, -1))
        return torch.cat(rows)


class Ign(Layer):
    def build(self, channels):
        c, times = self.width, {"2to2": 15, "2to1": 5, "2to0": 2, "1to2": 5}[self.kind]
        dense = nn.Linear(times * c + (self.kind in ("2to2", "1to2")), channels)
        self.weight, self.bias = dense.weight, dense.bias

    def forward(self, g, x):
        return nn.functional.linear(torch.cat([self.maps(n, a) for n, a in self.parts(g, x)]), self.weight, self.bias)

    def parts(self, g, x):
        return g.pairs(x)

    @staticmethod
    def sums(n, a):
        r, c, d = a.mean(1), a.mean(0), a.diagonal(dim1=0, dim2=1).T
        return r, c, d, a.mean((0, 1)), d.mean(0)


@layer("ign_2to2")
class Ign2to2(Ign):
    kind = "2to2"

    def maps(self, n, a):
        r, c, d, s, t = self.sums(n, a)
        eye = torch.eye(n).unsqueeze(2)
        i, j = (lambda v: v.unsqueeze(1).expand(n, n, -1)), (lambda v: v.unsqueeze(0).expand(n, n, -1))
        s, t = s.expand(n, n, -1), t.expand(n, n, -1)
        of = [a, a.transpose(0, 1), eye * i(d), i(r), j(r), eye * i(r), i(c), j(c), eye * i(c), s, eye * s, t, eye * t, i(d), j(d), eye]
        return torch.cat(of, 2).reshape(n * n, -1)


@layer("ign_2to1")
class Ign2to1(Ign):
    kind = "2to1"

    def maps(self, n, a):
        r, c, d, s, t = self.sums(n, a)
        return torch.cat([r, c, d, s.expand(n, -1), t.expand(n, -1)], 1)


@layer("ign_2to0")
class Ign2to0(Ign):
    kind = "2to0"

    def maps(self, n, a):
        return torch.cat(self.sums(n, a)[3:]).unsqueeze(0)


@layer("ign_1to2")
class Ign1to2(Ign):
    kind = "1to2"

    def parts(self, g, x):
        return [(end - first, x[first:end]) for first, end in g.samples()]

    def maps(self, n, x):
        eye, m = torch.eye(n).unsqueeze(2), x.mean(0).expand(n, n, -1)
        i, j = x.unsqueeze(1).expand(n, n, -1), x.unsqueeze(0).expand(n, n, -1)
        return torch.cat([i, j, eye * i, m, eye * m, eye], 2).reshape(n * n, -1)


@layer("pairs_product")
class PairsProduct(Layer):
    def forward(self, g, x):
        return torch.cat([(a + torch.einsum("ikc,kjc->ijc", a, a)).reshape(n * n, -1) for n, a in g.pairs(x)])


# ---- heads ----

@layer("mlp_head", "node_head")
class MlpHead(Layer):
    def build(self, out, hidden=(), act="relu", dropout=0.0, bias=True, gives=""):
        self.mlp = Mlp(self.width, list(hidden) + [out], act, dropout=dropout, bias=bias)

    def forward(self, g, x):
        return self.mlp(x)


@layer("edge_head")
class EdgeHead(Edged):
    def build(self, out, hidden=(), form="symmetric", gives=""):
        self.mlp = Mlp(self.width, list(hidden) + [out])
        if form == "directed":
            self.source = nn.Linear(self.width, self.width, bias=False)

    def forward(self, g, x, edges=None):
        source = self.source(x) if self.settings["form"] == "directed" else x
        return self.mlp(source[g.src] * x[g.dst])


@layer("softmax_classifier", "regression_head")
class Scores(Layer):
    def build(self, classes=0, out=0, **_):
        if classes or out:
            dense = nn.Linear(self.width, classes or out)
            self.weight, self.bias = dense.weight, dense.bias

    def forward(self, g, x):
        return nn.functional.linear(x, self.weight, self.bias) if hasattr(self, "weight") else x


# ---- a design ----

for _name, _act in (("relu_pw", "relu"), ("elu_pw", "elu"), ("silu_pw", "silu"), ("tanh_pw", "tanh")):
    LAYERS[_name] = type("PointWise", (PointWise,), {"act": _act})

# The parts of ours that are named otherwise in files: a network alone in a layer has no name of its own.
UNNAMED = ("mlp.", "block.")
RENAMED = {"mab_block.": "mab."}


def file_name(name):
    for part in UNNAMED:
        name = name[len(part):] if name.startswith(part) else name
    for ours, theirs in RENAMED.items():
        name = theirs + name[len(ours):] if name.startswith(ours) else name
    return name


class Design(nn.Module):
    """nodes: (id, layer, inputs, settings, links, name of its weights, (part, new)); a link is (port, [(node, port), …]). part: the graphs that the layer
    reads, 0 for those of the batch, else what a pool has kept; new: the number of what it keeps itself. results: name → (node, port)."""

    def __init__(self, nodes, results):
        super().__init__()
        self.plan, self.results = [(name, links, path, parts) for name, _, _, _, links, path, parts in nodes], results
        self.layers = nn.ModuleList([LAYERS[kind](inputs, settings) for _, kind, inputs, settings, _, _, _ in nodes])

    def forward(self, g, **feeds):
        values, graphs = {}, {0: g}
        for (name, links, _, (part, new)), module in zip(self.plan, self.layers):
            arguments = {}
            for port, sources in links:
                taken = [values[s] for s in sources]
                arguments[port] = taken[0] if len(taken) == 1 else taken
            if isinstance(module, Input):
                arguments = {k: v for k, v in (("nodes", feeds.get("nodes", feeds.get("elements"))), ("edge_features", feeds.get("edge_features"))) if v is not None}
            y = module(graphs[part], **arguments)
            for port, value in (y if isinstance(y, dict) else {"y": y}).items():
                if port == "graph":
                    graphs[new] = value
                values[(name, port)] = value
        return {name: values[source] for name, source in self.results.items()}

    def load(self, tensors):
        """Every weight of the model from a file, and every one of the file into the model."""
        used = set()
        with torch.no_grad():
            for (_, _, path, _), module in zip(self.plan, self.layers):
                for part, tensor in list(module.named_parameters()) + list(module.named_buffers()):
                    if not part.endswith("num_batches_tracked"):
                        name = f"{path}.{file_name(part)}"
                        tensor.copy_(tensors[name].reshape(tensor.shape))
                        used.add(name)
        if used != set(tensors):
            raise ValueError(f"the file has weights that the model has not: {sorted(set(tensors) - used)}")
        return self


def check(model, vectors, pyg=False):
    """The largest difference from the studio's results, relative to the largest number of each; (name, difference) for each result."""
    g = Graphs(vectors["node_offset"], vectors.get("src"), vectors.get("dst"), pyg)
    feeds = {k[len("in."):]: v for k, v in vectors.items() if k.startswith("in.")}
    with torch.no_grad():
        results = model.eval()(g, **feeds)
    return [(name, float((y - vectors[f"out.{name}"]).abs().max() / vectors[f"out.{name}"].abs().max().clamp(min=1e-6))) for name, y in results.items()]


def main(make_model, folder):
    """Builds the model with its weights and compares it with the studio's numbers: 0 when they agree within 1e-4."""
    import os
    import sys
    weights, _ = read_safetensors(os.path.join(folder, "weights.safetensors"))
    vectors, _ = read_safetensors(os.path.join(folder, "vectors.safetensors"))
    model = make_model().load(weights)
    worst = 0.0
    for pyg in ([False, True] if HAS_PYG else [False]):
        for name, difference in check(model, vectors, pyg):
            print(f"{name}{' (PyTorch Geometric)' if pyg else ''}: largest relative difference {difference:.1e}")
            worst = max(worst, difference if difference == difference else float("inf"))
    if not HAS_PYG:
        print("PyTorch Geometric is not installed: its layers were not compared")
    print("passed" if worst <= 1e-4 else "FAILED")
    sys.exit(0 if worst <= 1e-4 else 1)
