/* Shared by the steerable convolutions. */

#include "layers/steerable.h"
#include "core/memory.h"

#include <limits.h>

static EqkKernelSpec
spec_of (int k, int dilation, int rings, double sigma, int policy, double factor)
{
  return (EqkKernelSpec){ .size = k, .dilation = dilation, .n_rings = rings, .sigma = sigma, .policy = policy, .frequency_factor = policy == 0 ? factor : 0 };
}

EqkKernelSpec
eqk_steerable_spec_infer (const EqkInfer *ctx, int k, int dilation)
{
  return spec_of (k, dilation, eqk_infer_int (ctx, "rings"), eqk_infer_real (ctx, "sigma"), eqk_infer_int (ctx, "policy"), eqk_infer_real (ctx, "frequency_factor"));
}

EqkKernelSpec
eqk_steerable_spec_build (const EqkBuild *b, int k, int dilation)
{
  return spec_of (k, dilation, eqk_build_int (b, "rings"), eqk_build_real (b, "sigma"), eqk_build_int (b, "policy"), eqk_build_real (b, "frequency_factor"));
}

bool
eqk_admits_plane (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (eqk_group_get_space_dim (symmetry->group) == 2 || eqk_group_get_order (symmetry->group) == 1)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("works on pictures, and this group turns space, not the plane"));
  return false;
}

const EqkRep *
eqk_steerable_part (const EqkRep *rep, int groups)
{
  const int     n = eqk_rep_n_fields (rep), size = n / groups;
  EqkRepRun    *runs;
  const EqkRep *part;

  if (groups == 1)
    return rep;
  if (n == 0 || n % groups != 0)
    return NULL;
  runs = eqk_malloc ((size_t) size * sizeof *runs);
  if (runs == NULL)
    return NULL;
  for (int i = 0; i < n; i++)
    {
      const EqkField *field = eqk_rep_field (rep, i, NULL);

      if (i < size)
        runs[i] = (EqkRepRun){ field, 1 };
      else if (runs[i % size].field != field)
        {
          free (runs);
          return NULL;
        }
    }
  part = eqk_rep_from_runs (eqk_rep_get_group (rep), runs, size);
  free (runs);
  return part;
}

/* ---- relaxed filters ---- */

static bool
is_relaxed (const EqkInfer *ctx)
{
  return eqk_infer_real (ctx, "relax") > 0 && eqk_group_get_order (eqk_infer_symmetry (ctx)->group) != 1;
}

void
eqk_relax_infer (EqkInfer *ctx)
{
  if (is_relaxed (ctx))
    eqk_infer_lose (ctx, 1, "W-RELAXED");
}

void
eqk_relax_lint (EqkInfer *ctx)
{
  if (!is_relaxed (ctx))
    return;
  eqk_infer_problem (ctx, "W-RELAXED", NULL, "x=%g", eqk_infer_real (ctx, "relax"));
  eqk_infer_fix (ctx, EQK_N_("Keep the filters exact"));
  eqk_fix_set (ctx, "$", "relax", "0");
}

int
eqk_relax_filter (EqkBuild *b, int filter, int k, int c_in, int c_out, EqkDiag *diag)
{
  const EqkScaleParams p = { eqk_build_real (b, "relax") };
  const int            shape[4] = { k, k, c_in, c_out }, count = k * k * c_in * c_out;
  int                  both[2] = { filter, -1 }, weight, sum;

  if (filter < 0 || p.factor <= 0)
    return filter;
  weight = eqk_build_weight (b, "free", shape, 4, (EqkInit){ EQK_INIT_ZEROS, 0, NULL });
  both[1] = eqk_grid_op (b, "scale", weight, eqk_space_fixed (), count, &p, sizeof p, diag);
  sum = both[1] < 0 ? -1 : eqk_build_value (b, eqk_space_fixed (), count);
  return sum < 0 || eqk_build_op (b, "add", both, 2, &sum, 1, NULL, 0, diag) != EQK_OK ? -1 : sum;
}

/* ---- findings ---- */

static bool
has_setting (const EqkInfer *ctx, const char *name, EqkParamKind kind)
{
  for (const EqkParam *p = eqk_infer_layer_of (ctx, eqk_infer_node (ctx))->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0 && p->kind == kind)
      return true;
  return false;
}

static double dropped (const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec);

