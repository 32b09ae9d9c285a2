/*
 * x and v are kept in double precision whatever the network computes in: an increment of a step is far below the last digit of a
 * coordinate in float32. The network's forces are read once a step; neighbours are found anew each time.
 */

#include "services/dynamics.h"

#include "data/error.h"
#include "data/masses.h"
#include "model/compile.h"
#include "model/error.h"
#include "services/batch.h"

#include "eqk/op.h"
#include "eqk/random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define PER_FS2   0.009648533212331      /* eV / (Å u) in Å/fs² */
#define BOLTZMANN 8.617333262e-5         /* eV/K */

typedef struct
{
  EqsModel                 *model;
  const EqsDynamicsOptions *options;
  EqkStore                 *store;       /* owned; in the precision of the run */
  EqkRun                   *run;         /* owned */
  EqsFeeder                *feeder;      /* owned */
  int                       positions, energy, forces;   /* values */
  gsize                     n;           /* atoms */
  double                   *x, *v, *f, *mass;            /* owned */
  double                    potential;
  GArray                   *totals;      /* owned, of double: total energy after each step */
  double                    kelvin;      /* sum over steps */
} Motion;

static void
motion_clear (Motion *self)
{
  eqk_run_free (self->run);
  eqk_store_unref (self->store);
  g_clear_pointer (&self->feeder, eqs_feeder_free);
  g_free (self->x);
  g_free (self->v);
  g_free (self->f);
  g_free (self->mass);
  g_clear_pointer (&self->totals, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Motion, motion_clear)

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
find_values (Motion *self, GError **error)
{
  const EqkProgram      *program = self->model->program;
  const EqkGradientRule *rule = eqk_program_gradient (program);

  if (rule == NULL || rule->result < 0)
    return refuse (error, _("The network gives no forces that are the slope of its energy; dynamics needs them (a Forces layer)."));
  self->positions = rule->positions;
  self->energy = rule->energy;
  self->forces = rule->result;
  if (eqk_program_value (program, self->positions)->kind != EQK_VALUE_FEED)
    return refuse (error, _("The forces of the network are not by the positions of the atoms themselves."));
  return TRUE;
}

/* Neighbours come and go: room for twice as many as there are at the start, or for all. */
static EqkSizes
room_for (Motion *self)
{
  EqkSizes sizes = eqs_feeder_get_capacity (self->feeder, 1);

  sizes.edges = 2 * sizes.edges + 64;
  return sizes;
}

static gboolean
open_run (Motion *self, EqsSplit *one, GError **error)
{
  EqkRunOptions options = { .precision = self->options->f64 ? EQK_F64 : EQK_F32 };
  const guint   first = 0;
  EqkDiag       diag = EQK_DIAG_INIT;

  self->feeder = eqs_feeder_new (self->model->program, one, FALSE, error);
  if (self->feeder == NULL || !eqs_feeder_take_species (self->feeder, self->model->run, error))
    return FALSE;
  self->store = self->options->f64 ? eqk_store_new (self->model->program, EQK_F64, 0) : eqk_store_ref (self->model->store);
  options.capacity = room_for (self);
  if ((self->options->f64 && eqk_store_copy (self->store, self->model->store) != EQK_OK) ||
      eqk_run_new (self->model->program, self->store, &options, &self->run, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status != EQK_OK ? diag.status : EQK_ERR_NO_MEMORY, &diag);
      return FALSE;
    }
  return eqs_feeder_fill (self->feeder, self->run, &first, 1, EQS_TRANSFORM_NONE, NULL, 0, 0, error);
}

static gboolean
read_masses (Motion *self, EqsSplit *one, GError **error)
{
  const EqsColumn   *species = NULL;
  const guint        first = 0;
  g_autofree gint32 *z = g_new (gint32, self->n + 1);

  for (guint i = 0; i < eqs_split_get_n_columns (one) && species == NULL; i++)
    if (eqs_split_get_column (one, i)->values == EQS_VALUES_SPECIES)
      species = eqs_split_get_column (one, i);
  if (species == NULL)
    return refuse (error, _("The data do not say which elements the atoms are, so they have no masses."));
  eqs_split_copy_int (one, species, &first, 1, z);
  for (gsize i = 0; i < self->n; i++)
    {
      self->mass[i] = z[i] < 0 ? 0 : eqs_species_get_mass ((guint) z[i]);
      if (!(self->mass[i] > 0))
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("Atom %zu is of element %d, which has no mass."), i, z[i]);
          return FALSE;
        }
    }
  return TRUE;
}

