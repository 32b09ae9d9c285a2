/*
 * The text of selftest.c: inputs as small integers times a power of two, so that they are the same numbers everywhere; outputs
 * of this library in double precision with direct kernels; elements of the symmetry as matrices of pixels and of channels.
 */

#include "emit/emit-private.h"

#include "group/group-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_PAIRS = 16, N_ELEMENTS = 3, N_DRAWS = 6 };

/*
 * Where an operation jumps (a frame of arrows that nearly cancel, the largest of several numbers) an answer can be ill-determined by its input: rounding is
 * magnified, in any code. By how much is measured: the library itself in single precision, beside double precision, the worst of some draws. An exported program adds one number
 * after the other where the library adds in lanes, which rounds up to ten times more; so it is allowed a multiple, but never more than most_allowed.
 */
static const double usually_allowed = 1e-5, most_allowed = 1e-3, times_single = 32;

/* ---- pairs ---- */

/* The caller's order of number i of a port. */
static size_t
caller_index (const EqkValue *v, size_t i)
{
  const size_t pixels = (size_t) v->space.h * (size_t) v->space.w, width = (size_t) v->width;

  if (v->space.kind != EQK_SPACE_GRID)
    return i;
  return (i % width) * pixels + i / width;
}

/* Where an operation picks the largest of several numbers, coarse inputs would make ties, which break differently when turned. */
static bool
needs_fine (const EqkEmitter *self)
{
  for (int i = 0; i < eqk_program_n_ops (self->program); i++)
    if (self->plan->types[eqk_program_op (self->program, i)->type]->smooth == EQK_SMOOTH_JUMPS)
      return true;
  return false;
}

/* Integers per unit: a power of two by which all numbers of the feed fit 16 bits, or the 24 of a float. */
static double
scale_of (const EqkRigFeed *feed, size_t count, bool fine)
{
  double largest = 0, scale = fine ? 1048576 : feed->type.kind == EQK_KIND_POSITION || feed->type.kind == EQK_KIND_CELL || feed->type.space.kind == EQK_SPACE_EDGES ? 1024 : 64;

  for (size_t i = 0; i < count; i++)
    largest = fmax (largest, fabs (feed->data[i]));
  while (largest * scale > (fine ? 16e6 : 32000))
    scale /= 2;
  return scale;
}

static void
quantise (EqkRigFeed *feed, size_t count, double scale, int n_kinds)
{
  for (size_t i = 0; i < count; i++)
    if (!feed->index)
      feed->data[i] = round (feed->data[i] * scale) / scale;
    else if (n_kinds > 0)
      feed->data[i] = fmod (feed->data[i], n_kinds);
}

static void
add_input (EqkEmitter *self, EqkText *out, int pair, int i, EqkRig *rig)
{
  const EqkEmitPort *port = &self->ports[i];
  const EqkRigFeed  *feed = &rig->feeds[i];
  const EqkValue    *v = eqk_program_value (self->program, port->value);
  double            *sorted = calloc (feed->count + 1, sizeof *sorted);

  if (sorted == NULL)
    {
      eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "self-test");
      return;
    }
  for (size_t k = 0; k < feed->count; k++)
    sorted[caller_index (v, k)] = feed->data[k];
  eqk_text_add (out, "static const %s %s_%d[] = {", port->index || self->fine ? "int32_t" : "int16_t", port->name, pair);
  for (size_t k = 0; k < feed->count; k++)
    eqk_text_add (out, "%s%ld,", k % 24 == 0 ? "\n  " : " ", lround (sorted[k] * (port->index ? 1 : self->scale[i])));
  eqk_text_add (out, "%s\n};\n", feed->count == 0 ? " 0" : "");
  free (sorted);
}

static void
add_indices (EqkText *out, const char *name, int pair, const int32_t *data, size_t n)
{
  eqk_text_add (out, "static const int32_t %s_%d[] = {", name, pair);
  for (size_t i = 0; i < n; i++)
    eqk_text_add (out, "%s%d,", i % 24 == 0 ? "\n  " : " ", (int) data[i]);
  eqk_text_add (out, "%s\n};\n", n == 0 ? " 0" : "");
}

static void
add_expected (EqkEmitter *self, EqkText *out, int pair, const EqkEmitPort *port, EqkRig *rig)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);
  const size_t    n = eqk_rig_count (rig, port->value);
  float          *sorted = calloc (n + 1, sizeof *sorted);

  if (sorted == NULL)
    {
      eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "self-test");
      return;
    }
  for (size_t i = 0; i < n; i++)
    {
      sorted[caller_index (v, i)] = (float) eqk_rig_number (rig, rig->run->x[port->value], i);
      if (!isfinite (eqk_rig_number (rig, rig->run->x[port->value], i)))
        eqk_emitter_fail (self, EQK_ERR_NAN, "output %s is not finite", port->name);
    }
  eqk_text_add (out, "static const float %s_%d[] = {", port->name, pair);
  for (size_t i = 0; i < n; i++)
    {
      eqk_text_add (out, i % 8 == 0 ? "\n  " : " ");
      eqk_text_float (out, sorted[i]);
      eqk_text_append (out, ",", 1);
    }
  eqk_text_add (out, "%s\n};\n", n == 0 ? " 0.0f" : "");
  free (sorted);
}

