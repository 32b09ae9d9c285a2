#pragma once

/**
 * What layers that act field by field share: their ports, the check of the input, which elements survive a map that treats
 * channels singly, the layout of fields for the operations, and the search for the layer that decides about the fields.
 * Static, header only.
 */

#include "eqk/layer.h"
#include "ops/fields.h"
#include "core/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EQK_FIELDS_UNUSED __attribute__ ((unused))

static const EqkPort eqk_fields_in[] EQK_FIELDS_UNUSED = { { .name = "x", .doc = EQK_N_("Features") }, { .name = NULL } };
static const EqkPort eqk_fields_out[] EQK_FIELDS_UNUSED = { { .name = "y", .doc = EQK_N_("Features") }, { .name = NULL } };

/**
 * The input "x", which must hold real numbers. Coordinates go on with the promise lost (E-COORD-AS-FEATURE).
 * @return NULL with diag filled when the input has no numbers to work on
 */
static inline const EqkPortType *
eqk_fields_input (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");

  if (x->kind == EQK_KIND_SPECIES || x->kind == EQK_KIND_EDGES || x->kind == EQK_KIND_MASK || x->space.kind == EQK_SPACE_FIXED)
    {
      eqk_fail_expected (diag, EQK_ERR_TYPE, "x", "features", eqk_kind_name (x->kind));
      return NULL;
    }
  if (x->kind == EQK_KIND_POSITION)
    {
      eqk_infer_problem (ctx, "E-COORD-AS-FEATURE", "x", NULL);
      eqk_infer_lose (ctx, 0, "E-COORD-AS-FEATURE");
    }
  return x;
}

/** A layer that leaves the type of its features as it is. */
static inline EqkStatus
eqk_fields_same (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);

  return x == NULL ? EQK_ERR_TYPE : eqk_infer_set_output (ctx, "y", x);
}

/* ---- which elements survive ---- */

typedef enum
{
  EQK_ACTS_BY_PERMUTATION,     /**< rho(g) permutes channels */
  EQK_ACTS_BY_SIGNED_PERMUTATION, /**< and may change signs */
  EQK_ACTS_BY_SIGNS,           /**< rho(g) is diagonal */
  EQK_ACTS_TRIVIALLY           /**< rho(g) is the identity */
} EqkActsHow;

static inline bool
eqk_fields_matrix_is (const double *m, int d, EqkActsHow how)
{
  for (int i = 0; i < d; i++)
    for (int j = 0; j < d; j++)
      {
        const double a = m[i * d + j];
        const bool   zero = fabs (a) < 1e-9, one = fabs (a - 1) < 1e-9;

        if (how == EQK_ACTS_BY_PERMUTATION ? !zero && !one
            : how == EQK_ACTS_BY_SIGNED_PERMUTATION ? !zero && fabs (fabs (a) - 1) > 1e-9
            : how == EQK_ACTS_TRIVIALLY ? !(i == j ? one : zero) : i != j && !zero)
          return false;
      }
  return true;
}

/** The bits of a guarantee whose elements act on every field in this way. Groups of space: none or all. */
static inline uint64_t
eqk_fields_mask (const EqkRep *rep, EqkActsHow how)
{
  const EqkGroup *group = eqk_rep_get_group (rep);
  const uint64_t  full = eqk_guarantee_full_mask (group);
  uint64_t        mask = full;

  if (eqk_group_get_space_dim (group) == 3)
    return eqk_rep_is_trivial (rep) ? full : 0;
  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      const EqkField *field = eqk_rep_run (rep, r).field;
      const int       d = eqk_field_get_dim (field);
      double         *m = eqk_malloc ((size_t) (d * d) * sizeof *m);

      if (m == NULL)
        return 0;
      for (int bit = 0; bit < 64 && (full >> bit) != 0; bit++)
        {
          const EqkElement g = eqk_guarantee_element (group, bit);

          eqk_field_matrix (field, &g, m);
          if (!eqk_fields_matrix_is (m, d, how))
            mask &= ~((uint64_t) 1 << bit);
        }
      free (m);
    }
  return mask;
}

