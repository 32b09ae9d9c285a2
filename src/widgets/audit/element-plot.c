#include "widgets/audit/element-plot.h"

#include "draw/elements.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* (transfer full) of EqsElementError; names are borrowed from the audit */
static GArray *
elements_of (const EqsMap *audit)
{
  GArray         *elements = g_array_new (FALSE, FALSE, sizeof (EqsElementError));
  const EqsValue *list = eqs_map_get (audit, "elements");

  for (guint i = 0; list != NULL && i < eqs_value_get_length (list); i++)
    {
      const EqsMap         *map = eqs_value_get_map (eqs_value_get_item (list, i));
      const EqsElementError one = { eqs_map_get_string (map, "element", ""), eqs_map_get_number (map, "error", NAN), eqs_map_get_number (map, "control_s", NAN),
                                    eqs_map_get_bool (map, "promised", FALSE) };

      if (eqs_map_get_bool (map, "applicable", TRUE) && !isnan (one.error))
        g_array_append_val (elements, one);
    }
  return elements;
}

static void
draw_plot_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const EqsMap      *audit = eqs_session_get_audit (data);
  g_autoptr (GArray) elements = audit == NULL ? NULL : elements_of (audit);
  const EqsPlotTheme theme = eqs_theme_plot (GTK_WIDGET (area));

  if (audit != NULL)
    eqs_draw_elements (cr, _("Error of every element"), (const EqsElementError *) elements->data, elements->len, eqs_map_get_number (audit, "threshold", NAN), width, height, &theme);
}

GtkWidget *
eqs_element_plot_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  GtkWidget *area = gtk_drawing_area_new ();

  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_plot_cb, g_object_ref (session), g_object_unref);
  gtk_widget_set_size_request (area, 220, 170);
  gtk_widget_set_hexpand (area, TRUE);
  gtk_widget_set_valign (area, GTK_ALIGN_START);
  eqs_set_name (area, _("Error of every element"));
  eqs_picture_offer (area, _("Error of every element"));
  g_signal_connect_object (session, "audited", G_CALLBACK (gtk_widget_queue_draw), area, G_CONNECT_SWAPPED);
  return area;
}
