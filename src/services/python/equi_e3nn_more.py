class mace_interaction(Interaction):
    """Sums over neighbours, over their mean number."""
    last = "linear."

    def forward(self, g, x, harmonics, radial):
        return {"y": self.messages(g, x, harmonics, radial) / math.sqrt(self.set["neighbours"])}


class mace_product(Layer):
    """Of each copy a polynomial of its numbers with weights of the kind: "contraction" has the monomials (up to three factors) and what each adds to which feature, so that
    no basis of symmetric couplings has to be found anew."""
    def __init__(self, spec, weights):
        super().__init__(spec, weights)
        table = spec["contraction"]
        self.factors = torch.tensor(table["monomials"], dtype=torch.long)          # one, a, b, c: number of the component, -1 where there is no such factor
        self.of, self.to, self.u = (torch.tensor(table[k], dtype=kind) for k, kind in (("of", torch.long), ("to", torch.long), ("u", torch.float64)))
        self.component, self.path = (torch.tensor(table[k], dtype=torch.long) for k in ("component", "path"))
        self.own = None if "residual" not in spec["types"] else o3.Linear(self.type("residual"), self.type("y"), internal_weights=False, shared_weights=False)

    def forward(self, g, x, species, residual=None):
        a, out = torch.cat([b.transpose(1, 2) for b in copies(x, self.type("x"))], 1), self.type("y")
        a = torch.cat([a, torch.ones_like(a[:, :1])], 1)                           # component -1 is one
        monomials = a[:, self.factors[:, 0]] * a[:, self.factors[:, 1]] * a[:, self.factors[:, 2]]
        features = a.new_zeros(len(a), len(self.path), a.shape[2]).index_add_(1, self.to, self.u.to(a.dtype)[:, None] * monomials[:, self.of])
        y = a.new_zeros(len(a), sum(ir.dim for _, ir in out), a.shape[2]).index_add_(1, self.component, self.w("paths")[species][:, self.path] * features)
        y = torch.cat([t.transpose(1, 2).flatten(1) for t in y.split([ir.dim for _, ir in out], 1)], 1)
        y = self.linear("linear.", out, out)(y)
        if self.has("residual.weight"):
            w = self.w("residual.weight")
            y = y + self.own(residual, w[species] / math.sqrt(w.shape[0]))
        return {"y": y}


