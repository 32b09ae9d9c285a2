/* Pictures from data. Everything that follows from their extent is said here: which elements map pixels to pixels. */

#include "layers/grids.h"

static const EqkPort outputs[] = { { .name = "y", .doc = EQK_N_("The picture") }, { .name = NULL } };

static const EqkParam params[] = {
  { "height", EQK_N_("Height"), EQK_PARAM_INT, "29", 8, 1024, NULL, EQK_N_("Rows of pixels") },
  { "width", EQK_N_("Width"), EQK_PARAM_INT, "29", 8, 1024, NULL, EQK_N_("Columns of pixels") },
  { "channels", EQK_N_("Channels"), EQK_PARAM_INT, "1", 1, 64, NULL, EQK_N_("Numbers a pixel; must be those of the fields") },
  { "fields", EQK_N_("Fields"), EQK_PARAM_REP, "", 0, 0, NULL, EQK_N_("How the channels turn, such as 1x f1 for a flow; empty: every channel is a scalar") },
  { "names", EQK_N_("Names of channels"), EQK_PARAM_TEXT, "", 0, 0, NULL, EQK_N_("Names from the data, parted by commas, such as vx, vy") },
  { NULL }
};

/* Names of the largest subgroup whose elements map pixels to pixels. */
static const char *
grid_group (const EqkGroup *group)
{
  char            id[48];
  const EqkGroup *square;

  snprintf (id, sizeof id, "D4@axis=%g", eqk_group_get_axis_deg (group));
  square = eqk_group_get (id);
  return square == NULL ? "triv" : eqk_group_get_notation (eqk_group_common (group, square));
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const int          h = eqk_infer_int (ctx, "height"), w = eqk_infer_int (ctx, "width"), channels = eqk_infer_int (ctx, "channels");
  EqkPortType        type = { .space = { EQK_SPACE_GRID, h, w, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_FEATURE };
  uint64_t           square, kept;

  type.rep = eqk_rep_single (eqk_group_trivial (symmetry->group), channels);
  if (eqk_infer_text (ctx, "fields")[0] != '\0')
    {
      type.rep = eqk_infer_rep (ctx, "fields", diag);
      if (type.rep == NULL)
        return EQK_ERR_PARSE;
      if (eqk_rep_get_dim (type.rep) == 0 || (eqk_infer_has (ctx, "channels") && eqk_rep_get_dim (type.rep) != channels))
        {
          char expected[32];

          snprintf (expected, sizeof expected, "%d channels", channels);
          return eqk_fail_expected (diag, EQK_ERR_TYPE, "fields", expected, eqk_rep_get_text (type.rep));
        }
    }
  square = eqk_guarantee_grid_mask (symmetry->group, 8, 8);
  kept = eqk_guarantee_grid_mask (symmetry->group, h, w);
  if (eqk_group_leaves_grid (symmetry->group))
    {
      EqkGuarantee *guarantee = eqk_infer_guarantee (ctx);

      guarantee->exact &= square;
      guarantee->holds = EQK_HOLDS_PARTLY;
      guarantee->node = eqk_infer_node (ctx);
      guarantee->code = "I-GUARANTEE-LOWERED";
    }
  if (kept != square)
    eqk_infer_lose (ctx, kept, "W-RECT-IMAGE");
  return eqk_infer_set_output (ctx, "y", &type);
}

/* ---- findings ---- */

static bool
has_word (const char *names, const char *word)
{
  const size_t n = strlen (word);

  for (const char *at = names; *at != '\0';)
    {
      const size_t length = strcspn (at, ", ;");

      if (length == n && strncmp (at, word, n) == 0)
        return true;
      at += length + strspn (at + length, ", ;");
    }
  return false;
}

static bool
names_a_vector (const char *names)
{
  static const char *const pairs[][2] = { { "vx", "vy" }, { "u", "v" }, { "ux", "uy" }, { "fx", "fy" }, { "dx", "dy" }, { "flow_x", "flow_y" }, { "velocity_x", "velocity_y" } };

  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
    if (has_word (names, pairs[i][0]) && has_word (names, pairs[i][1]))
      return true;
  return false;
}

static void
lint_vectors (EqkInfer *ctx, const EqkPortType *y)
{
  char text[32];

  if (!eqk_rep_is_trivial (y->rep) || eqk_rep_get_dim (y->rep) % 2 != 0 || !names_a_vector (eqk_infer_text (ctx, "names")) || !eqk_group_turns (y->symmetry.group, false))
    return;
  eqk_infer_problem (ctx, "W-VECTOR-CHANNELS-TRIV", "y", NULL);
  snprintf (text, sizeof text, "%dx f1", eqk_rep_get_dim (y->rep) / 2);
  eqk_infer_fix (ctx, EQK_N_("Type each pair as one frequency-1 field"));
  eqk_fix_set (ctx, "$", "fields", text);
}

static void
lint_size (EqkInfer *ctx, const EqkPortType *y)
{
  const int large = y->space.h > y->space.w ? y->space.h : y->space.w;
  char      text[16];

  if (y->space.h != y->space.w && eqk_group_turns (y->symmetry.group, true))
    {
      snprintf (text, sizeof text, "%d", large);
      eqk_infer_problem (ctx, "W-RECT-IMAGE", "y", NULL);
      eqk_infer_fix (ctx, EQK_N_("Pad to a square"));
      eqk_fix_set (ctx, "$", "height", text);
      eqk_fix_set (ctx, "$", "width", text);
    }
}

/* Nothing hides the corners; where a layer pads with zeros that one says so. */
static void
lint_mask (EqkInfer *ctx, const EqkPortType *y)
{
  if (eqk_group_is_finite (y->symmetry.group))
    return;
  for (int i = 0; i < eqk_infer_n_nodes (ctx); i++)
    {
      const EqkLayerType *layer = eqk_infer_layer_of (ctx, i);

      if (!eqk_infer_is_upstream (ctx, eqk_infer_node (ctx), i))
        continue;
      if ((layer->flags & EQK_LAYER_MASKS) != 0)
        return;
      for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
        if (strcmp (p->name, "pad_mode") == 0 && strcmp (eqk_settings_text (eqk_infer_settings_of (ctx, i), layer->params, "pad_mode"), "zeros") == 0 &&
            eqk_settings_int (eqk_infer_settings_of (ctx, i), layer->params, "pad") != 0)
          return;
    }
  eqk_infer_problem (ctx, "I-MASK-MISSING", "y", NULL);
  eqk_infer_fix (ctx, EQK_N_("Mask the corners of the picture"));
  eqk_fix_insert_after (ctx, "$", "y", "disk_mask", "");
}

static void
lint (EqkInfer *ctx)
{
  const EqkPortType *y = eqk_infer_output (ctx, "y");

  lint_vectors (ctx, y);
  lint_size (ctx, y);
  lint_mask (ctx, y);
  if (eqk_group_leaves_grid (y->symmetry.group))
    eqk_infer_problem (ctx, "I-GUARANTEE-LOWERED", "y", "H='%s'", grid_group (y->symmetry.group));
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");

  return eqk_grid_done (b, eqk_build_feed (b, "image", y->space, eqk_rep_get_dim (y->rep), false), diag);
}

static bool
admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (eqk_group_get_space_dim (symmetry->group) == 2 || eqk_group_get_order (symmetry->group) == 1)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("gives pictures, and this group turns space, not the plane"));
  return false;
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "" }, .settings = "height=9 width=9" },
  { .group = "SO2", .inputs = { "" }, .settings = "height=9 width=9 channels=3" },
  { .group = "D4", .inputs = { "" }, .settings = "height=8 width=8 fields=1x f1 channels=2" },
  { .group = "D4", .inputs = { "" }, .settings = "height=8 width=9" },
  { .group = "triv", .inputs = { "" }, .settings = "height=8 width=10 channels=2" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_input_image = {
  .id = "input_image", .title = EQK_N_("Pictures"), .category = EQK_N_("Input"), .domains = "image", .flags = EQK_LAYER_INPUT,
  .outputs = outputs, .params = params, .admits = admits, .infer = infer, .lint = lint, .expand = expand, .specimens = specimens,
  .exports = "escnn.nn.GeometricTensor",
  .doc = EQK_N_("Pictures go in here.\n\n"
                "Pictures of H × W pixels. Pixel (i, j) lies at x = j − (W−1)/2, y = (H−1)/2 − i, and elements of the group act about the centre: (g f)(x) = ρ(g) f(g⁻¹ x). "
                "Source: Weiler & Cesa 2019."),
};
