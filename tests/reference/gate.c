/*
 * gate.json, norm.json: gates, activations and lengths of irreps. Gates by odd numbers and functions that make odd numbers even are put together from
 * operations; where the layer "gate" can say the same, it has to give the same numbers.
 */

#include "blocks.h"
#include "one-op.h"

#include "eqk/space.h"
#include "layers/dense.h"
#include "layers/fields.h"
#include "layers/nodes.h"
#include "ops/fields.h"
#include "ops/plane.h"

#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-11

enum { MAX_ACTS = 8, MAX_PARTS = 3 * MAX_ACTS };

/* Blocks with the activation of each; NULL: as they are. */
typedef struct
{
  EqkProductBlock blocks[REF_MAX_BLOCKS];
  const char     *acts[REF_MAX_BLOCKS];
  int             n, width;
} Part;

typedef struct
{
  Part            scalars, gates, gated;
  int             at_scalars[REF_MAX_BLOCKS], at_gates[REF_MAX_BLOCKS], at_gated[REF_MAX_BLOCKS];   /* in a row of x */
  EqkProductBlock in[MAX_PARTS], out[MAX_PARTS];
  int             n_in, n_out, width;
} Gate;

static bool
read_part (const char *irreps, const cJSON *acts, Part *part)
{
  part->width = ref_blocks_read (irreps, part->blocks, &part->n);
  if (part->width < 0 || part->n > MAX_ACTS || (acts != NULL && cJSON_GetArraySize (acts) != part->n))
    return false;
  for (int k = 0; acts != NULL && k < part->n; k++)
    part->acts[k] = cJSON_GetStringValue (cJSON_GetArrayItem (acts, k));
  return true;
}

/* Parity of a scalar behind its activation; -1: it has none, which breaks the symmetry. */
static int
parity_behind (const EqkProductBlock *block, const char *act)
{
  const int of_act = act == NULL ? -1 : eqk_act_parity (eqk_act_find (act));

  if (!block->parity)
    return 0;
  return of_act == 1 ? 0 : of_act == -1 ? 1 : -1;
}

/* The rows of x: blocks of all parts in the order of degree, odd before even, equal ones as they come. Writes where each stands, and the merged blocks. */
static void
place_parts (Gate *g)
{
  const Part *parts[3] = { &g->scalars, &g->gates, &g->gated };
  int        *at[3] = { g->at_scalars, g->at_gates, g->at_gated };

  for (int l = 0; l <= EQK_MAX_DEGREE; l++)
    for (int odd = 1; odd >= 0; odd--)
      for (int p = 0; p < 3; p++)
        for (int k = 0; k < parts[p]->n; k++)
          {
            const EqkProductBlock *block = &parts[p]->blocks[k];
            EqkProductBlock       *last = g->n_in > 0 ? &g->in[g->n_in - 1] : NULL;

            if (block->l != l || block->parity != odd)
              continue;
            at[p][k] = g->width;
            g->width += block->mul * (2 * l + 1);
            if (last != NULL && last->l == l && last->parity == odd)
              last->mul += block->mul;
            else
              g->in[g->n_in++] = *block;
          }
}

/* Scalars of the output, then fields times their gates: a field changes its parity with an odd gate. */
static const char *
make_outputs (Gate *g)
{
  int gate = 0, used = 0, n_gates = 0, n_gated = 0;

  for (int k = 0; k < g->scalars.n; k++)
    {
      const int parity = parity_behind (&g->scalars.blocks[k], g->scalars.acts[k]);

      if (g->scalars.blocks[k].l != 0)
        return "must be scalars";
      if (parity < 0)
        return "parity is violated";
      g->out[g->n_out] = g->scalars.blocks[k];
      g->out[g->n_out++].parity = parity;
    }
  for (int k = 0; k < g->gates.n; k++)
    {
      if (g->gates.blocks[k].l != 0)
        return "must be scalars";
      if (parity_behind (&g->gates.blocks[k], g->gates.acts[k]) < 0)
        return "parity is violated";
      n_gates += g->gates.blocks[k].mul;
    }
  for (int k = 0; k < g->gated.n; k++)
    n_gated += g->gated.blocks[k].mul;
  if (n_gates != n_gated)
    return "a different number";
  for (int k = 0; k < g->gated.n; k++)
    for (int left = g->gated.blocks[k].mul; left > 0;)
      {
        const int here = g->gates.blocks[gate].mul - used, n = left < here ? left : here;

        g->out[g->n_out] = (EqkProductBlock){ g->gated.blocks[k].l, g->gated.blocks[k].parity ^ parity_behind (&g->gates.blocks[gate], g->gates.acts[gate]), n, 1 };
        g->n_out++;
        left -= n;
        used += n;
        if (used == g->gates.blocks[gate].mul)
          {
            gate++;
            used = 0;
          }
      }
  return NULL;
}

