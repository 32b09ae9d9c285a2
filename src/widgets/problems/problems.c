/* Rows of the newest check, worst first. */

#include "widgets/problems/problems.h"

#include "widgets/inspector/node-details.h"
#include "widgets/parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _EqsProblems
{
  GtkWidget   parent_instance;

  EqsSession *session;                     /* owned */
  GtkWidget  *stack;                       /* owned by being the child */
  GtkWidget  *list, *note, *anyway;        /* borrowed */
};

G_DEFINE_FINAL_TYPE (EqsProblems, eqs_problems, GTK_TYPE_WIDGET)

static const struct { const char *icon, *name, *style; } looks[] = {
  [EQK_SEVERITY_NOTE] = { "dialog-information-symbolic", N_("Note"), "eq-caption" },
  [EQK_SEVERITY_WARNING] = { "dialog-warning-symbolic", N_("Warning"), "eq-warn" },
  [EQK_SEVERITY_ERROR] = { "dialog-error-symbolic", N_("Error"), "eq-bad" },
};

/* "ReLU, port x · blocks the run" */
static char *
where_text (EqsSession *session, const EqsProblem *problem)
{
  EqsNode             *node = problem->node == NULL ? NULL : eqs_document_find_node (eqs_session_get_document (session), problem->node);
  const EqkLayerType  *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
  GString             *text = g_string_new (node == NULL ? _("The design") : eqs_node_get_title (node) != NULL ? eqs_node_get_title (node) : layer != NULL ? _(layer->title) : problem->node);

  if (problem->port != NULL)
    g_string_append_printf (text, _(", port %s"), problem->port);
  if (problem->blocks == EQK_BLOCKS_RUN)
    g_string_append_printf (text, " · %s", _("cannot run until this is mended"));
  else if (problem->blocks == EQK_BLOCKS_PROMISE)
    g_string_append_printf (text, " · %s", _("runs, but the symmetry is not kept"));
  return g_string_free (text, FALSE);
}

static void
go_cb (GtkListBox *list, GtkListBoxRow *row, EqsProblems *self)
{
  const char *node = g_object_get_data (G_OBJECT (row), "node");

  if (node == NULL || eqs_document_find_node (eqs_session_get_document (self->session), node) == NULL)
    return;
  eqs_session_select_one (self->session, node);
  eqs_session_reveal (self->session, node);
}

static GtkWidget *
make_row (EqsProblems *self, const EqsProblem *problem)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (looks[problem->severity].icon), *code = gtk_label_new (problem->code);
  g_autofree char *where = where_text (self->session, problem);
  g_autofree char *name = g_strdup_printf ("%s: %s", _(looks[problem->severity].name), problem->titled);

  gtk_widget_add_css_class (icon, looks[problem->severity].style);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (texts), eqs_text_new (problem->titled, "eq-name"));
  gtk_box_append (GTK_BOX (texts), eqs_text_new (where, "eq-second"));
  if (problem->why[0] != '\0')
    gtk_box_append (GTK_BOX (texts), eqs_text_new (problem->why, "eq-second"));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_add_css_class (code, "eq-mono");
  gtk_widget_set_valign (code, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), code);
  if (problem->fixes->len > 0)
    {
      GtkWidget *fixes = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

      for (guint i = 0; i < problem->fixes->len; i++)
        {
          const EqsFix *fix = g_ptr_array_index (problem->fixes, i);
          GtkWidget    *button = eqs_details_new_fix_button (self->session, fix, fix->label), *label = gtk_button_get_child (GTK_BUTTON (button));

          gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
          gtk_label_set_max_width_chars (GTK_LABEL (label), 34);
          if (i == 0)
            gtk_widget_add_css_class (button, "suggested-action");
          gtk_box_append (GTK_BOX (fixes), button);
        }
      gtk_widget_set_valign (fixes, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (box), fixes);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  eqs_set_name (row, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, where, -1);
  g_object_set_data_full (G_OBJECT (row), "node", g_strdup (problem->node), g_free);
  return row;
}

