/* Layer normalisation of irreps: at each node the copies of a degree are divided by the root of their mean square together. */

#include "layers/fields.h"
#include "core/memory.h"
#include "layers/irreps.h"

#include <stdlib.h>

static const EqkParam params[] = {
  { "eps", EQK_N_("ε"), EQK_PARAM_REAL, "1e-5", 1e-12, 1, NULL, EQK_N_("Added to the mean square") },
  { "affine", EQK_N_("Learned scale and offset"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("One scale for each copy and one offset for each invariant") },
  { NULL }
};

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  if (x == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return EQK_ERR_TYPE;
  return eqk_infer_set_output (ctx, "y", x);
}

/* Runs are the fields; that of the invariants is centred. */
static bool
runs_layout (EqkBuild *b, const EqkRep *rep, EqkFieldLayout *out)
{
  const int n_runs = eqk_rep_n_runs (rep), n = eqk_rep_get_dim (rep);
  int32_t  *first = eqk_calloc ((size_t) n_runs + 1, sizeof *first), *field = eqk_calloc ((size_t) n_runs + 1, sizeof *field), *offset = eqk_calloc ((size_t) n_runs + 1, sizeof *offset);
  double   *column = eqk_calloc ((size_t) n + 1, sizeof *column);

  *out = (EqkFieldLayout) { .n_channels = n, .n_fields = n_runs };
  for (int r = 0; first != NULL && field != NULL && offset != NULL && column != NULL && r < n_runs; r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);

      first[r + 1] = first[r] + run.mul * eqk_field_get_dim (run.field);
      if (!eqk_field_is_trivial (run.field))
        continue;
      field[out->n_means] = r;
      offset[out->n_means++] = out->n_column;
      for (int u = 0; u < run.mul; u++)
        column[out->n_column++] = 1;
    }
  if (first != NULL && field != NULL && offset != NULL && column != NULL)
    {
      out->first = eqk_build_keep (b, first, ((size_t) n_runs + 1) * sizeof *first);
      out->mean_field = eqk_build_keep (b, field, ((size_t) n_runs + 1) * sizeof *field);
      out->mean_offset = eqk_build_keep (b, offset, ((size_t) n_runs + 1) * sizeof *offset);
      out->column = eqk_build_keep (b, column, ((size_t) n + 1) * sizeof *column);
    }
  free (first);
  free (field);
  free (offset);
  free (column);
  return out->first != NULL && out->mean_field != NULL && out->mean_offset != NULL && out->column != NULL;
}

static int
affine (EqkBuild *b, int x, const EqkRep *rep, EqkSpace space, EqkDiag *diag)
{
  const int             n = eqk_rep_get_dim (rep), out = eqk_build_value (b, space, n);
  int32_t              *of = eqk_calloc ((size_t) n + 1, sizeof *of), *offset = eqk_calloc ((size_t) n + 1, sizeof *offset);
  EqkIrrepsAffineParams p = { .n = n, .n_weights = eqk_rep_n_fields (rep) };
  int                   in[3] = { x, -1, -1 };

  for (int f = 0; of != NULL && offset != NULL && f < p.n_weights; f++)
    {
      int             first;
      const EqkField *field = eqk_rep_field (rep, f, &first);

      for (int m = 0; m < eqk_field_get_dim (field); m++)
        {
          of[first + m] = f;
          offset[first + m] = eqk_field_is_trivial (field) ? p.n_bias : -1;
        }
      p.n_bias += eqk_field_is_trivial (field);
    }
  if (of != NULL && offset != NULL)
    {
      p.of = eqk_build_keep (b, of, (size_t) n * sizeof *of);
      p.offset = eqk_build_keep (b, offset, (size_t) n * sizeof *offset);
    }
  free (of);
  free (offset);
  in[1] = eqk_fields_weight (b, "weight", p.n_weights, 1);
  in[2] = eqk_fields_weight (b, "bias", p.n_bias, 0);
  return p.of == NULL || p.offset == NULL || out < 0 || in[1] < 0 || eqk_build_op (b, "irreps_affine", in, 3, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  EqkFieldNormParams p = { .eps = eqk_build_real (b, "eps") };
  const int          in[3] = { eqk_build_x (b, "x"), -1, -1 };
  int                h = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));

  if (h < 0 || !runs_layout (b, y->rep, &p.layout) || eqk_build_op (b, "field_norm", in, 3, &h, 1, &p, sizeof p, diag) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  h = eqk_build_bool (b, "affine") ? affine (b, h, y->rep, y->space, diag) : h;
  eqk_build_set_output (b, "y", h);
  return h < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 4x0e + 2x0o + 3x1o + 2x2e" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 3x1 + 4x0" }, .settings = "affine=off" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_e3_layernorm = {
  .id = "e3_layernorm", .title = EQK_N_("Layer norm of irreps"), .category = EQK_N_("Normalisation"), .domains = "points|molecule",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .admits = eqk_irreps_admits, .infer = infer, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Brings the features of each point to a common size without bending arrows.\n\n"
                "At each node y = w x/√(mean of |x|²/(2l+1) over the copies of the irrep + ε); invariants (0e) lose their mean before and get an offset. Exact, and independent of the batch. "
                "Source: Liao and Smidt 2023 (Equiformer), arXiv:2206.11990."),
};
