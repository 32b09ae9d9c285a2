/* The audit as a whole: which measurements, which limits, which verdict. */

#include "check/audit-private.h"

#include "graph/graph-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_F64        1e-10
#define LIMIT_DIRECT     1e-5
#define LIMIT_FAST       1e-4
#define LIMIT_BETWEEN    0.15
#define LIMIT_FORCES     1e-4
#define LIMIT_GRADIENT   1e-8     /* a hundred times the forward limit */
#define LIMIT_MEDIAN_S   0.1
#define LIMIT_WORST_S    0.3
#define RATIO_EXACT      10
#define RATIO_BETWEEN    2
#define MAX_SAMPLES_F64  16
#define ROUNDING_SLACK   8        /* float32 errors of one input lie within 0.5 and 4 of what float64's foretell (docs/measurements.md) */
#define MOST_AMPLIFIED   100      /* so no input's error may pass 1e-3, whatever float64 says */

const char *
eqk_verdict_name (EqkVerdict verdict)
{
  static const char *const names[] = { "exact", "within_limit", "inconclusive", "broken" };

  return names[verdict];
}

double
eqk_audit_limit (bool fast_kernels)
{
  return fast_kernels ? LIMIT_FAST : LIMIT_DIRECT;
}

double
eqk_audit_limit_between (void)
{
  return LIMIT_BETWEEN;
}

double
eqk_audit_limit_median_s (void)
{
  return LIMIT_MEDIAN_S;
}

double
eqk_audit_limit_worst_s (void)
{
  return LIMIT_WORST_S;
}

double
eqk_audit_limit_forces (void)
{
  return LIMIT_FORCES;
}

void
eqk_audit_free (EqkAudit *self)
{
  if (self == NULL)
    return;
  free (self->elements);
  free (self->nodes);
  eqk_typed_unref (self->typed);
  free (self);
}

typedef struct
{
  const EqkProgram      *in_use, *direct;
  const EqkStore        *store;
  const EqkAuditOptions *options;
  EqkAuditTrials         trials;
  EqkAuditErrors         use, exact, wide, between, control, control_between;
  EqkAuditNodeErrors    *nodes32, *nodes64;
  EqkAudit              *audit;
  EqkGuarantee           holds;
  bool                   judges_between;   /* off-grid angles have a limit in this design */
} Audit;

static EqkStatus
step (Audit *a, double done, EqkDiag *diag)
{
  if (a->options->progress != NULL && !a->options->progress (a->options->data, done))
    return eqk_fail (diag, EQK_ERR_CANCELLED, "audit");
  return EQK_OK;
}

/* ---- measuring ---- */

static bool
any_between (const EqkAuditTrials *trials)
{
  for (int i = 0; i < trials->n; i++)
    if (!trials->items[i].on_grid)
      return true;
  return false;
}

static EqkStatus
measure (Audit *a, const EqkProgram *program, EqkPrecision precision, bool between, int most, EqkAuditErrors *errors, EqkDiag *diag)
{
  const EqkAuditPlan plan = { .precision = precision, .fill = between ? EQK_FILL_ORIENTED : EQK_FILL_NOISE, .between = between,
                              .samples = a->options->samples < most ? a->options->samples : most };

  return eqk_audit_measure (program, a->store, &a->trials, &plan, a->options, errors, diag);
}

/* Of the first inputs; of all where one after them is over its limit in float32, so that it is seen whether that is rounding. */
static EqkStatus
measure_wide (Audit *a, EqkDiag *diag)
{
  const int samples = a->options->samples;
  EqkStatus status = measure (a, a->direct, EQK_F64, false, MAX_SAMPLES_F64, &a->wide, diag);
  bool      over = false;

  for (int t = 0; status == EQK_OK && t < a->use.n_trials; t++)
    for (int s = a->wide.samples; s < samples; s++)
      over = over || a->use.error[t * samples + s] > LIMIT_DIRECT || a->exact.error[t * samples + s] > LIMIT_DIRECT;
  if (!over)
    return status;
  eqk_audit_errors_clear (&a->wide);
  return measure (a, a->direct, EQK_F64, false, samples, &a->wide, diag);
}

