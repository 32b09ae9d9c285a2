/* Scales are those of the sample as it is, so that what differs is seen. */

#include "widgets/symmetry/space-look.h"

#include "data/xyz.h"
#include "draw/number-text.h"
#include "draw/type-style.h"

#include "eqk/space.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SIGNAL_SIZE 0.55     /* how far the largest signal reaches, of half the distance between points */

enum { MOST_LINKS = 4000, LINKS_A_POINT = 6, SHOWN = 9 };   /* edges both ways: of clouds with more, lines would hide the points */

static void
item_free (gpointer data)
{
  g_free (((EqsSpaceItem *) data)->title);
  g_free (data);
}

const EqsProbeWire *
eqs_space_item_wire (const EqsSpaceItem *item, const EqsProbeResult *result)
{
  return item->output >= 0 && (guint) item->output < result->n_outputs ? &result->outputs[item->output] : &result->wire;
}

int
eqs_space_item_first (const EqsSpaceItem *item, const EqsProbeResult *result, int field)
{
  const EqkRep *rep = eqs_space_item_wire (item, result)->type.rep;
  int           first = 0;

  for (int r = 0; r < item->run; r++)
    first += eqk_rep_run (rep, r).mul * eqk_field_get_dim (eqk_rep_run (rep, r).field);
  return first + field * eqk_field_get_dim (eqk_rep_run (rep, item->run).field);
}

gint32 *
eqs_space_dup_numbers (EqsSplit *split, const EqsProbeResult *result)
{
  gint32 *numbers;

  for (guint c = 0; split != NULL && result->sample < eqs_split_get_n (split) && c < eqs_split_get_n_columns (split); c++)
    {
      const EqsColumn *column = eqs_split_get_column (split, c);

      if (column->values != EQS_VALUES_SPECIES || column->kind != EQS_COLUMN_PER_NODE || eqs_split_get_n_nodes (split, result->sample) != result->input.rows)
        continue;
      numbers = g_new (gint32, result->input.rows + 1);
      eqs_split_copy_int (split, column, &result->sample, 1, numbers);
      return numbers;
    }
  return NULL;
}

/* ---- what there is ---- */

/* The degree of an irrep of rotations of space; -1: something else, or too fine. */
static int
degree_of (const EqkField *field)
{
  const int dim = eqk_field_get_dim (field);

  return eqk_group_get_space_dim (eqk_field_get_group (field)) == 3 && eqk_field_is_irrep (field) && dim % 2 == 1 && (dim - 1) / 2 <= EQK_MAX_DEGREE ? (dim - 1) / 2 : -1;
}

static gboolean
is_axial (const EqkField *field)
{
  return degree_of (field) == 1 && eqs_group_inverts (eqk_field_get_group (field)) && eqk_field_irrep_j (field) == 0;
}

static gboolean
is_at_points (const EqsProbeWire *wire, const EqsProbeResult *result)
{
  return wire->type.space.kind == EQK_SPACE_NODES && wire->type.kind != EQK_KIND_POSITION && wire->rows == result->input.rows;
}

/* A dipole, a polarisability: one for all points. */
static gboolean
is_of_whole (const EqsProbeWire *wire)
{
  return wire->type.space.kind == EQK_SPACE_SAMPLE && wire->rows == 1;
}

static void
add (GPtrArray *items, EqsSpaceKind kind, int output, int run, int n, int degree, gboolean whole, gboolean axial, char *title)
{
  EqsSpaceItem *item = g_new (EqsSpaceItem, 1);

  *item = (EqsSpaceItem){ kind, output, run, n, degree, whole, axial, title };
  g_ptr_array_add (items, item);
}

static void
add_wire (GPtrArray *items, const EqsProbeResult *result, int output)
{
  const EqsProbeWire *wire = output < 0 ? &result->wire : &result->outputs[output];
  const int           n = eqk_rep_n_runs (wire->type.rep);
  const gboolean      whole = is_of_whole (wire);
  int                 largest = 0, degrees = 0;

  if (!whole && !is_at_points (wire, result))
    return;
  for (int r = 0; r < n; r++)
    {
      const EqkRepRun    run = eqk_rep_run (wire->type.rep, r);
      const EqkPortType  type = { .rep = eqk_rep_single (run.field, run.mul), .symmetry = wire->type.symmetry };
      const int          degree = degree_of (run.field);

      if (degree < 0 || run.mul == 0)
        continue;
      degrees += degree > largest || degrees == 0;
      largest = MAX (largest, degree);
      if (whole && degree == 0)      /* a number for the whole has no place */
        continue;
      if (wire->type.kind == EQK_KIND_FORCE)
        add (items, EQS_SPACE_FIELDS, output, r, run.mul, degree, whole, FALSE, g_strdup (_("Forces of the result")));
      else
        add (items, EQS_SPACE_FIELDS, output, r, run.mul, degree, whole, is_axial (run.field),
             g_strdup_printf ("%s%d×%s, %s", output < 0 ? "" : _("Result: "), run.mul, eqk_field_get_name (run.field), _(eqs_type_style (&type).plain)));
    }
  if (degrees > 1)
    add (items, EQS_SPACE_TOGETHER, output, 0, eqk_rep_run (wire->type.rep, 0).mul, largest, whole, FALSE, g_strdup (_("All degrees as one signal")));
}

