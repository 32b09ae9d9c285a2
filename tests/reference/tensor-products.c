/*
 * linear.json, fully_connected_net.json, tensor_product_*.json: libeqk's tables of terms, factors and the operations that run them. A second
 * gradient of something linear in each of x, y and w is a first one with one factor replaced by the direction, and that is how it is taken here.
 */

#include "blocks.h"
#include "one-op.h"

#include "layers/irreps.h"
#include "layers/products.h"
#include "ops/op_act.h"
#include "ops/op_linear.h"
#include "layers/dense.h"
#include "ops/plane.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-10

enum { MAX_RULES = 64 };

typedef struct
{
  EqkProductBlock x[REF_MAX_BLOCKS], y[REF_MAX_BLOCKS], z[REF_MAX_BLOCKS];
  EqkProductRule  rules[MAX_RULES];
  EqkProduct      p;
  EqkProductTerms t;
  int             n_x, n_y, n_z;
} Product;

static const char *const copies[] = { "uvw", "uvu", "uvv", "uuw", "uuu", "uvuv", "uvu<v", "u<vw" };

static void
read_variances (RefCase *c, const cJSON *list, EqkProductBlock *blocks, int n)
{
  for (int k = 0; list != NULL && k < n; k++)
    blocks[k].variance = ref_number (c, ref_at (c, list, k));
}

static void
read_rules (RefCase *c, const cJSON *item, Product *p)
{
  const cJSON *list = ref_get (c, item, "instructions"), *weights = cJSON_GetObjectItem (item, "path_weight_user"), *rule;
  int          n = 0;

  cJSON_ArrayForEach (rule, list)
    {
      const char *mode = cJSON_GetStringValue (ref_get (c, rule, "mode"));
      int         way = -1;

      for (int k = 0; k < 8 && mode != NULL; k++)
        way = strcmp (copies[k], mode) == 0 ? k : way;
      if (!ref_check (c, way >= 0 && n < MAX_RULES, "mode “%s”", mode == NULL ? "" : mode))
        return;
      p->rules[n] = (EqkProductRule){ ref_int (c, ref_get (c, rule, "i1")), ref_int (c, ref_get (c, rule, "i2")), ref_int (c, ref_get (c, rule, "iout")), (EqkCopies) way,
                                      cJSON_IsTrue (ref_get (c, rule, "has_weight")), weights == NULL ? 1 : ref_number (c, ref_at (c, weights, n)) };
      n++;
    }
  p->p.n_rules = n;
}

/* What e3nn says the weights of a rule look like, had it any. */
static void
check_shape (RefCase *c, const cJSON *shape, const Product *p, int rule)
{
  const EqkProductRule *r = &p->rules[rule];
  const int             m1 = p->x[r->x].mul, m2 = p->y[r->y].mul, m3 = p->z[r->z].mul, pairs = m1 * (m1 - 1) / 2;
  const int             shapes[8][3] = { { m1, m2, m3 }, { m1, m2 }, { m1, m2 }, { m1, m3 }, { m1 }, { m1, m2 }, { pairs }, { pairs, m3 } };
  static const int      n[8] = { 3, 2, 2, 2, 1, 2, 1, 2 };

  if (ref_length (c, "weight_shape", shape, n[r->copies]))
    for (int k = 0; k < n[r->copies]; k++)
      ref_equal (c, "weight_shape", ref_at (c, shape, k), shapes[r->copies][k]);
}

static int
word_of (const char *text, const char *const *words)
{
  for (int k = 0; text != NULL && words[k] != NULL; k++)
    if (strcmp (text, words[k]) == 0)
      return k;
  return 0;
}

