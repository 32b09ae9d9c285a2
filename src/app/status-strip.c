/* Read-outs of the newest check; the verdict is of the audit where there is one that holds, else what the types foretell. */

#include "app/status-strip.h"

#include "draw/number-text.h"
#include "draw/plan.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct _EqsStatusStrip
{
  GtkWidget   parent_instance;

  EqsSession *session;                                         /* owned */
  GtkWidget  *scroll;                                          /* owned by being the child */
  GtkWidget  *box;
  GtkWidget  *parameters, *macs, *arena, *verdict, *basis, *state;     /* borrowed: buttons; basis and state are labels */
};

G_DEFINE_FINAL_TYPE (EqsStatusStrip, eqs_status_strip, GTK_TYPE_WIDGET)

static guint details_signal;

static void
clicked_cb (GtkButton *button, EqsStatusStrip *self)
{
  g_signal_emit (self, details_signal, 0, g_object_get_data (G_OBJECT (button), "show"));
}

static GtkWidget *
add_button (EqsStatusStrip *self, const char *show)
{
  GtkWidget *button = gtk_button_new_with_label ("");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "eq-number");
  g_object_set_data (G_OBJECT (button), "show", (gpointer) show);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), self);
  gtk_box_append (GTK_BOX (self->box), button);
  return button;
}

/* Between what is there: it goes with the button before it. */
static void
add_line (EqsStatusStrip *self, GtkWidget *after)
{
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_VERTICAL);

  gtk_widget_set_margin_top (line, 8);
  gtk_widget_set_margin_bottom (line, 8);
  g_object_bind_property (after, "visible", line, "visible", G_BINDING_SYNC_CREATE);
  gtk_box_append (GTK_BOX (self->box), line);
}

static void
set_text (GtkWidget *button, char *text)
{
  gtk_button_set_label (GTK_BUTTON (button), text);
  gtk_widget_set_visible (button, text[0] != '\0');
  g_free (text);
}

static const char *
foretold (EqsSession *session, const char **style)
{
  EqsCheck    *check = eqs_session_get_check (session);
  EqkGuarantee guarantee;

  *style = "";
  if (check == NULL || check->typed == NULL || check->blocks == EQK_BLOCKS_RUN)
    return "";
  guarantee = eqk_typed_guarantee (check->typed);
  *style = guarantee.holds == EQK_HOLDS_EXACT ? "eq-good" : guarantee.holds == EQK_HOLDS_PARTLY ? "eq-warn" : "eq-bad";
  return guarantee.holds == EQK_HOLDS_EXACT ? _("Equivariance exact") :
         guarantee.holds == EQK_HOLDS_PARTLY ? _("Equivariance partly exact") : _("Equivariance broken");
}

/* The audit's word; NULL: there is none for the design as it is. */
static const char *
measured (EqsSession *session, const char **style)
{
  const EqsMap *audit = eqs_session_get_audit (session);
  const char   *verdict = eqs_map_get_string (audit, "verdict", "");
  static const struct { const char *verdict, *text, *style; } words[] = {
    { "exact", N_("Equivariance exact"), "eq-good" }, { "within_limit", N_("Equivariance within limit"), "eq-warn" },
    { "broken", N_("Equivariance broken"), "eq-bad" }, { "inconclusive", N_("Equivariance inconclusive"), "eq-warn" },
  };

  if (audit == NULL || eqs_session_is_audit_stale (session))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].verdict, verdict) == 0)
      {
        *style = words[i].style;
        return _(words[i].text);
      }
  return NULL;
}

