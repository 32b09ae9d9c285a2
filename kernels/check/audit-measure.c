/* Errors of a whole network, sample by sample, in batches; the size of what its output varies by; gradients; statistics. */

#include "check/audit-private.h"

#include "eqk/op.h"
#include "eqk/random.h"
#include "graph/run-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAIRS_SAMPLES = 24, WARM_UPS = 30 };

/* ---- one batch ---- */

typedef struct
{
  EqkRig   *rig;
  int       n_out;
  void    **plain, **moved;      /* by output */
} Batch;

static void
close_batch (Batch *b)
{
  for (int o = 0; o < b->n_out; o++)
    {
      if (b->plain != NULL)
        free (b->plain[o]);
      if (b->moved != NULL)
        free (b->moved[o]);
    }
  free (b->plain);
  free (b->moved);
  eqk_rig_free (b->rig);
}

static int
batch_size (const EqkProgram *program, int samples)
{
  double numbers = 0;
  int    batch = samples < 16 ? samples : 16;
  EqkSizes one = { .batch = 1, .nodes = 7, .edges = 42, .pairs = 49 };

  for (int v = 0; v < eqk_program_n_values (program); v++)
    numbers += (double) eqk_value_count (program, v, &one);
  while (batch > 1 && batch * numbers > 24e6)
    batch = (batch + 1) / 2;
  return batch;
}

static EqkStatus
open_batch (Batch *b, const EqkProgram *program, const EqkStore *store, const EqkRigOptions *rig, EqkDiag *diag)
{
  EqkStatus status = eqk_rig_new (program, store, rig, &b->rig, diag);

  b->n_out = eqk_program_n_outputs (program);
  b->plain = calloc ((size_t) b->n_out + 1, sizeof (void *));
  b->moved = calloc ((size_t) b->n_out + 1, sizeof (void *));
  if (status == EQK_OK && (b->plain == NULL || b->moved == NULL))
    status = EQK_ERR_NO_MEMORY;
  for (int o = 0; status == EQK_OK && o < b->n_out; o++)
    {
      const size_t bytes = eqk_run_bytes_of (b->rig->run, eqk_program_output (program, o)->value, &b->rig->run->priv->capacity);

      b->plain[o] = malloc (bytes + 1);
      b->moved[o] = malloc (bytes + 1);
      if (b->plain[o] == NULL || b->moved[o] == NULL)
        status = EQK_ERR_NO_MEMORY;
    }
  return status == EQK_ERR_NO_MEMORY ? eqk_fail (diag, status, "audit") : status;
}

/* Running statistics of the rig's own store become those of the network on its inputs. */
static EqkStatus
warm_up (EqkRig *rig, EqkDiag *diag)
{
  EqkStatus status = EQK_OK;
  bool      any = false;

  for (int i = 0; i < eqk_program_n_ops (rig->program); i++)
    any = any || rig->run->types[eqk_program_op (rig->program, i)->type]->commit != NULL;
  for (int k = 0; status == EQK_OK && any && k < WARM_UPS; k++)
    {
      if (k == 0)
        status = eqk_rig_load (rig, NULL, diag);
      if (status == EQK_OK)
        status = eqk_run_forward (rig->run, EQK_PASS_TRAIN, diag);
      eqk_run_commit (rig->run);
    }
  return status;
}

/* |a - b|, |a|, |b| of one sample of an output, inside the disk for other angles. */
static void
compare_sample (const EqkRig *rig, const EqkPortType *type, int s, bool between, const void *a, const void *b, double norms[3])
{
  const size_t width = (size_t) eqk_rep_get_dim (type->rep);
  size_t       first, rows;

  eqk_inputs_rows (type, rig->run->structures == NULL ? NULL : &rig->run->structures[type->space.structure], s, &first, &rows);
  norms[0] = norms[1] = norms[2] = 0;
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; (!between || eqk_action_in_disk (&type->space, r)) && c < width; c++)
      {
        const size_t i = (first + r) * width + c;
        const double x = eqk_rig_number (rig, a, i), y = eqk_rig_number (rig, b, i);

        norms[0] += (x - y) * (x - y);
        norms[1] += x * x;
        norms[2] += y * y;
      }
  for (int k = 0; k < 3; k++)
    norms[k] = sqrt (norms[k]);
}

