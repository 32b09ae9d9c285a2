#pragma once

/**
 * A network opened for looking: every wire keeps its values. Runs a sample x and g·x and compares, on any wire, the features
 * of g·x turned back with those of x. Belongs to the thread that made it.
 */

#include "data/split.h"
#include "services/checkpoint.h"
#include "studio/probe-paths.h"

G_BEGIN_DECLS

typedef enum
{
  EQS_PROBE_EXACT,         /**< equal to rounding: at or below the limit of the audit */
  EQS_PROBE_WITHIN,        /**< a turn between pixels, within the band of the audit */
  EQS_PROBE_BROKEN,        /**< promised by the group, and above its limit */
  EQS_PROBE_UNPROMISED,    /**< the group of the wire has no such element; the residual is told without a verdict */
  EQS_PROBE_UNDEFINED,     /**< the channels of the wire cannot be turned by this element: no residual */
  EQS_PROBE_UNMOVED        /**< the sample stands as it is, where every network leaves 0: no verdict */
} EqsProbeVerdict;

/** What is done to the sample. Zeroed: nothing. */
typedef struct
{
  double        angle_rad;        /**< plane; of designs in space about z where q is zero */
  gboolean      mirror;           /**< first mirrored (plane) or inverted (space) */
  double        q[4];             /**< space: the turn as a unit quaternion w, x, y, z */
  double        shift[3];         /**< space: of places, after the turn */
  const gint32 *order;            /**< (nullable) [n_order]: node k comes to row order[k]; left out where the sample has another number of nodes */
  gsize         n_order;
} EqsProbeMove;

/** Who is next to whom in the sample as it is, and how much attention edges get. */
typedef struct
{
  gsize   n_nodes, n_edges;
  gint32 *links;                  /**< owned (nullable) [n_edges, 2]: from, to; in the order of rows on edges */
  float  *attention;              /**< owned (nullable) [n_edges]: of the layer that the wire comes from, mean over heads */
  float  *attention_back;         /**< owned (nullable) [n_edges]: of the moved sample, put back */
} EqsProbeGraph;

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
  double       q[4];              /**< designs in space: the turn that was made; else zero */
  double       shift[3];
  gint32      *order;             /**< owned (nullable) [n_order]: as in EqsProbeMove */
  gsize        n_order;
  gboolean     on_grid;           /**< nothing was interpolated */
  guint        sample;
  EqsProbeGraph graph;
  GArray      *paths;             /**< owned (nullable) of EqsProbePath: of the layer that the wire comes from, sizes on the moved sample */
  EqsProbeWire input;             /**< the sample; compared with itself, so its verdict says nothing */
  EqsProbeWire wire;
  EqsProbeWire *outputs;          /**< owned */
  guint        n_outputs;
} EqsProbeResult;

/** A look at nothing, with the reason as a sentence, copied. (transfer full) */
EqsProbeResult *eqs_probe_result_new_error (const char *message);
/** One more owner, from any thread. @return self */
EqsProbeResult *eqs_probe_result_ref       (EqsProbeResult *self);
/** One owner less, from any thread. */
void            eqs_probe_result_unref     (EqsProbeResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsProbeResult, eqs_probe_result_unref)

typedef struct _EqsProbeNetwork EqsProbeNetwork;

/** @param model  (transfer full) freed also when this fails */
EqsProbeNetwork *eqs_probe_network_new  (EqsModel *model, GError **error);
/** With its model; from the thread that made it. */
void             eqs_probe_network_free (EqsProbeNetwork *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsProbeNetwork, eqs_probe_network_free)

/** The sample that all looks are at. */
gboolean        eqs_probe_network_set_sample (EqsProbeNetwork *self, EqsSplit *split, guint sample, GError **error);
/** The wire: path of a node of the document and a port (NULL: its first output); node NULL: the first result of the design. */
gboolean        eqs_probe_network_set_wire   (EqsProbeNetwork *self, const char *node, const char *port, GError **error);
/** @return (transfer full) NULL with an error. Sample and wire must be set. */
EqsProbeResult *eqs_probe_network_look       (EqsProbeNetwork *self, double angle_rad, gboolean mirror, GError **error);
/** The same for any move, of space and of the order of nodes. */
EqsProbeResult *eqs_probe_network_look_moved (EqsProbeNetwork *self, const EqsProbeMove *move, GError **error);
/** Relative error of the first result at an element; NaN where it is not defined. @param on_grid (out) (optional) */
double          eqs_probe_network_measure    (EqsProbeNetwork *self, double angle_rad, gboolean mirror, gboolean *on_grid, GError **error);
/** The same for any move. */
double          eqs_probe_network_measure_moved (EqsProbeNetwork *self, const EqsProbeMove *move, gboolean *on_grid, GError **error);
/** Nodes of the sample; 0 where it has none. */
gsize           eqs_probe_network_get_n_nodes (EqsProbeNetwork *self);
/** The symmetry of the design. */
const EqkSymmetry *eqs_probe_network_get_symmetry (EqsProbeNetwork *self);
/** Largest errors that the audit allows: where pixels come onto pixels, and between. Known once something has been looked at. */
void            eqs_probe_network_get_limits (EqsProbeNetwork *self, double *exact, double *between);

G_END_DECLS
