#pragma once

/** What layers on coordinates share. Coordinates are of an affine type: they may be subtracted, centred and moved by arrows, nothing else. */

#include "layers/nodes.h"
#include "ops/irreps.h"

#define EQK_COORD_UNUSED __attribute__ ((unused))

static const EqkPort eqk_coord_in[] EQK_COORD_UNUSED = { { .name = "positions", .doc = EQK_N_("Coordinates") }, { .name = NULL } };
static const EqkPort eqk_coord_out[] EQK_COORD_UNUSED = { { .name = "positions", .doc = EQK_N_("Coordinates; they shift and turn with the cloud") }, { .name = NULL } };

/** The coordinates at input "positions"; NULL with diag filled. */
static inline const EqkPortType *
eqk_coord_input (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "positions");

  if (x->kind == EQK_KIND_POSITION && eqk_group_get_space_dim (x->symmetry.group) == 3)
    return x;
  eqk_fail_expected (diag, EQK_ERR_TYPE, "positions", "coordinates", eqk_kind_name (x->kind));
  return NULL;
}

/** admits of inputs that are points of space. */
static inline bool EQK_COORD_UNUSED
eqk_coord_admits (const EqkSymmetry *symmetry, const EqkSettings *settings, EqkDiag *why)
{
  if (eqk_group_get_space_dim (symmetry->group) == 3)
    return true;
  eqk_fail (why, EQK_ERR_GROUP, "%s", EQK_N_("Points in space need a group that acts on space, such as E(3)."));
  return false;
}

/** Gives the coordinates of an input at "positions": one arrow a node, which inversion turns round where the group has it. */
static inline EqkStatus EQK_COORD_UNUSED
eqk_coord_set_input (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  EqkPortType        type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *symmetry, .kind = EQK_KIND_POSITION };

  if (eqk_group_get_space_dim (symmetry->group) != 3)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "points of space", "SO(3), O(3), SE(3) or E(3)", eqk_group_get_notation (symmetry->group));
  type.rep = eqk_rep_single (eqk_group_irrep_by_id (symmetry->group, eqk_group_is_connected (symmetry->group) ? 0 : 1, 1), 1);
  return eqk_infer_set_output (ctx, "positions", &type);
}

/** n scalars of each node at another port of such an input. */
static inline EqkStatus EQK_COORD_UNUSED
eqk_coord_set_scalars (EqkInfer *ctx, const char *port, EqkKind kind, int n)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const EqkPortType  type = { .space = { EQK_SPACE_NODES, 0, 0, 0 }, .symmetry = *symmetry, .kind = kind, .rep = eqk_rep_single (eqk_group_trivial (symmetry->group), n) };

  return eqk_infer_set_output (ctx, port, &type);
}

/** How many copies of `vector` a type is, and nothing else; 0 with diag filled. */
static inline int EQK_COORD_UNUSED
eqk_coord_copies (const EqkPortType *arrows, const EqkField *vector, const char *port, EqkDiag *diag)
{
  bool good = arrows->kind != EQK_KIND_SPECIES && arrows->kind != EQK_KIND_POSITION;

  for (int r = 0; good && r < eqk_rep_n_runs (arrows->rep); r++)
    good = eqk_rep_run (arrows->rep, r).mul == 0 || eqk_rep_run (arrows->rep, r).field == vector;
  if (good && eqk_rep_n_fields (arrows->rep) > 0)
    return eqk_rep_n_fields (arrows->rep);
  eqk_fail_expected (diag, EQK_ERR_TYPE, port, eqk_field_get_name (vector), arrows->kind == EQK_KIND_POSITION ? eqk_kind_name (arrows->kind) : eqk_rep_get_text (arrows->rep));
  return 0;
}

/** The same for the irrep that coordinates x turn by. */
static inline int EQK_COORD_UNUSED
eqk_coord_arrows (const EqkPortType *x, const EqkPortType *arrows, const char *port, EqkDiag *diag)
{
  return eqk_coord_copies (arrows, eqk_rep_run (x->rep, 0).field, port, diag);
}