static bool
read_product (RefCase *c, const cJSON *item, Product *p)
{
  static const char *const irrep[] = { "component", "norm", "none", NULL }, *const path[] = { "element", "path", "none", NULL };
  const cJSON *rule;
  int          k = 0;

  memset (p, 0, sizeof *p);
  p->p = (EqkProduct){ .x = p->x, .y = p->y, .z = p->z, .rules = p->rules };
  p->n_x = ref_blocks_read (cJSON_GetStringValue (ref_get (c, item, "irreps_in1")), p->x, &p->p.n_x);
  p->n_y = ref_blocks_read (cJSON_GetStringValue (ref_get (c, item, "irreps_in2")), p->y, &p->p.n_y);
  p->n_z = ref_blocks_read (cJSON_GetStringValue (ref_get (c, item, "irreps_out")), p->z, &p->p.n_z);
  if (!ref_check (c, p->n_x > 0 && p->n_y > 0 && p->n_z > 0, "irreps"))
    return false;
  read_rules (c, item, p);
  p->p.irrep_scale = (EqkIrrepScale) word_of (cJSON_GetStringValue (cJSON_GetObjectItem (item, "irrep_normalization")), irrep);
  p->p.path_scale = (EqkPathScale) word_of (cJSON_GetStringValue (cJSON_GetObjectItem (item, "path_normalization")), path);
  read_variances (c, cJSON_GetObjectItem (item, "in1_var"), p->x, p->p.n_x);
  read_variances (c, cJSON_GetObjectItem (item, "in2_var"), p->y, p->p.n_y);
  read_variances (c, cJSON_GetObjectItem (item, "out_var"), p->z, p->p.n_z);
  cJSON_ArrayForEach (rule, ref_get (c, item, "instructions"))
    if (k < p->p.n_rules)
      {
        ref_near (c, "coeff", ref_number (c, ref_get (c, rule, "coeff")), eqk_product_scale (&p->p, k), 1e-12);
        check_shape (c, ref_get (c, rule, "weight_shape"), p, k++);
      }
  if (!ref_check (c, eqk_product_terms (&p->p, &p->t) == EQK_OK, "libeqk makes no terms of it"))
    return false;
  ref_equal (c, "weight_numel", ref_get (c, item, "weight_numel"), p->t.n_weights);
  return true;
}

static int
build_product (EqkBuild *b, void *data, EqkDiag *diag)
{
  const Product     *p = data;
  const EqkSpace     rows = { EQK_SPACE_SAMPLE, 0, 0, 0 };
  EqkBilinearParams  params = { p->n_x, p->n_y, p->n_z, p->t.n_weights, p->t.n_terms, true, eqk_build_keep (b, p->t.terms, (size_t) p->t.n_terms * sizeof *p->t.terms) };
  const int          in[4] = { eqk_build_feed (b, "x1", rows, p->n_x, false), eqk_build_feed (b, "x2", rows, p->n_y, false),
                               p->t.n_weights == 0 ? -1 : eqk_build_feed (b, "w", rows, p->t.n_weights, false), eqk_build_const (b, p->t.c, (size_t) p->t.n_terms) };
  const int          out = eqk_build_value (b, rows, p->n_z);

  return eqk_build_op (b, "bilinear", in, 4, &out, 1, &params, sizeof params, diag) == EQK_OK ? out : -1;
}

typedef struct
{
  RefCase       *c;
  const Product *p;
  OneOp         *op;
  int            batch;
} Bench;

/* Whether an entry has one row for all: shared weights, [n], and what is broadcast, [1, n]. */
static bool
is_one_row (const Bench *t, const cJSON *tensor)
{
  const cJSON *shape = cJSON_GetObjectItem (tensor, "shape");

  return t->batch > 1 && (cJSON_GetArraySize (shape) == 1 || cJSON_GetNumberValue (cJSON_GetArrayItem (shape, 0)) == 1);
}

static double *
numbers_of (Bench *t, const char *name, const cJSON *tensor, int n, bool one)
{
  const int dims[2] = { one ? 1 : t->batch, n };

  return cJSON_GetArraySize (cJSON_GetObjectItem (tensor, "shape")) == 1 ? ref_tensor (t->c, name, tensor, &n, 1) : ref_tensor (t->c, name, tensor, dims, 2);
}

/* Numbers of an entry, [batch, n]. */
static double *
entry (Bench *t, const cJSON *item, const char *name, int n)
{
  const cJSON *tensor = n == 0 ? NULL : ref_get (t->c, item, name);
  const bool   one = n > 0 && is_one_row (t, tensor);
  double      *rows = calloc ((size_t) (t->batch * n) + 1, sizeof *rows), *x = n == 0 ? NULL : numbers_of (t, name, tensor, n, one);

  for (int r = 0; x != NULL && r < t->batch; r++)
    memcpy (rows + r * n, x + (one ? 0 : r * n), (size_t) n * sizeof *x);
  free (x);
  return rows;
}

