/* Products of arrows, copy with the same copy. */

#include "layers/irreps.h"
#include "core/memory.h"

#include "eqk/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const EqkPort inputs[] = {
  { .name = "a", .doc = EQK_N_("Arrows") },
  { .name = "b", .doc = EQK_N_("As many arrows at the same places") },
  { .name = NULL }
};
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("One product for each pair of copies") }, { .name = NULL } };

static const EqkParam params[] = {
  { "product", EQK_N_("Product"), EQK_PARAM_CHOICE, "dot", 0, 0, "dot|cross", EQK_N_("The number ⟨a, b⟩, or the arrow a × b") },
  { NULL }
};

/* The irrep of arrows that a type is copies of, and how many; NULL with diag filled. */
static const EqkField *
arrows_of (const EqkPortType *x, const char *port, int *n, EqkDiag *diag)
{
  const EqkField *field = NULL;
  bool            good = x->kind == EQK_KIND_FEATURE && eqk_irreps_check (x, port, diag) == EQK_OK;

  *n = good ? eqk_rep_n_fields (x->rep) : 0;
  for (int r = 0; good && r < eqk_rep_n_runs (x->rep); r++)
    {
      good = eqk_irreps_degree (eqk_rep_run (x->rep, r).field) == 1 && (field == NULL || field == eqk_rep_run (x->rep, r).field);
      field = eqk_rep_run (x->rep, r).field;
    }
  if (good && field != NULL)
    return field;
  eqk_fail_expected (diag, EQK_ERR_TYPE, port, "arrows of one parity, such as 4x1o", eqk_rep_get_text (x->rep));
  return NULL;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *a = eqk_infer_input (ctx, "a"), *b = eqk_infer_input (ctx, "b");
  int                n, m;
  const EqkField    *fa = arrows_of (a, "a", &n, diag), *fb = fa == NULL ? NULL : arrows_of (b, "b", &m, diag), *fy;
  EqkPortType        y;

  if (fb == NULL)
    return EQK_ERR_TYPE;
  if (!eqk_space_equal (&a->space, &b->space) || a->symmetry.group != b->symmetry.group || n != m)
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "b", "as many arrows at the same places as a", eqk_rep_get_text (b->rep));
  fy = eqk_group_irrep_by_id (a->symmetry.group, eqk_field_irrep_j (fa) ^ eqk_field_irrep_j (fb), strcmp (eqk_infer_text (ctx, "product"), "dot") == 0 ? 0 : 1);
  y = eqk_port_with_rep (a, eqk_rep_single (fy, n));
  return y.rep == NULL ? EQK_ERR_NO_MEMORY : eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const EqkField *field = eqk_rep_run (eqk_infer_output (ctx, "y")->rep, 0).field;

  if (eqk_field_get_dim (field) == 1 && !eqk_field_is_trivial (field))
    eqk_infer_problem (ctx, "I-CHIRAL", "y", NULL);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  const bool         dot = strcmp (eqk_build_text (b, "product"), "dot") == 0;
  const int          n = eqk_rep_n_fields (y->rep), per = dot ? 3 : 6;
  EqkBilinearParams  p = { .n_x = 3 * n, .n_y = 3 * n, .n_z = (dot ? 1 : 3) * n, .n_terms = per * n };
  EqkBilinearTerm   *terms = eqk_malloc (((size_t) (per * n) + 1) * sizeof *terms);
  double            *c = eqk_malloc (((size_t) (per * n) + 1) * sizeof *c);
  int                in[4] = { eqk_build_x (b, "a"), eqk_build_x (b, "b"), -1, -1 }, out = eqk_build_value (b, y->space, p.n_z);

  for (int u = 0, e = 0; terms != NULL && c != NULL && u < n; u++)
    for (int k = 0; k < per; k++, e++)
      {
        const int i = k % 3, j = dot ? i : (i + (k < 3 ? 1 : 2)) % 3;     /* the cross product: (i, i + 1) gives i + 2, (i, i + 2) minus i + 1 */

        terms[e] = (EqkBilinearTerm){ 3 * u + i, 3 * u + j, dot ? u : 3 * u + 3 - i - j, -1 };
        c[e] = dot || k < 3 ? 1 : -1;
      }
  if (terms != NULL && c != NULL)
    {
      p.terms = eqk_build_keep (b, terms, (size_t) p.n_terms * sizeof *terms);
      in[3] = eqk_build_const (b, c, (size_t) p.n_terms);
    }
  free (terms);
  free (c);
  eqk_build_set_output (b, "y", out);
  return p.terms == NULL || in[3] < 0 || out < 0 ? EQK_ERR_NO_MEMORY : eqk_build_op (b, "bilinear", in, 4, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "nodes 3x1o", "nodes 3x1o" }, .settings = "" },
  { .group = "O3", .inputs = { "nodes 2x1o", "nodes 2x1o" }, .settings = "product=cross" },
  { .group = "O3", .inputs = { "sample 2x1o", "sample 2x1e" }, .settings = "" },
  { .group = "SO3", .inputs = { "nodes 2x1", "nodes 2x1" }, .settings = "product=cross" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_cross_dot = {
  .id = "cross_dot", .title = EQK_N_("Products of arrows"), .category = EQK_N_("Mixing"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "torch.linalg.cross, e3nn.o3.TensorProduct",
  .doc = EQK_N_("Multiplies arrows: by length and angle (dot) or to an arrow at right angles (cross).\n\n"
                "y_u = ⟨a_u, b_u⟩ or a_u × b_u. The dot product of polar arrows does not change; their cross product is axial, and an axial arrow times a polar one is a pseudoscalar, which tells left from right. Exact."),
};
