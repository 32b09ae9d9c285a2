# check-export.py EQUI: the Python export against a stand-in for e3nn, which itself is checked against e3nn's own numbers first. 77: no torch here.
# check-export.py EQUI --e3nn: the same designs with the e3nn that is installed, within 1e-4 (its default type is float32).
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
REAL = "--e3nn" in sys.argv
if REAL:
    sys.path.remove(here)
else:
    sys.path.insert(0, here)
try:
    import torch
except ImportError:
    print("no torch: not checked")
    raise SystemExit(77)
from e3nn import o3


def tensor(t):
    return torch.tensor(t["data"], dtype=torch.float64).reshape(t["shape"])


def near(what, a, b, tolerance=1e-10):
    error = float((a - b).abs().max())
    print("%s: %.1e" % (what, error))
    assert error <= tolerance, what


def check_stand_in():
    golden = os.path.join(here, "..", "golden", "e3nn-layers")
    with open(os.path.join(golden, "linear.json")) as f:
        cases = [c for c in json.load(f)["cases"] if c["name"] in ("basic", "split_equals_not_simplified", "missing_out", "parity_mismatch", "per_sample")]
    assert len(cases) == 5
    for c in cases:
        module = o3.Linear(c["irreps_in"], c["irreps_out"], internal_weights=False, shared_weights=c["shared_weights"])
        near("linear " + c["name"], module(tensor(c["x"]), tensor(c["w"])), tensor(c["out"]))
    with open(os.path.join(golden, "tensor_product_modes.json")) as f:
        c = [c for c in json.load(f)["cases"] if c["name"] == "uvu_edge"][0]
    rules = [(i["i1"], i["i2"], i["iout"], i["mode"], True) for i in c["instructions"]]
    module = o3.TensorProduct(c["irreps_in1"], c["irreps_in2"], c["irreps_out"], rules, shared_weights=False, internal_weights=False)
    near("tensor product", module(tensor(c["x1"]), tensor(c["x2"]), tensor(c["w"])), tensor(c["out"]))


