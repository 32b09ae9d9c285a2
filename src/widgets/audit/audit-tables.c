/* Tables of figures of an audit: one row an element of the group. */

#include "widgets/audit/audit-tables.h"

#include "draw/number-text.h"

#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>

char *
eqs_audit_dup_error (const EqsMap *map, const char *key)
{
  const double error = eqs_map_get_number (map, key, NAN);

  return eqs_number_dup_text (error, 2);
}

GtkWidget *
eqs_audit_cell (GtkWidget *grid, int row, int column, const char *text, const char *style)
{
  GtkWidget *label = eqs_line_new (text, style);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  gtk_grid_attach (GTK_GRID (grid), label, column, row, 1, 1);
  return label;
}

void
eqs_audit_clear (GtkWidget *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (grid)) != NULL)
    gtk_grid_remove (GTK_GRID (grid), child);
}

/* Over any limit of the audit: of the kernels in use, of direct ones, in 64 bit. */
static gboolean
is_over (const EqsMap *audit, const EqsMap *element)
{
  static const struct { const char *error, *limit; } limits[] = { { "error", "threshold" }, { "error_direct", "threshold_direct" }, { "error_f64", "threshold_f64" } };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    if (eqs_map_get_number (element, limits[i].error, 0) > eqs_map_get_number (audit, limits[i].limit, INFINITY))
      return TRUE;
  return FALSE;
}

void
eqs_audit_show_elements (GtkWidget *grid, const EqsMap *audit)
{
  const char *const heads[] = { _("Element"), _("Error"), _("In 64 bit"), _("Control"), _("Promised") };
  const EqsValue   *list = eqs_map_get (audit, "elements");

  eqs_audit_clear (grid);
  for (int i = 0; i < (int) G_N_ELEMENTS (heads); i++)
    eqs_audit_cell (grid, 0, i, heads[i], "eq-second");
  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap    *element = eqs_value_get_map (eqs_value_get_item (list, i));
      const gboolean   applies = eqs_map_get_bool (element, "applicable", TRUE), promised = eqs_map_get_bool (element, "promised", FALSE);
      g_autofree char *error = eqs_audit_dup_error (element, "error"), *error64 = eqs_audit_dup_error (element, "error_f64"), *control = eqs_audit_dup_error (element, "control_s");
      const gboolean   bad = applies && promised && is_over (audit, element);

      eqs_audit_cell (grid, (int) i + 1, 0, eqs_map_get_string (element, "element", ""), NULL);
      eqs_audit_cell (grid, (int) i + 1, 1, applies ? error : _("does not apply"), bad ? "eq-bad" : "eq-number");
      eqs_audit_cell (grid, (int) i + 1, 2, applies ? error64 : "", "eq-number");
      eqs_audit_cell (grid, (int) i + 1, 3, applies ? control : "", "eq-number");
      eqs_audit_cell (grid, (int) i + 1, 4, promised ? _("yes") : _("no"), "eq-second");
    }
}