static double
input_norm (const EqkRig *rig, int s)
{
  double sum = 0;

  for (int i = 0; i < rig->n_feeds; i++)
    if (!rig->feeds[i].index && rig->feeds[i].type.kind != EQK_KIND_POSITION)
      {
        const size_t width = (size_t) eqk_rep_get_dim (rig->feeds[i].type.rep);
        size_t       first, rows;

        eqk_inputs_rows (&rig->feeds[i].type, &rig->base[rig->feeds[i].type.space.structure], s, &first, &rows);
        for (size_t k = first * width; k < (first + rows) * width; k++)
          sum += rig->feeds[i].data[k] * rig->feeds[i].data[k];
      }
  return sum > 0 ? sqrt (sum) : 1;
}

/* ---- all batches ---- */

typedef struct
{
  const EqkAuditTrials *trials;
  const EqkAuditPlan   *plan;
  EqkAuditErrors       *errors;
  double              **outputs;       /* by output: of the first samples, [MAX_PAIRS_SAMPLES][numbers]; NULL when ragged */
  double               *differences;   /* [n_trials][samples][n_out] */
  int                   n_out;
  uint64_t              seed;
} Measure;

static bool
is_sampled (const EqkPortType *type)
{
  return type->space.kind == EQK_SPACE_SAMPLE || type->space.kind == EQK_SPACE_GRID;
}

static EqkStatus
keep_outputs (Measure *m, const Batch *b, int first_sample)
{
  for (int o = 0; o < m->n_out; o++)
    {
      const EqkProgramOutput *out = eqk_program_output (b->rig->program, o);
      const size_t            n = eqk_rig_count (b->rig, out->value) / (size_t) b->rig->options.batch;

      if (!is_sampled (&out->type))
        continue;
      if (m->outputs[o] == NULL)
        m->outputs[o] = calloc (MAX_PAIRS_SAMPLES * n + 1, sizeof (double));
      if (m->outputs[o] == NULL)
        return EQK_ERR_NO_MEMORY;
      for (int s = 0; s < b->rig->options.batch && first_sample + s < MAX_PAIRS_SAMPLES; s++)
        for (size_t i = 0; i < n; i++)
          m->outputs[o][(size_t) (first_sample + s) * n + i] = eqk_rig_number (b->rig, b->plain[o], (size_t) s * n + i);
    }
  return EQK_OK;
}

/* Outputs on which the element does not act are left out; nothing else is, or what was not compared would pass. */
static EqkStatus
note_trial (Measure *m, const Batch *b, int trial, EqkAction *action, int first_sample)
{
  EqkRig    *rig = b->rig;
  const bool narrow = rig->options.precision == EQK_F32;

  for (int o = 0; o < m->n_out; o++)
    {
      const EqkProgramOutput *out = eqk_program_output (rig->program, o);
      const bool              between = out->type.space.kind == EQK_SPACE_GRID && !eqk_action_is_exact (action, &out->type);
      const double            rounding = eqk_audit_shift_rounding (rig, action);
      const EqkStatus         status = eqk_action_apply (action, &out->type, rig->options.precision, &rig->run->sizes, b->plain[o], b->moved[o]);

      if (status == EQK_ERR_NO_MEMORY)
        return status;
      if (status != EQK_OK)
        continue;
      for (int s = 0; s < rig->options.batch && first_sample + s < m->errors->samples; s++)
        {
          const size_t at = (size_t) trial * (size_t) m->errors->samples + (size_t) (first_sample + s);
          double       norms[3], size, error;
          double      *slot = out->type.kind == EQK_KIND_FORCE ? &m->errors->forces[at] : &m->errors->error[at];

          compare_sample (rig, &out->type, s, between, b->moved[o], eqk_run_value (rig->run, out->value), norms);
          size = fmax (norms[1], norms[2]);
          m->differences[at * (size_t) m->n_out + (size_t) o] = fmax (m->differences[at * (size_t) m->n_out + (size_t) o], norms[0]);
          if (!isfinite (norms[0]) || !isfinite (size))
            error = 1e300;
          else if (size < 1e-8 * input_norm (rig, s))
            {
              m->errors->zero_output = true;
              continue;
            }
          else
            error = norms[0] / size;
          m->errors->roundings[first_sample + s] = fmax (m->errors->roundings[first_sample + s], error / rounding / (narrow ? 0x1p-24 : 0x1p-53));
          if (narrow)
            error /= rounding;
          if (!(error <= *slot))
            *slot = error;
        }
    }
  return EQK_OK;
}

