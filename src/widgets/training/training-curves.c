/* Plots are filled anew after an epoch. Measured values stay behind smoothed ones, in a pale colour. */

#include "widgets/training/training-curves.h"

#include "draw/number-text.h"
#include "draw/plan.h"
#include "services/audit.h"
#include "studio/seeds.h"
#include "widgets/parts.h"
#include "widgets/plots/plot-view.h"
#include "widgets/save-picture.h"
#include "widgets/training/confusion.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define THIS_DESIGN 0x0072b2
#define OTHER       0x8a8a8a
#define GOOD        0x1b9e77
#define N_COMPARED  5

static const guint32 compared_colours[N_COMPARED] = { 0xd55e00, 0xcc79a7, 0x56b4e9, 0xe69f00, 0x7a5195 };

struct _EqsTrainingCurves
{
  GtkWidget   parent_instance;

  EqsSession *session;         /* owned */
  double      smoothing;
  gboolean    turns;           /* samples of the run are judged turned, too */

  /* borrowed */
  GtkWidget  *box, *loss, *score, *symmetry, *confusion, *table;
};

G_DEFINE_FINAL_TYPE (EqsTrainingCurves, eqs_training_curves, GTK_TYPE_WIDGET)

/* ---- curves ---- */

static char *
percent_format (double value)
{
  return g_strdup_printf (_("%.1f %%"), 100 * value);
}

static char *
milli_format (double value)
{
  return eqs_number_dup_text (1000 * value, 3);
}

/* "force error, meV/Å, smoothed": the unit of the numbers at the axis. (transfer full) */
static char *
score_note (EqsTrainingCurves *self, const char *metric, const char *unit)
{
  g_autofree char *title = unit[0] == '\0' || eqs_metric_is_share (metric) ? g_strdup (eqs_metric_title (metric)) : g_strdup_printf ("%s, %s%s", eqs_metric_title (metric), eqs_metric_is_milli (unit) ? "m" : "", unit);

  return self->smoothing > 0 ? g_strdup_printf (_("%s, smoothed"), title) : g_steal_pointer (&title);
}

static double point_train (const EqsTrainingPoint *p)    { return p->train_loss; }
static double point_valid (const EqsTrainingPoint *p)    { return p->valid_loss; }
static double point_metric (const EqsTrainingPoint *p)   { return p->metric; }
static double point_symmetry (const EqsTrainingPoint *p) { return p->symmetry_error > 0 ? p->symmetry_error : NAN; }

void
eqs_curve_smooth (const double *y, guint n, double smoothing, double *out)
{
  double mean = 0, weight = 0;

  for (guint i = 0; i < n; i++)
    {
      if (isfinite (y[i]))
        {
          mean = smoothing * mean + (1 - smoothing) * y[i];
          weight = smoothing * weight + (1 - smoothing);
        }
      out[i] = isfinite (y[i]) && weight > 0 ? mean / weight : NAN;
    }
}

/* Halfway to grey: it can be told from the curve by day and by night. */
static guint32
pale (guint32 colour)
{
  guint32 mixed = 0;

  for (int shift = 0; shift < 24; shift += 8)
    mixed |= (((colour >> shift & 255) + 2 * 160) / 3) << shift;
  return mixed;
}

static void
add_curve (EqsTrainingCurves *self, GtkWidget *plot, EqsTraining *run, const char *label, EqsPointValue value, guint32 colour, gboolean dashed)
{
  const GArray *points = eqs_training_get_points (run);
  g_autofree double *x = g_new (double, points->len + 1), *y = g_new (double, points->len + 1), *smooth = g_new (double, points->len + 1);

  for (guint i = 0; i < points->len; i++)
    {
      x[i] = g_array_index (points, EqsTrainingPoint, i).epoch;
      y[i] = value (&g_array_index (points, EqsTrainingPoint, i));
    }
  if (points->len == 0)
    return;
  if (self->smoothing > 0)
    {
      eqs_plot_view_add_line (EQS_PLOT_VIEW (plot), NULL, x, y, points->len, pale (colour), dashed, NULL, NULL);
      eqs_curve_smooth (y, points->len, self->smoothing, smooth);
    }
  eqs_plot_view_add_line (EQS_PLOT_VIEW (plot), label, x, self->smoothing > 0 ? smooth : y, points->len, colour, dashed, NULL, NULL);
}