static EqkStatus
run_pair (EqkEmitter *self, EqkRig *rig, EqkDiag *diag)
{
  EqkStatus status;

  for (int i = 0; i < rig->n_feeds; i++)
    quantise (&rig->feeds[i], eqk_rig_count (rig, rig->feeds[i].value), self->scale[i], self->ports[i].n_kinds);
  status = eqk_rig_load (rig, NULL, diag);
  return status == EQK_OK ? eqk_run_forward (rig->run, EQK_PASS_INFER, diag) : status;
}

uint64_t
eqk_emitter_seed (const EqkEmitter *self, int pair)
{
  uint64_t seed = 1000 * self->options->seed + 37 * (uint64_t) pair;

  for (int tries = 0; tries < 36; tries++, seed++)
    {
      const int n = eqk_inputs_nodes (seed, 0);

      if (n <= self->options->max_nodes && n * (n - 1) <= self->options->max_edges)
        break;
    }
  return seed;
}

/* Clouds of different sizes need a plan each; grids do not. */
static EqkRig *
rig_of_pair (EqkEmitter *self, int pair, EqkDiag *diag)
{
  EqkRigOptions options = { .precision = EQK_F64, .batch = 1, .seed = eqk_emitter_seed (self, pair) };
  EqkRig       *rig = NULL;

  if (!self->has_nodes)
    {
      eqk_rig_refill (self->rig, options.seed);
      return self->rig;
    }
  for (int tries = 0; tries < 36; tries++, options.seed += 1000003)      /* how many images are near depends on the lattice */
    {
      if (eqk_rig_new (self->program, self->store, &options, &rig, diag) != EQK_OK)
        {
          eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "self-test");
          return NULL;
        }
      if (rig->run->sizes.edges <= (size_t) self->options->max_edges)
        return rig;
      eqk_rig_free (rig);
      rig = NULL;
    }
  eqk_emitter_fail (self, EQK_ERR_LIMIT, "%d edges are too few for the self-test", self->options->max_edges);
  return NULL;
}

/* One scale for all pairs: the coarsest. */
static void
choose_scales (EqkEmitter *self, const EqkRig *rig)
{
  for (int i = 0; i < self->n_inputs; i++)
    {
      const double scale = scale_of (&rig->feeds[i], eqk_rig_count (rig, rig->feeds[i].value), self->fine);

      self->scale[i] = self->scale[i] > 0 && self->scale[i] < scale ? self->scale[i] : scale;
    }
}

/* The inputs of a pair; from the second draw on moved by half a unit of their last place in single precision, one way or the other. */
static void
feed_draw (EqkRig *single, const EqkRig *rig, unsigned draw)
{
  for (int i = 0; i < rig->n_feeds; i++)
    for (size_t k = 0; k < rig->feeds[i].count; k++)
      {
        const bool up = ((((unsigned) k + 1) * 2654435761u + draw * 2246822519u) >> 15 & 1) != 0;

        single->feeds[i].data[k] = rig->feeds[i].data[k] * (draw == 0 || rig->feeds[i].index ? 1 : up ? 1 + 1.2e-7 : 1 - 1.2e-7);
      }
}

/* How far single precision is from the outputs, the worst of some draws: one alone may come out well by luck. */
static EqkStatus
measure_single (EqkEmitter *self, int pair, const EqkRig *rig, EqkDiag *diag)
{
  EqkRigOptions options = rig->options;
  EqkRig       *single = NULL;
  EqkStatus     status;

  options.precision = EQK_F32;
  status = eqk_rig_new (self->program, self->store, &options, &single, diag);
  for (unsigned draw = 0; status == EQK_OK && draw < N_DRAWS; draw++)
    {
      feed_draw (single, rig, draw);
      status = eqk_rig_load (single, NULL, diag);
      status = status == EQK_OK ? eqk_run_forward (single->run, EQK_PASS_INFER, diag) : status;
      for (int i = self->n_inputs; status == EQK_OK && i < self->n_ports; i++)
        for (size_t k = 0; k < eqk_rig_count (rig, self->ports[i].value); k++)
          {
            const double y = eqk_rig_number (rig, rig->run->x[self->ports[i].value], k);
            double      *worst = &self->single_error[pair * self->n_ports + i];

            *worst = fmax (*worst, fabs (eqk_rig_number (single, single->run->x[self->ports[i].value], k) - y));
            self->largest[i] = fmax (self->largest[i], fabs (y));
          }
    }
  eqk_rig_free (single);
  return status;
}

/* Relative to the largest number of an output, as the self-test compares. */
static double
allowed_in_pair (const EqkEmitter *self, int pair)
{
  double allowed = usually_allowed;

  for (int i = self->n_inputs; self->single_error != NULL && i < self->n_ports; i++)
    if (self->largest[i] > 0)
      allowed = fmax (allowed, times_single * self->single_error[pair * self->n_ports + i] / self->largest[i]);
  return fmin (allowed, most_allowed);
}

