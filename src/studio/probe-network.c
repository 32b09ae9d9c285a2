/*
 * A look is one forward pass on x, kept until the sample changes, and one on g·x. Elements live in the group of the whole plane
 * (or space): an angle that the design's group does not have can still be applied to pixels and to channels whose
 * representation is also one of the whole group (scalars, arrows); a regular field of C4 cannot be turned by 30°.
 */

#include "studio/probe-network.h"

#include "data/error.h"
#include "model/compile.h"
#include "model/error.h"
#include "services/batch.h"

#include "check/action.h"
#include "check/audit.h"
#include "eqk/op.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  int          value;
  EqkPortType  type;
  gboolean     index;
  float       *plain;       /* owned: the sample as it is */
  gsize        count;
} Feed;

typedef struct
{
  int          value;
  EqkPortType  type;
  char        *name;        /* owned */
  float       *plain;       /* owned: f(x) */
  gsize        rows, width;
} Wire;

struct _EqsProbeNetwork
{
  EqsModel   *model;        /* owned */
  EqkProgram *program;      /* owned: keeps all values */
  EqkRun     *run;          /* owned (nullable): of the sample's size */
  EqsSplit   *split;        /* owned (nullable) */
  guint       sample;
  gboolean    fed;          /* x has been run: wires have their plain values */
  gboolean    fast;         /* kernels in use differ from direct ones */
  gboolean    fast_known;
  GArray     *feeds;        /* owned, of Feed */
  Wire        wire;
  GArray     *outputs;      /* owned, of Wire */
};

/* ---- results ---- */

static void
wire_clear (EqsProbeWire *wire)
{
  g_free (wire->name);
  g_free (wire->plain);
  g_free (wire->turned);
  g_free (wire->back);
}

EqsProbeResult *
eqs_probe_result_new_error (const char *message)
{
  EqsProbeResult *self = g_new0 (EqsProbeResult, 1);

  g_atomic_ref_count_init (&self->refs);
  self->error = g_strdup (message);
  return self;
}

EqsProbeResult *
eqs_probe_result_ref (EqsProbeResult *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
eqs_probe_result_unref (EqsProbeResult *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  for (guint i = 0; i < self->n_outputs; i++)
    wire_clear (&self->outputs[i]);
  g_free (self->outputs);
  wire_clear (&self->input);
  wire_clear (&self->wire);
  g_free (self->error);
  g_free (self->label);
  g_free (self->node);
  g_free (self->port);
  g_free (self);
}

/* ---- the network ---- */

static void
feed_clear_cb (gpointer data)
{
  g_free (((Feed *) data)->plain);
}

static void
wire_clear_cb (gpointer data)
{
  Wire *wire = data;

  g_clear_pointer (&wire->plain, g_free);
  g_clear_pointer (&wire->name, g_free);
}

static void
list_feeds (EqsProbeNetwork *self)
{
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    {
      const EqkValue    *value = eqk_program_value (self->program, v);
      const EqkPortType *type = value->kind != EQK_VALUE_FEED ? NULL : eqk_program_value_type (self->program, v);
      Feed               feed = { .value = v, .index = value->index };

      if (value->kind != EQK_VALUE_FEED)
        continue;
      if (type == NULL && value->node >= 0)
        type = eqk_typed_output (self->model->typed, value->node, NULL);
      if (type != NULL)
        feed.type = *type;
      else
        {
          const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (self->model->typed));

          feed.type = (EqkPortType){ .space = value->space, .symmetry = *symmetry, .rep = eqk_rep_single (eqk_group_trivial (symmetry->group), value->width) };
        }
      g_array_append_val (self->feeds, feed);
    }
}

