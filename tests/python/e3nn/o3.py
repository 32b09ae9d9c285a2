import collections
import json
import math
import os

import torch

Sorted = collections.namedtuple("Sorted", ["irreps", "p", "inv"])


class Irrep(tuple):
    def __new__(cls, l, p):
        return super().__new__(cls, (l, p))

    l = property(lambda self: self[0])
    p = property(lambda self: self[1])
    dim = property(lambda self: 2 * self[0] + 1)

    def __mul__(self, other):
        return [Irrep(l, self.p * other.p) for l in range(abs(self.l - other.l), self.l + other.l + 1)]


class Irreps(list):
    def __init__(self, what):
        if isinstance(what, str):
            what = [t for t in what.split("+") if t]
            what = [(int(t.split("x")[0]), Irrep(int(t.split("x")[1][:-1]), 1 if t[-1] == "e" else -1)) for t in what]
        super().__init__((mul, Irrep(*ir)) for mul, ir in what)

    dim = property(lambda self: sum(mul * ir.dim for mul, ir in self))

    def slices(self):
        out, at = [], 0
        for mul, ir in self:
            out.append(slice(at, at + mul * ir.dim))
            at += mul * ir.dim
        return out

    def sort(self):
        inv = sorted(range(len(self)), key=lambda i: (self[i][1], i))
        p = [0] * len(self)
        for new, old in enumerate(inv):
            p[old] = new
        return Sorted(Irreps([self[i] for i in inv]), tuple(p), tuple(inv))

    def simplify(self):
        out = []
        for mul, ir in self:
            if out and out[-1][1] == ir:
                out[-1] = (out[-1][0] + mul, ir)
            elif mul > 0:
                out.append((mul, ir))
        return Irreps(out)


def load_couplings():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "golden", "e3nn", "wigner_3j.json")
    out = {}
    with open(path) as f:
        for t in json.load(f)["tensors"]:
            c = torch.zeros(*[2 * l + 1 for l in t["l"]], dtype=torch.float64)
            for i, j, k, value in t["nnz"]:
                c[i, j, k] = value
            out[tuple(t["l"])] = c
    return out


COUPLINGS = load_couplings()


def wigner_3j(a, b, c, dtype=None):
    return COUPLINGS[a, b, c]


def spherical_harmonics(degrees, x, normalize, normalization="integral"):
    if normalize:
        x = x / x.norm(dim=-1, keepdim=True)
    assert normalization == "component"
    a, b, c = x[..., 0], x[..., 1], x[..., 2]
    y = [[torch.ones_like(a)], [math.sqrt(3) * t for t in (a, b, c)],
         [math.sqrt(15) * a * c, math.sqrt(15) * a * b, math.sqrt(5) * (b * b - (a * a + c * c) / 2), math.sqrt(15) * b * c, math.sqrt(15) / 2 * (c * c - a * a)]]
    for l in range(3, max(degrees) + 1):      # along y only the middle number is not zero, and it is the root of 2 l + 1
        c = COUPLINGS[l - 1, 1, l]
        scale = math.sqrt(2 * l + 1) / float(math.sqrt(2 * l - 1) * math.sqrt(3) * c[l - 1, 1, l])
        y.append([scale * sum(float(c[i, j, k]) * y[l - 1][i] * y[1][j] for i in range(2 * l - 1) for j in range(3) if c[i, j, k] != 0) for k in range(2 * l + 1)])
    return torch.stack([t for l in degrees for t in y[l]], -1)


class Linear(torch.nn.Module):
    def __init__(self, a, b, internal_weights=None, shared_weights=None):
        super().__init__()
        assert internal_weights is False
        self.a, self.b, self.shared = Irreps(a), Irreps(b), shared_weights

    def forward(self, x, w):
        out, at = [x.new_zeros(x.shape[0], mul, ir.dim) for mul, ir in self.b], 0
        for s, (mul, ir) in zip(self.a.slices(), self.a):
            for k, (mul_out, ir_out) in enumerate(self.b):
                if ir == ir_out:
                    fan = sum(m for m, i in self.a if i == ir)
                    block = w[..., at:at + mul * mul_out].reshape(w.shape[:-1] + (mul, mul_out))
                    at += mul * mul_out
                    out[k] = out[k] + torch.einsum("zui,%suw->zwi" % ("" if self.shared else "z"), x[:, s].reshape(-1, mul, ir.dim), block) / math.sqrt(fan)
        assert at == w.shape[-1]
        return torch.cat([t.reshape(x.shape[0], -1) for t in out], 1)


class TensorProduct(torch.nn.Module):
    """Rules (i, j, k, mode, True), all uvu with weights of each row or all uvw with weights that rows share."""
    def __init__(self, x, y, out, rules, shared_weights=None, internal_weights=None):
        super().__init__()
        self.mode = rules[0][3]
        assert internal_weights is False and shared_weights is (self.mode == "uvw") and self.mode in ("uvu", "uvw") and all(r[3:] == (self.mode, True) for r in rules)
        self.x, self.y, self.out, self.rules = Irreps(x), Irreps(y), Irreps(out), rules

    def fan(self, k):
        return sum(self.y[r[1]][0] * (self.x[r[0]][0] if self.mode == "uvw" else 1) for r in self.rules if r[2] == k)

    def forward(self, x, y, w):
        out, at = [x.new_zeros(x.shape[0], mul, ir.dim) for mul, ir in self.out], 0
        for i, j, k, _, _ in self.rules:
            (m1, a), (m2, b), (m3, c) = self.x[i], self.y[j], self.out[k]
            shape = (m1, m2, m3) if self.mode == "uvw" else (x.shape[0], m1, m2)
            n = math.prod(shape[0 if self.mode == "uvw" else 1:])
            t = torch.einsum("zui,zvj,ijk,uvw->zwk" if self.mode == "uvw" else "zui,zvj,ijk,zuv->zuk", x[:, self.x.slices()[i]].reshape(-1, m1, a.dim),
                             y[:, self.y.slices()[j]].reshape(-1, m2, b.dim), COUPLINGS[a.l, b.l, c.l], w[..., at:at + n].reshape(shape))
            out[k] = out[k] + math.sqrt(c.dim / self.fan(k)) * t
            at += n
        assert at == w.shape[-1]
        return torch.cat([t.reshape(x.shape[0], -1) for t in out], 1)


class FullyConnectedTensorProduct(TensorProduct):
    def __init__(self, x, y, out, shared_weights=None, internal_weights=None):
        x, y, out = Irreps(x), Irreps(y), Irreps(out)
        rules = [(i, j, k, "uvw", True) for i, (_, a) in enumerate(x) for j, (_, b) in enumerate(y) for k, (_, c) in enumerate(out) if c in a * b]
        super().__init__(x, y, out, rules, shared_weights, internal_weights)