/* Runs of several seeds: each pale, their mean with the band from the least to the largest. */
static void
add_band (EqsTrainingCurves *self, GtkWidget *plot, GPtrArray *family, const char *label, EqsPointValue value, guint32 colour, gboolean dashed)
{
  double *bands[4], *smooth[3];
  guint   most = 0, n;

  for (guint i = 0; i < family->len; i++)
    most = MAX (most, eqs_training_get_points (family->pdata[i])->len);
  for (int k = 0; k < 4; k++)
    bands[k] = g_new (double, most + 1);
  n = eqs_seeds_band (family, value, bands[0], bands[1], bands[2], bands[3]);
  for (int k = 0; k < 3; k++)
    {
      smooth[k] = g_new (double, most + 1);
      eqs_curve_smooth (bands[k + 1], n, self->smoothing, smooth[k]);
    }
  for (guint i = 0; i < family->len && !dashed; i++)
    {
      const GArray      *points = eqs_training_get_points (family->pdata[i]);
      g_autofree double *x = g_new (double, points->len + 1), *y = g_new (double, points->len + 1);

      for (guint k = 0; k < points->len; k++)
        {
          x[k] = g_array_index (points, EqsTrainingPoint, k).epoch;
          y[k] = value (&g_array_index (points, EqsTrainingPoint, k));
        }
      eqs_plot_view_add_line (EQS_PLOT_VIEW (plot), NULL, x, y, points->len, pale (colour), dashed, NULL, NULL);
    }
  eqs_plot_view_add_line (EQS_PLOT_VIEW (plot), label, bands[0], smooth[0], n, colour, dashed, smooth[1], smooth[2]);
  for (int k = 0; k < 4; k++)
    g_free (bands[k]);
  for (int k = 0; k < 3; k++)
    g_free (smooth[k]);
}

/* The run that is shown, or the band of its seeds. */
static void
add_own (EqsTrainingCurves *self, GtkWidget *plot, EqsTraining *run, GPtrArray *family, const char *label, EqsPointValue value, guint32 colour, gboolean dashed)
{
  if (family->len > 1)
    add_band (self, plot, family, label, value, colour, dashed);
  else
    add_curve (self, plot, run, label, value, colour, dashed);
}

/* Runs of the family that have begun; (transfer full) */
static GPtrArray *
begun_family (EqsTrainingCurves *self, EqsTraining *run)
{
  GPtrArray *family = eqs_seeds_family (self->session, run);

  for (guint i = family->len; i-- > 0; )
    if (eqs_training_get_points (family->pdata[i])->len == 0 || g_strcmp0 (eqs_training_get_metric_name (family->pdata[i]), eqs_training_get_metric_name (run)) != 0)
      g_ptr_array_remove_index (family, i);
  return family;
}

/* Runs that a person has marked, but for the one that is shown; (transfer full) */
static GPtrArray *
compared_runs (EqsTrainingCurves *self, EqsTraining *run, EqsTraining *twin, GPtrArray *family)
{
  GListModel *runs = eqs_session_get_runs (self->session);
  GPtrArray  *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (runs) && found->len < N_COMPARED; i++)
    {
      EqsTraining *other = g_list_model_get_item (runs, i);

      if (other != run && other != twin && eqs_training_is_compared (other) && !g_ptr_array_find (family, other, NULL))
        g_ptr_array_add (found, other);
      else
        g_object_unref (other);
    }
  return found;
}

/* The last epoch that any of the drawn runs has reached or aims at. */
static guint
last_epoch (EqsTraining *run, GPtrArray *family, GPtrArray *compared)
{
  guint epochs = MAX (eqs_training_get_now (run).epochs, eqs_training_get_points (run)->len);

  for (guint i = 0; i < family->len; i++)
    epochs = MAX (epochs, eqs_training_get_points (g_ptr_array_index (family, i))->len);
  for (guint i = 0; i < compared->len; i++)
    epochs = MAX (epochs, eqs_training_get_points (g_ptr_array_index (compared, i))->len);
  return epochs;
}

/* The loss of batches, pale behind the curve of epochs. During the first epoch it is all there is, and that epoch fills the plot. */
static void
add_steps (EqsTrainingCurves *self, EqsTraining *run, gboolean first)
{
  const GArray      *steps = eqs_training_get_steps (run);
  g_autofree double *x = g_new (double, steps->len + 1), *y = g_new (double, steps->len + 1), *smooth = g_new (double, steps->len + 1);

  for (guint i = 0; i < steps->len; i++)
    {
      x[i] = g_array_index (steps, EqsTrainingStep, i).at;
      y[i] = g_array_index (steps, EqsTrainingStep, i).loss;
    }
  eqs_curve_smooth (y, steps->len, self->smoothing, smooth);
  if (steps->len > 0)
    eqs_plot_view_add_line (EQS_PLOT_VIEW (self->loss), first ? _("batches") : NULL, x, smooth, steps->len, first ? THIS_DESIGN : pale (THIS_DESIGN), FALSE, NULL, NULL);
}

