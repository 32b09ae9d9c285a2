#!/usr/bin/env python3
"""Writes the corpus of the readers of data: tiny valid files of each kind, and the broken ones that readers once had to learn about."""
import gzip, io, json, pathlib, struct, zipfile

here = pathlib.Path(__file__).parent / "corpus"


def put(kind, name, data):
    (here / kind).mkdir(exist_ok=True)
    (here / kind / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def idx(code, dims, data):
    return bytes([0, 0, code, len(dims)]) + b"".join(struct.pack(">I", d) for d in dims) + data


def npy(descr, shape, data, version=1):
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    size = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + data


def npz(members, method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in members.items():
            z.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tensors(header, data):
    text = (header if isinstance(header, str) else json.dumps(header)).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


images = idx(8, [2, 3, 3], bytes(range(18)))
put("idx", "images", images)
put("idx", "images.gz", gzip.compress(images, mtime=0))
put("idx", "two-members.gz", gzip.compress(images[:20], mtime=0) + gzip.compress(images[20:], mtime=0))
put("idx", "short", idx(12, [3], struct.pack(">ii", -1, 7)))
put("idx", "doubles", idx(14, [2], struct.pack(">dd", 1.5, float("nan"))))
put("idx", "huge", idx(14, [0xffffffff] * 3, b""))
put("idx", "huge.gz", gzip.compress(idx(8, [60000, 28, 28], b"x"), mtime=0))
put("idx", "cut.gz", gzip.compress(images, mtime=0)[:-9])

small = npy("<f4", "(2, 2)", struct.pack("<4f", 1, 2, 3, 4))
put("npy", "float", small)
put("npy", "version2", npy("<i8", "(1,)", struct.pack("<q", -1), 2))
put("npy", "scalar", npy("<f8", "()", struct.pack("<d", 0.5)))
put("npy", "object", npy("|O", "(1,)", b"\x80\x03K\x01."))
put("npy", "overflow", npy("<f8", "(4294967296, 4294967296)", b""))
put("npy", "stored.npz", npz({"a.npy": small, "b.npy": small}, zipfile.ZIP_STORED))
put("npy", "deflated.npz", npz({"image.npy": npy("|u1", "(20, 20)", bytes(400))}, zipfile.ZIP_DEFLATED))

put("csv", "plain", "angle_rad\n0.5\n-1e3\n")
put("csv", "quoted", '\ufeffa,"b ""c"""\r\n1,"x\ny"\r\n\r\n2,\r\n')
put("csv", "open-quote", 'a,b\n1,"2\n')
put("csv", "ragged", "a,b\n1\n1,2,3\n")

put("xyz", "plain", "1\n\nHe 0 0 0\n")
put("xyz", "extended", '2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-1.5 Lattice="1 0 0 0 1 0 0 0 1" '
    'pbc="T T F" d={1, 2}\nO 0 0 0 1 2 3\nH 0 0 1e0 4 5 -6\n1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=2\n'
    "1 0 0 0 0 0 0\n\n")
put("xyz", "units", '1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=1 energy_unit=kcal/mol forces_unit="Hartree bohr^-1" length_unit=bohr '
    'stress_unit=eV/Å³ x_unit=/// y=1 y_unit=Å^99 pbc="T F T" Lattice="1 0 0 0 1 0 0 0 1"\nHe 0 0 0 1 2 3\n')
put("xyz", "many", "2147483647\n\nH 0 0 0\n")
put("xyz", "wide", "1\nProperties=species:S:1:pos:R:3:x:R:99999999999\nH 0 0 0\n")

put("safetensors", "two", tensors({"__metadata__": {"equi.design": "{}"},
                                  "a": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]},
                                  "b": {"dtype": "U8", "shape": [3], "data_offsets": [8, 11]}}, bytes(11)))
