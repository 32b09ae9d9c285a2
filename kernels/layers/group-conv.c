/*
 * Shared by lift_conv and group_conv. y_c(x, g) = Σ f_c'(x + u, h) ψ_cc'(g⁻¹ u, g⁻¹ h): the filter of (h, g) is the plane
 * ψ[g⁻¹ h], turned by g, so it is an index map from the weights, and one ordinary correlation does the rest.
 */

#include "layers/group-conv.h"
#include "core/memory.h"

static bool
on_grid (const EqkGroup *group)
{
  if (!eqk_group_is_finite (group) || eqk_group_get_space_dim (group) == 3)
    return eqk_group_get_order (group) == 1;
  for (int i = 0; i < eqk_group_get_order (group); i++)
    {
      const EqkElement g = eqk_group_element (group, i);

      if (!eqk_group_on_grid (group, &g))
        return false;
    }
  return true;
}

bool
eqk_group_conv_admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (on_grid (symmetry->group))
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("turns kernels by moving their pixels, which only half turns, quarter turns and their mirrors allow"));
  return false;
}

static EqkWindow
window_infer (const EqkInfer *ctx)
{
  EqkWindow win = { eqk_infer_int (ctx, "k"), eqk_infer_int (ctx, "stride"), eqk_infer_int (ctx, "pad"), eqk_infer_int (ctx, "dilation") };

  eqk_window_fix (&win);
  return win;
}

/* All fields are `field`. */
static bool
consists_of (const EqkRep *rep, const EqkField *field)
{
  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (eqk_rep_run (rep, r).field != field)
      return false;
  return eqk_rep_n_runs (rep) > 0;
}

static void
report_grid (EqkInfer *ctx, const EqkGroup *group)
{
  char text[300];

  eqk_infer_problem (ctx, "E-GRID-GROUP", "x", "n=%d", eqk_group_get_n (group));
  eqk_infer_fix (ctx, EQK_N_("Replace by a steerable convolution"));
  if (!eqk_group_is_finite (group))
    snprintf (text, sizeof text, "out=%dxf0+%dxf1+%dxf2 k=5 stride=%d", eqk_infer_int (ctx, "out"), eqk_infer_int (ctx, "out"), eqk_infer_int (ctx, "out"), eqk_infer_int (ctx, "stride"));
  else
    snprintf (text, sizeof text, "out=%dx reg k=%d stride=%d", eqk_infer_int (ctx, "out"), eqk_infer_int (ctx, "k") | 1, eqk_infer_int (ctx, "stride"));
  eqk_fix_replace (ctx, "$", "r2conv", text);
}

