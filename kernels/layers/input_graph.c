/* Graphs: numbers of nodes, edges between them, numbers of edges. */

#include "layers/graphs.h"

static const EqkPort outputs[] = {
  { .name = "y", .doc = EQK_N_("Numbers of each node; a one where nodes carry nothing") },
  { .name = "edges", .doc = EQK_N_("Directed edges, with the numbers that they carry") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "channels", EQK_N_("Numbers of a node"), EQK_PARAM_INT, "7", 0, 65535, NULL, EQK_N_("What the data say of each node; 0: nothing") },
  { "edge_channels", EQK_N_("Numbers of an edge"), EQK_PARAM_INT, "0", 0, 4096, NULL, EQK_N_("What the data say of each edge; 0: only that it is there") },
  { "names", EQK_N_("Names of columns"), EQK_PARAM_TEXT, "", 0, 0, NULL, EQK_N_("Names of the nodes' numbers from the data, parted by commas") },
  { NULL }
};

static bool
has_word (const char *names, const char *const *words)
{
  for (const char *at = names; *at != '\0';)
    {
      const size_t n = strcspn (at, ", ;");

      for (int i = 0; words[i] != NULL; i++)
        if (strlen (words[i]) == n && strncmp (words[i], at, n) == 0)
          return true;
      at += n + strspn (at + n, ", ;");
    }
  return false;
}

/* Names tell what numbers alone do not: those that say which node is which break the promise here. */
static void
look_at_names (EqkInfer *ctx)
{
  static const char *const ids[] = { "id", "node", "node_id", "index", "one_hot_id", NULL };
  static const char *const laplacian[] = { "laplacian", "lap_pe", "lappe", "eigenvectors", NULL };
  const char              *names = eqk_infer_text (ctx, "names"), *code = has_word (names, ids) ? "W-NODE-ID" : has_word (names, laplacian) ? "W-LAPPE-SIGN" : NULL;

  if (code == NULL)
    return;
  eqk_infer_problem (ctx, code, "y", NULL);
  eqk_infer_lose (ctx, 0, code);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const int          c = eqk_infer_int (ctx, "channels"), ce = eqk_infer_int (ctx, "edge_channels");
  EqkPortType        type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_FEATURE };

  look_at_names (ctx);
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), c > 0 ? c : 1);
  eqk_infer_set_output (ctx, "y", &type);
  type.space.kind = EQK_SPACE_EDGES;
  type.kind = ce > 0 ? EQK_KIND_FEATURE : EQK_KIND_EDGES;
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), ce > 0 ? ce : 1);
  return eqk_infer_set_output (ctx, "edges", &type);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int      c = eqk_build_int (b, "channels"), ce = eqk_build_int (b, "edge_channels"), structure = eqk_build_edges (b);
  const EqkSpace nodes = eqk_build_out (b, "y")->space, edges = eqk_build_out (b, "edges")->space;

  if (structure != 0)
    return eqk_fail (diag, EQK_ERR_LIMIT, "a design has one list of edges; link everything to one “Graph” node");
  eqk_build_set_output (b, "y", c > 0 ? eqk_build_feed (b, "nodes", nodes, c, false) : eqk_rows_constant (b, nodes, 1, 1, diag));
  eqk_build_set_output (b, "edges", ce > 0 ? eqk_build_feed (b, "edge_features", edges, ce, false) : eqk_rows_constant (b, edges, 1, 1, diag));
  return EQK_OK;
}

static bool
admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (symmetry->permutations != EQK_PERMUTE_NONE)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("Names of nodes mean nothing; a graph needs permutations, such as the group Sn."));
  return false;
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "" }, .settings = "channels=3 edge_channels=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_input_graph = {
  .id = "input_graph", .title = EQK_N_("Graph"), .category = EQK_N_("Input"), .domains = "graph", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .params = params, .admits = admits, .infer = infer, .expand = expand, .specimens = specimens, .exports = "x, edge_index, edge_attr, batch tensors",
  .doc = EQK_N_("A graph: numbers x_i of its nodes and directed edges j → i with numbers e_ij. An undirected graph has every edge both ways; loops are allowed. "
                "Which node is called first means nothing. Graphs of a batch stand one after the other, without padding."),
};
