#pragma once

/** What layers that make edges between points share: ports, types, lengths and vectors of edges. Static, header only. */

#include "eqk/layer.h"

#include "ops/irreps.h"
#include "ops/ragged.h"

#include <math.h>
#include <stdio.h>

#define EQK_NEIGHBOURS_UNUSED __attribute__ ((unused))

static const EqkPort eqk_neighbours_in[] EQK_NEIGHBOURS_UNUSED = { { .name = "positions", .doc = EQK_N_("Coordinates") }, { .name = NULL } };
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

/** Edges of a rule: within the cut-off, or all pairs. */
static inline EqkStatus
eqk_neighbours_expand (EqkBuild *b, double cutoff, bool complete, EqkDiag *diag)
{
  const int      in = eqk_build_x (b, "positions"), structure = eqk_build_structure (b, in, cutoff, complete);
  const EqkSpace edges = { EQK_SPACE_EDGES, 0, 0, structure };
  const int      length = eqk_build_value (b, edges, 1), vector = eqk_build_value (b, edges, 3);
  EqkStatus      status;

  if (structure != 0)
    return eqk_fail (diag, EQK_ERR_LIMIT, "a design has one list of neighbours; link both to one node that makes them");
  if (length < 0 || vector < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "length", length);
  eqk_build_set_output (b, "vector", vector);
  status = eqk_build_op (b, "edge_length", &in, 1, &length, 1, &(EqkEdgeParams){ structure }, sizeof (EqkEdgeParams), diag);
  return status != EQK_OK ? status : eqk_build_op (b, "edge_vector", &in, 1, &vector, 1, &(EqkEdgeVectorParams){ structure }, sizeof (EqkEdgeVectorParams), diag);
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