# "id layer settings < source >port …" a line, fed by the line before; "a.port" is an output of another name, "<<" takes several into one port.
ATOMS = """in input_points species=3
s species_embed species=3 channels=5 < in.species>species
"""
NEAR = """near radius_graph cutoff=3%s < in.positions>positions%s
y sph_harm degree=2 < near.vector>vector
r radial_basis cutoff=3 n=5 < near.length>length
"""
CONV = "c tfn_conv out=5x0e+3x1o+2x2e gates=off hidden=[6] < s>x y>harmonics r>radial\n"
ENERGY = "e energy_readout species=3 hidden=[4] < %s>x in.species>species\nf forces_from_energy < e.energy>energy in.positions>positions\n"
END = "p global_pool pool=mean < %s>x\nout mlp_head hidden=[] out=2 gives=numbers\n"
DESIGNS = {
    "periodic": ("E3", ATOMS + "box input_cell\n" + NEAR % ("", " box.cell>cell") + CONV + "q extract_scalars\n" + ENERGY % "q" +
                 "t stress_from_energy < e.energy>energy in.positions>positions box.cell>cell\n"),
    "nearest": ("E3", ATOMS + "near knn_graph k=3 < in.positions>positions\ny sph_harm degree=2 < near.vector>vector\nr radial_basis cutoff=6 n=5 < near.length>length\n" + CONV + "n norm_pool\n" + END % "n"),
    "nearest-images": ("E3", ATOMS + "box input_cell\nnear knn_graph k=4 < in.positions>positions box.cell>cell\ny sph_harm degree=2 < near.vector>vector\nr radial_basis cutoff=6 n=5 < near.length>length\n" + CONV +
                       "n norm_pool squared=on\n" + END % "n"),
    "most": ("E3", ATOMS + NEAR % (" max_neighbours=2", "") + CONV + "n norm_pool\n" + END % "n"),
    "most-images": ("E3", ATOMS + "box input_cell\n" + NEAR % (" max_neighbours=7", " box.cell>cell") + CONV + "n norm_pool\n" + END % "n"),
    "frames": ("E3", ATOMS + "f frame_align widths=[5,4] < in.positions>positions s>x\n" + END % "f"),
    "turned-frames": ("SE3", ATOMS + "f frame_align widths=[5,4] act=tanh < in.positions>positions\n" + END % "f"),
    "one-frame": ("SE3", ATOMS + "f frame_align widths=[4] average=off < in.positions>positions\n" + END % "f"),
    "chirality": ("O3", ATOMS + NEAR % ("", "") + CONV + "a1 irreps_linear out=2x1o < c>x\na2 irreps_linear out=2x1o < c>x\na3 irreps_linear out=2x1o < c>x\nx cross_dot product=cross < a1>a a2>b\n"
                  "d cross_dot < x>a a3>b\ng global_pool pool=sum < d>x\nout chiral_classifier\n"),
    "arrows": ("E3", ATOMS + NEAR % ("", "") + CONV + "m coord_update < in.positions>positions v>x\nv irreps_linear out=2x1o < c>x\nout nbody_output < m.positions>positions\n"),
    "dipole": ("E3", ATOMS + NEAR % ("", "") + CONV + "out dipole_head < in.positions>positions c>x\n"),
    "tensor": ("E3", ATOMS + NEAR % ("", "") + CONV + "out tensor_head < c>x\nv direct_vector_head < c>x\n"),
    "heads": ("E3", ATOMS + NEAR % ("", "") + CONV + "n norm_pool\np global_pool pool=mean\nk softmax_classifier classes=3 < p>x\nm regression_head out=2 < p>x\n"),
    "pose": ("SE3", ATOMS + NEAR % ("", "") + CONV.replace("e+", "+").replace("o+", "+").replace("2e", "2") + "p global_pool pool=mean < j>x\nj irreps_linear out=2x1 < c>x\nout pose_rot6d < p>x\n"),
    "object": ("SE3", ATOMS + NEAR % ("", "") + CONV.replace("e+", "+").replace("o+", "+").replace("2e", "2") + "j irreps_linear out=3x1 < c>x\nk irreps_linear out=1x1 < c>x\np global_pool pool=mean < j>x\nq global_pool pool=sum < k>x\n"
               "turn pose_svd < p>x\nplace pose_translation < in.positions>positions q>x\n"),
    "left-out": ("E3", ATOMS + NEAR % ("", "") + "w radial_mlp hidden=[4] out=10 act=tanh < r>radial\nu tp_uvu drop_paths=0e*1o>1o < s>x y>harmonics w>weights\nz fctp out=3x0e+2x1o drop_paths=1o*1o>0e < u>x u>y\nn norm_pool < z.z>x\n" + END % "n"),
    "given-weights": ("E3", ATOMS + NEAR % ("", "") + "w radial_mlp hidden=[4] out=15 act=tanh bias=on < r>radial\nu tp_uvu < s>x y>harmonics w>weights\nz fctp out=3x0e+2x1o < u>x u>y\nn norm_pool < z.z>x\n" + END % "n"),
    "acts": ("O3", ATOMS + "c center_coords < in.positions>positions\nj concat << s>x c>x\na scalar_act act=gelu\nb e3_bn\nl e3_layernorm\nh split at=5\nk add << h.a>x s>x\n" + END % "k"),
    "by-kind": ("E3", ATOMS + "h node_head out=1 gives=numbers < s>x\nt per_species_scale_shift species=3 trainable=on < h>x in.species>species\np global_pool pool=sum\nout field_output\n"),
    "edges": ("E3", ATOMS + "near radius_graph cutoff=3 < in.positions>positions\ng gather end=target < s>x near.length>edges\nt scatter pool=mean < g>x\nout segmentation_head_nodes out=3 hidden=[4]\n"),
    "mace": ("E3", ATOMS + NEAR % ("", "") + "m mace_interaction out=4x0e+4x1o+4x2e hidden=[6] neighbours=3 < s>x y>harmonics r>radial\np mace_product out=4x0e+4x1o species=3 < m>x in.species>species s>residual\n"
             "m2 mace_interaction out=4x0e+4x1o hidden=[6] < p>x y>harmonics r>radial\np2 mace_product out=4x0e order=2 species=3 < m2>x in.species>species\n" + ENERGY % "p2"),
    "equiformer": ("E3", ATOMS + NEAR % ("", "") + "t equiformer_attention out=4x0e+3x1o+2x2e heads=2 attention_width=3 hidden=[6] cutoff=3 gates=on < s>x y>harmonics r>radial near.length>length\nh gate < t>x\n"
                   "t2 equiformer_attention out=4x0e+2x1e heads=1 attention_width=2 hidden=[] residual=off < h>x y>harmonics r>radial\nn norm_pool < t2>x\np attention_pool gate=[5] values=[4] < n>x\nout mlp_head hidden=[] out=2 gives=numbers\n"),
    "vectors": ("O3", ATOMS + NEAR % ("", "") + CONV + "v vn_relu out=2x0e+3x1o+2x2e slope=0.3 < c>x\nw tensor_square out=3x0e+2x1e+2x2e+1x1o < v>x\nout equiv_mlp_head hidden=3x0e+2x1e+1x1o out=1x1o+1x1e of=mean < w>x\n"),
    "pairs": ("O3", ATOMS + NEAR % ("", "") + CONV + "a irreps_linear out=1x0e+2x1o+1x2e < c>x\nb irreps_linear out=2x1o+2x0e < c>x\nt tensor_product < a>x b>scalar\nu tensor_product pairs=all degree=3 < a>x b>scalar\n"
              "out direct_vector_head out=1x0e+1x1e of=node < t>x\nout2 direct_vector_head out=1x2e+1x1o of=node < u>x\n"),
    "sphere": ("O3", ATOMS + NEAR % ("", "") + CONV + "a irreps_linear out=2x0e+2x1o+2x2e < c>x\nq s2_act < a>x\nq2 s2_act act=tanh rings=8 degree=1 < q>x\nout direct_vector_head out=2x0e+1x1o < q2>x\n"),
    "tables": ("O3", ATOMS + NEAR % ("", "") + CONV + "a irreps_linear out=2x0e+2x2e < c>x\nt cartesian_irreps < a>x\nb cartesian_irreps to=irreps parts=all < t>x\nd cartesian_irreps parts=all < b>x\ne cartesian_irreps to=irreps parts=antisymmetric < d>x\n"
               "j concat << b>x e>x\nout direct_vector_head out=1x0e+1x2e of=node < b>x\n"),
    "turned-tables": ("O3", ATOMS + NEAR % ("", "") + CONV + "w tensor_square out=2x1e < c>x\nt cartesian_irreps parts=antisymmetric < w>x\nb cartesian_irreps to=irreps parts=antisymmetric < t>x\nout direct_vector_head out=1x1e of=node < b>x\nout2 field_output < t>x\n"),
    "egnn": ("E3", ATOMS + "near radius_graph cutoff=3 < in.positions>positions\nl egnn_layer hidden=6 attention=on tanh=on normalise=on < s>x in.positions>positions near.length>edges\n"
             "d coord_difference < l.positions>positions near.length>edges\nout nbody_output < l.positions>positions\n"),
}