static void
add_pair (EqkEmitter *self, EqkText *out, int pair, EqkRig *rig)
{
  const EqkStructure *s = &rig->run->structures[0];
  EqkDiag             diag = EQK_DIAG_INIT;
  EqkStatus           status = run_pair (self, rig, &diag);

  if (status == EQK_OK && self->single_error != NULL)
    status = measure_single (self, pair, rig, &diag);
  if (status != EQK_OK)
    {
      eqk_emitter_fail (self, status, "self-test: %s", diag.what);
      return;
    }
  for (int i = 0; i < self->n_inputs; i++)
    add_input (self, out, pair, i, rig);
  if (self->has_edges)
    {
      add_indices (out, "src", pair, s->src, s->n_edges);
      add_indices (out, "dst", pair, s->dst, s->n_edges);
      if (self->has_shifts)
        add_indices (out, "shift", pair, s->shift, 3 * s->n_edges);
    }
  for (int i = self->n_inputs; i < self->n_ports; i++)
    add_expected (self, out, pair, &self->ports[i], rig);
  self->pair_nodes[pair] = (int) rig->run->sizes.nodes;
  self->pair_edges[pair] = (int) rig->run->sizes.edges;
  memcpy (self->pair_kept + pair * EQK_MAX_SELECTIONS, rig->run->sizes.kept, sizeof rig->run->sizes.kept);
}

static void
add_pairs (EqkEmitter *self, EqkText *out)
{
  EqkDiag diag = EQK_DIAG_INIT;

  for (int round = 0; round < 2; round++)
    for (int pair = 0; self->status == EQK_OK && pair < N_PAIRS; pair++)
      {
        EqkRig *rig = rig_of_pair (self, pair, &diag);

        if (rig == NULL)
          return;
        if (round == 0)
          choose_scales (self, rig);
        else
          add_pair (self, out, pair, rig);
        if (rig != self->rig)
          eqk_rig_free (rig);
      }
}

/* ---- elements ---- */

static bool
acts_everywhere (const EqkEmitter *self, const EqkGroup *group, const EqkElement *g)
{
  EqkElement own;

  for (int i = 0; i < self->n_ports; i++)
    {
      const EqkPortType *type = self->ports[i].type;
      double             m[9] = { 1, 0, 0, 1 };

      if (self->ports[i].index)
        continue;
      if (!eqk_group_descend (group, type->symmetry.group, g, &own))
        return false;
      if (type->space.kind != EQK_SPACE_GRID)
        continue;
      if (!eqk_group_on_grid (group, g))
        return false;
      if (eqk_group_get_space_dim (group) == 2)
        eqk_group_action (group, g, m);
      if (type->space.h != type->space.w && fabs (m[0]) < 0.5)
        return false;
    }
  return true;
}

static bool
is_promised (const EqkEmitter *self, int bit)
{
  for (int i = self->n_inputs; i < self->n_ports; i++)
    {
      const EqkGuarantee *promise = &self->ports[i].type->guarantee;

      if (promise->holds == EQK_HOLDS_LOST || (bit < 0 ? promise->exact != EQK_ALL_ELEMENTS : (promise->exact >> bit & 1) == 0))
        return false;
    }
  return true;
}

/* Three elements that the types promise exactly, spread over the list; fewer where the group has fewer. */
static int
choose_elements (const EqkEmitter *self, const EqkSymmetry *symmetry, EqkElement out[N_ELEMENTS])
{
  EqkElement     all[64];
  int            n = 0;
  const uint64_t full = eqk_guarantee_full_mask (symmetry->group);

  if (eqk_group_get_space_dim (symmetry->group) == 3)
    for (int i = 0; i < N_ELEMENTS && is_promised (self, -1); i++)
      all[n++] = eqk_group_sample (symmetry->group, self->options->seed, 100 + (uint64_t) i);
  else
    for (int bit = 1; bit < 64; bit++)
      if ((full >> bit & 1) != 0 && is_promised (self, bit))
        {
          all[n] = eqk_guarantee_element (symmetry->group, bit);
          n += acts_everywhere (self, symmetry->group, &all[n]);
        }
  if (n == 0 && symmetry->permutations != EQK_PERMUTE_NONE && self->has_nodes && is_promised (self, eqk_group_get_space_dim (symmetry->group) == 3 ? -1 : 0))
    all[n++] = eqk_group_identity (symmetry->group);
  for (int i = 0; i < N_ELEMENTS && i < n; i++)
    out[i] = all[n <= N_ELEMENTS ? i : i * (n - 1) / (N_ELEMENTS - 1)];
  return n < N_ELEMENTS ? n : N_ELEMENTS;
}

/* rho(g) as a list of its numbers that are not zero. */
static void
add_matrix (EqkEmitter *self, EqkText *out, const EqkEmitPort *port, int element, const EqkGroup *group, const EqkElement *g)
{
  const int  dim = eqk_rep_get_dim (port->type->rep);
  double    *x = calloc ((size_t) dim + 1, sizeof *x), *y = calloc ((size_t) dim + 1, sizeof *y);
  EqkElement own = *g;
  int        n = 0;

  if (x == NULL || y == NULL || !eqk_group_descend (group, port->type->symmetry.group, g, &own))
    eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "self-test");
  eqk_text_add (out, "static const entry %s_by_%d[] = {", port->name, element);
  for (int j = 0; x != NULL && y != NULL && j < dim; j++)
    {
      x[j] = 1;
      if (eqk_rep_apply_f64 (port->type->rep, &own, x, y, 1) != EQK_OK)
        eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "self-test");
      x[j] = 0;
      for (int i = 0; i < dim; i++)
        if (fabs (y[i]) > 1e-12)
          {
            eqk_text_add (out, "%s{ %d, %d, ", n++ % 6 == 0 ? "\n  " : " ", i, j);
            eqk_text_float (out, (float) y[i]);
            eqk_text_append (out, " },", 3);
          }
    }
  eqk_text_add (out, "\n};\n");
  free (x);
  free (y);
}