EqsProbeNetwork *
eqs_probe_network_new (EqsModel *model, GError **error)
{
  g_autoptr (EqsProbeNetwork) self = g_new0 (EqsProbeNetwork, 1);
  const EqkCompileOptions     options = { .keep_all = true };
  EqkDiag                     diag = EQK_DIAG_INIT;

  self->model = model;
  self->wire.value = -1;
  self->feeds = g_array_new (FALSE, TRUE, sizeof (Feed));
  self->outputs = g_array_new (FALSE, TRUE, sizeof (Wire));
  g_array_set_clear_func (self->feeds, feed_clear_cb);
  g_array_set_clear_func (self->outputs, wire_clear_cb);
  if (eqk_compile (model->typed, &options, &self->program, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return NULL;
    }
  list_feeds (self);
  for (int o = 0; o < eqk_program_n_outputs (self->program); o++)
    {
      const EqkProgramOutput *output = eqk_program_output (self->program, o);
      Wire                    wire = { .value = output->value, .type = output->type, .name = g_strdup (output->name) };

      g_array_append_val (self->outputs, wire);
    }
  return g_steal_pointer (&self);
}

void
eqs_probe_network_free (EqsProbeNetwork *self)
{
  eqk_run_free (self->run);
  eqk_program_free (self->program);
  g_array_unref (self->feeds);
  g_array_unref (self->outputs);
  wire_clear_cb (&self->wire);
  g_clear_pointer (&self->split, eqs_split_unref);
  eqs_model_free (self->model);
  g_free (self);
}

gboolean
eqs_probe_network_set_sample (EqsProbeNetwork *self, EqsSplit *split, guint sample, GError **error)
{
  g_autoptr (EqsFeeder) feeder = NULL;
  g_autoptr (EqsSplit)  view = NULL;
  const guint   only = 0;
  EqkRunOptions options = { .precision = EQK_F32 };
  EqkDiag       diag = EQK_DIAG_INIT;

  if (self->split == split && self->sample == sample)
    return TRUE;
  if (sample >= eqs_split_get_n (split))
    {
      g_set_error_literal (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY, _("The data have no such sample."));
      return FALSE;
    }
  view = eqs_split_new_view (split, eqs_split_get_name (split), &sample, 1);
  feeder = eqs_feeder_new (self->program, view, FALSE, error);
  if (feeder == NULL || !eqs_feeder_take_species (feeder, self->model->run, error))
    return FALSE;
  g_clear_pointer (&self->run, eqk_run_free);
  g_clear_pointer (&self->split, eqs_split_unref);
  self->fed = FALSE;
  options.capacity = eqs_feeder_get_capacity (feeder, 1);
  if (eqk_run_new (self->program, self->model->store, &options, &self->run, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return FALSE;
    }
  if (!eqs_feeder_fill (feeder, self->run, &only, 1, EQS_TRANSFORM_NONE, NULL, 0, 0, error))
    return FALSE;
  for (guint i = 0; i < self->feeds->len; i++)
    {
      Feed *feed = &g_array_index (self->feeds, Feed, i);

      feed->count = eqk_value_count (self->program, feed->value, &self->run->sizes);
      g_free (feed->plain);
      feed->plain = g_memdup2 (eqk_run_feed (self->run, feed->value), feed->count * sizeof *feed->plain);   /* int32 is as wide */
    }
  self->split = eqs_split_ref (split);
  self->sample = sample;
  return TRUE;
}

gboolean
eqs_probe_network_set_wire (EqsProbeNetwork *self, const char *node, const char *port, GError **error)
{
  const EqkProgramOutput *first = eqk_program_n_outputs (self->program) == 0 ? NULL : eqk_program_output (self->program, 0);
  const EqkPortType      *type = NULL;
  const int               kernel = node == NULL ? -1 : eqs_compile_find_node (self->model->typed, node);
  int                     value = -1;

  if (node == NULL && first != NULL)
    {
      value = first->value;
      type = &first->type;
    }
  else if (kernel >= 0)
    {
      const EqkLayerType *layer = eqk_graph_node_layer (eqk_typed_graph (self->model->typed), kernel);

      if (port == NULL && layer->outputs != NULL)
        port = layer->outputs[0].name;
      if (port != NULL)
        {
          value = eqk_program_port_value (self->program, kernel, port);
          type = eqk_typed_output (self->model->typed, kernel, port);
        }
    }
  if (value < 0 || type == NULL || eqk_program_value (self->program, value)->index)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("No features flow out of “%s”. Choose another link on the canvas."), node == NULL ? _("the design") : node);
      return FALSE;
    }
  if (value == self->wire.value && self->wire.name != NULL)
    return TRUE;
  wire_clear_cb (&self->wire);
  self->wire = (Wire){ .value = value, .type = *type, .name = g_strdup (node == NULL ? first->name : node) };
  self->fed = FALSE;
  return TRUE;
}