def write_design(path, group, text):
    nodes, links, before = [], [], None
    for line in text.strip().split("\n"):
        head, _, sources = line.partition("<")
        name, layer, *settings = head.split()
        params = {}
        for word in settings:
            key, _, value = word.partition("=")
            params[key] = {"on": True, "off": False}.get(value, value)
            if isinstance(params[key], str):
                try:
                    params[key] = json.loads(value)
                except ValueError:
                    pass
        nodes.append({"id": name, "layer": layer, "params": params})
        for source in sources.replace("<", "").split() or ([before + ">x"] if before and not layer.startswith("input") else []):
            start, _, port = source.partition(">")
            links.append({"from": start if "." in start else start + ".y", "to": name + "." + port})
        before = name
    with open(path, "w") as f:
        json.dump({"format": "equistudio.design", "version": 1, "name": "t", "symmetry": {"group": group}, "nodes": nodes, "links": links}, f)


def run(folder, tolerance):
    """The exported file itself, in this process: loading torch takes longer than all else."""
    spec = importlib.util.spec_from_file_location("model_of_" + os.path.basename(folder), os.path.join(folder, "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.self_test(folder, tolerance)


def check_converter(equi, design, folder):
    """Weights in e3nn's order: what an atom keeps of itself is e3nn's FullyConnectedTensorProduct with its kind's row."""
    subprocess.run([equi, "export", design, "--format", "weights", "--convention", "e3nn", "-o", folder + "-e3nn"], check=True, stdout=subprocess.DEVNULL)
    spec = importlib.util.spec_from_file_location("model_to_convert", os.path.join(folder, "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.Model(folder)
    assert model.net["convention"].startswith("xyz mul_ir component") and [out.get("unit") for out in model.net["outputs"]] == ["eV", "eV/angstrom"]
    model.net["species"] = [1, 6, 8]
    assert model.kinds(torch.tensor([8, 1, 6, 1])).tolist() == [2, 0, 1, 0]
    try:
        model.kinds([1, 7])
        raise SystemExit("nitrogen was let pass")
    except ValueError as error:
        assert "7" in str(error)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    layer, w = module.Model(folder).layers["inter2"], module.read_safetensors(os.path.join(folder + "-e3nn", "weights.safetensors"))["inter2.self.weight"]
    x, kinds = torch.randn(4, layer.type("x").dim), torch.randn(4, 32)
    product = o3.FullyConnectedTensorProduct(layer.type("x"), "32x0e", layer.type("y"), internal_weights=False, shared_weights=True)
    ours = layer.own(x, kinds @ layer.w("self.weight") / 32 ** 0.5)
    near("weights in e3nn's order", product(x, kinds, w.reshape(-1)), ours)
    assert float((product(x, kinds, layer.w("self.weight").reshape(-1)) - ours).abs().max()) > 0.1, "the order does not matter"
    torch.set_default_dtype(before)


def spoil(folder):
    """One bit of one weight changes: the last bytes of the file are numbers."""
    path = os.path.join(folder, "weights.safetensors")
    with open(path, "r+b") as f:
        size = int.from_bytes(f.read(8), "little")
        header = json.loads(f.read(size))
        name = [k for k in header if k.endswith("linear_up.weight")][0]
        f.seek(8 + size + header[name]["data_offsets"][0] + 3)
        byte = f.read(1)[0]
        f.seek(-1, 1)
        f.write(bytes([byte ^ 0x80]))


def layers_of(folder):
    with open(os.path.join(folder, "network.json")) as f:
        return {node["layer"] for node in json.load(f)["nodes"]}


def main(equi):
    tolerance, seen = 1e-4 if REAL else 1e-9, set()
    if not REAL:
        check_stand_in()
    with tempfile.TemporaryDirectory() as work:
        for name in list(DESIGNS) + (["T14"] if REAL else []) + ["T08", "T10", "T15", "T11", "T12", "T16", "T17", "T13", "T09"]:     # T14 has degrees that the stand-in has no couplings of
            design, folder = os.path.join(work, name + ".equi"), os.path.join(work, name)
            print("== " + name)
            if name in DESIGNS:
                write_design(design, *DESIGNS[name])
            else:
                subprocess.run([equi, "new", name, "-o", design], check=True, stdout=subprocess.DEVNULL)
            subprocess.run([equi, "export", design, "--format", "python", "-o", folder], check=True, stdout=subprocess.DEVNULL)
            assert run(folder, tolerance), name
            seen |= layers_of(folder)
        with open(os.path.join(work, "T08.equi")) as f:      # paths that are left out are left out there, too
            text = f.read().replace('"neighbours": 16}', '"neighbours": 16, "drop_paths": "1o*2e>1o,0e*2e>2e"}')
        assert text.count("drop_paths") == 3
        shorter, left_out = os.path.join(work, "T08d.equi"), os.path.join(work, "T08d")
        with open(shorter, "w") as f:
            f.write(text)
        subprocess.run([equi, "export", shorter, "--format", "python", "-o", left_out], check=True, stdout=subprocess.DEVNULL)
        assert run(left_out, tolerance), "T08 without some paths"
        with open(os.path.join(folder, "model.py")) as f:
            known = [line for line in f if line.startswith("# layers: ")][0][len("# layers: "):].split()
        assert set(known) <= seen, "no design has " + " ".join(sorted(set(known) - seen))
        check_converter(equi, design, folder)
        spoil(folder)
        assert not run(folder, 1e-4), "a changed weight was not noticed"
        design = os.path.join(work, "T01.equi")
        subprocess.run([equi, "new", "T01", "-o", design], check=True, stdout=subprocess.DEVNULL)
        refused = subprocess.run([equi, "export", design, "--format", "python", "-o", os.path.join(work, "T01")], stderr=subprocess.PIPE, text=True)
        assert refused.returncode != 0 and "Python export" in refused.stderr and not os.path.exists(os.path.join(work, "T01", "model.py"))
    print("1 passed, 0 failed")


main(sys.argv[1])
