#pragma once

/**
 * One look at data: what is wrong with them, and facts that the design they are bound to is held against. Looking takes long (files are read, every
 * pair of near points is seen); holding a design against what was seen does not, so that it can be done after every edit.
 */

#include "data/dataset.h"
#include "data/split.h"
#include "model/compile.h"

G_BEGIN_DECLS

typedef struct EqsDataLook EqsDataLook;

/**
 * Reads the training part of sets of points and molecules; any thread. Problems of the data themselves: W-UNITS-MISSING (a quantity of molecules without a
 * unit), E-DATA-TYPE (a column of arrows that does not turn with the positions: a fit of arrows between atoms tells), E-COINCIDENT-POINTS (samples of up to 200 points).
 *
 * @return (transfer full) empty when nothing is wrong or nothing could be read
 */
EqsDataLook     *eqs_data_look_new          (EqsDataset *dataset);
/** NULL is let pass. */
void             eqs_data_look_free         (EqsDataLook *self);
/** (element-type EqsProblem) those of the data themselves; borrowed. */
const GPtrArray *eqs_data_look_get_problems (const EqsDataLook *self);
/**
 * Adds to a check the problems of the data, and those of its design with them: W-SPECIES-RANGE (more kinds of atoms than a layer has room for) and
 * W-ISOLATED (points farther from all others than the cut-off: more than one in a thousand; a sample of a single point is none).
 *
 * @param self  (nullable) NULL adds nothing
 */
void             eqs_data_look_add          (EqsCheck *check, const EqsDataLook *self);

/** For looks: the problems of the data themselves, appended. @param train  (nullable) the training part */
void             eqs_data_problems_find     (EqsDataset *dataset, EqsSplit *train, GPtrArray *problems);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsDataLook, eqs_data_look_free)

G_END_DECLS
