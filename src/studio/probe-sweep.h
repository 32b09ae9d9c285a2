#pragma once

/** Error over many elements of the group, one after another. */

#include "studio/probe-network.h"

G_BEGIN_DECLS

enum { EQS_PROBE_ANGLES = 72 };

typedef enum
{
  EQS_SWEEP_ANGLES,      /**< i 360° / EQS_PROBE_ANGLES in the plane */
  EQS_SWEEP_TURNS,       /**< turns of space drawn evenly, always the same ones; every second one inverted where the group has mirrors */
  EQS_SWEEP_ORDERS       /**< of sets and graphs: one cycle, one swap, then orders drawn evenly */
} EqsSweepKind;

/** Error of the first result of the design over the elements of its group. Immutable, counted by reference. */
typedef struct
{
  gatomicrefcount refs;
  EqsSweepKind    kind;
  double          q[EQS_PROBE_ANGLES][4];         /**< TURNS */
  gboolean        inverted[EQS_PROBE_ANGLES];     /**< TURNS */
  guint           n;                              /**< how many of the angles are known yet; EQS_PROBE_ANGLES when done */
  double          error[EQS_PROBE_ANGLES];        /**< NaN where not defined */
  gboolean        on_grid[EQS_PROBE_ANGLES];
  double          limit, limit_between;           /**< of the audit, on the grid and between */
  gboolean        has_twin;
  double          twin[EQS_PROBE_ANGLES];         /**< of the ordinary network with initial weights */
  char           *twin_error;                     /**< owned (nullable): why there is no twin */
} EqsProbeSweep;

/** One owner less, from any thread. */
void           eqs_probe_sweep_unref (EqsProbeSweep *self);
/** Largest error of the angles on the grid, or of those between. NaN when there is none. @param twin  of the twin instead */
double         eqs_probe_sweep_worst (const EqsProbeSweep *self, gboolean on_grid, gboolean twin);

/** Whether a group of space has the inversion. */
gboolean       eqs_group_inverts     (const EqkGroup *group);
/** Turns for groups of space; orders where nothing else is promised; else angles. */
EqsSweepKind   eqs_probe_sweep_kind  (const EqkSymmetry *symmetry);
/** Number i of the sweep, which notes it. @param order  (out) (transfer full) (nullable) the memory that the move's order is in */
EqsProbeMove   eqs_probe_sweep_move  (EqsProbeSweep *self, const EqkSymmetry *symmetry, gsize n_nodes, gboolean mirror, guint i, gint32 **order);

G_END_DECLS