static double
median_at (const Audit *a, const EqkAuditErrors *errors, const double *table, int trial)
{
  return errors->error == NULL ? NAN : eqk_audit_median (table + (size_t) trial * (size_t) errors->samples, (size_t) errors->samples);
}

/* Median over samples and all grid symmetries but the identity. */
static double
median_on_grid (const Audit *a, const EqkAuditErrors *errors)
{
  double *all = malloc (((size_t) errors->n_trials * (size_t) errors->samples + 1) * sizeof *all), median;
  size_t  n = 0;

  for (int t = 1; all != NULL && t < errors->n_trials; t++)
    for (int s = 0; a->trials.items[t].on_grid && s < errors->samples; s++)
      all[n++] = errors->sensitive[t * errors->samples + s];
  median = all == NULL ? NAN : eqk_audit_median (all, n);
  free (all);
  return median;
}

/* A deviation below float32's rounding says nothing of how far below it is. */
static double
ratio (double control, double design)
{
  return isnan (control) || isnan (design) ? NAN : control / fmax (design, 0x1p-24);
}

/* The control: first the twin with ordinary kernels; where that keeps the symmetry, one that is spoilt at every mixing layer. */
static EqkStatus
measure_control (Audit *a, EqkDiag *diag)
{
  EqkStatus status = EQK_OK;

  for (int thorough = 0; status == EQK_OK && thorough < 2; thorough++)
    {
      EqkAuditPlan plan = { .precision = EQK_F32, .fill = EQK_FILL_NOISE, .warm_up = true,
                            .samples = a->options->samples < 8 ? a->options->samples : 8 };
      EqkProgram  *twin = NULL;

      eqk_audit_errors_clear (&a->control);
      eqk_audit_errors_clear (&a->control_between);
      status = eqk_program_control (a->in_use, thorough != 0, &twin, diag);
      if (status == EQK_OK)
        status = eqk_audit_measure (twin, a->store, &a->trials, &plan, a->options, &a->control, diag);
      plan.between = true;
      plan.fill = EQK_FILL_ORIENTED;
      if (status == EQK_OK && any_between (&a->trials))
        status = eqk_audit_measure (twin, a->store, &a->trials, &plan, a->options, &a->control_between, diag);
      eqk_program_free (twin);
      if (status == EQK_OK && !a->control.constant_output && ratio (median_on_grid (a, &a->control), median_on_grid (a, &a->use)) >= RATIO_EXACT)
        break;
    }
  return status;
}

static EqkStatus
measure_all (Audit *a, EqkDiag *diag)
{
  const bool between = any_between (&a->trials);
  const int  samples = a->options->samples;
  EqkStatus  status = measure (a, a->in_use, EQK_F32, false, samples, &a->use, diag);

  if (status == EQK_OK && (status = step (a, 0.15, diag)) == EQK_OK)
    status = measure (a, a->direct, EQK_F32, false, samples, &a->exact, diag);
  if (status == EQK_OK && (status = step (a, 0.3, diag)) == EQK_OK)
    status = measure_wide (a, diag);
  if (status == EQK_OK && between && (status = step (a, 0.5, diag)) == EQK_OK)
    status = measure (a, a->in_use, EQK_F32, true, samples, &a->between, diag);
  if (status == EQK_OK && (status = step (a, 0.6, diag)) == EQK_OK)
    status = measure_control (a, diag);
  if (status == EQK_OK && (status = step (a, 0.75, diag)) == EQK_OK)
    status = eqk_audit_nodes (a->direct, a->store, EQK_F64, false, &a->trials, a->options, a->nodes64, diag);
  if (status == EQK_OK && between)
    status = eqk_audit_nodes (a->direct, a->store, EQK_F64, true, &a->trials, a->options, a->nodes64, diag);
  if (status == EQK_OK && (status = step (a, 0.9, diag)) == EQK_OK)
    status = eqk_audit_nodes (a->in_use, a->store, EQK_F32, false, &a->trials, a->options, a->nodes32, diag);
  if (status == EQK_OK)
    status = eqk_audit_gradients (a->direct, a->store, &a->trials, a->options, &a->audit->gradient_inputs, &a->audit->gradient_weights, diag);
  return status;
}

