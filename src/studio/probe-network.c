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
#include "services/moves.h"

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
  gboolean    still;        /* the look at hand moves nothing */
  gboolean    fast;         /* kernels in use differ from direct ones */
  gboolean    fast_known;
  EqsMoves   *moves;        /* owned: the sample */
  Wire        wire;
  int         wire_node;    /* of the kernel graph; -1 */
  float      *attention;    /* owned (nullable): of the sample as it is, [edges] */
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
  g_free (self->order);
  g_free (self->graph.links);
  g_free (self->graph.attention);
  g_free (self->graph.attention_back);
  g_clear_pointer (&self->paths, g_array_unref);
  g_free (self);
}

/* ---- the network ---- */

static void
wire_clear_cb (gpointer data)
{
  Wire *wire = data;

  g_clear_pointer (&wire->plain, g_free);
  g_clear_pointer (&wire->name, g_free);
}

EqsProbeNetwork *
eqs_probe_network_new (EqsModel *model, GError **error)
{
  g_autoptr (EqsProbeNetwork) self = g_new0 (EqsProbeNetwork, 1);
  const EqkCompileOptions     options = { .keep_all = true };
  EqkDiag                     diag = EQK_DIAG_INIT;

  self->model = model;
  self->wire.value = self->wire_node = -1;
  self->outputs = g_array_new (FALSE, TRUE, sizeof (Wire));
  g_array_set_clear_func (self->outputs, wire_clear_cb);
  if (eqk_compile (model->typed, &options, &self->program, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return NULL;
    }
  self->moves = eqs_moves_new (self->program);
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
  g_clear_pointer (&self->moves, eqs_moves_free);
  g_free (self->attention);
  eqk_run_free (self->run);
  eqk_program_free (self->program);
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
  eqs_moves_keep (self->moves, self->run);
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
  self->wire_node = node == NULL ? -1 : kernel;
  self->fed = FALSE;
  return TRUE;
}

/* ---- running ---- */

static gboolean
forward (EqsProbeNetwork *self, GError **error)
{
  EqkDiag diag = EQK_DIAG_INIT;

  if (eqk_run_forward (self->run, EQK_PASS_INFER, &diag) == EQK_OK)
    return TRUE;
  eqs_compile_set_error (error, diag.status, &diag);
  return FALSE;
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

  if (self->fast_known || eqs_moves_get_n_feeds (self->moves) != 1 || eqk_program_n_structures (self->program) > 0 ||
      eqk_program_value (self->program, eqs_moves_get_feed (self->moves, 0)->value)->space.kind != EQK_SPACE_GRID)
    return TRUE;      /* only convolutions of pictures have fast forms */
  ok = eqk_compile (self->model->typed, &compile, &direct, &diag) == EQK_OK &&
       eqk_run_new (direct, self->model->store, &options, &run, &diag) == EQK_OK && eqk_run_set_sizes (run, &self->run->sizes, &diag) == EQK_OK;
  if (ok)
    {
      const EqsMovesFeed *feed = eqs_moves_get_feed (self->moves, 0);

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

/* What the layer of the wire gives each edge: softmax over those that end at one node; the mean over heads. NULL: it does not attend. */
static float *
dup_attention (EqsProbeNetwork *self)
{
  const gsize n = self->run->sizes.edges;

  for (int i = 0; i < eqk_program_n_ops (self->program) && self->wire_node >= 0 && n > 0; i++)
    {
      const EqkOp *op = eqk_program_op (self->program, i);

      if (op->node == self->wire_node && g_str_equal (op->id, "segment_softmax") && eqk_program_value (self->program, op->out[0])->space.kind == EQK_SPACE_EDGES)
        {
          const gsize  heads = (gsize) eqk_program_value (self->program, op->out[0])->width;
          const float *from = eqk_run_value (self->run, op->out[0]);
          float       *mean = g_new0 (float, n);

          for (gsize e = 0; e < n * heads; e++)
            mean[e / heads] += from[e] / (float) heads;
          return mean;
        }
    }
  return NULL;
}

/* Runs x once; the plain values stay until sample or wire change. */
static gboolean
run_plain (EqsProbeNetwork *self, GError **error)
{
  EqkDiag diag = EQK_DIAG_INIT;

  if (self->fed)
    return TRUE;
  if (eqs_moves_feed (self->moves, self->run, NULL, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return FALSE;
    }
  if (!forward (self, error))
    return FALSE;
  eqs_moves_keep_parts (self->moves, self->run);
  if (self->wire.value >= 0)
    keep_plain (self, &self->wire);
  for (guint o = 0; o < self->outputs->len; o++)
    keep_plain (self, &g_array_index (self->outputs, Wire, o));
  g_free (self->attention);
  self->attention = dup_attention (self);
  self->fed = TRUE;
  return find_fast (self, error);
}

/* ---- elements ---- */

static const EqkGroup *
whole_group (EqsProbeNetwork *self, gboolean mirror)
{
  const EqkGroup *group = eqk_graph_get_symmetry (eqk_typed_graph (self->model->typed))->group;

  if (eqk_group_get_space_dim (group) == 3)
    return eqk_group_get ("O3");
  if (eqk_group_get_space_dim (group) == 2 || eqs_moves_get_n_feeds (self->moves) == 0)
    {
      char             number[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *id = NULL;

      if (!mirror)
        return eqk_group_get ("SO2");
      id = g_strdup_printf ("O2@axis=%s", g_ascii_formatd (number, sizeof number, "%g", eqk_group_get_axis_deg (group)));
      return eqk_group_get (eqk_group_get_axis_deg (group) == 0 ? "O2" : id);
    }
  /* Pictures under the trivial group can be turned all the same: that shows what is not promised. */
  for (guint i = 0; i < eqs_moves_get_n_feeds (self->moves); i++)
    if (eqs_moves_get_feed (self->moves, i)->type.space.kind == EQK_SPACE_GRID)
      return eqk_group_get (mirror ? "O2" : "SO2");
  return group;      /* sets and graphs: nothing turns, nodes change places */
}

static EqkElement
element_of (const EqkGroup *whole, const EqsProbeMove *move)
{
  EqkElement g = eqk_group_identity (whole);

  if (eqk_group_get_space_dim (whole) == 3)
    {
      g.mirror = move->mirror;
      g.q[0] = cos (move->angle_rad / 2);
      g.q[3] = sin (move->angle_rad / 2);
      if (move->q[0] != 0 || move->q[1] != 0 || move->q[2] != 0 || move->q[3] != 0)
        memcpy (g.q, move->q, sizeof g.q);
    }
  else if (eqk_group_get_space_dim (whole) == 2)
    {
      g.mirror = move->mirror;
      g.angle = fmod (fmod (move->angle_rad, 2 * G_PI) + 2 * G_PI, 2 * G_PI);
    }
  return g;
}

/* Whether shift and order are promised by the design. */
static gboolean
is_promised (EqsProbeNetwork *self, const EqkAction *action)
{
  const EqkSymmetry *symmetry = eqs_probe_network_get_symmetry (self);

  return (action->shift == NULL || symmetry->translations) && (action->moves == NULL || symmetry->permutations != EQK_PERMUTE_NONE);
}

/* ---- looking ---- */

/* Feeds g·x. @return FALSE with an error where an input cannot be turned so */
static gboolean
feed_moved (EqsProbeNetwork *self, EqkAction *action, gboolean *on_grid, GError **error)
{
  EqkDiag         diag = EQK_DIAG_INIT;
  const EqkStatus status = eqs_moves_feed (self->moves, self->run, action, &diag);

  *on_grid = TRUE;
  for (guint i = 0; i < eqs_moves_get_n_feeds (self->moves); i++)
    *on_grid = *on_grid && eqk_action_is_exact (action, &eqs_moves_get_feed (self->moves, i)->type);
  if (status == EQK_OK)
    return TRUE;
  if (diag.what[0] != 0)
    eqs_compile_set_error (error, status, &diag);
  else
    g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, status == EQK_ERR_SHAPE ? _("This sample is not square: only half turns and mirrors keep its shape.") :
                         _("The channels of this sample have no such turn."));
  return FALSE;
}

/* |back - plain|, |plain| and the largest difference; between pixels over the disk that stays in the picture. */
static void
compare (const Wire *wire, const EqkPortType *type, gboolean on_grid, const float *back, double *residual, double *largest)
{
  const gsize    pixels = type->space.kind == EQK_SPACE_GRID ? (gsize) type->space.h * (gsize) type->space.w : 0;
  const gboolean cut = !on_grid && pixels > 0;
  double         difference = 0, size = 0;

  *largest = 0;
  for (gsize r = 0; r < wire->rows; r++)
    for (gsize c = 0; (!cut || eqk_action_in_disk (&type->space, r % pixels)) && c < wire->width; c++)
      {
        const double a = back[r * wire->width + c], b = wire->plain[r * wire->width + c];

        difference += (a - b) * (a - b);
        size += b * b;
        *largest = fmax (*largest, fabs (a - b));
      }
  *residual = size > 0 ? sqrt (difference / size) : NAN;
}

/* 1 + |t|/radius for points that are shifted by t: the rounding of shifted coordinates is not the network's (as the audit has it). */
static double
shift_allowance (EqsProbeNetwork *self, const EqkAction *action)
{
  double square = 0, radius = 0;

  for (guint i = 0; action->shift != NULL && i < eqs_moves_get_n_feeds (self->moves); i++)
    {
      const EqsMovesFeed *feed = eqs_moves_get_feed (self->moves, i);

      for (gsize k = 0; feed->type.kind == EQK_KIND_POSITION && k + 2 < feed->count; k += 3)
        {
          const float *x = (const float *) feed->plain + k;

          radius = fmax (radius, sqrt (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]));
        }
    }
  for (int k = 0; radius > 0 && k < 3; k++)
    square += action->shift[k] * action->shift[k];
  return radius > 0 ? 1 + sqrt (square) / radius : 1;
}

/* Whether the sample stands as it is: by the identity, by turns of 360°, by nodes in their places. */
static gboolean
is_still (const EqkAction *action, const EqsProbeMove *move)
{
  const EqkElement *g = &action->g;
  const int         dim = eqk_group_get_space_dim (action->group);

  if (g->mirror != 0 || action->shift != NULL || (dim == 3 && fabs (g->q[0]) < 1 - 1e-14) || (dim == 2 && MIN (g->angle, 2 * G_PI - g->angle) > 1e-9))
    return FALSE;
  for (gsize k = 0; action->moves != NULL && k < move->n_order; k++)
    if (action->moves[k] != (gint32) k)
      return FALSE;
  return TRUE;
}

static EqsProbeVerdict
judge (EqsProbeNetwork *self, const EqkPortType *type, const EqkAction *action, double residual, gboolean is_element, gboolean on_grid, double *limit)
{
  *limit = !on_grid ? eqk_audit_limit_between () : (type->kind == EQK_KIND_FORCE ? eqk_audit_limit_forces () : eqk_audit_limit (self->fast)) * shift_allowance (self, action);
  if (isnan (residual))
    return EQS_PROBE_UNDEFINED;
  if (self->still || !is_element)
    {
      *limit = NAN;
      return self->still ? EQS_PROBE_UNMOVED : EQS_PROBE_UNPROMISED;
    }
  if (residual > *limit)
    return EQS_PROBE_BROKEN;
  return on_grid ? EQS_PROBE_EXACT : EQS_PROBE_WITHIN;
}

static void
fill_wire (EqsProbeNetwork *self, const Wire *wire, const EqkAction *action, gboolean on_grid, const float *turned, EqsProbeWire *out)
{
  const EqkElement inverse = eqk_group_inverse (action->group, &action->g);
  const gsize      n = wire->rows * wire->width;
  EqkPortType      type;
  gboolean         is_element = FALSE;

  *out = (EqsProbeWire){ .name = g_strdup (wire->name), .type = wire->type, .rows = wire->rows, .width = wire->width,
                         .plain = g_memdup2 (wire->plain, n * sizeof (float)), .turned = g_memdup2 (turned, n * sizeof (float)),
                         .residual = NAN, .largest = NAN, .limit = NAN, .verdict = EQS_PROBE_UNDEFINED };
  if (!eqs_moves_type_for (&wire->type, action->group, &inverse, &type, &is_element) || eqk_run_rows (self->run, wire->value) != wire->rows)
    return;
  out->back = g_new (float, n + 1);
  if (eqs_moves_back (self->moves, self->run, action, &wire->type, turned, out->back) != EQK_OK)
    {
      g_clear_pointer (&out->back, g_free);
      return;
    }
  compare (wire, &type, on_grid && eqk_action_is_exact (action, &wire->type), out->back, &out->residual, &out->largest);
  out->verdict = judge (self, &wire->type, action, out->residual, is_element && is_promised (self, action), on_grid, &out->limit);
}

/* The sample: the first input that is no list of kinds. */
static void
fill_input (EqsProbeNetwork *self, const EqkAction *action, gboolean on_grid, EqsProbeWire *out)
{
  for (guint i = 0; i < eqs_moves_get_n_feeds (self->moves); i++)
    {
      const EqsMovesFeed *feed = eqs_moves_get_feed (self->moves, i);
      const gsize         width = (gsize) eqk_program_value (self->program, feed->value)->width;
      Wire                wire = { .value = feed->value, .type = feed->type, .plain = feed->plain, .width = width, .rows = feed->count / width };

      if (feed->index)
        continue;
      wire.name = (char *) eqk_program_value (self->program, feed->value)->name;
      fill_wire (self, &wire, action, on_grid, eqk_run_feed (self->run, feed->value), out);
      return;
    }
}

static void
fill_graph (EqsProbeNetwork *self, const EqkAction *action, EqsProbeGraph *graph)
{
  const EqkStructure *base = eqs_moves_get_structure (self->moves, 0);
  const EqkSymmetry  *symmetry = eqs_probe_network_get_symmetry (self);
  const EqkPortType   type = { .space = { .kind = EQK_SPACE_EDGES }, .symmetry = *symmetry, .rep = eqk_rep_single (eqk_group_trivial (symmetry->group), 1) };
  g_autofree float   *moved = NULL;

  graph->n_nodes = base->n_nodes;
  if (base->src == NULL)
    return;
  graph->n_edges = base->n_edges;
  graph->links = g_new (gint32, 2 * base->n_edges + 1);
  for (gsize e = 0; e < base->n_edges; e++)
    {
      graph->links[2 * e] = base->src[e];
      graph->links[2 * e + 1] = base->dst[e];
    }
  if (self->attention == NULL || (moved = dup_attention (self)) == NULL)
    return;
  graph->attention = g_memdup2 (self->attention, base->n_edges * sizeof (float));
  graph->attention_back = g_new (float, base->n_edges + 1);
  if (eqs_moves_back (self->moves, self->run, action, &type, moved, graph->attention_back) != EQK_OK)
    g_clear_pointer (&graph->attention_back, g_free);
}

/* Each row once? */
static gboolean
is_order (const gint32 *order, gsize n)
{
  g_autofree gboolean *seen = g_new0 (gboolean, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      if (order[i] < 0 || (gsize) order[i] >= n || seen[order[i]])
        return FALSE;
      seen[order[i]] = TRUE;
    }
  return TRUE;
}

static gboolean
run_moved (EqsProbeNetwork *self, const EqsProbeMove *move, EqkAction *action, gboolean *on_grid, GError **error)
{
  g_return_val_if_fail (self->run != NULL, FALSE);

  if (!run_plain (self, error))
    return FALSE;
  *action = (EqkAction){ .group = whole_group (self, move->mirror) };
  action->g = element_of (action->group, move);
  if (eqk_group_get_space_dim (action->group) == 3 && (move->shift[0] != 0 || move->shift[1] != 0 || move->shift[2] != 0))
    action->shift = move->shift;
  if (move->order != NULL && move->n_order == eqs_probe_network_get_n_nodes (self) && is_order (move->order, move->n_order))
    action->moves = move->order;
  self->still = is_still (action, move);
  return feed_moved (self, action, on_grid, error) && forward (self, error);
}

EqsProbeResult *
eqs_probe_network_look_moved (EqsProbeNetwork *self, const EqsProbeMove *move, GError **error)
{
  g_autoptr (EqsProbeResult) result = NULL;
  EqkAction action;
  gboolean  on_grid;

  g_return_val_if_fail (self->wire.value >= 0, NULL);
  if (!run_moved (self, move, &action, &on_grid, error))
    return NULL;
  result = eqs_probe_result_new_error (NULL);
  result->angle_rad = move->angle_rad;
  result->mirror = move->mirror;
  memcpy (result->q, action.g.q, sizeof result->q);
  memcpy (result->shift, move->shift, sizeof result->shift);
  if (action.moves != NULL)
    {
      result->order = g_memdup2 (action.moves, move->n_order * sizeof *result->order);
      result->n_order = move->n_order;
    }
  result->on_grid = on_grid;
  result->sample = self->sample;
  fill_input (self, &action, on_grid, &result->input);
  fill_wire (self, &self->wire, &action, on_grid, eqk_run_value (self->run, self->wire.value), &result->wire);
  fill_graph (self, &action, &result->graph);
  result->paths = eqs_probe_paths (self->run, self->wire_node);
  result->n_outputs = self->outputs->len;
  result->outputs = g_new0 (EqsProbeWire, result->n_outputs + 1);
  for (guint o = 0; o < result->n_outputs; o++)
    {
      const Wire *wire = &g_array_index (self->outputs, Wire, o);

      fill_wire (self, wire, &action, on_grid, eqk_run_value (self->run, wire->value), &result->outputs[o]);
    }
  return g_steal_pointer (&result);
}

EqsProbeResult *
eqs_probe_network_look (EqsProbeNetwork *self, double angle_rad, gboolean mirror, GError **error)
{
  const EqsProbeMove move = { .angle_rad = angle_rad, .mirror = mirror };

  return eqs_probe_network_look_moved (self, &move, error);
}

double
eqs_probe_network_measure_moved (EqsProbeNetwork *self, const EqsProbeMove *move, gboolean *on_grid, GError **error)
{
  const Wire  *wire = &g_array_index (self->outputs, Wire, 0);
  EqsProbeWire found;
  EqkAction    action;
  gboolean     exact;

  g_return_val_if_fail (self->outputs->len > 0, NAN);
  if (!run_moved (self, move, &action, &exact, error))
    return NAN;
  if (on_grid != NULL)
    *on_grid = exact;
  fill_wire (self, wire, &action, exact, eqk_run_value (self->run, wire->value), &found);
  wire_clear (&found);
  return found.residual;
}

double
eqs_probe_network_measure (EqsProbeNetwork *self, double angle_rad, gboolean mirror, gboolean *on_grid, GError **error)
{
  const EqsProbeMove move = { .angle_rad = angle_rad, .mirror = mirror };

  return eqs_probe_network_measure_moved (self, &move, on_grid, error);
}

gsize
eqs_probe_network_get_n_nodes (EqsProbeNetwork *self)
{
  return self->run == NULL ? 0 : self->run->sizes.nodes;
}

const EqkSymmetry *
eqs_probe_network_get_symmetry (EqsProbeNetwork *self)
{
  return eqk_graph_get_symmetry (eqk_typed_graph (self->model->typed));
}

void
eqs_probe_network_get_limits (EqsProbeNetwork *self, double *exact, double *between)
{
  *exact = eqk_audit_limit (self->fast);
  *between = eqk_audit_limit_between ();
}
