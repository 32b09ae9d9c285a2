#!/usr/bin/env python3
"""python-export.py EQUI: every layer of the Python export and the templates of sets and graphs, built in PyTorch with exported weights, against the studio's numbers.
Needs torch (ends with 77 without it). PyTorch Geometric is compared as well where it is installed."""
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings

try:
    import torch
except ImportError:
    print("torch is not installed")
    sys.exit(77)

EQUI = sys.argv[1]
cases = []


def design(kind, chain, head):
    """chain: layers with settings and ports: "x" from the layer before, "edges" of the graph, or (port, source)."""
    nodes = [{"id": "in", "layer": "input_" + kind, "params": {"channels": 3, **({"edge_channels": 2} if kind == "graph" else {})}}]
    links, before = [], "in.y"
    for i, (layer, params, ports) in enumerate(chain + [(head[0], head[1], ["x"] + head[2])]):
        name = "out" if i == len(chain) else f"n{i}"
        nodes.append({"id": name, "layer": layer, "params": params})
        for port in ports:
            links.append({"from": before if port == "x" else "in.edges" if port == "edges" else port[1], "to": f"{name}.{port if isinstance(port, str) else port[0]}"})
        before = name + ".y"
    return {"format": "equistudio.design", "version": 1, "name": "t", "symmetry": {"group": "Sn"}, "nodes": nodes, "links": links}


def add(name, *what):
    cases.append((name, design(*what)))


NODE = ("node_head", {"out": 2, "hidden": [4], "gives": "numbers"}, [])
GLOB = ("mlp_head", {"out": 2, "hidden": [4], "gives": "numbers"}, [])
EDGE = ("edge_head", {"out": 2, "gives": "numbers"}, ["edges"])
X, XE = ["x"], ["x", "edges"]
add("deepsets", "set", [("deepsets_equiv", {"channels": 5, "pool": "max"}, X)], NODE)
add("sab", "set", [("phi", {"widths": [4]}, X), ("sab", {"channels": 4, "heads": 2}, X)], NODE)
add("sab-original", "set", [("sab", {"channels": 4, "heads": 2, "form": "original", "norm": False}, X)], NODE)
add("isab-original", "set", [("isab", {"channels": 4, "heads": 2, "points": 3, "form": "original"}, X)], NODE)
add("pma2", "set", [("phi", {"widths": [4]}, X), ("pma", {"seeds": 2, "channels": 4, "heads": 2}, X)], GLOB)
add("pma-original", "set", [("pma", {"channels": 4, "heads": 2, "form": "original"}, X)], GLOB)
add("pairwise", "set", [("pairwise_set", {"hidden": [5, 4], "channels": 3, "act": "silu"}, X)], NODE)
add("lse", "set", [("rho_pool", {"pool": "logsumexp"}, X)], GLOB)
add("max", "set", [("rho_pool", {"pool": "max"}, X)], GLOB)
add("topk", "set", [("topk_pool", {"ratio": 0.4}, X)], GLOB)
add("topk-sum", "set", [("topk_pool", {"pool": "sum"}, X)], GLOB)
def of(node):
    return [("x", node + ".nodes"), ("edges", node + ".edges")]


add("topk-graph", "graph", [("gin", {"widths": [4]}, XE), ("topk_pool", {"ratio": 0.7}, XE), ("gine", {"widths": [5, 4]}, of("n1")), ("topk_pool", {"ratio": 0.5}, ["x", ("edges", "n1.edges")]),
    ("gcn", {"channels": 4}, of("n3")), ("graph_norm", {}, X), ("sab", {"channels": 4, "heads": 2}, X), ("global_pool", {"pool": "mean"}, X)], GLOB)
add("topk-outputs", "graph", [("topk_pool", {"ratio": 0.6}, XE), ("mpnn", {"message": [5], "widths": [3]}, of("n0")), ("random_walk_pe", {"steps": 3}, ["x", ("edges", "n0.edges")]),
    ("global_pool", {}, X), ("concat", {}, ["x", ("x", "n0.y")])], GLOB)
add("unpool", "graph", [("topk_pool", {"ratio": 0.6}, XE), ("gat", {"channels": 3, "heads": 1}, of("n0")), ("unpool", {}, ["x", ("like", "in.y")])], NODE)
add("attention", "set", [("attention_pool", {"gate": [4], "values": [5]}, X)], GLOB)
add("attention0", "set", [("attention_pool", {}, X)], GLOB)
add("norms", "graph", [("graph_norm", {}, X), ("layer_norm", {}, X), ("batchnorm_plain", {}, X), ("silu_pw", {}, X)], NODE)
add("layernorm0", "set", [("layer_norm", {"affine": False, "eps": 0.01}, X)], NODE)
add("gcn", "graph", [("gcn", {"channels": 4}, XE)], NODE)
add("gine", "graph", [("gine", {"widths": [5, 4], "learn_eps": True, "norm": True}, XE)], NODE)
add("gin", "graph", [("gin", {"widths": [5, 4], "eps": 0.3, "act": "tanh"}, XE)], NODE)
add("gat-edges", "graph", [("gat", {"channels": 4, "heads": 2, "reads_edges": True}, XE)], NODE)
add("gat-mean", "graph", [("gat", {"channels": 4, "heads": 2, "join": "mean"}, XE)], NODE)
add("gatv2-edges", "graph", [("gatv2", {"channels": 4, "heads": 2, "reads_edges": True}, XE)], NODE)
add("gatv2", "graph", [("gatv2", {"channels": 4, "heads": 2, "join": "mean"}, XE)], NODE)
for p in ("mean", "sum", "max"):
    add("sage-" + p, "graph", [("sage", {"channels": 4, "pool": p}, XE)], NODE)