EqkStatus
eqk_group_conv_infer (EqkInfer *ctx, bool lifts, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  const EqkGroup    *group = x == NULL ? NULL : x->symmetry.group;
  const EqkWindow    win = window_infer (ctx);
  const EqkRep      *out;
  EqkPortType        y;
  EqkStatus          status;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (!on_grid (group))
    {
      report_grid (ctx, group);
      return eqk_fail (diag, EQK_ERR_GROUP, "%s", eqk_group_get_id (group));
    }
  out = eqk_rep_single (eqk_group_regular (group), eqk_infer_int (ctx, "out"));
  if (out == NULL)
    return eqk_fail (diag, EQK_ERR_LIMIT, "more channels than a type can hold");
  if (!consists_of (x->rep, lifts ? eqk_group_trivial (group) : eqk_group_regular (group)))
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", lifts ? "scalars" : "regular fields", eqk_rep_get_text (x->rep));
  status = eqk_grid_check_border (x, win.pad, eqk_infer_text (ctx, "pad_mode"), diag);
  if (status == EQK_OK)
    status = eqk_grid_through (ctx, x, &win, &y, diag);
  if (status != EQK_OK)
    return status;
  eqk_relax_infer (ctx);
  y.rep = out;
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

void
eqk_group_conv_lint (EqkInfer *ctx)
{
  const EqkWindow win = window_infer (ctx);

  eqk_relax_lint (ctx);
  eqk_grid_lint_centre (ctx, &win, "pad");
}

/* Pixel of the k x k window that lies at g⁻¹ u for pixel (i, j) at u. */
static int
turned_pixel (const EqkGroup *group, const EqkElement *g, int k, int i, int j)
{
  const EqkElement inverse = eqk_group_inverse (group, g);
  const double     x = j - (k - 1) / 2.0, y = (k - 1) / 2.0 - i;
  double           m[9];

  eqk_group_action (group, &inverse, m);
  return (int) floor ((k - 1) / 2.0 - (m[2] * x + m[3] * y) + 0.5) * k + (int) floor (m[0] * x + m[1] * y + (k - 1) / 2.0 + 0.5);
}

/* Weights [c_out, c_in, (element,) k, k] to the filter [k, k, c_in n_in, c_out n]. n_in: 1 for lifting. */
static int
filter_of (EqkBuild *b, const EqkGroup *group, int weight, int k, int c_in, int n_in, int c_out, EqkDiag *diag)
{
  const int  n = eqk_group_get_order (group), count = k * k * c_in * n_in * c_out * n;
  const int *table = eqk_group_table (group);
  int32_t   *map = eqk_malloc ((size_t) count * sizeof *map);
  int        filter;

  if (map == NULL || table == NULL)
    {
      free (map);
      return -1;
    }
  for (int g = 0; g < n; g++)
    {
      const EqkElement element = eqk_group_element (group, g), inverse = eqk_group_inverse (group, &element);
      const int        back = eqk_group_index_of (group, &inverse);

      for (int p = 0; p < k * k; p++)
        {
          const int from = turned_pixel (group, &element, k, p / k, p % k);

          for (int i = 0; i < c_in; i++)
            for (int h = 0; h < n_in; h++)
              for (int o = 0; o < c_out; o++)
                map[((p * c_in + i) * n_in + h) * c_out * n + o * n + g] = ((o * c_in + i) * n_in + (n_in == 1 ? 0 : table[back * n + h])) * k * k + from;
        }
    }
  filter = eqk_grid_index (b, weight, k * k * c_in * n_in * c_out, map, count, diag);
  free (map);
  return filter;
}

static int
bias_of (EqkBuild *b, int fields, int n, EqkInit init, EqkDiag *diag)
{
  const int weight = eqk_build_weight (b, "bias", &fields, 1, init);
  int32_t  *map = eqk_malloc ((size_t) (fields * n) * sizeof *map);
  int       bias = -1;

  for (int c = 0; map != NULL && c < fields * n; c++)
    map[c] = c / n;
  if (map != NULL && weight >= 0)
    bias = eqk_grid_index (b, weight, fields, map, fields * n, diag);
  free (map);
  return bias;
}

EqkStatus
eqk_group_conv_expand (EqkBuild *b, bool lifts, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkGroup    *group = x->symmetry.group;
  EqkWindow          win = { eqk_build_int (b, "k"), eqk_build_int (b, "stride"), eqk_build_int (b, "pad"), eqk_build_int (b, "dilation") };
  const int          n = eqk_group_get_order (group), n_in = lifts ? 1 : n, c_in = eqk_rep_n_fields (x->rep), c_out = eqk_rep_n_fields (y->rep);
  const int          lift_shape[4] = { c_out, c_in, win.k, win.k }, group_shape[5] = { c_out, c_in, n, win.k, win.k };
  const EqkInit      init = { EQK_INIT_UNIFORM, 1 / sqrt ((double) (c_in * n_in * win.k * win.k)), NULL };
  const int          weight = eqk_build_weight (b, "weight", lifts ? lift_shape : group_shape, lifts ? 4 : 5, init);
  const int          filter = weight < 0 ? -1 : eqk_relax_filter (b, filter_of (b, group, weight, win.k, c_in, n_in, c_out, diag), win.k, c_in * n_in, c_out * n, diag);
  const int          bias = eqk_build_bool (b, "bias") ? bias_of (b, c_out, n, init, diag) : -1;

  eqk_window_fix (&win);
  if (weight < 0)
    return EQK_ERR_NO_MEMORY;
  return eqk_grid_done (b, eqk_grid_conv (b, eqk_build_x (b, "x"), &x->space, &y->space, filter, bias, c_in * n_in, c_out * n, &win, 1, eqk_build_text (b, "pad_mode"), diag), diag);
}
