/* Linear maps, products with harmonics and radial networks: from types to operations and their tables. */

#include "layers/irreps.h"
#include "core/memory.h"

#include "eqk/convention.h"
#include "eqk/space.h"
#include "layers/fields.h"
#include "ops/op_act.h"
#include "ops/op_linear.h"
#include "ops/plane.h"
#include "ops/ragged.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- types ---- */

EqkStatus
eqk_irreps_check (const EqkPortType *x, const char *port, EqkDiag *diag)
{
  if (eqk_group_get_space_dim (x->symmetry.group) != 3)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, port, "features of space", eqk_group_get_notation (x->symmetry.group));
  for (int r = 0; r < eqk_rep_n_runs (x->rep); r++)
    if (!eqk_field_is_irrep (eqk_rep_run (x->rep, r).field))
      return eqk_fail_expected (diag, EQK_ERR_TYPE, port, "irreps such as 8x0e + 4x1o", eqk_rep_get_text (x->rep));
  return EQK_OK;
}

EqkStatus
eqk_irreps_map_infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const EqkRep      *out = x == NULL ? NULL : eqk_irreps_param (ctx, "out", diag);
  EqkPortType        y;

  if (out == NULL || eqk_irreps_check (x, "x", diag) != EQK_OK)
    return diag == NULL || diag->status == EQK_OK ? EQK_ERR_TYPE : diag->status;
  for (int r = 0; r < eqk_rep_n_runs (out); r++)
    if (eqk_irreps_count (x->rep, eqk_rep_run (out, r).field) == 0)
      return eqk_fail_expected (diag, EQK_ERR_TYPE, "out", eqk_rep_get_text (x->rep), eqk_field_get_name (eqk_rep_run (out, r).field));
  y = eqk_port_with_rep (x, out);
  y.kind = EQK_KIND_FEATURE;
  return eqk_infer_set_output (ctx, "y", &y);
}

const EqkRep *
eqk_irreps_param (EqkInfer *ctx, const char *param, EqkDiag *diag)
{
  const EqkRep *rep = eqk_infer_rep (ctx, param, diag);

  for (int r = 0; rep != NULL && r < eqk_rep_n_runs (rep); r++)
    if (!eqk_field_is_irrep (eqk_rep_run (rep, r).field))
      {
        eqk_fail_expected (diag, EQK_ERR_TYPE, param, "irreps such as 8x0e + 4x1o", eqk_rep_get_text (rep));
        return NULL;
      }
  if (rep != NULL && eqk_rep_get_dim (rep) == 0)
    {
      eqk_fail_expected (diag, EQK_ERR_TYPE, param, "irreps such as 8x0e + 4x1o", "nothing");
      return NULL;
    }
  return rep;
}

bool
eqk_irreps_admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (eqk_group_get_space_dim (symmetry->group) == 3)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("Irreps with degrees need a group that turns space: SO(3), O(3), SE(3) or E(3)."));
  return false;
}

int
eqk_irreps_degree (const EqkField *field)
{
  return eqk_field_irrep_frequency (field);
}

int
eqk_irreps_count (const EqkRep *rep, const EqkField *field)
{
  int n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (eqk_rep_run (rep, r).field == field)
      n += eqk_rep_run (rep, r).mul;
  return n;
}

const EqkRep *
eqk_irreps_common (const EqkRep *rep, const EqkRep *keep)
{
  EqkRepRun    *runs = eqk_malloc (((size_t) eqk_rep_n_runs (rep) + 1) * sizeof *runs);
  const EqkRep *out;
  int           n = 0;

  if (runs == NULL)
    return NULL;
  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (eqk_irreps_count (keep, eqk_rep_run (rep, r).field) > 0)
      runs[n++] = eqk_rep_run (rep, r);
  out = eqk_rep_from_runs (eqk_rep_get_group (rep), runs, n);
  free (runs);
  return out;
}

int
eqk_irreps_n_gated (const EqkRep *rep)
{
  int n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    n += eqk_irreps_degree (eqk_rep_run (rep, r).field) > 0 ? eqk_rep_run (rep, r).mul : 0;
  return n;
}

