def images(pos, batch, cell, reach, src, dst):
    """All images of pairs that may be within reach."""
    heights, fractions = [], []
    for c in cell:
        whole = complete(c)
        heights.append(torch.stack([torch.linalg.det(whole).abs() / torch.cross(whole[(k + 1) % 3], whole[(k + 2) % 3], dim=0).norm() for k in range(3)]))
        fractions.append(torch.linalg.inv(whole))
    periodic = cell.norm(dim=2) > 0
    f = torch.einsum("ea,eab->eb", pos[dst] - pos[src], torch.stack(fractions)[batch[dst]])
    most = int(torch.ceil(f.abs().max() + reach / torch.stack(heights).min()))
    grid = torch.cartesian_prod(*[torch.arange(-most, most + 1)] * 3)
    src, dst, shift = src.repeat_interleave(len(grid)), dst.repeat_interleave(len(grid)), grid.repeat(len(src), 1)
    keep = ((shift == 0) | periodic[batch[dst]]).all(1)
    return src[keep], dst[keep], shift[keep]


def complete(c):
    """The lattice with unit vectors across it in the place of rows of zeros."""
    c = c.clone()
    u, _, v = torch.linalg.svd(c)
    spare = list(v[int((c.norm(dim=1) > 0).sum()):])
    for k in range(3):
        if float(c[k].norm()) == 0:
            c[k] = spare.pop()
    return c


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

    def edges(self, pos, batch, cell):
        """src, dst and shift of the edges that the design's rule makes: sorted by (dst, src, shift), found by looking at all pairs of images."""
        rule = self.net["neighbours"]
        if rule is None:
            return None, None, None
        dst, src = (batch[:, None] == batch[None, :]).nonzero(as_tuple=True)
        shift = torch.zeros(len(src), 3, dtype=torch.long)
        reach = rule["cutoff"] if rule["nearest"] == 0 else 2 * float((pos.max(0)[0] - pos.min(0)[0]).norm()) + (0 if cell is None else rule["nearest"] * float(cell.norm(dim=2).max()))
        if rule["complete"]:
            keep = src != dst
            return src[keep], dst[keep], shift[keep]
        if cell is not None:
            src, dst, shift = images(pos, batch, cell, reach, src, dst)
        vector = pos[dst] - pos[src]
        if cell is not None:
            vector = vector - torch.einsum("ek,eka->ea", shift.to(pos.dtype), cell[batch[dst]])
        length = vector.norm(dim=1)
        keep = ((src != dst) | (shift != 0).any(1)) & (length <= reach)
        src, dst, shift, length = src[keep], dst[keep], shift[keep], length[keep]
        most = rule["nearest"] or rule["most"]
        if most:
            keep = torch.zeros(len(src), dtype=torch.bool)
            for i in range(len(pos)):
                own = (dst == i).nonzero()[:, 0]
                order = own[torch.argsort(length[own], stable=True)]
                keep[order[:most]] = True
                if rule["nearest"] and cell is not None and len(order) > 0:      # those that are as near as the last one too
                    keep[own[length[own] <= length[order[:most]][-1] * (1 + 5e-5)]] = True
            src, dst, shift = src[keep], dst[keep], shift[keep]
        return src, dst, shift

    def forward(self, pos, species=None, batch=None, **features):
        """pos [n, 3] (in angstrom where energies are in eV), species [n] (numbers of kinds, see kinds()), batch [n] (number of each node's sample), of periodic samples cell [samples, 3, 3]
        (rows; zeros along which it is not periodic). Returns the results by node id."""
        pos = pos if pos.requires_grad else pos.clone().requires_grad_(True)
        batch = torch.zeros(len(pos), dtype=torch.long) if batch is None else batch
        species = torch.zeros(len(pos), dtype=torch.long) if species is None else species
        n, cell = int(batch.max()) + 1, features.pop("cell", None)
        src, dst, shift = self.edges(pos.detach(), batch, None if cell is None else cell.reshape(n, 3, 3))
        g = {"species": species, "batch": batch, "n": n, "src": src, "dst": dst, "shift": shift, **features}
        if cell is not None:
            g["strain"] = torch.zeros(n, 3, 3, dtype=pos.dtype, requires_grad=True)
            g["cell"] = cell.reshape(n, 3, 3) + cell.reshape(n, 3, 3) @ g["strain"]
            pos = pos + torch.einsum("na,nab->nb", pos, g["strain"][batch])
        g["pos"] = pos
        values = {}
        for spec in self.net["nodes"]:
            args = {port: [values[tuple(l)] for l in link] if isinstance(link[0], list) else values[tuple(link)] for port, link in spec["inputs"].items()}
            for port, value in self.layers[spec["id"].replace(".", "/")](g, **args).items():
                values[spec["id"], port] = value
        return {out["name"]: values[out["node"], out["port"]] for out in self.net["outputs"]}

    def kinds(self, numbers):
        """Atomic numbers into numbers of kinds, as they were in training."""
        known = self.net["species"] or []
        for z in numbers:
            if int(z) not in known:
                raise ValueError("atomic number %d is none of those of the training: %s" % (int(z), known))
        return torch.tensor([known.index(int(z)) for z in numbers])

    def n_parameters(self):
        return sum(p.numel() for n, p in self.named_parameters() if not n.endswith(("energy_scale", "energy_shift", "running_mean", "running_var")))


def self_test(folder=os.path.dirname(os.path.abspath(__file__)), tolerance=1e-4):
    model = Model(folder).eval()
    with open(os.path.join(folder, "vectors.json")) as f:
        v = json.load(f)
    features = {k: torch.tensor(x, dtype=torch.float64) for k, x in v["features"].items()}
    out = model(torch.tensor(v["pos"], dtype=torch.float64), torch.tensor(v["species"]) if "species" in v else None, torch.tensor(v["batch"]), **features)
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