static bool
is_moved (const EqkEmitPort *port)      /* channels turn */
{
  return !port->index && !eqk_rep_is_trivial (port->type->rep);
}

/* Rows of a ragged port in the pair p; 1 for others. */
static const char *
rows_in_pair (EqkEmitter *self, const EqkSpace *space)
{
  const char *nodes = eqk_emit_word (self, "n_nodes", space->structure);

  switch (space->kind)
    {
    case EQK_SPACE_NODES: return eqk_emitter_text (self, "(size_t) p->%s", nodes);
    case EQK_SPACE_EDGES: return eqk_emitter_text (self, "(size_t) p->%s", eqk_emit_word (self, "n_edges", space->structure));
    case EQK_SPACE_PAIRS: return eqk_emitter_text (self, "(size_t) p->%s * (size_t) p->%s", nodes, nodes);
    default:              return "1";
    }
}

/* What an element does to one port: pixels or rows are moved, channels are turned, positions shifted. */
static void
add_turn (EqkEmitter *self, EqkText *out, const EqkEmitPort *port, int n_elements, const EqkSymmetry *symmetry)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);
  const char     *c = port->index ? "int32_t" : "float";
  const bool      grid = v->space.kind == EQK_SPACE_GRID;
  const char     *rows = grid ? eqk_emitter_text (self, "%d", v->space.h * v->space.w) : rows_in_pair (self, &v->space);

  eqk_text_add (out, "static void\nturn_%s (const pair *p, int element, const %s *x, %s *y)\n{\n", port->name, c, c);
  if (is_moved (port))
    {
      eqk_text_add (out, "  static const entry *const matrix[] = {");
      for (int e = 0; e < n_elements; e++)
        eqk_text_add (out, " %s_by_%d,", port->name, e);
      eqk_text_add (out, " };\n  static const size_t n[] = {");
      for (int e = 0; e < n_elements; e++)
        eqk_text_add (out, " sizeof %s_by_%d / sizeof (entry),", port->name, e);
      eqk_text_add (out, " };\n\n");
    }
  eqk_text_add (out, "  (void) p;\n  (void) element;\n");
  if (grid)
    eqk_text_add (out, "  move_pixels (pixels[element], x, y, %d, %d, %d);\n", v->width, v->space.h, v->space.w);
  else if (symmetry->permutations != EQK_PERMUTE_NONE && (v->space.kind == EQK_SPACE_NODES || v->space.kind == EQK_SPACE_EDGES || v->space.kind == EQK_SPACE_PAIRS))
    eqk_text_add (out, "  for (size_t i = 0; i < %s; i++)\n    memcpy (y + i * %d, x + (%s - 1 - i) * %d, %d * sizeof *y);\n", rows, v->width, rows, v->width, v->width);
  else
    eqk_text_add (out, "  memcpy (y, x, %s * %d * sizeof *y);\n", rows, v->width);
  if (is_moved (port))
    eqk_text_add (out, "  turn_channels (matrix[element], n[element], y, %s, %d, %s, %s);\n", rows, v->width, grid ? "1" : eqk_emitter_text (self, "%d", v->width), grid ? rows : "1");
  if (port->type->kind == EQK_KIND_POSITION && symmetry->translations)
    eqk_text_add (out, "  for (size_t i = 0; i < %s * %d; i++)\n    y[i] += 0.5f * (float) (i %% %d + 1);\n", rows, v->width, v->width);
  eqk_text_add (out, "}\n\n");
}

static const char turning[] =
  "/* out[row][column] = in at the place that the element takes there; m is its matrix, x to the right, y up. */\n"
  "static void\nmove_pixels (const float *m, const float *x, float *y, int channels, int h, int w)\n{\n"
  "  for (int row = 0; row < h; row++)\n    for (int column = 0; column < w; column++)\n      {\n"
  "        const float px = (float) column - 0.5f * (float) (w - 1), py = 0.5f * (float) (h - 1) - (float) row;\n"
  "        const float fx = m[0] * px + m[2] * py, fy = m[1] * px + m[3] * py;   /* the inverse is the transpose */\n"
  "        const int   from_row = (int) floorf (0.5f * (float) (h - 1) - fy + 0.5f), from_column = (int) floorf (fx + 0.5f * (float) (w - 1) + 0.5f);\n\n"
  "        for (int c = 0; c < channels; c++)\n          y[(c * h + row) * w + column] = x[(c * h + from_row) * w + from_column];\n      }\n}\n\n";

static const char turning_channels[] =
  "/* y = matrix y in every row; at most MAX_CHANNELS channels. */\n"
  "static void\nturn_channels (const entry *matrix, size_t n, float *y, size_t rows, size_t channels, size_t row_stride, size_t channel_stride)\n{\n"
  "  static float from[MAX_CHANNELS];\n\n  for (size_t r = 0; r < rows; r++)\n    {\n      float *row = y + r * row_stride;\n\n"
  "      for (size_t c = 0; c < channels; c++)\n        {\n          from[c] = row[c * channel_stride];\n          row[c * channel_stride] = 0.0f;\n        }\n"
  "      for (size_t k = 0; k < n; k++)\n        row[(size_t) matrix[k].to * channel_stride] += matrix[k].value * from[matrix[k].from];\n    }\n}\n\n";