static void
fill_loss (EqsTrainingCurves *self, EqsTraining *run, GPtrArray *family, GPtrArray *compared)
{
  const gboolean first = eqs_training_get_points (run)->len == 0 && compared->len == 0 && eqs_training_is_active (run);

  eqs_plot_view_clear (EQS_PLOT_VIEW (self->loss));
  eqs_plot_view_set_range (EQS_PLOT_VIEW (self->loss), eqs_training_get_steps (run)->len > 0 || first ? 0 : 1, first ? 1 : MAX (last_epoch (run, family, compared), 2));
  eqs_plot_view_set_axis (EQS_PLOT_VIEW (self->loss), first ? _("first epoch, log axis") : self->smoothing > 0 ? _("log axis, smoothed") : _("log axis"), TRUE, NULL);
  for (guint i = 0; i < compared->len; i++)
    {
      EqsTraining *other = g_ptr_array_index (compared, i);

      add_curve (self, self->loss, other, eqs_training_get_name (other), point_valid, compared_colours[i], TRUE);
    }
  /* Lines that come first are drawn above the later ones. */
  add_own (self, self->loss, run, family, _("train"), point_train, THIS_DESIGN, FALSE);
  add_own (self, self->loss, run, family, _("validation"), point_valid, THIS_DESIGN, TRUE);
  if (family->len <= 1)
    add_steps (self, run, first);
}

/* Only convolutions of pictures have fast forms, whose rounding is larger. */
static void
show_limit (EqsTrainingCurves *self, EqsTraining *run)
{
  const char    *domain = eqs_map_get_string (eqs_document_get_section (eqs_training_get_document (run), EQS_SECTION_SPEC), "domain", "image");
  const gboolean fast = strcmp (domain, "image") == 0;

  eqs_plot_view_set_limit (EQS_PLOT_VIEW (self->symmetry), eqk_audit_limit (fast), fast ? _("limit, fast kernels") : _("limit of the audit"));
}

/* A logarithmic axis has no place for an error of nothing. */
static const char *
symmetry_note (EqsTrainingCurves *self, EqsTraining *run)
{
  const GArray *points = eqs_training_get_points (run);
  gboolean      nothing = points->len > 0;

  for (guint i = 0; i < points->len; i++)
    nothing = nothing && g_array_index (points, EqsTrainingPoint, i).symmetry_error == 0;
  return nothing ? _("0 after every epoch") : self->smoothing > 0 ? _("log axis, smoothed") : _("log axis");
}

static void
fill_plots (EqsTrainingCurves *self, EqsTraining *run, EqsTraining *twin, GPtrArray *family, GPtrArray *compared)
{
  const char      *metric = eqs_training_get_metric_name (run), *unit = eqs_training_get_metric_unit (run);
  const guint      epochs = last_epoch (run, family, compared);
  GtkWidget       *plots[] = { self->score, self->symmetry };
  g_autofree char *own = NULL;
  g_autofree char *note = metric == NULL ? NULL : score_note (self, metric, unit);

  /* What is not moved while it trains gets no curve and no axes for one. */
  gtk_widget_set_visible (gtk_widget_get_parent (self->symmetry), eqs_training_get_points (run)->len == 0 || g_array_index (eqs_training_get_points (run), EqsTrainingPoint, 0).symmetry_error >= 0);
  fill_loss (self, run, family, compared);
  for (guint i = 0; i < G_N_ELEMENTS (plots); i++)
    {
      eqs_plot_view_clear (EQS_PLOT_VIEW (plots[i]));
      eqs_plot_view_set_range (EQS_PLOT_VIEW (plots[i]), 1, MAX (epochs, 2));
    }
  eqs_plot_view_set_axis (EQS_PLOT_VIEW (self->symmetry), symmetry_note (self, run), TRUE, NULL);
  show_limit (self, run);
  eqs_plot_view_set_axis (EQS_PLOT_VIEW (self->score), note, FALSE, eqs_metric_is_share (metric) ? percent_format : eqs_metric_is_milli (unit) ? milli_format : NULL);
  for (guint i = 0; i < compared->len; i++)
    {
      EqsTraining *other = g_ptr_array_index (compared, i);
      const char  *name = eqs_training_get_name (other);

      if (g_strcmp0 (eqs_training_get_metric_name (other), metric) == 0)
        add_curve (self, self->score, other, name, point_metric, compared_colours[i], FALSE);
      add_curve (self, self->symmetry, other, name, point_symmetry, compared_colours[i], FALSE);
    }
  own = family->len > 1 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "mean of %u seed", "mean of %u seeds", family->len), family->len) :
        g_strdup (compared->len > 0 ? eqs_training_get_name (run) : eqs_session_has_changed_since (self->session, run) ? _("the design before") : _("this design"));
  add_own (self, self->score, run, family, own, point_metric, THIS_DESIGN, FALSE);
  add_own (self, self->symmetry, run, family, own, point_symmetry, GOOD, FALSE);
  if (twin != NULL)
    {
      add_curve (self, self->score, twin, _("ordinary twin"), point_metric, OTHER, TRUE);
      add_curve (self, self->symmetry, twin, _("ordinary twin"), point_symmetry, OTHER, TRUE);
    }
}