/* ---- inputs that make roundings larger ---- */

/*
 * Where terms cancel (an energy that happens to be near zero, two arrows of a pose that are nearly parallel) the answer's relative
 * rounding grows, with the symmetry intact. float64 shows by how much: its error in units of its own rounding is that of float32
 * too, unless a kernel of float32 alone is at fault. Where it explains that an input is over the limit, its errors are divided by it,
 * as those of shifted points are.
 */
static void
take_off_rounding (Audit *a, EqkAuditErrors *errors, double limit)
{
  if (errors->batch != a->wide.batch)      /* other inputs */
    return;
  for (int s = 0; s < errors->samples && s < a->wide.samples; s++)
    {
      const double amplified = fmin (ROUNDING_SLACK * 0x1p-24 * a->wide.roundings[s] / limit, MOST_AMPLIFIED);
      bool         over = false;

      for (int t = 0; t < errors->n_trials; t++)
        over = over || errors->error[t * errors->samples + s] > limit;
      if (!over || !(amplified > 1) || 0x1p-53 * a->wide.roundings[s] > LIMIT_F64)      /* a break is told as large as it is */
        continue;
      a->audit->amplified = fmax (a->audit->amplified, amplified);
      for (int t = 0; t < errors->n_trials; t++)
        errors->error[t * errors->samples + s] /= amplified;
    }
}

/* ---- reading off ---- */

static double
largest (const EqkAuditErrors *errors, const double *table)
{
  return errors->error == NULL ? NAN : eqk_audit_largest (table, (size_t) errors->n_trials * (size_t) errors->samples);
}

static double
largest_at (const EqkAuditErrors *errors, int trial)
{
  return errors->error == NULL ? NAN : eqk_audit_largest (errors->error + (size_t) trial * (size_t) errors->samples, (size_t) errors->samples);
}

static bool
kernels_differ (const Audit *a)
{
  if (a->use.n_first != a->exact.n_first)
    return true;
  return memcmp (a->use.first, a->exact.first, a->use.n_first * sizeof (float)) != 0;
}

static EqkStatus
fill_elements (Audit *a)
{
  EqkAudit *audit = a->audit;

  audit->elements = calloc ((size_t) a->trials.n + 1, sizeof *audit->elements);
  if (audit->elements == NULL)
    return EQK_ERR_NO_MEMORY;
  audit->n_elements = a->trials.n;
  for (int t = 0; t < a->trials.n; t++)
    {
      const EqkAuditTrial  *trial = &a->trials.items[t];
      const EqkAuditErrors *errors = trial->on_grid ? &a->use : &a->between, *control = trial->on_grid ? &a->control : &a->control_between;
      EqkAuditElement      *e = &audit->elements[t];

      *e = (EqkAuditElement){ .g = trial->g, .promised = trial->promised, .on_grid = trial->on_grid };
      memcpy (e->name, trial->name, sizeof e->name);
      e->error = largest_at (errors, t);
      e->error_direct = trial->on_grid ? largest_at (&a->exact, t) : NAN;
      e->error_f64 = trial->on_grid ? largest_at (&a->wide, t) : NAN;
      e->applicable = !isnan (e->error) || !isnan (largest (errors, errors->forces)) || (trial->promised && errors->zero_output);   /* acts, though there is nothing to see */
      e->median_s = median_at (a, errors, errors->sensitive, t);
      e->worst_s = errors->error == NULL ? NAN : eqk_audit_largest (errors->sensitive + (size_t) t * (size_t) errors->samples, (size_t) errors->samples);
      e->control_s = median_at (a, control, control->sensitive, t);
    }
  return EQK_OK;
}

