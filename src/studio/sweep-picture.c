/* The drawing of the symmetry view without its widget, so that the window, its films and the command line show the same. */

#include "studio/sweep-picture.h"

#include "draw/animation.h"
#include "draw/fields.h"
#include "draw/number-text.h"
#include "draw/type-style.h"
#include "model/compile.h"
#include "model/error.h"
#include "studio/outline.h"
#include "studio/probe-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define FILM_WIDTH  560
#define FILM_HEIGHT 460
#define FILM_FOOT    36
#define ROUND_MS   4000
#define LOOK_MS     500      /* at least, where nothing is interpolated */

typedef struct
{
  const EqsProbeResult *result;
  const EqsFieldTheme  *theme;
  double left, pitch;          /* of the three columns: as it is, turned, turned back */
} Look;

static EqsFieldValues
values_of (const EqsProbeWire *wire, const float *values)
{
  return (EqsFieldValues) { &wire->type, values, wire->rows, wire->width, NULL, 0 };
}

static void
choose_font (cairo_t *cr)
{
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, 13);
}

/* The headings of the rows are of different length in every language. */
static double
room_for (cairo_t *cr, const char *const *texts, guint n)
{
  double room = 84;

  choose_font (cr);
  for (guint i = 0; i < n; i++)
    {
      cairo_text_extents_t extents;

      cairo_text_extents (cr, texts[i], &extents);
      room = MAX (room, extents.x_advance);
    }
  return room + 12;
}

static void
heading (const Look *look, cairo_t *cr, const char *text, double x, double y)
{
  choose_font (cr);
  eqs_draw_set_colour (cr, look->theme->ink, 1);
  cairo_move_to (cr, x, y);
  cairo_show_text (cr, text);
}

/* NULL where it makes no sense. */
static void
columns_of (const EqsProbeWire *wire, const float *columns[3])
{
  columns[0] = wire->plain;
  columns[1] = wire->turned;
  columns[2] = wire->back;
}

static void
draw_fields (const Look *look, cairo_t *cr, int index, double top, double height)
{
  const EqsProbeWire  *wire = &look->result->wire;
  const EqsFieldPlace  place = eqs_field_place (wire->type.rep, index);
  const float         *columns[3];
  EqsFieldValues       plain = values_of (wire, wire->plain);
  const double         scale = eqs_field_largest (&plain, place.first, place.dim);
  const double         width = MIN (height * eqs_field_aspect (&wire->type, index), look->pitch - 16);

  columns_of (wire, columns);
  for (int i = 0; i < 3; i++)
    if (columns[i] != NULL)
      {
        EqsFieldValues values = values_of (wire, columns[i]);

        eqs_draw_field (cr, &values, index, scale, look->theme, look->left + i * look->pitch, top, width, height);
      }
}

/* The part of a field with a channel per pose that turns like an arrow. */
static void
draw_arrow_part (const Look *look, cairo_t *cr, double top, double height)
{
  const EqsProbeWire  *wire = &look->result->wire;
  const EqsFieldPlace  place = eqs_field_place (wire->type.rep, 0);
  const float         *columns[3];
  double               scale = 1e-30;

  columns_of (wire, columns);
  for (int i = 0; i < 3; i++)
    {
      EqsFieldValues values = values_of (wire, columns[i]);
      g_autofree float *arrows = columns[i] == NULL ? NULL : g_new (float, 2 * wire->rows + 2);

      if (arrows == NULL || !eqs_field_arrows (&values, &place, arrows))
        continue;
      for (gsize k = 0; i == 0 && k < wire->rows; k++)
        scale = MAX (scale, hypot (arrows[2 * k], arrows[2 * k + 1]));
      eqs_draw_arrows (cr, arrows, wire->type.space.h, wire->type.space.w, 2, scale, 0xe69f00, look->theme, look->left + i * look->pitch, top, height, height);
    }
}

void
eqs_look_draw (cairo_t *cr, const EqsProbeResult *result, gboolean dark, double width, double height)
{
  const char *const heads[] = { _("As it is"), _("Turned"), _("Turned back") };
  const double      row = MAX ((height - 30) / 3.0 - 10, 40);
  const char *const rows[] = { _("Sample"), _("Features"), _("Its arrows") };
  const double      left = room_for (cr, rows, G_N_ELEMENTS (rows));
  const Look        look = { result, eqs_field_theme (dark), left, MAX ((width - left - 8) / 3.0, 60) };
  const float      *columns[3];
  const int         n_fields = eqk_rep_n_fields (result->wire.type.rep);

  for (int i = 0; i < 3; i++)
    heading (&look, cr, heads[i], look.left + i * look.pitch, 16);
  heading (&look, cr, rows[0], 4, 44);
  columns_of (&result->input, columns);
  for (int i = 0; i < 3; i++)
    if (columns[i] != NULL)
      {
        EqsFieldValues values = values_of (&result->input, columns[i]);

        eqs_draw_sample (cr, &values, look.theme, look.left + i * look.pitch, 28, MIN (row, look.pitch - 16), row);
      }
  heading (&look, cr, rows[1], 4, 28 + row + 26);
  draw_fields (&look, cr, 0, 28 + row + 10, n_fields > 1 ? row / 2 - 4 : row);
  if (n_fields > 1)
    draw_fields (&look, cr, 1, 28 + 1.5 * row + 12, row / 2 - 4);
  if (result->wire.type.space.kind == EQK_SPACE_GRID && eqs_field_place (result->wire.type.rep, 0).kind == EQS_FIELD_POSES)
    {
      heading (&look, cr, rows[2], 4, 28 + 2 * row + 36);
      draw_arrow_part (&look, cr, 28 + 2 * row + 20, MIN (row, look.pitch - 16));
    }
}