/* ---- the table ---- */

enum { TEST = 3, TURNED, SYMMETRY, PACE, DIFFERS };      /* columns */

static void
cell (EqsTrainingCurves *self, int row, int column, const char *text, const char *style)
{
  GtkWidget *label;

  if (column == TURNED && !self->turns)
    return;
  label = column == 0 || column == DIFFERS ? eqs_line_new (text, style) : gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), column == 0 || column == DIFFERS ? 0 : 1);
  if (column == DIFFERS)
    gtk_widget_set_tooltip_text (label, text);
  if (row == 0 && column > 0)      /* heads take two lines where they must */
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_justify (GTK_LABEL (label), column == DIFFERS ? GTK_JUSTIFY_LEFT : GTK_JUSTIFY_RIGHT);
      gtk_widget_set_valign (label, GTK_ALIGN_END);
    }
  if (column == 0)      /* names are cut only where the window is too narrow for anything else */
    gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (g_utf8_strlen (text, -1), 14));
  gtk_widget_add_css_class (label, style);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_grid_attach (GTK_GRID (self->table), label, column, row, 1, 1);
}

/* Settings in which two plans differ: "lr 0.01, augment none". (transfer full) */
static char *
dup_differences (EqsTraining *run, EqsTraining *other)
{
  const EqsMap *a = eqs_document_get_section (eqs_training_get_document (run), EQS_SECTION_TRAINING), *b = eqs_document_get_section (eqs_training_get_document (other), EQS_SECTION_TRAINING);
  g_autofree char *hash_a = eqs_document_dup_hash (eqs_training_get_document (run)), *hash_b = eqs_document_dup_hash (eqs_training_get_document (other));
  GString      *text = g_string_new (NULL);

  for (guint i = 0; i < eqs_map_get_size (b); i++)
    {
      const char      *key = eqs_map_get_key (b, i);
      g_autofree char *value = NULL;

      if (eqs_value_equal (eqs_map_get_value (b, i), eqs_map_get (a, key)))
        continue;
      value = eqs_value_get_string (eqs_map_get_value (b, i)) != NULL ? g_strdup (eqs_value_get_string (eqs_map_get_value (b, i))) : eqs_value_to_text (eqs_map_get_value (b, i));
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", key, value);
    }
  if (text->len == 0)
    g_string_append (text, strcmp (hash_a, hash_b) == 0 ? _("nothing") : _("another design"));
  return g_string_free (text, FALSE);
}

/* The leading metric among those of a part of the data; "–": none. (transfer full) */
static char *
dup_measured (EqsTraining *run, const GArray *found)
{
  const char *metric = eqs_training_get_metric_name (run);

  for (guint i = 0; found != NULL && metric != NULL && i < found->len; i++)
    if (strcmp (g_array_index (found, EqsMetric, i).name, metric) == 0)
      return eqs_metric_dup_text (metric, g_array_index (found, EqsMetric, i).value, eqs_training_get_metric_unit (run));
  return g_strdup ("–");
}