/* A block of a row of x, behind its activation. */
static int
block_of (EqkBuild *b, int x, const Gate *g, const EqkProductBlock *block, int at, const char *act, EqkDiag *diag)
{
  const EqkSpace rows = { EQK_SPACE_SAMPLE, 0, 0, 0 };
  const int      width = block->mul * (2 * block->l + 1), y = eqk_rows_slice (b, x, rows, g->width, at, width, diag);

  return act == NULL || y < 0 ? y : eqk_dense_act (b, act, y, rows, width, eqk_act_constant (eqk_act_find (act), "e3nn"), diag);
}

static int
build_gate (EqkBuild *b, void *data, EqkDiag *diag)
{
  const Gate    *g = data;
  const EqkSpace rows = { EQK_SPACE_SAMPLE, 0, 0, 0 };
  const int      x = eqk_build_feed (b, "x", rows, g->width, false);
  int            parts[MAX_ACTS], widths[MAX_ACTS], n = 0, gates[MAX_ACTS], n_gates[MAX_ACTS], all = -1, first = 0, n_all = ref_blocks_at (g->gates.blocks, g->gates.n);

  for (int k = 0; k < g->gates.n; k++)
    {
      gates[k] = block_of (b, x, g, &g->gates.blocks[k], g->at_gates[k], g->gates.acts[k], diag);
      n_gates[k] = g->gates.blocks[k].mul;
    }
  if (g->gates.n > 0)
    all = eqk_rows_concat (b, gates, n_gates, g->gates.n, rows, diag);
  for (int k = 0; k < g->scalars.n; k++)
    {
      parts[n] = block_of (b, x, g, &g->scalars.blocks[k], g->at_scalars[k], g->scalars.acts[k], diag);
      widths[n++] = g->scalars.blocks[k].mul * (2 * g->scalars.blocks[k].l + 1);
    }
  for (int k = 0; k < g->gated.n && n < MAX_ACTS; k++)
    {
      const int mul = g->gated.blocks[k].mul, gate = eqk_rows_slice (b, all, rows, n_all, first, mul, diag);

      widths[n] = mul * (2 * g->gated.blocks[k].l + 1);
      parts[n] = eqk_rows_mul (b, block_of (b, x, g, &g->gated.blocks[k], g->at_gated[k], NULL, diag), gate, rows, widths[n], mul, diag);
      first += mul;
      n++;
    }
  return eqk_rows_concat (b, parts, widths, n, rows, diag);
}

/* x, out, v and grad_x of the file against an operation or layer. from[i]: number of its row that stands at place i of the file's, or NULL. */
static void
check_pass (RefCase *c, const cJSON *item, OneOp *op, int width_x, int width_y, const int *from)
{
  const int dims_x[2] = { ref_int (c, ref_at (c, ref_get (c, ref_get (c, item, "x"), "shape"), 0)), width_x }, dims_y[2] = { dims_x[0], width_y };
  double   *x = ref_tensor (c, "x", ref_get (c, item, "x"), dims_x, 2), *v = ref_tensor (c, "v", ref_get (c, item, "v"), dims_y, 2);
  double   *y = ref_tensor (c, "out", ref_get (c, item, "out"), dims_y, 2), *gx = ref_tensor (c, "grad_x", ref_get (c, item, "grad_x"), dims_x, 2);
  double   *seeds = calloc ((size_t) (dims_y[0] * width_y) + 1, sizeof *seeds);

  if (op != NULL && x != NULL && v != NULL && y != NULL && gx != NULL)
    {
      const double *ours;

      one_op_feed (op, "x", x);
      ours = one_op_forward (op, false);
      for (int i = 0; i < dims_y[0] * width_y; i++)
        {
          const int at = from == NULL ? i : i / width_y * width_y + from[i % width_y];

          ref_near (c, "out", y[i], ours[at], TOLERANCE);
          seeds[at] = v[i];
        }
      one_op_backward (op, seeds);
      for (int i = 0; i < dims_x[0] * width_x; i++)
        ref_near (c, "grad_x", gx[i], one_op_gradient (op, "x")[i], TOLERANCE);
    }
  free (x);
  free (v);
  free (y);
  free (gx);
  free (seeds);
}