const EqkRep *
eqk_irreps_add_invariants (const EqkRep *rep, int n)
{
  const int       n_runs = eqk_rep_n_runs (rep);
  const EqkRepRun more = { eqk_group_trivial (eqk_rep_get_group (rep)), n };
  EqkRepRun      *runs = eqk_malloc (((size_t) n_runs + 1) * sizeof *runs);
  const EqkRep   *out;
  int             last = -1, at = 0;

  if (runs == NULL)
    return NULL;
  for (int r = 0; r < n_runs; r++)
    if (eqk_field_is_trivial (eqk_rep_run (rep, r).field))
      last = r;
  if (last < 0)
    runs[at++] = more;
  for (int r = 0; r < n_runs; r++)
    {
      runs[at++] = eqk_rep_run (rep, r);
      if (r == last)
        runs[at++] = more;
    }
  out = eqk_rep_from_runs (eqk_rep_get_group (rep), runs, at);
  free (runs);
  return out;
}

static bool
has_parity (const EqkGroup *group)
{
  return !eqk_group_is_connected (group);
}

const EqkRep *
eqk_irreps_harmonics (const EqkGroup *group, int lmax)
{
  EqkRepRun runs[EQK_MAX_DEGREE + 1];

  for (int l = 0; l <= lmax; l++)
    runs[l] = (EqkRepRun) { eqk_group_irrep_by_id (group, has_parity (group) ? l % 2 : 0, l), 1 };
  return eqk_rep_from_runs (group, runs, lmax + 1);
}

/* ---- paths ---- */

typedef struct
{
  int             run_x, run_y;
  const EqkField *out;
} Path;

typedef bool (*PathFunc) (void *data, const Path *path);

/* "1o" or, where there is no parity, "1": what ends behind it, NULL where it is none. */
static const char *
skip_kind (const char *text)
{
  const char *end = text;

  while (*end >= '0' && *end <= '9')
    end++;
  return end == text ? NULL : *end == 'e' || *end == 'o' ? end + 1 : end;
}

static const char *
skip_blanks (const char *text)
{
  return text + strspn (text, " ");
}

const char *
eqk_irreps_drop_param (EqkInfer *ctx, EqkDiag *diag)
{
  const char *drop = eqk_infer_text (ctx, "drop_paths");

  for (const char *at = skip_blanks (drop); *at != '\0'; at = skip_blanks (at))
    {
      const char *end = at;

      for (int part = 0; end != NULL && part < 3; part++)
        {
          end = skip_kind (end);
          if (end != NULL && part < 2)
            end = *end == (part == 0 ? '*' : '>') ? end + 1 : NULL;
        }
      end = end == NULL ? NULL : skip_blanks (end);
      if (end == NULL || (*end != ',' && *end != '\0'))
        {
          eqk_fail_expected (diag, EQK_ERR_PARSE, "drop_paths", "paths such as 1o*2e>1o, parted by commas", drop);
          return NULL;
        }
      at = *end == ',' ? end + 1 : end;
    }
  return drop;
}

bool
eqk_irreps_is_dropped (const char *drop, const EqkField *a, const EqkField *b, const EqkField *c)
{
  char   path[64];
  size_t length;

  if (drop == NULL || *drop == '\0')
    return false;
  length = (size_t) snprintf (path, sizeof path, "%s*%s>%s", eqk_field_get_name (a), eqk_field_get_name (b), eqk_field_get_name (c));
  for (const char *at = skip_blanks (drop); *at != '\0' && length < sizeof path; at = skip_blanks (at))
    {
      const char *end = at + strcspn (at, ", ");

      if ((size_t) (end - at) == length && strncmp (at, path, length) == 0)
        return true;
      at = end + strspn (end, ", ");
    }
  return false;
}

