#pragma once

/**
 * The architecture specification: a document for people (Markdown) and its twin for programs (JSON), made from the same map.
 * Every figure says where it comes from: measured, computed, stated, or a rule of thumb. What is not known is said to be so.
 */

#include "services/checkpoint.h"

G_BEGIN_DECLS

/**
 * @param audit  (nullable) findings as eqs_audit_to_map gives them, of this design
 * @return (transfer full) "provenance", "summary", "spec", "nodes", "edges", "counts", "lints", "verification", "self_check" and
 *         "sections": what the Markdown shows
 */
EqsMap *eqs_spec_to_map      (EqsModel *model, const EqsMap *audit, GError **error);
/** The sections of such a map. (transfer full) */
char   *eqs_spec_to_markdown (const EqsMap *spec);
/** Writes specification.md, or with json specification.json, into a folder, which is made if it does not exist. @return paths, ends with NULL */
char  **eqs_export_spec      (EqsModel *model, const EqsMap *audit, const char *folder, gboolean json, GError **error);

G_END_DECLS