/* ---- films ---- */

static gboolean
fail (GError **error, const char *text)
{
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, text);
  return FALSE;
}

/* The first wire of the main graph with fields that turn, as there is more to see than at the result. */
static const char *
choose_node (EqsModel *model)
{
  EqsGraph *graph = eqs_document_get_graph (model->document, "");

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const char         *id = eqs_node_get_id (eqs_graph_get_node (graph, i));
      const int           kernel = eqs_compile_find_node (model->typed, id);
      const EqkLayerType *layer = kernel < 0 ? NULL : eqk_graph_node_layer (eqk_typed_graph (model->typed), kernel);
      const EqkPortType  *type = layer == NULL || layer->outputs == NULL ? NULL : eqk_typed_output (model->typed, kernel, layer->outputs[0].name);

      if (type != NULL && type->space.kind == EQK_SPACE_GRID && eqs_field_place (type->rep, 0).kind != EQS_FIELD_SCALAR)
        return id;
    }
  return NULL;
}

/* "90°, mirrored: residual 1.1·10⁻⁷, exact. Steerable conv 1" */
static void
draw_foot (cairo_t *cr, const EqsProbeResult *result, const char *title)
{
  g_autofree char *residual = eqs_number_dup_text (result->wire.residual, 2), *text = NULL;
  const double     degrees = result->angle_rad * 180 / G_PI;

  if (result->mirror)
    /* Translators: an angle, the title of a layer, a small number, a verdict such as "exact". */
    text = g_strdup_printf (_("Mirrored, turned by %.0f°. %s: residual %s, %s"), degrees, title, residual, eqs_probe_verdict_text (result->wire.verdict, NULL));
  else
    /* Translators: an angle, the title of a layer, a small number, a verdict such as "exact". */
    text = g_strdup_printf (_("Turned by %.0f°. %s: residual %s, %s"), degrees, title, residual, eqs_probe_verdict_text (result->wire.verdict, NULL));
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 13);
  eqs_draw_set_colour (cr, eqs_field_theme (FALSE)->ink, 1);
  cairo_move_to (cr, 12, FILM_HEIGHT - 14);
  cairo_show_text (cr, text);
}

static gboolean
add_looks (EqsAnimation *film, EqsProbeNetwork *network, const char *title, guint n, gboolean mirror, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (EqsProbeResult) result = g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL : eqs_probe_network_look (network, i * 2 * G_PI / n, mirror, error);
      cairo_t *cr;

      if (result == NULL)
        return FALSE;
      /* Elements that act exactly are looked at longer. */
      cr = eqs_animation_add (film, result->on_grid ? MAX (ROUND_MS / n, LOOK_MS) : ROUND_MS / n);
      cairo_save (cr);
      cairo_translate (cr, 8, 8);
      eqs_look_draw (cr, result, FALSE, FILM_WIDTH - 16, FILM_HEIGHT - FILM_FOOT - 8);
      cairo_restore (cr);
      draw_foot (cr, result, title);
    }
  return TRUE;
}

gboolean
eqs_sweep_save (EqsModel *model, EqsSplit *split, guint sample, const char *node, guint n, const char *path, GCancellable *cancellable, guint *frames, GError **error)
{
  g_autofree char *chosen = g_strdup (node != NULL ? node : choose_node (model));
  g_autofree char *title = g_strdup (chosen == NULL ? "" : eqs_outline_path_title (model->document, chosen));
  g_autoptr (EqsProbeNetwork) network = eqs_probe_network_new (model, error);
  g_autoptr (EqsAnimation)    film = eqs_animation_new (FILM_WIDTH, FILM_HEIGHT);
  const EqkGroup *group;

  if (network == NULL)
    return FALSE;
  group = eqs_probe_network_get_symmetry (network)->group;
  if (eqk_group_get_space_dim (group) != 2)
    return fail (error, _("A sweep is drawn of designs for pictures. Molecules and graphs are turned and reordered in the symmetry view of the window."));
  if (n < 2 || n > 360)
    return fail (error, _("A sweep has 2 to 360 steps a round."));
  if (sample >= eqs_split_get_n (split))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("There is no sample %u; there are %u, counted from 0."), sample, eqs_split_get_n (split));
      return FALSE;
    }
  if (!eqs_probe_network_set_sample (network, split, sample, error) || !eqs_probe_network_set_wire (network, chosen, NULL, error) ||
      !add_looks (film, network, title, n, FALSE, cancellable, error) || (eqk_group_has_mirror (group) && !add_looks (film, network, title, n, TRUE, cancellable, error)))
    return FALSE;
  if (frames != NULL)
    *frames = eqs_animation_get_n (film);
  return g_str_has_suffix (path, ".png") ? eqs_animation_save (film, path, error) : eqs_animation_save_numbered (film, path, error);
}