static int
batch_of (RefCase *c, const cJSON *item)
{
  return ref_int (c, ref_at (c, ref_get (c, ref_get (c, item, "x"), "shape"), 0));
}

static void
check_texts (RefCase *c, const cJSON *item, const Gate *g, bool in)
{
  char text[200];

  ref_blocks_write (g->in, g->n_in, text, sizeof text);
  if (in)
    ref_equal_text (c, "irreps_in", ref_get (c, item, "irreps_in"), text);
  ref_blocks_write (g->out, g->n_out, text, sizeof text);
  ref_equal_text (c, "irreps_out", ref_get (c, item, "irreps_out"), text);
}

static void
check_constants (RefCase *c, const cJSON *constants)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, constants)
    {
      const bool leaky = strncmp (item->string, "leaky_relu_", 11) == 0;
      const int  act = eqk_act_find (leaky ? "leaky_relu" : item->string);

      /* The estimate for a leaky slope: squares of negative samples are scaled by its square, and those of relu tell the rest (act_constants). */
      if (leaky)
        {
          const double relu = eqk_act_constant (EQK_ACT_RELU, "e3nn"), one = eqk_act_constant (EQK_ACT_ABS, "e3nn"), slope = atof (item->string + 11);
          const double positive = 1 / (relu * relu), all = 1 / (one * one);

          ref_near (c, item->string, ref_number (c, item), 1 / sqrt (positive + slope * slope * (all - positive)), 1e-12);
        }
      else if (ref_check (c, act >= 0, "activation “%s”", item->string))
        ref_near (c, item->string, ref_number (c, item), eqk_act_constant (act, "e3nn"), 1e-12);
    }
}

/* Even gates, silu, tanh: what the layer says too, with the rows of its output in the order of its input. */
static void
check_layer (RefCase *c, const cJSON *item, const Gate *g)
{
  int         from[256], at = 0;
  const char *even = NULL, *irreps = cJSON_GetStringValue (ref_get (c, item, "irreps_in"));
  char        settings[200];
  OneOp      *op;

  for (int k = 0; k < g->gates.n; k++)
    if (g->gates.blocks[k].parity || strcmp (g->gates.acts[k], g->gates.acts[0]) != 0)
      return;
  for (int k = 0; k < g->scalars.n; k++)
    {
      if (g->scalars.blocks[k].parity && strcmp (g->scalars.acts[k], "tanh") != 0)
        return;
      even = g->scalars.blocks[k].parity ? even : g->scalars.acts[k];
    }
  if (g->gates.n == 0 || even == NULL || g->width > 256)
    return;
  /* Places of the file's output, block by block, in x without its gates. */
  for (int p = 0; p < 2; p++)
    for (int k = 0; k < (p == 0 ? g->scalars.n : g->gated.n); k++)
      {
        const EqkProductBlock *block = p == 0 ? &g->scalars.blocks[k] : &g->gated.blocks[k];
        const int              place = p == 0 ? g->at_scalars[k] : g->at_gated[k];
        int                    before = 0;

        for (int i = 0; i < g->gates.n; i++)
          before += g->at_gates[i] < place ? g->gates.blocks[i].mul : 0;
        for (int i = 0; i < block->mul * (2 * block->l + 1); i++)
          from[at++] = place - before + i;
      }
  snprintf (settings, sizeof settings, "scalars=%s gates=%s odd=tanh normalise=on constants=e3nn", even, g->gates.acts[0]);
  op = one_layer_new (c, "gate", settings, irreps, batch_of (c, item), 0);
  check_pass (c, item, op, g->width, at, from);
  one_op_free (op);
}

