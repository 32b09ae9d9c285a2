#pragma once

/** Numbers as text, the same wherever the window shows them; counts: eqs_count_dup_text of draw/plan.h. All (transfer full). */

#include "draw/plan.h"

G_BEGIN_DECLS

/** "1.2 MB" (powers of 1000). */
char *eqs_bytes_dup_text (gsize bytes);
/** "81.5 MMAC". */
char *eqs_macs_dup_text  (double macs);

G_END_DECLS