/* The smallest odd window on which no more than `share` of the elements is dropped; none: no fix. */
static bool
fix_larger (EqkInfer *ctx, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, double share)
{
  EqkKernelSpec larger = *spec;
  char          text[16];

  if (!has_setting (ctx, "k", EQK_PARAM_INT))
    return false;
  for (larger.size = spec->size % 2 == 0 ? spec->size + 1 : spec->size + 2; larger.size <= 15; larger.size += 2)
    if (eqk_kernel_count (in, out, &larger) > 0 && dropped (in, out, &larger) <= share)
      {
        snprintf (text, sizeof text, "%d", larger.size);
        eqk_infer_fix (ctx, EQK_N_("Use a larger window"));
        eqk_fix_set (ctx, "$", "k", text);
        return true;
      }
  return false;
}

EqkStatus
eqk_steerable_check (EqkInfer *ctx, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, EqkDiag *diag)
{
  const EqkRep *regular = eqk_rep_single (eqk_group_regular (eqk_rep_get_group (in)), eqk_rep_n_fields (out));
  const int64_t n = eqk_kernel_count (in, out, spec);
  char          text[32];

  if (n > 0)
    return EQK_OK;
  if (n < 0)
    return eqk_fail (diag, EQK_ERR_NO_MEMORY, "kernels");
  eqk_infer_problem (ctx, "E-EMPTY-BASIS", "x", "in='%.150s' out='%.150s' k=%d", eqk_rep_get_text (in), eqk_rep_get_text (out), spec->size);
  if (!fix_larger (ctx, in, out, spec, 0.6))
    fix_larger (ctx, in, out, spec, 1);
  if (regular != NULL && has_setting (ctx, "out", EQK_PARAM_REP) && eqk_kernel_count (in, regular, spec) > 0)
    {
      snprintf (text, sizeof text, "%dx reg", eqk_rep_n_fields (out));
      eqk_infer_fix (ctx, EQK_N_("Use regular fields"));
      eqk_fix_set (ctx, "$", "out", text);
    }
  return eqk_fail (diag, EQK_ERR_TYPE, "no kernel");
}

/* Elements before and after the band limit over pairs of irreps, and an output field that nothing reaches. */
static void
survey (const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, double *all, double *kept, const EqkField **unreached)
{
  *all = *kept = 0;
  *unreached = NULL;
  for (int o = 0; o < eqk_rep_n_runs (out); o++)
    {
      const EqkField *field = eqk_rep_run (out, o).field;
      double          reached = 0;

      for (int bo = 0; bo < eqk_field_n_irreps (field); bo++)
        for (int i = 0; i < eqk_rep_n_runs (in); i++)
          for (int bi = 0; bi < eqk_field_n_irreps (eqk_rep_run (in, i).field); bi++)
            {
              const EqkKernelBasis *basis = eqk_kernel_basis (eqk_field_irrep (eqk_rep_run (in, i).field, bi), eqk_field_irrep (field, bo), spec);
              const double          copies = (double) eqk_rep_run (in, i).mul * eqk_rep_run (out, o).mul;

              if (basis == NULL)
                continue;
              *all += copies * basis->n_candidates;
              *kept += copies * basis->n;
              reached += basis->n;
            }
      if (reached == 0)
        *unreached = field;
    }
}

static double
dropped (const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec)
{
  const EqkField *unreached;
  double          all, kept;

  survey (in, out, spec, &all, &kept, &unreached);
  return all > 0 ? (all - kept) / all : 0;
}

/* The output without the fields that nothing reaches. */
static void
fix_unreached (EqkInfer *ctx, const EqkRep *out, const EqkField *unreached)
{
  const int     n = eqk_rep_n_runs (out);
  EqkRepRun    *runs = eqk_malloc (((size_t) n + 1) * sizeof *runs);
  const EqkRep *rest;
  int           left = 0;

  for (int r = 0; runs != NULL && r < n; r++)
    if (eqk_rep_run (out, r).field != unreached)
      runs[left++] = eqk_rep_run (out, r);
  rest = left == 0 || !has_setting (ctx, "out", EQK_PARAM_REP) ? NULL : eqk_rep_from_runs (eqk_rep_get_group (out), runs, left);
  free (runs);
  if (rest == NULL)
    return;
  eqk_infer_fix (ctx, EQK_N_("Leave these fields out"));
  eqk_fix_set (ctx, "$", "out", eqk_rep_get_text (rest));
}