static void
add_symmetry (EqkEmitter *self, EqkText *out, const EqkSymmetry *symmetry, const EqkElement *elements, int n)
{
  bool any_grid = false;
  int  channels = 0;

  for (int i = 0; i < self->n_ports; i++)
    {
      any_grid |= eqk_program_value (self->program, self->ports[i].value)->space.kind == EQK_SPACE_GRID;
      if (is_moved (&self->ports[i]) && eqk_rep_get_dim (self->ports[i].type->rep) > channels)
        channels = eqk_rep_get_dim (self->ports[i].type->rep);
    }
  eqk_text_add (out, "/* ---- the symmetry ---- */\n\nenum { N_ELEMENTS = %d };\n", n);
  if (channels > 0)
    eqk_text_add (out, "enum { MAX_CHANNELS = %d };\n\ntypedef struct\n{\n  int   to, from;\n  float value;\n} entry;\n", channels);
  eqk_text_add (out, "\nstatic const char *const element_names[] = {");
  for (int e = 0; e < n; e++)
    {
      char name[64];

      eqk_group_element_name (symmetry->group, &elements[e], name, sizeof name);
      eqk_text_add (out, " \"");
      for (const char *c = name; *c != '\0'; c++)      /* plain ASCII: "90°" is "90 deg" */
        if ((unsigned char) *c < 128)
          eqk_text_append (out, c, 1);
        else if ((unsigned char) *c >= 0xc0)
          eqk_text_add (out, " deg");
      eqk_text_add (out, "\",");
    }
  eqk_text_add (out, " };\n");
  if (any_grid)
    {
      eqk_text_add (out, "static const float pixels[][4] = {");
      for (int e = 0; e < n; e++)
        {
          double m[9] = { 1, 0, 0, 1 };

          if (eqk_group_get_space_dim (symmetry->group) == 2)
            eqk_group_action (symmetry->group, &elements[e], m);
          eqk_text_add (out, " { %ld.0f, %ld.0f, %ld.0f, %ld.0f },", lround (m[0]), lround (m[1]), lround (m[2]), lround (m[3]));
        }
      eqk_text_add (out, " };\n");
    }
  for (int i = 0; i < self->n_ports; i++)
    for (int e = 0; is_moved (&self->ports[i]) && e < n; e++)
      add_matrix (self, out, &self->ports[i], e, symmetry->group, &elements[e]);
  eqk_text_add (out, "\n");
  if (any_grid)
    eqk_text_append (out, turning, sizeof turning - 1);
  if (channels > 0)
    eqk_text_append (out, turning_channels, sizeof turning_channels - 1);
  for (int i = 0; i < self->n_ports; i++)
    add_turn (self, out, &self->ports[i], n, symmetry);
}

/* ---- the program ---- */

static void
add_call (EqkEmitter *self, EqkText *out, const char *input, const char *edges, const char *output)
{
  eqk_text_add (out, "%s_run (&model", self->prefix);
  if (self->has_nodes)
    eqk_text_add (out, ", p->n_nodes");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ", %s%s", input, self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, ", p->n_edges, %ssrc, %sdst", edges, edges);
  if (self->has_shifts)
    eqk_text_add (out, ", %sshift", edges);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ", %s%s", output, self->ports[i].name);
  eqk_text_add (out, ")");
}

static const char *
count_in_pair (EqkEmitter *self, const EqkEmitPort *port)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);

  if (v->space.kind == EQK_SPACE_NODES || v->space.kind == EQK_SPACE_EDGES || v->space.kind == EQK_SPACE_PAIRS)
    return eqk_emitter_text (self, "%s * %d", rows_in_pair (self, &v->space), v->width);
  return eqk_emitter_port_count (self, port, true);
}

static void
add_pair_table (EqkEmitter *self, EqkText *out)
{
  eqk_text_add (out, "\ntypedef struct\n{\n  int32_t n_nodes, n_edges;\n");
  if (self->single_error != NULL)
    eqk_text_add (out, "  double allowed;   /* more than TOLERANCE where the input hardly determines the answer, so that rounding is magnified */\n");
  for (int i = 1; i <= eqk_program_n_selections (self->program); i++)
    eqk_text_add (out, "  int32_t n_nodes_%d, n_edges_%d;\n", i, i);
  for (int i = 0; i < self->n_ports; i++)
    eqk_text_add (out, "  const %s *%s;\n", self->ports[i].index ? "int32_t" : i < self->n_inputs ? (self->fine ? "int32_t" : "int16_t") : "float", self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, "  const int32_t *src, *dst%s;\n", self->has_shifts ? ", *shift" : "");
  eqk_text_add (out, "} pair;\n\nenum { N_PAIRS = %d };\n\nstatic const pair pairs[] = {\n", N_PAIRS);
  for (int k = 0; k < N_PAIRS; k++)
    {
      eqk_text_add (out, "  { %d, %d,", self->pair_nodes[k], self->pair_edges[k]);
      if (self->single_error != NULL && allowed_in_pair (self, k) > usually_allowed)
        {
          eqk_text_append (out, " ", 1);
          eqk_text_float (out, (float) allowed_in_pair (self, k));
          eqk_text_append (out, ",", 1);
        }
      else if (self->single_error != NULL)
        eqk_text_add (out, " TOLERANCE,");
      for (int i = 0; i < eqk_program_n_selections (self->program); i++)
        eqk_text_add (out, " %zu, %zu,", self->pair_kept[k * EQK_MAX_SELECTIONS + i].nodes, self->pair_kept[k * EQK_MAX_SELECTIONS + i].edges);
      for (int i = 0; i < self->n_ports; i++)
        eqk_text_add (out, " %s_%d,", self->ports[i].name, k);
      if (self->has_edges)
        eqk_text_add (out, " src_%d, dst_%d,", k, k);
      if (self->has_shifts)
        eqk_text_add (out, " shift_%d,", k);
      eqk_text_add (out, " },\n");
    }
  eqk_text_add (out, "};\n\n");
}