static EqkStatus
measure_trial (Measure *m, Batch *b, int t, int time, int first_sample, const EqkAuditOptions *options, EqkDiag *diag)
{
  EqkAction action;
  double    shift[3];
  EqkStatus status;

  status = eqk_audit_begin (m->trials, t, time, b->rig, m->seed, shift, &action);
  if (status == EQK_OK)
    status = eqk_rig_load (b->rig, &action, diag);
  if (status == EQK_OK)
    status = eqk_run_forward (b->rig->run, EQK_PASS_INFER, diag);
  if (status == EQK_OK)
    status = note_trial (m, b, t, &action, first_sample);
  else if (status == EQK_ERR_SHAPE || status == EQK_ERR_GROUP)
    status = EQK_OK;
  eqk_audit_end (&action);
  if (options->progress != NULL && !options->progress (options->data, -1))
    status = eqk_fail (diag, EQK_ERR_CANCELLED, "audit");
  return status;
}

static EqkStatus
measure_batch (Measure *m, Batch *b, int first_sample, const EqkAuditOptions *options, EqkDiag *diag)
{
  EqkRig   *rig = b->rig;
  EqkStatus status = eqk_rig_load (rig, NULL, diag);

  if (status == EQK_OK)
    status = eqk_run_forward (rig->run, EQK_PASS_INFER, diag);
  if (status == EQK_OK)
    status = eqk_rig_keep (rig);
  for (int o = 0; status == EQK_OK && o < m->n_out; o++)
    memcpy (b->plain[o], eqk_run_value (rig->run, eqk_program_output (rig->program, o)->value), eqk_rig_bytes (rig, eqk_program_output (rig->program, o)->value));
  if (status == EQK_OK)
    status = keep_outputs (m, b, first_sample);
  if (status == EQK_OK && first_sample == 0 && m->errors->first == NULL)
    {
      m->errors->n_first = eqk_rig_count (rig, eqk_program_output (rig->program, 0)->value);
      m->errors->first = malloc ((m->errors->n_first + 1) * sizeof (float));
      if (m->errors->first == NULL)
        return EQK_ERR_NO_MEMORY;
      for (size_t i = 0; i < m->errors->n_first; i++)
        m->errors->first[i] = (float) eqk_rig_number (rig, b->plain[0], i);
    }
  for (int t = 0; status == EQK_OK && t < m->trials->n; t++)
    if (m->trials->items[t].on_grid != m->plan->between)
      for (int time = 0; status == EQK_OK && time < (m->plan->warm_up ? 1 : m->trials->items[t].times); time++)
        status = measure_trial (m, b, t, time, first_sample, options, diag);
  return status;
}