/* Nodes from which a result can be reached. NULL without memory. */
static bool *
live_nodes (const EqkProgram *p)
{
  bool *live = calloc ((size_t) p->typed->graph->n_nodes + 1, sizeof *live), *value = calloc ((size_t) p->n_values + 1, sizeof *value);

  if (live == NULL || value == NULL)
    {
      free (live);
      live = NULL;
    }
  else
    {
      for (int o = 0; o < p->n_outputs; o++)
        {
          value[p->outputs[o].value] = true;
          if (p->values[p->outputs[o].value].node >= 0)
            live[p->values[p->outputs[o].value].node] = true;
        }
      if (p->has_gradient)
        value[p->gradient.energy] = true;
      for (int i = p->n_ops - 1; i >= 0; i--)
        {
          bool any = false;

          for (int o = 0; o < p->ops[i].n_out; o++)
            any = any || value[p->ops[i].out[o]];
          for (int k = 0; any && k < p->ops[i].n_in; k++)
            if (p->ops[i].in[k] >= 0)
              value[p->ops[i].in[k]] = true;
          if (any)
            live[p->ops[i].node] = true;
        }
    }
  free (value);
  return live;
}

static EqkVerdict
judge_node (const Audit *a, const EqkAuditNodeErrors *e32, const EqkAuditNodeErrors *e64)
{
  const bool exact = a->holds.holds == EQK_HOLDS_EXACT || !any_between (&a->trials);

  if (e64->grid > LIMIT_F64 || e32->grid > a->audit->threshold)
    return EQK_VERDICT_BROKEN;
  if (e64->zero && e64->grid == 0)
    return EQK_VERDICT_INCONCLUSIVE;
  return exact || e64->between <= LIMIT_DIRECT ? EQK_VERDICT_EXACT : EQK_VERDICT_WITHIN_LIMIT;
}

static void
blame (Audit *a, int node)
{
  a->audit->culprit = node;
  a->audit->culprit_id = a->in_use->typed->graph->nodes[node].id;
}

static EqkStatus
fill_nodes (Audit *a, bool *any_broken)
{
  EqkAudit       *audit = a->audit;
  const EqkTyped *typed = a->in_use->typed;
  const bool      between = any_between (&a->trials);
  bool           *live = live_nodes (a->in_use);

  audit->nodes = calloc ((size_t) typed->n_order + 1, sizeof *audit->nodes);
  if (audit->nodes == NULL || live == NULL)
    {
      free (live);
      return EQK_ERR_NO_MEMORY;
    }
  *any_broken = false;
  for (int i = 0; i < typed->n_order; i++)
    {
      const int                 node = typed->order[i];
      const EqkAuditNodeErrors *e32 = &a->nodes32[node], *e64 = &a->nodes64[node];
      EqkAuditNode             *n = &audit->nodes[audit->n_nodes++];

      *n = (EqkAuditNode){ .node = node, .id = typed->graph->nodes[node].id, .measured = e64->measured || e64->zero, .error = e32->grid,
                           .error_f64 = e64->grid, .error_between = between && e64->measured ? e64->between : NAN, .accumulated = e64->measured ? e64->accumulated : NAN, .verdict = EQK_VERDICT_EXACT };
      if (!n->measured)
        continue;
      n->verdict = judge_node (a, e32, e64);
      if (n->verdict == EQK_VERDICT_BROKEN && live[node])
        {
          *any_broken = true;
          if (audit->culprit < 0)
            blame (a, node);
        }
    }
  free (live);
  return EQK_OK;
}