static void
table_row (EqsTrainingCurves *self, int row, const char *name, EqsTraining *run, EqsTraining *shown)
{
  const GArray *points = eqs_training_get_points (run);
  const EqsTrainingPoint *last = points->len == 0 ? NULL : &g_array_index (points, EqsTrainingPoint, points->len - 1);
  const char   *metric = eqs_training_get_metric_name (run);
  const gint64  parameters = eqs_training_get_parameters (run);
  g_autofree char *count = parameters > 0 ? eqs_count_dup_text (parameters) : g_strdup ("–");
  g_autofree char *valid = last == NULL || metric == NULL ? g_strdup ("–") : eqs_metric_dup_text (metric, last->metric, eqs_training_get_metric_unit (run));
  g_autofree char *measured = dup_measured (run, eqs_training_get_test (run)), *turned = dup_measured (run, eqs_training_get_turned (run)), *symmetry = NULL, *pace = NULL;

  symmetry = last == NULL || last->symmetry_error < 0 ? g_strdup ("–") : eqs_number_dup_text (last->symmetry_error, 2);
  pace = last == NULL ? g_strdup ("–") : g_strdup_printf (_("%.1f s"), last->seconds / last->epoch);
  cell (self, row, 0, name, "eq-name");
  cell (self, row, 1, count, "eq-number");
  cell (self, row, 2, valid, "eq-number");
  cell (self, row, TEST, measured, "eq-number");
  cell (self, row, TURNED, turned, "eq-number");
  cell (self, row, SYMMETRY, symmetry, "eq-number");
  cell (self, row, PACE, pace, "eq-number");
  if (shown != NULL && shown != run)
    {
      g_autofree char *differs = dup_differences (shown, run);

      cell (self, row, DIFFERS, differs, "eq-second");
    }
}

/* The mean, and "93.2 % – 95.0 %"; (transfer full) */
static char *
dup_spread (const EqsSpread *spread, EqsTraining *run, gboolean range)
{
  const char      *metric = eqs_training_get_metric_name (run), *unit = eqs_training_get_metric_unit (run);
  g_autofree char *low = NULL, *high = NULL;

  if (spread->n == 0 || metric == NULL)
    return g_strdup ("–");
  if (!range)
    return eqs_metric_dup_text (metric, spread->mean, unit);
  low = eqs_metric_dup_text (metric, spread->low, unit);
  high = eqs_metric_dup_text (metric, spread->high, unit);
  /* Translators: the least and the largest value. */
  return g_strdup_printf (_("%s – %s"), low, high);
}

/* Two rows: means, and between what the seeds lie. In one row they would be wider than the panel. */
static void
seeds_rows (EqsTrainingCurves *self, int row, EqsTraining *run, GPtrArray *family)
{
  const EqsSpread  valid = eqs_seeds_last (family, point_metric), test = eqs_seeds_test (family, eqs_training_get_metric_name (run)), symmetry = eqs_seeds_last (family, point_symmetry);
  g_autofree char *name = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Mean of %u seed", "Mean of %u seeds", MAX (valid.n, test.n)), MAX (valid.n, test.n));
  g_autofree char *valid_mean = dup_spread (&valid, run, FALSE), *test_mean = dup_spread (&test, run, FALSE);
  g_autofree char *valid_range = dup_spread (&valid, run, TRUE), *test_range = dup_spread (&test, run, TRUE);
  g_autofree char *high = eqs_number_dup_text (symmetry.high, 2), *worst = symmetry.n == 0 ? g_strdup ("–") : g_strdup_printf (_("at most %s"), high);

  cell (self, row, 0, name, "eq-name");
  cell (self, row, 2, valid_mean, "eq-number");
  cell (self, row, TEST, test_mean, "eq-number");
  cell (self, row + 1, 0, _("Lowest to highest"), "eq-name");
  cell (self, row + 1, 2, valid_range, "eq-number");
  cell (self, row + 1, TEST, test_range, "eq-number");
  cell (self, row + 1, SYMMETRY, worst, "eq-number");
}

static void
fill_table (EqsTrainingCurves *self, EqsTraining *run, EqsTraining *twin, GPtrArray *family, GPtrArray *compared)
{
  const char *const heads[] = { "", _("Parameters"), _("Validation, last"), _("Test, best"), _("Test, turned"), _("Symmetry error"), _("Time per epoch"), _("Differs in") };
  GtkWidget *child;
  int        row = 2;

  while ((child = gtk_widget_get_first_child (self->table)) != NULL)
    gtk_grid_remove (GTK_GRID (self->table), child);
  /* Only pictures are shown turned. */
  self->turns = eqs_training_get_dataset (run) != NULL && strcmp (eqs_dataset_get_domain (eqs_training_get_dataset (run)), "image") == 0;
  for (int i = 0; i < (int) G_N_ELEMENTS (heads) - (compared->len == 0); i++)
    cell (self, 0, i, heads[i], "eq-second");
  table_row (self, 1, compared->len > 0 || family->len > 1 ? eqs_training_get_name (run) : eqs_session_has_changed_since (self->session, run) ? _("Before the change") : _("This design"), run, NULL);
  if (family->len > 1)
    {
      seeds_rows (self, row, run, family);
      row += 2;
    }
  if (twin != NULL)
    table_row (self, row++, _("Ordinary twin"), twin, NULL);
  for (guint i = 0; i < compared->len; i++)
    table_row (self, row++, eqs_training_get_name (g_ptr_array_index (compared, i)), g_ptr_array_index (compared, i), run);
}