/* What all rows share has the sum of the rows' gradients. */
static void
near_entry (Bench *t, const cJSON *item, const char *name, const double *ours, int n)
{
  const cJSON *tensor = n == 0 ? NULL : ref_get (t->c, item, name);
  const bool   one = n > 0 && is_one_row (t, tensor);
  double      *theirs = n == 0 ? NULL : numbers_of (t, name, tensor, n, one);

  for (int i = 0; theirs != NULL && i < (one ? n : t->batch * n); i++)
    {
      double sum = ours[i];

      for (int r = 1; one && r < t->batch; r++)
        sum += ours[r * n + i];
      ref_near (t->c, name, theirs[i], sum, TOLERANCE);
    }
  free (theirs);
}

/* Result and gradients at these factors are added to those given (any may be NULL). */
static void
pass (Bench *t, const double *x, const double *y, const double *w, const double *v, double *out, double *gx, double *gy, double *gw)
{
  const Product *p = t->p;
  const double  *z;

  one_op_feed (t->op, "x1", x);
  one_op_feed (t->op, "x2", y);
  if (p->t.n_weights > 0)
    one_op_feed (t->op, "w", w);
  z = one_op_forward (t->op, false);
  for (int i = 0; out != NULL && i < t->batch * p->n_z; i++)
    out[i] += z[i];
  one_op_backward (t->op, v);
  for (int i = 0; gx != NULL && i < t->batch * p->n_x; i++)
    gx[i] += one_op_gradient (t->op, "x1")[i];
  for (int i = 0; gy != NULL && i < t->batch * p->n_y; i++)
    gy[i] += one_op_gradient (t->op, "x2")[i];
  for (int i = 0; gw != NULL && p->t.n_weights > 0 && i < t->batch * p->t.n_weights; i++)
    gw[i] += one_op_gradient (t->op, "w")[i];
}

/* Of the terms without weight the direction of the weights takes nothing: what is left of f (x, y, a) when f (x, y, 0) is subtracted. */
static void
check_second (Bench *t, const cJSON *item, const double *x, const double *y, const double *w, const double *v)
{
  const Product *p = t->p;
  const int      nw = p->t.n_weights;
  double        *ax = entry (t, item, "a_x1", p->n_x), *ay = entry (t, item, "a_x2", p->n_y), *aw = nw > 0 ? entry (t, item, "a_w", nw) : NULL;
  double        *dx = calloc ((size_t) (t->batch * p->n_x), sizeof *dx), *dy = calloc ((size_t) (t->batch * p->n_y), sizeof *dy);
  double        *dw = calloc ((size_t) (t->batch * nw) + 1, sizeof *dw), *dv = calloc ((size_t) (t->batch * p->n_z), sizeof *dv);

  pass (t, x, ay, w, v, dv, dx, NULL, dw);
  pass (t, ax, y, w, v, dv, NULL, dy, dw);
  if (nw > 0)
    {
      double *none = calloc ((size_t) (t->batch * nw), sizeof *none);
      double *zx = calloc ((size_t) (t->batch * p->n_x), sizeof *zx), *zy = calloc ((size_t) (t->batch * p->n_y), sizeof *zy), *zv = calloc ((size_t) (t->batch * p->n_z), sizeof *zv);

      pass (t, x, y, aw, v, dv, dx, dy, NULL);
      pass (t, x, y, none, v, zv, zx, zy, NULL);
      for (int i = 0; i < t->batch * p->n_x; i++)
        dx[i] -= zx[i];
      for (int i = 0; i < t->batch * p->n_y; i++)
        dy[i] -= zy[i];
      for (int i = 0; i < t->batch * p->n_z; i++)
        dv[i] -= zv[i];
      free (none);
      free (zx);
      free (zy);
      free (zv);
    }
  near_entry (t, item, "d_x1", dx, p->n_x);
  near_entry (t, item, "d_x2", dy, p->n_y);
  near_entry (t, item, "d_w", dw, nw);
  near_entry (t, item, "d_v", dv, p->n_z);
  free (ax);
  free (ay);
  free (aw);
  free (dx);
  free (dy);
  free (dw);
  free (dv);
}

