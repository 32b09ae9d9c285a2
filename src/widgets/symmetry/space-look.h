#pragma once

/** What a look of the probe at points in space shows: which features there are to see, and scenes of them as they are, turned, and turned back. */

#include "draw/scene.h"
#include "studio/probe.h"

G_BEGIN_DECLS

typedef enum
{
  EQS_SPACE_PLACES,        /**< the points alone */
  EQS_SPACE_FIELDS,        /**< fields of one kind: colours (l = 0), arrows (l = 1) or signals */
  EQS_SPACE_TOGETHER       /**< the first field of each degree as one signal */
} EqsSpaceKind;

/** One thing that can be shown. */
typedef struct
{
  EqsSpaceKind kind;
  int          output;     /**< a result of the design; -1: the wire that is looked at */
  int          run;        /**< FIELDS: of its representation */
  int          n_fields, degree;
  gboolean     whole;      /**< of the whole sample: drawn at the middle of its points */
  gboolean     axial;      /**< keeps its sign under inversion although it turns like an arrow */
  char        *title;      /**< owned */
} EqsSpaceItem;

/** (transfer full) (element-type EqsSpaceItem) never empty: places are always there. The first is the best to begin with. */
GPtrArray          *eqs_space_items      (const EqsProbeResult *result);
/** The result that the item is of, else the wire that is looked at; borrowed from the look. */
const EqsProbeWire *eqs_space_item_wire  (const EqsSpaceItem *item, const EqsProbeResult *result);
/** Whether the item is one of this result: items are of the look they were listed for. */
gboolean            eqs_space_item_fits  (const EqsSpaceItem *item, const EqsProbeResult *result);
/** First channel of a field of the item. */
int                 eqs_space_item_first (const EqsSpaceItem *item, const EqsProbeResult *result, int field);

typedef enum { EQS_SIGNAL_AUTO, EQS_SIGNAL_RADIUS, EQS_SIGNAL_COLOUR } EqsSignalMode;

typedef struct
{
  int           field;
  EqsSignalMode mode;      /**< AUTO: arrows and colours for low degrees; else always a signal */
  int           chosen;    /**< atom; -1 none */
  gboolean      only;      /**< signals of the chosen one alone */
} EqsSpaceChoice;

/**
 * @param numbers  (nullable) [rows of the input] atomic numbers of the sample as it is
 * @param scenes   (out) as it is, moved, put back
 * @return how many there are: 0 where the input is no places, 2 where nothing can be put back
 */
guint eqs_space_scenes (const EqsProbeResult *result, const gint32 *numbers, const EqsSpaceItem *item, const EqsSpaceChoice *choice, EqsScene *scenes[3]);
/** Atomic numbers of the sample of a look, where the data have them; (transfer full) (nullable). @param split (nullable) */
gint32 *eqs_space_dup_numbers (EqsSplit *split, const EqsProbeResult *result);
/** Largest length, value or signal of the item as it is; 0: nothing to see. */
double eqs_space_largest (const EqsProbeResult *result, const EqsSpaceItem *item, int field);
/** Where the signal of a point is largest, "Peaks 0.93 at (0.0, 1.0, 0.0), …"; NULL for what is no signal of degree 2 or more. (transfer full) */
char *eqs_space_dup_peaks (const EqsProbeResult *result, const EqsSpaceItem *item, int field, int point);
/** The numbers of one point in one of the scenes: "C2: 0.12 -0.40 0.93". (transfer full) */
char *eqs_space_describe (const EqsProbeResult *result, const EqsScene *scene, const EqsSpaceItem *item, int field, int which, int point);

G_END_DECLS
