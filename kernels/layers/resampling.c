/* Shared by upsample and resize. */

#include "layers/resampling.h"

/* Nearest pixels are picked from one side on ties: then the map looks different from the other end. */
static bool
one_sided (int n_in, int n_out, bool corners)
{
  EqkSparse m;
  bool      lopsided;

  eqk_sparse_resize (&m, n_in, n_out, corners, true);
  lopsided = !eqk_sparse_symmetric (&m);
  eqk_sparse_clear (&m);
  return lopsided;
}

/* One factor for both axes: that of the larger, where it gives whole pixels. */
static void
fix_factor (EqkInfer *ctx, const EqkResampling *r, const EqkSpace *in)
{
  const bool tall = (int64_t) r->h * in->w > (int64_t) r->w * in->h;
  const int  h = tall ? r->h : r->w * in->h / in->w, w = tall ? r->h * in->w / in->h : r->w;
  char       text[16];

  if (strcmp (eqk_infer_layer_of (ctx, eqk_infer_node (ctx))->id, "resize") != 0)
    {
      eqk_infer_fix (ctx, EQK_N_("Double both axes"));
      eqk_fix_set (ctx, "$", "rule", "double");
      return;
    }
  if ((int64_t) h * in->w != (int64_t) w * in->h)
    return;
  eqk_infer_fix (ctx, EQK_N_("One factor for both axes"));
  snprintf (text, sizeof text, "%d", h);
  eqk_fix_set (ctx, "$", "height", text);
  snprintf (text, sizeof text, "%d", w);
  eqk_fix_set (ctx, "$", "width", text);
}

EqkStatus
eqk_resample_infer (EqkInfer *ctx, const EqkResampling *r, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  const EqkGroup    *group = eqk_infer_symmetry (ctx)->group;
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  if (r->h < 1 || r->w < 1 || r->h > 4096 || r->w > 4096)
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "size", "1 to 4096 pixels", "another size");
  y = eqk_port_with_grid (x, r->h, r->w);
  if (r->h * x->space.w != r->w * x->space.h && eqk_group_turns (group, true))
    {
      eqk_infer_problem (ctx, "W-ANISO-SCALE", "x", NULL);
      fix_factor (ctx, r, &x->space);
      eqk_infer_lose (ctx, eqk_guarantee_grid_mask (group, 8, 9), "W-ANISO-SCALE");
    }
  if (r->nearest && eqk_group_get_order (group) != 1 && !(r->doubling && !eqk_group_leaves_grid (group)))
    {
      const bool off_y = one_sided (x->space.h, r->h, r->corners), off_x = one_sided (x->space.w, r->w, r->corners);

      if (off_x || off_y || eqk_group_leaves_grid (group))
        {
          eqk_infer_problem (ctx, "W-NEAREST", "x", NULL);
          eqk_infer_fix (ctx, EQK_N_("Interpolate linearly"));
          eqk_fix_set (ctx, "$", "mode", "bilinear");
          eqk_infer_lose (ctx, eqk_guarantee_unflipped (group, off_x, off_y), "W-NEAREST");
        }
    }
  return eqk_infer_set_output (ctx, "y", &y);
}

EqkStatus
eqk_resample_expand (EqkBuild *b, const EqkResampling *r, EqkDiag *diag)
{
  const EqkPortType *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  EqkSparse          rows, columns;

  eqk_sparse_resize (&rows, x->space.h, r->h, r->corners, r->nearest);
  eqk_sparse_resize (&columns, x->space.w, r->w, r->corners, r->nearest);
  return eqk_grid_done (b, eqk_grid_linear (b, eqk_build_x (b, "x"), y->space, eqk_rep_get_dim (x->rep), &rows, &columns, diag), diag);
}