static int
by_value (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Number k (from 0) in ascending order of those that are numbers and not negative, by halving the range of their bit patterns: no memory to run out of. */
static double
in_order (const double *values, size_t n, size_t k)
{
  uint64_t low = 0, high = 0x7ff0000000000000u;      /* 0 … infinity: patterns of such numbers are in order */
  double   found;

  while (low < high)
    {
      const uint64_t middle = low + (high - low) / 2;
      size_t         below = 0;
      double         limit;

      memcpy (&limit, &middle, sizeof limit);
      for (size_t i = 0; i < n; i++)
        below += values[i] <= limit;
      if (below > k)
        high = middle;
      else
        low = middle + 1;
    }
  memcpy (&found, &low, sizeof found);
  return found;
}

double
eqk_audit_median (const double *values, size_t n)
{
  size_t m = 0;

  for (size_t i = 0; i < n; i++)
    m += !isnan (values[i]);
  return m == 0 ? NAN : m % 2 == 1 ? in_order (values, n, m / 2) : (in_order (values, n, m / 2 - 1) + in_order (values, n, m / 2)) / 2;
}

double
eqk_audit_largest (const double *values, size_t n)
{
  double largest = NAN;

  for (size_t i = 0; i < n; i++)
    if (!isnan (values[i]) && !(values[i] <= largest))
      largest = values[i];
  return largest;
}

/* Median distance of the outputs of two inputs: what a change of input does to this output. */
static double
spread (const double *outputs, int samples, size_t n, double *size)
{
  const int m = samples < MAX_PAIRS_SAMPLES ? samples : MAX_PAIRS_SAMPLES;
  double    distances[MAX_PAIRS_SAMPLES * MAX_PAIRS_SAMPLES];
  size_t    n_pairs = 0;

  *size = 0;
  for (int i = 0; i < m; i++)
    for (int j = 0; j < i; j++)
      {
        double sum = 0;

        for (size_t k = 0; k < n; k++)
          {
            const double d = outputs[(size_t) i * n + k] - outputs[(size_t) j * n + k];

            sum += d * d;
            *size = fmax (*size, fabs (outputs[(size_t) i * n + k]));
          }
        distances[n_pairs++] = sqrt (sum);
      }
  *size *= sqrt ((double) n);
  return eqk_audit_median (distances, n_pairs);
}

/* e_s of every trial and sample: the largest over outputs, each by its own spread. */
static void
normalise (Measure *m, const EqkProgram *program)
{
  for (int o = 0; o < m->n_out; o++)
    {
      const EqkProgramOutput *out = eqk_program_output (program, o);
      const EqkSizes          one = { .batch = 1 };
      double                  scale, size;

      if (m->outputs[o] == NULL)
        continue;
      scale = spread (m->outputs[o], m->errors->samples, eqk_value_count (program, out->value, &one), &size);
      if (!(scale > 1e-6 * size))
        {
          m->errors->constant_output = true;
          continue;
        }
      for (size_t at = 0; at < (size_t) m->errors->n_trials * (size_t) m->errors->samples; at++)
        {
          const double d = m->differences[at * (size_t) m->n_out + (size_t) o];

          if (!isnan (d) && !(d / scale <= m->errors->sensitive[at]))
            m->errors->sensitive[at] = d / scale;
        }
    }
  /* Ragged outputs vary with the sample by about their own size. */
  for (size_t at = 0; at < (size_t) m->errors->n_trials * (size_t) m->errors->samples; at++)
    if (isnan (m->errors->sensitive[at]))
      m->errors->sensitive[at] = !isnan (m->errors->error[at]) ? m->errors->error[at] : m->errors->forces[at];
}

static double *
nan_table (size_t n)
{
  double *table = malloc ((n + 1) * sizeof *table);

  for (size_t i = 0; table != NULL && i < n; i++)
    table[i] = NAN;
  return table;
}

void
eqk_audit_errors_clear (EqkAuditErrors *errors)
{
  free (errors->error);
  free (errors->forces);
  free (errors->sensitive);
  free (errors->roundings);
  free (errors->first);
  *errors = (EqkAuditErrors){ 0 };
}

EqkStatus
eqk_audit_measure (const EqkProgram *program, const EqkStore *store, const EqkAuditTrials *trials, const EqkAuditPlan *plan,
                   const EqkAuditOptions *options, EqkAuditErrors *errors, EqkDiag *diag)
{
  const size_t  n = (size_t) trials->n * (size_t) plan->samples;
  Measure       m = { .trials = trials, .plan = plan, .errors = errors, .n_out = eqk_program_n_outputs (program), .seed = options->seed };
  Batch         b = { 0 };
  EqkRigOptions rig = { .precision = plan->precision, .train = plan->warm_up, .batch = batch_size (program, plan->samples), .seed = options->seed,
                        .fill = plan->fill, .pool = options->pool };
  EqkStatus     status = EQK_OK;

  *errors = (EqkAuditErrors){ .samples = plan->samples, .n_trials = trials->n, .error = nan_table (n), .forces = nan_table (n), .sensitive = nan_table (n),
                              .roundings = calloc ((size_t) plan->samples, sizeof (double)), .batch = rig.batch };
  m.outputs = calloc ((size_t) m.n_out + 1, sizeof *m.outputs);
  m.differences = nan_table (n * (size_t) m.n_out);
  if (!errors->error || !errors->forces || !errors->sensitive || !errors->roundings || !m.outputs || !m.differences)
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "audit");
  if (status == EQK_OK)
    status = open_batch (&b, program, store, &rig, diag);
  if (status == EQK_OK && plan->warm_up)
    status = warm_up (b.rig, diag);
  for (int first = 0; status == EQK_OK && first < plan->samples; first += rig.batch)
    {
      if (first > 0)
        eqk_rig_refill (b.rig, options->seed + (uint64_t) first);
      status = measure_batch (&m, &b, first, options, diag);
    }
  if (status == EQK_OK)
    normalise (&m, program);
  close_batch (&b);
  for (int o = 0; m.outputs != NULL && o < m.n_out; o++)
    free (m.outputs[o]);
  free (m.outputs);
  free (m.differences);
  if (status != EQK_OK)
    eqk_audit_errors_clear (errors);
  return status;
}

