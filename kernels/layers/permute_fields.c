/* The same fields in another order. */

#include "layers/grids.h"
#include "core/memory.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Fields") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The same fields in the wanted order") }, { .name = NULL } };

static const EqkParam params[] = {
  { "out", EQK_N_("Order"), EQK_PARAM_REP, NULL, 0, 0, NULL, EQK_N_("The wanted type, such as 2x triv + 4x reg; must hold the fields of the input") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const EqkRep      *out = x == NULL ? NULL : eqk_infer_rep (ctx, "out", diag);
  EqkPortType        y;

  if (out == NULL)
    return x == NULL ? EQK_ERR_TYPE : EQK_ERR_PARSE;
  if (!eqk_rep_is_equivalent (x->rep, out))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", eqk_rep_get_text (x->rep), eqk_rep_get_text (out));
  y = eqk_port_with_rep (x, out);
  return eqk_infer_set_output (ctx, "y", &y);
}

/* Copies of a kind keep their order. */
static EqkStatus
make_map (const EqkRep *in, const EqkRep *out, int32_t *map, int32_t *back)
{
  const int n = eqk_rep_n_fields (in);
  bool     *taken = eqk_calloc ((size_t) n + 1, sizeof *taken);

  if (taken == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int o = 0; o < n; o++)
    {
      int             to, from = 0, i = 0;
      const EqkField *field = eqk_rep_field (out, o, &to);

      while (taken[i] || eqk_rep_field (in, i, &from) != field)
        i++;
      taken[i] = true;
      for (int c = 0; c < eqk_field_get_dim (field); c++)
        {
          map[to + c] = from + c;
          back[from + c] = to + c;
        }
    }
  free (taken);
  return EQK_OK;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int          n = eqk_rep_get_dim (x->rep);
  int32_t           *map = eqk_malloc (((size_t) n + 1) * sizeof *map), *back = eqk_malloc (((size_t) n + 1) * sizeof *back);
  EqkTakeParams      p = { .n_in = n, .n_out = n };
  int                out = -1;

  if (map != NULL && back != NULL && make_map (x->rep, y->rep, map, back) == EQK_OK)
    {
      p.map = eqk_build_keep (b, map, (size_t) n * sizeof *map);
      p.back = eqk_build_keep (b, back, (size_t) n * sizeof *back);
      if (p.map != NULL && p.back != NULL)
        out = eqk_grid_op (b, "take_channels", eqk_build_x (b, "x"), y->space, n, &p, sizeof p, diag);
    }
  free (map);
  free (back);
  return eqk_grid_done (b, out, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 1x reg + 2x triv + 1x f1" }, .settings = "out=1x f1 + 1x triv + 1x reg + 1x triv" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_permute_fields = {
  .id = "permute_fields", .title = EQK_N_("Reorder fields"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens, .exports = "escnn.nn.ReshuffleModule",
  .doc = EQK_N_("Puts fields in another order, for layers that want them so.\n\n"
                "The fields of the input in another order; copies of one kind keep theirs. Exact. Source: escnn's ReshuffleModule."),
};