/* All products of a run of x and a run of y whose irrep is in `keep` (NULL: all) and which are not left out, in the order of weights. */
static bool
for_paths (const EqkRep *x, const EqkRep *y, const EqkRep *keep, const char *drop, PathFunc func, void *data)
{
  const EqkGroup *group = eqk_rep_get_group (x);

  for (int a = 0; a < eqk_rep_n_runs (x); a++)
    for (int c = 0; c < eqk_rep_n_runs (y); c++)
      {
        const EqkField *f = eqk_rep_run (x, a).field, *g = eqk_rep_run (y, c).field;
        const int       l1 = eqk_irreps_degree (f), l2 = eqk_irreps_degree (g), odd = eqk_field_irrep_j (f) ^ eqk_field_irrep_j (g);

        for (int l = abs (l1 - l2); l <= l1 + l2 && l <= EQK_MAX_DEGREE; l++)
          {
            const Path path = { a, c, eqk_group_irrep_by_id (group, odd, l) };

            if (path.out != NULL && (keep == NULL || eqk_irreps_count (keep, path.out) > 0) && !eqk_irreps_is_dropped (drop, f, g, path.out) && !func (data, &path))
              return false;
          }
      }
  return true;
}

typedef struct
{
  const EqkRep *x;
  int           count[2 * (EQK_MAX_DEGREE + 1)], weights, paths;
} Counts;

static bool
count_path (void *data, const Path *path)
{
  Counts   *c = data;
  const int mul = eqk_rep_run (c->x, path->run_x).mul;

  c->count[2 * eqk_irreps_degree (path->out) + (eqk_field_irrep_j (path->out) == 0)] += mul;
  c->weights += mul;
  c->paths++;
  return true;
}

const EqkRep *
eqk_irreps_products (const EqkRep *x, const EqkRep *y, const EqkRep *keep, const char *drop)
{
  Counts    counts = { .x = x };
  EqkRepRun runs[2 * (EQK_MAX_DEGREE + 1)];
  int       n = 0;

  for_paths (x, y, keep, drop, count_path, &counts);
  for (int i = 0; i < 2 * (EQK_MAX_DEGREE + 1); i++)
    if (counts.count[i] > 0)
      runs[n++] = (EqkRepRun) { eqk_group_irrep_by_id (eqk_rep_get_group (x), i % 2 == 0, i / 2), counts.count[i] };
  return eqk_rep_from_runs (eqk_rep_get_group (x), runs, n);
}

int
eqk_irreps_n_paths_weights (const EqkRep *x, const EqkRep *y, const EqkRep *mid, const char *drop)
{
  Counts counts = { .x = x };

  for_paths (x, y, mid, drop, count_path, &counts);
  return counts.weights;
}

/* First number of a run in a row. */
static int
run_offset (const EqkRep *rep, int run)
{
  int at = 0;

  for (int r = 0; r < run; r++)
    at += eqk_rep_run (rep, r).mul * eqk_field_get_dim (eqk_rep_run (rep, r).field);
  return at;
}

static int
run_of (const EqkRep *rep, const EqkField *field)
{
  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (eqk_rep_run (rep, r).field == field)
      return r;
  return -1;
}

/* ---- tables of a convolution ---- */

typedef struct
{
  const EqkRep *x, *y, *mid;
  int           used[2 * (EQK_MAX_DEGREE + 1)];   /* copies of each run of mid that have been given away */
  EqkTpPath    *paths;
  EqkTpPair    *pairs;
  int32_t      *term, *row_k, *row_i, *order_i;
  double       *c;
  double        scale;
  int           n_paths, n_pairs, n_terms, n_rows_k, n_rows_i, n_weights, n_slots, room_pairs, room_terms;
} Tables;

static bool
grow (void **memory, int *room, int needed, size_t size)
{
  void *grown;

  if (needed <= *room)
    return true;
  grown = eqk_realloc (*memory, (size_t) (2 * needed + 64) * size);
  if (grown == NULL)
    return false;
  *memory = grown;
  *room = 2 * needed + 64;
  return true;
}

static int
by_k_then_i (const void *a, const void *b)
{
  const EqkCouplingEntry *x = a, *y = b;

  if (x->k != y->k)
    return x->k - y->k;
  return x->i != y->i ? x->i - y->i : x->j - y->j;
}

