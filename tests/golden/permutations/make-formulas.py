#!/usr/bin/python3
"""Writes graphs_formulas.json: layers that graphs.json does not hold, by their formulas in plain torch (float64), with gradients of inputs
and weights for one gradient of the output. Self-loops, nodes without incoming edges and graphs of unequal size are among them."""
import json, pathlib
import torch
from torch.nn.functional import leaky_relu

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)

SRC = [0, 1, 2, 2, 0, 3, 1, 4, 5, 6, 6, 4, 5]
DST = [1, 0, 1, 3, 2, 3, 3, 5, 4, 5, 4, 6, 5]      # 3 -> 3 and 5 -> 5 are loops; 7 and 8 have no edges
BATCH = [0, 0, 0, 0, 1, 1, 1, 2, 2]
N, E, C, CE, HEADS, CO = len(BATCH), len(SRC), 3, 2, 2, 4
src, dst, batch = torch.tensor(SRC), torch.tensor(DST), torch.tensor(BATCH)


def tensor(t):
    return {"shape": list(t.shape), "data": [float(f"{v:.10g}") for v in t.detach().reshape(-1).tolist()]}


def entry(name, note, inputs, params, y, edges=True):
    for p in list(inputs) + list(params.values()):
        p.requires_grad_(True)
    out = y(*inputs, **{k.replace(".", "_"): v for k, v in params.items()})
    grad = torch.randn_like(out)
    out.backward(grad)
    found = {"layer": name, "note": note, "params": {k: tensor(v) for k, v in params.items()}, "inputs": [tensor(t) for t in inputs], "y": tensor(out),
             "grad_y": tensor(grad), "grad_inputs": [tensor(t.grad) for t in inputs], "grad_params": {k: tensor(v.grad) for k, v in params.items()}}
    if edges:
        found["edge_index"] = [SRC, DST]
    found["batch"] = BATCH
    return found


def own_edge(e):
    """What a node counts as its own edge: the mean over its incoming edges but loops, 0 without any."""
    rows = []
    for i in range(N):
        mine = [k for k in range(E) if DST[k] == i and SRC[k] != i]
        rows.append(e[mine].mean(0) if mine else torch.zeros_like(e[0]))
    return torch.stack(rows)


def attend(score, own, h):
    """score [E, heads], own [N, heads], h [N, heads, co]: softmax over incoming edges but loops, and the node itself."""
    rows = []
    for i in range(N):
        mine = [k for k in range(E) if DST[k] == i and SRC[k] != i]
        a = torch.softmax(torch.cat([score[mine], own[i:i + 1]]), 0)
        v = torch.cat([h[[SRC[k] for k in mine]], h[i:i + 1]])
        rows.append((a.unsqueeze(-1) * v).sum(0).reshape(-1))
    return torch.stack(rows)


def gat(x, e, lin_weight, att_src, att_dst, lin_edge_weight, att_edge, bias):
    h = (x @ lin_weight.T).reshape(N, HEADS, CO)
    s, t, f = (h * att_src).sum(-1), (h * att_dst).sum(-1), ((e @ lin_edge_weight.T).reshape(E, HEADS, CO) * att_edge).sum(-1)
    return attend(leaky_relu(s[src] + t[dst] + f, 0.2), leaky_relu(s + t + own_edge(f), 0.2), h) + bias


def gatv2(x, e, lin_l_weight, lin_l_bias, lin_r_weight, lin_r_bias, lin_edge_weight, att, bias):
    left, right, f = x @ lin_l_weight.T + lin_l_bias, x @ lin_r_weight.T + lin_r_bias, e @ lin_edge_weight.T

    def score(z):
        return (leaky_relu(z, 0.2).reshape(-1, HEADS, CO) * att).sum(-1)
    return attend(score(left[src] + right[dst] + f), score(left + right + own_edge(f)), left.reshape(N, HEADS, CO)) + bias


def graph_norm(x, weight, bias, mean_scale):
    rows = []
    for g in range(3):
        z = x[batch == g]
        z = z - mean_scale * z.mean(0)
        rows.append(weight * z / (z.square().mean(0) + 1e-5).sqrt() + bias)
    return torch.cat(rows)


def top_k(pool):
    def y(x, weight):
        score, rows = torch.tanh((x * weight).sum(-1) / weight.norm()), []
        for g in range(3):
            z, s = x[batch == g], score[batch == g]
            keep = s.topk((len(s) + 1) // 2).indices
            kept = z[keep] * s[keep].unsqueeze(-1)
            rows.append(kept.mean(0) if pool == "mean" else kept.sum(0))
        return torch.stack(rows)
    return y


def pairwise(pool):
    def y(x, first_weight, first_bias, second_weight, last_weight, bias):
        rows = []
        for g in range(3):
            z = x[batch == g]
            meet = torch.relu((z @ first_weight.T + first_bias).unsqueeze(1) + (z @ second_weight.T).unsqueeze(0)) @ last_weight.T + bias
            rows.append(meet.mean(1) if pool == "mean" else meet.sum(1))
        return torch.cat(rows)
    return y


def r(*shape):
    return torch.randn(*shape)


PAIR = {"first.weight": (5, C), "first.bias": (5,), "second.weight": (5, C), "last.weight": (4, 5), "bias": (4,)}
entries = [
    entry("Edge GATConv", "score + a_edge . W_edge e; loops are left out, a node itself counts with the mean of its edges", [r(N, C), r(E, CE)],
          {"lin.weight": r(HEADS * CO, C), "att_src": r(1, HEADS, CO), "att_dst": r(1, HEADS, CO), "lin_edge.weight": r(HEADS * CO, CE), "att_edge": r(1, HEADS, CO), "bias": r(HEADS * CO)}, gat),
    entry("Edge GATv2Conv", "W_edge e inside the LeakyReLU; loops and the node itself as above", [r(N, C), r(E, CE)],
          {"lin_l.weight": r(HEADS * CO, C), "lin_l.bias": r(HEADS * CO), "lin_r.weight": r(HEADS * CO, C), "lin_r.bias": r(HEADS * CO), "lin_edge.weight": r(HEADS * CO, CE),
           "att": r(1, HEADS, CO), "bias": r(HEADS * CO)}, gatv2),
    entry("GraphNorm", "", [r(N, C) + 1], {"weight": r(C), "bias": r(C), "mean_scale": r(C)}, graph_norm, False),
    entry("TopKPooling mean", "half of the nodes, rounded up", [r(N, C)], {"weight": r(1, C)}, top_k("mean"), False),
    entry("TopKPooling sum", "", [r(N, C)], {"weight": r(1, C)}, top_k("sum"), False),
    entry("Pairs sum", "sum over j of last relu(first x_i + second x_j) + bias, j = i among them", [r(N, C)], {k: r(*v) for k, v in PAIR.items()}, pairwise("sum"), False),
    entry("Pairs mean", "", [r(N, C)], {k: r(*v) for k, v in PAIR.items()}, pairwise("mean"), False),
]
(pathlib.Path(__file__).parent / "graphs_formulas.json").write_text("[\n" + ",\n".join(json.dumps(e) for e in entries) + "\n]\n")