/* ---- gradients ---- */

typedef struct
{
  double *weights;
  double **feeds;
} Gradients;

/* Loss <c, y> with c moved by the action (NULL: as it is); gradients go to `to`. */
static EqkStatus
differentiate (Batch *b, double *const *c, EqkAction *action, Gradients *to, EqkDiag *diag)
{
  EqkRig   *rig = b->rig;
  EqkAction turn;
  EqkStatus status = eqk_rig_load (rig, action, diag);

  if (action != NULL)
    {
      turn = *action;
      turn.shift = NULL;
    }
  if (status == EQK_OK)
    status = eqk_run_forward (rig->run, EQK_PASS_INFER, diag);
  if (status == EQK_OK && action == NULL)
    status = eqk_rig_keep (rig);
  for (int o = 0; status == EQK_OK && o < b->n_out; o++)
    {
      const EqkProgramOutput *out = eqk_program_output (rig->program, o);

      if (action == NULL)
        memcpy (eqk_run_seed (rig->run, o), c[o], eqk_rig_bytes (rig, out->value));
      else
        status = eqk_action_apply (&turn, &out->type, EQK_F64, &rig->run->sizes, c[o], eqk_run_seed (rig->run, o));
    }
  if (status == EQK_OK)
    status = eqk_run_backward (rig->run, diag);
  if (status != EQK_OK)
    return status;
  memcpy (to->weights, eqk_run_weight_grads (rig->run), eqk_program_n_weights (rig->program) * sizeof (double));
  for (int i = 0; i < rig->n_feeds; i++)
    if (to->feeds[i] != NULL && eqk_run_grad (rig->run, rig->feeds[i].value) != NULL)
      memcpy (to->feeds[i], eqk_run_grad (rig->run, rig->feeds[i].value), rig->feeds[i].count * sizeof (double));
  return EQK_OK;
}