gboolean
eqs_space_item_fits (const EqsSpaceItem *item, const EqsProbeResult *result)
{
  const EqsProbeWire *wire = eqs_space_item_wire (item, result);

  if (item->kind == EQS_SPACE_PLACES)
    return TRUE;
  if (item->output >= (int) result->n_outputs || (item->whole ? !is_of_whole (wire) : !is_at_points (wire, result)) || item->run >= eqk_rep_n_runs (wire->type.rep))
    return FALSE;
  return item->kind == EQS_SPACE_TOGETHER || degree_of (eqk_rep_run (wire->type.rep, item->run).field) == item->degree;
}

GPtrArray *
eqs_space_items (const EqsProbeResult *result)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (item_free);

  add_wire (items, result, -1);
  for (guint o = 0; o < result->n_outputs; o++)
    if (g_strcmp0 (result->outputs[o].name, result->wire.name) != 0 || result->outputs[o].rows != result->wire.rows)
      add_wire (items, result, (int) o);
  add (items, EQS_SPACE_PLACES, -1, 0, 1, 0, FALSE, FALSE, g_strdup (_("Places alone")));
  return items;
}

/* ---- numbers ---- */

static const float *
values_of (const EqsProbeWire *wire, int which)
{
  return which == 0 ? wire->plain : which == 1 ? wire->turned : wire->back;
}

