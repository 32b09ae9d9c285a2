/* Graph convolution: a smoothed mean of a node and its neighbours, mixed. */

#include "layers/graphs.h"
#include "core/memory.h"

static const EqkParam params[] = {
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "64", 1, 4096, NULL, EQK_N_("Numbers made for each node") },
  { "weights", EQK_N_("Edges are weights"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Edges carry one number each, by which they count") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const bool         weights = eqk_infer_bool (ctx, "weights");
  const EqkPortType *x = eqk_graph_input (ctx, weights, diag);

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (weights && eqk_graph_edge_width (eqk_infer_input (ctx, "edges")) != 1)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "edges", "one number, the weight", "more");
  return eqk_graph_set_width (ctx, x, eqk_infer_int (ctx, "channels"));
}

static bool
is_same (const EqkInfer *ctx, int node)
{
  return eqk_infer_layer_of (ctx, node) == eqk_infer_layer_of (ctx, eqk_infer_node (ctx));
}

/* The fewest of these layers on any way of features from an input through the node: where there are skips, smoothing can be left out. */
static int
fewest (const EqkInfer *ctx, int node, int *known)
{
  const EqkPort *ports = eqk_infer_layer_of (ctx, node)->inputs;
  int            least = -1;

  if (known[node] >= 0)
    return known[node];
  for (int p = 0; ports != NULL && ports[p].name != NULL; p++)
    for (int i = 0, from; strcmp (ports[p].name, "edges") != 0 && (from = eqk_infer_source_of (ctx, node, ports[p].name, i)) >= 0; i++)
      {
        const int n = fewest (ctx, from, known);

        least = least < 0 || n < least ? n : least;
      }
  known[node] = (least < 0 ? 0 : least) + is_same (ctx, node);
  return known[node];
}

/* What comes in is added to what goes out, where both are as wide. Later layers first: a sum then feeds the next. */
static void
fix_skips (EqkInfer *ctx, const int *known)
{
  bool any = false;
  char source[512];

  for (int count = 5; count > 0; count--)
    for (int n = 0; n < eqk_infer_n_nodes (ctx); n++)
      {
        const int          from = is_same (ctx, n) ? eqk_infer_source_of (ctx, n, "x", 0) : -1;
        const EqkPortType *x = from < 0 ? NULL : eqk_infer_type_of (ctx, from, "y"), *y = eqk_infer_type_of (ctx, n, "y");
        const char        *id = eqk_infer_id_of (ctx, n), *other = from < 0 ? "" : eqk_infer_id_of (ctx, from), *slash = strrchr (id, '/');
        const size_t       scope = slash == NULL ? 0 : (size_t) (slash - id) + 1;

        if (known[n] != count || x == NULL || y == NULL || x->rep != y->rep || x->space.kind != y->space.kind || strlen (other) > 480 ||
            strncmp (id, other, scope) != 0 || strchr (other + scope, '/') != NULL ||
            (n != eqk_infer_node (ctx) && !eqk_infer_is_upstream (ctx, n, eqk_infer_node (ctx))))
          continue;
        if (!any)
          eqk_infer_fix (ctx, EQK_N_("Add a skip connection around every one of them"));
        any = true;
        snprintf (source, sizeof source, "%s.y", other);
        eqk_fix_join_after (ctx, id, "y", "add", source);
      }
}

static void
lint (EqkInfer *ctx)
{
  const int n = eqk_infer_n_nodes (ctx);
  int      *known = eqk_malloc ((size_t) n * sizeof *known);

  for (int i = 0; known != NULL && i < n; i++)
    known[i] = -1;
  if (known != NULL && fewest (ctx, eqk_infer_node (ctx), known) == 5)
    {
      eqk_infer_problem (ctx, "W-OVERSMOOTH", NULL, "n=%d", 5);
      fix_skips (ctx, known);
    }
  free (known);
  if (!eqk_infer_bool (ctx, "weights"))
    eqk_graph_lint_ignored (ctx);
}

/* s (Σ_j w_ij s_j x_j + s_i x_i) with s = D^-1/2, then the linear map. */
static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType       *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const int                c = eqk_rep_get_dim (x->rep), weights = eqk_build_bool (b, "weights") ? eqk_build_x (b, "edges") : -1;
  const EqkDegreeParams    degree = { 1, -0.5, true };
  const EqkNeighbourParams sum = { 1, false, true };
  const int                s = eqk_rows_op (b, "degree", &weights, weights < 0 ? 0 : 1, x->space, 1, &degree, sizeof degree, diag);
  const int                own = eqk_rows_mul (b, eqk_build_x (b, "x"), s, x->space, c, 1, diag);
  int                      h = eqk_graph_neighbours (b, own, weights, x->space, edges->space, c, &sum, "sum", diag);

  h = eqk_rows_mul (b, eqk_rows_add (b, h, own, x->space, c, diag), s, x->space, c, 1, diag);
  return eqk_graph_done (b, h < 0 ? h : eqk_dense (b, "", h, x->space, c, eqk_build_int (b, "channels"), true, diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "channels=4" },
  { .group = "triv", .inputs = { "nodes 3x triv", "length" }, .settings = "channels=4 weights=on" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_gcn = {
  .id = "gcn", .title = EQK_N_("Graph convolution (GCN)"), .category = EQK_N_("Message passing"), .domains = "graph|points|molecule", .flags = EQK_LAYER_LINEAR,
  .inputs = eqk_graph_in, .outputs = eqk_graph_out, .params = params, .admits = eqk_nodes_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.GCNConv",
  .doc = EQK_N_("Each node takes an average over itself and its neighbours, then mixes channels.\n\n"
                "y = D^(−1/2) (A + I) D^(−1/2) x W + b, where D counts the edges into a node and itself, or adds up their weights. Exact. Source: Kipf & Welling 2017, arXiv:1609.02907."),
};
