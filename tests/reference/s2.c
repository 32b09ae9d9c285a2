/* s2.json: signals on a grid of angles and activations of their values. */

#include "one-op.h"

#include "eqk/radial.h"
#include "layers/dense.h"
#include "layers/grids.h"

#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-10

static EqkSphereScale
scale_of (RefCase *c, const cJSON *item)
{
  const char *name = cJSON_GetStringValue (ref_get (c, item, "normalization"));

  ref_check (c, name != NULL && (strcmp (name, "component") == 0 || strcmp (name, "norm") == 0 || strcmp (name, "integral") == 0), "normalization");
  return name != NULL && strcmp (name, "norm") == 0 ? EQK_SPHERE_NORM : name != NULL && strcmp (name, "integral") == 0 ? EQK_SPHERE_INTEGRAL : EQK_SPHERE_COMPONENT;
}

static void
near_product (RefCase *c, const char *what, const cJSON *tensor, const int *dims, int n_dims, const double *matrix, int rows, int columns, const double *x)
{
  double *theirs = ref_tensor (c, what, tensor, dims, n_dims);

  for (int r = 0; theirs != NULL && r < rows; r++)
    {
      double sum = 0;

      for (int k = 0; k < columns; k++)
        sum += matrix[r * columns + k] * x[k];
      ref_near (c, what, theirs[r], sum, TOLERANCE);
    }
  free (theirs);
}

static void
check_grid (RefFile *file, const cJSON *item)
{
  RefCase   c = ref_case_open (file, "grid of degree %g, %s", cJSON_GetNumberValue (cJSON_GetObjectItem (item, "lmax")), cJSON_GetStringValue (cJSON_GetObjectItem (item, "normalization")));
  const int lmax = ref_int (&c, ref_get (&c, item, "lmax")), grid[2] = { ref_int (&c, ref_get (&c, item, "res_beta")), ref_int (&c, ref_get (&c, item, "res_alpha")) };
  const int n = (lmax + 1) * (lmax + 1), points = grid[0] * grid[1];
  double   *x = ref_tensor (&c, "x", ref_get (&c, item, "x"), &n, 1), *signal = ref_tensor (&c, "signal", ref_get (&c, item, "signal"), grid, 2);
  double   *to = malloc ((size_t) (n * points + 1) * sizeof *to), *from = malloc ((size_t) (n * points + 1) * sizeof *from);

  if (x != NULL && signal != NULL && ref_check (&c, eqk_sphere_grid (lmax, lmax, grid[0], grid[1], scale_of (&c, item), to, from), "libeqk has no such grid"))
    {
      near_product (&c, "to_grid", ref_get (&c, item, "to_grid"), grid, 2, to, points, n, x);
      near_product (&c, "from_grid_signal", ref_get (&c, item, "from_grid_signal"), &n, 1, from, n, points, signal);
      ref_near_all (&c, "from_grid_of_to_grid", ref_get (&c, ref_get (&c, item, "from_grid_of_to_grid"), "data"), x, (size_t) n, TOLERANCE);
    }
  free (x);
  free (signal);
  free (to);
  free (from);
  ref_case_close (&c);
}

typedef struct
{
  int          lmax, lmax_out, rings;
  const char  *act;
  const double *to, *from;
} Act;

static int
dense_matrix (EqkBuild *b, int x, const double *matrix, int rows, int columns, EqkDiag *diag)
{
  EqkConstLinearParams p = { 0 };
  EqkSparse            sparse;
  const int            y = eqk_build_value (b, (EqkSpace){ EQK_SPACE_SAMPLE, 0, 0, 0 }, rows);

  eqk_sparse_open (&sparse, columns, rows);
  for (int r = 0; r < rows; r++)
    for (int k = 0; k < columns; k++)
      eqk_sparse_add (&sparse, r, k, matrix[r * columns + k]);
  return eqk_matrix_keep (b, &sparse, &p) == EQK_OK && x >= 0 && eqk_build_op (b, "const_linear", &x, 1, &y, 1, &p, sizeof p, diag) == EQK_OK ? y : -1;
}