static void
check_product (RefCase *c, const cJSON *item, const Product *p)
{
  Bench  t = { c, p, NULL, ref_int (c, ref_at (c, ref_get (c, ref_get (c, item, "x1"), "shape"), 0)) };
  double *x, *y, *w, *v, *out, *gx, *gy, *gw;

  t.op = one_op_new (c, t.batch, p->n_z, build_product, (void *) p);
  if (t.op == NULL)
    return;
  x = entry (&t, item, "x1", p->n_x);
  y = entry (&t, item, "x2", p->n_y);
  w = entry (&t, item, "w", p->t.n_weights);
  v = entry (&t, item, "v", p->n_z);
  out = calloc ((size_t) (t.batch * p->n_z), sizeof *out);
  gx = calloc ((size_t) (t.batch * p->n_x), sizeof *gx);
  gy = calloc ((size_t) (t.batch * p->n_y), sizeof *gy);
  gw = calloc ((size_t) (t.batch * p->t.n_weights) + 1, sizeof *gw);
  pass (&t, x, y, w, v, out, gx, gy, gw);
  near_entry (&t, item, "out", out, p->n_z);
  near_entry (&t, item, "grad_x1", gx, p->n_x);
  near_entry (&t, item, "grad_x2", gy, p->n_y);
  near_entry (&t, item, "grad_w", gw, p->t.n_weights);
  if (cJSON_GetObjectItem (item, "second_order") != NULL)
    check_second (&t, cJSON_GetObjectItem (item, "second_order"), x, y, w, v);
  free (x);
  free (y);
  free (w);
  free (v);
  free (out);
  free (gx);
  free (gy);
  free (gw);
  one_op_free (t.op);
}

/* Numbers of z that some rule reaches. */
static void
check_mask (RefCase *c, const cJSON *item, const Product *p)
{
  const int n = p->n_z;
  double   *mask = ref_tensor (c, "output_mask", ref_get (c, item, "output_mask"), &n, 1);
  int       at = 0;

  for (int k = 0; mask != NULL && k < p->p.n_z; k++)
    {
      bool reached = false;

      for (int r = 0; r < p->p.n_rules; r++)
        reached = reached || (p->rules[r].z == k && p->x[p->rules[r].x].mul > 0 && p->y[p->rules[r].y].mul > 0);
      for (int i = 0; i < p->z[k].mul * (2 * p->z[k].l + 1); i++, at++)
        ref_near (c, "output_mask", mask[at], reached, 0);
    }
  free (mask);
}

void
ref_run_tensor_products (RefFile *file)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "cases"))
    {
      RefCase c = ref_case_open (file, "%s", cJSON_GetStringValue (cJSON_GetObjectItem (item, "name")));
      Product p;

      if (read_product (&c, item, &p))
        {
          check_mask (&c, item, &p);
          check_product (&c, item, &p);
        }
      free (p.t.terms);
      free (p.t.c);
      ref_case_close (&c);
    }
}

/* A tensor of the file, its shape included, against ours. */
static void
near_shaped (RefCase *c, const char *name, const cJSON *tensor, const double *ours, const int *dims, int n_dims)
{
  double *theirs = ref_tensor (c, name, tensor, dims, n_dims);
  size_t  n = 1;

  for (int k = 0; k < n_dims; k++)
    n *= (size_t) dims[k];
  for (size_t i = 0; theirs != NULL && ours != NULL && i < n; i++)
    ref_near (c, name, theirs[i], ours[i], TOLERANCE);
  free (theirs);
}

static void
near_tensor (RefCase *c, const cJSON *item, const char *name, const double *ours, const int *dims, int n_dims)
{
  near_shaped (c, name, ref_get (c, item, name), ours, dims, n_dims);
}

/* --- linear maps --- */

typedef struct
{
  EqkProductBlock x[REF_MAX_BLOCKS], y[REF_MAX_BLOCKS];
  EqkIrrepsBlock  blocks[MAX_RULES];
  int32_t         bias_to[64];
  int             n_x, n_y, n_blocks, n_weights, n_bias, batch;
  bool            shared;
} Linear;