static void
update (EqsStatusStrip *self)
{
  static const char *const styles[] = { "eq-good", "eq-warn", "eq-bad" };
  EqsCheck   *check = eqs_session_get_check (self->session);
  const char *style = "";
  const char *verdict = measured (self->session, &style);
  const double worst = verdict == NULL ? NAN : eqs_map_get_number (eqs_session_get_audit (self->session), "worst", NAN);
  g_autofree char *number = eqs_number_dup_text (worst, 2);
  /* Translators: the largest error of an audit. */
  g_autofree char *basis = isnan (worst) ? g_strdup (_("foretold, not measured")) : g_strdup_printf (_("worst %s"), number);

  if (check == NULL || check->program == NULL)
    {
      set_text (self->parameters, g_strdup (""));
      set_text (self->macs, g_strdup (""));
      set_text (self->arena, g_strdup (""));
    }
  else
    {
      g_autofree char *parameters = eqs_count_dup_text (check->parameters), *arena = eqs_bytes_dup_text (check->arena_bytes);

      set_text (self->parameters, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s parameter", "%s parameters", (gulong) check->parameters), parameters));
      set_text (self->macs, eqs_macs_dup_text (check->macs));
      set_text (self->arena, g_strdup_printf (_("Arena %s"), arena));
    }
  set_text (self->verdict, g_strdup (verdict != NULL ? verdict : foretold (self->session, &style)));
  gtk_label_set_label (GTK_LABEL (self->basis), basis);
  gtk_widget_set_visible (self->basis, gtk_widget_get_visible (self->verdict));
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (self->verdict, styles[i]);
  if (style[0] != '\0')
    gtk_widget_add_css_class (self->verdict, style);
}

static void
update_state (EqsStatusStrip *self)
{
  EqsTraining *run = eqs_session_get_run (self->session);
  EqsCheck    *check = eqs_session_get_check (self->session);
  g_autofree char *text = NULL;

  if (run != NULL && eqs_training_is_active (run))
    {
      EqsTrainingNow now = eqs_training_get_now (run);

      text = now.epochs > 0 ? g_strdup_printf (_("Training, epoch %u of %u"), now.epoch, now.epochs) : g_strdup (_("Training"));
    }
  else if (check == NULL)
    text = g_strdup ("");
  else if (eqs_session_count_problems (self->session, EQK_SEVERITY_ERROR) > 0)
    text = g_strdup (_("Not ready to train"));
  else if (eqs_session_get_dataset (self->session) == NULL)
    text = g_strdup (_("No data yet"));
  else
    text = g_strdup (_("Ready to train"));
  gtk_label_set_label (GTK_LABEL (self->state), text);
}

static void
changed_cb (EqsSession *session, EqsStatusStrip *self)
{
  update (self);
  update_state (self);
}

static void
run_changed_cb (EqsTraining *run, EqsStatusStrip *self)
{
  update_state (self);
}

static void
runs_changed_cb (EqsSession *session, EqsStatusStrip *self)
{
  EqsTraining *run = eqs_session_get_run (session);

  if (run != NULL)
    {
      g_signal_handlers_disconnect_by_func (run, run_changed_cb, self);
      g_signal_connect_object (run, "changed", G_CALLBACK (run_changed_cb), self, 0);
    }
  update_state (self);
}

static void
eqs_status_strip_dispose (GObject *object)
{
  EqsStatusStrip *self = EQS_STATUS_STRIP (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->scroll, gtk_widget_unparent);

  G_OBJECT_CLASS (eqs_status_strip_parent_class)->dispose (object);
}

static void
eqs_status_strip_class_init (EqsStatusStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_status_strip_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
  details_signal = g_signal_new ("details", EQS_TYPE_STATUS_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
eqs_status_strip_init (EqsStatusStrip *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  gtk_widget_add_css_class (self->box, "eq-status");
  self->scroll = eqs_line_scrolled_new (self->box, _("Totals"));
  gtk_widget_set_parent (self->scroll, GTK_WIDGET (self));
  self->parameters = add_button (self, "project");
  add_line (self, self->parameters);
  self->macs = add_button (self, "project");
  add_line (self, self->macs);
  self->arena = add_button (self, "project");
  add_line (self, self->arena);
  self->verdict = add_button (self, "audit");
  gtk_widget_add_css_class (self->verdict, "eq-name");
  self->basis = gtk_label_new ("");
  gtk_widget_add_css_class (self->basis, "eq-second");
  gtk_box_append (GTK_BOX (self->box), self->basis);
  self->state = gtk_label_new ("");
  gtk_widget_add_css_class (self->state, "eq-second");
  gtk_widget_set_hexpand (self->state, TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->state), 1);
  gtk_label_set_ellipsize (GTK_LABEL (self->state), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (self->box), self->state);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Totals"), -1);
}

GtkWidget *
eqs_status_strip_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsStatusStrip *self = g_object_new (EQS_TYPE_STATUS_STRIP, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "checked", G_CALLBACK (changed_cb), self, 0);
  g_signal_connect_object (session, "audited", G_CALLBACK (changed_cb), self, 0);
  g_signal_connect_object (session, "data-changed", G_CALLBACK (changed_cb), self, 0);
  g_signal_connect_object (session, "runs-changed", G_CALLBACK (runs_changed_cb), self, 0);
  changed_cb (session, self);
  return GTK_WIDGET (self);
}