static void
add_memory (EqkEmitter *self, EqkText *out, bool symmetry)
{
  const char *m = self->macro_prefix;

  eqk_text_add (out, "static %s_MEMORY (arena, %s_ARENA_BYTES);\n", m, m);
  if (self->options->compact)
    eqk_text_add (out, "static %s_MEMORY (expanded, %s_WEIGHTS_BYTES);\n", m, m);
  eqk_text_add (out, "static %s model;\n", self->prefix);
  for (int i = 0; i < self->n_ports; i++)
    {
      eqk_text_add (out, "static %s %s%s[%s_%s_COUNT]", self->ports[i].index ? "int32_t" : "float", i < self->n_inputs ? "in_" : "out_", self->ports[i].name, m, self->ports[i].macro);
      if (symmetry)
        eqk_text_add (out, ", turned_%s[%s_%s_COUNT]", self->ports[i].name, m, self->ports[i].macro);
      if (symmetry && i >= self->n_inputs)
        eqk_text_add (out, ", of_turned_%s[%s_%s_COUNT]", self->ports[i].name, m, self->ports[i].macro);
      eqk_text_add (out, ";\n");
    }
  if (self->has_edges && symmetry)
    eqk_text_add (out, "static int32_t turned_src[%s_MAX_EDGES], turned_dst[%s_MAX_EDGES];\n", m, m);
  if (self->has_shifts && symmetry)
    eqk_text_add (out, "static int32_t turned_shift[3 * %s_MAX_EDGES];\n", m);
  eqk_text_add (out, "\n");
}

static void
add_load (EqkEmitter *self, EqkText *out)
{
  eqk_text_add (out, "/* Numbers are kept as integers times a power of two. */\nstatic void\nload (const pair *p)\n{\n  (void) p;\n");
  for (int i = 0; i < self->n_inputs; i++)
    {
      const EqkEmitPort *port = &self->ports[i];

      eqk_text_add (out, "  for (size_t i = 0; i < %s; i++)\n    in_%s[i] = ", count_in_pair (self, port), port->name);
      if (port->index)
        eqk_text_add (out, "p->%s[i];\n", port->name);
      else
        {
          eqk_text_float (out, (float) (1 / self->scale[i]));
          eqk_text_add (out, " * (float) p->%s[i];\n", port->name);
        }
    }
  eqk_text_add (out, "}\n\n");
}

static const char comparing[] =
  "/* The largest difference, as a part of `scale`; NaN counts as infinite. */\n"
  "static double\nworst_of (const float *x, const float *y, size_t n, double scale)\n{\n  double worst = 0.0;\n\n"
  "  for (size_t i = 0; i < n; i++)\n    {\n      const double d = fabs ((double) x[i] - (double) y[i]);\n\n"
  "      if (!(d <= worst))\n        worst = d >= 0.0 ? d : 1e300;\n    }\n  return scale > 0.0 ? worst / scale : worst > 0.0 ? 1e300 : 0.0;\n}\n\n"
  "static double\nlargest_of (const float *x, size_t n)\n{\n  double largest = 0.0;\n\n"
  "  for (size_t i = 0; i < n; i++)\n    if (fabs ((double) x[i]) > largest)\n      largest = fabs ((double) x[i]);\n  return largest;\n}\n\n";

static void
add_check_pairs (EqkEmitter *self, EqkText *out)
{
  const char *m = self->macro_prefix, *mine = self->single_error != NULL ? "own" : "worst";

  eqk_text_append (out, comparing, sizeof comparing - 1);
  eqk_text_add (out, "/* Outputs against those of the studio, relative to the largest number of that output. */\nstatic int\ncheck_pairs (void)\n{\n"
                     "  double worst = 0.0%s;\n", self->single_error != NULL ? ", share = 0.0" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "  double scale_%s = 0.0;\n", self->ports[i].name);
  eqk_text_add (out, "\n  for (int k = 0; k < N_PAIRS; k++)\n    {\n      const pair *p = &pairs[k];\n\n");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "      scale_%s = fmax (scale_%s, largest_of (p->%s, %s));\n", self->ports[i].name, self->ports[i].name, self->ports[i].name, count_in_pair (self, &self->ports[i]));
  eqk_text_add (out, "    }\n  for (int k = 0; k < N_PAIRS; k++)\n    {\n      const pair *p = &pairs[k];\n\n      load (p);\n      if (");
  add_call (self, out, "in_", "p->", "out_");
  eqk_text_add (out, " != %s_OK)\n        return 1;\n", m);
  if (self->single_error != NULL)
    eqk_text_add (out, "      double own = 0.0;\n\n");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "      %s = fmax (%s, worst_of (out_%s, p->%s, %s, scale_%s));\n", mine, mine, self->ports[i].name, self->ports[i].name, count_in_pair (self, &self->ports[i]), self->ports[i].name);
  if (self->single_error == NULL)
    eqk_text_add (out, "    }\n  printf (\"%%d pairs: worst relative difference %%.2e (at most %%.0e)\\n\", (int) N_PAIRS, worst, TOLERANCE);\n  return worst <= TOLERANCE ? 0 : 1;\n}\n\n");
  else
    eqk_text_add (out, "      worst = fmax (worst, own);\n      share = fmax (share, own / p->allowed);\n    }\n"
                       "  printf (\"%%d pairs: worst relative difference %%.2e, %%.0f %%%% of what its input allows (%%.0e, more where rounding is magnified)\\n\",\n"
                       "          (int) N_PAIRS, worst, 100.0 * share, TOLERANCE);\n  return share <= 1.0 ? 0 : 1;\n}\n\n");
}

