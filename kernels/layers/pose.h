#pragma once

/** What the heads for rotations share. Static, header only. */

#include "layers/coordinates.h"

static const EqkPort eqk_pose_out[] = { { .name = "pose", .doc = EQK_N_("A rotation as its three columns") }, { .name = NULL } };

/** The arrows that coordinates of the group's space are. */
static inline const EqkField *
eqk_pose_vector (const EqkGroup *group)
{
  return eqk_group_irrep_by_id (group, eqk_group_is_connected (group) ? 0 : 1, 1);
}

/** n arrows at "x" to a rotation. Where mirrors are promised the promise ends: a rotation has no mirror image. */
static inline EqkStatus
eqk_pose_infer (EqkInfer *ctx, int n, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  const EqkGroup    *group = x->symmetry.group;
  const EqkField    *vector = eqk_group_get_space_dim (group) == 3 ? eqk_pose_vector (group) : NULL;
  EqkPortType        y;
  char               wanted[32];

  snprintf (wanted, sizeof wanted, "%d arrows", n);
  if (vector == NULL)
    return eqk_fail_expected (diag, EQK_ERR_GROUP, "x", "arrows of space", eqk_group_get_notation (group));
  if (eqk_rep_is_trivial (x->rep))
    eqk_infer_problem (ctx, "E-VECTOR-FROM-INVARIANT", "x", NULL);
  if (eqk_coord_copies (x, vector, "x", diag) != n)
    return eqk_fail_expected (diag, EQK_ERR_TYPE, "x", wanted, eqk_rep_get_text (x->rep));
  if (!eqk_group_is_connected (group))
    {
      eqk_infer_problem (ctx, "E-POSE-O3", "x", NULL);
      eqk_infer_fix (ctx, EQK_N_("Promise rotations alone from here on"));
      eqk_fix_insert_before (ctx, "$", "x", "restrict", "group=SO3");
      eqk_infer_lose (ctx, 0, "E-POSE-O3");
    }
  y = eqk_port_with_rep (x, eqk_rep_single (vector, 3));
  y.kind = EQK_KIND_POSE;
  return eqk_infer_set_output (ctx, "pose", &y);
}

static inline EqkStatus
eqk_pose_expand (EqkBuild *b, const char *op, EqkDiag *diag)
{
  const int x = eqk_build_x (b, "x"), y = eqk_rows_op (b, op, &x, 1, eqk_build_out (b, "pose")->space, 9, NULL, 0, diag);

  eqk_build_set_output (b, "pose", y);
  return y < 0 ? EQK_ERR_NO_MEMORY : EQK_OK;
}