static double
number (const EqkRun *run, const void *values, gsize i)
{
  return run->precision == EQK_F32 ? (double) ((const float *) values)[i] : ((const double *) values)[i];
}

static gboolean
look_up_forces (Motion *self, GError **error)
{
  void   *to = eqk_run_feed (self->run, self->positions);
  EqkDiag diag = EQK_DIAG_INIT;

  for (gsize i = 0; i < 3 * self->n; i++)
    if (self->run->precision == EQK_F32)
      ((float *) to)[i] = (float) self->x[i];
    else
      ((double *) to)[i] = self->x[i];
  if (eqk_run_build_structures (self->run, &diag) != EQK_OK || eqk_run_forward (self->run, EQK_PASS_INFER, &diag) != EQK_OK)
    {
      eqs_compile_set_error (error, diag.status, &diag);
      return FALSE;
    }
  self->potential = number (self->run, eqk_run_value (self->run, self->energy), 0);
  for (gsize i = 0; i < 3 * self->n; i++)
    self->f[i] = number (self->run, eqk_run_value (self->run, self->forces), i);
  return TRUE;
}

/* Maxwell and Boltzmann's, without motion of the whole, scaled to the temperature. */
static void
draw_velocities (Motion *self)
{
  EqkRandom random = eqk_random (self->options->seed, EQK_RANDOM_TEST, 21, 0, 0);
  double    momentum[3] = { 0 }, mass = 0, kinetic = 0, by;

  for (gsize i = 0; i < 3 * self->n; i++)
    {
      self->v[i] = eqk_random_normal (&random) * sqrt (PER_FS2 / self->mass[i / 3]);
      momentum[i % 3] += self->mass[i / 3] * self->v[i];
      mass += i % 3 == 0 ? self->mass[i / 3] : 0;
    }
  for (gsize i = 0; i < 3 * self->n; i++)
    {
      self->v[i] -= self->n > 1 ? momentum[i % 3] / mass : 0;
      kinetic += self->mass[i / 3] * self->v[i] * self->v[i] / 2 / PER_FS2;
    }
  by = kinetic > 0 ? sqrt (1.5 * (double) MAX (self->n - 1, 1) * BOLTZMANN * self->options->temperature / kinetic) : 0;
  for (gsize i = 0; i < 3 * self->n; i++)
    self->v[i] *= by;
}

static EqsDynamicsPoint
point_now (const Motion *self, guint step)
{
  EqsDynamicsPoint point = { .step = step, .potential = self->potential };

  for (gsize i = 0; i < 3 * self->n; i++)
    point.kinetic += self->mass[i / 3] * self->v[i] * self->v[i] / 2 / PER_FS2;
  point.temperature = point.kinetic / (1.5 * (double) MAX (self->n - 1, 1) * BOLTZMANN);
  return point;
}

static gboolean
take_step (Motion *self, GError **error)
{
  const double dt = self->options->step_fs;

  for (gsize i = 0; i < 3 * self->n; i++)
    {
      self->v[i] += dt / 2 * PER_FS2 * self->f[i] / self->mass[i / 3];
      self->x[i] += dt * self->v[i];
    }
  if (!look_up_forces (self, error))
    return FALSE;
  for (gsize i = 0; i < 3 * self->n; i++)
    self->v[i] += dt / 2 * PER_FS2 * self->f[i] / self->mass[i / 3];
  return TRUE;
}

/* What all forces together would do to the sample: move it, or turn it about its middle. */
static void
add_up_forces (const Motion *self, EqsDynamics *result)
{
  double sum[3] = { 0 }, torque[3] = { 0 }, middle[3] = { 0 };

  for (gsize i = 0; i < 3 * self->n; i++)
    {
      sum[i % 3] += self->f[i];
      middle[i % 3] += self->x[i] / (double) self->n;
    }
  for (gsize i = 0; i < self->n; i++)
    {
      const double *x = self->x + 3 * i, *f = self->f + 3 * i;

      for (gsize k = 0; k < 3; k++)
        torque[k] += (x[(k + 1) % 3] - middle[(k + 1) % 3]) * f[(k + 2) % 3] - (x[(k + 2) % 3] - middle[(k + 2) % 3]) * f[(k + 1) % 3];
      result->largest_force = MAX (result->largest_force, hypot (hypot (f[0], f[1]), f[2]));
    }
  result->net_force = MAX (result->net_force, hypot (hypot (sum[0], sum[1]), sum[2]));
  if (!isnan (result->net_torque))
    result->net_torque = MAX (result->net_torque, hypot (hypot (torque[0], torque[1]), torque[2]));
}