/* Largest over a limit? Only elements that act, and of the design's promise or of the grid: others have limits of their own. */
static bool
elements_break (const Audit *a)
{
  for (int t = 0; t < a->audit->n_elements; t++)
    {
      const EqkAuditElement *e = &a->audit->elements[t];

      if (e->on_grid && (e->error > a->audit->threshold || e->error_direct > LIMIT_DIRECT || e->error_f64 > LIMIT_F64))
        return true;
      if (!e->on_grid && a->judges_between && (e->median_s >= LIMIT_MEDIAN_S || e->worst_s >= LIMIT_WORST_S))
        return true;
    }
  return false;
}

/* A stride that aliases has no limit off the grid (guidance.md §4.3, fifth row): it is judged by its grid symmetries. */
static bool
has_problem (const EqkTyped *typed, const char *code)
{
  for (int i = 0; i < eqk_typed_n_problems (typed); i++)
    if (strcmp (eqk_typed_problem (typed, i)->rule->code, code) == 0)
      return true;
  return false;
}

static bool
control_failed (const Audit *a)
{
  const EqkAudit *audit = a->audit;

  if (a->control.constant_output || !(audit->control_ratio >= RATIO_EXACT))
    return false;
  return !a->judges_between || isnan (audit->control_ratio_between) || audit->control_ratio_between >= RATIO_BETWEEN;
}

static bool
is_read (const EqkProgram *p, int value, const bool *live)
{
  for (int i = 0; i < p->n_ops; i++)
    for (int k = 0; k < p->ops[i].n_in; k++)
      if (p->ops[i].in[k] == value && p->ops[i].node >= 0 && live[p->ops[i].node])
        return true;
  return false;
}

/* An input that says of its rows where they stand, read by something that leads to a result: nothing else than the input is at fault. -1: none. */
static int
telling_node (const Audit *a)
{
  const EqkProgram *p = a->in_use;
  bool             *live = live_nodes (p);
  int               found = -1;

  for (int v = 0; live != NULL && found < 0 && v < p->n_values; v++)
    for (int k = 0; p->values[v].kind == EQK_VALUE_FEED && p->values[v].telling != NULL && k < p->values[v].width; k++)
      if (p->values[v].telling[k] != EQK_TELLS_NOTHING && p->values[v].node >= 0 && is_read (p, v, live))
        found = p->values[v].node;
  free (live);
  return found;
}

static void
judge (Audit *a, bool node_broken)
{
  EqkAudit  *audit = a->audit;
  const bool forces = audit->worst_forces > LIMIT_FORCES;
  const bool gradients = audit->gradient_inputs > LIMIT_GRADIENT || audit->gradient_weights > LIMIT_GRADIENT;
  const bool full = a->holds.holds == EQK_HOLDS_EXACT && a->holds.exact == eqk_guarantee_full_mask (a->trials.symmetry.group) &&
                          !any_between (&a->trials);

  if (elements_break (a) || node_broken || forces || gradients)
    {
      const int telling = node_broken ? -1 : telling_node (a);

      audit->verdict = EQK_VERDICT_BROKEN;
      if (telling >= 0)
        blame (a, telling);
      audit->reason = telling >= 0 ? EQK_N_ ("A column of the input does not belong to its rows: it says where they stand, or its sign means nothing.")
                    : node_broken ? EQK_N_ ("A layer breaks the symmetry.")
                    : forces ? EQK_N_ ("The forces do not turn with the molecule.")
                    : !elements_break (a) ? EQK_N_ ("The gradients do not turn with the input.") : EQK_N_ ("The output does not turn with the input.");
      return;
    }
  audit->verdict = EQK_VERDICT_INCONCLUSIVE;
  if (a->use.zero_output || a->wide.zero_output)
    audit->reason = EQK_N_ ("The output is zero, so nothing follows from it.");
  else if (a->use.constant_output || a->wide.constant_output)
    audit->reason = EQK_N_ ("The output hardly depends on the input, so any network would pass.");
  else if (a->trials.n <= 1)
    audit->reason = EQK_N_ ("The design promises no symmetry that could be tested.");
  else if (!control_failed (a))
    audit->reason = EQK_N_ ("The same test also passes a network without the symmetry.");
  else if (a->holds.holds == EQK_HOLDS_LOST)
    audit->reason = EQK_N_ ("A layer gives up the symmetry, though these inputs do not show it.");
  else
    {
      audit->verdict = full ? EQK_VERDICT_EXACT : EQK_VERDICT_WITHIN_LIMIT;
      audit->reason = full ? NULL
                      : any_between (&a->trials) && !a->judges_between
                          ? EQK_N_ ("Angles between grid points are measured but have no limit here: a stride aliases. The other elements hold.")
                          : EQK_N_ ("Some elements hold only within a limit.");
    }
}