static void
check_gate (RefCase *c, const cJSON *item)
{
  Gate        g = { 0 };
  const char *refused;
  OneOp      *op;

  if (!ref_check (c, read_part (cJSON_GetStringValue (ref_get (c, item, "irreps_scalars")), ref_get (c, item, "act_scalars"), &g.scalars) &&
                     read_part (cJSON_GetStringValue (ref_get (c, item, "irreps_gates")), ref_get (c, item, "act_gates"), &g.gates) &&
                     read_part (cJSON_GetStringValue (ref_get (c, item, "irreps_gated")), NULL, &g.gated), "irreps and activations"))
    return;
  place_parts (&g);
  refused = make_outputs (&g);
  if (!ref_check (c, refused == NULL, "refused: %s", refused))
    return;
  check_texts (c, item, &g, true);
  check_constants (c, ref_get (c, item, "act_constants"));
  op = one_op_new (c, batch_of (c, item), ref_blocks_at (g.out, g.n_out), build_gate, &g);
  check_pass (c, item, op, g.width, ref_blocks_at (g.out, g.n_out), NULL);
  one_op_free (op);
  check_layer (c, item, &g);
}

/* Blocks with activations, none of them gated: the blocks stay where they are. */
static void
check_activation (RefCase *c, const cJSON *item)
{
  Gate        g = { 0 };
  const cJSON *acts = ref_get (c, item, "acts");
  OneOp      *op;

  if (!ref_check (c, read_part (cJSON_GetStringValue (ref_get (c, item, "irreps_in")), acts, &g.scalars), "irreps and activations"))
    return;
  for (int k = 0; k < g.scalars.n; k++)
    {
      const int parity = g.scalars.acts[k] == NULL ? g.scalars.blocks[k].parity : parity_behind (&g.scalars.blocks[k], g.scalars.acts[k]);

      ref_check (c, parity >= 0 && (g.scalars.acts[k] == NULL || g.scalars.blocks[k].l == 0), "an activation that is not allowed");
      g.at_scalars[k] = ref_blocks_at (g.scalars.blocks, k);
      g.out[g.n_out] = g.scalars.blocks[k];
      g.out[g.n_out++].parity = parity;
    }
  g.width = g.scalars.width;
  check_texts (c, item, &g, false);
  op = one_op_new (c, batch_of (c, item), g.width, build_gate, &g);
  check_pass (c, item, op, g.width, g.width, NULL);
  one_op_free (op);
}

/* What e3nn refuses is refused here, for the same reason. */
static void
check_error (RefCase *c, const cJSON *item)
{
  const cJSON *args = ref_get (c, item, "args");
  const char  *message = cJSON_GetStringValue (ref_get (c, item, "message")), *refused;
  Gate         g = { 0 };

  if (!ref_length (c, "args", args, 5) ||
      !ref_check (c, read_part (cJSON_GetStringValue (ref_at (c, args, 0)), ref_at (c, args, 1), &g.scalars) &&
                     read_part (cJSON_GetStringValue (ref_at (c, args, 2)), ref_at (c, args, 3), &g.gates) &&
                     read_part (cJSON_GetStringValue (ref_at (c, args, 4)), NULL, &g.gated), "irreps and activations"))
    return;
  refused = make_outputs (&g);
  ref_check (c, refused != NULL && message != NULL && strstr (message, refused) != NULL, "file refuses with “%s”, libeqk with “%s”", message, refused != NULL ? refused : "nothing");
}

static void
each (RefFile *file, const char *list, void (*check) (RefCase *c, const cJSON *item))
{
  const cJSON *item;
  int          number = 0;

  cJSON_ArrayForEach (item, cJSON_GetObjectItem (file->root, list))
    {
      RefCase c = ref_case_open (file, "%s %d", list, number++);

      check (&c, item);
      ref_case_close (&c);
    }
}

void
ref_run_gate (RefFile *file)
{
  RefCase c = ref_case_open (file, "constants");

  check_constants (&c, ref_get (&c, file->root, "act_constants"));
  ref_case_close (&c);
  each (file, "cases", check_gate);
  each (file, "activation_cases", check_activation);
  each (file, "error_cases", check_error);
}

/* --- norm.json --- */

typedef struct
{
  const EqkRep *rep;
  const char   *act;
  int           n_fields;
} NormAct;