/* Nodes of the main graph whose type cannot be known before an error is mended. */
static guint
count_waiting (const EqsCheck *check)
{
  guint n = 0;
  int   n_order = check->typed == NULL ? 0 : eqk_graph_n_nodes (eqk_typed_graph (check->typed));

  for (int i = 0; i < n_order; i++)
    {
      const EqkLayerType *layer = eqk_graph_node_layer (eqk_typed_graph (check->typed), i);
      gboolean            own = FALSE;

      for (guint k = 0; k < check->problems->len; k++)
        {
          const EqsProblem *problem = g_ptr_array_index (check->problems, k);
          g_autofree char  *path = eqs_compile_dup_path (eqk_graph_node_id (eqk_typed_graph (check->typed), i));

          own = own || (problem->severity == EQK_SEVERITY_ERROR && g_strcmp0 (problem->node, path) == 0);
        }
      if (!own && layer->outputs != NULL && layer->outputs[0].name != NULL && eqk_typed_output (check->typed, i, layer->outputs[0].name) == NULL)
        n++;
    }
  return n;
}

static void
update (EqsProblems *self)
{
  EqsCheck *check = self->session == NULL ? NULL : eqs_session_get_check (self->session);
  guint     errors, waiting;

  if (self->stack == NULL || check == NULL)
    return;
  eqs_box_clear (self->list);
  for (int severity = EQK_SEVERITY_ERROR; severity >= EQK_SEVERITY_NOTE; severity--)
    for (guint i = 0; i < check->problems->len; i++)
      {
        const EqsProblem *problem = g_ptr_array_index (check->problems, i);

        if ((int) problem->severity == severity)
          gtk_list_box_append (GTK_LIST_BOX (self->list), make_row (self, problem));
      }
  errors = eqs_session_count_problems (self->session, EQK_SEVERITY_ERROR);
  waiting = errors == 0 ? 0 : count_waiting (check);
  gtk_widget_set_visible (self->note, waiting > 0);
  if (waiting > 0)
    {
      g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u layer after it waits for this and is not listed on its own.", "%u layers after it wait for this and are not listed on their own.", waiting), waiting);

      gtk_label_set_label (GTK_LABEL (self->note), text);
    }
  gtk_widget_set_visible (self->anyway, errors > 0 && check->blocks == EQK_BLOCKS_PROMISE);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), check->problems->len > 0 ? "list" : "none");
}

static GtkWidget *
make_empty (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *button = gtk_button_new_with_label (_("Train"));
  GtkWidget *icon = gtk_image_new_from_icon_name ("object-select-symbolic"), *label = gtk_label_new (_("The design has no problems."));

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 32);
  gtk_widget_add_css_class (icon, "eq-good");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.train");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

GtkWidget *
eqs_problems_new (EqsSession *session)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsProblems *self = g_object_new (EQS_TYPE_PROBLEMS, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "checked", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

static void
eqs_problems_dispose (GObject *object)
{
  EqsProblems *self = EQS_PROBLEMS (object);

  g_clear_pointer (&self->stack, gtk_widget_unparent);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eqs_problems_parent_class)->dispose (object);
}

static void
eqs_problems_class_init (EqsProblemsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eqs_problems_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
eqs_problems_init (EqsProblems *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *scroll;

  self->stack = gtk_stack_new ();
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  eqs_set_name (self->list, _("Problems"));
  g_signal_connect (self->list, "row-activated", G_CALLBACK (go_cb), self);
  self->note = eqs_text_new ("", "eq-second");
  gtk_widget_set_margin_start (self->note, 12);
  self->anyway = gtk_button_new_with_label (_("Train anyway"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->anyway), "win.train");
  gtk_widget_set_halign (self->anyway, GTK_ALIGN_START);
  gtk_widget_set_margin_start (self->anyway, 12);
  gtk_widget_set_tooltip_text (self->anyway, _("The network runs; only the symmetry is not kept."));
  gtk_box_append (GTK_BOX (box), self->list);
  gtk_box_append (GTK_BOX (box), self->note);
  gtk_box_append (GTK_BOX (box), self->anyway);
  gtk_widget_add_css_class (box, "eq-problems");
  scroll = eqs_scrolled_new (box, _("Problems"));
  gtk_stack_add_named (GTK_STACK (self->stack), make_empty (), "none");
  gtk_stack_add_named (GTK_STACK (self->stack), scroll, "list");
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
}
