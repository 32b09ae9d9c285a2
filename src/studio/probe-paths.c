/* Paths are read from the parameters of the operations, not derived again: what is shown is what runs. */

#include "studio/probe-paths.h"

#include "eqk/op.h"
#include "ops/irreps.h"

#include <math.h>
#include <string.h>

/* The type of a value, or of what a linear map inside of the layer made it from, if it has as many channels. NULL: not known. */
static const EqkRep *
rep_of (const EqkProgram *program, int value, int width)
{
  for (int step = 0; step < 4 && value >= 0; step++)
    {
      const EqkPortType *type = eqk_program_value_type (program, value);
      const int          producer = eqk_program_value (program, value)->producer;

      if (type != NULL)
        return eqk_rep_get_dim (type->rep) == width ? type->rep : NULL;
      if (producer < 0 || strcmp (eqk_program_op (program, producer)->id, "irreps_linear") != 0)
        return NULL;
      value = eqk_program_op (program, producer)->in[0];
    }
  return NULL;
}

/* The field whose copies take the channels around `at`. */
static const EqkField *
field_at (const EqkRep *rep, int at)
{
  int first = 0;

  for (int r = 0; rep != NULL && r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);

      first += run.mul * eqk_field_get_dim (run.field);
      if (at < first)
        return run.field;
    }
  return NULL;
}

/* "1o"; where the type is not known the degree alone. */
static void
name_field (const EqkField *field, int dim, char name[8])
{
  if (field != NULL && eqk_field_get_dim (field) == dim)
    g_strlcpy (name, eqk_field_get_name (field), 8);
  else
    g_snprintf (name, 8, "%d", (dim - 1) / 2);
}

/* The product of two kinds has the product of their parities. */
static const EqkField *
product_field (const EqkField *a, const EqkField *b, int dim)
{
  const EqkGroup *group = a == NULL || b == NULL ? NULL : eqk_field_get_group (a);

  return group == NULL ? NULL : eqk_group_irrep_by_id (group, eqk_field_irrep_j (a) ^ eqk_field_irrep_j (b), (dim - 1) / 2);
}

/* Root mean square of n numbers at `first` of each row. */
static double
size_of (const float *values, gsize rows, gsize width, int first, int n)
{
  double sum = 0;

  for (gsize r = 0; r < rows; r++)
    for (int i = 0; i < n; i++)
      sum += pow ((double) values[r * width + (gsize) (first + i)], 2);
  return values == NULL || rows == 0 || n == 0 ? NAN : sqrt (sum / ((double) rows * n));
}

static void
add_path (GArray *paths, const EqkField *left, int n_i, const EqkField *middle, int n_j, int n_k, int copies, int n_weights, double size)
{
  EqsProbePath path = { .copies = copies, .n_weights = n_weights, .size = size };

  name_field (left, n_i, path.left);
  name_field (middle, n_j, path.middle);
  name_field (product_field (left, middle, n_k), n_k, path.right);
  g_array_append_val (paths, path);
}

static void
add_uvu (GArray *paths, const EqkRun *run, const EqkOp *op)
{
  const EqkTpParams *p = op->params;
  const EqkRep      *x = rep_of (run->program, op->in[0], p->n_in), *y = rep_of (run->program, op->in[1], p->n_sh);
  const float       *w = eqk_run_value (run, op->in[2]);
  const gsize        rows = eqk_run_rows (run, op->in[2]);

  for (int i = 0; i < p->n_paths; i++)
    {
      const EqkTpPath *path = &p->paths[i];
      const int        at = p->term[p->pairs[p->row_k[path->by_k]].first];
      const EqkField  *middle = field_at (y, at);
      const int        degree = (int) floor (sqrt (at + 0.5));      /* harmonics degree after degree */

      add_path (paths, field_at (x, path->from), path->n_i, middle, middle != NULL ? eqk_field_get_dim (middle) : 2 * degree + 1, path->n_k, path->mul, path->mul,
                size_of (w, rows, (gsize) p->n_weights, path->weight, path->mul));
    }
}

static void
add_product (GArray *paths, const EqkRun *run, const EqkOp *op)
{
  const EqkProductParams *p = op->params;
  const EqkRep           *x = rep_of (run->program, op->in[0], p->n_x), *y = rep_of (run->program, op->in[1], p->n_y);
  const float            *w = eqk_run_value (run, op->in[2]);

  for (int i = 0; i < p->n_paths; i++)
    {
      const EqkProductPath *path = &p->paths[i];
      const int             n = path->mul_x * path->mul_y * path->mul_z;

      add_path (paths, field_at (x, path->from_x), path->n_i, field_at (y, path->from_y), path->n_j, path->n_k, path->mul_z, n, size_of (w, 1, (gsize) p->n_weights, path->weight, n));
    }
}

GArray *
eqs_probe_paths (const EqkRun *run, int node)
{
  GArray *paths = g_array_new (FALSE, FALSE, sizeof (EqsProbePath));

  for (int i = 0; i < eqk_program_n_ops (run->program) && node >= 0; i++)
    {
      const EqkOp *op = eqk_program_op (run->program, i);

      if (op->node != node)
        continue;
      if (strcmp (op->id, "tp_uvu") == 0)
        add_uvu (paths, run, op);
      else if (strcmp (op->id, "tensor_product") == 0)
        add_product (paths, run, op);
    }
  if (paths->len > 0)
    return paths;
  g_array_unref (paths);
  return NULL;
}
