/* Checks of whole programs: gradients, equivariance, shapes. */

#include "check/check-private.h"

#include "eqk/op.h"
#include "graph/run-private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
eqk_check_note (EqkCheck *check, double error, const char *where_format, ...)
{
  va_list args;

  check->n++;
  if (check->where[0] != '\0' && error <= check->worst)
    return;
  check->worst = isfinite (error) ? error : 1e300;
  va_start (args, where_format);
  vsnprintf (check->where, sizeof check->where, where_format, args);
  va_end (args);
}

void
eqk_check_direction (EqkRandom *random, double *d, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    {
      d[i] = eqk_random_normal (random);
      sum += d[i] * d[i];
    }
  for (size_t i = 0; i < n; i++)
    d[i] /= sqrt (sum);
}

/* ---- gradients ---- */

/* A tensor along which the loss is differentiated: a weight or a fed value. */
typedef struct
{
  const char *name;
  int         value;
  size_t      n;
  double     *x;              /* of weights in the run; of feeds an owned copy, as a run may reuse their memory */
  double     *gradient;       /* owned copy; NULL: zero */
} Slope;

typedef struct
{
  EqkRig     *rig;
  EqkPassMode mode;
  double    **c;              /* by output */
  Slope      *slopes;
  int         n_slopes;
  double      scale;          /* size of a derivative in a random direction, all tensors together */
} Gradient;

static bool
is_feed (const Gradient *s, const Slope *slope)
{
  return eqk_program_value (s->rig->program, slope->value)->kind == EQK_VALUE_FEED;
}

static double
loss (Gradient *s)
{
  const EqkProgram *p = s->rig->program;
  long double       sum = 0;

  eqk_rig_load (s->rig, NULL, NULL);
  for (int i = 0; i < s->n_slopes; i++)
    if (is_feed (s, &s->slopes[i]))
      memcpy (s->rig->run->x[s->slopes[i].value], s->slopes[i].x, s->slopes[i].n * sizeof (double));
  eqk_store_touch (s->rig->store);
  eqk_run_forward (s->rig->run, s->mode, NULL);
  for (int o = 0; o < eqk_program_n_outputs (p); o++)
    {
      const int     value = eqk_program_output (p, o)->value;
      const double *y = eqk_run_value (s->rig->run, value);

      for (size_t i = 0; i < eqk_rig_count (s->rig, value); i++)
        sum += (long double) s->c[o][i] * y[i];
    }
  return (double) sum;
}

static EqkStatus
draw_targets (Gradient *s, uint64_t seed)
{
  const EqkProgram *p = s->rig->program;

  for (int o = 0; o < eqk_program_n_outputs (p); o++)
    {
      const size_t n = eqk_value_count (p, eqk_program_output (p, o)->value, &s->rig->run->priv->capacity);
      EqkRandom    random = eqk_random (seed, EQK_RANDOM_TEST, 10, (uint32_t) o, 0);

      free (s->c[o]);
      s->c[o] = malloc ((n + 1) * sizeof (double));
      if (s->c[o] == NULL)
        return EQK_ERR_NO_MEMORY;
      for (size_t i = 0; i < n; i++)
        s->c[o][i] = eqk_random_normal (&random);
    }
  return EQK_OK;
}

static EqkStatus
find_slopes (Gradient *s)
{
  EqkRig           *rig = s->rig;
  const EqkProgram *p = rig->program;

  s->slopes = calloc ((size_t) eqk_program_n_values (p) + 1, sizeof *s->slopes);
  if (s->slopes == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int v = 0; v < eqk_program_n_values (p); v++)
    {
      const EqkValue *value = eqk_program_value (p, v);

      if (value->index || (value->kind != EQK_VALUE_WEIGHT && value->kind != EQK_VALUE_FEED))
        continue;
      s->slopes[s->n_slopes++] = (Slope){ value->name, v, 0, value->kind == EQK_VALUE_FEED ? NULL : rig->run->x[v], NULL };
    }
  return EQK_OK;
}

