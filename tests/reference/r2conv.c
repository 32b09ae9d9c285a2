/*
 * r2conv_*.json: a whole steerable convolution with its gradients. The filter has to lie in the span of our kernels and be
 * the sum of weights times the file's basis; outputs and gradients follow from it by the definition, written out in plain
 * loops here. r2conv_*_basis.json holds the basis of the file of that name, where it would be too long.
 */

#include "escnn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-5   /* escnn's bases are float32 */

typedef struct
{
  const EqkRep *in, *out;
  EqkKernelSpec spec;
  int           stride, padding, batch, height, width, out_height, out_width;
  int           n_weights, n_bias;
} Layer;

typedef struct
{
  double *weights, *filter, *x, *y, *grad_y, *grad_x, *grad_weights, *bias, *bias_expanded, *grad_bias, *bias_expansion;
} Tensors;

static bool
read_layer (RefCase *c, const cJSON *root, Layer *self)
{
  const EqkGroup *group = escnn_group (c, ref_get (c, root, "group"));
  const cJSON *shape = ref_get (c, ref_get (c, root, "x"), "shape");
  int extent;

  if (group == NULL)
    return false;
  self->in = escnn_rep (c, group, ref_get (c, root, "in"));
  self->out = escnn_rep (c, group, ref_get (c, root, "out"));
  self->spec = (EqkKernelSpec) { .size = ref_int (c, ref_get (c, root, "kernel_size")),
                                 .dilation = ref_int (c, ref_get (c, root, "dilation")) };
  self->stride = ref_int (c, ref_get (c, root, "stride"));
  self->padding = ref_int (c, ref_get (c, root, "padding"));
  self->batch = ref_int (c, ref_at (c, shape, 0));
  self->height = ref_int (c, ref_at (c, shape, 2));
  self->width = ref_int (c, ref_at (c, shape, 3));
  extent = 2 * self->padding - self->spec.dilation * (self->spec.size - 1) - 1;
  if (!ref_check (c, self->in != NULL && self->out != NULL && self->stride > 0 && self->padding >= 0 && self->height > 0
                     && self->width > 0 && self->batch > 0 && self->height + extent >= 0 && self->width + extent >= 0,
                  "no layer"))
    return false;
  self->out_height = (self->height + extent) / self->stride + 1;
  self->out_width = (self->width + extent) / self->stride + 1;
  self->n_weights = (int) eqk_kernel_count (self->in, self->out, &self->spec);
  self->n_bias = eqk_rep_n_trivial (self->out);
  return ref_check (c, self->n_weights > 0, "no kernel");
}

static void
tensors_clear (Tensors *t)
{
  double **all[] = { &t->weights, &t->filter, &t->x, &t->y, &t->grad_y, &t->grad_x, &t->grad_weights, &t->bias,
                     &t->bias_expanded, &t->grad_bias, &t->bias_expansion };

  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    free (*all[i]);
}

static bool
read_tensors (RefCase *c, const cJSON *root, const Layer *self, Tensors *t)
{
  const int c_in = eqk_rep_get_dim (self->in), c_out = eqk_rep_get_dim (self->out), k = self->spec.size;
  const int weights[] = { self->n_weights }, bias[] = { self->n_bias }, expanded[] = { c_out };
  const int filter[] = { c_out, c_in, k, k }, expansion[] = { c_out, self->n_bias };
  const int x[] = { self->batch, c_in, self->height, self->width };
  const int y[] = { self->batch, c_out, self->out_height, self->out_width };
  const struct { const char *name; double **to; const int *dims; int n; } list[] = {
    { "weights", &t->weights, weights, 1 }, { "grad_weights", &t->grad_weights, weights, 1 },
    { "filter", &t->filter, filter, 4 }, { "x", &t->x, x, 4 }, { "grad_x", &t->grad_x, x, 4 },
    { "y", &t->y, y, 4 }, { "grad_y", &t->grad_y, y, 4 }, { "bias", &t->bias, bias, 1 },
    { "grad_bias", &t->grad_bias, bias, 1 }, { "bias_expanded", &t->bias_expanded, expanded, 1 },
    { "bias_expansion", &t->bias_expansion, expansion, 2 },
  };
  bool all = true;

  for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
    {
      *list[i].to = ref_tensor (c, list[i].name, ref_get (c, root, list[i].name), list[i].dims, list[i].n);
      all &= *list[i].to != NULL;
    }
  return all;
}

/* --- the filter --- */