/** One-dimensional and not trivial: an element can only change its sign. */
static inline bool
eqk_field_is_sign (const EqkField *field)
{
  return eqk_field_get_dim (field) == 1 && !eqk_field_is_trivial (field);
}

/* ---- texts ---- */

/** The runs of rep that `keep` accepts as text; "" when there are none. */
static inline void
eqk_fields_text (const EqkRep *rep, bool (*keep) (const EqkField *), char *text, size_t size)
{
  size_t at = 0;

  text[0] = '\0';
  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);

      if (run.mul > 0 && keep (run.field) && at < size)
        at += (size_t) snprintf (text + at, size - at, "%s%dx %s", at > 0 ? " + " : "", run.mul, eqk_field_get_name (run.field));
    }
}

static inline int
eqk_fields_count (const EqkRep *rep, bool (*which) (const EqkField *))
{
  int n = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    if (which (eqk_rep_run (rep, r).field))
      n += eqk_rep_run (rep, r).mul;
  return n;
}

static inline bool eqk_field_is_not_trivial     (const EqkField *f) { return !eqk_field_is_trivial (f); }
static inline bool eqk_field_is_not_permutation (const EqkField *f) { return !eqk_field_is_permutation (f); }
static inline bool eqk_field_is_wide            (const EqkField *f) { return eqk_field_get_dim (f) > 1; }
static inline bool eqk_field_bends              (const EqkField *f) { return !eqk_field_is_permutation (f) && eqk_field_get_dim (f) > 1; }

/* ---- the layer that decides ---- */

/** Nearest layer upstream of an input with a representation setting, whose name goes to *param; -1. Then follows first inputs. */
static inline int
eqk_fields_decider_at (const EqkInfer *ctx, const char *port, const char **param)
{
  int node = eqk_infer_node (ctx);

  for (int steps = 0; steps < 64; steps++)
    {
      const EqkLayerType *layer = eqk_infer_layer_of (ctx, node);

      if (layer->inputs == NULL || layer->inputs[0].name == NULL)
        return -1;
      node = eqk_infer_source_of (ctx, node, steps == 0 && port != NULL ? port : layer->inputs[0].name, 0);
      if (node < 0)
        return -1;
      layer = eqk_infer_layer_of (ctx, node);
      for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
        if (p->kind == EQK_PARAM_REP)
          {
            *param = p->name;
            return node;
          }
    }
  return -1;
}

static inline int
eqk_fields_decider (const EqkInfer *ctx, const char **param)
{
  return eqk_fields_decider_at (ctx, NULL, param);
}

/* ---- the layout for operations ---- */

typedef enum
{
  EQK_COLUMNS_NONE,        /**< nothing is centred */
  EQK_COLUMNS_TRIVIAL,     /**< the trivial columns of Q */
  EQK_COLUMNS_ONES,        /**< the sum of a field's channels */
  EQK_COLUMNS_TIED,        /**< ones where the group permutes the channels, else the trivial columns */
  EQK_COLUMNS_CHANNELS     /**< every channel is a field of its own */
} EqkColumns;

typedef struct
{
  int32_t *first, *mean_field, *mean_offset;
  double  *column;
  int      n_means, n_column;
} EqkLayoutDraft;

static inline void
eqk_layout_add_column (EqkLayoutDraft *draft, int32_t field)
{
  draft->mean_field[draft->n_means] = field;
  draft->mean_offset[draft->n_means++] = draft->n_column;
}

static inline void
eqk_layout_add_field (EqkLayoutDraft *draft, const EqkField *field, int32_t number, EqkColumns columns)
{
  const int     dim = eqk_field_get_dim (field);
  const double *basis = eqk_field_basis (field);
  int           at = 0;

  if (columns == EQK_COLUMNS_NONE)
    return;
  if (columns == EQK_COLUMNS_ONES || (columns == EQK_COLUMNS_TIED && eqk_field_is_permutation (field)))
    {
      eqk_layout_add_column (draft, number);
      for (int c = 0; c < dim; c++)
        draft->column[draft->n_column++] = 1;
      return;
    }
  for (int i = 0; i < eqk_field_n_irreps (field); i++)
    {
      const EqkField *irrep = eqk_field_irrep (field, i);

      if (eqk_field_is_trivial (irrep))
        {
          eqk_layout_add_column (draft, number);
          for (int c = 0; c < dim; c++)
            draft->column[draft->n_column++] = basis == NULL ? c == at : basis[c * dim + at];
        }
      at += eqk_field_get_dim (irrep);
    }
}