/* act (|v| + b) v / |v|, field by field. */
static int
build_norm_act (EqkBuild *b, void *data, EqkDiag *diag)
{
  const NormAct     *a = data;
  const EqkSpace     rows = { EQK_SPACE_SAMPLE, 0, 0, 0 };
  const int          n = a->n_fields, width = eqk_rep_get_dim (a->rep), x = eqk_build_feed (b, "x", rows, width, false);
  EqkFieldNormParams unit = { .eps = 0 };
  double            *root = malloc ((size_t) n * sizeof *root);
  int32_t           *of = malloc ((size_t) width * sizeof *of);
  EqkFieldPoolParams length = { .n_channels = width, .n_fields = n };
  EqkMulScalarParams times = { width, n, NULL };
  int                in[3] = { x, -1, -1 }, s, u;

  if (!eqk_layout_build (b, a->rep, EQK_COLUMNS_NONE, &unit.layout))
    return -1;
  length.first = unit.layout.first;
  s = eqk_rows_op (b, "field_length", &x, 1, rows, n, &length, sizeof length, diag);
  s = eqk_dense_act (b, a->act, eqk_rows_bias (b, "bias", s, rows, n, diag), rows, n, 1, diag);
  for (int f = 0; f < n; f++)
    {
      root[f] = 1 / sqrt ((double) (length.first[f + 1] - length.first[f]));    /* field_norm makes the mean square 1, not the length */
      for (int k = length.first[f]; k < length.first[f + 1]; k++)
        of[k] = f;
    }
  in[1] = eqk_build_const (b, root, (size_t) n);
  times.of = eqk_build_keep (b, of, (size_t) width * sizeof *of);
  u = eqk_rows_op (b, "field_norm", in, 3, rows, width, &unit, sizeof unit, diag);
  free (root);
  free (of);
  return eqk_rows_op (b, "mul_scalar", (const int[]){ u, s }, 2, rows, width, &times, sizeof times, diag);
}

static void
check_norm_act (RefCase *c, const cJSON *item, const EqkRep *rep)
{
  const cJSON *bias = ref_get (c, item, "bias");
  NormAct      a = { rep, cJSON_GetStringValue (ref_get (c, item, "act")), eqk_rep_n_fields (rep) };
  OneOp       *op = a.act == NULL ? NULL : one_op_new (c, batch_of (c, item), eqk_rep_get_dim (rep), build_norm_act, &a);

  if (op != NULL && !cJSON_IsNull (bias))
    {
      double *b = ref_tensor (c, "bias", bias, &a.n_fields, 1);

      if (b != NULL)
        memcpy (one_op_weight (op, "bias"), b, (size_t) a.n_fields * sizeof *b);
      free (b);
    }
  check_pass (c, item, op, eqk_rep_get_dim (rep), eqk_rep_get_dim (rep), NULL);
  one_op_free (op);
}

static void
check_norm (RefCase *c, const cJSON *item)
{
  const char   *irreps = cJSON_GetStringValue (ref_get (c, item, "irreps_in")), *module = cJSON_GetStringValue (ref_get (c, item, "module"));
  const EqkRep *rep = NULL;
  OneOp        *op;
  char          text[32];

  if (!ref_check (c, irreps != NULL && module != NULL && eqk_rep_parse (eqk_group_get ("O3"), irreps, &rep, NULL) == EQK_OK, "irreps_in"))
    return;
  if (cJSON_GetObjectItem (item, "error") != NULL)      /* a call that the module itself fails at: there is nothing to compare with */
    {
      ref_check (c, cJSON_GetObjectItem (item, "out") == NULL && !cJSON_IsTrue (ref_get (c, item, "normalize")), "a failure with a result");
      return;
    }
  if (strcmp (module, "Norm") != 0)
    {
      check_norm_act (c, item, rep);
      return;
    }
  snprintf (text, sizeof text, "%dx0e", eqk_rep_n_fields (rep));
  ref_equal_text (c, "irreps_out", ref_get (c, item, "irreps_out"), text);
  op = one_layer_new (c, "norm_pool", cJSON_IsTrue (ref_get (c, item, "squared")) ? "squared=on" : "eps=0", irreps, batch_of (c, item), 0);
  check_pass (c, item, op, eqk_rep_get_dim (rep), eqk_rep_n_fields (rep), NULL);
  one_op_free (op);
}

void
ref_run_norm (RefFile *file)
{
  each (file, "cases", check_norm);
}