/* Names of the classes that the test part tells of; NULL: it has none. */
static const char *const *
class_names (EqsTraining *run)
{
  EqsDataset *dataset = eqs_training_get_dataset (run);

  for (guint i = 0; dataset != NULL && i < eqs_dataset_get_n_columns (dataset); i++)
    {
      const EqsColumnInfo info = eqs_dataset_get_column (dataset, i);

      if (info.role == EQS_ROLE_TARGET && info.values == EQS_VALUES_LABEL && info.class_names != NULL)
        return info.class_names;
    }
  return NULL;
}

void
eqs_training_curves_show (EqsTrainingCurves *self, EqsTraining *run, EqsTraining *twin)
{
  g_return_if_fail (EQS_IS_TRAINING_CURVES (self));
  g_autoptr (GPtrArray) family = begun_family (self, run), compared = compared_runs (self, run, twin, family);
  const guint64 *counts;
  guint          n;

  fill_plots (self, run, twin, family, compared);
  fill_table (self, run, twin, family, compared);
  counts = eqs_training_get_confusion (run, &n);
  eqs_confusion_set (EQS_CONFUSION (self->confusion), counts, n, class_names (run));
  gtk_widget_set_visible (self->confusion, counts != NULL || (eqs_metric_is_share (eqs_training_get_metric_name (run)) && eqs_training_is_active (run)));
}

void
eqs_training_curves_show_steps (EqsTrainingCurves *self, EqsTraining *run)
{
  g_return_if_fail (EQS_IS_TRAINING_CURVES (self));
  g_autoptr (GPtrArray) family = begun_family (self, run), compared = NULL;

  compared = compared_runs (self, run, NULL, family);
  fill_loss (self, run, family, compared);
}

void
eqs_training_curves_set_smoothing (EqsTrainingCurves *self, double smoothing)
{
  g_return_if_fail (EQS_IS_TRAINING_CURVES (self));
  self->smoothing = CLAMP (smoothing, 0, 0.99);
}

/* ---- making it ---- */

static void
add_card (GtkWidget *row, GtkWidget *widget)
{
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (frame, "card");
  gtk_widget_add_css_class (frame, "eq-plot-card");
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_box_append (GTK_BOX (frame), widget);
  gtk_widget_set_hexpand (frame, TRUE);
  gtk_box_append (GTK_BOX (row), frame);
  g_object_bind_property (widget, "visible", frame, "visible", G_BINDING_SYNC_CREATE);
}

static void
eqs_training_curves_dispose (GObject *object)
{
  EqsTrainingCurves *self = EQS_TRAINING_CURVES (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_training_curves_parent_class)->dispose (object);
}

static void
eqs_training_curves_class_init (EqsTrainingCurvesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_training_curves_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_training_curves_init (EqsTrainingCurves *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  self->loss = eqs_plot_view_new (_("Loss"));
  self->score = eqs_plot_view_new (_("Validation"));
  self->symmetry = eqs_plot_view_new (_("Symmetry error"));
  self->confusion = eqs_confusion_new ();
  eqs_picture_offer (self->confusion, _("True against told"));
  add_card (row, self->loss);
  add_card (row, self->score);
  add_card (row, self->symmetry);
  add_card (row, self->confusion);
  gtk_widget_set_vexpand (row, TRUE);
  gtk_widget_set_size_request (row, -1, 140);
  self->table = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->table), 8);
  gtk_grid_set_row_spacing (GTK_GRID (self->table), 4);
  eqs_set_name (self->table, _("This run and those beside it"));
  gtk_box_append (GTK_BOX (self->box), row);
  gtk_box_append (GTK_BOX (self->box), self->table);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
eqs_training_curves_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsTrainingCurves *self = g_object_new (EQS_TYPE_TRAINING_CURVES, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}