static EqkStatus
conclude (Audit *a)
{
  EqkAudit *audit = a->audit;
  bool      node_broken = false;
  EqkStatus status;

  audit->fast_kernels = kernels_differ (a);
  audit->threshold = eqk_audit_limit (audit->fast_kernels);
  audit->threshold_direct = LIMIT_DIRECT;
  audit->threshold_f64 = LIMIT_F64;
  audit->threshold_forces = LIMIT_FORCES;
  audit->threshold_gradient = LIMIT_GRADIENT;
  audit->amplified = 1;
  take_off_rounding (a, &a->use, audit->threshold);
  take_off_rounding (a, &a->exact, LIMIT_DIRECT);
  audit->worst = largest (&a->use, a->use.error);
  audit->worst_direct = largest (&a->exact, a->exact.error);
  audit->worst_f64 = largest (&a->wide, a->wide.error);
  audit->worst_forces = largest (&a->use, a->use.forces);
  audit->worst_forces_f64 = largest (&a->wide, a->wide.forces);
  audit->control_error = median_on_grid (a, &a->control);
  audit->control_design = median_on_grid (a, &a->use);
  audit->control_ratio = ratio (audit->control_error, audit->control_design);
  audit->control_ratio_between = NAN;
  if (a->trials.farthest >= 0)
    audit->control_ratio_between = ratio (median_at (a, &a->control_between, a->control_between.sensitive, a->trials.farthest),
                                          median_at (a, &a->between, a->between.sensitive, a->trials.farthest));
  audit->judges_between = a->judges_between = any_between (&a->trials) && !has_problem (a->in_use->typed, "W-STRIDE-ALIAS");
  status = fill_elements (a);
  if (status == EQK_OK)
    status = fill_nodes (a, &node_broken);
  if (status != EQK_OK)
    return status;
  status = eqk_audit_statistics (&a->use, audit->threshold, audit->seed, &audit->statistics);
  if (status == EQK_OK)
    judge (a, node_broken);
  return status;
}

/* ---- one set of weights ---- */

static EqkGuarantee
guarantee_of (const EqkProgram *p)
{
  EqkGuarantee all = { EQK_HOLDS_EXACT, eqk_guarantee_full_mask (p->typed->graph->symmetry.group), -1, NULL };

  for (int o = 0; o < p->n_outputs; o++)
    all = eqk_guarantee_meet (all, p->outputs[o].type.guarantee);
  return all;
}

