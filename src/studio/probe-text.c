#include "studio/probe-text.h"

#include <glib/gi18n-lib.h>

const char *
eqs_probe_verdict_text (EqsProbeVerdict verdict, const char **style)
{
  static const struct { const char *text, *style; } words[] = {
    [EQS_PROBE_EXACT] = { N_("exact"), "eq-good" },
    [EQS_PROBE_WITHIN] = { N_("within limit"), "eq-warn" },
    [EQS_PROBE_BROKEN] = { N_("broken"), "eq-bad" },
    [EQS_PROBE_UNPROMISED] = { N_("not promised"), "eq-second" },
    [EQS_PROBE_UNDEFINED] = { N_("cannot be put back"), "eq-second" },
    [EQS_PROBE_UNMOVED] = { N_("not moved"), "eq-second" },
  };

  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (words), "");
  if (style != NULL)
    *style = words[verdict].style;
  return _(words[verdict].text);
}