static int
build_act (EqkBuild *b, void *data, EqkDiag *diag)
{
  const Act     *a = data;
  const EqkSpace rows = { EQK_SPACE_SAMPLE, 0, 0, 0 };
  const int      n = (a->lmax + 1) * (a->lmax + 1), m = (a->lmax_out + 1) * (a->lmax_out + 1), points = a->rings * (a->rings - 1);
  int            h = dense_matrix (b, eqk_build_feed (b, "x", rows, n, false), a->to, points, n, diag);

  h = h < 0 ? -1 : eqk_dense_act (b, a->act, h, rows, points, eqk_act_constant (eqk_act_find (a->act), "e3nn"), diag);
  return dense_matrix (b, h, a->from, m, points, diag);
}

static int
degree_of (const char *irreps)
{
  int l = -1;

  for (; irreps != NULL && *irreps != '\0'; irreps++)
    l += *irreps == 'x';
  return l;
}

static void
check_act (RefFile *file, const cJSON *item)
{
  RefCase     c = ref_case_open (file, "%s on %s", cJSON_GetStringValue (cJSON_GetObjectItem (item, "act")), cJSON_GetStringValue (cJSON_GetObjectItem (item, "irreps_in")));
  Act         a = { degree_of (cJSON_GetStringValue (ref_get (&c, item, "irreps_in"))), degree_of (cJSON_GetStringValue (ref_get (&c, item, "irreps_out"))), ref_int (&c, ref_get (&c, item, "res")),
                    cJSON_GetStringValue (ref_get (&c, item, "act")), NULL, NULL };
  const int   batch = ref_int (&c, ref_at (&c, ref_get (&c, ref_get (&c, item, "x"), "shape"), 0)), dims_x[2] = { batch, (a.lmax + 1) * (a.lmax + 1) }, dims_y[2] = { batch, (a.lmax_out + 1) * (a.lmax_out + 1) };
  const int   points = a.rings * (a.rings - 1);
  double     *x = ref_tensor (&c, "x", ref_get (&c, item, "x"), dims_x, 2), *v = ref_tensor (&c, "v", ref_get (&c, item, "v"), dims_y, 2);
  double     *to = malloc ((size_t) (dims_x[1] * points + 1) * sizeof *to), *from = malloc ((size_t) (dims_y[1] * points + 1) * sizeof *from), *y, *gx;
  OneOp      *op = NULL;

  a.to = to;
  a.from = from;
  if (x != NULL && v != NULL && ref_check (&c, a.act != NULL && eqk_act_find (a.act) >= 0 && eqk_sphere_grid (a.lmax, a.lmax_out, a.rings, a.rings - 1, scale_of (&c, item), to, from), "libeqk has no such activation"))
    op = one_op_new (&c, batch, dims_y[1], build_act, &a);
  if (op != NULL)
    {
      ref_near (&c, "act_cst", ref_number (&c, ref_get (&c, item, "act_cst")), eqk_act_constant (eqk_act_find (a.act), "e3nn"), 1e-12);
      one_op_feed (op, "x", x);
      y = ref_tensor (&c, "out", ref_get (&c, item, "out"), dims_y, 2);
      for (int i = 0; y != NULL && i < batch * dims_y[1]; i++)
        ref_near (&c, "out", y[i], one_op_forward (op, false)[i], TOLERANCE);
      one_op_backward (op, v);
      gx = ref_tensor (&c, "grad_x", ref_get (&c, item, "grad_x"), dims_x, 2);
      for (int i = 0; gx != NULL && i < batch * dims_x[1]; i++)
        ref_near (&c, "grad_x", gx[i], one_op_gradient (op, "x")[i], TOLERANCE);
      free (y);
      free (gx);
    }
  one_op_free (op);
  free (x);
  free (v);
  free (to);
  free (from);
  ref_case_close (&c);
}

void
ref_run_s2 (RefFile *file)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "grids"))
    check_grid (file, item);
  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "s2_activation"))
    check_act (file, item);
}
