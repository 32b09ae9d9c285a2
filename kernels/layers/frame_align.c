/*
 * Coordinates along the principal axes of their cloud. The axes are known up to their signs, so a network that reads such coordinates is averaged over all
 * signs: the four that turns can make, or the eight of turns and mirrors. Without the average the answer depends on signs that nothing fixes.
 */

#include "layers/coordinates.h"
#include "layers/graphs.h"
#include "layers/grids.h"

static const EqkPort inputs[] = {
  { .name = "positions", .doc = EQK_N_("Coordinates") },
  { .name = "x", .doc = EQK_N_("Scalars of each point, which the network reads too"), .optional = true },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Scalars of each point: where it is in its cloud") }, { .name = NULL } };

static const EqkParam params[] = {
  { "widths", EQK_N_("Widths"), EQK_PARAM_INT_LIST, "[32,32]", 1, 4096, NULL, EQK_N_("Layers of the network of a point; the last is the width of the output") },
  { "act", EQK_N_("Activation"), EQK_PARAM_CHOICE, "silu", 0, 0, EQK_ACT_CHOICES, EQK_N_("Between the layers") },
  { "average", EQK_N_("Average over frames"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("The mean over all signs that the axes may have; without it the answer jumps, and turns are no longer promised") },
  { NULL }
};

enum { MAX_LAYERS = 32 };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *positions = eqk_coord_input (ctx, diag), *x = eqk_infer_input (ctx, "x");
  int                widths[MAX_LAYERS];
  const int          n = eqk_infer_ints (ctx, "widths", widths, MAX_LAYERS);
  EqkPortType        y;

  if (positions == NULL)
    return EQK_ERR_TYPE;
  if (n < 1 || n > MAX_LAYERS)
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "widths", "one to 32 layers", "another number");
  if (x != NULL && (x->kind != EQK_KIND_FEATURE || !eqk_space_equal (&x->space, &positions->space) || !eqk_rep_is_trivial (x->rep)))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "scalars of the points", eqk_rep_get_text (x->rep));
  if (!eqk_infer_bool (ctx, "average"))
    {
      eqk_infer_problem (ctx, "W-FRAME-DISCONT", "positions", NULL);
      eqk_infer_fix (ctx, EQK_N_("Average over frames"));
      eqk_fix_set (ctx, "$", "average", "on");
      eqk_infer_lose (ctx, 0, "W-FRAME-DISCONT");
    }
  y = eqk_port_with_rep (positions, eqk_rep_single (eqk_group_trivial (positions->symmetry.group), widths[n - 1]));
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

/* a[3 i + k] = x[k] or, with `slow`, x[i]. */
static int
thrice (EqkBuild *b, int x, EqkSpace space, bool slow, EqkDiag *diag)
{
  EqkConstLinearParams p;
  EqkSparse            m;

  eqk_sparse_open (&m, 3, 9);
  for (int i = 0; i < 9; i++)
    eqk_sparse_add (&m, i, slow ? i / 3 : i % 3, 1);
  return eqk_matrix_keep (b, &m, &p) != EQK_OK || x < 0 ? -1 : eqk_grid_op (b, "const_linear", x, space, 9, &p, sizeof p, diag);
}

/* Coordinates along the axes of the mean of r rᵀ, r from the centre: [nodes, 3]. */
static int
along_axes (EqkBuild *b, EqkSpace nodes, EqkDiag *diag)
{
  const int           x = eqk_build_x (b, "positions");
  const int           centre = eqk_nodes_spread (b, eqk_nodes_pool (b, x, eqk_of_samples, 3, "mean", diag), nodes, 3, diag);
  const int           r = eqk_rows_add (b, x, eqk_rows_scale (b, centre, nodes, 3, -1, diag), nodes, 3, diag), rrr = thrice (b, r, nodes, false, diag);
  const int           second = eqk_nodes_pool (b, eqk_rows_mul (b, rrr, thrice (b, r, nodes, true, diag), nodes, 9, 9, diag), eqk_of_samples, 9, "mean", diag);
  const int           axes = eqk_nodes_spread (b, second < 0 ? -1 : eqk_rows_op (b, "frames", &second, 1, eqk_of_samples, 9, NULL, 0, diag), nodes, 9, diag);
  const EqkCopyParams p = { 3, 3, 0 };
  const int           in[2] = { rrr, axes };

  return rrr < 0 || axes < 0 ? -1 : eqk_rows_op (b, "copy_dot", in, 2, nodes, 3, &p, sizeof p, diag);
}

