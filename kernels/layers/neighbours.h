#pragma once

/** What layers that make edges between points share: ports, types, lengths and vectors of edges. Static, header only. */

#include "eqk/layer.h"
#include "eqk/program.h"

#include "ops/irreps.h"
#include "ops/plane.h"
#include "ops/ragged.h"

#include <math.h>
#include <stdio.h>

#define EQK_NEIGHBOURS_UNUSED __attribute__ ((unused))

static const EqkPort eqk_neighbours_in[] EQK_NEIGHBOURS_UNUSED = { { .name = "positions", .doc = EQK_N_("Coordinates") }, { .name = NULL } };
static const EqkPort eqk_neighbours_cell_in[] EQK_NEIGHBOURS_UNUSED = {
  { .name = "positions", .doc = EQK_N_("Coordinates") },
  { .name = "cell", .doc = EQK_N_("The lattice; with it, images of points are neighbours too"), .optional = true },
  { .name = NULL }
};
static const EqkPort eqk_neighbours_out[] EQK_NEIGHBOURS_UNUSED = {
  { .name = "length", .doc = EQK_N_("Length of each directed edge, in Å") },
  { .name = "vector", .doc = EQK_N_("Vector of each edge from source to target, in Å") },
  { .name = NULL }
};

static inline EqkStatus
eqk_neighbours_infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "positions");
  EqkPortType        type = *x;

  if (x->kind != EQK_KIND_POSITION)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "positions", "coordinates", eqk_kind_name (x->kind));
  type.space = (EqkSpace){ EQK_SPACE_EDGES, 0, 0, 0 };
  type.kind = EQK_KIND_EDGE_VECTOR;
  eqk_infer_set_output (ctx, "vector", &type);
  type.kind = EQK_KIND_EDGE_LENGTH;
  type.rep = eqk_rep_single (eqk_group_trivial (x->symmetry.group), 1);
  return eqk_infer_set_output (ctx, "length", &type);
}

/** The same with a lattice at "cell", or none. */
static inline EqkStatus EQK_NEIGHBOURS_UNUSED
eqk_neighbours_cell_infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *cell = eqk_infer_input (ctx, "cell");

  if (cell != NULL && cell->kind != EQK_KIND_CELL)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "cell", "a lattice", eqk_kind_name (cell->kind));
  return eqk_neighbours_infer (ctx, diag);
}

/** Periodic: vectors to images, and their lengths from them. */
static inline EqkStatus
eqk_neighbours_periodic (EqkBuild *b, int positions, int cell, int length, int vector, EqkDiag *diag)
{
  static const int32_t     first[2] = { 0, 3 };
  const EqkFieldPoolParams p = { .n_fields = 1, .n_channels = 3, .first = first, .eps = 1e-6 };     /* 1e-12 of an Å at most */
  const int                in[2] = { positions, cell };
  const EqkStatus          status = eqk_build_op (b, "edge_vector", in, 2, &vector, 1, NULL, 0, diag);

  return status != EQK_OK ? status : eqk_build_op (b, "field_length", &vector, 1, &length, 1, &p, sizeof p, diag);
}

/** Edges of a rule within the cut-off, of the nearest, or all pairs; the positions, and (>= 0) the lattice, are set here. */
static inline EqkStatus
eqk_neighbours_expand (EqkBuild *b, EqkStructureRule rule, int cell, EqkDiag *diag)
{
  const int in = eqk_build_x (b, "positions");
  EqkSpace  edges = { EQK_SPACE_EDGES, 0, 0, 0 };
  EqkStatus status;
  int       length, vector;

  rule.positions = in;
  rule.cell = cell;
  edges.structure = eqk_build_structure (b, &rule);
  if (edges.structure != 0)
    return eqk_fail (diag, EQK_ERR_LIMIT, "a design has one list of neighbours; link both to one node that makes them");
  length = eqk_build_value (b, edges, 1);
  vector = eqk_build_value (b, edges, 3);
  if (length < 0 || vector < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "length", length);
  eqk_build_set_output (b, "vector", vector);
  if (cell >= 0)
    return eqk_neighbours_periodic (b, in, cell, length, vector, diag);
  status = eqk_build_op (b, "edge_length", &in, 1, &length, 1, NULL, 0, diag);
  return status != EQK_OK ? status : eqk_build_op (b, "edge_vector", &in, 1, &vector, 1, NULL, 0, diag);
}

/** The worst that an energy from these neighbours is used for: EQK_KIND_FORCE, EQK_KIND_ENERGY or (nothing of both) EQK_KIND_FEATURE. For lints. */
static inline EqkKind EQK_NEIGHBOURS_UNUSED
eqk_neighbours_use (EqkInfer *ctx)
{
  EqkKind worst = EQK_KIND_FEATURE;

  for (int i = 0; i < eqk_infer_n_nodes (ctx); i++)
    {
      const EqkPortType *type = eqk_infer_is_upstream (ctx, eqk_infer_node (ctx), i) ? eqk_infer_type_of (ctx, i, NULL) : NULL;

      if (type != NULL && (type->kind == EQK_KIND_FORCE || type->kind == EQK_KIND_STRESS))
        return EQK_KIND_FORCE;
      if (type != NULL && type->kind == EQK_KIND_ENERGY)
        worst = EQK_KIND_ENERGY;
    }
  return worst;
}

/** What fades out at a cut-off of its own must do so where the neighbours end. Reads the setting "cutoff" of both. */
static inline void EQK_NEIGHBOURS_UNUSED
eqk_neighbours_lint_cutoff (EqkInfer *ctx)
{
  const int          source = eqk_infer_source_of (ctx, eqk_infer_node (ctx), "length", 0);
  const EqkSettings *settings = source < 0 ? NULL : eqk_infer_settings_of (ctx, source);
  const double       theirs = settings == NULL ? 0 : eqk_settings_real (settings, eqk_infer_layer_of (ctx, source)->params, "cutoff");
  char               value[32];

  if (theirs <= 0 || fabs (theirs - eqk_infer_real (ctx, "cutoff")) <= 1e-9)
    return;
  snprintf (value, sizeof value, "%g", theirs);
  eqk_infer_problem (ctx, "E-CUTOFF-MISMATCH", NULL, "a=%g b=%g", eqk_infer_real (ctx, "cutoff"), theirs);
  eqk_infer_fix (ctx, EQK_N_("Use the cut-off of the neighbours"));
  eqk_fix_set (ctx, "$", "cutoff", value);
}