put("safetensors", "scalar", tensors({"s": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]}}, bytes(8)))
put("safetensors", "empty", tensors({}, b""))
put("safetensors", "overlap", tensors({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                                      "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}, bytes(12)))
put("safetensors", "twice", tensors('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
                                    '"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', bytes(2)))
put("safetensors", "far", struct.pack("<Q", 1 << 63) + b"{}")
put("safetensors", "deep", tensors("[" * 2000, b""))


def folder(files):
    parts = [(name, text if isinstance(text, bytes) else text.encode()) for name, text in files.items()]
    return b"".join(f"@@ {name}\n".encode() + text for name, text in parts)


tu = {"G_A.txt": "1, 2\n2, 1\n2, 3\n3, 2\n5, 4\n", "G_graph_indicator.txt": "1\n1\n1\n2\n2\n3\n", "G_node_labels.txt": "7\n3\n7\n3\n3\n9\n",
      "G_node_attributes.txt": "0.5, 1\n1.5, 2\n2.5, 3\n3.5, 4\n4.5, 5\n5.5, 6\n", "G_edge_labels.txt": "0\n0\n2\n2\n0\n", "G_graph_labels.txt": "-1\n1\n-1\n",
      "G_graph_attributes.txt": "0.25\n0.5\n0.75\n", "G_split.txt": "train\ntest\ntrain\n"}
put("folder", "tu", folder(tu))
put("folder", "tu-short", folder({"G_A.txt": "1, 2\n", "G_graph_indicator.txt": "1\n1\n"}))
put("folder", "tu-far", folder({**tu, "G_A.txt": "1, 2\n4294967297, 99999999999999999999\n"}))
put("folder", "tu-other-graph", folder({**tu, "G_A.txt": "1, 5\n"}))
put("folder", "tu-cut", folder({**tu, "G_node_labels.txt": "7\n3\n"}))
put("folder", "tu-many-kinds", folder({**tu, "G_node_labels.txt": "2147483647\n-2147483648\n0\n1\n1e9\n3\n"}))
put("folder", "tu-backwards", folder({**tu, "G_graph_indicator.txt": "3\n3\n3\n2\n2\n1\n"}))

column = '{{"name": "{}", "role": "{}", "file": "{}", {}}}'.format
edges = column("edges", "input", "edges.csv", '"per": "edge", "fields": ["a", "b"], "values": "node index", "undirected": true')
weights = column("w", "input", "edges.csv", '"per": "edge", "undirected": true')
label = column("label", "target", "nodes.csv", '"per": "node", "values": "label", "n_classes": 2, "part_field": "use"')


def description(*columns, splits='["train", "test"]', domain="graph"):
    return f'{{"version": 1, "domain": "{domain}", "columns": [{", ".join(columns)}], "splits": {splits}}}'


tables = {"dataset.json": description(edges, weights, label), "edges.csv": "a,b,w\n0,1,0.5\n1,2,2\n", "nodes.csv": "label,use\n1,train\n0,test\n1,test\n"}
put("folder", "tables", folder(tables))
put("folder", "tables-no-node", folder({**tables, "edges.csv": "a,b,w\n0,3,0.5\n"}))
put("folder", "tables-fraction", folder({**tables, "edges.csv": "a,b,w\n0,1.5,0.5\n"}))
put("folder", "tables-nan", folder({**tables, "edges.csv": "a,b,w\n0,1,nan\n"}))
put("folder", "tables-label", folder({**tables, "nodes.csv": "label,use\n7,train\n"}))
put("folder", "tables-outside", folder({**tables, "dataset.json": description(column("edges", "input", "../edges.csv", '"per": "edge"'))}))
sets = column("x", "input", "{split}.csv", '"per": "node", "fields": ["p", "q"], "set_field": "set"')
put("folder", "sets", folder({"dataset.json": description(sets, domain="set", splits='["train"]'), "train.csv": "set,p,q\n0,1,2\n0,3,4\n1,5,6\n"}))
molecules = ('1\nProperties=species:S:1:pos:R:3 E_dft=-2 mu="1 2 3"\nHe 0 0 0\n' * 2)
meaning = '{{"version": 1, "map": {{"energy": {{"field": "E_dft", "unit": "{}"}}, "dipole": {{"field": "mu", "convention": "yzx"}}}}}}'.format
put("folder", "map", folder({"dataset.json": meaning("Hartree"), "test.xyz": molecules}))
put("folder", "map-wrong-unit", folder({"dataset.json": meaning("bohr"), "test.xyz": molecules}))
kinds = '{"version": 1, "map": {"kind": {"role": "target", "values": "label", "classes": ["a", "b"]}, "v": {"role": "extra"}, "u": {"role": "input"}}}'
put("folder", "map-table", folder({"dataset.json": kinds, "train.csv": "u,v,kind\n1,2,0\n3,4,1\n"}))
put("folder", "map-sets", folder({"dataset.json": kinds, "sets.csv": "set,u,v,kind\na,1,2,0\na,3,4,0\nb,5,6,1\n"}))
put("folder", "map-all-out", folder({"dataset.json": '{"version": 1, "map": {"u": {"role": "extra"}, "v": {"role": "target"}}}', "train.csv": "u,v\n1,2\n"}))
put("folder", "point-table", folder({"points.csv": "cloud,x,y,z,mass,shape\na,0,0,0,5,rod\na,0,0,1,5,rod\nb,1,0,0,7,ball\nc,1,2,0,7,ball\n"}))
put("folder", "point-table-no-samples", folder({"points.csv": "x,y,z,mass\n0,0,0,5\n"}))
clouds = {"train-points.idx": idx(11, [3, 2, 3], struct.pack(">18h", *range(-9000, 9000, 1000))), "train-labels.idx": idx(8, [3], bytes([0, 1, 1])), "classes.txt": "0 cube\n1 ball\n"}
put("folder", "clouds", folder(clouds))
put("folder", "clouds-no-names", folder({**clouds, "classes.txt": "7 cube\n99999999999999999999999 ball\n"}))
put("folder", "clouds-label", folder({**clouds, "train-labels.idx": idx(8, [3], bytes([0, 1, 7]))}))
put("folder", "clouds-flat", folder({**clouds, "train-points.idx": idx(11, [18], struct.pack(">18h", *range(18)))}))
put("folder", "clouds-plane", folder({**clouds, "train-points.idx": idx(11, [3, 3, 2], struct.pack(">18h", *range(18)))}))