static int
build_linear (EqkBuild *b, void *data, EqkDiag *diag)
{
  const Linear         *l = data;
  const EqkSpace        rows = { EQK_SPACE_SAMPLE, 0, 0, 0 };
  EqkIrrepsLinearParams p = { .n_in = l->n_x, .n_out = l->n_y, .n_blocks = l->n_blocks, .n_weights = l->n_weights, .n_bias = l->n_bias, .n_kinds = l->shared ? 0 : l->batch,
                              .blocks = eqk_build_keep (b, l->blocks, sizeof l->blocks), .bias_to = eqk_build_keep (b, l->bias_to, sizeof l->bias_to) };
  const int             shape[2] = { l->shared ? 1 : l->batch, l->n_weights };
  const int             in[4] = { eqk_build_feed (b, "x", rows, l->n_x, false), eqk_build_weight (b, "w", shape, 2, (EqkInit){ EQK_INIT_NORMAL, 1, NULL }),
                                  l->n_bias == 0 ? -1 : eqk_build_weight (b, "b", &l->n_bias, 1, (EqkInit){ EQK_INIT_ZEROS, 0, NULL }),
                                  l->shared ? -1 : eqk_build_feed (b, "kinds", rows, 1, true) };
  const int             out = eqk_build_value (b, rows, l->n_y);

  return eqk_build_op (b, "irreps_linear", in, 4, &out, 1, &p, sizeof p, diag) == EQK_OK ? out : -1;
}

static void
check_reached (RefCase *c, const cJSON *item, const Linear *l, const int *fan, int n_out)
{
  const int n = l->n_y;
  double   *mask = ref_tensor (c, "output_mask", ref_get (c, item, "output_mask"), &n, 1);

  for (int o = 0, at = 0; mask != NULL && o < n_out; o++)
    for (int k = 0; k < l->y[o].mul * (2 * l->y[o].l + 1); k++, at++)
      ref_near (c, "output_mask", mask[at], fan[o] > 0, 0);
  free (mask);
}

/* Pairs (i_in, i_out) of the file become blocks; which there are is compared with equal irreps, unless the file chose them. */
static bool
read_linear (RefCase *c, const cJSON *item, Linear *l)
{
  const cJSON *kwargs = ref_get (c, item, "kwargs"), *rules = ref_get (c, item, "instructions"), *rule;
  const char  *norm = cJSON_GetStringValue (cJSON_GetObjectItem (kwargs, "path_normalization"));
  int          n_in, n_out, fan[REF_MAX_BLOCKS] = { 0 }, n_paths[REF_MAX_BLOCKS] = { 0 }, pairs = 0, expected = 0;

  memset (l, 0, sizeof *l);
  l->n_x = ref_blocks_read (cJSON_GetStringValue (ref_get (c, item, "irreps_in")), l->x, &n_in);
  l->n_y = ref_blocks_read (cJSON_GetStringValue (ref_get (c, item, "irreps_out")), l->y, &n_out);
  l->shared = cJSON_IsTrue (ref_get (c, item, "shared_weights"));
  if (!ref_check (c, l->n_x > 0 && l->n_y > 0, "irreps"))
    return false;
  cJSON_ArrayForEach (rule, rules)
    {
      const int i = ref_int (c, ref_at (c, rule, 0)), o = ref_int (c, ref_at (c, rule, 1));

      if (!ref_check (c, o >= 0 && o < n_out && i < n_in, "instruction"))
        return false;
      fan[o] += i < 0 ? 0 : l->x[i].mul;
      n_paths[o] += i >= 0;
      pairs += i >= 0;
    }
  for (int i = 0; i < n_in; i++)
    for (int o = 0; o < n_out; o++)
      expected += l->x[i].l == l->y[o].l && l->x[i].parity == l->y[o].parity;
  if (cJSON_GetObjectItem (kwargs, "instructions") == NULL)
    ref_check (c, pairs == expected, "%d pairs of equal irreps, expected %d", pairs, expected);
  cJSON_ArrayForEach (rule, rules)
    {
      const int    i = ref_int (c, ref_at (c, rule, 0)), o = ref_int (c, ref_at (c, rule, 1));
      const double coeff = ref_number (c, ref_at (c, rule, 3));

      ref_equal (c, "path_shape", ref_at (c, ref_at (c, rule, 2), 0), i < 0 ? l->y[o].mul : l->x[i].mul);
      if (i >= 0)
        ref_equal (c, "path_shape", ref_at (c, ref_at (c, rule, 2), 1), l->y[o].mul);
      if (i < 0)
        {
          ref_near (c, "coeff", coeff, 1, 0);
          for (int k = 0; k < l->y[o].mul && l->n_bias < 64; k++)
            l->bias_to[l->n_bias++] = ref_blocks_at (l->y, o) + k;
          continue;
        }
      l->blocks[l->n_blocks] = (EqkIrrepsBlock){ 2 * l->x[i].l + 1, ref_blocks_at (l->x, i), l->x[i].mul, ref_blocks_at (l->y, o), l->y[o].mul, l->n_weights,
                                                 norm != NULL && strcmp (norm, "path") == 0 ? 1 / sqrt ((double) l->x[i].mul * n_paths[o]) : 1 / sqrt ((double) fan[o]) };
      ref_near (c, "coeff", coeff, l->blocks[l->n_blocks].scale, 1e-12);
      l->n_weights += l->x[i].mul * l->y[o].mul;
      l->n_blocks++;
    }
  ref_equal (c, "weight_numel", ref_get (c, item, "weight_numel"), l->n_weights);
  ref_equal (c, "bias_numel", ref_get (c, item, "bias_numel"), l->n_bias);
  check_reached (c, item, l, fan, n_out);
  return true;
}