add("mpnn", "graph", [("mpnn", {"message": [5], "widths": [4], "pool": "max"}, XE)], NODE)
add("mpnn-gru", "graph", [("mpnn", {"message": [5, 3], "update": "gru"}, XE)], NODE)
add("nnconv", "graph", [("nnconv", {"channels": 4, "hidden": [5]}, XE)], NODE)
add("edgeconv", "graph", [("edgeconv", {"widths": [5, 4]}, XE)], NODE)
add("transformer", "graph", [("graph_transformer", {"channels": 4, "heads": 2}, XE)], NODE)
add("transformer-all", "graph", [("graph_transformer", {"over": "all", "channels": 4, "heads": 2}, X)], NODE)
add("virtual", "graph", [("virtual_node", {"hidden": [5]}, X)], NODE)
add("degree", "graph", [("degree_features", {"kind": "root"}, XE), ("random_walk_pe", {"steps": 3}, XE)], NODE)
add("set2set", "graph", [("set2set", {}, X)], GLOB)
add("softpool", "graph", [("global_pool", {"pool": "softmax"}, X)], GLOB)
add("edges", "graph", [], EDGE)
add("edges-directed", "graph", [], ("edge_head", {"out": 2, "hidden": [3], "form": "directed", "gives": "numbers"}, ["edges"]))
add("scatter", "graph", [("edge_update", {"widths": [5, 4]}, XE), ("scatter", {"pool": "mean"}, X)], NODE)
add("gather", "graph", [("gather", {"end": "target"}, XE), ("scatter", {"pool": "max"}, X)], NODE)
add("ign", "graph", [("graph_pairs", {}, XE), ("ign_2to2", {"channels": 4}, X), ("pairs_product", {}, X), ("ign_2to1", {"channels": 3}, X), ("ign_1to2", {"channels": 4}, X), ("ign_2to0", {"channels": 4}, X)], GLOB)
add("dropouts", "graph", [("node_dropout", {}, X), ("dropout_plain", {}, X), ("scale_const", {"factor": 2.5}, X), ("add", {}, ["x", ("x", "in.y")]), ("concat", {}, ["x", ("x", "in.y")])], NODE)
add("edge-dropout", "graph", [("edge_dropout", {}, ["edges"]), ("scatter", {}, X)], NODE)
add("broadcast", "graph", [("global_pool", {}, X), ("broadcast_global", {}, ["x", ("like", "in.y")])], NODE)


def equi(*words):
    return subprocess.run([EQUI, *words], capture_output=True, text=True)


def model_of(folder):
    spec = importlib.util.spec_from_file_location("model", folder + "/model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make_model()


def compare(folder, name):
    """The largest difference of all results, or a sentence."""
    weights = runtime.read_safetensors(folder + "/weights.safetensors")[0]
    vectors = runtime.read_safetensors(folder + "/vectors.safetensors")[0]
    model = model_of(folder).load(weights)
    worst = max(difference for pyg in ([False, True] if runtime.HAS_PYG else [False]) for _, difference in runtime.check(model, vectors, pyg))
    if not worst < 1e-4:
        return f"differs by {worst}"
    weight = next(iter(model.parameters()), None)      # a check that cannot fail is none
    if weight is not None:
        with torch.no_grad():
            weight += 1 + weight.abs().max() * torch.rand(weight.shape)
        if max(difference for _, difference in runtime.check(model, vectors)) < 1e-5 and name not in ("attention0", "topk"):
            return "changed weights are not noticed"
    return None


work = tempfile.mkdtemp()
failed, done, covered = 0, 0, set()
warnings.simplefilter("ignore")
try:
    for name, doc in cases:
        with open(f"{work}/{name}.equi", "w") as f:
            json.dump(doc, f)
        covered |= {node["layer"] for node in doc["nodes"]}
    for name in ("T18", "T19", "T20", "T21", "T22", "T23"):
        equi("new", name, "-o", f"{work}/{name}.equi")
        cases.append((name, None))
    for name, _ in cases:
        run = equi("export", f"{work}/{name}.equi", "--format", "python", "-o", f"{work}/{name}")
        problem = None if run.returncode == 0 else f"export ended with {run.returncode}: {run.stderr.strip()}"
        if problem is None:
            if "runtime" not in globals():
                sys.path.insert(0, f"{work}/{name}")
                import equi_torch as runtime
            problem = compare(f"{work}/{name}", name)
        failed += problem is not None
        done += 1
        if problem:
            print(f"{name}: {problem}")
    missing = set(runtime.LAYERS) - covered - {"softmax_classifier", "regression_head", "relu_pw", "elu_pw", "tanh_pw", "global_pool"}
    if missing:
        print("layers of the export that nothing here reads:", sorted(missing))
        failed += 1
    equi("new", "T01", "-o", f"{work}/image.equi")
    run = equi("export", f"{work}/image.equi", "--format", "python", "-o", f"{work}/image")
    if run.returncode == 0 or "E-LIB-UNSUPPORTED" not in run.stderr or os.path.exists(f"{work}/image/model.py"):
        print("an image network is not refused:", run.returncode, run.stderr)
        failed += 1
finally:
    shutil.rmtree(work)
print(f"{done} designs, {failed} failed; PyTorch Geometric {'compared' if runtime.HAS_PYG else 'not installed'}")
sys.exit(failed > 0)
