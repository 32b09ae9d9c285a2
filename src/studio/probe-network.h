#pragma once

/**
 * A network opened for looking: every wire keeps its values. Runs a sample x and g·x and compares, on any wire, the features
 * of g·x turned back with those of x. Belongs to the thread that made it.
 */

#include "data/split.h"
#include "services/checkpoint.h"

G_BEGIN_DECLS

typedef enum
{
  EQS_PROBE_EXACT,         /**< equal to rounding: at or below the limit of the audit */
  EQS_PROBE_WITHIN,        /**< a turn between pixels, within the band of the audit */
  EQS_PROBE_BROKEN,        /**< promised by the group, and above its limit */
  EQS_PROBE_UNPROMISED,    /**< the group of the wire has no such element; the residual is told without a verdict */
  EQS_PROBE_UNDEFINED      /**< the channels of the wire cannot be turned by this element: no residual */
} EqsProbeVerdict;

/** Values on a wire, in physical order: grids [row][column][channel]. */
typedef struct
{
  char           *name;           /**< owned: of the wire for people */
  EqkPortType     type;
  gsize           rows, width;
  float          *plain;          /**< owned, [rows, width]: f(x) */
  float          *turned;         /**< owned: f(g x) */
  float          *back;           /**< owned (nullable): g^-1 f(g x); NULL when undefined */
  double          residual;       /**< |g^-1 f(g x) - f(x)| / |f(x)|; between pixels over the central disk. NaN when undefined or f(x) is 0 */
  double          largest;        /**< largest absolute difference; NaN likewise */
  double          limit;          /**< of the verdict; NaN where there is none */
  EqsProbeVerdict verdict;
} EqsProbeWire;

/** One look. Immutable, counted by reference. */
typedef struct
{
  gatomicrefcount refs;
  char        *error;             /**< owned (nullable): why there is nothing to see, a sentence; then only label may be set beside */
  char        *label;             /**< owned: which weights */
  char        *node, *port;       /**< owned (nullable): what was asked for */
  double       angle_rad;
  gboolean     mirror;
  gboolean     on_grid;           /**< nothing was interpolated */
  guint        sample;
  EqsProbeWire input;             /**< the sample; compared with itself, so its verdict says nothing */
  EqsProbeWire wire;
  EqsProbeWire *outputs;          /**< owned */
  guint        n_outputs;
} EqsProbeResult;

EqsProbeResult *eqs_probe_result_new_error (const char *message);
EqsProbeResult *eqs_probe_result_ref       (EqsProbeResult *self);
void            eqs_probe_result_unref     (EqsProbeResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsProbeResult, eqs_probe_result_unref)

typedef struct _EqsProbeNetwork EqsProbeNetwork;

/** @param model  (transfer full) freed also when this fails */
EqsProbeNetwork *eqs_probe_network_new  (EqsModel *model, GError **error);
void             eqs_probe_network_free (EqsProbeNetwork *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsProbeNetwork, eqs_probe_network_free)

/** The sample that all looks are at. */
gboolean        eqs_probe_network_set_sample (EqsProbeNetwork *self, EqsSplit *split, guint sample, GError **error);
/** The wire: path of a node of the document and a port (NULL: its first output); node NULL: the first result of the design. */
gboolean        eqs_probe_network_set_wire   (EqsProbeNetwork *self, const char *node, const char *port, GError **error);
/** @return (transfer full) NULL with an error. Sample and wire must be set. */
EqsProbeResult *eqs_probe_network_look       (EqsProbeNetwork *self, double angle_rad, gboolean mirror, GError **error);
/** Relative error of the first result at an element; NaN where it is not defined. @param on_grid (out) (optional) */
double          eqs_probe_network_measure    (EqsProbeNetwork *self, double angle_rad, gboolean mirror, gboolean *on_grid, GError **error);

G_END_DECLS