/* Entries of one path, sorted by k, i, j, become pairs with their terms. */
static bool
add_pairs (Tables *t, const EqkCouplingEntry *entries, int n, int y_at, double scale)
{
  int room = t->room_terms;

  if (!grow ((void **) &t->pairs, &t->room_pairs, t->n_pairs + n + 1, sizeof *t->pairs) ||
      !grow ((void **) &t->term, &room, t->n_terms + n, sizeof *t->term) || !grow ((void **) &t->c, &t->room_terms, t->n_terms + n, sizeof *t->c))
    return false;
  for (int e = 0; e < n; e++)
    {
      if (e == 0 || entries[e].k != entries[e - 1].k || entries[e].i != entries[e - 1].i)
        t->pairs[t->n_pairs++] = (EqkTpPair) { .i = entries[e].i, .k = entries[e].k, .first = t->n_terms };
      t->term[t->n_terms] = y_at + entries[e].j;
      t->c[t->n_terms++] = scale * entries[e].c;
    }
  t->pairs[t->n_pairs] = (EqkTpPair) { .first = t->n_terms };
  return true;
}

/* Places for M of the last path, whose pairs begin at `first`. */
static void
give_slots (Tables *t, int first)
{
  EqkTpPath *path = &t->paths[t->n_paths - 1];

  path->slot = t->n_slots;
  path->diagonal = path->n_i == path->n_k;
  for (int q = first; q < t->n_pairs; q++)
    path->diagonal = path->diagonal && t->pairs[q].i == t->pairs[q].k;
  for (int q = first; q < t->n_pairs; q++)
    t->pairs[q].slot = t->n_slots + (path->diagonal ? t->pairs[q].i : t->pairs[q].i * path->n_k + t->pairs[q].k);
  t->n_slots += path->diagonal ? path->n_i : path->n_i * path->n_k;
}

static bool
add_path (void *data, const Path *path)
{
  Tables            *t = data;
  const EqkRepRun    x = eqk_rep_run (t->x, path->run_x);
  const int          run = run_of (t->mid, path->out), l3 = eqk_irreps_degree (path->out), first = t->n_pairs;
  int                n;
  EqkCouplingEntry  *entries = eqk_coupling_entries (eqk_irreps_degree (x.field), eqk_irreps_degree (eqk_rep_run (t->y, path->run_y).field), l3, &n);
  bool               good = entries != NULL && run >= 0;

  if (good)
    {
      qsort (entries, (size_t) n, sizeof *entries, by_k_then_i);
      good = add_pairs (t, entries, n, run_offset (t->y, path->run_y), t->scale * sqrt (2 * l3 + 1));
    }
  free (entries);
  if (!good)
    return false;
  t->paths[t->n_paths++] = (EqkTpPath) { .n_i = eqk_field_get_dim (x.field), .n_k = 2 * l3 + 1, .from = run_offset (t->x, path->run_x), .from_stride = x.mul,
                                         .to = run_offset (t->mid, run) + t->used[run], .to_stride = eqk_rep_run (t->mid, run).mul, .mul = x.mul,
                                         .weight = t->n_weights, .harmonic = run_offset (t->y, path->run_y),
                                         .n_j = eqk_field_get_dim (eqk_rep_run (t->y, path->run_y).field), .by_k = t->n_rows_k, .by_i = t->n_rows_i };
  for (int q = first; q < t->n_pairs; q++)
    {
      t->pairs[q].x = t->paths[t->n_paths - 1].from + t->pairs[q].i * t->paths[t->n_paths - 1].from_stride;
      t->pairs[q].z = t->paths[t->n_paths - 1].to + t->pairs[q].k * t->paths[t->n_paths - 1].to_stride;
    }
  give_slots (t, first);
  t->used[run] += x.mul;
  t->n_weights += x.mul;
  for (int k = 0, q = first; k < 2 * l3 + 1; k++)
    {
      t->row_k[t->n_rows_k++] = q;
      while (q < t->n_pairs && t->pairs[q].k == k)
        q++;
    }
  t->n_rows_i += eqk_field_get_dim (x.field);
  return true;
}

