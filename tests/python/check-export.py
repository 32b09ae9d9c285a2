# check-export.py EQUI: the Python export against a stand-in for e3nn, which itself is checked against e3nn's own numbers first. 77: no torch here.
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
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


def run(folder, tolerance):
    """The exported file itself, in this process: loading torch takes longer than all else."""
    spec = importlib.util.spec_from_file_location("model_of_" + os.path.basename(folder), os.path.join(folder, "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.self_test(folder, tolerance)


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


def main(equi):
    check_stand_in()
    with tempfile.TemporaryDirectory() as work:
        for template in ("T08", "T09", "T13"):
            design, folder = os.path.join(work, template + ".equi"), os.path.join(work, template)
            subprocess.run([equi, "new", template, "-o", design], check=True, stdout=subprocess.DEVNULL)
            subprocess.run([equi, "export", design, "--format", "python", "-o", folder], check=True, stdout=subprocess.DEVNULL)
            assert run(folder, 1e-9), template
        with open(os.path.join(work, "T08.equi")) as f:      # paths that are left out are left out there, too
            text = f.read().replace('"neighbours": 16}', '"neighbours": 16, "drop_paths": "1o*2e>1o,0e*2e>2e"}')
        assert text.count("drop_paths") == 3
        design, left_out = os.path.join(work, "T08d.equi"), os.path.join(work, "T08d")
        with open(design, "w") as f:
            f.write(text)
        subprocess.run([equi, "export", design, "--format", "python", "-o", left_out], check=True, stdout=subprocess.DEVNULL)
        assert run(left_out, 1e-9), "T08 without some paths"
        spoil(folder)
        assert not run(folder, 1e-4), "a changed weight was not noticed"
        design = os.path.join(work, "T01.equi")
        subprocess.run([equi, "new", "T01", "-o", design], check=True, stdout=subprocess.DEVNULL)
        refused = subprocess.run([equi, "export", design, "--format", "python", "-o", os.path.join(work, "T01")], stderr=subprocess.PIPE, text=True)
        assert refused.returncode != 0 and "Python export" in refused.stderr and not os.path.exists(os.path.join(work, "T01", "model.py"))
    print("1 passed, 0 failed")


main(sys.argv[1])
