/* The nodes that score highest, as a graph of their own and put together. */

#include "layers/graphs.h"
#include "layers/set-pool.h"

static const EqkPort inputs[] = {
  { .name = "x", .doc = EQK_N_("Scalars of each node") },
  { .name = "edges", .doc = EQK_N_("Who is linked to whom, for layers behind that read the smaller graph; a set has none"), .optional = true },
  { .name = NULL }
};
static const EqkPort outputs[] = {
  { .name = "y", .doc = EQK_N_("Scalars of the whole graph or set: the kept nodes put together") },
  { .name = "nodes", .doc = EQK_N_("Scalars of each kept node") },
  { .name = "edges", .doc = EQK_N_("The edges between kept nodes, with what they carry") },
  { .name = NULL }
};

static const EqkParam params[] = {
  { "ratio", EQK_N_("Part kept"), EQK_PARAM_REAL, "0.5", 0.01, 1, NULL, EQK_N_("Of the nodes of each graph, rounded up") },
  { "pool", EQK_N_("Kept nodes"), EQK_PARAM_CHOICE, "mean", 0, 0, "mean|sum", EQK_N_("How they are put together") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_nodes_input (ctx, diag), *edges = eqk_infer_input (ctx, "edges");
  const int          part = x == NULL ? 0 : eqk_infer_select (ctx, x);
  EqkPortType        kept;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (edges != NULL && edges->space.kind != EQK_SPACE_EDGES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "edges", "edges of a graph", eqk_rep_get_text (edges->rep));
  if (part < 0)
    return eqk_fail_expected (diag, EQK_ERR_LIMIT, "x", "at most three pools that keep nodes", "a fourth");
  if (eqk_infer_real (ctx, "ratio") < 1)
    {
      eqk_infer_problem (ctx, "W-TOPK-TIES", "x", NULL);
      if (!eqk_infer_is_read (ctx, "nodes") && !eqk_infer_is_read (ctx, "edges"))
        {
          eqk_infer_fix (ctx, EQK_N_("Weigh all nodes by attention"));
          eqk_fix_replace (ctx, "$", "attention_pool", "");
        }
      eqk_infer_fix (ctx, EQK_N_("Keep all nodes, weighed by their scores"));
      eqk_fix_set (ctx, "$", "ratio", "1");
      eqk_infer_lose (ctx, EQK_ALL_ELEMENTS, "W-TOPK-TIES");      /* of turns it is none the worse */
    }
  kept = *x;
  kept.space.structure = part;
  eqk_infer_set_output (ctx, "nodes", &kept);
  if (edges != NULL)
    {
      kept = *edges;
      kept.space.structure = part;
      eqk_infer_set_output (ctx, "edges", &kept);
    }
  return eqk_set_pool_whole (ctx, x);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *edges = eqk_build_in (b, "edges");
  const EqkSpace     kept = eqk_build_out (b, "nodes")->space;
  const EqkTopParams p = { eqk_build_real (b, "ratio"), kept.structure };
  const EqkPartParams take = { false };
  const int          c = eqk_rep_get_dim (x->rep), shape[2] = { 1, c }, links = eqk_build_x (b, "edges");
  const int          in[2] = { eqk_build_x (b, "x"), eqk_build_weight (b, "weight", shape, 2, (EqkInit) { EQK_INIT_UNIFORM, 1 / sqrt ((double) c), NULL }) };
  int                nodes;

  if (in[1] < 0 || eqk_build_select (b, kept.structure, x->space.structure, p.ratio, diag) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  nodes = eqk_rows_op (b, "top_rows", in, 2, kept, c, &p, sizeof p, diag);
  eqk_build_set_output (b, "nodes", nodes);
  if (edges != NULL)
    eqk_build_set_output (b, "edges", eqk_rows_op (b, "part_rows", &links, 1, eqk_build_out (b, "edges")->space, eqk_rep_get_dim (edges->rep), &take, sizeof take, diag));
  return eqk_graph_done (b, eqk_nodes_pool (b, nodes, eqk_of_samples, c, eqk_build_text (b, "pool"), diag));
}

static const EqkSpecimen specimens[] = {
  { .group = "triv", .inputs = { "nodes 3x triv" }, .settings = "" },
  { .group = "triv", .inputs = { "nodes 4x triv" }, .settings = "ratio=0.3 pool=sum" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 2x triv" }, .settings = "ratio=0.6" },
  { .group = "triv", .inputs = { "nodes 3x triv", "edges 1x triv as edges" }, .settings = "ratio=1" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_topk_pool = {
  .id = "topk_pool", .title = EQK_N_("Top-k pool"), .category = EQK_N_("Pooling"), .domains = "set|graph|points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_nodes_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .exports = "torch_geometric.nn.TopKPooling",
  .doc = EQK_N_("Keeps the nodes with the highest scores; where scores are equal, their order decides.\n\n"
                "s_i = x_i·w/|w| scores nodes; the ⌈ratio n⌉ highest of each graph are kept, with x_i tanh(s_i) and the edges between them: a smaller graph, which layers behind read as they would any "
                "other. y is the mean or the sum over its nodes. Of nodes with equal scores the first ones are kept, so the order of nodes shows where scores are equal; attention has no such step. "
                "Source: Gao & Ji 2019, arXiv:1905.05178; the output after each pool: Cangea et al. 2018, arXiv:1811.01287."),
};