/* The coordinates with the signs of a frame. */
static int
with_signs (EqkBuild *b, int r, EqkSpace nodes, int frame, EqkDiag *diag)
{
  EqkConstLinearParams p;
  EqkSparse            m;

  if (frame == 0)
    return r;
  eqk_sparse_open (&m, 3, 3);
  for (int i = 0; i < 3; i++)
    eqk_sparse_add (&m, i, i, (frame >> i & 1) != 0 ? -1 : 1);
  return eqk_matrix_keep (b, &m, &p) != EQK_OK || r < 0 ? -1 : eqk_grid_op (b, "const_linear", r, nodes, 3, &p, sizeof p, diag);
}

/* Turns change an even number of signs. */
static bool
is_frame (const EqkGroup *group, int signs)
{
  return !eqk_group_is_connected (group) || ((signs ^ signs >> 1 ^ signs >> 2) & 1) == 0;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *positions = eqk_build_in (b, "positions"), *x = eqk_build_in (b, "x");
  const EqkSpace     nodes = positions->space;
  const EqkMlpForm   form = { .act = eqk_build_text (b, "act") };
  const int          r = along_axes (b, nodes, diag), own = x == NULL ? 0 : eqk_rep_get_dim (x->rep);
  int                widths[MAX_LAYERS], n_frames = 0, sum = -1;
  const int          n = eqk_build_ints (b, "widths", widths, MAX_LAYERS);

  for (int signs = 0; signs < (eqk_build_bool (b, "average") ? 8 : 1); signs++)
    {
      int rows[2], both[2] = { 3, own }, width = 3 + own, h;

      if (!is_frame (positions->symmetry.group, signs))
        continue;
      rows[0] = with_signs (b, r, nodes, signs, diag);
      rows[1] = eqk_build_x (b, "x");
      h = own == 0 ? rows[0] : eqk_rows_concat (b, rows, both, 2, nodes, diag);
      h = eqk_mlp (b, "", h, nodes, &width, widths, n, &form, diag);
      sum = n_frames++ == 0 ? h : eqk_rows_add (b, sum, h, nodes, width, diag);
    }
  if (n_frames > 1)
    sum = eqk_rows_scale (b, sum, nodes, widths[n - 1], 1.0 / n_frames, diag);
  return eqk_graph_done (b, sum);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO3", .inputs = { "positions" }, .settings = "widths=[5,3]" },
  { .group = "O3", .inputs = { "positions", "nodes 2x triv" }, .settings = "widths=[4,3] act=tanh" },
  { .group = "O3", .inputs = { "positions" }, .settings = "widths=[3] average=off" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_frame_align = {
  .id = "frame_align", .title = EQK_N_("Along principal axes"), .category = EQK_N_("Mixing"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_coord_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Lays each cloud along its longest directions, where an ordinary network may read its coordinates.\n\n"
                "y_i = mean over frames F of MLP(Fᵀ (x_i − mean x), s_i): the axes of F are those of Σ r rᵀ, the longest first, with each choice of signs that turns (four), or turns and mirrors (eight), can make. "
                "Exact but where two axes are equally long: there they are not determined, and the answer jumps. Forces need another layer. Source: Puny et al. 2022, arXiv:2110.03336."),
};