/** Each block (out field, in field) of the filter lies in the span of the basis of that pair. */
static void
check_filter_span (RefCase *c, const Layer *self, const double *filter)
{
  const int c_in = eqk_rep_get_dim (self->in), pixels = self->spec.size * self->spec.size;

  for (int o = 0; o < eqk_rep_n_fields (self->out); o++)
    for (int i = 0; i < eqk_rep_n_fields (self->in); i++)
      {
        int first_out = 0, first_in = 0;
        const EqkField *out = eqk_rep_field (self->out, o, &first_out), *in = eqk_rep_field (self->in, i, &first_in);
        const EqkKernelBasis *basis = eqk_kernel_basis (in, out, &self->spec);
        const size_t row = (size_t) (basis->d_in * pixels), size = row * (size_t) basis->d_out;
        double *block = malloc (size * sizeof *block);

        for (int r = 0; r < basis->d_out; r++)
          memcpy (block + row * (size_t) r, filter + ((first_out + r) * c_in + first_in) * pixels, row * sizeof *block);
        ref_near (c, "filter: distance from the span", escnn_span_distance (block, 1, basis->table, (size_t) basis->n, size),
                  0, 2e-6);
        free (block);
      }
}

/** The fields of a run, by the run's index and the copy within it, as channels of the layer. */
static int
first_channel (const EqkRep *rep, int run, int copy)
{
  int field = copy, first = 0;

  for (int r = 0; r < run; r++)
    field += eqk_rep_run (rep, r).mul;
  eqk_rep_field (rep, field, &first);
  return first;
}

typedef struct
{
  int     in_run, out_run, first_weight, n;   /**< n elements; weights: [out copy, in copy, element] */
  int     d_out, d_in;
  double *elements;                           /**< [n, d_out, d_in, pixels] */
} Pair;

/** Adds sum w kappa to the filter (gradient NULL), or writes <kappa, d filter> for every weight. */
static void
visit_pair (const Layer *self, const Pair *pair, const double *weights, double *filter, double *gradient)
{
  const int c_in = eqk_rep_get_dim (self->in), pixels = self->spec.size * self->spec.size;
  const int n_in = eqk_rep_run (self->in, pair->in_run).mul, n_out = eqk_rep_run (self->out, pair->out_run).mul;

  for (int o = 0; o < n_out; o++)
    for (int i = 0; i < n_in; i++)
      for (int e = 0; e < pair->n; e++)
        {
          const int w = pair->first_weight + (o * n_in + i) * pair->n + e;
          const int out = first_channel (self->out, pair->out_run, o), in = first_channel (self->in, pair->in_run, i);

          for (int a = 0; a < pair->d_out; a++)
            for (int b = 0; b < pair->d_in; b++)
              for (int p = 0; p < pixels; p++)
                {
                  const double kappa = pair->elements[((e * pair->d_out + a) * pair->d_in + b) * pixels + p];
                  double *place = filter + ((out + a) * c_in + in + b) * pixels + p;

                  if (gradient == NULL)
                    *place += weights[w] * kappa;
                  else
                    gradient[w] += *place * kappa;
                }
        }
}

/** Finds the runs that a pair of the file names. */
static bool
find_runs (RefCase *c, const cJSON *root, const cJSON *entry, const Layer *self, Pair *pair)
{
  for (int i = 0; i < eqk_rep_n_runs (self->in); i++)
    for (int o = 0; o < eqk_rep_n_runs (self->out); o++)
      {
        RefCase attempt = { .file = c->file };
        const cJSON *in = cJSON_GetArrayItem (cJSON_GetArrayItem (cJSON_GetObjectItem (root, "in"), i), 0);
        const cJSON *out = cJSON_GetArrayItem (cJSON_GetArrayItem (cJSON_GetObjectItem (root, "out"), o), 0);

        if (escnn_same_field_name (&attempt, cJSON_GetObjectItem (entry, "in"), eqk_rep_run (self->in, i).field, in)
            && escnn_same_field_name (&attempt, cJSON_GetObjectItem (entry, "out"), eqk_rep_run (self->out, o).field, out))
          {
            pair->in_run = i;
            pair->out_run = o;
            return true;
          }
      }
  return ref_check (c, false, "a pair of unknown fields");
}

/** Reads and checks the basis tensor of a pair: in our span, independent, as many as ours. */
static bool
read_pair_basis (RefCase *c, const cJSON *tensor, const Layer *self, Pair *pair)
{
  const EqkField *in = eqk_rep_run (self->in, pair->in_run).field, *out = eqk_rep_run (self->out, pair->out_run).field;
  const EqkKernelBasis *ours = eqk_kernel_basis (in, out, &self->spec);
  const int pixels = self->spec.size * self->spec.size, dims[] = { ours->n, ours->d_out, ours->d_in, pixels };
  const size_t size = (size_t) (ours->d_out * ours->d_in * pixels);

  pair->n = ours->n;
  pair->d_out = ours->d_out;
  pair->d_in = ours->d_in;
  pair->elements = ref_tensor (c, "sampled_basis", tensor, dims, 4);
  if (pair->elements == NULL)
    return false;
  for (int e = 0; e < ours->n; e++)
    {
      double norm = 0;

      for (size_t i = 0; i < size; i++)
        norm += pair->elements[(size_t) e * size + i] * pair->elements[(size_t) e * size + i];
      ref_check (c, fabs (norm - 1) < TOLERANCE || fabs (norm - 2) < TOLERANCE, "squared norm of element %d is %.8g", e,
                 norm);
    }
  ref_near (c, "basis: distance from the span",
            escnn_span_distance (pair->elements, (size_t) ours->n, ours->table, (size_t) ours->n, size), 0, 2e-6);
  return ref_check (c, escnn_rank (pair->elements, (size_t) ours->n, size) == ours->n, "the basis is dependent");
}