static EqkStatus
audit_weights (const EqkProgram *in_use, const EqkProgram *direct, const EqkStore *store, const char *weights,
               const EqkAuditOptions *options, EqkAudit **out, EqkDiag *diag)
{
  const size_t n = (size_t) in_use->typed->graph->n_nodes + 1;
  Audit        a = { .in_use = in_use, .direct = direct, .store = store, .options = options, .holds = guarantee_of (in_use) };
  EqkStatus    status = EQK_OK;

  a.audit = calloc (1, sizeof *a.audit);
  a.nodes32 = calloc (n, sizeof *a.nodes32);
  a.nodes64 = calloc (n, sizeof *a.nodes64);
  if (a.audit == NULL || a.nodes32 == NULL || a.nodes64 == NULL)
    status = eqk_fail (diag, EQK_ERR_NO_MEMORY, "audit");
  if (status == EQK_OK)
    {
      a.audit->typed = eqk_typed_ref (in_use->typed);
      a.audit->weights = weights;
      a.audit->samples = options->samples;
      a.audit->seed = options->seed;
      a.audit->culprit = -1;
      a.audit->axioms = eqk_audit_axioms (in_use->typed->graph->symmetry.group, options->seed, 100);
      eqk_audit_list_trials (in_use, options->seed, &a.trials);
      status = measure_all (&a, diag);
    }
  if (status == EQK_OK)
    status = conclude (&a);
  eqk_audit_errors_clear (&a.use);
  eqk_audit_errors_clear (&a.exact);
  eqk_audit_errors_clear (&a.wide);
  eqk_audit_errors_clear (&a.between);
  eqk_audit_errors_clear (&a.control);
  eqk_audit_errors_clear (&a.control_between);
  free (a.nodes32);
  free (a.nodes64);
  if (status != EQK_OK)
    {
      eqk_audit_free (a.audit);
      return status == EQK_ERR_NO_MEMORY ? eqk_fail (diag, status, "audit") : status;
    }
  *out = a.audit;
  return EQK_OK;
}

/* A break outranks everything; a set of weights that says nothing (an output that starts at zero) yields to one that does. */
static bool
is_worse (const EqkAudit *a, const EqkAudit *b)
{
  const bool a_broken = a->verdict == EQK_VERDICT_BROKEN, b_broken = b->verdict == EQK_VERDICT_BROKEN;
  const bool a_silent = a->verdict == EQK_VERDICT_INCONCLUSIVE, b_silent = b->verdict == EQK_VERDICT_INCONCLUSIVE;

  if (a_broken != b_broken)
    return a_broken;
  if (a_silent != b_silent)
    return b_silent;
  if ((a->culprit < 0) != (b->culprit < 0))
    return a->culprit >= 0;
  return a->worst > b->worst;
}

EqkStatus
eqk_audit_programs (const EqkProgram *in_use, const EqkProgram *direct, const EqkStore *store, const EqkAuditOptions *options,
                    EqkAudit **out, EqkDiag *diag)
{
  EqkAudit *initial = NULL, *random = NULL;
  EqkStore *drawn;
  EqkStatus status;

  if (options->samples < 2 || options->samples > 10000)
    return eqk_fail_expected (diag, EQK_ERR_LIMIT, "samples", "2 to 10000", "");
  if (!in_use->keep_all || !direct->keep_all)
    return eqk_fail (diag, EQK_ERR_UNSUPPORTED, "an audit needs programs that keep all values");
  if (store != NULL)
    return audit_weights (in_use, direct, store, "given", options, out, diag);
  drawn = eqk_store_new (direct, EQK_F64, options->weight_seed);
  if (drawn == NULL)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "weights");
  status = audit_weights (in_use, direct, drawn, "initial", options, &initial, diag);
  if (status == EQK_OK)
    {
      eqk_store_randomise (drawn, direct, options->weight_seed + 1);
      status = audit_weights (in_use, direct, drawn, "random", options, &random, diag);
    }
  eqk_store_unref (drawn);
  if (status != EQK_OK)
    {
      eqk_audit_free (initial);
      return status;
    }
  *out = is_worse (initial, random) ? initial : random;
  eqk_audit_free (*out == initial ? random : initial);
  return EQK_OK;
}

EqkStatus
eqk_audit (EqkTyped *typed, const EqkStore *store, const EqkAuditOptions *options, EqkAudit **out, EqkDiag *diag)
{
  EqkProgram *in_use = NULL, *direct = NULL;
  EqkStatus   status = eqk_compile (typed, &(EqkCompileOptions){ .keep_all = true }, &in_use, diag);

  if (status == EQK_OK)
    status = eqk_compile (typed, &(EqkCompileOptions){ .keep_all = true, .exact = true }, &direct, diag);
  if (status == EQK_OK)
    status = eqk_audit_programs (in_use, direct, store, options, out, diag);
  eqk_program_free (direct);
  eqk_program_free (in_use);
  return status;
}