static gboolean
record (Motion *self, EqsDynamics *result, guint step, EqsDynamicsFunc func, gpointer data, GError **error)
{
  const EqsDynamicsPoint point = point_now (self, step);
  const double           total = point.potential + point.kinetic;

  if (!isfinite (total))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("After step %u the energy is not a finite number any more; a shorter step may help, or more training."), step);
      return FALSE;
    }
  g_array_append_val (self->totals, total);
  add_up_forces (self, result);
  self->kelvin += point.temperature;
  if (step % MAX (self->options->every, 1) != 0)
    return TRUE;
  g_array_append_val (result->points, point);
  return func == NULL || func (&point, self->x, self->v, self->f, data, error);
}

static double
mean_of (const GArray *totals, guint first, guint n)
{
  double sum = 0;

  for (guint i = first; i < first + n; i++)
    sum += g_array_index (totals, double, i);
  return sum / n;
}

static void
conclude (Motion *self, EqsDynamics *result)
{
  const guint  n = self->totals->len, tenth = MAX (n / 10, 1);
  const double start = g_array_index (self->totals, double, 0), mean = mean_of (self->totals, 0, n);
  double       square = 0;

  result->n_atoms = (guint) self->n;
  result->steps = n - 1;
  result->temperature = self->kelvin / n;
  result->drift = (mean_of (self->totals, n - tenth, tenth) - mean_of (self->totals, 0, tenth)) / (double) self->n;
  for (guint i = 0; i < n; i++)
    {
      const double total = g_array_index (self->totals, double, i);

      result->excursion = MAX (result->excursion, fabs (total - start) / (double) self->n);
      square += (total - mean) * (total - mean);
    }
  result->fluctuation = sqrt (square / n) / (double) self->n;
}

static gboolean
begin (Motion *self, EqsSplit *one, GError **error)
{
  const guint first = 0;

  self->n = eqs_split_get_n_nodes (one, 0);
  self->x = g_new0 (double, 3 * self->n + 1);
  self->v = g_new0 (double, 3 * self->n + 1);
  self->f = g_new0 (double, 3 * self->n + 1);
  self->mass = g_new0 (double, self->n + 1);
  self->totals = g_array_new (FALSE, FALSE, sizeof (double));
  if (!find_values (self, error) || !open_run (self, one, error) || !read_masses (self, one, error))
    return FALSE;
  eqs_split_copy_double (one, eqs_split_find (one, eqk_program_value (self->model->program, self->positions)->name), &first, 1, self->x);
  draw_velocities (self);
  return look_up_forces (self, error);
}

EqsDynamics *
eqs_dynamics_run (EqsModel *model, EqsSplit *split, guint sample, const EqsDynamicsOptions *options, EqsDynamicsFunc func, gpointer data, GError **error)
{
  g_auto (Motion)         self = { .model = model, .options = options };
  g_autoptr (EqsSplit)    one = eqs_split_new_view (split, eqs_split_get_name (split), &sample, 1);
  g_autoptr (EqsDynamics) result = g_new0 (EqsDynamics, 1);

  result->points = g_array_new (FALSE, FALSE, sizeof (EqsDynamicsPoint));
  if (eqk_program_n_structures (model->program) > 0 && eqk_program_structure (model->program, 0)->cell >= 0)
    result->net_torque = NAN;
  if (!begin (&self, one, error) || !record (&self, result, 0, func, data, error))
    return NULL;
  for (guint step = 1; step <= options->steps && (options->cancel == NULL || g_atomic_int_get (options->cancel) == 0); step++)
    if (!take_step (&self, error) || !record (&self, result, step, func, data, error))
      return NULL;
  conclude (&self, result);
  return g_steal_pointer (&result);
}

void
eqs_dynamics_free (EqsDynamics *self)
{
  g_clear_pointer (&self->points, g_array_unref);
  g_free (self);
}