static void
check_linear (RefCase *c, const cJSON *item, Linear *l)
{
  const int batch = ref_int (c, ref_at (c, ref_get (c, ref_get (c, item, "x"), "shape"), 0)), dims_x[2] = { batch, l->n_x }, dims_y[2] = { batch, l->n_y };
  const int nw = (l->shared ? 1 : batch) * l->n_weights, dims_w[2] = { batch, l->n_weights };
  double   *x = ref_tensor (c, "x", ref_get (c, item, "x"), dims_x, 2), *v = ref_tensor (c, "v", ref_get (c, item, "v"), dims_y, 2);
  double   *w = ref_tensor (c, "w", ref_get (c, item, "w"), l->shared ? &nw : dims_w, l->shared ? 1 : 2), kinds[64];
  OneOp    *op;

  l->batch = batch;
  op = x == NULL || v == NULL || w == NULL || batch > 64 ? NULL : one_op_new (c, batch, l->n_y, build_linear, l);
  for (int k = 0; k < 64; k++)
    kinds[k] = k;
  if (op != NULL)
    {
      memcpy (one_op_weight (op, "w"), w, (size_t) nw * sizeof *w);
      if (l->n_bias > 0)
        {
          double *bias = ref_tensor (c, "b", ref_get (c, item, "b"), &l->n_bias, 1);

          if (bias != NULL)
            memcpy (one_op_weight (op, "b"), bias, (size_t) l->n_bias * sizeof *bias);
          free (bias);
        }
      one_op_feed (op, "x", x);
      if (!l->shared)
        one_op_feed (op, "kinds", kinds);
      near_tensor (c, item, "out", one_op_forward (op, false), dims_y, 2);
      one_op_backward (op, v);
      near_tensor (c, item, "grad_x", one_op_gradient (op, "x"), dims_x, 2);
      near_tensor (c, item, "grad_w", one_op_weight_gradient (op, "w"), l->shared ? &nw : dims_w, l->shared ? 1 : 2);
      if (l->n_bias > 0)
        near_tensor (c, item, "grad_b", one_op_weight_gradient (op, "b"), &l->n_bias, 1);
    }
  free (x);
  free (v);
  free (w);
  one_op_free (op);
}

void
ref_run_linear (RefFile *file)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "cases"))
    {
      RefCase c = ref_case_open (file, "%s", cJSON_GetStringValue (cJSON_GetObjectItem (item, "name")));
      Linear  l;

      if (read_linear (&c, item, &l))
        check_linear (&c, item, &l);
      ref_case_close (&c);
    }
}

/* --- networks of scalars --- */

typedef struct
{
  int         widths[8], n;
  const char *act;
  bool        act_last;
  double      in, out;       /* variances that the first layer divides by, the last one multiplies with */
} Net;