class equiformer_attention(EdgeProducts):
    """The message of an edge is a product of both ends; its first scalars weigh the edge, the rest goes through a gate and a second product."""
    def __init__(self, spec, weights):
        super().__init__(spec, weights)
        x, y, self.out = self.type("x"), self.type("harmonics"), self.type("y")
        reached = common(self.out, copy_by_copy(x, y, {ir for _, ir in self.out}, sort=False)[1])
        free = sum(mul for mul, ir in reached if ir.l == 0 and ir.p == 1)
        fields = [(mul, ir) for mul, ir in reached if ir.l > 0 or ir.p == -1]
        self.n = [self.set["heads"] * self.set["attention_width"], free, sum(mul for mul, _ in fields), sum(mul * ir.dim for mul, ir in fields)]
        self.dims = torch.tensor([ir.dim for mul, ir in fields for _ in range(mul)], dtype=torch.long)
        even = [(free, o3.Irrep(0, 1))]
        self.side("message", x, y, o3.Irreps([(sum(self.n[:3]), o3.Irrep(0, 1))] + fields))
        self.sums = self.side("value", o3.Irreps((even if free else []) + fields), y, self.out)

    def forward(self, g, x, harmonics, radial, length=None):
        heads, kinds = self.set["heads"], self.type("x")
        message = self.linear("target.", kinds, kinds)(x)[g["dst"]] + self.linear("source.", kinds, kinds)(x)[g["src"]]
        z, scalars, gates, fields = self.of_edges("message", message, harmonics, radial).split(self.n, 1)
        z = ((0.2 * z + 0.8 * z * torch.sigmoid(z)) * self.w("attention")).reshape(len(z), heads, -1)
        logits = z.sum(2) / math.sqrt(z.shape[2])
        if length is not None:
            logits = logits + torch.log(polynomial(length, self.set["cutoff"]).clamp(min=1e-30))
        weight = soft(logits, g["dst"], len(x))
        v = torch.cat([torch.nn.functional.silu(scalars), fields * torch.sigmoid(gates).repeat_interleave(self.dims, 1)], 1)
        v = self.of_edges("value", v, harmonics, radial)
        v = torch.cat([(m * weight[:, torch.arange(m.shape[1]) * heads // m.shape[1]][:, :, None]).flatten(1) for m in copies(v, self.sums)], 1)
        y = self.linear("project.", self.sums, self.out)(add_up(v, g["dst"], len(x)))
        return {"y": y + self.linear("residual.", kinds, self.out)(x) if self.has("residual.weight") else y}


class attention_pool(Layer):
    def forward(self, g, x):
        weight = soft(self.mlp("gate.", x, "relu"), g["batch"], g["n"])
        return {"y": add_up(weight * self.mlp("values.", x, "relu"), g["batch"], g["n"])}


class vn_relu(Layer):
    def forward(self, g, x):
        a, b = self.type("x"), self.type("y")
        out = []
        for q, k in zip(copies(self.linear("map.", a, b)(x), b), copies(self.linear("direction.", a, b)(x), b)):
            along = (q * k).sum(2, keepdim=True).clamp(max=0)
            out.append((q - (1 - self.set["slope"]) * along / k.square().sum(2, keepdim=True).clamp(min=1e-10) * k).flatten(1))
        return {"y": torch.cat(out, 1)}


class s2_act(Layer):
    """Values on rings of latitude, which are between the poles, and back by the weights of Driscoll and Healy."""
    def forward(self, g, x):
        top, low, n = len(self.type("x")) - 1, len(self.type("y")) - 1, self.type("x")[0][0]
        rings = self.set["rings"] or 2 * (top + 1)
        beta = math.pi * (torch.arange(rings, dtype=x.dtype) + 0.5) / rings
        alpha = 2 * math.pi * torch.arange(rings - 1, dtype=x.dtype) / (rings - 1)
        odd = 2 * torch.arange(rings // 2, dtype=x.dtype) + 1
        ring = 4.0 / rings * torch.sin(beta) * (torch.sin(odd * beta[:, None]) / odd).sum(1) * 2 * math.pi / (rings - 1)
        a, b = torch.meshgrid(beta, alpha, indexing="ij")
        points = torch.stack([torch.sin(a) * torch.sin(b), torch.cos(a), torch.sin(a) * torch.cos(b)], 2).reshape(-1, 3)
        degree = torch.tensor([l for l in range(max(top, low) + 1) for _ in range(2 * l + 1)], dtype=x.dtype)
        y = o3.spherical_harmonics(list(range(max(top, low) + 1)), points, normalize=True, normalization="component") / math.sqrt(4 * math.pi)
        scale = torch.sqrt(4 * math.pi / ((2 * degree + 1) * (top + 1.0)))
        def signal(t, irreps):
            return torch.cat(copies(t, irreps), 2)
        values = signal(x, self.type("x")) @ (y * scale)[:, :(top + 1) ** 2].T
        name = self.set["act"]
        values = constant(name, self.set["constants"]) * act(name)(values)
        back = values @ (y * ring.repeat_interleave(rings - 1)[:, None] / scale)[:, :(low + 1) ** 2]
        return {"y": torch.cat([t.reshape(len(x), -1) for t in back.split([2 * l + 1 for l in range(low + 1)], 2)], 1)}


def coupling(a, b, c):
    return o3.wigner_3j(a.l, b.l, c.l, dtype=torch.float64)


class tensor_square(Layer):
    """Of a run with itself each pair of copies once, and a copy with itself only where the coupling is symmetric."""
    def forward(self, g, x):
        kinds, out, blocks, at = self.type("x"), self.type("y"), copies(x, self.type("x")), 0
        ways = [(a, b, k) for a in range(len(kinds)) for b in range(a, len(kinds)) for k, (_, c) in enumerate(out) if c in kinds[a][1] * kinds[b][1]]
        pairs = {(a, b, k): [(u, v) for u in range(kinds[a][0]) for v in range((u + out[k][1].l % 2) if a == b else 0, kinds[b][0])] for a, b, k in ways}
        y = [x.new_zeros(len(x), mul, ir.dim) for mul, ir in out]
        for a, b, k in ways:
            mul, c = out[k]
            n = len(pairs[a, b, k])
            if n == 0:
                continue
            w = self.w("weight")[at:at + n * mul].reshape(n, mul)
            at += n * mul
            u, v = torch.tensor(pairs[a, b, k]).T
            fan = sum(len(pairs[i, j, m]) for i, j, m in ways if m == k)
            t = torch.einsum("zpi,zpj,ijk,pw->zwk", blocks[a][:, u], blocks[b][:, v], coupling(kinds[a][1], kinds[b][1], c).to(x.dtype), w)
            y[k] = y[k] + math.sqrt(c.dim / fan) * t
        return {"y": torch.cat([t.flatten(1) for t in y], 1)}


class tensor_product(Layer):
    """Copy with the same copy, or all pairs; the results sorted by irrep."""
    def forward(self, g, x, scalar):
        def blocks(t, port):
            pairs = zip(copies(t, self.type(port)), self.type(port))
            return [(b, ir) for b, (_, ir) in pairs] if self.set["pairs"] == "all" else [(b[:, u:u + 1], ir) for b, (mul, ir) in pairs for u in range(mul)]
        first, second, parts = blocks(x, "x"), blocks(scalar, "scalar"), []
        for i, (p, a) in enumerate(first):
            for q, b in second if self.set["pairs"] == "all" else [second[i]]:
                for c in [c for c in a * b if c.l <= self.set["degree"]]:
                    t = torch.einsum("zui,zvj,ijk->zuvk", p, q, coupling(a, b, c).to(x.dtype)) * math.sqrt(c.dim)
                    parts.append(((c.l, c.p), t.flatten(1)))
        return {"y": torch.cat([t for _, t in sorted(parts, key=lambda part: part[0])], 1)}


class cartesian_irreps(Layer):
    """Rows of orthonormal tables of 3 × 3: the trace, the antisymmetric part, the symmetric one without a trace."""
    def tables(self):
        r, s, t = math.sqrt(1 / 2), math.sqrt(1 / 6), math.sqrt(1 / 3)
        trace = [[t, 0, 0, 0, t, 0, 0, 0, t]]
        turns = [[0, 0, 0, 0, 0, r, 0, -r, 0], [0, 0, -r, 0, 0, 0, r, 0, 0], [0, r, 0, -r, 0, 0, 0, 0, 0]]
        rest = [[0, 0, r, 0, 0, 0, r, 0, 0], [0, r, 0, r, 0, 0, 0, 0, 0], [-s, 0, 0, 0, 2 * s, 0, 0, 0, -s], [0, 0, 0, 0, 0, r, 0, r, 0], [-r, 0, 0, 0, 0, 0, 0, 0, r]]
        return {"symmetric": [trace, rest], "antisymmetric": [turns], "all": [trace, turns, rest]}[self.set["parts"]]

    def forward(self, g, x):
        blocks = [torch.tensor(b, dtype=x.dtype) for b in self.tables()]
        if self.set["to"] == "irreps":
            return {"y": torch.cat([(x.reshape(len(x), -1, 9) @ b.T).flatten(1) for b in blocks], 1)}
        n = x.shape[1] // sum(len(b) for b in blocks)
        parts = x.split([n * len(b) for b in blocks], 1)
        return {"y": sum(p.reshape(len(x), n, -1) @ b for p, b in zip(parts, blocks)).flatten(1)}


class equiv_mlp_head(Layer):
    def forward(self, g, x):
        hidden = irreps(re.sub(r"(\d+x\d+)(?![\deo])", r"\1e", self.set["hidden"]))
        places = [k for k, (_, ir) in enumerate(hidden) if ir.l == 0 and ir.p == 1]
        gates = (sum(mul for mul, ir in hidden if ir.l > 0 or ir.p == -1), o3.Irrep(0, 1))
        at = places[-1] + 1 if places else 0
        wide = (o3.Irreps(list(hidden)[:at] + [gates] + list(hidden)[at:]) if gates[0] else hidden).simplify()
        h = gated(self.linear("0.", self.type("x"), wide)(x), wide, "gate", "silu", "sigmoid", lambda name: constant(name, "exact"))
        y = self.linear("1.", hidden, self.type("y"))(h)
        return {"y": y if self.set["of"] == "node" or y.shape[0] != g["batch"].shape[0] else pool(g, y, self.set["of"] == "mean")}


class noisy_points(Layer):
    def forward(self, g):
        return {"positions": g["pos"], "types": g["types"], "time": g["time"]}


class denoise_step(Layer):
    def forward(self, g, steps, x):
        noise = sum(steps[1:], steps[0])
        noise = noise - average(noise, g["batch"], g["n"])[g["batch"]] if self.set["centre"] else noise
        return {"noise": noise, "types": self.dense("types.", x) if self.has("types.weight") else self.dense("", x)}


class flow_sampler(Layer):
    def forward(self, g, noise, types):
        return {"noise": noise, "types": types}
