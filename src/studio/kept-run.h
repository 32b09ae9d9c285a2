#pragma once

/** Run folders on disk, of this program or of `equi train`: what stands in one, and where those of earlier windows are. */

#include "data/dataset.h"
#include "model/document.h"

G_BEGIN_DECLS

/** What a run folder says. */
typedef struct
{
  char        *folder, *name;        /**< owned */
  EqsDocument *document;             /**< owned: the design that was trained */
  EqsDataset  *dataset;              /**< owned (nullable): not found here */
  GArray      *points;               /**< owned, of EqsTrainingPoint */
  char         metric[32], unit[24];
  guint        epochs, best_epoch;
  gint64       parameters;           /**< of the design; 0: not known */
  char        *checkpoint;           /**< owned (nullable): best.safetensors */
} EqsKeptRun;

/** Reads a folder; may take a while. Any thread. NULL: it is no run folder, or cannot be read. */
EqsKeptRun *eqs_kept_run_read (const char *folder, GError **error);
/** The folder stays. */
void        eqs_kept_run_free (EqsKeptRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqsKeptRun, eqs_kept_run_free)
/** Grows with every epoch that is written; 0: nothing there yet. Quick. */
guint64     eqs_kept_run_stamp (const char *folder);
/** The name that a person gave to a run is kept in its folder. */
gboolean    eqs_kept_run_write_name (const char *folder, const char *name, GError **error);
/** Folders of runs of earlier windows, newest first, at most n. (element-type utf8) (transfer full) Any thread. */
GPtrArray  *eqs_kept_run_list (guint n);
/** Where windows keep their runs. (transfer full) */
char       *eqs_kept_run_dup_home (void);

G_END_DECLS
