/* The same numbers, seen by a smaller group. */

#include "layers/grids.h"
#include "core/memory.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Any fields") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Fields of the subgroup") }, { .name = NULL } };

static const EqkParam params[] = {
  { "group", EQK_N_("Subgroup"), EQK_PARAM_GROUP, NULL, 0, 0, NULL, EQK_N_("The group that is kept from here on, such as C4") },
  { "split", EQK_N_("Split into irreps"), EQK_PARAM_BOOL, "off", 0, 0, NULL, EQK_N_("Fields whose channels the subgroup does not permute are turned into its irreps") },
  { NULL }
};

/* What a field becomes: itself for the subgroup, or irreps after a change of basis. */
static bool
is_split (const EqkField *restricted, bool split)
{
  return split && !eqk_field_is_permutation (restricted) && !eqk_field_is_irrep (restricted);
}

static const EqkRep *
restricted_rep (const EqkRep *rep, const EqkGroup *sub, bool split)
{
  size_t        room = 1;
  EqkRepRun    *runs;
  const EqkRep *out;
  int           n = 0;

  for (int i = 0; i < eqk_rep_n_fields (rep); i++)
    room += (size_t) eqk_field_get_dim (eqk_rep_field (rep, i, NULL));
  runs = eqk_malloc (room * sizeof *runs);
  if (runs == NULL)
    return NULL;
  for (int i = 0; i < eqk_rep_n_fields (rep); i++)
    {
      const EqkField *field = eqk_field_restrict (eqk_rep_field (rep, i, NULL), sub);

      if (field == NULL)
        {
          free (runs);
          return NULL;
        }
      if (!is_split (field, split))
        runs[n++] = (EqkRepRun){ field, 1 };
      else
        for (int k = 0; k < eqk_field_n_irreps (field); k++)
          runs[n++] = (EqkRepRun){ eqk_field_irrep (field, k), 1 };
    }
  out = eqk_rep_from_runs (sub, runs, n);
  free (runs);
  return out;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const EqkGroup    *sub = eqk_group_get (eqk_infer_text (ctx, "group"));
  EqkPortType        y = *x;
  uint64_t           kept;

  if (sub == NULL)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "group", "a group", eqk_infer_text (ctx, "group"));
  if (!eqk_group_contains (x->symmetry.group, sub))
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "group", "a subgroup", eqk_group_get_id (sub));
  if (x->kind == EQK_KIND_SPECIES || x->kind == EQK_KIND_EDGES)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features", eqk_kind_name (x->kind));
  y.symmetry.group = sub;
  y.rep = restricted_rep (x->rep, sub, eqk_infer_bool (ctx, "split"));
  if (y.rep == NULL)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "group", "a subgroup these fields can be restricted to", eqk_group_get_id (sub));
  kept = eqk_grid_mask_of (ctx, sub);
  eqk_infer_approximate (ctx, kept, "I-GUARANTEE-LOWERED");
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const EqkGroup *sub = eqk_infer_output (ctx, "y")->symmetry.group;

  if (sub != eqk_infer_input (ctx, "x")->symmetry.group)
    eqk_infer_problem (ctx, "I-GUARANTEE-LOWERED", "y", "H='%s'", eqk_group_get_notation (sub));
}

/* y = Qᵀ x for the fields that are split. */
static void
add_block (EqkSparse *m, const EqkField *field, int channel, bool split)
{
  const double *q = is_split (field, split) ? eqk_field_basis (field) : NULL;
  const int     d = eqk_field_get_dim (field);

  for (int i = 0; i < d; i++)
    for (int j = 0; j < d; j++)
      {
        const double value = q == NULL ? i == j : q[j * d + i];

        if (fabs (value) > 1e-15)
          eqk_sparse_add (m, channel + i, channel + j, value);
      }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType   *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int            channels = eqk_rep_get_dim (x->rep);
  EqkConstLinearParams p = { 0 };
  EqkSparse            m;

  eqk_sparse_open (&m, channels, channels);
  for (int i = 0; i < eqk_rep_n_fields (x->rep); i++)
    {
      int             channel;
      const EqkField *field = eqk_rep_field (x->rep, i, &channel);

      const EqkField *restricted = eqk_field_restrict (field, y->symmetry.group);

      if (restricted != NULL)      /* else memory is short, which the compiler finds out */
        add_block (&m, restricted, channel, eqk_build_bool (b, "split"));
    }
  if (eqk_matrix_keep (b, &m, &p) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  return eqk_grid_done (b, eqk_grid_op (b, "const_linear", eqk_build_x (b, "x"), y->space, channels, &p, sizeof p, diag), diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "D4", .inputs = { "grid 5x5 1x reg + 1x f1" }, .settings = "group=C4 split=on" },
  { .group = "C8", .inputs = { "grid 5x5 1x reg + 1x f3" }, .settings = "group=C4 split=on" },
  { .group = "O2", .inputs = { "grid 5x5 1x (1,1) + 1x (1,0)" }, .settings = "group=SO2 split=on" },
  { .group = "C8", .inputs = { "sample 1x f1 + 1x f3" }, .settings = "group=C4" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_restrict = {
  .id = "restrict", .title = EQK_N_("Restrict to a subgroup"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.RestrictionModule",
  .doc = EQK_N_("From here on only some of the symmetries are kept.\n\n"
                "The values unchanged, as a representation of a subgroup H, whose irreps stand in its change of basis. With “split”, what is not a permutation of channels is turned into irreps of H by the orthogonal Qᵀ. "
                "Exact for H; nothing more is promised afterwards. Source: Weiler & Cesa 2019, section 2.7."),
};
