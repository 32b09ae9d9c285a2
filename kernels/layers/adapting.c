/*
 * What leads where is known beforehand: by Schur's lemma for linear maps, by the bases of kernels on pictures, by Clebsch and Gordan for
 * products. Several ways may be offered; the simplest stands first.
 */

#include "layers/adapting.h"

#include "layers/grids.h"
#include "layers/irreps.h"
#include "graph/note.h"
#include "rep/no-map.h"
#include "core/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_KERNEL = 9 };

typedef struct
{
  EqkInfer          *ctx;
  int                source;
  const EqkPortType *from;
  const EqkRep      *to;
} Gap;

/* Edit: the layer directly behind the source; a chain is put in from its end. */
static void
put (const Gap *gap, const char *layer, const char *format, const char *rep)
{
  const size_t size = strlen (format) + strlen (rep) + 1;
  char        *text = eqk_malloc (size);

  if (text == NULL)
    return;
  snprintf (text, size, "%s%s", format, rep);
  eqk_fix_insert_after (gap->ctx, eqk_infer_id_of (gap->ctx, gap->source), eqk_infer_layer_of (gap->ctx, gap->source)->outputs[0].name, layer, text);
  free (text);
}

/* ---- pictures ---- */

/* The smallest window whose filters reach every field of `to`; 0: none does. */
static int
window_for (const EqkRep *from, const EqkRep *to)
{
  for (int k = 1; k <= LARGEST_KERNEL; k += 2)
    {
      bool all = true;

      for (int r = 0; all && r < eqk_rep_n_runs (to); r++)
        all = eqk_kernel_count (from, eqk_rep_single (eqk_rep_run (to, r).field, 1), &(EqkKernelSpec){ .size = k, .dilation = 1 }) > 0;
      if (all)
        return k;
    }
  return 0;
}

static bool
offer_on_grid (const Gap *gap)
{
  const int k = window_for (gap->from->rep, gap->to);
  char      setting[32];

  if (k == 0)
    return false;
  snprintf (setting, sizeof setting, "k=%d out=", k);
  eqk_infer_fix (gap->ctx, k == 1 ? EQK_N_("Put a linear map into one branch") : EQK_N_("Put a steerable convolution into one branch"));
  put (gap, k == 1 ? "r2conv_1x1" : "r2conv", k == 1 ? "out=" : setting, eqk_rep_get_text (gap->to));
  return true;
}

/* ---- irreps of space ---- */

static bool
couples (const EqkField *a, const EqkField *b, const EqkField *c)
{
  const int l = eqk_irreps_degree (a), m = eqk_irreps_degree (b), n = eqk_irreps_degree (c);

  return n >= abs (l - m) && n <= l + m && (eqk_field_irrep_j (a) ^ eqk_field_irrep_j (b)) == eqk_field_irrep_j (c);
}

/* Whether products of features with themselves reach an irrep: those of one copy with itself have even degrees alone. */
static bool
in_square (const EqkRep *from, const EqkField *irrep)
{
  for (int a = 0; a < eqk_rep_n_runs (from); a++)
    for (int b = a; b < eqk_rep_n_runs (from); b++)
      if (couples (eqk_rep_run (from, a).field, eqk_rep_run (from, b).field, irrep) &&
          (eqk_rep_run (from, a).field != eqk_rep_run (from, b).field || a != b || eqk_rep_run (from, a).mul > 1 || eqk_irreps_degree (irrep) % 2 == 0))
        return true;
  return false;
}

static bool
in_product (const EqkRep *x, const EqkRep *y, const EqkField *irrep)
{
  for (int a = 0; a < eqk_rep_n_runs (x); a++)
    for (int b = 0; b < eqk_rep_n_runs (y); b++)
      if (couples (eqk_rep_run (x, a).field, eqk_rep_run (y, b).field, irrep))
        return true;
  return false;
}

/* Runs of `to` whose irrep is not in `from`. */
static const EqkRep *
missing_of (const EqkRep *to, const EqkRep *from)
{
  EqkRepRun    *runs = eqk_malloc (((size_t) eqk_rep_n_runs (to) + 1) * sizeof *runs);
  const EqkRep *part;
  int           n = 0;

  for (int r = 0; runs != NULL && r < eqk_rep_n_runs (to); r++)
    if (eqk_irreps_count (from, eqk_rep_run (to, r).field) == 0)
      runs[n++] = eqk_rep_run (to, r);
  part = runs == NULL ? NULL : eqk_rep_from_runs (eqk_rep_get_group (to), runs, n);
  free (runs);
  return part;
}

/* Two copies of every irrep up to degree 4 that squares reach. */
static const EqkRep *
square_of (const EqkRep *from)
{
  const EqkGroup *group = eqk_rep_get_group (from);
  const bool      parities = !eqk_group_is_connected (group);
  EqkRepRun       runs[10];
  int             n = 0;

  for (int i = 0; i < (parities ? 10 : 5); i++)
    {
      const EqkRep *one = NULL;
      char          text[16];

      snprintf (text, sizeof text, "1x%d%s", parities ? i / 2 : i, !parities ? "" : i % 2 == 0 ? "e" : "o");
      if (eqk_rep_parse (group, text, &one, NULL) == EQK_OK && in_square (from, eqk_rep_run (one, 0).field))
        runs[n++] = (EqkRepRun){ eqk_rep_run (one, 0).field, 2 };
    }
  return eqk_rep_from_runs (group, runs, n);
}

static bool
all_runs (const EqkRep *to, const EqkRep *x, const EqkRep *y)
{
  bool all = true;

  for (int r = 0; all && r < eqk_rep_n_runs (to); r++)
    all = y == NULL ? in_square (x, eqk_rep_run (to, r).field) : in_product (x, y, eqk_rep_run (to, r).field);
  return all;
}

