#include "studio/metric-text.h"

#include "draw/number-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *
eqs_metric_title (const char *name)
{
  static const struct { const char *name, *title; } titles[] = {
    { "accuracy", N_("accuracy") }, { "miou", N_("mean IoU") }, { "loss", N_("loss") }, { "mae", N_("mean absolute error") },
    { "rmse", N_("root mean square error") }, { "force_mae", N_("force error") }, { "energy_mae", N_("energy error") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (strcmp (titles[i].name, name) == 0)
      return _(titles[i].title);
  return name;
}

gboolean
eqs_metric_is_share (const char *name)
{
  return g_strcmp0 (name, "accuracy") == 0 || g_strcmp0 (name, "miou") == 0;
}

gboolean
eqs_metric_is_milli (const char *unit)
{
  return unit != NULL && strstr (unit, "eV") != NULL;
}

char *
eqs_metric_dup_text (const char *name, double value, const char *unit)
{
  g_autofree char *number = NULL;

  if (eqs_metric_is_share (name))
    return g_strdup_printf (_("%.1f %%"), 100 * value);
  if (eqs_metric_is_milli (unit) && value < 1)
    return g_strdup_printf ("%.1f m%s", 1000 * value, unit);
  number = eqs_number_dup_text (value, 4);
  return unit == NULL || unit[0] == '\0' ? g_steal_pointer (&number) : g_strdup_printf ("%s %s", number, unit);
}
