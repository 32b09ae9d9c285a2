/* Channels that hold the position: offered with a warning, since shifts then change the answer. */

#include "layers/steerable.h"
#include "core/memory.h"

static const EqkParam params[] = {
  { "mode", EQK_N_("Kind"), EQK_PARAM_CHOICE, "radius", 0, 0, "radius|vector|xy", EQK_N_("Distance from the centre; the position as a field that turns; or two plain channels") },
  { NULL }
};

/* An irrep of one number under which every element acts as entry (axis, axis) of its action in the frame of the mirror axis. */
static const EqkField *
sign_of (const EqkGroup *group, double turn, int axis)
{
  const int n = eqk_group_get_order (group);

  for (int i = 0; i < eqk_group_n_irreps (group, 64); i++)
    {
      const EqkField *irrep = eqk_group_irrep (group, i);
      bool            equal = eqk_field_get_dim (irrep) == 1;

      for (int e = 0; equal && e < n; e++)
        {
          const EqkElement g = eqk_group_element (group, e);
          const double     c = cos (turn), s = sin (turn), u = axis == 0 ? c : -s, v = axis == 0 ? s : c;
          double           m[9];

          eqk_group_action (group, &g, m);
          equal = fabs (u * (m[0] * u + m[1] * v) + v * (m[2] * u + m[3] * v) - eqk_field_character (irrep, &g)) < 1e-9;
        }
      if (equal)
        return irrep;
    }
  return NULL;
}

static double
frame (const EqkGroup *group)
{
  return eqk_group_get_axis_deg (group) * 3.14159265358979323846 / 180;
}

/* The plane itself as fields: one of frequency 1, or two signs for groups that are too small to have it. */
static const EqkRep *
vector_rep (const EqkGroup *group)
{
  const EqkField *both = eqk_group_irrep_by_id (group, eqk_group_has_mirror (group), 1);
  EqkRepRun       runs[2];

  if (both != NULL && eqk_field_get_dim (both) == 2)
    return eqk_rep_single (both, 1);
  runs[0] = (EqkRepRun){ sign_of (group, frame (group), 0), 1 };
  runs[1] = (EqkRepRun){ sign_of (group, frame (group), 1), 1 };
  return runs[0].field == NULL || runs[1].field == NULL ? NULL : eqk_rep_from_runs (group, runs, 2);
}

static const EqkRep *
extra_rep (const char *mode, const EqkGroup *group)
{
  return strcmp (mode, "vector") == 0 ? vector_rep (group) : eqk_rep_single (eqk_group_trivial (group), strcmp (mode, "xy") == 0 ? 2 : 1);
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  const char        *mode = eqk_infer_text (ctx, "mode");
  const EqkRep      *reps[2];
  EqkPortType        y;

  if (x == NULL)
    return EQK_ERR_TYPE;
  reps[0] = x->rep;
  reps[1] = extra_rep (mode, x->symmetry.group);
  if (reps[1] == NULL)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "x", "a group on the plane", eqk_group_get_id (x->symmetry.group));
  if (strcmp (mode, "xy") == 0 && eqk_group_get_order (eqk_infer_symmetry (ctx)->group) != 1)
    eqk_infer_lose (ctx, 1, "E-COORDCONV");
  y = eqk_port_with_rep (x, eqk_rep_concat (reps, 2));
  return eqk_infer_set_output (ctx, "y", &y);
}

static void
lint (EqkInfer *ctx)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const bool         raw = strcmp (eqk_infer_text (ctx, "mode"), "xy") == 0;

  if (!symmetry->translations && !(raw && eqk_group_get_order (symmetry->group) != 1))
    return;
  eqk_infer_problem (ctx, "E-COORDCONV", "y", NULL);
  if (raw && !symmetry->translations)
    {
      eqk_infer_fix (ctx, EQK_N_("Use the distance from the centre only"));
      eqk_fix_set (ctx, "$", "mode", "radius");
    }
  eqk_infer_fix (ctx, EQK_N_("Remove the coordinates"));
  eqk_fix_delete (ctx, "$");
}

/* Coordinates run from −1 to 1 over the longer side. */
static void
fill (double *map, const EqkSpace *space, const char *mode, double turn, int channels)
{
  const int    longer = space->h > space->w ? space->h : space->w;
  const double unit = longer > 1 ? 2.0 / (longer - 1) : 1;

  for (int i = 0; i < space->h * space->w; i++)
    {
      const double x = (i % space->w - (space->w - 1) / 2.0) * unit, y = ((space->h - 1) / 2.0 - i / space->w) * unit;

      if (strcmp (mode, "radius") == 0)
        map[i * channels] = sqrt (x * x + y * y);
      else
        {
          const double a = strcmp (mode, "vector") == 0 ? turn : 0;

          map[i * channels] = cos (a) * x + sin (a) * y;
          map[i * channels + 1] = cos (a) * y - sin (a) * x;
        }
    }
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType        *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const int                 all = eqk_rep_get_dim (y->rep), before = eqk_rep_get_dim (x->rep), places = x->space.h * x->space.w;
  const EqkGlobalPoolParams p = { places, all - before };
  const int32_t             widths[2] = { before, all - before };
  const EqkConcatParams     join = { 2, eqk_build_keep (b, widths, sizeof widths) };
  double                   *map = eqk_malloc ((size_t) (places * p.channels) * sizeof *map);
  int                       table, values[2] = { eqk_build_x (b, "x"), -1 }, out = -1;

  if (map != NULL && join.width != NULL)
    {
      fill (map, &x->space, eqk_build_text (b, "mode"), frame (x->symmetry.group), p.channels);
      table = eqk_build_const (b, map, (size_t) (places * p.channels));
      values[1] = eqk_grid_op (b, "tile", table, x->space, p.channels, &p, sizeof p, diag);
      out = values[1] < 0 ? -1 : eqk_build_value (b, x->space, all);
      if (out >= 0 && eqk_build_op (b, "concat", values, 2, &out, 1, &join, sizeof join, diag) != EQK_OK)
        out = -1;
    }
  free (map);
  return eqk_grid_done (b, out, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 7x7 1x reg" }, .settings = "" },
  { .group = "D4", .inputs = { "grid 6x6 1x triv" }, .settings = "mode=vector" },
  { .group = "D4@axis=45", .inputs = { "grid 6x6 1x triv" }, .settings = "mode=vector" },
  { .group = "D2", .inputs = { "grid 6x6 1x triv" }, .settings = "mode=vector" },
  { .group = "C4", .inputs = { "grid 7x7 1x triv" }, .settings = "mode=xy" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_coord_map = {
  .id = "coord_map", .title = EQK_N_("Coordinate channels"), .category = EQK_N_("Structure"), .domains = "image", .flags = EQK_LAYER_BREAKS,
  .inputs = eqk_r2conv_inputs, .outputs = eqk_r2conv_outputs, .params = params, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .doc = EQK_N_("Tells every pixel where in the picture it is.\n\n"
                "Adds the distance from the centre, or the position (x, y) with −1..1 over the longer side. As a field the position keeps turns about the centre, as plain channels "
                "not even those; shifts are lost in any case. Source: Liu et al. 2018, arXiv:1807.03247."),
};