/* The same pairs by i, for the gradients of sources. */
static void
sort_by_i (Tables *t)
{
  int at = 0;

  for (int p = 0; p < t->n_paths; p++)
    {
      const EqkTpPath *path = &t->paths[p];
      const int        first = t->row_k[path->by_k], last = p + 1 < t->n_paths ? t->row_k[t->paths[p + 1].by_k] : t->n_pairs;

      for (int i = 0; i < path->n_i; i++)
        {
          t->row_i[path->by_i + i] = at;
          for (int q = first; q < last; q++)
            if (t->pairs[q].i == i)
              t->order_i[at++] = q;
        }
    }
  t->row_i[t->n_rows_i] = at;
}

static bool
keep_tables (EqkBuild *b, Tables *t, EqkTpParams *p)
{
  t->row_k[t->n_rows_k] = t->n_pairs;
  t->order_i = eqk_malloc (((size_t) t->n_pairs + 1) * sizeof *t->order_i);
  if (t->order_i == NULL)
    return false;
  sort_by_i (t);
  p->n_paths = t->n_paths;
  p->n_pairs = t->n_pairs;
  p->n_terms = t->n_terms;
  p->n_weights = t->n_weights;
  p->n_slots = t->n_slots;
  p->paths = eqk_build_keep (b, t->paths, ((size_t) t->n_paths + 1) * sizeof *t->paths);
  p->pairs = eqk_build_keep (b, t->pairs, ((size_t) t->n_pairs + 1) * sizeof *t->pairs);
  p->term = eqk_build_keep (b, t->term, ((size_t) t->n_terms) * sizeof *t->term);
  p->row_k = eqk_build_keep (b, t->row_k, ((size_t) t->n_rows_k + 1) * sizeof *t->row_k);
  p->row_i = eqk_build_keep (b, t->row_i, ((size_t) t->n_rows_i + 1) * sizeof *t->row_i);
  p->order_i = eqk_build_keep (b, t->order_i, ((size_t) t->n_pairs + 1) * sizeof *t->order_i);
  return p->paths != NULL && p->pairs != NULL && p->term != NULL && p->row_k != NULL && p->row_i != NULL && p->order_i != NULL;
}

static void
tables_clear (Tables *t)
{
  free (t->paths);
  free (t->pairs);
  free (t->term);
  free (t->c);
  free (t->row_k);
  free (t->row_i);
  free (t->order_i);
}

/* The last layer of the network behind w: which columns are the weights of which harmonics. */
typedef struct
{
  const EqkRep   *x, *y;
  EqkWeightBlock *blocks;
  int             n, columns, rows;
} Form;

static bool
add_columns (void *data, const Path *path)
{
  Form     *f = data;
  const int mul = eqk_rep_run (f->x, path->run_x).mul;

  f->blocks[f->n++] = (EqkWeightBlock) { f->columns, f->rows, mul, eqk_irreps_degree (eqk_rep_run (f->y, path->run_y).field) };
  f->columns += mul;
  return true;
}

static bool
form_of_paths (EqkBuild *b, const EqkRep *x, const EqkRep *y, const EqkRep *mid, const char *drop, int n_paths, int w)
{
  const EqkOp    *op = eqk_build_producer (b, w);
  const EqkValue *weight = op == NULL || strcmp (op->id, "linear") != 0 || op->in[2] >= 0 ? NULL : eqk_build_look (b, op->in[1]);
  Form            f = { .x = x, .y = y };
  bool            good;

  if (weight == NULL || weight->kind != EQK_VALUE_WEIGHT || weight->n_dims != 2)
    return true;
  f.rows = weight->shape[0];
  f.blocks = eqk_calloc ((size_t) n_paths + 1, sizeof *f.blocks);
  good = f.blocks != NULL && for_paths (x, y, mid, drop, add_columns, &f);
  good = good && (f.columns != weight->shape[1] || eqk_build_form (b, op->in[1], &(EqkWeightForm){ 0, f.columns, f.n, f.blocks }));
  free (f.blocks);
  return good;
}