/** Layout of a representation, its tables kept by the program. False when memory is short. */
static inline bool
eqk_layout_build (EqkBuild *b, const EqkRep *rep, EqkColumns columns, EqkFieldLayout *out)
{
  const int      n_channels = eqk_rep_get_dim (rep);
  const int      n_fields = columns == EQK_COLUMNS_CHANNELS ? n_channels : eqk_rep_n_fields (rep);
  size_t         room = 1;
  EqkLayoutDraft draft = { 0 };
  bool           good;

  for (int f = 0; f < eqk_rep_n_fields (rep); f++)
    {
      const EqkField *field = eqk_rep_field (rep, f, NULL);

      room += (size_t) eqk_field_get_dim (field) * (size_t) (1 + eqk_field_n_trivial (field));
    }
  draft.first = eqk_malloc (((size_t) n_fields + 1) * sizeof *draft.first);
  draft.mean_field = eqk_malloc (room * sizeof *draft.mean_field);
  draft.mean_offset = eqk_malloc (room * sizeof *draft.mean_offset);
  draft.column = eqk_malloc (room * sizeof *draft.column);
  good = draft.first != NULL && draft.mean_field != NULL && draft.mean_offset != NULL && draft.column != NULL;
  for (int32_t f = 0; good && f < n_fields; f++)
    {
      int first = f;

      if (columns == EQK_COLUMNS_CHANNELS)
        {
          eqk_layout_add_column (&draft, f);
          draft.column[draft.n_column++] = 1;
        }
      else
        eqk_layout_add_field (&draft, eqk_rep_field (rep, f, &first), f, columns);
      draft.first[f] = first;
    }
  if (good)
    {
      draft.first[n_fields] = n_channels;
      *out = (EqkFieldLayout) { n_channels, n_fields, NULL, draft.n_means, NULL, NULL, NULL, draft.n_column };
      out->first = eqk_build_keep (b, draft.first, ((size_t) n_fields + 1) * sizeof *draft.first);
      out->mean_field = eqk_build_keep (b, draft.mean_field, (size_t) (draft.n_means + 1) * sizeof *draft.mean_field);
      out->mean_offset = eqk_build_keep (b, draft.mean_offset, (size_t) (draft.n_means + 1) * sizeof *draft.mean_offset);
      out->column = eqk_build_keep (b, draft.column, (size_t) (draft.n_column + 1) * sizeof *draft.column);
      good = out->first != NULL && out->mean_field != NULL && out->mean_offset != NULL && out->column != NULL;
    }
  free (draft.first);
  free (draft.mean_field);
  free (draft.mean_offset);
  free (draft.column);
  return good;
}

/** A weight of n numbers that starts at `start`, or -1 when n is 0. */
static inline int
eqk_fields_weight (EqkBuild *b, const char *name, int n, double start)
{
  return n == 0 ? -1 : eqk_build_weight (b, name, &n, 1, (EqkInit) { EQK_INIT_CONSTANT, start, NULL });
}

/** field_norm and instance_norm, which differ in where statistics are taken (columns) and over what (the operation). */
static inline EqkStatus
eqk_field_norm_expand (EqkBuild *b, const char *op, EqkColumns columns, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  EqkFieldNormParams p = { .eps = eqk_build_real (b, "eps") };
  const bool         affine = eqk_build_bool (b, "affine");
  int                in[3], out = eqk_build_value (b, y->space, eqk_rep_get_dim (y->rep));

  if (out < 0 || !eqk_layout_build (b, y->rep, columns, &p.layout))
    return EQK_ERR_NO_MEMORY;
  in[0] = eqk_build_x (b, "x");
  in[1] = affine ? eqk_fields_weight (b, "weight", p.layout.n_fields, 1) : -1;
  in[2] = affine ? eqk_fields_weight (b, "bias", p.layout.n_means, 0) : -1;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, op, in, 3, &out, 1, &p, sizeof p, diag);
}
