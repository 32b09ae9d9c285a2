/* The invariants among the fields. */

#include "layers/grids.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Fields, some of them scalars") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The scalars") }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const int          n = x == NULL ? 0 : eqk_fields_count (x->rep, eqk_field_is_trivial);
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (n == 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "at least one scalar", eqk_rep_get_text (x->rep));
  y = eqk_port_with_rep (x, eqk_rep_single (eqk_group_trivial (x->symmetry.group), n));
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int          n = eqk_rep_get_dim (x->rep), n_out = eqk_rep_get_dim (y->rep);
  int32_t           *map = malloc (((size_t) n_out + 1) * sizeof *map), *back = malloc (((size_t) n + 1) * sizeof *back);
  EqkTakeParams      p = { .n_in = n, .n_out = n_out };
  int                at = 0, out = -1;

  if (map != NULL && back != NULL)
    {
      for (int i = 0; i < n; i++)
        back[i] = -1;
      for (int i = 0; i < eqk_rep_n_fields (x->rep); i++)
        {
          int channel;

          if (!eqk_field_is_trivial (eqk_rep_field (x->rep, i, &channel)))
            continue;
          back[channel] = at;
          map[at++] = channel;
        }
      p.map = eqk_build_keep (b, map, (size_t) n_out * sizeof *map);
      p.back = eqk_build_keep (b, back, (size_t) n * sizeof *back);
      if (p.map != NULL && p.back != NULL)
        out = eqk_grid_op (b, "take_channels", eqk_build_x (b, "x"), y->space, n_out, &p, sizeof p, diag);
    }
  free (map);
  free (back);
  return eqk_grid_done (b, out, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "SO2", .inputs = { "grid 5x5 2x triv + 1x f1 + 1x triv" }, .settings = "" },
  { .group = "D4", .inputs = { "sample 1x reg + 2x triv" }, .settings = "" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_extract_scalars = {
  .id = "extract_scalars", .title = EQK_N_("Extract scalars"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .infer = infer, .expand = expand, .specimens = specimens, .exports = "e3nn.o3.Linear",
  .doc = EQK_N_("Keeps only the numbers that stay the same when the sample is turned.\n\n"
                "The fields on which the group does nothing; all others are dropped. Exact."),
};