void
eqk_steerable_lint (EqkInfer *ctx, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec)
{
  const EqkField *unreached;
  double          all, kept;

  survey (in, out, spec, &all, &kept, &unreached);
  if (unreached != NULL)
    {
      eqk_infer_problem (ctx, "I-NO-MIX", NULL, "irr='%s'", eqk_field_get_name (unreached));
      fix_unreached (ctx, out, unreached);
    }
  if (spec->size == 2)
    {
      eqk_infer_problem (ctx, "W-K2", NULL, NULL);
      eqk_infer_fix (ctx, EQK_N_("Use k = 3"));
      eqk_fix_set (ctx, "$", "k", "3");
    }
  else if (spec->size > 1 && all > 0 && all - kept > 0.6 * all)
    {
      eqk_infer_problem (ctx, "W-FREQ-KERNEL", NULL, "x=%.0f y=%.0f k=%d", all - kept, all, spec->size);
      fix_larger (ctx, in, out, spec, 0.6);
    }
}

void
eqk_steerable_lint_alias (EqkInfer *ctx, int stride)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  char               text[32];

  if (stride == 1 || !eqk_group_leaves_grid (x->symmetry.group))
    return;
  eqk_infer_problem (ctx, "W-STRIDE-ALIAS", "x", NULL);
  snprintf (text, sizeof text, "stride=%d", stride);
  eqk_infer_fix (ctx, EQK_N_("Stride 1 and a blurred pooling after it"));
  eqk_fix_set (ctx, "$", "stride", "1");
  eqk_fix_insert_after (ctx, "$", "y", "blur_pool", text);
}

/* Raised once, at the first layer that pads: all others have the same cause. */
void
eqk_steerable_lint_leak (EqkInfer *ctx, int pad, const char *mode)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const int          source = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "x", 0);
  int                before, total;

  eqk_infer_depth (ctx, eqk_infer_node (ctx), &before, &total);
  if (pad == 0 || before > 0 || source < 0 || strcmp (mode, "zeros") != 0 || eqk_group_is_finite (x->symmetry.group) || eqk_grid_has_mask (ctx, eqk_infer_node (ctx)))
    return;
  eqk_infer_problem (ctx, "W-ZERO-PAD-LEAK", "x", NULL);
  eqk_infer_fix (ctx, EQK_N_("Mask the corners of the picture"));
  eqk_fix_insert_before (ctx, "$", "x", "disk_mask", "");
}

/* ---- expansion ---- */

/* A pair of kinds of field and where its table starts. */
typedef struct { const EqkField *in, *out; size_t table; } Kinds;

/* What the tables of a filter are made from: every pair of kinds once, in the order of the tables. */
typedef struct
{
  EqkKernelSpec spec;
  int           n;
  const Kinds  *kinds;
} Recipe;

typedef struct
{
  EqkFilterRun  *in, *out;
  EqkFilterPair *pairs;
  size_t        *out_weight, *out_stride;
  double        *std;
  Kinds         *kinds;
  int            n_kinds;
  size_t         n_tables;
} Draft;

static EqkFilterRun *
runs_of (const EqkRep *rep)
{
  const int     n = eqk_rep_n_runs (rep);
  EqkFilterRun *runs = eqk_malloc (((size_t) n + 1) * sizeof *runs);
  int           channel = 0;

  for (int r = 0; runs != NULL && r < n; r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);

      runs[r] = (EqkFilterRun){ channel, eqk_field_get_dim (run.field), run.mul };
      channel += run.mul * eqk_field_get_dim (run.field);
    }
  return runs;
}

/* The table in the order of the filter: [n, k * k, d_in, d_out]. */
static void
turn_table (const EqkKernelBasis *basis, double *to)
{
  const size_t pixels = (size_t) basis->size * (size_t) basis->size, d_in = (size_t) basis->d_in, d_out = (size_t) basis->d_out;

  for (size_t e = 0; e < (size_t) basis->n; e++)
    for (size_t p = 0; p < pixels; p++)
      for (size_t a = 0; a < d_in; a++)
        for (size_t c = 0; c < d_out; c++)
          *to++ = basis->table[((e * d_out + c) * d_in + a) * pixels + p];
}

static EqkStatus
make_tables (const void *data, double *to)
{
  const Recipe *recipe = data;

  for (int i = 0; i < recipe->n; i++)
    {
      const EqkKernelBasis *basis = eqk_kernel_basis (recipe->kinds[i].in, recipe->kinds[i].out, &recipe->spec);

      if (basis == NULL)
        return EQK_ERR_NO_MEMORY;
      turn_table (basis, to + recipe->kinds[i].table);
      eqk_kernel_basis_unref (basis);
    }
  return EQK_OK;
}