/* The present inputs, fresh from the rig; a neighbour list of other inputs has other edges, so sizes change too. */
static EqkStatus
copy_feeds (Gradient *s)
{
  for (int i = 0; i < s->n_slopes; i++)
    {
      Slope *slope = &s->slopes[i];

      slope->n = eqk_rig_count (s->rig, slope->value);
      free (slope->gradient);
      slope->gradient = NULL;
      if (!is_feed (s, slope))
        continue;
      free (slope->x);
      slope->x = malloc ((slope->n + 1) * sizeof *slope->x);
      if (slope->x == NULL)
        return EQK_ERR_NO_MEMORY;
      memcpy (slope->x, s->rig->run->x[slope->value], slope->n * sizeof *slope->x);
    }
  return EQK_OK;
}

/* One forward and backward pass; gradients are copied, since the differences below run forward again. */
static EqkStatus
take_gradients (Gradient *s, EqkDiag *diag)
{
  EqkRig   *rig = s->rig;
  double    sum = 0;
  size_t    n = 0;
  EqkStatus status;

  loss (s);
  for (int o = 0; o < eqk_program_n_outputs (rig->program); o++)
    memcpy (eqk_run_seed (rig->run, o), s->c[o], eqk_rig_bytes (rig, eqk_program_output (rig->program, o)->value));
  status = eqk_run_backward (rig->run, diag);
  for (int i = 0; status == EQK_OK && i < s->n_slopes; i++)
    {
      Slope          *slope = &s->slopes[i];
      const EqkValue *value = eqk_program_value (rig->program, slope->value);
      const double   *g = value->kind == EQK_VALUE_WEIGHT ? (const double *) eqk_run_weight_grads (rig->run) + value->offset
                                                          : eqk_run_grad (rig->run, slope->value);

      if (slope->gradient == NULL)
        slope->gradient = malloc ((slope->n + 1) * sizeof (double));
      if (slope->gradient == NULL)
        return EQK_ERR_NO_MEMORY;
      if (g == NULL)
        memset (slope->gradient, 0, slope->n * sizeof (double));
      else
        memcpy (slope->gradient, g, slope->n * sizeof (double));
      for (size_t k = 0; k < slope->n; k++)
        sum += slope->gradient[k] * slope->gradient[k];
      n += slope->n;
    }
  s->scale = n > 0 ? sqrt (sum / (double) n) : 0;
  return status;
}

static double
difference (Gradient *s, const Slope *slope, const double *x0, const double *d, double h)
{
  double plus, minus;

  for (size_t i = 0; i < slope->n; i++)
    slope->x[i] = x0[i] + h * d[i];
  plus = loss (s);
  for (size_t i = 0; i < slope->n; i++)
    slope->x[i] = x0[i] - h * d[i];
  minus = loss (s);
  memcpy (slope->x, x0, slope->n * sizeof *x0);
  return (plus - minus) / (2 * h);
}

/* Relative error along one direction; *kink is set when two step widths disagree. */
static EqkStatus
along (Gradient *s, const Slope *slope, EqkRandom *random, double *error, bool *kink)
{
  double *d = malloc ((slope->n + 1) * sizeof *d), *x0 = malloc ((slope->n + 1) * sizeof *x0);
  double  exact = 0, norm = 0, wide, narrow, scale;

  if (d == NULL || x0 == NULL)
    {
      free (d);
      free (x0);
      return EQK_ERR_NO_MEMORY;
    }
  memcpy (x0, slope->x, slope->n * sizeof *x0);
  eqk_check_direction (random, d, slope->n);
  for (size_t i = 0; i < slope->n; i++)
    {
      exact += slope->gradient[i] * d[i];
      norm += slope->gradient[i] * slope->gradient[i];
    }
  wide = difference (s, slope, x0, d, 1e-5);
  narrow = difference (s, slope, x0, d, 2.5e-6);
  scale = fmax (fmax (fabs (exact), fabs (wide)), fmax (sqrt (norm / (double) slope->n), 1e-3 * s->scale));
  *error = scale > 0 ? fabs (wide - exact) / scale : 0;
  *kink = scale > 0 && fabs (wide - narrow) > 5e-7 * scale;
  free (d);
  free (x0);
  return EQK_OK;
}