/* [rows, (lmax+1)^2] of the field, of the first field of each degree, or the arrows as a signal. */
static double *
dup_signals (const EqsProbeResult *result, const EqsSpaceItem *item, int field, int which)
{
  const EqsProbeWire *wire = eqs_space_item_wire (item, result);
  const float        *values = values_of (wire, which);
  const gsize         width = (gsize) ((item->degree + 1) * (item->degree + 1));
  double             *c = g_new0 (double, wire->rows * width + 1);
  gboolean            seen[EQK_MAX_DEGREE + 1] = { FALSE };
  int                 first = 0;

  for (int r = 0; r < eqk_rep_n_runs (wire->type.rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (wire->type.rep, r);
      const int       degree = degree_of (run.field), dim = eqk_field_get_dim (run.field);
      const gboolean  take = item->kind == EQS_SPACE_TOGETHER ? degree >= 0 && degree <= item->degree && !seen[degree] && field < run.mul : r == item->run;

      for (gsize i = 0; take && i < wire->rows; i++)
        for (int k = 0; k < dim; k++)
          c[i * width + (gsize) (degree * degree + k)] = (double) values[i * wire->width + (gsize) (first + field * dim + k)];
      if (take)
        seen[degree] = TRUE;
      first += run.mul * dim;
    }
  return c;
}

double
eqs_space_largest (const EqsProbeResult *result, const EqsSpaceItem *item, int field)
{
  const EqsProbeWire *wire = eqs_space_item_wire (item, result);
  double              largest = 0;
  int                 first, dim;

  if (item->kind == EQS_SPACE_PLACES)
    return 0;
  if (item->kind == EQS_SPACE_TOGETHER || item->degree > 1)
    {
      g_autofree double *c = dup_signals (result, item, field, 0);

      return eqs_signal_largest (c, wire->rows, item->degree);
    }
  first = eqs_space_item_first (item, result, field);
  dim = 2 * item->degree + 1;
  for (gsize i = 0; i < wire->rows; i++)
    {
      double square = 0;

      for (int k = 0; k < dim; k++)
        square += pow ((double) wire->plain[i * wire->width + (gsize) (first + k)], 2);
      largest = MAX (largest, sqrt (square));
    }
  return largest;
}

char *
eqs_space_describe (const EqsProbeResult *result, const EqsScene *scene, const EqsSpaceItem *item, int field, int which, int point)
{
  const EqsProbeWire *wire = eqs_space_item_wire (item, result);
  g_autofree char    *label = eqs_scene_dup_label (scene, point);
  GString            *text = g_string_new (label);
  const double       *place = eqs_scene_get_places (scene) + 3 * point;

  if (item->kind == EQS_SPACE_FIELDS && !item->whole && values_of (wire, which) != NULL && (gsize) point < wire->rows)
    {
      const int first = eqs_space_item_first (item, result, field), dim = 2 * item->degree + 1;

      g_string_append (text, ":");
      for (int k = 0; k < MIN (dim, SHOWN); k++)
        eqs_number_append (text, " ", (double) values_of (wire, which)[(gsize) point * wire->width + (gsize) (first + k)], 4);
      if (dim > SHOWN)
        g_string_append (text, " …");
    }
  else
    /* Translators: x, y and z of a point. */
    g_string_append_printf (text, _(" at %.3f, %.3f, %.3f"), place[0], place[1], place[2]);
  return g_string_free (text, FALSE);
}

char *
eqs_space_dup_peaks (const EqsProbeResult *result, const EqsSpaceItem *item, int field, int point)
{
  const gsize        width = (gsize) ((item->degree + 1) * (item->degree + 1));
  g_autofree double *c = NULL;
  EqsSignalPeak      peaks[3];
  GString           *text;
  guint              n;

  if (item->kind == EQS_SPACE_PLACES || item->whole || item->degree < 2 || (gsize) point >= eqs_space_item_wire (item, result)->rows)
    return NULL;
  c = dup_signals (result, item, field, 0);
  n = eqs_signal_peaks (c + (gsize) point * width, item->degree, peaks, G_N_ELEMENTS (peaks));
  text = g_string_new (_("Peaks:"));
  for (guint i = 0; i < n; i++)
    {
      eqs_number_append (text, " ", peaks[i].value, 3);
      g_string_append_printf (text, " (%.2f, %.2f, %.2f)", peaks[i].u[0], peaks[i].u[1], peaks[i].u[2]);
    }
  return g_string_free (text, FALSE);
}

/* ---- scenes ---- */

static guint32
shade (double part, guint32 positive)
{
  const guint32 to = part >= 0 ? positive : 0xd55e00;
  guint32       out = 0;

  for (int shift = 0; shift <= 16; shift += 8)
    out |= (guint32) lround (238 + ((double) (to >> shift & 255) - 238) * MIN (fabs (part), 1)) << shift;
  return out;
}

static guint32
colour_of (const EqsProbeWire *wire, const EqsSpaceItem *item)
{
  const EqkRepRun    run = eqk_rep_run (wire->type.rep, item->run);
  const EqkPortType  type = { .rep = eqk_rep_single (run.field, 1), .symmetry = wire->type.symmetry };

  return item->kind == EQS_SPACE_TOGETHER ? 0xe69f00 : eqs_type_style (&type).colour;
}

static void
add_field (EqsScene *scene, const EqsProbeResult *result, const EqsSpaceItem *item, const EqsSpaceChoice *choice, int which, double largest, double size)
{
  const EqsProbeWire *wire = eqs_space_item_wire (item, result);
  const float        *values = values_of (wire, which);
  const gsize         n = eqs_scene_get_n (scene), first_point = item->whole ? n - 1 : 0;      /* the middle is the last one */

  if (item->kind == EQS_SPACE_PLACES || values == NULL || largest <= 0)
    return;
  if (item->kind == EQS_SPACE_TOGETHER || item->degree > 1 || (choice->mode != EQS_SIGNAL_AUTO && item->degree > 0))
    {
      const gsize        width = (gsize) ((item->degree + 1) * (item->degree + 1));
      g_autofree double *own = dup_signals (result, item, choice->field, which), *c = g_new0 (double, n * width + 1);

      memcpy (c + first_point * width, own, wire->rows * width * sizeof *c);
      /* Y_1 is sqrt(3) times the direction: the largest of an arrow's signal is that much longer. */
      eqs_scene_set_signals (scene, c, item->degree, SIGNAL_SIZE * size / largest / (item->kind == EQS_SPACE_FIELDS && item->degree == 1 ? sqrt (3) : 1), colour_of (wire, item),
                             item->whole ? (int) first_point : choice->only ? choice->chosen : -1, choice->mode == EQS_SIGNAL_COLOUR);
      return;
    }
  if (item->degree == 1)
    {
      g_autofree double *vectors = g_new0 (double, 3 * n + 1);
      const int          first = eqs_space_item_first (item, result, choice->field);

      for (gsize i = 0; i < 3 * wire->rows; i++)
        vectors[3 * first_point + i] = (double) values[i / 3 * wire->width + (gsize) first + i % 3];
      eqs_scene_set_arrows (scene, vectors, 1.1 * size / largest, colour_of (wire, item), item->axial);
    }
  else
    {
      g_autofree guint32 *colours = g_new (guint32, n + 1);
      const int           first = eqs_space_item_first (item, result, choice->field);

      for (gsize i = 0; i < n; i++)
        colours[i] = shade ((double) values[i * wire->width + (gsize) first] / largest, colour_of (wire, item));
      eqs_scene_set_colours (scene, colours);
    }
}

/* Bonds are found anew; neighbours of points without kinds are the network's, renamed for the moved sample. */
static void
add_links (EqsScene *scene, const EqsProbeResult *result, gboolean moved)
{
  const EqsProbeGraph *graph = &result->graph;
  g_autofree gint32   *links = g_new (gint32, 2 * graph->n_edges + 1);
  gsize                n = 0;

  if (graph->n_edges == 0 || graph->n_edges > MOST_LINKS || graph->n_edges > LINKS_A_POINT * (gsize) result->input.rows)
    return;
  for (gsize e = 0; e < graph->n_edges; e++)
    if (graph->links[2 * e] < graph->links[2 * e + 1])
      {
        for (int end = 0; end < 2; end++)
          links[2 * n + (gsize) end] = moved && result->order != NULL ? result->order[graph->links[2 * e + (gsize) end]] : graph->links[2 * e + (gsize) end];
        n++;
      }
  eqs_scene_set_links (scene, links, n);
}

static EqsScene *
make_scene (const EqsProbeResult *result, const gint32 *numbers, int which, gboolean whole)
{
  const EqsProbeWire *input = &result->input;
  const gsize         n = input->rows + (whole ? 1 : 0);
  g_autofree double  *places = g_new0 (double, 3 * n + 1);
  g_autofree gint32  *kinds = NULL;
  const char        **symbols;
  EqsScene           *scene;

  for (gsize i = 0; i < 3 * input->rows; i++)
    places[i] = (double) values_of (input, which)[i];
  for (gsize i = 0; i < 3 * input->rows && whole; i++)
    places[3 * input->rows + i % 3] += places[i] / (double) input->rows;
  if (numbers != NULL)
    {
      kinds = g_new0 (gint32, input->rows + 1);
      for (gsize i = 0; i < input->rows; i++)
        kinds[which == 1 && result->order != NULL ? (gsize) result->order[i] : i] = numbers[i];
    }
  scene = eqs_scene_new (places, n, kinds);
  if (kinds == NULL)
    add_links (scene, result, which == 1);
  if (whole)
    eqs_scene_hide_point (scene, input->rows);
  if (kinds == NULL)
    return scene;
  symbols = g_new0 (const char *, input->rows + 1);
  for (gsize i = 0; i < input->rows; i++)
    symbols[i] = eqs_species_get_symbol ((guint) kinds[i]);
  eqs_scene_take_symbols (scene, symbols);
  return scene;
}

/* Half of the mean distance that a cloud of this reach leaves each point. */
static double
size_for (double reach, gsize n)
{
  return MAX (1.6 * reach / cbrt ((double) MAX (n, 4)), 1e-6);
}

guint
eqs_space_scenes (const EqsProbeResult *result, const gint32 *numbers, const EqsSpaceItem *item, const EqsSpaceChoice *choice, EqsScene *scenes[3])
{
  const double largest = eqs_space_largest (result, item, choice->field);
  double       reach = 0, size;
  guint        n = 0;

  if (result->input.type.kind != EQK_KIND_POSITION || result->input.width != 3 || result->input.rows == 0)
    return 0;
  for (int which = 0; which < 3 && values_of (&result->input, which) != NULL; which++)
    scenes[n++] = make_scene (result, numbers, which, item->whole);
  {
    double centre[3];

    eqs_places_bound (eqs_scene_get_places (scenes[0]), NULL, result->input.rows, centre, &reach);
  }
  size = size_for (reach, result->input.rows);
  for (guint i = 0; i < n; i++)
    {
      double centre[3], own;
      int    chosen = choice->chosen;

      if (i == 1 && chosen >= 0 && result->order != NULL && (gsize) chosen < result->n_order)
        chosen = result->order[chosen];
      add_field (scenes[i], result, item, &(EqsSpaceChoice){ choice->field, choice->mode, chosen, choice->only }, (int) i, largest, size);
      eqs_scene_set_marked (scenes[i], chosen);
      /* Each about its own middle: where the origin lies, and a shift, would only push it out of the picture. */
      eqs_places_bound (eqs_scene_get_places (scenes[i]), NULL, result->input.rows, centre, &own);
      /* Turning moves nothing nearer or farther: what the first picture needs holds for all, which so have one scale. */
      if (i == 0)
        reach = MAX (reach + (eqs_scene_has_signals (scenes[0]) ? SIGNAL_SIZE * size : 0.35 * MIN (size, 1.2)), 1.02 * eqs_scene_get_extent (scenes[0], centre));
      eqs_scene_set_bound (scenes[i], centre, reach);
    }
  return n;
}