/* The table of a pair of kinds with n elements: one that is known, or the next one. */
static size_t
table_of (Draft *d, const EqkField *in, const EqkField *out, const EqkKernelSpec *spec, int n)
{
  const size_t next = d->n_tables;

  for (int i = 0; i < d->n_kinds; i++)
    if (d->kinds[i].in == in && d->kinds[i].out == out)
      return d->kinds[i].table;
  if (n == 0)
    return next;
  d->kinds[d->n_kinds++] = (Kinds){ in, out, next };
  d->n_tables += (size_t) n * (size_t) (eqk_field_get_dim (in) * eqk_field_get_dim (out)) * (size_t) (spec->size * spec->size);
  return next;
}

/* Pairs, offsets of weights and tables. Runs of the same fields share a table. */
static EqkStatus
draft_pairs (Draft *d, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, size_t *n_weights)
{
  const int n_in = eqk_rep_n_runs (in), n_out = eqk_rep_n_runs (out);
  size_t    weight = 0;

  for (int o = 0; o < n_out; o++)
    {
      size_t stride = 0;

      for (int i = 0; i < n_in; i++)
        {
          const EqkRepRun from = eqk_rep_run (in, i), to = eqk_rep_run (out, o);
          const int       n = eqk_kernel_basis_count (from.field, to.field, spec);

          if (n < 0)
            return EQK_ERR_NO_MEMORY;
          d->pairs[o * n_in + i] = (EqkFilterPair){ n, table_of (d, from.field, to.field, spec, n), stride };
          stride += (size_t) n * (size_t) from.mul;
        }
      d->out_weight[o] = weight;
      d->out_stride[o] = stride;
      weight += stride * (size_t) eqk_rep_run (out, o).mul;
    }
  *n_weights = weight;
  return d->n_tables <= INT_MAX ? EQK_OK : EQK_ERR_NO_MEMORY;
}

static int
emit_filter (EqkBuild *b, Draft *d, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, bool transposed, size_t n_weights, EqkDiag *diag)
{
  const size_t          n_in = (size_t) eqk_rep_n_runs (in), n_out = (size_t) eqk_rep_n_runs (out);
  EqkFilterExpandParams p = { .k = spec->size, .c_in = eqk_rep_get_dim (in), .c_out = eqk_rep_get_dim (out), .transposed = transposed,
                              .n_out_runs = (int) n_out, .n_in_runs = (int) n_in, .n_out_fields = eqk_rep_n_fields (out) };
  const int             shape = (int) n_weights;
  Recipe                recipe = { *spec, d->n_kinds, eqk_build_keep (b, d->kinds, (size_t) d->n_kinds * sizeof *d->kinds) };
  int                   values[2], filter;

  p.out_runs = eqk_build_keep (b, d->out, n_out * sizeof *d->out);
  p.in_runs = eqk_build_keep (b, d->in, n_in * sizeof *d->in);
  p.pairs = eqk_build_keep (b, d->pairs, n_in * n_out * sizeof *d->pairs);
  p.out_weight = eqk_build_keep (b, d->out_weight, n_out * sizeof *d->out_weight);
  p.out_stride = eqk_build_keep (b, d->out_stride, n_out * sizeof *d->out_stride);
  if (p.out_runs == NULL || p.in_runs == NULL || p.pairs == NULL || p.out_weight == NULL || p.out_stride == NULL || recipe.kinds == NULL)
    return -1;
  values[0] = eqk_build_weight (b, "weight", &shape, 1, (EqkInit){ EQK_INIT_TABLE, 0, d->std });
  values[1] = eqk_build_table (b, make_tables, &recipe, sizeof recipe, d->n_tables);
  filter = eqk_build_value (b, eqk_space_fixed (), spec->size * spec->size * p.c_in * p.c_out);
  if (values[0] < 0 || values[1] < 0 || filter < 0 ||
      eqk_build_op (b, "filter_expand", values, 2, &filter, 1, &p, sizeof p, diag) != EQK_OK)
    return -1;
  return filter;
}