static double
relative (const double *a, const double *b, size_t n)
{
  double diff = 0, aa = 0, bb = 0;

  for (size_t i = 0; i < n; i++)
    {
      diff += (a[i] - b[i]) * (a[i] - b[i]);
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
  return diff == 0 ? 0 : sqrt (diff / fmax (aa, bb));
}

static EqkStatus
compare_gradients (Batch *b, double *const *c, EqkAction *action, const Gradients *plain, Gradients *moved, double *inputs, double *weights, EqkDiag *diag)
{
  EqkRig   *rig = b->rig;
  EqkStatus status = differentiate (b, c, action, moved, diag);
  EqkAction turn = *action;

  turn.shift = NULL;
  if (status == EQK_ERR_SHAPE || status == EQK_ERR_GROUP)
    return EQK_OK;
  if (status != EQK_OK)
    return status;
  if (eqk_program_n_weights (rig->program) > 0)
    *weights = fmax (isnan (*weights) ? 0 : *weights, relative (plain->weights, moved->weights, eqk_program_n_weights (rig->program)));
  for (int i = 0; i < rig->n_feeds; i++)
    if (plain->feeds[i] != NULL)
      {
        double *expected = malloc ((rig->feeds[i].count + 1) * sizeof *expected);

        status = expected == NULL ? EQK_ERR_NO_MEMORY : eqk_action_apply (&turn, &rig->feeds[i].type, EQK_F64, &rig->sizes, plain->feeds[i], expected);
        if (status == EQK_OK)
          *inputs = fmax (isnan (*inputs) ? 0 : *inputs, relative (expected, moved->feeds[i], rig->feeds[i].count));
        free (expected);
        if (status == EQK_ERR_NO_MEMORY)
          return status;
      }
  return EQK_OK;
}

static void
free_gradients (Gradients *g, int n)
{
  for (int i = 0; g->feeds != NULL && i < n; i++)
    free (g->feeds[i]);
  free (g->feeds);
  free (g->weights);
}

static EqkStatus
make_gradients (const EqkRig *rig, Gradients *g)
{
  g->weights = calloc (eqk_program_n_weights (rig->program) + 1, sizeof (double));
  g->feeds = calloc ((size_t) rig->n_feeds + 1, sizeof (double *));
  if (g->weights == NULL || g->feeds == NULL)
    return EQK_ERR_NO_MEMORY;
  for (int i = 0; i < rig->n_feeds; i++)
    if (!rig->feeds[i].index && (g->feeds[i] = calloc (rig->feeds[i].count + 1, sizeof (double))) == NULL)
      return EQK_ERR_NO_MEMORY;
  return EQK_OK;
}

EqkStatus
eqk_audit_gradients (const EqkProgram *program, const EqkStore *store, const EqkAuditTrials *trials, const EqkAuditOptions *options,
                     double *inputs, double *weights, EqkDiag *diag)
{
  const EqkRigOptions rig = { .precision = EQK_F64, .train = true, .batch = 2, .seed = options->seed, .pool = options->pool };
  Batch               b = { 0 };
  Gradients           plain = { 0 }, moved = { 0 };
  double            **c = calloc ((size_t) eqk_program_n_outputs (program) + 1, sizeof *c);
  EqkStatus           status = c == NULL ? EQK_ERR_NO_MEMORY : open_batch (&b, program, store, &rig, diag);
  int                 tried = 0;

  *inputs = *weights = NAN;
  for (int o = 0; status == EQK_OK && o < b.n_out; o++)
    {
      const size_t n = eqk_value_count (program, eqk_program_output (program, o)->value, &b.rig->run->priv->capacity);      /* edges of a part are not known yet */
      EqkRandom    random = eqk_random (options->seed, EQK_RANDOM_AUDIT, 8, (uint32_t) o, 0);

      c[o] = malloc ((n + 1) * sizeof (double));
      for (size_t i = 0; c[o] != NULL && i < n; i++)
        c[o][i] = eqk_random_normal (&random);
      status = c[o] == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
    }
  if (status == EQK_OK)
    status = make_gradients (b.rig, &plain);
  if (status == EQK_OK)
    status = make_gradients (b.rig, &moved);
  if (status == EQK_OK)
    status = differentiate (&b, c, NULL, &plain, diag);
  for (int t = trials->n - 1; status == EQK_OK && t > 0 && tried < 2; t--)
    if (trials->items[t].promised && trials->items[t].on_grid)
      {
        EqkAction action;
        double    shift[3];

        status = eqk_audit_begin (trials, t, 0, b.rig, options->seed, shift, &action);
        if (status == EQK_OK)
          status = compare_gradients (&b, c, &action, &plain, &moved, inputs, weights, diag);
        eqk_audit_end (&action);
        tried++;
      }
  for (int o = 0; c != NULL && o < eqk_program_n_outputs (program); o++)
    free (c[o]);
  free (c);
  free_gradients (&plain, b.rig == NULL ? 0 : b.rig->n_feeds);
  free_gradients (&moved, b.rig == NULL ? 0 : b.rig->n_feeds);
  close_batch (&b);
  return status == EQK_ERR_UNSUPPORTED ? EQK_OK : status;   /* a network that only infers is not at fault */
}

/* ---- statistics ---- */

static double
quantile (const double *sorted, size_t n, double q)
{
  const double at = q * (double) (n - 1);
  const size_t i = (size_t) at;

  return i + 1 < n ? sorted[i] + (at - (double) i) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

static EqkStatus
bootstrap (const double *values, size_t n, double threshold, uint64_t seed, EqkAuditStatistics *st)
{
  const size_t repeats = n > 2000 ? 300 : 1000;
  double      *means = malloc (repeats * sizeof *means);
  EqkRandom    random = eqk_random (seed, EQK_RANDOM_AUDIT, 9, 0, 0);
  size_t       at_or_above = 0;

  if (means == NULL)
    return EQK_ERR_NO_MEMORY;
  for (size_t r = 0; r < repeats; r++)
    {
      double sum = 0;

      for (size_t i = 0; i < n; i++)
        sum += values[eqk_random_below (&random, (uint32_t) n)];
      means[r] = sum / (double) n;
      at_or_above += means[r] >= threshold;
    }
  qsort (means, repeats, sizeof *means, by_value);
  st->mean_low = quantile (means, repeats, 0.025);
  st->mean_high = quantile (means, repeats, 0.975);
  st->p_value = ((double) at_or_above + 1) / ((double) repeats + 1);
  free (means);
  return EQK_OK;
}

EqkStatus
eqk_audit_statistics (const EqkAuditErrors *errors, double threshold, uint64_t seed, EqkAuditStatistics *st)
{
  const size_t all = (size_t) errors->n_trials * (size_t) errors->samples;
  double      *values = malloc ((all + 1) * sizeof *values), squares = 0;
  size_t       n = 0, passed = 0;
  EqkStatus    status = values == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;

  *st = (EqkAuditStatistics){ 0 };
  for (size_t i = 0; values != NULL && i < all; i++)
    if (!isnan (errors->error[i]))
      values[n++] = errors->error[i];
  if (n > 0)
    {
      qsort (values, n, sizeof *values, by_value);
      for (size_t i = 0; i < n; i++)
        {
          st->mean += values[i] / (double) n;
          passed += values[i] <= threshold;
        }
      for (size_t i = 0; i < n; i++)
        squares += (values[i] - st->mean) * (values[i] - st->mean);
      st->n = n;
      st->deviation = n > 1 ? sqrt (squares / (double) (n - 1)) : 0;
      st->median = quantile (values, n, 0.5);
      st->p95 = quantile (values, n, 0.95);
      st->p99 = quantile (values, n, 0.99);
      st->max = values[n - 1];
      st->pass_rate = (double) passed / (double) n;
      status = bootstrap (values, n, threshold, seed, st);
    }
  free (values);
  return status;
}