static void
add_check_symmetry (EqkEmitter *self, EqkText *out, bool reversed)
{
  const bool  shares = self->single_error != NULL;
  const char *mine = shares ? "own" : "worst";

  eqk_text_add (out, "/* f(g x) = g f(x) */\nstatic int\ncheck_symmetry (int element)\n{\n  double worst = 0.0%s;\n\n  for (int k = 0; k < N_PAIRS; k += 4)\n    {\n"
                     "      const pair *p = &pairs[k];\n%s\n      load (p);\n", shares ? ", share = 0.0" : "", shares ? "      double own = 0.0;\n" : "");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, "      turn_%s (p, element, in_%s, turned_%s);\n", self->ports[i].name, self->ports[i].name, self->ports[i].name);
  if (self->has_edges && reversed)
    eqk_text_add (out, "      for (int32_t e = 0; e < p->n_edges; e++)   /* nodes are numbered from the other end */\n        {\n"
                       "          turned_src[e] = p->n_nodes - 1 - p->src[p->n_edges - 1 - e];\n          turned_dst[e] = p->n_nodes - 1 - p->dst[p->n_edges - 1 - e];\n        }\n");
  else if (self->has_edges)
    eqk_text_add (out, "      memcpy (turned_src, p->src, (size_t) p->n_edges * sizeof *turned_src);\n      memcpy (turned_dst, p->dst, (size_t) p->n_edges * sizeof *turned_dst);\n");
  if (self->has_shifts && reversed)
    eqk_text_add (out, "      for (int32_t e = 0; e < 3 * p->n_edges; e++)\n        turned_shift[e] = p->shift[3 * (p->n_edges - 1 - e / 3) + e %% 3];\n");
  else if (self->has_shifts)
    eqk_text_add (out, "      memcpy (turned_shift, p->shift, 3 * (size_t) p->n_edges * sizeof *turned_shift);\n");
  eqk_text_add (out, "      if (");
  add_call (self, out, "in_", "p->", "out_");
  eqk_text_add (out, " != %s_OK || ", self->macro_prefix);
  add_call (self, out, "turned_", "turned_", "of_turned_");
  eqk_text_add (out, " != %s_OK)\n        return 1;\n", self->macro_prefix);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    {
      const char *name = self->ports[i].name, *count = count_in_pair (self, &self->ports[i]);

      eqk_text_add (out, "      turn_%s (p, element, out_%s, turned_%s);\n", name, name, name);
      eqk_text_add (out, "      %s = fmax (%s, worst_of (of_turned_%s, turned_%s, %s, largest_of (out_%s, %s)));\n", mine, mine, name, name, count, name, count);
    }
  if (shares)   /* both runs round, one from turned inputs that are rounded too */
    eqk_text_add (out, "      worst = fmax (worst, own);\n      share = fmax (share, own / fmax (SYMMETRY_TOLERANCE, 2.0 * p->allowed));\n    }\n"
                       "  printf (\"symmetry, %%s: worst relative difference %%.2e, %%.0f %%%% of what its input allows\\n\", element_names[element], worst, 100.0 * share);\n"
                       "  return share <= 1.0 ? 0 : 1;\n}\n\n");
  else
    eqk_text_add (out, "    }\n  printf (\"symmetry, %%s: worst relative difference %%.2e (at most %%.0e)\\n\", element_names[element], worst, SYMMETRY_TOLERANCE);\n"
                       "  return worst <= SYMMETRY_TOLERANCE ? 0 : 1;\n}\n\n");
}