static EqkStatus
check_slopes (Gradient *s, uint64_t seed, int attempt, bool last, EqkCheck *check, bool *kinked)
{
  *kinked = false;
  for (int i = 0; i < s->n_slopes; i++)
    for (int k = 0; k < 2; k++)
      {
        EqkRandom random = eqk_random (seed, EQK_RANDOM_TEST, 11, (uint32_t) (2 * i + k), (uint32_t) attempt);
        double    error;
        bool      kink;
        EqkStatus status;

        if (s->slopes[i].n == 0)
          continue;
        status = along (s, &s->slopes[i], &random, &error, &kink);
        if (status != EQK_OK)
          return status;
        if (kink && !last && error > 1e-6)
          *kinked = true;
        else
          eqk_check_note (check, error, "gradient of %s", s->slopes[i].name != NULL ? s->slopes[i].name : "an input");
      }
  return EQK_OK;
}

EqkStatus
eqk_check_gradient (EqkRig *rig, EqkPassMode mode, uint64_t seed, EqkCheck *check, EqkDiag *diag)
{
  Gradient  s = { .rig = rig, .mode = mode, .c = calloc ((size_t) eqk_program_n_outputs (rig->program) + 1, sizeof (double *)) };
  bool      kinked = true;
  EqkStatus status = s.c == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;

  *check = (EqkCheck){ 0 };
  if (status == EQK_OK && (rig->options.precision != EQK_F64 || !rig->options.train))
    status = eqk_fail (diag, EQK_ERR_UNSUPPORTED, "gradients are checked in float64");
  for (int attempt = 0; status == EQK_OK && kinked && attempt < 8; attempt++)
    {
      EqkCheck tried = { 0 };

      eqk_rig_refill (rig, seed + 1000 * (uint64_t) attempt);
      if (s.slopes == NULL)
        status = find_slopes (&s);
      if (status == EQK_OK)
        status = copy_feeds (&s);
      if (status == EQK_OK)
        status = draw_targets (&s, seed);
      if (status == EQK_OK)
        status = take_gradients (&s, diag);
      if (status == EQK_OK)
        status = check_slopes (&s, seed, attempt, attempt == 7, &tried, &kinked);
      *check = tried;
    }
  for (int o = 0; s.c != NULL && o < eqk_program_n_outputs (rig->program); o++)
    free (s.c[o]);
  for (int i = 0; i < s.n_slopes; i++)
    {
      free (s.slopes[i].gradient);
      if (is_feed (&s, &s.slopes[i]))
        free (s.slopes[i].x);
    }
  free (s.c);
  free (s.slopes);
  return status == EQK_ERR_NO_MEMORY ? eqk_fail (diag, status, "check") : status;
}

/* ---- equivariance ---- */

int32_t *
eqk_check_moves (const EqkRig *rig, uint64_t seed)
{
  int32_t *moves, first = 0;

  if (rig->nodes == NULL || (moves = malloc ((rig->sizes.nodes + 1) * sizeof *moves)) == NULL)
    return NULL;
  for (int s = 0; s < rig->options.batch; first += rig->nodes[s++])
    {
      EqkRandom     random = eqk_random (seed, EQK_RANDOM_TEST, 12, (uint32_t) s, 0);
      const int32_t n = rig->nodes[s];
      uint32_t      order[64];

      eqk_random_permutation (&random, order, (uint32_t) (n < 64 ? n : 64));
      for (int32_t i = 0; i < n; i++)
        moves[first + i] = first + (i < 64 ? (int32_t) order[i] : i);
      for (int32_t i = 0; s == 0 && n >= 3 && i < n; i++)   /* a bare 3-cycle finds a permutation applied the wrong way */
        moves[first + i] = first + (i < 3 ? (i + 1) % 3 : i);
    }
  return moves;
}

