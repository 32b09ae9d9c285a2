#pragma once

/** "Does my data have this symmetry?": services/symmetry-test.h in a thread, with its progress and what it found. */

#include "data/dataset.h"
#include "services/symmetry-test.h"

G_BEGIN_DECLS

#define EQS_TYPE_DATA_TEST (eqs_data_test_get_type ())
G_DECLARE_FINAL_TYPE (EqsDataTest, eqs_data_test, EQS, DATA_TEST, GObject)

EqsDataTest  *eqs_data_test_new          (void);
/** Tests the training part of the data. What was found before is forgotten. */
void          eqs_data_test_start        (EqsDataTest *self, EqsDataset *dataset);
/** Stops what goes on and forgets what was found. */
void          eqs_data_test_reset        (EqsDataTest *self);
gboolean      eqs_data_test_is_running   (EqsDataTest *self);
double        eqs_data_test_get_progress (EqsDataTest *self);     /**< 0 … 1 */
/** (element-type EqsSymmetryFinding), borrowed; NULL: not tested. */
const GArray *eqs_data_test_get_findings (EqsDataTest *self);
/** Why these data cannot be tested; NULL: they can, or were not. */
const char   *eqs_data_test_get_error    (EqsDataTest *self);

/* Signal "changed": any of these, in the main thread. */

G_END_DECLS