int
eqk_steerable_filter (EqkBuild *b, const EqkRep *in, const EqkRep *out, const EqkKernelSpec *spec, bool transposed, EqkDiag *diag)
{
  const size_t n_in = (size_t) eqk_rep_n_runs (in), n_out = (size_t) eqk_rep_n_runs (out);
  size_t       n_weights = 0;
  Draft        d = { .in = runs_of (in), .out = runs_of (out), .pairs = eqk_malloc ((n_in * n_out + 1) * sizeof (EqkFilterPair)),
                     .out_weight = eqk_malloc ((n_out + 1) * sizeof (size_t)), .out_stride = eqk_malloc ((n_out + 1) * sizeof (size_t)),
                     .kinds = eqk_malloc ((n_in * n_out + 1) * sizeof (Kinds)) };
  int          filter = -1;

  if (d.in != NULL && d.out != NULL && d.pairs != NULL && d.out_weight != NULL && d.out_stride != NULL && d.kinds != NULL &&
      draft_pairs (&d, in, out, spec, &n_weights) == EQK_OK && (d.std = eqk_malloc ((n_weights + 1) * sizeof *d.std)) != NULL &&
      eqk_kernel_init_std (in, out, spec, d.std) == EQK_OK)
    filter = emit_filter (b, &d, in, out, spec, transposed, n_weights, diag);
  filter = eqk_relax_filter (b, filter, spec->size, eqk_rep_get_dim (in), eqk_rep_get_dim (out), diag);
  free (d.in);
  free (d.out);
  free (d.pairs);
  free (d.out_weight);
  free (d.out_stride);
  free (d.kinds);
  free (d.std);
  return filter;
}

/* Column `column` of Q of the field at `channel`, as entries of the matrix from biases to channels. */
static void
add_trivial_columns (EqkSparse *m, const EqkField *field, int channel, int *bias)
{
  const double *q = eqk_field_basis (field);
  const int     dim = eqk_field_get_dim (field);
  int           column = 0;

  for (int i = 0; i < eqk_field_n_irreps (field); i++)
    {
      const EqkField *irrep = eqk_field_irrep (field, i);

      if (eqk_field_is_trivial (irrep))
        {
          for (int c = 0; c < dim; c++)
            eqk_sparse_add (m, channel + c, *bias, q == NULL ? c == column : q[c * dim + column]);
          (*bias)++;
        }
      column += eqk_field_get_dim (irrep);
    }
}