static void
add_main (EqkEmitter *self, EqkText *out, bool symmetry)
{
  const char *p = self->prefix, *m = self->macro_prefix;

  eqk_text_add (out, "int\nmain (void)\n{\n  int failed = 0;\n\n  if (%s_check (%s_DESIGN_HASH, %s_FORMAT) != %s_OK)\n    {\n      printf (\"model.c is of another design\\n\");\n      return 1;\n    }\n", p, m, m, m);
  eqk_text_add (out, "  if (%s_checksum () != 0x%08xu)\n    {\n      printf (\"the weights were changed\\n\");\n      failed++;\n    }\n", p, (unsigned) eqk_emitter_checksum (self));
  eqk_text_add (out, "  if (%s_init (&model, arena, sizeof arena%s) != %s_OK)\n    {\n      printf (\"the model could not be initialised\\n\");\n      return 1;\n    }\n", p,
                self->options->compact ? ", expanded, sizeof expanded" : "", m);
  eqk_text_add (out, "  failed += check_pairs ();\n");
  if (eqk_emitter_has_neighbours (self))
    eqk_text_add (out, "  failed += check_neighbours ();\n");
  if (symmetry)
    eqk_text_add (out, "  for (int element = 0; element < N_ELEMENTS; element++)\n    failed += check_symmetry (element);\n");
  else
    eqk_text_add (out, "  printf (\"symmetry: this design promises none that can be checked exactly\\n\");\n");
  eqk_text_add (out, "  printf (failed == 0 ? \"passed\\n\" : \"FAILED\\n\");\n  return failed == 0 ? 0 : 1;\n}\n");
}

void
eqk_emitter_selftest (EqkEmitter *self, EqkText *out)
{
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (eqk_program_typed (self->program)));
  const bool         reversed = symmetry->permutations != EQK_PERMUTE_NONE;
  EqkElement         elements[N_ELEMENTS];
  const int          n = choose_elements (self, symmetry, elements);

  self->scale = eqk_emitter_alloc (self, (size_t) self->n_inputs * sizeof *self->scale);
  self->pair_nodes = eqk_emitter_alloc (self, N_PAIRS * sizeof (int));
  self->pair_kept = eqk_emitter_alloc (self, N_PAIRS * EQK_MAX_SELECTIONS * sizeof *self->pair_kept);
  self->pair_edges = eqk_emitter_alloc (self, N_PAIRS * sizeof (int));
  if (self->status != EQK_OK)
    return;
  self->n_elements = n;
  self->fine = needs_fine (self);
  if (self->fine)
    {
      self->single_error = eqk_emitter_alloc (self, (size_t) (N_PAIRS * self->n_ports) * sizeof *self->single_error);
      self->largest = eqk_emitter_alloc (self, (size_t) self->n_ports * sizeof *self->largest);
      if (self->status != EQK_OK)
        return;
    }
  eqk_emitter_banner (self, out, "selftest.c");
  eqk_text_add (out, "#include \"model.h\"\n\n#include <math.h>\n#include <stdio.h>\n#include <string.h>\n\n"
                     "#define TOLERANCE 1e-5\n#define SYMMETRY_TOLERANCE 1e-4\n\n/* ---- pairs ---- */\n\n");
  add_pairs (self, out);
  add_pair_table (self, out);
  add_memory (self, out, n > 0);
  add_load (self, out);
  add_check_pairs (self, out);
  eqk_emitter_check_neighbours (self, out);
  if (n > 0)
    {
      add_symmetry (self, out, symmetry, elements, n);
      add_check_symmetry (self, out, reversed);
    }
  add_main (self, out, n > 0);
}

/* ---- example.c ---- */

/* How many numbers of an output an example shows at most; of a selected part only the model knows how many rows there are. */
static const char *
first_numbers (EqkEmitter *self, const EqkEmitPort *port)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);

  return v->space.structure > 0 ? eqk_emitter_text (self, "%d", v->width) : eqk_emitter_port_count (self, port, false);
}

void
eqk_emitter_example (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix, *m = self->macro_prefix;

  eqk_emitter_banner (self, out, "example.c");
  eqk_text_add (out, "/* The smallest program that uses the model: made-up input, printed output. */\n\n#include \"model.h\"\n\n#include <stdio.h>\n\n");
  add_memory (self, out, false);
  eqk_text_add (out, "int\nmain (void)\n{\n");
  if (self->has_nodes)
    eqk_text_add (out, "  const int32_t n_nodes = 2;\n");
  if (self->has_edges)
    eqk_text_add (out, "  const int32_t n_edges = 2, src[] = { 1, 0 }, dst[] = { 0, 1 };   /* both ways, sorted by dst */\n");
  if (self->has_shifts)
    eqk_text_add (out, "  const int32_t shift[6] = { 0 };\n");
  eqk_text_add (out, "  %s_status status = %s_init (&model, arena, sizeof arena%s);\n\n", p, p, self->options->compact ? ", expanded, sizeof expanded" : "");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, self->ports[i].index ? "  for (size_t i = 0; i < %s; i++)\n    in_%s[i] = 0;\n" : "  for (size_t i = 0; i < %s; i++)\n    in_%s[i] = 0.1f * (float) (i %% 7);\n",
                  eqk_emitter_port_count (self, &self->ports[i], false), self->ports[i].name);
  eqk_text_add (out, "  if (status == %s_OK)\n    status = %s_run (&model", m, p);
  if (self->has_nodes)
    eqk_text_add (out, ", n_nodes");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ", in_%s", self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, ", n_edges, src, dst%s", self->has_shifts ? ", shift" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ", out_%s", self->ports[i].name);
  eqk_text_add (out, ");\n  if (status != %s_OK)\n    {\n      printf (\"%%s\\n\", %s_status_text (status));\n      return 1;\n    }\n", m, p);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "  for (size_t i = 0; i < %s && i < 10; i++)\n    printf (\"%s[%%d] = %%g\\n\", (int) i, (double) out_%s[i]);\n",
                  first_numbers (self, &self->ports[i]), self->ports[i].name, self->ports[i].name);
  eqk_text_add (out, "  return 0;\n}\n");
}