int
eqk_irreps_convolve (EqkBuild *b, const EqkRep *x_rep, const EqkRep *y_rep, const EqkRep *mid, const char *drop, int x, int y, int w, int structure, double scale, EqkDiag *diag)
{
  Counts      counts = { .x = x_rep };
  Tables      t = { .x = x_rep, .y = y_rep, .mid = mid, .scale = scale };
  EqkTpParams p = { .n_in = eqk_rep_get_dim (x_rep), .n_out = eqk_rep_get_dim (mid), .n_sh = eqk_rep_get_dim (y_rep) };
  int         in[4] = { x, y, w, -1 }, out = -1;
  size_t      rows;
  bool        good;

  for_paths (x_rep, y_rep, mid, drop, count_path, &counts);
  rows = (size_t) counts.paths * (2 * EQK_MAX_DEGREE + 1) + 1;
  t.paths = eqk_calloc ((size_t) counts.paths + 1, sizeof *t.paths);
  t.row_k = eqk_calloc (rows, sizeof *t.row_k);
  t.row_i = eqk_calloc (rows, sizeof *t.row_i);
  good = counts.paths > 0 && t.paths != NULL && t.row_k != NULL && t.row_i != NULL && for_paths (x_rep, y_rep, mid, drop, add_path, &t) && keep_tables (b, &t, &p);
  if (good)
    {
      in[3] = eqk_build_const (b, t.c, (size_t) t.n_terms);
      out = eqk_build_value (b, (EqkSpace){ EQK_SPACE_NODES, 0, 0, structure }, p.n_out);
      good = in[3] >= 0 && out >= 0 && form_of_paths (b, x_rep, y_rep, mid, drop, counts.paths, w);
    }
  tables_clear (&t);
  if (!good)
    {
      eqk_fail (diag, EQK_ERR_NO_MEMORY, "tensor product");
      return -1;
    }
  return eqk_build_op (b, "tp_uvu", in, 4, &out, 1, &p, sizeof p, diag) == EQK_OK ? out : -1;
}

/* ---- linear maps ---- */

int
eqk_irreps_linear_count (const EqkRep *in, const EqkRep *out)
{
  return eqk_rep_hom_dim (in, out);
}

/* Blocks in the order of weights: runs of the input, then of the output. */
static EqkIrrepsBlock *
make_blocks (const EqkRep *in, const EqkRep *out, double extra_fan, int *n)
{
  EqkIrrepsBlock *blocks = eqk_calloc ((size_t) eqk_rep_n_runs (in) * (size_t) eqk_rep_n_runs (out) + 1, sizeof *blocks);
  int             weight = 0;

  *n = 0;
  for (int a = 0; blocks != NULL && a < eqk_rep_n_runs (in); a++)
    for (int c = 0; c < eqk_rep_n_runs (out); c++)
      {
        const EqkRepRun x = eqk_rep_run (in, a), y = eqk_rep_run (out, c);

        if (x.field != y.field)
          continue;
        blocks[(*n)++] = (EqkIrrepsBlock) { eqk_field_get_dim (x.field), run_offset (in, a), x.mul, run_offset (out, c), y.mul, weight,
                                            1 / sqrt (eqk_irreps_count (in, x.field) * extra_fan) };
        weight += x.mul * y.mul;
      }
  return blocks;
}

/* Numbers of the invariants of a row. */
static int32_t *
invariants_of (const EqkRep *rep, int *n)
{
  int32_t *at = eqk_calloc ((size_t) eqk_rep_get_dim (rep) + 1, sizeof *at);

  *n = 0;
  for (int r = 0; at != NULL && r < eqk_rep_n_runs (rep); r++)
    for (int u = 0; eqk_field_is_trivial (eqk_rep_run (rep, r).field) && u < eqk_rep_run (rep, r).mul; u++)
      at[(*n)++] = run_offset (rep, r) + u;
  return at;
}

/* Which weights of a kind, or of a number of its row in a table, are which block. */
static bool
form_of_kinds (EqkBuild *b, const EqkIrrepsLinearParams *p, int n_kinds, int weight)
{
  EqkWeightBlock *blocks = eqk_calloc ((size_t) p->n_blocks + 1, sizeof *blocks);
  EqkWeightForm   form = { .n_kinds = n_kinds, .n_blocks = p->n_blocks, .blocks = blocks };
  bool            good = blocks != NULL;

  for (int k = 0; good && k < p->n_blocks; k++)
    blocks[k] = (EqkWeightBlock) { p->blocks[k].weight, p->blocks[k].mul_in, p->blocks[k].mul_out, 0 };
  good = good && eqk_build_form (b, weight, &form);
  free (blocks);
  return good;
}