/* ---- running ---- */

static gboolean
forward (EqsProbeNetwork *self, GError **error)
{
  EqkDiag diag = EQK_DIAG_INIT;

  if ((eqk_program_n_structures (self->program) > 0 && eqk_run_build_structures (self->run, &diag) != EQK_OK) ||
      eqk_run_forward (self->run, EQK_PASS_INFER, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return FALSE;
    }
  return TRUE;
}

static void
keep_plain (EqsProbeNetwork *self, Wire *wire)
{
  wire->rows = eqk_run_rows (self->run, wire->value);
  wire->width = (gsize) eqk_program_value (self->program, wire->value)->width;
  g_free (wire->plain);
  wire->plain = g_memdup2 (eqk_run_value (self->run, wire->value), wire->rows * wire->width * sizeof (float));
}

/* Whether kernels in use give other numbers than direct ones, on this sample: then the limit is that of fast kernels. */
static gboolean
find_fast (EqsProbeNetwork *self, GError **error)
{
  const EqkCompileOptions compile = { .keep_all = true, .exact = true };
  EqkRunOptions           options = { .precision = EQK_F32, .capacity = self->run->sizes };
  EqkProgram             *direct = NULL;
  EqkRun                 *run = NULL;
  EqkDiag                 diag = EQK_DIAG_INIT;
  gboolean                ok;

  if (self->fast_known || self->feeds->len != 1 || eqk_program_n_structures (self->program) > 0 ||
      eqk_program_value (self->program, g_array_index (self->feeds, Feed, 0).value)->space.kind != EQK_SPACE_GRID)
    return TRUE;      /* only convolutions of pictures have fast forms */
  ok = eqk_compile (self->model->typed, &compile, &direct, &diag) == EQK_OK &&
       eqk_run_new (direct, self->model->store, &options, &run, &diag) == EQK_OK && eqk_run_set_sizes (run, &self->run->sizes, &diag) == EQK_OK;
  if (ok)
    {
      const Feed *feed = &g_array_index (self->feeds, Feed, 0);

      memcpy (eqk_run_feed (run, feed->value), feed->plain, feed->count * sizeof (float));
      ok = eqk_run_forward (run, EQK_PASS_INFER, &diag) == EQK_OK;
    }
  for (guint o = 0; ok && o < self->outputs->len; o++)
    {
      const Wire *wire = &g_array_index (self->outputs, Wire, o);

      self->fast = self->fast || memcmp (wire->plain, eqk_run_value (run, wire->value), wire->rows * wire->width * sizeof (float)) != 0;
    }
  self->fast_known = ok;
  eqk_run_free (run);
  eqk_program_free (direct);
  if (!ok)
    eqs_compile_set_error (error, diag.status, &diag);
  return ok;
}

/* Runs x once; the plain values stay until sample or wire change. */
static gboolean
run_plain (EqsProbeNetwork *self, GError **error)
{
  if (self->fed)
    return TRUE;
  for (guint i = 0; i < self->feeds->len; i++)
    {
      const Feed *feed = &g_array_index (self->feeds, Feed, i);

      memcpy (eqk_run_feed (self->run, feed->value), feed->plain, feed->count * sizeof (float));
    }
  if (!forward (self, error))
    return FALSE;
  if (self->wire.value >= 0)
    keep_plain (self, &self->wire);
  for (guint o = 0; o < self->outputs->len; o++)
    keep_plain (self, &g_array_index (self->outputs, Wire, o));
  self->fed = TRUE;
  return find_fast (self, error);
}

/* ---- elements ---- */

static const EqkGroup *
whole_group (EqsProbeNetwork *self, gboolean mirror, GError **error)
{
  const EqkGroup *group = eqk_graph_get_symmetry (eqk_typed_graph (self->model->typed))->group;

  if (eqk_group_get_space_dim (group) == 3)
    return eqk_group_get ("O3");
  if (eqk_group_get_space_dim (group) == 2 || self->feeds->len == 0)
    {
      char             number[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *id = NULL;

      if (!mirror)
        return eqk_group_get ("SO2");
      id = g_strdup_printf ("O2@axis=%s", g_ascii_formatd (number, sizeof number, "%g", eqk_group_get_axis_deg (group)));
      return eqk_group_get (eqk_group_get_axis_deg (group) == 0 ? "O2" : id);
    }
  /* Pictures under the trivial group can be turned all the same: that shows what is not promised. */
  for (guint i = 0; i < self->feeds->len; i++)
    if (g_array_index (self->feeds, Feed, i).type.space.kind == EQK_SPACE_GRID)
      return eqk_group_get (mirror ? "O2" : "SO2");
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The symmetry of this design has no turns: it reorders elements, which leaves nothing to turn."));
  return NULL;
}

static EqkElement
element_of (const EqkGroup *whole, double angle_rad, gboolean mirror)
{
  EqkElement g = eqk_group_identity (whole);

  g.mirror = mirror;
  if (eqk_group_get_space_dim (whole) == 3)
    {
      g.q[0] = cos (angle_rad / 2);
      g.q[3] = sin (angle_rad / 2);
    }
  else
    g.angle = fmod (fmod (angle_rad, 2 * G_PI) + 2 * G_PI, 2 * G_PI);
  return g;
}

/* The same numbers under two names of one representation: generators act alike. */
static gboolean
acts_alike (const EqkRep *own, const EqkRep *whole)
{
  const EqkGroup   *group = eqk_rep_get_group (own), *larger = eqk_rep_get_group (whole);
  const gsize       n = (gsize) eqk_rep_get_dim (own);
  EqkElement        generators[4], g;
  const int         n_generators = eqk_group_generators (group, generators);
  g_autofree float *x = g_new (float, n + 1), *a = g_new (float, n + 1), *b = g_new (float, n + 1);

  for (gsize i = 0; i < n; i++)
    x[i] = (float) sin (1 + 1.7 * (double) i);
  for (int k = 0; k < n_generators; k++)
    {
      if (!eqk_group_embed (larger, group, &generators[k], &g))
        continue;   /* a mirror where only turns are asked for */
      eqk_rep_apply_f32 (own, &generators[k], x, a, 1);
      eqk_rep_apply_f32 (whole, &g, x, b, 1);
      for (gsize i = 0; i < n; i++)
        if (fabsf (a[i] - b[i]) > 1e-5f)
          return FALSE;
    }
  return TRUE;
}

/*
 * The type by which g acts on a wire: its own when its group has g, else that of the whole group with the same channels.
 * FALSE: the channels have no such turn.
 */
static gboolean
type_for (const EqkPortType *type, const EqkGroup *whole, const EqkElement *g, EqkPortType *out, gboolean *is_element)
{
  const EqkRep *rep = NULL;
  EqkElement    own;

  *out = *type;
  *is_element = eqk_group_embed (type->symmetry.group, whole, g, &own);
  if (*is_element)
    return TRUE;
  if (eqk_rep_is_trivial (type->rep))
    rep = eqk_rep_single (eqk_group_trivial (whole), eqk_rep_get_dim (type->rep));
  else if (eqk_group_get_space_dim (type->symmetry.group) != eqk_group_get_space_dim (whole) ||
           eqk_rep_parse (whole, eqk_rep_get_text (type->rep), &rep, NULL) != EQK_OK ||
           eqk_rep_get_dim (rep) != eqk_rep_get_dim (type->rep) || !acts_alike (type->rep, rep))
    return FALSE;
  out->symmetry.group = whole;
  out->rep = rep;
  return TRUE;
}

/* ---- looking ---- */

/* Feeds g·x. @return FALSE with an error where an input cannot be turned so */
static gboolean
feed_turned (EqsProbeNetwork *self, const EqkGroup *whole, const EqkElement *g, gboolean *on_grid, GError **error)
{
  const EqkAction action = { .group = whole, .g = *g };

  *on_grid = TRUE;
  for (guint i = 0; i < self->feeds->len; i++)
    {
      const Feed *feed = &g_array_index (self->feeds, Feed, i);
      EqkPortType type = feed->type;
      gboolean    is_element;
      EqkStatus   status = EQK_ERR_GROUP;

      if (feed->index)
        type.kind = EQK_KIND_SPECIES;
      if (feed->index || type_for (&feed->type, whole, g, &type, &is_element))
        status = eqk_action_apply (&action, &type, EQK_F32, &self->run->sizes, feed->plain, eqk_run_feed (self->run, feed->value));
      if (status != EQK_OK)
        {
          g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, status == EQK_ERR_SHAPE ? _("This sample is not square: only half turns and mirrors keep its shape.") :
                               _("The channels of this sample have no such turn."));
          return FALSE;
        }
      *on_grid = *on_grid && eqk_action_is_exact (&action, &feed->type);
    }
  return TRUE;
}

/* |back - plain|, |plain| and the largest difference; between pixels over the disk that stays in the picture. */
static void
compare (const Wire *wire, const EqkPortType *type, gboolean on_grid, const float *back, double *residual, double *largest)
{
  g_autofree bool *inside = NULL;
  const gsize      pixels = type->space.kind == EQK_SPACE_GRID ? (gsize) type->space.h * (gsize) type->space.w : 0;
  double           difference = 0, size = 0;

  if (!on_grid && pixels > 0)
    {
      inside = g_new (bool, pixels);
      eqk_action_disk (type->space.h, type->space.w, 0.4 * MIN (type->space.h, type->space.w), inside);
    }
  *largest = 0;
  for (gsize r = 0; r < wire->rows; r++)
    for (gsize c = 0; (inside == NULL || inside[r % pixels]) && c < wire->width; c++)
      {
        const double a = back[r * wire->width + c], b = wire->plain[r * wire->width + c];

        difference += (a - b) * (a - b);
        size += b * b;
        *largest = fmax (*largest, fabs (a - b));
      }
  *residual = size > 0 ? sqrt (difference / size) : NAN;
}

static EqsProbeVerdict
judge (EqsProbeNetwork *self, double residual, gboolean is_element, gboolean on_grid, double *limit)
{
  *limit = on_grid ? eqk_audit_limit (self->fast) : eqk_audit_limit_between ();
  if (isnan (residual))
    return EQS_PROBE_UNDEFINED;
  if (!is_element)
    {
      *limit = NAN;
      return EQS_PROBE_UNPROMISED;
    }
  if (residual > *limit)
    return EQS_PROBE_BROKEN;
  return on_grid ? EQS_PROBE_EXACT : EQS_PROBE_WITHIN;
}

static void
fill_wire (EqsProbeNetwork *self, const Wire *wire, const EqkGroup *whole, const EqkElement *g, gboolean on_grid, const float *turned, EqsProbeWire *out)
{
  const EqkElement inverse = eqk_group_inverse (whole, g);
  const EqkAction  action = { .group = whole, .g = inverse };
  const gsize      n = wire->rows * wire->width;
  EqkPortType      type;
  gboolean         is_element = FALSE;

  *out = (EqsProbeWire){ .name = g_strdup (wire->name), .type = wire->type, .rows = wire->rows, .width = wire->width,
                         .plain = g_memdup2 (wire->plain, n * sizeof (float)), .turned = g_memdup2 (turned, n * sizeof (float)),
                         .residual = NAN, .largest = NAN, .limit = NAN, .verdict = EQS_PROBE_UNDEFINED };
  if (!type_for (&wire->type, whole, &inverse, &type, &is_element))
    return;
  out->back = g_new (float, n + 1);
  if (eqk_action_apply (&action, &type, EQK_F32, &self->run->sizes, turned, out->back) != EQK_OK)
    {
      g_clear_pointer (&out->back, g_free);
      return;
    }
  compare (wire, &type, on_grid && eqk_action_is_exact (&action, &wire->type), out->back, &out->residual, &out->largest);
  out->verdict = judge (self, out->residual, is_element, on_grid, &out->limit);
}

/* The sample: the first input that is no list of kinds. */
static void
fill_input (EqsProbeNetwork *self, const EqkGroup *whole, const EqkElement *g, gboolean on_grid, EqsProbeWire *out)
{
  for (guint i = 0; i < self->feeds->len; i++)
    {
      const Feed *feed = &g_array_index (self->feeds, Feed, i);
      const gsize width = (gsize) eqk_program_value (self->program, feed->value)->width;
      Wire        wire = { .value = feed->value, .type = feed->type, .plain = feed->plain, .width = width, .rows = feed->count / width };

      if (feed->index)
        continue;
      wire.name = (char *) eqk_program_value (self->program, feed->value)->name;
      fill_wire (self, &wire, whole, g, on_grid, eqk_run_feed (self->run, feed->value), out);
      return;
    }
}

static gboolean
run_turned (EqsProbeNetwork *self, double angle_rad, gboolean mirror, const EqkGroup **whole, EqkElement *g, gboolean *on_grid, GError **error)
{
  g_return_val_if_fail (self->run != NULL, FALSE);

  *whole = whole_group (self, mirror, error);
  if (*whole == NULL || !run_plain (self, error))
    return FALSE;
  *g = element_of (*whole, angle_rad, mirror);
  return feed_turned (self, *whole, g, on_grid, error) && forward (self, error);
}

EqsProbeResult *
eqs_probe_network_look (EqsProbeNetwork *self, double angle_rad, gboolean mirror, GError **error)
{
  g_autoptr (EqsProbeResult) result = NULL;
  const EqkGroup *whole;
  EqkElement      g;
  gboolean        on_grid;

  g_return_val_if_fail (self->wire.value >= 0, NULL);
  if (!run_turned (self, angle_rad, mirror, &whole, &g, &on_grid, error))
    return NULL;
  result = eqs_probe_result_new_error (NULL);
  result->angle_rad = angle_rad;
  result->mirror = mirror;
  result->on_grid = on_grid;
  result->sample = self->sample;
  fill_input (self, whole, &g, on_grid, &result->input);
  fill_wire (self, &self->wire, whole, &g, on_grid, eqk_run_value (self->run, self->wire.value), &result->wire);
  result->n_outputs = self->outputs->len;
  result->outputs = g_new0 (EqsProbeWire, result->n_outputs + 1);
  for (guint o = 0; o < result->n_outputs; o++)
    {
      const Wire *wire = &g_array_index (self->outputs, Wire, o);

      fill_wire (self, wire, whole, &g, on_grid, eqk_run_value (self->run, wire->value), &result->outputs[o]);
    }
  return g_steal_pointer (&result);
}

double
eqs_probe_network_measure (EqsProbeNetwork *self, double angle_rad, gboolean mirror, gboolean *on_grid, GError **error)
{
  const Wire     *wire = &g_array_index (self->outputs, Wire, 0);
  EqsProbeWire    found;
  const EqkGroup *whole;
  EqkElement      g;
  gboolean        exact;

  g_return_val_if_fail (self->outputs->len > 0, NAN);
  if (!run_turned (self, angle_rad, mirror, &whole, &g, &exact, error))
    return NAN;
  if (on_grid != NULL)
    *on_grid = exact;
  fill_wire (self, wire, whole, &g, exact, eqk_run_value (self->run, wire->value), &found);
  wire_clear (&found);
  return found.residual;
}