static int
build_net (EqkBuild *b, void *data, EqkDiag *diag)
{
  const Net     *net = data;
  const EqkSpace rows = { EQK_SPACE_SAMPLE, 0, 0, 0 };
  int            x = eqk_build_feed (b, "x", rows, net->widths[0], false);
  const EqkAct   act = (EqkAct) eqk_act_find (net->act);
  const int      last = net->widths[net->n - 1];

  if (act == EQK_ACT_RELU)      /* a kinked activation: layer by layer */
    for (int i = 0; i + 1 < net->n && x >= 0; i++)
      {
        char name[16];

        snprintf (name, sizeof name, "net%d", i);
        x = eqk_radial_mlp (b, name, x, rows, net->widths[i], NULL, 0, net->widths[i + 1], "silu", "e3nn", false, diag);
        if (x >= 0 && (i + 2 < net->n || net->act_last))
          x = eqk_dense_act (b, net->act, x, rows, net->widths[i + 1], eqk_act_constant (act, "e3nn") * (i == 0 ? 1 / sqrt (net->in) : 1), diag);
      }
  else
    {
      x = eqk_radial_mlp (b, "net", x, rows, net->widths[0], net->widths + 1, net->n - 2, last, net->act, "e3nn", false, diag);
      if (x >= 0 && net->act_last)
        x = eqk_dense_act (b, net->act, x, rows, last, eqk_act_constant (act, "e3nn"), diag);
    }
  if (x >= 0 && net->out != 1)
    {
      const int y = eqk_build_value (b, rows, last);

      x = eqk_build_op (b, "scale", &x, 1, &y, 1, &(EqkScaleParams){ sqrt (net->out) }, sizeof (EqkScaleParams), diag) == EQK_OK ? y : -1;
    }
  return x;
}

void
ref_run_fully_connected_net (RefFile *file)
{
  const cJSON *item;
  int          number = 0;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, "cases"))
    {
      RefCase      c = ref_case_open (file, "network %d", number++);
      const cJSON *hs = ref_get (&c, item, "hs"), *weights = ref_get (&c, item, "weights"), *grads = ref_get (&c, item, "grad_weights");
      const int    batch = ref_int (&c, ref_at (&c, ref_get (&c, ref_get (&c, item, "x"), "shape"), 0));
      Net          net = { .n = cJSON_GetArraySize (hs), .act = cJSON_GetStringValue (ref_get (&c, item, "act")), .act_last = cJSON_IsTrue (ref_get (&c, item, "out_act")),
                           .in = ref_number (&c, ref_get (&c, item, "variance_in")), .out = ref_number (&c, ref_get (&c, item, "variance_out")) };
      OneOp       *op;
      double      *x, *v;
      int          dims_x[2] = { batch, 0 }, dims_y[2] = { batch, 0 };
      char         name[32];

      if (!ref_check (&c, net.n >= 2 && net.n <= 8 && net.act != NULL && batch > 0 && (net.in == 1 || strcmp (net.act, "relu") == 0), "a network of another kind"))
        {
          ref_case_close (&c);
          continue;
        }
      for (int k = 0; k < net.n; k++)
        net.widths[k] = ref_int (&c, ref_at (&c, hs, k));
      dims_x[1] = net.widths[0];
      dims_y[1] = net.widths[net.n - 1];
      ref_near (&c, "act_cst", ref_number (&c, ref_get (&c, item, "act_cst")), eqk_act_constant (eqk_act_find (net.act), "e3nn"), 1e-12);
      op = one_op_new (&c, batch, net.widths[net.n - 1], build_net, &net);
      x = ref_tensor (&c, "x", ref_get (&c, item, "x"), dims_x, 2);
      v = ref_tensor (&c, "v", ref_get (&c, item, "v"), dims_y, 2);
      for (int k = 0; op != NULL && k + 1 < net.n; k++)
        {
          const size_t n = (size_t) (net.widths[k] * net.widths[k + 1]);
          double      *w = ref_tensor (&c, "weights", ref_at (&c, weights, k), &net.widths[k], 2);

          snprintf (name, sizeof name, strcmp (net.act, "relu") == 0 ? "net%d.0.weight" : "net.%d.weight", k);
          if (w != NULL && one_op_weight (op, name) != NULL)
            memcpy (one_op_weight (op, name), w, n * sizeof *w);
          free (w);
        }
      if (op != NULL && x != NULL && v != NULL)
        {
          one_op_feed (op, "x", x);
          near_tensor (&c, item, "out", one_op_forward (op, false), dims_y, 2);
          one_op_backward (op, v);
          near_tensor (&c, item, "grad_x", one_op_gradient (op, "x"), dims_x, 2);
          for (int k = 0; k + 1 < net.n; k++)
            {
              snprintf (name, sizeof name, strcmp (net.act, "relu") == 0 ? "net%d.0.weight" : "net.%d.weight", k);
              near_shaped (&c, "grad_weights", ref_at (&c, grads, k), one_op_weight_gradient (op, name), &net.widths[k], 2);
            }
        }
      free (x);
      free (v);
      one_op_free (op);
      ref_case_close (&c);
    }
}
