/* Every number here comes with the look: nothing is computed twice, but sums and largest lengths of arrows. */

#include "widgets/symmetry/move-side.h"

#include "draw/number-text.h"
#include "studio/outline.h"
#include "studio/probe-text.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _EqsMoveSide
{
  GtkWidget  parent_instance;

  GtkWidget *box, *residual, *verdict, *detail, *wire, *results, *inversion, *inversion_title;      /* borrowed */
  char      *shown_inversion;      /* owned (nullable): the representation whose rows stand there */
};

G_DEFINE_FINAL_TYPE (EqsMoveSide, eqs_move_side, GTK_TYPE_WIDGET)

/* ---- results ---- */

/* Length of the sum over rows, and the largest row, of arrows. */
static void
measure_arrows (const EqsProbeWire *wire, double *sum, double *largest)
{
  double total[3] = { 0 };

  *largest = 0;
  for (gsize i = 0; i < wire->rows; i++)
    {
      double square = 0;

      for (gsize k = 0; k < 3; k++)
        {
          total[k] += (double) wire->plain[3 * i + k];
          square += pow ((double) wire->plain[3 * i + k], 2);
        }
      *largest = MAX (*largest, sqrt (square));
    }
  *sum = sqrt (total[0] * total[0] + total[1] * total[1] + total[2] * total[2]);
}

static void
add_result (EqsMoveSide *self, const EqsProbeWire *wire)
{
  g_autofree char *residual = eqs_number_dup_text (wire->residual, 2), *limit = eqs_number_dup_text (wire->limit, 1), *text = NULL;

  text = isnan (wire->limit) ? g_strdup (residual) :
         /* Translators: a residual, its limit. */
         g_strdup_printf (_("%s, limit %s"), residual, limit);
  eqs_row_append_text (self->results, wire->name, text);
  if (wire->type.kind == EQK_KIND_FORCE && wire->width == 3)
    {
      g_autofree char *sum = NULL, *largest = NULL, *number = NULL, *force = NULL;
      double           total, most;

      measure_arrows (wire, &total, &most);
      number = eqs_number_dup_text (total, 2);
      sum = g_strdup_printf (_("%s eV/Å"), number);
      force = eqs_number_dup_text (most, 3);
      largest = g_strdup_printf (_("%s eV/Å"), force);
      eqs_row_append_text (self->results, _("Length of the sum of forces"), sum);
      eqs_row_append_text (self->results, _("Largest force"), largest);
    }
}

/* ---- inversion ---- */

static void
show_inversion (EqsMoveSide *self, const EqsProbeWire *wire)
{
  const EqkRep   *rep = wire->type.rep;
  const EqkGroup *group = wire->type.symmetry.group;
  const gboolean  any = eqk_group_get_space_dim (group) == 3 && eqs_group_inverts (group) && wire->type.kind != EQK_KIND_POSITION;

  gtk_widget_set_visible (self->inversion, any);
  gtk_widget_set_visible (self->inversion_title, any);
  if (!any || g_strcmp0 (self->shown_inversion, eqk_rep_get_text (rep)) == 0)
    return;
  g_free (self->shown_inversion);
  self->shown_inversion = g_strdup (eqk_rep_get_text (rep));
  eqs_box_clear (self->inversion);
  for (int r = 0; r < eqk_rep_n_runs (rep) && r < 8; r++)
    {
      const EqkRepRun   run = eqk_rep_run (rep, r);
      const EqkElement  g = { .mirror = 1, .q = { 1, 0, 0, 0 } };
      g_autofree double *m = g_new (double, eqk_field_get_dim (run.field) * eqk_field_get_dim (run.field));
      g_autofree char  *title = g_strdup_printf ("%d× %s", run.mul, eqk_field_get_name (run.field));

      eqk_field_matrix (run.field, &g, m);
      eqs_row_append_text (self->inversion, title, m[0] < 0 ? _("changes its sign") : _("keeps its sign"));
    }
}

/* ---- the whole ---- */