static void
expect_all (RefCase *c, const char *what, const double *found, const double *expected, int n)
{
  for (int i = 0; i < n; i++)
    ref_near (c, what, found[i], expected[i], TOLERANCE);
}

/** filter = sum w kappa, and grad_weights = <kappa, d filter>. */
static void
check_expansion (RefCase *c, const cJSON *root, const cJSON *long_bases, const Layer *self, const Tensors *t,
                 double *grad_filter)
{
  const int n = eqk_rep_get_dim (self->in) * eqk_rep_get_dim (self->out) * self->spec.size * self->spec.size;
  double *filter = calloc ((size_t) n, sizeof *filter), *gradient = calloc ((size_t) self->n_weights, sizeof *gradient);
  const cJSON *entry;
  int next = 0, index = 0;

  cJSON_ArrayForEach (entry, ref_get (c, root, "pairs"))
    {
      const cJSON *range = ref_get (c, entry, "weights_range"), *inlined = ref_get (c, entry, "sampled_basis");
      const cJSON *tensor = cJSON_IsString (inlined) ? ref_at (c, long_bases, index) : inlined;
      Pair pair = { .first_weight = next };

      if (!find_runs (c, root, entry, self, &pair) || !read_pair_basis (c, tensor, self, &pair))
        {
          free (pair.elements);
          goto done;
        }
      ref_equal (c, "weights_range", ref_at (c, range, 0), next);
      next += pair.n * eqk_rep_run (self->in, pair.in_run).mul * eqk_rep_run (self->out, pair.out_run).mul;
      ref_equal (c, "weights_range", ref_at (c, range, 1), next);
      if (ref_check (c, next <= self->n_weights, "too many weights"))
        {
          visit_pair (self, &pair, t->weights, filter, NULL);
          visit_pair (self, &pair, NULL, grad_filter, gradient);
        }
      free (pair.elements);
      index++;
    }
  if (ref_check (c, next == self->n_weights, "%d of %d weights", next, self->n_weights))
    {
      expect_all (c, "filter", t->filter, filter, n);
      expect_all (c, "grad_weights", t->grad_weights, gradient, self->n_weights);
    }

done:
  free (filter);
  free (gradient);
}

/* --- the bias --- */

/** Column of Q that belongs to trivial irrep number t of the field. */
static void
check_bias (RefCase *c, const Layer *self, const Tensors *t)
{
  int column = 0, first = 0;

  for (int f = 0; f < eqk_rep_n_fields (self->out); f++)
    {
      const EqkField *field = eqk_rep_field (self->out, f, &first);
      const double *q = eqk_field_basis (field);
      const int d = eqk_field_get_dim (field);

      for (int b = 0, at = 0; b < eqk_field_n_irreps (field); at += eqk_field_get_dim (eqk_field_irrep (field, b)), b++)
        if (eqk_field_is_trivial (eqk_field_irrep (field, b)))
          {
            for (int channel = 0; channel < eqk_rep_get_dim (self->out); channel++)
              {
                const bool inside = channel >= first && channel < first + d;
                const double expected = !inside ? 0 : q != NULL ? q[(channel - first) * d + at] : channel - first == at;

                ref_near (c, "bias_expansion", t->bias_expansion[channel * self->n_bias + column], expected, 1e-7);
              }
            column++;
          }
    }
  for (int channel = 0; channel < eqk_rep_get_dim (self->out); channel++)
    {
      double sum = 0;

      for (int b = 0; b < self->n_bias; b++)
        sum += t->bias_expansion[channel * self->n_bias + b] * t->bias[b];
      ref_near (c, "bias_expanded", t->bias_expanded[channel], sum, 1e-8);
    }
}

/* --- the convolution, by its definition --- */