/* Worst relative error over samples, where rows of samples can be told apart; else of the whole value. */
static double
worst_sample (const EqkRig *rig, const EqkPortType *type, int value, const void *x, const void *y, bool inside_disk, bool *zero)
{
  const bool   by_sample = type->space.kind == EQK_SPACE_SAMPLE || type->space.kind == EQK_SPACE_GRID;
  const size_t n_parts = by_sample ? (size_t) rig->options.batch : 1, width = (size_t) eqk_rep_get_dim (type->rep);
  const size_t n = eqk_rig_count (rig, value) / n_parts;
  double       worst = 0;

  for (size_t s = 0; s < n_parts; s++)
    {
      double diff = 0, xx = 0, yy = 0;

      for (size_t i = 0; i < n; i++)
        if (!inside_disk || eqk_action_in_disk (&type->space, i / width))
          {
            const double p = eqk_rig_number (rig, x, s * n + i), q = eqk_rig_number (rig, y, s * n + i);

            diff += (p - q) * (p - q);
            xx += p * p;
            yy += q * q;
          }
      if (!(fmax (xx, yy) > 1e-20 * (double) n))
        *zero = true;
      else if (!(sqrt (diff / fmax (xx, yy)) <= worst))
        worst = isfinite (diff) ? sqrt (diff / fmax (xx, yy)) : 1e300;
    }
  return worst;
}

/* Elements to try: bits of the guarantee; groups of space by sampling. */
static int
list_elements (const EqkGroup *group, uint64_t seed, EqkElement out[64])
{
  const uint64_t full = eqk_guarantee_full_mask (group);
  int            n = 0;

  if (eqk_group_get_space_dim (group) == 3)
    for (; n < 16; n++)
      out[n] = n == 0 ? eqk_group_identity (group) : eqk_group_sample (group, seed, (uint64_t) n);
  else
    for (int bit = 0; bit < 64; bit++)
      if (full >> bit & 1)
        out[n++] = eqk_guarantee_element (group, bit);
  return n;
}

static bool
promised (const EqkGroup *group, const EqkGuarantee *guarantee, int bit)
{
  if (eqk_group_get_space_dim (group) == 3)   /* all or nothing, but that standing still changes nothing */
    return guarantee->exact == EQK_ALL_ELEMENTS || (bit == 0 && guarantee->holds == EQK_HOLDS_PARTLY);
  return (guarantee->exact >> bit & 1) != 0;
}

typedef struct
{
  EqkRig               *rig;
  EqkPassMode           mode;
  EqkEquivarianceCheck *check;
  void                **plain;       /* outputs for the inputs as they are, by output */
  void                **scratch;
} Equivariance;

static bool
inputs_on_grid (const EqkRig *rig, const EqkAction *a)
{
  bool all = true;

  for (int i = 0; i < rig->n_feeds; i++)
    all = all && eqk_action_is_exact (a, &rig->feeds[i].type);
  return all;
}