void
eqs_move_side_show (EqsMoveSide *self, EqsDocument *document, const EqsProbeResult *result, const char *words)
{
  g_return_if_fail (EQS_IS_MOVE_SIDE (self));
  g_return_if_fail (EQS_IS_DOCUMENT (document));
  g_autofree char *residual = NULL, *detail = NULL, *number = NULL, *largest = NULL, *limit = NULL;
  const gboolean   ok = result != NULL && result->error == NULL;
  const char      *verdict, *style;

  gtk_widget_set_visible (self->results, ok);
  gtk_widget_set_visible (self->verdict, ok);
  eqs_box_clear (self->results);
  if (!ok)
    {
      gtk_label_set_label (GTK_LABEL (self->residual), "");
      gtk_label_set_label (GTK_LABEL (self->wire), "");
      gtk_label_set_label (GTK_LABEL (self->detail), result == NULL ? "" : result->error);
      gtk_widget_set_visible (self->inversion, FALSE);
      gtk_widget_set_visible (self->inversion_title, FALSE);
      return;
    }
  verdict = eqs_probe_verdict_text (result->wire.verdict, &style);
  number = eqs_number_dup_text (result->wire.residual, 2);
  largest = eqs_number_dup_text (result->wire.largest, 2);
  limit = eqs_number_dup_text (result->wire.limit, 1);
  residual = g_strdup_printf (_("Residual %s"), number);
  gtk_label_set_label (GTK_LABEL (self->residual), residual);
  eqs_pill_set (self->verdict, verdict, style);
  gtk_label_set_label (GTK_LABEL (self->wire), result->wire.name == NULL ? "" : eqs_outline_path_title (document, result->wire.name));
  if (result->wire.verdict == EQS_PROBE_UNMOVED)
    detail = g_strdup_printf (_("Move the sample: as it is, the residual of every network is 0. %s."), result->label);
  else if (isnan (result->wire.largest))
    detail = g_strdup_printf ("%s %s.", words, result->label);
  else if (isnan (result->wire.limit))
    detail = g_strdup_printf (_("%s Put back, minus as it is: largest difference %s. %s."), words, largest, result->label);
  else
    detail = g_strdup_printf (_("%s Put back, minus as it is: largest difference %s; limit %s. %s."), words, largest, limit, result->label);
  gtk_label_set_label (GTK_LABEL (self->detail), detail);
  for (guint o = 0; o < result->n_outputs && o < 6; o++)
    add_result (self, &result->outputs[o]);
  show_inversion (self, &result->wire);
}

const char *
eqs_move_side_get_residual (EqsMoveSide *self)
{
  g_return_val_if_fail (EQS_IS_MOVE_SIDE (self), NULL);
  return gtk_label_get_label (GTK_LABEL (self->residual));
}

GtkWidget *
eqs_move_side_get_box (EqsMoveSide *self)
{
  g_return_val_if_fail (EQS_IS_MOVE_SIDE (self), NULL);
  return self->box;
}

static void
eqs_move_side_dispose (GObject *object)
{
  g_clear_pointer (&EQS_MOVE_SIDE (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (eqs_move_side_parent_class)->dispose (object);
}

static void
eqs_move_side_finalize (GObject *object)
{
  g_free (EQS_MOVE_SIDE (object)->shown_inversion);

  G_OBJECT_CLASS (eqs_move_side_parent_class)->finalize (object);
}

static void
eqs_move_side_class_init (EqsMoveSideClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_move_side_dispose;
  G_OBJECT_CLASS (klass)->finalize = eqs_move_side_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_move_side_init (EqsMoveSide *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->residual = eqs_line_new ("", "eq-page-title");
  self->verdict = eqs_pill_new ("", NULL);
  self->wire = eqs_line_new ("", "eq-second");
  self->detail = eqs_text_new ("", "eq-second");
  self->results = eqs_boxed_list_new (_("Results, put back"));
  self->inversion_title = eqs_heading_new (_("What inversion does here"));
  self->inversion = eqs_boxed_list_new (_("What inversion does here"));
  gtk_label_set_ellipsize (GTK_LABEL (self->residual), PANGO_ELLIPSIZE_NONE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->detail), 36);
  gtk_box_append (GTK_BOX (line), self->wire);
  gtk_box_append (GTK_BOX (line), self->verdict);
  gtk_widget_set_hexpand (self->wire, TRUE);
  gtk_box_append (GTK_BOX (self->box), self->residual);      /* alone in its line: the least width does not change with the number, nor does the page with it */
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->detail);
  gtk_box_append (GTK_BOX (self->box), self->results);
  gtk_box_append (GTK_BOX (self->box), self->inversion_title);
  gtk_box_append (GTK_BOX (self->box), self->inversion);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_valign (self->verdict, GTK_ALIGN_CENTER);
}

GtkWidget *
eqs_move_side_new (void)
{
  return g_object_new (EQS_TYPE_MOVE_SIDE, NULL);
}
