/* Graphs: numbers of nodes, edges between them, numbers of edges. */

#include "layers/columns.h"
#include "layers/graphs.h"

static const EqkPort outputs[] = {
  { .name = "y", .doc = EQK_N_("Numbers of each node; a one where nodes carry nothing") },
  { .name = "edges", .doc = EQK_N_("Directed edges, with the numbers that they carry") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "channels", EQK_N_("Numbers of a node"), EQK_PARAM_INT, "7", 0, 65535, NULL, EQK_N_("What the data say of each node; 0: nothing") },
  { "edge_channels", EQK_N_("Numbers of an edge"), EQK_PARAM_INT, "0", 0, 4096, NULL, EQK_N_("What the data say of each edge; 0: only that it is there") },
  EQK_COLUMNS_PARAMS,
  { NULL }
};

static const EqkTellingName telling[] = {
  { EQK_TELLS_NUMBER, "index|id|node|node_id", "W-NODE-ID" },
  { EQK_TELLS_ONE_HOT, "one_hot_id", "W-NODE-ID" },
  { EQK_TELLS_SIGN, "laplacian|lap_pe|lappe|eigenvectors", "W-LAPPE-SIGN" },
  { EQK_TELLS_NOTHING, NULL, NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const int          c = eqk_infer_int (ctx, "channels"), ce = eqk_infer_int (ctx, "edge_channels");
  const int          n = eqk_columns_kept (eqk_infer_text (ctx, "names"), eqk_infer_text (ctx, "drop"), c, NULL);
  EqkPortType        type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_FEATURE };
  char               drop[1024];

  if (eqk_columns_check (ctx, c, diag) != EQK_OK)
    return EQK_ERR_SHAPE;
  if (eqk_columns_find (ctx, telling, "W-NODE-ID", drop, sizeof drop))   /* they say which node is which */
    eqk_infer_lose (ctx, 0, "W-NODE-ID");
  if (eqk_columns_find (ctx, telling, "W-LAPPE-SIGN", drop, sizeof drop))
    eqk_infer_lose (ctx, 0, "W-LAPPE-SIGN");
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), n > 0 ? n : 1);
  eqk_infer_set_output (ctx, "y", &type);
  type.space.kind = EQK_SPACE_EDGES;
  type.kind = ce > 0 ? EQK_KIND_FEATURE : EQK_KIND_EDGES;
  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), ce > 0 ? ce : 1);
  return eqk_infer_set_output (ctx, "edges", &type);
}

/* Without the columns, with another layer behind that tells nodes apart by where they stand. */
static void
fix_with (EqkInfer *ctx, const char *label, const char *drop, const char *layer)
{
  const char *id = eqk_infer_id_of (ctx, eqk_infer_node (ctx));
  char        source[512];

  if (strlen (id) > 480)
    return;
  snprintf (source, sizeof source, "%s.edges>edges", id);
  eqk_infer_fix (ctx, label);
  eqk_fix_set (ctx, "$", "drop", drop);
  eqk_fix_join_after (ctx, "$", "y", layer, source);
}

/* Names tell what numbers alone do not. */
static void
lint (EqkInfer *ctx)
{
  const int                c = eqk_infer_int (ctx, "channels");
  char                     drop[1024];

  if (eqk_columns_find (ctx, telling, "W-NODE-ID", drop, sizeof drop))
    {
      eqk_infer_problem (ctx, "W-NODE-ID", "y", NULL);
      if (eqk_columns_can_drop (ctx, drop, c, false))
        {
          fix_with (ctx, EQK_N_("Numbers of neighbours instead"), drop, "degree_features");
          fix_with (ctx, EQK_N_("Random walks instead"), drop, "random_walk_pe");
        }
    }
  if (eqk_columns_find (ctx, telling, "W-LAPPE-SIGN", drop, sizeof drop))
    {
      eqk_infer_problem (ctx, "W-LAPPE-SIGN", "y", NULL);
      if (eqk_columns_can_drop (ctx, drop, c, false))
        fix_with (ctx, EQK_N_("Random walks instead"), drop, "random_walk_pe");
    }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int      c = eqk_build_int (b, "channels"), ce = eqk_build_int (b, "edge_channels"), structure = eqk_build_edges (b);
  const int      n = eqk_columns_kept (eqk_build_text (b, "names"), eqk_build_text (b, "drop"), c, NULL);
  const EqkSpace nodes = eqk_build_out (b, "y")->space, edges = eqk_build_out (b, "edges")->space;
  const int      x = c > 0 ? eqk_build_feed (b, "nodes", nodes, c, false) : -1;

  if (structure != 0)
    return eqk_fail (diag, EQK_ERR_LIMIT, "a design has one list of edges; link everything to one “Graph” node");
  if (!eqk_columns_mark (b, telling, x, c))
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "y", n > 0 ? eqk_columns_take (b, x, nodes, c, diag) : eqk_rows_constant (b, nodes, 1, 1, diag));
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
  { .group = "triv", .inputs = { "" }, .settings = "channels=3 names=a,b,c drop=a,c" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_input_graph = {
  .id = "input_graph", .title = EQK_N_("Graph"), .category = EQK_N_("Input"), .domains = "graph", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .params = params, .admits = admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens, .telling = telling, .exports = "x, edge_index, edge_attr, batch tensors",
  .doc = EQK_N_("Graphs go in here: nodes, and who is connected with whom.\n\n"
                "A graph: numbers x_i of its nodes and directed edges j → i with numbers e_ij. An undirected graph has every edge both ways; loops are allowed. "
                "Which node is called first means nothing. Graphs of a batch stand one after the other, without padding."),
};