static EqkStatus
measure_element (Equivariance *s, const EqkGroup *group, EqkAction *a, int bit, EqkDiag *diag)
{
  EqkRig           *rig = s->rig;
  const EqkProgram *p = rig->program;
  EqkStatus         fed = eqk_rig_load (rig, a, diag);

  if (fed == EQK_OK)
    fed = eqk_run_forward (rig->run, s->mode, diag);
  if (fed != EQK_OK && fed != EQK_ERR_SHAPE && fed != EQK_ERR_GROUP)
    return fed;
  for (int o = 0; o < eqk_program_n_outputs (p) && s->check->n < EQK_MAX_ELEMENT_CHECKS; o++)
    {
      const EqkProgramOutput *out = eqk_program_output (p, o);
      EqkElementCheck        *item = &s->check->items[s->check->n++];
      EqkStatus               acted = fed != EQK_OK ? fed : eqk_action_apply (a, &out->type, rig->options.precision, &rig->run->sizes, s->plain[o], s->scratch[o]);

      *item = (EqkElementCheck){ .g = a->g, .output = o, .promised = promised (group, &out->type.guarantee, bit),
                                 .on_grid = inputs_on_grid (rig, a) && eqk_action_is_exact (a, &out->type), .applicable = acted == EQK_OK };
      eqk_group_element_name (group, &a->g, item->name, sizeof item->name);
      if (acted == EQK_OK)
        item->error = worst_sample (rig, &out->type, out->value, s->scratch[o], eqk_run_value (rig->run, out->value),
                                    out->type.space.kind == EQK_SPACE_GRID && !item->on_grid, &s->check->zero_output);
    }
  return EQK_OK;
}

EqkStatus
eqk_check_equivariance (EqkRig *rig, EqkPassMode mode, uint64_t seed, EqkEquivarianceCheck *check, EqkDiag *diag)
{
  const EqkProgram  *p = rig->program;
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (eqk_program_typed (p)));
  const int          n_out = eqk_program_n_outputs (p);
  Equivariance       s = { rig, mode, check, calloc ((size_t) n_out + 1, sizeof (void *)), calloc ((size_t) n_out + 1, sizeof (void *)) };
  const double       shift[3] = { 13.7, -8.9, 11.3 };
  EqkElement         elements[64];
  const int          n = list_elements (symmetry->group, seed, elements);
  EqkStatus          status = s.plain == NULL || s.scratch == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;

  check->n = 0;
  check->zero_output = false;
  check->together = eqk_group_get_space_dim (symmetry->group) == 3;
  if (status == EQK_OK)
    status = eqk_rig_load (rig, NULL, diag);
  if (status == EQK_OK)
    status = eqk_run_forward (rig->run, mode, diag);
  if (status == EQK_OK)
    status = eqk_rig_keep (rig);
  for (int o = 0; status == EQK_OK && o < n_out; o++)
    {
      const int value = eqk_program_output (p, o)->value;

      s.plain[o] = malloc (eqk_rig_bytes (rig, value) + 1);
      s.scratch[o] = malloc (eqk_rig_bytes (rig, value) + 1);
      if (s.plain[o] == NULL || s.scratch[o] == NULL)
        status = EQK_ERR_NO_MEMORY;
      else
        memcpy (s.plain[o], eqk_run_value (rig->run, value), eqk_rig_bytes (rig, value));
    }
  for (int i = 0; status == EQK_OK && i < n; i++)
    {
      int32_t  *moves = symmetry->permutations != EQK_PERMUTE_NONE ? eqk_check_moves (rig, seed + (uint64_t) i) : NULL;
      EqkAction a = { .group = symmetry->group, .g = elements[i], .shift = symmetry->translations ? shift : NULL, .moves = moves };

      status = measure_element (&s, symmetry->group, &a, i, diag);
      free (moves);
    }
  for (int o = 0; o < n_out; o++)
    {
      if (s.plain != NULL)
        free (s.plain[o]);
      if (s.scratch != NULL)
        free (s.scratch[o]);
    }
  free (s.plain);
  free (s.scratch);
  return status == EQK_ERR_NO_MEMORY ? eqk_fail (diag, status, "check") : status;
}

const EqkElementCheck *
eqk_check_prediction (const EqkEquivarianceCheck *check, double tolerance)
{
  bool off = false;

  for (int i = 0; i < check->n && check->together; i++)
    off = off || (!check->items[i].promised && check->items[i].applicable && check->items[i].error >= 10 * tolerance);
  for (int i = 0; i < check->n; i++)
    {
      const EqkElementCheck *item = &check->items[i];

      if (item->promised && (!item->applicable || !(item->error <= tolerance)))
        return item;
      if (!item->promised && !off && item->applicable && item->on_grid && item->error < 10 * tolerance)
        return item;
    }
  return NULL;
}