/** y[b, o, p] += K[o, i, k] x[b, i, q], and the two gradients of that sum. */
static void
correlate (const Layer *self, const double *filter, const double *x, double *y, const double *grad_y, double *grad_x,
           double *grad_filter)
{
  const int c_in = eqk_rep_get_dim (self->in), c_out = eqk_rep_get_dim (self->out), k = self->spec.size;

  for (int b = 0; b < self->batch; b++)
    for (int o = 0; o < c_out; o++)
      for (int i = 0; i < c_in; i++)
        for (int p = 0; p < self->out_height * self->out_width; p++)
          for (int q = 0; q < k * k; q++)
            {
              const int row = p / self->out_width * self->stride - self->padding + q / k * self->spec.dilation;
              const int column = p % self->out_width * self->stride - self->padding + q % k * self->spec.dilation;
              const int to = (b * c_out + o) * self->out_height * self->out_width + p, weight = (o * c_in + i) * k * k + q;
              const int from = ((b * c_in + i) * self->height + row) * self->width + column;

              if (row < 0 || column < 0 || row >= self->height || column >= self->width)
                continue;
              y[to] += filter[weight] * x[from];
              grad_x[from] += filter[weight] * grad_y[to];
              grad_filter[weight] += x[from] * grad_y[to];
            }
}

static void
check_run (RefCase *c, const Layer *self, const Tensors *t, double *grad_filter)
{
  const int c_out = eqk_rep_get_dim (self->out), area = self->out_height * self->out_width;
  const int n_x = self->batch * eqk_rep_get_dim (self->in) * self->height * self->width, n_y = self->batch * c_out * area;
  double *y = calloc ((size_t) n_y, sizeof *y), *grad_x = calloc ((size_t) n_x, sizeof *grad_x);
  double *grad_bias = calloc ((size_t) self->n_bias + 1, sizeof *grad_bias);

  correlate (self, t->filter, t->x, y, t->grad_y, grad_x, grad_filter);
  for (int i = 0; i < n_y; i++)
    {
      const int channel = i / area % c_out;

      y[i] += t->bias_expanded[channel];
      for (int b = 0; b < self->n_bias; b++)
        grad_bias[b] += t->bias_expansion[channel * self->n_bias + b] * t->grad_y[i];
    }
  expect_all (c, "y", t->y, y, n_y);
  expect_all (c, "grad_x", t->grad_x, grad_x, n_x);
  expect_all (c, "grad_bias", t->grad_bias, grad_bias, self->n_bias);
  free (y);
  free (grad_x);
  free (grad_bias);
}

/* --- files --- */

/** "r2conv_X.json" <-> "r2conv_X_basis.json". */
static void
partner_name (const char *name, bool is_basis, char *out, size_t size)
{
  const int stem = (int) strlen (name) - (int) strlen (is_basis ? "_basis.json" : ".json");

  snprintf (out, size, "%.*s%s", stem, name, is_basis ? ".json" : "_basis.json");
}

static void
run_layer (RefCase *c, const RefFile *file, const cJSON *root)
{
  Layer self = { 0 };
  Tensors t = { 0 };
  char name[256];
  cJSON *long_bases;
  double *grad_filter;

  if (!read_layer (c, root, &self))
    return;
  partner_name (file->name, false, name, sizeof name);
  long_bases = ref_sibling (file, name);
  grad_filter = calloc ((size_t) (eqk_rep_get_dim (self.in) * eqk_rep_get_dim (self.out) * self.spec.size * self.spec.size),
                        sizeof *grad_filter);
  if (read_tensors (c, root, &self, &t))
    {
      check_filter_span (c, &self, t.filter);
      check_bias (c, &self, &t);
      check_run (c, &self, &t, grad_filter);
      check_expansion (c, root, long_bases, &self, &t, grad_filter);
    }
  tensors_clear (&t);
  free (grad_filter);
  cJSON_Delete (long_bases);
}

/** One case a pair of the layer that the basis belongs to. */
static void
run_bases (RefFile *file)
{
  char name[256];
  cJSON *root;
  int index = 0;

  partner_name (file->name, true, name, sizeof name);
  root = ref_sibling (file, name);
  for (const cJSON *tensor = file->root->child; tensor != NULL; tensor = tensor->next, index++)
    {
      RefCase c = ref_case_open (file, "basis %d", index);
      Layer self = { 0 };
      Pair pair = { 0 };

      if (ref_check (&c, root != NULL, "%s is missing", name) && read_layer (&c, root, &self)
          && find_runs (&c, root, ref_at (&c, ref_get (&c, root, "pairs"), index), &self, &pair))
        read_pair_basis (&c, tensor, &self, &pair);
      free (pair.elements);
      ref_case_close (&c);
    }
  cJSON_Delete (root);
}

void
ref_run_r2conv (RefFile *file)
{
  RefCase c;

  if (strstr (file->name, "_basis.json") != NULL)
    {
      run_bases (file);
      return;
    }
  if (!cJSON_IsObject (file->root))
    return;
  c = ref_case_open (file, "layer");
  run_layer (&c, file, file->root);
  ref_case_close (&c);
}
