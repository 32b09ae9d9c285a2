/*
 * Pairs of the self-test: inputs as small integers times a power of two, so that they are the same numbers everywhere, and outputs
 * of this library in double precision with direct kernels.
 */

#include "emit/selftest-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_DRAWS = 6 };

/*
 * Where an operation jumps (a frame of arrows that nearly cancel, the largest of several numbers) an answer can be ill-determined by its input: rounding is
 * magnified, in any code. By how much is measured: the library itself in single precision, beside double precision, the worst of some draws. An exported program adds one number
 * after the other where the library adds in lanes, which rounds up to ten times more; so it is allowed a multiple, but never more than most_allowed.
 */
static const double most_allowed = 1e-3, times_single = 32;

/* The caller's order of number i of a port. */
static size_t
caller_index (const EqkValue *v, size_t i)
{
  const size_t pixels = (size_t) v->space.h * (size_t) v->space.w, width = (size_t) v->width;

  if (v->space.kind != EQK_SPACE_GRID)
    return i;
  return (i % width) * pixels + i / width;
}

bool
eqk_selftest_needs_fine (const EqkEmitter *self)
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

double
eqk_selftest_allowed (const EqkEmitter *self, int pair)
{
  double allowed = USUALLY_ALLOWED;

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

void
eqk_selftest_pairs (EqkEmitter *self, EqkText *out)
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