/* The weights, [kinds][n]; of a table of kinds: sums of learned weights [width][n] with the table's rows. */
static int
linear_weights (EqkBuild *b, const EqkIrrepsLinear *spec, const EqkIrrepsLinearParams *p, EqkDiag *diag)
{
  const int     n = p->n_weights;
  const EqkInit init = { EQK_INIT_NORMAL, 1, NULL };
  char          name[64];
  int           shape[2] = { spec->table >= 0 ? spec->width : spec->n_kinds, n }, in[3], out;

  snprintf (name, sizeof name, "%s%sweight", spec->name, spec->name[0] == '\0' ? "" : ".");
  if (spec->n_kinds == 0)
    return eqk_build_weight (b, name, &n, 1, init);
  in[0] = spec->table;
  in[1] = eqk_build_weight (b, name, shape, 2, init);
  in[2] = -1;
  if (in[1] < 0 || !form_of_kinds (b, p, shape[0], in[1]))
    return -1;
  if (spec->table < 0)
    return in[1];
  out = eqk_build_value (b, (EqkSpace){ EQK_SPACE_FIXED, spec->n_kinds, 0, 0 }, n);
  return eqk_build_op (b, "linear", in, 3, &out, 1, &(EqkLinearParams){ spec->width, n, 1, 1 / sqrt (spec->width) }, sizeof (EqkLinearParams), diag) == EQK_OK ? out : -1;
}

int
eqk_irreps_linear (EqkBuild *b, const EqkIrrepsLinear *spec, int x, EqkSpace space, EqkDiag *diag)
{
  EqkIrrepsLinearParams p = { .n_in = eqk_rep_get_dim (spec->in), .n_out = eqk_rep_get_dim (spec->out), .n_weights = eqk_irreps_linear_count (spec->in, spec->out),
                              .n_kinds = spec->n_kinds, .in_by_component = spec->in_by_component, .out_by_component = spec->out_by_component };
  EqkIrrepsBlock       *blocks = make_blocks (spec->in, spec->out, spec->n_kinds > 0 && spec->table < 0 ? spec->n_kinds : 1, &p.n_blocks);
  int32_t              *bias_to = invariants_of (spec->out, &p.n_bias);
  int                   in[4] = { x, -1, -1, spec->n_kinds > 0 ? spec->kinds : -1 }, out = eqk_build_value (b, space, p.n_out);
  char                  name[64];

  p.n_bias = spec->bias ? p.n_bias : 0;
  if (blocks != NULL && bias_to != NULL)
    {
      p.blocks = eqk_build_keep (b, blocks, ((size_t) p.n_blocks + 1) * sizeof *blocks);
      p.bias_to = eqk_build_keep (b, bias_to, ((size_t) p.n_bias + 1) * sizeof *bias_to);
    }
  free (blocks);
  free (bias_to);
  if (p.n_weights == 0)
    {
      eqk_fail (diag, EQK_ERR_TYPE, "no irrep goes through");
      return -1;
    }
  in[1] = p.blocks == NULL || p.bias_to == NULL || out < 0 ? -1 : linear_weights (b, spec, &p, diag);
  snprintf (name, sizeof name, "%s%sbias", spec->name, spec->name[0] == '\0' ? "" : ".");
  in[2] = p.n_bias > 0 ? eqk_build_weight (b, name, &p.n_bias, 1, (EqkInit){ EQK_INIT_ZEROS, 0, NULL }) : -1;
  if (in[1] < 0)
    {
      eqk_fail (diag, EQK_ERR_NO_MEMORY, "linear map");
      return -1;
    }
  return eqk_build_op (b, "irreps_linear", in, 4, &out, 1, &p, sizeof p, diag) == EQK_OK ? out : -1;
}
