#include "widgets/training/parity-page.h"

#include "draw/number-text.h"
#include "draw/parity.h"
#include "studio/parity.h"
#include "widgets/parts.h"
#include "widgets/save-picture.h"
#include "widgets/theme.h"
#include "widgets/training/test-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST = 6000 };
#define SIZE 290

typedef struct
{
  GPtrArray *found;           /* owned, of EqsParity */
  char      *part;            /* owned: what was measured */
  guint      n_samples;
} Result;

static void
result_free (gpointer data)
{
  Result *result = data;

  g_ptr_array_unref (result->found);
  g_free (result->part);
  g_free (result);
}

static gpointer
measure (EqsModel *model, EqsSplit *split, int threads, GError **error)
{
  GPtrArray *found = eqs_parity_measure (model, split, MOST, threads, error);
  Result    *result = found == NULL ? NULL : g_new (Result, 1);

  if (result != NULL)
    *result = (Result) { found, g_strdup (eqs_split_get_name (split)), eqs_split_get_n (split) };
  return result;
}

static GtkWidget *
make (void)
{
  return gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
}

static char *
axis_text (const char *format, const EqsParity *parity)
{
  g_autofree char *name = parity->unit == NULL ? g_strdup (parity->name) : g_strdup_printf ("%s, %s", parity->name, parity->unit);

  return g_strdup_printf (format, name);
}

static void
draw_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const EqsParity *parity = data;
  /* Translators: a result with its unit, as it is in the data. */
  g_autofree char *across = axis_text (_("true %s"), parity), *up = axis_text (_("answered %s"), parity);

  eqs_draw_parity (cr, parity->truth, parity->told, parity->n, across, up, eqs_theme_is_dark () ? 0x56b4e9 : 0x0072b2, eqs_field_theme (eqs_theme_is_dark ()), 0, 0, MIN (width, height + 16));
}

static void
add_plot (GtkWidget *flow, EqsParity *parity)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *area = gtk_drawing_area_new (), *text;
  const char      *unit = parity->unit == NULL ? "" : parity->unit;
  g_autofree char *title = g_strdup_printf (_("%s, answered against true"), parity->name);
  g_autofree char *mae = eqs_number_dup_text (parity->mae, 3), *rmse = eqs_number_dup_text (parity->rmse, 3), *spread = eqs_number_dup_text (parity->spread, 3);
  g_autofree char *numbers = g_strdup_printf (_("Mean error %s %s, root mean square %s; the mean alone would be off by %s. %u numbers."), mae, unit, rmse, spread, (guint) parity->n_all);

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIZE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIZE - 16);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_cb, parity, NULL);
  eqs_set_name (area, title);
  eqs_picture_offer (area, title);
  text = eqs_text_new (numbers, "eq-second");
  gtk_label_set_max_width_chars (GTK_LABEL (text), 46);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (parity->name));
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (flow), box);
}

static char *
show (GtkWidget *flow, gpointer data)
{
  Result *result = data;

  for (guint i = 0; i < result->found->len; i++)
    add_plot (flow, g_ptr_array_index (result->found, i));
  /* Translators: a count, and the part of the data: test or valid. */
  return result->found->len == 0 ? g_strdup (_("The answers are classes: the confusion matrix beside the curves shows them."))
                                 : g_strdup_printf (_("Answers on %u samples of the part “%s”; on the line they are right."), result->n_samples, result->part);
}

static const EqsTestPageKind kind = { .measure = measure, .free = result_free, .make = make, .clear = eqs_box_clear, .show = show };

GtkWidget *
eqs_parity_page_new (void)
{
  return eqs_test_page_new (&kind);
}