/* Edits: the square behind the source, and beside it the source as it was; then `last`, which reads both. Nodes are named after their layers, in the scope of the source. */
static void
put_beside (const Gap *gap, const EqkRep *square, const char *last, const char *settings, bool with_source)
{
  const char *id = eqk_infer_id_of (gap->ctx, gap->source), *slash = strrchr (id, '/');
  const int   scope = slash == NULL ? 0 : (int) (slash - id) + 1;
  char        node[200], source[200];

  snprintf (node, sizeof node, "%.*stensor_square", scope, id);
  snprintf (source, sizeof source, "%s.%s", id, eqk_infer_layer_of (gap->ctx, gap->source)->outputs[0].name);
  put (gap, "tensor_square", "out=", eqk_rep_get_text (square));
  eqk_fix_join_after (gap->ctx, node, "y", "concat", source);
  snprintf (node, sizeof node, "%.*sconcat", scope, id);
  if (!with_source)
    {
      eqk_fix_insert_after (gap->ctx, node, "y", last, settings);
      return;
    }
  snprintf (source, sizeof source, "%s.%s>y", id, eqk_infer_layer_of (gap->ctx, gap->source)->outputs[0].name);
  eqk_fix_join_after (gap->ctx, node, "y", last, source);
  snprintf (node, sizeof node, "%.*s%s", scope, id, last);
  eqk_fix_set (gap->ctx, node, "out", eqk_rep_get_text (gap->to));
}

/* `out` is the setting of the last layer. The lowest degree of products that reaches everything. */
static bool
offer_degree (const Gap *gap, const EqkRep *missing, const EqkRep *square, const char *out)
{
  const EqkRep *from = gap->from->rep, *both = eqk_rep_concat ((const EqkRep *const[]) { from, square }, 2);

  if (all_runs (gap->to, from, NULL))
    {
      eqk_infer_fix (gap->ctx, EQK_N_("Multiply the features with each other"));
      put (gap, "tensor_square", out, "");
    }
  else if (all_runs (missing, from, NULL))
    {
      eqk_infer_fix (gap->ctx, EQK_N_("Multiply the features with each other, beside what there is"));
      put_beside (gap, missing, "irreps_linear", out, false);
    }
  else if (both != NULL && all_runs (gap->to, both, from))
    {
      eqk_infer_fix (gap->ctx, EQK_N_("Multiply the features with each other, twice"));
      put_beside (gap, square, "fctp", NULL, true);
    }
  else if (both != NULL && all_runs (gap->to, both, NULL))
    {
      eqk_infer_fix (gap->ctx, EQK_N_("Multiply the features with each other, twice"));
      put_beside (gap, square, "tensor_square", out, false);
    }
  else
    return false;
  return true;
}

static bool
offer_products (const Gap *gap)
{
  const EqkRep *missing = missing_of (gap->to, gap->from->rep), *square = square_of (gap->from->rep);
  const size_t  size = strlen (eqk_rep_get_text (gap->to)) + 8;
  char         *out = missing == NULL || square == NULL || eqk_rep_get_dim (missing) == 0 ? NULL : eqk_malloc (size);
  bool          found;

  if (out == NULL)
    return false;
  snprintf (out, size, "out=%s", eqk_rep_get_text (gap->to));
  found = offer_degree (gap, missing, square, out);
  free (out);
  return found;
}

static bool
offer_in_space (const Gap *gap)
{
  const EqkRep *missing = missing_of (gap->to, gap->from->rep);
  bool          found = missing != NULL && eqk_rep_get_dim (missing) == 0;

  if (found)
    {
      eqk_infer_fix (gap->ctx, EQK_N_("Put a linear map into one branch"));
      put (gap, "irreps_linear", "out=", eqk_rep_get_text (gap->to));
    }
  if (eqk_rep_is_trivial (gap->to) && !eqk_rep_is_trivial (gap->from->rep))
    {
      eqk_infer_fix (gap->ctx, EQK_N_("Take the length of each field"));
      put (gap, "irreps_linear", "out=", eqk_rep_get_text (gap->to));
      put (gap, "norm_pool", "", "");
      found = true;
    }
  return found || offer_products (gap);
}

/* ---- both ---- */

bool
eqk_adapting_fix (EqkInfer *ctx, int source, const EqkPortType *from, const EqkRep *to)
{
  const Gap gap = { ctx, source, from, to };
  EqkDiag   why = EQK_DIAG_INIT;
  bool      none;

  if (eqk_rep_get_dim (to) == 0 || from->kind != EQK_KIND_FEATURE)
    return false;
  if (eqk_rep_is_equivalent (from->rep, to))
    {
      eqk_infer_fix (ctx, EQK_N_("Bring the fields into the same order"));
      put (&gap, "permute_fields", "out=", eqk_rep_get_text (to));
      return true;
    }
  if (from->space.kind == EQK_SPACE_GRID && offer_on_grid (&gap))
    return true;
  none = from->space.kind != EQK_SPACE_GRID && eqk_rep_has_no_map (from->rep, to);      /* on a picture, what is around a pixel has directions */
  if (!none && eqk_irreps_admits (&from->symmetry, NULL, &why) && eqk_irreps_check (from, "x", &why) == EQK_OK && offer_in_space (&gap))
    return true;
  eqk_infer_note (ctx, none ? EQK_N_("No equivariant map exists from the one to the other at one place: some moves leave every value of the one side as it is, and change a part of the other side whatever its value.")
                            : EQK_N_("No layer leads from the one to the other by itself; change what one of the branches gives."));
  return false;
}