/* ---- shapes ---- */

static EqkStatus
check_output (EqkRig *rig, const EqkProgramOutput *out, EqkDiag *diag)
{
  const EqkValue *value = eqk_program_value (rig->program, out->value);
  const double    nan = NAN;
  char            expected[64], found[64];

  if (value->width != eqk_rep_get_dim (out->type.rep))
    {
      snprintf (expected, sizeof expected, "%d channels", eqk_rep_get_dim (out->type.rep));
      snprintf (found, sizeof found, "%d", value->width);
      return eqk_fail_expected (diag, EQK_ERR_SHAPE, out->port, expected, found);
    }
  if (!eqk_space_equal (&value->space, &out->type.space))
    {
      eqk_space_text (&out->type.space, expected, sizeof expected);
      eqk_space_text (&value->space, found, sizeof found);
      return eqk_fail_expected (diag, EQK_ERR_SHAPE, out->port, expected, found);
    }
  for (size_t i = 0; value->producer >= 0 && i < eqk_rig_count (rig, out->value); i++)
    eqk_rig_set_number (rig, eqk_run_value_mut (rig->run, out->value), i, nan);
  return EQK_OK;
}

static EqkStatus
check_counts (const EqkRig *rig, EqkDiag *diag)
{
  const EqkProgram *p = rig->program;
  size_t            weights = 0, states = 0;

  for (int v = 0; v < eqk_program_n_values (p); v++)
    {
      const EqkValue *value = eqk_program_value (p, v);
      size_t          product = 1;

      if (value->kind != EQK_VALUE_WEIGHT && value->kind != EQK_VALUE_STATE)
        continue;
      for (int k = 0; k < value->n_dims; k++)
        product *= (size_t) value->shape[k];
      if (product != eqk_value_count (p, v, &rig->sizes))
        return eqk_fail (diag, EQK_ERR_SHAPE, "the shape of “%s” does not hold its numbers", value->name);
      *(value->kind == EQK_VALUE_WEIGHT ? &weights : &states) += product;
    }
  if (weights != eqk_program_n_weights (p) || weights != eqk_store_n_weights (rig->store) || states != eqk_store_n_state (rig->store))
    return eqk_fail (diag, EQK_ERR_SHAPE, "the count of parameters is not what is allocated");
  return EQK_OK;
}

EqkStatus
eqk_check_shapes (EqkRig *rig, EqkDiag *diag)
{
  const EqkProgram *p = rig->program;
  EqkStatus         status = check_counts (rig, diag);

  for (int o = 0; status == EQK_OK && o < eqk_program_n_outputs (p); o++)
    status = check_output (rig, eqk_program_output (p, o), diag);
  if (status == EQK_OK)
    status = eqk_rig_load (rig, NULL, diag);
  if (status == EQK_OK)
    status = eqk_run_forward (rig->run, EQK_PASS_INFER, diag);
  for (int o = 0; status == EQK_OK && o < eqk_program_n_outputs (p); o++)
    {
      const int value = eqk_program_output (p, o)->value;

      for (size_t i = 0; status == EQK_OK && i < eqk_rig_count (rig, value); i++)
        if (!isfinite (eqk_rig_number (rig, eqk_run_value (rig->run, value), i)))
          status = eqk_fail (diag, EQK_ERR_NAN, "number %zu of output “%s” is not written or not finite", i, eqk_program_output (p, o)->port);
    }
  if (status == EQK_OK && eqk_run_arena_bytes (rig->run) == 0 && eqk_program_n_ops (p) > 0)
    status = eqk_fail (diag, EQK_ERR_INTERNAL, "no memory was planned");
  return status;
}
