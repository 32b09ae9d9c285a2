/* Directions as harmonics: how an edge, or the place of a point seen from a centre, looks to features that turn. */

#include "layers/irreps.h"
#include "core/memory.h"

#include "eqk/space.h"

#include <stdlib.h>

static const EqkPort inputs[] = { { .name = "vector", .doc = EQK_N_("Vectors of edges, or one arrow at each place") }, { .name = NULL } };
static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("Harmonics of each vector, degree after degree") }, { .name = NULL } };

static const EqkParam params[] = {
  { "degree", EQK_N_("Highest degree"), EQK_PARAM_INT, "2", 0, EQK_MAX_DEGREE, NULL, EQK_N_("Harmonics of degrees 0 to this one") },
  { "normalise", EQK_N_("Direction only"), EQK_PARAM_BOOL, "on", 0, 0, NULL, EQK_N_("Off: harmonics grow with the length of the vector to the power of their degree") },
  { NULL }
};

/* Vectors of edges, or features that are one arrow: what is measured from a centre, such as a point's place from that of its cloud. */
static bool
is_vector (const EqkPortType *x)
{
  const EqkRep *arrow = eqk_group_get_space_dim (x->symmetry.group) == 3 ? eqk_irreps_harmonics (x->symmetry.group, 1) : NULL;

  return x->kind == EQK_KIND_EDGE_VECTOR || (x->kind == EQK_KIND_FEATURE && arrow != NULL && eqk_rep_n_fields (x->rep) == 1 &&
                                             eqk_rep_field (x->rep, 0, NULL) == eqk_rep_field (arrow, 1, NULL));
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "vector");
  EqkPortType        type = *x;

  if (!is_vector (x))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "vector", "vectors of edges, or one arrow at each place", x->kind == EQK_KIND_FEATURE ? eqk_rep_get_text (x->rep) : eqk_kind_name (x->kind));
  type.kind = EQK_KIND_FEATURE;
  type.rep = eqk_irreps_harmonics (x->symmetry.group, eqk_infer_int (ctx, "degree"));
  return type.rep == NULL ? EQK_ERR_NO_MEMORY : eqk_infer_set_output (ctx, "y", &type);
}

/* Entries of the derivative of every degree; constants beside them. */
static bool
make_ladder (EqkBuild *b, EqkHarmonicsParams *p, int *constants)
{
  int32_t         first[EQK_MAX_DEGREE + 3] = { 0 };
  EqkLadderEntry *entries = NULL;
  double         *c = NULL;
  int             total = 0;
  bool            good = true;

  for (int l = 1; good && l <= p->lmax; l++)
    {
      int               n = 0;
      EqkCouplingEntry *ladder = eqk_harmonic_ladder (l, &n);
      EqkLadderEntry   *grown = eqk_realloc (entries, (size_t) (total + n + 1) * sizeof *grown);
      double           *more = eqk_realloc (c, (size_t) (total + n + 1) * sizeof *more);

      entries = grown != NULL ? grown : entries;
      c = more != NULL ? more : c;
      good = ladder != NULL && grown != NULL && more != NULL;
      for (int e = 0; good && e < n; e++)
        {
          entries[total] = (EqkLadderEntry) { ladder[e].i, ladder[e].j, ladder[e].k };
          c[total++] = ladder[e].c;
        }
      first[l + 1] = total;
      free (ladder);
    }
  if (good)
    {
      const double none = 0;

      p->first = eqk_build_keep (b, first, ((size_t) p->lmax + 2) * sizeof *first);
      p->entries = total == 0 ? eqk_build_keep (b, first, sizeof (EqkLadderEntry)) : eqk_build_keep (b, entries, (size_t) total * sizeof *entries);
      *constants = eqk_build_const (b, total == 0 ? &none : c, total == 0 ? 1 : (size_t) total);
      good = p->first != NULL && p->entries != NULL && *constants >= 0;
    }
  free (entries);
  free (c);
  return good;
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  EqkHarmonicsParams p = { .lmax = eqk_build_int (b, "degree"), .normalise = eqk_build_bool (b, "normalise") };
  int                in[2] = { eqk_build_x (b, "vector"), -1 };
  const int          out = eqk_build_value (b, eqk_build_out (b, "y")->space, (p.lmax + 1) * (p.lmax + 1));

  if (!make_ladder (b, &p, &in[1]) || out < 0)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "harmonics");
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "harmonics", in, 2, &out, 1, &p, sizeof p, diag);
}

/* Products of 32 copies of every degree with the harmonics, all that stay within the degree, in MFLOP for 100 edges. */
static double
products_cost (int degree)
{
  double entries = 0;

  for (int a = 0; a <= degree; a++)
    for (int b = 0; b <= degree; b++)
      for (int c = abs (a - b); c <= a + b && c <= degree; c++)
        entries += (2 * (a < c ? a : c) + 1) * (2 * b + 1);
  return 2e-6 * 100 * 32 * entries;
}

/* Of places there are far fewer than of edges. */
static void
lint (EqkInfer *ctx)
{
  if (eqk_infer_int (ctx, "degree") < 4 || eqk_infer_input (ctx, "vector")->kind != EQK_KIND_EDGE_VECTOR)
    return;
  eqk_infer_problem (ctx, "W-LMAX-COST", NULL, "L=%d x=%.0f", eqk_infer_int (ctx, "degree"), products_cost (eqk_infer_int (ctx, "degree")));
  eqk_infer_fix (ctx, EQK_N_("Use degrees up to 2"));
  eqk_fix_set (ctx, "$", "degree", "2");
}

static const EqkSpecimen specimens[] = {
  { .group = "O3", .inputs = { "vector" }, .settings = "degree=2" },
  { .group = "SO3", .inputs = { "vector" }, .settings = "degree=3 normalise=off" },
  { .group = "O3", .inputs = { "radius_graph{cutoff=2.5}(positions).vector" }, .settings = "degree=5" },
  { .group = "SO3", .inputs = { "nodes 1x1" }, .settings = "degree=3 normalise=off" },
  { .group = "O3", .inputs = { "nodes 1x1o" }, .settings = "degree=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_sph_harm = {
  .id = "sph_harm", .title = EQK_N_("Harmonics of directions"), .category = EQK_N_("Attribute"), .domains = "points|molecule",
  .inputs = inputs, .outputs = outputs, .params = params, .admits = eqk_irreps_admits, .infer = infer, .lint = lint, .expand = expand,
  .specimens = specimens, .exports = "e3nn.o3.SphericalHarmonics",
  .doc = EQK_N_("Describes the direction of each arrow, coarse to fine.\n\n"
                "Y_l(r/|r|) for l = 0 … L, real, polar axis y, Σ_m Y_lm² = 2l + 1. When a vector turns, its harmonics turn by D^l; where it has no length, those of l > 0 are 0. Source: Thomas et al. 2018, arXiv:1802.08219."),
};