EqkStatus
eqk_steerable_bias (EqkBuild *b, const EqkRep *out, int *value, EqkDiag *diag)
{
  const int            n = eqk_rep_n_trivial (out), channels = eqk_rep_get_dim (out);
  EqkConstLinearParams p = { 0 };
  EqkSparse            m;
  int                  weight, bias = 0;

  *value = -1;
  if (n == 0)
    return EQK_OK;
  weight = eqk_build_weight (b, "bias", &n, 1, (EqkInit){ EQK_INIT_ZEROS, 0, NULL });
  eqk_sparse_open (&m, n, channels);
  for (int f = 0; f < eqk_rep_n_fields (out); f++)
    {
      int             channel;
      const EqkField *field = eqk_rep_field (out, f, &channel);

      add_trivial_columns (&m, field, channel, &bias);
    }
  if (weight < 0 || eqk_matrix_keep (b, &m, &p) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  *value = eqk_grid_op (b, "const_linear", weight, eqk_space_fixed (), channels, &p, sizeof p, diag);
  return *value < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}

/* ---- the whole layer ---- */

const EqkPort eqk_r2conv_inputs[] = { { .name = "x", .doc = EQK_N_("Fields on a picture") }, { .name = NULL } };
const EqkPort eqk_r2conv_outputs[] = { { .name = "y", .doc = EQK_N_("Fields on a picture") }, { .name = NULL } };

/* As many fields of each kind in every group, where that can be. */
static void
fix_order (EqkInfer *ctx, const EqkRep *rep, int groups)
{
  const int     n_fields = eqk_rep_n_fields (rep);
  EqkRepRun    *runs = eqk_malloc (((size_t) n_fields + 1) * sizeof *runs);
  const EqkRep *sorted = NULL;
  int           n = 0, kinds = 0;
  bool          even = runs != NULL && groups > 1 && n_fields % groups == 0;

  for (int f = 0; even && f < n_fields; f++)
    {
      const EqkField *field = eqk_rep_field (rep, f, NULL);
      int             k = 0;

      while (k < kinds && runs[k].field != field)
        k++;
      if (k == kinds)
        runs[kinds++] = (EqkRepRun){ field, 0 };
      runs[k].mul++;
    }
  for (int k = 0; k < kinds; k++)
    {
      even = even && runs[k].mul % groups == 0;
      runs[k].mul /= groups;
    }
  for (int g = 1; even && g < groups; g++)
    memcpy (runs + g * kinds, runs, (size_t) kinds * sizeof *runs);
  n = groups * kinds;
  if (even)
    sorted = eqk_rep_from_runs (eqk_rep_get_group (rep), runs, n);
  free (runs);
  if (sorted == NULL || eqk_layer_find ("permute_fields") == NULL)
    return;
  {
    const size_t size = strlen (eqk_rep_get_text (sorted)) + 8;
    char        *text = eqk_malloc (size);

    if (text == NULL)
      return;
    snprintf (text, size, "out=%s", eqk_rep_get_text (sorted));
    eqk_infer_fix (ctx, EQK_N_("Give every group the same fields"));
    eqk_fix_insert_before (ctx, "$", "x", "permute_fields", text);
    free (text);
  }
}

EqkStatus
eqk_r2conv_infer (EqkInfer *ctx, EqkWindow win, int groups, EqkDiag *diag)
{
  const EqkPortType *x = eqk_grid_input (ctx, "x", diag);
  const EqkRep      *out = x == NULL ? NULL : eqk_infer_rep (ctx, "out", diag), *part;
  EqkKernelSpec      spec = eqk_steerable_spec_infer (ctx, win.k, win.dilation);
  EqkPortType        y;
  EqkStatus          status;

  if (out == NULL)
    return x == NULL ? EQK_ERR_TYPE : EQK_ERR_PARSE;
  if (eqk_rep_get_dim (out) == 0)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", "at least one field", "none");
  if (eqk_group_get_space_dim (x->symmetry.group) == 3 && eqk_group_get_order (x->symmetry.group) != 1)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "x", "a group on the plane", eqk_group_get_id (x->symmetry.group));
  part = eqk_steerable_part (x->rep, groups);
  if (part == NULL || eqk_steerable_part (out, groups) == NULL)
    {
      eqk_infer_problem (ctx, "E-GROUPS-TYPE", "x", NULL);
      if (part == NULL && eqk_steerable_part (out, groups) != NULL)
        fix_order (ctx, x->rep, groups);
      return eqk_fail (diag, EQK_ERR_TYPE, "groups");
    }
  status = eqk_steerable_check (ctx, part, out, &spec, diag);
  if (status != EQK_OK)
    return status;
  eqk_relax_infer (ctx);
  eqk_window_fix (&win);
  status = eqk_grid_check_border (x, win.pad, eqk_infer_text (ctx, "pad_mode"), diag);
  if (status == EQK_OK)
    status = eqk_grid_through (ctx, x, &win, &y, diag);
  if (status != EQK_OK)
    return status;
  y.rep = out;
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

void
eqk_r2conv_lint (EqkInfer *ctx, EqkWindow win, int groups, const char *pad_param)
{
  const EqkRep       *out = eqk_infer_output (ctx, "y")->rep, *in = eqk_steerable_part (eqk_infer_input (ctx, "x")->rep, groups);
  const EqkKernelSpec spec = eqk_steerable_spec_infer (ctx, win.k, win.dilation);

  eqk_window_fix (&win);
  eqk_relax_lint (ctx);
  eqk_steerable_lint (ctx, in, out, &spec);
  eqk_grid_lint_centre (ctx, &win, pad_param);
  eqk_steerable_lint_alias (ctx, win.stride);
  eqk_steerable_lint_leak (ctx, win.pad, eqk_infer_text (ctx, "pad_mode"));
}

EqkStatus
eqk_r2conv_expand (EqkBuild *b, EqkWindow win, int groups, EqkDiag *diag)
{
  const EqkPortType  *x = eqk_build_in (b, "x"), *y = eqk_build_out (b, "y");
  const EqkKernelSpec spec = eqk_steerable_spec_build (b, win.k, win.dilation);
  const int           filter = eqk_steerable_filter (b, eqk_steerable_part (x->rep, groups), y->rep, &spec, false, diag);
  int                 bias = -1;

  eqk_window_fix (&win);
  if (eqk_build_bool (b, "bias") && eqk_steerable_bias (b, y->rep, &bias, diag) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  return eqk_grid_done (b, eqk_grid_conv (b, eqk_build_x (b, "x"), &x->space, &y->space, filter, bias, eqk_rep_get_dim (x->rep), eqk_rep_get_dim (y->rep),
                                          &win, groups, eqk_build_text (b, "pad_mode"), diag), diag);
}
