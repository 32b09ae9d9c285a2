#pragma once

/**
 * Constant-energy dynamics of one sample under a network with forces: velocity Verlet, so that the total energy of a network whose
 * forces are the slope of its energy stays where it is. What it moves by is the measure of that. Units: eV, Å, fs, u.
 */

#include "services/checkpoint.h"

#include "data/split.h"

G_BEGIN_DECLS

typedef struct
{
  guint    steps;
  double   step_fs;
  double   temperature;       /**< in K: velocities at the start are drawn for it, without motion of the whole */
  guint64  seed;              /**< of the velocities */
  gboolean f64;               /**< the network in double precision, without its rounding */
  guint    every;             /**< a point, and a call of the function, every so many steps; at least 1 */
  int     *cancel;            /**< (nullable) set from anywhere to 1: ends after the step */
} EqsDynamicsOptions;

typedef struct
{
  guint  step;
  double potential, kinetic;  /**< eV */
  double temperature;         /**< K, of the motion at this step */
} EqsDynamicsPoint;

typedef struct
{
  GArray *points;             /**< of EqsDynamicsPoint; the first is the start */
  guint   n_atoms, steps;     /**< steps that were made */
  double  drift;              /**< eV per atom: mean total energy of the last tenth of the steps, less that of the first */
  double  excursion;          /**< eV per atom: farthest that the total energy was from its start */
  double  fluctuation;        /**< eV per atom: root mean square about its mean */
  double  temperature;        /**< K, mean over all steps */
  double  largest_force;      /**< eV/Å, of an atom, over all steps */
  double  net_force;          /**< eV/Å, the largest sum of all forces: 0 but for rounding, since shifts leave the energy as it is */
  double  net_torque;         /**< eV, the largest sum of their torques: likewise of turns. NAN in a lattice, which turns have no part in */
} EqsDynamics;

/** At a point; x, v, f: [atoms, 3] in Å, Å/fs, eV/Å. @return FALSE ends the run with *error set */
typedef gboolean (*EqsDynamicsFunc) (const EqsDynamicsPoint *point, const double *x, const double *v, const double *f, gpointer data, GError **error);

/**
 * @param sample  of split; its atoms must be known to the network
 * @param func    (nullable)
 * @return (transfer full) NULL with a message: no energy or no forces, an element without mass, the energy is not finite any more
 */
EqsDynamics *eqs_dynamics_run  (EqsModel *model, EqsSplit *split, guint sample, const EqsDynamicsOptions *options, EqsDynamicsFunc func, gpointer data, GError **error);
/** With its points. */
void         eqs_dynamics_free (EqsDynamics *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsDynamics, eqs_dynamics_free)

G_END_DECLS
