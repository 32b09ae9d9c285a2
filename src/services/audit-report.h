#pragma once

/** The findings of an audit as a page to read. */

#include "model/document.h"

G_BEGIN_DECLS

/**
 * One page of Markdown: verdict, figures with their limits, every element, every node, the control, and what this does not show.
 * @param audit  as eqs_audit_to_map makes it; "before" (nullable) as the window adds it: verdict, worst, weights
 * @param title, hash, weights  (nullable) of the design, and in words which weights were measured
 */
char *eqs_audit_to_markdown (const EqsMap *audit, const char *title, const char *hash, const char *weights);

G_END_DECLS
