#pragma once

/** The audit of a design or checkpoint, and what is written of it. */

#include "services/checkpoint.h"

#include "check/audit.h"

G_BEGIN_DECLS

typedef struct
{
  int      samples;        /**< 2 … 10000; 0: eqs_audit_choose_samples */
  guint64  seed;
  int      threads;        /**< <= 0: all cores */
  int     *cancel;         /**< (nullable) set from anywhere to 1 */
  void   (*progress) (double done, gpointer data);    /**< (nullable) 0 … 1; negative: a sign of life */
  gpointer data;
} EqsAuditOptions;

#define EQS_AUDIT_OPTIONS_INIT { .samples = 0, .seed = 1 }

/** 16 inputs, and for designs whose passes cost much fewer, down to 4: every element stays. The document must compile. */
int       eqs_audit_choose_samples (EqsDocument *document);
/** A design that was never trained is audited with its initial weights and with random ones. NULL with an error. */
EqkAudit *eqs_audit_model   (EqsModel *model, const EqsAuditOptions *options, GError **error);
/** All findings; "verdict", "worst", "elements", "nodes", "control", "culprit" … (transfer full) */
EqsMap   *eqs_audit_to_map  (const EqkAudit *audit);
/** Writes audit.json beside a checkpoint that lies in a run folder (one with design.equi). @param written (out) (optional) whether it did */
gboolean  eqs_audit_save    (const EqkAudit *audit, const char *checkpoint, gboolean *written, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EqkAudit, eqk_audit_free)

G_END_DECLS
